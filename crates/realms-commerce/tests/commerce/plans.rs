//! Time of plans: given once, under the terms of the order, several at once.

use std::{sync::Arc, time::Duration};

use realms_commerce::{Basket, Buyer, CommerceError, NotSold, Site, TimeChange};
use realms_store::{GatewayKind, PlanPatch, PlanRecord, Start};
use realms_types::{Currency, Money, OrderState, PlanTerms};

use crate::{
    database::Database,
    world::{NOW, World, buyer, operator, session, terms, usd},
};

pub(crate) async fn plan(world: &World, code: &str, days: u32) -> PlanRecord {
    let record = PlanRecord {
        id: world.ids.next(),
        code: code.to_owned(),
        name: code.to_owned(),
        enabled: true,
        user_groups: vec![1.into()],
        prices: [(Currency::CNY, 5_000)].into(),
        terms: PlanTerms { days, limit_5h: Some(usd("6")), ..PlanTerms::default() },
        created_at: NOW,
        updated_at: NOW,
    };
    let tx = world.store.begin().await.unwrap();
    tx.insert_plan(&record).await.unwrap();
    tx.commit().await.unwrap();
    record
}

fn basket(plan: &PlanRecord, start: Start) -> Basket {
    Basket::Time { plan: plan.id, currency: Currency::CNY, start }
}

pub(crate) async fn are_bought_under_the_terms_of_their_order(database: &Database) {
    let world = World::start(database).await;
    let user = world.ids.next();
    let channel = world.channel(GatewayKind::Stripe, false).await;
    let plan = plan(&world, "basic", 30).await;
    let nothing = realms_types::TopUpTerms::default();
    let order = |start| world.commerce.order(buyer(user), channel, basket(&plan, start), &nothing);
    let record = order(Start::AtOnce).await.unwrap();
    assert_eq!(record.order.value.paid, Money::ZERO, "a currency without a rate is worth nothing");
    let tx = world.store.begin().await.unwrap();
    let shorter = PlanTerms { days: 1, ..plan.terms.clone() };
    let patch = PlanPatch { terms: Some(shorter), enabled: Some(false), ..Default::default() };
    tx.update_plan(plan.id, patch, NOW).await.unwrap();
    tx.commit().await.unwrap();
    let off = order(Start::AtOnce).await.unwrap_err();
    assert!(matches!(off, CommerceError::NotSold(NotSold::Off)));
    for event in ["evt_1", "evt_2"] {
        let body = session(event, "completed", record.order.id, "pi_1");
        world.told(channel, &body).await.unwrap();
    }
    let has = world.store.read().list_subscriptions(user).await.unwrap();
    assert_eq!(has.len(), 1);
    assert_eq!((has[0].starts_at, has[0].ends_at), (NOW, NOW + Duration::from_hours(720)));
    world.is_sound().await;
}

pub(crate) async fn run_side_by_side_or_one_after_another_and_end_when_refunded(
    database: &Database,
) {
    let world = World::start(database).await;
    let user = world.ids.next();
    let channel = world.channel(GatewayKind::Stripe, false).await;
    let (month, week) = (plan(&world, "month", 30).await, plan(&world, "week", 7).await);
    let mut orders = Vec::new();
    let baskets = [
        basket(&month, Start::AtOnce),
        basket(&month, Start::Deferred),
        basket(&month, Start::Deferred),
        basket(&week, Start::Deferred),
    ];
    for (number, basket) in baskets.into_iter().enumerate() {
        let record = world.commerce.order(buyer(user), channel, basket, &terms()).await.unwrap();
        let id = record.order.id;
        let body = session(&format!("evt_{number}"), "completed", id, &format!("pi_{number}"));
        world.told(channel, &body).await.unwrap();
        orders.push(id);
    }
    let running = |at| {
        let read = world.store.read();
        async move {
            let list = read.list_running_subscriptions(user, at).await.unwrap();
            list.into_iter().map(|one| one.order.unwrap()).collect::<Vec<_>>()
        }
    };
    let day = Duration::from_hours(24);
    assert_eq!(running(NOW).await, [orders[3], orders[0]], "what ends first pays first");
    let list = world.store.read().list_running_subscriptions(user, NOW).await.unwrap();
    let pays = realms_ledger::Subscription::of(&list[0]);
    let window = realms_ledger::Window::Rolling(Duration::from_hours(5));
    assert_eq!((pays.id, pays.windows), (list[0].id.raw(), vec![(window, usd("6"))]));
    assert_eq!(running(NOW + day * 31).await, [orders[1]]);
    assert_eq!(running(NOW + day * 61).await, [orders[2]]);
    assert_eq!(world.balance(user).await, Money::ZERO, "time is no balance");
    let revenue = realms_ledger::AccountId::REVENUE;
    let earned =
        || async { world.store.read().find_balance(revenue).await.unwrap().unwrap().available };
    assert_eq!(earned().await, usd("28"));
    world.commerce.refund(orders[0], 1_000, operator()).await.unwrap();
    assert_eq!(running(NOW).await.len(), 2, "a part does not end it");
    world.commerce.refund(orders[0], 4_000, operator()).await.unwrap();
    assert_eq!(running(NOW).await, [orders[3]]);
    assert_eq!(earned().await, usd("21"));
    assert_eq!(world.read(orders[0]).await.order.state, OrderState::Refunded);
    world.is_sound().await;
}

