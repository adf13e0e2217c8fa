//! Every record reaches the database, or the disk until the database is back.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::path::Path;

use realms_ledger::Recorder;
use realms_store::{DbUrl, Store, StoreOptions, TraceRecord, UsageFilter, UsageRecord};
use realms_types::{
    ApiKeyId, Certainty, Chance, DialectId, Ids, NodeId, SystemClock, Timestamp, Usage, UserId,
};

fn record(ids: &Ids) -> UsageRecord {
    UsageRecord {
        id: ids.next(),
        request_id: ids.next_request(),
        client_request_id: None,
        user_id: UserId::new(1),
        api_key_id: ApiKeyId::new(1),
        node_id: NodeId::new(1),
        dialect: DialectId::Chat,
        operation: "chat.completions".into(),
        model: "m".into(),
        model_id: None,
        upstream_model: None,
        answered_model: None,
        channel_id: None,
        endpoint_id: None,
        credential_id: None,
        channel_group_id: None,
        stream: false,
        status: 200,
        outcome: "ok".into(),
        origin: None,
        cause: None,
        started_at: Timestamp::from_secs(1_795_000_000),
        first_event_us: Some(10),
        duration_us: 20,
        request_bytes: 30,
        response_bytes: 40,
        usage: Usage { input: 5, output: 6, ..Usage::default() },
        certainty: Certainty::Measured,
        cost: None,
        price: None,
        attempts: Vec::new(),
        trace: None,
        client_address: None,
        user_agent: None,
        client: "other".into(),
        session: None,
        cache_saved: None,
        billing: None,
        upstream_cost: None,
        object: None,
    }
}

fn ids() -> Ids {
    Ids::new(std::sync::Arc::new(SystemClock), Chance::from_entropy())
}

async fn open(folder: &Path) -> Store {
    Store::open(StoreOptions::new(DbUrl::Sqlite(folder.join("realms.db")))).await.unwrap()
}

async fn count(store: &Store) -> usize {
    let filter = UsageFilter { limit: 200, ..UsageFilter::default() };
    store.list_usage(&filter).await.unwrap().records.len()
}

#[tokio::test]
async fn everything_submitted_is_written_once_a_flush_returns() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).await;
    let (recorder, _writer) =
        Recorder::start(store.clone(), &folder.path().join("spool")).await.unwrap();
    let ids = ids();
    for _ in 0..100 {
        recorder.submit(record(&ids)).await;
    }
    recorder.flush().await;
    assert_eq!(count(&store).await, 100);
    assert_eq!((recorder.status().written, recorder.status().waiting), (100, 0));
}

#[tokio::test]
async fn the_writer_ends_with_nothing_left_behind() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).await;
    let (recorder, writer) =
        Recorder::start(store.clone(), &folder.path().join("spool")).await.unwrap();
    recorder.submit(record(&ids())).await;
    drop(recorder);
    writer.await.unwrap();
    assert_eq!(count(&store).await, 1);
}

#[tokio::test]
async fn records_wait_on_disk_for_a_database_that_is_away_and_come_back_once() {
    let folder = tempfile::tempdir().unwrap();
    let spool = folder.path().join("spool");
    let ids = ids();
    let (first, second) = (record(&ids), record(&ids));

    let away = open(folder.path()).await;
    away.insert_usage(std::slice::from_ref(&first)).await.unwrap();
    away.close().await.unwrap();
    let (recorder, writer) = Recorder::start(away, &spool).await.unwrap();
    // The first is in the database already, as after a commit whose answer was lost.
    recorder.submit(first).await;
    recorder.submit(second).await;
    drop(recorder);
    writer.await.unwrap();
    let waiting = std::fs::read_to_string(spool.join("usage-00000001.jsonl")).unwrap();
    assert_eq!(waiting.lines().count(), 2);

    // A crash in mid-line must not cost the lines around it.
    std::fs::write(spool.join("usage-00000001.jsonl"), format!("{waiting}{{\"id\":\"re_")).unwrap();
    let store = open(folder.path()).await;
    let (recorder, writer) = Recorder::start(store.clone(), &spool).await.unwrap();
    recorder.submit(record(&ids)).await;
    recorder.flush().await;
    assert_eq!(count(&store).await, 3);
    drop(recorder);
    writer.await.unwrap();
    assert!(!spool.join("usage-00000001.jsonl").exists());
}

#[tokio::test]
async fn records_of_a_version_without_traces_still_come_back() {
    let folder = tempfile::tempdir().unwrap();
    let spool = folder.path().join("spool");
    std::fs::create_dir_all(&spool).unwrap();
    let ids = ids();
    let (old, mut new) = (record(&ids), record(&ids));
    let trace = TraceRecord { catalog_version: 7, ..TraceRecord::default() };
    new.trace = Some(Box::new(trace.clone()));
    let lines = [&old, &new].map(|record| serde_json::to_string(record).unwrap());
    assert!(!lines[0].contains("trace"), "{}", lines[0]);
    std::fs::write(spool.join("usage-00000001.jsonl"), lines.join("\n")).unwrap();

    let store = open(folder.path()).await;
    let (recorder, _) = Recorder::start(store.clone(), &spool).await.unwrap();
    recorder.flush().await;
    assert_eq!(count(&store).await, 2);
    assert_eq!(store.find_trace(old.id).await.unwrap(), None);
    assert_eq!(store.find_trace(new.id).await.unwrap(), Some(trace));
}
