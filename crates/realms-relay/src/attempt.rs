//! Asking one candidate after the other until one answers.

use std::{
    pin::{Pin, pin},
    sync::{Arc, OnceLock},
    time::Duration,
};

use http::StatusCode;
use realms_dialect::{ErrorRules, Fault, Shape};
use realms_scheduler::{Budget, Candidate, Course, Step, Target};
use realms_store::{AttemptRecord, EditRecord};
use realms_types::{Cause, ErrorAct, Timestamp, Verdict};
use realms_upstream::Outgoing;
use tokio::time::{Instant, timeout};

use crate::{
    Operation, Relay,
    call::Call,
    failures::Failures,
    flight::{Ask, Flight},
    hedge::late_after,
    limits::{Allowance, AtLimit, seat},
    opening::{Answer, Expected, Opening, Refusal, Words},
    plan::{Plan, upstream_path},
    prepared::{Prepared, prepare},
    quirk::Quirk,
    told,
};

/// The outcome of a candidate that was passed over.
const SKIPPED: &str = "skipped";
/// The outcome of a candidate that was late, and another one answered first.
const OVERTAKEN: &str = "overtaken";
/// So many of them are told.
const MOST_SKIPPED: usize = 16;
/// Candidates are asked again for so many percent of the calls.
const REPEATS: u32 = 10;
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
    /// The attempts in flight: one, or two while a late one is raced. After the last it stays, for what
    /// the record tells of it.
    flights: Vec<Flight>,
}

/// What one step through the candidates needs beside them.
struct Way<'r> {
    course: Course,
    failures: Failures,
    rules: &'r ErrorRules,
}

/// An attempt whose answer is awaited.
type Flying<'a> = Pin<&'a mut (dyn Future<Output = Opening> + Send)>;

// === impl Attempts ===

impl<'a> Attempts<'a> {
    pub(crate) fn new(relay: &'a Relay, call: &'a Call, plan: &'a Plan, user: &'a str) -> Self {
        let (made, edits, flights) = (Vec::new(), Vec::new(), Vec::new());
        Self { relay, call, plan, user, made, edits, flights }
    }

    /// Asks candidates until one answers, the request turns out to be at fault, or the budget is spent.
    pub(crate) async fn run(&mut self) -> Outcome {
        let now = self.relay.clock.now();
        let rules = self.relay.shapes().rules(&self.plan.catalog);
        let course = Course::new(self.plan.candidates.len(), self.budget(), now);
        let mut way = Way { course, failures: Failures::default(), rules: &rules };
        self.relay.repeats().deposit(REPEATS);
        loop {
            let index = match way.course.next(self.relay.clock.now(), &self.relay.chance) {
                Step::Exhausted => return way.failures.outcome(self.relay.clock.now()),
                Step::Wait(pause) => {
                    tokio::time::sleep(pause).await;
                    continue;
                }
                // One that found no room is not asked again: it is asked at all.
                Step::Try(index) if way.course.is_repeating() && !self.may_repeat(index) => {
                    return way.failures.outcome(self.relay.clock.now());
                }
                Step::Try(index) => index,
            };
            let Some(ask) = self.start(index, &mut way) else { continue };
            if let Some(outcome) = self.race(index, ask, &mut way).await {
                return outcome;
            }
        }
    }

    /// Waits for an attempt; where it is late, another candidate is asked beside it. The outcome of the
    /// call, if that decides it.
    async fn race(&mut self, index: usize, ask: Ask<'a>, way: &mut Way<'_>) -> Option<Outcome> {
        let mut first = pin!(ask.send(self.relay));
        let candidate = &self.plan.candidates[index];
        let Some(late) = late_after(self.relay, self.call, self.plan, candidate) else {
            let opening = first.await;
            return self.land(0, opening, way);
        };
        self.relay.hedges().deposit(self.plan.catalog.settings().hedge_percent);
        if let Ok(opening) = timeout(late, &mut first).await {
            return self.land(0, opening, way);
        }
        let Some(ask) = self.start_beside(index, late, way) else {
            let opening = first.await;
            return self.land(0, opening, way);
        };
        let second = pin!(ask.send(self.relay));
        self.finish_race([first, second], way).await
    }

