//! Notices that are not true, or not about what they say.

use realms_commerce::{
    Basket, CommerceError, Epay, Gateway, GatewayError, GatewaySecrets, Message, NotSold,
    NoticeError,
};
use realms_seal::Secret;
use realms_store::{DbKind, GatewayKind, NoticeOutcome, PaymentChannelPatch};
use realms_types::{Attention, Currency, Money, OrderState};

use crate::{
    database::Database,
    world::{NOW, SIGNS, World, buyer, cny, session, stripe, terms, usd},
};

pub(crate) async fn thousands_of_them_credit_nothing(database: &Database) {
    let world = World::start(database).await;
    let (user, channel, record) = world.ordered().await;
    let body = session("evt_1", "completed", record.order.id, "pi_1");
    let signature = stripe(SIGNS).sign(body.as_bytes(), NOW);
    let mut tried = 0;
    for index in 0..body.len() {
        for bit in 0..8 {
            let mut mutant = body.clone().into_bytes();
            mutant[index] ^= 1 << bit;
            let message = Message { signature: Some(&signature), body: &mutant };
            let told = world.commerce.receive(channel, message).await;
            assert!(matches!(told, Err(CommerceError::Notice(NoticeError::Forged))), "{told:?}");
            tried += 1;
        }
    }
    for index in 0..signature.len() {
        for bit in 0..8 {
            let mut mutant = signature.clone().into_bytes();
            mutant[index] ^= 1 << bit;
            let Ok(mutant) = String::from_utf8(mutant) else { continue };
            // Upper-case digits say the same.
            let same = mutant.eq_ignore_ascii_case(&signature) && mutant.starts_with("t=");
            if same && mutant.contains(",v1=") {
                continue;
            }
            let message = Message { signature: Some(&mutant), body: body.as_bytes() };
            let told = world.commerce.receive(channel, message).await;
            assert!(matches!(told, Err(CommerceError::Notice(_))), "{mutant}: {told:?}");
            tried += 1;
        }
    }
    assert!(tried >= 2_000, "{tried}");
    assert_eq!(world.balance(user).await, Money::ZERO);
    assert_eq!(world.read(record.order.id).await, record);
    assert_eq!(world.told(channel, &body).await.unwrap().outcome, NoticeOutcome::Given);
}

pub(crate) async fn signed_by_nobody_or_long_ago_are_refused(database: &Database) {
    let world = World::start(database).await;
    let (user, channel, record) = world.ordered().await;
    let body = session("evt_1", "completed", record.order.id, "pi_1");
    let now = stripe(SIGNS).sign(body.as_bytes(), NOW);
    let other = stripe("whsec_other").sign(body.as_bytes(), NOW);
    let old = stripe(SIGNS).sign(body.as_bytes(), NOW - std::time::Duration::from_mins(6));
    let half = now.split(',').next();
    for signature in [None, Some(""), Some(other.as_str()), Some(old.as_str()), half] {
        let message = Message { signature, body: body.as_bytes() };
        let told = world.commerce.receive(channel, message).await;
        assert!(matches!(told, Err(CommerceError::Notice(_))), "{signature:?}: {told:?}");
    }
    let large = vec![b' '; 70_000];
    let message = Message { signature: Some(&now), body: &large };
    assert!(world.commerce.receive(channel, message).await.is_err());
    assert_eq!(world.balance(user).await, Money::ZERO);
    assert_eq!(world.read(record.order.id).await, record, "nothing is noted either");
}

pub(crate) async fn signed_and_wrong_are_looked_at(database: &Database) {
    let world = World::start(database).await;
    let (user, channel, _) = world.ordered().await;
    let changes = [
        ("5000", "4999"),
        ("5000", "5001"),
        ("\"cny\"", "\"usd\""),
        ("\"livemode\":true", "\"livemode\":false"),
    ];
    for (number, (from, to)) in changes.into_iter().enumerate() {
        let id = world.top_up(user, channel).await.order.id;
        let body = session(&format!("evt_{number}"), "completed", id, &format!("pi_{number}"));
        let told = world.told(channel, &body.replace(from, to)).await.unwrap();
        assert_eq!(told.outcome, NoticeOutcome::Noted, "{to}");
        let after = world.read(id).await.order;
        let seen = (after.state, after.attention);
        assert_eq!(seen, (OrderState::Pending, Some(Attention::Mismatch)), "{to}");
        assert_eq!(world.balance(user).await, Money::ZERO);
    }
    world.is_sound().await;
}

pub(crate) async fn by_another_channel_or_about_a_payment_of_another_order_credit_nothing(
    database: &Database,
) {
    let world = World::start(database).await;
    let (user, channel, record) = world.ordered().await;
    let other = world.channel(GatewayKind::Stripe, false).await;
    let body = session("evt_1", "completed", record.order.id, "pi_1");
    assert_eq!(world.told(other, &body).await.unwrap().outcome, NoticeOutcome::Refused);
    assert_eq!(world.read(record.order.id).await, record);
    assert_eq!(world.told(channel, &body).await.unwrap().outcome, NoticeOutcome::Given);
    // The same payment for a second order.
    let second = world.top_up(user, channel).await.order.id;
    let body = session("evt_2", "completed", second, "pi_1");
    assert_eq!(world.told(channel, &body).await.unwrap().outcome, NoticeOutcome::Refused);
    // And for an order that is none of ours.
    let stranger = session("evt_3", "completed", 77.into(), "pi_3");
    assert_eq!(world.told(channel, &stranger).await.unwrap().outcome, NoticeOutcome::NoOrder);
    assert_eq!(world.balance(user).await, usd("7.35"));
    world.is_sound().await;
}

