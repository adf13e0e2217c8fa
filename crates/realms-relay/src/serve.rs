//! One call from its key to its record.

use std::sync::Arc;

use axum::{body::Body, response::Response};
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use realms_dialect::{Fault, Rendered, render_fault, rewrite_results_url};
use realms_identity::Caller;
use realms_types::{Cause, DialectId, Origin, RequestMeta, Scope, Verdict};
use realms_upstream::return_headers;
use tokio::{
    sync::{mpsc, oneshot},
    time::Instant,
};

use crate::{
    Operation, Relay,
    admit::admit,
    attempt::{Attempts, Outcome},
    call::{Call, read_body},
    feed::{Piece, feed},
    opening::{Answer, Content},
    plan::{Plan, plan},
    pump::{End, Pump},
    record::{Closing, record},
    stored::Home,
};

/// Answers one call: admits it, plans it, and leaves the rest to a task of its own.
pub(crate) async fn serve(
    relay: Relay,
    operation: Operation,
    parts: http::request::Parts,
    body: Body,
    meta: RequestMeta,
) -> Response {
    let dialect = operation.dialect();
    let shown = Arc::clone(&meta.shown);
    match begin(relay, operation, parts, body, meta).await {
        Ok(response) => response,
        Err(fault) => fault_response(dialect, &fault, &shown),
    }
}

async fn begin(
    relay: Relay,
    operation: Operation,
    parts: http::request::Parts,
    body: Body,
    meta: RequestMeta,
) -> Result<Response, Fault> {
    let begun = Instant::now();
    let query = parts.uri.query();
    let caller = admit(&relay.callers, &parts.headers, query).await?;
    let body = read_body(&parts.headers, body, relay.limits.body).await?;
    let call = Call {
        query: query.map(str::to_owned),
        method: parts.method,
        headers: parts.headers,
        operation,
        body,
        meta,
    };
    match plan(&relay, &caller, &call).await {
        Ok(plan) => conduct(relay, call, caller, plan, begun).await,
        Err(fault) => {
            relay.metrics.refused(call.operation.as_str());
            relay
                .submit(record(&relay, &call, &caller, None, &Closing::refused(&fault, begun)))
                .await;
            Err(fault)
        }
    }
}

/// Hands the call to its own task and waits for the head of the answer.
///
/// The task outlives this future: when the client leaves, the future is dropped, and the task still
/// cancels the upstream, meters what was used, and writes the record.
async fn conduct(
    relay: Relay,
    call: Call,
    caller: Arc<Caller>,
    plan: Plan,
    begun: Instant,
) -> Result<Response, Fault> {
    let (head, answer) = oneshot::channel();
    let tasks = relay.tasks.clone();
    tasks.spawn(Box::pin(run(relay, call, caller, plan, begun, head)));
    answer.await.unwrap_or_else(|_| Err(Fault::internal("the call was given up")))
}

type Head = oneshot::Sender<Result<Response, Fault>>;

async fn run(
    relay: Relay,
    call: Call,
    caller: Arc<Caller>,
    plan: Plan,
    begun: Instant,
    mut head: Head,
) {
    let _live = relay.metrics.in_flight();
    let mut attempts = Attempts::new(&relay, &call, &plan);
    let outcome = tokio::select! {
        biased;
        outcome = attempts.run() => Some(outcome),
        () = head.closed() => None,
    };
    let closing = match outcome {
        Some(Outcome::Answered(answer)) => {
            pass_on(&relay, &call, &caller, &plan, &mut attempts, answer, begun, head).await
        }
        Some(Outcome::Refused(status, headers, body)) => {
            let closing = Closing::rejected(status, &body, begun);
            let _ = head.send(Ok(whole(status, &headers, body, &call)));
            closing
        }
        Some(Outcome::Exhausted(fault, cause)) => {
            let closing = Closing::exhausted(&fault, cause, begun);
            let _ = head.send(Err(fault));
            closing
        }
        None => {
            let accepted = attempts.made.last().is_some_and(|made| made.headers_us.is_some());
            attempts.close("cancelled", Some(Cause::ClientGone), 0);
            Closing::gone(accepted, begun)
        }
    };
    relay.metrics.finished(call.operation.as_str(), &closing);
    let record = record(&relay, &call, &caller, Some((&plan, attempts)), &closing);
    relay.submit(record).await;
}

/// Sends an answer to the client to its end, and says how that went.
#[expect(clippy::too_many_arguments, reason = "the last step sees all that came before it")]
async fn pass_on(
    relay: &Relay,
    call: &Call,
    caller: &Caller,
    plan: &Plan,
    attempts: &mut Attempts<'_>,
    answer: Answer,
    begun: Instant,
    head: Head,
) -> Closing {
    let first_event = begun.elapsed();
    let Answer { status, headers, content, mut tap } = answer;
    note_object(relay, call, caller, plan, attempts, tap.reading().object_id.as_deref());
    let stream = matches!(content, Content::Frames { .. });
    let (end, sent, tail_usage) = match content {
        Content::Whole(body) => {
            let (body, sent) = (public_body(call, plan, body), 0);
            let length = body.len() as u64;
            let gone = head.send(Ok(whole(status, &headers, body, call))).is_err();
            (if gone { End::ClientGone } else { End::Complete }, sent + length, None)
        }
        content => {
            let (client, body) = feed();
            let response = respond(status, &headers, Body::new(body), None, call);
            if head.send(Ok(response)).is_err() {
                (End::ClientGone, 0, None)
            } else {
                let mut pump = pump(relay, call, plan, &client, tap.as_mut());
                let end = Box::pin(pump.run(content)).await;
                (end, pump.sent, pump.tail_usage)
            }
        }
    };
    note_object(relay, call, caller, plan, attempts, tap.reading().object_id.as_deref());
    forget_object(relay, call, caller, status, end);
    judge_end(relay, attempts, end, sent, call.operation.as_str());
    Closing::answered(
        status,
        end,
        stream,
        first_event,
        begun,
        sent,
        tap.reading().clone(),
        tail_usage,
    )
}

