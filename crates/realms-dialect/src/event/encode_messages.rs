//! Answers for clients of Anthropic Messages: blocks strictly one after the other.

use realms_types::{DialectId, Usage};

use super::{
    At, Delta, PartHead, Seal, SealKind, Start, Stop, ToolHead, ToolKind,
    arguments::as_object,
    custom_tool::{INPUT, arguments_of},
    encode::{Pen, WriteAnswer},
    names::{answer_id, call_id},
    stop::{Held, write_messages},
    usage::write_messages as write_usage,
    write::{Json, list, object_text},
};
use crate::StreamShape;

/// Writes message events, or the message they add up to.
#[derive(Debug, Default)]
pub(super) struct MessagesWriter {
    id: String,
    model: String,
    is_started: bool,
    /// The index of the next block.
    next: u32,
    block: Option<Block>,
    /// Finished blocks, in one piece.
    content: Vec<String>,
    usage: Option<Usage>,
    stop: Option<(&'static str, Option<String>)>,
}

/// The part being written. Its block begins with the first thing in it, so that none is empty.
#[derive(Debug)]
struct Block {
    at: At,
    head: PartHead,
    is_open: bool,
    text: String,
    seal: Option<Seal>,
    citations: Vec<String>,
}

// === impl MessagesWriter ===

impl WriteAnswer for MessagesWriter {
    fn start(&mut self, start: &Start, pen: &mut Pen<'_>) {
        self.id = answer_id(DialectId::Messages, start, &pen.stem);
        let model = pen.intent.model.as_ref().or(start.model.as_ref());
        self.model = model.cloned().unwrap_or_default();
    }

    fn part_start(&mut self, at: At, head: &PartHead, pen: &mut Pen<'_>) {
        if let PartHead::ToolCall(ToolHead { namespace: Some(_), .. }) = head {
            pen.losses.dropped("tool_call.namespace", "Messages has no groups of tools");
        }
        if *head == PartHead::Refusal {
            pen.losses
                .emulated("refusal", "Messages tells a refusal as text, with its stop reason");
        }
        self.block = Some(Block {
            at,
            head: head.clone(),
            is_open: false,
            text: String::new(),
            seal: None,
            citations: Vec::new(),
        });
    }

    fn delta(&mut self, _at: At, delta: &Delta, pen: &mut Pen<'_>) {
        match delta {
            Delta::Text(text) => self.text(text, pen),
            Delta::Seal(seal) => self.seal(seal, pen),
            Delta::Citation(citation) => {
                if let Some(json) = citation.write(DialectId::Messages, 0, pen.losses) {
                    self.citation(json, pen);
                }
            }
            Delta::Logprobs(_) => {
                pen.losses.dropped("logprobs", "Messages has no probabilities of tokens");
            }
        }
    }

    fn part_end(&mut self, _at: At, pen: &mut Pen<'_>) {
        let Some(block) = &self.block else { return };
        let is_whole_at_once =
            matches!(block.head, PartHead::ToolCall(_) | PartHead::Sealed | PartHead::Foreign(_));
        if is_whole_at_once || block.seal.is_some() {
            self.open(pen);
        }
        let Some(block) = self.block.take().filter(|block| block.is_open) else { return };
        self.close(&block, pen);
    }

    fn usage(&mut self, usage: Usage) {
        self.usage = Some(usage);
    }

    fn stop(&mut self, _choice: u32, stop: &Stop, _held: Held, pen: &mut Pen<'_>) {
        let (word, sequence) = write_messages(stop, pen.losses);
        self.stop = Some((word, sequence.map(str::to_owned)));
    }

    fn finish(&mut self, pen: &mut Pen<'_>) {
        if pen.is_whole() {
            let body = self.message(&list(&self.content), self.stop.as_ref(), true, pen);
            pen.out.extend_from_slice(body.as_bytes());
            return;
        }
        self.message_start(pen);
        let usage = self.usage.unwrap_or_default();
        let data = object_text(|json| {
            json.text("type", "message_delta")
                .object("delta", |json| stop_members(json, self.stop.as_ref()))
                .object("usage", |json| write_usage(json, &usage, pen.losses));
        });
        pen.event("message_delta", &data);
        pen.event("message_stop", r#"{"type":"message_stop"}"#);
    }

    /// Only behind the start, which clients want to see first.
    fn ping(&mut self, pen: &mut Pen<'_>) {
        if self.is_started && !pen.is_whole() {
            pen.event("ping", r#"{"type":"ping"}"#);
        }
    }

    fn shape(&self) -> StreamShape<'_> {
        StreamShape::default()
    }
}

impl MessagesWriter {
    /// The message without content, once. Where the upstream has not told its usage yet, the input is
    /// the estimate; the last event has the true one.
    fn message_start(&mut self, pen: &mut Pen<'_>) {
        if std::mem::replace(&mut self.is_started, true) {
            return;
        }
        let message = self.message("[]", None, false, pen);
        let data = object_text(|json| {
            json.text("type", "message_start").raw_compact("message", &message);
        });
        pen.event("message_start", &data);
    }

