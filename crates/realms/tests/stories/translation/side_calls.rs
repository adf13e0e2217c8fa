//! Counts of tokens and embeddings across dialects.

use http::StatusCode;
use realms_testkit::{FakeUpstream, Reply};
use realms_types::{Certainty, DialectId};
use serde_json::json;

use super::{app_on, ok};

const COUNTS: [(DialectId, &str, &str, &str); 3] = [
    (
        DialectId::Responses,
        "/v1/responses/input_tokens",
        r#"{"model":"m","input":"How many tokens has this?"}"#,
        "/input_tokens",
    ),
    (
        DialectId::Messages,
        "/v1/messages/count_tokens",
        r#"{"model":"m","messages":[{"role":"user","content":"How many tokens has this?"}]}"#,
        "/input_tokens",
    ),
    (
        DialectId::Gemini,
        "/v1beta/models/m:countTokens",
        r#"{"contents":[{"role":"user","parts":[{"text":"How many tokens has this?"}]}]}"#,
        "/totalTokens",
    ),
];

fn count(dialect: DialectId, tokens: u64) -> Reply {
    Reply::json(&match dialect {
        DialectId::Gemini => json!({ "totalTokens": tokens }),
        _ => json!({ "input_tokens": tokens }),
    })
}

#[tokio::test]
async fn a_count_is_asked_in_the_upstreams_words() {
    for (client, path, body, place) in COUNTS {
        for (dialect, ..) in COUNTS.into_iter().filter(|(dialect, ..)| *dialect != client) {
            let upstream = FakeUpstream::start().await;
            upstream.replies(count(dialect, 2_095));
            let app = app_on(&upstream, dialect).await;
            let answer = app.client().post(path, body).await;
            ok(&answer, &format!("{client} on {dialect}"));
            assert_eq!(answer.json().pointer(place), Some(&json!(2_095)), "{}", answer.text());
            assert_eq!(upstream.last().dialect(), dialect);
            let record = app.wait_for_records(1).await.remove(0);
            assert_eq!(record.certainty, Certainty::None, "counting is free");
        }
    }
}

#[tokio::test]
async fn what_no_upstream_counts_is_estimated_and_says_so() {
    for (client, path, body, place) in COUNTS {
        // Chat has no such call.
        let upstream = FakeUpstream::start().await;
        let app = app_on(&upstream, DialectId::Chat).await;
        let answer = app.client().post(path, body).await;
        ok(&answer, client.as_str());
        let tokens = answer.json().pointer(place).and_then(serde_json::Value::as_u64).unwrap();
        assert!((5..60).contains(&tokens), "{tokens}");
        assert_eq!(answer.header("x-realms-losses"), "approximated: input_tokens");
        assert!(upstream.requests().is_empty());
        let record = app.wait_for_records(1).await.remove(0);
        assert_eq!((record.outcome.as_str(), record.attempts.len()), ("ok", 0));

        // Others should have it and do not.
        let upstream = FakeUpstream::start().await;
        upstream.replies(Reply::html().with_status(404));
        let app = app_on(&upstream, client).await;
        let answer = app.client().post(path, body).await;
        ok(&answer, client.as_str());
        assert_eq!(answer.header("x-realms-losses"), "approximated: input_tokens");
        let record = app.wait_for_records(1).await.remove(0);
        assert_eq!(record.attempts[0].status, Some(404));
    }
}

#[tokio::test]
async fn embeddings_go_between_openai_and_gemini() {
    let upstream = FakeUpstream::start().await;
    upstream
        .replies(Reply::json(&json!({"embeddings": [{"values": [0.5, -1]}, {"values": [1, 2]}]})));
    let app = app_on(&upstream, DialectId::Gemini).await;
    let body = r#"{"model":"m","input":["a","b"],"user":"u"}"#;
    let answer = app.client().post("/v1/embeddings", body).await;
    ok(&answer, "chat on gemini");
    let list = answer.json();
    assert_eq!(list["data"][1]["embedding"], json!([1, 2]), "{list:#}");
    assert_eq!(list["model"], "m");
    assert_eq!(answer.header("x-realms-losses"), "dropped: user");
    let received = upstream.last();
    assert!(received.path.ends_with("/models/real-m:batchEmbedContents"), "{}", received.path);
    assert_eq!(received.json()["requests"][1]["content"]["parts"][0]["text"], "b");

    let upstream = FakeUpstream::start().await;
    upstream.replies(Reply::json(&json!({"object": "list", "model": "real-m",
        "data": [{"object": "embedding", "index": 0, "embedding": [0.5, -1]}],
        "usage": {"prompt_tokens": 3, "total_tokens": 3}})));
    let app = app_on(&upstream, DialectId::Chat).await;
    let body = r#"{"content":{"parts":[{"text":"a"}]}}"#;
    let answer = app.client().post("/v1beta/models/m:embedContent", body).await;
    ok(&answer, "gemini on chat");
    assert_eq!(answer.json()["embedding"]["values"], json!([0.5, -1]));
    assert_eq!(upstream.last().path, "/v1/embeddings");
    let record = app.wait_for_records(1).await.remove(0);
    assert_eq!((record.usage.input, record.certainty), (3, Certainty::Measured));

    // Nobody else has them.
    let upstream = FakeUpstream::start().await;
    let app = app_on(&upstream, DialectId::Messages).await;
    let answer = app.client().post("/v1/embeddings", r#"{"model":"m","input":"a"}"#).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{}", answer.text());
    assert!(answer.text().contains("no counterpart"), "{}", answer.text());
}
