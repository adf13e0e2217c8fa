//! Reads what an upstream said went wrong, in whatever envelope it came.

use std::time::Duration;

use realms_types::DialectId;
use serde_json::{Map, Value};

use super::UpstreamFault;

/// The longest message kept, in bytes.
const LONGEST: usize = 4096;

/// Reads an error body. Tolerant of every envelope of the four dialects, of arrays around them, of
/// flat objects, plain text and HTML.
///
/// `status` is that of the answer. Where it is no error (a 200 that carries one), the body decides:
/// its numeric code, or the status its words stand for, or else 502.
pub fn read_fault(dialect: DialectId, status: u16, body: &[u8]) -> UpstreamFault {
    let mut fault = match serde_json::from_slice::<Value>(body) {
        Ok(value) => read_value(&value),
        Err(_) => UpstreamFault { message: plain_message(body), ..UpstreamFault::default() },
    };
    if fault.retry_after.is_none() {
        fault.retry_after = hint_in_message(&fault.message);
    }
    if fault.message.is_empty() {
        fault.message = format!("the upstream reported an error ({dialect}) without a message");
    }
    fault.status = if status >= 400 { status } else { implied_status(&fault) };
    fault
}

/// Whether a body is a web page: a login form, a challenge or an error page of a proxy.
pub fn looks_like_html(body: &[u8]) -> bool {
    let start = body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(body).trim_ascii_start();
    let begins =
        |with: &[u8]| start.get(..with.len()).is_some_and(|head| head.eq_ignore_ascii_case(with));
    [&b"<!doctype"[..], b"<html", b"<head", b"<body", b"<!--"].into_iter().any(begins)
}

fn read_value(value: &Value) -> UpstreamFault {
    match value {
        Value::Array(items) => items.first().map(read_value).unwrap_or_default(),
        Value::Object(envelope) => read_envelope(envelope),
        Value::String(message) => with_message(message),
        _ => UpstreamFault::default(),
    }
}

/// `error` as an object or a text, or the fields themselves at the top.
fn read_envelope(envelope: &Map<String, Value>) -> UpstreamFault {
    match envelope.get("error") {
        Some(Value::Object(error)) => {
            let mut fault = read_error(error);
            // Codex's WebSocket and some proxies put the status beside the error.
            let beside = || envelope.get("status").filter(|status| status.is_u64());
            fault.code = fault.code.or_else(|| beside().map(Value::to_string));
            fault
        }
        Some(Value::String(kind)) => {
            let said = text(envelope, &["error_description", "message", "detail"]);
            let mut fault = with_message(said.unwrap_or(kind));
            fault.kind = said.map(|_| kind.clone());
            fault
        }
        _ => read_error(envelope),
    }
}

fn read_error(error: &Map<String, Value>) -> UpstreamFault {
    let message = text(error, &["message", "detail", "error_description", "msg"]);
    let nested = || error.get("detail").or(error.get("errors")).map(Value::to_string);
    let message = message.map(str::to_owned).or_else(nested).unwrap_or_default();
    let seconds = |key| error.get(key).and_then(Value::as_f64);
    UpstreamFault {
        status: 0,
        kind: text(error, &["type", "status"]).filter(|kind| *kind != "error").map(str::to_owned),
        code: error.get("code").and_then(code_text),
        message: bounded(&message),
        retry_after: retry_info(error)
            .or(seconds("resets_in_seconds"))
            .or(seconds("retry_after"))
            .and_then(duration),
        resets_at: error.get("resets_at").and_then(Value::as_i64),
    }
}

/// Google's `details[].retryDelay`, such as `"7s"` or `"0.5s"`, in seconds.
fn retry_info(error: &Map<String, Value>) -> Option<f64> {
    let details = error.get("details")?.as_array()?;
    let delay = details.iter().find_map(|detail| detail.get("retryDelay")?.as_str())?;
    delay.strip_suffix('s')?.parse().ok()
}

/// "Please try again in 1.2s", "in 20ms", "in 6m0s": OpenAI's hint where no header carries it.
fn hint_in_message(message: &str) -> Option<Duration> {
    let (_, mut rest) = message.split_once("try again in ")?;
    let mut total = 0.0;
    while let Some((seconds, behind)) = leading_seconds(rest) {
        total += seconds;
        rest = behind;
    }
    duration(total).filter(|hint| !hint.is_zero())
}

/// A number and its unit, in seconds, and what follows them.
fn leading_seconds(text: &str) -> Option<(f64, &str)> {
    let (number, rest) = text.split_at(text.find(|c: char| c.is_ascii_alphabetic())?);
    let end = rest.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(rest.len());
    let (unit, behind) = rest.split_at(end);
    let scale = match unit {
        "ms" => 0.001,
        "s" => 1.0,
        "m" => 60.0,
        "h" => 3600.0,
        _ => return None,
    };
    Some((number.parse::<f64>().ok()? * scale, behind))
}

fn duration(seconds: f64) -> Option<Duration> {
    Duration::try_from_secs_f64(seconds).ok()
}

/// What a 200 with an error in it should have been.
fn implied_status(fault: &UpstreamFault) -> u16 {
    let numeric = fault.code.as_deref().and_then(|code| code.parse().ok());
    if let Some(status) = numeric.filter(|status| (400..600).contains(status)) {
        return status;
    }
    let words = [fault.code.as_deref(), fault.kind.as_deref()];
    words.into_iter().flatten().find_map(status_of_word).unwrap_or(502)
}

fn status_of_word(word: &str) -> Option<u16> {
    Some(match word {
        "insufficient_quota"
        | "rate_limit_exceeded"
        | "rate_limit_error"
        | "usage_limit_reached"
        | "RESOURCE_EXHAUSTED" => 429,
        "invalid_api_key" | "authentication_error" | "UNAUTHENTICATED" => 401,
        "billing_error" => 402,
        "permission_error" | "permission_denied" | "PERMISSION_DENIED" => 403,
        "model_not_found" | "not_found_error" | "NOT_FOUND" => 404,
        "request_too_large" => 413,
        "context_length_exceeded"
        | "invalid_prompt"
        | "invalid_request_error"
        | "INVALID_ARGUMENT"
        | "FAILED_PRECONDITION" => 400,
        "server_error" | "api_error" | "internal_error" | "INTERNAL" => 500,
        "server_is_overloaded" | "slow_down" | "UNAVAILABLE" => 503,
        "timeout_error" | "DEADLINE_EXCEEDED" => 504,
        "overloaded_error" => 529,
        _ => return None,
    })
}

fn with_message(message: &str) -> UpstreamFault {
    UpstreamFault { message: bounded(message), ..UpstreamFault::default() }
}

fn plain_message(body: &[u8]) -> String {
    if looks_like_html(body) {
        return "the upstream answered with a web page".to_owned();
    }
    let end = body.len().min(LONGEST);
    bounded(String::from_utf8_lossy(&body[..end]).trim())
}

fn text<'a>(object: &'a Map<String, Value>, keys: &[&str]) -> Option<&'a str> {
    keys.iter().find_map(|key| object.get(*key)?.as_str())
}

fn code_text(code: &Value) -> Option<String> {
    match code {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

pub(super) fn bounded(message: &str) -> String {
    message[..message.floor_char_boundary(LONGEST)].to_owned()
}
