//! What a call leaves behind: one usage record with its attempts.

use std::time::Duration;

use http::{StatusCode, header};
use realms_dialect::{Fault, FaultKind, Reading, estimate, text_len};
use realms_identity::Caller;
use realms_store::{FaultRecord, StoredObject, UsageRecord};
use realms_types::{Billing, Cause, Certainty, Origin, Usage};
use tokio::time::Instant;

use crate::{
    Relay,
    attempt::{Attempts, micros},
    call::Call,
    client::Client,
    costs::{Costs, costs, upstream_cost},
    plan::{Plan, named_model},
    pump::End,
    quirk::keeps_nothing,
    trail::{Trail, fault_record},
};

/// Longest user agent kept.
const AGENT: usize = 200;

/// How a call ended.
#[derive(Debug)]
pub(crate) struct Closing {
    /// The status the client got, or would have got.
    pub status: u16,
    /// One word: `ok`, `refused`, `rejected`, `failed`, `broken`, `client_gone`.
    pub outcome: &'static str,
    /// Whose fault it was, if it failed.
    pub origin: Option<Origin>,
    /// Why it failed.
    pub cause: Option<Cause>,
    /// Whether frames were streamed.
    pub stream: bool,
    /// To the first meaningful event.
    pub first_event: Option<Duration>,
    /// From the request to the end.
    pub duration: Duration,
    /// Bytes handed to the client.
    pub sent: u64,
    /// Whether an upstream may have worked for it.
    pub accepted: bool,
    /// What the tap read.
    pub reading: Option<Reading>,
    /// What the client was told, where that was no answer of an upstream.
    pub fault: Option<FaultRecord>,
}

// === impl Closing ===

impl Closing {
    fn failed(outcome: &'static str, fault: &Fault, begun: Instant) -> Self {
        Self {
            status: fault.status().as_u16(),
            outcome,
            origin: Some(fault.origin),
            cause: None,
            stream: false,
            first_event: None,
            duration: begun.elapsed(),
            sent: 0,
            accepted: false,
            reading: None,
            fault: Some(fault_record(fault)),
        }
    }

    /// Realms said no before anyone was asked.
    pub(crate) fn refused(fault: &Fault, begun: Instant) -> Self {
        Self { cause: refusal(fault.kind), ..Self::failed("refused", fault, begun) }
    }

    /// The client was told what an earlier call with its key was told.
    pub(crate) fn repeated(status: StatusCode, end: End, sent: u64, begun: Instant) -> Self {
        let (outcome, origin, cause) = ending(end);
        Self {
            status: status.as_u16(),
            outcome,
            origin,
            cause,
            stream: false,
            first_event: None,
            duration: begun.elapsed(),
            sent,
            accepted: false,
            reading: None,
            fault: None,
        }
    }

    /// Nobody could answer.
    pub(crate) fn exhausted(fault: &Fault, cause: Option<Cause>, begun: Instant) -> Self {
        Self { cause, ..Self::failed("failed", fault, begun) }
    }

    /// The upstream said the request is at fault.
    pub(crate) fn rejected(status: StatusCode, sent: usize, begun: Instant) -> Self {
        Self {
            status: status.as_u16(),
            outcome: "rejected",
            origin: Some(Origin::Client),
            cause: Some(Cause::BadRequest),
            stream: false,
            first_event: None,
            duration: begun.elapsed(),
            sent: sent as u64,
            accepted: false,
            reading: None,
            fault: None,
        }
    }

    /// The client was told so in our words.
    pub(crate) fn telling(self, fault: &Fault) -> Self {
        Self { fault: Some(fault_record(fault)), ..self }
    }

    /// It was given up before there was an answer: the client left, its key was taken away, or the
    /// process stops.
    pub(crate) fn cancelled(cause: Cause, accepted: bool, begun: Instant) -> Self {
        let (status, outcome, origin) = match cause {
            // What proxies write down for a client that closed its request.
            Cause::ClientGone => (499, "client_gone", Origin::Client),
            Cause::Revoked => (401, "refused", Origin::Client),
            _ => (503, "failed", Origin::Realms),
        };
        Self {
            status,
            outcome,
            origin: Some(origin),
            cause: Some(cause),
            stream: false,
            first_event: None,
            duration: begun.elapsed(),
            sent: 0,
            accepted,
            reading: None,
            fault: None,
        }
    }

