//! Invitations: who invites and who comes are given theirs once, and nobody comes by a code that is none.

use futures_util::future::join_all;
use http::{Method, StatusCode};
use realms_ledger::AccountId;
use realms_testkit::FakeUpstream;
use realms_types::Money;
use serde_json::{Value, json};

use super::{
    real,
    shop::{SIGNS, Shop, sign_in},
};
use crate::support::{Answered, Client, TestApp, usd};

const AT_ONCE: &str = r#"{"inviter_usd":"5","invitee_usd":"2.5","after":"sign_up"}"#;
const PAYING: &str = r#"{"inviter_usd":"5","invitee_usd":"2.5"}"#;
const MINE: &str = "/api/invitation";
const RENEW: &str = "/api/invitation/code";

async fn set(boss: &Client, key: &str, value: &str) {
    let path = format!("/api/admin/settings/{key}");
    let answer = boss.call(Method::PUT, &path, json!({ "value": value }).to_string().into()).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
}

/// A site that anyone may join, and what an invitation is worth there.
async fn shop(terms: &str) -> Shop {
    let shop = super::shop::shop(real(), &FakeUpstream::start().await).await;
    set(&shop.boss, "allow_open_registration", "true").await;
    set(&shop.boss, "invitations", terms).await;
    shop
}

fn stranger(app: &TestApp) -> Client {
    Client::new(app.app().address()).header("sec-fetch-site", "same-origin")
}

async fn sign_up(app: &TestApp, name: &str, invite: Option<&str>) -> Answered {
    let mut account = json!({ "username": name, "password": "a-horse-of-the-stories" });
    if let Some(code) = invite {
        account["invite"] = code.into();
    }
    stranger(app).post("/api/register", account.to_string()).await
}

async fn come(app: &TestApp, name: &str, code: &str) {
    let answer = sign_up(app, name, Some(code)).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text());
}

/// Nobody comes by this code, and no account is made.
async fn is_turned_away(app: &TestApp, name: &str, code: &str) {
    let answer = sign_up(app, name, Some(code)).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{code:?}: {}", answer.text());
    let field = &answer.json()["fields"][0];
    assert_eq!((&field["pointer"], &field["code"]), (&json!("/invite"), &json!("unknown")));
    let found = app.app().store().read().find_user_by_name(name).await.unwrap();
    assert!(found.is_none(), "{code:?}");
}

async fn invitation(who: &Client) -> Value {
    let answer = who.get(MINE).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    answer.json()
}

async fn code_of(who: &Client) -> String {
    invitation(who).await["code"].as_str().unwrap().to_owned()
}

/// There are none, whoever asks.
async fn knows_none(app: &TestApp, who: &Client) {
    for answer in [who.get(MINE).await, who.post(RENEW, "").await] {
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{}", answer.text());
        assert_eq!(answer.json()["code"], "feature_off");
    }
    assert_eq!(who.get("/api/me").await.json()["features"]["invitations"], false);
    assert_eq!(stranger(app).get("/api/bootstrap").await.json()["invitations"], false);
    is_turned_away(app, "eve", "7G4KQ2M9XA").await;
}

/// As often as nodes and their clocks may want it.
async fn reward(app: &TestApp) {
    join_all((0..8).map(|_| app.app().reward_invitations())).await;
    app.app().reward_invitations().await;
}

async fn has(app: &TestApp, name: &str) -> Money {
    let account = AccountId::user(app.user(name).await);
    let found = app.app().store().read().find_balance(account).await.unwrap();
    found.map_or(Money::ZERO, |one| one.available)
}

