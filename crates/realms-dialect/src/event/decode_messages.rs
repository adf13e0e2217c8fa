//! The content of Anthropic Messages: blocks one after the other, streamed or whole.

use super::{
    At, Citation, Delta, Foreign, PartHead, Seal, SealKind, ThinkingForm, ToolHead, ToolKind,
    arguments::as_text,
    decode::{Progress, ReadAnswer},
    object::Object,
    said,
    steps::Steps,
    stop,
    write::{compact, object_text},
};
use crate::{Frame, tap::raw::Raw};
use realms_types::DialectId;

/// How many blocks may be open at once; the API has one.
const MOST_OPEN: usize = 64;

/// How much of a block that only this dialect can hold is gathered, in bytes.
const MOST_GATHERED: usize = 8 << 20;

/// Reads events.
#[derive(Debug, Default)]
pub(super) struct MessagesReader {
    blocks: Vec<Block>,
    has_stop: bool,
}

/// An open block.
#[derive(Debug)]
struct Block {
    index: u32,
    content: Content,
}

#[derive(Debug)]
enum Content {
    /// A block whose deltas are passed on. Only text has sources.
    Part { at: At, is_text: bool },
    /// A call, with the input it began with: vendors may give it whole there.
    Call { at: At, begun_with: String, has_fragments: bool },
    /// A block of this dialect alone, gathered until it is whole; its input as WTF-8.
    Gathered { kind: String, block: String, input: Vec<u8> },
}

// === impl MessagesReader ===

impl ReadAnswer for MessagesReader {
    fn frame(&mut self, frame: &Frame<'_>, steps: &mut Steps) -> Progress {
        let data = frame.data();
        let Some(event) = Object::of_bytes(&data) else {
            return Progress::Open;
        };
        let kind = event.text("type");
        let named = frame.event().and_then(|name| str::from_utf8(name).ok());
        let index = event.index("index").unwrap_or(0);
        match kind.as_deref().or(named).unwrap_or_default() {
            "ping" => steps.ping(),
            "message_start" => {
                // A message may begin with content, where a vendor streams what it has whole.
                if let Some(message) = event.object("message") {
                    self.blocks_of(&message, steps);
                }
            }
            "content_block_start" => {
                if let Some(raw) = event.get("content_block") {
                    self.begin(index, raw, steps);
                }
            }
            "content_block_delta" => {
                if let Some(delta) = event.object("delta") {
                    self.delta(index, &delta, steps);
                }
            }
            "content_block_stop" => self.end(index, steps),
            "message_delta" => {
                if let Some(delta) = event.object("delta") {
                    self.stop(&delta, steps);
                }
            }
            "message_stop" => return Progress::Over,
            _ => {}
        }
        Progress::Open
    }

    fn body(&mut self, body: &[u8], steps: &mut Steps) -> Progress {
        match Object::of_bytes(body).filter(|body| body.get("content").is_some()) {
            Some(message) => {
                self.blocks_of(&message, steps);
                self.stop(&message, steps);
                Progress::Over
            }
            None => Progress::Open,
        }
    }

    fn is_whole(&self, _steps: &Steps) -> bool {
        self.has_stop
    }

    fn flush(&mut self, steps: &mut Steps) {
        for index in self.blocks.iter().map(|block| block.index).collect::<Vec<_>>() {
            self.end(index, steps);
        }
    }
}

impl MessagesReader {
    fn blocks_of(&mut self, message: &Object<'_>, steps: &mut Steps) {
        for (index, raw) in (0..).zip(message.list("content")) {
            self.begin(index, raw, steps);
            self.end(index, steps);
        }
    }

    fn begin(&mut self, index: u32, raw: Raw<'_>, steps: &mut Steps) {
        self.end(index, steps);
        if self.blocks.len() == MOST_OPEN {
            self.end(self.blocks[0].index, steps);
        }
        let Some(block) = Object::of(raw) else { return };
        let kind = block.text("type").unwrap_or_default();
        let content = match kind.as_ref() {
            "text" => open_text(&block, steps),
            "thinking" => open_thinking(&block, steps),
            "redacted_thinking" => open_sealed(&block, steps),
            "tool_use" => open_call(&block, steps),
            // What does not say what it is, nobody can read; its deltas may.
            "" => None,
            kind => Some(Content::Gathered {
                kind: kind.to_owned(),
                block: compact(raw.json()),
                input: Vec::new(),
            }),
        };
        if let Some(content) = content {
            self.blocks.push(Block { index, content });
        }
    }

