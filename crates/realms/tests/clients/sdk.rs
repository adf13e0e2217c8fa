//! The SDKs, driven by the scripts of this folder: plain, streamed, with a tool.

use http::Method;
use realms_testkit::{Answer, Received, Reply, ToolCall};
use realms_types::{Certainty, DialectId};
use serde_json::{Value, json};

use crate::{
    MODEL, TOOL_MODEL,
    stand::{Setting, Stand, kind_of},
};

const HELLO: &str = "Hello from the fake upstream.";

/// Runs a driver on a channel of this kind. Gives what it told, without the list of models, which
/// must be those its key may use; `prefix` is how the SDK writes them.
async fn drive(kind: &str, (program, driver): (&str, &str), prefix: &str) -> Value {
    let models = [MODEL, TOOL_MODEL];
    let stand =
        Stand::with(Setting { kind, dialect: None, models: &models, renamed: false, channels: 1 })
            .await;
    // SDKs keep cookies: one that came through would come back.
    stand.upstream.replies(Reply::good().header("set-cookie", "vendor=1"));
    let tool = ToolCall::function("weather", json!({"city": "Zürich"}));
    stand.upstream.for_model(TOOL_MODEL).replies(Reply::tool_turn(tool, "It rains."));

    let mut told = stand.drive(program, driver).await;
    let mut listed = told["models"].take();
    if let Some(listed) = listed.as_array_mut() {
        listed.sort_by_key(ToString::to_string);
    }
    assert_eq!(listed, json!(models.map(|model| format!("{prefix}{model}"))));
    stand.expect_faithful(None);
    assert!(stand.sandbox.hosts_tried().is_empty());
    expect_every_answer_recorded(stand).await;
    told
}

/// Each call has its record, in order; that of an answer tells all that was used, the cached input
/// apart.
async fn expect_every_answer_recorded(stand: Stand) {
    let sent = stand.sent();
    let calls: Vec<_> = sent.iter().filter(|request| request.method == Method::POST).collect();
    let records = stand.records().await;
    assert_eq!(calls.len(), records.len(), "{records:#?}");
    for (call, record) in calls.into_iter().zip(records).filter(|(call, _)| is_answered(call)) {
        if tells_usage(call) {
            assert_eq!((record.certainty, record.usage), (Certainty::Measured, Answer::USAGE));
        } else {
            assert_eq!(record.certainty, Certainty::Estimated);
            assert!(record.usage.input > 0 && record.usage.output > 0, "{record:#?}");
        }
    }
}

/// Whether a model's answer is asked for.
fn is_answered(call: &Received) -> bool {
    ["/responses", "/chat/completions", "/messages", ":generateContent", ":streamGenerateContent"]
        .iter()
        .any(|end| call.path.ends_with(end))
}

/// Chat streams carry usage only when asked to, and Realms does not ask for what the client did not.
fn tells_usage(call: &Received) -> bool {
    let asked = call.json();
    let is_chat_stream = call.path.ends_with("/chat/completions") && asked["stream"] == true;
    !is_chat_stream || asked["stream_options"]["include_usage"] == true
}

/// What the driver of an OpenAI SDK tells when all is well.
fn openai_told() -> Value {
    json!({
        "plain": HELLO, "stream": HELLO, "pieces": 5, "tools": "It rains.",
        "cached": 84, "stream_cached": 84,
        "chat_plain": HELLO, "chat_stream": HELLO, "chat_tools": "It rains.",
        "chat_cached": 84, "chat_stream_cached": 84,
        "embedding": [0.25, -0.5, 1.0],
        "models": null,
    })
}

/// What the drivers of the Anthropic and Google SDKs tell when all is well.
fn told() -> Value {
    json!({
        "plain": HELLO, "stream": HELLO, "pieces": 5, "tools": "It rains.",
        "cached": 84, "stream_cached": 84,
        "counted": Answer::USAGE.total_input(),
        "models": null,
    })
}

#[tokio::test]
async fn openai_for_python() {
    assert_eq!(drive("openai", ("python", "openai_sdk.py"), "").await, openai_told());
}

#[tokio::test]
async fn openai_for_node() {
    let mut wanted = openai_told();
    wanted["embedding"] = json!([0.25, -0.5, 1]);
    assert_eq!(drive("openai", ("node", "openai_sdk.mjs"), "").await, wanted);
}

#[tokio::test]
async fn anthropic_for_python() {
    assert_eq!(drive("anthropic", ("python", "anthropic_sdk.py"), "").await, told());
}

#[tokio::test]
async fn anthropic_for_node() {
    assert_eq!(drive("anthropic", ("node", "anthropic_sdk.mjs"), "").await, told());
}

#[tokio::test]
async fn google_for_python() {
    assert_eq!(drive("gemini", ("python", "google_sdk.py"), "models/").await, told());
}

#[tokio::test]
async fn google_for_node() {
    assert_eq!(drive("gemini", ("node", "google_sdk.mjs"), "models/").await, told());
}

/// Runs a driver of a Python SDK on an upstream of another dialect; what Node.js does there is in the table of
/// cells. What was used is told and recorded as the upstream counts it.
async fn drive_across(driver: &str, upstream: DialectId) {
    let models = [MODEL, TOOL_MODEL];
    let (kind, dialect) = (kind_of(upstream), Some(upstream));
    let setting = Setting { kind, dialect, models: &models, renamed: false, channels: 1 };
    let stand = Stand::with(setting).await;
    let tool = ToolCall::function("weather", json!({"city": "Zürich"}));
    stand.upstream.for_model(TOOL_MODEL).replies(Reply::tool_turn(tool, "It rains."));
    let mut said = stand.drive("python", driver).await;
    // Chat cannot be asked to count: then it is an estimate.
    assert!(said["counted"].take().as_u64() > Some(0), "{driver} on {upstream}");
    said["models"].take();
    let mut wanted = told();
    wanted["counted"].take();
    assert_eq!(said, wanted, "{driver} on {upstream}");
    let records = stand.records().await;
    let answers: Vec<_> = records.iter().filter(|record| record.usage.output > 0).collect();
    assert_eq!(answers.len(), 4, "{records:#?}");
    for record in answers {
        assert_eq!((record.certainty, record.usage), (Certainty::Measured, Answer::USAGE));
    }
}

#[tokio::test]
async fn anthropic_for_python_on_every_other_dialect() {
    for upstream in [DialectId::Responses, DialectId::Chat, DialectId::Gemini] {
        drive_across("anthropic_sdk.py", upstream).await;
    }
}

#[tokio::test]
async fn google_for_python_on_every_other_dialect() {
    for upstream in [DialectId::Responses, DialectId::Chat, DialectId::Messages] {
        drive_across("google_sdk.py", upstream).await;
    }
}
