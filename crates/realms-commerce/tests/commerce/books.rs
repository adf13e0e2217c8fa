//! What the books say of an order, and what it says of itself.

use realms_ledger::{Defect, OrderGap, verify};
use realms_types::{Money, OrderState};

use crate::{
    database::Database,
    world::{World, session, usd},
};

pub(crate) async fn that_do_not_fit_an_order_are_told(database: &Database) {
    let world = World::start(database).await;
    let (_, channel, paid) = world.ordered().await;
    let (_, _, pending) = world.ordered().await;
    world.told(channel, &session("evt_1", "completed", paid.order.id, "pi_1")).await.unwrap();
    world.is_sound().await;

    let set = |record: &realms_store::OrderRecord, what: &str| {
        format!("UPDATE orders SET {what} WHERE id = {}", record.order.id.raw())
    };
    database.execute(&set(&pending, "state = 'paid'")).await;
    database.execute(&set(&paid, "value_bonus = value_bonus + 1")).await;
    let found = verify(&world.store).await.unwrap();
    let worth = Money::from_nano(usd("7.35").nano() + 1);
    let credited = Some(usd("7.35"));
    let state = OrderState::Paid;
    let expected = [
        OrderGap { order: pending.order.id, state, worth: usd("7.35"), credited: None },
        OrderGap { order: paid.order.id, state, worth, credited },
    ];
    assert_eq!(found.defects, expected.map(Defect::Order));
    let told = found.defects[0].to_string();
    assert!(told.contains("nothing was credited"), "{told}");

    database.execute(&set(&pending, "state = 'pending'")).await;
    database.execute(&set(&paid, "value_bonus = value_bonus - 1, state = 'cancelled'")).await;
    let found = verify(&world.store).await.unwrap();
    let state = OrderState::Cancelled;
    let expected = OrderGap { order: paid.order.id, state, worth: usd("7.35"), credited };
    assert_eq!(found.defects, [Defect::Order(expected)]);
}
