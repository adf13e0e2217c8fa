//! Asking one candidate after the other until one answers.

use std::{sync::Arc, time::Duration};

use http::{HeaderMap, StatusCode};
use realms_dialect::{ErrorRules, Fault, FaultKind, Shape};
use realms_scheduler::{Budget, Candidate, Course, Load, Step, Target};
use realms_store::{AttemptRecord, EditRecord};
use realms_types::{Cause, ErrorAct, Timestamp, Verdict};
use realms_upstream::{Outgoing, classify_send};
use tokio::time::Instant;

use crate::{
    Operation, Relay,
    call::Call,
    limits::{Allowance, AtLimit, seat},
    opening::{Answer, Expected, Opening, Refusal, Words, open},
    plan::{Plan, upstream_path},
    prepared::{Prepared, prepare},
    quirk::Quirk,
    told, upstream_fault,
};

/// The outcome of a candidate that was passed over.
const SKIPPED: &str = "skipped";
/// So many of them are told.
const MOST_SKIPPED: usize = 16;
/// Longest detail kept of a failed attempt.
const DETAIL: usize = 1000;

/// What became of a call before the first byte went out.
pub(crate) enum Outcome {
    /// Somebody answers.
    Answered(Answer),
    /// The upstream says that the request is at fault.
    Refused(Words),
    /// Nobody answered.
    Exhausted(Fault, Option<Cause>),
}

/// One call on its way through its candidates.
pub(crate) struct Attempts<'a> {
    relay: &'a Relay,
    call: &'a Call,
    plan: &'a Plan,
    /// The log-in name of the caller.
    user: &'a str,
    /// What was tried so far, for the record.
    pub made: Vec<AttemptRecord>,
    /// Which options changed what was sent, or what the client is told.
    pub edits: Vec<EditRecord>,
    /// What the upstream asked last was not told of the call, by name.
    pub losses: Vec<String>,
    /// The candidate asked last.
    pub current: Option<usize>,
    /// What the options of its channel make of the call; `None` where they say nothing.
    pub shape: Option<Arc<Shape>>,
    /// When the attempt in flight began.
    begun: Instant,
    /// Counts the attempt in flight for its channel.
    load: Option<Load>,
    /// What the attempt in flight may use of its candidate.
    pub allowance: Allowance,
}

// === impl Attempts ===

impl<'a> Attempts<'a> {
    pub(crate) fn new(relay: &'a Relay, call: &'a Call, plan: &'a Plan, user: &'a str) -> Self {
        Self {
            relay,
            call,
            plan,
            user,
            made: Vec::new(),
            edits: Vec::new(),
            losses: Vec::new(),
            current: None,
            shape: None,
            begun: Instant::now(),
            load: None,
            allowance: Allowance::default(),
        }
    }

    /// Asks candidates until one answers, the request turns out to be at fault, or the budget is spent.
    pub(crate) async fn run(&mut self) -> Outcome {
        let mut course =
            Course::new(self.plan.candidates.len(), self.budget(), self.relay.clock.now());
        let mut failures = Failures::default();
        self.relay.repeats().deposit();
        let rules = self.relay.shapes().rules(&self.plan.catalog);
        loop {
            match course.next(self.relay.clock.now(), &self.relay.chance) {
                Step::Exhausted => return failures.outcome(self.relay.clock.now()),
                // One that found no room is not asked again: it is asked at all.
                Step::Wait(pause) => tokio::time::sleep(pause).await,
                Step::Try(index) if course.is_repeating() && !self.may_repeat(index) => {
                    return failures.outcome(self.relay.clock.now());
                }
                Step::Try(index) => {
                    if let Err(limit) = self.take_seat(index) {
                        self.skip(index, limit);
                        failures.at_limit(limit);
                        course.skipped(index);
                        continue;
                    }
                    match self.attempt(index).await {
                        Opening::Answer(answer) => return Outcome::Answered(answer),
                        Opening::Refusal(mut refusal) => {
                            std::mem::take(&mut self.allowance).unused(self.relay);
                            let act = self.act(&rules, index, &mut refusal);
                            let quiet = act.as_ref().is_some_and(|act| act.skip_health);
                            self.note_refusal(index, &refusal, quiet);
                            if let Some(words) = refusal.words {
                                let words = self.without_secret(index, words);
                                return Outcome::Refused(self.mapped(words, act.as_ref()));
                            }
                            failures.add(refusal.verdict, act);
                            course.failed(&self.plan.candidates, index, refusal.verdict);
                        }
                    }
                }
            }
        }
    }

