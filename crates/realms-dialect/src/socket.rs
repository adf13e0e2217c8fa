//! The Responses WebSocket: `response.create` of a client made the body of an ordinary call, and what
//! of the answer's events the next turn of the connection builds on.

use std::{borrow::Cow, ops::Range};

use bytes::Bytes;
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::{Edit, Fault, PeekError, members::Members, scan, splice};

/// A `response.create` event of a client.
#[derive(Debug)]
pub struct CreateEvent<'a> {
    text: &'a Bytes,
    written: Vec<Span>,
    items: Cow<'a, str>,
    previous: Option<String>,
    generates: bool,
    stores: bool,
    model: Option<String>,
    metadata: Option<&'a str>,
}

/// Where a member lies: all of it, and its value.
#[derive(Debug)]
struct Span {
    name: Option<&'static str>,
    whole: Range<usize>,
    value: Range<usize>,
}

/// What an event of an answer means for the turn after it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TurnStep<'a> {
    /// An item of the output is finished.
    Item {
        /// Its place in the output, if it says so.
        index: Option<u64>,
        /// Its JSON.
        item: &'a str,
        /// Whether only an upstream that stored it can make sense of it.
        is_bare_reasoning: bool,
    },
    /// The answer is over.
    End {
        /// Its id, where the next turn can go on from it.
        id: Option<String>,
    },
    /// Anything else.
    Other,
}

const CREATE: &[&str] = &[
    "type",
    "stream",
    "generate",
    "store",
    "model",
    "input",
    "previous_response_id",
    "client_metadata",
    "stream_id",
];

/// Members that only the socket has, or that the call says in its own way.
const DROPPED: &[&str] = &["generate", "stream"];

#[derive(Deserialize)]
struct Event<'a> {
    #[serde(rename = "type", borrow, default)]
    kind: Cow<'a, str>,
    #[serde(default)]
    output_index: Option<u64>,
    #[serde(borrow, default)]
    item: Option<&'a RawValue>,
    #[serde(borrow, default)]
    response: Option<Named<'a>>,
}

#[derive(Deserialize)]
struct Named<'a> {
    #[serde(borrow, default)]
    id: Cow<'a, str>,
}

#[derive(Deserialize)]
struct Item<'a> {
    #[serde(rename = "type", borrow, default)]
    kind: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    encrypted_content: Option<&'a RawValue>,
}

// === impl CreateEvent ===

impl<'a> CreateEvent<'a> {
    /// Reads a text frame; says what is wrong with one that is no `response.create`.
    pub fn read(text: &'a Bytes) -> Result<Self, Fault> {
        let json =
            str::from_utf8(text).map_err(|error| PeekError::NotUtf8 { at: error.valid_up_to() })?;
        let members = Members::read(json, CREATE)?;
        let kind = members.hint("type");
        if kind.as_deref() != Some("response.create") {
            return Err(unknown_event(kind.as_deref()));
        }
        if members.raw("stream_id").is_some() {
            let message = "several streams on one connection are not served here: leave `stream_id` out and open another connection";
            let fault = Fault::bad_request(message).with_param("stream_id");
            return Err(fault.with_code("unsupported_parameter"));
        }
        let input = members.raw("input");
        Ok(Self {
            written: spans(json)?,
            items: input.map_or(Ok(Cow::Borrowed("")), items_of)?,
            previous: members.text("previous_response_id")?,
            generates: members.flag("generate")? != Some(false),
            stores: members.flag("store")? != Some(false),
            model: members.hint("model"),
            metadata: members.raw("client_metadata").filter(|raw| raw.starts_with('{')),
            text,
        })
    }

    /// The response it goes on from.
    pub fn previous(&self) -> Option<&str> {
        self.previous.as_deref()
    }

    /// Whether an answer is wanted; else the connection is only warmed up.
    pub const fn generates(&self) -> bool {
        self.generates
    }

    /// Whether the upstream may keep the answer.
    pub const fn stores(&self) -> bool {
        self.stores
    }

    /// The model it names.
    pub fn model(&self) -> Option<&str> {
        self.model.as_deref()
    }

    /// Its input items as they are written, with the commas between them.
    pub fn items(&self) -> &str {
        &self.items
    }

