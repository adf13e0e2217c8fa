//! Calls under a key of their client's choice: one claim wins, and its answer is found until it expires.

use std::time::Duration;

use realms_store::{IdempotentCall, IdempotentState};
use realms_types::{ApiKeyId, IdempotentCallId, NodeId, Timestamp};

use crate::database::Database;

const NOW: Timestamp = Timestamp::from_secs(1_800_000_000);
const HOUR: Duration = Duration::from_hours(1);

fn call(id: i64, key: u8) -> IdempotentCall {
    IdempotentCall {
        id: IdempotentCallId::new(id),
        key_hash: [key; 32],
        fingerprint: [0xa5; 32],
        api_key_id: ApiKeyId::new(7),
        request_id: format!("request-{id}"),
        node_id: NodeId::new(1),
        state: IdempotentState::Running,
        answer: None,
        created_at: NOW,
        expires_at: NOW + HOUR,
    }
}

pub(crate) async fn have_one_owner_each(database: &Database) {
    let store = database.open().await.unwrap();
    let (first, second) = (call(1, 1), call(2, 1));
    assert_eq!(store.claim_idempotent_call(&first).await.unwrap(), None);
    assert_eq!(store.claim_idempotent_call(&second).await.unwrap(), Some(first.clone()));

    let kept = IdempotentState::Kept;
    assert!(store.close_idempotent_call(first.id, kept, Some("v1.sealed")).await.unwrap());
    assert!(!store.close_idempotent_call(first.id, kept, Some("later")).await.unwrap(), "once");
    let there = store.read().find_idempotent_call(&[1; 32]).await.unwrap().unwrap();
    assert_eq!((there.state, there.answer.as_deref()), (kept, Some("v1.sealed")));

    // What is over makes room for another call, before anybody has swept.
    let later =
        IdempotentCall { created_at: NOW + HOUR, expires_at: NOW + HOUR + HOUR, ..second.clone() };
    assert_eq!(store.claim_idempotent_call(&later).await.unwrap(), None);
    store.free_idempotent_call(later.id).await.unwrap();
    assert_eq!(store.read().find_idempotent_call(&[1; 32]).await.unwrap(), None);
}

pub(crate) async fn that_come_at_once_have_one_owner(database: &Database) {
    let store = database.open().await.unwrap();
    for key in 0..8 {
        let claims = (0..6).map(|number| {
            let (store, call) = (store.clone(), call(100 * i64::from(key) + number, key));
            tokio::spawn(async move { store.claim_idempotent_call(&call).await.unwrap() })
        });
        let mut owners = 0;
        for claim in claims.collect::<Vec<_>>() {
            owners += usize::from(claim.await.unwrap().is_none());
        }
        assert_eq!(owners, 1, "of key {key}");
    }
}

pub(crate) async fn are_forgotten_when_they_expire_or_are_many(database: &Database) {
    let store = database.open().await.unwrap();
    let hash = |number: u16| {
        let mut hash = [0; 32];
        hash[..2].copy_from_slice(&number.to_be_bytes());
        hash
    };
    for number in 0..1_003 {
        let call = IdempotentCall { key_hash: hash(number), ..call(i64::from(number), 0) };
        assert_eq!(store.claim_idempotent_call(&call).await.unwrap(), None);
        if number != 1 {
            let closed =
                store.close_idempotent_call(call.id, IdempotentState::TooLarge, None).await;
            assert!(closed.unwrap());
        }
    }
    assert_eq!(store.purge_idempotent_calls(NOW).await.unwrap(), 2, "of the oldest, but 1 runs");
    let running = store.read().find_idempotent_call(&hash(1)).await.unwrap();
    assert_eq!(running.map(|call| call.state), Some(IdempotentState::Running));
    assert_eq!(store.purge_idempotent_calls(NOW + HOUR).await.unwrap(), 1_001);
}
