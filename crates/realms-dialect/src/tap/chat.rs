//! The tap of OpenAI Chat Completions, and of the endpoints that pass through beside it.
//!
//! Content is: text, reasoning, a refusal, a tool call or audio in a delta; an empty delta that only
//! names the role is none. The end is the finish reason of every choice begun, or `[DONE]`.

use realms_types::DialectId;

use super::{
    Reading, Sight, Tap, keep_first, keep_last,
    openai_usage::OpenAiTally,
    raw::{Raw, object},
    text,
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

object! {
    /// A chunk or a body.
    struct Chunk {
        id: "id",
        model: "model",
        choices: "choices",
        usage: "usage",
        service_tier: "service_tier",
        error: "error",
        /// Streams of images and audio name their events.
        kind: "type",
        delta: "delta",
        /// Cohere's rerank.
        meta: "meta",
        /// Images, and embeddings.
        data: "data",
    }
}

object! {
    /// An image that was made.
    struct Image {
        b64_json: "b64_json",
        url: "url",
    }
}

object! {
    struct Choice {
        index: "index",
        delta: "delta",
        message: "message",
        /// Legacy completions.
        text: "text",
        finish_reason: "finish_reason",
    }
}

object! {
    /// A delta or a message. `reasoning` and `reasoning_content` are extensions of several vendors.
    struct Said {
        content: "content",
        reasoning_content: "reasoning_content",
        reasoning: "reasoning",
        refusal: "refusal",
        tool_calls: "tool_calls",
        function_call: "function_call",
        audio: "audio",
    }
}

object! {
    struct ToolCall {
        function: "function",
    }
}

object! {
    struct Function {
        name: "name",
        arguments: "arguments",
    }
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

// === impl ChatTap ===

impl Tap for ChatTap {
    fn frame(&mut self, frame: &Frame<'_>) -> Sight {
        let data = frame.data();
        if data.trim_ascii() == b"[DONE]" {
            return self.reading.end();
        }
        let Some(chunk) = text(&data).and_then(Chunk::read) else {
            return Sight::Noise;
        };
        if chunk.error.is_some_and(Raw::is_error) || frame.event() == Some(b"error") {
            return self.reading.fail(read_fault(DialectId::Chat, 200, &data));
        }
        self.take(&chunk);
        match (chunk.choices, chunk.kind) {
            (Some(choices), _) => self.choices(&Choices::of(choices)),
            (None, Some(kind)) => self.event(kind, chunk.delta),
            (None, None) => Sight::Noise,
        }
    }

    fn body(&mut self, body: &[u8]) -> Sight {
        let Some(chunk) = text(body).and_then(Chunk::read) else {
            return Sight::Noise;
        };
        if chunk.error.is_some_and(Raw::is_error) {
            return self.reading.fail(read_fault(DialectId::Chat, 200, body));
        }
        self.take(&chunk);
        if let Some(choices) = chunk.choices {
            self.choices(&Choices::of(choices));
        }
        self.reading.images += chunk.data.map_or(0, images);
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
        let is_image = matches!(&*kind, "image_generation.completed" | "image_edit.completed");
        self.reading.images += u64::from(is_image);
        match kind.rsplit('.').next() {
            Some("delta") => self.reading.content(delta.map_or(0, Raw::text_len)),
            Some("partial_image") => self.reading.content(0),
            Some("done" | "completed") => self.reading.end(),
            _ => Sight::Noise,
        }
    }
}

/// How many elements of a list are images; embeddings stand in one of the same name.
fn images(list: Raw<'_>) -> u64 {
    let images = list.elements().filter_map(Image::read);
    images.map(|image| u64::from(image.b64_json.or(image.url).is_some())).sum()
}

// === impl Choices ===

impl<'a> Choices<'a> {
    fn of(list: Raw<'a>) -> Self {
        let mut choices = Self::default();
        list.elements().filter_map(Choice::read).for_each(|choice| choices.add(&choice));
        choices
    }

    fn add(&mut self, choice: &Choice<'a>) {
        let index = choice.index.and_then(|index| index.count().ok()).unwrap_or(0);
        let bit = 1u64 << index.min(63);
        self.begun |= bit;
        if let Some(reason) = choice.finish_reason.filter(|reason| !reason.is_empty()) {
            self.finished |= bit;
            self.stop = Some(reason);
        }
        self.text(choice.text);
        if let Some(said) = choice.delta.or(choice.message).map(Raw::json).and_then(Said::read) {
            self.said(&said);
        }
    }

    fn said(&mut self, said: &Said<'_>) {
        self.text(said.content);
        self.text(said.reasoning_content.or(said.reasoning));
        self.text(said.refusal);
        if let Some(calls) = said.tool_calls.filter(|calls| !calls.is_empty()) {
            self.is_content = true;
            let calls = calls.elements().filter_map(ToolCall::read);
            self.text +=
                calls.filter_map(|call| call.function).map(Function::text_len).sum::<u64>();
        }
        if let Some(function) = said.function_call {
            self.is_content = true;
            self.text += Function::text_len(function);
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

// === impl Function ===

impl Function<'_> {
    /// Bytes of the name and the arguments of a call.
    fn text_len(call: Raw<'_>) -> u64 {
        let texts = Function::read(call.json()).map(|call| [call.name, call.arguments]);
        texts.into_iter().flatten().flatten().map(Raw::text_len).sum()
    }
}
