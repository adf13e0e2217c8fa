//! Who proved who they are gets a session.

use realms_store::UserRecord;
use realms_types::{Secret, SessionId, UserId};

use super::{Accounts, Origin, SecondFactor};
use crate::{IdentityError, NewSession, Opened};

// === impl Accounts ===

impl Accounts {
    /// Opens a session of a user who just came in. `proved`: to Realms itself, not to another site.
    pub async fn enter(
        &self,
        user: &UserRecord,
        proved: bool,
        origin: &Origin,
    ) -> Result<Opened, IdentityError> {
        let mut tx = self.store.begin().await?;
        let new = new_session(user, proved, origin);
        let opened = self.sessions.open_as(&mut tx, user, new).await?;
        self.note_in(&mut tx, origin, Some(user), "session.log_in").await?;
        tx.commit().await?;
        Ok(opened)
    }

    /// Shows again who the user of a session is, by the password or by the authenticator: good for
    /// what needs a fresh proof. Absence proves nothing.
    pub async fn reauthenticate(
        &self,
        (user, session): (UserId, SessionId),
        (password, totp): (Option<Secret<String>>, Option<String>),
        origin: &Origin,
    ) -> Result<(), IdentityError> {
        let user = self.user(user).await?;
        match (password, totp) {
            // Who has both shows both.
            (Some(password), Some(code)) => {
                self.check_password_of(&user, password, origin).await?;
                self.check_second_factor(&user, SecondFactor::Totp, &code, origin).await?;
            }
            (Some(password), None) => self.check_password_of(&user, password, origin).await?,
            (None, Some(code)) => {
                self.check_second_factor(&user, SecondFactor::Totp, &code, origin).await?;
            }
            (None, None) => return Err(IdentityError::WrongCredentials),
        }
        self.sessions.reauthenticate(session).await
    }

    /// Ends one session of a user: a log-out, or another device. `false`: there is none.
    pub async fn end_session(
        &self,
        user: UserId,
        session: SessionId,
        origin: &Origin,
    ) -> Result<bool, IdentityError> {
        let user = self.user(user).await?;
        let mut tx = self.store.begin().await?;
        if !tx.delete_session(user.id, session).await? {
            return Ok(false);
        }
        self.note_in(&mut tx, origin, Some(&user), "session.log_out").await?;
        tx.commit().await?;
        self.sessions.forget_all();
        Ok(true)
    }

    /// Ends every session of a user but this one.
    pub async fn end_other_sessions(
        &self,
        (user, session): (UserId, SessionId),
        origin: &Origin,
    ) -> Result<(), IdentityError> {
        let user = self.user(user).await?;
        let mut tx = self.store.begin().await?;
        tx.end_sessions(user.id, Some(session)).await?;
        self.note_in(&mut tx, origin, Some(&user), "session.log_out_others").await?;
        tx.commit().await?;
        self.sessions.forget_all();
        Ok(())
    }
}

pub(super) fn new_session(user: &UserRecord, proved: bool, origin: &Origin) -> NewSession {
    NewSession {
        user_id: user.id,
        address: origin.address.to_string(),
        user_agent: origin.user_agent.clone().unwrap_or_default(),
        proved,
    }
}
