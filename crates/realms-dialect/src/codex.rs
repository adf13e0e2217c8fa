//! What the backend of the Codex CLI wants of a Responses call, beyond the dialect.
//!
//! It keeps nothing and always streams, takes a list as `input`, and refuses some parameters that the
//! public API takes. Nothing is added that a client did not say: no instructions, no names of other
//! clients.

use bytes::Bytes;

use crate::{
    Frame,
    reshape::{Become, elements, reshape, value_of},
    scan,
};

/// The event that tells what is used of an account. It has a few hundred bytes.
pub(crate) const LIMITS_EVENT: &str = "codex.rate_limits";
const LONGEST_LIMITS: usize = 16 << 10;

/// Parameters that this backend answers with "Unsupported parameter".
const UNSUPPORTED: [&str; 6] = [
    "max_output_tokens",
    "max_completion_tokens",
    "temperature",
    "top_p",
    "frequency_penalty",
    "presence_penalty",
];

/// A request as the backend takes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodexRequest {
    /// The body, in as many slices as it was spliced from.
    pub body: Vec<Bytes>,
    /// What the client said and the backend will not hear, by name.
    pub dropped: Vec<String>,
}

/// A stream that is read to its end and answered whole.
#[derive(Debug, Default)]
pub struct ResponseFold {
    /// Finished items, in their order: some versions of the backend leave them out of the last event.
    items: Vec<String>,
    size: usize,
    response: Option<String>,
}

/// The items of a folded stream have more bytes than may be held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FoldTooLarge;

/// The parts of an event that a fold reads.
#[derive(serde::Deserialize)]
struct Event<'a> {
    #[serde(borrow, rename = "type")]
    kind: Option<&'a str>,
    #[serde(borrow)]
    response: Option<&'a serde_json::value::RawValue>,
    #[serde(borrow)]
    item: Option<&'a serde_json::value::RawValue>,
}

/// Reshapes the body of `POST /v1/responses`.
///
/// A client that left storing to the API may name items by the ids they were stored under. This backend
/// stores none, so those ids and references are left out, unless the call goes on from an earlier
/// response. A client that said `store: false` itself knows, and its items stay as they are.
pub fn codex_request(body: &Bytes) -> CodexRequest {
    let mut dropped = Vec::new();
    let mut changes = vec![
        ("store", Become::Value(Bytes::from_static(b"false"))),
        ("stream", Become::Value(Bytes::from_static(b"true"))),
    ];
    let text = str::from_utf8(body).unwrap_or_default();
    for name in UNSUPPORTED {
        if value_of(text, name).is_some() {
            dropped.push(name.to_owned());
            changes.push((name, Become::Gone));
        }
    }
    if let Some(input) = input(text, &mut dropped) {
        changes.push(("input", Become::Value(input)));
    }
    let reshaped = reshape(body, &changes);
    CodexRequest { body: reshaped.unwrap_or_else(|| vec![body.clone()]), dropped }
}

/// Reshapes the body of `POST /v1/responses/compact`, which neither stores nor streams.
pub fn codex_compact_request(body: &Bytes) -> CodexRequest {
    let mut dropped = Vec::new();
    let mut changes = Vec::new();
    let text = str::from_utf8(body).unwrap_or_default();
    for name in UNSUPPORTED.into_iter().chain(["store", "stream"]) {
        if value_of(text, name).is_some() {
            dropped.push(name.to_owned());
            changes.push((name, Become::Gone));
        }
    }
    let reshaped = if changes.is_empty() { None } else { reshape(body, &changes) };
    CodexRequest { body: reshaped.unwrap_or_else(|| vec![body.clone()]), dropped }
}

/// Whether an event about limits is about those of the account at large. Single models may have some of their own,
/// which are told under another name.
pub fn is_of_the_account(event: &str) -> bool {
    if event.len() > LONGEST_LIMITS {
        return false;
    }
    let names = scan::pick(event, ["metered_limit_name", "limit_name"]);
    names.is_some_and(|[metered, named]| metered.or(named).is_none_or(|name| name == "\"codex\""))
}

/// The `input` as the backend takes it; `None` when it stays as it is.
fn input(text: &str, dropped: &mut Vec<String>) -> Option<Bytes> {
    let input = value_of(text, "input")?;
    if input.starts_with('"') {
        let message = r#"[{"type":"message","role":"user","content":[{"type":"input_text","text":"#;
        return Some(Bytes::from(format!("{message}{input}}}]}}]")));
    }
    let stores_nothing = value_of(text, "store") == Some("false");
    let goes_on = value_of(text, "previous_response_id").is_some_and(|id| id != "null");
    if stores_nothing || goes_on {
        return None;
    }
    without_ids(input, dropped)
}

