//! Turns of a conversation and the pieces they are made of.

use realms_types::DialectId;
use serde_json::Value;

use super::{Given, Proof};

/// Who speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// The operator of the model, in the middle of a conversation.
    System,
    /// The developer of the client: the same to all vendors but OpenAI, who ranks it below the system.
    Developer,
    /// The user, or a tool whose result is given back.
    User,
    /// The model.
    Assistant,
}

/// What the model is told before the conversation.
#[derive(Debug, Clone, PartialEq)]
pub struct System {
    /// Whether it was said as developer rather than as system.
    pub developer: bool,
    /// The speaker's name.
    pub name: Option<Given<String>>,
    /// Its texts.
    pub pieces: Vec<Piece>,
}

/// What one side says at a time.
#[derive(Debug, Clone, PartialEq)]
pub struct Turn {
    /// Who speaks.
    pub role: Role,
    /// The speaker's name.
    pub name: Option<Given<String>>,
    /// In the order they were said.
    pub pieces: Vec<Piece>,
}

/// A part, where it was written, and whether a cache entry ends with it.
#[derive(Debug, Clone)]
pub struct Piece {
    /// Where it was written.
    pub path: String,
    /// `cache_control` of Anthropic, as it was written: everything up to here is to be cached.
    pub cache: Option<Value>,
    /// What it is.
    pub part: Part,
}

/// A piece of content.
#[derive(Debug, Clone, PartialEq)]
pub enum Part {
    /// Text for people and models.
    Text(String),
    /// A picture.
    Image(Media),
    /// A PDF or a text file.
    Document(Document),
    /// Sound.
    Audio(Media),
    /// A film (Gemini only).
    Video(Media),
    /// The model wants a tool to run.
    Call(Call),
    /// What a tool gave back.
    Result(ToolResult),
    /// What the model thought.
    Thinking(Thinking),
    /// The model's words for why it will not answer.
    Refusal(String),
    /// Content that only one dialect has; it returns only there.
    Foreign {
        /// Whose content it is.
        dialect: DialectId,
        /// As it was written.
        raw: Value,
        /// What it is, when the prompt means something else without it.
        feature: Option<&'static str>,
    },
}

/// A file and where its bytes are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Media {
    /// Where the bytes are.
    pub source: Source,
    /// The media type: `image/png`.
    pub mime: Option<String>,
    /// How closely to look at a picture, in OpenAI's words.
    pub detail: Option<Given<String>>,
}

/// Where the bytes of a file are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// Here, in base64.
    Data(String),
    /// Here, as plain text.
    Text(String),
    /// At an address that the vendor can fetch.
    Url(String),
    /// With the vendor, under this id: no other vendor has it.
    Stored(String),
}

/// A file to read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// The file.
    pub media: Media,
    /// Its name or title.
    pub title: Option<Given<String>>,
    /// What the client says about it (Anthropic).
    pub context: Option<Given<String>>,
}

/// How a tool takes what it is called with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CallKind {
    /// A JSON object.
    Function,
    /// Free text (OpenAI).
    Custom,
}

/// A call of a tool.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// What names the call.
    pub id: String,
    /// The client gave no id, this one was made from the call's place.
    pub made_id: bool,
    /// The tool.
    pub name: String,
    /// The group that the tool is in (Codex).
    pub namespace: Option<String>,
    /// How the tool takes it.
    pub kind: CallKind,
    /// What it is called with: JSON for a function (as text, as the model wrote it), any text else.
    pub input: String,
    /// The vendor's proof of the thoughts behind it (Gemini).
    pub seal: Option<Given<Proof>>,
}

/// The result of a call.
#[derive(Debug, Clone, PartialEq)]
pub struct ToolResult {
    /// The call it answers.
    pub call: String,
    /// The client gave no id, this one is that of the call it must answer.
    pub made_id: bool,
    /// The tool, where the dialect names it.
    pub name: Option<String>,
    /// How the tool was called.
    pub kind: CallKind,
    /// Text, images, documents.
    pub pieces: Vec<Piece>,
    /// The tool failed.
    pub is_error: Option<Given<bool>>,
}

/// What the model thought before it spoke.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Thinking {
    /// In words, as far as they were shown.
    pub text: String,
    /// Whether the words are only a summary.
    pub summary: bool,
    /// The vendor's proof of the thoughts, or the thoughts themselves, sealed.
    pub seal: Option<Given<Proof>>,
}

// === impl Piece ===

impl Piece {
    pub(super) fn new(path: impl Into<String>, part: Part) -> Self {
        Self { path: path.into(), cache: None, part }
    }
}

impl PartialEq for Piece {
    fn eq(&self, other: &Self) -> bool {
        self.part == other.part && self.cache == other.cache
    }
}

// === impl Part ===

impl Part {
    /// The text, of a part that is nothing else.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }
}

// === impl Media ===

impl Media {
    /// A file from an address; the bytes are in the address when it is a `data:` URL.
    pub(super) fn from_url(url: String) -> Self {
        if let Some((mime, data)) = data_url(&url) {
            let mime = (!mime.is_empty()).then(|| mime.to_owned());
            return Self { source: Source::Data(data.to_owned()), mime, detail: None };
        }
        Self { source: Source::Url(url), mime: None, detail: None }
    }

    pub(super) fn of(source: Source, mime: Option<String>) -> Self {
        Self { source, mime, detail: None }
    }

    /// The address, which is a `data:` URL when the bytes are here.
    pub(super) fn url(&self, default_mime: &str) -> Option<String> {
        match &self.source {
            Source::Url(url) => Some(url.clone()),
            Source::Data(data) => {
                let mime = self.mime.as_deref().unwrap_or(default_mime);
                Some(format!("data:{mime};base64,{data}"))
            }
            Source::Text(_) | Source::Stored(_) => None,
        }
    }
}

/// Media type and base64 of a `data:` URL.
fn data_url(url: &str) -> Option<(&str, &str)> {
    let rest = url.strip_prefix("data:")?;
    let (head, data) = rest.split_once(',')?;
    Some((head.strip_suffix(";base64")?, data))
}
