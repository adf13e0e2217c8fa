//! People who come from other sites.

use realms_store::{ExternalIdentityRecord, Role, StoreError, UserRecord};
use realms_types::{ExternalIdentityId, UserId};

use super::{Accounts, Origin};
use crate::IdentityError;

/// How often a free name is looked for.
const TRIES: u32 = 20;

/// Somebody whom another site vouches for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Visitor {
    /// The name of the provider in the settings.
    pub provider: String,
    /// The site.
    pub issuer: String,
    /// Who they are there.
    pub subject: String,
    /// An address, for people to recognise the account by.
    pub email: Option<String>,
    /// What they would like to be called.
    pub name: Option<String>,
}

/// Who came.
#[derive(Debug)]
pub enum Arrival {
    /// Somebody who was here before.
    Known(UserRecord),
    /// Somebody new, with an account from now on.
    New(UserRecord),
    /// Somebody without an account, and none is made.
    Unknown,
}

// === impl Accounts ===

impl Accounts {
    /// Who a visitor is here: the issuer with the subject decides, never an address. Somebody new gets
    /// an account without a password when `may_register`.
    pub async fn arrive(
        &self,
        visitor: &Visitor,
        may_register: bool,
        origin: &Origin,
    ) -> Result<Arrival, IdentityError> {
        let (issuer, subject) = (visitor.issuer.as_str(), visitor.subject.as_str());
        let found = self.store.read().find_external_identity(issuer, subject).await?;
        if let Some(identity) = found {
            return Ok(Arrival::Known(self.user(identity.user_id).await?));
        }
        if !may_register {
            return Ok(Arrival::Unknown);
        }
        for attempt in 0..TRIES {
            match self.settle_in(visitor, &candidate(visitor, attempt), origin).await {
                // The name is taken; or the visitor came twice at once, and the next look finds them.
                Err(IdentityError::Taken) => {}
                other => return other.map(Arrival::New),
            }
            let found = self.store.read().find_external_identity(issuer, subject).await?;
            if let Some(identity) = found {
                return Ok(Arrival::Known(self.user(identity.user_id).await?));
            }
        }
        Err(IdentityError::Taken)
    }

    async fn settle_in(
        &self,
        visitor: &Visitor,
        username: &str,
        origin: &Origin,
    ) -> Result<UserRecord, IdentityError> {
        let now = self.clock.now();
        let mut tx = self.store.begin().await?;
        let group_id = self.default_group(&mut tx).await?;
        let user = UserRecord {
            id: self.ids.next(),
            username: username.to_owned(),
            // An address from elsewhere is no address here: it might be somebody else's.
            email: None,
            password_hash: None,
            role: Role::User,
            group_id,
            enabled: true,
            created_at: now,
            updated_at: now,
            epoch: 0,
            limits: realms_types::Limits::NONE,
            budgets: Vec::new(),
        };
        tx.insert_user(&user).await.map_err(IdentityError::taken)?;
        let identity = self.identity(user.id, visitor);
        tx.insert_external_identity(&identity).await.map_err(IdentityError::taken)?;
        self.note_in(&mut tx, origin, Some(&user), "user.register").await?;
        tx.commit().await?;
        Ok(user)
    }

    /// Links a visitor to a user whose session was re-authenticated.
    /// [`IdentityError::Taken`]: the visitor is linked already, to them or somebody else.
    pub async fn link(
        &self,
        user: UserId,
        visitor: &Visitor,
        origin: &Origin,
    ) -> Result<(), IdentityError> {
        let user = self.user(user).await?;
        let identity = self.identity(user.id, visitor);
        let mut tx = self.store.begin().await?;
        match tx.insert_external_identity(&identity).await {
            Err(StoreError::Conflict { .. }) => return Err(IdentityError::Taken),
            other => other?,
        }
        self.note_in(&mut tx, origin, Some(&user), "user.identity_link").await?;
        Ok(tx.commit().await?)
    }

    /// What a user is elsewhere.
    pub async fn list_identities(
        &self,
        user: UserId,
    ) -> Result<Vec<ExternalIdentityRecord>, IdentityError> {
        Ok(self.store.read().list_external_identities(user).await?)
    }

    /// Unlinks an identity of this user. The last way to log in stays:
    /// [`IdentityError::LastWayIn`].
    pub async fn unlink(
        &self,
        user: UserId,
        id: ExternalIdentityId,
        origin: &Origin,
    ) -> Result<(), IdentityError> {
        let user = self.user(user).await?;
        let mut tx = self.store.begin().await?;
        tx.delete_external_identity(user.id, id).await?;
        let read = tx.read();
        let others = !read.list_external_identities(user.id).await?.is_empty()
            || !read.list_passkeys(user.id).await?.is_empty();
        if user.password_hash.is_none() && !others {
            return Err(IdentityError::LastWayIn);
        }
        self.note_in(&mut tx, origin, Some(&user), "user.identity_unlink").await?;
        Ok(tx.commit().await?)
    }

    fn identity(&self, user: UserId, visitor: &Visitor) -> ExternalIdentityRecord {
        let Visitor { provider, issuer, subject, email, .. } = visitor.clone();
        let (id, created_at) = (self.ids.next(), self.clock.now());
        ExternalIdentityRecord { id, user_id: user, provider, issuer, subject, email, created_at }
    }
}

/// A log-in name for a visitor: what they are called there, with a number when that is taken.
fn candidate(visitor: &Visitor, attempt: u32) -> String {
    let wish = visitor.name.as_deref().unwrap_or_default();
    let plain: String = wish.chars().filter(char::is_ascii_alphanumeric).take(32).collect();
    let base = if plain.is_empty() { "user".to_owned() } else { plain };
    if attempt == 0 { base } else { format!("{base}{}", attempt + 1) }
}

#[cfg(test)]
mod tests {
    use realms_types::Username;

    use super::*;

    #[test]
    fn every_visitor_gets_a_sound_name() {
        let named = |name: Option<&str>, attempt| {
            let visitor = Visitor {
                provider: "oidc".to_owned(),
                issuer: "https://id.example.org".to_owned(),
                subject: "1".to_owned(),
                email: None,
                name: name.map(str::to_owned),
            };
            let name = candidate(&visitor, attempt);
            assert!(name.parse::<Username>().is_ok(), "{name}");
            name
        };
        assert_eq!(named(Some("ana"), 0), "ana");
        assert_eq!(named(Some("ana"), 1), "ana2");
        assert_eq!(named(Some("安娜"), 0), "user");
        assert_eq!(named(None, 3), "user4");
        assert_eq!(named(Some(&"x".repeat(500)), 9).len(), 34);
    }
}
