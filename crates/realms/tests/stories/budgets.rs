//! Budgets: what a key, or a user with all keys, may spend within a time, whether or not anybody pays.

use std::time::Duration;

use futures_util::future::join_all;
use http::StatusCode;
use realms_testkit::{FakeUpstream, Gate, Reply, TestClock};
use realms_types::{DialectId, Money, SystemClock};

use crate::{
    relaying::calls,
    support::{KEY, TestApp, usd},
};

/// What the usual answer costs: 21 × 1.25 + 84 × 0.125 + 17 × 10 USD per million.
const COST: Money = Money::from_nano(206_750);
/// What it uses, in LLM tokens.
const TOKENS: i64 = 122;

/// Gives the key of the tests these budgets.
async fn key(app: &TestApp, budgets: &str) {
    app.apply(&format!(
        "version = 1\n[[api_key]]\nuser = \"ana\"\nname = \"laptop\"\nkey = \"{KEY}\"\n\
         rules = {{ budgets = [{budgets}] }}\n"
    ))
    .await;
}

/// Gives the user of the tests these budgets.
async fn user(app: &TestApp, budgets: &str) {
    app.apply(&format!("version = 1\n[[user]]\nusername = \"ana\"\nbudgets = [{budgets}]\n")).await;
}

/// What is held for the usual call.
async fn held_for_a_call(app: &TestApp) -> (Money, i64) {
    let (_, path, body) = calls("m", false)[0].clone();
    assert_eq!(app.client().post(&path, body).await.status, StatusCode::OK);
    let record = app.wait_for_records(1).await.remove(0);
    assert_eq!((record.cost, record.billing), (Some(COST), None));
    let hold = app.hold(record.request_id).await.unwrap();
    assert_eq!((hold.settled, hold.from_balance), (COST, Money::ZERO));
    (hold.amount, hold.tokens)
}

/// Room for so many calls that follow one another, and not for one more.
fn room(held: i64, used: i64, calls: i64) -> i64 {
    held + used * (calls - 1) + used / 2
}

