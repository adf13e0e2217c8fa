//! A system prompt of the operator.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Put into `instructions`, a system message, `system` or `systemInstruction`, by dialect.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SystemPrompt {
    /// The text.
    pub text: String,
    /// What happens when the client sent one.
    #[serde(default, skip_serializing_if = "super::is_default")]
    pub mode: PromptMode,
}

/// What happens when the client sent a system prompt of its own.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PromptMode {
    /// The client's stays, and this one is left out.
    #[default]
    InjectIfAbsent,
    /// This one comes first, the client's after it.
    Prepend,
}
