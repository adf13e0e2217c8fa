//! Going on from a response whose upstream keeps none: Realms keeps it, where the setting says so.

use http::{Method, StatusCode};
use realms_dialect::Role;
use realms_testkit::{Answer, Cut, FakeUpstream, Reply, ToolCall};
use realms_types::DialectId;
use serde_json::{Value, json};

use super::{ADMIN, app_on, asked, manifest, ok};
use crate::{
    streams::after_the_first_word,
    support::{Answered, TestApp},
};

const PATH: &str = "/v1/responses";
const OTHER: &str = "sk_other-user-of-the-tests-00000000000000000000";

/// An app on this upstream that keeps responses, with more settings.
async fn keeping(upstream: &FakeUpstream, dialect: DialectId, settings: &str) -> TestApp {
    let app = app_on(upstream, dialect).await;
    let settings = format!("version = 1\n[settings]\nresponses_state = \"true\"\n{settings}");
    app.apply(&settings).await;
    app
}

/// The response of an answer, streamed or not.
fn response(answer: &Answered) -> Value {
    ok(answer, "a response");
    if answer.header("content-type") == "application/json" {
        return answer.json();
    }
    let text = answer.text();
    let events = text.lines().filter_map(|line| line.strip_prefix("data: "));
    let events = events.filter_map(|data| serde_json::from_str::<Value>(data).ok());
    let mut ends = events.filter(|event| event["type"] == "response.completed");
    ends.next().unwrap_or_else(|| panic!("no end: {text}"))["response"].clone()
}

fn id(response: &Value) -> String {
    response["id"].as_str().unwrap().to_owned()
}

/// Asks for a response that goes on from another.
fn on_from(previous: &str, input: &Value, stream: bool) -> String {
    json!({"model": "m", "input": input, "stream": stream, "previous_response_id": previous})
        .to_string()
}

