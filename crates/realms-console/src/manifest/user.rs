//! A user and an API key as a manifest describes them.

use realms_store::Role;
use realms_types::{Budget, GroupName, KeyRules, Limits, Money, Ppm, Username};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    SecretText, Slot,
    limits::{self, BudgetForm, KeyRulesForm, LimitsForm},
};
use crate::words;

/// An account of a person.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "username": "ana", "email": "ana@example.org", "role": "user", "group": "default"
}))]
pub struct User {
    /// Unique name: 1 to 64 letters, digits, `_`, `-` and `.`.
    #[schema(value_type = String)]
    pub username: Username,
    /// Address, unique; `""`: none.
    #[serde(default, skip_serializing_if = "Slot::is_silent")]
    #[schema(value_type = Option<String>)]
    pub email: Option<Slot<String>>,
    /// The password itself, or `env:NAME` in a manifest, 8 to 256 bytes. Never shown again. Left
    /// out: it keeps its value; a new user then cannot log in but can use API keys.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, write_only)]
    pub password: Option<SecretText>,
    /// `user` or `root`. Default `user`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<words::Role>, example = "user")]
    pub role: Option<Role>,
    /// The user group. Default `default`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub group: Option<GroupName>,
    /// Whether the user and its keys are let in. Default true.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub enabled: Option<bool>,
    /// What all keys of the user together may use. `{}`: as much as there is.
    #[serde(default, skip_serializing_if = "limits::is_silent")]
    #[schema(value_type = Option<LimitsForm>)]
    pub limits: Option<Limits>,
    /// What all keys of the user together may spend; all of them hold. `[]`: as much as there is.
    #[serde(default, skip_serializing_if = "limits::is_silent")]
    #[schema(value_type = Option<Vec<BudgetForm>>)]
    pub budgets: Option<Vec<Budget>>,
    /// The balance a new user starts with, in USD, as a decimal string. For business mode; an
    /// existing user's balance never changes by it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, example = "10.00", write_only)]
    pub balance_usd: Option<Money>,
}

/// A client's secret.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"user": "ana", "name": "laptop", "channel_groups": ["default"]}))]
pub struct ApiKey {
    /// The user it belongs to.
    #[schema(value_type = String)]
    pub user: Username,
    /// Unique among the user's keys.
    pub name: String,
    /// The key itself, or `env:NAME` in a manifest. Left out: it keeps its value, or is generated and
    /// shown once when the key is created.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, write_only)]
    pub key: Option<SecretText>,
    /// The channel groups it is bound to, in order of preference. Default, and `[]`: all that the
    /// user's group allows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<String>>)]
    pub channel_groups: Option<Vec<GroupName>>,
    /// Whether it lets anyone in. Default true.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub enabled: Option<bool>,
    /// What prices are multiplied with for its calls, besides the multipliers of channel groups and of its
    /// user's group, as a decimal string of at most 6 places. Default 1, which is not written. Whoever
    /// holds the key cannot change it.
    #[serde(default, skip_serializing_if = "limits::is_silent")]
    #[schema(value_type = Option<String>, example = "0.5")]
    pub multiplier: Option<Ppm>,
    /// What it may use. `{}`: as much as its user.
    #[serde(default, skip_serializing_if = "limits::is_silent")]
    #[schema(value_type = Option<LimitsForm>)]
    pub limits: Option<Limits>,
    /// What it is good for. `{}`: for everything that its user may.
    #[serde(default, skip_serializing_if = "limits::is_silent")]
    #[schema(value_type = Option<KeyRulesForm>)]
    pub rules: Option<KeyRules>,
}

// === impl User ===

impl User {
    /// A user of which nothing is said but its name.
    pub const fn named(username: Username) -> Self {
        Self {
            username,
            email: None,
            password: None,
            role: None,
            group: None,
            enabled: None,
            limits: None,
            budgets: None,
            balance_usd: None,
        }
    }
}

// === impl ApiKey ===

impl ApiKey {
    /// A key of which nothing is said but its owner and its name.
    pub const fn named(user: Username, name: String) -> Self {
        Self {
            user,
            name,
            key: None,
            channel_groups: None,
            enabled: None,
            limits: None,
            rules: None,
            multiplier: None,
        }
    }
}
