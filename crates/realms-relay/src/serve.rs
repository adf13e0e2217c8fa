//! One call from its key to its record.

use std::{sync::Arc, time::Duration};

use axum::{body::Body, response::Response};
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use http_body::Body as _;
use realms_dialect::{Fault, Reading, Rendered, Tap, Think, facts, render_fault};
use realms_identity::Caller;
use realms_types::{Cause, DialectId, OnDisconnect, Origin, RequestMeta, Scope, Verdict};
use realms_upstream::{classify, return_headers};
use tokio::{
    sync::{mpsc, oneshot},
    time::{Instant, timeout},
};

use crate::{
    Operation, Relay, Running,
    admit::admit,
    attempt::{Attempts, Outcome},
    call::{Call, read_body},
    feed::{Piece, feed},
    holding::{Holding, set_aside},
    kept_responses::{self, Keeping},
    lane, limits,
    noting::note_down,
    once::{HEADER, Turn, repeat, take_turn},
    opening::{Answer, Content, Words},
    plan::{Plan, plan, read_intent},
    pump::{End, Pump},
    quirk::keeps_nothing,
    record::{Closing, record},
    rules,
    running::{Pass, stopped_fault},
    storage_fault,
    stored::Home,
    trail::Trail,
};

/// How long a key may take to be checked.
const ADMISSION: Duration = Duration::from_secs(2);

/// A call that may be made.
pub(crate) struct Ready {
    plan: Plan,
    /// What is set aside for it, if somebody pays.
    holding: Option<Holding>,
    /// Where its ending is told, if somebody wants to know.
    tell: Option<oneshot::Sender<Ending>>,
}

/// What comes of a call that may be made.
enum Next {
    /// Somebody is asked.
    Conduct(Box<Ready>),
    /// It is answered from what is kept here.
    Told(Response),
}

/// How a call ended, in short.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ending {
    /// Whether an upstream may have worked for it.
    pub accepted: bool,
    /// Whether its client was sent a whole answer.
    pub is_whole: bool,
}

// === impl Ready ===

impl Ready {
    /// The same, and its ending is told.
    pub(crate) fn telling(self, tell: oneshot::Sender<Ending>) -> Self {
        Self { tell: Some(tell), ..self }
    }
}

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
    let mut trail = Trail::begin(relay.clock.now());
    let query = parts.uri.query();
    let mut pass = let_in(&relay, &operation, &parts, &meta, Running::enter).await?;
    trail.admitted();
    let read = read_body(&parts.headers, body, relay.limits.body).await;
    trail.read();
    let (body, unread) = match read {
        Ok(body) => (body, None),
        Err(fault) => (Bytes::new(), Some(fault)),
    };
    let mut call = Call {
        query: query.map(str::to_owned),
        method: parts.method,
        headers: parts.headers,
        operation,
        body,
        meta,
        previous: None,
    };
    let turn = match unread {
        Some(fault) => Err(fault),
        None => take_turn(&relay, &call, &pass).await,
    };
    let claim = match turn {
        Ok(Turn::Any) => None,
        Ok(Turn::First(claim)) => {
            // Each attempt is a call of its own to an upstream that keeps the same promise.
            call.headers.remove(HEADER);
            Some(claim)
        }
        Ok(Turn::Again(found)) => return Ok(repeat(relay, call, pass, trail, found)),
        Err(fault) => {
            refuse(&relay, &call, &pass.caller, &fault, trail);
            return Err(fault);
        }
    };
    match (prepare(&relay, &mut pass, &mut call, &mut trail).await, claim) {
        (Ok(Next::Conduct(ready)), Some(claim)) => {
            claim.conduct(relay, call, pass, *ready, trail).await
        }
        (Ok(Next::Conduct(ready)), None) => {
            let answer = conduct(relay, call, pass, *ready, trail).await;
            answer.unwrap_or_else(|_| Err(given_up()))
        }
        (Ok(Next::Told(response)), _) => {
            note_told(&relay, &call, pass, &response, trail);
            Ok(response)
        }
        (Err(fault), claim) => {
            if let Some(claim) = claim {
                claim.refuse(&fault);
            }
            refuse(&relay, &call, &pass.caller, &fault, trail);
            Err(fault)
        }
    }
}

/// The task of a call ended without a word.
pub(crate) fn given_up() -> Fault {
    Fault::internal("the call was given up")
}

/// Lets somebody in whose key is good for this.
pub(crate) async fn let_in(
    relay: &Relay,
    operation: &Operation,
    parts: &http::request::Parts,
    meta: &RequestMeta,
    as_what: fn(&Running, Arc<Caller>) -> Pass,
) -> Result<Pass, Fault> {
    let pass = timeout(ADMISSION, enter(relay, &parts.headers, parts.uri.query(), as_what))
        .await
        .unwrap_or_else(|_| Err(storage_fault("the API key cannot be checked in time")))?;
    let now = relay.clock.now();
    rules::check(&pass.caller, meta, &parts.headers, operation.dialect(), now)?;
    Ok(pass)
}

