//! The same dialect on both sides: nothing changes but the name of the model.

use http::{Method, StatusCode};
use realms_testkit::{Answer, Cut, FakeUpstream, Reply, Turn, frames_of};
use realms_types::{Certainty, DialectId};

use crate::support::{KEY, TestApp, UPSTREAM_KEY};

/// Path, body and dialect of a call in each dialect, for a model of this name.
pub fn calls(model: &str, stream: bool) -> [(DialectId, String, String); 4] {
    let verb = if stream { "streamGenerateContent?alt=sse" } else { "generateContent" };
    [
        (
            DialectId::Responses,
            "/v1/responses".to_owned(),
            format!(
                r#"{{ "model" :"{model}","input":"hi","stream":{stream},  "x_unknown":[1,{{"b":2}}] }}"#
            ),
        ),
        (
            DialectId::Chat,
            "/v1/chat/completions".to_owned(),
            format!(
                r#"{{"stream":{stream},"messages":[{{"role":"user","content":"hi \u00e9"}}],"model":"{model}","stream_options":{{"include_usage":true}}}}"#
            ),
        ),
        (
            DialectId::Messages,
            "/v1/messages?beta=true".to_owned(),
            format!(
                r#"{{"model":"{model}","max_tokens":64,"messages":[{{"role":"user","content":"hi"}}],"stream":{stream}}}"#
            ),
        ),
        (
            DialectId::Gemini,
            format!("/v1beta/models/{model}:{verb}"),
            r#"{"contents":[{"role":"user","parts":[{"text":"hi"}]}]}"#.to_owned(),
        ),
    ]
}

#[tokio::test]
async fn a_body_arrives_byte_for_byte_and_the_answer_comes_back_so() {
    for stream in [false, true] {
        for (dialect, path, body) in calls("m", stream) {
            let upstream = FakeUpstream::start().await;
            let (answer, turn) = (Answer::text("Grüße, 世界."), Turn::of("m"));
            let sent = if stream {
                let frames = answer.frames(dialect, &turn);
                upstream.replies(Reply::frames(frames.clone()));
                frames.concat()
            } else {
                let body = answer.body(dialect, &turn);
                upstream.replies(Reply::json(&body));
                body.to_string().into_bytes()
            };
            let app = TestApp::serving(&[&upstream]).await;
            let relayed = app.client().post(&path, body.clone()).await;

            assert_eq!(relayed.status, StatusCode::OK, "{dialect} {}", relayed.text());
            assert_eq!(relayed.body, sent, "{dialect}");
            let received = upstream.last();
            assert_eq!(received.body, body, "{dialect}");
            assert_eq!(received.key(), UPSTREAM_KEY, "{dialect}");
            assert!(!received.holds(KEY), "{dialect}: the client's key went upstream");
        }
    }
}

#[tokio::test]
async fn an_alias_changes_the_name_and_no_other_byte() {
    for (dialect, path, body) in calls("alias", true) {
        let upstream = FakeUpstream::start().await;
        let app = TestApp::serving(&[&upstream]).await;
        let answer = app.client().post(&path, body.clone()).await;
        assert_eq!(answer.status, StatusCode::OK, "{dialect} {}", answer.text());
        let received = upstream.last();
        assert_eq!(received.body, body.replace("alias", "real-name"), "{dialect}");
        if dialect == DialectId::Gemini {
            assert!(
                received.path.ends_with("/real-name:streamGenerateContent"),
                "{}",
                received.path
            );
        }
        let record = app.record().await;
        assert_eq!(record.model, "alias");
        assert_eq!(record.upstream_model.as_deref(), Some("real-name"));
    }
}

#[tokio::test]
async fn every_frame_goes_out_as_it_comes_whatever_its_pieces() {
    for (dialect, path, body) in calls("m", true) {
        let upstream = FakeUpstream::start().await;
        upstream.replies(Reply::from(Answer::text("One two three.")).in_pieces_of(3));
        let app = TestApp::serving(&[&upstream]).await;
        let mut answer = app.client().open(Method::POST, &path, body).await;
        assert_eq!(answer.headers["x-accel-buffering"], "no");
        let mut all = Vec::new();
        while let Some(bytes) = answer.next().await {
            all.extend_from_slice(&bytes);
            // Only whole frames go out, so that an error can be told between any two.
            assert_eq!(frames_of(&bytes).concat(), bytes, "{dialect}");
        }
        assert!(String::from_utf8_lossy(&all).contains("three"), "{dialect}");
    }
}

#[tokio::test]
async fn a_call_is_recorded_with_its_cached_tokens_and_its_cost() {
    for stream in [false, true] {
        for (dialect, path, body) in calls("m", stream) {
            let upstream = FakeUpstream::start().await;
            let app = TestApp::serving(&[&upstream]).await;
            let answer = app.client().post(&path, body).await;
            assert_eq!(answer.status, StatusCode::OK);
            let record = app.wait_for_records(1).await.remove(0);
            let expected = Answer::text("").usage();
            assert_eq!(record.certainty, Certainty::Measured, "{dialect} {stream}");
            assert_eq!(record.usage.total_input(), expected.total_input(), "{dialect}");
            assert!(record.usage.cache_read > 0, "{dialect}");
            assert!(record.cost.unwrap().nano() > 0, "{dialect}");
            assert_eq!((record.status, record.outcome.as_str()), (200, "ok"));
            assert_eq!(record.stream, stream);
            assert_eq!(record.attempts.len(), 1);
            assert!(record.first_event_us.unwrap() <= record.duration_us);
            assert_eq!(
                record.request_id.to_string(),
                answer.header("x-request-id"),
                "the id of the answer finds the record"
            );
        }
    }
}

