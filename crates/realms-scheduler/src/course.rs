//! One call's way through its candidates, within a budget.

use std::time::Duration;

use realms_types::{Chance, Scope, Timestamp, Verdict};

use crate::Candidate;

/// How much one call may try before it gives up.
#[derive(Debug, Clone, Copy)]
pub struct Budget {
    /// Attempts over all candidates.
    pub attempts: u32,
    /// Attempts with the same candidate.
    pub tries: u32,
    /// No attempt starts later than this after the first.
    pub elapsed: Duration,
    /// The pause before the second round over the candidates.
    pub base_delay: Duration,
    /// The longest pause between two rounds.
    pub max_delay: Duration,
}

/// What to do next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Ask the candidate with this index.
    Try(usize),
    /// Wait, then ask again for the next step.
    Wait(Duration),
    /// Nobody is left to ask, or the budget is spent.
    Exhausted,
}

/// Walks the candidates in rounds: everyone once without a pause; then, after a pause, those again
/// whose trouble may have passed.
///
/// A failure bars what it reaches: the other credentials of a broken endpoint are not asked in the
/// same round, and what a credential or a binding was refused for does not come back.
#[derive(Debug)]
pub struct Course {
    budget: Budget,
    started: Timestamp,
    legs: Vec<Leg>,
    attempts: u32,
    round: u32,
    cursor: usize,
    waiting: bool,
}

/// What is known of one candidate in this call.
#[derive(Debug, Clone, Copy, Default)]
struct Leg {
    tries: u32,
    /// Not again in this round.
    barred: bool,
    /// Not again in this call.
    out: bool,
}

// === impl Course ===

impl Course {
    /// Before the first attempt.
    pub fn new(candidates: usize, budget: Budget, now: Timestamp) -> Self {
        Self {
            budget,
            started: now,
            legs: vec![Leg::default(); candidates],
            attempts: 0,
            round: 0,
            cursor: 0,
            waiting: false,
        }
    }

    /// The next step. After [`Step::Try`] comes [`Course::failed`], unless the attempt was accepted.
    pub fn next(&mut self, now: Timestamp, chance: &Chance) -> Step {
        let spent = self.attempts >= self.budget.attempts
            || (self.attempts > 0 && now.since(self.started) > self.budget.elapsed);
        if spent {
            return Step::Exhausted;
        }
        if let Some(index) = self.next_of_round() {
            self.waiting = false;
            self.attempts += 1;
            self.legs[index].tries += 1;
            self.cursor = index + 1;
            return Step::Try(index);
        }
        if self.waiting || !self.legs.iter().any(|leg| self.may_return(*leg)) {
            return Step::Exhausted;
        }
        self.start_round(now, chance)
    }

    /// Notes that an attempt failed with a verdict that allows another.
    pub fn failed(&mut self, candidates: &[Candidate], index: usize, verdict: Verdict) {
        let Verdict::Retry { scope, .. } = verdict else {
            return;
        };
        let failed = &candidates[index];
        for (place, (other, leg)) in candidates.iter().zip(&mut self.legs).enumerate() {
            match scope {
                Scope::Endpoint => leg.barred |= other.endpoint.id == failed.endpoint.id,
                Scope::Channel => leg.out |= other.channel.id == failed.channel.id,
                Scope::Binding => leg.out |= other.binding == failed.binding,
                Scope::Credential => leg.out |= other.credential.id == failed.credential.id,
                // Nothing rests for it, but the same candidate would say the same again.
                Scope::Request => leg.out |= place == index,
            }
        }
    }

    /// Somebody to ask beside the one that is late: behind another address if there is one, and nobody
    /// who was asked before. Counts as an attempt, and ends like one.
    pub fn beside(&mut self, candidates: &[Candidate], late: usize) -> Option<usize> {
        if self.is_repeating() || self.attempts >= self.budget.attempts {
            return None;
        }
        let fresh = |index: &usize| {
            let leg = &self.legs[*index];
            leg.tries == 0 && !leg.barred && !leg.out
        };
        let elsewhere =
            |index: &usize| candidates[*index].endpoint.id != candidates[late].endpoint.id;
        let all = || (0..candidates.len()).filter(fresh);
        let index = all().find(elsewhere).or_else(|| all().next())?;
        self.attempts += 1;
        let leg = &mut self.legs[index];
        leg.tries += 1;
        leg.barred = true;
        Some(index)
    }

