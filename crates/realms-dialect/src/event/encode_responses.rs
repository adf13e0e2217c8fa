//! Answers for clients of OpenAI Responses.
//!
//! Every item and every part of one is announced, told, and told again whole, since clients differ in
//! which of the three they read. Items come one after the other.

mod item;

use realms_types::{DialectId, Usage};

use self::item::{Item, ItemKind};
use super::{
    At, Delta, PartHead, Seal, SealKind, Start, Stop, ToolKind,
    encode::{Pen, WriteAnswer},
    names::{answer_id, call_id, item_id},
    stop::{Held, ResponseEnd, write_responses},
    usage::write_responses as write_usage,
    write::{Json, list, object_text},
};
use crate::StreamShape;

/// Writes response events, or the response they end with.
#[derive(Debug, Default)]
pub(super) struct ResponsesWriter {
    id: String,
    model: String,
    created: u64,
    is_started: bool,
    sequence: u64,
    /// Finished items.
    output: Vec<String>,
    item: Option<Item>,
    usage: Option<Usage>,
    end: Option<ResponseEnd>,
}

/// The status of an item that was not cut off.
const WHOLE: &str = "completed";

/// The status of the response an event holds.
#[derive(Clone, Copy)]
enum Status {
    InProgress,
    Ended(ResponseEnd),
}

// === impl ResponsesWriter ===

impl WriteAnswer for ResponsesWriter {
    fn start(&mut self, start: &Start, pen: &mut Pen<'_>) {
        self.id = answer_id(DialectId::Responses, start, &pen.stem);
        let model = pen.intent.model.as_ref().or(start.model.as_ref());
        self.model = model.cloned().unwrap_or_default();
        self.created = u64::try_from(pen.intent.created).unwrap_or_default();
    }

    fn part_start(&mut self, at: At, head: &PartHead, pen: &mut Pen<'_>) {
        let is_said = matches!(head, PartHead::Text | PartHead::Refusal);
        let continues = |item: &Item| item.kind == ItemKind::Message && is_said;
        if !self.item.as_ref().is_some_and(continues) {
            self.end_item(WHOLE, pen);
            self.item = Some(self.new_item(at, head, pen));
        }
        if let Some(item) = &mut self.item {
            item.begin(head);
        }
    }

    fn delta(&mut self, _at: At, delta: &Delta, pen: &mut Pen<'_>) {
        match delta {
            Delta::Text(text) => {
                self.open(pen);
                self.tell(pen, |item, events| item.text(text, events));
                pen.hold(text.len());
            }
            Delta::Seal(seal) => self.seal(seal, pen),
            Delta::Citation(citation) => {
                self.open(pen);
                let len = self.item.as_ref().map_or(0, Item::text_len);
                if let Some(json) = citation.write(DialectId::Responses, len, pen.losses) {
                    pen.hold(json.len());
                    self.tell(pen, |item, events| item.annotation(json, events));
                }
            }
            Delta::Logprobs(logprobs) => {
                pen.hold(logprobs.iter().map(super::Logprob::size).sum());
                if let Some(item) = &mut self.item {
                    item.logprobs(logprobs);
                }
            }
        }
    }

    /// The item itself ends when the next begins, or when it is known whether it was cut off.
    fn part_end(&mut self, _at: At, pen: &mut Pen<'_>) {
        if self.item.as_ref().is_some_and(|item| item.kind == ItemKind::Message) {
            self.tell(pen, Item::end_content);
        }
    }

    fn usage(&mut self, usage: Usage) {
        self.usage = Some(usage);
    }

    fn stop(&mut self, _choice: u32, stop: &Stop, held: Held, pen: &mut Pen<'_>) {
        self.end = Some(write_responses(stop, held, pen.losses));
    }

    fn finish(&mut self, pen: &mut Pen<'_>) {
        let end = self.end.unwrap_or(ResponseEnd::Completed);
        let status = match end {
            ResponseEnd::Completed => WHOLE,
            ResponseEnd::Incomplete(_) => "incomplete",
        };
        self.end_item(status, pen);
        if pen.is_whole() {
            let body = self.response(Status::Ended(end), pen);
            pen.out.extend_from_slice(body.as_bytes());
            return;
        }
        self.response_start(pen);
        let name = match end {
            ResponseEnd::Completed => "response.completed",
            ResponseEnd::Incomplete(_) => "response.incomplete",
        };
        let response = self.response(Status::Ended(end), pen);
        self.event(pen, name, |json| {
            json.raw_compact("response", &response);
        });
    }

    fn shape(&self) -> StreamShape<'_> {
        StreamShape {
            started: self.is_started,
            sequence: self.sequence.checked_sub(1),
            object_id: self.is_started.then_some(self.id.as_str()),
            model: self.is_started.then_some(self.model.as_str()),
            ..StreamShape::default()
        }
    }
}

