//! Acts on single API keys that no manifest can say.

use realms_seal::Purpose;
use realms_store::{ApiKeyRecord, AuditRecord, Role};
use realms_types::ApiKeyId;

use crate::{Author, Code, ConsoleError, Editor, GeneratedKey, Permission, Refusal};

// === impl Editor ===

impl Editor {
    /// Revokes an API key for good. `false`: it was revoked before.
    pub async fn revoke(&self, id: ApiKeyId, author: &Author) -> Result<bool, ConsoleError> {
        let mut tx = self.store.begin().await?;
        let revoked = tx.revoke_api_key(id, self.clock.now()).await?;
        let (record, user, role) = self.owned(tx.read(), id).await?;
        let is_own = author.username.as_deref() == Some(user.as_str());
        if !is_own && role != Role::User && !author.permissions.allow(Permission::RolesWrite) {
            let detail = "API keys of root users and admins are not yours to revoke";
            return Err(Refusal::new(Code::Forbidden, detail).into());
        }
        if revoked {
            tx.insert_audit(&self.key_act(author, "api_key.revoke", &user, &record)).await?;
        }
        tx.commit().await?;
        Ok(revoked)
    }

    /// The secret of an API key, from its sealed copy. Nobody sees it without an entry in the audit
    /// log.
    pub async fn reveal(
        &self,
        id: ApiKeyId,
        author: &Author,
    ) -> Result<GeneratedKey, ConsoleError> {
        let (record, user, _) = self.owned(self.store.read(), id).await?;
        let copy = record.sealed_copy.as_ref().ok_or_else(|| {
            Refusal::new(
                Code::NotRevealable,
                "there is no copy of this key: it was revoked, or only its hash was imported",
            )
        })?;
        let place = ApiKeyRecord::copy_place(id);
        let key = self.keyring.unseal_text(Purpose::KeyCopy, place, copy)?;
        let mut tx = self.store.begin().await?;
        tx.insert_audit(&self.key_act(author, "api_key.reveal", &user, &record)).await?;
        tx.commit().await?;
        Ok(GeneratedKey { id, user, name: record.name, key })
    }

    async fn owned(
        &self,
        reader: realms_store::Reader<'_>,
        id: ApiKeyId,
    ) -> Result<(ApiKeyRecord, String, Role), ConsoleError> {
        let missing = || ConsoleError::NotFound(format!("api_key `{id}`"));
        let record = reader.find_api_key(id).await?.ok_or_else(missing)?;
        let user = reader.find_user(record.user_id).await?.ok_or_else(missing)?;
        Ok((record, user.username, user.role))
    }

    fn key_act(
        &self,
        author: &Author,
        action: &str,
        user: &str,
        record: &ApiKeyRecord,
    ) -> AuditRecord {
        let (id, now) = (self.ids.next(), self.clock.now());
        let entry = AuditRecord::new(id, now, author.actor.clone(), action);
        entry.about("api_key", format!("{user}/{}", record.name))
    }
}
