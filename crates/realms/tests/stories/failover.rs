//! Before the first byte another upstream may answer; the client sees one clean answer, or one clear
//! error.

use http::StatusCode;
use realms_testkit::{Answer, Cut, FakeUpstream, Gate, Reply, error_frame};
use realms_types::{Cause, DialectId, Origin};

use crate::{
    relaying::calls,
    support::{TestApp, attempts},
};

#[tokio::test]
async fn the_third_upstream_answers_and_the_record_tells_why() {
    for (dialect, path, body) in calls("m", true) {
        let (limited, cut, good) =
            (FakeUpstream::start().await, FakeUpstream::start().await, FakeUpstream::start().await);
        limited.replies(Reply::status(429).header("retry-after", "7"));
        cut.replies(Reply::pings(2).cut_after_frames(2, Cut::Reset));
        good.replies(Answer::text("The third."));
        let app = TestApp::serving(&[&limited, &cut, &good]).await;

        let answer = app.client().post(&path, body).await;
        assert_eq!(answer.status, StatusCode::OK, "{dialect}");
        assert!(answer.text().contains("third"), "{dialect} {}", answer.text());
        // The pings of the second are not seen; a good stream of Messages has one of its own.
        assert!(answer.text().matches("event: ping").count() <= 1, "{dialect}");
        let record = app.record().await;
        assert_eq!(
            attempts(&record),
            ["429 retried rate_limited", "200 retried broken", "200 accepted -"],
            "{dialect}"
        );
        assert!(record.attempts.iter().all(|attempt| attempt.duration_us > 0));
        assert_eq!(record.outcome, "ok");
    }
}

#[tokio::test]
async fn what_is_no_answer_is_a_failure_even_with_status_200() {
    for (name, reply) in [
        ("html", Reply::html()),
        ("empty", Reply::empty()),
        (
            "error inside",
            Reply::json(
                &serde_json::json!({ "error": { "message": "no", "type": "server_error" } }),
            ),
        ),
        ("pings only", Reply::pings(3)),
        ("clean end without an answer", Reply::pings(1).cut_after_frames(1, Cut::Close)),
        ("hang up", Reply::hangs_up(Cut::Reset)),
        ("redirect", Reply::status(302).header("location", "http://127.0.0.1:1/")),
        ("server error", Reply::status(500)),
        ("not found", Reply::status(404)),
        ("refused key", Reply::status(401)),
    ] {
        for stream in [false, true] {
            for (dialect, path, body) in calls("m", stream) {
                let (bad, good) = (FakeUpstream::start().await, FakeUpstream::start().await);
                bad.replies(reply.clone());
                let app = TestApp::serving(&[&bad, &good]).await;
                let answer = app.client().post(&path, body).await;
                let what = format!("{name} {dialect} {stream}: {}", answer.text());
                assert_eq!(answer.status, StatusCode::OK, "{what}");
                assert_eq!(good.requests().len(), 1, "{what}");
                assert_eq!(app.record().await.attempts.len(), 2, "{what}");
            }
        }
    }
}

#[tokio::test]
async fn an_error_event_before_any_content_counts_as_a_failure() {
    for (dialect, path, body) in calls("m", true) {
        let (bad, good) = (FakeUpstream::start().await, FakeUpstream::start().await);
        let overloaded = error_frame(dialect, StatusCode::SERVICE_UNAVAILABLE);
        bad.replies(Reply::frames([overloaded]));
        let app = TestApp::serving(&[&bad, &good]).await;
        let answer = app.client().post(&path, body).await;
        assert_eq!(answer.status, StatusCode::OK, "{dialect} {}", answer.text());
        assert_eq!(good.requests().len(), 1, "{dialect}");
    }
}

