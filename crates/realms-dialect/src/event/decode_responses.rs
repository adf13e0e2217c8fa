//! The content of OpenAI Responses: items, streamed piece by piece, whole, or both.
//!
//! What was streamed is not repeated by the `done` events; what was not is taken from them, from the
//! finished item, or from the output of the last event. Codex's backend and others send only these.

use super::{
    At, Citation, Delta, Foreign, Logprob, PartHead, Seal, SealKind, ThinkingForm, ToolHead,
    ToolKind,
    decode::{Progress, ReadAnswer},
    object::Object,
    said::Said,
    steps::Steps,
    stop,
    write::compact,
};
use crate::{Frame, tap::raw::Raw};
use realms_types::DialectId;

/// How many items of one response are told apart.
const MOST_ITEMS: usize = 4096;

/// What parts two summaries of one thought.
const PARAGRAPH: &str = "\n\n";

/// Reads events.
#[derive(Debug, Default)]
pub(super) struct ResponsesReader {
    items: Vec<Item>,
    is_over: bool,
}

/// An output item.
#[derive(Debug)]
struct Item {
    index: u32,
    id: Option<String>,
    is_done: bool,
    pieces: Vec<Piece>,
}

/// A content part, a summary or the arguments of an item.
#[derive(Debug)]
struct Piece {
    slot: Slot,
    at: At,
    has_text: bool,
    has_logprobs: bool,
    is_cited: bool,
}

/// Where in its item a piece is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Slot {
    Text(u32),
    Refusal(u32),
    Summary(u32),
    Reasoning(u32),
    Arguments,
}

// === impl ResponsesReader ===

impl ReadAnswer for ResponsesReader {
    fn frame(&mut self, frame: &Frame<'_>, steps: &mut Steps) -> Progress {
        let data = frame.data();
        let Some(event) = Object::of_bytes(&data) else {
            return Progress::Open;
        };
        let kind = event.text("type");
        let named = frame.event().and_then(|name| str::from_utf8(name).ok());
        self.event(kind.as_deref().or(named).unwrap_or_default(), &event, steps)
    }

    fn body(&mut self, body: &[u8], steps: &mut Steps) -> Progress {
        match Object::of_bytes(body) {
            Some(response) => self.response(&response, steps),
            None => Progress::Open,
        }
    }

    fn is_whole(&self, _steps: &Steps) -> bool {
        self.is_over
    }
}

impl ResponsesReader {
    fn event(&mut self, kind: &str, event: &Object<'_>, steps: &mut Steps) -> Progress {
        let content = event.index("content_index").unwrap_or(0);
        let summary = event.index("summary_index").unwrap_or(0);
        match kind {
            "response.completed" | "response.incomplete" => {
                let response = event.object("response").unwrap_or_default();
                self.response(&response, steps);
                if !self.is_over {
                    // The event says it, whatever the response leaves out.
                    self.is_over = true;
                    let status = kind.trim_start_matches("response.");
                    steps.stop(
                        0,
                        stop::read_responses(status, None).unwrap_or(super::Stop::EndTurn),
                    );
                }
                return Progress::Over;
            }
            "response.output_item.added" => {
                if let Some(raw) = event.get("item") {
                    self.added(event, raw, steps);
                }
            }
            "response.output_item.done" => {
                if let Some(raw) = event.get("item") {
                    let at = self.item(event);
                    self.done(at, raw, steps);
                }
            }
            "response.output_text.delta" => self.delta(event, Slot::Text(content), steps),
            "response.refusal.delta" => self.delta(event, Slot::Refusal(content), steps),
            "response.reasoning_summary_text.delta" => {
                self.delta(event, Slot::Summary(summary), steps);
            }
            "response.reasoning_text.delta" => {
                self.delta(event, Slot::Reasoning(content), steps);
            }
            "response.function_call_arguments.delta" | "response.custom_tool_call_input.delta" => {
                self.delta(event, Slot::Arguments, steps);
            }
            "response.output_text.annotation.added" => self.annotation(event, content, steps),
            _ => {}
        }
        Progress::Open
    }

    /// A response at its end, or a body.
    fn response(&mut self, response: &Object<'_>, steps: &mut Steps) -> Progress {
        for (index, raw) in (0..).zip(response.list("output")) {
            let known = self.items.iter().position(|item| item.index == index);
            if let Some(place) = known.or_else(|| self.push(index, None)) {
                self.done(Some(place), raw, steps);
            }
        }
        let status = response.text("status").unwrap_or_default();
        let details = response.object("incomplete_details");
        let reason = details.as_ref().and_then(|details| details.text("reason"));
        match stop::read_responses(&status, reason.as_deref()) {
            Some(stop) => {
                self.is_over = true;
                steps.stop(0, stop);
                Progress::Over
            }
            None => Progress::Open,
        }
    }