    /// The candidate asked last.
    pub(crate) fn candidate(&self) -> Option<&'a Candidate> {
        self.current.map(|index| &self.plan.candidates[index])
    }

    /// The record of the attempt made last; who was passed over was not asked.
    pub(crate) fn asked_last(&self) -> Option<&AttemptRecord> {
        self.made.iter().rfind(|made| made.outcome != SKIPPED)
    }

    /// Closes the record of the attempt in flight.
    pub(crate) fn close(&mut self, outcome: &'static str, cause: Option<Cause>, bytes: u64) {
        let elapsed = micros(self.begun.elapsed());
        if let Some(record) = self.made.last_mut() {
            outcome.clone_into(&mut record.outcome);
            record.cause = cause;
            record.duration_us = elapsed;
            record.bytes = i64::try_from(bytes).unwrap_or(i64::MAX);
        }
    }

    /// Whether a candidate may be asked now: for the first time, or again where a repeat is left.
    fn may_repeat(&self, index: usize) -> bool {
        let candidate = &self.plan.candidates[index];
        let is_first = !self.made.iter().any(|made| {
            made.outcome != SKIPPED
                && made.endpoint_id == candidate.endpoint.id
                && made.credential_id == candidate.credential.id
        });
        is_first || self.relay.repeats().withdraw()
    }

    /// Makes room for an attempt, or says which limit of the candidate is in the way.
    fn take_seat(&mut self, index: usize) -> Result<(), AtLimit> {
        let candidate = &self.plan.candidates[index];
        self.allowance = seat(self.relay, candidate, self.call, &self.plan.intent)?;
        Ok(())
    }

    /// Notes that a candidate was passed over for a limit of its own.
    fn skip(&mut self, index: usize, limit: AtLimit) {
        if self.made.iter().filter(|made| made.outcome == SKIPPED).count() >= MOST_SKIPPED {
            return;
        }
        let record = self.opened(&self.plan.candidates[index], self.relay.clock.now());
        self.made.push(AttemptRecord {
            outcome: SKIPPED.to_owned(),
            cause: Some(AtLimit::CAUSE),
            detail: Some(limit.detail()),
            ..record
        });
    }

    async fn attempt(&mut self, index: usize) -> Opening {
        let candidate = &self.plan.candidates[index];
        let now = self.relay.clock.now();
        self.relay.health.start(candidate, now);
        self.current = Some(index);
        self.load = Some(self.relay.loads().enter(candidate));
        self.begun = Instant::now();
        self.made.push(self.opened(candidate, now));
        let quirk = Quirk::of(candidate.channel.kind, &self.call.operation);
        let outgoing = self.outgoing(candidate, quirk);
        let sent = self.relay.upstream.send(outgoing).await;
        if let Some(record) = self.made.last_mut() {
            record.headers_us = sent.is_ok().then(|| micros(self.begun.elapsed()));
        }
        let reply = match sent {
            Ok(reply) => reply,
            Err(error) => {
                let detail = error.to_string();
                let verdict = classify_send(&error, candidate.proxy_owner());
                let (words, seen, ailment) = (None, None, None);
                return Opening::Refusal(Refusal { verdict, words, detail, seen, ailment });
            }
        };
        if let Some(record) = self.made.last_mut() {
            record.status = Some(reply.status.as_u16());
            record.upstream_request_id = upstream_request_id(&reply.headers);
        }
        self.relay.accounts.hear_limits(&candidate.credential, &reply.headers);
        let asked = self.plan.intent.stream;
        let streams = quirk.is_some_and(Quirk::streams);
        let expected = Expected {
            dialect: self.call.operation.dialect(),
            stream: asked || streams,
            fold: streams && !asked,
            object: matches!(self.call.operation, Operation::Stored(_)),
            frame_bytes: self.relay.limits.frame_bytes,
            first_event: Instant::now() + self.relay.limits.stream.first_event,
            end: Instant::now() + self.relay.limits.stream.total,
            idle: self.relay.limits.stream.idle,
        };
        open(reply, expected, self.relay.clock.now()).await
    }

    fn outgoing(&mut self, candidate: &Candidate, quirk: Option<Quirk>) -> Outgoing {
        self.shape = self.relay.shapes().of(&candidate.channel);
        let prepared = prepare(self.call, self.plan, self.user, candidate, self.shape.as_ref());
        let Prepared { model, mut body, headers: changes, edits } = prepared;
        if let Some(record) = self.made.last_mut().filter(|_| *model != candidate.upstream_model) {
            record.upstream_model = Some(model.clone().into_owned());
        }
        for option in edits {
            self.note_edit(option);
        }
        let mut headers = self.call.headers.clone();
        self.losses.clear();
        if let Some(quirk) = quirk {
            let asked = quirk.body(&body);
            (body, self.losses) = (asked.body, asked.dropped);
            quirk.headers(&mut headers);
        }
        Outgoing {
            method: self.call.method.clone(),
            kind: candidate.channel.kind,
            dialect: Some(self.call.operation.dialect()),
            base: candidate.endpoint.base_url.clone(),
            path: upstream_path(&self.call.operation, &model),
            query: self.call.query.clone(),
            headers,
            changes,
            body,
            credential: candidate.credential.secret.clone(),
            proxy: candidate.proxy(),
            account: account_of(candidate),
            stream: self.plan.intent.stream || quirk.is_some_and(Quirk::streams),
        }
    }

    fn opened(&self, candidate: &Candidate, now: Timestamp) -> AttemptRecord {
        AttemptRecord {
            sequence: u16::try_from(self.made.len()).unwrap_or(u16::MAX),
            channel_id: candidate.channel.id,
            endpoint_id: candidate.endpoint.id,
            credential_id: candidate.credential.id,
            binding_id: Some(candidate.binding).filter(|id| id.raw() != 0),
            upstream_model: Some(candidate.upstream_model.clone()),
            started_at: now,
            headers_us: None,
            duration_us: 0,
            status: None,
            outcome: "cancelled".to_owned(),
            cause: None,
            scope: None,
            detail: None,
            bytes: 0,
            upstream_request_id: None,
        }
    }

    /// Notes that an option changed something of the attempt in flight.
    pub(crate) fn note_edit(&mut self, option: &'static str) {
        let attempt = self.made.last().map_or(0, |made| made.sequence);
        if self.edits.last().is_none_or(|last| last.attempt != attempt) {
            self.edits.push(EditRecord { attempt, options: Vec::new() });
        }
        if let Some(last) = self.edits.last_mut()
            && !last.options.iter().any(|known| known == option)
        {
            last.options.push(option.to_owned());
        }
    }

    /// What the rules about errors say of a refusal.
    fn act(&mut self, rules: &ErrorRules, index: usize, refusal: &mut Refusal) -> Option<ErrorAct> {
        let (status, body) = refusal.seen.as_ref()?;
        let channel = &self.plan.candidates[index].channel.name;
        let dialect = self.call.operation.dialect();
        let told = rules.find(status.as_u16(), body, channel, dialect)?;
        refusal.detail = format!("{} (rule `{}`)", refusal.detail, told.rule);
        let act = told.act.clone();
        self.note_edit("error_rules");
        Some(act)
    }

    /// What the client is told: by the channel's map of statuses, then by the rule.
    fn mapped(&mut self, words: Words, act: Option<&ErrorAct>) -> Words {
        let was = match &words {
            Words::Theirs(status, ..) => *status,
            Words::Ours(fault) => fault.status(),
        };
        let other = self.shape.as_ref().map(|shape| shape.status(was.as_u16()));
        let other = other.and_then(|status| StatusCode::from_u16(status).ok());
        let words = match (words, other.filter(|other| *other != was)) {
            (words, None) => words,
            (words, Some(status)) => {
                self.note_edit("status_codes");
                match words {
                    Words::Theirs(_, headers, body) => Words::Theirs(status, headers, body),
                    Words::Ours(fault) => Words::Ours(fault.with_status(status)),
                }
            }
        };
        match act {
            Some(act) => told::instead(act, words),
            None => words,
        }
    }

    fn note_refusal(&mut self, index: usize, refusal: &Refusal, quiet: bool) {
        let candidate = &self.plan.candidates[index];
        if self.tells_of_health(refusal.verdict) && !quiet {
            self.report(candidate, refusal.verdict);
        }
        if let (Some(account), Some(ailment)) = (&candidate.credential.account, refusal.ailment) {
            self.relay.accounts.hear(candidate.credential.id, account, ailment);
        }
        let (outcome, cause) = match refusal.verdict {
            Verdict::Fail { cause } => ("failed", Some(cause)),
            Verdict::Retry { cause, .. } => ("retried", Some(cause)),
            Verdict::Accept => ("accepted", None),
        };
        self.close(outcome, cause, 0);
        if let Some(record) = self.made.last_mut() {
            record.scope = match refusal.verdict {
                Verdict::Retry { scope, .. } => Some(scope),
                Verdict::Accept | Verdict::Fail { .. } => None,
            };
            record.detail = Some(scrubbed(&refusal.detail, candidate.credential.secret.reveal()));
        }
        self.relay.metrics.attempt(&candidate.channel.name, cause);
        tracing::info!(
            request.id = %self.call.meta.id,
            channel.name = candidate.channel.name,
            credential.name = candidate.credential.name,
            outcome,
            cause = cause.map(Cause::as_str),
            "attempt failed",
        );
    }

    /// Notes how soon a stream began. An answer that comes whole says nothing of that.
    pub(crate) fn observe_first_event(&self) {
        if let (Some(candidate), Some(model)) = (self.candidate(), &self.plan.model)
            && self.call.operation.is_generation()
        {
            let (elapsed, now) = (self.begun.elapsed(), self.relay.clock.now());
            self.relay.loads().observe(candidate.channel.id, model.id, elapsed, now);
        }
    }

    /// Notes what an attempt says of the health of its candidate.
    pub(crate) fn report(&self, candidate: &Candidate, verdict: Verdict) {
        let (health, now) = (&self.relay.health, self.relay.clock.now());
        self.relay.strikes().note(&candidate.channel, verdict);
        let started = self.made.last().map_or(now, |made| made.started_at);
        let targets = Target::of(candidate);
        let before = health.rest(&targets, now);
        health.report(candidate, verdict, started, now);
        if health.rest(&targets, now) != before {
            self.relay.events.publish_health(candidate.channel.id);
        }
    }

    /// A path or a model that an upstream does not have is news only of the calls it is there for. Else
    /// one key asking for what no upstream serves would rest it for everyone.
    fn tells_of_health(&self, verdict: Verdict) -> bool {
        let of_path =
            matches!(verdict, Verdict::Retry { cause: Cause::NoSuchPath | Cause::NoSuchModel, .. });
        !of_path || self.call.operation.is_generation()
    }

    /// An upstream may echo the key it was called with.
    fn without_secret(&self, index: usize, words: Words) -> Words {
        let secret = self.plan.candidates[index].credential.secret.reveal();
        match words {
            Words::Theirs(status, headers, body)
                if memchr::memmem::find(&body, secret.as_bytes()).is_some() =>
            {
                let hidden = String::from_utf8_lossy(&body).replace(secret.as_str(), "…");
                Words::Theirs(status, headers, hidden.into())
            }
            Words::Ours(mut fault) => {
                fault.message = fault.message.replace(secret.as_str(), "…");
                Words::Ours(fault)
            }
            words @ Words::Theirs(..) => words,
        }
    }

    fn budget(&self) -> Budget {
        let settings = self.plan.catalog.settings();
        Budget {
            attempts: settings.retry_max_attempts,
            tries: settings.retry_max_tries,
            elapsed: settings.retry_max_elapsed,
            base_delay: settings.retry_base_delay,
            max_delay: settings.retry_max_delay,
        }
    }
}

