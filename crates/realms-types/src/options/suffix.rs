//! A reasoning effort at the end of a model's name.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// `-minimal`, `-low`, `-medium`, `-high`, `-xhigh` and `-none` at the end of the upstream model's name
/// are taken off and put into the dialect's own field. An effort that the client gave itself counts more.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct EffortSuffix {
    /// Upstream models whose names really end so.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(example = json!(["sonar-reasoning-high"]))]
    pub keep: Vec<String>,
    /// The field of Messages calls.
    #[serde(skip_serializing_if = "super::is_default")]
    pub messages: MessagesEffort,
}

/// Where the effort of a Messages call goes. Which one a model takes depends on the model.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum MessagesEffort {
    /// `output_config.effort`.
    #[default]
    OutputConfig,
    /// `thinking.budget_tokens`, below `max_tokens`.
    ThinkingBudget,
}
