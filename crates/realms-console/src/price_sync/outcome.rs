//! What a look came to, as it is written down. Pure.

use realms_store::{
    PriceSync as Held, PriceSyncDone, PriceSyncOutcome, SyncFailure, SyncTrigger, WaitingPrice,
};
use realms_types::Timestamp;

use super::{Looked, source::Failed};
use crate::prices;

/// An outcome of nothing yet.
pub(super) const fn nothing() -> PriceSyncOutcome {
    PriceSyncOutcome {
        at: Timestamp::EPOCH,
        source: String::new(),
        trigger: SyncTrigger::Schedule,
        same: false,
        listed: 0,
        applied: 0,
        waiting: 0,
        held_back: 0,
        pinned: 0,
        unpriced: 0,
        failure: None,
        detail: None,
    }
}

/// What a look leaves behind, and how many prices wait that did not wait before. A failure changes nothing.
pub(super) fn done(
    outcome: PriceSyncOutcome,
    looked: Result<Looked, Failed>,
    held: Held,
) -> (PriceSyncDone, u64) {
    let waits = |waiting: &[WaitingPrice]| count(waiting.iter().filter(|one| !one.dismissed));
    match looked {
        Err(Failed { failure, detail }) => {
            let outcome = PriceSyncOutcome {
                waiting: waits(&held.waiting),
                failure: Some(failure),
                detail: Some(detail),
                ..outcome
            };
            (PriceSyncDone { outcome, etag: held.etag, waiting: held.waiting }, 0)
        }
        Ok(Looked { found: None, etag, .. }) => {
            let outcome = PriceSyncOutcome { waiting: waits(&held.waiting), same: true, ..outcome };
            (PriceSyncDone { outcome, etag, waiting: held.waiting }, 0)
        }
        Ok(Looked { found: Some(found), listed, etag }) => {
            let (waiting, fresh) = prices::merge(found.waiting, &held.waiting);
            let is_far = |one: &&WaitingPrice| !one.dismissed && one.is_held_back();
            let outcome = PriceSyncOutcome {
                listed: u64::try_from(listed).unwrap_or(u64::MAX),
                applied: count(found.taken.iter()),
                waiting: waits(&waiting),
                held_back: count(waiting.iter().filter(is_far)),
                pinned: found.pinned,
                unpriced: found.unpriced,
                ..outcome
            };
            (PriceSyncDone { outcome, etag, waiting }, fresh)
        }
    }
}

fn count<T>(of: impl Iterator<Item = T>) -> u64 {
    u64::try_from(of.count()).unwrap_or(u64::MAX)
}

/// Logs it.
pub(super) fn report(outcome: &PriceSyncOutcome) {
    let PriceSyncOutcome { source, applied, waiting, pinned, .. } = outcome;
    match outcome.failure.map(SyncFailure::as_str) {
        None => {
            tracing::info!(source, applied, waiting, pinned, "prices were held against their list");
        }
        Some(failure) => {
            let detail = outcome.detail.as_deref().unwrap_or_default();
            tracing::warn!(source, failure, detail, "prices were not held against their list");
        }
    }
}

#[cfg(test)]
mod tests {
    use realms_store::WaitingCause;
    use realms_types::Price;

    use super::*;
    use crate::prices::Found;

    fn waits(model: &str, cause: WaitingCause, dismissed: bool) -> WaitingPrice {
        WaitingPrice { model: model.to_owned(), price: Price::FREE, cause, dismissed }
    }

    fn held() -> Held {
        let waiting =
            vec![waits("a", WaitingCause::Far, true), waits("b", WaitingCause::Far, false)];
        Held { etag: Some(("\"1\"".to_owned(), 7)), waiting, ..Held::default() }
    }

    #[test]
    fn a_failure_changes_nothing_but_what_is_told() {
        let failed = Failed { failure: SyncFailure::Status, detail: "404".to_owned() };
        let (done, fresh) = done(nothing(), Err(failed), held());
        assert_eq!((done.waiting, done.etag, fresh), (held().waiting, held().etag, 0));
        assert_eq!(done.outcome.failure, Some(SyncFailure::Status));
        assert_eq!((done.outcome.waiting, done.outcome.detail.as_deref()), (1, Some("404")));
    }

    #[test]
    fn the_same_list_leaves_what_waits() {
        let looked = Looked { etag: held().etag, ..Looked::default() };
        let (done, fresh) = done(nothing(), Ok(looked), held());
        assert!(done.outcome.same && done.outcome.failure.is_none());
        assert_eq!((done.waiting, done.outcome.waiting, fresh), (held().waiting, 1, 0));
    }

    #[test]
    fn what_was_found_is_counted_without_what_was_decided_against() {
        let waiting = vec![
            waits("a", WaitingCause::Far, false),
            waits("b", WaitingCause::Far, false),
            waits("c", WaitingCause::Review, false),
        ];
        let found = Found { waiting, pinned: 2, unpriced: 3, ..Found::default() };
        let looked = Looked { found: Some(found), listed: 9, etag: None };
        let (done, fresh) = done(nothing(), Ok(looked), held());
        let told = &done.outcome;
        assert_eq!((told.listed, told.waiting, told.held_back, fresh), (9, 2, 1, 1));
        assert_eq!((told.pinned, told.unpriced, done.etag), (2, 3, None));
    }
}
