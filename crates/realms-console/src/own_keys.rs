//! API keys that people make for themselves.
//!
//! Every act is by owner: a key of somebody else and a key that does not exist are looked for in the
//! same way and not found in the same way.

use std::collections::HashMap;

use realms_identity::{MOST_API_KEYS, hint_of, key_hash, new_api_key};
use realms_seal::Purpose;
use realms_store::{
    ApiKeyPatch, ApiKeyRecord, AuditChange, AuditRecord, ChannelGroupRecord, Reader, Tx,
};
use realms_types::{ApiKeyId, ChannelGroupId, KeyRules, Limits, Ppm, Secret, UserId};

use crate::{
    Author, Code, ConsoleError, Editor, Refusal,
    manifest::limits::{limit_fields, mistakes, rule_fields},
    nearest::hint,
    refusal::check_name,
};

/// What a key is to be.
#[derive(Debug, Clone, Default)]
pub(crate) struct OwnKeyPatch {
    pub name: Option<String>,
    pub enabled: Option<bool>,
    /// In order of preference; empty: all of the user group's.
    pub channel_groups: Option<Vec<String>>,
    pub limits: Option<Limits>,
    pub rules: Option<KeyRules>,
}

/// The channel groups that somebody's keys may use, in order.
pub(crate) struct OwnGroups {
    allowed: Vec<ChannelGroupRecord>,
    names: HashMap<ChannelGroupId, String>,
}

// === impl OwnGroups ===

impl OwnGroups {
    pub(crate) async fn load(reader: Reader<'_>, owner: UserId) -> Result<Self, ConsoleError> {
        let groups = reader.list_channel_groups().await?;
        let names = groups.iter().map(|group| (group.id, group.name.clone())).collect();
        let group = match reader.find_user(owner).await? {
            Some(user) => reader.find_user_group(user.group_id).await?,
            None => None,
        };
        let mut by_id: HashMap<_, _> = groups.into_iter().map(|group| (group.id, group)).collect();
        let ids = group.map(|group| group.channel_groups).unwrap_or_default();
        let allowed = ids.into_iter().filter_map(|id| by_id.remove(&id)).collect();
        Ok(Self { allowed, names })
    }

    /// Those that may be used, in order.
    pub(crate) fn allowed(&self) -> &[ChannelGroupRecord] {
        &self.allowed
    }

    /// What the groups of a key are called.
    pub(crate) fn names_of(&self, key: &ApiKeyRecord) -> Vec<String> {
        key.channel_groups.iter().filter_map(|id| self.names.get(id).cloned()).collect()
    }

    fn ids(&self, wanted: &[String]) -> Result<Vec<ChannelGroupId>, Refusal> {
        let mut ids = Vec::new();
        for name in wanted {
            let Some(group) = self.allowed.iter().find(|group| group.name == *name) else {
                let hint = hint(name, self.allowed.iter().map(|group| group.name.as_str()));
                let detail = format!("there is no channel group `{name}` that you may use{hint}");
                return Err(Refusal::field("/channel_groups", "not_allowed", detail));
            };
            if ids.contains(&group.id) {
                let detail = format!("channel group `{name}` is listed twice");
                return Err(Refusal::field("/channel_groups", "invalid", detail));
            }
            ids.push(group.id);
        }
        Ok(ids)
    }
}

// === impl Editor ===

impl Editor {
    /// A key of this person.
    pub(crate) async fn own_key(
        &self,
        reader: Reader<'_>,
        owner: UserId,
        id: ApiKeyId,
    ) -> Result<ApiKeyRecord, ConsoleError> {
        let keys = reader.list_api_keys(Some(owner)).await?;
        let found = keys.into_iter().find(|key| key.id == id);
        found.ok_or_else(|| ConsoleError::NotFound(format!("api_key `{id}`")))
    }

    /// Makes a key of this person, and the secret, to be shown once. Without a copy it can never be
    /// shown again.
    pub(crate) async fn create_own_key(
        &self,
        owner: UserId,
        wanted: OwnKeyPatch,
        keeps_copy: bool,
        author: &Author,
    ) -> Result<(ApiKeyId, Secret<String>), ConsoleError> {
        let mut tx = self.store.begin().await?;
        // Locks out other writers of keys, so the count holds.
        tx.bump_identity().await?;
        if tx.read().list_api_keys(Some(owner)).await?.len() >= MOST_API_KEYS {
            let detail = format!("you have {MOST_API_KEYS} API keys: delete one you do not use");
            return Err(Refusal::new(Code::TooManyKeys, detail).into());
        }
        let groups = OwnGroups::load(tx.read(), owner).await?;
        let (secret, id, now) = (new_api_key(), self.ids.next(), self.clock.now());
        let record = ApiKeyRecord {
            id,
            user_id: owner,
            name: sound_name(wanted.name.unwrap_or_default())?,
            hash: key_hash(&self.keyring, secret.reveal()),
            hint: hint_of(secret.reveal()),
            sealed_copy: self.sealed(id, &secret, keeps_copy)?,
            enabled: wanted.enabled.unwrap_or(true),
            revoked_at: None,
            last_used_at: None,
            limits: wanted.limits.unwrap_or_default(),
            rules: check_rules(wanted.rules.unwrap_or_default())?,
            // What calls cost is not for who makes them to say.
            multiplier: Ppm::ONE,
            first_used_at: None,
            channel_groups: groups.ids(&wanted.channel_groups.unwrap_or_default())?,
            created_at: now,
            updated_at: now,
        };
        tx.insert_api_key(&record).await?;
        self.note(&mut tx, author, "create", &record.name, Vec::new()).await?;
        tx.commit().await?;
        Ok((id, secret))
    }