    /// Notes that nobody was asked beside after all. The candidate keeps its turn.
    pub fn not_beside(&mut self, index: usize) {
        self.attempts = self.attempts.saturating_sub(1);
        self.legs[index] = Leg::default();
    }

    /// Notes that a candidate was not asked after all: it has no room just now. That costs nothing of the
    /// budget, and it may have room in the next round.
    pub fn skipped(&mut self, index: usize) {
        self.attempts = self.attempts.saturating_sub(1);
        let leg = &mut self.legs[index];
        leg.tries = leg.tries.saturating_sub(1);
        leg.barred = true;
    }

    /// Notes that a candidate was not asked and will not be: the call cannot be put to it.
    pub fn unfit(&mut self, index: usize) {
        self.skipped(index);
        self.legs[index].out = true;
    }

    /// Whether everyone has been asked once: whoever is asked now is asked again.
    pub const fn is_repeating(&self) -> bool {
        self.round > 0
    }

    /// Attempts made so far.
    pub fn attempts(&self) -> u32 {
        self.attempts
    }

    fn next_of_round(&self) -> Option<usize> {
        let ready = |leg: &Leg| !leg.barred && !leg.out && leg.tries < self.budget.tries;
        (self.cursor..self.legs.len()).find(|index| ready(&self.legs[*index]))
    }

    fn may_return(&self, leg: Leg) -> bool {
        !leg.out && leg.tries < self.budget.tries
    }

    fn start_round(&mut self, now: Timestamp, chance: &Chance) -> Step {
        let delay = self.delay(chance);
        if now.since(self.started) + delay > self.budget.elapsed {
            return Step::Exhausted;
        }
        self.round += 1;
        self.cursor = 0;
        self.waiting = true;
        self.legs.iter_mut().for_each(|leg| leg.barred = false);
        Step::Wait(delay)
    }

