//! Reads usage and the end of an answer from bytes that pass through untouched.

mod anthropic_usage;
mod chat;
mod gemini;
mod gemini_usage;
mod messages;
mod openai_usage;
pub(crate) mod raw;
mod responses;

use memchr::memmem;
use realms_types::{DialectId, Usage, UsageError};
use serde::Deserialize;
use serde_json::value::RawValue;

use self::{
    anthropic_usage::AnthropicTally, gemini_usage::GeminiTally, openai_usage::OpenAiTally, raw::Raw,
};
use crate::{Frame, UpstreamFault};

/// Reads one answer: either its frames in order, or its whole body.
///
/// A tap never fails. What it cannot read is [`Sight::Noise`], and passes on all the same.
pub trait Tap: Send {
    /// Looks at the next frame of a stream.
    fn frame(&mut self, frame: &Frame<'_>) -> Sight;

    /// Looks at a whole body: [`Sight::End`] when it is an answer, [`Sight::Fault`] when it is an
    /// error, [`Sight::Noise`] when it is no JSON object at all.
    fn body(&mut self, body: &[u8]) -> Sight;

    /// What was read so far.
    fn reading(&self) -> &Reading;

    /// The last event in which the backend of the Codex CLI told what is used of the account, as JSON.
    fn account_limits(&self) -> Option<&str> {
        None
    }
}

/// What a frame is to the client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sight {
    /// Not yet an answer, or nothing new: pings, comments, `created`, `in_progress`, empty deltas,
    /// frames that cannot be read, frames behind the end.
    Noise,
    /// The client sees content: text, thinking, the start of a tool call, a finished item.
    Meaningful,
    /// The answer is complete, or the upstream itself gave it up in the middle; then
    /// [`Reading::fault`] says why. The stream may go on, with usage or with `[DONE]`.
    End,
    /// An error in place of an answer: no content was seen before it.
    Fault(Box<UpstreamFault>),
}

/// What a tap read from an answer so far.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reading {
    /// Usage as the upstream reports it. Reports are cumulative: for each count the last non-zero one
    /// holds, they are never summed. `None` when nothing (or nothing but zeros) was reported.
    pub usage: Option<Usage>,
    /// A report held a negative number, a fraction, a text, a part larger than its whole or more than
    /// any call can use. That report is not in `usage`.
    pub implausible: bool,
    /// Bytes of generated text seen, thinking and tool arguments included. Told beside `usage` too: whoever
    /// looks whether a report can be true compares them.
    pub output_chars: u64,
    /// Images that were made, told beside `usage` too: some vendors bill them and report no tokens.
    pub images: u64,
    /// Content was seen.
    pub meaningful: bool,
    /// The terminal frame was seen, or a whole body.
    pub ended: bool,
    /// How the upstream names the answer: `resp_…`, `chatcmpl-…`, `msg_…`, a Gemini response id.
    pub object_id: Option<String>,
    /// The model as the upstream names it.
    pub model: Option<String>,
    /// Why generation stopped, in the upstream's word.
    pub stop: Option<String>,
    /// The price tier that was applied.
    pub service_tier: Option<String>,
    /// The last `sequence_number` (Responses).
    pub sequence: Option<u64>,
    /// What went wrong after content was seen.
    pub fault: Option<UpstreamFault>,
}

/// The tap of a dialect. That of `chat` also reads what passes through beside it: legacy completions,
/// embeddings, images, audio, moderations and rerank.
pub fn tap(dialect: DialectId) -> Box<dyn Tap> {
    match dialect {
        DialectId::Responses => Box::<responses::ResponsesTap>::default(),
        DialectId::Chat => Box::<chat::ChatTap>::default(),
        DialectId::Messages => Box::<messages::MessagesTap>::default(),
        DialectId::Gemini => Box::<gemini::GeminiTap>::default(),
    }
}

/// What a call used, by its bytes, where the upstream did not say or was cut off. `text_len` is that
/// of the request, see [`text_len`](crate::text_len()).
///
/// 3.5 bytes are taken for a token, a fair mean for English, code and JSON in UTF-8 (Chinese runs near
/// the same: 3 bytes a character, about one token). Counts that the upstream did report before it
/// stopped are kept, and the output is never below what was seen.
pub fn estimate(text_len: usize, reading: &Reading) -> Usage {
    let seen = tokens_of(reading.output_chars);
    match reading.usage {
        Some(usage) if usage.total_input() > 0 => Usage { output: usage.output.max(seen), ..usage },
        _ => Usage { input: tokens_of(text_len as u64), output: seen, ..Usage::default() },
    }
}

