//! Movements of money that are no calls.

use realms_ledger::{AccountId, LedgerError, Movement, Posted, Refusal, adjust_alone};
use realms_store::{Actor, AuditFilter, AuditRecord};
use realms_types::Money;

use crate::{
    database::Database,
    world::{World, movement, refusal, settlement, usd},
};

pub(crate) async fn are_made_once(database: &Database) {
    let world = World::start(database).await;
    let user = world.user(Money::ZERO).await;
    let payment = movement(user, usd("5"), "stripe-evt-1");
    let mut tries = tokio::task::JoinSet::new();
    for _ in 0..50 {
        let (ledger, payment) = (world.ledger.clone(), payment.clone());
        tries.spawn(async move { ledger.credit(payment).await.unwrap() });
    }
    let outcomes = tries.join_all().await;
    assert_eq!(outcomes.iter().filter(|one| **one == Posted::Done).count(), 1);
    assert_eq!(world.balance(user).await, (usd("5"), Money::ZERO));
    let other = movement(user, usd("6"), "stripe-evt-1");
    let reused = Refusal::KeyReused("stripe-evt-1".to_owned());
    assert_eq!(refusal(world.ledger.credit(other).await), reused);
    // Each kind has its own keys.
    world.ledger.promote(movement(user, usd("1"), "stripe-evt-1")).await.unwrap();
    world.ledger.adjust(movement(user, usd("-2"), "by hand")).await.unwrap_err();
    world.ledger.adjust(movement(user, usd("-2"), "by-hand")).await.unwrap();
    assert_eq!(world.balance(user).await, (usd("4"), Money::ZERO));
    let told = refusal(world.ledger.adjust(movement(user, usd("-4.1"), "too-much")).await);
    let short = Refusal::Insufficient { available: usd("4"), needed: usd("4.1") };
    assert_eq!(told, short);
    let entries =
        world.store.read().list_entries_of(AccountId::user(user), None, 10).await.unwrap();
    let amounts: Vec<String> =
        entries.iter().map(|one| one.postings[0].amount.to_string()).collect();
    assert_eq!(amounts, ["-2", "1", "5"]);
    assert_eq!(entries[0].reason.as_deref(), Some("because"));
    assert_eq!(entries[0].postings[1].account, AccountId::ADJUSTMENTS);
    world.is_sound().await;
}

/// By a program of its own, beside the node.
async fn alone(world: &World, movement: Movement) -> Result<Posted, LedgerError> {
    let audit = AuditRecord::new(world.ids.next(), world.now(), Actor::cli(), "balance.adjust");
    adjust_alone(&world.store, movement, audit, world.ids.next()).await
}

pub(crate) async fn by_hand_need_no_writer(database: &Database) {
    let world = World::start(database).await;
    let user = world.user(usd("1")).await;
    let gift = movement(user, usd("5"), "gift");
    let (beside, within) =
        tokio::join!(alone(&world, gift.clone()), world.ledger.adjust(gift.clone()));
    let outcomes = [beside.unwrap(), within.unwrap()];
    assert!(outcomes.contains(&Posted::Done) && outcomes.contains(&Posted::Already));
    assert_eq!(alone(&world, gift).await, Ok(Posted::Already));
    assert_eq!(world.balance(user).await, (usd("6"), Money::ZERO));
    assert_eq!(alone(&world, movement(user, usd("-2"), "fee")).await, Ok(Posted::Done));
    // The gift is told of only where the one that tells was first.
    let filter = AuditFilter::default();
    let told = world.store.read().list_audit(&filter).await.unwrap().records.len();
    assert_eq!(told, 1 + usize::from(outcomes[0] == Posted::Done));

    let short = Refusal::Insufficient { available: usd("4"), needed: usd("4.1") };
    assert_eq!(refusal(alone(&world, movement(user, usd("-4.1"), "more")).await), short);
    let reused = Refusal::KeyReused("gift".to_owned());
    assert_eq!(refusal(alone(&world, movement(user, usd("6"), "gift")).await), reused);
    let unreasoned = Movement { reason: None, ..movement(user, usd("1"), "a") };
    let because = |reason: &str| Movement {
        reason: Some(reason.to_owned()),
        ..movement(user, usd("1"), "long")
    };
    for wrong in [
        movement(user, Money::ZERO, "b"),
        movement(user, usd("-10000000.01"), "c"),
        movement(user, usd("1"), "d e"),
        because(&"慢".repeat(501)),
        unreasoned,
    ] {
        let outcome = alone(&world, wrong).await;
        assert!(matches!(outcome, Err(LedgerError::Invalid(_))), "{outcome:?}");
    }
    assert_eq!(world.balance(user).await, (usd("4"), Money::ZERO));
    // The longest fits, in letters of three and of four bytes.
    let longest = "慢🐢".repeat(250);
    assert_eq!(alone(&world, because(&longest)).await, Ok(Posted::Done));
    assert_eq!(world.balance(user).await, (usd("5"), Money::ZERO));
    world.is_sound().await;
}

