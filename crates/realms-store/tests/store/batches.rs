//! Changes of many objects at once.

use std::time::Duration;

use realms_store::{BatchDone, BatchPurpose, BatchRecord, Store, StoreError};
use realms_types::{BatchId, Timestamp};

use crate::{
    database::Database,
    fixture::{NOW, ids},
};

const LATER: Timestamp = Timestamp::from_micros(1_795_000_600_000_000);

fn batch(id: BatchId, owner: &str) -> BatchRecord {
    BatchRecord {
        id,
        owner: owner.to_owned(),
        purpose: BatchPurpose::Apply,
        content: "{}".to_owned(),
        created_at: NOW,
        expires_at: LATER,
        done: None,
    }
}

fn done(key: &str, outcome: &str) -> BatchDone {
    BatchDone { at: LATER, key: Some(key.to_owned()), outcome: outcome.to_owned() }
}

async fn insert(store: &Store, record: &BatchRecord) {
    let mut tx = store.begin().await.unwrap();
    tx.insert_batch(record).await.unwrap();
    tx.commit().await.unwrap();
}

async fn finish(store: &Store, id: BatchId, done: &BatchDone) -> Result<(), StoreError> {
    let mut tx = store.begin().await.unwrap();
    tx.finish_batch(id, done).await?;
    tx.commit().await
}

pub(crate) async fn are_found_by_their_owner_and_done_once(database: &Database) {
    let store = database.open().await.unwrap();
    let ids = ids();
    let (first, second, third): (BatchId, BatchId, BatchId) = (ids.next(), ids.next(), ids.next());
    for (id, owner) in [(first, "user:1"), (second, "user:1"), (third, "user:2")] {
        insert(&store, &batch(id, owner)).await;
    }
    let found = store.read().find_batch("user:1", first).await.unwrap();
    assert_eq!(found, Some(batch(first, "user:1")));
    assert_eq!(store.read().find_batch("user:2", first).await.unwrap(), None, "another's");

    finish(&store, first, &done("k", "[1]")).await.unwrap();
    let twice = finish(&store, first, &done("other", "[2]")).await;
    assert!(matches!(twice, Err(StoreError::Conflict { .. })), "{twice:?}");
    let same_key = finish(&store, second, &done("k", "[2]")).await;
    assert!(matches!(same_key, Err(StoreError::Conflict { .. })), "{same_key:?}");
    finish(&store, third, &done("k", "[3]")).await.unwrap();
    let found = store.read().find_batch("user:1", first).await.unwrap().unwrap();
    assert_eq!(found.done, Some(done("k", "[1]")));
    assert_eq!(store.read().find_batch("user:1", second).await.unwrap().unwrap().done, None);

    let undo = BatchRecord { purpose: BatchPurpose::Undo, ..batch(ids.next(), "user:1") };
    insert(&store, &undo).await;
    finish(&store, second, &BatchDone { key: None, ..done("", "[]") }).await.unwrap();
    finish(&store, undo.id, &BatchDone { key: None, ..done("", "[]") }).await.unwrap();
}

pub(crate) async fn hold_long_texts_and_are_forgotten(database: &Database) {
    let store = database.open().await.unwrap();
    let ids = ids();
    let first: BatchId = ids.next();
    // Longer than the shortest long text of the three databases.
    let content = "é".repeat(100_000);
    let long = BatchRecord { content: content.clone(), ..batch(first, "user:1") };
    insert(&store, &long).await;
    finish(&store, first, &done("k", &content)).await.unwrap();
    let found = store.read().find_batch("user:1", first).await.unwrap().unwrap();
    assert_eq!(found.done.unwrap().outcome, content);

    for _ in 0..49 {
        insert(&store, &batch(ids.next(), "user:1")).await;
    }
    assert!(store.read().find_batch("user:1", first).await.unwrap().is_some(), "the fiftieth");
    let last: BatchId = ids.next();
    insert(&store, &batch(last, "user:1")).await;
    assert!(store.read().find_batch("user:1", first).await.unwrap().is_none(), "one too many");

    assert_eq!(store.purge_batches(LATER + Duration::from_hours(1)).await.unwrap(), 0);
    assert_eq!(store.purge_batches(LATER + Duration::from_hours(3)).await.unwrap(), 50);
    assert!(store.read().find_batch("user:1", last).await.unwrap().is_none());
}