#[tokio::test]
async fn a_fault_of_the_request_goes_back_in_the_upstreams_words() {
    for (dialect, path, body) in calls("m", false) {
        let (first, second) = (FakeUpstream::start().await, FakeUpstream::start().await);
        let words = realms_testkit::error_body(dialect, StatusCode::BAD_REQUEST);
        first.replies(Reply::json(&words).with_status(400));
        let app = TestApp::serving(&[&first, &second]).await;
        let answer = app.client().post(&path, body).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST);
        assert_eq!(answer.json(), words, "{dialect}");
        assert!(second.requests().is_empty(), "{dialect}: nobody else is asked");
        let record = app.record().await;
        assert_eq!((record.outcome.as_str(), record.origin), ("rejected", Some(Origin::Client)));
        assert!(record.usage.is_empty());
    }
}

#[tokio::test]
async fn when_all_are_at_their_limit_the_client_hears_when_to_come_back() {
    let (one, two) = (FakeUpstream::start().await, FakeUpstream::start().await);
    one.replies(Reply::status(429).header("retry-after", "40"));
    two.replies(Reply::status(429).header("retry-after", "20"));
    let app = TestApp::serving(&[&one, &two]).await;
    for (dialect, path, body) in calls("m", true) {
        let answer = app.client().post(&path, body).await;
        assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS, "{dialect}");
        let wait: u64 = answer.header("retry-after").parse().unwrap();
        assert!((1..=40).contains(&wait), "{dialect} {wait}");
        assert_eq!(answer.header("content-type"), "application/json", "{dialect}");
        assert!(answer.text().contains(answer.header("x-request-id")), "{dialect}");
    }
    let first = &app.records().await[0];
    assert_eq!(first.cause, Some(Cause::RateLimited));
    assert_eq!(first.attempts.len(), 2);
}

#[tokio::test]
async fn what_rests_is_not_asked_again_and_comes_back_after_its_time() {
    let (one, two) = (FakeUpstream::start().await, FakeUpstream::start().await);
    one.replies(Reply::status(429).header("retry-after", "3600"));
    let app = TestApp::serving(&[&one, &two]).await;
    let (_, path, body) = calls("m", false)[1].clone();
    for _ in 0..3 {
        assert_eq!(app.client().post(&path, body.clone()).await.status, StatusCode::OK);
    }
    assert_eq!((one.requests().len(), two.requests().len()), (1, 3));
}

#[tokio::test]
async fn a_single_upstream_that_stumbles_is_asked_again() {
    let upstream = FakeUpstream::start().await;
    upstream.replies(Reply::status(502)).then(Reply::status(503)).then(Answer::text("At last."));
    let app = TestApp::serving(&[&upstream]).await;
    app.apply("version = 1\n[settings]\nretry_base_delay_ms = \"10\"\n").await;
    let (_, path, body) = calls("m", false)[0].clone();
    let answer = app.client().post(&path, body).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    assert_eq!(upstream.requests().len(), 3);
}

#[tokio::test]
async fn an_upstream_that_never_answers_is_left_in_time() {
    let (silent, good) = (FakeUpstream::start().await, FakeUpstream::start().await);
    silent.replies(Reply::never());
    let app = TestApp::start_with(&[("REALMS_UPSTREAM_STREAM_HEADER_TIMEOUT", "200ms")]).await;
    app.serve(&[&silent, &good]).await;
    let (_, path, body) = calls("m", true)[2].clone();
    let answer = app.client().post(&path, body).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    assert_eq!(attempts(&app.record().await)[0], "- retried header_timeout");
}

#[tokio::test]
async fn pings_do_not_count_as_an_answer_in_time() {
    let (pinging, good) = (FakeUpstream::start().await, FakeUpstream::start().await);
    let gate = Gate::new();
    pinging.replies(Reply::pings(5).stalls_before(3, &gate));
    let app = TestApp::start_with(&[("REALMS_UPSTREAM_FIRST_EVENT_TIMEOUT", "200ms")]).await;
    app.serve(&[&pinging, &good]).await;
    let (_, path, body) = calls("m", true)[2].clone();
    let answer = app.client().post(&path, body).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    assert_eq!(attempts(&app.record().await)[0], "200 retried first_event_timeout");
    gate.open();
}