    /// Its `client_metadata`, where that is an object.
    pub const fn metadata(&self) -> Option<&'a str> {
        self.metadata
    }

    /// The body of the call: `"stream":true` where the type stood, and without what only the socket
    /// has. With the `whole` input of the conversation, that instead of its own, and nothing that it
    /// goes on from. Every other byte is as it was.
    pub fn body(&self, whole: Option<&str>) -> Vec<Bytes> {
        let place = |span: &Span| span.name == Some("type");
        let Some(anchor) = self.written.iter().position(place) else { return Vec::new() };
        let mut edits = Vec::with_capacity(4);
        for (at, span) in self.written.iter().enumerate() {
            let Some(name) = span.name else { continue };
            let gone =
                DROPPED.contains(&name) || (whole.is_some() && name == "previous_response_id");
            if at == anchor {
                edits.push(Edit { span: span.whole.clone(), with: self.stream(whole) });
            } else if gone {
                edits.push(Edit { span: self.with_comma(at, anchor), with: Bytes::new() });
            } else if let ("input", Some(items)) = (name, whole) {
                edits.push(Edit { span: span.value.clone(), with: list(items).into() });
            }
        }
        splice(self.text, &edits)
    }

    /// What takes the place of the type.
    fn stream(&self, whole: Option<&str>) -> Bytes {
        let has_input = self.written.iter().any(|span| span.name == Some("input"));
        match whole {
            Some(items) if !has_input => {
                format!("\"stream\":true,\"input\":{}", list(items)).into()
            }
            _ => Bytes::from_static(b"\"stream\":true"),
        }
    }

    /// A member with the comma towards the anchor, which stays in any case.
    fn with_comma(&self, at: usize, anchor: usize) -> Range<usize> {
        if at < anchor {
            self.written[at].whole.start..self.written[at + 1].whole.start
        } else {
            self.written[at - 1].whole.end..self.written[at].whole.end
        }
    }
}

fn list(items: &str) -> String {
    format!("[{items}]")
}

fn spans(json: &str) -> Result<Vec<Span>, PeekError> {
    let written = scan::members(json).ok_or(PeekError::TooDeep)?;
    let start = |part: &str| part.as_ptr().addr() - json.as_ptr().addr();
    let span = |(key, value): (&str, &str)| {
        let unquoted = serde_json::from_str::<String>(key).unwrap_or_default();
        let value = start(value)..start(value) + value.len();
        Span {
            name: CREATE.iter().copied().find(|name| *name == unquoted),
            whole: start(key)..value.end,
            value,
        }
    };
    Ok(written.into_iter().map(span).collect())
}

/// The items of an input: those of a list, or a text as the message it stands for.
fn items_of(input: &str) -> Result<Cow<'_, str>, PeekError> {
    if let Some(inner) = input.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        return Ok(Cow::Borrowed(inner.trim_matches([' ', '\n', '\r', '\t'])));
    }
    if input.starts_with('"') {
        return Ok(Cow::Owned(format!("{{\"role\":\"user\",\"content\":{input}}}")));
    }
    Err(PeekError::WrongType { field: "input", wanted: "a text or a list of items" })
}

fn unknown_event(kind: Option<&str>) -> Fault {
    let shown: String = kind.unwrap_or("none").chars().take(64).collect();
    let message =
        format!("the event type {shown} is not served here: send `\"type\":\"response.create\"`");
    Fault::bad_request(message).with_param("type").with_code("unknown_event")
}

/// Items written one after the other.
pub fn join_items<'a>(parts: impl IntoIterator<Item = &'a str>) -> String {
    let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    parts.join(",")
}

/// What the data of an event means for the turn after it. `name` is that of its frame, if it has one:
/// most events need not be read to know that they mean nothing.
pub fn turn_step<'a>(name: Option<&[u8]>, data: &'a [u8]) -> TurnStep<'a> {
    if name.is_some_and(|name| !matters(name)) {
        return TurnStep::Other;
    }
    let Ok(event) = serde_json::from_slice::<Event<'a>>(data) else { return TurnStep::Other };
    match (&*event.kind, event.item, event.response) {
        ("response.output_item.done", Some(item), _) => TurnStep::Item {
            index: event.output_index,
            item: item.get(),
            is_bare_reasoning: is_bare_reasoning(item.get()),
        },
        ("response.completed" | "response.incomplete", _, response) => {
            let id = response.map(|named| named.id.into_owned());
            TurnStep::End { id: id.filter(|id| !id.is_empty()) }
        }
        ("response.failed", ..) => TurnStep::End { id: None },
        _ => TurnStep::Other,
    }
}

/// Whether an event of this name ends an item or the answer.
pub(crate) fn matters(name: &[u8]) -> bool {
    matches!(
        name,
        b"response.output_item.done"
            | b"response.completed"
            | b"response.incomplete"
            | b"response.failed"
    )
}

