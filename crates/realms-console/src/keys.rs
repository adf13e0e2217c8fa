//! Acts on single API keys that no manifest can say.

use realms_seal::Purpose;
use realms_store::ApiKeyRecord;
use realms_types::ApiKeyId;

use crate::{ConsoleError, Editor, GeneratedKey};

// === impl Editor ===

impl Editor {
    /// Revokes an API key for good. `false`: it was revoked before.
    pub async fn revoke(&self, id: ApiKeyId) -> Result<bool, ConsoleError> {
        let mut tx = self.store.begin().await?;
        let revoked = tx.revoke_api_key(id, self.clock.now()).await?;
        tx.commit().await?;
        Ok(revoked)
    }

    /// The secret of an API key, from its sealed copy.
    pub async fn reveal(&self, id: ApiKeyId) -> Result<GeneratedKey, ConsoleError> {
        let missing = || ConsoleError::NotFound(format!("api_key `{id}`"));
        let reader = self.store.read();
        let record = reader.find_api_key(id).await?.ok_or_else(missing)?;
        let user = reader.find_user(record.user_id).await?.ok_or_else(missing)?.username;
        let copy = record.sealed_copy.as_ref().ok_or_else(|| {
            ConsoleError::Conflict(
                "there is no copy of this key: it was revoked, or only its hash was imported"
                    .to_owned(),
            )
        })?;
        let place = ApiKeyRecord::copy_place(id);
        let key = self.keyring.unseal_text(Purpose::KeyCopy, place, copy)?;
        Ok(GeneratedKey { id, user, name: record.name, key })
    }
}
