//! What a call asks for, read from the top level of its JSON only.

use std::ops::Range;

use realms_types::DialectId;

use crate::{
    Fault,
    depth::is_deeper_than,
    members::Members,
    scan::QUICK_DEPTH,
    session::{session_in_metadata, usable},
};

/// How deep arrays and objects may nest; common parsers behind us give up at the same depth.
const MAX_DEPTH: usize = QUICK_DEPTH;

/// What a call asks for. Everything not named here passes unread.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Intent {
    /// The model, where the body names one (Gemini names it in the path).
    pub model: Option<Field>,
    /// Further places that name the model, in the order they are written ([`Self::model`] may lie
    /// between them): `requests[].model` of Gemini's batches of embeddings and
    /// `generateContentRequest.model` of its token counts, written `models/NAME`. Empty in other dialects.
    pub more_models: Vec<Field>,
    /// Whether the answer is to be streamed (Gemini says so in the path).
    pub stream: bool,
    /// The most tokens the answer may have: `max_output_tokens`, `max_completion_tokens`, `max_tokens`
    /// or `generationConfig.maxOutputTokens`. `None` when not given or below zero.
    pub max_output: Option<u64>,
    /// Whether the upstream is to keep the answer.
    pub store: Option<bool>,
    /// Whether the call is to run in the background (Responses).
    pub background: bool,
    /// What names the conversation, so that its calls can go to the same credential: a prompt cache
    /// key, a session id in the metadata, or the cached content the call builds on.
    pub session: Option<String>,
    /// The answer this call continues (Responses).
    pub previous_response: Option<String>,
    /// The price tier asked for.
    pub service_tier: Option<String>,
    /// Whether the fast lane is asked for by other means: `speed` of `fast` (Messages).
    pub fast: bool,
    /// How many answers are wanted: `n`, or `generationConfig.candidateCount`.
    pub candidate_count: Option<u64>,
}

/// A value, and where it is written in the body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// The value, unescaped.
    pub value: String,
    /// Where it lies: the JSON literal with its quotes, or the bare value of a form field.
    pub span: Range<usize>,
}

/// Why a body cannot be relayed. Each says what to change.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PeekError {
    /// Nothing was sent.
    #[error("the body is empty: send a JSON object")]
    Empty,
    /// A byte that is not UTF-8.
    #[error("the body is not UTF-8 from byte {at} on: encode it as UTF-8")]
    NotUtf8 {
        /// How many bytes are good.
        at: usize,
    },
    /// Not JSON, or something follows the object.
    #[error("the body is not JSON: {why}")]
    NotJson {
        /// What the parser says, with line and column.
        why: String,
    },
    /// JSON perhaps, but no object.
    #[error("the body must be a JSON object")]
    NotAnObject,
    /// The same key twice.
    #[error("`{key}` is given more than once: send each key once")]
    Duplicate {
        /// The key, unescaped.
        key: String,
    },
    /// A key that some upstreams would take for another.
    #[error("`{key}` is too like `{like}`: keys are written in lower case as documented")]
    Lookalike {
        /// The key as sent.
        key: String,
        /// The key it would be taken for.
        like: &'static str,
    },
    /// A field of a type it cannot have.
    #[error("`{field}` must be {wanted}")]
    WrongType {
        /// The field.
        field: &'static str,
        /// What it must be.
        wanted: &'static str,
    },
    /// Nested too deep.
    #[error("the body nests deeper than {MAX_DEPTH} levels: flatten it")]
    TooDeep,
    /// A form that cannot be read.
    #[error("the multipart form cannot be read: {why}")]
    Form {
        /// What is wrong with it.
        why: &'static str,
    },
}

