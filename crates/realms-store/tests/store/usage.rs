//! Usage records: written in batches, once, whatever is in them.

use std::collections::HashSet;

use realms_store::{
    FaultRecord, FlagField, NumberField, Store, TraceRecord, UsageFilter, UsageRecord, UsageSort,
    UsageTerm, WordField,
};
use realms_types::{Cause, Money, RecordId, RequestId, Timestamp, UserId};

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
    let asked = [records[3].request_id, unknown, last.request_id];
    let known = store.find_recorded(&asked).await.unwrap();
    assert_eq!(known, HashSet::from([asked[0], asked[2]]));
    assert!(store.find_recorded(&[]).await.unwrap().is_empty());

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
    clash.id = records[59].id;
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
        filter.after = Some(next);
    }
    records.reverse();
    assert_eq!(seen, records, "newest first, each once, with attempts");

    filter = UsageFilter { limit: 10, sort: UsageSort::Oldest, ..of(user) };
    let mut oldest = Vec::new();
    loop {
        let page = store.list_usage(&filter).await.unwrap();
        oldest.extend(page.records.into_iter().map(|record| record.id.raw()));
        let Some(next) = page.next else { break };
        filter.after = Some(next);
    }
    assert_eq!(oldest, (1..=25).collect::<Vec<_>>());

    let third = &records[2];
    let hour = UsageFilter {
        since: Some(third.started_at),
        until: Some(records[0].started_at),
        ..of(user)
    };
    assert_eq!(ids_of(&store, hour).await, [records[1].id, third.id]);
}

fn words(field: WordField, not: bool, any_of: &[&str]) -> UsageTerm {
    let any_of = any_of.iter().map(|word| (*word).to_owned()).collect();
    UsageTerm::Word { field, not, or_none: false, any_of, starts: Vec::new() }
}

fn number(field: NumberField, not: bool, any_of: Vec<i64>) -> UsageTerm {
    UsageTerm::Number { field, not, or_none: false, any_of }
}

/// No cause at all, or one of these.
fn no_cause(not: bool, any_of: &[&str]) -> UsageTerm {
    let any_of = any_of.iter().map(|word| (*word).to_owned()).collect();
    UsageTerm::Word { field: WordField::Cause, not, or_none: true, any_of, starts: Vec::new() }
}

pub(crate) async fn is_found_by_each_term(database: &Database) {
    let store = database.open().await.unwrap();
    let user = ids().next();
    let mut records = batch(4, user);
    for record in &mut records {
        record.answered_model.clone_from(&record.upstream_model);
    }
    records[0].model = String::from("Other_1");
    records[0].cause = Some(Cause::Broken);
    records[0].cost = None;
    records[0].answered_model = Some("gpt-4".to_owned());
    records[1].model = String::from("other_1");
    records[1].stream = false;
    records[1].status = 429;
    records[1].session = None;
    records[2].cost = Some(Money::from_nano(5));
    records[2].attempts.truncate(1);
    records[3].client = String::from("claude_code");
    records[3].duration_us = 1;
    records[3].client_request_id = Some("100%".to_owned());
    store.insert_usage(&records).await.unwrap();
    // What another user did is never found, whatever is asked.
    store.insert_usage(&[usage(ids().next(), ids().next())]).await.unwrap();

    let prefix = |not| UsageTerm::Word {
        field: WordField::Model,
        not,
        or_none: false,
        any_of: Vec::new(),
        starts: vec!["other_".into(), "x".into()],
    };
    let tried = |not| UsageTerm::Tried { not, any_of: vec![records[2].attempts[0].channel_id] };
    let key = records[0].api_key_id.raw();
    let request = records[2].request_id.to_string();
    for (term, found) in [
        (words(WordField::Model, false, &["Other_1"]), &[1][..]),
        (words(WordField::Model, false, &["Other_1", "other_1", "' OR 1"]), &[1, 2]),
        (words(WordField::Model, true, &["Other_1", "other_1"]), &[3, 4]),
        (prefix(false), &[2]),
        (prefix(true), &[1, 3, 4]),
        (words(WordField::Cause, true, &["broken"]), &[2, 3, 4]),
        (words(WordField::Cause, false, &["broken"]), &[1]),
        (no_cause(false, &[]), &[2, 3, 4]),
        (no_cause(true, &[]), &[1]),
        (no_cause(false, &["broken"]), &[1, 2, 3, 4]),
        (no_cause(true, &["broken"]), &[]),
        (words(WordField::Session, true, &["0199c0de-session"]), &[2]),
        (words(WordField::Client, false, &["claude_code"]), &[4]),
        (words(WordField::RequestId, false, &[&request]), &[3]),
        (words(WordField::Outcome, true, &["ok"]), &[]),
        (number(NumberField::Status, false, vec![429, 500]), &[2]),
        (number(NumberField::ApiKey, true, vec![key]), &[]),
        (number(NumberField::ApiKey, false, vec![key]), &[1, 2, 3, 4]),
        (number(NumberField::Channel, false, vec![records[3].channel_id.unwrap().raw()]), &[4]),
        (UsageTerm::Above(NumberField::Attempts, 1), &[1, 2, 4]),
        (UsageTerm::Below(NumberField::Attempts, 2), &[3]),
        (UsageTerm::Above(NumberField::Cost, 5), &[2, 4]),
        (UsageTerm::Below(NumberField::Cost, 6), &[3]),
        (UsageTerm::Below(NumberField::Duration, 2), &[4]),
        (UsageTerm::Above(NumberField::FirstEvent, 419_999), &[1, 2, 3, 4]),
        (UsageTerm::Flag(FlagField::Stream, false), &[2]),
        (UsageTerm::Flag(FlagField::Mismatch, true), &[1]),
        (tried(false), &[3]),
        (tried(true), &[1, 2, 4]),
    ] {
        let filter = UsageFilter { terms: vec![term.clone()], ..of(user) };
        assert_eq!(numbers(&store, &filter).await, found, "{term:?}");
        let calls = store.sum_usage(&filter).await.unwrap().calls;
        assert_eq!(calls, found.len() as u64, "the same calls are summed: {term:?}");
    }
    finds_by_words(&store, user, &request).await;
}

