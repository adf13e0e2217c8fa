//! One output item, from its announcement to its end.

use super::{
    super::{
        Logprob, PartHead, ToolHead, ToolKind,
        names::item_id,
        write::{list, object_text},
    },
    ItemEvent,
};
use crate::json_string;

/// An output item being written.
#[derive(Debug)]
pub(super) struct Item {
    id: String,
    index: u32,
    pub(super) kind: ItemKind,
    pub(super) is_open: bool,
    pub(super) seal: Option<String>,
    /// Contents of a message or the summary of a thought. The last one may be open.
    pieces: Vec<Piece>,
    arguments: String,
}

#[derive(Debug, PartialEq)]
pub(super) enum ItemKind {
    Message,
    Reasoning,
    Call {
        id: String,
        head: ToolHead,
    },
    /// An item that came in this dialect, as it is.
    Own(String),
}

/// A content part or a summary.
#[derive(Debug)]
struct Piece {
    kind: PieceKind,
    is_open: bool,
    is_done: bool,
    text: String,
    annotations: Vec<String>,
    logprobs: Vec<Logprob>,
    /// How many of them went out with deltas.
    told_logprobs: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum PieceKind {
    Text,
    Refusal,
    Summary,
}

// === impl Item ===

impl Item {
    pub(super) fn new(id: String, index: u32, kind: ItemKind) -> Self {
        Self {
            id,
            index,
            kind,
            is_open: false,
            seal: None,
            pieces: Vec::new(),
            arguments: String::new(),
        }
    }

    /// The same call at another place, where an item went before it.
    pub(super) fn moved_to(self, index: u32, stem: &str) -> Self {
        let prefix = self.id.split('_').next().unwrap_or("fc").to_owned();
        Self { id: item_id(&prefix, stem, index), index, ..self }
    }

    /// Begins a part within the item.
    pub(super) fn begin(&mut self, head: &PartHead) {
        let kind = match head {
            PartHead::Text => PieceKind::Text,
            PartHead::Refusal => PieceKind::Refusal,
            PartHead::Thinking(_) => PieceKind::Summary,
            PartHead::Sealed | PartHead::ToolCall(_) | PartHead::Foreign(_) => return,
        };
        self.pieces.push(Piece::new(kind));
    }

    /// Whether nothing is in it that could be told.
    pub(super) fn is_nothing(&self) -> bool {
        match self.kind {
            ItemKind::Message => !self.is_open,
            ItemKind::Reasoning => !self.is_open && self.seal.is_none(),
            ItemKind::Call { .. } | ItemKind::Own(_) => false,
        }
    }

    /// How many characters the open text has.
    pub(super) fn text_len(&self) -> u32 {
        let len = self.pieces.last().map_or(0, |piece| piece.text.chars().count());
        u32::try_from(len).unwrap_or(u32::MAX)
    }

    /// Announces the item, once.
    pub(super) fn open(&mut self, events: &mut Vec<ItemEvent>) {
        if std::mem::replace(&mut self.is_open, true) {
            return;
        }
        let item = match &self.kind {
            ItemKind::Own(raw) => raw.clone(),
            ItemKind::Message | ItemKind::Reasoning | ItemKind::Call { .. } => {
                self.render("in_progress", true)
            }
        };
        let members = vec![("output_index", self.index.to_string()), ("item", item)];
        events.push(("response.output_item.added", members));
    }

    /// More text of the open piece, or more arguments.
    pub(super) fn text(&mut self, text: &str, events: &mut Vec<ItemEvent>) {
        if let ItemKind::Call { head, .. } = &self.kind {
            self.arguments.push_str(text);
            let name = match head.kind {
                ToolKind::Function => "response.function_call_arguments.delta",
                ToolKind::Custom => "response.custom_tool_call_input.delta",
            };
            let mut members = self.place();
            members.push(("delta", literal(text)));
            events.push((name, members));
            return;
        }
        self.open_piece(events);
        let mut members = self.piece_place();
        let Some(piece) = self.pieces.last_mut() else { return };
        piece.text.push_str(text);
        members.push(("delta", literal(text)));
        let name = match piece.kind {
            PieceKind::Text => {
                let untold = piece.logprobs.get(piece.told_logprobs..).unwrap_or_default();
                members.push(("logprobs", Logprob::write_openai(untold)));
                piece.told_logprobs = piece.logprobs.len();
                "response.output_text.delta"
            }
            PieceKind::Refusal => "response.refusal.delta",
            PieceKind::Summary => "response.reasoning_summary_text.delta",
        };
        events.push((name, members));
    }

    pub(super) fn annotation(&mut self, annotation: String, events: &mut Vec<ItemEvent>) {
        self.open_piece(events);
        let mut members = self.piece_place();
        let Some(piece) = self.pieces.last_mut() else { return };
        members.push(("annotation_index", piece.annotations.len().to_string()));
        members.push(("annotation", annotation.clone()));
        piece.annotations.push(annotation);
        events.push(("response.output_text.annotation.added", members));
    }

    /// How likely tokens were: told with the next delta, and with the whole text.
    pub(super) fn logprobs(&mut self, logprobs: &[Logprob]) {
        if let Some(piece) = self.pieces.last_mut() {
            piece.logprobs.extend_from_slice(logprobs);
        }
    }

