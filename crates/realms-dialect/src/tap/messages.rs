//! The tap of Anthropic Messages.
//!
//! Content is: a non-empty delta of a block (text, thinking, signature, tool input, citation), and the
//! start of any block that does not begin empty, which is all but `text` and `thinking`. The end is a
//! `message_delta` with a stop reason, or `message_stop`.

use realms_types::DialectId;

use super::{
    Reading, Sight, Tap,
    anthropic_usage::AnthropicTally,
    keep_first, keep_last,
    raw::{Raw, object},
    text,
};
use crate::{Frame, read_fault};

/// Reads a stream of message events, or a message.
#[derive(Debug, Default)]
pub(super) struct MessagesTap {
    reading: Reading,
    tally: AnthropicTally,
}

object! {
    struct Event {
        kind: "type",
        message: "message",
        content_block: "content_block",
        delta: "delta",
        usage: "usage",
        error: "error",
    }
}

object! {
    /// A message, in `message_start` or as the body.
    struct Message {
        id: "id",
        model: "model",
        content: "content",
        stop_reason: "stop_reason",
        usage: "usage",
        error: "error",
    }
}

object! {
    struct Block {
        kind: "type",
        text: "text",
        thinking: "thinking",
        name: "name",
        input: "input",
    }
}

object! {
    struct Delta {
        text: "text",
        thinking: "thinking",
        partial_json: "partial_json",
        signature: "signature",
        citation: "citation",
        stop_reason: "stop_reason",
    }
}

object! {
    struct Tier {
        service_tier: "service_tier",
    }
}

// === impl MessagesTap ===

impl Tap for MessagesTap {
    fn frame(&mut self, frame: &Frame<'_>) -> Sight {
        let data = frame.data();
        let Some(event) = text(&data).and_then(Event::read) else {
            return Sight::Noise;
        };
        let kind = event.kind.and_then(Raw::text);
        let kind = kind.as_deref().or_else(|| str::from_utf8(frame.event()?).ok());
        match kind.unwrap_or_default() {
            "content_block_delta" => self.delta(event.delta),
            "content_block_start" => self.block_start(event.content_block),
            "message_start" => self.message_start(event.message),
            "message_delta" => self.message_delta(&event),
            "message_stop" => self.reading.end(),
            "error" => self.reading.fail(read_fault(DialectId::Messages, 200, &data)),
            _ if event.error.is_some_and(Raw::is_error) => {
                self.reading.fail(read_fault(DialectId::Messages, 200, &data))
            }
            _ => Sight::Noise,
        }
    }

    fn body(&mut self, body: &[u8]) -> Sight {
        let Some(message) = text(body).and_then(Message::read) else {
            return Sight::Noise;
        };
        if message.error.is_some_and(Raw::is_error) {
            return self.reading.fail(read_fault(DialectId::Messages, 200, body));
        }
        self.take(&message);
        if let Some(content) = message.content {
            self.reading.content(content.elements().filter_map(Block::read).map(Block::len).sum());
        }
        self.reading.end()
    }

    fn reading(&self) -> &Reading {
        &self.reading
    }
}

impl MessagesTap {
    fn message_start(&mut self, message: Option<Raw<'_>>) -> Sight {
        if let Some(message) = message.map(Raw::json).and_then(Message::read) {
            self.take(&message);
        }
        Sight::Noise
    }

    fn block_start(&mut self, block: Option<Raw<'_>>) -> Sight {
        let Some(block) = block.map(Raw::json).and_then(Block::read) else {
            return Sight::Noise;
        };
        let begins_empty =
            matches!(block.kind.map(Raw::json), None | Some("\"text\"" | "\"thinking\""));
        let text = block.start_len();
        if begins_empty && text == 0 { Sight::Noise } else { self.reading.content(text) }
    }

    fn delta(&mut self, delta: Option<Raw<'_>>) -> Sight {
        let Some(delta) = delta.map(Raw::json).and_then(Delta::read) else {
            return Sight::Noise;
        };
        let text = delta.text.or(delta.thinking).or(delta.partial_json);
        if let Some(text) = text.filter(|text| !text.is_empty()) {
            return self.reading.content(text.text_len());
        }
        let other = delta.signature.or(delta.citation).filter(|other| !other.is_empty());
        if other.is_some() { self.reading.content(0) } else { Sight::Noise }
    }

    fn message_delta(&mut self, event: &Event<'_>) -> Sight {
        self.usage(event.usage);
        let delta = event.delta.map(Raw::json).and_then(Delta::read);
        let stop = delta.and_then(|delta| delta.stop_reason);
        keep_last(&mut self.reading.stop, stop);
        if stop.is_some() { self.reading.end() } else { Sight::Noise }
    }

    fn take(&mut self, message: &Message<'_>) {
        keep_first(&mut self.reading.object_id, message.id);
        keep_first(&mut self.reading.model, message.model);
        keep_last(&mut self.reading.stop, message.stop_reason);
        self.usage(message.usage);
    }

    fn usage(&mut self, report: Option<Raw<'_>>) {
        let Some(report) = report else { return };
        self.reading.report(self.tally.merge(report));
        if let Some(tier) = Tier::read(report.json()) {
            keep_last(&mut self.reading.service_tier, tier.service_tier);
        }
    }
}

// === impl Block ===

impl Block<'_> {
    /// Bytes of text a block begins with. The input of a tool begins as `{}` and follows in deltas.
    fn start_len(self) -> u64 {
        let text = self.text.or(self.thinking).or(self.name);
        text.map_or(0, Raw::text_len)
    }

    /// Bytes of text in a whole block.
    fn len(self) -> u64 {
        self.start_len() + self.input.map_or(0, Raw::text_len)
    }
}
