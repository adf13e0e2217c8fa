//! What is refused: in the caller's own format, with what to do about it.

use http::{Method, StatusCode};
use realms_testkit::FakeUpstream;
use realms_types::DialectId;
use serde_json::Value;

use crate::{
    relaying::calls,
    support::{Answered, TestApp},
};

/// The message of an error in each dialect's envelope; fails when it is not that envelope.
fn message(dialect: DialectId, answer: &Answered) -> String {
    let json = answer.json();
    match dialect {
        DialectId::Messages => {
            assert_eq!(json["type"], "error", "{json}");
            assert!(json["request_id"].is_string(), "{json}");
        }
        DialectId::Gemini => {
            assert_eq!(json["error"]["code"], answer.status.as_u16(), "{json}");
            assert!(json["error"]["status"].is_string(), "{json}");
        }
        DialectId::Responses | DialectId::Chat => {
            assert!(json["error"]["type"].is_string(), "{json}");
        }
    }
    assert!(answer.text().contains(answer.header("x-request-id")), "{json}");
    json["error"]["message"].as_str().unwrap_or_else(|| panic!("{json}")).to_owned()
}

#[tokio::test]
async fn no_key_and_wrong_keys_are_401_in_every_dialect_and_not_worth_a_retry() {
    let upstream = FakeUpstream::start().await;
    let app = TestApp::serving(&[&upstream]).await;
    for (dialect, path, body) in calls("m", true) {
        let none = app.client().without("authorization").post(&path, body.clone()).await;
        assert_eq!(none.status, StatusCode::UNAUTHORIZED, "{dialect}");
        assert!(message(dialect, &none).contains("x-api-key"));
        assert_eq!(none.header("x-should-retry"), "false", "{dialect}");
        let wrong = app.client().bearer("sk_wrong").post(&path, body).await;
        assert_eq!(wrong.status, StatusCode::UNAUTHORIZED, "{dialect}");
        assert!(!wrong.text().contains("sk_wrong"), "a key is not echoed");
    }
    assert!(upstream.requests().is_empty());
}

#[tokio::test]
async fn a_key_is_taken_wherever_clients_put_it() {
    let upstream = FakeUpstream::start().await;
    let app = TestApp::serving(&[&upstream]).await;
    let (_, path, body) = calls("m", false)[3].clone();
    let bare = app.client().without("authorization");
    for name in ["x-api-key", "x-goog-api-key"] {
        let answer = bare.clone().header(name, crate::support::KEY).post(&path, body.clone()).await;
        assert_eq!(answer.status, StatusCode::OK, "{name}");
    }
    let with_key = format!("{path}?key={}", crate::support::KEY);
    assert_eq!(bare.post(&with_key, body.clone()).await.status, StatusCode::OK);
    assert_eq!(upstream.last().query, "", "the key does not go upstream");

    let two = app.client().header("x-api-key", "sk_other").post(&path, body).await;
    assert_eq!(two.status, StatusCode::BAD_REQUEST);
    assert!(two.text().contains("two different"), "{}", two.text());
}

#[tokio::test]
async fn an_unknown_model_names_those_that_are_close() {
    let upstream = FakeUpstream::start().await;
    let app = TestApp::serving(&[&upstream]).await;
    for (dialect, path, body) in calls("allias", false) {
        let answer = app.client().post(&path, body).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{dialect}");
        assert!(message(dialect, &answer).contains("did you mean `alias`"), "{}", answer.text());
    }
    let records = app.records().await;
    assert_eq!(records.len(), 4, "refusals of a known caller are recorded");
    assert!(records.iter().all(|record| record.outcome == "refused" && record.model == "allias"));
}

#[tokio::test]
async fn a_model_of_another_group_is_as_unknown_as_one_that_does_not_exist() {
    let upstream = FakeUpstream::start().await;
    let app = TestApp::serving(&[&upstream]).await;
    app.apply(&format!(
        "version = 1\n[[channel_group]]\nname = \"vip\"\n[[channel]]\nname = \"secret\"\nkind = \"openai\"\n\
         base_url = \"{}\"\ngroups = [\"vip\"]\ncredentials = [{{ name = \"k\", key = \"x-vip-key\" }}]\n\
         models = [\"mm\"]\n",
        upstream.url()
    ))
    .await;
    let body = r#"{"model":"mm","messages":[]}"#;
    let answer = app.client().post("/v1/chat/completions", body).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    let list = app.client().get("/v1/models").await.json();
    let names: Vec<&Value> = list["data"].as_array().unwrap().iter().map(|m| &m["id"]).collect();
    assert_eq!(names, ["alias", "m"]);
}