#[tokio::test]
async fn a_day_of_a_key_has_so_much_money_and_ends_at_midnight_of_the_site() {
    let clock = TestClock::new();
    let (app, upstream) = (TestApp::start_on(&clock).await, FakeUpstream::start().await);
    app.serve(&[&upstream]).await;
    app.apply("version = 1\n[settings]\ntime_zone = \"Asia/Shanghai\"\n").await;
    key(&app, r#"{ per = "day", usd = "1" }"#).await;
    let (held, _) = held_for_a_call(&app).await;
    let most = Money::from_nano(room(held.nano(), COST.nano(), 3));
    key(&app, &format!(r#"{{ per = "day", usd = "{most}" }}"#)).await;
    for _ in 0..2 {
        let (_, path, body) = calls("m", true)[1].clone();
        assert_eq!(app.client().post(&path, body).await.status, StatusCode::OK);
    }
    for (dialect, path, body) in calls("m", true) {
        // The usual call of this dialect asks for a short answer, which fits.
        let long = r#"{"model":"m","max_tokens":8192,"messages":[{"role":"user","content":"hi"}]}"#;
        let body = if dialect == DialectId::Messages { long.to_owned() } else { body };
        let answer = app.client().post(&path, body).await;
        assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS, "{dialect}");
        // The clock shows 22:13:20 in Shanghai.
        assert_eq!(answer.header("retry-after"), "6401", "{dialect}");
        let text = answer.text();
        assert!(text.contains(&format!("the limit of {most} USD")), "{text}");
        assert!(text.contains("0.00062025 USD are used"), "{text}");
        assert!(text.contains("room again from 2026-11-18T16:00:00.000000Z on"), "{text}");
    }
    assert_eq!(upstream.requests().len(), 3);

    let boss = app.sign_in("ana").await.client;
    let found = boss.get("/api/budgets").await.json();
    let day = &found["budgets"][0];
    assert_eq!((&day["per"], &day["used_usd"]), (&"day".into(), &"0.00062025".into()), "{found}");
    assert_eq!(day["api_key_name"], "laptop");
    assert_eq!(day["resets_at"], "2026-11-18T16:00:00.000000Z");

    clock.advance(Duration::from_secs(6_401));
    let (_, path, body) = calls("m", true)[2].clone();
    assert_eq!(app.client().post(&path, body).await.status, StatusCode::OK);
    // Nobody pays in self mode: no balance moves.
    assert_eq!(app.balance().await, (Money::ZERO, Money::ZERO));
    assert!(app.entries().await.is_empty());
    app.is_sound().await;
}

#[tokio::test]
async fn llm_tokens_of_a_user_count_over_all_keys_and_come_back_bit_by_bit() {
    let clock = TestClock::new();
    let (app, upstream) = (TestApp::start_on(&clock).await, FakeUpstream::start().await);
    app.serve(&[&upstream]).await;
    app.apply(
        "version = 1\n[[api_key]]\nuser = \"ana\"\nname = \"other\"\nkey = \"sk_another-key-of-ana-1\"\n",
    )
    .await;
    user(&app, r#"{ per = "5h", llm_tokens = 1000000 }"#).await;
    let (_, held) = held_for_a_call(&app).await;
    let most = room(held, TOKENS, 2);
    user(
        &app,
        &format!(r#"{{ per = "5h", llm_tokens = {most} }}, {{ per = "total", usd = "9" }}"#),
    )
    .await;
    let other = || app.client().bearer("sk_another-key-of-ana-1");
    let (_, path, body) = calls("m", false)[0].clone();
    assert_eq!(other().post(&path, body.clone()).await.status, StatusCode::OK);
    for client in [app.client(), other()] {
        let answer = client.post(&path, body.clone()).await;
        assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
        let text = answer.text();
        assert!(text.contains("244 LLM tokens are used"), "{text}");
        assert!(text.contains("in 5 hours"), "{text}");
    }
    // What was used leaves the window five hours later, at most one step of five minutes late.
    clock.advance(Duration::from_mins(305));
    assert_eq!(app.client().post(&path, body).await.status, StatusCode::OK);
    let found = app.sign_in("ana").await.client.get("/api/budgets").await.json();
    let used: Vec<_> = found["budgets"].as_array().unwrap().iter().collect();
    assert_eq!(used[0]["used_llm_tokens"], 122, "{found}");
    // It counts from when it was given: the first call came before.
    assert_eq!(used[1]["used_usd"], "0.0004135", "{found}");
    app.is_sound().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn calls_at_once_never_overstep_a_budget() {
    const CALLS: usize = 100;
    const ROOM: usize = 7;
    let upstream = FakeUpstream::start().await;
    let app = TestApp::serving(&[&upstream]).await;
    key(&app, r#"{ per = "total", usd = "1" }"#).await;
    let (held, _) = held_for_a_call(&app).await;
    let most = held.nano() * i64::try_from(ROOM).unwrap() + COST.nano();
    key(&app, &format!(r#"{{ per = "total", usd = "{}" }}"#, Money::from_nano(most))).await;
    let (_, path, body) = calls("m", false)[0].clone();
    let gate = Gate::new();
    upstream.replies(Reply::good().stalls_before_headers(&gate));
    let running: Vec<_> = (0..CALLS)
        .map(|_| {
            let (client, path, body) = (app.client(), path.clone(), body.clone());
            tokio::spawn(async move { client.post(&path, body).await.status })
        })
        .collect();
    gate.reached(ROOM).await;
    app.wait_for_records(1 + CALLS - ROOM).await;
    assert_eq!((app.holds().await.len(), upstream.requests().len()), (ROOM, 1 + ROOM));
    gate.open();
    let statuses = join_all(running).await.into_iter().map(Result::unwrap);
    assert_eq!(statuses.filter(|status| *status == StatusCode::OK).count(), ROOM);
    app.wait_for_holds(0).await;
    app.is_sound().await;
}

#[tokio::test]
async fn who_pays_is_held_to_a_budget_too_and_a_refusal_costs_nothing() {
    let upstream = FakeUpstream::start().await;
    let clock = std::sync::Arc::new(SystemClock);
    let app = TestApp::start_business(clock, Duration::from_millis(20)).await;
    app.serve(&[&upstream]).await;
    app.pay("1").await;
    key(&app, r#"{ per = "total", usd = "0.01" }"#).await;
    let body = |most: u32| {
        format!(
            r#"{{"model":"m","max_tokens":{most},"messages":[{{"role":"user","content":"hi"}}]}}"#
        )
    };
    let refused = app.client().post("/v1/messages", body(4_000)).await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS, "{}", refused.text());
    assert!(refused.text().contains("waiting does not help"), "{}", refused.text());
    assert_eq!(app.balance().await, (usd("1"), Money::ZERO));
    // A shorter answer fits.
    let answer = app.client().post("/v1/messages", body(100)).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    app.wait_for_records(2).await;
    assert_eq!(app.balance().await, (usd("0.99979325"), Money::ZERO));
    assert!(upstream.requests().len() == 1);
    app.is_sound().await;
}

#[tokio::test]
async fn what_cannot_be_counted_is_not_called_and_an_outage_stops_nobody_in_self_mode() {
    let upstream = FakeUpstream::start().await;
    let app = TestApp::serving(&[&upstream]).await;
    key(&app, r#"{ per = "day", usd = "1" }"#).await;
    let alias = r#"{"model":"alias","input":"hi"}"#;
    let unpriced = app.client().post("/v1/responses", alias).await;
    assert_eq!(unpriced.status, StatusCode::BAD_REQUEST);
    assert!(unpriced.text().contains("model_not_priced"), "{}", unpriced.text());
    let background = r#"{"model":"m","input":"hi","background":true}"#;
    let refused = app.client().post("/v1/responses", background).await;
    assert!(refused.text().contains("count for a budget"), "{}", refused.text());
    // Its LLM tokens can be counted.
    key(&app, r#"{ per = "day", llm_tokens = 1000000 }"#).await;
    let answer = app.client().post("/v1/responses", alias).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    app.wait_for_records(3).await;
    let found = app.sign_in("ana").await.client.get("/api/budgets").await.json();
    assert_eq!(found["budgets"][0]["used_llm_tokens"], TOKENS, "{found}");
    app.is_sound().await;

    // Nobody else can write: the database is as good as away. Who pays for everything rather has the call.
    let lock = app.app().store().begin().await.unwrap();
    let (_, path, body) = calls("m", true)[0].clone();
    assert_eq!(app.client().post(&path, body).await.status, StatusCode::OK);
    drop(lock);
    app.wait_for_records(4).await;
    app.wait_for_holds(0).await;
}

#[tokio::test]
async fn a_budget_that_makes_no_sense_is_told_where_it_stands() {
    let app = TestApp::serving(&[]).await;
    let boss = app.sign_in("ana").await.client;
    let key = |budgets: &str| format!(r#"{{"name":"new","rules":{{"budgets":[{budgets}]}}}}"#);
    for (budgets, told) in [
        (r#"{"per":"5y","usd":"1"}"#, "is no time for a budget"),
        (r#"{"per":"5h"}"#, "either `usd` or `llm_tokens`"),
        (r#"{"per":"5h","usd":"0"}"#, "more than nothing"),
        (r#"{"per":"24h","usd":"1"},{"per":"1d","usd":"2"}"#, "there is another beside"),
    ] {
        let answer = boss.post("/api/tokens", key(budgets)).await;
        assert!(answer.status.is_client_error(), "{budgets}");
        assert!(answer.text().contains(told), "{}", answer.text());
    }
    let made = boss.post("/api/tokens", key(r#"{"per":"7d","usd":"2.50"}"#)).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
    let budget = &made.json()["token"]["rules"]["budgets"][0];
    assert_eq!((&budget["per"], &budget["usd"]), (&"7d".into(), &"2.5".into()));
}