const RESPONSES: &[&str] = &[
    "model",
    "stream",
    "max_output_tokens",
    "store",
    "background",
    "prompt_cache_key",
    "session_id",
    "conversation_id",
    "previous_response_id",
    "service_tier",
    "client_metadata",
    "metadata",
];
const CHAT: &[&str] = &[
    "model",
    "stream",
    "max_completion_tokens",
    "max_tokens",
    "store",
    "prompt_cache_key",
    "session_id",
    "conversation_id",
    "service_tier",
    "n",
    "metadata",
];
const MESSAGES: &[&str] = &["model", "stream", "max_tokens", "service_tier", "speed", "metadata"];
const GEMINI: &[&str] = &[
    "model",
    "generationConfig",
    "generation_config",
    "cachedContent",
    "cached_content",
    "serviceTier",
    "service_tier",
    "requests",
    "generateContentRequest",
    "generate_content_request",
];
const GENERATION: &[&str] =
    &["maxOutputTokens", "max_output_tokens", "candidateCount", "candidate_count"];

/// Reads what a body asks for.
///
/// The whole body is checked to be UTF-8 and one JSON object of bounded depth, but only the fields of
/// [`Intent`] are looked at. Keys may not repeat at the top level nor in `metadata`, `client_metadata`,
/// `generationConfig` and the objects of [`Intent::more_models`]: what Realms reads must be what the
/// upstream will read.
pub fn peek(dialect: DialectId, body: &[u8]) -> Result<Intent, PeekError> {
    let text = checked_text(body)?;
    let wanted = match dialect {
        DialectId::Responses => RESPONSES,
        DialectId::Chat => CHAT,
        DialectId::Messages => MESSAGES,
        DialectId::Gemini => GEMINI,
    };
    let members = Members::read(text, wanted)?;
    if !members.is_shallow() && is_deeper_than(body, MAX_DEPTH) {
        return Err(PeekError::TooDeep);
    }
    let mut intent = match dialect {
        DialectId::Responses => peek_responses(&members)?,
        DialectId::Chat => peek_chat(&members)?,
        DialectId::Messages => peek_messages(&members)?,
        DialectId::Gemini => peek_gemini(text, &members)?,
    };
    intent.model = model(text, &members)?;
    Ok(intent)
}

fn peek_responses(members: &Members<'_>) -> Result<Intent, PeekError> {
    let client = members.free_form("client_metadata", &["session_id", "thread_id"])?;
    let from_client = || client?.hint("session_id");
    Ok(Intent {
        stream: members.flag("stream")?.unwrap_or(false),
        max_output: members.count("max_output_tokens")?,
        store: members.flag("store")?,
        background: members.flag("background")?.unwrap_or(false),
        session: openai_session(members)?.or_else(from_client).and_then(usable),
        previous_response: members.text("previous_response_id")?,
        service_tier: members.text("service_tier")?,
        ..Intent::default()
    })
}

fn peek_chat(members: &Members<'_>) -> Result<Intent, PeekError> {
    Ok(Intent {
        stream: members.flag("stream")?.unwrap_or(false),
        max_output: members.count("max_completion_tokens")?.or(members.count("max_tokens")?),
        store: members.flag("store")?,
        session: openai_session(members)?.and_then(usable),
        service_tier: members.text("service_tier")?,
        candidate_count: members.count("n")?,
        ..Intent::default()
    })
}

fn peek_messages(members: &Members<'_>) -> Result<Intent, PeekError> {
    let metadata = members.free_form("metadata", &["user_id"])?;
    let user = metadata.and_then(|inner| inner.hint("user_id"));
    Ok(Intent {
        stream: members.flag("stream")?.unwrap_or(false),
        max_output: members.count("max_tokens")?,
        session: user.and_then(|user| session_in_metadata(&user)).and_then(usable),
        service_tier: members.text("service_tier")?,
        fast: members.raw("speed") == Some("\"fast\""),
        ..Intent::default()
    })
}

