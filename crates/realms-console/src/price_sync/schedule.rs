//! When the list is looked at next. Pure.

use std::time::Duration;

use realms_catalog::PriceSyncSettings;
use realms_store::PriceSync;
use realms_types::Timestamp;

use super::shown;

/// What came to nothing is tried again no later than this.
const AGAIN: Duration = Duration::from_hours(1);
/// At most so much later than the settings say: not everybody asks at the same moment.
const SPREAD: Duration = Duration::from_mins(10);

/// When the list is looked at next; `None`: not by itself. A list at another address is looked at at once.
pub(crate) fn next_look(settings: &PriceSyncSettings, held: &PriceSync) -> Option<Timestamp> {
    let (url, every) = (settings.url.as_ref()?, settings.every()?);
    let Some(last) = held.outcome.as_ref().filter(|last| last.source == shown(url)) else {
        return Some(Timestamp::EPOCH);
    };
    let wait = if last.failure.is_some() { every.min(AGAIN) } else { every };
    Some(last.at + wait + spread(last.at, wait))
}

/// The part of a wait that nobody set: told by a moment, so that every node says the same.
fn spread(since: Timestamp, wait: Duration) -> Duration {
    let most = u64::try_from((wait / 20).min(SPREAD).as_micros()).unwrap_or(u64::MAX);
    Duration::from_micros(since.as_micros().unsigned_abs().checked_rem(most).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use realms_store::{PriceSyncOutcome, SyncFailure};

    use super::{super::outcome::nothing, *};

    const HOUR: Duration = Duration::from_hours(1);
    const NOW: Timestamp = Timestamp::from_micros(1_800_000_000_123_456);

    fn settings(hours: u32) -> PriceSyncSettings {
        let url = Some("https://prices.example/list.json?key=s3cret".parse().unwrap());
        PriceSyncSettings { url, hours, ..PriceSyncSettings::default() }
    }

    fn looked(failure: Option<SyncFailure>) -> PriceSync {
        let source = shown(settings(1).url.as_ref().unwrap());
        let outcome = PriceSyncOutcome { at: NOW, source, failure, ..nothing() };
        PriceSync { outcome: Some(outcome), ..PriceSync::default() }
    }

    #[test]
    fn nobody_looks_unasked() {
        assert_eq!(next_look(&settings(0), &PriceSync::default()), None);
        let nowhere = PriceSyncSettings { url: None, ..settings(1) };
        assert_eq!(next_look(&nowhere, &PriceSync::default()), None);
    }

    #[test]
    fn what_was_never_looked_at_is_due_at_once() {
        assert_eq!(next_look(&settings(24), &PriceSync::default()), Some(Timestamp::EPOCH));
        let url = Some("https://elsewhere.example/list.json".parse().unwrap());
        let moved = PriceSyncSettings { url, ..settings(24) };
        assert_eq!(next_look(&moved, &looked(None)), Some(Timestamp::EPOCH));
    }

    #[test]
    fn the_next_look_is_an_interval_later_or_a_little_more() {
        for (hours, failure, least) in [
            (1, None, HOUR),
            (24, None, HOUR * 24),
            (720, None, HOUR * 720),
            (24, Some(SyncFailure::Unreachable), HOUR),
        ] {
            let next = next_look(&settings(hours), &looked(failure)).unwrap();
            let wait = next.since(NOW);
            assert!(wait >= least && wait <= least + SPREAD, "{hours}: {wait:?}");
        }
    }
}
