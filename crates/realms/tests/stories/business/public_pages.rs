//! What people see without an account where the site wants it, and of each other where they do.

use std::time::Duration;

use http::{Method, StatusCode};
use realms_testkit::{FakeUpstream, TestClock};
use serde_json::{Value, json};

use super::{
    COST, real,
    shop::{Shop, shop, sign_in},
};
use crate::{
    relaying::calls,
    support::{Answered, Client, KEY, TestApp},
};

const PRICES: &str = "/api/public/prices";
const STATUS: &str = "/api/public/status";
const LOOK: &str = "/api/public/key";
const RANKING: &str = "/api/ranking";

/// Somebody whom nobody knows.
fn stranger(app: &TestApp) -> Client {
    Client::new(app.app().address()).header("sec-fetch-site", "same-origin")
}

async fn look(who: &Client, key: &str) -> Answered {
    who.post(LOOK, json!({ "key": key }).to_string()).await
}

async fn call(app: &TestApp) -> StatusCode {
    let (_, path, body) = calls("m", false)[1].clone();
    app.client().post(&path, body).await.status
}

impl Shop {
    async fn switch(&self, feature: &str, on: bool) {
        let path = format!("/api/admin/settings/feature_{feature}");
        let body = json!({ "value": on }).to_string();
        let set = self.boss.call(Method::PUT, &path, body.into()).await;
        assert_eq!(set.status, StatusCode::OK, "{}", set.text());
    }
}

#[tokio::test]
async fn nothing_is_public_until_somebody_wants_it() {
    let upstream = FakeUpstream::start().await;
    let shop = shop(real(), &upstream).await;
    let anyone = stranger(&shop.app);
    let all = async |who: &Client| {
        [
            who.get(PRICES).await,
            who.get(STATUS).await,
            look(who, KEY).await,
            shop.ana.get(RANKING).await,
        ]
    };
    for answer in all(&anyone).await {
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{}", answer.text());
        assert_eq!(answer.json()["code"], "feature_off", "{}", answer.text());
    }
    let shown = anyone.get("/api/bootstrap").await.json();
    for page in ["public_prices", "public_status", "public_key", "ranking"] {
        assert_eq!(shown["features"][page], false, "{shown}");
        shop.switch(page, true).await;
    }
    for answer in all(&anyone).await {
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    }
    assert_eq!(anyone.get(RANKING).await.status, StatusCode::UNAUTHORIZED, "that is for users");
    assert_eq!(anyone.get("/api/bootstrap").await.json()["features"]["public_key"], true);
}

#[tokio::test]
async fn anyone_sees_what_models_cost_and_how_they_are_doing_and_no_more() {
    let (clock, upstream) = (TestClock::new(), FakeUpstream::start().await);
    let shop = shop(clock.shared(), &upstream).await;
    shop.app.pay("1").await;
    for page in ["public_prices", "public_status"] {
        shop.switch(page, true).await;
    }
    let anyone = stranger(&shop.app);
    // The group of those who sign up is that of ana, whose prices are doubled.
    let group = json!({ "name": "default", "channel_groups": ["default"], "multiplier": "2" });
    let path = "/api/admin/user-groups/default";
    let put = shop.boss.call(Method::PUT, path, group.to_string().into()).await;
    assert!(put.status.is_success(), "{}", put.text());
    let listed = anyone.get(&format!("{PRICES}?filter=owner:maker&sort=name")).await;
    let prices = listed.json();
    assert_eq!(prices["items"].as_array().unwrap().len(), 1, "{prices}");
    let model = &prices["items"][0];
    assert_eq!((&model["name"], &model["input_usd"]), (&json!("m"), &json!("2.5")), "{prices}");
    assert_eq!(model["output_usd"], "20", "{prices}");

    let status = |listed: &Value| listed["items"].as_array().unwrap().clone();
    let before = status(&anyone.get(STATUS).await.json());
    assert!(before.iter().all(|one| one["state"] == "unknown"), "{before:?}");
    assert_eq!(call(&shop.app).await, StatusCode::OK);
    shop.app.wait_for_records(1).await;
    // What was asked a moment ago is answered again for ten seconds.
    clock.advance(Duration::from_secs(11));
    let up = status(&anyone.get(&format!("{STATUS}?filter=state:up")).await.json());
    assert_eq!(up.len(), 1, "{up:?}");
    assert_eq!((&up[0]["name"], &up[0]["ok_share"]), (&json!("m"), &json!(1.0)), "{up:?}");
    assert_eq!(up[0]["hours"].as_array().unwrap().len(), 24, "{up:?}");
    assert_eq!(up[0]["hours"][23], 1.0, "{up:?}");
    for secret in ["channel", "credential", "calls", "ana", "upstream-key"] {
        for text in [listed.text(), anyone.get(STATUS).await.text()] {
            assert!(!text.contains(&format!("\"{secret}")), "{secret}: {text}");
        }
    }
}

