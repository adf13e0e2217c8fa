//! A clock that stands still until a test moves it.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use realms_types::{Clock, SharedClock, Timestamp};

/// A settable [`Clock`]. Clones show the same time.
#[derive(Debug, Clone)]
pub struct TestClock(Arc<AtomicI64>);

// === impl TestClock ===

impl TestClock {
    /// Where a test clock starts: 2026-11-18T14:13:20Z, an ordinary working day.
    pub const START: Timestamp = Timestamp::from_secs(1_795_011_200);

    /// A clock at [`TestClock::START`].
    pub fn new() -> Self {
        Self::at(Self::START)
    }

    /// A clock at the given time.
    pub fn at(time: Timestamp) -> Self {
        Self(Arc::new(AtomicI64::new(time.as_micros())))
    }

    /// Moves the clock to a time, forwards or backwards.
    pub fn set(&self, time: Timestamp) {
        self.0.store(time.as_micros(), Ordering::SeqCst);
    }

    /// Moves the clock forwards and tells the new time.
    pub fn advance(&self, by: Duration) -> Timestamp {
        let time = self.now() + by;
        self.set(time);
        time
    }

    /// The clock in the form the program's parts hold.
    pub fn shared(&self) -> SharedClock {
        Arc::new(self.clone())
    }
}

impl Default for TestClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_micros(self.0.load(Ordering::SeqCst))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moves_only_when_told_and_for_every_holder() {
        let clock = TestClock::new();
        let held = clock.shared();
        assert_eq!(held.now(), TestClock::START);
        clock.advance(Duration::from_secs(90));
        assert_eq!(held.now().since(TestClock::START), Duration::from_secs(90));
        clock.set(Timestamp::EPOCH);
        assert_eq!(held.now(), Timestamp::EPOCH);
    }
}
