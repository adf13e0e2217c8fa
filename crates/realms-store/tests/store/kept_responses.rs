//! Responses of upstreams that keep none: for their owner, until they are old or others are newer.

use std::time::Duration;

use realms_store::{KeptResponse, LONGEST_RESPONSE_ID};
use realms_types::{ApiKeyId, KeptResponseId, Timestamp, UserId};

use crate::{
    database::Database,
    fixture::{api_key, user, user_group},
};

const NOW: Timestamp = Timestamp::from_secs(1_800_000_000);
const HOUR: Duration = Duration::from_hours(1);
const ANA: UserId = UserId::new(7);
const BOB: UserId = UserId::new(8);

fn kept(id: i64, response: &str) -> KeptResponse {
    KeptResponse {
        id: KeptResponseId::new(id),
        user_id: ANA,
        response_id: response.to_owned(),
        api_key_id: ApiKeyId::new(70),
        content: Some(format!("v1.sealed-{id}")),
        created_at: NOW,
        expires_at: NOW + HOUR,
    }
}

pub(crate) async fn are_found_by_their_owner_until_they_are_old(database: &Database) {
    let store = database.open().await.unwrap();
    let first = kept(1, "resp_a");
    store.keep_response(&first, 10).await.unwrap();
    let large = KeptResponse { content: None, ..kept(2, "resp_b") };
    store.keep_response(&large, 10).await.unwrap();
    for one in [&first, &large] {
        let found = store.read().find_kept_response(ANA, &one.response_id, NOW).await.unwrap();
        assert_eq!(found.as_ref(), Some(one));
    }
    for (user, id, now) in [
        (BOB, "resp_a", NOW),
        (ANA, "RESP_A", NOW),
        (ANA, "resp_c", NOW),
        (ANA, "resp_a\0", NOW),
        (ANA, "resp_a", NOW + HOUR),
    ] {
        let found = store.read().find_kept_response(user, id, now).await.unwrap();
        assert_eq!(found, None, "{user} {id:?}");
    }
    assert!(!store.delete_kept_response(BOB, "resp_a").await.unwrap());
    assert!(store.delete_kept_response(ANA, "resp_a").await.unwrap());
    assert!(!store.delete_kept_response(ANA, "resp_a").await.unwrap(), "once");
    assert_eq!(store.purge_kept_responses(NOW).await.unwrap(), 0);
    assert_eq!(store.purge_kept_responses(NOW + HOUR).await.unwrap(), 1);
}

pub(crate) async fn of_one_id_are_the_newest(database: &Database) {
    let store = database.open().await.unwrap();
    let (first, second) = (kept(1, "resp_a"), kept(2, "resp_a"));
    let theirs = KeptResponse { user_id: BOB, ..kept(3, "resp_a") };
    // The same twice, as it is tried again after a failure.
    for one in [&first, &second, &second, &theirs] {
        store.keep_response(one, 10).await.unwrap();
    }
    let found = store.read().find_kept_response(ANA, "resp_a", NOW).await.unwrap();
    assert_eq!(found, Some(second));
    let found = store.read().find_kept_response(BOB, "resp_a", NOW).await.unwrap();
    assert_eq!(found, Some(theirs));
    // What no column could hold is not kept, and is no error.
    let long = "r".repeat(LONGEST_RESPONSE_ID + 1);
    store.keep_response(&kept(4, &long), 10).await.unwrap();
    assert_eq!(store.read().find_kept_response(ANA, &long, NOW).await.unwrap(), None);
    // As much as a setting allows.
    let large = KeptResponse { content: Some("x".repeat(5_700_000)), ..kept(5, "resp_l") };
    store.keep_response(&large, 10).await.unwrap();
    let found = store.read().find_kept_response(ANA, "resp_l", NOW).await.unwrap().unwrap();
    assert_eq!(found.content.map(|content| content.len()), Some(5_700_000));
}

pub(crate) async fn of_one_key_are_so_many(database: &Database) {
    let store = database.open().await.unwrap();
    let other = KeptResponse { api_key_id: ApiKeyId::new(71), ..kept(1, "resp_other") };
    store.keep_response(&other, 3).await.unwrap();
    for number in 2..8 {
        store.keep_response(&kept(number, &format!("resp_{number}")), 3).await.unwrap();
    }
    let mut there = Vec::new();
    for number in 2..8 {
        let id = format!("resp_{number}");
        let found = store.read().find_kept_response(ANA, &id, NOW).await.unwrap();
        there.extend(found.map(|_| number));
    }
    assert_eq!(there, [5, 6, 7], "the oldest go first");
    let found = store.read().find_kept_response(ANA, "resp_other", NOW).await.unwrap();
    assert_eq!(found, Some(other));
}

pub(crate) async fn go_with_their_user_and_their_key(database: &Database) {
    let store = database.open().await.unwrap();
    let group = user_group("default", Vec::new());
    let ana = user("ana", group.id);
    let keys = [api_key(ana.id, "laptop", [1; 32]), api_key(ana.id, "phone", [2; 32])];
    let mut tx = store.begin().await.unwrap();
    tx.insert_user_group(&group).await.unwrap();
    tx.insert_user(&ana).await.unwrap();
    for key in &keys {
        tx.insert_api_key(key).await.unwrap();
    }
    tx.commit().await.unwrap();
    for (number, key) in (1..).zip(&keys) {
        let id = format!("resp_{number}");
        let own = KeptResponse { user_id: ana.id, api_key_id: key.id, ..kept(number, &id) };
        store.keep_response(&own, 10).await.unwrap();
    }
    let there =
        async |id: &str| store.read().find_kept_response(ana.id, id, NOW).await.unwrap().is_some();
    let mut tx = store.begin().await.unwrap();
    tx.delete_api_key(keys[0].id).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!((there("resp_1").await, there("resp_2").await), (false, true));
    let mut tx = store.begin().await.unwrap();
    tx.delete_user(ana.id).await.unwrap();
    tx.commit().await.unwrap();
    assert!(!there("resp_2").await);
}
