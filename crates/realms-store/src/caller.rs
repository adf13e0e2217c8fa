//! Who is behind an API key: the read that every uncached call makes.

use std::collections::HashSet;

use realms_types::{
    ApiKeyId, Budget, ChannelGroupId, KeyRules, Limits, Ppm, Timestamp, UserGroupId, UserId,
};
use sea_orm::{ConnectionTrait, FromQueryResult, Value};

use crate::{KeyHash, Role, Store, StoreError, api_keys::read_multiplier, json, sql};

/// An API key with its user. Disabled and revoked ones are found too, so that a refusal can say
/// why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallerRecord {
    /// The key.
    pub api_key_id: ApiKeyId,
    /// What its user calls it.
    pub api_key_name: String,
    /// Whether the key may call.
    pub api_key_enabled: bool,
    /// When the key was revoked.
    pub revoked_at: Option<Timestamp>,
    /// Whose key it is.
    pub user_id: UserId,
    /// Their log-in name.
    pub username: String,
    /// What they may do.
    pub role: Role,
    /// Whether they may call.
    pub user_enabled: bool,
    /// The group of users they belong to.
    pub user_group_id: UserGroupId,
    /// The channel groups the key is bound to, in order; empty: those of the user group.
    pub channel_groups: Vec<ChannelGroupId>,
    /// What the key may use.
    pub limits: Limits,
    /// What the key is good for.
    pub rules: KeyRules,
    /// What the calls of the key cost of what they would.
    pub multiplier: Ppm,
    /// When the key first called, where its end depends on that.
    pub first_used_at: Option<Timestamp>,
    /// What all keys of the user together may use.
    pub user_limits: Limits,
    /// What all keys of the user together may spend.
    pub user_budgets: Vec<Budget>,
}

#[derive(FromQueryResult)]
struct Row {
    api_key_id: i64,
    name: String,
    api_key_enabled: bool,
    revoked_at: Option<i64>,
    user_id: i64,
    username: String,
    role: String,
    user_enabled: bool,
    group_id: i64,
    channel_group_id: Option<i64>,
    limits: Option<String>,
    rules: Option<String>,
    first_used_at: Option<i64>,
    multiplier_ppm: i64,
    user_limits: Option<String>,
    user_budgets: Option<String>,
}

/// One row for each channel group of the key, one row when it has none; what picks the key stands between both.
const FIND: &str = "\
SELECT k.id AS api_key_id, k.name, k.enabled AS api_key_enabled, k.revoked_at, \
       k.limits, k.rules, k.first_used_at, k.multiplier_ppm, u.limits AS user_limits, \
       u.budgets AS user_budgets, \
       u.id AS user_id, u.username, u.role, u.enabled AS user_enabled, u.group_id, \
       g.channel_group_id \
FROM api_keys k \
JOIN users u ON u.id = k.user_id \
LEFT JOIN api_key_channel_groups g ON g.api_key_id = k.id \
WHERE ";
const IN_ORDER: &str = " ORDER BY g.position";

/// Which of some keys may call.
const ADMITTED: &str = "\
SELECT k.id FROM api_keys k JOIN users u ON u.id = k.user_id \
WHERE k.revoked_at IS NULL AND k.enabled = ? AND u.enabled = ? AND k.id IN (";

/// Keys asked for in one statement.
const KEYS: usize = 500;

// === impl CallerRecord ===

impl TryFrom<Row> for CallerRecord {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            role: sql::word("users", &row.username, &row.role)?,
            limits: json::read("api_keys", &row.api_key_id, row.limits.as_deref())?,
            rules: json::read("api_keys", &row.api_key_id, row.rules.as_deref())?,
            multiplier: read_multiplier(row.api_key_id, row.multiplier_ppm)?,
            first_used_at: row.first_used_at.map(Timestamp::from_micros),
            user_limits: json::read("users", &row.username, row.user_limits.as_deref())?,
            user_budgets: json::read("users", &row.username, row.user_budgets.as_deref())?,
            api_key_id: row.api_key_id.into(),
            api_key_name: row.name,
            api_key_enabled: row.api_key_enabled,
            revoked_at: row.revoked_at.map(Timestamp::from_micros),
            user_id: row.user_id.into(),
            username: row.username,
            user_enabled: row.user_enabled,
            user_group_id: row.group_id.into(),
            channel_groups: row.channel_group_id.map(ChannelGroupId::new).into_iter().collect(),
        })
    }
}

impl Store {
    /// Who is behind a key, in one query.
    pub async fn find_caller(&self, hash: &KeyHash) -> Result<Option<CallerRecord>, StoreError> {
        let values = vec![hash.hex().into(), hash.algorithm().into()];
        self.caller("k.key_hash = ? AND k.hash_alg = ?", values).await
    }

    /// Who is behind the key with this id, in one query.
    pub async fn find_caller_by_id(
        &self,
        key: ApiKeyId,
    ) -> Result<Option<CallerRecord>, StoreError> {
        self.caller("k.id = ?", vec![key.raw().into()]).await
    }

    async fn caller(
        &self,
        picked: &str,
        values: Vec<Value>,
    ) -> Result<Option<CallerRecord>, StoreError> {
        let link = self.readers();
        let text = [FIND, picked, IN_ORDER].concat();
        let rows = link.query_all_raw(sql::statement(link, &text, values)).await?;
        let mut rows = rows.iter().map(|row| Row::from_query_result(row, ""));
        let Some(first) = rows.next().transpose()? else {
            return Ok(None);
        };
        let mut caller = CallerRecord::try_from(first)?;
        for row in rows {
            caller.channel_groups.extend(row?.channel_group_id.map(ChannelGroupId::new));
        }
        Ok(Some(caller))
    }

    /// Which of these keys may call: they exist, are enabled and not revoked, and so is their user.
    pub async fn admitted_keys(&self, keys: &[ApiKeyId]) -> Result<HashSet<ApiKeyId>, StoreError> {
        let link = self.readers();
        let mut admitted = HashSet::with_capacity(keys.len());
        for keys in keys.chunks(KEYS) {
            let text = format!("{ADMITTED}{})", vec!["?"; keys.len()].join(", "));
            let mut values = vec![true.into(), true.into()];
            values.extend(keys.iter().map(|key| key.raw().into()));
            for row in link.query_all_raw(sql::statement(link, &text, values)).await? {
                admitted.insert(ApiKeyId::new(row.try_get_by_index(0)?));
            }
        }
        Ok(admitted)
    }
}
