//! The server is killed again and again under load, and the upstream's own bill says what it must know.
//!
//! `REALMS_TEST_KILLS=500` makes the long run, `REALMS_TEST_SEED` another one.

mod self_mode;

use std::{
    collections::HashMap,
    env,
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use parking_lot::Mutex;
use realms_ledger::{LEASE, charge};
use realms_store::{DbKind, UsageRecord};
use realms_testkit::{Answer, FakeUpstream, Reply, TestClock};
use realms_types::{Billing, Chance, Clock, Money, Ppm, Price, SystemClock, Usage};
use tokio::{
    task::JoinSet,
    time::{Instant, sleep, timeout},
};

use crate::{
    database::Database,
    support::{Process, TestApp, message, usd},
};

/// Times that the server is killed, unless it is said.
const KILLS: u64 = 8;
/// The same on a database that other processes can reach.
const KILLS_ELSEWHERE: u64 = 3;
/// Clients that call, each one call after the other.
const CLIENTS: u64 = 6;
/// The longest the server lives, in milliseconds.
const LIFE: u64 = 1_200;
/// What there is to spend.
const MONEY: &str = "1000000";

/// What the upstream charges, by the name that a call carries in its prompt.
type Bill = Arc<Mutex<HashMap<String, Billed>>>;

/// What a call used at the upstream, and what that costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Billed {
    usage: Usage,
    cost: Money,
}

/// A call whose whole answer came.
struct Whole {
    serial: u64,
    at: Instant,
}

fn number(name: &str, usual: u64) -> u64 {
    #[expect(clippy::disallowed_methods, reason = "says how long the run is to be")]
    let given = env::var(name).ok();
    given.and_then(|text| text.parse().ok()).unwrap_or(usual)
}

/// An upstream that bills every call it answers.
async fn upstream(bill: &Bill) -> FakeUpstream {
    let (upstream, bill) = (FakeUpstream::start().await, Arc::clone(bill));
    upstream.replies(Reply::by(move |request| {
        let call = name_in(&request.body);
        let serial: u64 = call.trim_start_matches("call-").parse().unwrap();
        let usage =
            Usage { input: 1_000 + serial % 40_000, output: 10 + serial % 90, ..Usage::default() };
        let price = Price {
            input: "1.25".parse().unwrap(),
            output: "10".parse().unwrap(),
            ..Price::default()
        };
        let cost = charge(&price, &usage, Ppm::ONE).unwrap();
        let billed = Billed { usage, cost };
        assert_eq!(bill.lock().insert(call, billed), None, "a call was made twice");
        let words: Vec<String> = (0..serial % 40).map(|word| format!("word{word} ")).collect();
        Answer::text("")
            .in_deltas(words.into_iter().chain(["end.".to_owned()]))
            .with_usage(usage)
            .into()
    }));
    upstream
}

fn name_in(body: &[u8]) -> String {
    let text = String::from_utf8_lossy(body);
    let from = text.find("call-").expect("every call has a name");
    text[from..].chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '-').collect()
}

/// One call, whose end may be the end of its server. Whether a whole answer came.
async fn call(address: SocketAddr, serial: u64) -> bool {
    let stream = !serial.is_multiple_of(3);
    let body = format!(
        r#"{{"model":"m","max_tokens":64,"stream":{stream},"messages":[{{"role":"user","content":"call-{serial}"}}]}}"#
    );
    let headers = format!("x-request-id: call-{serial}\r\n");
    let made = message(address, &headers, &body);
    let answer = timeout(realms_testkit::DEADLINE, made).await.expect("a call hangs");
    answer.is_ok_and(|text| {
        text.starts_with("HTTP/1.1 200")
            && (text.contains("message_stop") || text.contains("\"stop_reason\":\"end_turn\""))
    })
}

/// Calls until the server is to be killed; the calls whose whole answers came.
async fn load(address: SocketAddr, serials: &Arc<AtomicU64>, over: &Arc<AtomicBool>) -> Vec<Whole> {
    let mut clients = JoinSet::new();
    for _ in 0..CLIENTS {
        let (serials, over) = (Arc::clone(serials), Arc::clone(over));
        clients.spawn(async move {
            let mut whole = Vec::new();
            while !over.load(Ordering::Relaxed) {
                let serial = serials.fetch_add(1, Ordering::Relaxed);
                if call(address, serial).await {
                    whole.push(Whole { serial, at: Instant::now() });
                }
            }
            whole
        });
    }
    clients.join_all().await.into_iter().flatten().collect()
}