    /// The item an event belongs to: by its place, else by its id, else the last one.
    fn item(&mut self, event: &Object<'_>) -> Option<usize> {
        let item = event.object("item");
        let id = event.filled("item_id").or_else(|| item.as_ref()?.filled("id"));
        if let Some(index) = event.index("output_index") {
            let known = self.items.iter().position(|item| item.index == index);
            return known.or_else(|| self.push(index, id.as_deref()));
        }
        if let Some(id) = id.as_deref() {
            let same = |item: &Item| item.id.as_deref() == Some(id);
            let known = self.items.iter().position(same);
            return known.or_else(|| self.push(self.next_index(), Some(id)));
        }
        let open = self.items.iter().rposition(|item| !item.is_done);
        open.or_else(|| self.push(self.next_index(), None))
    }

    fn next_index(&self) -> u32 {
        self.items.iter().map(|item| item.index.saturating_add(1)).max().unwrap_or(0)
    }

    fn push(&mut self, index: u32, id: Option<&str>) -> Option<usize> {
        if self.items.len() == MOST_ITEMS {
            return None;
        }
        let id = id.map(str::to_owned);
        self.items.push(Item { index, id, is_done: false, pieces: Vec::new() });
        Some(self.items.len() - 1)
    }

    /// Only a call can be begun by its announcement: its name stands nowhere else until it is done.
    fn added(&mut self, event: &Object<'_>, raw: Raw<'_>, steps: &mut Steps) {
        let Some(place) = self.item(event) else { return };
        let Some(object) = Object::of(raw) else { return };
        if let (Some(head), Some(item)) = (tool_head(&object), self.items.get_mut(place)) {
            item.piece(Slot::Arguments, || PartHead::ToolCall(head), steps);
        }
    }

    fn delta(&mut self, event: &Object<'_>, slot: Slot, steps: &mut Steps) {
        let Some(place) = self.item(event) else { return };
        let Some(item) = self.items.get_mut(place).filter(|item| !item.is_done) else { return };
        let Some(text) = event.said("delta") else { return };
        // Arguments of a call that was not announced have no name yet: they are taken when it is done.
        if slot == Slot::Arguments && !item.pieces.iter().any(|piece| piece.slot == slot) {
            return;
        }
        let logprobs = Logprob::read_openai(&event.list("logprobs"));
        item.say(slot, &text, logprobs, steps);
    }

    fn annotation(&mut self, event: &Object<'_>, content: u32, steps: &mut Steps) {
        let Some(place) = self.item(event) else { return };
        let Some(item) = self.items.get_mut(place).filter(|item| !item.is_done) else { return };
        let citation = event.get("annotation").and_then(Citation::read_responses);
        let at = item.piece(Slot::Text(content), || PartHead::Text, steps);
        if let (Some(_), Some(citation)) = (at, citation) {
            item.cite(Slot::Text(content), citation, steps);
        }
    }

    /// An item is whole: what of it was not streamed follows, and its parts end.
    fn done(&mut self, place: Option<usize>, raw: Raw<'_>, steps: &mut Steps) {
        let Some(item) = place.and_then(|place| self.items.get_mut(place)) else { return };
        if item.is_done {
            return;
        }
        item.is_done = true;
        let Some(object) = Object::of(raw) else { return };
        let kind = object.text("type").unwrap_or_default();
        match kind.as_ref() {
            "message" => item.message(&object, steps),
            "reasoning" => item.reasoning(&object, steps),
            "function_call" => item.call(&object, "arguments", steps),
            "custom_tool_call" => item.call(&object, "input", steps),
            // What does not say what it is, nobody can read.
            "" => {}
            kind => {
                let (kind, raw) = (kind.to_owned(), compact(raw.json()));
                steps.foreign(0, Foreign { dialect: DialectId::Responses, kind, raw });
            }
        }
        for piece in item.pieces.drain(..) {
            steps.close(piece.at);
        }
    }
}

// === impl Item ===

impl Item {
    /// The part of a slot, begun where it is new. All slots of a thought are one part.
    fn piece(
        &mut self,
        slot: Slot,
        head: impl FnOnce() -> PartHead,
        steps: &mut Steps,
    ) -> Option<At> {
        if let Some(piece) = self.pieces.iter().find(|piece| piece.slot == slot) {
            return Some(piece.at);
        }
        let thought = |slot| matches!(slot, Slot::Summary(_) | Slot::Reasoning(_));
        let shared = self.pieces.iter().find(|piece| thought(piece.slot) && thought(slot));
        let at = if let Some(piece) = shared {
            steps.text(piece.at, PARAGRAPH);
            piece.at
        } else {
            self.end_others(slot, steps);
            steps.open(0, head())?
        };
        if self.pieces.len() < MOST_ITEMS {
            let (has_text, has_logprobs, is_cited) = (false, false, false);
            self.pieces.push(Piece { slot, at, has_text, has_logprobs, is_cited });
        }
        Some(at)
    }

    /// The contents of a message come one after the other: the one before is complete.
    fn end_others(&mut self, slot: Slot, steps: &mut Steps) {
        if matches!(slot, Slot::Text(_) | Slot::Refusal(_)) {
            self.pieces.iter().for_each(|piece| steps.close(piece.at));
        }
    }

