//! The events of Responses over a WebSocket: what asks for a turn, and what the answers to it say.

use std::{borrow::Cow, collections::BTreeMap};

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use serde::{Deserialize, Deserializer, de::IgnoredAny};
use serde_json::value::RawValue;

use crate::{Reply, ReplyBody};

/// What a connection that is too old is told, in case ours are counted otherwise.
const TOO_OLD: &str = "websocket_connection_limit_reached";

/// Members of an event that the body of a call has no business with.
#[derive(Deserialize)]
struct Reserved {
    #[serde(rename = "type", default, deserialize_with = "present")]
    kind: bool,
    #[serde(default, deserialize_with = "present")]
    generate: bool,
    #[serde(default, deserialize_with = "present")]
    stream_id: bool,
}

/// The word that says what an event is.
#[derive(Deserialize)]
struct Kind<'a> {
    #[serde(rename = "type", borrow)]
    kind: Cow<'a, str>,
}

/// `{"type":"error","status":429,"error":{…},"headers":{…}}`.
#[derive(Deserialize)]
struct ErrorEvent<'a> {
    #[serde(alias = "status_code")]
    status: u16,
    #[serde(borrow)]
    error: &'a RawValue,
    #[serde(default)]
    headers: BTreeMap<String, serde_json::Value>,
}

/// Whether an event says that its connection may be used no more; nothing was begun then.
pub(super) fn is_too_old(event: &str) -> bool {
    kind_of(event) == "error" && event.contains(TOO_OLD)
}

/// The body of a call as the event that asks for it; `None` where it is no JSON object, or has members that mean
/// something else in an event.
pub(crate) fn create_event(body: &[Bytes]) -> Option<String> {
    let whole = body.concat();
    let reserved: Reserved = serde_json::from_slice(&whole).ok()?;
    if reserved.kind || reserved.generate || reserved.stream_id {
        return None;
    }
    let object = str::from_utf8(&whole).ok()?.trim_ascii_start().strip_prefix('{')?;
    let comma = if object.trim_ascii_start().starts_with('}') { "" } else { "," };
    Some(format!(r#"{{"type":"response.create"{comma}{object}"#))
}

/// That a member is there, whatever it is: `null`, too.
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    IgnoredAny::deserialize(deserializer).map(|_| true)
}

/// Whether an event tells of the account behind the connection: its plan, and what is used of it. That is for who runs
/// the site, as the headers are that say the same.
pub(super) fn is_of_account(kind: &str) -> bool {
    kind == "codex.rate_limits"
}

/// What an event is. Nearly all begin with it, and need not be read for that.
pub(super) fn kind_of(event: &str) -> Cow<'_, str> {
    if let Some((kind, _)) =
        event.strip_prefix(r#"{"type":""#).and_then(|rest| rest.split_once('"'))
        && !kind.contains('\\')
    {
        return Cow::Borrowed(kind);
    }
    serde_json::from_str::<Kind<'_>>(event).map_or(Cow::Borrowed(""), |event| event.kind)
}

/// An error with a status, as the answer that HTTP would have brought.
pub(super) fn refusal(event: &str) -> Option<Reply> {
    let error: ErrorEvent<'_> = serde_json::from_str(event).ok()?;
    let status = StatusCode::from_u16(error.status).ok();
    let status = status.filter(|status| status.is_client_error() || status.is_server_error())?;
    let mut headers = HeaderMap::new();
    for (name, value) in &error.headers {
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        if let (Ok(name), Ok(value)) =
            (HeaderName::try_from(name.as_str()), HeaderValue::try_from(text))
        {
            headers.insert(name, value);
        }
    }
    for name in [header::CONTENT_LENGTH, header::CONTENT_ENCODING, header::TRANSFER_ENCODING] {
        headers.remove(name);
    }
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    let body = ReplyBody::whole(format!(r#"{{"error":{}}}"#, error.error.get()).into());
    Some(Reply { status, headers, body })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_becomes_the_event_that_asks_for_it() {
        let of = |pieces: &[&'static str]| {
            let pieces: Vec<Bytes> =
                pieces.iter().map(|piece| Bytes::from_static(piece.as_bytes())).collect();
            create_event(&pieces)
        };
        let event = of(&[" {\"model\":", "\"m\" , \"x\":1.0}"]).unwrap();
        assert_eq!(event, r#"{"type":"response.create","model":"m" , "x":1.0}"#);
        assert_eq!(of(&["{ }"]).unwrap(), r#"{"type":"response.create" }"#);
        assert_eq!(of(&["[]"]), None);
        assert_eq!(of(&[]), None);
        for member in ["type", "generate", "stream_id"] {
            let body: &'static str = format!(r#"{{"model":"m","{member}":null}}"#).leak();
            assert_eq!(of(&[body]), None, "{member} means something else in an event");
        }
        assert!(of(&[r#"{"input":[{"type":"message"}]}"#]).is_some());
    }

    #[test]
    fn only_an_error_says_that_a_connection_is_too_old() {
        let error = format!(r#"{{"type":"error","status":400,"error":{{"code":"{TOO_OLD}"}}}}"#);
        assert!(is_too_old(&error));
        let quoted =
            format!(r#"{{"type":"response.created","response":{{"instructions":"{TOO_OLD}"}}}}"#);
        assert!(!is_too_old(&quoted), "words of the client are no state of the connection");
    }

    #[test]
    fn what_an_event_is_stands_anywhere_in_it() {
        assert_eq!(kind_of(r#"{"type":"response.created","a":1}"#), "response.created");
        assert_eq!(kind_of(r#"{ "a":{"type":"x"}, "type" : "error"}"#), "error");
        assert_eq!(kind_of("nothing"), "");
    }

    #[tokio::test]
    async fn an_error_with_a_status_is_the_answer_http_would_bring() {
        let event = r#"{"type":"error","status":429,"error":{"code":"slow","n":1.0},"headers":{"retry-after":7,"x-a":"b","content-length":"9"}}"#;
        let reply = refusal(event).unwrap();
        assert_eq!(reply.status, StatusCode::TOO_MANY_REQUESTS);
        assert_eq!(reply.headers["retry-after"], "7");
        assert_eq!(reply.headers["x-a"], "b");
        assert!(!reply.headers.contains_key("content-length"));
        let body = http_body_util::BodyExt::collect(reply.body).await.unwrap().to_bytes();
        assert_eq!(body, r#"{"error":{"code":"slow","n":1.0}}"#);
        assert!(refusal(r#"{"type":"error","error":{}}"#).is_none(), "no status: it is an event");
        assert!(refusal(r#"{"type":"error","status":200,"error":{}}"#).is_none());
    }
}
