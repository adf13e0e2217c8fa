//! A database that is away.

use std::time::Duration;

use realms_ledger::{LedgerError, Settled};
use realms_types::Money;
use sqlx::{Connection, Executor, SqliteConnection};

use crate::{
    database::Database,
    world::{World, record, settlement, usd},
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn is_survived_by_settlements_and_refuses_reservations() {
    Database::sqlite().tell(story).await;
}

async fn story(database: &Database) {
    let mut world = World::start(database).await;
    let user = world.user(usd("10")).await;
    let first = world.hold(user, usd("1")).await;
    let second = world.hold(user, usd("2")).await;
    let requests = [first.request_id(), second.request_id()];

    // Another process that writes and does not end: nobody else can.
    let mut other = SqliteConnection::connect(&database.url().to_string()).await.unwrap();
    other.execute("BEGIN IMMEDIATE").await.unwrap();
    let refused = tokio::time::timeout(
        Duration::from_secs(4),
        world.ledger.reserve(world.call(user, usd("1"))),
    );
    let refused = refused.await.unwrap();
    assert!(matches!(refused, Err(LedgerError::Unavailable { .. })), "{refused:?}");
    let settlement = |cost: &str, number: usize| realms_ledger::Settlement {
        record: Some(Box::new(record(&world, requests[number], user, usd(cost)))),
        ..settlement(usd(cost), 9)
    };
    let ends =
        tokio::join!(first.settle(settlement("0.4", 0)), second.settle(settlement("1.5", 1)),);
    assert_eq!(ends, (Ok(Settled::Spooled), Ok(Settled::Spooled)));
    assert!(world.recorder.status().spooled >= 2);
    // It is known to be away: nobody waits for it any more.
    let refused = tokio::time::timeout(
        Duration::from_millis(500),
        world.ledger.reserve(world.call(user, usd("1"))),
    );
    assert!(matches!(refused.await.unwrap(), Err(LedgerError::Unavailable { .. })));

    // The process dies with the settlements on disk; the next one brings them back.
    other.execute("COMMIT").await.unwrap();
    world.crash().await;
    world.recorder.flush().await;
    assert_eq!(world.balance(user).await, (usd("8.1"), Money::ZERO));
    for request in requests {
        assert!(world.store.find_usage(request).await.unwrap().is_some());
    }
    let hold = world.hold(user, usd("8.1")).await;
    hold.release().await.unwrap();
    world.is_sound().await;
}

/// What one order is refused for stops nothing else, and is kept.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn is_no_order_that_alone_is_refused() {
    Database::sqlite().tell(refused_alone).await;
}

async fn refused_alone(database: &Database) {
    let world = World::start(database).await;
    let user = world.user(usd("10")).await;
    let (poor, fine) = (world.hold(user, usd("1")).await, world.hold(user, usd("1")).await);
    let broken = poor.request_id();
    // A hold that no program wrote: what it says was held is more than any balance has.
    let damage =
        format!("UPDATE holds SET from_balance = 900000000000 WHERE request_id = '{broken}'");
    database.execute(&damage).await;
    let (refused, settled) = tokio::join!(
        poor.settle(settlement(usd("0.5"), 1)),
        fine.settle(settlement(usd("0.5"), 1)),
    );
    assert!(matches!(refused, Err(LedgerError::Failed(_))), "{refused:?}");
    assert!(matches!(settled, Ok(Settled::Done { .. })), "{settled:?}");
    let kept = std::fs::read_to_string(world.spool().join("refused.jsonl")).unwrap();
    assert!(kept.contains(&broken.to_string()), "{kept}");
    assert_eq!(world.recorder.status().lost, 1);
    world.hold(user, usd("1")).await.release().await.unwrap();
}