    fn say(&mut self, slot: Slot, text: &Said<'_>, logprobs: Vec<Logprob>, steps: &mut Steps) {
        let head = || match slot {
            Slot::Text(_) | Slot::Arguments => PartHead::Text,
            Slot::Refusal(_) => PartHead::Refusal,
            Slot::Summary(_) => PartHead::Thinking(ThinkingForm::Summary),
            Slot::Reasoning(_) => PartHead::Thinking(ThinkingForm::Full),
        };
        let Some(at) = self.piece(slot, head, steps) else { return };
        steps.say(at, text);
        if let Some(piece) = self.pieces.iter_mut().find(|piece| piece.slot == slot) {
            piece.has_text = true;
        }
        self.score(slot, logprobs, steps);
    }

    /// Adds how likely tokens were to a text that was begun.
    fn score(&mut self, slot: Slot, logprobs: Vec<Logprob>, steps: &mut Steps) {
        let piece = self.pieces.iter_mut().find(|piece| piece.slot == slot);
        if let (Some(piece), false) = (piece, logprobs.is_empty()) {
            piece.has_logprobs = true;
            steps.delta(piece.at, Delta::Logprobs(logprobs));
        }
    }

    fn has_text(&self, slot: Slot) -> bool {
        self.pieces.iter().any(|piece| piece.slot == slot && piece.has_text)
    }

    fn message(&mut self, message: &Object<'_>, steps: &mut Steps) {
        for (index, content) in (0..).zip(message.objects("content")) {
            let (slot, key) = match content.get("refusal") {
                Some(_) => (Slot::Refusal(index), "refusal"),
                None => (Slot::Text(index), "text"),
            };
            if let Some(text) = content.said(key).filter(|_| !self.has_text(slot)) {
                self.say(slot, &text, Vec::new(), steps);
            }
            let told = |told: fn(&Piece) -> bool| {
                self.pieces.iter().any(|piece| piece.slot == slot && told(piece))
            };
            let (has_logprobs, is_cited) =
                (told(|piece| piece.has_logprobs), told(|piece| piece.is_cited));
            if !has_logprobs {
                self.score(slot, Logprob::read_openai(&content.list("logprobs")), steps);
            }
            if is_cited {
                continue;
            }
            let annotations = content.list("annotations").into_iter();
            for citation in annotations.filter_map(Citation::read_responses) {
                self.cite(slot, citation, steps);
            }
        }
    }

    /// Adds a source to a text that was begun.
    fn cite(&mut self, slot: Slot, citation: Citation, steps: &mut Steps) {
        if let Some(piece) = self.pieces.iter_mut().find(|piece| piece.slot == slot) {
            piece.is_cited = true;
            steps.delta(piece.at, Delta::Citation(citation));
        }
    }

    fn reasoning(&mut self, reasoning: &Object<'_>, steps: &mut Steps) {
        for (index, summary) in (0..).zip(reasoning.objects("summary")) {
            self.thought(Slot::Summary(index), &summary, steps);
        }
        for (index, content) in (0..).zip(reasoning.objects("content")) {
            self.thought(Slot::Reasoning(index), &content, steps);
        }
        if let Some(value) = reasoning.filled("encrypted_content") {
            self.seal(&value, steps);
        }
    }

    fn thought(&mut self, slot: Slot, piece: &Object<'_>, steps: &mut Steps) {
        if let Some(text) = piece.said("text").filter(|_| !self.has_text(slot)) {
            self.say(slot, &text, Vec::new(), steps);
        }
    }

    /// The seal of a thought; one of another dialect may be of a thought that shows nothing.
    fn seal(&mut self, value: &str, steps: &mut Steps) {
        let seal = Seal::read(DialectId::Responses, SealKind::Thinking, value);
        let shown = self.pieces.first().map(|piece| piece.at);
        let head = match seal.kind {
            SealKind::Redacted => PartHead::Sealed,
            SealKind::Thinking | SealKind::Part => PartHead::Thinking(ThinkingForm::Summary),
        };
        let at = shown.or_else(|| self.piece(Slot::Summary(0), || head, steps));
        if let Some(at) = at {
            steps.delta(at, Delta::Seal(seal));
        }
    }

    fn call(&mut self, call: &Object<'_>, key: &str, steps: &mut Steps) {
        let Some(head) = tool_head(call) else { return };
        let at = self.piece(Slot::Arguments, || PartHead::ToolCall(head), steps);
        if let (Some(at), false) = (at, self.has_text(Slot::Arguments)) {
            steps.say(at, &call.said(key).unwrap_or_default());
        }
    }
}

/// A call by its item; `None` for what is none.
fn tool_head(item: &Object<'_>) -> Option<ToolHead> {
    let kind = match item.text("type").as_deref() {
        Some("function_call") => ToolKind::Function,
        Some("custom_tool_call") => ToolKind::Custom,
        _ => return None,
    };
    Some(ToolHead {
        id: item.filled("call_id").or_else(|| item.filled("id")).map(Into::into),
        name: item.text("name").unwrap_or_default().into_owned(),
        namespace: item.filled("namespace").map(Into::into),
        kind,
    })
}
