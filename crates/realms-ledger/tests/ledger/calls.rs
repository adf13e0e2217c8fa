//! The life of a hold.

use std::time::Duration;

use realms_ledger::{LEASE, Refusal, Settled, reconcile};
use realms_store::{AttemptRecord, HoldState, UsageRecord};
use realms_types::{Money, Timestamp};

use crate::{
    database::Database,
    world::{World, record, refusal, settlement, usd},
};

const SECOND: Duration = Duration::from_secs(1);

pub(crate) async fn are_held_and_charged_once(database: &Database) {
    let world = World::start(database).await;
    let user = world.user(usd("10")).await;
    let call = world.call(user, usd("3"));
    let hold = world.ledger.reserve(call.clone()).await.unwrap();
    assert_eq!(world.balance(user).await, (usd("7"), usd("3")));
    // An answer that was lost is asked for again; another amount is another call.
    let again = world.ledger.reserve(call.clone()).await.unwrap();
    let mut other = call.clone();
    other.estimate.cost = usd("4");
    assert_eq!(refusal(world.ledger.reserve(other).await), Refusal::Known(call.request_id));
    assert_eq!(world.balance(user).await, (usd("7"), usd("3")));

    let settled = hold.settle(settlement(usd("2.5"), 700)).await.unwrap();
    assert_eq!(settled, Settled::Done { charged: usd("2.5"), from_balance: usd("2.5") });
    let twice = again.settle(settlement(usd("9"), 900)).await.unwrap();
    assert_eq!(twice, Settled::Already { charged: usd("2.5") });
    assert_eq!(world.balance(user).await, (usd("7.5"), Money::ZERO));
    let found = world.found(call.request_id).await;
    assert_eq!((found.state, found.settled_tokens), (HoldState::Settled, 700));
    assert_eq!(found.price.as_deref(), Some("{}"));
    // Whoever comes for a call that is over gets nothing.
    assert_eq!(refusal(world.ledger.reserve(call.clone()).await), Refusal::Known(call.request_id));

    let hold = world.hold(user, usd("7.5")).await;
    let needed = refusal(world.ledger.reserve(world.call(user, usd("0.000000001"))).await);
    let (available, needed_amount) = (Money::ZERO, usd("0.000000001"));
    assert_eq!(needed, Refusal::Insufficient { available, needed: needed_amount });
    hold.release().await.unwrap();
    assert_eq!(world.balance(user).await, (usd("7.5"), Money::ZERO));
    world.is_sound().await;
}

pub(crate) async fn that_cost_more_than_was_held_leave_a_debt(database: &Database) {
    let world = World::start(database).await;
    let user = world.user(usd("1")).await;
    let hold = world.hold(user, usd("1")).await;
    hold.settle(settlement(usd("1.25"), 1)).await.unwrap();
    assert_eq!(world.balance(user).await, (usd("-0.25"), Money::ZERO));
    let refused = refusal(world.ledger.reserve(world.call(user, usd("0.1"))).await);
    let debt = Refusal::Insufficient { available: usd("-0.25"), needed: usd("0.1") };
    assert_eq!(refused, debt);
    // What costs nothing needs nothing.
    world.hold(user, Money::ZERO).await.release().await.unwrap();
    world.is_sound().await;
}

pub(crate) async fn that_cost_nothing_move_nothing(database: &Database) {
    let world = World::start(database).await;
    let user = world.user(usd("1")).await;
    let hold = world.hold(user, usd("0.5")).await;
    let request = hold.request_id();
    let settled = hold.settle(settlement(Money::ZERO, 12)).await.unwrap();
    assert_eq!(settled, Settled::Done { charged: Money::ZERO, from_balance: Money::ZERO });
    assert_eq!(world.balance(user).await, (usd("1"), Money::ZERO));
    assert_eq!(world.found(request).await.state, HoldState::Settled);
    let entries = world.store.read().list_entries_of(realms_ledger::AccountId::user(user), None, 9);
    assert_eq!(entries.await.unwrap().len(), 1, "the payment");
    world.is_sound().await;
}

