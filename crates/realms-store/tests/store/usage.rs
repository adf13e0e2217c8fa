//! Usage records: written in batches, once, whatever is in them.

use realms_store::{FaultRecord, Store, TraceRecord, UsageFilter, UsageRecord};
use realms_types::{Money, RecordId, RequestId, Timestamp, UserId};

use crate::{
    database::Database,
    fixture::{NOW, api_key, ids, usage},
    identity::ana,
};

fn of(user: UserId) -> UsageFilter {
    UsageFilter { user: Some(user), limit: 200, ..Default::default() }
}

/// `count` records in the order of their ids.
fn batch(count: i64, user: UserId) -> Vec<UsageRecord> {
    let key = ids().next();
    let record = |number: i64| UsageRecord {
        id: RecordId::new(number),
        started_at: Timestamp::from_micros(NOW.as_micros() + number),
        ..usage(user, key)
    };
    (1..=count).map(record).collect()
}

pub(crate) async fn is_written_once_with_its_attempts(database: &Database) {
    let store = database.open().await.unwrap();
    let user = ids().next();
    // Enough for statements of every size.
    let records = batch(571, user);
    store.insert_usage(&records).await.unwrap();
    store.insert_usage(&records).await.unwrap();
    store.insert_usage(&records[550..]).await.unwrap();
    store.insert_usage(&[]).await.unwrap();

    assert_eq!(store.sum_usage(&of(user)).await.unwrap().calls, 571);
    let last = records.last().unwrap();
    let found = store.find_usage(last.request_id).await.unwrap().unwrap();
    assert_eq!(&found, last, "every column comes back as it went in");
    assert_eq!(found.attempts.len(), 2);
    let unknown: RequestId = ids().next_request();
    assert!(store.find_usage(unknown).await.unwrap().is_none());

    let mut copy = records[0].clone();
    copy.id = RecordId::new(9_999);
    store.insert_usage(&[copy]).await.unwrap();
    assert_eq!(store.sum_usage(&of(user)).await.unwrap().calls, 571, "one record for a request");

    // Two nodes may draw the same id in the same millisecond: neither record may be lost for it.
    let clash = UsageRecord { id: last.id, ..batch(1, user).remove(0) };
    store.insert_usage(std::slice::from_ref(&clash)).await.unwrap();
    let found = store.find_usage(clash.request_id).await.unwrap().unwrap();
    assert_ne!(found.id, clash.id);
    assert_eq!(found.attempts.len(), 2);
    assert_eq!(store.sum_usage(&of(user)).await.unwrap().calls, 572);
}

pub(crate) async fn is_written_with_its_trace(database: &Database) {
    let store = database.open().await.unwrap();
    let user = ids().next();
    let mut records = batch(60, user);
    let fault = FaultRecord { code: "invalid".to_owned(), message: "a\0b \u{1f980} ".repeat(40) };
    for (version, record) in (1..).zip(&mut records) {
        let fault = Some(fault.clone());
        let trace = TraceRecord { catalog_version: version, fault, ..TraceRecord::default() };
        record.trace = Some(Box::new(trace));
    }
    records[7].trace = None;
    store.insert_usage(&records).await.unwrap();
    store.insert_usage(&records).await.unwrap();
    let found = store.find_trace(records[59].id).await.unwrap().unwrap();
    assert_eq!((found.catalog_version, found.fault), (60, Some(fault)));
    assert_eq!(store.find_trace(records[7].id).await.unwrap(), None);

    // A record that got another id takes its trace along.
    let trace = TraceRecord { catalog_version: 99, ..TraceRecord::default() };
    let mut clash = batch(1, user).remove(0);
    clash.trace = Some(Box::new(trace.clone()));
    store.insert_usage(std::slice::from_ref(&clash)).await.unwrap();
    let id = store.find_usage(clash.request_id).await.unwrap().unwrap().id;
    assert_ne!(id, clash.id);
    assert_eq!(store.find_trace(id).await.unwrap(), Some(trace));
}

