//! After the first byte: no second upstream, no false end, nothing left running.

use std::time::Duration;

use http::{Method, StatusCode};
use realms_testkit::{Answer, Cut, FakeUpstream, Gate, Reply};
use realms_types::{Cause, Certainty, DialectId, Origin};
use tokio::time::Instant;

use crate::{
    relaying::calls,
    support::{TestApp, attempts},
};

/// What tells a client of each dialect that its answer is whole.
fn looks_whole(dialect: DialectId, text: &str) -> bool {
    match dialect {
        DialectId::Responses => text.contains("response.completed"),
        DialectId::Chat => text.contains("[DONE]"),
        DialectId::Messages => text.contains("message_stop"),
        DialectId::Gemini => text.contains("finishReason"),
    }
}

/// How many frames bring the first of three words, and not yet the end.
pub fn after_the_first_word(dialect: DialectId) -> usize {
    match dialect {
        DialectId::Gemini => 1,
        DialectId::Chat => 3,
        DialectId::Responses | DialectId::Messages => 5,
    }
}

#[tokio::test]
async fn a_cut_in_mid_stream_ends_in_an_error_event_and_never_looks_whole() {
    for cut in [Cut::Reset, Cut::Close] {
        for (dialect, path, body) in calls("m", true) {
            let (upstream, spare) = (FakeUpstream::start().await, FakeUpstream::start().await);
            let long = Answer::text("").in_deltas(["One ", "two ", "three ", "four ", "five."]);
            let frames = if dialect == DialectId::Gemini { 2 } else { 6 };
            upstream.replies(Reply::from(long).cut_after_frames(frames, cut));
            let app = TestApp::serving(&[&upstream, &spare]).await;

            let answer = app.client().post(&path, body).await;
            let text = answer.text();
            assert_eq!(answer.status, StatusCode::OK);
            assert!(text.contains("One"), "{dialect} {text}");
            assert!(text.contains("\"error\""), "{dialect} {text}");
            assert!(!looks_whole(dialect, &text), "{dialect} {text}");
            assert!(
                !answer.broke_off,
                "{dialect}: the event must reach clients that read to the end"
            );
            assert!(spare.requests().is_empty(), "{dialect}: a second upstream was asked");
            let record = app.wait_for_records(1).await.remove(0);
            assert_eq!(record.outcome, "broken", "{dialect}");
            assert_eq!(record.certainty, Certainty::Estimated, "{dialect}");
            assert!(record.usage.output > 0 && record.usage.input > 0, "{dialect}");
            assert_eq!(attempts(&record), ["200 failed broken"], "{dialect}");
        }
    }
}

#[tokio::test]
async fn half_a_frame_is_held_back_when_the_upstream_breaks_off() {
    for (dialect, path, body) in calls("m", true) {
        let upstream = FakeUpstream::start().await;
        let long = Answer::text("").in_deltas(["One ", "two ", "three ", "four."]);
        let whole: usize = long
            .frames(dialect, &realms_testkit::Turn::of("m"))
            .iter()
            .take(6)
            .map(bytes::Bytes::len)
            .sum();
        upstream.replies(Reply::from(long).cut_after_bytes(whole - 9, Cut::Reset));
        let app = TestApp::serving(&[&upstream]).await;
        let text = app.client().post(&path, body).await.text().replace('\r', "");
        for frame in text.split("\n\n").filter_map(|frame| frame.split_once("data: ")) {
            let json = serde_json::from_str::<serde_json::Value>(frame.1);
            assert!(json.is_ok() || frame.1 == "[DONE]", "{dialect}: half a frame: {}", frame.1);
        }
    }
}

#[tokio::test]
async fn an_upstream_that_falls_silent_is_given_up() {
    for (dialect, path, body) in calls("m", true) {
        let upstream = FakeUpstream::start().await;
        let gate = Gate::new();
        let long = Answer::text("").in_deltas(["One ", "two ", "three."]);
        let frames = after_the_first_word(dialect);
        upstream.replies(Reply::from(long).stalls_before(frames, &gate));
        let app = TestApp::start_with(&[("REALMS_UPSTREAM_IDLE_TIMEOUT", "300ms")]).await;
        app.serve(&[&upstream]).await;
        let answer = app.client().post(&path, body).await;
        assert!(answer.text().contains("\"error\""), "{dialect} {}", answer.text());
        let record = app.wait_for_records(1).await.remove(0);
        assert_eq!(record.cause, Some(Cause::IdleTimeout), "{dialect}");
        gate.open();
    }
}

