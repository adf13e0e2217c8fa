//! A request as a server of the harness received it.

use bytes::Bytes;
use http::{HeaderMap, Method};
use realms_types::DialectId;
use serde_json::Value;
use tokio::time::Instant;

use crate::{fixture::find, wire::WireRequest};

/// One request, every byte of it, and what became of its connection.
#[derive(Debug, Clone)]
pub struct Received {
    /// GET, POST, …
    pub method: Method,
    /// The path without its query, undecoded.
    pub path: String,
    /// What follows the `?`, empty when nothing does.
    pub query: String,
    /// The headers; for their order and spelling see [`Received::head`].
    pub headers: HeaderMap,
    /// Request line and headers as they stood on the wire.
    pub head: Bytes,
    /// The body without its transfer coding; a content coding (zstd, gzip) stays.
    pub body: Bytes,
    /// Which connection it came by, counted from 0.
    pub connection: usize,
    /// When its last byte had arrived.
    pub at: Instant,
    /// When the connection ended before the reply was complete: the peer closed it, or the reply was cut.
    pub closed: Option<Instant>,
    /// When the last byte of the reply had been handed to the kernel.
    pub replied: Option<Instant>,
}

// === impl Received ===

impl Received {
    pub(crate) fn new(wire: WireRequest, connection: usize) -> Self {
        let (path, query) = wire.target.split_once('?').unwrap_or((&wire.target, ""));
        Self {
            method: wire.method,
            path: path.to_owned(),
            query: query.to_owned(),
            headers: wire.headers,
            head: wire.head,
            body: wire.body,
            connection,
            at: Instant::now(),
            closed: None,
            replied: None,
        }
    }

    /// A header's value; empty when it is missing.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// The body as JSON; null when it is none.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    /// The value of one query parameter, undecoded.
    pub fn query_value(&self, name: &str) -> Option<&str> {
        self.query
            .split('&')
            .filter_map(|pair| pair.split_once('='))
            .find_map(|(key, value)| (key == name).then_some(value))
    }

    /// The secret it came with, by whichever of the usual ways; empty when there is none.
    pub fn key(&self) -> &str {
        let bearer = self.header("authorization").strip_prefix("Bearer ").unwrap_or_default();
        [bearer, self.header("x-api-key"), self.header("x-goog-api-key")]
            .into_iter()
            .find(|key| !key.is_empty())
            .or_else(|| self.query_value("key"))
            .unwrap_or_default()
    }

    /// Whether the text stands anywhere in it: request line, headers or body.
    pub fn holds(&self, needle: &str) -> bool {
        [&self.head, &self.body].iter().any(|bytes| find(bytes, needle.as_bytes()).is_some())
    }

    /// The path behind the version segment (`v1`, `v1beta`, …), or the whole path without one.
    pub fn resource(&self) -> &str {
        let path = self.path.strip_prefix('/').unwrap_or(&self.path);
        let path = path.strip_prefix("backend-api/codex/").unwrap_or(path);
        ["v1/", "v1beta/", "v1alpha/"]
            .iter()
            .find_map(|version| path.strip_prefix(version))
            .unwrap_or(path)
    }

    /// The dialect its path belongs to; `Chat`, the most common, for every other path.
    pub fn dialect(&self) -> DialectId {
        match self.resource() {
            resource if resource.starts_with("responses") => DialectId::Responses,
            resource if resource.starts_with("messages") => DialectId::Messages,
            resource if resource.contains(':') => DialectId::Gemini,
            _ if self.path.starts_with("/v1beta/") => DialectId::Gemini,
            _ => DialectId::Chat,
        }
    }

    /// The model it names: in the path (Gemini), a JSON body, or a form.
    pub fn model(&self) -> Option<String> {
        if let Some((model, _)) =
            self.resource().strip_prefix("models/").and_then(|rest| rest.split_once(':'))
        {
            return Some(model.to_owned());
        }
        match self.json().get("model") {
            Some(model) => model.as_str().map(str::to_owned),
            None => self.form_field("model"),
        }
    }

