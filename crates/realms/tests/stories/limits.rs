//! Limits of keys, users, channels and credentials, and what a key is good for.

use std::time::Duration;

use http::StatusCode;
use realms_relay::InUse;
use realms_testkit::{FakeUpstream, Gate, Reply};

use crate::{
    relaying::calls,
    support::{KEY, TestApp, attempts},
};

/// Gives the key of the tests these fields besides.
async fn key(app: &TestApp, fields: &str) {
    app.apply(&format!(
        "version = 1\n[[api_key]]\nuser = \"ana\"\nname = \"laptop\"\nkey = \"{KEY}\"\n{fields}\n"
    ))
    .await;
}

/// One channel `a` at a higher priority than `b`, these fields added to the first.
async fn channel(app: &TestApp, fields: &str) {
    app.apply(&format!("version = 1\n[[channel]]\nname = \"a\"\n{fields}\n")).await;
}

#[tokio::test]
async fn too_many_requests_a_minute_are_told_whose_limit_it_is_and_when_there_is_room() {
    let upstream = FakeUpstream::start().await;
    let app = TestApp::serving(&[&upstream]).await;
    key(&app, "limits = { requests_per_minute = 4 }").await;
    for (dialect, path, body) in calls("m", true) {
        let answer = app.client().post(&path, body).await;
        assert_eq!(answer.status, StatusCode::OK, "{dialect}");
    }
    for (dialect, path, body) in calls("m", true) {
        let answer = app.client().post(&path, body).await;
        assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS, "{dialect}");
        let wait: u64 = answer.header("retry-after").parse().unwrap();
        assert!((1..=61).contains(&wait), "{wait}");
        let text = answer.text();
        assert!(text.contains("this API key may use 4 requests a minute"), "{text}");
        assert!(text.contains(&format!("room again in {wait} s")), "{text}");
    }
    assert_eq!(upstream.requests().len(), 4);

    // The limit of the user is another, and reaches every key of hers.
    key(&app, "limits = {}").await;
    app.apply("version = 1\n[[user]]\nusername = \"ana\"\nlimits = { requests_per_minute = 1 }\n")
        .await;
    let (_, path, body) = calls("m", false)[0].clone();
    assert_eq!(app.client().post(&path, body.clone()).await.status, StatusCode::OK);
    let refused = app.client().post(&path, body).await;
    assert!(refused.text().contains("the user of this API key"), "{}", refused.text());
}

