//! Redemption codes, from root's hands into a balance.

use futures_util::future::join_all;
use http::{Method, StatusCode};
use realms_testkit::FakeUpstream;
use realms_types::Money;

use super::paying;
use crate::support::{Client, TestApp, usd};

const PEOPLE: &str = "version = 1\n[[user]]\nusername = \"boss\"\nrole = \"root\"\n\
                      [[user]]\nusername = \"helper\"\nrole = \"admin\"\n\
                      [[user]]\nusername = \"ben\"\n";
const CODES: &str = "/api/admin/redemption-codes";

async fn shop() -> (TestApp, Client) {
    let app = paying(&[&FakeUpstream::start().await], "0").await;
    app.apply(PEOPLE).await;
    let boss = app.sign_in("boss").await.client;
    (app, boss)
}

async fn made(boss: &Client, body: &str) -> Vec<(String, String)> {
    let answer = boss.post(CODES, body.to_owned()).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text());
    let answer = answer.json();
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    let codes = answer["codes"].as_array().unwrap().iter();
    codes.map(|one| (text(&one["id"]), text(&one["code"]))).collect()
}

fn redeeming(code: &str) -> String {
    serde_json::json!({ "code": code }).to_string()
}

/// Why a code was refused, in one word.
async fn refusal(client: &Client, code: &str) -> String {
    let answer = client.post("/api/balance/redeem", redeeming(code)).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", answer.text());
    answer.json()["fields"][0]["code"].as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_code_is_money_once_for_everybody_who_may_use_it() {
    let (app, boss) = shop().await;
    let codes = made(&boss, r#"{"batch":"spring","amount_usd":"2.5","count":3}"#).await;
    assert_eq!(codes.len(), 3);
    let ana = app.sign_in("ana").await.client;
    // However often and however written: once.
    let (_, code) = &codes[0];
    let written = format!(" {} ", code.to_lowercase());
    let at_once = (0..10).map(|_| ana.post("/api/balance/redeem", redeeming(&written)));
    let answers = join_all(at_once).await;
    let good: Vec<_> = answers.iter().filter(|one| one.status == StatusCode::OK).collect();
    assert_eq!(good.len(), 1, "{:?}", answers.iter().map(|one| one.status).collect::<Vec<_>>());
    assert_eq!(good[0].json()["amount_usd"], "2.5");
    assert_eq!(app.balance().await, (usd("2.5"), Money::ZERO));
    assert_eq!(refusal(&ana, code).await, "used_by_you");
    let ben = app.sign_in("ben").await.client;
    assert_eq!(refusal(&ben, code).await, "used_up");

    // One that many may use, under a name of one's own.
    let shared = r#"{"batch":"fair","amount_usd":"1","code":"fair-2026","most_uses":2}"#;
    assert_eq!(made(&boss, shared).await[0].1, "FAIR-2026");
    for client in [&ana, &ben] {
        let answer = client.post("/api/balance/redeem", redeeming("fair-2026")).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    }
    assert_eq!(refusal(&boss, "fair-2026").await, "used_up");
    assert_eq!(app.entries().await, ["promote 2.5", "promote 1"]);
    app.is_sound().await;
}

#[tokio::test]
async fn codes_are_listed_without_their_letters_and_can_be_switched_off() {
    let (app, boss) = shop().await;
    let codes = made(&boss, r#"{"batch":"spring","amount_usd":"2","count":2}"#).await;
    made(&boss, r#"{"batch":"fair","amount_usd":"1","code":"fair-2026"}"#).await;
    let helper = app.sign_in("helper").await.client;
    let listed = helper.get(&format!("{CODES}?batch=spring&limit=1")).await;
    assert!(!listed.text().contains(&codes[1].1), "the letters are not for operators");
    let listed = listed.json();
    let first = &listed["items"][0];
    assert_eq!((first["status"].as_str(), first["used"].as_i64()), (Some("active"), Some(0)));
    assert!(codes[1].1.ends_with(first["hint"].as_str().unwrap()), "{first}");
    let next = listed["next"].as_str().unwrap();
    let second = helper.get(&format!("{CODES}?batch=spring&cursor={next}")).await.json();
    assert_eq!(second["items"][0]["id"], codes[0].0.as_str());
    assert_eq!(second["next"], serde_json::Value::Null);

    // What makes, shows or changes codes is root's.
    let path = format!("{CODES}/{}", codes[0].0);
    let off = || r#"{"enabled":false}"#.into();
    let one = r#"{"batch":"x","amount_usd":"1"}"#;
    assert_eq!(helper.post(CODES, one).await.status, StatusCode::FORBIDDEN);
    assert_eq!(helper.call(Method::PATCH, &path, off()).await.status, StatusCode::FORBIDDEN);
    let export = format!("{CODES}/export?batch=spring");
    assert_eq!(helper.get(&export).await.status, StatusCode::FORBIDDEN);
    let file = boss.get(&export).await;
    assert_eq!(file.status, StatusCode::OK, "{}", file.text());
    assert!(codes.iter().all(|(_, code)| file.text().contains(code)), "{}", file.text());
    assert!(!file.text().contains("FAIR-2026"), "another batch");

    assert_eq!(boss.call(Method::PATCH, &path, off()).await.status, StatusCode::NO_CONTENT);
    let ana = app.sign_in("ana").await.client;
    assert_eq!(refusal(&ana, &codes[0].1).await, "unknown");
    let gone = format!("{CODES}/rc_0000000000000");
    assert_eq!(boss.call(Method::PATCH, &gone, off()).await.status, StatusCode::NOT_FOUND);
    let audit = boss.get("/api/admin/audit?filter=action:redemption_code.*").await.json();
    let acts = audit["items"].as_array().unwrap().iter().map(|one| one["action"].as_str().unwrap());
    let expected =
        ["update", "export", "create", "create"].map(|act| format!("redemption_code.{act}"));
    assert_eq!(acts.collect::<Vec<_>>(), expected);
    assert!(!audit.to_string().contains(&codes[0].1), "the log holds no code");
}

#[tokio::test]
async fn guesses_are_few_and_mistakes_are_told_by_field() {
    let (app, boss) = shop().await;
    for (wrong, field) in [
        (r#"{"batch":"","amount_usd":"1"}"#, "/batch"),
        (r#"{"batch":"x","amount_usd":"0"}"#, "/amount_usd"),
        (r#"{"batch":"x","amount_usd":"-1"}"#, "/amount_usd"),
        (r#"{"batch":"x","amount_usd":"1","count":1001}"#, "/count"),
        (r#"{"batch":"x","amount_usd":"1","count":2,"code":"fair-2026"}"#, "/count"),
        (r#"{"batch":"x","amount_usd":"1","code":"short"}"#, "/code"),
        (r#"{"batch":"x","amount_usd":"1","most_uses":0}"#, "/most_uses"),
        (r#"{"batch":"x","amount_usd":"1","expires_at":"2020-01-01T00:00:00Z"}"#, "/expires_at"),
    ] {
        let answer = boss.post(CODES, wrong).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong}: {}", answer.text());
        assert_eq!(answer.json()["fields"][0]["pointer"], field, "{wrong}");
    }
    let ana = app.sign_in("ana").await.client;
    for guess in 0..10 {
        assert_eq!(refusal(&ana, &format!("GUESS-{guess:04}")).await, "unknown");
    }
    let code = made(&boss, r#"{"batch":"x","amount_usd":"1"}"#).await.remove(0).1;
    let answer = ana.post("/api/balance/redeem", redeeming(&code)).await;
    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
    let ben = app.sign_in("ben").await.client;
    let answer = ben.post("/api/balance/redeem", redeeming(&code)).await;
    assert_eq!(answer.status, StatusCode::OK, "another user is not concerned");
}

#[tokio::test]
async fn self_mode_knows_no_codes() {
    let app = TestApp::start().await;
    app.apply(PEOPLE).await;
    let boss = app.sign_in("boss").await.client;
    let redeem = boss.post("/api/balance/redeem", redeeming("FAIR-2026")).await;
    let make = boss.post(CODES, r#"{"batch":"x","amount_usd":"1"}"#).await;
    for answer in [boss.get(CODES).await, redeem, make] {
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{}", answer.text());
        assert_eq!(answer.json()["code"], "feature_off");
    }
}