pub(crate) async fn bears_whatever_clients_send(database: &Database) {
    let store = database.open().await.unwrap();
    let user = ids().next();
    let long = format!("nul\0{}", "é".repeat(3_000));
    let mut hostile = usage(user, ids().next());
    hostile.client_request_id = Some(long.clone());
    hostile.operation.clone_from(&long);
    hostile.model.clone_from(&long);
    hostile.upstream_model = Some(long.clone());
    hostile.answered_model = Some(long.clone());
    hostile.price = Some(" ".repeat(20_000));
    hostile.client_address = Some(long.clone());
    hostile.user_agent = Some(long.clone());
    hostile.usage.input = u64::MAX;
    hostile.attempts[0].detail = Some(long.clone());
    hostile.attempts[0].upstream_request_id = Some(long.clone());
    let good = usage(user, ids().next());
    store.insert_usage(&[hostile.clone(), good.clone()]).await.unwrap();

    assert_eq!(store.find_usage(good.request_id).await.unwrap(), Some(good));
    let kept = store.find_usage(hostile.request_id).await.unwrap().unwrap();
    assert!(kept.model.starts_with("nul\u{fffd}éé") && kept.model.len() <= 257, "{}", kept.model);
    assert_eq!(kept.price, None);
    assert_eq!(kept.attempts[0].detail.as_ref().unwrap().chars().count(), 514);
}

pub(crate) async fn is_found_by_every_filter_and_page(database: &Database) {
    let store = database.open().await.unwrap();
    let user = ids().next();
    let mut records = batch(25, user);
    records[3].model = String::from("Other");
    records[4].model = String::from("other");
    store.insert_usage(&records).await.unwrap();
    store.insert_usage(&[usage(ids().next(), ids().next())]).await.unwrap();

    let mut seen = Vec::new();
    let mut filter = UsageFilter { limit: 10, ..of(user) };
    loop {
        let page = store.list_usage(&filter).await.unwrap();
        seen.extend(page.records);
        let Some(next) = page.next else { break };
        filter.before = Some(next);
    }
    records.reverse();
    assert_eq!(seen, records, "newest first, each once, with attempts");

    let third = &records[2];
    let channel = third.attempts[0].channel_id;
    let failed_over = UsageFilter { channel: Some(channel), ..of(user) };
    assert_eq!(ids_of(&store, failed_over).await, [third.id], "by any attempt, not the last only");
    let model = UsageFilter { model: Some("other".to_owned()), ..of(user) };
    assert_eq!(ids_of(&store, model).await, [RecordId::new(5)], "case decides");
    let key = UsageFilter { api_key: Some(third.api_key_id), user: None, ..of(user) };
    assert_eq!(ids_of(&store, key).await.len(), 25);
    let hour = UsageFilter {
        since: Some(third.started_at),
        until: Some(records[0].started_at),
        ..of(user)
    };
    assert_eq!(ids_of(&store, hour).await, [records[1].id, third.id]);
}

async fn ids_of(store: &Store, filter: UsageFilter) -> Vec<RecordId> {
    let page = store.list_usage(&filter).await.unwrap();
    page.records.iter().map(|record| record.id).collect()
}

pub(crate) async fn sums_are_whole_numbers(database: &Database) {
    let store = database.open().await.unwrap();
    let user = ids().next();
    let nothing = store.sum_usage(&of(user)).await.unwrap();
    assert_eq!((nothing.calls, nothing.cost), (0, Money::ZERO));
    let mut records = batch(3, user);
    // Larger than a double can tell apart.
    records[0].cost = Some(Money::from_nano(9_007_199_254_740_993));
    records[1].cost = None;
    records[2].cost = Some(Money::from_nano(1));
    store.insert_usage(&records).await.unwrap();
    let totals = store.sum_usage(&of(user)).await.unwrap();
    assert_eq!(totals.calls, 3);
    assert_eq!(totals.cost, Money::from_nano(9_007_199_254_740_994));
    assert_eq!((totals.usage.cache_read, totals.usage.tool_calls), (2_700, 15));
}

pub(crate) async fn notes_the_last_call_of_a_key(database: &Database) {
    let store = database.open().await.unwrap();
    let (_, ana) = ana(&store).await;
    let key = api_key(ana.id, "laptop", [1; 32]);
    let mut tx = store.begin().await.unwrap();
    tx.insert_api_key(&key).await.unwrap();
    tx.commit().await.unwrap();
    let versions = store.versions().await.unwrap();
    let mut records = [usage(ana.id, key.id), usage(ana.id, key.id)];
    let last = Timestamp::from_micros(NOW.as_micros() + 5);
    records[0].started_at = last;
    store.insert_usage(&records).await.unwrap();
    store.insert_usage(&[usage(ana.id, key.id)]).await.unwrap();
    let key = store.read().find_api_key(key.id).await.unwrap().unwrap();
    assert_eq!(key.last_used_at, Some(last), "a late batch does not turn it back");
    assert_eq!(store.versions().await.unwrap(), versions, "no node drops its cache for this");
}