#[tokio::test]
async fn whoever_has_a_key_sees_what_is_left_of_it() {
    let upstream = FakeUpstream::start().await;
    let shop = shop(real(), &upstream).await;
    shop.switch("public_key", true).await;
    shop.app.pay("1").await;
    let rules = json!({ "models": ["m"], "budgets": [{ "per": "day", "usd": "0.5" }] });
    let limits = json!({ "requests_per_minute": 60 });
    let new = json!({ "name": "for a friend", "rules": rules, "limits": limits });
    let made = shop.ana.post("/api/tokens", new.to_string()).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
    let key = made.json()["key"].as_str().unwrap().to_owned();
    let (_, path, body) = calls("m", false)[1].clone();
    let friend = Client::new(shop.app.app().address()).bearer(&key);
    assert_eq!(friend.post(&path, body).await.status, StatusCode::OK);
    shop.app.wait_for_records(1).await;

    let anyone = stranger(&shop.app);
    let seen = look(&anyone, &key).await;
    assert_eq!(seen.status, StatusCode::OK, "{}", seen.text());
    let said = seen.json();
    assert_eq!((&said["name"], &said["status"]), (&json!("for a friend"), &json!("active")));
    assert_eq!(said["hint"], key[key.len() - 4..], "{said}");
    assert_eq!(said["limits"], limits, "{said}");
    assert_eq!(said["models"], 1, "{said}");
    let budget = &said["budgets"][0];
    assert_eq!((&budget["usd"], &budget["used_usd"]), (&json!("0.5"), &json!(COST)), "{said}");
    assert!(budget["resets_at"].is_string(), "{said}");
    assert_eq!(
        (&said["usage_today"]["calls"], &said["usage_30d"]["cost_usd"]),
        (&json!(1), &json!(COST))
    );
    // Of whose it is, and of the key itself, nothing.
    for hidden in ["ana", key.as_str()] {
        assert!(!seen.text().contains(hidden), "{hidden}: {}", seen.text());
    }

    let id = made.json()["token"]["id"].as_str().unwrap().to_owned();
    let revoked = shop.ana.post(&format!("/api/tokens/{id}/revoke"), "").await;
    assert_eq!(revoked.status, StatusCode::OK, "{}", revoked.text());
    assert_eq!(look(&anyone, &key).await.json()["status"], "revoked");
}

#[tokio::test]
async fn keys_cannot_be_guessed_where_they_are_looked_up() {
    let upstream = FakeUpstream::start().await;
    let shop = shop(real(), &upstream).await;
    shop.switch("public_key", true).await;
    let anyone = stranger(&shop.app);
    for key in ["", "sk_none", &KEY[1..], "a\u{0}b", "密钥"] {
        let answer = look(&anyone, key).await;
        assert_eq!(answer.json()["code"], "unknown_key", "{key}: {}", answer.text());
        assert!(key.is_empty() || !answer.text().contains(key), "{}", answer.text());
    }
    let mut last = look(&anyone, "sk_none").await;
    for _ in 0..60 {
        last = look(&anyone, "sk_none").await;
    }
    assert_eq!(last.status, StatusCode::TOO_MANY_REQUESTS, "{}", last.text());
    assert!(last.headers.contains_key("retry-after"));
    // Another site cannot have a browser ask.
    let foreign = Client::new(shop.app.app().address()).header("sec-fetch-site", "cross-site");
    assert_eq!(look(&foreign, KEY).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn in_the_ranking_everybody_is_shown_as_they_choose() {
    let (clock, upstream) = (TestClock::new(), FakeUpstream::start().await);
    let shop = shop(clock.shared(), &upstream).await;
    shop.app.pay("1").await;
    shop.switch("ranking", true).await;
    for _ in 0..2 {
        assert_eq!(call(&shop.app).await, StatusCode::OK);
    }
    shop.app.wait_for_records(2).await;
    clock.advance(Duration::from_secs(1));
    let ben = sign_in(&shop.app, "ben").await;
    let seen = async |who: &Client| who.get(&format!("{RANKING}?days=1")).await.json();
    let first = seen(&ben).await;
    let expected = json!([{ "place": 1, "calls": 2, "llm_tokens": 244, "mine": false }]);
    assert_eq!(first["items"], expected, "nobody is named who does not want it");
    assert_eq!(first["mine"], json!({ "calls": 0, "llm_tokens": 0, "shown": "anonymous" }));
    let own = seen(&shop.ana).await;
    assert_eq!((&own["items"][0]["mine"], &own["mine"]["place"]), (&json!(true), &json!(1)));

    let choose = async |shown: &str| {
        let body = json!({ "shown": shown }).to_string();
        shop.ana.call(Method::PUT, "/api/me/ranking", body.into()).await
    };
    assert_eq!(choose("name").await.status, StatusCode::NO_CONTENT);
    assert_eq!(seen(&ben).await["items"][0]["name"], "ana");
    assert_eq!(choose("hidden").await.status, StatusCode::NO_CONTENT);
    assert_eq!(seen(&ben).await["items"], json!([]), "at once, whatever was summed up before");
    let own = seen(&shop.ana).await;
    assert_eq!((&own["mine"]["shown"], &own["mine"]["calls"]), (&json!("hidden"), &json!(2)));
    assert_eq!(own["mine"].get("place"), None, "{own}");
    assert_eq!(choose("loud").await.status, StatusCode::BAD_REQUEST);
    let wrong = ben.get(&format!("{RANKING}?days=2")).await;
    assert_eq!(wrong.status, StatusCode::BAD_REQUEST, "{}", wrong.text());
}

#[tokio::test]
async fn self_mode_has_no_public_page_and_no_ranking() {
    let app = TestApp::serving(&[&FakeUpstream::start().await]).await;
    app.apply(
        "version = 1\n[settings]\nfeature_ranking = true\nfeature_public_prices = true\n\
         feature_public_status = true\nfeature_public_key = true\n",
    )
    .await;
    let anyone = stranger(&app);
    for path in [PRICES, STATUS] {
        assert_eq!(anyone.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    assert_eq!(look(&anyone, KEY).await.status, StatusCode::NOT_FOUND);
    let ana = sign_in(&app, "ana").await;
    assert_eq!(ana.get(RANKING).await.status, StatusCode::NOT_FOUND);
}