impl ResponsesWriter {
    fn new_item(&self, at: At, head: &PartHead, pen: &Pen<'_>) -> Item {
        let index = u32::try_from(self.output.len()).unwrap_or(u32::MAX);
        let (prefix, kind) = match head {
            PartHead::Text | PartHead::Refusal => ("msg", ItemKind::Message),
            PartHead::Thinking(_) | PartHead::Sealed => ("rs", ItemKind::Reasoning),
            PartHead::ToolCall(call) => {
                let id = call.id.clone();
                let id = id.unwrap_or_else(|| call_id(DialectId::Responses, &pen.stem, at));
                let prefix = if call.kind == ToolKind::Custom { "ctc" } else { "fc" };
                (prefix, ItemKind::Call { id, head: call.clone() })
            }
            PartHead::Foreign(foreign) => ("item", ItemKind::Own(foreign.raw.clone())),
        };
        Item::new(item_id(prefix, &pen.stem, index), index, kind)
    }

    /// The seal of a thought ends up in its item. What seals a call goes before it, in an item of its
    /// own; what seals a text has no place.
    fn seal(&mut self, seal: &Seal, pen: &mut Pen<'_>) {
        pen.hold(seal.value.len());
        let Some(item) = &mut self.item else { return };
        match item.kind {
            ItemKind::Reasoning => item.seal = Some(seal.for_client(DialectId::Responses)),
            ItemKind::Call { .. } if pen.intent.sealed && !item.is_open => {
                let call = self.item.take();
                let thought = PartHead::Sealed;
                let mut before = self.new_item(At { choice: 0, part: 0 }, &thought, pen);
                let seal = Seal { kind: SealKind::Part, ..seal.clone() };
                before.seal = Some(seal.for_client(DialectId::Responses));
                self.item = Some(before);
                self.end_item(WHOLE, pen);
                self.item = call.map(|call| {
                    let index = u32::try_from(self.output.len()).unwrap_or(u32::MAX);
                    call.moved_to(index, &pen.stem)
                });
            }
            ItemKind::Call { .. } | ItemKind::Message | ItemKind::Own(_) => {
                pen.losses.dropped("signature", "Responses seals only reasoning");
            }
        }
    }

    /// Announces the response and the item, once each.
    fn open(&mut self, pen: &mut Pen<'_>) {
        self.response_start(pen);
        self.tell(pen, Item::open);
    }

    /// Ends the item that is open; a message or a thought with nothing in it never was.
    fn end_item(&mut self, status: &str, pen: &mut Pen<'_>) {
        if self.item.as_ref().is_some_and(Item::is_nothing) {
            self.item = None;
        }
        if self.item.is_none() {
            return;
        }
        self.open(pen);
        self.tell(pen, |item, events| item.end(status, events));
        if let Some(item) = self.item.take() {
            let whole = item.whole(status);
            pen.hold(whole.len());
            self.output.push(whole);
        }
    }

    /// Has the item tell events, and writes them.
    fn tell(&mut self, pen: &mut Pen<'_>, tell: impl FnOnce(&mut Item, &mut Vec<ItemEvent>)) {
        let Some(item) = &mut self.item else { return };
        let mut events = Vec::new();
        tell(item, &mut events);
        for (name, members) in events {
            self.event(pen, name, |json| {
                for (key, value) in &members {
                    json.raw_compact(key, value);
                }
            });
        }
    }

    fn response_start(&mut self, pen: &mut Pen<'_>) {
        if std::mem::replace(&mut self.is_started, true) || pen.is_whole() {
            return;
        }
        let response = self.response(Status::InProgress, pen);
        for name in ["response.created", "response.in_progress"] {
            self.event(pen, name, |json| {
                json.raw_compact("response", &response);
            });
        }
    }

    fn event(&mut self, pen: &mut Pen<'_>, name: &str, fill: impl FnOnce(&mut Json<'_>)) {
        if pen.is_whole() {
            return;
        }
        let data = object_text(|json| {
            json.text("type", name).number("sequence_number", self.sequence);
            fill(json);
        });
        self.sequence += 1;
        pen.event(name, &data);
    }

    /// The response object. The SDKs require all of its fields; what the request said of them is not
    /// known here, so they say what holds where nothing was said.
    fn response(&self, status: Status, pen: &mut Pen<'_>) -> String {
        let (word, reason) = match status {
            Status::InProgress => ("in_progress", None),
            Status::Ended(ResponseEnd::Completed) => ("completed", None),
            Status::Ended(ResponseEnd::Incomplete(reason)) => ("incomplete", Some(reason)),
        };
        object_text(|json| {
            json.text("id", &self.id)
                .text("object", "response")
                .number("created_at", self.created)
                .text("status", word)
                .null("error");
            match reason {
                Some(reason) => json.object("incomplete_details", |json| {
                    json.text("reason", reason);
                }),
                None => json.null("incomplete_details"),
            };
            json.null("instructions")
                .raw_compact("metadata", "{}")
                .text("model", &self.model)
                .raw_compact("output", &list(&self.output))
                .bool("parallel_tool_calls", true)
                .null("previous_response_id")
                .bool("store", false)
                .null("temperature")
                .text("tool_choice", "auto")
                .raw_compact("tools", "[]")
                .null("top_p");
            match (status, &self.usage) {
                (Status::Ended(_), Some(usage)) => {
                    json.object("usage", |json| write_usage(json, usage, pen.losses));
                }
                (Status::InProgress | Status::Ended(_), _) => {
                    json.null("usage");
                }
            }
        })
    }
}

/// The name of an event, and its members beyond type and number.
type ItemEvent = (&'static str, Vec<(&'static str, String)>);