/// The calls of [`is_found_by_each_term`] by words of their own.
async fn finds_by_words(store: &Store, user: UserId, request: &str) {
    for (word, found) in [
        (request.to_uppercase().as_str(), &[3][..]),
        ("100%", &[4]),
        ("0%", &[]),
        ("claude", &[4]),
        ("OTHER_", &[1, 2]),
        ("codex", &[1, 2, 3, 4]),
    ] {
        let filter = UsageFilter { words: vec![word.to_owned()], ..of(user) };
        assert_eq!(numbers(store, &filter).await, found, "{word}");
    }
}

/// The ids found, in their order.
async fn numbers(store: &Store, filter: &UsageFilter) -> Vec<i64> {
    let mut found: Vec<i64> =
        ids_of(store, filter.clone()).await.into_iter().map(RecordId::raw).collect();
    found.sort_unstable();
    found
}

pub(crate) async fn is_sorted_page_by_page(database: &Database) {
    let store = database.open().await.unwrap();
    let user = ids().next();
    let mut records = batch(7, user);
    for (record, (cost, first)) in
        records.iter_mut().zip([(3, 1), (1, 5), (0, 2), (9, 0), (3, 4), (2, 3), (5, 9)])
    {
        record.cost = (cost > 0).then_some(Money::from_nano(cost));
        record.first_event_us = (first > 0).then_some(first);
        record.duration_us = 100 - cost;
    }
    store.insert_usage(&records).await.unwrap();
    for (sort, expected) in [
        (UsageSort::MostCost, [4, 7, 5, 1, 6, 2, 3]),
        (UsageSort::LeastCost, [3, 2, 6, 1, 5, 7, 4]),
        (UsageSort::Longest, [3, 2, 6, 5, 1, 7, 4]),
        (UsageSort::Shortest, [4, 7, 1, 5, 6, 2, 3]),
        (UsageSort::SlowestStart, [7, 2, 5, 6, 3, 1, 4]),
        (UsageSort::FastestStart, [4, 1, 3, 6, 5, 2, 7]),
    ] {
        let mut filter = UsageFilter { sort, limit: 3, ..of(user) };
        let mut found = Vec::new();
        loop {
            let page = store.list_usage(&filter).await.unwrap();
            found.extend(page.records.iter().map(|record| record.id.raw()));
            let Some(next) = page.next else { break };
            filter.after = Some(next);
        }
        assert_eq!(found, expected, "{sort:?}");
    }
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
    let usage = totals.usage;
    assert_eq!((usage.image_input, usage.image_output, usage.images), (18, 21, 9));
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