/// The account that a candidate's credential is, as the vendor calls it.
pub(crate) fn account_of(candidate: &Candidate) -> Option<String> {
    candidate.credential.account.as_ref().map(|account| account.id.clone())
}

/// The failures of one call, weighed once nobody is left to ask.
#[derive(Default)]
pub(crate) struct Failures {
    seen: Vec<(Cause, Option<Timestamp>)>,
    /// What the rules about errors said last.
    act: Option<ErrorAct>,
}

impl Failures {
    pub(crate) fn add(&mut self, verdict: Verdict, act: Option<ErrorAct>) {
        self.act = act.or(self.act.take());
        if let Verdict::Retry { cause, until, .. } = verdict {
            self.seen.push((cause, until));
        }
    }

    /// Nobody was asked: the candidate is at a limit that its owner gave it.
    fn at_limit(&mut self, limit: AtLimit) {
        self.seen.push((AtLimit::CAUSE, limit.free_at));
    }

    /// What the client hears: the failure it can do most about.
    pub(crate) fn outcome(self, now: Timestamp) -> Outcome {
        let has = |wanted: &[Cause]| {
            self.seen.iter().map(|(cause, _)| *cause).find(|cause| wanted.contains(cause))
        };
        let limited = has(&[Cause::RateLimited, Cause::Exhausted]);
        let overloaded = has(&[Cause::Overloaded]);
        let late = has(&[Cause::HeaderTimeout, Cause::FirstEventTimeout, Cause::IdleTimeout]);
        let other = self.seen.last().map(|(cause, _)| *cause);
        let (cause, kind, message) = if let Some(cause) = limited {
            (Some(cause), FaultKind::RateLimited, "every upstream for this model is at its limit")
        } else if let Some(cause) = overloaded {
            (Some(cause), FaultKind::Unavailable, "the upstreams for this model are overloaded")
        } else if let Some(cause) = late {
            (Some(cause), FaultKind::Timeout, "the upstream did not answer in time")
        } else {
            (other, FaultKind::BadGateway, failure(other))
        };
        let mut fault = upstream_fault(kind, message);
        if matches!(kind, FaultKind::RateLimited | FaultKind::Unavailable) {
            fault = fault.with_retry_after(self.wait(now));
        }
        if let Some(act) = &self.act {
            fault = told::at_last(act, fault);
        }
        Outcome::Exhausted(fault, cause)
    }

