//! What calls earn: what they were charged, less what the vendor of their channel is paid.

use http::{Method, StatusCode};
use realms_testkit::{FakeUpstream, Reply};
use realms_types::{Billing, Money};
use serde_json::{Value, json};

use super::{COST, adds_up, paying};
use crate::{
    relaying::calls,
    support::{Client, TestApp, usd},
};

const PEOPLE: &str = "[[user]]\nusername = \"boss\"\nrole = \"root\"\n\
                      [[user]]\nusername = \"helper\"\nrole = \"admin\"\n";

/// Has channels described so, with people who run the site.
async fn apply(app: &TestApp, channels: &str) {
    app.apply(&format!("version = 1\n{PEOPLE}{channels}")).await;
}

/// Makes the usual call, which costs [`COST`].
async fn call(app: &TestApp) {
    let (_, path, body) = calls("m", false)[2].clone();
    let answer = app.client().post(&path, body).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
}

async fn report(who: &Client, query: &str) -> Value {
    let answer = who.get(&format!("/api/admin/margin{query}")).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    answer.json()
}

#[tokio::test]
async fn a_channel_at_sixty_percent_earns_forty_and_no_user_sees_it() {
    let upstream = FakeUpstream::start().await;
    let app = paying(&[&upstream], "1").await;
    apply(&app, "[[channel]]\nname = \"a\"\ncost_multiplier = \"0.6\"\n").await;
    call(&app).await;
    let record = app.wait_for_records(1).await.remove(0);
    assert_eq!((record.cost, record.upstream_cost), (Some(usd(COST)), Some(usd("0.00012405"))));
    adds_up(&record);
    assert_eq!(app.balance().await, (usd("0.99979325"), Money::ZERO), "it moves no charge");

    let boss = app.sign_in("boss").await.client;
    let helper = app.sign_in("helper").await.client;
    for who in [&boss, &helper] {
        let told = report(who, "").await;
        for sums in [&told["total"], &told["items"][0]] {
            assert_eq!(sums["revenue_usd"], COST, "{told}");
            assert_eq!(sums["upstream_cost_usd"], "0.00012405", "{told}");
            assert_eq!(sums["margin_usd"], "0.0000827", "{told}");
            assert_eq!(sums["margin_share"], 0.4, "{told}");
            assert_eq!((&sums["calls"], &sums["uncosted_calls"]), (&json!(1), &json!(0)));
        }
        assert_eq!(told["items"][0]["label"], "a", "{told}");
    }
    let by = report(&boss, "?by=user").await;
    assert_eq!(by["items"][0]["label"], "ana", "{by}");
    let table = boss.get("/api/admin/margin/export?by=model").await;
    assert_eq!(table.header("content-type"), "text/csv; charset=utf-8");
    let line = "m,m,1,0.00020675,0.00012405,0.0000827,40.00,0,0\r\n";
    assert!(table.text().contains(line), "{}", table.text());

    let id = record.request_id.to_string();
    let trace = boss.get(&format!("/api/admin/usage/{id}")).await.json();
    let margin = json!({ "upstream_cost_usd": "0.00012405", "margin_usd": "0.0000827", "margin_share": 0.4 });
    assert_eq!(trace["margin"], margin);
    let all = boss.get("/api/admin/usage/export").await.text();
    assert!(all.contains(",upstream_cost_usd,") && all.contains(",0.00012405,"), "{all}");

    let ana = app.sign_in("ana").await.client;
    for path in [
        "/api/usage".to_owned(),
        format!("/api/usage/{id}"),
        "/api/usage/summary".to_owned(),
        "/api/usage/by/model".to_owned(),
        "/api/usage/export".to_owned(),
        "/api/usage/export?format=jsonl".to_owned(),
        "/api/dashboard".to_owned(),
        "/api/models".to_owned(),
        "/api/balance/entries".to_owned(),
    ] {
        let answer = ana.get(&path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        for word in ["upstream_cost", "0.00012405", "margin", "0.0000827", "uncosted"] {
            assert!(!answer.text().contains(word), "{path}: {word} in {}", answer.text());
        }
    }
    // Who runs the site looks at calls of their own as a user does.
    let own = boss.get(&format!("/api/usage/{id}")).await;
    assert_eq!(own.status, StatusCode::NOT_FOUND);
    for path in ["/api/admin/margin", "/api/admin/margin/export"] {
        assert_eq!(ana.get(path).await.status, StatusCode::FORBIDDEN, "{path}");
    }
    app.is_sound().await;
}

#[tokio::test]
async fn a_cost_that_nobody_knows_is_counted_and_never_taken_for_nothing() {
    let upstream = FakeUpstream::start().await;
    let app = paying(&[&upstream], "1").await;
    apply(&app, "").await;
    let boss = app.sign_in("boss").await.client;
    call(&app).await;
    let record = app.wait_for_records(1).await.remove(0);
    assert_eq!((record.cost, record.upstream_cost), (Some(usd(COST)), None));
    let total = report(&boss, "").await["total"].clone();
    assert_eq!((&total["uncosted_calls"], &total["margin_usd"]), (&json!(1), &json!("0")));
    assert_eq!(total["uncosted_revenue_usd"], COST, "{total}");
    assert_eq!(total.get("margin_share"), None, "{total}");
    let trace = boss.get(&format!("/api/admin/usage/{}", record.request_id)).await.json();
    assert_eq!(trace["margin"], json!({}));

    // A price of its own for the model: 105 × 2 + 17 × 10 USD per million, whatever part is said besides.
    let own = "[[channel]]\nname = \"a\"\ncost_multiplier = \"0.1\"\nmodels = [\"alias\", \
               { name = \"m\", cost = { input_usd_per_1m = \"2\", output_usd_per_1m = \"10\" } }]\n";
    apply(&app, own).await;
    call(&app).await;
    let record = app.wait_for_records(2).await.remove(1);
    assert_eq!((record.cost, record.upstream_cost), (Some(usd(COST)), Some(usd("0.00038"))));
    let total = report(&boss, "").await["total"].clone();
    assert_eq!((&total["calls"], &total["uncosted_calls"]), (&json!(2), &json!(1)), "{total}");
    assert_eq!(total["margin_usd"], "-0.00017325", "{total}");
    assert_eq!(total["uncosted_revenue_usd"], COST, "{total}");
    app.is_sound().await;
}

#[tokio::test]
async fn a_call_costs_what_the_channel_pays_that_answered() {
    let (dear, cheap) = (FakeUpstream::start().await, FakeUpstream::start().await);
    dear.replies(Reply::status(500));
    let app = paying(&[&dear, &cheap], "1").await;
    let parts = "[[channel]]\nname = \"a\"\ncost_multiplier = \"0.9\"\n\
                 [[channel]]\nname = \"b\"\ncost_multiplier = \"0.2\"\n";
    apply(&app, parts).await;
    call(&app).await;
    let record = app.wait_for_records(1).await.remove(0);
    assert!(record.attempts.len() > 1, "{record:?}");
    assert_eq!(record.upstream_cost, Some(usd("0.00004135")));
    let boss = app.sign_in("boss").await.client;
    let told = report(&boss, "").await;
    assert_eq!(told["items"][0]["label"], "b", "{told}");
    assert_eq!(told["total"]["uncosted_calls"], 0, "{told}");
}

#[tokio::test]
async fn a_usage_that_cannot_be_true_has_no_cost_that_is_known() {
    let upstream = FakeUpstream::start().await;
    upstream.for_path("/v1/chat/completions").replies(Reply::json(&json!({
        "id": "chatcmpl-1", "object": "chat.completion", "model": "m",
        "choices": [{ "index": 0, "finish_reason": "stop",
                      "message": { "role": "assistant", "content": "hi" } }],
        "usage": { "prompt_tokens": 900_000_000, "completion_tokens": 1, "total_tokens": 900_000_001 },
    })));
    let app = paying(&[&upstream], "1").await;
    apply(&app, "[[channel]]\nname = \"a\"\ncost_multiplier = \"0.6\"\n").await;
    let (_, path, body) = calls("m", false)[1].clone();
    app.client().post(&path, body).await;
    let record = app.wait_for_records(1).await.remove(0);
    assert_eq!((record.billing, record.upstream_cost), (Some(Billing::Quarantined), None));
    let boss = app.sign_in("boss").await.client;
    let total = report(&boss, "").await["total"].clone();
    assert_eq!((&total["uncosted_calls"], &total["revenue_usd"]), (&json!(1), &json!("0")));
}

#[tokio::test]
async fn what_a_channel_pays_is_set_by_who_may_set_prices_and_noted() {
    let upstream = FakeUpstream::start().await;
    let app = paying(&[&upstream], "1").await;
    apply(&app, "[[channel]]\nname = \"a\"\ncost_multiplier = \"0.6\"\n").await;
    let boss = app.sign_in("boss").await.client;
    let helper = app.sign_in("helper").await.client;
    let half = r#"{"name":"a","cost_multiplier":"0.5"}"#;
    let refused = helper.call(Method::PUT, "/api/admin/channels/a", half.into()).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN, "{}", refused.text());
    assert!(refused.text().contains("cost_multiplier"), "{}", refused.text());
    let set = boss.call(Method::PUT, "/api/admin/channels/a", half.into()).await;
    assert_eq!(set.status, StatusCode::OK, "{}", set.text());
    assert_eq!(set.json()["cost_multiplier"], "0.5");
    call(&app).await;
    let record = app.wait_for_records(1).await.remove(0);
    assert_eq!(record.upstream_cost, Some(usd("0.000103375")));
    let audit = boss.get("/api/admin/audit?filter=action:channel.update").await.json();
    let change = json!({ "path": "cost_multiplier", "before": "0.6", "after": "0.5" });
    assert_eq!(audit["items"][0]["changes"], json!([change]), "{audit}");
    app.is_sound().await;
}

#[tokio::test]
async fn where_nobody_pays_there_is_no_margin() {
    let upstream = FakeUpstream::start().await;
    let app = TestApp::serving(&[&upstream]).await;
    apply(&app, "[[channel]]\nname = \"a\"\ncost_multiplier = \"0.6\"\n").await;
    call(&app).await;
    let record = app.wait_for_records(1).await.remove(0);
    assert_eq!((record.billing, record.upstream_cost), (None, Some(usd("0.00012405"))));
    let boss = app.sign_in("boss").await.client;
    for path in ["/api/admin/margin", "/api/admin/margin/export"] {
        assert_eq!(boss.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    let trace = boss.get(&format!("/api/admin/usage/{}", record.request_id)).await.json();
    assert_eq!(trace["margin"], json!({ "upstream_cost_usd": "0.00012405" }));
}
