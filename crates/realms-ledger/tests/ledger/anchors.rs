//! Damage, and what finds it.

use std::time::Duration;

use realms_ledger::{Defect, anchor_days, verify};
use realms_store::DbKind;

use crate::{
    database::Database,
    world::{START, World, movement, usd},
};

const DAY: Duration = Duration::from_hours(24);

/// Takes the guards of a table away, as somebody with every right on the database could.
async fn unguard(database: &Database, table: &str) {
    for verb in ["update", "delete"] {
        let on =
            if database.kind == DbKind::Postgres { format!(" ON {table}") } else { String::new() };
        database.execute(&format!("DROP TRIGGER {table}_refuse_{verb}{on}")).await;
    }
}

async fn told(world: &World) -> Vec<String> {
    let found = verify(&world.store).await.unwrap();
    found.defects.iter().map(ToString::to_string).collect()
}

pub(crate) async fn name_the_day_that_was_changed(database: &Database) {
    let world = World::start(database).await;
    for day in 0..4 {
        let user = world.user(usd("1")).await;
        world.ledger.adjust(movement(user, usd("0.5"), &format!("day-{day}"))).await.unwrap();
        world.advance(DAY);
    }
    // The last day ended just now: entries of a node whose clock is behind may still come.
    assert_eq!(anchor_days(&world.store, world.now()).await.unwrap(), 3);
    world.advance(Duration::from_hours(2));
    assert_eq!(anchor_days(&world.store, world.now()).await.unwrap(), 1);
    assert_eq!(anchor_days(&world.store, world.now()).await.unwrap(), 0);
    let found = verify(&world.store).await.unwrap();
    assert!(found.is_sound(), "{found:?}");
    assert_eq!((found.anchors, found.totals.entries), (4, 8));

    unguard(database, "ledger_entries").await;
    let day = START / 86_400 + 1;
    database
        .execute(&format!("UPDATE ledger_entries SET reason = 'another' WHERE day = {day}"))
        .await;
    let found = verify(&world.store).await.unwrap();
    assert_eq!(found.defects, [Defect::Anchor { day }]);
    assert_eq!(
        told(&world).await,
        ["day 2026-11-16: its entries are not those its anchor was made of"]
    );
}

pub(crate) async fn damage_is_found(database: &Database) {
    let world = World::start(database).await;
    let user = world.user(usd("10")).await;
    let hold = world.hold(user, usd("1")).await;
    let settled = world.hold(user, usd("1")).await;
    let request = settled.request_id();
    settled.settle(crate::world::settlement(usd("0.5"), 1)).await.unwrap();
    world.is_sound().await;
    let of_user = format!("WHERE account_id = {}", user.raw());

    database.execute(&format!("UPDATE balances SET available = available + 1 {of_user}")).await;
    let account =
        format!("account {user}: available and held are 9.500000001 USD, 9.5 USD were posted");
    assert_eq!(told(&world).await, [account]);
    database
        .execute(&format!(
            "UPDATE balances SET available = available - 3, held = held + 2 {of_user}"
        ))
        .await;
    let set_aside = format!("account {user}: 1.000000002 USD are held, its holds are 1 USD");
    assert_eq!(told(&world).await, [set_aside]);
    database
        .execute(&format!(
            "UPDATE balances SET available = available + 2, held = held - 2 {of_user}"
        ))
        .await;
    world.is_sound().await;

    let call = format!("WHERE request_id = '{request}'");
    database
        .execute(&format!("UPDATE holds SET settled_balance = settled_balance + 5 {call}"))
        .await;
    let charge = format!(
        "call {request}: its hold says the balance paid 0.500000005 USD, 0.5 USD were posted"
    );
    assert_eq!(told(&world).await, [charge]);
    database
        .execute(&format!("UPDATE holds SET settled_balance = settled_balance - 5 {call}"))
        .await;

    unguard(database, "ledger_postings").await;
    database.execute(&format!("DELETE FROM ledger_postings {of_user} AND amount < 0")).await;
    let found = told(&world).await;
    assert_eq!(found.len(), 3, "the entry, the balance, the charge: {found:#?}");
    assert!(found[0].contains("1 postings whose sum is 0.5 USD"), "{found:#?}");
    drop(hold);
}