    /// Until the first of those who named a time is back; half a minute when nobody did.
    fn wait(&self, now: Timestamp) -> Duration {
        let named = self.seen.iter().filter_map(|(_, until)| *until).min();
        named.map_or(Duration::from_secs(30), |until| {
            until.since(now).clamp(Duration::from_secs(1), Duration::from_hours(1))
        })
    }
}

/// What a caller may know of a failure: what happened, not where.
fn failure(cause: Option<Cause>) -> &'static str {
    match cause {
        Some(Cause::NoSuchModel) => "the upstream does not have the model it is configured for",
        Some(Cause::Unauthorized) => "the upstream refused the credential it is configured with",
        Some(Cause::Connect) => "the upstream for this model cannot be reached",
        Some(Cause::Broken) => "the upstream broke off before it answered",
        Some(Cause::NotAnAnswer) => "the upstream sent something that is no answer",
        Some(Cause::NoSuchPath | Cause::Redirect) => {
            "the upstream does not serve this path: its base URL may be wrong"
        }
        _ => "no upstream for this model could answer",
    }
}

fn upstream_request_id(headers: &HeaderMap) -> Option<String> {
    ["x-request-id", "request-id", "x-goog-request-id"]
        .into_iter()
        .find_map(|name| headers.get(name)?.to_str().ok())
        .map(|id| id.chars().take(200).collect())
}

