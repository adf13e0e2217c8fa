//! What a client wants its answer to look like.

use super::{ToolHead, ToolKind};

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