    /// Waits for whichever of two attempts answers; a refusal leaves the other to go on alone.
    async fn finish_race(
        &mut self,
        [mut first, mut second]: [Flying<'_>; 2],
        way: &mut Way<'_>,
    ) -> Option<Outcome> {
        let (winner, opening) = tokio::select! {
            biased;
            opening = &mut first => (0, opening),
            opening = &mut second => (1, opening),
        };
        let outcome = self.land(winner, opening, way);
        if outcome.is_some() {
            return outcome;
        }
        let opening = if winner == 0 { second.await } else { first.await };
        self.land(0, opening, way)
    }

    /// Takes the opening of the answer to one of the attempts in flight. The outcome of the call, if it
    /// is one; then nobody else is in flight any more.
    fn land(&mut self, flight: usize, opening: Opening, way: &mut Way<'_>) -> Option<Outcome> {
        match opening {
            Opening::Answer(answer) => {
                self.overtake_all_but(flight);
                Some(Outcome::Answered(answer))
            }
            Opening::Refusal(mut refusal) => {
                let index = self.flights[flight].index;
                std::mem::take(&mut self.flights[flight].allowance).unused(self.relay);
                let act = self.act(way.rules, flight, &mut refusal);
                let quiet = act.as_ref().is_some_and(|act| act.skip_health);
                self.note_refusal(flight, &refusal, quiet);
                if let Some(words) = refusal.words {
                    let words = self.without_secret(index, words);
                    let words = self.mapped(flight, words, act.as_ref());
                    self.overtake_all_but(flight);
                    return Some(Outcome::Refused(words));
                }
                way.failures.add(refusal.verdict, act);
                way.course.failed(&self.plan.candidates, index, refusal.verdict);
                if self.flights.len() > 1 {
                    self.flights.remove(flight);
                }
                None
            }
        }
    }

    /// The candidate asked last, or the one that answers.
    pub(crate) fn candidate(&self) -> Option<&'a Candidate> {
        self.flights.first().map(|flight| &self.plan.candidates[flight.index])
    }

    /// What the options of its channel make of the call.
    pub(crate) fn shape(&self) -> Option<&Shape> {
        self.flights.first()?.shape.as_deref()
    }

    /// What the upstream asked last was not told of the call, by name.
    pub(crate) fn losses(&self) -> &[String] {
        self.flights.first().map_or(&[], |flight| &flight.losses)
    }

    /// The record of the attempt made last, or of the one that answers; who was passed over was not
    /// asked.
    pub(crate) fn asked_last(&self) -> Option<&AttemptRecord> {
        self.flights.first().map(|flight| &self.made[flight.place])
    }

    /// What the attempt in flight may use of its candidate, to be settled at the end of the call.
    pub(crate) fn take_allowance(&mut self) -> Allowance {
        self.flights
            .first_mut()
            .map(|flight| std::mem::take(&mut flight.allowance))
            .unwrap_or_default()
    }

    /// Closes the record of the attempt that answered.
    pub(crate) fn close(&mut self, outcome: &'static str, cause: Option<Cause>, bytes: u64) {
        self.close_flight(0, outcome, cause, bytes);
    }

    /// Closes what is in flight before anybody answered. True when an upstream may have worked for it.
    pub(crate) fn cancel(&mut self, cause: Cause) -> bool {
        let mut accepted = false;
        for flight in 0..self.flights.len() {
            if self.flights[flight].load.is_some() {
                accepted |= self.flights[flight].head.get().is_some();
                self.close_flight(flight, "cancelled", Some(cause), 0);
            }
        }
        accepted
    }

    fn close_flight(
        &mut self,
        flight: usize,
        outcome: &'static str,
        cause: Option<Cause>,
        bytes: u64,
    ) {
        let Some(flight) = self.flights.get_mut(flight) else { return };
        flight.load = None;
        let record = &mut self.made[flight.place];
        outcome.clone_into(&mut record.outcome);
        record.cause = cause;
        record.duration_us = micros(flight.begun.elapsed());
        record.bytes = i64::try_from(bytes).unwrap_or(i64::MAX);
        if let Some(head) = flight.head.get() {
            record.headers_us = Some(head.took_us);
            record.status = Some(head.status);
            record.upstream_request_id.clone_from(&head.request_id);
        }
    }

