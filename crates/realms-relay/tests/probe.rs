//! Tests of a channel against a scripted upstream: every failure has its word, its fix and no secret.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "tests fail by panicking")]

use std::sync::Arc;

use parking_lot::Mutex;
use realms_relay::{
    Depth, FailureCode, ProbeStep, Report, Subject, Tell, Vendor, probe, vendor_models,
};
use realms_testkit::{Answer, Cut, FakeUpstream, Gate, Reply};
use realms_types::{ChannelKind, DialectId, Price, Secret, SharedClock, SystemClock, Timestamp};
use realms_upstream::{OutboundPolicy, Timeouts, Upstream};
use serde_json::json;
use tokio::{io::AsyncWriteExt as _, net::TcpListener};

const CANARY: &str = "sk-canary-0123456789";

fn upstream(allowed: &[&str]) -> Upstream {
    let networks = allowed.iter().map(|network| network.parse().unwrap()).collect();
    Upstream::new(OutboundPolicy::new(networks), Timeouts::default()).unwrap()
}

fn subject(base: &str, dialect: DialectId) -> Subject {
    let unit = |text: &str| text.parse().unwrap();
    Subject {
        kind: ChannelKind::Openai,
        base: base.parse().unwrap(),
        known_bases: Vec::new(),
        dialect,
        upstream_model: "m".to_owned(),
        credential: Secret::from(CANARY),
        proxy: None,
        account: None,
        price: Some(Price { input: unit("1"), output: unit("2"), ..Price::default() }),
        shape: None,
    }
}

async fn ask(subject: &Subject) -> (Report, Vec<ProbeStep>) {
    ask_over(&upstream(&["127.0.0.0/8"]), subject).await
}

async fn ask_over(upstream: &Upstream, subject: &Subject) -> (Report, Vec<ProbeStep>) {
    let clock: SharedClock = Arc::new(SystemClock);
    let steps = Arc::new(Mutex::new(Vec::new()));
    let heard = Arc::clone(&steps);
    let tell: Tell = Arc::new(move |step, _| heard.lock().push(step));
    let report = probe(upstream, &clock, subject, Depth::Test, tell).await;
    assert!(!format!("{report:?}").contains("canary"), "{report:?}");
    let steps = steps.lock().clone();
    (report, steps)
}

/// The word and the sentence of a failure.
async fn failure(subject: &Subject) -> (FailureCode, String) {
    let failure = ask(subject).await.0.failure.expect("the test fails");
    (failure.code, failure.detail)
}

#[tokio::test]
async fn a_good_answer_is_told_in_every_dialect() {
    use ProbeStep::{Connect, Dns, End, FirstEvent, Headers};

    let fake = FakeUpstream::start().await;
    fake.says("ok then");
    for dialect in DialectId::ALL {
        let (report, steps) = ask(&subject(&fake.url(), dialect)).await;
        assert_eq!(report.failure, None, "{dialect}");
        assert_eq!(report.text.as_deref(), Some("ok then"), "{dialect}");
        assert_eq!(report.answered_model.as_deref(), Some("m"), "{dialect}");
        assert_eq!(report.usage, Some(Answer::USAGE), "{dialect}");
        // 21 fresh and 84 cached at 1 USD, 17 at 2 USD a million.
        assert_eq!(report.cost.unwrap().to_string(), "0.000139", "{dialect}");
        assert!(report.first_event.unwrap() <= report.duration);
        assert_eq!(steps, [Dns, Connect, Headers, FirstEvent, End], "{dialect}");
        assert!(report.request.starts_with("POST http://127.0.0.1:"), "{}", report.request);
        assert!(report.request.contains("Reply with: ok"));
        assert!(report.response.starts_with("HTTP/1.1 200 OK\n"), "{}", report.response);
        assert!(report.curl.contains("$API_KEY"), "{}", report.curl);
        assert_eq!(fake.last().key(), CANARY, "{dialect}");
    }
    assert_eq!(fake.requests().len(), 4, "one request for a test that goes well");
}

