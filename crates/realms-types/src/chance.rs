//! Injected randomness for ids, jitter and weights. Secrets never come from here.

use std::sync::Arc;

use parking_lot::Mutex;

/// A shared source of chance. Clones draw from the same sequence.
#[derive(Debug, Clone)]
pub struct Chance(Arc<Mutex<fastrand::Rng>>);

impl Chance {
    /// Seeded by the operating system.
    pub fn from_entropy() -> Self {
        Self(Arc::new(Mutex::new(fastrand::Rng::new())))
    }

    /// The same sequence on every run, for tests and replays.
    pub fn seeded(seed: u64) -> Self {
        Self(Arc::new(Mutex::new(fastrand::Rng::with_seed(seed))))
    }

    /// Any 64 bits.
    pub fn u64(&self) -> u64 {
        self.0.lock().u64(..)
    }

    /// A number below `bound`; 0 when `bound` is 0.
    pub fn below(&self, bound: u64) -> u64 {
        if bound == 0 { 0 } else { self.0.lock().u64(..bound) }
    }
}
