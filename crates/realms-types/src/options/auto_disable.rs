//! When a channel is switched off by itself.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Cause;

/// Failures that do not go away by waiting.
pub const HARD_CAUSES: [Cause; 4] =
    [Cause::Unauthorized, Cause::Exhausted, Cause::NoSuchPath, Cause::Redirect];

/// Switches a channel off after so many of these failures one after the other. An answer in between
/// begins the count anew.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AutoDisable {
    /// How many, 1 to 1000.
    #[schema(example = 3)]
    pub after: u32,
    /// Which: `unauthorized`, `exhausted`, `no_such_path`, `redirect`. Default: `unauthorized`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<String>)]
    pub causes: Vec<Cause>,
}

// === impl AutoDisable ===

impl AutoDisable {
    /// Whether a failure is one of those that count.
    pub fn counts(&self, cause: Cause) -> bool {
        if self.causes.is_empty() {
            cause == Cause::Unauthorized
        } else {
            self.causes.contains(&cause)
        }
    }
}
