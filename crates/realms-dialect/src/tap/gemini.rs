//! The tap of Gemini.
//!
//! Content is: any part with a non-empty text or thought, a function call, inline data, code or its
//! result. The end is a finish reason, or a prompt that was blocked. Chunks of a stream, elements of
//! an array and whole bodies have the same shape.

use realms_types::DialectId;

use super::{
    Reading, Sight, Tap,
    gemini_usage::GeminiTally,
    keep_first, keep_last,
    raw::{Raw, object},
    text,
};
use crate::{Frame, JsonArrayFramer, read_fault};

/// Reads a stream of responses, an array of them, or one.
#[derive(Debug, Default)]
pub(super) struct GeminiTap {
    reading: Reading,
    tally: GeminiTally,
}

object! {
    struct Chunk {
        candidates: "candidates",
        prompt_feedback: "promptFeedback",
        usage_metadata: "usageMetadata",
        response_id: "responseId",
        model_version: "modelVersion",
        error: "error",
    }
}

object! {
    struct PromptFeedback {
        block_reason: "blockReason",
    }
}

object! {
    struct Candidate {
        content: "content",
        finish_reason: "finishReason",
    }
}

object! {
    struct Content {
        parts: "parts",
    }
}

object! {
    struct Blob {
        mime_type: "mimeType",
    }
}

object! {
    struct Part {
        text: "text",
        function_call: "functionCall",
        executable_code: "executableCode",
        code_execution_result: "codeExecutionResult",
        function_response: "functionResponse",
        inline_data: "inlineData",
        thought: "thought",
        file_data: "fileData",
    }
}

/// What the candidates of a chunk come to.
#[derive(Debug, Default)]
struct Candidates<'a> {
    text: u64,
    images: u64,
    is_content: bool,
    stop: Option<Raw<'a>>,
}

/// Whether inline data is an image.
fn is_image(data: Raw<'_>) -> bool {
    let kind = Blob::read(data.json()).and_then(|blob| blob.mime_type);
    kind.is_some_and(|kind| kind.json().starts_with("\"image/"))
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
        let chunk = text(json).and_then(Chunk::read)?;
        if chunk.error.is_some_and(Raw::is_error) {
            return Some(self.reading.fail(read_fault(DialectId::Gemini, 200, json)));
        }
        keep_first(&mut self.reading.object_id, chunk.response_id);
        keep_first(&mut self.reading.model, chunk.model_version);
        if let Some(report) = chunk.usage_metadata {
            self.reading.report(self.tally.merge(report));
        }
        let candidates = chunk.candidates.map(Candidates::of).unwrap_or_default();
        self.reading.images += candidates.images;
        let feedback = chunk.prompt_feedback.map(Raw::json).and_then(PromptFeedback::read);
        let blocked = feedback.and_then(|feedback| feedback.block_reason);
        let stop = candidates.stop.or(blocked);
        keep_last(&mut self.reading.stop, stop);
        let sight = if candidates.is_content {
            self.reading.content(candidates.text)
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

impl<'a> Candidates<'a> {
    fn of(list: Raw<'a>) -> Self {
        let mut candidates = Self::default();
        list.elements().filter_map(Candidate::read).for_each(|one| candidates.add(&one));
        candidates
    }

    fn add(&mut self, candidate: &Candidate<'a>) {
        self.stop = candidate.finish_reason.filter(|reason| !reason.is_empty()).or(self.stop);
        let content = candidate.content.map(Raw::json).and_then(Content::read);
        if let Some(parts) = content.and_then(|content| content.parts) {
            parts.elements().filter_map(Part::read).for_each(|part| self.add_part(&part));
        }
    }

    fn add_part(&mut self, part: &Part<'_>) {
        let text = part.text.filter(|text| !text.is_empty());
        let written = [text, part.function_call, part.executable_code].into_iter().flatten();
        self.text += written.map(Raw::text_len).sum::<u64>();
        // What is drawn while it thinks is no answer.
        let is_thought = part.thought.is_some_and(|thought| thought.json() == "true");
        self.images += u64::from(!is_thought && part.inline_data.is_some_and(is_image));
        self.is_content |= text.is_some()
            || part.function_call.is_some()
            || part.executable_code.is_some()
            || part.code_execution_result.is_some()
            || part.function_response.is_some()
            || part.inline_data.is_some()
            || part.file_data.is_some();
    }
}