    /// Ends the open content of a message.
    pub(super) fn end_content(&mut self, events: &mut Vec<ItemEvent>) {
        let open = |piece: &Piece| piece.is_open && !piece.is_done;
        if !self.pieces.last().is_some_and(open) {
            self.pieces.retain(|piece| piece.is_open);
            return;
        }
        let place = self.piece_place();
        let Some(piece) = self.pieces.last_mut() else { return };
        piece.is_done = true;
        let (text_done, text_key, part_done) = match piece.kind {
            PieceKind::Text => ("response.output_text.done", "text", "response.content_part.done"),
            PieceKind::Refusal => {
                ("response.refusal.done", "refusal", "response.content_part.done")
            }
            PieceKind::Summary => (
                "response.reasoning_summary_text.done",
                "text",
                "response.reasoning_summary_part.done",
            ),
        };
        let mut members = place.clone();
        members.push((text_key, literal(&piece.text)));
        if piece.kind == PieceKind::Text {
            members.push(("logprobs", Logprob::write_openai(&piece.logprobs)));
        }
        events.push((text_done, members));
        let mut members = place;
        members.push(("part", piece.render(false)));
        events.push((part_done, members));
    }

    /// Ends the item.
    pub(super) fn end(&mut self, status: &str, events: &mut Vec<ItemEvent>) {
        self.end_content(events);
        if let ItemKind::Call { head, .. } = &self.kind {
            let (name, key) = match head.kind {
                ToolKind::Function => ("response.function_call_arguments.done", "arguments"),
                ToolKind::Custom => ("response.custom_tool_call_input.done", "input"),
            };
            let mut members = self.place();
            if head.kind == ToolKind::Function {
                members.push(("name", literal(&head.name)));
            }
            members.push((key, literal(&self.arguments)));
            events.push((name, members));
        }
        let item = self.whole(status);
        let members = vec![("output_index", self.index.to_string()), ("item", item)];
        events.push(("response.output_item.done", members));
    }

    /// The whole item.
    pub(super) fn whole(&self, status: &str) -> String {
        self.render(status, false)
    }

    fn render(&self, status: &str, is_empty: bool) -> String {
        let told = if is_empty { &[][..] } else { &self.pieces };
        let pieces: Vec<String> = told.iter().map(|piece| piece.render(false)).collect();
        match &self.kind {
            ItemKind::Own(raw) => raw.clone(),
            ItemKind::Message => object_text(|json| {
                json.text("id", &self.id)
                    .text("type", "message")
                    .text("status", status)
                    .text("role", "assistant")
                    .raw_compact("content", &list(&pieces));
            }),
            ItemKind::Reasoning => object_text(|json| {
                json.text("id", &self.id)
                    .text("type", "reasoning")
                    .raw_compact("summary", &list(&pieces));
                if let Some(seal) = self.seal.as_ref().filter(|_| !is_empty) {
                    json.text("encrypted_content", seal);
                }
            }),
            ItemKind::Call { id, head } => object_text(|json| {
                let (kind, key) = match head.kind {
                    ToolKind::Function => ("function_call", "arguments"),
                    ToolKind::Custom => ("custom_tool_call", "input"),
                };
                json.text("id", &self.id).text("type", kind).text("status", status);
                json.text("call_id", id).text("name", &head.name);
                if let Some(namespace) = &head.namespace {
                    json.text("namespace", namespace);
                }
                json.text(key, if is_empty { "" } else { &self.arguments });
            }),
        }
    }

    /// Announces the open piece, once.
    fn open_piece(&mut self, events: &mut Vec<ItemEvent>) {
        let mut members = self.piece_place();
        let Some(piece) = self.pieces.last_mut() else { return };
        if std::mem::replace(&mut piece.is_open, true) {
            return;
        }
        let name = match piece.kind {
            PieceKind::Text | PieceKind::Refusal => "response.content_part.added",
            PieceKind::Summary => "response.reasoning_summary_part.added",
        };
        members.push(("part", piece.render(true)));
        events.push((name, members));
    }

    fn place(&self) -> Vec<(&'static str, String)> {
        vec![("item_id", literal(&self.id)), ("output_index", self.index.to_string())]
    }

    /// The place of the last piece.
    fn piece_place(&self) -> Vec<(&'static str, String)> {
        let key = match self.kind {
            ItemKind::Reasoning => "summary_index",
            ItemKind::Message | ItemKind::Call { .. } | ItemKind::Own(_) => "content_index",
        };
        let mut place = self.place();
        place.push((key, self.pieces.len().saturating_sub(1).to_string()));
        place
    }
}

// === impl Piece ===

impl Piece {
    fn new(kind: PieceKind) -> Self {
        Self {
            kind,
            is_open: false,
            is_done: false,
            text: String::new(),
            annotations: Vec::new(),
            logprobs: Vec::new(),
            told_logprobs: 0,
        }
    }

    fn render(&self, is_empty: bool) -> String {
        let text = if is_empty { "" } else { &self.text };
        object_text(|json| match self.kind {
            PieceKind::Text => {
                let none = Vec::new();
                let annotations = if is_empty { &none } else { &self.annotations };
                let logprobs = if is_empty { &[][..] } else { &self.logprobs };
                json.text("type", "output_text")
                    .raw_compact("annotations", &list(annotations))
                    .raw_compact("logprobs", &Logprob::write_openai(logprobs))
                    .text("text", text);
            }
            PieceKind::Refusal => {
                json.text("type", "refusal").text("refusal", text);
            }
            PieceKind::Summary => {
                json.text("type", "summary_text").text("text", text);
            }
        })
    }
}

/// The JSON literal of a text.
fn literal(text: &str) -> String {
    String::from_utf8_lossy(&json_string(text)).into_owned()
}