/// Lets a call in within the limits of its caller, when it is its turn, decides about it, and sets aside
/// what it may cost. Before that it is answered, or made whole, from what is kept here.
async fn prepare(
    relay: &Relay,
    pass: &mut Pass,
    call: &mut Call,
    trail: &mut Trail,
) -> Result<Next, Fault> {
    let intent = read_intent(call)?;
    let allowance = tokio::select! {
        biased;
        allowance = limits::admit(relay, &pass.caller, call, &intent) => allowance?,
        () = pass.stopped() => return Err(stopped_fault(pass.why())),
    };
    if allowance.is_of_any_limit() {
        trail.queued();
    }
    pass.allowance = allowance;
    if let Some(response) = Box::pin(kept_responses::act(relay, &pass.caller, call)).await? {
        return Ok(Next::Told(response));
    }
    let intent = Box::pin(kept_responses::go_on(relay, &pass.caller, call, intent)).await?;
    let planned = plan(relay, &pass.caller, call, intent, trail).await;
    trail.planned();
    let plan = planned?;
    let holding = set_aside(relay, &pass.caller, call, &plan).await?;
    pass.progress = holding.as_ref().map(Holding::progress);
    Ok(Next::Conduct(Box::new(Ready { plan, holding, tell: None })))
}

/// Admits a call and counts it among the running ones. A key that was taken away in between would be
/// missed by [`Running::end_revoked`](crate::Running::end_revoked), so it is looked at again.
async fn enter(
    relay: &Relay,
    headers: &HeaderMap,
    query: Option<&str>,
    as_what: fn(&Running, Arc<Caller>) -> Pass,
) -> Result<Pass, Fault> {
    loop {
        let generation = relay.callers.generation();
        let caller = admit(relay, headers, query).await?;
        let pass = as_what(&relay.running, caller);
        if relay.callers.generation() == generation {
            return Ok(pass);
        }
    }
}

/// Records a call that nobody was asked for. Detached, because its client may leave at any moment.
pub(crate) fn refuse(relay: &Relay, call: &Call, caller: &Caller, fault: &Fault, trail: Trail) {
    relay.metrics.refused(call.operation.as_str());
    let closing = Closing::refused(fault, trail.begun);
    let record = record(relay, call, caller, None, closing, trail);
    let relay = relay.clone();
    relay.tasks.clone().spawn(async move { relay.submit(record).await });
}

/// Records a call that was answered from what is kept here.
fn note_told(relay: &Relay, call: &Call, mut pass: Pass, response: &Response, trail: Trail) {
    let sent = response.body().size_hint().lower();
    let closing = Closing::repeated(response.status(), End::Complete, sent, trail.begun);
    relay.metrics.finished(call.operation.as_str(), &closing);
    let record = record(relay, call, &pass.caller, None, closing, trail);
    pass.allowance.settle(relay, &record.usage);
    let relay = relay.clone();
    relay.tasks.clone().spawn(async move { relay.submit(record).await });
}

/// Hands the call to its own task, which tells the head of the answer.
///
/// The task outlives whoever waits: when the client leaves, the receiver is dropped, and the task still
/// cancels the upstream, meters what was used, and writes the record.
pub(crate) fn conduct(
    relay: Relay,
    call: Call,
    pass: Pass,
    ready: Ready,
    trail: Trail,
) -> oneshot::Receiver<Result<Response, Fault>> {
    let (head, answer) = oneshot::channel();
    let tasks = relay.tasks.clone();
    tasks.spawn(Box::pin(run(relay, call, pass, ready, trail, head)));
    answer
}

type Head = oneshot::Sender<Result<Response, Fault>>;

async fn run(relay: Relay, call: Call, mut pass: Pass, ready: Ready, trail: Trail, head: Head) {
    let Ready { plan, mut holding, tell } = ready;
    let begun = trail.begun;
    let _live = relay.metrics.in_flight();
    let user = pass.caller.username.as_str();
    let mut attempts = Attempts::new(&relay, &call, &plan, user);
    let noted = match &holding {
        Some(_) => None,
        None => note_down(&relay, &pass.caller, &call, &plan, trail.at),
    };
    let work = answer(&relay, &call, &pass, &plan, &mut attempts, begun, head);
    let closing = match &mut holding {
        Some(holding) => holding.keep_during(relay.limits.renew, Box::pin(work)).await,
        None => work.await,
    };
    if let Some(tell) = tell {
        let Closing { accepted, outcome, .. } = closing;
        let _ = tell.send(Ending { accepted, is_whole: outcome == "ok" });
    }
    relay.metrics.finished(call.operation.as_str(), &closing);
    let mut seat = attempts.take_allowance();
    let record = record(&relay, &call, &pass.caller, Some((&plan, attempts)), closing, trail);
    seat.settle(&relay, &record.usage);
    pass.allowance.settle(&relay, &record.usage);
    // Who waits in line need not wait for the record to be written.
    drop((seat, pass));
    match holding {
        Some(holding) => {
            relay.events.publish_call(&record);
            holding.settle(record).await;
        }
        None => relay.submit_noted(record, noted).await,
    }
}