    /// Whether it asks for a stream.
    pub fn wants_stream(&self) -> bool {
        self.resource().ends_with(":streamGenerateContent") || self.json()["stream"] == true
    }

    /// Whether it brings back what a tool said: the second half of a tool-call turn.
    pub fn has_tool_result(&self) -> bool {
        const MARKS: [&str; 5] = [
            r#""type":"function_call_output""#,
            r#""type":"custom_tool_call_output""#,
            r#""type":"tool_result""#,
            r#""role":"tool""#,
            r#""functionResponse":{"#,
        ];
        // Written anew, so that spaces between the tokens do not matter.
        let text = self.json().to_string();
        MARKS.iter().any(|mark| text.contains(mark))
    }

    /// The value of a text field in a multipart form.
    fn form_field(&self, name: &str) -> Option<String> {
        let mark = format!("name=\"{name}\"\r\n\r\n");
        let start = find(&self.body, mark.as_bytes())? + mark.len();
        let length = find(&self.body[start..], b"\r\n")?;
        Some(String::from_utf8_lossy(&self.body[start..start + length]).into_owned())
    }
}

#[cfg(test)]
mod tests {
    use bytes::BytesMut;

    use super::*;
    use crate::wire::take_request;

    fn received(target: &str, headers: &str, body: &str) -> Received {
        let length = body.len();
        let text =
            format!("POST {target} HTTP/1.1\r\ncontent-length: {length}\r\n{headers}\r\n{body}");
        Received::new(take_request(&mut BytesMut::from(text.as_str())).unwrap().unwrap(), 0)
    }

    #[test]
    fn the_model_is_found_where_each_dialect_puts_it() {
        let gemini = received("/v1beta/models/g-3:streamGenerateContent?alt=sse", "", "{}");
        assert_eq!(gemini.model().as_deref(), Some("g-3"));
        assert!(gemini.wants_stream());
        assert_eq!(gemini.query_value("alt"), Some("sse"));
        let form =
            "--b\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\nwhisper\r\n--b--\r\n";
        assert_eq!(received("/v1/audio/transcriptions", "", form).model().unwrap(), "whisper");
        let json = received("/v1/messages", "", r#"{"stream": true, "model": "m"}"#);
        assert_eq!((json.model().as_deref(), json.wants_stream()), (Some("m"), true));
    }

    #[test]
    fn the_dialect_follows_the_path_with_or_without_a_version() {
        for (target, dialect) in [
            ("/v1/responses", DialectId::Responses),
            ("/backend-api/codex/responses", DialectId::Responses),
            ("/chat/completions", DialectId::Chat),
            ("/v1/messages/count_tokens", DialectId::Messages),
            ("/v1/models/g:countTokens", DialectId::Gemini),
            ("/v1beta/models", DialectId::Gemini),
        ] {
            assert_eq!(received(target, "", "").dialect(), dialect, "{target}");
        }
    }

    #[test]
    fn the_key_and_any_other_text_is_found() {
        let by_header = received("/v1/messages", "X-Api-Key: sk-1\r\n", "{\"a\":\"sk-2\"}");
        assert_eq!(by_header.key(), "sk-1");
        assert!(by_header.holds("sk-1") && by_header.holds("sk-2") && !by_header.holds("sk-3"));
        assert_eq!(received("/v1beta/models?key=sk-4", "", "").key(), "sk-4");
    }

    #[test]
    fn a_tool_result_is_seen_in_every_dialect() {
        for body in [
            r#"{"input": [{"type": "function_call_output", "output": "x"}]}"#,
            r#"{"messages": [{"role": "tool", "content": "x"}]}"#,
            r#"{"messages": [{"content": [{"type": "tool_result"}]}]}"#,
            r#"{"contents": [{"parts": [{"functionResponse": {"name": "f"}}]}]}"#,
        ] {
            assert!(received("/v1/x", "", body).has_tool_result(), "{body}");
        }
        assert!(!received("/v1/x", "", r#"{"tools": [{"type": "function"}]}"#).has_tool_result());
    }
}