    /// An answer went out, whole or in part.
    #[expect(clippy::too_many_arguments, reason = "each is a column of the record")]
    pub(crate) fn answered(
        status: StatusCode,
        end: End,
        stream: bool,
        first_event: Duration,
        begun: Instant,
        sent: u64,
        mut reading: Reading,
        tail_usage: Option<Usage>,
    ) -> Self {
        if tail_usage.is_some() {
            reading.usage = tail_usage;
            reading.ended = true;
        }
        let (outcome, origin, cause) = ending(end);
        Self {
            status: status.as_u16(),
            outcome,
            origin,
            cause,
            stream,
            first_event: Some(first_event),
            duration: begun.elapsed(),
            sent,
            accepted: true,
            reading: Some(reading),
            fault: None,
        }
    }
}

/// The word for an end, whose fault it was, and why.
const fn ending(end: End) -> (&'static str, Option<Origin>, Option<Cause>) {
    match end {
        End::Complete => ("ok", None, None),
        End::ClientGone => ("client_gone", Some(Origin::Client), Some(Cause::ClientGone)),
        End::Broken(cause @ Cause::Shutdown) => ("broken", Some(Origin::Realms), Some(cause)),
        End::Broken(cause @ Cause::Revoked) => ("broken", Some(Origin::Client), Some(cause)),
        End::Broken(cause) => ("broken", Some(Origin::Upstream), Some(cause)),
    }
}