/// An upstream's words without the key it may have echoed, cut to what a record keeps.
fn scrubbed(detail: &str, secret: &str) -> String {
    let hidden = if secret.len() >= 4 { detail.replace(secret, "…") } else { detail.to_owned() };
    hidden.chars().take(DETAIL).collect()
}

pub(crate) fn micros(duration: Duration) -> i64 {
    i64::try_from(duration.as_micros()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use realms_types::Scope;

    use super::*;

    fn outcome(causes: &[(Cause, Option<Timestamp>)]) -> Fault {
        let mut failures = Failures::default();
        for (cause, until) in causes {
            let (cause, until) = (*cause, *until);
            failures.add(Verdict::Retry { scope: Scope::Endpoint, cause, until }, None);
        }
        match failures.outcome(Timestamp::from_secs(100)) {
            Outcome::Exhausted(fault, _) => fault,
            _ => panic!("failures cannot answer"),
        }
    }

    #[test]
    fn the_client_hears_what_it_can_do_most_about() {
        for (causes, kind) in [
            (vec![Cause::ServerError, Cause::RateLimited], FaultKind::RateLimited),
            (vec![Cause::Overloaded, Cause::ServerError], FaultKind::Unavailable),
            (vec![Cause::FirstEventTimeout, Cause::Connect], FaultKind::Timeout),
            (vec![Cause::Unauthorized], FaultKind::BadGateway),
            (vec![], FaultKind::BadGateway),
        ] {
            let causes: Vec<_> = causes.into_iter().map(|cause| (cause, None)).collect();
            assert_eq!(outcome(&causes).kind, kind, "{causes:?}");
        }
    }

    #[test]
    fn a_limit_tells_when_the_first_upstream_is_back() {
        let at = |secs| Some(Timestamp::from_secs(secs));
        let fault = outcome(&[(Cause::RateLimited, at(400)), (Cause::RateLimited, at(107))]);
        assert_eq!(fault.retry_after, Some(Duration::from_secs(7)));
        let fault = outcome(&[(Cause::RateLimited, None)]);
        assert_eq!(fault.retry_after, Some(Duration::from_secs(30)));
    }

    #[test]
    fn an_echoed_key_is_not_recorded() {
        let detail = scrubbed("invalid_api_key: Incorrect API key: sk-secret-1.", "sk-secret-1");
        assert_eq!(detail, "invalid_api_key: Incorrect API key: ….");
    }
}
