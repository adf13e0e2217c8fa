//! The tap of Gemini.
//!
//! Content is: any part with a non-empty text or thought, a function call, inline data, code or its
//! result. The end is a finish reason, or a prompt that was blocked. Chunks of a stream, elements of
//! an array and whole bodies have the same shape.

use realms_types::DialectId;
use serde::{Deserialize, de::IgnoredAny};

use super::{
    Reading, Sight, Tap,
    fold::{Fold, Folded},
    gemini_usage::GeminiTally,
    keep_first, keep_last,
    raw::Raw,
};
use crate::{Frame, JsonArrayFramer, read_fault};

/// Reads a stream of responses, an array of them, or one.
#[derive(Debug, Default)]
pub(super) struct GeminiTap {
    reading: Reading,
    tally: GeminiTally,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Chunk<'a> {
    #[serde(borrow)]
    candidates: Option<Folded<Candidates<'a>>>,
    prompt_feedback: Option<PromptFeedback<'a>>,
    usage_metadata: Option<Raw<'a>>,
    response_id: Option<Raw<'a>>,
    model_version: Option<Raw<'a>>,
    error: Option<Raw<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PromptFeedback<'a> {
    #[serde(borrow)]
    block_reason: Option<Raw<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Candidate<'a> {
    content: Option<Content>,
    #[serde(borrow)]
    finish_reason: Option<Raw<'a>>,
}

#[derive(Deserialize)]
struct Content {
    parts: Option<Folded<Parts>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Part<'a> {
    #[serde(borrow)]
    text: Option<Raw<'a>>,
    function_call: Option<Raw<'a>>,
    executable_code: Option<Raw<'a>>,
    code_execution_result: Option<IgnoredAny>,
    function_response: Option<IgnoredAny>,
    inline_data: Option<IgnoredAny>,
    file_data: Option<IgnoredAny>,
}

/// What the candidates of a chunk come to.
#[derive(Debug, Default)]
struct Candidates<'a> {
    parts: Parts,
    stop: Option<Raw<'a>>,
}

/// What a list of parts comes to.
#[derive(Debug, Default)]
struct Parts {
    text: u64,
    is_content: bool,
}

// === impl GeminiTap ===

impl Tap for GeminiTap {
    fn frame(&mut self, frame: &Frame<'_>) -> Sight {
        self.chunk(&frame.data()).unwrap_or(Sight::Noise)
    }

    fn body(&mut self, body: &[u8]) -> Sight {
        if body.trim_ascii_start().starts_with(b"[") {
            return self.array(body);
        }
        match self.chunk(body) {
            None => Sight::Noise,
            Some(fault @ Sight::Fault(_)) => fault,
            Some(_) => {
                self.reading.meaningful = true;
                self.reading.end()
            }
        }
    }

    fn reading(&self) -> &Reading {
        &self.reading
    }
}

impl GeminiTap {
    /// `None` when it cannot be read.
    fn chunk(&mut self, json: &[u8]) -> Option<Sight> {
        let chunk = serde_json::from_slice::<Chunk<'_>>(json).ok()?;
        if chunk.error.is_some_and(Raw::is_error) {
            return Some(self.reading.fail(read_fault(DialectId::Gemini, 200, json)));
        }
        keep_first(&mut self.reading.object_id, chunk.response_id);
        keep_first(&mut self.reading.model, chunk.model_version);
        if let Some(report) = chunk.usage_metadata {
            self.reading.report(self.tally.merge(report));
        }
        let Folded(candidates) = chunk.candidates.unwrap_or_default();
        let blocked = chunk.prompt_feedback.and_then(|feedback| feedback.block_reason);
        let stop = candidates.stop.or(blocked);
        keep_last(&mut self.reading.stop, stop);
        let sight = if candidates.parts.is_content {
            self.reading.content(candidates.parts.text)
        } else {
            Sight::Noise
        };
        Some(if stop.is_some() { self.reading.end() } else { sight })
    }

    /// A whole array: its elements are the chunks of a stream.
    fn array(&mut self, body: &[u8]) -> Sight {
        let whole = bytes::Bytes::copy_from_slice(body);
        let Ok(batch) = JsonArrayFramer::new().push(whole) else {
            return Sight::Noise;
        };
        let mut sight = Sight::Noise;
        for frame in batch.frames() {
            sight = self.frame(&frame);
            if matches!(sight, Sight::Fault(_)) {
                break;
            }
        }
        sight
    }
}

// === impl Candidates ===

impl<'de: 'a, 'a> Fold<'de> for Candidates<'a> {
    type Item = Candidate<'a>;

    fn add(&mut self, candidate: Candidate<'a>) {
        self.stop = candidate.finish_reason.filter(|reason| !reason.is_empty()).or(self.stop);
        let Some(Folded(parts)) = candidate.content.and_then(|content| content.parts) else {
            return;
        };
        self.parts.text += parts.text;
        self.parts.is_content |= parts.is_content;
    }
}

// === impl Parts ===

impl<'de> Fold<'de> for Parts {
    type Item = Part<'de>;

    fn add(&mut self, part: Part<'de>) {
        let text = part.text.filter(|text| !text.is_empty());
        let written = [text, part.function_call, part.executable_code].into_iter().flatten();
        self.text += written.map(Raw::text_len).sum::<u64>();
        self.is_content |= text.is_some()
            || part.function_call.is_some()
            || part.executable_code.is_some()
            || part.code_execution_result.is_some()
            || part.function_response.is_some()
            || part.inline_data.is_some()
            || part.file_data.is_some();
    }
}