/// The record of a call. `asked` is what was planned and tried, if it came to that.
pub(crate) fn record(
    relay: &Relay,
    call: &Call,
    caller: &Caller,
    mut asked: Option<(&Plan, Attempts<'_>)>,
    mut closing: Closing,
    mut trail: Trail,
) -> UsageRecord {
    if let Some((_, attempts)) = &mut asked {
        trail.edits = std::mem::take(&mut attempts.log.edits);
    }
    let (usage, certainty) = usage(call, &closing);
    let plan = asked.as_ref().map(|(plan, _)| *plan);
    let candidate = asked.as_ref().and_then(|(_, attempts)| attempts.candidate());
    // The options of a channel may have called another model than the one that is bound.
    let asked_for =
        asked.as_ref().and_then(|(_, attempts)| attempts.asked_last()?.upstream_model.clone());
    let started_at = trail.at;
    let losses = asked.as_ref().map(|(_, attempts)| attempts.losses().to_vec()).unwrap_or_default();
    trail.spoken = candidate.map(|one| one.dialect).filter(|it| *it != call.operation.dialect());
    let trace = trail.finish(relay, plan, candidate, closing.fault.take(), losses);
    let told = closing.reading.as_ref().and_then(|reading| reading.service_tier.as_deref());
    let costs = costs(plan, candidate.map(|one| one.multiplier), told, &usage);
    let implausible = closing.reading.as_ref().is_some_and(|reading| reading.implausible);
    let upstream_cost = upstream_cost(plan, candidate, told, &usage).filter(|_| !implausible);
    let billing = (!relay.self_mode).then(|| costs.billing(implausible, &usage));
    let Costs { cost, cache_saved, price, .. } = costs;
    let cost = cost.filter(|_| billing != Some(Billing::Quarantined));
    let user_agent = user_agent(call);
    let reading = closing.reading.as_ref();
    let object = stored_object(relay, call, caller, plan, candidate, reading);
    UsageRecord {
        id: relay.ids.next(),
        request_id: call.meta.id,
        client_request_id: call.meta.from_client.as_deref().map(str::to_owned),
        user_id: caller.user_id,
        api_key_id: caller.api_key_id,
        node_id: relay.node_id,
        dialect: call.operation.dialect(),
        operation: call.operation.as_str().to_owned(),
        model: plan.map_or_else(|| named_model(call), |plan| plan.model_name().to_owned()),
        model_id: plan.and_then(|plan| Some(plan.model.as_ref()?.id)),
        upstream_model: asked_for.or_else(|| candidate.map(|one| one.upstream_model.clone())),
        answered_model: reading.and_then(|reading| reading.model.clone()),
        channel_id: candidate.map(|one| one.channel.id),
        endpoint_id: candidate.map(|one| one.endpoint.id),
        credential_id: candidate.map(|one| one.credential.id),
        channel_group_id: candidate.map(|one| one.group).filter(|id| id.raw() != 0),
        stream: closing.stream || plan.is_some_and(|plan| plan.intent.stream),
        status: closing.status,
        outcome: closing.outcome.to_owned(),
        origin: closing.origin,
        cause: closing.cause,
        started_at,
        first_event_us: closing.first_event.map(micros),
        duration_us: micros(closing.duration),
        request_bytes: i64::try_from(call.body.len()).unwrap_or(i64::MAX),
        response_bytes: i64::try_from(closing.sent).unwrap_or(i64::MAX),
        usage,
        certainty,
        cost,
        price,
        attempts: asked.map(|(_, attempts)| attempts.log.made).unwrap_or_default(),
        trace: Some(Box::new(trace)),
        client_address: Some(call.meta.client.to_string()),
        client: user_agent.as_deref().map_or("other", |agent| Client::read(agent).word).to_owned(),
        user_agent,
        session: plan.and_then(|plan| plan.intent.session.clone()),
        cache_saved,
        billing,
        upstream_cost,
        object,
    }
}

/// Why Realms said no, in one word.
fn refusal(kind: FaultKind) -> Option<Cause> {
    Some(match kind {
        FaultKind::UnknownModel => Cause::NoSuchModel,
        FaultKind::NotFound | FaultKind::MethodNotAllowed => Cause::NoSuchPath,
        FaultKind::Forbidden | FaultKind::Unauthorized => Cause::NotAllowed,
        FaultKind::TooLarge => Cause::TooLarge,
        FaultKind::RateLimited => Cause::RateLimited,
        FaultKind::Exhausted => Cause::Exhausted,
        FaultKind::Unavailable => Cause::NoChannel,
        FaultKind::BadRequest
        | FaultKind::Conflict
        | FaultKind::UnsupportedMedia
        | FaultKind::UpgradeRequired => Cause::BadRequest,
        FaultKind::Internal
        | FaultKind::NotImplemented
        | FaultKind::BadGateway
        | FaultKind::Timeout => return None,
    })
}

/// What was used, and how we know: as reported, else estimated where an upstream may have worked. Images are
/// counted by what came, whoever reports what.
fn usage(call: &Call, closing: &Closing) -> (Usage, Certainty) {
    let (usage, certainty) = tokens(call, closing);
    let made = closing.reading.as_ref().map_or(0, |reading| reading.images);
    let images = if certainty == Certainty::None { 0 } else { made };
    (Usage { images, ..usage }, certainty)
}

fn tokens(call: &Call, closing: &Closing) -> (Usage, Certainty) {
    if !call.operation.is_metered() || !closing.accepted {
        return (Usage::default(), Certainty::None);
    }
    let unread = Reading::default();
    let reading = closing.reading.as_ref().unwrap_or(&unread);
    let guess = || estimate(text_length(call), reading);
    match reading.usage {
        // A stream that broke off may have reported its input at the start and nothing since, and some
        // upstreams never report the output of a stream at all.
        Some(usage) if reading.ended && !reading.implausible && reports_output(usage, reading) => {
            (usage, Certainty::Measured)
        }
        Some(usage) => {
            let output = usage.output.max(guess().output);
            (Usage { output, ..usage }, Certainty::Estimated)
        }
        None => (guess(), Certainty::Estimated),
    }
}

fn reports_output(usage: Usage, reading: &Reading) -> bool {
    /// So much text cannot have been one LLM token.
    const TEXT: u64 = 32;
    usage.output > 1 || reading.output_chars < TEXT
}

/// About how many LLM tokens a request has.
pub(crate) fn expected_input(call: &Call) -> u64 {
    estimate(text_length(call), &Reading::default()).input
}

/// How much of a request is text, for an estimate: files and images are not counted by their bytes.
pub(crate) fn text_length(call: &Call) -> usize {
    let content_type = call.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    usize::try_from(text_len(content_type, &call.body)).unwrap_or(usize::MAX)
}

fn stored_object(
    relay: &Relay,
    call: &Call,
    caller: &Caller,
    plan: Option<&Plan>,
    candidate: Option<&realms_scheduler::Candidate>,
    reading: Option<&Reading>,
) -> Option<StoredObject> {
    let (plan, candidate) = (plan?, candidate?);
    let kind =
        call.operation.stores().filter(|_| plan.stores_answer(&call.operation, candidate))?;
    if keeps_nothing(candidate.channel.kind) {
        return None;
    }
    Some(StoredObject {
        kind,
        object_id: reading?.object_id.clone()?,
        user_id: caller.user_id,
        api_key_id: caller.api_key_id,
        channel_id: candidate.channel.id,
        endpoint_id: candidate.endpoint.id,
        credential_id: candidate.credential.id,
        model: plan.model_name().to_owned(),
        upstream_model: candidate.upstream_model.clone(),
        created_at: relay.clock.now(),
    })
}

fn user_agent(call: &Call) -> Option<String> {
    let text = call.headers.get(header::USER_AGENT)?.to_str().ok()?;
    Some(text.chars().take(AGENT).collect())
}