pub(crate) async fn end_when_their_hold_is_dropped(database: &Database) {
    let world = World::start(database).await;
    let user = world.user(usd("10")).await;
    let unused = world.hold(user, usd("1")).await;
    let mut busy = world.hold(user, usd("1")).await;
    busy.meter(usd("0.2"), 80, Some("{}"));
    let (first, second) = (unused.request_id(), busy.request_id());
    drop(unused);
    drop(busy);
    world.recorder.flush().await;
    assert_eq!(world.found(first).await.state, HoldState::Released);
    let found = world.found(second).await;
    assert_eq!((found.state, found.settled), (HoldState::Settled, usd("0.2")));
    assert_eq!(world.balance(user).await, (usd("9.8"), Money::ZERO));
    // A settlement whose caller goes away while it waits is made all the same.
    let hold = world.hold(user, usd("1")).await;
    let third = hold.request_id();
    let gone = tokio::time::timeout(Duration::ZERO, hold.settle(settlement(usd("0.5"), 9))).await;
    drop(gone);
    world.recorder.flush().await;
    assert_eq!(world.found(third).await.settled, usd("0.5"));
    world.is_sound().await;
}

pub(crate) async fn expire_unless_they_are_renewed(database: &Database) {
    let world = World::start(database).await;
    let user = world.user(usd("10")).await;
    let mut live = world.hold(user, usd("1")).await;
    let dead = world.hold(user, usd("2")).await;
    let mut late = world.hold(user, usd("3")).await;
    world.advance(LEASE / 2);
    assert!(live.renew().await.unwrap());
    late.meter(usd("0.75"), 300, None);
    assert!(late.renew().await.unwrap());
    world.advance(Duration::from_secs(44));
    assert_eq!(world.expire().await, 0);
    world.advance(SECOND);
    assert_eq!(world.expire().await, 1);
    assert_eq!(world.found(dead.request_id()).await.state, HoldState::Expired);
    assert_eq!(world.balance(user).await, (usd("6"), usd("4")));
    // A call of an hour lives as long as it is renewed.
    for _ in 0..120 {
        world.advance(Duration::from_secs(30));
        assert!(live.renew().await.unwrap());
        world.expire().await;
    }
    // What died in between is charged what was metered of it.
    let found = world.found(late.request_id()).await;
    assert_eq!((found.state, found.settled), (HoldState::Expired, usd("0.75")));
    assert!(!late.renew().await.unwrap());
    live.settle(settlement(usd("0.5"), 1)).await.unwrap();
    assert_eq!(world.balance(user).await, (usd("8.75"), Money::ZERO));
    world.is_sound().await;
}

pub(crate) async fn are_charged_late_after_they_expired(database: &Database) {
    let world = World::start(database).await;
    let user = world.user(usd("10")).await;
    let unmetered = world.hold(user, usd("1")).await;
    let mut metered = world.hold(user, usd("1")).await;
    let mut void = world.hold(user, usd("1")).await;
    for hold in [&mut metered, &mut void] {
        hold.meter(usd("0.3"), 100, None);
        hold.renew().await.unwrap();
    }
    world.advance(2 * LEASE);
    assert_eq!(world.expire().await, 3);
    assert_eq!(world.expire().await, 0);
    assert_eq!(world.balance(user).await, (usd("9.4"), Money::ZERO));

    unmetered.settle(settlement(usd("0.8"), 1)).await.unwrap();
    metered.settle(settlement(usd("0.9"), 1)).await.unwrap();
    assert_eq!(world.balance(user).await, (usd("8"), Money::ZERO));
    void.release().await.unwrap();
    assert_eq!(world.balance(user).await, (usd("8.3"), Money::ZERO));
    world.is_sound().await;
}

