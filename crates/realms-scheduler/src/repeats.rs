//! How often upstreams are asked again: a part of all calls, so that trouble is not multiplied.

use parking_lot::Mutex;

/// So many calls pay for one repeat: repeats stay at a tenth of the calls.
const CALLS: u32 = 10;
/// Repeats that can be saved up, and that are there at the start: a short stumble of an idle site.
const SAVED: u32 = 50;

/// The right to ask a candidate again that has failed in the same call, shared by all calls of a process.
///
/// To go on to another candidate is no repeat: that is another upstream, health bounds how often it
/// happens, and a call must not fail that somebody could have served.
#[derive(Debug)]
pub struct Repeats {
    /// In calls: a repeat costs [`CALLS`].
    saved: Mutex<u32>,
}

// === impl Repeats ===

impl Repeats {
    /// A call begins: a part of a repeat is saved.
    pub fn deposit(&self) {
        let mut saved = self.saved.lock();
        *saved = saved.saturating_add(1).min(SAVED * CALLS);
    }

    /// Takes the right to one repeat; false when there is none.
    #[must_use = "without the right nobody is to be asked again"]
    pub fn withdraw(&self) -> bool {
        let mut saved = self.saved.lock();
        match saved.checked_sub(CALLS) {
            Some(left) => {
                *saved = left;
                true
            }
            None => false,
        }
    }
}

impl Default for Repeats {
    fn default() -> Self {
        Self { saved: Mutex::new(SAVED * CALLS) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repeats_stay_a_tenth_of_the_calls() {
        let repeats = Repeats::default();
        let mut made = 0;
        for _ in 0..10_000 {
            repeats.deposit();
            // Every call would be repeated five times.
            made += (0..5).filter(|_| repeats.withdraw()).count();
        }
        assert!((1_000..=1_050).contains(&made), "{made}");
    }

    #[test]
    fn an_idle_site_saves_some_and_not_more() {
        let repeats = Repeats::default();
        for _ in 0..100_000 {
            repeats.deposit();
        }
        assert_eq!((0..1_000).filter(|_| repeats.withdraw()).count(), 50);
    }
}