#[tokio::test]
async fn an_unreachable_address_gives_way() {
    let good = FakeUpstream::start().await;
    let gone = FakeUpstream::start().await;
    gone.stop().await;
    let app = TestApp::serving(&[&gone, &good]).await;
    let (_, path, body) = calls("m", true)[1].clone();
    assert_eq!(app.client().post(&path, body).await.status, StatusCode::OK);
    assert_eq!(attempts(&app.record().await)[0], "- retried connect");
}

#[tokio::test]
async fn an_upstream_refusing_its_key_is_not_the_clients_401() {
    let upstream = FakeUpstream::start().await;
    upstream.replies(Reply::status(401));
    let app = TestApp::serving(&[&upstream]).await;
    let (dialect, path, body) = calls("m", false)[2].clone();
    assert_eq!(dialect, DialectId::Messages);
    let answer = app.client().post(&path, body).await;
    assert_eq!(answer.status, StatusCode::BAD_GATEWAY, "{}", answer.text());
    assert!(!answer.text().contains("upstream-key"), "{}", answer.text());
}

#[tokio::test]
async fn a_fault_of_the_request_told_inside_a_200_is_not_tried_elsewhere() {
    let (first, second) = (FakeUpstream::start().await, FakeUpstream::start().await);
    let created = r#"{"type":"response.created","sequence_number":0,"response":{"id":"resp_1","status":"in_progress","output":[]}}"#;
    let failed = r#"{"type":"response.failed","sequence_number":1,"response":{"id":"resp_1","status":"failed","error":{"code":"context_length_exceeded","message":"Your input exceeds the context window of this model."}}}"#;
    first.replies(Reply::sse(format!(
        "event: response.created\ndata: {created}\n\nevent: response.failed\ndata: {failed}\n\n"
    )));
    let app = TestApp::serving(&[&first, &second]).await;
    let (_, path, body) = calls("m", true)[0].clone();
    let answer = app.client().post(&path, body).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{}", answer.text());
    assert_eq!(answer.json()["error"]["code"], "context_length_exceeded");
    assert_eq!((first.requests().len(), second.requests().len()), (1, 0));
    assert_eq!(app.record().await.outcome, "rejected");
}

#[tokio::test]
async fn an_upstreams_error_in_no_form_becomes_one_in_the_callers() {
    for (dialect, path, body) in calls("m", false) {
        let upstream = FakeUpstream::start().await;
        let page = Reply::body("text/html", "<html><h1>413 Request Entity Too Large</h1></html>");
        upstream.replies(page.with_status(413));
        let app = TestApp::serving(&[&upstream]).await;
        let answer = app.client().post(&path, body).await;
        assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE, "{dialect}");
        assert!(answer.json()["error"]["message"].is_string(), "{dialect} {}", answer.text());
        assert!(answer.text().contains(answer.header("x-request-id")), "{dialect}");
    }
}

#[tokio::test]
async fn asking_for_what_an_upstream_does_not_have_rests_it_for_nobody() {
    let upstream = FakeUpstream::start().await;
    upstream.for_path("/v1/rerank").replies(Reply::status(404));
    upstream.for_path("/v1/messages/count_tokens").replies(Reply::status(404));
    let app = TestApp::serving(&[&upstream]).await;
    let body = r#"{"model":"m","messages":[],"documents":[]}"#;
    assert_ne!(app.client().post("/v1/rerank", body).await.status, StatusCode::OK);
    // What the upstream does not count is estimated.
    let counted = app.client().post("/v1/messages/count_tokens", body).await;
    assert_eq!(counted.status, StatusCode::OK, "{}", counted.text());
    assert_eq!(upstream.requests().len(), 2);
    for (dialect, path, body) in calls("m", false) {
        assert_eq!(app.client().post(&path, body).await.status, StatusCode::OK, "{dialect}");
    }
}
