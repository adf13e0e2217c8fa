//! Processes on one database: what one has promised, the other keeps. On SQLite there is one.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use futures_util::future::join_all;
use realms_ledger::LEASE;
use realms_store::DbKind;
use realms_testkit::{FakeUpstream, Gate, Reply};
use realms_types::{Money, SystemClock};
use tempfile::TempDir;
use tokio::{
    task::JoinSet,
    time::{Instant, sleep},
};

use crate::{
    database::Database,
    support::{Process, TestApp, message, usd},
};

/// Calls at once.
const CALLS: usize = 1_000;
/// So many of them can be paid for.
const PAID: usize = 10;
/// What is set aside for one: 64 LLM tokens of output.
const EACH: &str = "0.01";
/// How long a busy machine may take for all of them.
const PATIENCE: Duration = Duration::from_mins(2);

/// Two processes, or one, and what they were set up with.
struct Nodes {
    processes: Vec<Process>,
    folder: TempDir,
    /// The data folders of the others.
    _others: Vec<TempDir>,
}

impl Nodes {
    /// With this upstream, and so much money.
    async fn start(database: &Database, upstream: &FakeUpstream, money: &str) -> Self {
        let address = [("REALMS_DB_URL", database.address())];
        let app = TestApp::start_business_with(Arc::new(SystemClock), LEASE / 3, &address).await;
        app.serve(&[upstream]).await;
        app.apply(
            "version = 1\n[[model]]\nname = \"m\"\ninput_usd_per_1m = \"0\"\n\
             cache_read_usd_per_1m = \"0\"\noutput_usd_per_1m = \"156.25\"\n",
        )
        .await;
        app.pay(money).await;
        let folder = app.stop().await;
        let mut processes = vec![Process::start(folder.path(), database.address()).await];
        let mut others = Vec::new();
        if database.kind != DbKind::Sqlite {
            let data = tempfile::tempdir().unwrap();
            let beside = Process::start_beside(folder.path(), data.path(), database.address());
            processes.push(beside.await);
            others.push(data);
        }
        Self { processes, folder, _others: others }
    }

    /// The process that a call goes to.
    fn address(&self, call: usize) -> SocketAddr {
        self.processes[call % self.processes.len()].address
    }

    /// Ends them, and opens what they leave.
    async fn stop(self, database: &Database) -> TestApp {
        for process in self.processes {
            process.stop().await;
        }
        let (clock, address) = (Arc::new(SystemClock), [("REALMS_DB_URL", database.address())]);
        TestApp::start_business_over(self.folder, clock, LEASE / 3, &address).await
    }
}

fn body() -> &'static str {
    r#"{"model":"m","max_tokens":64,"messages":[{"role":"user","content":"hi"}]}"#
}

/// Calls until somebody answers: who had to wait for too long on a busy machine asks again.
async fn call(address: SocketAddr, headers: &str) -> String {
    loop {
        let answer = message(address, headers, body()).await.unwrap_or_default();
        let busy = answer.is_empty() || answer.starts_with("HTTP/1.1 503");
        if !busy {
            return answer;
        }
        sleep(Duration::from_millis(100)).await;
    }
}

#[expect(clippy::print_stdout, reason = "says what was measured")]
pub async fn admit_no_more_calls_than_there_is_money_for(database: &Database) {
    let (upstream, gate) = (FakeUpstream::start().await, Gate::new());
    upstream.replies(Reply::good().stalls_before_headers(&gate));
    let money = usd(EACH).nano() * i64::try_from(PAID).unwrap();
    let nodes = Nodes::start(database, &upstream, &Money::from_nano(money).to_string()).await;
    let refused = Arc::new(AtomicUsize::new(0));
    let mut calls = JoinSet::new();
    for number in 0..CALLS {
        let (address, refused) = (nodes.address(number), Arc::clone(&refused));
        calls.spawn(async move {
            let answer = call(address, "").await;
            if answer.starts_with("HTTP/1.1 402") {
                refused.fetch_add(1, Ordering::Relaxed);
            }
            answer
        });
    }
    let begun = Instant::now();
    while refused.load(Ordering::Relaxed) + upstream.requests().len() < CALLS {
        assert!(
            begun.elapsed() < PATIENCE,
            "{} refused, {} asked",
            refused.load(Ordering::Relaxed),
            upstream.requests().len()
        );
        sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(upstream.requests().len(), PAID, "calls that were admitted");
    gate.open();
    let answers = calls.join_all().await;
    let answered = answers.iter().filter(|it| it.starts_with("HTTP/1.1 200")).count();
    let broke = answers.iter().filter(|it| it.starts_with("HTTP/1.1 402")).count();
    assert_eq!((answered, broke), (PAID, CALLS - PAID));
    let app = nodes.stop(database).await;
    let (left, held) = app.balance().await;
    // 17 of the 64 LLM tokens came.
    let spent = usd("0.00265625").nano() * i64::try_from(PAID).unwrap();
    assert_eq!((left.nano(), held), (money - spent, Money::ZERO));
    app.is_sound().await;
    println!("{CALLS} calls on {:?}: {:?}", database.kind, begun.elapsed());
}

pub async fn make_a_call_with_a_key_once(database: &Database) {
    let upstream = FakeUpstream::start().await;
    let nodes = Nodes::start(database, &upstream, "1").await;
    for turn in 0..5 {
        let key = format!("idempotency-key: turn-{turn}\r\n");
        let calls = (0..12).map(|number| call(nodes.address(number), &key));
        let answers = join_all(calls).await;
        let body = |answer: &str| answer.split_once("\r\n\r\n").unwrap().1.to_owned();
        for answer in &answers {
            assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
            assert_eq!(body(answer), body(&answers[0]));
        }
        let first = answers.iter().filter(|it| !it.contains("idempotent-replayed")).count();
        assert_eq!((first, upstream.requests().len()), (1, turn + 1));
    }
    let app = nodes.stop(database).await;
    let charges = app.entries().await.len() - 1;
    assert_eq!(charges, 5);
    app.is_sound().await;
}