#[tokio::test]
async fn running_calls_end_with_the_key_they_came_with() {
    for (dialect, path, body) in calls("m", true) {
        let upstream = FakeUpstream::start().await;
        let gate = Gate::new();
        let long = Answer::text("").in_deltas(["One ", "two ", "three."]);
        let frames = after_the_first_word(dialect);
        upstream.replies(Reply::from(long).stalls_before(frames, &gate));
        let app = TestApp::serving(&[&upstream]).await;
        let mut answer = app.client().open(Method::POST, &path, body).await;
        let mut text = String::new();
        while !text.contains("One") {
            text += &String::from_utf8_lossy(&answer.next().await.unwrap());
        }
        // What does not concern the key leaves its calls alone.
        app.apply("version = 1\n[[user]]\nusername = \"bob\"\nenabled = false\n").await;
        assert!(app.records().await.is_empty(), "{dialect}");
        let revoked = Instant::now();
        app.apply("version = 1\n[[user]]\nusername = \"ana\"\nenabled = false\n").await;
        while let Some(bytes) = answer.next().await {
            text += &String::from_utf8_lossy(&bytes);
        }
        assert!(revoked.elapsed() < Duration::from_secs(5), "{dialect}");
        assert!(text.contains("switched off or revoked"), "{dialect} {text}");
        assert!(!looks_whole(dialect, &text), "{dialect} {text}");
        let record = app.wait_for_records(1).await.remove(0);
        assert_eq!((record.outcome.as_str(), record.cause), ("broken", Some(Cause::Revoked)));
        assert_eq!(record.origin, Some(Origin::Client), "{dialect}");
        assert_eq!(attempts(&record), ["200 failed revoked"], "{dialect}");
        gate.open();
    }
}

#[tokio::test]
async fn a_call_that_waits_for_its_upstream_ends_with_its_key_too() {
    let upstream = FakeUpstream::start().await;
    let gate = Gate::new();
    upstream.replies(Reply::good().stalls_before_headers(&gate));
    let app = TestApp::serving(&[&upstream]).await;
    let (_, path, body) = calls("m", false)[1].clone();
    let client = app.client();
    let (answer, ()) = tokio::join!(client.post(&path, body), async {
        upstream.wait_for(1).await;
        app.apply("version = 1\n[[user]]\nusername = \"ana\"\nenabled = false\n").await;
    });
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{}", answer.text());
    let record = app.wait_for_records(1).await.remove(0);
    assert_eq!((record.outcome.as_str(), record.cause), ("refused", Some(Cause::Revoked)));
    gate.open();
}

#[tokio::test]
async fn a_stream_may_not_last_for_ever() {
    let upstream = FakeUpstream::start().await;
    let gate = Gate::new();
    upstream
        .replies(Reply::from(Answer::text("").in_deltas(["One ", "two."])).stalls_before(4, &gate));
    let app = TestApp::start_with(&[("REALMS_STREAM_TIMEOUT", "300ms")]).await;
    app.serve(&[&upstream]).await;
    let (_, path, body) = calls("m", true)[2].clone();
    let answer = app.client().post(&path, body).await;
    assert!(answer.text().contains("event: error"), "{}", answer.text());
    assert_eq!(app.wait_for_records(1).await[0].cause, Some(Cause::StreamTimeout));
    gate.open();
}

#[tokio::test]
async fn silence_is_bridged_in_a_form_each_dialects_clients_bear() {
    for (dialect, path, body) in calls("m", true) {
        let upstream = FakeUpstream::start().await;
        let gate = Gate::new();
        let long = Answer::text("").in_deltas(["One ", "two ", "three."]);
        let frames = after_the_first_word(dialect);
        upstream.replies(Reply::from(long).stalls_before(frames, &gate));
        let app = TestApp::serving(&[&upstream]).await;
        app.apply("version = 1\n[settings]\nkeep_alive_interval_ms = \"50\"\n").await;
        let mut answer = app.client().open(Method::POST, &path, body).await;
        let mut text = String::new();
        while !text.contains("One") {
            text += &String::from_utf8_lossy(&answer.next().await.unwrap());
        }
        let bridge = match dialect {
            DialectId::Responses | DialectId::Chat => ": keep-alive\n\n",
            DialectId::Messages => "event: ping\n",
            DialectId::Gemini => {
                assert!(answer.is_silent_for(Duration::from_millis(200)).await);
                gate.open();
                continue;
            }
        };
        while !text.contains(bridge) {
            text += &String::from_utf8_lossy(&answer.next().await.unwrap());
        }
        gate.open();
        let rest = answer.finish().await;
        assert!(looks_whole(dialect, &rest.text()), "{dialect}");
    }
}