    fn message(
        &self,
        content: &str,
        stop: Option<&(&'static str, Option<String>)>,
        is_last: bool,
        pen: &mut Pen<'_>,
    ) -> String {
        let estimate = Usage { input: pen.intent.estimated_input, ..Usage::default() };
        let usage = match (self.usage, is_last) {
            (Some(usage), _) => usage,
            (None, true) => Usage::default(),
            (None, false) => estimate,
        };
        object_text(|json| {
            json.text("id", &self.id)
                .text("type", "message")
                .text("role", "assistant")
                .text("model", &self.model)
                .raw_compact("content", content);
            stop_members(json, stop);
            json.object("usage", |json| write_usage(json, &usage, pen.losses));
        })
    }

    fn text(&mut self, text: &str, pen: &mut Pen<'_>) {
        self.open(pen);
        let is_whole = pen.is_whole();
        let Some(block) = &mut self.block else { return };
        // Arguments are kept to be checked; all else only where it goes out in one piece.
        if is_whole || matches!(block.head, PartHead::ToolCall(_)) {
            pen.hold(text.len());
            block.text.push_str(text);
        }
        let (kind, key) = match &block.head {
            PartHead::Text | PartHead::Refusal => ("text_delta", "text"),
            PartHead::Thinking(_) => ("thinking_delta", "thinking"),
            PartHead::ToolCall(call) if call.kind == ToolKind::Function => {
                ("input_json_delta", "partial_json")
            }
            // Told when it is whole: a piece of text is no piece of JSON.
            PartHead::ToolCall(_) | PartHead::Sealed | PartHead::Foreign(_) => return,
        };
        self.block_delta(pen, kind, |json| {
            json.text(key, text);
        });
    }

    /// Only thoughts are signed here. What signs a call goes before it, as a thought that shows
    /// nothing; what signs a text has no place.
    fn seal(&mut self, seal: &Seal, pen: &mut Pen<'_>) {
        let Some(block) = &mut self.block else { return };
        match block.head {
            PartHead::Thinking(_) | PartHead::Sealed => {
                pen.hold(seal.value.len());
                block.seal = Some(seal.clone());
            }
            PartHead::ToolCall(_) if pen.intent.sealed && !block.is_open => {
                self.signed_thought(seal, pen);
            }
            PartHead::ToolCall(_) | PartHead::Text | PartHead::Refusal | PartHead::Foreign(_) => {
                pen.losses.dropped("signature", "Messages signs only thoughts");
            }
        }
    }

    fn signed_thought(&mut self, seal: &Seal, pen: &mut Pen<'_>) {
        let call = self.block.take();
        let thought = Block {
            at: call.as_ref().map_or(At { choice: 0, part: 0 }, |call| call.at),
            head: PartHead::Thinking(super::ThinkingForm::Full),
            is_open: false,
            text: String::new(),
            seal: Some(Seal { kind: SealKind::Part, ..seal.clone() }),
            citations: Vec::new(),
        };
        self.block = Some(thought);
        self.open(pen);
        if let Some(thought) = self.block.take() {
            self.close(&thought, pen);
        }
        self.block = call;
    }

    fn citation(&mut self, citation: String, pen: &mut Pen<'_>) {
        self.open(pen);
        self.block_delta(pen, "citations_delta", |json| {
            json.raw_compact("citation", &citation);
        });
        if let (Some(block), true) = (&mut self.block, pen.is_whole()) {
            pen.hold(citation.len());
            block.citations.push(citation);
        }
    }

    /// Begins the block of the part, once.
    fn open(&mut self, pen: &mut Pen<'_>) {
        let Some(block) = &mut self.block else { return };
        if std::mem::replace(&mut block.is_open, true) || pen.is_whole() {
            return;
        }
        let content = match &block.head {
            PartHead::Text | PartHead::Refusal => r#"{"type":"text","text":""}"#.to_owned(),
            PartHead::Thinking(_) => {
                r#"{"type":"thinking","thinking":"","signature":""}"#.to_owned()
            }
            PartHead::Sealed => sealed_block(block.seal.as_ref()),
            PartHead::ToolCall(call) => call_block(call, block.at, "{}", pen),
            PartHead::Foreign(foreign) => foreign.raw.clone(),
        };
        self.message_start(pen);
        let data = object_text(|json| {
            json.text("type", "content_block_start")
                .number("index", self.next)
                .raw_compact("content_block", &content);
        });
        pen.event("content_block_start", &data);
    }

    fn block_delta(&self, pen: &mut Pen<'_>, kind: &str, fill: impl FnOnce(&mut Json<'_>)) {
        if pen.is_whole() {
            return;
        }
        let data = object_text(|json| {
            json.text("type", "content_block_delta").number("index", self.next).object(
                "delta",
                |json| {
                    json.text("type", kind);
                    fill(json);
                },
            );
        });
        pen.event("content_block_delta", &data);
    }

