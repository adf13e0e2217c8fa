//! Calls whose usage cannot be true, and what somebody decided about them.

use realms_ledger::{LedgerError, Posted, Refusal, Review, reconcile, would_cost};
use realms_store::{
    Actor, AuditRecord, HoldState, ReviewFilter, ReviewNote, ReviewStep, UsageRecord,
};
use realms_types::{Billing, Money, Timestamp, Usage, UserId};
use tokio::task::JoinSet;

use crate::{
    database::Database,
    world::{World, movement, record, refusal, usd},
};

/// A dollar for a million LLM tokens of input.
const PRICE: &str = r#"{"price":{"input":"1","output":"2"},"multiplier":"1"}"#;

/// A call of nine million LLM tokens that nobody believes: its hold is released with its record.
async fn unbelievable(world: &World, user: UserId) -> UsageRecord {
    let hold = world.hold(user, usd("0.5")).await;
    let call = UsageRecord {
        usage: Usage { input: 9_000_000, ..Usage::default() },
        cost: None,
        price: Some(PRICE.to_owned()),
        billing: Some(Billing::Quarantined),
        ..record(world, hold.request_id(), user, Money::ZERO)
    };
    hold.release_with(Box::new(call.clone())).await.unwrap();
    found(world, &call).await
}

async fn found(world: &World, call: &UsageRecord) -> UsageRecord {
    world.store.find_usage(call.request_id).await.unwrap().unwrap()
}

fn review(world: &World, amount: &str) -> Review {
    let audit = AuditRecord::new(world.ids.next(), world.now(), Actor::cli(), "usage.charge");
    Review { amount: usd(amount), reason: "the vendor says so".to_owned(), audit }
}

/// Whether it was this that waived the call.
async fn waive(world: &World, call: &UsageRecord) -> bool {
    let note =
        ReviewNote { at: world.now(), by: "root".to_owned(), reason: "a mistake".to_owned() };
    let step = ReviewStep {
        record: call.id,
        request_id: call.request_id,
        started_at: call.started_at,
        charge: Money::ZERO,
        note,
    };
    let tx = world.store.begin().await.unwrap();
    let done = tx.review_usage(&step).await.unwrap();
    tx.commit().await.unwrap();
    done
}

/// Charges and records tell the same, and every rule holds.
async fn adds_up(world: &World) {
    world.is_sound().await;
    let far = Timestamp::from_secs(4_000_000_000);
    let told = reconcile(&world.store, Timestamp::EPOCH, far).await.unwrap();
    assert!(told.is_clean(), "{told:?}");
}

pub(crate) async fn are_charged_once_and_given_back_as_any_call(database: &Database) {
    let world = World::start(database).await;
    let user = world.user(usd("10")).await;
    let call = unbelievable(&world, user).await;
    assert_eq!(would_cost(&call), Some(usd("9")));
    assert_eq!(world.balance(user).await, (usd("10"), Money::ZERO));
    let asked = world.ledger.charge_reviewed(&call, review(&world, "2.5")).await;
    assert_eq!(asked, Ok(Posted::Done));
    let again = world.ledger.charge_reviewed(&call, review(&world, "2.5")).await;
    assert_eq!(again, Ok(Posted::Already));
    let more = world.ledger.charge_reviewed(&call, review(&world, "3")).await;
    assert_eq!(refusal(more), Refusal::KeyReused(call.request_id.to_string()));
    assert!(!waive(&world, &call).await, "it was charged");

    let charged = found(&world, &call).await;
    assert_eq!((charged.billing, charged.cost), (Some(Billing::Reviewed), Some(usd("2.5"))));
    let hold = world.found(call.request_id).await;
    assert_eq!((hold.state, hold.settled_balance), (HoldState::Settled, usd("2.5")));
    let entries = world.store.read().list_entries_of(hold.account, None, 10).await.unwrap();
    let last = &entries[0];
    assert_eq!((last.kind.as_str(), last.request_id), ("review", Some(call.request_id)));
    assert_eq!(last.reason.as_deref(), Some("the vendor says so"));
    assert_eq!(world.balance(user).await, (usd("7.5"), Money::ZERO));
    adds_up(&world).await;

    let back = world.ledger.refund(call.request_id, movement(user, usd("1"), "sorry")).await;
    assert_eq!(back, Ok(Posted::Done));
    let rest = world.ledger.refund(call.request_id, movement(user, usd("1.6"), "more")).await;
    assert!(matches!(refusal(rest), Refusal::NotCharged { .. }));
    assert_eq!(world.balance(user).await, (usd("8.5"), Money::ZERO));
    adds_up(&world).await;
}