#[tokio::test]
async fn gemini_without_alt_sse_streams_an_array() {
    let upstream = FakeUpstream::start().await;
    let app = TestApp::serving(&[&upstream]).await;
    let path = "/v1/models/m:streamGenerateContent";
    let body = r#"{"contents":[{"role":"user","parts":[{"text":"hi"}]}]}"#;
    let answer = app.client().post(path, body).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert!(answer.json().is_array());
    assert_eq!(upstream.last().path, path);
    assert_eq!(app.record().await.certainty, Certainty::Measured);
}

#[tokio::test]
async fn the_rest_of_the_openai_family_passes_through() {
    let upstream = FakeUpstream::start().await;
    let app = TestApp::serving(&[&upstream]).await;
    for path in [
        "/v1/embeddings",
        "/v1/completions",
        "/v1/moderations",
        "/v1/rerank",
        "/v1/images/generations",
    ] {
        upstream.for_path(path).replies(Reply::json(&serde_json::json!({
            "object": "list", "data": [], "usage": { "prompt_tokens": 8, "total_tokens": 8 }
        })));
        let body = r#"{"input":"hi","model":"alias"}"#;
        let answer = app.client().post(path, body).await;
        assert_eq!(answer.status, StatusCode::OK, "{path} {}", answer.text());
        assert_eq!(upstream.last().path, path);
        assert_eq!(upstream.last().body, body.replace("alias", "real-name"));
    }
    let records = app.records().await;
    assert!(records.iter().all(|record| record.usage.input == 8), "{records:#?}");
}

#[tokio::test]
async fn multipart_goes_through_unparsed() {
    let upstream = FakeUpstream::start().await;
    upstream
        .for_path("/v1/audio/transcriptions")
        .replies(Reply::json(&serde_json::json!({ "text": "hello" })));
    let app = TestApp::serving(&[&upstream]).await;
    let body = "--b\r\ncontent-disposition: form-data; name=\"file\"; filename=\"a.wav\"\r\n\r\n\u{1}model\u{2}\r\n\
        --b\r\ncontent-disposition: form-data; name=\"model\"\r\n\r\nalias\r\n--b--\r\n";
    let client = app.client().header("content-type", "multipart/form-data; boundary=b");
    let answer = client.post("/v1/audio/transcriptions", body).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    assert_eq!(upstream.last().body, body.replace("\r\nalias\r\n", "\r\nreal-name\r\n"));
    assert_eq!(upstream.last().header("content-type"), "multipart/form-data; boundary=b");
}

#[tokio::test]
async fn sound_passes_as_it_is() {
    let upstream = FakeUpstream::start().await;
    let sound: Vec<u8> = (0..=255).cycle().take(300_000).collect();
    upstream.for_path("/v1/audio/speech").replies(Reply::body("audio/mpeg", sound.clone()));
    let app = TestApp::serving(&[&upstream]).await;
    let answer = app.client().post("/v1/audio/speech", r#"{"model":"m","input":"hi"}"#).await;
    assert_eq!(answer.header("content-type"), "audio/mpeg");
    assert_eq!(answer.body, sound);
}

#[tokio::test]
async fn a_file_that_breaks_off_breaks_the_connection() {
    let upstream = FakeUpstream::start().await;
    let sound = Reply::body("audio/mpeg", vec![7; 100_000]).cut_after_bytes(50_000, Cut::Reset);
    upstream.for_path("/v1/audio/speech").replies(sound);
    let app = TestApp::serving(&[&upstream]).await;
    let answer = app.client().post("/v1/audio/speech", r#"{"model":"m","input":"hi"}"#).await;
    assert!(answer.broke_off, "half a file looks whole");
    assert_eq!(app.wait_for_records(1).await[0].outcome, "broken");
}

#[tokio::test]
async fn counting_tokens_is_relayed_and_never_billed() {
    let upstream = FakeUpstream::start().await;
    let app = TestApp::serving(&[&upstream]).await;
    let body = r#"{"model":"m","messages":[{"role":"user","content":"hi"}]}"#;
    let answer = app.client().post("/v1/messages/count_tokens?beta=true", body).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    assert_eq!(upstream.last().query, "beta=true");
    let record = app.record().await;
    assert!(record.usage.is_empty());
    assert_eq!(record.certainty, Certainty::None);
}

#[tokio::test]
async fn headers_that_identify_the_client_stay_here_and_the_rest_goes_on() {
    let upstream = FakeUpstream::start().await;
    let app = TestApp::serving(&[&upstream]).await;
    let client = app
        .client()
        .header("cookie", "session=1")
        .header("x-forwarded-for", "203.0.113.7")
        .header("anthropic-version", "2026-10-21")
        .header("anthropic-beta", "effort-2025-11-24")
        .header("user-agent", "claude-cli/2.1.329 (external, sdk-cli)")
        .header("x-stainless-lang", "js");
    let body = r#"{"model":"m","max_tokens":1,"messages":[]}"#;
    client.post("/v1/messages", body).await;
    let received = upstream.last();
    for gone in ["cookie", "x-forwarded-for", "x-request-id"] {
        assert_eq!(received.header(gone), "", "{gone} went upstream");
    }
    assert_eq!(received.header("anthropic-version"), "2026-10-21");
    assert_eq!(received.header("anthropic-beta"), "effort-2025-11-24");
    assert_eq!(received.header("user-agent"), "claude-cli/2.1.329 (external, sdk-cli)");
    assert_eq!(received.header("x-stainless-lang"), "js");
}
