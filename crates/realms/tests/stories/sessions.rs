//! The turns of a session go where its first one was served.

use std::{collections::HashSet, fmt::Write as _};

use http::StatusCode;
use realms_testkit::{FakeUpstream, Reply};

use crate::support::{KEY, TestApp, attempts};

/// Two channels of three credentials each, of one group and priority, with the model `m`.
async fn serving(first: &FakeUpstream, second: &FakeUpstream) -> TestApp {
    let app = TestApp::start().await;
    let mut manifest = String::from("version = 1\n");
    for (name, upstream) in [("a", first), ("b", second)] {
        let keys: Vec<String> =
            (0..3).map(|n| format!("{{ name = \"k{n}\", key = \"key-{name}{n}\" }}")).collect();
        write!(
            manifest,
            "[[channel]]\nname = \"{name}\"\nkind = \"openai\"\nbase_url = \"{}\"\ngroups = \
             [\"default\"]\ncredentials = [{}]\nmodels = [\"m\", \"n\"]\n",
            upstream.url(),
            keys.join(", ")
        )
        .unwrap();
    }
    write!(
        manifest,
        "[[user]]\nusername = \"ana\"\n[[api_key]]\nuser = \"ana\"\nname = \"laptop\"\nkey = \"{KEY}\"\n"
    )
    .unwrap();
    app.apply(&manifest).await;
    app
}

/// One turn; says which key the upstream that served it was called with.
async fn turn(app: &TestApp, fakes: [&FakeUpstream; 2], model: &str, session: &str) -> String {
    let seen = fakes.map(|fake| fake.requests().len());
    let body = format!(
        r#"{{"model":"{model}","input":"hi","stream":true,"prompt_cache_key":"{session}"}}"#
    );
    let answer = app.client().post("/v1/responses", body).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    let new: Vec<String> = fakes
        .iter()
        .zip(seen)
        .flat_map(|(fake, seen)| fake.requests().split_off(seen))
        .map(|request| request.key().to_owned())
        .collect();
    new.last().unwrap().clone()
}

#[tokio::test]
async fn a_session_stays_with_its_credential_and_moves_within_its_channel_first() {
    let (a, b) = (FakeUpstream::start().await, FakeUpstream::start().await);
    let (app, fakes) = (serving(&a, &b).await, [&a, &b]);
    let home = turn(&app, fakes, "m", "s1").await;
    for _ in 0..8 {
        assert_eq!(turn(&app, fakes, "m", "s1").await, home);
    }
    let mut others = HashSet::new();
    for number in 0..24 {
        others.insert(turn(&app, fakes, "m", &format!("other {number}")).await);
    }
    assert!(others.len() > 3, "sessions spread: {others:?}");

    // Its account is at its limit: another one of the same channel takes over, and keeps it.
    let (own, other) = if home.starts_with("key-a") { (&a, &b) } else { (&b, &a) };
    own.for_key(&home).replies(Reply::status(429).header("retry-after", "600"));
    let next = turn(&app, fakes, "m", "s1").await;
    assert!(next != home && next[..5] == home[..5], "{home} to {next}");
    assert_eq!(turn(&app, fakes, "m", "s1").await, next);
    let records = app.wait_for_records(35).await;
    // Records are in the order of the ends of calls, which may overtake each other.
    let moved = records.iter().find(|record| record.attempts.len() > 1).unwrap();
    assert_eq!(attempts(moved), ["429 retried rate_limited", "200 accepted -"]);
    let trace = app.app().store().find_trace(moved.id).await.unwrap().unwrap();
    let decision = trace.decision.unwrap();
    assert!(decision.session && decision.bond.is_some());
    assert!(decision.considered[0].bonded && !decision.considered[1].bonded);

    // The channel is gone altogether: onward.
    own.replies(Reply::status(500));
    let before = other.requests().len();
    turn(&app, fakes, "m", "s1").await;
    assert_eq!(other.requests().len(), before + 1);
}

#[tokio::test]
async fn a_session_of_two_models_is_two_and_of_two_users_too() {
    let (a, b) = (FakeUpstream::start().await, FakeUpstream::start().await);
    let (app, fakes) = (serving(&a, &b).await, [&a, &b]);
    let mut homes = HashSet::new();
    for number in 0..12 {
        let session = format!("s{number}");
        let pair = (turn(&app, fakes, "m", &session).await, turn(&app, fakes, "n", &session).await);
        assert_eq!(turn(&app, fakes, "m", &session).await, pair.0);
        assert_eq!(turn(&app, fakes, "n", &session).await, pair.1);
        homes.insert(pair.0 == pair.1);
    }
    assert!(homes.contains(&false), "each model is served where it is for itself");
}

#[tokio::test]
async fn with_the_setting_at_zero_no_session_stays() {
    let (a, b) = (FakeUpstream::start().await, FakeUpstream::start().await);
    let (app, fakes) = (serving(&a, &b).await, [&a, &b]);
    app.apply("version = 1\n[settings]\naffinity_ttl_ms = \"0\"\n").await;
    let mut homes = HashSet::new();
    for _ in 0..24 {
        homes.insert(turn(&app, fakes, "m", "s1").await);
    }
    assert!(homes.len() > 3, "{homes:?}");
}

