//! Tries, counted before their outcome is known: those that fail, and those that are few in any case.

use std::{
    collections::{HashMap, VecDeque},
    hash::Hash,
    time::Duration,
};

use parking_lot::Mutex;
use realms_types::{SharedClock, Timestamp};

use crate::ConsoleError;

/// How long a failure counts.
const WINDOW: Duration = Duration::from_mins(15);
/// How many sources are remembered at once; further ones wait until some are forgotten.
const MOST_SOURCES: usize = 10_000;

/// Bounds the failures of each source within a quarter of an hour.
#[derive(Debug)]
pub(super) struct Throttle<K> {
    clock: SharedClock,
    most: usize,
    failures: Mutex<HashMap<K, VecDeque<Timestamp>>>,
}

/// A try that counts as a failure until it is said to have been right.
#[derive(Debug)]
#[must_use = "a try is a failure unless it `was_right`"]
pub(super) struct Try<'a, K: Eq + Hash> {
    throttle: &'a Throttle<K>,
    source: K,
    at: Timestamp,
}

// === impl Throttle ===

impl<K: Eq + Hash + Copy> Throttle<K> {
    /// Allows so many failures of one source.
    pub(super) fn new(clock: SharedClock, most: usize) -> Self {
        Self { clock, most, failures: Mutex::default() }
    }

    /// Counts a try, or refuses it when there were too many.
    pub(super) fn begin(&self, source: K) -> Result<Try<'_, K>, ConsoleError> {
        let now = self.clock.now();
        let mut failures = self.failures.lock();
        if failures.len() >= MOST_SOURCES && !failures.contains_key(&source) {
            failures.retain(|_, times| times.back().is_some_and(|last| now.since(*last) < WINDOW));
            if failures.len() >= MOST_SOURCES {
                return Err(ConsoleError::Throttled(WINDOW.as_secs()));
            }
        }
        let times = failures.entry(source).or_default();
        while times.front().is_some_and(|first| now.since(*first) >= WINDOW) {
            times.pop_front();
        }
        match times.front() {
            Some(first) if times.len() >= self.most => {
                let wait = WINDOW.saturating_sub(now.since(*first));
                Err(ConsoleError::Throttled(wait.as_secs().max(1)))
            }
            _ => {
                times.push_back(now);
                Ok(Try { throttle: self, source, at: now })
            }
        }
    }
}

// === impl Try ===

impl<K: Eq + Hash> Try<'_, K> {
    /// Takes the failure back.
    pub(super) fn was_right(self) {
        let mut failures = self.throttle.failures.lock();
        if let Some(times) = failures.get_mut(&self.source) {
            if let Some(at) = times.iter().rposition(|time| *time == self.at) {
                times.remove(at);
            }
            if times.is_empty() {
                failures.remove(&self.source);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use realms_types::Clock;

    use super::*;

    #[derive(Debug, Default)]
    struct Hands(Mutex<Duration>);

    impl Clock for Hands {
        fn now(&self) -> Timestamp {
            Timestamp::EPOCH + *self.0.lock()
        }
    }

    #[test]
    fn failures_are_bounded_and_forgotten() {
        let hands = Arc::new(Hands::default());
        let throttle = Throttle::new(hands.clone(), 2);
        for _ in 0..5 {
            throttle.begin(1).unwrap().was_right();
        }
        let _ = throttle.begin(1).unwrap();
        let _ = throttle.begin(1).unwrap();
        assert!(matches!(throttle.begin(1), Err(ConsoleError::Throttled(900))));
        assert!(throttle.begin(2).is_ok(), "another source is not concerned");
        *hands.0.lock() += WINDOW;
        assert!(throttle.begin(1).is_ok());
    }

    #[test]
    fn sources_are_bounded_too() {
        let hands = Arc::new(Hands::default());
        let throttle = Throttle::new(hands.clone(), 2);
        for source in 0..MOST_SOURCES {
            let _ = throttle.begin(source).unwrap();
        }
        assert!(throttle.begin(MOST_SOURCES).is_err());
        *hands.0.lock() += WINDOW;
        assert!(throttle.begin(MOST_SOURCES).is_ok());
    }
}
