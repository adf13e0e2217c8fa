//! How many calls are held and settled a second: `cargo run --release -p realms-ledger --example calls
//! [URL] [CALLERS] [CALLS]`. Without a URL it writes to a SQLite file in a temporary folder, which should
//! be on a real disk.

#![expect(clippy::print_stdout, reason = "this program is there to print its figures")]

use std::{env, error::Error, fs, sync::Arc, time::Duration};

use realms_ledger::{
    Estimate, Ledger, Movement, Payer, Recorder, Reservation, Settlement, Subscription, Window,
};
use realms_store::{DbUrl, Store, StoreOptions, UsageRecord};
use realms_types::{
    Billing, Certainty, Chance, Clock, DialectId, Ids, Money, NodeId, RequestId, SystemClock,
    Usage, UserId,
};
use tokio::{task::JoinSet, time::Instant};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args().skip(1);
    let folder = tempfile::tempdir_in(".")?;
    let url = match arguments.next() {
        Some(url) if url != "sqlite" => url.parse()?,
        _ => DbUrl::Sqlite(folder.path().join("realms.db")),
    };
    let callers = arguments.next().map_or(Ok(64), |text| text.parse::<u64>())?;
    let calls = arguments.next().map_or(Ok(20_000), |text| text.parse::<u64>())?;
    let store = Store::open(StoreOptions::new(url)).await?;
    let ids = Ids::new(Arc::new(SystemClock), Chance::from_entropy());
    let (recorder, writer) = Recorder::start(store.clone(), folder.path()).await?;
    let ledger = Ledger::new(&recorder, Arc::new(SystemClock), ids.clone());
    let users: Vec<UserId> = (0..16).map(|_| ids.next()).collect();
    for user in &users {
        ledger.credit(payment(*user)).await?;
    }
    println!("{} callers on {}", callers, store.kind());
    for windows in [false, true] {
        run(&ledger, &users, (callers, calls / callers), windows).await?;
    }
    drop((ledger, recorder));
    writer.await?;
    let found = realms_ledger::verify(&store).await?;
    println!("{} entries, {} defects", found.totals.entries, found.defects.len());
    store.close().await?;
    Ok(())
}

/// Every caller makes so many calls, one after the other: hold, settle with the record.
async fn run(
    ledger: &Ledger,
    users: &[UserId],
    (callers, each): (u64, u64),
    windows: bool,
) -> Result<(), Box<dyn Error>> {
    let (start, cpu) = (Instant::now(), cpu_micros());
    let mut tasks = JoinSet::new();
    for number in 0..callers {
        let (ledger, user) = (ledger.clone(), users[usize::try_from(number)? % users.len()]);
        tasks.spawn(async move {
            let ids = Ids::new(Arc::new(SystemClock), Chance::from_entropy());
            let mut waits = Vec::new();
            for _ in 0..each {
                let began = Instant::now();
                let hold = ledger.reserve(reservation(&ids, user, windows)).await?;
                waits.push(began.elapsed());
                let record = Some(Box::new(record(&ids, hold.request_id(), user)));
                let (cost, price) = (Money::from_nano(738_000), Some(PRICE.to_owned()));
                hold.settle(Settlement { cost, tokens: 49_600, price, record }).await?;
            }
            Ok::<_, realms_ledger::LedgerError>(waits)
        });
    }
    let mut waits: Vec<Duration> = Vec::new();
    for outcome in tasks.join_all().await {
        waits.extend(outcome?);
    }
    let (took, cpu) = (start.elapsed(), cpu_micros() - cpu);
    waits.sort_unstable();
    let at = |percent: usize| waits[(waits.len() - 1) * percent / 100].as_micros();
    let count = callers * each;
    let rate = u128::from(count) * 1_000_000 / took.as_micros().max(1);
    let kind = if windows { "subscription of two windows" } else { "balance" };
    println!(
        "{kind}: {rate} calls/s, hold p50 {} µs, p99 {} µs, {} µs of CPU a call",
        at(50),
        at(99),
        cpu / count.max(1),
    );
    Ok(())
}

const PRICE: &str = r#"{"price":{"input":"1.25","output":"10"},"multiplier":"1"}"#;

fn payment(user: UserId) -> Movement {
    Movement {
        user,
        amount: Money::from_nano(1_000_000_000_000_000),
        key: format!("payment-{}", user.raw()),
        reference: None,
        actor: None,
        reason: None,
    }
}

fn reservation(ids: &Ids, user: UserId, windows: bool) -> Reservation {
    let most = Money::from_nano(1_000_000_000_000_000);
    let hours = |hours| (Window::Rolling(Duration::from_hours(hours)), most);
    let plan = Subscription { id: user.raw(), resets: 0, windows: vec![hours(5), hours(168)] };
    Reservation {
        request_id: ids.next_request(),
        user,
        node: NodeId::new(1),
        estimate: Estimate { cost: Money::from_nano(2_000_000), tokens: 60_000 },
        caps: Vec::new(),
        payer: Payer::User {
            subscriptions: windows.then_some(plan).into_iter().collect(),
            pay_as_you_go: true,
        },
        call: None,
    }
}

/// A record as a call of a coding agent leaves it.
fn record(ids: &Ids, request_id: RequestId, user_id: UserId) -> UsageRecord {
    UsageRecord {
        id: ids.next(),
        request_id,
        client_request_id: None,
        user_id,
        api_key_id: user_id.raw().into(),
        node_id: NodeId::new(1),
        dialect: DialectId::Responses,
        operation: "responses".to_owned(),
        model: "gpt-5.2-codex".to_owned(),
        model_id: Some(1.into()),
        upstream_model: Some("gpt-5.2-codex".to_owned()),
        answered_model: None,
        channel_id: Some(1.into()),
        endpoint_id: Some(1.into()),
        credential_id: Some(1.into()),
        channel_group_id: Some(1.into()),
        stream: true,
        status: 200,
        outcome: "ok".to_owned(),
        origin: None,
        cause: None,
        started_at: SystemClock.now(),
        first_event_us: Some(420_000),
        duration_us: 3_200_000,
        request_bytes: 48_000,
        response_bytes: 96_000,
        usage: Usage { input: 900, cache_read: 48_000, output: 700, ..Usage::default() },
        certainty: Certainty::Measured,
        cost: Some(Money::from_nano(738_000)),
        price: Some(PRICE.to_owned()),
        attempts: Vec::new(),
        trace: None,
        client_address: None,
        user_agent: None,
        client: "codex_cli".to_owned(),
        session: None,
        cache_saved: None,
        billing: Some(Billing::Charged),
        upstream_cost: None,
        object: None,
    }
}

/// User and system time of this process so far, all threads; 0 where `/proc` is missing.
fn cpu_micros() -> u64 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<&str> = stat.rsplit(") ").next().unwrap_or("").split(' ').collect();
    let ticks = |index: usize| fields.get(index).and_then(|text| text.parse().ok()).unwrap_or(0);
    // Fields 14 and 15 of proc(5), in ticks of 10 ms.
    (ticks(11) + ticks(12)) * 10_000
}
