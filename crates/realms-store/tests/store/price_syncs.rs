//! Keeping prices up with a list: one node looks at a time, and decisions are about what was read.

use std::time::Duration;

use realms_store::{
    PriceSync, PriceSyncDone, PriceSyncOutcome, SyncFailure, SyncTrigger, WaitingCause,
    WaitingPrice,
};
use realms_types::{NodeId, Timestamp};

use crate::{
    database::Database,
    fixture::{NOW, model},
};

const LEASE: Duration = Duration::from_mins(3);
const FIRST: NodeId = NodeId::new(1);
const SECOND: NodeId = NodeId::new(2);

fn outcome(at: Timestamp) -> PriceSyncOutcome {
    PriceSyncOutcome {
        at,
        source: "prices.example/list.json".to_owned(),
        trigger: SyncTrigger::Schedule,
        same: false,
        listed: 7,
        applied: 1,
        waiting: 1,
        held_back: 1,
        pinned: 2,
        unpriced: 3,
        failure: None,
        detail: None,
    }
}

fn waits(name: &str) -> WaitingPrice {
    let price = model(name).price.unwrap();
    WaitingPrice { model: name.to_owned(), price, cause: WaitingCause::Far, dismissed: false }
}

fn done(at: Timestamp) -> PriceSyncDone {
    let etag = Some(("\"a\"".to_owned(), 7));
    PriceSyncDone { outcome: outcome(at), etag, waiting: vec![waits("a"), waits("b")] }
}

pub(crate) async fn are_made_by_one_node_at_a_time(database: &Database) {
    let store = database.open().await.unwrap();
    assert_eq!(store.read().price_sync().await.unwrap(), PriceSync::default());
    assert!(store.claim_price_sync(0, FIRST, LEASE, NOW).await.unwrap());
    assert!(!store.claim_price_sync(0, SECOND, LEASE, NOW).await.unwrap(), "it has begun");
    assert_eq!(store.read().price_sync().await.unwrap().busy_until, NOW + LEASE);

    // Its node died: another one goes on, and the first one has nothing to say any more.
    let later = NOW + LEASE;
    assert!(store.claim_price_sync(0, SECOND, LEASE, later).await.unwrap());
    let tx = store.begin().await.unwrap();
    assert!(!tx.finish_price_sync(FIRST, &done(later)).await.unwrap());
    assert!(tx.finish_price_sync(SECOND, &done(later)).await.unwrap());
    tx.commit().await.unwrap();
    let held = store.read().price_sync().await.unwrap();
    assert_eq!((held.revision, held.busy_until), (1, Timestamp::EPOCH));
    assert_eq!(held.outcome, Some(outcome(later)));
    assert_eq!((&held.waiting, &held.etag), (&done(later).waiting, &done(later).etag));
    assert!(!store.claim_price_sync(0, FIRST, LEASE, later).await.unwrap(), "it has looked since");
    assert!(store.claim_price_sync(1, FIRST, LEASE, later).await.unwrap());
}

pub(crate) async fn leave_prices_that_somebody_decides_about_once(database: &Database) {
    let store = database.open().await.unwrap();
    assert!(store.claim_price_sync(0, FIRST, LEASE, NOW).await.unwrap());
    let tx = store.begin().await.unwrap();
    assert!(tx.finish_price_sync(FIRST, &done(NOW)).await.unwrap());
    tx.commit().await.unwrap();

    let dismissed = vec![WaitingPrice { dismissed: true, ..waits("a") }, waits("b")];
    for (revision, expected) in [(0, false), (1, true), (1, false)] {
        let tx = store.begin().await.unwrap();
        let kept = tx.keep_waiting_prices(revision, &dismissed).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(kept, expected, "{revision}");
    }
    assert_eq!(store.read().price_sync().await.unwrap().waiting, dismissed);

    // Nothing waits, no tag, a long reason.
    assert!(store.claim_price_sync(2, FIRST, LEASE, NOW).await.unwrap());
    let outcome = PriceSyncOutcome {
        failure: Some(SyncFailure::NotAList),
        detail: Some("é".repeat(400)),
        ..outcome(NOW)
    };
    let tx = store.begin().await.unwrap();
    let bare = PriceSyncDone { outcome, etag: None, waiting: Vec::new() };
    assert!(tx.finish_price_sync(FIRST, &bare).await.unwrap());
    tx.commit().await.unwrap();
    let held = store.read().price_sync().await.unwrap();
    let told = held.outcome.unwrap();
    assert_eq!((told.failure, told.detail.unwrap().len()), (Some(SyncFailure::NotAList), 500));
    assert_eq!((held.waiting, held.etag), (Vec::new(), None));
}
