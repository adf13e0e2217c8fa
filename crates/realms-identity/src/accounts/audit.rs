//! What of all this is noted in the audit log.

use realms_store::{Actor, ActorKind, AuditRecord, Tx, UserRecord};

use super::{Accounts, Origin};
use crate::IdentityError;

// === impl Accounts ===

impl Accounts {
    /// Notes something by itself.
    pub async fn note(
        &self,
        origin: &Origin,
        user: Option<&UserRecord>,
        action: &'static str,
    ) -> Result<(), IdentityError> {
        let mut tx = self.store.begin().await?;
        self.note_in(&mut tx, origin, user, action).await?;
        Ok(tx.commit().await?)
    }

    /// Notes something in the transaction that does it.
    pub(super) async fn note_in(
        &self,
        tx: &mut Tx,
        origin: &Origin,
        user: Option<&UserRecord>,
        action: &'static str,
    ) -> Result<(), IdentityError> {
        let record =
            AuditRecord::new(self.ids.next(), self.clock.now(), origin.actor(user), action);
        let record = match user {
            Some(user) => record.about("user", &user.username),
            None => record,
        };
        Ok(tx.insert_audit(&record).await?)
    }
}

// === impl Origin ===

impl Origin {
    /// Who did it: the user it is about, or somebody unknown.
    fn actor(&self, user: Option<&UserRecord>) -> Actor {
        Actor {
            kind: ActorKind::User,
            // What somebody types as a name may be a password, so it is not kept.
            name: user.map_or_else(|| "(unknown)".to_owned(), |user| user.username.clone()),
            address: Some(self.address.to_string()),
            user_agent: self.user_agent.clone(),
            request_id: self.request_id.clone(),
        }
    }
}