#[tokio::test]
async fn where_nobody_set_them_there_are_none() {
    let shop = shop("").await;
    knows_none(&shop.app, &shop.ana).await;
    let alone = sign_up(&shop.app, "bea", None).await;
    assert_eq!(alone.status, StatusCode::CREATED, "{}", alone.text());

    // Nor where nothing is charged for.
    set(&shop.boss, "invitations", AT_ONCE).await;
    let code = code_of(&shop.ana).await;
    set(&shop.boss, "feature_billing", "false").await;
    knows_none(&shop.app, &shop.ana).await;
    is_turned_away(&shop.app, "eve", &code).await;
    for senseless in ["{", r#"{"inviter_usd":"1001"}"#, r#"{"after":"never"}"#] {
        let value = json!({ "value": senseless }).to_string();
        let put = shop.boss.call(Method::PUT, "/api/admin/settings/invitations", value.into());
        assert_eq!(put.await.status, StatusCode::UNPROCESSABLE_ENTITY, "{senseless}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn both_are_given_what_was_promised_once() {
    let shop = shop(AT_ONCE).await;
    let app = &shop.app;
    assert_eq!(stranger(app).get("/api/bootstrap").await.json()["invitations"], true);
    assert_eq!(shop.ana.get("/api/me").await.json()["features"]["invitations"], true);
    assert_eq!(stranger(app).get(MINE).await.status, StatusCode::UNAUTHORIZED);
    let mine = invitation(&shop.ana).await;
    let terms = json!({ "inviter_usd": "5", "invitee_usd": "2.5", "after": "sign_up" });
    assert_eq!(mine["terms"], terms, "{mine}");
    assert_eq!((&mine["invited"], &mine["earned_usd"]), (&json!(0), &json!("0")), "{mine}");
    let code = mine["code"].as_str().unwrap();
    come(app, "bea", &format!(" {} ", code.to_lowercase())).await;
    assert_eq!(has(app, "bea").await, usd("2.5"), "it is there when they first look");

    // Whatever is promised later.
    set(&shop.boss, "invitations", "").await;
    reward(app).await;
    assert_eq!(app.balance().await, (usd("5"), Money::ZERO));
    assert_eq!(app.entries().await, ["promote 5"]);
    assert_eq!(has(app, "bea").await, usd("2.5"));
    set(&shop.boss, "invitations", r#"{"after":"sign_up"}"#).await;
    come(app, "eve", code).await;
    reward(app).await;
    assert_eq!((app.balance().await.0, has(app, "eve").await), (usd("5"), Money::ZERO));

    let mine = invitation(&shop.ana).await;
    assert_eq!(mine["code"], code, "{mine}");
    let counted = (&mine["invited"], &mine["rewarded"], &mine["earned_usd"]);
    assert_eq!(counted, (&json!(2), &json!(2), &json!("5")), "{mine}");
    let latest = mine["latest"].as_array().unwrap();
    assert!(latest.len() == 2 && latest.iter().all(|one| one["rewarded_at"].is_string()), "{mine}");
    assert!(!mine.to_string().contains("bea"), "who they are is nobody's business: {mine}");
    let entry = &shop.ana.get("/api/balance/entries").await.json()["items"][0];
    assert_eq!((&entry["kind"], &entry["reference"]), (&json!("promote"), &json!("invitation")));

    // What is hers is nobody else's.
    let theirs = invitation(&sign_in(app, "bea").await).await;
    assert_ne!(theirs["code"], code);
    assert_eq!((&theirs["invited"], &theirs["latest"]), (&json!(0), &json!([])), "{theirs}");
    app.is_sound().await;
}

#[tokio::test]
async fn who_must_pay_first_brings_nothing_before() {
    let mut shop = shop(PAYING).await;
    assert_eq!(invitation(&shop.ana).await["terms"]["after"], "first_payment");
    come(&shop.app, "bea", &code_of(&shop.ana).await).await;
    let bea = sign_in(&shop.app, "bea").await;
    let ana = std::mem::replace(&mut shop.ana, bea);
    let order = shop.order("10").await;
    reward(&shop.app).await;
    for name in ["ana", "bea"] {
        assert_eq!(has(&shop.app, name).await, Money::ZERO, "{name}");
    }
    let waits = invitation(&ana).await;
    assert_eq!((&waits["invited"], &waits["rewarded"]), (&json!(1), &json!(0)), "{waits}");
    assert!(waits["latest"][0].get("rewarded_at").is_none(), "{waits}");

    for order in [order, shop.order("20").await] {
        let amount = order["amount"].as_str().unwrap().to_owned();
        assert_eq!(shop.tell(&order, &amount, SIGNS).await, StatusCode::OK);
        assert_eq!(shop.state(&order).await, "paid");
        reward(&shop.app).await;
        assert_eq!(shop.app.balance().await.0, usd("5"), "once, however often they pay");
    }
    // 30 CNY, and what was promised.
    assert_eq!(has(&shop.app, "bea").await, usd("6.7"));
    assert_eq!(shop.app.entries().await, ["promote 5"]);
    assert_eq!(invitation(&ana).await["rewarded"], 1);
    shop.app.is_sound().await;
}

#[tokio::test]
async fn nobody_comes_by_a_code_that_is_none() {
    let mut shop = shop(PAYING).await;
    let code = code_of(&shop.ana).await;
    let app = &shop.app;
    let longer = format!("{code}0");
    for wrong in ["7G4KQ2M9XA", "", "\0", "' OR 1=1 --", longer.as_str()] {
        is_turned_away(app, "bea", wrong).await;
    }

    // A new one ends the old.
    let renewed = shop.ana.post(RENEW, "").await;
    assert_eq!(renewed.status, StatusCode::OK, "{}", renewed.text());
    let renewed = renewed.json()["code"].as_str().unwrap().to_owned();
    assert_eq!(code_of(&shop.ana).await, renewed);
    is_turned_away(app, "bea", &code).await;
    come(app, "bea", &renewed).await;

    // Who is switched off before it is given gets nothing, and invites nobody; who came gets theirs.
    app.apply("version = 1\n[[user]]\nusername = \"ana\"\nenabled = false\n").await;
    is_turned_away(app, "eve", &renewed).await;
    shop.ana = sign_in(app, "bea").await;
    let order = shop.order("10").await;
    assert_eq!(shop.tell(&order, "10.00", SIGNS).await, StatusCode::OK);
    let app = &shop.app;
    reward(app).await;
    // What was paid is worth 1.4.
    assert_eq!((app.balance().await.0, has(app, "bea").await), (Money::ZERO, usd("3.9")));
    app.apply("version = 1\n[[user]]\nusername = \"ana\"\nenabled = true\n").await;
    reward(app).await;
    assert_eq!(app.balance().await.0, Money::ZERO, "it was decided");
    let mine = invitation(&sign_in(app, "ana").await).await;
    assert_eq!((&mine["rewarded"], &mine["earned_usd"]), (&json!(1), &json!("0")), "{mine}");
    app.is_sound().await;
}

#[tokio::test]
async fn self_mode_has_none_of_it() {
    let app = TestApp::start().await;
    app.apply(&format!(
        "version = 1\n[[user]]\nusername = \"boss\"\nrole = \"root\"\n\
         [settings]\nallow_open_registration = \"true\"\ninvitations = '{AT_ONCE}'\n"
    ))
    .await;
    let boss = sign_in(&app, "boss").await;
    knows_none(&app, &boss).await;
    let alone = sign_up(&app, "bea", None).await;
    assert_eq!(alone.status, StatusCode::CREATED, "{}", alone.text());
    reward(&app).await;
    assert_eq!(has(&app, "bea").await, Money::ZERO);
}
