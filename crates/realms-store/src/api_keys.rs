//! API keys: clients' secrets, found by hash.

use std::{collections::HashMap, fmt::Write as _};

use realms_seal::Place;
use realms_types::{ApiKeyId, ChannelGroupId, KeyRules, Limits, Ppm, Timestamp, UserId};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, Select, Set};

use crate::{
    Reader, StoreError, Tx,
    entity::{api_key, api_key_channel_group},
    json,
    tx::set,
};

/// What is kept of a key to find it again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum KeyHash {
    /// HMAC-SHA-256 with the pepper: keys made here.
    Hmac([u8; 32]),
    /// Plain SHA-256: keys imported from a system that kept only that.
    Sha256([u8; 32]),
}

/// A client's secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiKeyRecord {
    /// Its id.
    pub id: ApiKeyId,
    /// Whose it is.
    pub user_id: UserId,
    /// Name, unique among the keys of its user.
    pub name: String,
    /// What it is found by.
    pub hash: KeyHash,
    /// Its last 4 characters.
    pub hint: String,
    /// The key itself, sealed for [`ApiKeyRecord::copy_place`] and the purpose `KeyCopy`.
    pub sealed_copy: Option<String>,
    /// Whether it may call.
    pub enabled: bool,
    /// When it was revoked, for good.
    pub revoked_at: Option<Timestamp>,
    /// When it last called, up to the delay of the usage records.
    pub last_used_at: Option<Timestamp>,
    /// The channel groups it is bound to, in order; empty: those of its user's group.
    pub channel_groups: Vec<ChannelGroupId>,
    /// What it may use.
    pub limits: Limits,
    /// What it is good for.
    pub rules: KeyRules,
    /// What its calls cost of what they would.
    pub multiplier: Ppm,
    /// When it first called, where its end depends on that.
    pub first_used_at: Option<Timestamp>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// What of an API key changes; `None` leaves a value as it is.
#[derive(Debug, Clone, Default)]
pub struct ApiKeyPatch {
    /// Name, unique among the keys of its user.
    pub name: Option<String>,
    /// Whether it may call.
    pub enabled: Option<bool>,
    /// The channel groups it is bound to, in order.
    pub channel_groups: Option<Vec<ChannelGroupId>>,
    /// What it may use.
    pub limits: Option<Limits>,
    /// What it is good for.
    pub rules: Option<KeyRules>,
    /// What its calls cost of what they would.
    pub multiplier: Option<Ppm>,
}

/// Beyond so many keys their channel groups are read whole instead of by id.
const MOST_NAMED: usize = 500;

// === impl KeyHash ===

impl KeyHash {
    pub(crate) const fn algorithm(&self) -> &'static str {
        match self {
            Self::Hmac(_) => "hmac",
            Self::Sha256(_) => "sha256",
        }
    }

    /// 64 digits in lower case.
    pub(crate) fn hex(&self) -> String {
        let (Self::Hmac(bytes) | Self::Sha256(bytes)) = self;
        hex(bytes)
    }

    fn read(row: &api_key::Model) -> Result<Self, StoreError> {
        let corrupt = |message: &str| StoreError::corrupt("api_keys", &row.id, &message);
        let mut bytes = [0u8; 32];
        if row.key_hash.len() != 64 {
            return Err(corrupt("the hash does not have 64 digits"));
        }
        for (byte, digits) in bytes.iter_mut().zip(row.key_hash.as_bytes().chunks(2)) {
            *byte = str::from_utf8(digits)
                .ok()
                .and_then(|pair| u8::from_str_radix(pair, 16).ok())
                .ok_or_else(|| corrupt("the hash is not hexadecimal"))?;
        }
        match row.hash_alg.as_str() {
            "hmac" => Ok(Self::Hmac(bytes)),
            "sha256" => Ok(Self::Sha256(bytes)),
            _ => Err(corrupt("the hash has an unknown algorithm")),
        }
    }
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a `String` cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

// === impl ApiKeyRecord ===

impl ApiKeyRecord {
    /// What the copy of this key is bound to when it is sealed.
    pub const fn copy_place(id: ApiKeyId) -> Place {
        Place { table: "api_keys", column: "sealed_copy", row: id.raw() }
    }

