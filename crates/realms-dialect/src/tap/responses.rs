//! The tap of OpenAI Responses.
//!
//! Content is: a non-empty `*.delta`, any `*.done`, a partial image, and the `output_item.added` of
//! anything but a message or a reasoning item, which begin empty. Codex reads nothing but
//! `output_item.done` and `completed`, so a stream of just these two is complete too.

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

/// Reads a stream of response events, or a response object.
#[derive(Debug, Default)]
pub(super) struct ResponsesTap {
    reading: Reading,
    tally: OpenAiTally,
    /// Bytes of text seen in deltas since the last finished item.
    since_item: u64,
    /// Finished calls of tools that the vendor bills by the piece.
    tool_calls: u64,
}

#[derive(Deserialize)]
struct Event<'a> {
    #[serde(borrow, rename = "type")]
    kind: Option<Raw<'a>>,
    sequence_number: Option<Raw<'a>>,
    delta: Option<Raw<'a>>,
    item: Option<Raw<'a>>,
    response: Option<Raw<'a>>,
    error: Option<Raw<'a>>,
}

/// A response object, in an event or as the body.
#[derive(Deserialize)]
struct Response<'a> {
    #[serde(borrow)]
    id: Option<Raw<'a>>,
    model: Option<Raw<'a>>,
    status: Option<Raw<'a>>,
    service_tier: Option<Raw<'a>>,
    incomplete_details: Option<IncompleteDetails<'a>>,
    usage: Option<Raw<'a>>,
    error: Option<Raw<'a>>,
    output: Option<Folded<Items>>,
}

#[derive(Deserialize)]
struct IncompleteDetails<'a> {
    #[serde(borrow)]
    reason: Option<Raw<'a>>,
}

/// An output item.
#[derive(Deserialize)]
struct Item<'a> {
    #[serde(borrow, rename = "type")]
    kind: Option<Raw<'a>>,
    content: Option<Raw<'a>>,
    summary: Option<Raw<'a>>,
    arguments: Option<Raw<'a>>,
    input: Option<Raw<'a>>,
}

#[derive(Deserialize)]
struct Part<'a> {
    #[serde(borrow)]
    text: Option<Raw<'a>>,
    refusal: Option<Raw<'a>>,
}

/// What a list of output items comes to.
#[derive(Debug, Default)]
struct Items {
    text: u64,
    tool_calls: u64,
}

/// Bytes of text in a list of parts.
#[derive(Debug, Default)]
struct PartTexts(u64);

// === impl ResponsesTap ===

impl Tap for ResponsesTap {
    fn frame(&mut self, frame: &Frame<'_>) -> Sight {
        let data = frame.data();
        let Ok(event) = serde_json::from_slice::<Event<'_>>(&data) else {
            return Sight::Noise;
        };
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
            other => self.piece(other, &event, &data),
        }
    }

    fn body(&mut self, body: &[u8]) -> Sight {
        let Ok(response) = serde_json::from_slice::<Response<'_>>(body) else {
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
}

impl ResponsesTap {
    fn begun(&mut self, response: Option<Raw<'_>>) -> Sight {
        if let Some(response) = response.and_then(Raw::parse::<Response<'_>>) {
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
        let item = item.and_then(Raw::parse::<Item<'_>>);
        match item.and_then(|item| item.kind).map(Raw::json) {
            None | Some("\"message\"" | "\"reasoning\"") => Sight::Noise,
            Some(_) => self.reading.content(0),
        }
    }

    /// A finished item repeats the text of its deltas; it is counted when there were none.
    fn item_done(&mut self, item: Option<Raw<'_>>) -> Sight {
        let mut items = Items::default();
        if let Some(item) = item.and_then(Raw::parse::<Item<'_>>) {
            items.add(item);
        }
        let streamed = std::mem::take(&mut self.since_item);
        self.tool_calls += items.tool_calls;
        self.reading.content(if streamed == 0 { items.text } else { 0 })
    }

    fn terminal(&mut self, response: Option<Raw<'_>>) -> Sight {
        if let Some(response) = response.and_then(Raw::parse::<Response<'_>>) {
            self.take(&response);
        }
        self.reading.end()
    }

    /// The error stands in the response.
    fn failed(&mut self, response: Option<Raw<'_>>) -> Sight {
        let json = response.map_or("{}", Raw::json);
        if let Some(response) = response.and_then(Raw::parse::<Response<'_>>) {
            self.take(&response);
        }
        self.reading.fail(read_fault(DialectId::Responses, 200, json.as_bytes()))
    }

    fn take(&mut self, response: &Response<'_>) {
        let reading = &mut self.reading;
        if let Some(Folded(items)) = &response.output {
            // The whole output at the end: it counts where none of it was streamed.
            self.tool_calls = self.tool_calls.max(items.tool_calls);
            reading.output_chars = reading.output_chars.max(items.text);
        }
        keep_first(&mut reading.object_id, response.id);
        keep_last(&mut reading.model, response.model);
        keep_last(&mut reading.service_tier, response.service_tier);
        let reason = response.incomplete_details.as_ref().and_then(|details| details.reason);
        keep_last(&mut reading.stop, reason.or(response.status));
        if let Some(report) = response.usage {
            let usage = self.tally.merge(report);
            let tool_calls = self.tool_calls;
            reading.report(usage.map(|usage| realms_types::Usage { tool_calls, ..usage }));
        }
    }
}

// === impl Items ===

impl<'de> Fold<'de> for Items {
    type Item = Item<'de>;

    fn add(&mut self, item: Item<'de>) {
        let parts = |list: Raw<'de>| list.parse::<Folded<PartTexts>>().map_or(0, |texts| texts.0.0);
        self.text += item.content.map_or(0, parts) + item.summary.map_or(0, parts);
        self.text += item.arguments.map_or(0, Raw::text_len) + item.input.map_or(0, Raw::text_len);
        let kind = item.kind.map(Raw::json);
        let is_billed = matches!(kind, Some("\"web_search_call\"" | "\"file_search_call\""));
        self.tool_calls += u64::from(is_billed);
    }
}

// === impl PartTexts ===

impl<'de> Fold<'de> for PartTexts {
    type Item = Part<'de>;

    fn add(&mut self, part: Part<'de>) {
        self.0 += part.text.map_or(0, Raw::text_len) + part.refusal.map_or(0, Raw::text_len);
    }
}
