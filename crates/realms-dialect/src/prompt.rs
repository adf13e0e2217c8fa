//! The neutral request: what a call asks for, in no dialect's words.
//!
//! [`decode_prompt`] reads a body into a [`Prompt`], [`encode_prompt`] writes a prompt as the body of
//! another dialect. There are no translators from one dialect to another, only these two halves, and
//! the rules in `rules/`, each of which settles one thing on which the dialects disagree.
//!
//! Nothing is lost without a name. Whatever a decoder does not know is kept beside the prompt, with its
//! path, and an encoder either writes it or names it in [`Losses`]. What the other dialect cannot
//! express at all is [`Untranslatable`].

mod count;
mod decode_chat;
mod decode_gemini;
mod decode_messages;
mod decode_responses;
mod embed;
mod encode_chat;
mod encode_gemini;
mod encode_messages;
mod encode_responses;
mod fields;
mod out;
mod part;
mod proof;
mod rules;
mod settings;
mod target;
mod tool;
mod tree;

use realms_types::DialectId;
use serde_json::{Map, Value};

pub use self::{
    count::{decode_count, encode_count},
    embed::{EmbedPrompt, decode_embed, encode_embed},
    part::{
        Call, CallKind, Document, Media, Part, Piece, Role, Source, System, Thinking, ToolResult,
        Turn,
    },
    proof::Proof,
    rules::effort::Effort,
    settings::{Budget, Format, JsonSchema, Logprobs, Reasoning, Sampling, Summary, Tier},
    target::{Family, Target},
    tool::{Custom, Function, Hosted, Tool, ToolChoice, ToolForm},
};
use crate::{Losses, PeekError, depth::MOST_WITHIN};

/// A value, and where it was written in the body it came from: `messages[2].content[0]`.
///
/// Two values are equal wherever they were written.
#[derive(Debug, Clone)]
pub struct Given<T> {
    /// The path of the field, for [`Losses`].
    pub path: String,
    /// What it says.
    pub value: T,
}

/// What a call asks for.
#[derive(Debug, Clone, PartialEq)]
pub struct Prompt {
    /// The dialect it was written in: paths are those of its body.
    pub origin: DialectId,
    /// The model, where the body names one (Gemini names it in the path).
    pub model: Option<String>,
    /// What the model is told before the conversation, in order. One that stands within the
    /// conversation is a turn.
    pub system: Vec<System>,
    /// The conversation. Neighbours may have the same role; tool results are parts of user turns.
    pub turns: Vec<Turn>,
    /// What the model may call.
    pub tools: Vec<Tool>,
    /// Whether it must call something, and what.
    pub choice: Option<Given<ToolChoice>>,
    /// Whether it may call several tools at once.
    pub parallel: Option<Given<bool>>,
    /// The shape of the answer's text.
    pub format: Option<Given<Format>>,
    /// How much to think, and what to show of it.
    pub reasoning: Reasoning,
    /// How the next token is chosen.
    pub sampling: Sampling,
    /// Texts that end the answer.
    pub stop: Option<Given<Vec<String>>>,
    /// The most tokens of an answer, thinking included.
    pub max_output: Option<Given<u64>>,
    /// How many answers are wanted.
    pub candidates: Option<Given<u64>>,
    /// Whether the probabilities of tokens are wanted.
    pub logprobs: Option<Given<Logprobs>>,
    /// How long the text should be, in OpenAI's words: `low`, `medium`, `high`.
    pub verbosity: Option<Given<String>>,
    /// Names and values that the vendor keeps with the answer.
    pub metadata: Option<Given<Map<String, Value>>>,
    /// Who the end user is, for the vendor's abuse watch.
    pub user: Option<Given<String>>,
    /// Which calls share a prompt cache (OpenAI).
    pub cache_key: Option<Given<String>>,
    /// Which lane of service is wanted.
    pub tier: Option<Given<Tier>>,
    /// Whether the answer is streamed. Gemini says it in the path, so whoever decodes sets it.
    pub stream: bool,
    /// Whether the vendor is to keep the answer.
    pub store: Option<Given<bool>>,
    /// The answer that this call continues (Responses).
    pub previous_response: Option<Given<String>>,
    /// Everything else that was said.
    pub unknown: Vec<Unknown>,
}

/// Something a decoder has no neutral word for.
#[derive(Debug, Clone, PartialEq)]
pub struct Unknown {
    /// Where it was written.
    pub path: String,
    /// What it said.
    pub raw: Value,
    /// What it is for, when an answer without it would be a wrong answer: then no other dialect takes it.
    pub feature: Option<&'static str>,
}