pub(crate) async fn give_back_no_more_than_was_paid(database: &Database) {
    let world = World::start(database).await;
    let user = world.user(usd("10")).await;
    let hold = world.hold(user, usd("2")).await;
    let request = hold.request_id();
    let refund =
        |amount: &str, key: &str| world.ledger.refund(request, movement(user, usd(amount), key));
    assert!(matches!(refusal(refund("0.1", "early").await), Refusal::NotCharged { .. }));
    hold.settle(settlement(usd("1.5"), 1)).await.unwrap();
    assert_eq!(refund("1", "first").await, Ok(Posted::Done));
    assert_eq!(refund("1", "first").await, Ok(Posted::Already));
    assert!(matches!(refusal(refund("0.6", "second").await), Refusal::NotCharged { .. }));
    assert_eq!(refund("0.5", "second").await, Ok(Posted::Done));
    assert_eq!(world.balance(user).await, (usd("10"), Money::ZERO));
    let stranger = world.user(Money::ZERO).await;
    let theft = world.ledger.refund(request, movement(stranger, usd("0.1"), "third")).await;
    assert!(matches!(refusal(theft), Refusal::NotCharged { .. }));
    world.is_sound().await;
}

pub(crate) async fn are_refused_when_they_make_no_sense(database: &Database) {
    let world = World::start(database).await;
    let user = world.user(Money::ZERO).await;
    let unreasoned =
        realms_ledger::Movement { reason: Some(" ".to_owned()), ..movement(user, usd("1"), "a") };
    let wordy =
        realms_ledger::Movement { reason: Some("w".repeat(501)), ..movement(user, usd("1"), "f") };
    for outcome in [
        world.ledger.credit(movement(user, usd("-1"), "b")).await,
        world.ledger.credit(movement(user, Money::ZERO, "c")).await,
        world.ledger.credit(movement(user, usd("10000000.01"), "d")).await,
        world.ledger.credit(movement(user, usd("1"), "")).await,
        world.ledger.credit(movement(user, usd("1"), &"k".repeat(101))).await,
        world.ledger.adjust(movement(user, Money::ZERO, "e")).await,
        world.ledger.adjust(unreasoned).await,
        world.ledger.adjust(wordy).await,
    ] {
        assert!(matches!(outcome, Err(LedgerError::Invalid(_))), "{outcome:?}");
    }
    let negative = world.ledger.reserve(world.call(user, usd("-1"))).await;
    assert!(matches!(negative, Err(LedgerError::Invalid(_))), "{negative:?}");
    let hold = world.hold(user, Money::ZERO).await;
    let negative = hold.settle(settlement(usd("-1"), 1)).await;
    assert!(matches!(negative, Err(LedgerError::Invalid(_))), "{negative:?}");
    assert_eq!(world.balance(user).await, (Money::ZERO, Money::ZERO));
    // A balance that would pass what an amount can hold fails alone.
    world.ledger.credit(movement(user, usd("5"), "f")).await.unwrap();
    let most = "UPDATE balances SET available = 4000000000000000001 WHERE account_id = ";
    database.execute(&format!("{most}{}", user.raw())).await;
    let other = world.user(Money::ZERO).await;
    let (full, fine) = tokio::join!(
        world.ledger.credit(movement(user, usd("1"), "g")),
        world.ledger.credit(movement(other, usd("1"), "h")),
    );
    assert!(matches!(full, Err(LedgerError::Failed(_))), "{full:?}");
    assert_eq!(fine, Ok(Posted::Done));
}

pub(crate) async fn cannot_be_changed(database: &Database) {
    let world = World::start(database).await;
    let user = world.user(usd("5")).await;
    world.advance(std::time::Duration::from_hours(48));
    assert_eq!(realms_ledger::anchor_days(&world.store, world.now()).await.unwrap(), 1);
    for statement in [
        "UPDATE ledger_entries SET reason = 'another'",
        "DELETE FROM ledger_entries",
        "UPDATE ledger_postings SET amount = amount * 2",
        "DELETE FROM ledger_postings WHERE place = 0",
        "UPDATE ledger_anchors SET hash = ''",
        "DELETE FROM ledger_anchors",
    ] {
        let error = database.try_execute(statement).await.unwrap_err();
        assert!(error.to_string().contains("append-only"), "{statement}: {error}");
    }
    assert_eq!(world.balance(user).await, (usd("5"), Money::ZERO));
    world.is_sound().await;
}
