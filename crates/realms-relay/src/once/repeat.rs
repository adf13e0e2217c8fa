//! The same answer once more, for nothing.

use axum::{body::Body, response::Response};
use bytes::Bytes;
use futures_util::stream;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use realms_dialect::facts;
use realms_types::Cause;
use tokio::{sync::watch, time::Instant};

use super::{
    Found,
    shared::{Ended, Told},
};
use crate::{
    Relay,
    call::Call,
    feed::BrokeOff,
    pump::End,
    record::{Closing, record},
    running::Pass,
    trail::Trail,
};

/// Says that an answer was told before.
const REPLAYED: &str = "idempotent-replayed";
/// The request that was answered so first.
const REPEAT_OF: &str = "x-realms-repeat-of";

/// Tells a repeat what its first call was told.
pub(crate) fn repeat(
    relay: Relay,
    call: Call,
    pass: Pass,
    mut trail: Trail,
    found: Found,
) -> Response {
    let id = match &found {
        Found::Running(shared) => shared.request_id.clone(),
        Found::Kept(answer) => answer.request_id.clone(),
    };
    trail.repeat_of = Some(id.clone());
    let mut telling = Telling {
        begun: trail.begun,
        status: StatusCode::OK,
        sent: 0,
        end: End::ClientGone,
        ended: Some((relay, call, pass, trail)),
    };
    match found {
        Found::Kept(answer) => {
            telling.status = answer.status;
            telling.sent = answer.body.len() as u64;
            telling.end = End::Complete;
            respond(answer.status, answer.headers, Body::from(answer.body), &telling, &id)
        }
        Found::Running(shared) => {
            let told = shared.watch();
            let head = told.borrow().head.clone();
            let (status, headers) = head.unwrap_or_default();
            telling.status = status;
            let mut response = respond(status, headers, Body::empty(), &telling, &id);
            *response.body_mut() = Body::from_stream(follow(told, telling));
            response
        }
    }
}

fn respond(
    status: StatusCode,
    headers: HeaderMap,
    body: Body,
    telling: &Telling,
    first: &str,
) -> Response {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    let headers = response.headers_mut();
    headers.insert(REPLAYED, HeaderValue::from_static("true"));
    if let Ok(first) = HeaderValue::from_str(first) {
        headers.insert(REPEAT_OF, first);
    }
    if let Some((_, call, ..)) = &telling.ended
        && let Some(name) = facts(call.operation.dialect()).id_header
        && let Ok(id) = HeaderValue::from_str(&call.meta.shown)
    {
        headers.insert(name, id);
    }
    if !headers.contains_key(header::CONTENT_LENGTH) {
        headers.insert("x-accel-buffering", HeaderValue::from_static("no"));
    }
    response
}

/// A repeat that is being told, and recorded when that is over, however it ends.
struct Telling {
    begun: Instant,
    status: StatusCode,
    sent: u64,
    /// Until it is over, its client may leave at any moment.
    end: End,
    ended: Option<(Relay, Call, Pass, Trail)>,
}

/// The pieces of an answer from its beginning, as they come.
fn follow(
    told: watch::Receiver<Told>,
    telling: Telling,
) -> impl stream::Stream<Item = Result<Bytes, BrokeOff>> {
    stream::unfold((told, telling, 0), |(mut told, mut telling, at)| async move {
        let piece = match next(&mut told, &telling, at).await {
            Ok(Some(piece)) => piece,
            Ok(None) => {
                telling.ends(End::Complete);
                return None;
            }
            Err(cause) => {
                telling.ends(End::Broken(cause));
                return Some((Err(BrokeOff), (told, telling, at)));
            }
        };
        telling.sent += piece.len() as u64;
        Some((Ok(piece), (told, telling, at + 1)))
    })
}

/// The next piece; `None` at the end.
async fn next(
    told: &mut watch::Receiver<Told>,
    telling: &Telling,
    at: usize,
) -> Result<Option<Bytes>, Cause> {
    let Some((_, _, pass, _)) = &telling.ended else { return Err(Cause::Broken) };
    let more = told.wait_for(|told| told.pieces.len() > at || told.end.is_some());
    let told = tokio::select! {
        biased;
        more = more => more.map_err(|_| Cause::Broken)?,
        () = pass.stopped() => return Err(pass.why()),
    };
    match (told.pieces.get(at), &told.end) {
        (Some(piece), _) => Ok(Some(piece.clone())),
        (None, Some(Ended::Whole)) => Ok(None),
        (None, _) => Err(Cause::Broken),
    }
}

// === impl Telling ===

impl Telling {
    fn ends(&mut self, end: End) {
        self.end = end;
    }
}

impl Drop for Telling {
    fn drop(&mut self) {
        let Some((relay, call, pass, trail)) = self.ended.take() else { return };
        let closing = Closing::repeated(self.status, self.end, self.sent, self.begun);
        let record = record(&relay, &call, &pass.caller, None, closing, trail);
        let tasks = relay.tasks.clone();
        tasks.spawn(async move { relay.submit(record).await });
    }
}