#[tokio::test]
async fn every_refusal_has_its_word() {
    let fake = FakeUpstream::start().await;
    let error = |message: &str, code: &str| {
        Reply::json(&json!({"error": {"message": message, "type": "error", "code": code}}))
    };
    for (reply, expected) in [
        (Reply::status(401), FailureCode::Unauthorized),
        (Reply::status(402), FailureCode::NoMoney),
        (error("quota", "insufficient_quota").with_status(429), FailureCode::NoMoney),
        (Reply::status(403), FailureCode::Forbidden),
        (
            error("Country, region, or territory not supported", "x").with_status(403),
            FailureCode::Forbidden,
        ),
        (
            error("User location is not supported for the API use.", "x").with_status(400),
            FailureCode::Forbidden,
        ),
        (Reply::status(404), FailureCode::ModelNotFound),
        (error("no route", "").with_status(404), FailureCode::NotFound),
        (Reply::html().with_status(404), FailureCode::NotFound),
        (Reply::status(429), FailureCode::RateLimited),
        (Reply::status(400), FailureCode::BadRequest),
        (Reply::status(500), FailureCode::ServerError),
        (Reply::html().with_status(502), FailureCode::ServerError),
        (error("quota", "insufficient_quota"), FailureCode::NoMoney),
        (Reply::error_event_after(0, 429), FailureCode::RateLimited),
        (Reply::error_event_after(3, 500), FailureCode::ServerError),
        (Reply::html(), FailureCode::NotAnApi),
        (Reply::empty(), FailureCode::NotAnApi),
        (Reply::json(&json!([1, 2])), FailureCode::NotAnApi),
        (Reply::pings(3), FailureCode::NotAnApi),
        (Reply::status(301).header("location", "/elsewhere"), FailureCode::NotFound),
        (Reply::hangs_up(Cut::Close), FailureCode::Other),
        (Reply::raw("SSH-2.0-OpenSSH\r\n"), FailureCode::Other),
        (Reply::good().cut_after_frames(3, Cut::Close), FailureCode::Other),
        (Reply::good().cut_after_frames(3, Cut::Finish), FailureCode::Other),
    ] {
        let what = format!("{reply:?}");
        fake.replies(reply);
        let (code, detail) = failure(&subject(&fake.url(), DialectId::Chat)).await;
        assert_eq!(code, expected, "{detail}: {what}");
    }
}

/// A server that answers everything with HTTP in the clear.
async fn plain_server() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
        }
    });
    format!("127.0.0.1:{port}")
}

#[tokio::test]
async fn what_cannot_be_reached_says_why() {
    let closed = FakeUpstream::start().await;
    closed.stop().await;
    let plain = plain_server().await;
    for (base, expected) in [
        (closed.url(), FailureCode::Connect),
        ("https://nowhere.invalid/v1".to_owned(), FailureCode::Dns),
        (format!("https://{plain}"), FailureCode::Tls),
        ("https://169.254.169.254/v1".to_owned(), FailureCode::BlockedAddress),
        ("https://127.0.0.1:5432".to_owned(), FailureCode::BlockedAddress),
    ] {
        let (code, detail) = failure(&subject(&base, DialectId::Chat)).await;
        assert_eq!(code, expected, "{base}: {detail}");
    }
    let (report, _) = ask(&subject(&format!("https://{plain}"), DialectId::Chat)).await;
    let fix = report.failure.unwrap().fix.expect("it does not speak TLS");
    assert_eq!(fix.base_url, Some(format!("http://{plain}/")));
}