pub(crate) async fn are_recorded_though_their_process_is_gone(database: &Database) {
    let world = World::start(database).await;
    let user = world.user(usd("10")).await;
    let note = realms_ledger::CallNote {
        api_key_id: 7.into(),
        dialect: realms_types::DialectId::Chat,
        operation: "chat.completions".to_owned(),
        model: "m".to_owned(),
        model_id: Some(3.into()),
        stream: true,
        client_request_id: None,
    };
    let call =
        || realms_ledger::Reservation { call: Some(note.clone()), ..world.call(user, usd("1")) };
    let mut gone = world.ledger.reserve(call()).await.unwrap();
    let mut hung = world.ledger.reserve(call()).await.unwrap();
    let mut dropped = world.ledger.reserve(call()).await.unwrap();
    let requests = [gone.request_id(), hung.request_id(), dropped.request_id()];
    dropped.meter(usd("0.2"), 90, None);
    drop(dropped);
    world.recorder.flush().await;
    for hold in [&mut gone, &mut hung] {
        hold.meter(usd("0.3"), 100, None);
        hold.renew().await.unwrap();
    }
    world.advance(2 * LEASE);
    assert_eq!(world.expire().await, 2);
    let recorded = async |request| world.store.find_usage(request).await.unwrap().unwrap();
    for (request, cost) in requests.into_iter().zip(["0.3", "0.3", "0.2"]) {
        let found = recorded(request).await;
        assert_eq!((found.cost, found.user_id), (Some(usd(cost)), user), "{request}");
        assert_eq!((found.outcome.as_str(), found.model.as_str()), ("broken", "m"));
    }
    // One of them was alive after all: what it brings takes the place of what was made up.
    let real = Box::new(UsageRecord {
        attempts: vec![attempt()],
        ..record(&world, requests[1], user, usd("0.9"))
    });
    let settlement =
        realms_ledger::Settlement { record: Some(real), ..settlement(usd("0.9"), 150) };
    hung.settle(settlement).await.unwrap();
    let found = recorded(requests[1]).await;
    assert_eq!((found.cost, found.outcome.as_str()), (Some(usd("0.9")), "ok"));
    // The one that is gone has its end too.
    drop(gone);
    world.recorder.flush().await;
    assert_eq!(recorded(requests[0]).await.cost, Some(usd("0.3")));
    assert_eq!(world.balance(user).await, (usd("8.6"), Money::ZERO));
    let until = world.now() + SECOND;
    let told = reconcile(&world.store, Timestamp::EPOCH, until).await.unwrap().differences;
    assert!(told.is_empty(), "{told:#?}");
    world.is_sound().await;
}

fn attempt() -> AttemptRecord {
    AttemptRecord {
        sequence: 0,
        channel_id: 1.into(),
        endpoint_id: 1.into(),
        credential_id: 1.into(),
        binding_id: None,
        upstream_model: None,
        started_at: Timestamp::EPOCH,
        headers_us: None,
        duration_us: 1,
        status: Some(200),
        outcome: "accepted".to_owned(),
        cause: None,
        scope: None,
        detail: None,
        bytes: 1,
        upstream_request_id: None,
    }
}

pub(crate) async fn write_their_record_with_their_charge(database: &Database) {
    let world = World::start(database).await;
    let user = world.user(usd("10")).await;
    let hold = world.hold(user, usd("1")).await;
    let request = hold.request_id();
    let record = Box::new(record(&world, request, user, usd("0.4")));
    let settlement =
        |cost| realms_ledger::Settlement { record: Some(record.clone()), ..settlement(cost, 150) };
    hold.settle(settlement(usd("0.4"))).await.unwrap();
    assert_eq!(world.store.find_usage(request).await.unwrap().unwrap().cost, Some(usd("0.4")));
    let (since, until) = (Timestamp::EPOCH, world.now() + SECOND);
    assert!(reconcile(&world.store, since, until).await.unwrap().is_clean());
    assert_eq!(world.recorder.status().written, 1);

    // What does not fit is named: a charge without its record, a record without its charge.
    let bare = world.hold(user, usd("1")).await;
    let first = bare.request_id();
    bare.settle(self::settlement(usd("0.6"), 1)).await.unwrap();
    let second = world.ids.next_request();
    world.recorder.submit(crate::world::record(&world, second, user, usd("0.7"))).await;
    world.recorder.flush().await;
    let overdue = world.hold(user, usd("1")).await;
    let third = overdue.request_id();
    world.advance(3 * LEASE);
    let until = world.now();
    let found = reconcile(&world.store, since, until).await.unwrap().differences;
    let told: Vec<String> = found.iter().map(ToString::to_string).collect();
    let charge = format!("call {first}: charged 0.6 USD, it has no record of a cost");
    assert!(told.contains(&charge), "{told:#?}");
    assert!(told.contains(&format!("call {second}: cost 0.7 USD, it has no hold")), "{told:#?}");
    assert!(told.iter().any(|one| one.contains(&third.to_string())), "{told:#?}");
    assert_eq!(told.len(), 3);
    drop(overdue);
    world.is_sound().await;
}
