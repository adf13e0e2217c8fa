//! What a user sees of themselves, and sets for themselves.

use realms_store::UserRecord;
use realms_types::UserId;

use super::Accounts;
use crate::IdentityError;

/// What a user sees of themselves.
#[derive(Debug, Clone)]
pub struct Profile {
    /// The account.
    pub user: UserRecord,
    /// The name of its group.
    pub group: String,
    /// Whether the address was shown to be theirs.
    pub email_verified: bool,
    /// Whether a second factor is asked for.
    pub totp: bool,
    /// How many passkeys there are.
    pub passkeys: usize,
    /// What the web app keeps for them: a JSON object.
    pub preferences: String,
}

// === impl Accounts ===

impl Accounts {
    /// What a user sees of themselves.
    pub async fn profile(&self, user: UserId) -> Result<Profile, IdentityError> {
        let user = self.user(user).await?;
        let read = self.store.read();
        let groups = read.list_user_groups().await?;
        let group = groups.into_iter().find(|group| group.id == user.group_id);
        Ok(Profile {
            group: group.map(|group| group.name).unwrap_or_default(),
            email_verified: read.proved_address(user.id).await?.is_some(),
            totp: self.confirmed_totp(user.id).await?.is_some(),
            passkeys: read.list_passkeys(user.id).await?.len(),
            preferences: read.find_preferences(user.id).await?.unwrap_or_else(|| "{}".to_owned()),
            user,
        })
    }

    /// Replaces what the web app keeps for a user: a JSON object, whose bound is the caller's
    /// business.
    pub async fn put_preferences(&self, user: UserId, json: &str) -> Result<(), IdentityError> {
        let mut tx = self.store.begin().await?;
        tx.put_preferences(user, json, self.clock.now()).await?;
        Ok(tx.commit().await?)
    }
}
