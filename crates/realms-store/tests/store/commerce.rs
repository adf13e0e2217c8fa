//! What is sold: everything is kept as it was written, and everything that gives something gives it once.

use std::{collections::BTreeMap, time::Duration};

use realms_seal::{Keyring, Purpose};
use realms_store::{
    CodeFilter, CodeUse, Deed, GatewayKind, Ground, NoticeOutcome, NoticeRecord, OrderFilter,
    OrderRecord, OrderStep, PaymentChannelPatch, PaymentChannelRecord, PlanPatch, PlanRecord,
    PlanUse, RedemptionCodeRecord, Start, Store, StoreError, SubscriptionFilter,
    SubscriptionRecord,
};
use realms_types::{
    Amount, Attention, Currency, Money, Order, OrderKind, OrderState, PlanId, PlanTerms, UserId,
    Value,
};

use crate::{
    database::Database,
    fixture::{NOW, ids, keyring},
};

fn channel(keyring: &Keyring) -> PaymentChannelRecord {
    let id = ids().next();
    let place = PaymentChannelRecord::secrets_place(id);
    PaymentChannelRecord {
        id,
        name: "stripe".to_owned(),
        kind: GatewayKind::Stripe,
        enabled: true,
        test_mode: false,
        gateway: None,
        sealed_secrets: keyring.seal(Purpose::Payment, place, b"whsec_canary").unwrap(),
        last_notice_at: None,
        last_notice: None,
        created_at: NOW,
        updated_at: NOW,
    }
}

fn terms() -> PlanTerms {
    let limit_5h = Some("6".parse().unwrap());
    PlanTerms { days: 30, limit_5h, ..PlanTerms::default() }
}

fn plan() -> PlanRecord {
    PlanRecord {
        id: ids().next(),
        code: "basic_12".to_owned(),
        name: "基础".to_owned(),
        enabled: true,
        user_groups: vec![ids().next()],
        prices: [(Currency::CNY, 1_200), (Currency::USD, 199)].into(),
        terms: terms(),
        created_at: NOW,
        updated_at: NOW,
    }
}

fn order() -> OrderRecord {
    OrderRecord {
        order: Order {
            id: ids().next(),
            user: ids().next(),
            kind: OrderKind::Subscription,
            channel: 3.into(),
            amount: Amount::new(1_200, Currency::CNY).unwrap(),
            test: false,
            value: Value { paid: "1.68".parse().unwrap(), bonus: Money::ZERO },
            state: OrderState::Pending,
            payment: None,
            attention: None,
            returned: 0,
            refunded: 0,
        },
        plan: Some(5.into()),
        terms: terms(),
        start: Start::Deferred,
        decided_by: None,
        version: 0,
        created_at: NOW,
        updated_at: NOW,
    }
}

fn paid(record: &OrderRecord, payment: &str) -> OrderStep {
    let payment = Some(payment.to_owned());
    let after = Order { state: OrderState::Paid, payment, ..record.order.clone() };
    OrderStep { after, version: record.version, decided_by: None, now: NOW }
}

async fn insert(store: &Store, records: &[&OrderRecord]) {
    let tx = store.begin().await.unwrap();
    for record in records {
        tx.insert_order(record).await.unwrap();
    }
    tx.commit().await.unwrap();
}

pub(crate) async fn channels_and_plans_round_trip(database: &Database) {
    let store = database.open().await.unwrap();
    let keyring = keyring(&store).await;
    let (channel, plan) = (channel(&keyring), plan());
    let tx = store.begin().await.unwrap();
    tx.insert_payment_channel(&channel).await.unwrap();
    tx.insert_plan(&plan).await.unwrap();
    tx.commit().await.unwrap();
    let found = store.read().find_payment_channel(channel.id).await.unwrap().unwrap();
    assert_eq!(found, channel);
    let place = PaymentChannelRecord::secrets_place(channel.id);
    let opened = keyring.unseal_text(Purpose::Payment, place, &found.sealed_secrets).unwrap();
    assert_eq!(opened.reveal(), "whsec_canary");
    assert_eq!(store.read().find_plan_by_code("basic_12").await.unwrap(), Some(plan.clone()));
    assert_eq!(store.read().find_plan_by_code("BASIC_12").await.unwrap(), None);

    let tx = store.begin().await.unwrap();
    let off = PaymentChannelPatch { enabled: Some(false), ..Default::default() };
    tx.update_payment_channel(channel.id, off, NOW).await.unwrap();
    let dear: BTreeMap<_, _> = [(Currency::CNY, 9_900)].into();
    let dearer = PlanPatch {
        prices: Some(dear.clone()),
        user_groups: Some(Vec::new()),
        ..Default::default()
    };
    tx.update_plan(plan.id, dearer, NOW).await.unwrap();
    let taken = tx.insert_plan(&PlanRecord { id: ids().next(), ..plan.clone() }).await;
    assert!(matches!(taken, Err(StoreError::Conflict { .. })), "{taken:?}");
    drop(tx);
    let tx = store.begin().await.unwrap();
    let off = PaymentChannelPatch { enabled: Some(false), ..Default::default() };
    tx.update_payment_channel(channel.id, off, NOW).await.unwrap();
    let dearer = PlanPatch {
        prices: Some(dear.clone()),
        user_groups: Some(Vec::new()),
        ..Default::default()
    };
    tx.update_plan(plan.id, dearer, NOW).await.unwrap();
    tx.commit().await.unwrap();
    assert!(!store.read().list_payment_channels().await.unwrap()[0].enabled);
    let changed = &store.read().list_plans().await.unwrap()[0];
    assert_eq!((&changed.prices, changed.user_groups.len()), (&dear, 0));
}

