//! Calls whose usage cannot be true: they wait for somebody, who decides once.

use realms_store::{ReviewFilter, ReviewNote, ReviewStep, Store, UsageRecord};
use realms_types::{Billing, Money, RecordId};

use crate::{
    database::Database,
    fixture::{NOW, ids, usage},
};

/// So many records in the order of their ids, every other one of them doubted.
fn batch(count: i64) -> Vec<UsageRecord> {
    let (user, key) = (ids().next(), ids().next());
    let record = |number: i64| {
        let is_doubted = number % 2 == 0;
        let billing = if is_doubted { Billing::Quarantined } else { Billing::Charged };
        let record = usage(user, key);
        let cost = record.cost.filter(|_| !is_doubted);
        UsageRecord { id: RecordId::new(number), cost, billing: Some(billing), ..record }
    };
    (1..=count).map(record).collect()
}

fn note() -> ReviewNote {
    ReviewNote { at: NOW, by: "root".to_owned(), reason: "a mistake of the vendor".to_owned() }
}

/// Decides in a transaction of its own; tells whether it was this that did.
async fn waive(store: &Store, call: &UsageRecord) -> bool {
    let step = ReviewStep {
        record: call.id,
        request_id: call.request_id,
        started_at: call.started_at,
        charge: Money::ZERO,
        note: note(),
    };
    let tx = store.begin().await.unwrap();
    let done = tx.review_usage(&step).await.unwrap();
    tx.commit().await.unwrap();
    done
}

async fn list(store: &Store, filter: ReviewFilter) -> Vec<i64> {
    let found = store.read().list_reviews(filter).await.unwrap();
    found.iter().map(|one| one.record.raw()).collect()
}

pub(crate) async fn wait_until_somebody_decides(database: &Database) {
    let store = database.open().await.unwrap();
    let calls = batch(10);
    store.insert_usage(&calls).await.unwrap();
    let first = ReviewFilter { limit: 3, ..ReviewFilter::default() };
    assert_eq!(list(&store, first).await, [10, 8, 6]);
    let next = ReviewFilter { before: Some(RecordId::new(6)), ..first };
    assert_eq!(list(&store, next).await, [4, 2]);
    assert_eq!(store.read().count_reviews(false).await.unwrap(), 5);
    assert!(store.read().find_review(calls[0].id).await.unwrap().is_none(), "nobody doubts it");

    assert!(waive(&store, &calls[7]).await);
    assert!(!waive(&store, &calls[7]).await, "once");
    assert!(!waive(&store, &calls[0]).await, "nobody doubts it");
    let found = store.find_usage(calls[7].request_id).await.unwrap().unwrap();
    assert_eq!((found.billing, found.cost), (Some(Billing::Waived), Some(Money::ZERO)));
    let review = store.read().find_review(calls[7].id).await.unwrap().unwrap();
    assert_eq!(review.note, Some(note()));

    // A record that comes once more opens nothing again.
    store.insert_usage(&calls).await.unwrap();
    let all = ReviewFilter { limit: 100, ..ReviewFilter::default() };
    assert_eq!(list(&store, all).await, [10, 6, 4, 2]);
    assert_eq!(list(&store, ReviewFilter { decided: true, ..all }).await, [8]);
    assert_eq!(store.read().count_reviews(true).await.unwrap(), 1);

    // One whose id was taken waits under the id it got.
    let clash = UsageRecord { id: calls[9].id, ..batch(2).remove(1) };
    store.insert_usage(std::slice::from_ref(&clash)).await.unwrap();
    let id = store.find_usage(clash.request_id).await.unwrap().unwrap().id;
    assert_eq!(list(&store, all).await, [id.raw(), 10, 6, 4, 2]);
}

pub(crate) async fn of_calls_that_were_not_released_charge_nothing(database: &Database) {
    let store = database.open().await.unwrap();
    let calls = batch(2);
    store.insert_usage(&calls).await.unwrap();
    let call = &calls[1];
    let step = ReviewStep {
        record: call.id,
        request_id: call.request_id,
        started_at: call.started_at,
        charge: Money::from_nano(7),
        note: note(),
    };
    let tx = store.begin().await.unwrap();
    // It has no hold at all: the transaction must not go on.
    assert!(tx.review_usage(&step).await.is_err());
    drop(tx);
    let found = store.find_usage(call.request_id).await.unwrap().unwrap();
    assert_eq!((found.billing, found.cost), (Some(Billing::Quarantined), None));
    assert_eq!(store.read().count_reviews(false).await.unwrap(), 1);
}
