//! Asking one candidate after the other until one answers.

mod asking;
mod health;
mod log;
mod refused;

use std::{
    pin::{Pin, pin},
    sync::{Arc, OnceLock},
    time::Duration,
};

use http::{HeaderMap, HeaderValue, StatusCode, header};
use realms_dialect::{ErrorRules, Fault, LossKind, Losses, Shape, render_token_count, tap};
use realms_scheduler::{Budget, Candidate, Course, Step, Target};
use realms_store::{AttemptRecord, LossRecord};
use realms_types::Cause;
use tokio::time::{Instant, timeout};

pub(crate) use self::asking::account_of;
use self::log::Log;
use crate::{
    Operation, Relay,
    call::Call,
    counterpart::Purpose,
    failures::Failures,
    flight::{Ask, Flight},
    hedge::late_after,
    lane::{self, Meaning},
    limits::{Allowance, AtLimit, seat},
    opening::{Answer, Content, Opening, Words},
    plan::Plan,
    prepared::Prepared,
    quirk::Quirk,
    record::expected_input,
};

/// The outcome of a candidate that was late, and another one answered first.
const OVERTAKEN: &str = "overtaken";
/// Candidates are asked again for so many percent of the calls.
const REPEATS: u32 = 10;

/// What became of a call before the first byte went out.
pub(crate) enum Outcome {
    /// Somebody answers.
    Answered(Answer),
    /// The upstream says that the request is at fault.
    Refused(Words),
    /// It could be said to nobody: nobody was asked.
    Untold(Fault),
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
    /// What they leave behind.
    pub log: Log,
    /// What the call means, once that was needed: read for the first candidate of another dialect.
    meaning: Option<Result<Meaning, Fault>>,
    /// What was lost of a call that nobody answered but we.
    own_losses: Vec<LossRecord>,
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
        let (log, flights, own_losses) = (Log::default(), Vec::new(), Vec::new());
        Self { relay, call, plan, user, log, meaning: None, own_losses, flights }
    }

    /// Asks candidates until one answers, the request turns out to be at fault, or the budget is spent.
    /// What nobody counts is estimated.
    pub(crate) async fn run(&mut self) -> Outcome {
        let outcome = self.ask_all().await;
        if let Outcome::Exhausted(_, None | Some(Cause::NoSuchPath)) = &outcome
            && let Some(count) = self.count_here()
        {
            return Outcome::Answered(count);
        }
        outcome
    }

    async fn ask_all(&mut self) -> Outcome {
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

    /// What of the call or of its answer did not arrive as it was said.
    pub(crate) fn losses(&self) -> &[LossRecord] {
        self.flights.first().map_or(&self.own_losses, |flight| &flight.losses)
    }

    /// Notes what of the answer was lost on its way back.
    pub(crate) fn note_losses(&mut self, losses: &Losses) {
        if let Some(flight) = self.flights.first_mut() {
            flight.losses.extend(lane::records(losses));
        }
    }

    /// The record of the attempt made last, or of the one that answers; who was passed over was not
    /// asked.
    pub(crate) fn asked_last(&self) -> Option<&AttemptRecord> {
        self.flights.first().map(|flight| &self.log.made[flight.place])
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
        if let Some(flight) = self.flights.get_mut(flight) {
            flight.load = None;
            self.log.close(flight, outcome, cause, bytes);
        }
    }

    /// Notes that an option changed something of the attempt that answered.
    pub(crate) fn note_edit(&mut self, option: &'static str) {
        if let Some(flight) = self.flights.first() {
            self.log.note_edit(flight.place, option);
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
        !self.log.has_asked(candidate) || self.relay.repeats().withdraw()
    }

    /// Makes room for an attempt, or says which limit of the candidate is in the way.
    fn take_seat(&self, index: usize) -> Result<Allowance, AtLimit> {
        let candidate = &self.plan.candidates[index];
        seat(self.relay, candidate, self.call, &self.plan.intent)
    }

    /// Begins an attempt, if its candidate has room for it.
    fn start(&mut self, index: usize, way: &mut Way<'_>) -> Option<Ask<'a>> {
        let candidate = &self.plan.candidates[index];
        let shape = self.relay.shapes().of(&candidate.channel);
        let prepared = match self.make_ready(candidate, shape.as_ref()) {
            Ok(prepared) => prepared,
            Err(fault) => {
                let now = self.relay.clock.now();
                self.log.skip(candidate, Cause::BadRequest, fault.message.clone(), now);
                way.failures.untold(fault);
                way.course.unfit(index);
                return None;
            }
        };
        let allowance = match self.take_seat(index) {
            Ok(allowance) => allowance,
            Err(limit) => {
                let now = self.relay.clock.now();
                self.log.skip(candidate, AtLimit::CAUSE, limit.detail(), now);
                way.failures.at_limit(limit);
                way.course.skipped(index);
                return None;
            }
        };
        self.flights.clear();
        Some(self.take_off(index, allowance, shape, prepared))
    }

    /// Begins an attempt beside one that is late, if there is somebody to ask and the budget allows it.
    fn start_beside(&mut self, late: usize, after: Duration, way: &mut Way<'_>) -> Option<Ask<'a>> {
        let candidates = &self.plan.candidates;
        let index = way.course.beside(candidates, late)?;
        let candidate = &candidates[index];
        let rested = !self.relay.health.admits(&Target::of(candidate), self.relay.clock.now());
        let shape = self.relay.shapes().of(&candidate.channel);
        let prepared = if rested { None } else { self.make_ready(candidate, shape.as_ref()).ok() };
        let allowance = prepared.is_some().then(|| self.take_seat(index).ok()).flatten();
        let allowance = allowance.filter(|_| self.relay.hedges().withdraw());
        let (Some(prepared), Some(allowance)) = (prepared, allowance) else {
            way.course.not_beside(index);
            return None;
        };
        let ask = self.take_off(index, allowance, shape, prepared);
        if let Some(record) = self.log.made.last_mut() {
            let name = &candidates[late].channel.name;
            record.detail = Some(format!("`{name}` had not begun after {} ms", after.as_millis()));
        }
        Some(ask)
    }

    fn take_off(
        &mut self,
        index: usize,
        allowance: Allowance,
        shape: Option<Arc<Shape>>,
        mut prepared: Prepared<'a>,
    ) -> Ask<'a> {
        let candidate = &self.plan.candidates[index];
        let now = self.relay.clock.now();
        self.relay.health.start(candidate, now);
        let quirk = Quirk::of(candidate.channel.kind, &prepared.operation);
        let back = prepared.back.take();
        let is_foreign = back.is_some();
        let (begun, head) = (Instant::now(), Arc::new(OnceLock::new()));
        let is_turn = self.plan.intent.stream && !self.plan.intent.background;
        let by_socket = is_turn && goes_by_socket(candidate, &prepared.operation);
        let place = self.log.open(candidate, now);
        if by_socket {
            self.log.note_edit(place, "websocket");
        }
        let load = Some(self.relay.loads().enter(candidate));
        let (outgoing, losses) = self.outgoing(place, candidate, quirk, is_foreign, prepared);
        let flight =
            Flight { place, index, begun, head: Arc::clone(&head), shape, losses, allowance, load };
        self.flights.push(flight);
        let expected = self.expected(candidate, quirk);
        let limits = self.relay.limits.stream;
        Ask { candidate, outgoing, by_socket, expected, limits, begun, head, back }
    }

    /// An estimate in place of a count that no upstream makes.
    fn count_here(&mut self) -> Option<Answer> {
        let dialect = self.call.operation.dialect();
        let is_count = self.call.operation.purpose() == Some(Purpose::Count);
        let body = is_count.then(|| render_token_count(dialect, expected_input(self.call)))??;
        let json = HeaderValue::from_static("application/json");
        let headers = HeaderMap::from_iter([(header::CONTENT_TYPE, json)]);
        self.flights.clear();
        self.own_losses = vec![LossRecord {
            path: "input_tokens".to_owned(),
            kind: LossKind::Approximated.name().to_owned(),
            why: lane::ESTIMATED.to_owned(),
        }];
        Some(Answer::new(StatusCode::OK, headers, Content::Whole(body), tap(dialect)))
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

/// Whether turns that go this way go over a WebSocket.
fn goes_by_socket(candidate: &Candidate, operation: &Operation) -> bool {
    let options = candidate.channel.options.as_ref();
    matches!(operation, Operation::Respond)
        && candidate.dialect == operation.dialect()
        && options.is_some_and(|options| options.websocket)
}

pub(crate) fn micros(duration: Duration) -> i64 {
    i64::try_from(duration.as_micros()).unwrap_or(i64::MAX)
}