    /// Changes a key of this person, if `holds` of what it is.
    pub(crate) async fn change_own_key(
        &self,
        owner: UserId,
        id: ApiKeyId,
        patch: OwnKeyPatch,
        author: &Author,
        holds: impl FnOnce(&ApiKeyRecord, &OwnGroups) -> Result<(), ConsoleError>,
    ) -> Result<(), ConsoleError> {
        let mut tx = self.store.begin().await?;
        tx.bump_identity().await?;
        let key = self.own_key(tx.read(), owner, id).await?;
        let groups = OwnGroups::load(tx.read(), owner).await?;
        holds(&key, &groups)?;
        must_live(&key)?;
        let mut changes = Vec::new();
        let mut told = |path: &str, before: String, after: Option<String>| {
            if let Some(after) = after.filter(|after| *after != before) {
                let (before, after) = (Some(before), Some(after));
                changes.push(AuditChange { path: path.to_owned(), before, after });
            }
        };
        told("name", key.name.clone(), patch.name.clone());
        told("enabled", key.enabled.to_string(), patch.enabled.map(|on| on.to_string()));
        let wanted = patch.channel_groups.as_ref().map(|names| names.join(", "));
        told("channel_groups", groups.names_of(&key).join(", "), wanted);
        let text = |value: Option<u32>| value.map(|value| value.to_string()).unwrap_or_default();
        let limits = patch.limits.map(limit_fields);
        for (index, (name, before)) in limit_fields(key.limits).into_iter().enumerate() {
            let after = limits.map(|limits| text(limits[index].1));
            told(&format!("limits.{name}"), text(before), after);
        }
        let rules = patch.rules.as_ref().map(rule_fields);
        for (index, (name, before)) in rule_fields(&key.rules).into_iter().enumerate() {
            let after = rules.as_ref().map(|rules| rules[index].1.clone());
            told(&format!("rules.{name}"), before, after);
        }
        let patch = ApiKeyPatch {
            name: patch.name.map(sound_name).transpose()?,
            enabled: patch.enabled,
            channel_groups: patch.channel_groups.map(|names| groups.ids(&names)).transpose()?,
            limits: patch.limits,
            rules: patch.rules.map(check_rules).transpose()?,
            multiplier: None,
        };
        if changes.is_empty() {
            return Ok(());
        }
        tx.update_api_key(id, patch, self.clock.now()).await?;
        self.note(&mut tx, author, "update", &key.name, changes).await?;
        Ok(tx.commit().await?)
    }

    /// Gives a key of this person another secret. The old one stops working; what the key used stays
    /// with it.
    pub(crate) async fn rotate_own_key(
        &self,
        owner: UserId,
        id: ApiKeyId,
        keeps_copy: bool,
        author: &Author,
    ) -> Result<Secret<String>, ConsoleError> {
        let secret = new_api_key();
        let copy = self.sealed(id, &secret, keeps_copy)?;
        let mut tx = self.store.begin().await?;
        let key = self.own_key(tx.read(), owner, id).await?;
        let (hash, hint) = (key_hash(&self.keyring, secret.reveal()), hint_of(secret.reveal()));
        if !tx.rotate_api_key(id, &hash, &hint, copy, self.clock.now()).await? {
            must_live(&ApiKeyRecord { revoked_at: Some(self.clock.now()), ..key.clone() })?;
        }
        self.note(&mut tx, author, "rotate", &key.name, Vec::new()).await?;
        tx.commit().await?;
        Ok(secret)
    }

    /// Deletes a key of this person.
    pub(crate) async fn delete_own_key(
        &self,
        owner: UserId,
        id: ApiKeyId,
        author: &Author,
        holds: impl FnOnce(&ApiKeyRecord, &OwnGroups) -> Result<(), ConsoleError>,
    ) -> Result<(), ConsoleError> {
        let mut tx = self.store.begin().await?;
        tx.bump_identity().await?;
        let key = self.own_key(tx.read(), owner, id).await?;
        holds(&key, &OwnGroups::load(tx.read(), owner).await?)?;
        tx.delete_api_key(id).await?;
        self.note(&mut tx, author, "delete", &key.name, Vec::new()).await?;
        Ok(tx.commit().await?)
    }

    fn sealed(
        &self,
        id: ApiKeyId,
        secret: &Secret<String>,
        keeps_copy: bool,
    ) -> Result<Option<String>, ConsoleError> {
        if !keeps_copy {
            return Ok(None);
        }
        let place = ApiKeyRecord::copy_place(id);
        Ok(Some(self.keyring.seal(Purpose::KeyCopy, place, secret.reveal().as_bytes())?))
    }

    async fn note(
        &self,
        tx: &mut Tx,
        author: &Author,
        verb: &str,
        name: &str,
        changes: Vec<AuditChange>,
    ) -> Result<(), ConsoleError> {
        let action = format!("api_key.{verb}");
        let object = format!("{}/{name}", author.actor.name);
        let entry =
            AuditRecord::new(self.ids.next(), self.clock.now(), author.actor.clone(), action);
        Ok(tx.insert_audit(&AuditRecord { changes, ..entry.about("api_key", object) }).await?)
    }
}

fn sound_name(name: String) -> Result<String, Refusal> {
    check_name("/name", &name)?;
    Ok(name)
}

fn check_rules(rules: KeyRules) -> Result<KeyRules, Refusal> {
    match mistakes(&rules).first() {
        None => Ok(rules),
        Some(mistake) => Err(Refusal::field("/rules", "invalid", mistake.clone())),
    }
}

fn must_live(key: &ApiKeyRecord) -> Result<(), ConsoleError> {
    if key.revoked_at.is_none() {
        return Ok(());
    }
    let message = "this key was revoked for good: make another one".to_owned();
    Err(ConsoleError::Conflict(message))
}
