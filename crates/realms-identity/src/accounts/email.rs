//! Another address for an account.

use realms_store::{StoreError, UserPatch, UserRecord};
use realms_types::UserId;

use super::{Accounts, Origin};
use crate::{IdentityError, Letter, code::CodePurpose, guess::Account, read_email};

// === impl Accounts ===

impl Accounts {
    /// Sends a code to a new address. What comes back is the same for an address that is somebody's;
    /// only its owner is told, by mail.
    pub async fn send_email_code(
        &self,
        user: UserId,
        email: &str,
        origin: &Origin,
    ) -> Result<(), IdentityError> {
        let email = read_email(email)?;
        let user = self.user(user).await?;
        self.guesses.begin_mail(&email, origin.address).await?;
        let owner = self.store.read().find_user_by_email(&email).await?;
        let code = self.codes.make(CodePurpose::ChangeEmail(user.id), &email).await?;
        let letter = if owner.is_some_and(|owner| owner.id != user.id) {
            Letter::EmailTaken
        } else {
            Letter::EmailCode(code)
        };
        self.mailer.post(&email, origin.language, letter);
        Ok(())
    }

    /// Gives the account the address the code was sent to, and tells the old one.
    pub async fn change_email(
        &self,
        user: UserId,
        email: &str,
        code: &str,
        origin: &Origin,
    ) -> Result<UserRecord, IdentityError> {
        let email = read_email(email)?;
        let user = self.user(user).await?;
        let guess = self.guesses.begin(Account::Known(user.id), origin.address).await?;
        let code = self.codes.check(CodePurpose::ChangeEmail(user.id), &email, code).await?;
        guess.was_right().await;
        let now = self.clock.now();
        let mut tx = self.store.begin().await?;
        if !tx.take_one_time_code(code).await? {
            return Err(IdentityError::WrongCode);
        }
        let patch = UserPatch { email: Some(Some(email.clone())), ..UserPatch::default() };
        match tx.update_user(user.id, patch, now).await {
            // Somebody took it since the code was sent; whose it is, is not told.
            Err(StoreError::Conflict { .. }) => return Err(IdentityError::Taken),
            other => other?,
        }
        tx.put_verified_email(user.id, &email, now).await?;
        self.note_in(&mut tx, origin, Some(&user), "user.email_change").await?;
        tx.commit().await?;
        if let Some(old) = user.email.as_deref().filter(|old| *old != email) {
            self.mailer.post(old, origin.language, Letter::EmailChanged);
        }
        self.user(user.id).await
    }
}
