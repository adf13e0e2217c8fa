//! Many at once.

use std::time::Duration;

use realms_ledger::{Hold, Ledger, LedgerError, Payer, Reservation, Settled, Subscription, Window};
use realms_types::{Ids, Money, UserId};
use tokio::task::JoinSet;

use crate::{
    database::Database,
    world::{World, settlement, usd},
};

const PARALLEL: usize = 200;

/// Reserves them all at once; those that are admitted stay held. On a machine so busy that somebody
/// waited too long, whoever has nothing asks once more: their place was kept for a moment.
async fn admitted(ids: &Ids, mut calls: Vec<(Ledger, Reservation)>) -> Vec<Hold> {
    let mut holds = Vec::new();
    loop {
        let mut tries = JoinSet::new();
        for (ledger, mut call) in calls {
            call.request_id = ids.next_request();
            tries.spawn(async move { (ledger.reserve(call.clone()).await, ledger, call) });
        }
        calls = Vec::new();
        let mut late = false;
        for (outcome, ledger, call) in tries.join_all().await {
            match outcome {
                Ok(hold) => holds.push(hold),
                Err(LedgerError::Refused(_)) => calls.push((ledger, call)),
                Err(LedgerError::Unavailable { .. }) => {
                    late = true;
                    calls.push((ledger, call));
                }
                Err(error) => panic!("{error}"),
            }
        }
        if !late {
            return holds;
        }
    }
}

pub(crate) async fn admit_what_the_balance_pays(database: &Database) {
    let world = World::start(database).await;
    let user = world.user(usd("0.37")).await;
    let calls = (0..PARALLEL).map(|_| (world.ledger.clone(), world.call(user, usd("0.01"))));
    let holds = admitted(&world.ids, calls.collect()).await;
    assert_eq!(holds.len(), 37);
    assert_eq!(world.balance(user).await, (Money::ZERO, usd("0.37")));
    drop(holds);
    world.recorder.flush().await;
    assert_eq!(world.balance(user).await, (usd("0.37"), Money::ZERO));
    world.is_sound().await;
}

pub(crate) async fn admit_what_a_window_bears(database: &Database) {
    let world = World::start(database).await;
    let user = world.user(Money::ZERO).await;
    let plan = Subscription {
        id: world.ids.next::<UserId>().raw(),
        resets: 0,
        windows: vec![
            (Window::Rolling(Duration::from_hours(5)), usd("1")),
            (Window::Total, usd("100")),
        ],
    };
    let call = || Reservation {
        payer: Payer::User { subscriptions: vec![plan.clone()], pay_as_you_go: false },
        call: None,
        ..world.call(user, usd("0.03"))
    };
    let calls = (0..PARALLEL).map(|_| (world.ledger.clone(), call()));
    let holds = admitted(&world.ids, calls.collect()).await;
    assert_eq!(holds.len(), 33, "34 would be 1.02 USD");
    world.is_sound().await;
    drop(holds);
}

/// Two processes differ from this in nothing the database could see: each node has its own pools and
/// its own writer.
pub(crate) async fn of_two_nodes_admit_what_the_balance_pays(database: &Database) {
    let (one, two) = (World::start(database).await, World::start(database).await);
    let users = [one.user(usd("0.25")).await, one.user(usd("0.12")).await];
    let plan = Subscription {
        id: one.ids.next::<UserId>().raw(),
        resets: 0,
        windows: vec![(Window::Rolling(Duration::from_hours(5)), usd("0.1"))],
    };
    let mut calls = Vec::new();
    for number in 0..PARALLEL {
        let node = if number % 2 == 0 { &one } else { &two };
        let user = users[number / 2 % 2];
        let mut call = node.call(user, usd("0.01"));
        if user == users[0] {
            call.payer = Payer::User { subscriptions: vec![plan.clone()], pay_as_you_go: true };
        }
        calls.push((node.ledger.clone(), call));
    }
    let holds = admitted(&one.ids, calls).await;
    let of = |user: UserId| {
        let account = realms_ledger::AccountId::user(user);
        holds.iter().filter(|hold| hold.record().account == account).count()
    };
    assert_eq!((of(users[0]), of(users[1])), (35, 12));
    assert_eq!(one.balance(users[0]).await, (Money::ZERO, usd("0.25")));
    one.is_sound().await;
    let mut ends = JoinSet::new();
    for hold in holds {
        ends.spawn(async move { hold.settle(settlement(usd("0.005"), 5)).await.unwrap() });
    }
    let ends = ends.join_all().await;
    assert!(ends.iter().all(|end| matches!(end, Settled::Done { .. })), "{ends:?}");
    assert_eq!(two.balance(users[1]).await, (usd("0.06"), Money::ZERO));
    two.is_sound().await;
}

pub(crate) async fn settle_a_call_once(database: &Database) {
    let (one, two) = (World::start(database).await, World::start(database).await);
    let user = one.user(usd("10")).await;
    let call = one.call(user, usd("1"));
    // The same call asked for again is the same hold.
    let mut holds = Vec::new();
    for number in 0..20 {
        let node = if number % 2 == 0 { &one } else { &two };
        holds.push(node.ledger.reserve(call.clone()).await.unwrap());
    }
    let mut ends = JoinSet::new();
    for (number, hold) in holds.into_iter().enumerate() {
        ends.spawn(async move {
            match number % 3 {
                0 => hold.release().await.unwrap(),
                _ => hold.settle(settlement(usd("0.5"), 1)).await.unwrap(),
            }
        });
    }
    let ends = ends.join_all().await;
    let done = ends.iter().filter(|end| matches!(end, Settled::Done { .. })).count();
    assert_eq!(done, 1, "{ends:?}");
    let (available, held) = one.balance(user).await;
    assert!([usd("10"), usd("9.5")].contains(&available), "{available}");
    assert_eq!(held, Money::ZERO);
    one.is_sound().await;
}
