//! Which upstream model is called instead of the bound one.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Calls another upstream model when the name fits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ModelRule {
    /// How the name is compared.
    #[serde(rename = "match")]
    pub kind: RuleKind,
    /// What it is compared with.
    #[schema(example = "gpt-5")]
    pub pattern: String,
    /// The whole name that is called. With `regex`, `$1` and `${name}` are what the groups matched.
    #[schema(example = "gpt-5.2")]
    pub to: String,
}

/// How a name is compared. Case counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RuleKind {
    /// It is the pattern.
    Exact,
    /// It begins with the pattern.
    Prefix,
    /// It ends with the pattern.
    Suffix,
    /// The pattern, a regular expression, matches all of it.
    Regex,
}
