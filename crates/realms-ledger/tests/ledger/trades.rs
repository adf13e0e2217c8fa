//! Movements that are part of a deed: both are done, or neither, once.

use realms_ledger::{AccountId, Goods, LedgerError, Posted, Refusal, Trade};
use realms_store::{CodeUse, Deed, Ground, OrderRecord, OrderStep, RedemptionCodeRecord, Start};
use realms_types::{
    Amount, Currency, Money, Order, OrderId, OrderKind, OrderState, PlanTerms, UserId, Value,
};

use crate::{
    database::Database,
    world::{World, movement, refusal, usd},
};

async fn order(world: &World, user: UserId) -> OrderRecord {
    order_of(world, user, OrderKind::TopUp).await
}

async fn order_of(world: &World, user: UserId, kind: OrderKind) -> OrderRecord {
    let record = OrderRecord {
        order: Order {
            id: world.ids.next(),
            user,
            kind,
            channel: 3.into(),
            amount: Amount::new(1_000, Currency::CNY).unwrap(),
            test: false,
            value: Value { paid: usd("1.4"), bonus: usd("0.1") },
            state: OrderState::Pending,
            payment: None,
            attention: None,
            returned: 0,
            refunded: 0,
        },
        plan: None,
        terms: PlanTerms::default(),
        start: Start::AtOnce,
        decided_by: None,
        version: 0,
        created_at: world.now(),
        updated_at: world.now(),
    };
    let tx = world.store.begin().await.unwrap();
    tx.insert_order(&record).await.unwrap();
    tx.commit().await.unwrap();
    record
}

async fn read(world: &World, id: OrderId) -> OrderRecord {
    world.store.read().find_order(id).await.unwrap().unwrap()
}

/// The deed that takes an order from how it was read to a state.
fn deed(world: &World, record: &OrderRecord, state: OrderState) -> Deed {
    let after = Order { state, ..record.order.clone() };
    let step = OrderStep { after, version: record.version, decided_by: None, now: world.now() };
    Deed::on(Ground::Order(step))
}

fn trade(record: &OrderRecord, goods: Goods, amount: Money, deed: Deed) -> Trade {
    let movement = movement(record.order.user, amount, &record.order.id.to_string());
    Trade { goods, movement, deed, audit: None }
}

pub(crate) async fn give_once_whoever_asks(database: &Database) {
    let world = World::start(database).await;
    let user = world.user(Money::ZERO).await;
    let record = order(&world, user).await;
    let goods = Goods::Balance { bonus: usd("0.1") };
    let one = trade(&record, goods, usd("1.5"), deed(&world, &record, OrderState::Paid));
    let mut tries = tokio::task::JoinSet::new();
    for _ in 0..50 {
        let (ledger, one) = (world.ledger.clone(), one.clone());
        tries.spawn(async move { ledger.trade(one).await.unwrap() });
    }
    let outcomes = tries.join_all().await;
    assert_eq!(outcomes.iter().filter(|one| **one == Posted::Done).count(), 1);
    assert_eq!(world.balance(user).await, (usd("1.5"), Money::ZERO));
    let after = read(&world, record.order.id).await;
    assert_eq!((after.order.state, after.version), (OrderState::Paid, 1));
    let entries =
        world.store.read().list_entries_of(AccountId::user(user), None, 10).await.unwrap();
    let lines: Vec<(AccountId, String)> =
        entries[0].postings.iter().map(|one| (one.account, one.amount.to_string())).collect();
    let of = |account, amount: &str| (account, amount.to_owned());
    let gift = of(AccountId::PROMOTIONS, "-0.1");
    assert_eq!(lines, [of(AccountId::user(user), "1.5"), of(AccountId::CLEARING, "-1.4"), gift]);
    world.is_sound().await;
}