#[tokio::test]
async fn a_session_stays_with_its_credential_through_a_restart() {
    let (a, b) = (FakeUpstream::start().await, FakeUpstream::start().await);
    let fakes = [&a, &b];
    let mut app = serving(&a, &b).await;
    let mut homes = Vec::new();
    for number in 0..6 {
        homes.push(turn(&app, fakes, "m", &format!("s{number}")).await);
    }
    for _ in 0..2 {
        let folder = app.stop().await;
        app = TestApp::start_in(folder, &[]).await;
        app.app().follow().await.unwrap();
        for (number, home) in homes.iter().enumerate() {
            assert_eq!(turn(&app, fakes, "m", &format!("s{number}")).await, *home);
        }
    }
}

#[tokio::test]
async fn calls_that_begin_alike_stay_together_without_naming_a_session() {
    let (a, b) = (FakeUpstream::start().await, FakeUpstream::start().await);
    let (app, fakes) = (serving(&a, &b).await, [&a, &b]);
    let rules = "Be brief. ".repeat(500);
    let mut conversations = HashSet::new();
    for subject in 0..12 {
        let mut turns = format!(r#"{{"role":"user","content":"subject {subject}"}}"#);
        let mut homes = HashSet::new();
        for turn in 0..4 {
            let body = format!(
                r#"{{"model":"m","messages":[{{"role":"system","content":"{rules}"}},{turns}]}}"#
            );
            let seen = fakes.map(|fake| fake.requests().len());
            let answer = app.client().post("/v1/chat/completions", body).await;
            assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
            let asked = fakes.iter().zip(seen).find(|(fake, seen)| fake.requests().len() > *seen);
            homes.insert(asked.unwrap().0.last().key().to_owned());
            write!(
                turns,
                r#",{{"role":"assistant","content":"{turn}"}},{{"role":"user","content":"on"}}"#
            )
            .unwrap();
        }
        assert_eq!(homes.len(), 1, "{homes:?}");
        conversations.extend(homes);
    }
    assert!(conversations.len() > 2, "conversations spread: {conversations:?}");
}

#[tokio::test]
async fn sealed_reasoning_goes_back_to_who_sealed_it_or_is_refused() {
    let (a, b) = (FakeUpstream::start().await, FakeUpstream::start().await);
    let (app, fakes) = (serving(&a, &b).await, [&a, &b]);
    let home = turn(&app, fakes, "m", "s1").await;
    let sealed = r#"{"model":"m","prompt_cache_key":"s1","input":[{"type":"reasoning","encrypted_content":"gAAA"},{"role":"user","content":"on"}]}"#;
    let own = if home.starts_with("key-a") { &a } else { &b };
    for _ in 0..5 {
        assert_eq!(app.client().post("/v1/responses", sealed).await.status, StatusCode::OK);
        assert_eq!(own.last().key(), home);
    }
    // It rests for long: nobody else is asked, and nothing is left out in silence.
    own.for_key(&home).replies(Reply::status(429).header("retry-after", "600"));
    let limited = app.client().post("/v1/responses", sealed).await;
    assert_eq!(limited.status, StatusCode::TOO_MANY_REQUESTS);
    let resting = app.client().post("/v1/responses", sealed).await;
    assert_eq!(resting.status, StatusCode::CONFLICT, "{}", resting.text());
    assert_eq!(resting.json()["error"]["code"], "session_reset_required");
    assert_eq!(resting.header("x-should-retry"), "false");

    // It is gone: the same, as long as the session is remembered.
    let (channel, name) = (&home[4..5], &home[5..]);
    let keys: Vec<String> = (0..3)
        .filter(|n| n.to_string() != name)
        .map(|n| format!("{{ name = \"k{n}\" }}"))
        .collect();
    app.apply(&format!(
        "version = 1\n[[channel]]\nname = \"{channel}\"\ncredentials = [{}]\n",
        keys.join(", ")
    ))
    .await;
    let gone = app.client().post("/v1/responses", sealed).await;
    assert_eq!(gone.status, StatusCode::CONFLICT, "{}", gone.text());
    // Without the state the session goes on, and the trace tells why elsewhere.
    let next = turn(&app, fakes, "m", "s1").await;
    assert_ne!(next, home);
    let records = app.wait_for_records(10).await;
    let trace = app.app().store().find_trace(records[9].id).await.unwrap().unwrap();
    let released = trace.decision.unwrap().released;
    assert_eq!(released, Some(realms_types::Exclusion::NoCredential));
}

#[tokio::test]
async fn reasoning_that_an_upstream_did_not_seal_is_a_conflict() {
    let upstream = FakeUpstream::start().await;
    let app = TestApp::serving(&[&upstream]).await;
    let error = serde_json::json!({ "error": {
        "message": "The encrypted content could not be verified.",
        "type": "invalid_request_error", "param": null, "code": "invalid_encrypted_content",
    } });
    upstream.replies(Reply::json(&error).with_status(400));
    let body = r#"{"model":"m","input":[{"type":"reasoning","encrypted_content":"gAAA"}]}"#;
    let answer = app.client().post("/v1/responses", body).await;
    assert_eq!(answer.status, StatusCode::CONFLICT, "{}", answer.text());
    assert_eq!(answer.json()["error"]["code"], "session_reset_required");
}
