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
    let moved = &records[33];
    assert_eq!(attempts(moved), ["429 retried rate_limited", "200 accepted -"]);
    let trace = app.app().store().find_trace(moved.id).await.unwrap().unwrap();
    let decision = trace.decision.unwrap();
    assert!(decision.session && decision.bond.is_some());
    assert!(decision.considered[0].bonded && !decision.considered[1].bonded);

    // The channel is gone altogether: onward.
    own.replies(Reply::status(500));
    let onward = turn(&app, fakes, "m", "s1").await;
    assert!(other.requests().last().is_some_and(|request| request.key() == onward));
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
