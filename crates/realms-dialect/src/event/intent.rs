//! What a client wants its answer to look like.

use realms_types::DialectId;
use serde::Deserialize;

use super::{ToolHead, ToolKind};
use crate::{Budget, Prompt, Summary, Tool, ToolForm};

/// What a client wants of a translated answer, and what the answer is named by.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AnswerIntent {
    /// How the answer goes out.
    pub delivery: Delivery,
    /// The id of the request: names that the upstream did not give are made of it.
    pub request_id: String,
    /// When the answer began, in seconds since the epoch.
    pub created: i64,
    /// The model as the client named it. Without it the upstream's name is shown.
    pub model: Option<String>,
    /// Whether the stream ends with usage (Chat's `stream_options.include_usage`). Other dialects always
    /// tell it.
    pub include_usage: bool,
    /// Whether thinking is shown. Where it is not, it is a loss by name.
    pub thinking: bool,
    /// Whether the client sends sealed state back: encrypted reasoning was included (Responses), or
    /// thinking is on (Messages). Gemini's clients always do, Chat's have no place for it.
    pub sealed: bool,
    /// How much input there may be, in tokens, until the upstream says: Messages opens with it.
    pub estimated_input: u64,
    /// Tools that went out under another name or as another kind.
    pub tools: Vec<ToolAlias>,
}

/// How an answer goes out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Delivery {
    /// In one piece.
    #[default]
    Whole,
    /// As server-sent events.
    Events,
    /// As one JSON array, element by element (Gemini without `alt=sse`).
    Array,
}

/// What a body says of its answer and a prompt has no place for.
#[derive(Deserialize, Default)]
struct Wishes<'a> {
    #[serde(borrow, default)]
    include: Option<Vec<std::borrow::Cow<'a, str>>>,
    #[serde(default)]
    stream_options: Option<StreamOptions>,
}

#[derive(Deserialize)]
struct StreamOptions {
    #[serde(default)]
    include_usage: Option<bool>,
}

/// A tool that the upstream knows otherwise than the client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToolAlias {
    /// How the upstream was told to call it.
    pub sent: String,
    /// What the client calls it.
    pub name: String,
    /// The group the client has it in (Responses).
    pub namespace: Option<String>,
    /// What the client's tool takes. A custom tool may have gone out as a function.
    pub kind: ToolKind,
}

// === impl AnswerIntent ===

impl AnswerIntent {
    /// An answer in one piece that keeps all it can.
    pub fn new(request_id: impl Into<String>, created: i64) -> Self {
        Self {
            request_id: request_id.into(),
            created,
            thinking: true,
            sealed: true,
            ..Self::default()
        }
    }

    /// What the author of a prompt wants to see of its answer. `body` is what the prompt was read from.
    pub fn of(prompt: &Prompt, body: &[u8]) -> Self {
        // Whoever has read a prompt from it has read these too, or they are not there.
        let wishes: Wishes<'_> = serde_json::from_slice(body).unwrap_or_default();
        let summary = prompt.reasoning.summary.as_ref().map(|at| at.value);
        let is_shown = summary.is_some_and(|summary| summary != Summary::Hidden);
        let budget = prompt.reasoning.budget.as_ref().map(|at| at.value);
        let thinks = budget.is_some_and(|budget| budget != Budget::Tokens(0));
        let include = wishes.include.unwrap_or_default();
        let (thinking, sealed) = match prompt.origin {
            // There is no word for it: whoever does not know `reasoning_content` passes over it.
            DialectId::Chat => (summary != Some(Summary::Hidden), false),
            DialectId::Responses => {
                (is_shown, include.iter().any(|one| one == "reasoning.encrypted_content"))
            }
            DialectId::Messages => (thinks && summary != Some(Summary::Hidden), thinks),
            DialectId::Gemini => (is_shown, true),
        };
        Self {
            thinking,
            sealed,
            include_usage: wishes.stream_options.is_some_and(|it| it.include_usage == Some(true)),
            tools: prompt.tools.iter().filter_map(ToolAlias::of).collect(),
            ..Self::default()
        }
    }