    fn delta(&mut self, index: u32, delta: &Object<'_>, steps: &mut Steps) {
        if !self.blocks.iter().any(|block| block.index == index) {
            self.begin_unannounced(index, delta, steps);
        }
        let Some(block) = self.blocks.iter_mut().find(|block| block.index == index) else {
            return;
        };
        let text = ["text", "thinking"].into_iter().find_map(|key| delta.said(key));
        match &mut block.content {
            Content::Part { at, is_text } => {
                if let Some(text) = text {
                    steps.say(*at, &text);
                }
                if let Some(signature) = delta.filled("signature") {
                    seal(*at, SealKind::Thinking, &signature, steps);
                }
                let citation = delta.get("citation").and_then(Citation::read_messages);
                if let Some(citation) = citation.filter(|_| *is_text) {
                    steps.delta(*at, Delta::Citation(citation));
                }
            }
            Content::Call { at, has_fragments, .. } => {
                if let Some(json) = delta.said("partial_json") {
                    *has_fragments = true;
                    steps.say(*at, &json);
                }
            }
            Content::Gathered { input, .. } => {
                if let Some(json) = delta.said("partial_json")
                    && input.len() + json.bytes().len() <= MOST_GATHERED
                {
                    input.extend_from_slice(json.bytes());
                }
            }
        }
    }

    /// Some vendors leave the start of a text or a thought out. A call without a start has no name.
    fn begin_unannounced(&mut self, index: u32, delta: &Object<'_>, steps: &mut Steps) {
        let (head, is_text) = match delta.text("type").as_deref() {
            Some("text_delta") => (PartHead::Text, true),
            Some("thinking_delta") => (PartHead::Thinking(ThinkingForm::Full), false),
            _ => return,
        };
        if let (Some(at), true) = (steps.open(0, head), self.blocks.len() < MOST_OPEN) {
            self.blocks.push(Block { index, content: Content::Part { at, is_text } });
        }
    }

    fn end(&mut self, index: u32, steps: &mut Steps) {
        let Some(place) = self.blocks.iter().position(|block| block.index == index) else {
            return;
        };
        match self.blocks.remove(place).content {
            Content::Part { at, .. } => steps.close(at),
            Content::Call { at, begun_with, has_fragments } => {
                if !has_fragments {
                    steps.text(at, &begun_with);
                }
                steps.close(at);
            }
            Content::Gathered { kind, block, input } => {
                let raw = with_input(block, &said::ended(&input));
                steps.foreign(0, Foreign { dialect: DialectId::Messages, kind, raw });
            }
        }
    }

    fn stop(&mut self, delta: &Object<'_>, steps: &mut Steps) {
        if let Some(word) = delta.filled("stop_reason") {
            self.has_stop = true;
            let sequence = delta.filled("stop_sequence");
            steps.stop(0, stop::read_messages(&word, sequence.as_deref()));
        }
    }
}

fn open_text(block: &Object<'_>, steps: &mut Steps) -> Option<Content> {
    let at = steps.open(0, PartHead::Text)?;
    steps.say(at, &block.said("text").unwrap_or_default());
    for citation in block.list("citations").into_iter().filter_map(Citation::read_messages) {
        steps.delta(at, Delta::Citation(citation));
    }
    Some(Content::Part { at, is_text: true })
}

fn open_thinking(block: &Object<'_>, steps: &mut Steps) -> Option<Content> {
    let at = steps.open(0, PartHead::Thinking(ThinkingForm::Full))?;
    steps.say(at, &block.said("thinking").unwrap_or_default());
    if let Some(signature) = block.filled("signature") {
        seal(at, SealKind::Thinking, &signature, steps);
    }
    Some(Content::Part { at, is_text: false })
}

fn open_sealed(block: &Object<'_>, steps: &mut Steps) -> Option<Content> {
    let at = steps.open(0, PartHead::Sealed)?;
    seal(at, SealKind::Redacted, &block.text("data").unwrap_or_default(), steps);
    Some(Content::Part { at, is_text: false })
}

fn open_call(block: &Object<'_>, steps: &mut Steps) -> Option<Content> {
    let head = ToolHead {
        id: block.filled("id").map(Into::into),
        name: block.text("name").unwrap_or_default().into_owned(),
        namespace: None,
        kind: ToolKind::Function,
    };
    let at = steps.open(0, PartHead::ToolCall(head))?;
    let begun_with = block.get("input").filter(|input| !input.is_empty());
    let begun_with = begun_with.map(|input| as_text(input.json())).unwrap_or_default();
    Some(Content::Call { at, begun_with, has_fragments: false })
}

fn seal(at: At, kind: SealKind, value: &str, steps: &mut Steps) {
    steps.delta(at, Delta::Seal(Seal::read(DialectId::Messages, kind, value)));
}

/// A gathered block with the input that followed it, where that is JSON.
fn with_input(block: String, input: &str) -> String {
    let Some(object) = Object::of_bytes(block.as_bytes()) else { return block };
    if input.is_empty() || serde_json::from_str::<serde::de::IgnoredAny>(input).is_err() {
        return block;
    }
    object_text(|json| {
        for (key, raw) in object.members().filter(|(key, _)| *key != "input") {
            json.raw_compact(key, raw.json());
        }
        json.raw_compact("input", &compact(input));
    })
}
