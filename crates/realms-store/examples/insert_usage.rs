//! How fast usage records are written: `cargo run --release -p realms-store --example insert_usage
//! [URL] [BATCH] [BATCHES]`. Without a URL it writes to a SQLite file in a temporary folder.

#![expect(clippy::print_stdout, reason = "this program is there to print its figures")]

use std::{env, error::Error, fs, sync::Arc};

use realms_store::{AttemptRecord, DbUrl, Store, StoreOptions, UsageRecord};
use realms_types::{Certainty, Chance, DialectId, Ids, Money, NodeId, SystemClock, Usage, UserId};
use tokio::time::Instant;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args().skip(1);
    let folder = tempfile::tempdir()?;
    let url = match arguments.next() {
        Some(url) => url.parse()?,
        None => DbUrl::Sqlite(folder.path().join("realms.db")),
    };
    let batch = arguments.next().map_or(Ok(500), |text| text.parse::<u64>())?;
    let batches = arguments.next().map_or(Ok(200), |text| text.parse::<u64>())?;
    let store = Store::open(StoreOptions::new(url)).await?;
    let ids = Ids::new(Arc::new(SystemClock), Chance::from_entropy());

    let records: Vec<Vec<UsageRecord>> =
        (0..batches).map(|_| (0..batch).map(|number| record(&ids, number)).collect()).collect();
    let (start, cpu) = (Instant::now(), cpu_micros());
    for batch in &records {
        store.insert_usage(batch).await?;
    }
    let (took, cpu) = (start.elapsed(), cpu_micros() - cpu);
    let count = batch * batches;
    let rate = u128::from(count) * 1_000_000 / took.as_micros().max(1);
    println!("{} records in batches of {batch} on {}", count, store.kind());
    println!("{rate} records/s, {:.1} µs of CPU a record", ratio(cpu, count));
    store.close().await?;
    Ok(())
}

#[expect(clippy::cast_precision_loss, reason = "for display")]
fn ratio(micros: u64, count: u64) -> f64 {
    micros as f64 / count as f64
}

/// User and system time of this process so far, all threads; 0 where `/proc` is missing.
fn cpu_micros() -> u64 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<&str> = stat.rsplit(") ").next().unwrap_or("").split(' ').collect();
    let ticks = |index: usize| fields.get(index).and_then(|text| text.parse().ok()).unwrap_or(0);
    // Fields 14 and 15 of proc(5), in ticks of 10 ms.
    (ticks(11) + ticks(12)) * 10_000
}

/// A record as a call of a coding agent leaves it, with one attempt.
fn record(ids: &Ids, number: u64) -> UsageRecord {
    let started_at = realms_types::Clock::now(&SystemClock);
    let user = i64::try_from(number % 5).unwrap_or(0);
    UsageRecord {
        id: ids.next(),
        request_id: ids.next_request(),
        client_request_id: None,
        user_id: UserId::new(user),
        api_key_id: user.into(),
        node_id: NodeId::new(1),
        dialect: DialectId::Responses,
        operation: "responses".to_owned(),
        model: "gpt-5.2-codex".to_owned(),
        model_id: Some(1.into()),
        upstream_model: Some("gpt-5.2-codex".to_owned()),
        answered_model: Some("gpt-5.2-codex-2026-01".to_owned()),
        channel_id: Some(1.into()),
        endpoint_id: Some(1.into()),
        credential_id: Some(1.into()),
        channel_group_id: Some(1.into()),
        stream: true,
        status: 200,
        outcome: "ok".to_owned(),
        origin: None,
        cause: None,
        started_at,
        first_event_us: Some(420_000),
        duration_us: 3_200_000,
        request_bytes: 48_000,
        response_bytes: 96_000,
        usage: Usage { input: 900, cache_read: 48_000, output: 700, ..Usage::default() },
        certainty: Certainty::Measured,
        cost: Some(Money::from_nano(738_000)),
        price: Some(r#"{"input":"1.25","output":"10","multiplier":"1"}"#.to_owned()),
        attempts: vec![AttemptRecord {
            sequence: 0,
            channel_id: 1.into(),
            endpoint_id: 1.into(),
            credential_id: 1.into(),
            binding_id: Some(1.into()),
            upstream_model: Some("gpt-5.2-codex".to_owned()),
            started_at,
            headers_us: Some(300_000),
            duration_us: 3_100_000,
            status: Some(200),
            outcome: "accepted".to_owned(),
            cause: None,
            scope: None,
            detail: None,
            bytes: 96_000,
            upstream_request_id: Some("req_0123456789abcdef".to_owned()),
        }],
        trace: None,
        client_address: Some("203.0.113.9".to_owned()),
        user_agent: Some("codex_cli_rs/0.77.0 (Debian 12; x86_64)".to_owned()),
        client: "codex_cli".to_owned(),
        session: None,
        cache_saved: None,
        billing: None,
        upstream_cost: None,
        object: None,
    }
}
