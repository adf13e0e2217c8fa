//! Notices that are true, however often and in whatever order they come.

use std::sync::Arc;

use realms_store::NoticeOutcome;
use realms_types::{Attention, Money, OrderState};

use crate::{
    database::Database,
    world::{World, dispute, refunded, session, usd},
};

pub(crate) async fn fifty_at_once_credit_once(database: &Database) {
    let world = Arc::new(World::start(database).await);
    let (user, channel, record) = world.ordered().await;
    let id = record.order.id;
    let mut tries = tokio::task::JoinSet::new();
    for number in 0..50 {
        let world = Arc::clone(&world);
        // Every other one is the same notice again, the rest are others about the same payment.
        let event = format!("evt_{}", if number % 2 == 0 { 0 } else { number });
        let topic = if number % 3 == 0 { "async_payment_succeeded" } else { "completed" };
        let body = session(&event, topic, id, "pi_1");
        tries.spawn(async move { world.told(channel, &body).await.unwrap().outcome });
    }
    let outcomes = tries.join_all().await;
    let given = outcomes.iter().filter(|one| **one == NoticeOutcome::Given).count();
    assert_eq!(given, 1);
    assert!(outcomes.iter().all(|one| matches!(one, NoticeOutcome::Given | NoticeOutcome::Noted)));
    assert_eq!(world.balance(user).await, usd("7.35"));
    assert_eq!(world.entries(id).await.len(), 1);
    let after = world.read(id).await;
    assert_eq!((after.order.state, after.version), (OrderState::Paid, 1));
    assert_eq!(after.order.payment.as_deref(), Some("pi_1"));
    let kept = world.store.read().list_notices_of_order(id).await.unwrap();
    assert_eq!(kept.len(), 26, "each notice is kept once");
    let channel = world.store.read().find_payment_channel(channel).await.unwrap().unwrap();
    assert!(channel.last_notice.unwrap().starts_with("checkout.session."));
    world.is_sound().await;
}

pub(crate) async fn on_two_nodes_credit_once(database: &Database) {
    let one = Arc::new(World::start(database).await);
    let other = Arc::new(one.beside().await);
    let (user, channel, record) = one.ordered().await;
    let id = record.order.id;
    let mut tries = tokio::task::JoinSet::new();
    for number in 0..50 {
        let node = Arc::clone(if number % 2 == 0 { &one } else { &other });
        let body = session(&format!("evt_{}", number / 4), "completed", id, "pi_1");
        // A node that is told to come again is told again, as a gateway does.
        tries.spawn(async move {
            loop {
                match node.told(channel, &body).await {
                    Ok(received) => return received.outcome,
                    Err(error) => assert!(error.is_temporary(), "{error}"),
                }
            }
        });
    }
    let outcomes = tries.join_all().await;
    assert!(outcomes.iter().filter(|one| **one == NoticeOutcome::Given).count() <= 1);
    assert_eq!(one.balance(user).await, usd("7.35"));
    assert_eq!(one.entries(id).await.len(), 1);
    assert_eq!(one.read(id).await.version, 1);
    one.is_sound().await;
}

pub(crate) async fn in_any_order_credit_once(database: &Database) {
    let world = World::start(database).await;
    let (user, channel, record) = world.ordered().await;
    let id = record.order.id;
    let told = |topic: &str| session(topic, topic, id, "pi_1");
    let failed = world.told(channel, &told("async_payment_failed")).await.unwrap();
    assert_eq!(failed.outcome, NoticeOutcome::Noted);
    let unpaid = told("completed").replace("\"paid\"", "\"unpaid\"");
    assert_eq!(world.told(channel, &unpaid).await.unwrap().outcome, NoticeOutcome::Passed);
    assert_eq!(world.balance(user).await, Money::ZERO);
    let paid = world.told(channel, &told("async_payment_succeeded")).await.unwrap();
    assert_eq!(paid.outcome, NoticeOutcome::Given);
    // Late, and about what is over.
    let late = world.told(channel, &told("expired")).await.unwrap();
    assert_eq!(late.outcome, NoticeOutcome::Refused);
    assert_eq!(world.read(id).await.order.state, OrderState::Paid);
    assert_eq!(world.balance(user).await, usd("7.35"));
    // A second payment for the same order: somebody is to look.
    let again = world.told(channel, &session("evt_9", "completed", id, "pi_2")).await.unwrap();
    assert_eq!(again.outcome, NoticeOutcome::Noted);
    assert_eq!(world.read(id).await.order.attention, Some(Attention::PaidTwice));
    assert_eq!(world.balance(user).await, usd("7.35"));
    world.is_sound().await;
}