pub(crate) async fn whose_ground_is_gone_move_nothing(database: &Database) {
    let world = World::start(database).await;
    let user = world.user(usd("1")).await;
    let record = order(&world, user).await;
    let stale = OrderRecord { version: 4, ..record.clone() };
    for goods in [Goods::Balance { bonus: Money::ZERO }, Goods::Gift, Goods::Time, Goods::TimeBack]
    {
        let one = trade(&stale, goods, usd("0.5"), deed(&world, &stale, OrderState::Paid));
        assert_eq!(refusal(world.ledger.trade(one).await), Refusal::Overtaken);
    }
    let goods = Goods::BalanceBack { bonus: Money::ZERO };
    let one = trade(&stale, goods, usd("0.5"), deed(&world, &stale, OrderState::Refunded));
    assert_eq!(refusal(world.ledger.trade(one).await), Refusal::Overtaken);
    // What is not there cannot be taken back, and then the order stays.
    let one = trade(&record, goods, usd("1.1"), deed(&world, &record, OrderState::Refunded));
    let short = Refusal::Insufficient { available: usd("1"), needed: usd("1.1") };
    assert_eq!(refusal(world.ledger.trade(one).await), short);
    assert_eq!(read(&world, record.order.id).await, record);
    assert_eq!(world.balance(user).await, (usd("1"), Money::ZERO));
    for (goods, amount) in [
        (Goods::Gift, usd("-1")),
        (Goods::Time, Money::ZERO),
        (Goods::Balance { bonus: usd("2") }, usd("1")),
        (Goods::Balance { bonus: usd("-1") }, usd("1")),
    ] {
        let one = trade(&record, goods, amount, deed(&world, &record, OrderState::Paid));
        let told = world.ledger.trade(one).await;
        assert!(matches!(told, Err(LedgerError::Invalid(_))), "{told:?}");
    }
    world.is_sound().await;
}

pub(crate) async fn of_time_pass_through_the_balance(database: &Database) {
    let world = World::start(database).await;
    let user = world.user(Money::ZERO).await;
    let record = order_of(&world, user, OrderKind::Subscription).await;
    let paid = deed(&world, &record, OrderState::Paid);
    let one = trade(&record, Goods::Time, usd("1.68"), paid);
    assert_eq!(world.ledger.trade(one.clone()).await, Ok(Posted::Done));
    assert_eq!(world.ledger.trade(one).await, Ok(Posted::Already));
    assert_eq!(world.balance(user).await, (Money::ZERO, Money::ZERO));
    let paid = read(&world, record.order.id).await;
    let back =
        trade(&paid, Goods::TimeBack, usd("1.68"), deed(&world, &paid, OrderState::Refunded));
    assert_eq!(world.ledger.trade(back).await, Ok(Posted::Done));
    assert_eq!(world.balance(user).await, (Money::ZERO, Money::ZERO));
    let entries =
        world.store.read().list_entries_of(AccountId::user(user), None, 10).await.unwrap();
    assert_eq!(entries.len(), 2);
    assert_eq!(world.store.read().list_entries_about("payment 4711").await.unwrap().len(), 2);
    for account in [AccountId::REVENUE, AccountId::CLEARING] {
        let found = world.store.read().find_balance(account).await.unwrap().unwrap();
        assert_eq!(found.available, Money::ZERO, "{account}");
    }
    world.is_sound().await;
}

pub(crate) async fn of_codes_give_as_often_as_the_code_may(database: &Database) {
    let world = World::start(database).await;
    let code = RedemptionCodeRecord {
        id: world.ids.next(),
        batch: "b".to_owned(),
        code_hash: [9; 32],
        sealed_code: "v1".to_owned(),
        hint: "ABCD".to_owned(),
        amount: usd("2"),
        plan: None,
        terms: PlanTerms::default(),
        most_uses: 5,
        used: 0,
        expires_at: None,
        enabled: true,
        created_by: "root".to_owned(),
        created_at: world.now(),
    };
    let tx = world.store.begin().await.unwrap();
    tx.insert_redemption_codes(std::slice::from_ref(&code)).await.unwrap();
    tx.commit().await.unwrap();
    let mut tries = tokio::task::JoinSet::new();
    for user in (1..=40).map(|number| UserId::new(number % 20 + 1)) {
        let one = CodeUse { code: code.id, user, now: world.now() };
        let deed = Deed::on(Ground::Code(one));
        let movement = movement(user, code.amount, &format!("{}/{user}", code.id));
        let one = Trade { goods: Goods::Gift, movement, deed, audit: None };
        let ledger = world.ledger.clone();
        tries.spawn(async move { ledger.trade(one).await });
    }
    let outcomes = tries.join_all().await;
    assert_eq!(outcomes.iter().filter(|one| **one == Ok(Posted::Done)).count(), 5);
    let promotions = world.store.read().find_balance(AccountId::PROMOTIONS).await.unwrap().unwrap();
    assert_eq!(promotions.available, usd("-10"));
    let found = world.store.read().find_redemption_code(&[9; 32]).await.unwrap().unwrap();
    assert_eq!(found.used, 5);
    world.is_sound().await;
}
