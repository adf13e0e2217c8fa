//! What operators decide: once, and never against the ledger.

use std::sync::Arc;

use realms_commerce::{CommerceError, Refusal};
use realms_ledger::{LedgerError, Movement};
use realms_store::{Actor, ActorKind, AuditFilter, AuditRecord};
use realms_types::{Attention, Money, OrderState};

use crate::{
    database::Database,
    world::{NOW, World, operator, refunded, session, usd},
};

pub(crate) async fn approve_what_was_paid_after_a_cancel_once(database: &Database) {
    let world = Arc::new(World::start(database).await);
    let (user, channel, record) = world.ordered().await;
    let id = record.order.id;
    let stranger = world.commerce.cancel(world.ids.next(), id).await;
    assert!(matches!(stranger, Err(CommerceError::NotFound(_))), "{stranger:?}");
    world.commerce.cancel(user, id).await.unwrap();
    world.told(channel, &session("evt_1", "completed", id, "pi_1")).await.unwrap();
    assert_eq!(world.balance(user).await, Money::ZERO);
    assert_eq!(world.read(id).await.order.attention, Some(Attention::PaidAfterClose));
    let mut tries = tokio::task::JoinSet::new();
    for _ in 0..20 {
        let world = Arc::clone(&world);
        tries.spawn(async move { world.commerce.approve(id, operator()).await.unwrap().gave });
    }
    let gave = tries.join_all().await;
    assert_eq!(gave.iter().filter(|one| **one).count(), 1);
    assert_eq!(world.balance(user).await, usd("7.35"));
    let after = world.read(id).await;
    assert_eq!((after.order.state, after.order.attention), (OrderState::Paid, None));
    assert_eq!(after.decided_by.as_deref(), Some("root"));
    world.is_sound().await;
}

pub(crate) async fn approve_without_a_payment_and_are_told_when_one_comes(database: &Database) {
    let world = World::start(database).await;
    let (user, channel, record) = world.ordered().await;
    let id = record.order.id;
    let audit = AuditRecord {
        id: world.ids.next(),
        at: NOW,
        actor: Actor {
            kind: ActorKind::User,
            name: "root".to_owned(),
            address: None,
            user_agent: None,
            request_id: None,
        },
        action: "order.approve".to_owned(),
        object_kind: Some("order".to_owned()),
        object: Some(id.to_string()),
        changes: Vec::new(),
    };
    let by = realms_commerce::Operator { audit: Some(audit), ..operator() };
    assert!(world.commerce.approve(id, by).await.unwrap().gave);
    let filter = AuditFilter { actions: vec!["order.approve".to_owned()], ..Default::default() };
    assert_eq!(world.store.read().list_audit(&filter).await.unwrap().records.len(), 1);
    assert_eq!(world.entries(id).await[0].reason.as_deref(), Some("asked for it"));
    world.told(channel, &session("evt_1", "completed", id, "pi_1")).await.unwrap();
    let after = world.read(id).await.order;
    assert_eq!((after.state, after.attention), (OrderState::Paid, Some(Attention::PaidTwice)));
    assert_eq!(world.balance(user).await, usd("7.35"));
    assert!(world.commerce.dismiss(id, operator()).await.unwrap().changed);
    world.is_sound().await;
}

pub(crate) async fn reject_and_then_nothing_is_given_by_itself(database: &Database) {
    let world = World::start(database).await;
    let (user, channel, record) = world.ordered().await;
    let id = record.order.id;
    world.commerce.reject(id, operator()).await.unwrap();
    world.told(channel, &session("evt_1", "completed", id, "pi_1")).await.unwrap();
    assert_eq!(world.balance(user).await, Money::ZERO);
    world.commerce.reject(id, operator()).await.unwrap();
    let after = world.read(id).await.order;
    assert_eq!((after.state, after.attention), (OrderState::Rejected, None));
}

pub(crate) async fn refund_what_is_left_and_what_is_there(database: &Database) {
    let world = World::start(database).await;
    let (user, channel, record) = world.ordered().await;
    let id = record.order.id;
    let early = world.commerce.refund(id, 100, operator()).await.unwrap_err();
    assert!(matches!(early, CommerceError::Order(Refusal::State(OrderState::Pending))));
    world.told(channel, &session("evt_1", "completed", id, "pi_1")).await.unwrap();
    world.told(channel, &refunded("evt_2", id, "pi_1", 2_000)).await.unwrap();
    assert_eq!(world.read(id).await.order.attention, Some(Attention::Returned));
    world.commerce.refund(id, 2_000, operator()).await.unwrap();
    assert_eq!(world.balance(user).await, usd("4.41"));
    assert_eq!(world.read(id).await.order.attention, None);
    let much = world.commerce.refund(id, 3_001, operator()).await.unwrap_err();
    assert!(matches!(much, CommerceError::Order(Refusal::TooMuch)));
    // Some of it is spent: what is not there cannot be taken back.
    let spent = Movement {
        user,
        amount: usd("-2"),
        key: "spent".to_owned(),
        reference: None,
        actor: None,
        reason: Some("a call".to_owned()),
    };
    world.ledger.adjust(spent).await.unwrap();
    let short = world.commerce.refund(id, 3_000, operator()).await.unwrap_err();
    assert!(matches!(short, CommerceError::Ledger(LedgerError::Refused(_))), "{short:?}");
    assert_eq!(world.read(id).await.order.refunded, 2_000);
    let back = world.commerce.refund(id, 1_639, operator()).await.unwrap();
    assert_eq!(back.record.order.state, OrderState::Paid);
    let entries = world.entries(id).await;
    let sum: i64 = entries.iter().map(|one| one.postings[0].amount.nano()).sum();
    assert_eq!(Money::from_nano(sum - usd("2").nano()), world.balance(user).await);
    world.is_sound().await;
}

pub(crate) async fn refund_at_once_never_more_than_was_given(database: &Database) {
    let world = Arc::new(World::start(database).await);
    let (user, channel, record) = world.ordered().await;
    let id = record.order.id;
    world.told(channel, &session("evt_1", "completed", id, "pi_1")).await.unwrap();
    let mut tries = tokio::task::JoinSet::new();
    for _ in 0..20 {
        let world = Arc::clone(&world);
        tries.spawn(async move { world.commerce.refund(id, 700, operator()).await.is_ok() });
    }
    let done = tries.join_all().await.into_iter().filter(|one| *one).count();
    assert_eq!(done, 7, "seven times 7 of 50");
    assert_eq!(world.read(id).await.order.refunded, 4_900);
    world.commerce.refund(id, 100, operator()).await.unwrap();
    assert_eq!(world.balance(user).await, Money::ZERO);
    assert_eq!(world.read(id).await.order.state, OrderState::Refunded);
    world.is_sound().await;
}