/// Usage from the end of a body too large to be kept whole: the last `usage` (or `usageMetadata`)
/// object in it. `None` when there is none that can be true.
pub fn usage_in_tail(dialect: DialectId, tail: &[u8]) -> Option<Usage> {
    /// Each look costs a search of the tail; the report stands at the end of an answer.
    const LOOKS: usize = 16;
    let needle: &[u8] = match dialect {
        DialectId::Gemini => b"\"usageMetadata\"",
        _ => b"\"usage\"",
    };
    let finder = memmem::FinderRev::new(needle);
    let mut end = tail.len();
    for _ in 0..LOOKS {
        end = finder.rfind(&tail[..end])?;
        // Inside a string the quote is escaped: that is content, not a report.
        let is_content = tail[..end].ends_with(b"\\");
        let usage = || usage_of(dialect, object_after(&tail[end + needle.len()..])?);
        if let Some(usage) = (!is_content).then(usage).flatten() {
            return Some(usage);
        }
    }
    None
}

/// The text of JSON, which is UTF-8.
fn text(json: &[u8]) -> Option<&str> {
    simdutf8::basic::from_utf8(json).ok()
}

fn tokens_of(bytes: u64) -> u64 {
    bytes.saturating_mul(2).div_ceil(7)
}

/// The object behind a key's colon.
fn object_after(rest: &[u8]) -> Option<Raw<'_>> {
    let value = rest.trim_ascii_start().strip_prefix(b":")?;
    let mut json = serde_json::Deserializer::from_slice(value);
    let raw = <&RawValue>::deserialize(&mut json).ok()?;
    raw.get().starts_with('{').then_some(Raw(raw.get()))
}

fn usage_of(dialect: DialectId, report: Raw<'_>) -> Option<Usage> {
    let usage = match dialect {
        DialectId::Responses | DialectId::Chat => OpenAiTally::default().merge(report),
        DialectId::Messages => AnthropicTally::default().merge(report),
        DialectId::Gemini => GeminiTally::default().merge(report),
    };
    usage.ok().filter(|usage| !usage.is_empty())
}

/// Puts the last non-zero report of a count into its slot.
fn latest(slot: &mut u64, reported: Option<Raw<'_>>) -> Result<(), UsageError> {
    if let Some(raw) = reported {
        match raw.count()? {
            0 => {}
            count => *slot = count,
        }
    }
    Ok(())
}

// === impl Reading ===

impl Reading {
    /// Takes the outcome of a usage report.
    fn report(&mut self, usage: Result<Usage, UsageError>) {
        match usage {
            Ok(usage) if usage.is_empty() => {}
            Ok(usage) => self.usage = Some(usage),
            Err(_) => self.implausible = true,
        }
    }

    /// Content of `bytes` of text was seen.
    fn content(&mut self, bytes: u64) -> Sight {
        self.output_chars = self.output_chars.saturating_add(bytes);
        self.meaningful = true;
        Sight::Meaningful
    }

    /// The answer is complete.
    fn end(&mut self) -> Sight {
        self.ended = true;
        Sight::End
    }

    /// The upstream reports an error: in place of an answer, or after a part of one.
    fn fail(&mut self, fault: UpstreamFault) -> Sight {
        if !self.meaningful {
            return Sight::Fault(Box::new(fault));
        }
        self.fault = Some(fault);
        self.end()
    }
}

/// Keeps the first text given: allocates once in a stream, not once in a frame.
fn keep_first(slot: &mut Option<String>, given: Option<Raw<'_>>) {
    if slot.is_none() {
        keep_last(slot, given);
    }
}

/// Keeps the last text given.
fn keep_last(slot: &mut Option<String>, given: Option<Raw<'_>>) {
    if let Some(text) = given.and_then(Raw::text).filter(|text| !text.is_empty()) {
        *slot = Some(text.into_owned());
    }
}
