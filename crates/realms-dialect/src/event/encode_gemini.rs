//! Answers for clients of Gemini: chunks as events or elements of an array, or one response.

use std::collections::BTreeMap;

use realms_types::{DialectId, Usage};

use super::{
    At, Delivery, Delta, Logprob, PartHead, Seal, Start, Stop, ToolHead, ToolKind,
    arguments::as_object,
    custom_tool::arguments_of,
    encode::{Pen, WriteAnswer},
    names::answer_id,
    stop::{Held, write_gemini},
    usage::write_gemini as write_usage,
    write::{list, object_text},
};
use crate::StreamShape;

/// Writes chunks, or the response they add up to.
#[derive(Debug, Default)]
pub(super) struct GeminiWriter {
    id: String,
    model: String,
    candidates: BTreeMap<u32, Candidate>,
    parts: BTreeMap<At, Part>,
    usage: Option<Usage>,
    /// A chunk was written: the array is open.
    is_started: bool,
}

/// What of a candidate is told at its end, and in one piece its parts.
#[derive(Debug, Default)]
struct Candidate {
    parts: Vec<String>,
    grounding: Vec<String>,
    logprobs: Vec<Logprob>,
    text_len: u32,
    finish: String,
}

/// An open part.
#[derive(Debug)]
struct Part {
    head: PartHead,
    text: String,
    seal: Option<Seal>,
}

// === impl GeminiWriter ===

impl WriteAnswer for GeminiWriter {
    fn start(&mut self, start: &Start, pen: &mut Pen<'_>) {
        self.id = answer_id(DialectId::Gemini, start, &pen.stem);
        let model = pen.intent.model.as_ref().or(start.model.as_ref());
        self.model = model.cloned().unwrap_or_default();
    }

    fn part_start(&mut self, at: At, head: &PartHead, pen: &mut Pen<'_>) {
        match head {
            PartHead::Refusal => {
                pen.losses.emulated("refusal", "Gemini tells a refusal as text");
            }
            PartHead::ToolCall(ToolHead { namespace: Some(_), .. }) => {
                pen.losses.dropped("tool_call.namespace", "Gemini has no groups of tools");
            }
            PartHead::Text
            | PartHead::Thinking(_)
            | PartHead::Sealed
            | PartHead::ToolCall(_)
            | PartHead::Foreign(_) => {}
        }
        self.parts.insert(at, Part { head: head.clone(), text: String::new(), seal: None });
    }

    fn delta(&mut self, at: At, delta: &Delta, pen: &mut Pen<'_>) {
        let is_whole = pen.is_whole();
        let Some(part) = self.parts.get_mut(&at) else { return };
        match delta {
            Delta::Text(text) => {
                let is_call = matches!(part.head, PartHead::ToolCall(_));
                if is_whole || is_call {
                    pen.hold(text.len());
                    part.text.push_str(text);
                }
                let json = text_part(text, matches!(part.head, PartHead::Thinking(_)), None);
                if part.head == PartHead::Text {
                    let more = u32::try_from(text.chars().count()).unwrap_or(u32::MAX);
                    let candidate = self.candidates.entry(at.choice).or_default();
                    candidate.text_len = candidate.text_len.saturating_add(more);
                }
                if !is_whole && !is_call {
                    self.chunk(at.choice, &json, pen);
                }
            }
            Delta::Seal(seal) => {
                pen.hold(seal.value.len());
                part.seal = Some(seal.clone());
            }
            Delta::Citation(citation) => {
                let candidate = self.candidates.entry(at.choice).or_default();
                let json = citation.write(DialectId::Gemini, candidate.text_len, pen.losses);
                if let Some(json) = json {
                    pen.hold(json.len());
                    if citation.range.is_some() {
                        pen.losses.dropped("citations.range", "Gemini counts in bytes of parts");
                    }
                    candidate.grounding.push(json);
                }
            }
            Delta::Logprobs(logprobs) => {
                pen.hold(logprobs.iter().map(Logprob::size).sum());
                let candidate = self.candidates.entry(at.choice).or_default();
                candidate.logprobs.extend_from_slice(logprobs);
            }
        }
    }

    /// What is whole at once goes out here, and what signs a text or a thought.
    fn part_end(&mut self, at: At, pen: &mut Pen<'_>) {
        let Some(part) = self.parts.remove(&at) else { return };
        let seal = part.seal.as_ref().map(|seal| seal.for_client(DialectId::Gemini));
        let json = match &part.head {
            PartHead::Text | PartHead::Refusal | PartHead::Thinking(_) | PartHead::Sealed => {
                if part.text.is_empty() && seal.is_none() {
                    return;
                }
                let thought = matches!(part.head, PartHead::Thinking(_) | PartHead::Sealed);
                text_part(&part.text, thought, seal.as_deref())
            }
            PartHead::ToolCall(call) => call_part(call, &part.text, seal.as_deref(), pen),
            PartHead::Foreign(foreign) => foreign.raw.clone(),
        };
        if pen.is_whole() {
            pen.hold(json.len());
            self.candidates.entry(at.choice).or_default().parts.push(json);
        } else {
            self.chunk(at.choice, &json, pen);
        }
    }

