//! What the store hands over: rows as they lie in the database, unchecked.

use std::fmt;

use realms_types::{
    BindingId, ChannelGroupId, ChannelId, CredentialId, EndpointId, ErrorRuleId, Limits, ModelId,
    Secret, Timestamp, UserGroupId,
};

use crate::Account;

/// Everything one snapshot is made of, read in one transaction.
#[derive(Debug, Default, Clone)]
pub struct Rows {
    /// The catalogue version these rows belong to.
    pub version: i64,
    /// Channels.
    pub channels: Vec<ChannelRow>,
    /// Their base URLs.
    pub endpoints: Vec<EndpointRow>,
    /// Their secrets, opened.
    pub credentials: Vec<CredentialRow>,
    /// Channel groups.
    pub channel_groups: Vec<ChannelGroupRow>,
    /// Which channels are in which group.
    pub group_channels: Vec<GroupChannelRow>,
    /// Models.
    pub models: Vec<ModelRow>,
    /// Which channel serves which model.
    pub bindings: Vec<BindingRow>,
    /// User groups.
    pub user_groups: Vec<UserGroupRow>,
    /// Rules about errors of upstreams.
    pub error_rules: Vec<ErrorRuleRow>,
    /// Live settings.
    pub settings: Vec<SettingRow>,
}

/// A row of `channels`.
#[derive(Debug, Clone)]
pub struct ChannelRow {
    /// Its id.
    pub id: ChannelId,
    /// Unique name.
    pub name: String,
    /// `openai`, `anthropic`, `gemini`, `codex` or `azure`.
    pub kind: String,
    /// Dialects it speaks, comma-separated; empty: by kind.
    pub dialects: String,
    /// Higher is tried first.
    pub priority: i64,
    /// Share of the calls within one priority.
    pub weight: i64,
    /// Whether it takes calls.
    pub enabled: bool,
    /// Whether it comes before every other, whatever their priorities.
    pub promoted: bool,
    /// What all its credentials together may use, or why that cannot be read.
    pub limits: Result<Limits, String>,
    /// The proxy of its calls, or why it could not be opened.
    pub proxy: Option<Result<Secret<String>, String>>,
    /// The dated version of the API that is asked for.
    pub api_version: Option<String>,
    /// What it does to the calls that go through it, as JSON; empty: nothing.
    pub options: String,
    /// What its vendor is paid of the prices of models, in parts per million; `None`: nobody said.
    pub cost_multiplier_ppm: Option<i64>,
}

/// A row of `error_rules`.
#[derive(Debug, Clone)]
pub struct ErrorRuleRow {
    /// Its id.
    pub id: ErrorRuleId,
    /// Unique name.
    pub name: String,
    /// Higher is looked at first.
    pub priority: i64,
    /// Whether it is looked at.
    pub enabled: bool,
    /// `{"match": …, "then": …}`.
    pub content: String,
}

/// A row of `endpoints`.
#[derive(Debug, Clone)]
pub struct EndpointRow {
    /// Its id.
    pub id: EndpointId,
    /// The channel it belongs to.
    pub channel_id: ChannelId,
    /// Base URL, with or without the version segment.
    pub base_url: String,
    /// Higher is tried first.
    pub priority: i64,
    /// Whether it takes calls.
    pub enabled: bool,
}

/// A row of `credentials`.
#[derive(Debug, Clone)]
pub struct CredentialRow {
    /// Its id.
    pub id: CredentialId,
    /// The channel it belongs to.
    pub channel_id: ChannelId,
    /// Name, unique in its channel.
    pub name: String,
    /// The secret, or why it could not be opened.
    pub secret: Result<Secret<String>, String>,
    /// The account that the secret is an access token of.
    pub account: Option<Account>,
    /// Whether it takes calls.
    pub enabled: bool,
    /// What may be used of it, or why that cannot be read.
    pub limits: Result<Limits, String>,
    /// The proxy of its calls, or why it could not be opened.
    pub proxy: Option<Result<Secret<String>, String>>,
}

/// A row of `channel_groups`.
#[derive(Debug, Clone)]
pub struct ChannelGroupRow {
    /// Its id.
    pub id: ChannelGroupId,
    /// Unique name.
    pub name: String,
    /// The group it lies in.
    pub parent_id: Option<ChannelGroupId>,
    /// Price multiplier in parts per million.
    pub multiplier_ppm: i64,
    /// Order among the groups and channels of one parent: higher first.
    pub priority: i64,
    /// Whether it takes calls.
    pub enabled: bool,
    /// The channel that comes first in it.
    pub pinned_channel_id: Option<ChannelId>,
}

/// A row of `channel_group_channels`.
#[derive(Debug, Clone)]
pub struct GroupChannelRow {
    /// The group.
    pub group_id: ChannelGroupId,
    /// The channel in it.
    pub channel_id: ChannelId,
}

/// A row of `models`. Prices are nano-USD per million LLM tokens.
#[derive(Debug, Clone)]
pub struct ModelRow {
    /// Its id.
    pub id: ModelId,
    /// What clients name, unique.
    pub name: String,
    /// Who made it, as model lists show it.
    pub owner: String,
    /// Whether it may be called.
    pub enabled: bool,
    /// Fresh input; a model without this has no price.
    pub input_price: Option<i64>,
    /// Output.
    pub output_price: Option<i64>,
    /// Input read from a cache.
    pub cache_read_price: Option<i64>,
    /// Input written to a cache for 5 minutes.
    pub cache_write_5m_price: Option<i64>,
    /// Input written to a cache for an hour.
    pub cache_write_1h_price: Option<i64>,
    /// What of its price few models have, as JSON.
    pub price_terms: Option<String>,
    /// How often the price changed.
    pub price_version: i64,
    /// When it was added.
    pub created_at: Timestamp,
}

/// A row of `bindings`.
#[derive(Debug, Clone)]
pub struct BindingRow {
    /// Its id.
    pub id: BindingId,
    /// The channel that serves.
    pub channel_id: ChannelId,
    /// The model it serves.
    pub model_id: ModelId,
    /// What the upstream calls it.
    pub upstream_model: String,
    /// Whether it takes calls.
    pub enabled: bool,
    /// What its vendor is paid for the model, as JSON; `None`: a part of the model's price.
    pub cost: Option<String>,
}

/// A row of `user_groups` with its channel groups.
#[derive(Debug, Clone)]
pub struct UserGroupRow {
    /// Its id.
    pub id: UserGroupId,
    /// Unique name.
    pub name: String,
    /// The channel groups its users may use, in order.
    pub channel_groups: Vec<ChannelGroupId>,
    /// What prices are multiplied by for its users, in parts per million.
    pub multiplier_ppm: i64,
}

/// A row of `settings`.
#[derive(Clone, Default)]
pub struct SettingRow {
    /// Its name.
    pub key: String,
    /// Its value as text; of a secret the opened one.
    pub value: String,
    /// Why its secret could not be opened.
    pub unreadable: Option<String>,
}

// === impl SettingRow ===

impl fmt::Debug for SettingRow {
    /// Without the value: it may be a secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SettingRow").field("key", &self.key).finish_non_exhaustive()
    }
}