#[tokio::test]
async fn when_the_client_leaves_the_upstream_is_cancelled_and_the_usage_estimated() {
    for (dialect, path, body) in calls("m", true) {
        let upstream = FakeUpstream::start().await;
        let gate = Gate::new();
        let long = Answer::text("").in_deltas(["One ", "two ", "three."]);
        let frames = after_the_first_word(dialect);
        upstream.replies(Reply::from(long).stalls_before(frames, &gate));
        let app = TestApp::serving(&[&upstream]).await;
        let mut answer = app.client().open(Method::POST, &path, body).await;
        let mut text = String::new();
        while !text.contains("One") {
            text += &String::from_utf8_lossy(&answer.next().await.unwrap());
        }
        let left = Instant::now();
        drop(answer);
        let closed = upstream.wait_closed(0).await;
        assert!(closed - left < Duration::from_secs(1), "{dialect}: {:?}", closed - left);
        let record = app.wait_for_records(1).await.remove(0);
        assert_eq!(record.outcome, "client_gone", "{dialect}");
        assert_eq!(record.certainty, Certainty::Estimated, "{dialect}");
        assert!(record.usage.input > 0 && record.usage.output > 0, "{dialect} {:?}", record.usage);
        gate.open();
    }
}

#[tokio::test]
async fn a_client_that_leaves_before_the_answer_cancels_the_attempt() {
    let upstream = FakeUpstream::start().await;
    upstream.replies(Reply::never());
    let app = TestApp::serving(&[&upstream]).await;
    let (_, path, body) = calls("m", false)[0].clone();
    let client = app.client();
    let waiting = tokio::spawn(async move { client.post(&path, body).await });
    upstream.wait_for(1).await;
    let left = Instant::now();
    waiting.abort();
    assert!(upstream.wait_closed(0).await - left < Duration::from_secs(1));
    let record = app.wait_for_records(1).await.remove(0);
    assert_eq!((record.outcome.as_str(), record.status), ("client_gone", 499));
    assert_eq!(record.certainty, Certainty::None, "no upstream had accepted it");
}

#[tokio::test]
async fn a_client_that_reads_nothing_is_cut_off() {
    let upstream = FakeUpstream::start().await;
    let flood = Answer::text("").in_deltas(vec!["x".repeat(60_000); 400]);
    upstream.replies(flood);
    let app = TestApp::start_with(&[("REALMS_WRITE_STALL_TIMEOUT", "300ms")]).await;
    app.serve(&[&upstream]).await;
    let (_, path, body) = calls("m", true)[1].clone();
    let answer = app.client().open(Method::POST, &path, body).await;
    let record = app.wait_for_records(1).await.remove(0);
    assert_eq!(record.outcome, "client_gone");
    drop(answer);
}

#[tokio::test]
async fn what_happens_after_the_terminal_event_changes_nothing() {
    for (dialect, path, body) in calls("m", true) {
        let upstream = FakeUpstream::start().await;
        let gate = Gate::new();
        let answer = Answer::text("Done.");
        let frames = answer.frames(dialect, &realms_testkit::Turn::of("m"));
        let (count, all) = (frames.len(), frames.concat());
        // The upstream keeps the connection open behind its last event.
        upstream.replies(
            Reply::frames(frames.into_iter().chain([bytes::Bytes::from(": late\n\n")]))
                .stalls_before(count, &gate),
        );
        let app = TestApp::start_with(&[("REALMS_UPSTREAM_IDLE_TIMEOUT", "300ms")]).await;
        app.serve(&[&upstream]).await;
        let answer = app.client().post(&path, body).await;
        assert_eq!(answer.body, all, "{dialect}: nothing follows the end");
        assert_eq!(app.wait_for_records(1).await[0].outcome, "ok", "{dialect}");
        gate.open();
    }
}