pub(crate) async fn orders_change_only_as_they_were_read(database: &Database) {
    let store = database.open().await.unwrap();
    let record = order();
    insert(&store, &[&record]).await;
    assert_eq!(store.read().find_order(record.order.id).await.unwrap(), Some(record.clone()));
    let step = paid(&record, "pi_1");
    let tx = store.begin().await.unwrap();
    assert!(tx.step_order(&step).await.unwrap());
    assert!(!tx.step_order(&step).await.unwrap(), "it was read before that");
    tx.commit().await.unwrap();
    let found = store.read().find_order_of_payment(3.into(), "pi_1").await.unwrap().unwrap();
    assert_eq!((found.order.clone(), found.version), (step.after, 1));
    assert_eq!(store.read().find_order_of_payment(4.into(), "pi_1").await.unwrap(), None);

    let attention = Some(Attention::Disputed);
    let after = Order { attention, returned: 5, refunded: 7, ..found.order };
    let step = OrderStep { after, version: 1, decided_by: Some("root".to_owned()), now: NOW };
    let tx = store.begin().await.unwrap();
    assert!(tx.step_order(&step).await.unwrap());
    tx.commit().await.unwrap();
    let looked_at = OrderFilter { attention: true, limit: 10, ..Default::default() };
    let listed = store.read().list_orders(looked_at).await.unwrap();
    assert_eq!(listed.len(), 1);
    assert_eq!((&listed[0].order, listed[0].version), (&step.after, 2));
    assert_eq!(listed[0].decided_by.as_deref(), Some("root"));
    let before = Some(record.order.id);
    let older = OrderFilter { user: Some(record.order.user), before, ..Default::default() };
    assert_eq!(store.read().list_orders(older).await.unwrap(), []);
}

pub(crate) async fn a_payment_belongs_to_one_order(database: &Database) {
    let store = database.open().await.unwrap();
    let (one, other) = (order(), order());
    insert(&store, &[&one, &other]).await;
    let tx = store.begin().await.unwrap();
    assert!(tx.step_order(&paid(&one, "pi_1")).await.unwrap());
    tx.commit().await.unwrap();
    let tx = store.begin().await.unwrap();
    assert!(tx.step_order(&paid(&other, "pi_1")).await.is_err());
    drop(tx);
    let found = store.read().find_order(other.order.id).await.unwrap().unwrap();
    assert_eq!(found, other, "nothing changed");
}

pub(crate) async fn notices_are_kept_once(database: &Database) {
    let store = database.open().await.unwrap();
    let channel = channel(&keyring(&store).await);
    let record = order();
    let notice = NoticeRecord {
        id: ids().next(),
        channel: channel.id,
        notice_id: "evt_1".to_owned(),
        topic: "checkout.session.completed".to_owned(),
        order: Some(record.order.id),
        payment: Some("pi_1".to_owned()),
        amount: Some(record.order.amount),
        outcome: NoticeOutcome::Given,
        received_at: NOW,
    };
    let again = NoticeRecord { id: ids().next(), outcome: NoticeOutcome::Noted, ..notice.clone() };
    let tx = store.begin().await.unwrap();
    tx.insert_payment_channel(&channel).await.unwrap();
    tx.keep_notice(&notice).await.unwrap();
    tx.keep_notice(&again).await.unwrap();
    tx.commit().await.unwrap();
    let read = store.read();
    let expected = vec![notice.clone()];
    assert_eq!(read.list_notices_of_order(record.order.id).await.unwrap(), expected);
    assert_eq!(read.list_notices_of_payment(channel.id, "pi_1").await.unwrap(), expected);
    assert_eq!(read.list_notices_of_channel(channel.id, None, 10).await.unwrap(), expected);
    let before = Some(notice.id);
    assert_eq!(read.list_notices_of_channel(channel.id, before, 10).await.unwrap(), []);
    let found = read.find_payment_channel(channel.id).await.unwrap().unwrap();
    assert_eq!(found.last_notice.as_deref(), Some("checkout.session.completed"));
    assert_eq!(found.last_notice_at, Some(NOW));
}

