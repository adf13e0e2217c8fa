//! Writes users and API keys.

use realms_identity::{hint_of, key_hash, new_api_key};
use realms_seal::Purpose;
use realms_store::{ApiKeyPatch, ApiKeyRecord, Role, UserPatch, UserRecord};
use realms_types::{ApiKeyId, GroupName, Secret};

use super::{GeneratedKey, Writer};
use crate::{
    ConsoleError,
    manifest::{ApiKey, SecretText, Slot, User},
};

// === impl Writer ===

impl Writer<'_> {
    pub(super) async fn put_user(&mut self, user: &User) -> Result<(), ConsoleError> {
        let (name, now) = (user.username.as_str(), self.now);
        let email = user.email.as_ref().and_then(Slot::as_ref).cloned();
        let password_hash = self.hashes.remove(&user.username);
        let group = user.group.as_ref().map(GroupName::as_str).unwrap_or_default();
        let group_id = self.user_group_id(group)?;
        if let Some(held) = self.state.users.get(name) {
            let patch = UserPatch {
                email: Some(email),
                password_hash: password_hash.map(Some),
                role: user.role,
                group_id: Some(group_id),
                enabled: user.enabled,
                limits: user.limits,
                budgets: user.budgets.clone(),
            };
            return Ok(self.tx.update_user(held.id, patch, now).await?);
        }
        let record = UserRecord {
            id: self.editor.ids.next(),
            username: name.to_owned(),
            email,
            password_hash,
            role: user.role.unwrap_or(Role::User),
            group_id,
            enabled: user.enabled.unwrap_or(true),
            created_at: now,
            updated_at: now,
            epoch: 0,
            limits: user.limits.unwrap_or_default(),
            budgets: user.budgets.clone().unwrap_or_default(),
        };
        self.tx.insert_user(&record).await?;
        self.made.users.push((record.username, record.id));
        Ok(())
    }

    pub(super) async fn put_api_key(&mut self, key: &ApiKey) -> Result<(), ConsoleError> {
        let given = key.key.as_ref().and_then(SecretText::literal).cloned();
        let held = self.state.find_api_key(key).map(|held| held.id);
        match (held, given) {
            (Some(id), None) => self.update_api_key(id, key).await,
            // Another secret is another key: old usage records keep pointing at the old one.
            (Some(id), Some(given)) => {
                self.tx.delete_api_key(id).await?;
                self.insert_api_key(key, &given).await.map(drop)
            }
            (None, Some(given)) => self.insert_api_key(key, &given).await.map(drop),
            (None, None) => {
                let made = new_api_key();
                let id = self.insert_api_key(key, &made).await?;
                let (user, name) = (key.user.to_string(), key.name.clone());
                self.generated.push(GeneratedKey { id, user, name, key: made });
                Ok(())
            }
        }
    }

    async fn update_api_key(&mut self, id: ApiKeyId, key: &ApiKey) -> Result<(), ConsoleError> {
        let groups = self.channel_group_ids(key.channel_groups.as_deref().unwrap_or_default())?;
        let patch = ApiKeyPatch {
            name: None,
            enabled: key.enabled,
            channel_groups: Some(groups),
            limits: key.limits,
            rules: key.rules.clone(),
            multiplier: key.multiplier,
        };
        Ok(self.tx.update_api_key(id, patch, self.now).await?)
    }

    async fn insert_api_key(
        &mut self,
        key: &ApiKey,
        secret: &Secret<String>,
    ) -> Result<ApiKeyId, ConsoleError> {
        let (id, keyring) = (self.editor.ids.next(), &self.editor.keyring);
        let place = ApiKeyRecord::copy_place(id);
        let copy = keyring.seal(Purpose::KeyCopy, place, secret.reveal().as_bytes())?;
        let record = ApiKeyRecord {
            id,
            user_id: self.user_id(key.user.as_str())?,
            name: key.name.clone(),
            hash: key_hash(keyring, secret.reveal()),
            hint: hint_of(secret.reveal()),
            sealed_copy: Some(copy),
            enabled: key.enabled.unwrap_or(true),
            revoked_at: None,
            last_used_at: None,
            limits: key.limits.unwrap_or_default(),
            rules: key.rules.clone().unwrap_or_default(),
            multiplier: key.multiplier.unwrap_or_default(),
            first_used_at: None,
            channel_groups: self
                .channel_group_ids(key.channel_groups.as_deref().unwrap_or_default())?,
            created_at: self.now,
            updated_at: self.now,
        };
        self.tx.insert_api_key(&record).await?;
        Ok(id)
    }
}
