//! A rule about errors of upstreams as a manifest describes it.

use realms_types::{ErrorAct, ErrorMatch, ErrorRule as Whole};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What clients are told about errors of upstreams, site-wide. Of several rules that match, the first
/// counts. A field left out keeps its value, or takes its default when the rule is created.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "name": "too-long", "match": {"status": [400], "contains": "prompt is too long"},
    "then": {"status": 413, "message": "The conversation is too long: start a new one."}
}))]
pub struct ErrorRule {
    /// Unique name.
    pub name: String,
    /// Higher is looked at first; then by name. Default 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub priority: Option<i64>,
    /// Whether it is looked at. Default true.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub enabled: Option<bool>,
    /// Which errors. Required when the rule is created.
    #[serde(rename = "match", default, skip_serializing_if = "Option::is_none")]
    pub when: Option<ErrorMatch>,
    /// What is done. Required when the rule is created.
    #[serde(rename = "then", default, skip_serializing_if = "Option::is_none")]
    pub act: Option<ErrorAct>,
}

// === impl ErrorRule ===

impl ErrorRule {
    /// The rule as it is looked at.
    pub(crate) fn whole(&self) -> Whole {
        Whole {
            name: self.name.clone(),
            enabled: self.enabled != Some(false),
            when: self.when.clone().unwrap_or_default(),
            act: self.act.clone().unwrap_or_default(),
        }
    }
}
