//! Windows of time in which an allowance counts. Pure: the same moment gives the same window on every
//! node and every database.

use std::{fmt, time::Duration};

use jiff::{
    ToSpan as _, Zoned,
    civil::{Date, Weekday},
    tz::TimeZone,
};
use realms_types::{BudgetPeriod, Timestamp};

/// How long what was used counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Window {
    /// The last so long, at every moment. What was used leaves in steps of a sixtieth of the window,
    /// never early and at most one step late.
    Rolling(Duration),
    /// From one moment to another, half open, then the next begins with nothing used. The caller knows
    /// the calendar and its time zone; a day may have 23 hours.
    Fixed {
        /// The name of the series: what its windows last as a rule.
        length: Duration,
        /// When the present one began.
        from: Timestamp,
        /// When the next one begins.
        until: Timestamp,
    },
    /// For ever.
    Total,
}

/// Steps in which a rolling window moves.
const STEPS: i64 = 60;
/// A day that is like most.
const DAY: Duration = Duration::from_hours(24);
/// The smallest step.
const LEAST_STEP: i64 = 1_000_000;

// === impl Window ===

impl Window {
    /// The window of a budget at a moment, its days, weeks and months by the calendar of a time zone.
    /// `None` beyond the years that the calendar knows.
    pub fn of(period: BudgetPeriod, now: Timestamp, zone: &TimeZone) -> Option<Self> {
        let day = |date: Date| start_of(date, zone);
        let today = || Some(zoned(now, zone)?.date());
        let (length, from, until) = match period {
            BudgetPeriod::Rolling(length) => return Some(Self::Rolling(length)),
            BudgetPeriod::Total => return Some(Self::Total),
            BudgetPeriod::Day => {
                let from = today()?;
                (DAY, day(from)?, day(from.tomorrow().ok()?)?)
            }
            BudgetPeriod::Week => {
                let monday = today()?;
                let since = monday.weekday().since(Weekday::Monday);
                let monday = monday.checked_sub(i64::from(since).days()).ok()?;
                (DAY * 7, day(monday)?, day(monday.checked_add(7.days()).ok()?)?)
            }
            BudgetPeriod::Month => {
                let first = today()?.first_of_month();
                (DAY * 30, day(first)?, day(first.checked_add(1.month()).ok()?)?)
            }
        };
        Some(Self::Fixed { length, from, until })
    }

    /// The series it belongs to, as part of an allowance's name: `r18000`, `f86400`, `t`.
    pub fn tag(&self) -> String {
        match self {
            Self::Rolling(period) => format!("r{}", period.as_secs()),
            Self::Fixed { length, .. } => format!("f{}", length.as_secs()),
            Self::Total => "t".to_owned(),
        }
    }

    /// The start of the piece of time in which something used now is counted.
    pub fn bucket(&self, now: Timestamp) -> Timestamp {
        match self {
            Self::Rolling(period) => floor(now.as_micros(), step(*period)),
            Self::Fixed { from, .. } => *from,
            Self::Total => Timestamp::EPOCH,
        }
    }

    /// What was counted in pieces that start before this counts no more.
    pub fn horizon(&self, now: Timestamp) -> Timestamp {
        match self {
            Self::Rolling(period) => floor((now - *period).as_micros(), step(*period)),
            Self::Fixed { from, .. } => *from,
            Self::Total => Timestamp::EPOCH,
        }
    }

    /// When what was counted in the piece that starts then counts no more; `None`: never.
    pub fn leaves_at(&self, piece: Timestamp) -> Option<Timestamp> {
        match self {
            Self::Rolling(period) => {
                Some(piece + Duration::from_micros(step(*period).unsigned_abs()) + *period)
            }
            Self::Fixed { until, .. } => Some(*until),
            Self::Total => None,
        }
    }
}

impl fmt::Display for Window {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rolling(period) => write!(f, "in {}", Length(*period)),
            Self::Fixed { from, until, .. } => write!(f, "from {from} to {until}"),
            Self::Total => f.write_str("in all"),
        }
    }
}

/// A length of time in the largest unit that tells it whole.
struct Length(Duration);

