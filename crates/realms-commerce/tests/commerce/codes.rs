//! Redemption codes: as often as they may, once for each user.

use std::{sync::Arc, time::Duration};

use realms_commerce::{CodeBatch, CodeRefusal, CommerceError, NewCode, Redeemed, Worth};
use realms_ledger::AccountId;
use realms_seal::Secret;
use realms_store::{CodeFilter, DbKind, Start};
use realms_types::{Money, UserId};

use crate::{
    database::Database,
    plans::plan,
    world::{NOW, World, usd},
};

fn batch(worth: Worth, most_uses: i64, codes: NewCode) -> CodeBatch {
    CodeBatch {
        name: "spring".to_owned(),
        worth,
        most_uses,
        expires_at: Some(NOW + Duration::from_hours(1)),
        made_by: "root".to_owned(),
        codes,
        audit: None,
    }
}

async fn made(world: &World, worth: Worth, most_uses: i64, code: &str) {
    let given = NewCode::Given(vec![Secret::from(code)]);
    world.commerce.make_codes(batch(worth, most_uses, given)).await.unwrap();
}

fn refusal(outcome: Result<Redeemed, CommerceError>) -> CodeRefusal {
    match outcome {
        Err(CommerceError::Code(refusal)) => refusal,
        other => {
            assert!(other.is_err(), "{other:?}");
            CodeRefusal::Form
        }
    }
}

pub(crate) async fn shared_by_many_give_as_often_as_they_may(database: &Database) {
    let world = Arc::new(World::start(database).await);
    made(&world, Worth::Money(usd("2")), 10, "spring-2026").await;
    let mut tries = tokio::task::JoinSet::new();
    for number in 0..60_i64 {
        let world = Arc::clone(&world);
        let user = UserId::new(number % 20 + 1);
        tries.spawn(async move { world.commerce.redeem(user, " Spring-2026 ", None).await });
    }
    let outcomes = tries.join_all().await;
    assert_eq!(outcomes.iter().filter(|one| one.is_ok()).count(), 10);
    let promotions = world.store.read().find_balance(AccountId::PROMOTIONS).await.unwrap().unwrap();
    assert_eq!(promotions.available, usd("-20"));
    for number in 1..=20 {
        let balance = world.balance(UserId::new(number)).await;
        assert!(balance == usd("2") || balance == Money::ZERO, "{balance}");
    }
    let filter = CodeFilter { limit: 10, ..Default::default() };
    assert_eq!(world.store.read().list_redemption_codes(filter).await.unwrap()[0].used, 10);
    world.is_sound().await;
}

pub(crate) async fn tell_why_they_give_nothing(database: &Database) {
    let world = World::start(database).await;
    let (ana, ben) = (UserId::new(1), UserId::new(2));
    made(&world, Worth::Money(usd("2")), 1, "ONCE-ONLY").await;
    let redeem = |user, code| world.commerce.redeem(user, code, None);
    assert_eq!(redeem(ana, "once-only").await.unwrap(), Redeemed::Money(usd("2")));
    assert_eq!(refusal(redeem(ana, "once-only").await), CodeRefusal::Yours);
    assert_eq!(refusal(redeem(ben, "once-only").await), CodeRefusal::UsedUp);
    assert_eq!(refusal(redeem(ben, "another1").await), CodeRefusal::Unknown);
    assert_eq!(refusal(redeem(ben, "").await), CodeRefusal::Unknown);
    made(&world, Worth::Money(usd("2")), 1, "TOO-LATE").await;
    world.set_clock(NOW + Duration::from_hours(1));
    assert_eq!(refusal(redeem(ben, "too-late").await), CodeRefusal::Expired);
    let id = world.store.read().list_redemption_codes(CodeFilter::default()).await.unwrap()[0].id;
    let tx = world.store.begin().await.unwrap();
    tx.enable_redemption_code(id, false).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(refusal(redeem(ben, "too-late").await), CodeRefusal::Unknown);
    world.is_sound().await;
}

pub(crate) async fn are_made_together_and_sealed(database: &Database) {
    let world = World::start(database).await;
    let many = batch(Worth::Money(usd("1")), 1, NewCode::Generated(100));
    let codes = world.commerce.make_codes(many).await.unwrap();
    assert_eq!(codes.len(), 100);
    let (record, code) = &codes[42];
    assert_eq!(code.reveal().len(), 19);
    let shown = world.commerce.reveal_code(record).unwrap();
    assert_eq!(shown.reveal(), code.reveal(), "it can be looked at again");
    world.commerce.enable_code(record.id, false, None).await.unwrap();
    let refused = world.commerce.redeem(UserId::new(1), code.reveal(), None).await;
    assert_eq!(refusal(refused), CodeRefusal::Unknown, "it is switched off");
    world.commerce.enable_code(record.id, true, None).await.unwrap();
    let got = world.commerce.redeem(UserId::new(1), code.reveal(), None).await.unwrap();
    assert_eq!(got, Redeemed::Money(usd("1")));
    let make = |worth, uses, codes| world.commerce.make_codes(batch(worth, uses, codes));
    let twice = NewCode::Given(vec![code.clone()]);
    assert!(make(Worth::Money(usd("1")), 1, twice).await.is_err());
    for (worth, uses, codes) in [
        (Worth::Money(Money::ZERO), 1, NewCode::Generated(1)),
        (Worth::Money(usd("-1")), 1, NewCode::Generated(1)),
        (Worth::Money(usd("1")), 0, NewCode::Generated(1)),
        (Worth::Money(usd("1")), 1, NewCode::Generated(0)),
        (Worth::Money(usd("1")), 1, NewCode::Generated(1_001)),
        (Worth::Money(usd("1")), 1, NewCode::Given(vec![Secret::from("short")])),
        (Worth::Time(9.into()), 1, NewCode::Generated(1)),
    ] {
        assert!(make(worth, uses, codes).await.is_err(), "{worth:?} {uses}");
    }
    if database.kind == DbKind::Sqlite {
        world.store.close().await.unwrap();
        let bytes = std::fs::read(database.path()).unwrap();
        let code = code.reveal().as_bytes();
        assert!(!bytes.windows(code.len()).any(|part| part == code));
    }
}

pub(crate) async fn of_a_plan_ask_when_it_begins(database: &Database) {
    let world = World::start(database).await;
    let ana = UserId::new(1);
    let plan = plan(&world, "basic", 30).await;
    let time = Worth::Time(plan.id);
    for code in ["PLAN-ONE", "PLAN-TWO", "PLAN-SIX"] {
        made(&world, time, 1, code).await;
    }
    let redeem = |code, start| world.commerce.redeem(ana, code, start);
    assert_eq!(redeem("plan-one", None).await.unwrap(), Redeemed::Time(plan.id));
    assert_eq!(refusal(redeem("plan-two", None).await), CodeRefusal::ChooseStart);
    redeem("plan-two", Some(Start::Deferred)).await.unwrap();
    redeem("plan-six", Some(Start::AtOnce)).await.unwrap();
    assert_eq!(refusal(redeem("plan-six", Some(Start::AtOnce)).await), CodeRefusal::Yours);
    let read = world.store.read();
    assert_eq!(read.list_running_subscriptions(ana, NOW).await.unwrap().len(), 2);
    let later = NOW + Duration::from_hours(24 * 31);
    assert_eq!(read.list_running_subscriptions(ana, later).await.unwrap().len(), 1);
    world.is_sound().await;
}
