//! Sets and edits fields of a body.

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

/// Plain values first, then operations in their order.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Params {
    /// Top-level fields with the values they get, whatever the client sent.
    #[serde(skip_serializing_if = "Map::is_empty")]
    #[schema(value_type = Object, example = json!({"temperature": 0.2}))]
    pub overrides: Map<String, Value>,
    /// Edits, done one after the other.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub operations: Vec<ParamOperation>,
}

/// One edit. What it needs depends on `mode`; a path that is not there is left alone, but for `set`,
/// which makes it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ParamOperation {
    /// What is done.
    pub mode: ParamMode,
    /// Where: names with dots between them, a number for an item of a list (`-1`: the last), `*` for all.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    #[schema(example = "messages.-1.content")]
    pub path: String,
    /// `set`: the value. `prepend`, `append`, `trim_*`, `ensure_*`: the text, or for a list the item.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub value: Option<Value>,
    /// `move`, `copy`: the path it comes from. `replace`: the text. `regex_replace`: the expression.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub from: Option<String>,
    /// `move`, `copy`: the path it goes to. `replace`, `regex_replace`: what takes its place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub to: Option<String>,
    /// When it is done. Empty: always.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub conditions: Vec<Condition>,
    /// Whether one condition is enough, or all must hold.
    #[serde(default, skip_serializing_if = "super::is_default")]
    pub logic: Joint,
}

/// What an operation does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ParamMode {
    /// Takes the field out.
    Delete,
    /// Gives it a value.
    Set,
    /// Moves it to another path.
    Move,
    /// Copies it to another path.
    Copy,
    /// Puts text before a text, or an item first in a list.
    Prepend,
    /// Puts text behind a text, or an item last in a list.
    Append,
    /// Cuts a text off the start.
    TrimPrefix,
    /// Cuts a text off the end.
    TrimSuffix,
    /// Puts a text before it unless it begins so.
    EnsurePrefix,
    /// Puts a text behind it unless it ends so.
    EnsureSuffix,
    /// Cuts blanks off both ends.
    TrimSpace,
    /// In lower case.
    ToLower,
    /// In upper case.
    ToUpper,
    /// Replaces every occurrence of a text.
    Replace,
    /// Replaces every match of a regular expression; `$1` is the first group.
    RegexReplace,
}

/// What must hold of a field of the body, or of the call: `model` and `upstream_model` (what is called
/// upstream), `original_model` (what the client named), `request_path`, `channel_kind`, `channel_id`,
/// `is_channel_test`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Condition {
    /// Which field.
    #[schema(example = "original_model")]
    pub path: String,
    /// How it is compared.
    #[serde(default, skip_serializing_if = "super::is_default")]
    pub mode: Compare,
    /// With what.
    #[schema(value_type = Object)]
    pub value: Value,
    /// Holds when the comparison does not.
    #[serde(default, skip_serializing_if = "super::is_default")]
    pub invert: bool,
    /// Whether it holds when there is no such field.
    #[serde(default, skip_serializing_if = "super::is_default")]
    pub pass_missing_key: bool,
}

/// How a field is compared.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Compare {
    /// The same value.
    #[default]
    Full,
    /// A text that begins so.
    Prefix,
    /// A text that ends so.
    Suffix,
    /// A text that holds it, or a list that holds the item.
    Contains,
    /// A greater number.
    Gt,
    /// A greater number, or the same.
    Gte,
    /// A smaller number.
    Lt,
    /// A smaller number, or the same.
    Lte,
}

/// How conditions are joined.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Joint {
    /// One is enough.
    #[default]
    Or,
    /// All must hold.
    And,
}

/// A value that is given, even where it is `null`.
fn given<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}

// === impl Params ===

impl Params {
    /// Whether nothing is changed.
    pub fn is_empty(&self) -> bool {
        self.overrides.is_empty() && self.operations.is_empty()
    }
}

// === impl Compare ===

impl Compare {
    /// Whether it compares texts only.
    pub(super) const fn is_of_text(self) -> bool {
        matches!(self, Self::Prefix | Self::Suffix)
    }

    /// Whether it compares numbers only.
    pub(super) const fn is_of_number(self) -> bool {
        matches!(self, Self::Gt | Self::Gte | Self::Lt | Self::Lte)
    }
}
