//! Tests of channels: what a scan finds wrong, what a schedule does by itself, and probes that find out
//! whether a rest is over before any client's call does.

use std::{fmt::Write as _, sync::Arc, time::Duration};

use bytes::Bytes;
use http::StatusCode;
use realms_relay::{Depth, Report};
use realms_store::{ChannelTestRecord, TestDepth, TestOutcome, TestTrigger};
use realms_testkit::{
    Answer, Cut, DEADLINE, FakeUpstream, Received, Reply, TestClock, ToolCall, Turn,
};
use realms_types::{ChannelId, DialectId, Finding, Usage};
use serde_json::{Value, json};

use crate::support::{KEY, TestApp};

/// What a model says that is told to count.
const COUNT: &str = "1 2 3 4 5 6 7 8 9 10";
/// Tests say so to upstreams.
const TESTER: &str = "realms-channel-test";

/// One channel `a` that speaks `dialects` and serves `m`.
async fn serving(upstream: &FakeUpstream, dialects: &str) -> TestApp {
    let app = TestApp::start().await;
    app.apply(&manifest(&[(upstream, "")], dialects)).await;
    app
}

/// Channels `a`, `b`, … in this order, each with further lines of its own.
fn manifest(channels: &[(&FakeUpstream, &str)], dialects: &str) -> String {
    let mut text = format!(
        "version = 1\n[[user]]\nusername = \"ana\"\n\
         [[api_key]]\nuser = \"ana\"\nname = \"laptop\"\nkey = \"{KEY}\"\n"
    );
    for (number, (upstream, more)) in (0u8..).zip(channels) {
        let name = char::from(b'a' + number);
        write!(
            text,
            "[[channel]]\nname = \"{name}\"\nkind = \"openai\"\nbase_url = \"{}\"\n\
             dialects = [{dialects}]\npriority = {}\ngroups = [\"default\"]\n\
             credentials = [{{ name = \"k\", key = \"upstream-key-{name}\" }}]\nmodels = [\"m\"]\n{more}\n",
            upstream.url(),
            100 - number,
        )
        .unwrap();
    }
    text
}

fn channel_id(app: &TestApp, name: &str) -> ChannelId {
    let catalog = app.app().relay().catalog.snapshot();
    let found = catalog.channels().find(|channel| channel.name == name).map(|channel| channel.id);
    found.unwrap()
}

async fn history(app: &TestApp, name: &str) -> Vec<ChannelTestRecord> {
    let reader = app.app().store().read();
    reader.list_channel_tests(channel_id(app, name), None, 200).await.unwrap().records
}

