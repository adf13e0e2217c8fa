//! Log-in by password.

use realms_store::UserRecord;
use realms_types::Secret;

use super::{Accounts, Origin};
use crate::{IdentityError, guess::Account, password::is_outdated};

/// What a first step that was right leads to.
#[derive(Debug)]
pub enum LoggedIn {
    /// The user is in.
    Done(UserRecord),
    /// The second factor is to be shown, with this challenge.
    SecondFactor(Secret<String>),
}

// === impl Accounts ===

impl Accounts {
    /// Checks a password. An unknown name takes the same way as a wrong password: the same time, the
    /// same answer. That a user is switched off is told to whoever has the right password only.
    pub async fn log_in(
        &self,
        login: &str,
        password: Secret<String>,
        remember: bool,
        origin: &Origin,
    ) -> Result<LoggedIn, IdentityError> {
        let login = plain(login);
        let user = self.find_by_login(&login).await?;
        let account = match &user {
            Some(user) => Account::Known(user.id),
            None => Account::Unknown(&login),
        };
        let guess = self.guesses.begin(account, origin.address).await?;
        let right = self.fits(user.as_ref(), password.clone()).await;
        let user = match (right, user) {
            (Ok(true), Some(user)) => user,
            (Ok(_), user) => {
                self.note_failure(user.as_ref(), origin).await?;
                return Err(IdentityError::WrongCredentials);
            }
            (Err(error), _) => {
                // Nothing was learnt, so nothing was guessed.
                guess.was_right().await;
                return Err(error);
            }
        };
        guess.was_right().await;
        if !user.enabled {
            return Err(IdentityError::UserDisabled);
        }
        self.upgrade_hash(&user, password).await?;
        self.first_step(user, remember).await
    }

    /// Who is meant by what somebody typed as their name: an address or a log-in name.
    async fn find_by_login(&self, login: &str) -> Result<Option<UserRecord>, IdentityError> {
        let read = self.store.read();
        Ok(if is_address(login) {
            read.find_user_by_email(login).await?
        } else {
            read.find_user_by_name(login).await?
        })
    }

    /// Whether a password is the user's. For nobody, and for a user without one, it takes as long and
    /// is never.
    pub(super) async fn fits(
        &self,
        user: Option<&UserRecord>,
        password: Secret<String>,
    ) -> Result<bool, IdentityError> {
        match user.and_then(|user| user.password_hash.clone()) {
            Some(hash) => self.passwords.verify(password, hash).await,
            None => self.passwords.verify_nobody(password).await.map(|()| false),
        }
    }

    async fn upgrade_hash(
        &self,
        user: &UserRecord,
        password: Secret<String>,
    ) -> Result<(), IdentityError> {
        let Some(old) = user.password_hash.as_ref().filter(|hash| is_outdated(hash)) else {
            return Ok(());
        };
        let new = Secret::from(self.passwords.rehash(password).await?);
        let mut tx = self.store.begin().await?;
        tx.upgrade_password_hash(user.id, old, &new).await?;
        Ok(tx.commit().await?)
    }

    /// Notes a failure, once for an account in a quarter of an hour.
    pub(super) async fn note_failure(
        &self,
        user: Option<&UserRecord>,
        origin: &Origin,
    ) -> Result<(), IdentityError> {
        let about = user.map_or_else(|| origin.address.to_string(), |user| user.id.to_string());
        if self.guesses.is_news("failed log-in", &about).await? {
            self.note(origin, user, "session.log_in_failed").await?;
        }
        Ok(())
    }
}

/// What somebody typed, in the one form it is looked up and counted by. Were it counted in another,
/// a spelling that is let through or locked would tell whether there is such an account.
fn plain(login: &str) -> String {
    let login = login.trim();
    if is_address(login) { login.to_lowercase() } else { login.to_owned() }
}

/// No log-in name has an `@`, no address lacks one.
fn is_address(login: &str) -> bool {
    login.contains('@')
}
