//! Renders a fault as the answer to a call, in the envelope the dialect's SDKs read.

use std::time::Duration;

use http::{
    HeaderMap, HeaderName, HeaderValue,
    header::{CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE},
};
use realms_types::DialectId;
use serde::Serialize;

use super::{Fault, FaultKind, Rendered};
use crate::{facts, to_json};

/// OpenAI's envelope: `{"error":{…}}`. `request_id` and `origin` are ours; SDKs pass over them.
#[derive(Serialize)]
pub(super) struct OpenAiEnvelope<'a> {
    pub(super) error: OpenAiError<'a>,
}

#[derive(Serialize)]
pub(super) struct OpenAiError<'a> {
    pub(super) message: &'a str,
    #[serde(rename = "type")]
    kind: &'static str,
    pub(super) param: Option<&'a str>,
    pub(super) code: &'a str,
    request_id: &'a str,
    origin: &'static str,
}

/// Anthropic's envelope: `{"type":"error","error":{…},"request_id"}`. `origin` is ours.
#[derive(Serialize)]
pub(super) struct AnthropicEnvelope<'a> {
    #[serde(rename = "type")]
    tag: &'static str,
    error: AnthropicError<'a>,
    request_id: &'a str,
}

#[derive(Serialize)]
struct AnthropicError<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    message: &'a str,
    origin: &'static str,
}

/// Google's envelope: `{"error":{code,message,status,details}}`.
#[derive(Serialize)]
pub(super) struct GoogleEnvelope<'a> {
    error: GoogleError<'a>,
}

#[derive(Serialize)]
struct GoogleError<'a> {
    code: u16,
    message: &'a str,
    status: &'static str,
    details: Vec<GoogleDetail<'a>>,
}

/// Details of `google.rpc`. The hint to retry stands here: Google sends no `retry-after`.
#[derive(Serialize)]
#[serde(tag = "@type")]
enum GoogleDetail<'a> {
    #[serde(rename = "type.googleapis.com/google.rpc.ErrorInfo")]
    Error { reason: String, domain: &'static str, metadata: GoogleMetadata<'a> },
    #[serde(rename = "type.googleapis.com/google.rpc.RequestInfo")]
    Request {
        #[serde(rename = "requestId")]
        request_id: &'a str,
    },
    #[serde(rename = "type.googleapis.com/google.rpc.RetryInfo")]
    Retry {
        #[serde(rename = "retryDelay")]
        retry_delay: String,
    },
}

#[derive(Serialize)]
struct GoogleMetadata<'a> {
    origin: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    param: Option<&'a str>,
}

/// Renders a fault as a whole answer: JSON always, with the request id inside.
pub fn render_fault(dialect: DialectId, fault: &Fault, request_id: &str) -> Rendered {
    let body = match dialect {
        DialectId::Responses | DialectId::Chat => to_json(&OpenAiEnvelope::new(fault, request_id)),
        DialectId::Messages => to_json(&AnthropicEnvelope::new(fault, request_id)),
        DialectId::Gemini => to_json(&GoogleEnvelope::new(fault, request_id)),
    };
    let mut headers = retry_headers(fault);
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    if fault.kind == FaultKind::Unauthorized {
        headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    if let (Some(name), Ok(id)) = (facts(dialect).id_header, HeaderValue::from_str(request_id)) {
        headers.insert(name, id);
    }
    Rendered { status: fault.status(), headers, body }
}

/// `retry-after` in whole seconds rounded up; `retry-after-ms` beside it when a part of a second is
/// meant; `x-should-retry: false` where a retry cannot mend it.
fn retry_headers(fault: &Fault) -> HeaderMap {
    let mut headers = HeaderMap::new();
    if !fault.should_retry {
        let name = HeaderName::from_static("x-should-retry");
        headers.insert(name, HeaderValue::from_static("false"));
    }
    if let Some(after) = fault.retry_after {
        headers.insert(RETRY_AFTER, HeaderValue::from(whole_seconds(after)));
        if after.subsec_nanos() != 0 {
            let millis = u64::try_from(after.as_millis()).unwrap_or(u64::MAX);
            headers.insert(HeaderName::from_static("retry-after-ms"), HeaderValue::from(millis));
        }
    }
    headers
}

fn whole_seconds(duration: Duration) -> u64 {
    duration.as_secs().saturating_add(u64::from(duration.subsec_nanos() != 0))
}

// === impl OpenAiEnvelope ===

impl<'a> OpenAiEnvelope<'a> {
    pub(super) fn new(fault: &'a Fault, request_id: &'a str) -> Self {
        let words = fault.kind.words();
        let error = OpenAiError {
            message: &fault.message,
            kind: words.openai,
            param: fault.param.as_deref(),
            code: fault.code.as_deref().unwrap_or(words.code),
            request_id,
            origin: fault.origin.as_str(),
        };
        Self { error }
    }
}

// === impl AnthropicEnvelope ===

impl<'a> AnthropicEnvelope<'a> {
    pub(super) fn new(fault: &'a Fault, request_id: &'a str) -> Self {
        let error = AnthropicError {
            kind: fault.kind.words().anthropic,
            message: &fault.message,
            origin: fault.origin.as_str(),
        };
        Self { tag: "error", error, request_id }
    }
}

// === impl GoogleEnvelope ===

impl<'a> GoogleEnvelope<'a> {
    pub(super) fn new(fault: &'a Fault, request_id: &'a str) -> Self {
        let words = fault.kind.words();
        let metadata =
            GoogleMetadata { origin: fault.origin.as_str(), param: fault.param.as_deref() };
        let reason = fault.code.as_deref().unwrap_or(words.code).to_ascii_uppercase();
        let mut details = vec![
            GoogleDetail::Error { reason, domain: "realms", metadata },
            GoogleDetail::Request { request_id },
        ];
        if let Some(after) = fault.retry_after {
            let retry_delay = format!("{}.{:03}s", after.as_secs(), after.subsec_millis());
            details.push(GoogleDetail::Retry { retry_delay });
        }
        let code = fault.status().as_u16();
        Self { error: GoogleError { code, message: &fault.message, status: words.google, details } }
    }
}
