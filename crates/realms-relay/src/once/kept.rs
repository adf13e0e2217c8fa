//! Answers at rest: the head as one line of JSON, then the body, sealed together.

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use realms_dialect::{Fault, FaultKind};
use realms_seal::{Place, Purpose, SealError};
use realms_store::IdempotentCall;
use realms_types::IdempotentCallId;
use serde::{Deserialize, Serialize};

use crate::Relay;

/// An answer that is told again.
pub(crate) struct Answer {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
    /// The request it answered first.
    pub(super) request_id: String,
}

#[derive(Serialize, Deserialize)]
struct Head {
    status: u16,
    /// Values that are no text are not kept.
    headers: Vec<(String, String)>,
}

/// Seals an answer for its row.
pub(super) fn seal(
    relay: &Relay,
    id: IdempotentCallId,
    status: StatusCode,
    headers: &HeaderMap,
    body: &[u8],
) -> Result<String, SealError> {
    let text = |(name, value): (&HeaderName, &HeaderValue)| {
        Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned()))
    };
    let head = Head { status: status.as_u16(), headers: headers.iter().filter_map(text).collect() };
    let mut whole = serde_json::to_vec(&head).unwrap_or_default();
    whole.push(b'\n');
    whole.extend_from_slice(body);
    relay.accounts.keyring.seal(Purpose::Answer, place(id), &whole)
}

/// Opens what is kept of a call.
pub(super) fn open(relay: &Relay, call: IdempotentCall) -> Result<Answer, Fault> {
    let sealed = call.answer.as_deref().unwrap_or_default();
    let opened = relay.accounts.keyring.unseal(Purpose::Answer, place(call.id), sealed);
    let whole = opened.map_err(|error| {
        tracing::error!(request.id = call.request_id, %error, "an answer that was kept does not open");
        unreadable(&call.request_id)
    })?;
    let whole = whole.reveal();
    let read = whole.iter().position(|byte| *byte == b'\n').and_then(|end| {
        let head: Head = serde_json::from_slice(&whole[..end]).ok()?;
        let status = StatusCode::from_u16(head.status).ok()?;
        let header = |(name, value): &(String, String)| {
            Some((name.parse::<HeaderName>().ok()?, value.parse::<HeaderValue>().ok()?))
        };
        let headers = head.headers.iter().filter_map(header).collect();
        Some((status, headers, Bytes::copy_from_slice(&whole[end + 1..])))
    });
    let (status, headers, body) = read.ok_or_else(|| unreadable(&call.request_id))?;
    Ok(Answer { status, headers, body, request_id: call.request_id })
}

fn unreadable(request: &str) -> Fault {
    let message = format!(
        "the answer of request {request} with this idempotency key cannot be read any more. To make the \
         call again, send another key"
    );
    Fault::new(FaultKind::Conflict, message).with_code("idempotency_answer_lost")
}

const fn place(id: IdempotentCallId) -> Place {
    Place { table: "idempotent_calls", column: "answer", row: id.raw() }
}