/// Why a body cannot be read as a prompt. Each says what to change.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PromptError {
    /// The body is no JSON object that can be relayed at all.
    #[error(transparent)]
    Body(#[from] PeekError),
    /// A field is missing.
    #[error("`{path}` is missing")]
    Missing {
        /// Where it should be.
        path: String,
    },
    /// A field has a type or a value that it cannot have.
    #[error("`{path}` must be {wanted}")]
    Wrong {
        /// Where it is.
        path: String,
        /// What it must be.
        wanted: &'static str,
    },
    /// A number that no 64 bits hold: it would arrive as another.
    #[error("the body has an integer of more than 64 bits: send it as text")]
    Number,
    /// Nested so deep that there is no room for the form of another dialect around it.
    #[error(
        "the body nests deeper than {MOST_WITHIN} levels, too deep to be translated: flatten it, or use a model that is served in the dialect of the call"
    )]
    TooDeep,
}

/// The target's dialect cannot express what the call asks for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{feature} (`{path}`) cannot be translated to the {dialect} dialect: leave it out, or use a model that is served in the dialect of the call"
)]
pub struct Untranslatable {
    /// What it is, in words: `a response in the background`.
    pub feature: &'static str,
    /// Where it was asked for.
    pub path: String,
    /// The dialect that has no word for it.
    pub dialect: DialectId,
}

/// Reads the body of a call that asks for an answer.
///
/// Keys may repeat nowhere in it: what Realms reads must be what another reads. Neither may it nest so deep
/// that in the form of another dialect no parser would read it.
pub fn decode_prompt(dialect: DialectId, body: &[u8]) -> Result<Prompt, PromptError> {
    decode_tree(dialect, tree::parse(body)?)
}

/// Writes a prompt as a body of the target's dialect, naming in `losses` all that does not arrive as it was sent.
///
/// Into its own dialect a prompt is written with everything that was beside it, except what stood
/// within an element of a list.
pub fn encode_prompt(
    prompt: &Prompt,
    target: &Target<'_>,
    losses: &mut Losses,
) -> Result<Vec<u8>, Untranslatable> {
    Ok(crate::to_json(&encode_tree(prompt, target, losses)?).to_vec())
}

fn decode_tree(dialect: DialectId, body: Value) -> Result<Prompt, PromptError> {
    match dialect {
        DialectId::Responses => decode_responses::decode(body),
        DialectId::Chat => decode_chat::decode(body),
        DialectId::Messages => decode_messages::decode(body),
        DialectId::Gemini => decode_gemini::decode(body),
    }
}

fn encode_tree(
    prompt: &Prompt,
    target: &Target<'_>,
    losses: &mut Losses,
) -> Result<Value, Untranslatable> {
    rules::unknown::refuse(prompt, target)?;
    let mut body = match target.dialect {
        DialectId::Responses => encode_responses::encode(prompt, target, losses)?,
        DialectId::Chat => encode_chat::encode(prompt, target, losses)?,
        DialectId::Messages => encode_messages::encode(prompt, target, losses)?,
        DialectId::Gemini => encode_gemini::encode(prompt, target, losses)?,
    };
    rules::unknown::write(prompt, target, &mut body, losses);
    Ok(Value::Object(body))
}

// === impl Given ===

impl<T> Given<T> {
    /// A value and its path.
    pub fn new(path: impl Into<String>, value: T) -> Self {
        Self { path: path.into(), value }
    }
}

impl<T: PartialEq> PartialEq for Given<T> {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

impl<T: Eq> Eq for Given<T> {}

// === impl Prompt ===

impl Prompt {
    /// A prompt that asks for nothing yet.
    pub fn empty(origin: DialectId) -> Self {
        Self {
            origin,
            model: None,
            system: Vec::new(),
            turns: Vec::new(),
            tools: Vec::new(),
            choice: None,
            parallel: None,
            format: None,
            reasoning: Reasoning::default(),
            sampling: Sampling::default(),
            stop: None,
            max_output: None,
            candidates: None,
            logprobs: None,
            verbosity: None,
            metadata: None,
            user: None,
            cache_key: None,
            tier: None,
            stream: false,
            store: None,
            previous_response: None,
            unknown: Vec::new(),
        }
    }

    /// The tool that an encoder offered under this name, to give a call of it back as the client knows it.
    pub fn tool_sent_as(&self, name: &str) -> Option<&Tool> {
        self.tools.iter().find(|tool| tool.sent_name().as_deref() == Some(name))
    }
}

// === impl PromptError ===

impl PromptError {
    fn wrong(path: impl Into<String>, wanted: &'static str) -> Self {
        Self::Wrong { path: path.into(), wanted }
    }
}
