//! What was used within the last minute, to the second.

use std::time::Duration;

use realms_types::Timestamp;

/// The running second and the sixty before it: no sixty seconds anywhere hold more than these.
const SECONDS: i64 = 61;
/// As many places.
const PLACES: usize = 61;
/// As a span of time.
const SPAN: Duration = Duration::from_secs(61);

/// How much was used in each of the last seconds.
#[derive(Debug, Clone)]
pub(crate) struct Minute {
    used: [u32; PLACES],
    total: u64,
    /// The newest second that is counted, since the epoch.
    newest: i64,
}

// === impl Minute ===

impl Minute {
    pub(crate) const fn new() -> Self {
        Self { used: [0; PLACES], total: 0, newest: 0 }
    }

    /// How much was used within the last minute.
    pub(crate) fn total(&mut self, now: Timestamp) -> u64 {
        self.advance(second(now));
        self.total
    }

    /// Counts something used now.
    pub(crate) fn add(&mut self, amount: u32, now: Timestamp) {
        self.advance(second(now));
        let slot = &mut self.used[place(self.newest)];
        let before = *slot;
        *slot = slot.saturating_add(amount);
        self.total += u64::from(*slot - before);
    }

    /// Takes back what was counted at `then`, if that is still within the minute.
    pub(crate) fn take_back(&mut self, amount: u32, then: Timestamp, now: Timestamp) {
        self.advance(second(now));
        let then = second(then);
        if then <= self.newest && self.newest - then < SECONDS {
            let slot = &mut self.used[place(then)];
            let taken = amount.min(*slot);
            *slot -= taken;
            self.total -= u64::from(taken);
        }
    }

    /// When `amount` more fits below `most`: when enough of what was used is a minute old. `None` when it
    /// is more than `most` by itself.
    pub(crate) fn fits_at(&mut self, amount: u64, most: u64, now: Timestamp) -> Option<Timestamp> {
        let mut left = self.total(now);
        if left + amount <= most {
            return Some(now);
        }
        let oldest = self.newest - SECONDS + 1;
        for second in oldest..=self.newest {
            left -= u64::from(self.used[place(second)]);
            if left + amount <= most {
                return Some(start(second) + SPAN);
            }
        }
        None
    }

    /// Whether nothing was used within the last minute.
    pub(crate) fn is_idle(&mut self, now: Timestamp) -> bool {
        self.total(now) == 0
    }

    /// Forgets what is a minute old. A clock that was set back counts into the newest second.
    fn advance(&mut self, now: i64) {
        if now - self.newest >= SECONDS {
            *self = Self { newest: now, ..Self::new() };
            return;
        }
        while self.newest < now {
            self.newest += 1;
            let slot = &mut self.used[place(self.newest)];
            self.total -= u64::from(*slot);
            *slot = 0;
        }
    }
}

fn second(at: Timestamp) -> i64 {
    at.as_micros().div_euclid(1_000_000)
}

fn start(second: i64) -> Timestamp {
    Timestamp::from_micros(second.saturating_mul(1_000_000))
}

fn place(second: i64) -> usize {
    usize::try_from(second.rem_euclid(SECONDS)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_micros(millis * 1_000)
    }

    #[test]
    fn what_is_used_counts_for_a_minute() {
        let mut minute = Minute::new();
        minute.add(3, at(500));
        minute.add(2, at(1_500));
        assert_eq!(minute.total(at(60_999)), 5);
        assert_eq!(minute.total(at(61_000)), 2);
        assert_eq!(minute.total(at(62_000)), 0);
        assert!(minute.is_idle(at(62_000)));
    }

    #[test]
    fn it_says_when_there_is_room_again() {
        let mut minute = Minute::new();
        minute.add(3, at(10_500));
        minute.add(2, at(20_000));
        let now = at(30_000);
        assert_eq!(minute.fits_at(1, 6, now), Some(now));
        assert_eq!(minute.fits_at(2, 6, now), Some(at(71_000)));
        assert_eq!(minute.fits_at(6, 6, now), Some(at(81_000)));
        assert_eq!(minute.fits_at(7, 6, now), None);
    }

    #[test]
    fn what_was_not_needed_is_taken_back_while_it_counts() {
        let mut minute = Minute::new();
        minute.add(100, at(1_000));
        minute.add(10, at(2_000));
        minute.take_back(60, at(1_000), at(5_000));
        assert_eq!(minute.total(at(5_000)), 50);
        assert_eq!(minute.total(at(62_000)), 10);
        minute.take_back(40, at(1_000), at(62_000));
        assert_eq!(minute.total(at(62_000)), 10);
    }

    #[test]
    fn a_clock_that_is_set_back_forgets_nothing() {
        let mut minute = Minute::new();
        minute.add(5, at(100_000));
        minute.add(5, at(40_000));
        assert_eq!(minute.total(at(40_000)), 10);
        assert_eq!(minute.total(at(160_000)), 10);
        assert_eq!(minute.total(at(161_000)), 0);
    }

    proptest! {
        /// Whoever asks before each use never uses more than the limit within any sixty seconds.
        #[test]
        fn no_minute_holds_more_than_the_limit(
            steps in prop::collection::vec((0i64..20_000, 1u32..5), 1..200),
        ) {
            let (mut minute, mut now, most) = (Minute::new(), 1_000_000, 10u64);
            let mut used: Vec<(i64, u32)> = Vec::new();
            for (pause, amount) in steps {
                now += pause;
                match minute.fits_at(amount.into(), most, at(now)) {
                    Some(when) if when == at(now) => {
                        minute.add(amount, at(now));
                        used.push((now, amount));
                    }
                    Some(when) => prop_assert!(when > at(now) && when <= at(now + 61_000)),
                    None => prop_assert!(u64::from(amount) > most),
                }
                let within: u64 = used
                    .iter()
                    .filter(|(then, _)| now - then < 60_000)
                    .map(|(_, amount)| u64::from(*amount))
                    .sum();
                prop_assert!(within <= most);
            }
        }
    }
}