/// Has clients call a server until it is killed: the calls whose whole answers came, and when it was
/// killed.
async fn live(server: Process, serials: &Arc<AtomicU64>, life: Duration) -> (Vec<Whole>, Instant) {
    let over = Arc::new(AtomicBool::new(false));
    let (address, flag, names) = (server.address, Arc::clone(&over), Arc::clone(serials));
    let running = tokio::spawn(async move { load(address, &names, &flag).await });
    sleep(life).await;
    let killed = Instant::now();
    server.kill().await;
    over.store(true, Ordering::Relaxed);
    (running.await.unwrap(), killed)
}

/// The records by the names of their calls; each has one.
fn by_call(records: &[UsageRecord]) -> HashMap<String, &UsageRecord> {
    let mut of_call = HashMap::new();
    for record in records {
        let name = record.client_request_id.clone().expect("every call has a name");
        assert!(of_call.insert(name, record).is_none(), "two records of a call: {record:#?}");
    }
    of_call
}

#[expect(clippy::print_stdout, reason = "says what was measured")]
pub async fn loses_no_call_and_charges_none_twice(database: &Database) {
    let usual = if database.kind == DbKind::Sqlite { KILLS } else { KILLS_ELSEWHERE };
    let (kills, seed) = (number("REALMS_TEST_KILLS", usual), number("REALMS_TEST_SEED", 11));
    let chance = Chance::seeded(seed);
    let bill = Bill::default();
    let upstream = upstream(&bill).await;
    let address = [("REALMS_DB_URL", database.address())];
    let app = TestApp::start_business_with(Arc::new(SystemClock), LEASE / 3, &address).await;
    app.serve(&[&upstream]).await;
    app.pay(MONEY).await;
    let folder = app.stop().await;
    let (serials, mut whole) = (Arc::new(AtomicU64::new(1)), 0);
    let mut slowest = Duration::ZERO;
    for _ in 0..kills {
        let server = Process::start(folder.path(), database.address()).await;
        slowest = slowest.max(server.started_in);
        let life = Duration::from_millis(50 + chance.below(LIFE));
        whole += live(server, &serials, life).await.0.len();
    }
    // Long after, so that nobody is left to renew anything.
    let clock = TestClock::at(SystemClock.now() + 10 * LEASE);
    let app = TestApp::start_business_over(folder, clock.shared(), LEASE / 3, &address).await;
    while app.app().ledger().expire_due(app.app().store()).await.unwrap() > 0 {}
    let records = app.all_records().await;
    let billed = bill.lock().clone();
    check(&app, &records, &billed).await;
    let refused = records.iter().filter(|record| record.outcome == "refused").count();
    assert_eq!(refused, 0, "the money ran out");
    let lost = records.iter().filter(|record| record.attempts.is_empty()).count();
    println!(
        "{:?}, seed {seed}: {kills} kills, {} calls billed, {whole} answered whole, {lost} broken off, \
         slowest start {slowest:?}",
        database.kind,
        billed.len()
    );
    assert!(whole > 0, "nothing was ever answered");
    assert!(lost <= usize::try_from(kills * CLIENTS).unwrap(), "{lost} calls broke off");
}

/// Every call that the upstream billed has one record; what was charged is what was billed, or less where
/// the server was killed; and all of it adds up.
async fn check(app: &TestApp, records: &[UsageRecord], bill: &HashMap<String, Billed>) {
    let of_call = by_call(records);
    for (name, Billed { cost: billed, .. }) in bill {
        let record = of_call.get(name).unwrap_or_else(|| panic!("{name} is lost"));
        assert_eq!(record.billing, Some(Billing::Charged), "{record:#?}");
        let charged = record.cost.unwrap();
        assert!(charged <= *billed, "{name}: billed {billed}, charged {charged}");
        if record.outcome == "ok" {
            assert_eq!(charged, *billed, "{name}");
        }
    }
    let charged: i64 = records.iter().filter_map(|record| record.cost).map(Money::nano).sum();
    let (left, held) = app.balance().await;
    assert_eq!((left.nano() + charged, held), (usd(MONEY).nano(), Money::ZERO));
    app.is_sound().await;
}
