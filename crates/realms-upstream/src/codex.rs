//! What the backend of the Codex CLI tells of an account: what is used up of it, and what ails it.

mod ailment;
mod limits;
mod usage;

use std::time::Duration;

use realms_types::{Ppm, Timestamp};

pub use ailment::Ailment;
pub(crate) use limits::as_headers;
pub use limits::{limits_in_event, limits_of};
pub use usage::{UsageAnswer, UsageCredits, UsageError};

/// How much is used up of one window of an account's quota.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit {
    /// Whether it is the long one.
    pub secondary: bool,
    /// How long it is; zero when that was not said.
    pub length: Duration,
    /// What is used up.
    pub used: Ppm,
    /// When it starts anew.
    pub resets_at: Option<Timestamp>,
}

/// No window is longer, and nothing is used more than tenfold: else it is a mistake.
const LONGEST: Duration = Duration::from_hours(366 * 24);
const MOST_PERCENT: f64 = 1000.0;

/// `12.5` percent as parts of a million.
fn ppm_of_percent(percent: f64) -> Option<Ppm> {
    if !(0.0..=MOST_PERCENT).contains(&percent) {
        return None;
    }
    #[expect(clippy::cast_possible_truncation, reason = "at most ten million, checked above")]
    let parts = (percent * 10_000.0).round() as i64;
    Ppm::from_parts(parts)
}

fn bounded(seconds: u64) -> Option<Duration> {
    Some(Duration::from_secs(seconds)).filter(|length| *length <= LONGEST)
}
