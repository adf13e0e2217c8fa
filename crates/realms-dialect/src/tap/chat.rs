//! The tap of OpenAI Chat Completions, and of the endpoints that pass through beside it.
//!
//! Content is: text, reasoning, a refusal, a tool call or audio in a delta; an empty delta that only
//! names the role is none. The end is the finish reason of every choice begun, or `[DONE]`.

use realms_types::DialectId;
use serde::Deserialize;

use super::{
    Reading, Sight, Tap,
    fold::{Fold, Folded},
    keep_first, keep_last,
    openai_usage::OpenAiTally,
    raw::Raw,
};
use crate::{Frame, read_fault};

/// Reads a stream of chunks, or a completion, embedding, image, transcription or ranking.
#[derive(Debug, Default)]
pub(super) struct ChatTap {
    reading: Reading,
    tally: OpenAiTally,
    /// The choices begun and not finished, one bit each.
    open: u64,
}

/// A chunk or a body.
#[derive(Deserialize)]
struct Chunk<'a> {
    #[serde(borrow)]
    id: Option<Raw<'a>>,
    model: Option<Raw<'a>>,
    choices: Option<Folded<Choices<'a>>>,
    usage: Option<Raw<'a>>,
    service_tier: Option<Raw<'a>>,
    error: Option<Raw<'a>>,
    /// Streams of images and audio name their events.
    #[serde(rename = "type")]
    kind: Option<Raw<'a>>,
    delta: Option<Raw<'a>>,
    /// Cohere's rerank.
    meta: Option<Raw<'a>>,
}

#[derive(Deserialize)]
struct Choice<'a> {
    #[serde(borrow)]
    index: Option<Raw<'a>>,
    delta: Option<Said<'a>>,
    message: Option<Said<'a>>,
    /// Legacy completions.
    text: Option<Raw<'a>>,
    finish_reason: Option<Raw<'a>>,
}

/// A delta or a message. `reasoning` and `reasoning_content` are extensions of several vendors.
#[derive(Deserialize)]
struct Said<'a> {
    #[serde(borrow)]
    content: Option<Raw<'a>>,
    reasoning_content: Option<Raw<'a>>,
    reasoning: Option<Raw<'a>>,
    refusal: Option<Raw<'a>>,
    tool_calls: Option<Raw<'a>>,
    function_call: Option<Raw<'a>>,
    audio: Option<Raw<'a>>,
}

#[derive(Deserialize)]
struct ToolCall<'a> {
    #[serde(borrow)]
    function: Option<Function<'a>>,
}

#[derive(Deserialize)]
struct Function<'a> {
    #[serde(borrow)]
    name: Option<Raw<'a>>,
    arguments: Option<Raw<'a>>,
}

/// What the choices of a chunk come to.
#[derive(Debug, Default)]
struct Choices<'a> {
    text: u64,
    is_content: bool,
    begun: u64,
    finished: u64,
    stop: Option<Raw<'a>>,
}

/// Bytes of names and arguments in a list of tool calls.
#[derive(Debug, Default)]
struct ToolTexts(u64);

// === impl ChatTap ===

impl Tap for ChatTap {
    fn frame(&mut self, frame: &Frame<'_>) -> Sight {
        let data = frame.data();
        if data.trim_ascii() == b"[DONE]" {
            return self.reading.end();
        }
        let Ok(chunk) = serde_json::from_slice::<Chunk<'_>>(&data) else {
            return Sight::Noise;
        };
        if chunk.error.is_some_and(Raw::is_error) || frame.event() == Some(b"error") {
            return self.reading.fail(read_fault(DialectId::Chat, 200, &data));
        }
        self.take(&chunk);
        match (&chunk.choices, chunk.kind) {
            (Some(Folded(choices)), _) => self.choices(choices),
            (None, Some(kind)) => self.event(kind, chunk.delta),
            (None, None) => Sight::Noise,
        }
    }

    fn body(&mut self, body: &[u8]) -> Sight {
        let Ok(chunk) = serde_json::from_slice::<Chunk<'_>>(body) else {
            return Sight::Noise;
        };
        if chunk.error.is_some_and(Raw::is_error) {
            return self.reading.fail(read_fault(DialectId::Chat, 200, body));
        }
        self.take(&chunk);
        if let Some(Folded(choices)) = &chunk.choices {
            self.choices(choices);
        }
        self.reading.meaningful = true;
        self.reading.end()
    }

    fn reading(&self) -> &Reading {
        &self.reading
    }
}