    /// Leaves one attempt as the only one. Whoever was late is known to be slow from now on.
    fn overtake_all_but(&mut self, winner: usize) {
        for flight in (0..self.flights.len()).rev().filter(|flight| *flight != winner) {
            self.close_flight(flight, OVERTAKEN, None, 0);
            let late = self.flights.remove(flight);
            self.observe_late(&late);
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
    fn take_seat(&self, index: usize) -> Result<Allowance, AtLimit> {
        let candidate = &self.plan.candidates[index];
        seat(self.relay, candidate, self.call, &self.plan.intent)
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

    /// Begins an attempt, if its candidate has room for it.
    fn start(&mut self, index: usize, way: &mut Way<'_>) -> Option<Ask<'a>> {
        let allowance = match self.take_seat(index) {
            Ok(allowance) => allowance,
            Err(limit) => {
                self.skip(index, limit);
                way.failures.at_limit(limit);
                way.course.skipped(index);
                return None;
            }
        };
        self.flights.clear();
        Some(self.take_off(index, allowance))
    }

    /// Begins an attempt beside one that is late, if there is somebody to ask and the budget allows it.
    fn start_beside(&mut self, late: usize, after: Duration, way: &mut Way<'_>) -> Option<Ask<'a>> {
        let candidates = &self.plan.candidates;
        let index = way.course.beside(candidates, late)?;
        let candidate = &candidates[index];
        let rested = !self.relay.health.admits(&Target::of(candidate), self.relay.clock.now());
        let allowance = if rested { None } else { self.take_seat(index).ok() };
        let Some(allowance) = allowance.filter(|_| self.relay.hedges().withdraw()) else {
            way.course.not_beside(index);
            return None;
        };
        let ask = self.take_off(index, allowance);
        if let Some(record) = self.made.last_mut() {
            let name = &candidates[late].channel.name;
            record.detail = Some(format!("`{name}` had not begun after {} ms", after.as_millis()));
        }
        Some(ask)
    }

    fn take_off(&mut self, index: usize, allowance: Allowance) -> Ask<'a> {
        let candidate = &self.plan.candidates[index];
        let now = self.relay.clock.now();
        self.relay.health.start(candidate, now);
        let shape = self.relay.shapes().of(&candidate.channel);
        let quirk = Quirk::of(candidate.channel.kind, &self.call.operation);
        let (begun, head) = (Instant::now(), Arc::new(OnceLock::new()));
        self.made.push(self.opened(candidate, now));
        let place = self.made.len() - 1;
        let load = Some(self.relay.loads().enter(candidate));
        let (outgoing, losses) = self.outgoing(place, candidate, quirk, shape.as_ref());
        let flight =
            Flight { place, index, begun, head: Arc::clone(&head), shape, losses, allowance, load };
        self.flights.push(flight);
        let expected = self.expected(quirk);
        let limits = self.relay.limits.stream;
        Ask { candidate, outgoing, expected, limits, begun, head }
    }

    fn expected(&self, quirk: Option<Quirk>) -> Expected {
        let asked = self.plan.intent.stream;
        let streams = quirk.is_some_and(Quirk::streams);
        let limits = self.relay.limits.stream;
        let now = Instant::now();
        Expected {
            dialect: self.call.operation.dialect(),
            stream: asked || streams,
            fold: streams && !asked,
            object: matches!(self.call.operation, Operation::Stored(_)),
            frame_bytes: self.relay.limits.frame_bytes,
            first_event: now + limits.first_event,
            end: now + limits.total,
            idle: limits.idle,
        }
    }

    fn outgoing(
        &mut self,
        place: usize,
        candidate: &Candidate,
        quirk: Option<Quirk>,
        shape: Option<&Arc<Shape>>,
    ) -> (Outgoing, Vec<String>) {
        let prepared = prepare(self.call, self.plan, self.user, candidate, shape);
        let Prepared { model, mut body, headers: changes, edits } = prepared;
        if *model != candidate.upstream_model {
            self.made[place].upstream_model = Some(model.clone().into_owned());
        }
        for option in edits {
            self.note_edit_of(place, option);
        }
        let (mut headers, mut losses) = (self.call.headers.clone(), Vec::new());
        if let Some(quirk) = quirk {
            let asked = quirk.body(&body);
            (body, losses) = (asked.body, asked.dropped);
            quirk.headers(&mut headers);
        }
        let outgoing = Outgoing {
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
        };
        (outgoing, losses)
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

    /// Notes that an option changed something of the attempt that answered.
    pub(crate) fn note_edit(&mut self, option: &'static str) {
        if let Some(place) = self.flights.first().map(|flight| flight.place) {
            self.note_edit_of(place, option);
        }
    }

    fn note_edit_of(&mut self, place: usize, option: &'static str) {
        let attempt = self.made[place].sequence;
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
    fn act(
        &mut self,
        rules: &ErrorRules,
        flight: usize,
        refusal: &mut Refusal,
    ) -> Option<ErrorAct> {
        let (status, body) = refusal.seen.as_ref()?;
        let Flight { index, place, .. } = self.flights[flight];
        let channel = &self.plan.candidates[index].channel.name;
        let dialect = self.call.operation.dialect();
        let told = rules.find(status.as_u16(), body, channel, dialect)?;
        refusal.detail = format!("{} (rule `{}`)", refusal.detail, told.rule);
        let act = told.act.clone();
        self.note_edit_of(place, "error_rules");
        Some(act)
    }

    /// What the client is told: by the channel's map of statuses, then by the rule.
    fn mapped(&mut self, flight: usize, words: Words, act: Option<&ErrorAct>) -> Words {
        let was = match &words {
            Words::Theirs(status, ..) => *status,
            Words::Ours(fault) => fault.status(),
        };
        let Flight { place, ref shape, .. } = self.flights[flight];
        let other = shape.as_ref().map(|shape| shape.status(was.as_u16()));
        let other = other.and_then(|status| StatusCode::from_u16(status).ok());
        let words = match (words, other.filter(|other| *other != was)) {
            (words, None) => words,
            (words, Some(status)) => {
                self.note_edit_of(place, "status_codes");
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

    fn note_refusal(&mut self, flight: usize, refusal: &Refusal, quiet: bool) {
        let Flight { index, place, .. } = self.flights[flight];
        let candidate = &self.plan.candidates[index];
        if self.tells_of_health(refusal.verdict) && !quiet {
            self.report_of(place, candidate, refusal.verdict);
        }
        if let (Some(account), Some(ailment)) = (&candidate.credential.account, refusal.ailment) {
            self.relay.accounts.hear(candidate.credential.id, account, ailment);
        }
        let (outcome, cause) = match refusal.verdict {
            Verdict::Fail { cause } => ("failed", Some(cause)),
            Verdict::Retry { cause, .. } => ("retried", Some(cause)),
            Verdict::Accept => ("accepted", None),
        };
        self.close_flight(flight, outcome, cause, 0);
        let record = &mut self.made[place];
        record.scope = match refusal.verdict {
            Verdict::Retry { scope, .. } => Some(scope),
            Verdict::Accept | Verdict::Fail { .. } => None,
        };
        record.detail = Some(scrubbed(&refusal.detail, candidate.credential.secret.reveal()));
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
        if let (Some(flight), Some(model)) = (self.flights.first(), &self.plan.model)
            && self.call.operation.is_generation()
        {
            let (elapsed, now) = (flight.begun.elapsed(), self.relay.clock.now());
            let channel = self.plan.candidates[flight.index].channel.id;
            self.relay.loads().observe(channel, model.id, elapsed, now);
        }
    }

    /// Notes that a stream had not begun when another one was taken.
    fn observe_late(&self, flight: &Flight) {
        if let Some(model) = &self.plan.model {
            let (elapsed, now) = (flight.begun.elapsed(), self.relay.clock.now());
            let channel = self.plan.candidates[flight.index].channel.id;
            self.relay.loads().observe_late(channel, model.id, elapsed, now);
        }
    }

    /// Notes what the attempt that answered says of the health of its candidate.
    pub(crate) fn report(&self, candidate: &Candidate, verdict: Verdict) {
        if let Some(flight) = self.flights.first() {
            self.report_of(flight.place, candidate, verdict);
        }
    }

    fn report_of(&self, place: usize, candidate: &Candidate, verdict: Verdict) {
        let (health, now) = (&self.relay.health, self.relay.clock.now());
        self.relay.strikes().note(&candidate.channel, verdict);
        let started = self.made[place].started_at;
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
    use super::*;

    #[test]
    fn an_echoed_key_is_not_recorded() {
        let detail = scrubbed("invalid_api_key: Incorrect API key: sk-secret-1.", "sk-secret-1");
        assert_eq!(detail, "invalid_api_key: Incorrect API key: ….");
    }
}