#[tokio::test]
async fn a_private_address_needs_a_setting_that_is_named() {
    let fake = FakeUpstream::start().await;
    let (report, _) = ask_over(&upstream(&[]), &subject(&fake.url(), DialectId::Chat)).await;
    let failure = report.failure.unwrap();
    assert_eq!(failure.code, FailureCode::BlockedAddress);
    let fix = failure.fix.unwrap();
    assert_eq!(fix.allow_private.as_deref(), Some("127.0.0.1/32"));
    assert_eq!(fix.setting.as_deref(), Some("REALMS_OUTBOUND_ALLOW_PRIVATE"));
    assert!(fake.requests().is_empty(), "the policy is asked before anything is sent");

    let public = subject("http://1.1.1.1/v1", DialectId::Chat);
    let failure = ask_over(&upstream(&[]), &public).await.0.failure.unwrap();
    assert_eq!(failure.fix.unwrap().base_url.as_deref(), Some("https://1.1.1.1/v1"));
}

#[tokio::test(start_paused = true)]
async fn nothing_takes_longer_than_its_time() {
    let fake = FakeUpstream::start().await;
    fake.replies(Reply::never());
    let (code, _) = failure(&subject(&fake.url(), DialectId::Chat)).await;
    assert_eq!(code, FailureCode::Timeout);

    let gate = Gate::new();
    fake.replies(Reply::good().stalls_before(2, &gate));
    let (code, _) = failure(&subject(&fake.url(), DialectId::Chat)).await;
    assert_eq!(code, FailureCode::Timeout);
}

#[tokio::test]
async fn a_wrong_path_is_mended_with_at_most_two_more_requests() {
    let fake = FakeUpstream::start().await;
    fake.replies(Reply::html().with_status(404));
    let completion = json!({"id": "c", "object": "chat.completion", "model": "m",
        "choices": [{"index": 0, "message": {"role": "assistant", "content": "ok"},
            "finish_reason": "stop"}]});
    fake.for_path("/api/v1/chat/completions").replies(Reply::json(&completion));
    let (report, steps) = ask(&subject(&fake.url(), DialectId::Chat)).await;
    let failure = report.failure.unwrap();
    assert_eq!(failure.code, FailureCode::NotFound);
    assert_eq!(steps.last(), Some(&ProbeStep::End), "what is tried besides is no step");
    assert_eq!(failure.fix.unwrap().base_url, Some(format!("{}/api/v1", fake.url())));

    let before = fake.requests().len();
    let (report, _) = ask(&subject(&format!("{}/nope", fake.url()), DialectId::Responses)).await;
    assert_eq!(report.failure.unwrap().fix, None);
    assert_eq!(fake.requests().len() - before, 3);

    // A refused key shows the API too.
    fake.for_path("/right/v1/chat/completions").replies(
        Reply::json(&json!({"error": {"message": "bad key", "type": "x", "code": "y"}}))
            .with_status(401),
    );
    let mut wrong = subject(&fake.url(), DialectId::Chat);
    wrong.known_bases = vec![format!("{}/right/v1", fake.url()).parse().unwrap()];
    let fix = ask(&wrong).await.0.failure.unwrap().fix.unwrap();
    assert_eq!(fix.base_url, Some(format!("{}/right/v1", fake.url())));
}

#[tokio::test]
async fn a_vendor_that_does_not_know_the_limit_is_asked_without() {
    let fake = FakeUpstream::start().await;
    let refusal = json!({"error": {"message": "Unsupported parameter: 'max_tokens'",
        "type": "invalid_request_error", "code": "unsupported_parameter"}});
    fake.replies(Reply::json(&refusal).with_status(400)).then(Answer::text("ok"));
    let (report, _) = ask(&subject(&fake.url(), DialectId::Chat)).await;
    assert_eq!(report.failure, None);
    assert_eq!(fake.requests()[0].json()["max_tokens"], 16);
    assert_eq!(fake.last().json().get("max_tokens"), None);
}

