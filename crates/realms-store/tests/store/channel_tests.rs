//! How tests of channels went, and whose turn it is.

use std::time::Duration;

use realms_store::{
    ChannelTestRecord, Counts, Store, TestDepth, TestOutcome, TestTrigger, TestTurn,
};
use realms_types::{ChannelId, ChannelTestId, DialectId, Finding, NodeId, Timestamp};

use crate::{
    database::Database,
    fixture::{NOW, channel, ids},
};

const MINUTE: Duration = Duration::from_mins(1);
const DAY: Duration = Duration::from_hours(24);

async fn saved(store: &Store, name: &str) -> ChannelId {
    let channel = channel(name);
    let mut tx = store.begin().await.unwrap();
    tx.insert_channel(&channel).await.unwrap();
    tx.commit().await.unwrap();
    channel.id
}

fn test(id: i64, channel: ChannelId, trigger: TestTrigger) -> ChannelTestRecord {
    ChannelTestRecord {
        id: ChannelTestId::new(id),
        channel_id: channel,
        endpoint_id: Some(ids().next()),
        credential_id: None,
        trigger,
        depth: TestDepth::Scan,
        dialect: DialectId::Messages,
        model: "m".to_owned(),
        upstream_model: "m-1".to_owned(),
        answered_model: Some("m-2".to_owned()),
        streamed: true,
        started_at: NOW,
        first_event_us: Some(1_200),
        duration_us: 3_400,
        status: Some(200),
        outcome: TestOutcome::Flawed,
        cause: Some("other".to_owned()),
        detail: Some("it broke off".to_owned()),
        seen: Some(Counts { input: 4, output: 5 }),
        counted: None,
        tools_ok: Some(false),
        findings: vec![Finding::OtherModel, Finding::Burst],
    }
}

async fn insert(store: &Store, record: &ChannelTestRecord) {
    assert!(store.insert_channel_test(record).await.unwrap());
}

async fn list(store: &Store, channel: ChannelId) -> Vec<i64> {
    let (mut found, mut before) = (Vec::new(), None);
    loop {
        let page = store.read().list_channel_tests(channel, before, 200).await.unwrap();
        found.extend(page.records.iter().map(|record| record.id.raw()));
        before = page.next;
        if before.is_none() {
            return found;
        }
    }
}

pub(crate) async fn are_listed_newest_first_page_by_page(database: &Database) {
    let store = database.open().await.unwrap();
    let (one, other) = (saved(&store, "one").await, saved(&store, "other").await);
    for id in 1..=5 {
        insert(&store, &test(id, one, TestTrigger::Manual)).await;
    }
    let bare = ChannelTestRecord {
        endpoint_id: None,
        answered_model: None,
        first_event_us: None,
        status: None,
        cause: None,
        detail: Some("é".repeat(400)),
        seen: None,
        counted: Some(Counts { input: u64::MAX, output: 0 }),
        tools_ok: None,
        findings: Vec::new(),
        ..test(6, other, TestTrigger::Probe)
    };
    insert(&store, &bare).await;

    let page = store.read().list_channel_tests(one, None, 2).await.unwrap();
    let newest = &page.records[0];
    let written = test(5, one, TestTrigger::Manual);
    assert_eq!(*newest, ChannelTestRecord { endpoint_id: newest.endpoint_id, ..written });
    assert_eq!(page.next, Some(ChannelTestId::new(4)));
    let page = store.read().list_channel_tests(one, page.next, 3).await.unwrap();
    assert_eq!(page.records.iter().map(|record| record.id.raw()).collect::<Vec<_>>(), [3, 2, 1]);
    assert_eq!(page.next, None, "the last page is full and says so");

    let found = store.read().list_channel_tests(other, None, 9).await.unwrap().records.remove(0);
    let counted = Some(Counts { input: u64::try_from(i64::MAX).unwrap(), output: 0 });
    let detail = found.detail.clone();
    assert!(detail.as_ref().is_some_and(|text| text.len() <= 500), "{detail:?}");
    assert_eq!(found, ChannelTestRecord { counted, detail, ..bare });

    let mut tx = store.begin().await.unwrap();
    tx.delete_channel(one).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(list(&store, one).await, [0; 0], "they go with their channel");
    let late = test(7, one, TestTrigger::Manual);
    assert!(!store.insert_channel_test(&late).await.unwrap(), "a test outlived its channel");
}

pub(crate) async fn are_forgotten_when_old_or_many(database: &Database) {
    let store = database.open().await.unwrap();
    let (one, other) = (saved(&store, "one").await, saved(&store, "other").await);
    for id in 1..=203 {
        insert(&store, &test(id, one, TestTrigger::Schedule)).await;
    }
    insert(&store, &test(300, one, TestTrigger::Manual)).await;
    insert(&store, &test(301, other, TestTrigger::Manual)).await;
    let old = Timestamp::from_micros(NOW.as_micros() - 1) - DAY;
    insert(&store, &ChannelTestRecord { started_at: old, ..test(302, other, TestTrigger::Probe) })
        .await;
    assert_eq!(store.purge_channel_tests(NOW).await.unwrap(), 3, "the oldest of the many");
    let left = list(&store, one).await;
    assert_eq!((left.len(), left[0], left[200]), (201, 300, 4), "one trigger buries no other");
    assert_eq!(list(&store, other).await, [302, 301]);
    assert_eq!(store.purge_channel_tests(NOW + 29 * DAY).await.unwrap(), 1, "older than 30 days");
    assert_eq!(list(&store, other).await, [301]);
    assert_eq!(store.purge_channel_tests(NOW + 30 * DAY).await.unwrap(), 202);
    assert_eq!(store.purge_channel_tests(NOW + 30 * DAY).await.unwrap(), 0);
}

pub(crate) async fn are_made_by_one_node_when_due(database: &Database) {
    let store = database.open().await.unwrap();
    let one = saved(&store, "one").await;
    let (here, there): (NodeId, NodeId) = (ids().next(), ids().next());
    let claim = async |node, now| {
        store.claim_channel_test(one, node, 10 * MINUTE, 2 * MINUTE, now).await.unwrap()
    };
    assert_eq!(store.read().list_channel_test_turns().await.unwrap(), []);
    let (first, second) = tokio::join!(claim(here, NOW), claim(there, NOW));
    assert!(first != second, "one of them has the turn: {first} {second}");
    let turn = TestTurn { channel_id: one, tested_at: NOW };
    assert_eq!(store.read().list_channel_test_turns().await.unwrap(), [turn]);

    let owner = if first { here } else { there };
    store.release_channel_test(one, owner).await.unwrap();
    assert!(!claim(here, NOW + 9 * MINUTE).await, "it is not due");
    assert!(claim(here, NOW + 10 * MINUTE).await);
    assert!(!claim(there, NOW + 11 * MINUTE).await, "it is being done");

    // With a schedule shorter than the lease, what one holds nobody else takes until the lease is over.
    let eager = async |now| {
        store.claim_channel_test(one, there, Duration::ZERO, 2 * MINUTE, now).await.unwrap()
    };
    assert!(!eager(NOW + 11 * MINUTE).await);
    store.release_channel_test(one, there).await.unwrap();
    assert!(!eager(NOW + 11 * MINUTE).await, "only its holder gives a turn back");
    assert!(eager(NOW + 12 * MINUTE).await, "its holder died");
}
