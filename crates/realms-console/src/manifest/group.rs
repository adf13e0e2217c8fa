//! Groups as a manifest describes them: of channels, and of users.

use realms_types::{GroupName, Ppm};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Slot;

/// A node of the tree of channels, with a price multiplier.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "default", "multiplier": "1.0"}))]
pub struct ChannelGroup {
    /// Unique name: 1 to 64 letters, digits, `_` and `-`.
    #[schema(value_type = String)]
    pub name: GroupName,
    /// The group it lies in; `""`: none. Its multiplier is multiplied with those above it.
    #[serde(default, skip_serializing_if = "Slot::is_silent")]
    #[schema(value_type = Option<String>)]
    pub parent: Option<Slot<GroupName>>,
    /// What prices are multiplied with, as a decimal string of at most 6 places. Default 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, example = "1.0")]
    pub multiplier: Option<Ppm>,
    /// Order among the groups of one parent: higher first. Default 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub priority: Option<i64>,
    /// Whether it takes calls. Default true.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub enabled: Option<bool>,
    /// The channel that comes first in it as long as it is ready, by its name; `""`: as the priorities
    /// say.
    #[serde(default, skip_serializing_if = "Slot::is_silent")]
    #[schema(value_type = Option<String>)]
    pub pinned: Option<Slot<String>>,
}

/// A group of users: who may use which channel groups.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "default", "channel_groups": ["default"]}))]
pub struct UserGroup {
    /// Unique name: 1 to 64 letters, digits, `_` and `-`.
    #[schema(value_type = String)]
    pub name: GroupName,
    /// The channel groups its users may use, in order of preference. Default `["default"]`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<String>>)]
    pub channel_groups: Option<Vec<GroupName>>,
    /// What prices are multiplied with for its users, besides the multipliers of channel groups, as a
    /// decimal string of at most 6 places. Default 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, example = "0.9")]
    pub multiplier: Option<Ppm>,
}

// === impl ChannelGroup ===

impl ChannelGroup {
    /// A channel group of which nothing is said but its name.
    pub const fn named(name: GroupName) -> Self {
        Self { name, parent: None, multiplier: None, priority: None, enabled: None, pinned: None }
    }
}

// === impl UserGroup ===

impl UserGroup {
    /// A user group of which nothing is said but its name.
    pub const fn named(name: GroupName) -> Self {
        Self { name, channel_groups: None, multiplier: None }
    }
}