fn code(most_uses: i64) -> RedemptionCodeRecord {
    let id: realms_types::RedemptionCodeId = ids().next();
    let mut code_hash = [7; 32];
    code_hash[..8].copy_from_slice(&id.raw().to_le_bytes());
    RedemptionCodeRecord {
        id,
        batch: "spring".to_owned(),
        code_hash,
        sealed_code: "v1.x".to_owned(),
        hint: "7QXZ".to_owned(),
        amount: "5".parse().unwrap(),
        plan: None,
        terms: PlanTerms::default(),
        most_uses,
        used: 0,
        expires_at: Some(NOW + std::time::Duration::from_hours(1)),
        enabled: true,
        created_by: "root".to_owned(),
        created_at: NOW,
    }
}

pub(crate) async fn codes_are_used_as_often_as_they_may(database: &Database) {
    let store = database.open().await.unwrap();
    let (shared, off) = (code(3), RedemptionCodeRecord { enabled: false, ..code(1) });
    let tx = store.begin().await.unwrap();
    tx.insert_redemption_codes(&[shared.clone(), off.clone()]).await.unwrap();
    tx.commit().await.unwrap();
    let found = store.read().find_redemption_code(&shared.code_hash).await.unwrap();
    assert_eq!(found, Some(shared.clone()));

    let one_use = |code, user: i64, now| CodeUse { code, user: user.into(), now };
    let mut tries = tokio::task::JoinSet::new();
    for user in 0..20_i64 {
        let (store, one) = (store.clone(), one_use(shared.id, user % 10, NOW));
        tries.spawn(async move {
            let tx = store.begin().await.unwrap();
            tx.lock_accounts(&[realms_store::AccountId::user(one.user)], NOW).await.unwrap();
            let used = tx.use_code(one).await.unwrap();
            tx.commit().await.unwrap();
            used
        });
    }
    let outcomes = tries.join_all().await;
    assert_eq!(outcomes.iter().filter(|one| **one).count(), 3);
    let found = store.read().find_redemption_code(&shared.code_hash).await.unwrap().unwrap();
    assert_eq!(found.used, 3);

    let late = code(1);
    let tx = store.begin().await.unwrap();
    tx.insert_redemption_codes(std::slice::from_ref(&late)).await.unwrap();
    assert!(!tx.use_code(one_use(off.id, 1, NOW)).await.unwrap());
    let expiry = late.expires_at.unwrap();
    assert!(!tx.use_code(one_use(late.id, 1, expiry)).await.unwrap());
    tx.enable_redemption_code(off.id, true).await.unwrap();
    assert!(tx.use_code(one_use(off.id, 1, NOW)).await.unwrap());
    tx.commit().await.unwrap();
    assert!(store.read().has_used_code(off.id, 1.into()).await.unwrap());
    let filter = CodeFilter { batch: Some("spring".to_owned()), before: None, limit: 10 };
    assert_eq!(store.read().list_redemption_codes(filter).await.unwrap().len(), 3);
}

fn subscription(user: UserId, record: &OrderRecord) -> SubscriptionRecord {
    let given = SubscriptionRecord::beginning(ids().next(), user, (5.into(), terms()), NOW);
    SubscriptionRecord { order: Some(record.order.id), ..given }
}