/// Asks candidates until the call is answered, one way or another, and says how it ended.
#[expect(
    clippy::too_many_arguments,
    reason = "the heart of a call sees all that was prepared for it"
)]
async fn answer(
    relay: &Relay,
    call: &Call,
    pass: &Pass,
    plan: &Plan,
    attempts: &mut Attempts<'_>,
    begun: Instant,
    mut head: Head,
) -> Closing {
    let outcome = tokio::select! {
        biased;
        outcome = attempts.run() => Ok(outcome),
        () = head.closed() => Err(Cause::ClientGone),
        () = pass.stopped() => Err(pass.why()),
    };
    match outcome {
        Ok(Outcome::Answered(answer)) => {
            pass_on(relay, call, pass, plan, attempts, answer, begun, head).await
        }
        Ok(Outcome::Refused(Words::Theirs(status, headers, body))) => {
            let closing = Closing::rejected(status, body.len(), begun);
            let _ = head.send(Ok(whole(status, &headers, body, call)));
            closing
        }
        Ok(Outcome::Refused(Words::Ours(fault))) => {
            let closing = Closing::rejected(fault.status(), 0, begun).telling(&fault);
            let _ = head.send(Err(fault));
            closing
        }
        Ok(Outcome::Untold(fault)) => {
            let closing = Closing::refused(&fault, begun);
            let _ = head.send(Err(fault));
            closing
        }
        Ok(Outcome::Exhausted(fault, cause)) => {
            let closing = Closing::exhausted(&fault, cause, begun);
            let _ = head.send(Err(fault));
            closing
        }
        Err(cause) => {
            let accepted = attempts.cancel(cause);
            let fault = stopped_fault(cause);
            let closing = Closing::cancelled(cause, accepted, begun);
            let closing = if cause == Cause::Revoked { closing.telling(&fault) } else { closing };
            let _ = head.send(Err(fault));
            closing
        }
    }
}

/// Sends an answer to the client to its end, and says how that went.
#[expect(clippy::too_many_arguments, reason = "the last step sees all that came before it")]
async fn pass_on(
    relay: &Relay,
    call: &Call,
    pass: &Pass,
    plan: &Plan,
    attempts: &mut Attempts<'_>,
    answer: Answer,
    begun: Instant,
    head: Head,
) -> Closing {
    let first_event = begun.elapsed();
    let Answer { status, headers, content, mut tap, interpreter, losses } = answer;
    attempts.note_losses(&losses);
    if let (Some(progress), Some(candidate)) = (&pass.progress, attempts.candidate()) {
        progress.answered(plan.multiplier(candidate.multiplier));
        progress.read(tap.reading());
    }
    let early = tap.reading().object_id.clone();
    note_object(relay, call, &pass.caller, plan, attempts, early.as_deref());
    let stream = matches!(content, Content::Frames { .. });
    if stream {
        attempts.observe_first_event();
    }
    let coded = headers.contains_key(header::CONTENT_ENCODING);
    let think = attempts.shape().filter(|_| call.operation == Operation::Chat);
    let think = think.and_then(|shape| shape.think(call.operation.dialect()));
    if think.is_some() {
        attempts.note_edit("thinking_to_content");
    }
    let mut keeping = Keeping::of(relay, call, &pass.caller, plan, attempts.candidate());
    let (end, sent, tail_usage) = match content {
        Content::Whole(body) => {
            let body = if think.is_some() { Think::whole(body) } else { body };
            let body = match &mut keeping {
                Some(keeping) => keeping.whole(body),
                None => body,
            };
            let length = body.len() as u64;
            let mut response = whole(status, &headers, body, call);
            lane::tell(response.headers_mut(), attempts.losses(), plan.losses);
            let gone = head.send(Ok(response)).is_err();
            (if gone { End::ClientGone } else { End::Complete }, length, None)
        }
        content => {
            let (client, body) = feed();
            let mut response = respond(status, &headers, Body::new(body), None, call);
            lane::tell(response.headers_mut(), attempts.losses(), plan.losses);
            let mut pump = pump(relay, call, pass, plan, &client, tap.as_mut());
            pump.think = think;
            pump.keeping = keeping.take();
            pump.interpreter = interpreter;
            pump.drains = drains(attempts).then(|| relay.drains());
            let end = match (head.send(Ok(response)), content) {
                (Ok(()), content) => Box::pin(pump.run(content)).await,
                (Err(_), Content::Frames { mut framer, rest: Some(mut rest), .. }) => {
                    Box::pin(pump.drain(&mut framer, &mut rest)).await;
                    End::ClientGone
                }
                (Err(_), _) => End::ClientGone,
            };
            if let Some(interpreter) = &pump.interpreter {
                attempts.note_losses(interpreter.losses());
            }
            keeping = pump.keeping.take();
            (end, pump.sent, pump.tail_usage)
        }
    };
    if early.is_none() {
        note_object(relay, call, &pass.caller, plan, attempts, tap.reading().object_id.as_deref());
    }
    forget_object(relay, call, &pass.caller, status, end);
    if let Some(keeping) = keeping {
        keeping.close(relay, call, end);
    }
    judge_end(relay, call, attempts, end, sent, tap.reading());
    hear_account(relay, attempts, tap.as_ref());
    if let (End::Complete, Some(session), Some(candidate)) =
        (end, plan.session, attempts.candidate())
    {
        session.bind(relay, &plan.catalog, candidate);
    }
    let mut reading = tap.reading().clone();
    if coded && reading.usage.is_none() {
        // Nobody could read what went by, but it was not nothing.
        reading.output_chars = sent;
    }
    Closing::answered(status, end, stream, first_event, begun, sent, reading, tail_usage)
}

