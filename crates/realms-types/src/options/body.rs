//! Which fields of a body pass.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Paths into the body: names with dots between them, a number for an item of a list, `*` for all of
/// them; `\.` is a dot in a name.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct BodyFilter {
    /// Only these pass. Empty: all. `model` and `stream` must be among them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(example = json!(["model", "stream", "messages.*.content"]))]
    pub allow: Vec<String>,
    /// These are taken out afterwards.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub deny: Vec<String>,
}

// === impl BodyFilter ===

impl BodyFilter {
    /// Whether everything passes.
    pub fn is_empty(&self) -> bool {
        self.allow.is_empty() && self.deny.is_empty()
    }
}