impl fmt::Display for Length {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let secs = self.0.as_secs();
        let units = [(86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second")];
        let (unit, word) =
            units.into_iter().find(|(unit, _)| secs.is_multiple_of(*unit)).unwrap_or((1, "second"));
        let count = secs / unit;
        write!(f, "{count} {word}{}", if count == 1 { "" } else { "s" })
    }
}

fn zoned(moment: Timestamp, zone: &TimeZone) -> Option<Zoned> {
    Some(jiff::Timestamp::from_microsecond(moment.as_micros()).ok()?.to_zoned(zone.clone()))
}

/// The first moment of a day: midnight, where the clocks did not jump over it.
fn start_of(date: Date, zone: &TimeZone) -> Option<Timestamp> {
    let start = date.to_zoned(zone.clone()).ok()?.start_of_day().ok()?;
    Some(Timestamp::from_micros(start.timestamp().as_microsecond()))
}

/// A step of a rolling window, in microseconds.
fn step(period: Duration) -> i64 {
    let micros = i64::try_from(period.as_micros()).unwrap_or(i64::MAX);
    (micros / STEPS).max(LEAST_STEP)
}

const fn floor(micros: i64, step: i64) -> Timestamp {
    Timestamp::from_micros(micros - micros.rem_euclid(step))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const HOUR: Duration = Duration::from_hours(1);

    #[test]
    fn a_rolling_window_moves_in_steps() {
        let window = Window::Rolling(5 * HOUR);
        let at = |minutes: i64| Timestamp::from_secs(1_795_000_200 + minutes * 60);
        // 1,795,000,200 is a multiple of the step of 5 minutes.
        assert_eq!(window.bucket(at(4)), at(0));
        assert_eq!(window.bucket(at(5)), at(5));
        assert_eq!(window.horizon(at(300)), at(0));
        assert_eq!(window.horizon(at(304)), at(0));
        assert_eq!(window.horizon(at(305)), at(5));
        assert_eq!(window.tag(), "r18000");
    }

    #[test]
    fn fixed_and_total_windows_have_one_piece() {
        let (from, until) = (Timestamp::from_secs(100), Timestamp::from_secs(200));
        let day = Window::Fixed { length: 24 * HOUR, from, until };
        assert_eq!((day.bucket(from), day.horizon(from)), (from, from));
        assert_eq!(day.leaves_at(from), Some(until));
        assert_eq!(day.tag(), "f86400");
        assert_eq!(Window::Total.bucket(until), Window::Total.horizon(from));
        assert_eq!(Window::Total.leaves_at(from), None);
    }

    #[test]
    fn calendars_have_days_of_23_hours_and_months_of_28_days() {
        let zone = TimeZone::get("America/New_York").unwrap();
        let at = |text: &str| {
            Timestamp::from_micros(text.parse::<jiff::Timestamp>().unwrap().as_microsecond())
        };
        // On 8 March 2026, a Sunday, the clocks of New York skip an hour.
        let now = at("2026-03-08T15:00:00Z");
        let cases = [
            (BudgetPeriod::Day, "2026-03-08T05:00:00Z", "2026-03-09T04:00:00Z", "f86400"),
            (BudgetPeriod::Week, "2026-03-02T05:00:00Z", "2026-03-09T04:00:00Z", "f604800"),
            (BudgetPeriod::Month, "2026-03-01T05:00:00Z", "2026-04-01T04:00:00Z", "f2592000"),
        ];
        for (period, from, until, tag) in cases {
            let window = Window::of(period, now, &zone).unwrap();
            let Window::Fixed { from: begun, until: ends, .. } = window else {
                panic!("{window:?}")
            };
            assert_eq!((begun, ends), (at(from), at(until)), "{period}");
            assert_eq!(window.tag(), tag);
        }
        let february = Window::of(BudgetPeriod::Month, at("2026-02-28T23:00:00Z"), &TimeZone::UTC);
        let until = at("2026-03-01T00:00:00Z");
        assert_eq!(february.and_then(|window| window.leaves_at(now)), Some(until));
        assert_eq!(
            Window::of(BudgetPeriod::Rolling(HOUR), now, &zone),
            Some(Window::Rolling(HOUR))
        );
        assert_eq!(Window::of(BudgetPeriod::Total, now, &zone), Some(Window::Total));
    }

    #[test]
    fn windows_are_told_in_words() {
        let words = |secs| Window::Rolling(Duration::from_secs(secs)).to_string();
        assert_eq!(words(18_000), "in 5 hours");
        assert_eq!(words(86_400), "in 1 day");
        assert_eq!(words(90), "in 90 seconds");
        assert_eq!(Window::Total.to_string(), "in all");
    }

    proptest! {
        #[test]
        fn what_is_used_counts_for_its_window_and_at_most_a_step_longer(
            period in 1u64..3_000_000,
            used_at in 0i64..4_000_000_000_000_000,
            later in 0i64..4_000_000_000_000,
        ) {
            let period = Duration::from_secs(period);
            let window = Window::Rolling(period);
            let used = Timestamp::from_micros(used_at);
            let now = Timestamp::from_micros(used_at + later);
            let counts = window.bucket(used) >= window.horizon(now);
            let age = now.since(used);
            if age < period {
                prop_assert!(counts);
            }
            let step = Duration::from_micros(step(period).unsigned_abs());
            if age >= period + step {
                prop_assert!(!counts);
            }
            prop_assert!(window.horizon(now) <= window.bucket(now));
        }
    }
}