/// Whether the answer is read to its end although its client left.
fn drains(attempts: &Attempts<'_>) -> bool {
    let shape = attempts.shape();
    shape.is_some_and(|shape| shape.options().on_disconnect == OnDisconnect::Drain)
}

fn pump<'a>(
    relay: &'a Relay,
    call: &'a Call,
    pass: &'a Pass,
    plan: &'a Plan,
    client: &'a mpsc::Sender<Piece>,
    tap: &'a mut dyn Tap,
) -> Pump<'a> {
    Pump {
        client,
        tap,
        dialect: call.operation.dialect(),
        request_id: &call.meta.shown,
        model: plan.model_name(),
        limits: relay.limits.stream,
        keep_alive: plan.catalog.settings().keep_alive_interval,
        pass,
        interpreter: None,
        think: None,
        keeping: None,
        drains: None,
        sent: 0,
        tail_usage: None,
    }
}

/// Health is judged by the end of the answer, not by its start.
fn judge_end(
    relay: &Relay,
    call: &Call,
    attempts: &mut Attempts<'_>,
    end: End,
    sent: u64,
    reading: &Reading,
) {
    let (outcome, cause, verdict) = match (end, &reading.fault) {
        // The upstream told what was wrong: that may be its limit, or the request.
        (End::Broken(cause), Some(fault)) => {
            let said = classify(StatusCode::OK, &HeaderMap::new(), fault, relay.clock.now());
            ("failed", Some(cause), Some(said))
        }
        (End::Complete, _) => ("accepted", None, Some(Verdict::Accept)),
        (End::ClientGone, _) => ("cancelled", Some(Cause::ClientGone), None),
        (
            End::Broken(
                cause @ (Cause::Shutdown
                | Cause::Revoked
                | Cause::StreamTimeout
                | Cause::NotAnAnswer),
            ),
            None,
        ) => ("failed", Some(cause), None),
        (End::Broken(cause), None) => {
            let verdict = Verdict::Retry { scope: Scope::Endpoint, cause, until: None };
            ("failed", Some(cause), Some(verdict))
        }
    };
    attempts.close(outcome, cause, sent);
    let Some(candidate) = attempts.candidate() else { return };
    if let Some(verdict) = verdict {
        attempts.report(candidate, verdict);
    }
    relay.metrics.attempt(&candidate.channel.name, cause);
    if let End::Broken(cause) = end {
        tracing::warn!(
            request.id = %call.meta.id,
            channel.name = candidate.channel.name,
            cause = cause.as_str(),
            "answer broke off",
        );
    }
}

/// Hears what the stream of an answer told of the account that signed the call.
fn hear_account(relay: &Relay, attempts: &Attempts<'_>, tap: &dyn Tap) {
    if let (Some(told), Some(candidate)) = (tap.account_limits(), attempts.candidate()) {
        relay.accounts.hear_event(&candidate.credential, told);
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
    if plan.stores_answer(&call.operation, candidate) && !keeps_nothing(candidate.channel.kind) {
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
    if let Some(name) = facts(call.operation.dialect()).id_header
        && let Ok(id) = HeaderValue::from_str(&call.meta.shown)
    {
        headers.insert(name, id);
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
