//! What is counted, and how sure we are.

use http::StatusCode;
use realms_testkit::{Answer, FakeUpstream, Reply};
use realms_types::{Certainty, DialectId};

use crate::{relaying::calls, support::TestApp};

#[tokio::test]
async fn usage_that_the_upstream_leaves_out_is_estimated_and_marked() {
    for stream in [false, true] {
        for (dialect, path, body) in calls("m", stream) {
            let upstream = FakeUpstream::start().await;
            upstream.replies(Answer::text("Twenty-eight bytes of text.").without_usage());
            let app = TestApp::serving(&[&upstream]).await;
            assert_eq!(app.client().post(&path, body.clone()).await.status, StatusCode::OK);
            let record = app.wait_for_records(1).await.remove(0);
            assert_eq!(record.certainty, Certainty::Estimated, "{dialect} {stream}");
            assert!(record.usage.input >= body.len() as u64 / 4, "{dialect} {:?}", record.usage);
            assert!(
                (6..=12).contains(&record.usage.output),
                "{dialect} {stream} {:?}",
                record.usage
            );
        }
    }
}

#[tokio::test]
async fn impossible_usage_is_not_believed() {
    let upstream = FakeUpstream::start().await;
    upstream.replies(Reply::json(&serde_json::json!({
        "id": "chatcmpl-1", "object": "chat.completion", "model": "m",
        "choices": [{ "index": 0, "finish_reason": "stop", "message": { "role": "assistant", "content": "hi" } }],
        "usage": { "prompt_tokens": -5, "completion_tokens": 1.5, "total_tokens": 1 }
    })));
    let app = TestApp::serving(&[&upstream]).await;
    let (_, path, body) = calls("m", false)[1].clone();
    app.client().post(&path, body).await;
    let record = app.record().await;
    assert_eq!(record.certainty, Certainty::Estimated);
    assert!(record.usage.total() < 1000);
}

#[tokio::test]
async fn a_coded_answer_passes_unread_and_is_estimated() {
    let upstream = FakeUpstream::start().await;
    let coded =
        Reply::body("application/json", vec![0x1f, 0x8b, 8, 0]).header("content-encoding", "gzip");
    upstream.replies(coded);
    let app = TestApp::serving(&[&upstream]).await;
    let (_, path, body) = calls("m", false)[1].clone();
    let answer = app.client().post(&path, body).await;
    assert_eq!(answer.header("content-encoding"), "gzip");
    assert_eq!(&answer.body[..], [0x1f, 0x8b, 8, 0]);
    assert_eq!(app.record().await.certainty, Certainty::Estimated);
}

#[tokio::test]
async fn a_large_answer_is_metered_by_its_end() {
    let upstream = FakeUpstream::start().await;
    let image = "A".repeat(9 << 20);
    upstream.for_path("/v1/images/generations").replies(Reply::body(
        "application/json",
        format!(r#"{{"created":1,"data":[{{"b64_json":"{image}"}}],"usage":{{"input_tokens":11,"output_tokens":4160,"total_tokens":4171}}}}"#),
    ));
    let app = TestApp::serving(&[&upstream]).await;
    let answer = app.client().post("/v1/images/generations", r#"{"model":"m","prompt":"x"}"#).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert!(answer.body.len() > 9 << 20);
    let record = app.wait_for_records(1).await.remove(0);
    assert_eq!((record.usage.input, record.usage.output), (11, 4160));
    assert_eq!(record.certainty, Certainty::Measured);
}

#[tokio::test]
async fn a_model_without_a_price_has_no_cost() {
    let upstream = FakeUpstream::start().await;
    let app = TestApp::serving(&[&upstream]).await;
    let (dialect, path, body) = calls("alias", false)[0].clone();
    assert_eq!(dialect, DialectId::Responses);
    app.client().post(&path, body).await;
    let record = app.record().await;
    assert_eq!((record.cost, record.price), (None, None));
    assert!(record.usage.input > 0);
}

#[tokio::test]
async fn the_cost_is_the_price_times_the_multiplier_of_the_group() {
    let upstream = FakeUpstream::start().await;
    let app = TestApp::serving(&[&upstream]).await;
    let (_, path, body) = calls("m", false)[2].clone();
    app.client().post(&path, body.clone()).await;
    app.apply("version = 1\n[[channel_group]]\nname = \"default\"\nmultiplier = \"2.5\"\n").await;
    app.client().post(&path, body).await;
    let records = app.records().await;
    let costs: Vec<i64> = records.iter().map(|record| record.cost.unwrap().nano()).collect();
    assert_eq!(costs[1], costs[0] * 5 / 2);
    assert!(records[1].price.as_ref().unwrap().contains("\"multiplier\":\"2.5\""));
}

#[tokio::test]
async fn the_cost_is_the_price_times_the_multiplier_of_the_key() {
    let upstream = FakeUpstream::start().await;
    let app = TestApp::serving(&[&upstream]).await;
    let (_, path, body) = calls("m", false)[2].clone();
    app.client().post(&path, body.clone()).await;
    let half =
        "version = 1\n[[api_key]]\nuser = \"ana\"\nname = \"laptop\"\nmultiplier = \"0.5\"\n";
    app.apply(half).await;
    app.client().post(&path, body).await;
    let records = app.records().await;
    let costs: Vec<i64> = records.iter().map(|record| record.cost.unwrap().nano()).collect();
    assert_eq!(costs[1], costs[0] / 2);
    assert!(records[1].price.as_ref().unwrap().contains("\"key\":\"0.5\""));
}

#[tokio::test]
async fn output_that_is_never_reported_is_estimated() {
    let upstream = FakeUpstream::start().await;
    let text = "x".repeat(700);
    upstream.replies(Reply::sse(format!(
        "event: message_start\ndata: {{\"type\":\"message_start\",\"message\":{{\"id\":\"msg_1\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"m\",\"content\":[],\"usage\":{{\"input_tokens\":12,\"output_tokens\":1}}}}}}\n\n\
         event: content_block_start\ndata: {{\"type\":\"content_block_start\",\"index\":0,\"content_block\":{{\"type\":\"text\",\"text\":\"\"}}}}\n\n\
         event: content_block_delta\ndata: {{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{{\"type\":\"text_delta\",\"text\":\"{text}\"}}}}\n\n\
         event: content_block_stop\ndata: {{\"type\":\"content_block_stop\",\"index\":0}}\n\n\
         event: message_stop\ndata: {{\"type\":\"message_stop\"}}\n\n"
    )));
    let app = TestApp::serving(&[&upstream]).await;
    let (_, path, body) = calls("m", true)[2].clone();
    app.client().post(&path, body).await;
    let record = app.wait_for_records(1).await.remove(0);
    assert_eq!((record.usage.input, record.usage.output), (12, 200));
    assert_eq!(record.certainty, Certainty::Estimated);
}

#[tokio::test]
async fn an_image_is_not_estimated_by_its_bytes() {
    let upstream = FakeUpstream::start().await;
    upstream.replies(Answer::text("A cat.").without_usage());
    let app = TestApp::serving(&[&upstream]).await;
    let image = "iVBORw0KGgo".repeat(100_000);
    let body = format!(
        r#"{{"model":"m","messages":[{{"role":"user","content":[{{"type":"image_url","image_url":{{"url":"data:image/png;base64,{image}"}}}}]}}]}}"#
    );
    app.client().post("/v1/chat/completions", body).await;
    let record = app.record().await;
    assert!(record.usage.input < 5_000, "{:?}", record.usage);
}