pub(crate) async fn time_is_given_and_ends_with_its_order(database: &Database) {
    let store = database.open().await.unwrap();
    let (one, two, three) = (order(), order(), order());
    insert(&store, &[&one, &two, &three]).await;
    let user = one.order.user;
    let give = |record: &OrderRecord, payment: &str, start| Deed {
        gives: Some((subscription(user, record), start)),
        ..Deed::on(Ground::Order(paid(record, payment)))
    };
    let tx = store.begin().await.unwrap();
    assert!(tx.carry_out(&give(&one, "pi_1", Start::AtOnce)).await.unwrap());
    assert!(tx.carry_out(&give(&two, "pi_2", Start::Deferred)).await.unwrap());
    assert!(tx.carry_out(&give(&three, "pi_3", Start::AtOnce)).await.unwrap());
    assert!(!tx.carry_out(&give(&three, "pi_3", Start::AtOnce)).await.unwrap());
    tx.commit().await.unwrap();
    let length = terms().length();
    let read = store.read();
    let all = read.list_subscriptions(user).await.unwrap();
    assert_eq!(all.len(), 3);
    let orders = |list: Vec<SubscriptionRecord>| -> Vec<_> {
        list.into_iter().map(|record| record.order.unwrap()).collect()
    };
    let now = read.list_running_subscriptions(user, NOW).await.unwrap();
    assert_eq!(orders(now), [one.order.id, three.order.id]);
    let later = read.list_running_subscriptions(user, NOW + length).await.unwrap();
    assert_eq!(later[0].starts_at, NOW + length);
    assert_eq!(orders(later), [two.order.id]);

    let found = read.find_order(one.order.id).await.unwrap().unwrap();
    let after = Order { state: OrderState::Refunded, refunded: 1_200, ..found.order };
    let step = OrderStep { after, version: found.version, decided_by: None, now: NOW };
    let tx = store.begin().await.unwrap();
    assert!(tx.carry_out(&Deed { ends: true, ..Deed::on(Ground::Order(step)) }).await.unwrap());
    tx.commit().await.unwrap();
    let now = store.read().list_running_subscriptions(user, NOW).await.unwrap();
    assert_eq!(orders(now), [three.order.id]);
}

pub(crate) async fn time_that_is_open_is_changed_and_every_node_hears_of_it(database: &Database) {
    let store = database.open().await.unwrap();
    let (user, plan) = (UserId::new(7), PlanId::new(5));
    let given =
        |starts_at| SubscriptionRecord::beginning(ids().next(), user, (plan, terms()), starts_at);
    let (now, past) = (given(NOW), given(NOW - terms().length()));
    let tx = store.begin().await.unwrap();
    tx.give_subscription(&past, Start::AtOnce).await.unwrap();
    tx.give_subscription(&now, Start::AtOnce).await.unwrap();
    tx.commit().await.unwrap();
    let read = store.read();
    let open = async || read.list_open_subscriptions(user, NOW).await.unwrap();
    assert_eq!(open().await, std::slice::from_ref(&now), "what ends now is over");
    let counted = read.count_plan_uses(NOW).await.unwrap();
    assert_eq!(counted[&plan], PlanUse { given: 2, open: 1 });

    let before = store.versions().await.unwrap().identity;
    let day = Duration::from_hours(24);
    let tx = store.begin().await.unwrap();
    assert!(tx.extend_subscription(now.id, day, NOW).await.unwrap());
    assert!(tx.reset_subscription(now.id, NOW).await.unwrap());
    assert!(!tx.extend_subscription(past.id, day, NOW).await.unwrap());
    assert!(!tx.reset_subscription(past.id, NOW).await.unwrap());
    assert!(!tx.revoke_subscription(past.id, NOW).await.unwrap());
    tx.commit().await.unwrap();
    let changed = SubscriptionRecord { ends_at: now.ends_at + day, resets: 1, ..now.clone() };
    assert_eq!(open().await, [changed]);
    assert!(store.versions().await.unwrap().identity > before);

    let tx = store.begin().await.unwrap();
    assert!(tx.revoke_subscription(now.id, NOW).await.unwrap());
    assert!(!tx.revoke_subscription(now.id, NOW).await.unwrap());
    tx.commit().await.unwrap();
    assert!(open().await.is_empty());
    assert_eq!(read.count_plan_uses(NOW).await.unwrap()[&plan], PlanUse { given: 2, open: 0 });
    let find = async |filter| {
        let found = read.find_subscriptions(filter).await.unwrap();
        found.into_iter().map(|one| one.id).collect::<Vec<_>>()
    };
    let all = SubscriptionFilter { user: Some(user), limit: 10, ..Default::default() };
    assert_eq!(find(all).await.len(), 2);
    let newest = find(SubscriptionFilter { limit: 1, ..all }).await;
    let older = find(SubscriptionFilter { before: Some(newest[0]), ..all }).await;
    assert_eq!(older.len(), 1);
    assert!(older[0] < newest[0]);
    assert!(find(SubscriptionFilter { open_at: Some(NOW), ..all }).await.is_empty());
    assert!(find(SubscriptionFilter { plan: Some(6.into()), ..all }).await.is_empty());
    assert_eq!(find(SubscriptionFilter { user: Some(8.into()), ..all }).await, []);
    assert!(read.find_subscription(now.id).await.unwrap().unwrap().ended_at.is_some());
}