impl ChatTap {
    fn take(&mut self, chunk: &Chunk<'_>) {
        let reading = &mut self.reading;
        keep_first(&mut reading.object_id, chunk.id);
        keep_first(&mut reading.model, chunk.model);
        if let Some(report) = chunk.usage {
            // The tier stands in every chunk; the one beside the usage is the one applied.
            keep_last(&mut reading.service_tier, chunk.service_tier);
            reading.report(self.tally.merge(report));
        } else if let Some(usage) = chunk.meta.and_then(|meta| self.tally.merge_meta(meta)) {
            reading.report(usage);
        }
        keep_first(&mut reading.service_tier, chunk.service_tier);
    }

    fn choices(&mut self, choices: &Choices<'_>) -> Sight {
        self.open = (self.open | choices.begun) & !choices.finished;
        keep_last(&mut self.reading.stop, choices.stop);
        let sight =
            if choices.is_content { self.reading.content(choices.text) } else { Sight::Noise };
        if choices.finished == 0 {
            return sight;
        }
        if self.open == 0 { self.reading.end() } else { sight }
    }

    /// `image_generation.partial_image`, `transcript.text.delta`, `speech.audio.done` and the like.
    fn event(&mut self, kind: Raw<'_>, delta: Option<Raw<'_>>) -> Sight {
        let kind = kind.text().unwrap_or_default();
        match kind.rsplit('.').next() {
            Some("delta") => self.reading.content(delta.map_or(0, Raw::text_len)),
            Some("partial_image") => self.reading.content(0),
            Some("done" | "completed") => self.reading.end(),
            _ => Sight::Noise,
        }
    }
}

// === impl Choices ===

impl<'de: 'a, 'a> Fold<'de> for Choices<'a> {
    type Item = Choice<'a>;

    fn add(&mut self, choice: Choice<'a>) {
        let index = choice.index.and_then(|index| index.count().ok()).unwrap_or(0);
        let bit = 1u64 << index.min(63);
        self.begun |= bit;
        if let Some(reason) = choice.finish_reason.filter(|reason| !reason.is_empty()) {
            self.finished |= bit;
            self.stop = Some(reason);
        }
        self.text(choice.text);
        if let Some(said) = choice.delta.or(choice.message) {
            self.said(&said);
        }
    }
}

impl Choices<'_> {
    fn said(&mut self, said: &Said<'_>) {
        self.text(said.content);
        self.text(said.reasoning_content.or(said.reasoning));
        self.text(said.refusal);
        if let Some(calls) = said.tool_calls.filter(|calls| !calls.is_empty()) {
            self.is_content = true;
            self.text += calls.parse::<Folded<ToolTexts>>().map_or(0, |texts| texts.0.0);
        }
        if let Some(function) = said.function_call.and_then(Raw::parse::<Function<'_>>) {
            self.is_content = true;
            self.text += function.text_len();
        }
        self.is_content |= said.audio.is_some_and(|audio| !audio.is_empty());
    }

    fn text(&mut self, given: Option<Raw<'_>>) {
        if let Some(text) = given.filter(|text| !text.is_empty()) {
            self.is_content = true;
            self.text += text.text_len();
        }
    }
}

// === impl ToolTexts ===

impl<'de> Fold<'de> for ToolTexts {
    type Item = ToolCall<'de>;

    fn add(&mut self, call: ToolCall<'de>) {
        self.0 += call.function.map_or(0, |function| function.text_len());
    }
}

// === impl Function ===

impl Function<'_> {
    fn text_len(&self) -> u64 {
        self.name.map_or(0, Raw::text_len) + self.arguments.map_or(0, Raw::text_len)
    }
}
