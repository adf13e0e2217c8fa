//! Frames that Realms itself writes: errors, and the answer to who only warms the connection up.

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use realms_dialect::{Fault, FaultKind, Rendered, render_fault, to_json};
use realms_types::Origin;
use serde::{Deserialize, Serialize};
use serde_json::{json, value::RawValue};
use std::collections::BTreeMap;

use crate::Operation;

/// `{"type":"error","status":429,"error":{…},"headers":{…}}`.
#[derive(Serialize)]
struct ErrorFrame<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    status: u16,
    error: &'a RawValue,
    headers: BTreeMap<&'a str, &'a str>,
}

#[derive(Deserialize)]
struct Envelope<'a> {
    #[serde(borrow)]
    error: &'a RawValue,
}

/// Headers of an error that clients act upon.
const TOLD: &[&str] = &["retry-after", "retry-after-ms", "x-should-retry", "x-request-id"];

/// A fault as a frame.
pub(super) fn fault_frame(fault: &Fault, request_id: &str) -> Bytes {
    let dialect = Operation::Respond.dialect();
    let Rendered { status, headers, body } = render_fault(dialect, fault, request_id);
    error_frame(status, &headers, &body).unwrap_or_default()
}

/// An answer that is no stream, as a frame: its error as it is, else one that says so.
pub(super) fn answer_frame(
    status: StatusCode,
    headers: &HeaderMap,
    body: &[u8],
    request_id: &str,
) -> Bytes {
    let failed = status.is_client_error() || status.is_server_error();
    if let Some(frame) = failed.then(|| error_frame(status, headers, body)).flatten() {
        return frame;
    }
    let fault = if failed {
        Fault::bad_gateway(format!("the upstream answered with status {status} and no error"))
            .with_status(status)
    } else {
        Fault::bad_gateway("the upstream did not answer with a stream of events")
    };
    fault_frame(&fault.with_origin(Origin::Upstream), request_id)
}

fn error_frame(status: StatusCode, headers: &HeaderMap, body: &[u8]) -> Option<Bytes> {
    let envelope = serde_json::from_slice::<Envelope<'_>>(body).ok()?;
    let error = Some(envelope.error).filter(|error| error.get().starts_with('{'))?;
    let told = |name: &&'static str| Some((*name, headers.get(*name)?.to_str().ok()?));
    let headers = TOLD.iter().filter_map(told).collect();
    Some(to_json(&ErrorFrame { kind: "error", status: status.as_u16(), error, headers }))
}

/// An answer that broke off before its last event: on a connection that stays, nothing else says so.
pub(super) fn broken_frame(request_id: &str) -> Bytes {
    let message = "the answer broke off before its last event: ask again";
    let fault =
        Fault::bad_gateway(message).with_code("stream_broken").with_origin(Origin::Upstream);
    fault_frame(&fault, request_id)
}

/// A frame came while a response was running.
pub(super) fn response_running(request_id: &str) -> Bytes {
    let message =
        "a response is running on this connection: wait for its end, or open another connection";
    fault_frame(&Fault::conflict(message).with_code("response_in_progress"), request_id)
}

/// Only text is understood.
pub(super) fn no_binary(request_id: &str) -> Bytes {
    let fault = Fault::bad_request("binary frames are not served here: send JSON as text");
    fault_frame(&fault.with_code("unsupported_frame"), request_id)
}

/// The frame cannot be read, and neither can what follows it.
pub(super) fn too_large(most: usize, request_id: &str) -> Bytes {
    let message = format!("the frame is larger than {most} bytes");
    fault_frame(&Fault::new(FaultKind::TooLarge, message), request_id)
}

/// The connection is as old as it may become.
pub(super) fn too_old(request_id: &str) -> Bytes {
    let message = "this connection is as old as one may become: open another one";
    fault_frame(
        &Fault::bad_request(message).with_code("websocket_connection_limit_reached"),
        request_id,
    )
}

/// The events of a response that holds nothing and cost nothing.
pub(super) fn warm_up(id: &str, model: Option<&str>, created_at: i64) -> [Bytes; 2] {
    let event = |number: u8, kind: &str, status: &str, usage: serde_json::Value| {
        let response = json!({
            "id": id, "object": "response", "created_at": created_at, "status": status,
            "error": null, "incomplete_details": null, "model": model, "output": [],
            "usage": usage,
        });
        to_json(&json!({ "type": kind, "sequence_number": number, "response": response }))
    };
    let nothing = json!({
        "input_tokens": 0, "input_tokens_details": { "cached_tokens": 0 },
        "output_tokens": 0, "output_tokens_details": { "reasoning_tokens": 0 },
        "total_tokens": 0,
    });
    [
        event(0, "response.created", "in_progress", serde_json::Value::Null),
        event(1, "response.completed", "completed", nothing),
    ]
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    fn read(frame: &Bytes) -> Value {
        serde_json::from_slice(frame).unwrap()
    }

    #[test]
    fn an_error_keeps_its_words_and_says_when_to_ask_again() {
        let mut headers = HeaderMap::new();
        headers.insert("retry-after", "7".parse().unwrap());
        headers.insert("content-type", "application/json".parse().unwrap());
        let body = br#"{"error":{"message":"slow \u0064own","extra":1.0}}"#;
        let frame = answer_frame(StatusCode::TOO_MANY_REQUESTS, &headers, body, "id");
        let expected = r#"{"type":"error","status":429,"error":{"message":"slow \u0064own","extra":1.0},"headers":{"retry-after":"7"}}"#;
        assert_eq!(frame, expected);
    }

    #[test]
    fn what_is_no_error_and_no_stream_is_told_as_one() {
        for (status, body, expected) in [
            (200, r#"{"id":"resp_1"}"#, 502),
            (500, "<html>", 500),
            (403, r#"{"error":"no"}"#, 403),
        ] {
            let status = StatusCode::from_u16(status).unwrap();
            let frame = read(&answer_frame(status, &HeaderMap::new(), body.as_bytes(), "id"));
            assert_eq!((&frame["type"], &frame["status"]), (&"error".into(), &expected.into()));
            assert!(frame["error"]["message"].is_string(), "{frame}");
        }
    }

    #[test]
    fn every_frame_of_ours_is_an_error_that_says_what_to_do() {
        for (frame, status, code) in [
            (broken_frame("id"), 502, "stream_broken"),
            (response_running("id"), 409, "response_in_progress"),
            (no_binary("id"), 400, "unsupported_frame"),
            (too_old("id"), 400, "websocket_connection_limit_reached"),
        ] {
            let frame = read(&frame);
            assert_eq!((&frame["status"], &frame["error"]["code"]), (&status.into(), &code.into()));
        }
        assert_eq!(read(&too_large(10, "id"))["status"], 413);
    }
}
