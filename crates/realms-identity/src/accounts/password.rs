//! A new password: forgotten, or changed.

use realms_store::{Tx, UserPatch, UserRecord};
use realms_types::{Secret, UserId};

use super::{Accounts, Origin, entry::new_session};
use crate::{
    IdentityError, Letter, Opened, check_password, code::CodePurpose, guess::Account, read_email,
};

// === impl Accounts ===

impl Accounts {
    /// Sends a code for a new password. What comes back and how long it takes is the same for an
    /// address that is nobody's.
    pub async fn forgot_password(&self, email: &str, origin: &Origin) -> Result<(), IdentityError> {
        let email = read_email(email)?;
        self.guesses.begin_mail(&email, origin.address).await?;
        let user = self.store.read().find_user_by_email(&email).await?;
        let code = self.codes.make(CodePurpose::ResetPassword, &email).await?;
        if user.is_some_and(|user| user.enabled) {
            self.mailer.post(&email, origin.language, Letter::ResetCode(code));
        }
        Ok(())
    }

    /// Sets a new password in exchange for the code; every session of the user ends.
    pub async fn reset_password(
        &self,
        email: &str,
        code: &str,
        password: Secret<String>,
        origin: &Origin,
    ) -> Result<(), IdentityError> {
        let email = read_email(email)?;
        check_password(&password)?;
        let user = self.store.read().find_user_by_email(&email).await?;
        let account =
            user.as_ref().map_or(Account::Unknown(&email), |user| Account::Known(user.id));
        let guess = self.guesses.begin(account, origin.address).await?;
        let code = match self.codes.check(CodePurpose::ResetPassword, &email, code).await {
            Ok(code) => code,
            Err(error) => {
                self.note_failure(user.as_ref(), origin).await?;
                return Err(error);
            }
        };
        let user = user.filter(|user| user.enabled).ok_or(IdentityError::WrongCode)?;
        guess.was_right().await;
        let hash = self.passwords.hash(password).await?;
        let mut tx = self.store.begin().await?;
        if !tx.take_one_time_code(code).await? {
            return Err(IdentityError::WrongCode);
        }
        // Who reads the mail of an address has shown that it is theirs.
        tx.put_verified_email(user.id, &email, self.clock.now()).await?;
        self.put_password(&mut tx, &user, hash).await?;
        self.note_in(&mut tx, origin, Some(&user), "user.password_reset").await?;
        tx.commit().await?;
        self.sessions.forget_all();
        self.tell_of_password(&user, origin);
        Ok(())
    }

    /// Changes the password of a user; all their sessions end, and a new one is opened for whoever
    /// changed it. Whoever has a password must show it; whoever has none must have come in lately.
    pub async fn change_password(
        &self,
        (user, is_fresh): (UserId, bool),
        (old, new): (Option<Secret<String>>, Secret<String>),
        origin: &Origin,
    ) -> Result<Opened, IdentityError> {
        check_password(&new)?;
        let user = self.user(user).await?;
        if user.password_hash.is_some() {
            let old = old.ok_or(IdentityError::WrongCredentials)?;
            self.check_password_of(&user, old, origin).await?;
        } else if !is_fresh {
            return Err(IdentityError::NotFresh);
        }
        let hash = self.passwords.hash(new).await?;
        let mut tx = self.store.begin().await?;
        self.put_password(&mut tx, &user, hash).await?;
        // Nobody else changes the user until the end of this. If somebody did since the old password
        // was looked at, it may be the old one no more.
        let changed = tx.read().find_user(user.id).await?;
        if changed.is_none_or(|changed| changed.epoch != user.epoch + 1) {
            return Err(IdentityError::WrongCredentials);
        }
        let opened = self.sessions.open_in(&mut tx, new_session(&user, true, origin)).await?;
        self.note_in(&mut tx, origin, Some(&user), "user.password_change").await?;
        tx.commit().await?;
        self.sessions.forget_all();
        self.tell_of_password(&user, origin);
        Ok(opened)
    }

    /// Counts a try, then checks the password of a known user.
    pub(super) async fn check_password_of(
        &self,
        user: &UserRecord,
        password: Secret<String>,
        origin: &Origin,
    ) -> Result<(), IdentityError> {
        let guess = self.guesses.begin(Account::Known(user.id), origin.address).await?;
        match self.fits(Some(user), password).await {
            Ok(true) => {
                guess.was_right().await;
                Ok(())
            }
            Ok(false) => {
                self.note_failure(Some(user), origin).await?;
                Err(IdentityError::WrongCredentials)
            }
            Err(error) => {
                guess.was_right().await;
                Err(error)
            }
        }
    }

    /// The store ends every session of a user with another password.
    async fn put_password(
        &self,
        tx: &mut Tx,
        user: &UserRecord,
        hash: String,
    ) -> Result<(), IdentityError> {
        let patch =
            UserPatch { password_hash: Some(Some(Secret::from(hash))), ..UserPatch::default() };
        Ok(tx.update_user(user.id, patch, self.clock.now()).await?)
    }

    fn tell_of_password(&self, user: &UserRecord, origin: &Origin) {
        if let Some(email) = &user.email {
            self.mailer.post(email, origin.language, Letter::PasswordChanged);
        }
    }
}
