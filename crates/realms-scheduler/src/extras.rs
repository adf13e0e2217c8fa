//! How often more is asked of upstreams than calls come in: a part of all calls, so that trouble is not
//! multiplied.

use parking_lot::Mutex;

/// What one extra attempt costs; a call pays in so many percent of it as are allowed.
const COST: u32 = 100;

/// The right to attempts beyond the first, shared by all calls of a process: to ask a candidate again
/// that has failed in the same call, or to ask two at once.
///
/// To go on to another candidate after a failure is no extra: that is another upstream, health bounds
/// how often it happens, and a call must not fail that somebody could have served.
#[derive(Debug)]
pub struct Extras {
    saved: Mutex<u32>,
    most: u32,
}

// === impl Extras ===

impl Extras {
    /// With so many attempts saved up, which is also how many can be: a short stumble of an idle site.
    pub fn saved(attempts: u32) -> Self {
        let most = attempts.saturating_mul(COST);
        Self { saved: Mutex::new(most), most }
    }

    /// A call begins that allows for so many percent of an attempt.
    pub fn deposit(&self, percent: u32) {
        let mut saved = self.saved.lock();
        *saved = saved.saturating_add(percent).min(self.most);
    }

    /// Takes the right to one attempt; false when there is none.
    #[must_use = "without the right nobody is to be asked"]
    pub fn withdraw(&self) -> bool {
        let mut saved = self.saved.lock();
        match saved.checked_sub(COST) {
            Some(left) => {
                *saved = left;
                true
            }
            None => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn extras_stay_the_part_of_the_calls_that_was_allowed() {
        for (percent, least) in [(10, 1_000), (5, 500), (1, 100)] {
            let extras = Extras::saved(50);
            let mut made = 0;
            for _ in 0..10_000 {
                extras.deposit(percent);
                // Every call would ask five times more.
                made += (0..5).filter(|_| extras.withdraw()).count();
            }
            assert!((least..=least + 50).contains(&made), "{percent} percent: {made}");
        }
    }

    #[test]
    fn an_idle_site_saves_some_and_not_more() {
        let extras = Extras::saved(50);
        for _ in 0..100_000 {
            extras.deposit(10);
        }
        assert_eq!((0..1_000).filter(|_| extras.withdraw()).count(), 50);
    }
}
