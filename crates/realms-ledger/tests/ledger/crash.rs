//! Processes that are killed in the middle of their work.

use std::{collections::HashMap, env, process::Stdio, time::Duration};

use realms_ledger::{LEASE, Settled};
use realms_store::{DbKind, DbUrl, HoldState, Store, StoreOptions};
use realms_types::{Money, RequestId, UserId};
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    process::{Child, Command},
    task::JoinSet,
};

use crate::{
    database::Database,
    world::{World, record, settlement, usd},
};

/// Makes this test, run as a child process, call and pay until it is killed: the address of the
/// database and the user.
const WORK: &str = "REALMS_TEST_LEDGER_WORK";
/// Processes that are killed, and what each has told before that.
const KILLS: usize = 5;
const TOLD: usize = 60;
const CALLERS: u64 = 8;

pub(crate) async fn loses_no_settlement_and_makes_none_twice(database: &Database) {
    #[expect(clippy::disallowed_methods, reason = "tells the child from the test")]
    if let Ok(work) = env::var(WORK) {
        let (user, url) = work.split_once(' ').unwrap();
        labour(url.parse().unwrap(), user.parse().unwrap()).await;
    }
    let world = World::start(database).await;
    let user = world.user(usd("1000")).await;
    let mut told = HashMap::new();
    for _ in 0..KILLS {
        let mut child = start(database, user);
        told.extend(listen(&mut child).await);
        child.kill().await.unwrap();
    }
    assert!(told.len() >= KILLS * TOLD, "{} settlements were told", told.len());
    // The holds of the dead expire; whatever was told is in the ledger, with its record.
    world.advance(Duration::from_hours(24 * 365 * 10) + 2 * LEASE);
    while world.expire().await > 0 {}
    for (request, cost) in told {
        let found = world.found(request).await;
        assert_eq!((found.state, found.settled), (HoldState::Settled, cost), "{request}");
        assert!(world.store.find_usage(request).await.unwrap().is_some(), "{request}");
    }
    let (_, held) = world.balance(user).await;
    assert_eq!(held, Money::ZERO);
    world.is_sound().await;
}

fn start(database: &Database, user: UserId) -> Child {
    let module = match database.kind {
        DbKind::Sqlite => "on_sqlite",
        DbKind::Postgres => "on_postgres",
        DbKind::Mysql => "on_mysql",
    };
    Command::new(env::current_exe().unwrap())
        .args(["--exact", "--nocapture"])
        .arg(format!("{module}::loses_no_settlement_and_makes_none_twice"))
        .env(WORK, format!("{user} {}", database.address()))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap()
}

/// Hears of settlements until there were enough, then of those that are in the pipe already.
async fn listen(child: &mut Child) -> HashMap<RequestId, Money> {
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut told = HashMap::new();
    while told.len() < TOLD {
        let line = lines.next_line().await.unwrap().unwrap();
        if let Some((request, cost)) =
            line.strip_prefix("settled ").and_then(|it| it.split_once(' '))
        {
            told.insert(request.parse().unwrap(), cost.parse().unwrap());
        }
    }
    told
}

/// Calls and pays, many at once, and tells of each settlement once it is durable.
async fn labour(url: DbUrl, user: UserId) {
    let world = World::over(Store::open(StoreOptions::new(url)).await.unwrap()).await;
    let world = std::sync::Arc::new(world);
    let mut callers = JoinSet::new();
    for caller in 1..=CALLERS {
        let world = std::sync::Arc::clone(&world);
        callers.spawn(async move {
            loop {
                let mut hold = world.hold(user, usd("0.01")).await;
                let request = hold.request_id();
                let cost = Money::from_nano(i64::try_from(caller).unwrap() * 1_000);
                hold.meter(cost, caller, None);
                hold.renew().await.unwrap();
                let record = Some(Box::new(record(&world, request, user, cost)));
                let settlement = realms_ledger::Settlement { record, ..settlement(cost, caller) };
                let end = hold.settle(settlement).await.unwrap();
                assert!(matches!(end, Settled::Done { .. }), "{end:?}");
                let line = format!("\nsettled {request} {cost}\n");
                tokio::io::stdout().write_all(line.as_bytes()).await.unwrap();
                tokio::io::stdout().flush().await.unwrap();
            }
        });
    }
    // Ends with the parent, if that ends first.
    tokio::io::stdin().read_u8().await.unwrap_err();
    std::process::exit(0);
}