    fn read(row: api_key::Model, channel_groups: Vec<ChannelGroupId>) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id.into(),
            user_id: row.user_id.into(),
            hash: KeyHash::read(&row)?,
            name: row.name,
            hint: row.hint,
            sealed_copy: row.sealed_copy,
            enabled: row.enabled,
            revoked_at: row.revoked_at.map(Timestamp::from_micros),
            last_used_at: row.last_used_at.map(Timestamp::from_micros),
            channel_groups,
            limits: json::read("api_keys", &row.id, row.limits.as_deref())?,
            rules: json::read("api_keys", &row.id, row.rules.as_deref())?,
            multiplier: read_multiplier(row.id, row.multiplier_ppm)?,
            first_used_at: row.first_used_at.map(Timestamp::from_micros),
            created_at: Timestamp::from_micros(row.created_at),
            updated_at: Timestamp::from_micros(row.updated_at),
        })
    }
}

/// A multiplier as it is stored. What cannot be one is not charged as another.
pub(crate) fn read_multiplier(key: i64, parts: i64) -> Result<Ppm, StoreError> {
    let negative = || StoreError::corrupt("api_keys", &key, &"the multiplier is negative");
    Ppm::from_parts(parts).ok_or_else(negative)
}

impl From<&ApiKeyRecord> for api_key::Model {
    fn from(record: &ApiKeyRecord) -> Self {
        Self {
            id: record.id.raw(),
            user_id: record.user_id.raw(),
            name: record.name.clone(),
            key_hash: record.hash.hex(),
            hash_alg: record.hash.algorithm().to_owned(),
            hint: record.hint.clone(),
            sealed_copy: record.sealed_copy.clone(),
            enabled: record.enabled,
            revoked_at: record.revoked_at.map(Timestamp::as_micros),
            last_used_at: record.last_used_at.map(Timestamp::as_micros),
            created_at: record.created_at.as_micros(),
            updated_at: record.updated_at.as_micros(),
            limits: json::text(&record.limits),
            rules: json::text(&record.rules),
            first_used_at: record.first_used_at.map(Timestamp::as_micros),
            multiplier_ppm: record.multiplier.parts(),
        }
    }
}

// === impl Reader ===

impl Reader<'_> {
    /// The API keys of one user, or of all, by age.
    pub async fn list_api_keys(
        self,
        user: Option<UserId>,
    ) -> Result<Vec<ApiKeyRecord>, StoreError> {
        let mut select = api_key::Entity::find();
        if let Some(user) = user {
            select = select.filter(api_key::Column::UserId.eq(user.raw()));
        }
        self.api_keys(select).await
    }

    /// An API key by id.
    pub async fn find_api_key(self, id: ApiKeyId) -> Result<Option<ApiKeyRecord>, StoreError> {
        Ok(self.api_keys(api_key::Entity::find_by_id(id.raw())).await?.pop())
    }

    /// Whether any API key may call.
    pub async fn has_live_api_key(self) -> Result<bool, StoreError> {
        let live = api_key::Entity::find()
            .filter(api_key::Column::Enabled.eq(true))
            .filter(api_key::Column::RevokedAt.is_null());
        Ok(live.one(&self.link()).await?.is_some())
    }

    /// An API key by its name among the keys of its user.
    pub async fn find_api_key_by_name(
        self,
        user: UserId,
        name: &str,
    ) -> Result<Option<ApiKeyRecord>, StoreError> {
        let select = api_key::Entity::find()
            .filter(api_key::Column::UserId.eq(user.raw()))
            .filter(api_key::Column::Name.eq(name));
        Ok(self.api_keys(select).await?.pop())
    }

    async fn api_keys(
        self,
        select: Select<api_key::Entity>,
    ) -> Result<Vec<ApiKeyRecord>, StoreError> {
        let rows = select.order_by_asc(api_key::Column::Id).all(&self.link()).await?;
        let mut links = api_key_channel_group::Entity::find()
            .order_by_asc(api_key_channel_group::Column::Position);
        if rows.len() <= MOST_NAMED {
            let ids = rows.iter().map(|row| row.id);
            links = links.filter(api_key_channel_group::Column::ApiKeyId.is_in(ids));
        }
        let mut by_key: HashMap<i64, Vec<ChannelGroupId>> = HashMap::new();
        for link in links.all(&self.link()).await? {
            by_key.entry(link.api_key_id).or_default().push(link.channel_group_id.into());
        }
        let groups_of = |row: &api_key::Model| by_key.get(&row.id).cloned().unwrap_or_default();
        rows.into_iter()
            .map(|row| {
                let groups = groups_of(&row);
                ApiKeyRecord::read(row, groups)
            })
            .collect()
    }
}