    /// Ends a block that was begun.
    fn close(&mut self, block: &Block, pen: &mut Pen<'_>) {
        // Arguments went out as they came; here it is seen whether they are an object.
        let arguments = match &block.head {
            PartHead::ToolCall(call) if call.kind == ToolKind::Custom => {
                pen.losses.emulated("tool_call.custom", "its text is the member `input`");
                arguments_of(&block.text)
            }
            PartHead::ToolCall(_) => as_object(&block.text, pen.losses),
            _ => String::new(),
        };
        if pen.is_whole() {
            let content = block.body(&arguments, pen);
            pen.hold(content.len());
            self.content.push(content);
            return;
        }
        match &block.head {
            PartHead::Thinking(_) => {
                if let Some(seal) = &block.seal {
                    let signature = seal.for_client(DialectId::Messages);
                    self.block_delta(pen, "signature_delta", |json| {
                        json.text("signature", &signature);
                    });
                }
            }
            PartHead::ToolCall(call) if call.kind == ToolKind::Custom => {
                self.block_delta(pen, "input_json_delta", |json| {
                    json.text("partial_json", &arguments);
                });
            }
            PartHead::ToolCall(_)
            | PartHead::Text
            | PartHead::Refusal
            | PartHead::Sealed
            | PartHead::Foreign(_) => {}
        }
        let data = object_text(|json| {
            json.text("type", "content_block_stop").number("index", self.next);
        });
        pen.event("content_block_stop", &data);
        self.next += 1;
    }
}

// === impl Block ===

impl Block {
    /// The block in one piece.
    fn body(&self, arguments: &str, pen: &Pen<'_>) -> String {
        match &self.head {
            PartHead::Text | PartHead::Refusal => object_text(|json| {
                json.text("type", "text").text("text", &self.text);
                if !self.citations.is_empty() {
                    json.raw_compact("citations", &list(&self.citations));
                }
            }),
            PartHead::Thinking(_) => object_text(|json| {
                let seal = self.seal.as_ref();
                let signature = seal.map(|seal| seal.for_client(DialectId::Messages));
                json.text("type", "thinking")
                    .text("thinking", &self.text)
                    .text("signature", signature.as_deref().unwrap_or_default());
            }),
            PartHead::Sealed => sealed_block(self.seal.as_ref()),
            PartHead::ToolCall(call) => call_block(call, self.at, arguments, pen),
            PartHead::Foreign(foreign) => foreign.raw.clone(),
        }
    }
}

fn sealed_block(seal: Option<&Seal>) -> String {
    let data = seal.map(|seal| seal.for_client(DialectId::Messages)).unwrap_or_default();
    object_text(|json| {
        json.text("type", "redacted_thinking").text("data", &data);
    })
}

fn call_block(call: &ToolHead, at: At, input: &str, pen: &Pen<'_>) -> String {
    let id = call.id.clone().unwrap_or_else(|| call_id(DialectId::Messages, &pen.stem, at));
    object_text(|json| {
        json.text("type", "tool_use")
            .text("id", &id)
            .text("name", &call.name)
            .raw_compact(INPUT, input);
    })
}

fn stop_members(json: &mut Json<'_>, stop: Option<&(&'static str, Option<String>)>) {
    json.text_or_null("stop_reason", stop.map(|(word, _)| *word))
        .text_or_null("stop_sequence", stop.and_then(|(_, sequence)| sequence.as_deref()));
}
