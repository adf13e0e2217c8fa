//! Subscriptions and limits in windows of time.

use std::time::Duration;

use realms_ledger::{
    Cap, CapOwner, Payer, Refusal, Reservation, Settled, Subscription, Unit, Window,
};
use realms_types::{ApiKeyId, Money, Timestamp, UserId};

use crate::{
    database::Database,
    world::{World, refusal, settlement, usd},
};

const HOUR: Duration = Duration::from_hours(1);

fn subscription(world: &World, windows: &[(Window, &str)]) -> Subscription {
    let windows = windows.iter().map(|(window, most)| (*window, usd(most))).collect();
    Subscription { id: world.ids.next::<UserId>().raw(), resets: 0, windows }
}

pub(crate) async fn subscriptions_pay_before_the_balance(database: &Database) {
    let world = World::start(database).await;
    let user = world.user(usd("10")).await;
    let small = subscription(&world, &[(Window::Rolling(5 * HOUR), "3"), (Window::Total, "4")]);
    let large = subscription(&world, &[(Window::Rolling(24 * HOUR), "5")]);
    let call = |cost, pay_as_you_go| Reservation {
        payer: Payer::User { subscriptions: vec![small.clone(), large.clone()], pay_as_you_go },
        ..world.call(user, usd(cost))
    };
    let reserve = |call| world.ledger.reserve(call);
    // 3 of the first, 5 of the second, 2 of the balance.
    let hold = reserve(call("10", true)).await.unwrap();
    assert_eq!(hold.record().from_balance, usd("2"));
    assert_eq!(world.balance(user).await, (usd("8"), usd("2")));
    let refused = refusal(reserve(call("0.1", false)).await);
    assert!(matches!(refused, Refusal::Exhausted { .. }), "{refused}");
    // It came to 4: the first pays 3, the second 1, the balance nothing.
    hold.settle(settlement(usd("4"), 1)).await.unwrap();
    assert_eq!(world.balance(user).await, (usd("10"), Money::ZERO));
    let second = reserve(call("4", false)).await.unwrap();
    assert_eq!(second.record().from_balance, Money::ZERO);
    // Beyond what was held, and nothing of it was the balance's: the subscription bears it.
    second.settle(settlement(usd("4.5"), 1)).await.unwrap();
    assert_eq!(world.balance(user).await, (usd("10"), Money::ZERO));
    // After five hours the first has room again, but only 1 in all.
    world.advance(6 * HOUR);
    let third = reserve(call("3", true)).await.unwrap();
    assert_eq!(third.record().from_balance, usd("2"));
    third.release().await.unwrap();
    world.is_sound().await;
}

fn limited(world: &World, user: UserId, cost: &str, tokens: u64, key: ApiKeyId) -> Reservation {
    let from = world.now().as_secs() / 86_400 * 86_400;
    let day = Window::Fixed {
        length: 24 * HOUR,
        from: Timestamp::from_secs(from),
        until: Timestamp::from_secs(from + 86_400),
    };
    let mut call = world.call(user, usd(cost));
    call.estimate.tokens = tokens;
    let money = usd("1").nano();
    call.caps = vec![
        Cap { owner: CapOwner::User(user), unit: Unit::Tokens, window: day, limit: 1_000 },
        Cap { owner: CapOwner::ApiKey(key), unit: Unit::Money, window: day, limit: money },
    ];
    call
}

pub(crate) async fn limits_count_money_and_tokens(database: &Database) {
    let world = World::start(database).await;
    let user = world.user(usd("100")).await;
    let (first, second): (ApiKeyId, ApiKeyId) = (world.ids.next(), world.ids.next());
    let reserve =
        |cost, tokens, key| world.ledger.reserve(limited(&world, user, cost, tokens, key));
    let hold = reserve("0.8", 600, first).await.unwrap();
    // The money of the key is used up: what was drawn of the tokens before is given back.
    let refused = refusal(reserve("0.3", 300, first).await);
    assert!(
        matches!(&refused, Refusal::Limit { unit: Unit::Money, used: 800_000_000, .. }),
        "{refused}"
    );
    let other = reserve("0.3", 400, second).await.unwrap();
    let refused = refusal(reserve("0.1", 1, second).await);
    let Refusal::Limit { unit, limit, used, needed, .. } = refused else { panic!("{refused}") };
    assert_eq!((unit, limit, used, needed), (Unit::Tokens, 1_000, 1_000, 1));
    assert_eq!(world.balance(user).await, (usd("98.9"), usd("1.1")));
    // What was not used is free again.
    hold.settle(settlement(usd("0.1"), 50)).await.unwrap();
    other.release().await.unwrap();
    reserve("0.9", 950, first).await.unwrap().settle(settlement(usd("0.9"), 950)).await.unwrap();
    assert!(reserve("0.1", 1, second).await.is_err());
    // The next day everything is.
    world.advance(24 * HOUR);
    reserve("1", 1_000, first).await.unwrap().release().await.unwrap();
    world.is_sound().await;
}

