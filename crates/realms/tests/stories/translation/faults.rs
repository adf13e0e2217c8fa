//! What goes wrong at an upstream that speaks another dialect.

use http::StatusCode;
use realms_testkit::{Answer, Cut, FakeUpstream, Reply};
use realms_types::DialectId;
use serde_json::Value;

use super::{
    app_of, app_on,
    asks::{What, ask},
    ok, on, pairs, read, text,
};
use crate::support::{Answered, attempts};

/// Long enough to be cut in its middle in every dialect.
const LONG: &str = "One two three four five six seven eight nine ten eleven twelve.";

/// The word for the trouble and the message, in the envelope of a dialect.
fn envelope(dialect: DialectId, answer: &Answered) -> (Value, String) {
    let body = answer.json();
    let error = &body["error"];
    let message = error["message"].as_str().unwrap_or_default().to_owned();
    match dialect {
        DialectId::Responses | DialectId::Chat => {
            assert!(error["type"].is_string() && error.get("param").is_some(), "{body:#}");
            (error["code"].clone(), message)
        }
        DialectId::Messages => {
            assert_eq!(body["type"], "error", "{body:#}");
            (error["type"].clone(), message)
        }
        DialectId::Gemini => {
            assert_eq!(error["code"], answer.status.as_u16(), "{body:#}");
            (error["status"].clone(), message)
        }
    }
}

#[tokio::test]
async fn an_error_comes_in_the_clients_envelope() {
    for (client, dialect) in pairs() {
        for stream in [false, true] {
            let upstream = FakeUpstream::start().await;
            upstream.replies(Reply::status(429));
            let app = app_on(&upstream, dialect).await;
            let which = format!("{} {stream}", on(client, dialect));
            let (path, body) = ask(client, What::Plain, stream);
            let answer = app.client().post(&path, body.clone()).await;
            assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS, "{which}: {}", answer.text());
            let (word, _) = envelope(client, &answer);
            let expected = match client {
                DialectId::Responses | DialectId::Chat => "rate_limit_exceeded",
                DialectId::Messages => "rate_limit_error",
                DialectId::Gemini => "RESOURCE_EXHAUSTED",
            };
            assert_eq!(word, expected, "{which}: {}", answer.text());
            assert_ne!(answer.header("retry-after"), "", "{which}");

            // What is the request's own fault is told in the upstream's words.
            let upstream = FakeUpstream::start().await;
            upstream.replies(Reply::status(400));
            let app = app_on(&upstream, dialect).await;
            let answer = app.client().post(&path, body).await;
            assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{which}: {}", answer.text());
            let (_, message) = envelope(client, &answer);
            assert!(message.contains("was told to answer 400"), "{which}: {message}");
            let record = app.wait_for_records(1).await.remove(0);
            assert_eq!(record.outcome, "rejected", "{which}");
        }
    }
}

#[tokio::test]
async fn an_error_in_mid_answer_ends_the_stream_in_the_clients_dialect() {
    for (client, dialect) in pairs() {
        let upstream = FakeUpstream::start().await;
        let app = app_on(&upstream, dialect).await;
        let (path, body) = ask(client, What::Plain, true);
        for (number, reply) in (1..).zip([
            Reply::error_event_after(5, 529),
            Reply::from(Answer::text(LONG)).cut_after_frames(5, Cut::Close),
            Reply::from(Answer::text(LONG)).cut_after_frames(5, Cut::Finish),
        ]) {
            upstream.replies(reply);
            let which = format!("{} {number}", on(client, dialect));
            let answer = app.client().post(&path, body.clone()).await;
            ok(&answer, &which);
            let read = read(client, &answer);
            assert!(!read.complete, "{which}: {}", answer.text());
            assert!(!text(&read).is_empty(), "{which}: {}", answer.text());
            let fault = read.fault.unwrap_or_else(|| panic!("{which}: {}", answer.text()));
            assert_ne!(fault.code.as_deref(), Some("stream_cut"), "{which}: told, not merely cut");
            let record = app.wait_for_records(number).await.remove(number - 1);
            assert_eq!(record.outcome, "broken", "{which}");
        }
    }
}

#[tokio::test]
async fn nothing_goes_out_before_the_upstream_says_something() {
    for (client, dialect) in pairs() {
        let (bad, good) = (FakeUpstream::start().await, FakeUpstream::start().await);
        good.says("From the second.");
        let app =
            app_of(&[(&bad, &format!("\"{dialect}\"")), (&good, &format!("\"{dialect}\""))]).await;
        let which = on(client, dialect);
        for (number, reply) in (1..).zip([
            Reply::status(500),
            Reply::error_event_after(0, 529),
            Reply::html(),
            Reply::empty(),
            Reply::body("application/json", "{\"nothing\":1}"),
        ]) {
            bad.replies(reply);
            for stream in [false, true] {
                let (path, body) = ask(client, What::Plain, stream);
                let answer = app.client().post(&path, body).await;
                ok(&answer, &format!("{which} {number} {stream}"));
                assert_eq!(text(&read(client, &answer)), "From the second.", "{which} {number}");
            }
        }
        let record = app.wait_for_records(1).await.remove(0);
        assert_eq!(attempts(&record), ["500 retried server_error", "200 accepted -"], "{which}");
    }
}

#[tokio::test]
async fn an_answer_in_one_piece_is_streamed_to_whoever_asked_for_a_stream() {
    for (client, dialect) in pairs() {
        let upstream = FakeUpstream::start().await;
        let whole = Answer::text("All at once.").body(dialect, &realms_testkit::Turn::of("real-m"));
        upstream.replies(Reply::json(&whole));
        let app = app_on(&upstream, dialect).await;
        let which = on(client, dialect);
        let (path, body) = ask(client, What::Plain, true);
        let answer = app.client().post(&path, body).await;
        ok(&answer, &which);
        assert_eq!(answer.header("content-type"), "text/event-stream", "{which}");
        let read = read(client, &answer);
        assert_eq!((text(&read).as_str(), read.complete), ("All at once.", true), "{which}");
    }
}

#[tokio::test]
async fn what_a_model_got_wrong_is_asked_of_another() {
    let (bad, good) = (FakeUpstream::start().await, FakeUpstream::start().await);
    let malformed = r#"{"candidates":[{"content":{"parts":[],"role":"model"},"finishReason":"MALFORMED_FUNCTION_CALL","index":0}],"usageMetadata":{"promptTokenCount":5,"totalTokenCount":5}}"#;
    bad.replies(Reply::body("application/json", malformed));
    good.says("From the second.");
    let app = app_of(&[(&bad, "\"gemini\""), (&good, "\"gemini\"")]).await;
    let (path, body) = ask(DialectId::Messages, What::Tools, false);
    let answer = app.client().post(&path, body).await;
    ok(&answer, "whole");
    assert_eq!(text(&read(DialectId::Messages, &answer)), "From the second.");
    let record = app.wait_for_records(1).await.remove(0);
    assert_eq!(attempts(&record)[0], "200 retried not_an_answer");
    // That is the model's doing: nobody rests for it.
    let answer = app.client().post(&path, ask(DialectId::Messages, What::Tools, false).1).await;
    ok(&answer, "again");
    assert_eq!(bad.requests().len(), 2);
}