// === impl Tx ===

impl Tx {
    /// Adds an API key with its channel groups.
    pub async fn insert_api_key(&mut self, record: &ApiKeyRecord) -> Result<(), StoreError> {
        self.bump_identity().await?;
        let what = format!("API key `{}`, or another with the same secret,", record.name);
        self.insert(api_key::Model::from(record), what).await?;
        self.bind_channel_groups(record.id, &record.channel_groups).await
    }

    /// Changes what the patch names.
    pub async fn update_api_key(
        &mut self,
        id: ApiKeyId,
        patch: ApiKeyPatch,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.bump_identity().await?;
        let what = patch
            .name
            .as_ref()
            .map_or_else(|| format!("API key {id}"), |name| format!("API key `{name}`"));
        let values = api_key::ActiveModel {
            name: set(patch.name),
            enabled: set(patch.enabled),
            limits: set(patch.limits.map(|limits| json::text(&limits))),
            rules: set(patch.rules.map(|rules| json::text(&rules))),
            multiplier_ppm: set(patch.multiplier.map(Ppm::parts)),
            updated_at: Set(now.as_micros()),
            ..Default::default()
        };
        let update = api_key::Entity::update_many().set(values);
        self.update(update.filter(api_key::Column::Id.eq(id.raw())), what).await?;
        let Some(groups) = patch.channel_groups else {
            return Ok(());
        };
        let sql = "DELETE FROM api_key_channel_groups WHERE api_key_id = ?";
        self.execute(sql, vec![id.raw().into()]).await?;
        self.bind_channel_groups(id, &groups).await
    }

    /// Notes the first call of an API key. Whoever comes second finds that of the first.
    pub async fn note_first_use(&mut self, id: ApiKeyId, now: Timestamp) -> Result<(), StoreError> {
        let sql = "UPDATE api_keys SET first_used_at = ? WHERE id = ? AND first_used_at IS NULL";
        self.execute(sql, vec![now.as_micros().into(), id.raw().into()]).await?;
        Ok(())
    }

    /// Revokes an API key for good and forgets its copy. `false`: it was revoked before.
    pub async fn revoke_api_key(
        &mut self,
        id: ApiKeyId,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        self.bump_identity().await?;
        let sql = "UPDATE api_keys SET revoked_at = ?, sealed_copy = NULL, updated_at = ? \
                   WHERE id = ? AND revoked_at IS NULL";
        let now = now.as_micros();
        let revoked = self.execute(sql, vec![now.into(), now.into(), id.raw().into()]).await?;
        if revoked == 0 && self.read().find_api_key(id).await?.is_none() {
            return Err(StoreError::not_found(format!("API key {id}")));
        }
        Ok(revoked == 1)
    }

    /// Gives an API key another secret; what it used stays with it. `false`: there is no such key,
    /// or it was revoked.
    pub async fn rotate_api_key(
        &mut self,
        id: ApiKeyId,
        hash: &KeyHash,
        hint: &str,
        sealed_copy: Option<String>,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        self.bump_identity().await?;
        let sql = "UPDATE api_keys SET key_hash = ?, hash_alg = ?, hint = ?, sealed_copy = ?, \
                   updated_at = ? WHERE id = ? AND revoked_at IS NULL";
        let values = vec![
            hash.hex().into(),
            hash.algorithm().into(),
            hint.into(),
            sealed_copy.into(),
            now.as_micros().into(),
            id.raw().into(),
        ];
        Ok(self.execute(sql, values).await? == 1)
    }

    /// Deletes an API key with the responses that are kept of it. Usage records keep its id.
    pub async fn delete_api_key(&mut self, id: ApiKeyId) -> Result<(), StoreError> {
        self.bump_identity().await?;
        self.forget_responses_of_key(id).await?;
        let delete = api_key::Entity::delete_many().filter(api_key::Column::Id.eq(id.raw()));
        self.delete(delete, format!("API key {id}")).await
    }

    async fn bind_channel_groups(
        &self,
        id: ApiKeyId,
        groups: &[ChannelGroupId],
    ) -> Result<(), StoreError> {
        let rows = (0..).zip(groups).map(|(position, group)| api_key_channel_group::Model {
            api_key_id: id.raw(),
            channel_group_id: group.raw(),
            position,
        });
        self.insert_all(rows.collect(), format!("the channel groups of API key {id}")).await
    }
}