/// Nobody can go on from it; says why.
async fn is_refused(app: &TestApp, previous: &str) -> String {
    let answer = app.client().post(PATH, on_from(previous, &json!("b"), false)).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{}", answer.text());
    let error = answer.json()["error"].clone();
    assert_eq!(error["code"], "previous_response_not_found", "{error}");
    assert_eq!(error["param"], "previous_response_id", "{error}");
    error["message"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn three_turns_with_a_tool_are_one_conversation() {
    let tools = json!([{"type": "function", "name": "weather", "parameters": {"type": "object",
        "properties": {"city": {"type": "string"}}}}]);
    for dialect in [DialectId::Chat, DialectId::Messages, DialectId::Gemini] {
        for stream in [false, true] {
            let upstream = FakeUpstream::start().await;
            let call = ToolCall::function("weather", json!({"city": "Ulm"}));
            upstream
                .replies(Answer::calls(call))
                .then(Answer::text("It rains."))
                .then(Answer::text("You are welcome."));
            let app = keeping(&upstream, dialect, "").await;
            let body = json!({"model": "m", "instructions": "Be brief.", "stream": stream,
                "input": "What is the weather?", "tools": tools});
            let first = response(&app.client().post(PATH, body.to_string()).await);
            assert_eq!(first["store"], true, "{dialect} {first}");
            assert_eq!(first["previous_response_id"], Value::Null, "{dialect}");
            let output = first["output"].as_array().unwrap();
            let call = output.iter().find(|item| item["type"] == "function_call").unwrap();

            let result = json!([{"type": "function_call_output", "call_id": call["call_id"],
                "output": "rain"}]);
            let next = json!({"model": "m", "input": result, "tools": tools, "stream": stream,
                "previous_response_id": first["id"]});
            let answer = app.client().post(PATH, next.to_string()).await;
            let second = response(&answer);
            let losses = answer.header("x-realms-losses");
            let emulated = losses.split("; ").find_map(|one| one.strip_prefix("emulated: "));
            let is_named = |names: &str| names.split(", ").any(|one| one == "previous_response_id");
            assert!(emulated.is_some_and(is_named), "{dialect} {losses}");
            assert_eq!(second["previous_response_id"], first["id"], "{dialect}");
            let prompt = asked(&upstream.last(), dialect);
            let roles: Vec<Role> = prompt.turns.iter().map(|turn| turn.role).collect();
            assert_eq!(roles, [Role::User, Role::Assistant, Role::User], "{dialect}");
            assert!(prompt.system.is_empty(), "{dialect}: instructions are of one response");

            let next = json!({"model": "m", "input": "Thanks.", "tools": tools, "stream": stream,
                "previous_response_id": second["id"]});
            let third = response(&app.client().post(PATH, next.to_string()).await);
            assert_eq!(third["previous_response_id"], second["id"], "{dialect}");
            let last = upstream.last();
            for said in ["What is the weather?", "Ulm", "rain", "It rains.", "Thanks."] {
                assert!(last.holds(said), "{dialect}: {said}");
            }
            assert_eq!(asked(&last, dialect).turns.len(), 5, "{dialect}");
            assert!(!last.holds("previous_response"), "{dialect}");
            assert_eq!(upstream.requests().len(), 3, "{dialect}");
        }
    }
}

#[tokio::test]
async fn a_conversation_goes_on_after_a_restart_and_was_sealed() {
    let upstream = FakeUpstream::start().await;
    upstream.says("The secret of the lighthouse.");
    let app = keeping(&upstream, DialectId::Chat, "").await;
    let body = r#"{"model":"m","input":"Of the harbour?"}"#;
    let first = response(&app.client().post(PATH, body).await);
    let folder = app.stop().await;
    for entry in std::fs::read_dir(folder.path()).unwrap().filter_map(Result::ok) {
        let bytes = std::fs::read(entry.path()).unwrap_or_default();
        for said in ["lighthouse", "harbour"] {
            let found = bytes.windows(said.len()).any(|part| part == said.as_bytes());
            assert!(!found, "{} tells what was said", entry.path().display());
        }
    }
    let app = TestApp::start_in(folder, &[("REALMS_ADMIN_API_KEY", ADMIN)]).await;
    let next = on_from(&id(&first), &json!("And then?"), false);
    response(&app.client().post(PATH, next).await);
    assert!(upstream.last().holds("lighthouse") && upstream.last().holds("harbour"));
}

#[tokio::test]
async fn it_goes_on_with_whoever_serves_the_model_then() {
    let (first, second) = (FakeUpstream::start().await, FakeUpstream::start().await);
    first.says("The first word.");
    let app = keeping(&first, DialectId::Chat, "").await;
    let made = response(&app.client().post(PATH, r#"{"model":"m","input":"a"}"#).await);
    app.apply(&manifest(&[(&second, "\"messages\"")], "")).await;
    let next = on_from(&id(&made), &json!("b"), false);
    response(&app.client().post(PATH, next).await);
    assert!(second.last().holds("The first word."));
    // One that speaks the dialect is told the whole conversation too, and may keep its own answer.
    app.apply(&manifest(&[(&second, "\"responses\"")], "")).await;
    let next = on_from(&id(&made), &json!("c"), false);
    let last = response(&app.client().post(PATH, next).await);
    assert_eq!(last["previous_response_id"], made["id"]);
    let sent = second.last().json();
    assert!(sent.get("previous_response_id").is_none(), "{sent}");
    assert_eq!(sent["input"].as_array().unwrap().len(), 3, "{sent}");
    assert!(sent["input"][1].get("id").is_none(), "nobody there stored it: {sent}");
}

#[tokio::test]
async fn nobody_else_has_it() {
    let upstream = FakeUpstream::start().await;
    let app = keeping(&upstream, DialectId::Chat, "").await;
    app.apply(&format!(
        "version = 1\n[[user]]\nusername = \"bob\"\n[[api_key]]\nuser = \"bob\"\nname = \"k\"\nkey = \"{OTHER}\"\n"
    ))
    .await;
    let made = response(&app.client().post(PATH, r#"{"model":"m","input":"a"}"#).await);
    let bob = app.client().bearer(OTHER);
    let next = on_from(&id(&made), &json!("b"), false);
    let stolen = bob.post(PATH, next.clone()).await;
    let unknown = on_from("resp_unknown", &json!("b"), false);
    let unknown = bob.post(PATH, unknown).await;
    assert_eq!(stolen.status, StatusCode::BAD_REQUEST);
    let said = |answer: &Answered| answer.json()["error"]["message"].as_str().unwrap().to_owned();
    let told = said(&stolen).replace(&id(&made), "resp_unknown");
    assert_eq!(told, said(&unknown), "nobody can tell");
    let path = format!("{PATH}/{}", id(&made));
    for method in [Method::GET, Method::DELETE] {
        let answer = bob.call(method.clone(), &path, "".into()).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{method}");
    }
    assert_eq!(app.client().post(PATH, next).await.status, StatusCode::OK, "it is still there");
}

#[tokio::test]
async fn it_is_read_listed_and_deleted() {
    let upstream = FakeUpstream::start().await;
    let app = keeping(&upstream, DialectId::Messages, "").await;
    let first = response(&app.client().post(PATH, r#"{"model":"m","input":"one"}"#).await);
    let next = on_from(&id(&first), &json!([{"role": "user", "content": "three"}]), false);
    let second = response(&app.client().post(PATH, next).await);
    let path = format!("{PATH}/{}", id(&second));
    let read = app.client().get(&path).await;
    assert_eq!((read.status, read.json()), (StatusCode::OK, second.clone()));
    assert_eq!(app.client().get(&format!("{path}?stream=true")).await.status, 400);
    assert_eq!(app.client().post(&format!("{path}/cancel"), "").await.status, 400);

    let list = app.client().get(&format!("{path}/input_items?order=asc&limit=2")).await.json();
    assert_eq!((&list["object"], &list["has_more"]), (&json!("list"), &json!(true)), "{list}");
    assert_eq!(list["data"][0]["content"][0]["text"], "one", "{list}");
    assert_eq!(list["data"][1]["role"], "assistant", "{list}");
    let after = list["last_id"].as_str().unwrap();
    let rest = format!("{path}/input_items?order=asc&after={after}");
    let rest = app.client().get(&rest).await.json();
    assert_eq!((&rest["data"][0]["content"], &rest["has_more"]), (&json!("three"), &json!(false)));
    let wrong = app.client().get(&format!("{path}/input_items?after=nothing")).await;
    assert_eq!(wrong.status, StatusCode::BAD_REQUEST, "{}", wrong.text());

    let deleted = app.client().delete(&path).await;
    assert_eq!(deleted.json(), json!({"id": second["id"], "object": "response", "deleted": true}));
    assert_eq!(app.client().get(&path).await.status, StatusCode::NOT_FOUND);
    is_refused(&app, &id(&second)).await;
    let next = on_from(&id(&first), &json!("b"), false);
    assert_eq!(app.client().post(PATH, next).await.status, StatusCode::OK, "the other stays");
    assert_eq!(upstream.requests().len(), 3, "nobody was asked for what is kept here");
    let records = app.wait_for_records(12).await;
    let mut reads = records.iter().filter(|record| record.operation == "responses.stored");
    assert!(reads.all(|record| record.usage.is_empty()), "{records:#?}");
}

#[tokio::test]
async fn the_oldest_of_a_key_goes_first() {
    let upstream = FakeUpstream::start().await;
    let app = keeping(&upstream, DialectId::Chat, "responses_state_per_key = \"1\"\n").await;
    let body = r#"{"model":"m","input":"a"}"#;
    let first = response(&app.client().post(PATH, body).await);
    let second = response(&app.client().post(PATH, body).await);
    // It is read when it is written down, and by then the other is gone.
    let path = format!("{PATH}/{}", id(&second));
    assert_eq!(app.client().get(&path).await.status, StatusCode::OK);
    is_refused(&app, &id(&first)).await;
    let next = on_from(&id(&second), &json!("b"), false);
    assert_eq!(app.client().post(PATH, next).await.status, StatusCode::OK);
}

#[tokio::test]
async fn what_is_too_large_is_refused_by_its_setting() {
    let upstream = FakeUpstream::start().await;
    let app = keeping(&upstream, DialectId::Chat, "responses_state_bytes = \"1024\"\n").await;
    for stream in [false, true] {
        let body = json!({"model": "m", "input": "word ".repeat(400), "stream": stream});
        let made = response(&app.client().post(PATH, body.to_string()).await);
        let message = is_refused(&app, &id(&made)).await;
        assert!(message.contains("responses_state_bytes"), "{message}");
    }
    assert_eq!(upstream.requests().len(), 2);
}

#[tokio::test]
async fn where_it_is_off_the_client_hears_what_to_do() {
    let upstream = FakeUpstream::start().await;
    let app = app_on(&upstream, DialectId::Chat).await;
    let body = r#"{"model":"m","input":"a"}"#;
    let made = response(&app.client().post(PATH, body).await);
    assert_eq!(made["store"], false);
    let message = is_refused(&app, &id(&made)).await;
    assert!(message.contains("`responses_state`"), "{message}");
    assert!(message.contains("send the whole input"), "{message}");
    assert_eq!(upstream.requests().len(), 1);
}

#[tokio::test]
async fn what_was_not_to_be_stored_or_broke_off_is_not_kept() {
    let upstream = FakeUpstream::start().await;
    let words = Answer::text("").in_deltas(["One ", "two ", "three."]);
    let frames = after_the_first_word(DialectId::Chat);
    upstream.replies(Reply::good()).then(Reply::from(words).cut_after_frames(frames, Cut::Reset));
    let app = keeping(&upstream, DialectId::Chat, "").await;
    let body = r#"{"model":"m","input":"a","store":false}"#;
    let made = response(&app.client().post(PATH, body).await);
    assert_eq!(made["store"], false);
    is_refused(&app, &id(&made)).await;

    let body = r#"{"model":"m","input":"a","stream":true}"#;
    let broken = app.client().post(PATH, body).await.text();
    assert!(broken.contains("One") && !broken.contains("response.completed"), "{broken}");
    let (_, rest) = broken.split_once("\"id\":\"resp_").unwrap();
    let id = format!("resp_{}", rest.split('"').next().unwrap());
    is_refused(&app, &id).await;
    let answer = app.client().get(&format!("{PATH}/{id}")).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND, "{}", answer.text());
    assert_eq!(upstream.requests().len(), 2);
}
