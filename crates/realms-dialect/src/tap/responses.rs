//! The tap of OpenAI Responses.
//!
//! Content is: a non-empty `*.delta`, any `*.done`, a partial image, and the `output_item.added` of
//! anything but a message or a reasoning item, which begin empty. Codex reads nothing but
//! `output_item.done` and `completed`, so a stream of just these two is complete too.

use realms_types::DialectId;

use super::{
    Reading, Sight, Tap, keep_first, keep_last,
    openai_usage::OpenAiTally,
    raw::{Raw, object},
    text,
};
use crate::{
    Frame,
    codex::{LIMITS_EVENT, is_of_the_account},
    read_fault,
};

/// Reads a stream of response events, or a response object.
#[derive(Debug, Default)]
pub(super) struct ResponsesTap {
    reading: Reading,
    tally: OpenAiTally,
    /// Bytes of text seen in deltas since the last finished item.
    since_item: u64,
    /// Finished calls of tools that the vendor bills by the piece.
    tool_calls: u64,
    /// What was told last of the limits of the account.
    account_limits: Option<String>,
}

object! {
    struct Event {
        kind: "type",
        sequence_number: "sequence_number",
        delta: "delta",
        item: "item",
        response: "response",
        error: "error",
    }
}

object! {
    /// A response object, in an event or as the body.
    struct Response {
        id: "id",
        model: "model",
        status: "status",
        service_tier: "service_tier",
        incomplete_details: "incomplete_details",
        usage: "usage",
        error: "error",
        output: "output",
    }
}

object! {
    struct IncompleteDetails {
        reason: "reason",
    }
}

object! {
    /// An output item.
    struct Item {
        kind: "type",
        content: "content",
        summary: "summary",
        arguments: "arguments",
        input: "input",
        /// The image that a call made.
        result: "result",
    }
}

object! {
    struct Part {
        text: "text",
        refusal: "refusal",
    }
}

/// What a list of output items comes to.
#[derive(Debug, Default)]
struct Items {
    text: u64,
    tool_calls: u64,
    images: u64,
}

// === impl ResponsesTap ===

impl Tap for ResponsesTap {
    fn frame(&mut self, frame: &Frame<'_>) -> Sight {
        let data = frame.data();
        let Some(json) = text(&data) else { return Sight::Noise };
        let Some(event) = Event::read(json) else { return Sight::Noise };
        if let Some(sequence) = event.sequence_number {
            self.reading.sequence = sequence.count().ok();
        }
        let kind = event.kind.and_then(Raw::text);
        let kind = kind.as_deref().or_else(|| str::from_utf8(frame.event()?).ok());
        match kind.unwrap_or_default() {
            "error" => self.reading.fail(read_fault(DialectId::Responses, 200, &data)),
            "response.completed" | "response.incomplete" => self.terminal(event.response),
            "response.failed" | "response.cancelled" => self.failed(event.response),
            "response.created" | "response.in_progress" | "response.queued" => {
                self.begun(event.response)
            }
            "response.output_item.added" => self.item_added(event.item),
            "response.output_item.done" => self.item_done(event.item),
            LIMITS_EVENT => self.limits(json),
            other => self.piece(other, &event, &data),
        }
    }

    fn body(&mut self, body: &[u8]) -> Sight {
        let Some(response) = text(body).and_then(Response::read) else {
            return Sight::Noise;
        };
        if response.error.is_some_and(Raw::is_error) {
            return self.reading.fail(read_fault(DialectId::Responses, 200, body));
        }
        self.reading.meaningful = true;
        self.take(&response);
        self.reading.end()
    }

    fn reading(&self) -> &Reading {
        &self.reading
    }

    fn account_limits(&self) -> Option<&str> {
        self.account_limits.as_deref()
    }
}

impl ResponsesTap {
    /// It is no content, whoever it is for.
    fn limits(&mut self, event: &str) -> Sight {
        if is_of_the_account(event) {
            self.account_limits = Some(event.to_owned());
        }
        Sight::Noise
    }

    fn begun(&mut self, response: Option<Raw<'_>>) -> Sight {
        if let Some(response) = response.map(Raw::json).and_then(Response::read) {
            keep_first(&mut self.reading.object_id, response.id);
            keep_first(&mut self.reading.model, response.model);
        }
        Sight::Noise
    }