pub(crate) async fn are_for_their_groups_and_paid_on_a_page(database: &Database) {
    let world = World::start(database).await;
    let user = world.ids.next();
    let channel = world.channel(GatewayKind::Stripe, false).await;
    let plan = plan(&world, "basic", 30).await;
    let stranger = Buyer::new(user, 2.into());
    let at_once = basket(&plan, Start::AtOnce);
    let other = world.commerce.order(stranger, channel, at_once, &terms()).await.unwrap_err();
    assert!(matches!(other, CommerceError::NotSold(NotSold::OtherGroup)));
    let dollars = Basket::Time { plan: plan.id, currency: Currency::USD, start: Start::AtOnce };
    let other = world.commerce.order(buyer(user), channel, dollars, &terms()).await.unwrap_err();
    assert!(matches!(other, CommerceError::NotSold(NotSold::Currency)));
    let id = world.commerce.order(buyer(user), channel, at_once, &terms()).await.unwrap().order.id;
    let site = Site { base: "https://realms.example.org", title: "Basic" };
    let page = || world.commerce.page(user, id, site, None);
    assert!(page().await.is_err(), "the gateway does not answer");
    *world.gateways.answer.lock() =
        Some(r#"{"id":"cs_1","url":"https://checkout.stripe.com/c/1"}"#.to_owned());
    assert_eq!(page().await.unwrap(), "https://checkout.stripe.com/c/1");
    let thief = world.commerce.page(world.ids.next(), id, site, None).await;
    assert!(matches!(thief, Err(CommerceError::NotFound(_))));
    world.commerce.lapse(id).await.unwrap();
    assert!(page().await.is_err());
}

pub(crate) async fn are_given_one_after_another_however_many_give_at_once(database: &Database) {
    let world = Arc::new(World::start(database).await);
    let user = world.ids.next();
    let plan = plan(&world, "week", 7).await.id;
    let mut gifts = tokio::task::JoinSet::new();
    for _ in 0..6 {
        let world = Arc::clone(&world);
        gifts.spawn(async move {
            world.commerce.give_time(user, plan, Start::Deferred, None).await.unwrap()
        });
    }
    let ids = gifts.join_all().await;
    let mut all = world.store.read().list_subscriptions(user).await.unwrap();
    all.sort_by_key(|one| one.starts_at);
    assert_eq!(all[0].starts_at, NOW);
    assert!(all.windows(2).all(|pair| pair[0].ends_at == pair[1].starts_at), "{all:?}");
    let day = Duration::from_hours(24);
    world.commerce.change_time(ids[0], TimeChange::Extend(day), None).await.unwrap();
    world.commerce.change_time(ids[0], TimeChange::Revoke, None).await.unwrap();
    for change in [TimeChange::Extend(day), TimeChange::Reset, TimeChange::Revoke] {
        let over = world.commerce.change_time(ids[0], change, None).await.unwrap_err();
        assert!(matches!(over, CommerceError::Over), "{over}");
    }
    let missing = world.commerce.change_time(user.raw().into(), TimeChange::Reset, None).await;
    assert!(matches!(missing, Err(CommerceError::NotFound(_))));
    world.is_sound().await;
}
