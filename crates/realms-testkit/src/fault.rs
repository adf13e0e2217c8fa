//! Error bodies in the envelope of each vendor.

use bytes::Bytes;
use http::StatusCode;
use realms_types::DialectId;
use serde_json::{Value, json};

/// What the vendor of a dialect answers with a status: its envelope, its word for the trouble.
pub fn error_body(dialect: DialectId, status: StatusCode) -> Value {
    let message = format!("the fake upstream was told to answer {}", status.as_u16());
    match dialect {
        DialectId::Responses | DialectId::Chat => {
            let (kind, code) = openai_words(status);
            json!({"error": {"message": message, "type": kind, "param": null, "code": code}})
        }
        DialectId::Messages => json!({
            "type": "error",
            "error": {"type": anthropic_word(status), "message": message},
            "request_id": "req_fake",
        }),
        DialectId::Gemini => json!({"error": {
            "code": status.as_u16(),
            "message": message,
            "status": google_word(status),
        }}),
    }
}

/// How an error comes in the middle of a stream.
pub fn error_frame(dialect: DialectId, status: StatusCode) -> Bytes {
    let body = error_body(dialect, status);
    match dialect {
        DialectId::Responses => {
            let mut event = json!({"type": "error", "sequence_number": 0});
            for field in ["code", "message", "param"] {
                event[field] = body["error"][field].clone();
            }
            format!("event: error\ndata: {event}\n\n").into()
        }
        DialectId::Chat => format!("data: {body}\n\n").into(),
        DialectId::Messages => format!("event: error\ndata: {body}\n\n").into(),
        DialectId::Gemini => format!("data: {body}\r\n\r\n").into(),
    }
}

fn openai_words(status: StatusCode) -> (&'static str, Option<&'static str>) {
    match status.as_u16() {
        401 => ("invalid_request_error", Some("invalid_api_key")),
        402 => ("insufficient_quota", Some("insufficient_quota")),
        404 => ("invalid_request_error", Some("model_not_found")),
        429 => ("requests", Some("rate_limit_exceeded")),
        400..500 => ("invalid_request_error", None),
        _ => ("server_error", Some("server_error")),
    }
}

fn anthropic_word(status: StatusCode) -> &'static str {
    match status.as_u16() {
        401 => "authentication_error",
        402 => "billing_error",
        403 => "permission_error",
        404 => "not_found_error",
        413 => "request_too_large",
        429 => "rate_limit_error",
        400..500 => "invalid_request_error",
        504 => "timeout_error",
        529 => "overloaded_error",
        _ => "api_error",
    }
}

fn google_word(status: StatusCode) -> &'static str {
    match status.as_u16() {
        401 => "UNAUTHENTICATED",
        403 => "PERMISSION_DENIED",
        404 => "NOT_FOUND",
        429 => "RESOURCE_EXHAUSTED",
        400..500 => "INVALID_ARGUMENT",
        503 => "UNAVAILABLE",
        504 => "DEADLINE_EXCEEDED",
        _ => "INTERNAL",
    }
}