pub(crate) async fn of_a_refund_before_the_payment_credit_nothing(database: &Database) {
    let world = World::start(database).await;
    let (user, channel, record) = world.ordered().await;
    let id = record.order.id;
    world.told(channel, &refunded("evt_2", id, "pi_1", 5_000)).await.unwrap();
    let paid = world.told(channel, &session("evt_1", "completed", id, "pi_1")).await.unwrap();
    assert_eq!(paid.outcome, NoticeOutcome::Noted);
    assert_eq!(world.read(id).await.order.state, OrderState::Refunded);
    assert_eq!(world.balance(user).await, Money::ZERO);
    // In part: an operator decides.
    let part = world.top_up(user, channel).await.order.id;
    world.told(channel, &refunded("evt_4", part, "pi_2", 100)).await.unwrap();
    world.told(channel, &session("evt_3", "completed", part, "pi_2")).await.unwrap();
    let after = world.read(part).await.order;
    assert_eq!((after.state, after.attention), (OrderState::Pending, Some(Attention::Returned)));
    assert_eq!(world.balance(user).await, Money::ZERO);
    world.is_sound().await;
}

pub(crate) async fn of_a_dispute_count_before_and_after_the_payment(database: &Database) {
    let world = World::start(database).await;
    let (user, channel, record) = world.ordered().await;
    let id = record.order.id;
    let before = world.told(channel, &dispute("evt_1", "created", "needs_response", "pi_1")).await;
    assert_eq!(before.unwrap().outcome, NoticeOutcome::NoOrder);
    world.told(channel, &session("evt_2", "completed", id, "pi_1")).await.unwrap();
    let after = world.read(id).await.order;
    assert_eq!((after.state, after.attention), (OrderState::Pending, Some(Attention::Disputed)));
    assert_eq!(world.balance(user).await, Money::ZERO);
    let won = world.told(channel, &dispute("evt_3", "closed", "won", "pi_1")).await.unwrap();
    assert_eq!(won.outcome, NoticeOutcome::Given);
    assert_eq!(world.balance(user).await, usd("7.35"));
    world.told(channel, &dispute("evt_4", "created", "needs_response", "pi_1")).await.unwrap();
    assert_eq!(world.read(id).await.order.attention, Some(Attention::Disputed));
    world.is_sound().await;
}

pub(crate) async fn three_days_late_are_taken(database: &Database) {
    let world = World::start(database).await;
    let (user, channel, record) = world.ordered().await;
    world.set_clock(crate::world::NOW + std::time::Duration::from_hours(72));
    let body = session("evt_1", "completed", record.order.id, "pi_1");
    // The gateway signs anew when it tells again.
    assert_eq!(world.told(channel, &body).await.unwrap().outcome, NoticeOutcome::Given);
    assert_eq!(world.balance(user).await, usd("7.35"));
}

pub(crate) async fn that_race_with_a_cancel_are_given_or_looked_at(database: &Database) {
    let world = Arc::new(World::start(database).await);
    let (user, channel, _) = world.ordered().await;
    let mut given = 0;
    for round in 0..30 {
        let id = world.top_up(user, channel).await.order.id;
        let body = session(&format!("evt_{round}"), "completed", id, &format!("pi_{round}"));
        let (told, cancelled) =
            tokio::join!(world.told(channel, &body), world.commerce.cancel(user, id));
        told.unwrap();
        let after = world.read(id).await.order;
        let entries = world.entries(id).await.len();
        match after.state {
            OrderState::Paid => {
                given += 1;
                assert!(cancelled.is_err() && entries == 1);
            }
            state => {
                assert!(cancelled.is_ok() && entries == 0);
                let seen = (state, after.attention);
                assert_eq!(seen, (OrderState::Cancelled, Some(Attention::PaidAfterClose)));
            }
        }
    }
    let expected = Money::from_nano(given * usd("7.35").nano());
    assert_eq!(world.balance(user).await, expected);
    world.is_sound().await;
}