/// Whether an item is a thought that only whoever stored it can make sense of.
pub(crate) fn is_bare_reasoning(item: &str) -> bool {
    serde_json::from_str::<Item<'_>>(item).is_ok_and(|item| {
        item.kind.as_deref() == Some("reasoning") && item.encrypted_content.is_none()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(text: &'static str, whole: Option<&str>) -> String {
        let text = Bytes::from_static(text.as_bytes());
        let body = CreateEvent::read(&text).unwrap().body(whole).concat();
        String::from_utf8(body).unwrap()
    }

    #[test]
    fn only_what_the_socket_adds_is_taken_away() {
        for (frame, whole, expected) in [
            (
                r#"{"type":"response.create","model":"m", "input" : [ 1 ]}"#,
                None,
                r#"{"stream":true,"model":"m", "input" : [ 1 ]}"#,
            ),
            (
                r#"{ "generate":true, "stream":false, "model":"m","type":"response.create" }"#,
                None,
                r#"{ "model":"m","stream":true }"#,
            ),
            (
                r#"{"type":"response.create","stream":true,"generate":null,"store":false}"#,
                None,
                r#"{"stream":true,"store":false}"#,
            ),
            (
                r#"{"previous_response_id":"r","generate":true,"type":"response.create","input":[{"b":2}],"x":1.0}"#,
                Some(r#"{"a":1},{"b":2}"#),
                r#"{"stream":true,"input":[{"a":1},{"b":2}],"x":1.0}"#,
            ),
            (
                r#"{"type":"response.create","previous_response_id":"r","model":"m"}"#,
                Some("1"),
                r#"{"stream":true,"input":[1],"model":"m"}"#,
            ),
            (
                r#"{"type":"response.create","input":null,"previous_response_id":"r"}"#,
                Some("1"),
                r#"{"stream":true,"input":[1]}"#,
            ),
            (
                r#"{"type":"response.create","previous_response_id":"r"}"#,
                None,
                r#"{"stream":true,"previous_response_id":"r"}"#,
            ),
        ] {
            assert_eq!(body(frame, whole), expected, "{frame}");
        }
    }

    #[test]
    fn a_frame_says_what_the_connection_must_know() {
        let text = Bytes::from_static(
            br#"{"type":"response.create","generate":false,"store":false,"input":"hi \u0041","previous_response_id":"r"}"#,
        );
        let create = CreateEvent::read(&text).unwrap();
        assert!(!create.generates() && !create.stores());
        assert_eq!(create.previous(), Some("r"));
        assert_eq!(create.items(), r#"{"role":"user","content":"hi \u0041"}"#);
    }

    #[test]
    fn what_is_no_such_event_is_told_why() {
        for (frame, param) in [
            (r#"{"type":"response.steer"}"#, Some("type")),
            (r#"{"model":"m"}"#, Some("type")),
            (r#"{"type":"response.create","stream_id":"a"}"#, Some("stream_id")),
            (r#"{"type":"response.create","input":7}"#, Some("input")),
            (r#"{"type":"response.create","store":"no"}"#, Some("store")),
            (
                r#"{"type":"response.create","previous_response_id":7}"#,
                Some("previous_response_id"),
            ),
            (r#"{"type":"response.create","#, None),
            ("[]", None),
            ("", None),
        ] {
            let text = Bytes::from_static(frame.as_bytes());
            let fault = CreateEvent::read(&text).unwrap_err();
            assert_eq!(fault.status().as_u16(), 400, "{frame}");
            assert_eq!(fault.param.as_deref(), param, "{frame}");
        }
    }

    #[test]
    fn events_are_read_only_where_they_matter() {
        let item = br#"{"type":"response.output_item.done","output_index":1,"item":{"type":"reasoning", "id":"rs"}}"#;
        let read = TurnStep::Item {
            index: Some(1),
            item: r#"{"type":"reasoning", "id":"rs"}"#,
            is_bare_reasoning: true,
        };
        assert_eq!(turn_step(None, item), read);
        assert_eq!(turn_step(Some(b"response.output_item.done"), item), read);
        assert_eq!(turn_step(Some(b"response.output_text.delta"), b"{"), TurnStep::Other);
        let end = |data: &'static str| turn_step(None, data.as_bytes());
        let completed = r#"{"type":"response.completed","response":{"id":"resp_1","output":[]}}"#;
        assert_eq!(end(completed), TurnStep::End { id: Some("resp_1".to_owned()) });
        assert_eq!(end(r#"{"type":"response.failed"}"#), TurnStep::End { id: None });
        assert_eq!(end("[DONE]"), TurnStep::Other);
        let sealed = br#"{"type":"response.output_item.done","item":{"type":"reasoning","encrypted_content":"x"}}"#;
        assert!(matches!(turn_step(None, sealed), TurnStep::Item { is_bare_reasoning: false, .. }));
    }

    #[test]
    fn items_are_joined_as_they_are_written() {
        assert_eq!(
            join_items(["", r#"{"a": 1}"#, "", r#"{"b":2}, {"c":3}"#]),
            r#"{"a": 1},{"b":2}, {"c":3}"#
        );
    }
}
