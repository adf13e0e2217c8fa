//! Tells whether a body is an error that a dialect's SDKs can read.

use realms_types::DialectId;
use serde::Deserialize;
use serde_json::value::RawValue;

/// The top level of an error in any of the dialects.
#[derive(Deserialize)]
struct Envelope<'a> {
    #[serde(borrow, default, rename = "type")]
    tag: Option<&'a RawValue>,
    #[serde(borrow, default)]
    error: Option<&'a RawValue>,
}

/// Google's error object, `google.rpc.Status` in JSON.
#[derive(Deserialize)]
struct GoogleError<'a> {
    #[serde(borrow, default)]
    code: Option<&'a RawValue>,
    #[serde(borrow, default)]
    message: Option<&'a RawValue>,
    #[serde(borrow, default)]
    status: Option<&'a RawValue>,
}

/// Whether a whole body is an error in this dialect's shape, so that it can be passed on as it is:
///
/// - Responses and Chat: `{"error":{…}}`;
/// - Messages: `{"type":"error","error":{…}}`;
/// - Gemini: `{"error":{"code":400,"message":"…","status":"…"}}`, or an array of one such. The status
///   may be missing, as in Google's older errors.
pub fn is_error_body(dialect: DialectId, body: &[u8]) -> bool {
    match dialect {
        DialectId::Responses | DialectId::Chat => envelope(body).is_some(),
        DialectId::Messages => envelope(body).is_some_and(|(tag, _)| tag == Some("\"error\"")),
        DialectId::Gemini => match only_item(body) {
            Some(item) => is_google_error(item.as_bytes()),
            None => is_google_error(body),
        },
    }
}

fn is_google_error(body: &[u8]) -> bool {
    let Some((_, error)) = envelope(body) else {
        return false;
    };
    let Ok(GoogleError { code, message, status }) = serde_json::from_str(error) else {
        return false;
    };
    let is_text = |value: &RawValue| value.get().starts_with('"');
    code.is_some_and(|code| code.get().parse::<u16>().is_ok())
        && message.is_some_and(is_text)
        && status.is_none_or(is_text)
}

/// `type` and the error object, as JSON; `None` when the body is no object or has no error with
/// members. Parsers of structs take arrays too, so the first byte is looked at.
fn envelope(body: &[u8]) -> Option<(Option<&str>, &str)> {
    if !body.trim_ascii_start().starts_with(b"{") {
        return None;
    }
    let envelope: Envelope<'_> = serde_json::from_slice(body).ok()?;
    let error = envelope.error?.get();
    let has_members = !error.strip_prefix('{')?.strip_suffix('}')?.trim_ascii().is_empty();
    has_members.then_some((envelope.tag.map(RawValue::get), error))
}

fn only_item(body: &[u8]) -> Option<&str> {
    let [item] = serde_json::from_slice::<[&RawValue; 1]>(body).ok()?;
    Some(item.get())
}