    fn usage(&mut self, usage: Usage) {
        self.usage = Some(usage);
    }

    /// Told with the last chunk, where the usage is.
    fn stop(&mut self, choice: u32, stop: &Stop, _held: Held, pen: &mut Pen<'_>) {
        let word = write_gemini(stop, pen.losses).to_owned();
        self.candidates.entry(choice).or_default().finish = word;
    }

    fn finish(&mut self, pen: &mut Pen<'_>) {
        let is_whole = pen.is_whole();
        let candidates: Vec<String> = self
            .candidates
            .iter()
            .map(|(index, candidate)| candidate.last(*index, is_whole))
            .collect();
        let usage = self.usage.unwrap_or_default();
        let last = object_text(|json| {
            json.raw_compact("candidates", &list(&candidates))
                .object("usageMetadata", |json| write_usage(json, &usage, pen.losses))
                .text("modelVersion", &self.model)
                .text("responseId", &self.id);
        });
        self.write(&last, pen);
        if pen.intent.delivery == Delivery::Array {
            pen.out.extend_from_slice(b"\r\n]");
        }
    }

    fn shape(&self) -> StreamShape<'_> {
        StreamShape { started: self.is_started, ..StreamShape::default() }
    }
}

impl GeminiWriter {
    /// One chunk with one part.
    fn chunk(&mut self, choice: u32, part: &str, pen: &mut Pen<'_>) {
        let candidate = object_text(|json| {
            json.object("content", |json| {
                json.raw_compact("parts", &format!("[{part}]")).text("role", "model");
            })
            .number("index", choice);
        });
        let chunk = object_text(|json| {
            json.raw_compact("candidates", &format!("[{candidate}]"))
                .text("modelVersion", &self.model)
                .text("responseId", &self.id);
        });
        self.write(&chunk, pen);
    }

    fn write(&mut self, chunk: &str, pen: &mut Pen<'_>) {
        let is_first = !std::mem::replace(&mut self.is_started, true);
        let (before, after): (&[u8], &[u8]) = match (pen.intent.delivery, is_first) {
            (Delivery::Whole, _) => (b"", b""),
            (Delivery::Events, _) => (b"data: ", b"\r\n\r\n"),
            (Delivery::Array, true) => (b"[", b""),
            (Delivery::Array, false) => (b",\r\n", b""),
        };
        for piece in [before, chunk.as_bytes(), after] {
            pen.out.extend_from_slice(piece);
        }
    }
}

// === impl Candidate ===

impl Candidate {
    /// The candidate in the last chunk, or in one piece.
    fn last(&self, index: u32, is_whole: bool) -> String {
        let parts = match self.parts.as_slice() {
            [] if !is_whole => r#"[{"text":""}]"#.to_owned(),
            parts => list(parts),
        };
        object_text(|json| {
            json.object("content", |json| {
                json.raw_compact("parts", &parts).text("role", "model");
            })
            .text("finishReason", &self.finish)
            .number("index", index);
            if !self.grounding.is_empty() {
                json.object("groundingMetadata", |json| {
                    json.raw_compact("groundingChunks", &list(&self.grounding));
                });
            }
            if !self.logprobs.is_empty() {
                json.raw_compact("logprobsResult", &Logprob::write_gemini(&self.logprobs));
            }
        })
    }
}

fn text_part(text: &str, thought: bool, signature: Option<&str>) -> String {
    object_text(|json| {
        json.text("text", text);
        if thought {
            json.bool("thought", true);
        }
        if let Some(signature) = signature {
            json.text("thoughtSignature", signature);
        }
    })
}

fn call_part(
    call: &ToolHead,
    arguments: &str,
    signature: Option<&str>,
    pen: &mut Pen<'_>,
) -> String {
    let args = match call.kind {
        ToolKind::Function => as_object(arguments, pen.losses),
        ToolKind::Custom => {
            pen.losses.emulated("tool_call.custom", "its text is the member `input`");
            arguments_of(arguments)
        }
    };
    object_text(|json| {
        json.object("functionCall", |json| {
            if let Some(id) = &call.id {
                json.text("id", id);
            }
            json.text("name", &call.name).raw_compact("args", &args);
        });
        if let Some(signature) = signature {
            json.text("thoughtSignature", signature);
        }
    })
}