    /// Grows by half each round, give or take a fifth.
    fn delay(&self, chance: &Chance) -> Duration {
        let grown = (0..self.round)
            .fold(self.budget.base_delay, |delay, _| (delay * 3 / 2).min(self.budget.max_delay));
        let percent = u32::try_from(80 + chance.below(41)).unwrap_or(100);
        grown * percent / 100
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use realms_types::Cause;

    use super::*;
    use crate::{
        Health,
        candidate::tests::{catalog, list},
    };

    const BUDGET: Budget = Budget {
        attempts: 9,
        tries: 6,
        elapsed: Duration::from_secs(10),
        base_delay: Duration::from_millis(300),
        max_delay: Duration::from_secs(3),
    };

    fn retry(scope: Scope) -> Verdict {
        Verdict::Retry { scope, cause: Cause::ServerError, until: None }
    }

    /// Fails every attempt with one scope and returns the order of the tried candidates.
    fn walk(channels: &[(i64, i64, i64)], scope: Scope) -> Vec<i64> {
        let catalog = catalog(channels);
        let now = Timestamp::EPOCH;
        let all = list(&catalog, &Health::default(), 1, now);
        let (mut course, chance) = (Course::new(all.len(), BUDGET, now), Chance::seeded(1));
        let (mut now, mut tried) = (now, Vec::new());
        loop {
            match course.next(now, &chance) {
                Step::Try(index) => {
                    tried.push(all[index].channel.id.raw());
                    course.failed(&all, index, retry(scope));
                }
                Step::Wait(pause) => now = now + pause,
                Step::Exhausted => return tried,
            }
        }
    }

    #[test]
    fn a_broken_endpoint_is_left_at_once_and_asked_again_after_a_pause() {
        let tried = walk(&[(9, 1, 2), (1, 1, 1)], Scope::Endpoint);
        assert_eq!(tried[..4], [1, 2, 1, 2]);
        assert_eq!(tried.len(), 9);
    }

    #[test]
    fn a_refused_credential_gives_way_to_the_next_and_does_not_return() {
        assert_eq!(walk(&[(9, 1, 2), (1, 1, 1)], Scope::Credential), [1, 1, 2]);
    }

    #[test]
    fn a_channel_without_the_path_is_left_whole() {
        assert_eq!(walk(&[(9, 1, 3), (1, 1, 1)], Scope::Channel), [1, 2]);
    }

    #[test]
    fn one_candidate_is_tried_six_times_at_most() {
        assert_eq!(walk(&[(0, 1, 1)], Scope::Endpoint).len(), 6);
    }

    #[test]
    fn nobody_to_ask_is_exhausted_at_once() {
        let mut course = Course::new(0, BUDGET, Timestamp::EPOCH);
        assert_eq!(course.next(Timestamp::EPOCH, &Chance::seeded(1)), Step::Exhausted);
    }

    #[test]
    fn no_attempt_starts_after_the_time_is_up() {
        let catalog = catalog(&[(0, 1, 1), (0, 1, 1)]);
        let all = list(&catalog, &Health::default(), 1, Timestamp::EPOCH);
        let mut course = Course::new(all.len(), BUDGET, Timestamp::EPOCH);
        let chance = Chance::seeded(1);
        assert!(matches!(course.next(Timestamp::EPOCH, &chance), Step::Try(_)));
        course.failed(&all, 0, retry(Scope::Endpoint));
        assert_eq!(course.next(Timestamp::from_secs(11), &chance), Step::Exhausted);
    }

    #[test]
    fn beside_a_late_one_another_address_is_asked_and_nobody_twice() {
        let now = Timestamp::EPOCH;
        // Two credentials at one address, one at another.
        let catalog = catalog(&[(9, 1, 2), (1, 1, 1)]);
        let all = list(&catalog, &Health::default(), 1, now);
        let (mut course, chance) = (Course::new(all.len(), BUDGET, now), Chance::seeded(1));
        assert_eq!(course.next(now, &chance), Step::Try(0));
        assert_eq!(course.beside(&all, 0), Some(2));
        course.not_beside(2);
        assert_eq!((course.beside(&all, 0), course.attempts()), (Some(2), 2));
        // Both refuse: the one who is left is asked next, then nobody before the next round.
        course.failed(&all, 2, retry(Scope::Credential));
        course.failed(&all, 0, retry(Scope::Credential));
        assert_eq!(course.next(now, &chance), Step::Try(1));
        assert_eq!(course.beside(&all, 1), None);
        course.failed(&all, 1, retry(Scope::Credential));
        assert_eq!(course.next(now, &chance), Step::Exhausted);
    }

    #[test]
    fn nobody_is_asked_beside_when_the_attempts_are_spent() {
        let now = Timestamp::EPOCH;
        let catalog = catalog(&[(0, 1, 1), (0, 1, 1)]);
        let all = list(&catalog, &Health::default(), 1, now);
        let mut course = Course::new(all.len(), Budget { attempts: 1, ..BUDGET }, now);
        assert!(matches!(course.next(now, &Chance::seeded(1)), Step::Try(_)));
        assert_eq!(course.beside(&all, 0), None);
    }

    proptest! {
        #[test]
        fn the_budget_always_holds(
            channels in prop::collection::vec((0i64..3, 1i64..3, 1i64..3), 0..6),
            scopes in prop::collection::vec(0usize..4, 40),
        ) {
            let catalog = catalog(&channels);
            let all = list(&catalog, &Health::default(), 1, Timestamp::EPOCH);
            let mut course = Course::new(all.len(), BUDGET, Timestamp::EPOCH);
            let (mut now, chance) = (Timestamp::EPOCH, Chance::seeded(2));
            let mut tries = vec![0u32; all.len()];
            for scope in scopes {
                let scope = [Scope::Endpoint, Scope::Credential, Scope::Channel, Scope::Binding][scope];
                match course.next(now, &chance) {
                    Step::Try(index) => {
                        tries[index] += 1;
                        course.failed(&all, index, retry(scope));
                    }
                    Step::Wait(pause) => now = now + pause,
                    Step::Exhausted => break,
                }
            }
            prop_assert!(tries.iter().sum::<u32>() <= BUDGET.attempts);
            prop_assert!(tries.iter().all(|count| *count <= BUDGET.tries));
            prop_assert!(now.since(Timestamp::EPOCH) <= BUDGET.elapsed);
        }
    }
}
