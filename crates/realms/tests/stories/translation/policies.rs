//! What is lost on the way, and who is told.

use http::StatusCode;
use realms_testkit::FakeUpstream;
use realms_types::DialectId;
use serde_json::{Value, json};

use super::{
    ADMIN, app_of,
    asks::{What, ask},
    manifest, ok, start,
};
use crate::support::TestApp;

/// Asks for what Messages has no equal for.
pub fn lossy() -> String {
    let (_, body) = ask(DialectId::Chat, What::Plain, false);
    let mut body: Value = serde_json::from_slice(&body).unwrap();
    body["logit_bias"] = json!({"50256": -100});
    body["temperature"] = json!(1.7);
    body.to_string()
}

pub const PATH: &str = "/v1/chat/completions";

async fn trace_of(app: &TestApp) -> Value {
    let record = app.wait_for_records(1).await.remove(0);
    let path = format!("/api/admin/usage/{}", record.request_id);
    app.client().bearer(ADMIN).get(&path).await.json()
}

#[tokio::test]
async fn what_is_lost_is_named_in_a_header_and_in_the_trace() {
    let upstream = FakeUpstream::start().await;
    let app = app_of(&[(&upstream, "\"messages\"")]).await;
    let answer = app.client().post(PATH, lossy()).await;
    ok(&answer, "lossy");
    let header = answer.header("x-realms-losses");
    assert!(header.starts_with("dropped: logit_bias; approximated: temperature"), "{header}");
    assert!(header.contains("emulated: max_"), "{header}");
    let trace = trace_of(&app).await;
    assert_eq!(
        (&trace["lane"], &trace["upstream_dialect"]),
        (&json!("translated"), &json!("messages"))
    );
    let losses = trace["losses"].as_array().unwrap();
    let bias = losses.iter().find(|loss| loss["path"] == "logit_bias").unwrap();
    assert_eq!(bias["kind"], "dropped", "{trace:#}");
    assert!(bias["why"].is_string(), "{trace:#}");
    assert!(!trace.to_string().contains("50256"), "never a value");
    assert_eq!(trace["decision"]["considered"][0]["dialect"], "messages", "{trace:#}");
}

#[tokio::test]
async fn a_strict_key_is_refused_before_anybody_is_asked() {
    let upstream = FakeUpstream::start().await;
    let app = start().await;
    let channels = &[(&upstream, "\"messages\"")];
    app.apply(&manifest(channels, "rules = { losses = \"strict\" }")).await;
    let answer = app.client().post(PATH, lossy()).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", answer.text());
    let error = &answer.json()["error"];
    assert_eq!(error["code"], "lossy_translation");
    let message = error["message"].as_str().unwrap();
    assert!(message.contains("`temperature`, `logit_bias`"), "{message}");
    assert!(!message.contains("max_"), "what is there by other means is not lost: {message}");
    assert!(upstream.requests().is_empty());
    let record = app.wait_for_records(1).await.remove(0);
    assert_eq!((record.outcome.as_str(), record.usage.output), ("refused", 0));
    // What is only said by other means is not lost.
    let (_, body) = ask(DialectId::Chat, What::Plain, false);
    let answer = app.client().post(PATH, body).await;
    ok(&answer, "plain");
    // Who speaks the dialect is asked whatever it is asked.
    let own = FakeUpstream::start().await;
    let channels = &[(&upstream, "\"messages\""), (&own, "\"chat\"")];
    app.apply(&manifest(channels, "rules = { losses = \"strict\" }")).await;
    ok(&app.client().post(PATH, lossy()).await, "the other channel");
    assert_eq!((upstream.requests().len(), own.requests().len()), (1, 1));
}

#[tokio::test]
async fn a_silent_key_hears_of_no_loss() {
    let upstream = FakeUpstream::start().await;
    let app = start().await;
    app.apply(&manifest(&[(&upstream, "\"messages\"")], "rules = { losses = \"silent\" }")).await;
    let answer = app.client().post(PATH, lossy()).await;
    ok(&answer, "silent");
    assert_eq!(answer.header("x-realms-losses"), "");
    let trace = trace_of(&app).await;
    assert!(!trace["losses"].as_array().unwrap().is_empty(), "{trace:#}");
}

#[tokio::test]
async fn what_no_other_dialect_can_say_is_refused_by_its_name() {
    let upstream = FakeUpstream::start().await;
    let app = app_of(&[(&upstream, "\"messages\"")]).await;
    for (path, body, feature) in [
        ("/v1/responses", r#"{"model":"m","input":"a","background":true}"#, "background"),
        (
            "/v1/chat/completions",
            r#"{"model":"m","messages":[{"role":"user","content":"a"}],"n":2}"#,
            "more than one answer",
        ),
        ("/v1/chat/completions", r#"{"model":"m","messages":"a"}"#, "`messages` must be"),
    ] {
        let answer = app.client().post(path, body).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{path}: {}", answer.text());
        let message = answer.json()["error"]["message"].as_str().unwrap().to_owned();
        assert!(message.contains(feature), "{message}");
    }
    // An operation without a counterpart says what there is.
    let compact = app.client().post("/v1/responses/compact", r#"{"model":"m","input":[]}"#).await;
    assert_eq!(compact.status, StatusCode::BAD_REQUEST, "{}", compact.text());
    assert!(compact.text().contains("no counterpart"), "{}", compact.text());
    assert!(upstream.requests().is_empty());
}

#[tokio::test]
async fn a_call_that_goes_on_from_a_stored_answer_is_not_translated() {
    let upstream = FakeUpstream::start().await;
    let app = app_of(&[(&upstream, "\"chat\"")]).await;
    let first = app.client().post("/v1/responses", r#"{"model":"m","input":"a"}"#).await;
    ok(&first, "first");
    let id = first.json()["id"].as_str().unwrap().to_owned();
    let body = json!({"model": "m", "input": "b", "previous_response_id": id}).to_string();
    let second = app.client().post("/v1/responses", body).await;
    assert_eq!(second.status, StatusCode::BAD_REQUEST, "{}", second.text());
    assert_eq!(second.json()["error"]["code"], "previous_response_not_found");
    let stored = app.client().get(&format!("/v1/responses/{id}")).await;
    assert_eq!(stored.status, StatusCode::NOT_FOUND, "nobody keeps it");
    assert_eq!(upstream.requests().len(), 1);
}
