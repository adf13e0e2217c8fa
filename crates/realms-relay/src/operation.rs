//! What a path asks for.

use http::Method;
use realms_store::ObjectKind;
use realms_types::DialectId;

/// One of the things clients can ask the data plane to do with an upstream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Operation {
    /// `POST /v1/responses`.
    Respond,
    /// `POST /v1/responses/input_tokens`.
    CountResponseInput,
    /// `POST /v1/responses/compact`.
    Compact,
    /// `POST /v1/chat/completions`.
    Chat,
    /// `POST /v1/messages`.
    Message,
    /// `POST /v1/messages/count_tokens`.
    CountMessageTokens,
    /// `POST /{v1|v1beta}/models/{model}:{action}`.
    Gemini {
        /// `v1` or `v1beta`, as the client called it.
        version: &'static str,
        /// The model in the path.
        model: String,
        /// What to do with it.
        action: GeminiAction,
    },
    /// An endpoint of the OpenAI family that is passed through: the path below `/v1`.
    PassThrough(&'static str),
    /// An act on an object that an earlier call stored upstream.
    Stored(StoredAct),
}

/// The methods of Gemini's models.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GeminiAction {
    /// `generateContent`.
    Generate,
    /// `streamGenerateContent`.
    Stream,
    /// `countTokens`.
    CountTokens,
    /// `embedContent`.
    Embed,
    /// `batchEmbedContents`.
    BatchEmbed,
}

/// An act on a stored object: it goes to the credential that made the object, for its owner only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredAct {
    /// What kind of object.
    pub kind: ObjectKind,
    /// Its id, as the upstream named it.
    pub id: String,
    /// What to do with it.
    pub method: Method,
    /// What follows the id in the path: empty, `/cancel`, `/input_items`, `/messages`.
    pub tail: &'static str,
}

/// The endpoints of the OpenAI family that are passed through, below `/v1`.
pub(crate) const PASS_THROUGH: &[&str] = &[
    "/completions",
    "/embeddings",
    "/images/generations",
    "/images/edits",
    "/images/variations",
    "/audio/speech",
    "/audio/transcriptions",
    "/audio/translations",
    "/moderations",
    "/rerank",
];

// === impl Operation ===

impl Operation {
    /// An ordinary call in a dialect: an answer is wanted of a model of this name. Whether it is streamed is a
    /// matter of the body, but for Gemini.
    pub fn answering(dialect: DialectId, model: &str, stream: bool) -> Self {
        let action = if stream { GeminiAction::Stream } else { GeminiAction::Generate };
        match dialect {
            DialectId::Responses => Self::Respond,
            DialectId::Chat => Self::Chat,
            DialectId::Messages => Self::Message,
            DialectId::Gemini => Self::gemini(model, action),
        }
    }

    /// A call of one of Gemini's methods.
    pub(crate) fn gemini(model: &str, action: GeminiAction) -> Self {
        Self::Gemini { version: "v1beta", model: model.to_owned(), action }
    }

    /// The wire format of the request, the answer and its errors.
    pub fn dialect(&self) -> DialectId {
        match self {
            Self::Respond | Self::CountResponseInput | Self::Compact => DialectId::Responses,
            Self::Stored(act) => object_dialect(act.kind),
            Self::Chat | Self::PassThrough(_) => DialectId::Chat,
            Self::Message | Self::CountMessageTokens => DialectId::Messages,
            Self::Gemini { .. } => DialectId::Gemini,
        }
    }

    /// The word in records and metrics.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Respond => "responses",
            Self::CountResponseInput => "responses.input_tokens",
            Self::Compact => "responses.compact",
            Self::Chat => "chat.completions",
            Self::Message => "messages",
            Self::CountMessageTokens => "messages.count_tokens",
            Self::Gemini { action, .. } => action.as_str(),
            Self::PassThrough(path) => path.trim_start_matches('/'),
            Self::Stored(act) => object_operation(act.kind),
        }
    }

    /// Whether it is what upstreams are there for: generating an answer.
    pub fn is_generation(&self) -> bool {
        match self {
            Self::Respond | Self::Chat | Self::Message => true,
            Self::Gemini { action, .. } => {
                matches!(action, GeminiAction::Generate | GeminiAction::Stream)
            }
            _ => false,
        }
    }

    /// Whether it generates output that is paid for, be it text, pictures or speech.
    pub fn writes(&self) -> bool {
        match self {
            Self::PassThrough(path) => !matches!(*path, "/embeddings" | "/moderations" | "/rerank"),
            Self::Compact => true,
            _ => self.is_generation(),
        }
    }

    /// Whether the answer's usage is the caller's to pay. Counting is free, and reading a stored
    /// answer again must not bill its usage a second time.
    pub fn is_metered(&self) -> bool {
        match self {
            Self::CountResponseInput | Self::CountMessageTokens | Self::Stored(_) => false,
            Self::Gemini { action, .. } => *action != GeminiAction::CountTokens,
            _ => true,
        }
    }

    /// The kind of object an answer may leave behind upstream.
    pub fn stores(&self) -> Option<ObjectKind> {
        match self {
            Self::Respond => Some(ObjectKind::Response),
            Self::Chat => Some(ObjectKind::ChatCompletion),
            _ => None,
        }
    }
}

// === impl GeminiAction ===

impl GeminiAction {
    /// Reads the part of the path after the colon.
    pub fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "generateContent" => Self::Generate,
            "streamGenerateContent" => Self::Stream,
            "countTokens" => Self::CountTokens,
            "embedContent" => Self::Embed,
            "batchEmbedContents" => Self::BatchEmbed,
            _ => return None,
        })
    }

    /// The part of the path after the colon.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Generate => "generateContent",
            Self::Stream => "streamGenerateContent",
            Self::CountTokens => "countTokens",
            Self::Embed => "embedContent",
            Self::BatchEmbed => "batchEmbedContents",
        }
    }
}

// === impl ObjectKind ===

/// The dialect such objects belong to.
pub(crate) fn object_dialect(kind: ObjectKind) -> DialectId {
    match kind {
        ObjectKind::Response => DialectId::Responses,
        ObjectKind::ChatCompletion => DialectId::Chat,
    }
}

/// The path of such objects below `/v1`.
pub(crate) fn object_path(kind: ObjectKind) -> &'static str {
    match kind {
        ObjectKind::Response => "/responses",
        ObjectKind::ChatCompletion => "/chat/completions",
    }
}

fn object_operation(kind: ObjectKind) -> &'static str {
    match kind {
        ObjectKind::Response => "responses.stored",
        ObjectKind::ChatCompletion => "chat.completions.stored",
    }
}
