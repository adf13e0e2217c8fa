//! Renders a fault in the middle of a stream, so that no client takes the answer for complete.

use bytes::Bytes;
use realms_types::DialectId;
use serde::Serialize;

use super::{
    Fault,
    render::{AnthropicEnvelope, GoogleEnvelope, OpenAiEnvelope, OpenAiError},
};
use crate::to_json;

/// What the client received so far, as far as an error event must fit to it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct StreamShape<'a> {
    /// The stream is one JSON array, not events (Gemini without `alt=sse`).
    pub json_array: bool,
    /// A frame was sent: the array is open.
    pub started: bool,
    /// The last `sequence_number` sent (Responses).
    pub sequence: Option<u64>,
    /// The id of the answer, where it was sent (Responses).
    pub object_id: Option<&'a str>,
    /// The model, as the client named it (Responses).
    pub model: Option<&'a str>,
}

/// The `error` event of Responses. The specification puts the fields at the top; SDKs raise on the
/// object under `error`. Both are given.
#[derive(Serialize)]
struct ErrorEvent<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    sequence_number: u64,
    code: &'a str,
    message: &'a str,
    param: Option<&'a str>,
    error: &'a OpenAiError<'a>,
}

#[derive(Serialize)]
struct FailedEvent<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    sequence_number: u64,
    response: FailedResponse<'a>,
}

#[derive(Serialize)]
struct FailedResponse<'a> {
    id: &'a str,
    object: &'static str,
    created_at: u64,
    status: &'static str,
    error: ResponseError<'a>,
    incomplete_details: Option<()>,
    model: &'a str,
    output: [(); 0],
    parallel_tool_calls: bool,
    tool_choice: &'static str,
    tools: [(); 0],
    usage: Option<()>,
}

#[derive(Serialize)]
struct ResponseError<'a> {
    code: &'a str,
    message: &'a str,
}

/// An error event in the dialect, to be written at a frame boundary as the last thing of the stream.
///
/// - Responses: `error`, then `response.failed`. The SDKs raise at the first; Codex passes over it and
///   reads the second, whose code makes it repeat the turn (a bare end it would repeat too, but with
///   the wrong reason shown).
/// - Chat: `data: {"error":…}` and no `[DONE]`. Messages: `event: error`. Gemini: `data: {"error":…}`,
///   or the last element of the array with its closing bracket.
pub fn render_fault_frame(
    dialect: DialectId,
    fault: &Fault,
    request_id: &str,
    shape: StreamShape<'_>,
) -> Bytes {
    match dialect {
        DialectId::Responses => responses_events(fault, request_id, shape),
        DialectId::Chat => framed("data: ", &OpenAiEnvelope::new(fault, request_id), "\n\n"),
        DialectId::Messages => {
            framed("event: error\ndata: ", &AnthropicEnvelope::new(fault, request_id), "\n\n")
        }
        DialectId::Gemini => {
            let envelope = GoogleEnvelope::new(fault, request_id);
            match (shape.json_array, shape.started) {
                (false, _) => framed("data: ", &envelope, "\r\n\r\n"),
                (true, true) => framed(",\r\n", &envelope, "\r\n]"),
                (true, false) => framed("[", &envelope, "\r\n]"),
            }
        }
    }
}

fn responses_events(fault: &Fault, request_id: &str, shape: StreamShape<'_>) -> Bytes {
    let sequence_number = shape.sequence.map_or(0, |last| last.saturating_add(1));
    let error = OpenAiEnvelope::new(fault, request_id).error;
    let event = ErrorEvent {
        kind: "error",
        sequence_number,
        code: error.code,
        message: error.message,
        param: error.param,
        error: &error,
    };
    let response = FailedResponse {
        id: shape.object_id.unwrap_or_default(),
        object: "response",
        created_at: 0,
        status: "failed",
        error: ResponseError { code: error.code, message: error.message },
        incomplete_details: None,
        model: shape.model.unwrap_or_default(),
        output: [],
        parallel_tool_calls: true,
        tool_choice: "auto",
        tools: [],
        usage: None,
    };
    let sequence_number = sequence_number.saturating_add(1);
    let failed = FailedEvent { kind: "response.failed", sequence_number, response };
    let first = framed("event: error\ndata: ", &event, "\n\n");
    let second = framed("event: response.failed\ndata: ", &failed, "\n\n");
    [first, second].concat().into()
}

fn framed<T: Serialize>(before: &str, value: &T, after: &str) -> Bytes {
    [before.as_bytes(), &to_json(value), after.as_bytes()].concat().into()
}
