//! An answer, step by step: what lies between an upstream's dialect and a client's.
//!
//! A [`Decoder`] turns the frames of an upstream, or its whole body, into [`Event`]s; an [`Encoder`]
//! turns events into the frames or the body a client expects. A body decodes to the same events as its
//! stream, so one machine serves both.

mod answer;
mod arguments;
mod citation;
mod custom_tool;
mod decode;
mod decode_chat;
mod decode_gemini;
mod decode_messages;
mod decode_responses;
mod embeddings;
mod encode;
mod encode_chat;
mod encode_gemini;
mod encode_messages;
mod encode_responses;
mod image;
mod intent;
mod json_end;
mod logprobs;
mod midway;
mod names;
mod object;
mod said;
mod seal;
mod sequence;
mod shaping;
mod steps;
mod stop;
mod token_count;
mod usage;
mod write;

use realms_types::{DialectId, Usage};

pub use answer::{Answer, AnswerFold, AnswerPart, AnswerTooLarge, Choice};
pub use citation::Citation;
pub use decode::Decoder;
pub use embeddings::{EmbeddingShape, Embeddings, Vector, read_embeddings, render_embeddings};
pub use encode::{Encoder, Outcome};
pub use intent::{AnswerIntent, Delivery, ToolAlias};
pub use logprobs::Logprob;
pub use seal::{SEAL_MARK, Seal, SealKind};
pub use stop::Stop;
pub use token_count::{read_token_count, render_token_count};

use crate::UpstreamFault;

/// One step of an answer.
///
/// A decoder keeps this order: one `Start`; parts, each begun, filled and ended once; a `Stop` for each
/// choice; `Finish`. Usage, pings and parts of one choice may lie between those of another. A `Fault`
/// ends the answer wherever it stands. Nothing comes after `Finish` or `Fault`.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// The answer begins.
    Start(Start),
    /// A part begins.
    PartStart {
        /// Which part.
        at: At,
        /// What it is.
        head: PartHead,
    },
    /// More of a part.
    Delta {
        /// Of which part.
        at: At,
        /// What is added.
        delta: Delta,
    },
    /// A part is complete.
    PartEnd {
        /// Which part.
        at: At,
    },
    /// What was used so far. Counts are cumulative: the last report holds.
    Usage(Usage),
    /// Why a choice ended.
    Stop {
        /// Which choice.
        choice: u32,
        /// Why.
        stop: Stop,
    },
    /// The answer is complete.
    Finish,
    /// The answer failed: in place of its content, or after a part of it.
    Fault(Box<UpstreamFault>),
    /// The upstream says that it is still there.
    Ping,
}

/// How an answer begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Start {
    /// The dialect it came in. Sealed state goes back as it is only where the client speaks it too.
    pub dialect: DialectId,
    /// How the upstream names the answer, where that is known before its content.
    pub id: Option<String>,
    /// The model as the upstream names it.
    pub model: Option<String>,
}

/// Which part of which choice. Both count from 0; parts in the order they began.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct At {
    /// The choice (a candidate of Gemini); 0 where only one was asked for.
    pub choice: u32,
    /// The part within the choice.
    pub part: u32,
}

/// What a part is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PartHead {
    /// What the model says.
    Text,
    /// What the model thinks, as far as it is shown.
    Thinking(ThinkingForm),
    /// A thought of which nothing is shown: only its seal.
    Sealed,
    /// The model declines, in its own words.
    Refusal,
    /// A tool is called. Its text is the arguments.
    ToolCall(ToolHead),
    /// What only its own dialect can hold. It is whole at once: no deltas.
    Foreign(Foreign),
}

/// How thinking is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ThinkingForm {
    /// The chain of thought, or what the vendor shows in its place.
    Full,
    /// Summaries, as Responses has them; paragraphs are parted by an empty line.
    Summary,
}

/// The call of a tool.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToolHead {
    /// How the upstream names the call. Gemini may not.
    pub id: Option<String>,
    /// The tool.
    pub name: String,
    /// The group the tool is in (Responses).
    pub namespace: Option<String>,
    /// What its arguments are.
    pub kind: ToolKind,
}

/// What the text of a tool call is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ToolKind {
    /// A JSON object. It may be broken where the model was cut off or got it wrong.
    Function,
    /// Text of any form (OpenAI's custom tools).
    Custom,
}

/// Content that only its own dialect can hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Foreign {
    /// The dialect.
    pub dialect: DialectId,
    /// What it is in that dialect: `web_search_call`, `inlineData`.
    pub kind: String,
    /// The item, block or part as compact JSON.
    pub raw: String,
}

/// What is added to a part.
#[derive(Debug, Clone, PartialEq)]
pub enum Delta {
    /// Text, thinking, a refusal or arguments.
    Text(String),
    /// The seal of the part. The last one holds.
    Seal(Seal),
    /// A source of what was said.
    Citation(Citation),
    /// How likely tokens of a text were.
    Logprobs(Vec<Logprob>),
}