pub(crate) async fn a_channel_without_a_secret_sells_and_believes_nothing(database: &Database) {
    let world = World::start(database).await;
    let (user, channel, record) = world.ordered().await;
    let empty = GatewaySecrets { call: Secret::from("sk"), sign: Secret::from("") };
    let sealed_secrets = Some(empty.seal(channel, &world.keyring).unwrap());
    let patch = PaymentChannelPatch { sealed_secrets, ..Default::default() };
    let tx = world.store.begin().await.unwrap();
    tx.update_payment_channel(channel, patch, NOW).await.unwrap();
    tx.commit().await.unwrap();
    let body = session("evt_1", "completed", record.order.id, "pi_1");
    let missing = |error| matches!(error, CommerceError::Gateway(GatewayError::Missing(_)));
    assert!(missing(world.told(channel, &body).await.unwrap_err()));
    let basket = Basket::TopUp(cny("50"));
    let order = world.commerce.order(buyer(user), channel, basket, &terms()).await;
    assert!(missing(order.unwrap_err()));
    assert_eq!(world.balance(user).await, Money::ZERO);
}

pub(crate) async fn play_money_is_for_operators(database: &Database) {
    let world = World::start(database).await;
    let (user, ..) = world.ordered().await;
    let channel = world.channel(GatewayKind::Stripe, true).await;
    let basket = Basket::TopUp(cny("50"));
    let refused = world.commerce.order(buyer(user), channel, basket, &terms()).await.unwrap_err();
    assert!(matches!(refused, CommerceError::NotSold(NotSold::TestMode)));
    let root = realms_commerce::Buyer { may_test: true, ..buyer(user) };
    let record = world.commerce.order(root, channel, basket, &terms()).await.unwrap();
    let body = session("evt_1", "completed", record.order.id, "pi_1");
    let real = world.told(channel, &body).await.unwrap();
    assert_eq!(real.outcome, NoticeOutcome::Noted, "real money for a play order");
    let play = body.replace("\"livemode\":true", "\"livemode\":false").replace("pi_1", "pi_2");
    assert_eq!(world.told(channel, &play).await.unwrap().outcome, NoticeOutcome::Given);
}

pub(crate) async fn epay_is_asked_before_it_is_believed(database: &Database) {
    let world = World::start(database).await;
    let user = world.ids.next();
    let channel = world.channel(GatewayKind::Epay, false).await;
    let id = world.top_up(user, channel).await.order.id;
    let dollars = realms_types::Amount::new(5_000, Currency::USD).unwrap();
    let basket = Basket::TopUp(dollars);
    assert!(world.commerce.order(buyer(user), channel, basket, &terms()).await.is_err());
    let epay = Epay::new("https://pay.example.org", "1001", Secret::from(SIGNS)).unwrap();
    let order = id.to_string();
    let fields = [
        ("money", "50.00"),
        ("out_trade_no", order.as_str()),
        ("pid", "1001"),
        ("trade_no", "t1"),
        ("trade_status", "TRADE_SUCCESS"),
    ];
    let sign = epay.sign(fields.into_iter());
    let pairs: Vec<String> = fields.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let query = format!("{}&sign={sign}&sign_type=MD5", pairs.join("&"));
    let receive =
        || world.commerce.receive(channel, Message { signature: None, body: query.as_bytes() });
    let says = |status: u8, money: &str| {
        let answer = format!(
            r#"{{"code":1,"trade_no":"t1","out_trade_no":"{order}","pid":1001,"money":"{money}","status":{status}}}"#
        );
        *world.gateways.answer.lock() = Some(answer);
    };
    // Away, not paid, and another amount: it is to tell again.
    assert!(receive().await.unwrap_err().is_temporary());
    for (status, money) in [(0, "50.00"), (1, "5.00")] {
        says(status, money);
        assert!(matches!(receive().await, Err(CommerceError::Unconfirmed(_))));
    }
    assert_eq!(world.balance(user).await, Money::ZERO);
    says(1, "50.00");
    assert_eq!(receive().await.unwrap().outcome, NoticeOutcome::Given);
    let asked = *world.gateways.asked.lock();
    assert_eq!(receive().await.unwrap().outcome, NoticeOutcome::Noted);
    assert_eq!(*world.gateways.asked.lock(), asked, "what is known is not asked for again");
    assert_eq!(world.balance(user).await, usd("7.35"));
}

pub(crate) async fn secrets_are_sealed_in_the_file(database: &Database) {
    let world = World::start(database).await;
    let (_, channel, record) = world.ordered().await;
    world.told(channel, &session("evt_1", "completed", record.order.id, "pi_1")).await.unwrap();
    if database.kind != DbKind::Sqlite {
        return;
    }
    world.store.close().await.unwrap();
    let mut bytes = Vec::new();
    for entry in std::fs::read_dir(database.path().parent().unwrap()).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            bytes.extend(std::fs::read(path).unwrap());
        }
    }
    let has = |text: &str| bytes.windows(text.len()).any(|part| part == text.as_bytes());
    assert!(has("pi_1") && has("checkout.session.completed"));
    assert!(!has(SIGNS) && !has("sk_live_canary"));
    let shown = format!("{:?}", Gateway::Stripe(stripe(SIGNS)));
    assert!(!shown.contains("canary"), "{shown}");
}