    /// Deltas and the rest. What is not known may be a vendor's own notice, so it is no content.
    fn piece(&mut self, kind: &str, event: &Event<'_>, data: &[u8]) -> Sight {
        match kind.rsplit('.').next() {
            Some("delta") => self.delta(event.delta),
            Some("done" | "partial_image") => self.reading.content(0),
            _ if event.error.is_some_and(Raw::is_error) => {
                self.reading.fail(read_fault(DialectId::Responses, 200, data))
            }
            _ => Sight::Noise,
        }
    }

    fn delta(&mut self, delta: Option<Raw<'_>>) -> Sight {
        let Some(delta) = delta.filter(|delta| !delta.is_empty()) else {
            return Sight::Noise;
        };
        let text = delta.text_len();
        self.since_item = self.since_item.saturating_add(text);
        self.reading.content(text)
    }

    fn item_added(&mut self, item: Option<Raw<'_>>) -> Sight {
        let item = item.map(Raw::json).and_then(Item::read);
        match item.and_then(|item| item.kind).map(Raw::json) {
            None | Some("\"message\"" | "\"reasoning\"") => Sight::Noise,
            Some(_) => self.reading.content(0),
        }
    }

    /// A finished item repeats the text of its deltas; it is counted when there were none.
    fn item_done(&mut self, item: Option<Raw<'_>>) -> Sight {
        let mut items = Items::default();
        if let Some(item) = item.map(Raw::json).and_then(Item::read) {
            items.add(&item);
        }
        let streamed = std::mem::take(&mut self.since_item);
        self.tool_calls += items.tool_calls;
        self.reading.images += items.images;
        self.reading.content(if streamed == 0 { items.text } else { 0 })
    }

    fn terminal(&mut self, response: Option<Raw<'_>>) -> Sight {
        if let Some(response) = response.map(Raw::json).and_then(Response::read) {
            self.take(&response);
        }
        self.reading.end()
    }

    /// The error stands in the response.
    fn failed(&mut self, response: Option<Raw<'_>>) -> Sight {
        let json = response.map_or("{}", Raw::json);
        if let Some(response) = response.map(Raw::json).and_then(Response::read) {
            self.take(&response);
        }
        self.reading.fail(read_fault(DialectId::Responses, 200, json.as_bytes()))
    }

    fn take(&mut self, response: &Response<'_>) {
        let reading = &mut self.reading;
        if let Some(output) = response.output {
            // The whole output at the end: it counts where none of it was streamed.
            let items = Items::of(output);
            self.tool_calls = self.tool_calls.max(items.tool_calls);
            reading.images = reading.images.max(items.images);
            reading.output_chars = reading.output_chars.max(items.text);
        }
        keep_first(&mut reading.object_id, response.id);
        keep_last(&mut reading.model, response.model);
        keep_last(&mut reading.service_tier, response.service_tier);
        let details = response.incomplete_details.map(Raw::json).and_then(IncompleteDetails::read);
        let reason = details.and_then(|details| details.reason);
        keep_last(&mut reading.stop, reason.or(response.status));
        if let Some(report) = response.usage {
            reading.report(self.tally.merge(report));
        }
        // Beside a report that says something: one of nothing but zeros is none.
        if let Some(usage) = &mut reading.usage {
            usage.tool_calls = self.tool_calls;
        }
    }
}

// === impl Items ===

impl Items {
    fn of(list: Raw<'_>) -> Self {
        let mut items = Self::default();
        list.elements().filter_map(Item::read).for_each(|item| items.add(&item));
        items
    }

    fn add(&mut self, item: &Item<'_>) {
        self.text += item.content.map_or(0, part_texts) + item.summary.map_or(0, part_texts);
        self.text += item.arguments.map_or(0, Raw::text_len) + item.input.map_or(0, Raw::text_len);
        let kind = item.kind.map(Raw::json);
        let is_billed = matches!(kind, Some("\"web_search_call\"" | "\"file_search_call\""));
        self.tool_calls += u64::from(is_billed);
        let is_image = kind == Some("\"image_generation_call\"");
        // Without a result there is no image: the call failed, or it is not over.
        let is_made = item.result.is_some_and(|result| !result.is_empty());
        self.images += u64::from(is_image && is_made);
    }
}

/// Bytes of text in a list of parts.
fn part_texts(list: Raw<'_>) -> u64 {
    let parts = list.elements().filter_map(Part::read);
    let texts = parts.flat_map(|part| [part.text, part.refusal]).flatten();
    texts.map(Raw::text_len).sum()
}