pub(crate) async fn roll_on(database: &Database) {
    let world = World::start(database).await;
    let user = world.user(Money::ZERO).await;
    let plan = subscription(&world, &[(Window::Rolling(HOUR), "6")]);
    let call = |cost| Reservation {
        payer: Payer::User { subscriptions: vec![plan.clone()], pay_as_you_go: false },
        call: None,
        ..world.call(user, usd(cost))
    };
    let reserve = |cost| world.ledger.reserve(call(cost));
    // One each ten minutes: at any time those of the last hour count.
    for _ in 0..6 {
        reserve("1").await.unwrap().settle(settlement(usd("1"), 1)).await.unwrap();
        world.advance(HOUR / 6);
    }
    assert!(reserve("1").await.is_err(), "the first leaves a step of a minute later");
    world.advance(HOUR / 60);
    let last = reserve("1").await.unwrap();
    assert!(reserve("0.1").await.is_err());
    // A call whose piece of time has left the window changes nothing in it.
    world.advance(2 * HOUR);
    let fresh = reserve("6").await.unwrap();
    last.settle(settlement(usd("0.1"), 1)).await.unwrap();
    assert!(reserve("0.1").await.is_err());
    fresh.release().await.unwrap();
    reserve("6").await.unwrap().release().await.unwrap();
    world.is_sound().await;
}

pub(crate) async fn of_a_node_whose_clock_is_behind_lose_nothing(database: &Database) {
    let world = World::start(database).await;
    let user = world.user(Money::ZERO).await;
    let plan = subscription(&world, &[(Window::Rolling(HOUR), "2")]);
    let call = |cost| Reservation {
        payer: Payer::User { subscriptions: vec![plan.clone()], pay_as_you_go: false },
        call: None,
        ..world.call(user, usd(cost))
    };
    world.ledger.reserve(call("1")).await.unwrap().settle(settlement(usd("1"), 1)).await.unwrap();
    // This node's clock is three hours behind the one that was there before.
    world.set_back(3 * HOUR);
    let hold = world.ledger.reserve(call("1")).await.unwrap();
    hold.settle(settlement(usd("1"), 1)).await.unwrap();
    assert!(world.ledger.reserve(call("0.1")).await.is_err());
    world.is_sound().await;
    world.advance(5 * HOUR);
    world.ledger.reserve(call("2")).await.unwrap().release().await.unwrap();
    world.is_sound().await;
}

pub(crate) async fn count_what_nobody_pays_for(database: &Database) {
    let world = World::start(database).await;
    let user = world.user(Money::ZERO).await;
    let cap = Cap {
        owner: CapOwner::User(user),
        unit: Unit::Money,
        window: Window::Total,
        limit: usd("2").nano(),
    };
    let reserve = |cost| {
        world.ledger.reserve(Reservation {
            payer: Payer::House,
            caps: vec![cap.clone()],
            call: None,
            ..world.call(user, usd(cost))
        })
    };
    let counted = async || {
        let sums = world.store.read().sum_allowances(&[(cap.name(), Timestamp::EPOCH)]).await;
        sums.unwrap().remove(&cap.name()).map(Money::from_nano)
    };
    assert_eq!(counted().await, None);
    let hold = reserve("1.5").await.unwrap();
    assert_eq!(counted().await, Some(usd("1.5")), "what is held counts");
    let refused = refusal(reserve("0.6").await);
    assert!(matches!(refused, Refusal::Limit { .. }), "{refused}");
    let settled = hold.settle(settlement(usd("0.25"), 1)).await.unwrap();
    let (charged, from_balance) = (usd("0.25"), Money::ZERO);
    assert_eq!(settled, Settled::Done { charged, from_balance });
    // One that came to more than was held, and one that came to nothing.
    reserve("1").await.unwrap().settle(settlement(usd("1.5"), 1)).await.unwrap();
    reserve("0.25").await.unwrap().release().await.unwrap();
    assert_eq!(counted().await, Some(usd("1.75")));
    assert_eq!(world.balance(user).await, (Money::ZERO, Money::ZERO));
    world.is_sound().await;
}