/// The list without the ids of items, and without items that are only references.
fn without_ids(input: &str, dropped: &mut Vec<String>) -> Option<Bytes> {
    let mut kept: Vec<Bytes> = Vec::new();
    let (mut references, mut ids) = (0, 0);
    for item in elements(input)? {
        if value_of(item, "type") == Some(r#""item_reference""#) {
            references += 1;
            continue;
        }
        let whole = Bytes::copy_from_slice(item.as_bytes());
        let stripped = value_of(item, "id").and_then(|_| reshape(&whole, &[("id", Become::Gone)]));
        ids += usize::from(stripped.is_some());
        kept.push(stripped.map_or(whole, |parts| Bytes::from(parts.concat())));
    }
    if references + ids == 0 {
        return None;
    }
    if references > 0 {
        dropped.push(format!("input: {references} item_reference"));
    }
    if ids > 0 {
        dropped.push(format!("input: {ids} id"));
    }
    let list = kept.iter().map(AsRef::as_ref).collect::<Vec<&[u8]>>().join(&b","[..]);
    Some(Bytes::from([&b"["[..], &list, b"]"].concat()))
}

// === impl ResponseFold ===

impl ResponseFold {
    /// What may be held of finished items.
    const MOST: usize = 32 << 20;

    /// How many bytes are held.
    pub fn size(&self) -> usize {
        self.size + self.response.as_ref().map_or(0, String::len)
    }