#[tokio::test]
async fn an_echoed_key_is_seen_nowhere() {
    let fake = FakeUpstream::start().await;
    fake.replies(
        Reply::json(&json!({"error": {"message": format!("Incorrect API key: {CANARY}"),
            "type": "x", "code": "invalid_api_key"}}))
        .with_status(401)
        .header("location", CANARY),
    );
    let (report, _) = ask(&subject(&fake.url(), DialectId::Chat)).await;
    assert!(report.response.contains("Incorrect API key: …"), "{}", report.response);
    fake.replies(Answer::text("").in_deltas([format!("the key is {CANARY}")]));
    let (report, _) = ask(&subject(&fake.url(), DialectId::Messages)).await;
    assert_eq!(report.text.as_deref(), Some("the key is …"));
}

#[tokio::test]
async fn what_is_shown_is_bounded() {
    let fake = FakeUpstream::start().await;
    fake.says(&"many words ".repeat(500));
    let (report, _) = ask(&subject(&fake.url(), DialectId::Chat)).await;
    assert_eq!(report.failure, None);
    assert!(report.response.len() <= 4 << 10 && report.request.len() <= 4 << 10);
    assert_eq!(report.text.unwrap().chars().count(), 200);
}

fn vendor(base: &str, kind: ChannelKind) -> Vendor {
    let credential = Secret::from(CANARY);
    Vendor { kind, base: base.parse().unwrap(), credential, proxy: None, account: None }
}

#[tokio::test]
async fn models_are_listed_over_all_pages() {
    let fake = FakeUpstream::start().await;
    let upstream = upstream(&["127.0.0.0/8"]);
    for kind in [ChannelKind::Openai, ChannelKind::Anthropic, ChannelKind::Gemini] {
        let vendor = vendor(&fake.url(), kind);
        let models = vendor_models(&upstream, &vendor, Timestamp::EPOCH).await.unwrap();
        let ids: Vec<_> = models.iter().map(|model| model.id.as_str()).collect();
        assert_eq!(ids, ["gpt-5.2", "claude-opus-4-5", "gemini-3-pro"], "{kind}");
    }
    fake.replies(Reply::json(&json!({"data": [{"id": "a"}], "has_more": true, "last_id": "a"})))
        .then(Reply::json(&json!({"data": [{"id": "a"}, {"id": "b"}], "has_more": false})));
    let vendor = vendor(&fake.url(), ChannelKind::Anthropic);
    let models = vendor_models(&upstream, &vendor, Timestamp::EPOCH).await.unwrap();
    assert_eq!(models.len(), 2);
    assert_eq!(fake.last().query_value("after_id"), Some("a"));
}

#[tokio::test]
async fn a_list_that_never_ends_is_cut_and_one_too_large_refused() {
    let fake = FakeUpstream::start().await;
    let upstream = upstream(&["127.0.0.0/8"]);
    let vendor = vendor(&fake.url(), ChannelKind::Openai);
    fake.replies(Reply::json(&json!({"data": [{"id": "a"}], "has_more": true, "last_id": "a"})));
    assert_eq!(vendor_models(&upstream, &vendor, Timestamp::EPOCH).await.unwrap().len(), 1);
    assert_eq!(fake.requests().len(), 20);

    fake.replies(Reply::body("application/json", vec![b' '; (4 << 20) + 1]));
    let failure = vendor_models(&upstream, &vendor, Timestamp::EPOCH).await.unwrap_err();
    assert_eq!(failure.code, FailureCode::NotAnApi);

    for (reply, expected) in [
        (Reply::html(), FailureCode::NotAnApi),
        (Reply::status(401), FailureCode::Unauthorized),
        (Reply::body("application/json", CANARY).with_status(403), FailureCode::Forbidden),
    ] {
        fake.replies(reply);
        let failure = vendor_models(&upstream, &vendor, Timestamp::EPOCH).await.unwrap_err();
        assert_eq!(failure.code, expected);
        assert!(!failure.detail.contains("canary"), "{}", failure.detail);
    }
}
