//! What an answer says of the state behind it.

use bytes::Bytes;
use memchr::memmem;

use crate::{
    json_string,
    reshape::{Become, reshape},
    scan::pick,
};

/// What a response is to say of its state: whoever gave it knows nothing of it.
///
/// It is fed whole frames, as a [`Framer`](crate::Framer) cuts them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StateNote {
    /// The response it goes on from.
    pub previous: Option<String>,
    /// Whether it is kept, so that the client can go on from it.
    pub kept: bool,
}

/// How the member is written that holds a response in an event. In a text its quotes would be escaped.
const RESPONSE: &[u8] = b"\"response\"";

// === impl StateNote ===

impl StateNote {
    /// A response that says so; what is no response stays as it is.
    pub fn whole(&self, body: Bytes) -> Bytes {
        if self.says_nothing() {
            return body;
        }
        reshape(&body, &self.changes()).map_or(body, |parts| Bytes::from(parts.concat()))
    }

    /// The same for the events that hold the response, in bytes that end where a frame ends.
    pub fn frames(&self, bytes: Bytes) -> Bytes {
        if self.says_nothing() || memmem::find(&bytes, RESPONSE).is_none() {
            return bytes;
        }
        let mut noted = Vec::with_capacity(bytes.len() + 64);
        for line in bytes.split_inclusive(|byte| *byte == b'\n') {
            match self.line(line) {
                Some(with) => noted.extend_from_slice(&with),
                None => noted.extend_from_slice(line),
            }
        }
        noted.into()
    }

    /// A line with its end; `None` when nothing changes.
    fn line(&self, line: &[u8]) -> Option<Vec<u8>> {
        memmem::find(line, RESPONSE)?;
        let data = str::from_utf8(line.strip_prefix(b"data:")?).ok()?;
        let object = data.trim();
        let [kind, response] = pick(object, ["type", "response"])?;
        if !kind?.starts_with("\"response.") {
            return None;
        }
        let response = self.whole(Bytes::copy_from_slice(response?.as_bytes()));
        let event = Bytes::copy_from_slice(object.as_bytes());
        let event = reshape(&event, &[("response", Become::Value(response))])?.concat();
        let start = data.find(object)?;
        let (before, after) = (&data[..start], &data[start + object.len()..]);
        Some([&b"data:"[..], before.as_bytes(), event.as_slice(), after.as_bytes()].concat())
    }

    const fn says_nothing(&self) -> bool {
        self.previous.is_none() && !self.kept
    }

    fn changes(&self) -> Vec<(&'static str, Become)> {
        let previous = self.previous.as_deref().map(json_string);
        let previous = previous.map(|id| ("previous_response_id", Become::Value(id)));
        let kept = self.kept.then(|| ("store", Become::Value(Bytes::from_static(b"true"))));
        previous.into_iter().chain(kept).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn noted(note: &StateNote, text: &'static str) -> String {
        String::from_utf8(note.frames(Bytes::from_static(text.as_bytes())).to_vec()).unwrap()
    }

    #[test]
    fn a_response_says_what_it_goes_on_from_and_that_it_is_kept() {
        let note = StateNote { previous: Some("resp_1".to_owned()), kept: true };
        let body =
            Bytes::from_static(br#"{"id":"resp_2","previous_response_id":null,"store":false}"#);
        let expected = r#"{"id":"resp_2","previous_response_id":"resp_1","store":true}"#;
        assert_eq!(note.whole(body.clone()), expected);
        assert_eq!(StateNote::default().whole(body.clone()), body);
        assert_eq!(note.whole(Bytes::from_static(b"no object")), &b"no object"[..]);
    }

    #[test]
    fn only_events_that_hold_the_response_change() {
        let note = StateNote { previous: Some("r".to_owned()), kept: false };
        let stream = "event: response.created\ndata: {\"type\":\"response.created\",\"response\":{\"id\":\"a\"}}\n\n\
            data: {\"type\":\"response.output_text.delta\",\"delta\":\"\\\"response\\\"\"}\r\n\r\n: ping\n\n";
        let expected = "event: response.created\ndata: {\"type\":\"response.created\",\"response\":{\"id\":\"a\",\"previous_response_id\":\"r\"}}\n\n\
            data: {\"type\":\"response.output_text.delta\",\"delta\":\"\\\"response\\\"\"}\r\n\r\n: ping\n\n";
        assert_eq!(noted(&note, stream), expected);
        assert_eq!(noted(&StateNote::default(), stream), stream);
        let other = "data: {\"type\":\"error\",\"response\":{}}\n\n";
        assert_eq!(noted(&note, other), other);
    }
}