pub(crate) async fn are_refused_what_cannot_be_charged(database: &Database) {
    let world = World::start(database).await;
    let user = world.user(usd("4")).await;
    let call = unbelievable(&world, user).await;
    for amount in ["0", "-1", "9.000000001"] {
        let told = world.ledger.charge_reviewed(&call, review(&world, amount)).await;
        assert!(matches!(told, Err(LedgerError::Invalid(_))), "{amount}: {told:?}");
    }
    let silent = Review { reason: " ".to_owned(), ..review(&world, "1") };
    let told = world.ledger.charge_reviewed(&call, silent).await;
    assert!(matches!(told, Err(LedgerError::Invalid(_))), "{told:?}");
    let unpriced = UsageRecord { price: None, ..call.clone() };
    let told = world.ledger.charge_reviewed(&unpriced, review(&world, "1")).await;
    assert!(matches!(told, Err(LedgerError::Invalid(_))), "{told:?}");
    // What is not there cannot be taken, and then the call still waits.
    let short = Refusal::Insufficient { available: usd("4"), needed: usd("5") };
    assert_eq!(refusal(world.ledger.charge_reviewed(&call, review(&world, "5")).await), short);
    assert_eq!(found(&world, &call).await.billing, Some(Billing::Quarantined));
    let waits = world.store.read().find_review(call.id).await.unwrap().unwrap();
    assert_eq!(waits.note, None);

    assert!(waive(&world, &call).await);
    let waived = found(&world, &call).await;
    assert_eq!((waived.billing, waived.cost), (Some(Billing::Waived), Some(Money::ZERO)));
    let late = world.ledger.charge_reviewed(&call, review(&world, "1")).await;
    assert_eq!(refusal(late), Refusal::Overtaken);
    assert_eq!(world.balance(user).await, (usd("4"), Money::ZERO));
    adds_up(&world).await;
    // A call that nobody doubted is not decided about.
    let plain = UsageRecord { billing: Some(Billing::Charged), ..call.clone() };
    let plain = UsageRecord { id: world.ids.next(), request_id: world.ids.next_request(), ..plain };
    world.store.insert_usage(std::slice::from_ref(&plain)).await.unwrap();
    assert!(!waive(&world, &plain).await);
    assert_eq!(world.store.read().find_review(plain.id).await.unwrap(), None);
}

pub(crate) async fn of_two_nodes_are_decided_once(database: &Database) {
    let (one, two) = (World::start(database).await, World::start(database).await);
    let user = one.user(usd("100")).await;
    let mut charged = Money::ZERO;
    for _ in 0..4 {
        let call = unbelievable(&one, user).await;
        let mut tries = JoinSet::new();
        for number in 0..12 {
            let node = if number % 2 == 0 { &one } else { &two };
            let ledger = node.ledger.clone();
            let asked = review(node, if number % 3 == 0 { "2" } else { "3" });
            let call = call.clone();
            tries.spawn(async move { ledger.charge_reviewed(&call, asked).await });
        }
        let waived = waive(&two, &call).await;
        let outcomes = tries.join_all().await;
        let done = outcomes.iter().filter(|one| **one == Ok(Posted::Done)).count();
        assert_eq!(done + usize::from(waived), 1, "{outcomes:?}");
        let now = found(&one, &call).await;
        let expected = if waived { Billing::Waived } else { Billing::Reviewed };
        assert_eq!(now.billing, Some(expected));
        charged = Money::from_nano(charged.nano() + now.cost.unwrap().nano());
    }
    let left = Money::from_nano(usd("100").nano() - charged.nano());
    assert_eq!(one.balance(user).await, (left, Money::ZERO));
    let read = one.store.read();
    assert_eq!(read.count_reviews(false).await.unwrap(), 0);
    let decided = ReviewFilter { decided: true, before: None, limit: 10 };
    let decided = read.list_reviews(decided).await.unwrap();
    assert!(decided.len() == 4 && decided.is_sorted_by(|one, next| one.record > next.record));
    adds_up(&one).await;
}