    /// Reads a frame; true once the response is there.
    pub fn push(&mut self, frame: &Frame<'_>) -> Result<bool, FoldTooLarge> {
        let data = frame.data();
        let Ok(event) = serde_json::from_slice::<Event<'_>>(&data) else {
            return Ok(self.response.is_some());
        };
        match (event.kind, event.response, event.item) {
            (Some("response.completed" | "response.incomplete"), Some(response), _) => {
                self.response = Some(response.get().to_owned());
            }
            (Some("response.output_item.done"), _, Some(item)) => {
                self.size += item.get().len();
                if self.size > Self::MOST {
                    return Err(FoldTooLarge);
                }
                self.items.push(item.get().to_owned());
            }
            _ => {}
        }
        Ok(self.response.is_some())
    }

    /// The response as the last event has it, byte for byte; only where that lists no output and items
    /// were finished, these are put in.
    pub fn finish(self) -> Option<Bytes> {
        let response = Bytes::from(self.response?);
        let text = str::from_utf8(&response).unwrap_or_default();
        let lists_none = value_of(text, "output").is_none_or(|output| {
            output == "null" || elements(output).is_some_and(|items| items.is_empty())
        });
        if !lists_none || self.items.is_empty() {
            return Some(response);
        }
        let output = Bytes::from(format!("[{}]", self.items.join(",")));
        let filled = reshape(&response, &[("output", Become::Value(output))]);
        Some(filled.map_or(response, |parts| Bytes::from(parts.concat())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(body: &str) -> (String, Vec<String>) {
        let asked = codex_request(&Bytes::copy_from_slice(body.as_bytes()));
        (String::from_utf8(asked.body.concat()).unwrap(), asked.dropped)
    }

    #[test]
    fn it_keeps_nothing_streams_and_is_told_nothing_it_refuses() {
        for (body, expected, dropped) in [
            (
                r#"{"model":"m","input":[],"stream":false}"#,
                r#"{"model":"m","input":[],"stream":true,"store":false}"#,
                vec![],
            ),
            (
                r#"{"model":"m","temperature":0.1,"input":[],"max_output_tokens":5,"store":true}"#,
                r#"{"model":"m","input":[],"store":false,"stream":true}"#,
                vec!["max_output_tokens", "temperature"],
            ),
            (
                r#"{"input":"say \"hi\"","store":false}"#,
                r#"{"input":[{"type":"message","role":"user","content":[{"type":"input_text","text":"say \"hi\""}]}],"store":false,"stream":true}"#,
                vec![],
            ),
            (
                r#"{"model":"m","instructions":"Be brief.","input":[]}"#,
                r#"{"model":"m","instructions":"Be brief.","input":[],"store":false,"stream":true}"#,
                vec![],
            ),
        ] {
            assert_eq!(
                request(body),
                (expected.to_owned(), dropped.iter().map(|one| (*one).to_owned()).collect()),
                "{body}"
            );
        }
    }

    #[test]
    fn ids_of_stored_items_go_unless_the_client_knows() {
        let items = r#"[{"type":"message","id":"msg_1","role":"user","content":[{"id":"kept"}]},{"type":"item_reference","id":"rs_1"},{"type":"reasoning","id":"rs_2","encrypted_content":"e"},"odd"]"#;
        let (stripped, dropped) = request(&format!(r#"{{"input":{items}}}"#));
        assert_eq!(
            stripped,
            r#"{"input":[{"type":"message","role":"user","content":[{"id":"kept"}]},{"type":"reasoning","encrypted_content":"e"},"odd"],"store":false,"stream":true}"#
        );
        assert_eq!(dropped, ["input: 1 item_reference", "input: 2 id"]);
        for rest in [r#","store":false"#, r#","previous_response_id":"resp_1""#] {
            let (whole, dropped) = request(&format!(r#"{{"input":{items}{rest}}}"#));
            assert!(whole.contains(items), "{rest}: {whole}");
            assert_eq!(dropped, Vec::<String>::new(), "{rest}");
        }
    }

    #[test]
    fn what_cannot_be_reshaped_goes_as_it_is() {
        for body in ["", "[]", "{", "\u{7f}"] {
            assert_eq!(request(body), (body.to_owned(), vec![]), "{body}");
        }
        let deep = format!(r#"{{"a":{}{}}}"#, "[".repeat(200), "]".repeat(200));
        assert_eq!(request(&deep).0, deep);
    }

    #[test]
    fn a_compaction_stays_what_it_is() {
        let compact = |body: &str| {
            let asked = codex_compact_request(&Bytes::copy_from_slice(body.as_bytes()));
            (String::from_utf8(asked.body.concat()).unwrap(), asked.dropped)
        };
        let plain = r#"{ "model":"m", "input":[{"id":"x"}] }"#;
        assert_eq!(compact(plain), (plain.to_owned(), vec![]));
        let (body, dropped) = compact(r#"{"model":"m","stream":true,"top_p":1}"#);
        assert_eq!((body.as_str(), dropped.len()), (r#"{"model":"m"}"#, 2));
    }

    #[test]
    fn limits_of_single_models_are_not_those_of_the_account() {
        for (event, expected) in [
            (r#"{"type":"codex.rate_limits","rate_limits":{}}"#, true),
            (r#"{"type":"codex.rate_limits","metered_limit_name":"codex"}"#, true),
            (r#"{"type":"codex.rate_limits","metered_limit_name":null}"#, true),
            (r#"{"metered_limit_name":"codex","limit_name":"GPT"}"#, true),
            (r#"{"type":"codex.rate_limits","metered_limit_name":"codex_other"}"#, false),
            (r#"{"type":"codex.rate_limits","limit_name":"reserve"}"#, false),
            ("nonsense", false),
        ] {
            assert_eq!(is_of_the_account(event), expected, "{event}");
        }
        let long =
            format!(r#"{{"type":"codex.rate_limits","x":"{}"}}"#, "x".repeat(LONGEST_LIMITS));
        assert!(!is_of_the_account(&long));
    }

    fn folded(events: &[&str]) -> Option<String> {
        let mut fold = ResponseFold::default();
        for event in events {
            let lines = format!("event: x\ndata: {event}\n");
            fold.push(&Frame::new(lines.as_bytes())).unwrap();
        }
        fold.finish().map(|bytes| String::from_utf8(bytes.to_vec()).unwrap())
    }

    #[test]
    fn a_folded_stream_is_its_last_response_byte_for_byte() {
        let done = r#"{"type":"response.output_item.done","item":{"type":"message","id":"i"}}"#;
        let whole = r#"{ "id":"resp_1", "output":[ {"a":1.50} ],"usage":{"x":1}}"#;
        let completed =
            |response: &str| format!(r#"{{"type":"response.completed","response":{response}}}"#);
        assert_eq!(folded(&[done, &completed(whole)]).as_deref(), Some(whole));
        let incomplete = format!(r#"{{"type":"response.incomplete","response":{whole}}}"#);
        assert_eq!(folded(&[&incomplete]).as_deref(), Some(whole));
        assert_eq!(folded(&[done]), None, "it has no end");
        assert_eq!(folded(&["[DONE]", "nonsense"]), None);
        // Without its output, it gets the items that were finished on the way.
        for empty in [r#"{"id":"r","output":[]}"#, r#"{"id":"r","output": null}"#] {
            let filled = folded(&[done, done, &completed(empty)]).unwrap();
            let item = r#"{"type":"message","id":"i"}"#;
            assert_eq!(filled, format!(r#"{{"id":"r","output":[{item},{item}]}}"#));
        }
        let bare = r#"{"id":"r","output":[]}"#;
        assert_eq!(folded(&[&completed(bare)]).as_deref(), Some(bare), "nothing was finished");
    }
}