async fn wait_for_history(app: &TestApp, name: &str, count: usize) -> Vec<ChannelTestRecord> {
    let deadline = tokio::time::Instant::now() + DEADLINE;
    loop {
        let records = history(app, name).await;
        if records.len() >= count {
            return records;
        }
        assert!(tokio::time::Instant::now() < deadline, "{count} tests never came: {records:#?}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// Scans channel `a`, and looks that what was found is kept.
async fn scan(app: &TestApp) -> Report {
    let relay = app.app().relay();
    let catalog = relay.catalog.snapshot();
    let channel = catalog.find_channel(channel_id(app, "a")).unwrap();
    let test = relay.usual_tests(&catalog, channel).remove(0);
    let how = (TestTrigger::Manual, Depth::Scan);
    let report = relay.test_channel(&test, how, Arc::new(|_, _| {})).await;
    let kept = history(app, "a").await.remove(0);
    assert_eq!(kept.findings, report.findings);
    assert_eq!((kept.depth, kept.trigger), (TestDepth::Scan, TestTrigger::Manual));
    assert_eq!(kept.tools_ok, report.tools_ok);
    report
}

/// What a good upstream says to each request of a scan.
fn good(received: &Received) -> Answer {
    if asks_for_tool(received) {
        Answer::calls(ToolCall::function("book_trip", json!({"city": "Paris", "days": 3})))
    } else if received.holds("Count from") {
        Answer::text(COUNT)
    } else {
        Answer::text("ok")
    }
}

fn asks_for_tool(received: &Received) -> bool {
    received.json().get("tools").is_some()
}

/// Calls the tool with these arguments, and is good otherwise.
fn calling(arguments: Value) -> Reply {
    Reply::by(move |received| {
        if asks_for_tool(received) {
            Answer::calls(ToolCall::function("book_trip", arguments.clone())).into()
        } else {
            good(received).into()
        }
    })
}

/// Says this to requests for a stream, and is good otherwise.
fn streaming(reply: impl Fn(&Received) -> Reply + Send + Sync + 'static) -> Reply {
    Reply::by(
        move |received| {
            if received.wants_stream() { reply(received) } else { good(received).into() }
        },
    )
}

/// A good answer rendered by hand, so that it can be sent in another way.
fn frames(received: &Received, model: &str) -> Vec<Bytes> {
    good(received).frames(received.dialect(), &Turn::of(model))
}

#[tokio::test]
async fn a_good_upstream_has_no_findings_in_any_dialect() {
    for dialect in DialectId::ALL {
        let upstream = FakeUpstream::start().await;
        upstream.replies(Reply::by(|received| good(received).into()));
        let app = serving(&upstream, &format!("\"{dialect}\"")).await;
        let report = scan(&app).await;
        assert_eq!(report.failure, None, "{dialect}");
        assert_eq!(report.findings, [], "{dialect}: {}", report.response);
        assert_eq!(report.tools_ok, Some(true), "{dialect}");
        assert_eq!(report.text.as_deref(), Some(COUNT), "{dialect}");
        let asked = upstream.requests();
        let streams: Vec<bool> = asked.iter().map(Received::wants_stream).collect();
        assert_eq!(streams, [true, true, false], "{dialect}: {}", asked.len());
        assert!(asked.iter().all(|one| one.dialect() == dialect));
        assert!(asked.iter().all(|one| one.header("user-agent") == TESTER));
        let kept = history(&app, "a").await.remove(0);
        assert_eq!(kept.outcome, TestOutcome::Ok);
        let (seen, counted) = (kept.seen.unwrap(), kept.counted.unwrap());
        assert_eq!((seen.input, seen.output), (105, 17));
        assert!(counted.input > 10 && counted.output >= 5, "{counted:?}");
        assert!(app.records().await.is_empty(), "no usage of anybody");
    }
}

#[tokio::test]
async fn what_an_upstream_gets_wrong_has_its_name_in_every_dialect() {
    let absurd = Usage { input: 90_000, output: 17, ..Usage::default() };
    for dialect in DialectId::ALL {
        let no_stream_usage = match dialect {
            DialectId::Chat => Finding::IncludeUsageIgnored,
            DialectId::Responses | DialectId::Messages | DialectId::Gemini => {
                Finding::NoStreamUsage
            }
        };
        for (reply, expected) in
            [
                (
                    Reply::by(|one| good(one).without_usage().into()),
                    vec![Finding::NoUsage, no_stream_usage],
                ),
                (streaming(|one| good(one).without_usage().into()), vec![no_stream_usage]),
                (
                    Reply::by(move |one| good(one).with_usage(absurd).into()),
                    vec![Finding::ImplausibleUsage],
                ),
                (
                    streaming(|one| Reply::frames(frames(one, "another-model"))),
                    vec![Finding::OtherModel],
                ),
                (
                    streaming(|one| Reply::body("text/plain", frames(one, "m").concat())),
                    vec![Finding::WrongContentType],
                ),
                (
                    streaming(|one| Reply::json(&good(one).body(one.dialect(), &Turn::of("m")))),
                    vec![Finding::NotStreamed],
                ),
                (calling(json!({"city": 7})), vec![Finding::ToolArgumentsOffSchema]),
                (Reply::by(|_| Answer::text(COUNT).into()), vec![Finding::NoToolCall]),
                (
                    Reply::by(|one| {
                        if one.wants_stream() { good(one).into() } else { Reply::status(400) }
                    }),
                    vec![Finding::NoWholeAnswer],
                ),
            ]
        {
            let upstream = FakeUpstream::start().await;
            upstream.replies(reply);
            let app = serving(&upstream, &format!("\"{dialect}\"")).await;
            let report = scan(&app).await;
            assert_eq!(report.findings, expected, "{dialect}: {}", report.response);
            assert_eq!(report.failure, None, "{dialect}");
        }
    }
}

#[tokio::test]
async fn arguments_that_no_client_can_use_are_told_apart() {
    for dialect in ["responses", "chat", "messages"] {
        for (arguments, expected) in [
            (json!("{\"city\":\"Pa"), Finding::ToolArgumentsCut),
            (json!("Paris"), Finding::ToolArgumentsNotObject),
            (json!("[3]"), Finding::ToolArgumentsNotObject),
        ] {
            let upstream = FakeUpstream::start().await;
            upstream.replies(calling(arguments));
            let app = serving(&upstream, &format!("\"{dialect}\"")).await;
            let report = scan(&app).await;
            assert_eq!(report.findings, [expected], "{dialect}: {}", report.response);
            assert_eq!(report.tools_ok, Some(false), "{dialect}");
            assert!(report.response.contains("book_trip"), "it shows what can be complained about");
            assert_eq!(history(&app, "a").await[0].outcome, TestOutcome::Flawed);
        }
    }
}

#[tokio::test]
async fn a_success_that_is_none_is_named() {
    let error = json!({"error": {"message": "no balance", "type": "server_error"}});
    for reply in [Reply::html(), Reply::json(&error), Reply::empty()] {
        for dialect in ["responses", "chat", "messages", "gemini"] {
            let upstream = FakeUpstream::start().await;
            upstream.replies(reply.clone());
            let app = serving(&upstream, &format!("\"{dialect}\"")).await;
            let report = scan(&app).await;
            assert_eq!(report.findings, [Finding::FalseSuccess], "{dialect}");
            assert!(report.failure.is_some() && report.tools_ok.is_none(), "{dialect}");
            assert_eq!(history(&app, "a").await[0].outcome, TestOutcome::Failed);
        }
    }
}

#[tokio::test]
async fn a_stream_without_its_end_is_named() {
    for (dialect, missing) in [("responses", 1), ("chat", 3), ("messages", 2), ("gemini", 1)] {
        let upstream = FakeUpstream::start().await;
        upstream.replies(streaming(move |one| {
            let frames = frames(one, "m");
            let kept = frames.len() - missing;
            Reply::frames(frames).cut_after_frames(kept, Cut::Finish)
        }));
        let app = serving(&upstream, &format!("\"{dialect}\"")).await;
        let report = scan(&app).await;
        assert_eq!(report.findings, [Finding::NoEnd], "{dialect}: {}", report.response);
    }
}

#[tokio::test]
async fn a_stream_that_comes_in_one_burst_is_named() {
    let upstream = FakeUpstream::start().await;
    let gate = realms_testkit::Gate::new();
    let held = gate.clone();
    upstream.replies(Reply::by(move |one| {
        let is_first = one.wants_stream() && !asks_for_tool(one);
        if is_first {
            // What buffers gives nothing away until all of it is there, and then everything.
            let whole = frames(one, "m").concat();
            Reply::body("text/event-stream", whole).stalls_before_headers(&held)
        } else {
            good(one).into()
        }
    }));
    let app = serving(&upstream, "\"chat\"").await;
    let opens = async {
        upstream.wait_for(1).await;
        tokio::time::sleep(Duration::from_millis(400)).await;
        gate.open();
    };
    let (report, ()) = tokio::join!(scan(&app), opens);
    assert_eq!(report.findings, [Finding::Burst], "{}", report.response);
}

#[tokio::test]
async fn a_channel_with_a_schedule_is_tested_when_its_time_has_come() {
    let clock = TestClock::new();
    let (upstream, other) = (FakeUpstream::start().await, FakeUpstream::start().await);
    upstream.replies(Reply::status(401)).then(Answer::text("ok"));
    let app = TestApp::start_on(&clock).await;
    let every = |minutes: u32| format!("options = {{ test_every_minutes = {minutes} }}");
    let (ten, nine) = (every(10), every(9));
    app.apply(&manifest(&[(&upstream, &ten), (&other, &nine)], "\"chat\"")).await;
    wait_for_history(&app, "b", 1).await;
    let first = wait_for_history(&app, "a", 1).await.remove(0);
    assert_eq!((first.trigger, first.depth), (TestTrigger::Schedule, TestDepth::Test));
    assert_eq!((first.outcome, first.status), (TestOutcome::Failed, Some(401)));
    assert_eq!(first.cause.as_deref(), Some("unauthorized"));
    assert_eq!(upstream.last().header("user-agent"), TESTER);

    // A failed test rests nothing: the next call goes there.
    let body = r#"{"model":"m","messages":[{"role":"user","content":"hi"}]}"#;
    let answer = app.client().post("/v1/chat/completions", body).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());

    clock.advance(Duration::from_mins(10));
    let second = wait_for_history(&app, "a", 2).await.remove(0);
    assert_eq!((second.outcome, second.model.as_str()), (TestOutcome::Ok, "m"));
    assert_eq!(second.started_at.since(first.started_at), Duration::from_mins(10));
    // The other one's time comes before its own.
    wait_for_history(&app, "b", 2).await;
    clock.advance(Duration::from_mins(9));
    wait_for_history(&app, "b", 3).await;
    clock.advance(Duration::from_mins(1));
    let third = wait_for_history(&app, "a", 3).await.remove(0);
    assert_eq!(third.started_at.since(second.started_at), Duration::from_mins(10));
    app.stop().await;
}

/// Calls until channel `a` rests, with `b` answering each time.
async fn lay_down(app: &TestApp, clock: &TestClock, down: &FakeUpstream) {
    down.replies(Reply::status(503));
    for _ in 0..2 {
        call(app).await;
        clock.advance(Duration::from_secs(2));
    }
}

async fn call(app: &TestApp) -> String {
    let body = r#"{"model":"m","messages":[{"role":"user","content":"hi"}]}"#;
    let answer = app.client().post("/v1/chat/completions", body).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    answer.text()
}

/// How many requests of clients an upstream has seen; tests are none.
fn calls_at(upstream: &FakeUpstream) -> usize {
    upstream.requests().iter().filter(|one| one.header("user-agent") != TESTER).count()
}

#[tokio::test]
async fn an_upstream_that_is_back_is_found_by_a_probe_and_not_by_a_client() {
    let clock = TestClock::new();
    let (down, spare) = (FakeUpstream::start().await, FakeUpstream::start().await);
    spare.says("from the spare");
    let app = TestApp::start_on(&clock).await;
    let options = "options = { probe_every_seconds = 20 }";
    app.apply(&manifest(&[(&down, options), (&spare, "")], "\"chat\"")).await;
    lay_down(&app, &clock, &down).await;
    assert_eq!((calls_at(&down), calls_at(&spare)), (2, 2));
    assert!(call(&app).await.contains("spare"), "it rests");
    assert_eq!(calls_at(&down), 2);

    // Still down at the first probe: it rests on, past the end of its first rest.
    clock.advance(Duration::from_secs(20));
    let failed = wait_for_history(&app, "a", 1).await.remove(0);
    assert_eq!((failed.trigger, failed.outcome), (TestTrigger::Probe, TestOutcome::Failed));
    assert!(call(&app).await.contains("spare"));

    // Back: within one interval a probe finds out, and the next call goes there.
    down.says("back again");
    clock.advance(Duration::from_secs(20));
    let passed = wait_for_history(&app, "a", 2).await.remove(0);
    assert_eq!((passed.trigger, passed.outcome), (TestTrigger::Probe, TestOutcome::Ok));
    assert!(call(&app).await.contains("back"), "the rest is over");
    assert_eq!(calls_at(&down), 3, "no client's call was there in between");
    for record in app.wait_for_records(5).await {
        assert_eq!(record.outcome, "ok");
    }
    app.stop().await;
}

#[tokio::test]
async fn the_end_of_a_rest_belongs_to_the_probe() {
    let clock = TestClock::new();
    let (down, spare) = (FakeUpstream::start().await, FakeUpstream::start().await);
    spare.says("from the spare");
    let app = TestApp::start_on(&clock).await;
    let options = "options = { probe_every_seconds = 3600 }";
    app.apply(&manifest(&[(&down, options), (&spare, "")], "\"chat\"")).await;
    lay_down(&app, &clock, &down).await;
    // Its rest of a minute is over; whoever calls now still goes to the spare one.
    clock.advance(Duration::from_mins(1));
    assert!(call(&app).await.contains("spare"));
    let failed = wait_for_history(&app, "a", 1).await.remove(0);
    assert_eq!((failed.trigger, failed.status), (TestTrigger::Probe, Some(503)));
    assert!(call(&app).await.contains("spare"), "it rests anew");
    assert_eq!(calls_at(&down), 2);
    app.stop().await;
}

#[tokio::test]
async fn without_the_option_nothing_is_probed() {
    let clock = TestClock::new();
    let (down, probed, spare) =
        (FakeUpstream::start().await, FakeUpstream::start().await, FakeUpstream::start().await);
    probed.replies(Reply::status(503));
    spare.says("from the spare");
    let app = TestApp::start_on(&clock).await;
    let options = "options = { probe_every_seconds = 3600 }";
    app.apply(&manifest(&[(&down, ""), (&probed, options), (&spare, "")], "\"chat\"")).await;
    lay_down(&app, &clock, &down).await;
    clock.advance(Duration::from_mins(1));
    // Whoever rests as long and has the option is probed.
    wait_for_history(&app, "b", 1).await;
    down.says("back again");
    assert!(call(&app).await.contains("back"), "a call finds out");
    assert_eq!(history(&app, "a").await, []);
    app.stop().await;
}