fn pump<'a>(
    relay: &'a Relay,
    call: &'a Call,
    plan: &'a Plan,
    client: &'a mpsc::Sender<Piece>,
    tap: &'a mut dyn realms_dialect::Tap,
) -> Pump<'a> {
    Pump {
        client,
        tap,
        dialect: call.operation.dialect(),
        request_id: &call.meta.shown,
        model: plan.model_name(),
        limits: relay.limits.stream,
        keep_alive: plan.catalog.settings().keep_alive_interval,
        shutdown: &relay.shutdown,
        sent: 0,
        tail_usage: None,
    }
}

/// Health is judged by the end of the answer, not by its start.
fn judge_end(relay: &Relay, attempts: &mut Attempts<'_>, end: End, sent: u64, operation: &str) {
    let (outcome, cause, verdict) = match end {
        End::Complete => ("accepted", None, Some(Verdict::Accept)),
        End::ClientGone => ("cancelled", Some(Cause::ClientGone), None),
        End::Broken(cause) => {
            let blame = !matches!(cause, Cause::Shutdown | Cause::StreamTimeout);
            let verdict = Verdict::Retry { scope: Scope::Endpoint, cause, until: None };
            ("failed", Some(cause), blame.then_some(verdict))
        }
    };
    attempts.close(outcome, cause, sent);
    if let Some(candidate) = attempts.candidate() {
        if let Some(verdict) = verdict {
            relay.health.report(candidate, verdict, relay.clock.now());
        }
        relay.metrics.attempt(&candidate.channel.name, cause);
        if let End::Broken(cause) = end {
            let channel = candidate.channel.name.as_str();
            tracing::warn!(
                channel.name = channel,
                operation,
                cause = cause.as_str(),
                "answer broke off"
            );
        }
    }
}

/// Remembers where an object lives as soon as its id is known, so that it can be asked for at once.
fn note_object(
    relay: &Relay,
    call: &Call,
    caller: &Caller,
    plan: &Plan,
    attempts: &Attempts<'_>,
    id: Option<&str>,
) {
    let (Some(kind), Some(id), Some(candidate)) =
        (call.operation.stores(), id, attempts.candidate())
    else {
        return;
    };
    if plan.stores_answer(&call.operation) {
        relay.recent_homes().note(
            kind,
            id,
            Home {
                user_id: caller.user_id,
                channel_id: candidate.channel.id,
                endpoint_id: candidate.endpoint.id,
                credential_id: candidate.credential.id,
                model: plan.model_name().to_owned(),
                upstream_model: candidate.upstream_model.clone(),
            },
        );
    }
}

/// What was deleted upstream is forgotten here.
fn forget_object(relay: &Relay, call: &Call, caller: &Caller, status: StatusCode, end: End) {
    if let Operation::Stored(act) = &call.operation
        && act.method == http::Method::DELETE
        && status.is_success()
        && end == End::Complete
    {
        let (relay, act, user) = (relay.clone(), act.clone(), caller.user_id);
        relay.recent_homes().forget(act.kind, &act.id);
        relay.tasks.clone().spawn(async move {
            if let Err(error) = relay.store.delete_object(act.kind, &act.id, user).await {
                tracing::error!(%error, "cannot forget a deleted object");
            }
        });
    }
}

/// A body with the links of its vendor turned to this address, where a client would follow them.
fn public_body(call: &Call, plan: &Plan, body: Bytes) -> Bytes {
    if call.operation.dialect() != DialectId::Messages {
        return body;
    }
    let base = plan.catalog.settings().site_base_url.as_ref();
    match base.and_then(|base| rewrite_results_url(&body, base.as_str().trim_end_matches('/'))) {
        Some(segments) => segments.concat().into(),
        None => body,
    }
}

fn whole(status: StatusCode, headers: &HeaderMap, body: Bytes, call: &Call) -> Response {
    let length = body.len();
    respond(status, headers, Body::from(body), Some(length), call)
}

fn respond(
    status: StatusCode,
    upstream: &HeaderMap,
    body: Body,
    length: Option<usize>,
    call: &Call,
) -> Response {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    let headers = response.headers_mut();
    *headers = return_headers(upstream);
    match length {
        Some(length) => {
            headers.insert(header::CONTENT_LENGTH, HeaderValue::from(length));
        }
        None => {
            headers.insert("x-accel-buffering", HeaderValue::from_static("no"));
        }
    }
    if !headers.contains_key(header::CACHE_CONTROL) {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    if call.operation.dialect() == DialectId::Messages
        && let Ok(id) = HeaderValue::from_str(&call.meta.shown)
    {
        headers.insert("request-id", id);
    }
    response
}

/// A fault in the form the dialect's clients read.
pub(crate) fn fault_response(dialect: DialectId, fault: &Fault, request_id: &str) -> Response {
    let Rendered { status, headers, body } = render_fault(dialect, fault, request_id);
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    if fault.origin == Origin::Storage {
        tracing::warn!(request.id = request_id, message = fault.message, "storage is in the way");
    }
    response
}