    /// The call as the client knows its tool.
    pub(super) fn tool(&self, head: &ToolHead) -> ToolHead {
        let alias = self.tools.iter().find(|alias| alias.sent == head.name);
        let Some(alias) = alias.filter(|_| head.namespace.is_none()) else {
            return head.clone();
        };
        ToolHead {
            id: head.id.clone(),
            name: alias.name.clone(),
            namespace: alias.namespace.clone(),
            kind: alias.kind,
        }
    }
}

// === impl ToolAlias ===

impl ToolAlias {
    /// The names of a tool that the client runs; `None` for one that the vendor runs.
    fn of(tool: &Tool) -> Option<Self> {
        let sent = tool.sent_name()?;
        let (name, namespace, kind) = match &tool.kind {
            ToolForm::Function(one) => (&one.name, &one.namespace, ToolKind::Function),
            ToolForm::Custom(one) => (&one.name, &one.namespace, ToolKind::Custom),
            ToolForm::WebSearch(_) | ToolForm::CodeExecution(_) | ToolForm::Foreign { .. } => {
                return None;
            }
        };
        let namespace = namespace.as_ref().map(|at| at.value.clone());
        Some(Self { sent, name: name.clone(), namespace, kind })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decode_prompt;

    fn intent(dialect: DialectId, body: &str) -> AnswerIntent {
        AnswerIntent::of(&decode_prompt(dialect, body.as_bytes()).unwrap(), body.as_bytes())
    }

    #[test]
    fn what_a_client_wants_to_see_is_read_from_what_it_sent() {
        use DialectId::{Chat, Gemini, Messages, Responses};

        for (dialect, body, thinking, sealed, usage) in [
            (Chat, r#"{"messages":[]}"#, true, false, false),
            (Chat, r#"{"messages":[],"stream_options":{"include_usage":true}}"#, true, false, true),
            (Responses, r#"{"input":"a"}"#, false, false, false),
            (
                Responses,
                r#"{"input":"a","reasoning":{"summary":"auto"},"include":["reasoning.encrypted_content"]}"#,
                true,
                true,
                false,
            ),
            (Messages, r#"{"messages":[],"max_tokens":9}"#, false, false, false),
            (
                Messages,
                r#"{"messages":[],"max_tokens":9,"thinking":{"type":"disabled"}}"#,
                false,
                false,
                false,
            ),
            (
                Messages,
                r#"{"messages":[],"max_tokens":9000,"thinking":{"type":"enabled","budget_tokens":2000}}"#,
                true,
                true,
                false,
            ),
            (Gemini, r#"{"contents":[]}"#, false, true, false),
            (
                Gemini,
                r#"{"contents":[],"generationConfig":{"thinkingConfig":{"includeThoughts":true}}}"#,
                true,
                true,
                false,
            ),
        ] {
            let read = intent(dialect, body);
            let told = (read.thinking, read.sealed, read.include_usage);
            assert_eq!(told, (thinking, sealed, usage), "{body}");
        }
    }

    #[test]
    fn a_tool_in_a_group_comes_back_under_its_own_name() {
        let body = r#"{"input":"a","tools":[{"type":"namespace","name":"mcp","description":"d","tools":[
            {"type":"function","name":"read","parameters":{"type":"object"}}]},
            {"type":"custom","name":"patch"},{"type":"web_search"}]}"#;
        let tools = intent(DialectId::Responses, body).tools;
        let told: Vec<_> = tools.iter().map(|tool| (&*tool.sent, &*tool.name, tool.kind)).collect();
        let expected =
            [("mcp__read", "read", ToolKind::Function), ("patch", "patch", ToolKind::Custom)];
        assert_eq!(told, expected);
        assert_eq!(tools[0].namespace.as_deref(), Some("mcp"));
    }
}