#[tokio::test]
async fn bodies_that_cannot_be_read_are_400_with_the_place() {
    let upstream = FakeUpstream::start().await;
    let app = TestApp::serving(&[&upstream]).await;
    for (body, hint) in [
        ("", "JSON"),
        ("{", "JSON"),
        ("[]", "object"),
        (r#"{"model":"m","model":"alias"}"#, "model"),
        (r#"{"model":7}"#, "model"),
        (r#"{"messages":[]}"#, "model"),
        (r#"{"model":"m","stream":"yes"}"#, "stream"),
        ("{\"model\":\"m\",\"x\":\"\u{0}\"}", "JSON"),
    ] {
        let answer = app.client().post("/v1/chat/completions", body).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{body}");
        assert!(message(DialectId::Chat, &answer).contains(hint), "{body}: {}", answer.text());
        assert_eq!(answer.header("x-should-retry"), "false");
    }
    assert!(upstream.requests().is_empty());
}

#[tokio::test]
async fn bodies_that_are_too_large_or_strangely_coded_are_refused() {
    let upstream = FakeUpstream::start().await;
    let app = TestApp::start_with(&[("REALMS_MAX_BODY_BYTES", "4KiB")]).await;
    app.serve(&[&upstream]).await;
    let large = format!(r#"{{"model":"m","x":"{}"}}"#, "x".repeat(5000));
    let answer = app.client().post("/v1/messages", large).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(message(DialectId::Messages, &answer).contains("4096"));
    let coded = app.client().header("content-encoding", "lzma").post("/v1/messages", "x").await;
    assert_eq!(coded.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
}

#[tokio::test]
async fn unknown_paths_and_methods_are_json_too() {
    let app = TestApp::start().await;
    for (method, path, status) in [
        (Method::GET, "/v1/nothing", StatusCode::NOT_FOUND),
        (Method::PUT, "/v1/messages", StatusCode::METHOD_NOT_ALLOWED),
        (Method::PATCH, "/v1/responses/resp_1", StatusCode::METHOD_NOT_ALLOWED),
        (Method::POST, "/v1beta/models/m:dance", StatusCode::NOT_FOUND),
    ] {
        let answer = app.client().call(method.clone(), path, "{}".into()).await;
        assert_eq!(answer.status, status, "{method} {path}");
        assert!(answer.json()["error"]["message"].is_string(), "{}", answer.text());
    }
    let long = app.client().get(&format!("/v1/models?x={}", "y".repeat(9000))).await;
    assert_eq!(long.status, StatusCode::URI_TOO_LONG);
    let batch = app.client().post("/v1/messages/batches", r#"{"requests":[]}"#).await;
    assert_eq!(batch.status, StatusCode::NOT_IMPLEMENTED);
    assert!(message(DialectId::Messages, &batch).contains("POST /v1/messages"));
    let upgrade = app.client().header("upgrade", "websocket").get("/v1/responses").await;
    assert_eq!(upgrade.status, StatusCode::UPGRADE_REQUIRED, "an upgrade that is not meant");
    let plain = app.client().get("/v1/responses").await;
    assert_eq!(
        (plain.status, plain.header("upgrade")),
        (StatusCode::UPGRADE_REQUIRED, "websocket")
    );
    assert!(message(DialectId::Responses, &plain).contains("POST /v1/responses"));
}

#[tokio::test]
async fn probes_of_the_clis_are_answered_here() {
    let upstream = FakeUpstream::start().await;
    let app = TestApp::serving(&[&upstream]).await;
    let bare = app.client().without("authorization");
    for path in ["/", "/api/hello"] {
        assert_eq!(bare.call(Method::HEAD, path, "".into()).await.status, StatusCode::OK, "{path}");
    }
    let events = bare.post("/api/event_logging/batch", r#"{"events":[{"secret":1}]}"#).await;
    assert_eq!(events.status, StatusCode::OK);
    assert!(upstream.requests().is_empty());
}

#[tokio::test]
async fn models_are_listed_in_the_shape_each_client_reads() {
    let upstream = FakeUpstream::start().await;
    let app = TestApp::serving(&[&upstream]).await;
    let openai = app.client().get("/v1/models").await.json();
    assert_eq!((&openai["object"], &openai["data"][1]["id"]), (&"list".into(), &"m".into()));
    assert_eq!(openai["data"][1]["owned_by"], "maker");
    let anthropic = app.client().header("anthropic-version", "2023-06-01");
    let page = anthropic.get("/v1/models?limit=1").await.json();
    assert_eq!((&page["has_more"], &page["data"][0]["type"]), (&true.into(), &"model".into()));
    let gemini = app.client().header("x-goog-api-client", "google-genai-sdk/3.4.0");
    assert_eq!(gemini.get("/v1/models").await.json()["models"][1]["name"], "models/m");
    assert_eq!(
        app.client().get("/v1beta/models").await.json()["models"][0]["name"],
        "models/alias"
    );
    assert_eq!(app.client().get("/v1beta/openai/models").await.json()["object"], "list");
    assert_eq!(app.client().get("/v1/models/m").await.json()["id"], "m");
    assert_eq!(app.client().get("/v1beta/models/m").await.json()["name"], "models/m");
    let missing = app.client().get("/v1/models/none").await;
    assert_eq!(missing.status, StatusCode::NOT_FOUND);
    assert_eq!(
        app.client().without("authorization").get("/v1/models").await.status,
        StatusCode::UNAUTHORIZED
    );
}

#[tokio::test]
async fn a_name_as_long_as_a_body_is_unknown_at_once() {
    let upstream = FakeUpstream::start().await;
    let app = TestApp::serving(&[&upstream]).await;
    let body = format!(r#"{{"model":"{}"}}"#, "m".repeat(8 << 20));
    let answer = app.client().post("/v1/chat/completions", body).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    assert!(answer.body.len() < 1000, "{}", answer.body.len());
}