#[tokio::test]
async fn tokens_are_reserved_and_what_was_not_used_comes_back() {
    let upstream = FakeUpstream::start().await;
    let app = TestApp::serving(&[&upstream]).await;
    key(&app, "limits = { tokens_per_minute = 3000 }").await;
    let body = |max: u64| format!(r#"{{"model":"m","input":"hi","max_output_tokens":{max}}}"#);
    // Each reserves two thousand and uses a few, one after the other.
    for _ in 0..5 {
        let answer = app.client().post("/v1/responses", body(64_000)).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    }
    let gate = Gate::new();
    upstream.replies(Reply::good().stalls_before_headers(&gate));
    let client = app.client();
    let running = tokio::spawn(async move { client.post("/v1/responses", body(64_000)).await });
    gate.reached(1).await;
    let second = app.client().post("/v1/responses", body(64_000)).await;
    assert_eq!(second.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(second.text().contains("3000 LLM tokens a minute"), "{}", second.text());
    gate.open();
    assert_eq!(running.await.unwrap().status, StatusCode::OK);
}

#[tokio::test]
async fn who_comes_too_many_at_once_waits_for_its_turn() {
    let upstream = FakeUpstream::start().await;
    let app = TestApp::serving(&[&upstream]).await;
    key(&app, "limits = { concurrency = 1 }").await;
    let gate = Gate::new();
    upstream.replies(Reply::good().stalls_before_headers(&gate)).then(Reply::good());
    let call = || {
        let client = app.client();
        tokio::spawn(async move {
            let (_, path, body) = calls("m", true)[1].clone();
            client.post(&path, body).await
        })
    };
    let first = call();
    gate.reached(1).await;
    let second = call();
    // Nothing reaches the upstream as long as the first runs.
    let early = tokio::time::timeout(Duration::from_millis(200), upstream.wait_for(2)).await;
    assert!(early.is_err());
    gate.open();
    for call in [first, second] {
        assert_eq!(call.await.unwrap().status, StatusCode::OK);
    }
    let records = app.wait_for_records(2).await;
    let trace = app.app().store().find_trace(records[1].id).await.unwrap().unwrap();
    assert!(trace.timings.queued_us.unwrap() >= 150_000, "{:?}", trace.timings);
}

#[tokio::test]
async fn a_candidate_at_its_limit_is_passed_over_and_rests_for_nobody() {
    let (first, second) = (FakeUpstream::start().await, FakeUpstream::start().await);
    let app = TestApp::serving(&[&first, &second]).await;
    channel(&app, "limits = { requests_per_minute = 2 }").await;
    let (_, path, body) = calls("m", false)[1].clone();
    for _ in 0..4 {
        assert_eq!(app.client().post(&path, body.clone()).await.status, StatusCode::OK);
    }
    assert_eq!((first.requests().len(), second.requests().len()), (2, 2));
    let records = app.wait_for_records(4).await;
    assert_eq!(attempts(&records[3]), ["- skipped rate_limited", "200 accepted -"]);
    let told = records[3].attempts[0].detail.clone().unwrap();
    assert!(told.contains("the channel may use 2 requests a minute"), "{told}");
    channel(&app, "limits = {}").await;
    assert_eq!(app.client().post(&path, body).await.status, StatusCode::OK);
    assert_eq!(first.requests().len(), 3, "it takes calls as soon as it may");
}

#[tokio::test]
async fn when_every_candidate_is_at_its_limit_the_client_hears_when_to_come_back() {
    let only = FakeUpstream::start().await;
    let app = TestApp::serving(&[&only]).await;
    app.apply("version = 1\n[settings]\nretry_max_elapsed_ms = \"500\"\n").await;
    channel(&app, "credentials = [{ name = \"k\", limits = { requests_per_minute = 1 } }]").await;
    let (_, path, body) = calls("m", false)[1].clone();
    assert_eq!(app.client().post(&path, body.clone()).await.status, StatusCode::OK);
    let answer = app.client().post(&path, body).await;
    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS, "{}", answer.text());
    let wait: u64 = answer.header("retry-after").parse().unwrap();
    assert!((30..=61).contains(&wait), "{wait}");
    assert_eq!(only.requests().len(), 1);
}

#[tokio::test]
async fn a_key_is_good_for_what_its_rules_say() {
    let upstream = FakeUpstream::start().await;
    let app = TestApp::serving(&[&upstream]).await;
    let code = |answer: &crate::support::Answered| answer.json()["error"]["code"].clone();
    let chat = calls("m", false)[1].clone();
    let post = async |client: crate::support::Client, model: &str| {
        client.post(&chat.1, chat.2.replace("\"m\"", &format!("\"{model}\""))).await
    };
    for (rules, expected) in [
        ("models = [\"al*\"]", "model_not_allowed"),
        ("dialects = [\"messages\"]", "dialect_not_allowed"),
        ("clients = [\"codex_cli\"]", "client_not_allowed"),
        ("addresses = [\"10.0.0.0/8\"]", "address_not_allowed"),
    ] {
        key(&app, &format!("rules = {{ {rules} }}")).await;
        let refused = post(app.client(), "m").await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{rules}: {}", refused.text());
        assert_eq!(code(&refused), expected, "{rules}");
    }
    assert!(upstream.requests().is_empty());

    key(
        &app,
        "rules = { models = [\"al*\"], dialects = [\"chat\"], clients = [\"codex_cli\"], \
         addresses = [\"127.0.0.0/8\"] }",
    )
    .await;
    let codex = app.client().header("user-agent", "codex_cli_rs/0.169.0 (Debian)");
    assert_eq!(post(codex.clone(), "alias").await.status, StatusCode::OK);
    let listed = codex.get("/v1/models").await.json();
    let names: Vec<_> = listed["data"].as_array().unwrap().iter().map(|m| &m["id"]).collect();
    assert_eq!(names, ["alias"], "it lists what it may call");
}

#[tokio::test]
async fn a_key_ends_at_its_time_or_so_long_after_its_first_call() {
    let upstream = FakeUpstream::start().await;
    let app = TestApp::serving(&[&upstream]).await;
    let (_, path, body) = calls("m", false)[1].clone();
    key(&app, "rules = { expires_at = \"2020-01-01T00:00:00Z\" }").await;
    let ended = app.client().post(&path, body.clone()).await;
    assert_eq!(ended.status, StatusCode::UNAUTHORIZED, "{}", ended.text());
    assert_eq!(ended.json()["error"]["code"], "api_key_expired");

    key(&app, "rules = { valid_for_s = 1 }").await;
    let call = async || app.client().post(&path, body.clone()).await.status;
    assert_eq!(call().await, StatusCode::OK, "the time begins with the first call");
    let deadline = tokio::time::Instant::now() + realms_testkit::DEADLINE;
    while call().await == StatusCode::OK {
        assert!(tokio::time::Instant::now() < deadline, "it never ended");
    }
    assert_eq!(call().await, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_node_among_others_holds_its_callers_to_its_share() {
    let upstream = FakeUpstream::start().await;
    let app = TestApp::serving(&[&upstream]).await;
    key(&app, "limits = { requests_per_minute = 4 }").await;
    app.app().relay().share_limits(2);
    let (_, path, body) = calls("m", false)[1].clone();
    for _ in 0..2 {
        assert_eq!(app.client().post(&path, body.clone()).await.status, StatusCode::OK);
    }
    let refused = app.client().post(&path, body).await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(refused.text().contains("4 requests a minute"), "what was set: {}", refused.text());
}

#[tokio::test]
async fn who_leaves_the_line_has_used_nothing() {
    let upstream = FakeUpstream::start().await;
    let app = TestApp::serving(&[&upstream]).await;
    key(&app, "limits = { concurrency = 1, requests_per_minute = 2 }").await;
    let gate = Gate::new();
    upstream.replies(Reply::good().stalls_before_headers(&gate)).then(Reply::good());
    let (_, path, body) = calls("m", false)[1].clone();
    let call = || {
        let (client, path, body) = (app.client(), path.clone(), body.clone());
        tokio::spawn(async move { client.post(&path, body).await })
    };
    let first = call();
    gate.reached(1).await;
    let second = call();
    let relay = app.app().relay();
    let until = async |what: &str, holds: &dyn Fn(InUse) -> bool| {
        let deadline = tokio::time::Instant::now() + realms_testkit::DEADLINE;
        while !holds(relay.in_use()) {
            assert!(tokio::time::Instant::now() < deadline, "{what}: {:?}", relay.in_use());
            tokio::task::yield_now().await;
        }
    };
    until("the second waits", &|held| held.waiting == 1).await;
    // It leaves: its place in the minute is free again, so that another call may come.
    second.abort();
    until("the second is gone", &|held| held.calls == 1).await;
    let third = call();
    until("the third waits", &|held| held.calls == 2 && held.waiting == 1).await;
    gate.open();
    assert_eq!(first.await.unwrap().status, StatusCode::OK);
    assert_eq!(third.await.unwrap().status, StatusCode::OK);
}