/// Both spellings of every key are understood, as in proto3 JSON; both at once are refused.
fn peek_gemini(text: &str, members: &Members<'_>) -> Result<Intent, PeekError> {
    let config = match either(members, "generationConfig", "generation_config")? {
        Some(key) => members.inner(key, GENERATION)?,
        None => None,
    };
    let cached = either(members, "cachedContent", "cached_content")?;
    let tier = either(members, "serviceTier", "service_tier")?;
    let mut intent = Intent {
        service_tier: tier.and_then(|key| members.hint(key)),
        session: cached.and_then(|key| members.hint(key)).and_then(usable),
        more_models: inner_models(text, members)?,
        ..Intent::default()
    };
    if let Some(config) = config {
        if let Some(key) = either(&config, "maxOutputTokens", "max_output_tokens")? {
            intent.max_output = config.count(key)?;
        }
        if let Some(key) = either(&config, "candidateCount", "candidate_count")? {
            intent.candidate_count = config.count(key)?;
        }
    }
    Ok(intent)
}

/// The models named inside a Gemini body. Google refuses those that differ from the one in the path.
fn inner_models(text: &str, members: &Members<'_>) -> Result<Vec<Field>, PeekError> {
    const INNER: &[&str] = &["model"];
    let mut models = Vec::new();
    members.each_inner("requests", INNER, |request| {
        models.extend(model(text, &request)?);
        Ok(())
    })?;
    if let Some(key) = either(members, "generateContentRequest", "generate_content_request")?
        && let Some(request) = members.inner(key, INNER)?
    {
        models.extend(model(text, &request)?);
    }
    models.sort_unstable_by_key(|field| field.span.start);
    Ok(models)
}

fn openai_session(members: &Members<'_>) -> Result<Option<String>, PeekError> {
    const INNER: &[&str] = &["session_id", "conversation_id", "user_id"];
    let top = ["prompt_cache_key", "session_id", "conversation_id"];
    if let Some(session) = top.iter().find_map(|key| members.hint(key)) {
        return Ok(Some(session));
    }
    let Some(metadata) = members.free_form("metadata", INNER)? else {
        return Ok(None);
    };
    let named = metadata.hint("session_id").or_else(|| metadata.hint("conversation_id"));
    Ok(named.or_else(|| session_in_metadata(&metadata.hint("user_id")?)))
}

fn either(
    members: &Members<'_>,
    camel: &'static str,
    snake: &'static str,
) -> Result<Option<&'static str>, PeekError> {
    match (members.raw(camel), members.raw(snake)) {
        (Some(_), Some(_)) => Err(PeekError::Duplicate { key: camel.to_owned() }),
        (Some(_), None) => Ok(Some(camel)),
        (None, Some(_)) => Ok(Some(snake)),
        (None, None) => Ok(None),
    }
}

/// The model and the span of its literal: the parser hands out slices of `text`, so the distance of
/// the two is the offset.
fn model(text: &str, members: &Members<'_>) -> Result<Option<Field>, PeekError> {
    let (Some(value), Some(raw)) = (members.text("model")?, members.raw("model")) else {
        return Ok(None);
    };
    let start = raw.as_ptr().addr() - text.as_ptr().addr();
    Ok(Some(Field { value, span: start..start + raw.len() }))
}

fn checked_text(body: &[u8]) -> Result<&str, PeekError> {
    if body.is_empty() {
        return Err(PeekError::Empty);
    }
    // The quick check does not say where the first bad byte is.
    simdutf8::basic::from_utf8(body).or_else(|_| {
        str::from_utf8(body).map_err(|error| PeekError::NotUtf8 { at: error.valid_up_to() })
    })
}

// === impl PeekError ===

impl PeekError {
    #[expect(clippy::needless_pass_by_value, reason = "the shape `map_err` takes")]
    pub(crate) fn not_json(error: serde_json::Error) -> Self {
        Self::NotJson { why: error.to_string() }
    }

    /// The field at fault, where there is one.
    fn param(&self) -> Option<String> {
        match self {
            Self::Duplicate { key } | Self::Lookalike { key, .. } => Some(key.clone()),
            Self::WrongType { field, .. } => Some((*field).to_owned()),
            _ => None,
        }
    }
}

impl From<PeekError> for Fault {
    fn from(error: PeekError) -> Self {
        let fault = Self::bad_request(error.to_string());
        match error.param() {
            Some(param) => fault.with_param(param),
            None => fault,
        }
    }
}
