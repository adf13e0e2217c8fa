//! Responses over a WebSocket: each is a call like any other, on a connection that remembers the last.

use std::time::Duration;

use bytes::Bytes;
use http::StatusCode;
use realms_relay::{InUse, SocketLimits};
use realms_testkit::{Answer, Cut, FakeUpstream, Gate, Reply, Turn};
use realms_types::{Cause, Certainty, DialectId};
use serde_json::{Value, json};
use tokio::time::Instant;
use tokio_tungstenite::tungstenite::{
    Message,
    protocol::frame::{
        Frame,
        coding::{Data, OpCode},
    },
};

use crate::{
    streams::after_the_first_word,
    support::{KEY, Socket, TestApp, attempts},
};

fn create(rest: &str) -> String {
    format!(r#"{{"type":"response.create","model":"m","store":false,{rest}}}"#)
}

fn hello() -> String {
    create(r#""input":[{"role":"user","content":"hi"}]"#)
}

/// The data of recorded events.
fn data(frames: &[Bytes]) -> Vec<String> {
    let text = String::from_utf8(frames.concat()).unwrap();
    let data = text.lines().filter_map(|line| line.strip_prefix("data: "));
    data.filter(|data| data.starts_with('{')).map(str::to_owned).collect()
}

fn response_id(frames: &[String]) -> String {
    let last: Value = serde_json::from_str(frames.last().unwrap()).unwrap();
    assert_eq!(last["type"], "response.completed", "{last}");
    last["response"]["id"].as_str().unwrap().to_owned()
}

/// Nothing is held once all connections and calls are over.
async fn until_nothing_is_held(app: &TestApp) {
    let deadline = Instant::now() + realms_testkit::DEADLINE;
    while app.app().relay().in_use() != InUse::default() {
        let held = app.app().relay().in_use();
        assert!(Instant::now() < deadline, "left behind: {held:?}");
        tokio::task::yield_now().await;
    }
}

/// An answer of three words that says the first and waits.
fn stalls_after_the_first_word(gate: &Gate) -> Reply {
    let long = Answer::text("").in_deltas(["One ", "two ", "three."]);
    Reply::from(long).stalls_before(after_the_first_word(DialectId::Responses), gate)
}

/// Reads until the first word of an answer is there.
async fn first_word(socket: &mut Socket) {
    while !socket.next().await.unwrap().contains("One") {}
}

#[tokio::test]
async fn a_turn_is_a_call_whose_events_are_the_frames() {
    let upstream = FakeUpstream::start().await;
    let frames = Answer::text("Grüße, 世界.").frames(DialectId::Responses, &Turn::of("m"));
    upstream.replies(Reply::frames(frames.clone()));
    let app = TestApp::serving(&[&upstream]).await;
    let headers = [
        ("user-agent", "codex_exec/0.169.0"),
        ("session-id", "s-1"),
        ("openai-beta", "responses_websockets=2026-02-06"),
    ];
    let mut socket = app.try_socket(KEY, &headers).await.unwrap();
    assert_eq!(app.app().relay().in_use(), InUse { sockets: 1, ..InUse::default() });
    let told = socket
        .turn(r#"{"type":"response.create", "model" :"m","store":false,"input":"hi \u00e9",  "x_unknown":[1]}"#)
        .await;
    assert_eq!(told, data(&frames));

    let sent = upstream.last();
    let body =
        r#"{"stream":true, "model" :"m","store":false,"input":"hi \u00e9",  "x_unknown":[1]}"#;
    assert_eq!(sent.body, body);
    assert_eq!((sent.method.as_str(), sent.path.as_str()), ("POST", "/v1/responses"));
    assert_eq!(sent.header("user-agent"), "codex_exec/0.169.0");
    assert_eq!(sent.header("session-id"), "s-1");
    assert_eq!(sent.header("content-type"), "application/json");
    for gone in ["upgrade", "sec-websocket-key", "openai-beta"] {
        assert_eq!(sent.header(gone), "", "{gone}");
    }
    let record = app.record().await;
    assert_eq!((record.status, record.usage), (200, Answer::USAGE));
    assert_eq!((record.certainty, record.client.as_str()), (Certainty::Measured, "codex_cli"));
    assert!(record.stream);
    drop(socket);
    until_nothing_is_held(&app).await;
}

#[tokio::test]
async fn warming_up_asks_nobody_and_the_turns_after_it_send_only_what_is_new() {
    let upstream = FakeUpstream::start().await;
    upstream.says("One.").then(Answer::text("Two.")).then(Answer::text("Three."));
    let app = TestApp::serving(&[&upstream]).await;
    let mut socket = app.socket().await;
    let warm = socket.turn(create(r#""generate":false,"input":[]"#)).await;
    assert_eq!(warm.len(), 2, "{warm:?}");
    let last: Value = serde_json::from_str(&warm[1]).unwrap();
    assert_eq!(
        (&last["response"]["usage"]["total_tokens"], &last["response"]["model"]),
        (&json!(0), &json!("m"))
    );
    assert!(upstream.requests().is_empty() && app.records().await.is_empty());

    let mut previous = response_id(&warm);
    for (number, text) in ["first", "second", "third"].into_iter().enumerate() {
        let item = format!(r#"{{ "role":"user","content":"{text}"}}"#);
        let rest = format!(r#""previous_response_id":"{previous}","input":[{item}]"#);
        let told = socket.turn(create(&rest)).await;
        previous = response_id(&told);
        let sent = upstream.last().json();
        let input = sent["input"].as_array().unwrap();
        assert_eq!(input.len(), 2 * number + 1, "{sent}");
        assert_eq!(input[2 * number]["content"], text);
        assert!(sent.get("previous_response_id").is_none() && sent.get("generate").is_none());
    }
    let sent = String::from_utf8(upstream.last().body.to_vec()).unwrap();
    assert!(sent.contains(r#"[{ "role":"user","content":"first"},{"#), "as it was written: {sent}");
    let sent: Value = serde_json::from_str(&sent).unwrap();
    assert_eq!(sent["input"][1]["content"][0]["text"], "One.");
    assert_eq!(sent["input"][3]["content"][0]["text"], "Two.");
    assert_eq!(app.wait_for_records(3).await.len(), 3);
}

#[tokio::test]
async fn trouble_before_the_first_event_stays_with_realms() {
    let (broken, spare) = (FakeUpstream::start().await, FakeUpstream::start().await);
    broken.replies(500);
    spare.says("Hello.");
    let app = TestApp::serving(&[&broken, &spare]).await;
    let told = app.socket().await.turn(hello()).await;
    assert!(told.concat().contains("Hello.") && !told.concat().contains("error\":{"), "{told:?}");
    let record = app.wait_for_records(1).await.remove(0);
    assert_eq!(attempts(&record)[1], "200 accepted -");
}

#[tokio::test]
async fn an_error_is_a_frame_and_the_connection_goes_on() {
    let upstream = FakeUpstream::start().await;
    upstream.replies(Reply::status(429).header("retry-after", "7")).then(Answer::text("Hello."));
    let app = TestApp::serving(&[&upstream]).await;
    let mut socket = app.socket().await;
    socket.send(r#"{"type":"response.create","model":"nothing","input":"hi"}"#).await;
    let unknown = socket.json().await;
    assert_eq!(
        (&unknown["status"], &unknown["error"]["code"]),
        (&json!(404), &json!("model_not_found"))
    );
    assert_eq!(unknown["headers"]["x-should-retry"], "false");
    socket.send(hello()).await;
    let limited = socket.json().await;
    assert_eq!((&limited["type"], &limited["status"]), (&json!("error"), &json!(429)), "{limited}");
    let after = limited["headers"]["retry-after"].as_str().unwrap().parse::<u32>().unwrap();
    assert!((1..=7).contains(&after), "{limited}");
    assert_eq!(app.wait_for_records(2).await.len(), 2);
}

#[tokio::test]
async fn an_answer_that_breaks_off_ends_in_an_error() {
    let upstream = FakeUpstream::start().await;
    let long = Answer::text("").in_deltas(["One ", "two ", "three."]);
    upstream
        .replies(Reply::from(long).cut_after_frames(6, Cut::Reset))
        .then(Answer::text("Again."));
    let app = TestApp::serving(&[&upstream]).await;
    let mut socket = app.socket().await;
    let told = socket.turn(hello()).await;
    assert!(told.last().unwrap().contains("error"), "{told:?}");
    while !socket.next().await.unwrap().contains("response.failed") {}
    let again = socket.turn(hello()).await;
    assert!(again.concat().contains("Again."), "{again:?}");
    let records = app.wait_for_records(2).await;
    assert_eq!(
        (records[0].outcome.as_str(), records[0].certainty),
        ("broken", Certainty::Estimated)
    );
}

#[tokio::test]
async fn a_client_that_leaves_cancels_its_response() {
    let upstream = FakeUpstream::start().await;
    let gate = Gate::new();
    upstream.replies(stalls_after_the_first_word(&gate));
    let app = TestApp::serving(&[&upstream]).await;
    let mut socket = app.socket().await;
    socket.send(hello()).await;
    first_word(&mut socket).await;
    let left = Instant::now();
    drop(socket);
    assert!(upstream.wait_closed(0).await - left < Duration::from_secs(1));
    let record = app.wait_for_records(1).await.remove(0);
    assert_eq!((record.outcome.as_str(), record.cause), ("client_gone", Some(Cause::ClientGone)));
    assert!(record.usage.output > 0, "{:?}", record.usage);
    until_nothing_is_held(&app).await;
    gate.open();
}

#[tokio::test]
async fn who_may_not_call_opens_no_connection() {
    let upstream = FakeUpstream::start().await;
    let app = TestApp::serving(&[&upstream]).await;
    let (status, body) = app.try_socket("sk_nobody", &[]).await.err().unwrap();
    assert_eq!(status, StatusCode::UNAUTHORIZED);
    assert!(body["error"]["message"].is_string(), "{body}");
    assert_eq!(app.app().relay().in_use(), InUse::default());
}

#[tokio::test]
async fn only_the_last_response_is_remembered() {
    let upstream = FakeUpstream::start().await;
    upstream.says("One.").then(Answer::text("Two."));
    let app = TestApp::serving(&[&upstream]).await;
    let mut socket = app.socket().await;
    let from = |id: &str| create(&format!(r#""previous_response_id":"{id}","input":[]"#));
    let first = response_id(&socket.turn(hello()).await);
    let unknown = socket.refused(from("resp_unknown")).await;
    assert_eq!(unknown, (400, "previous_response_not_found".to_owned()));
    let second = response_id(&socket.turn(from(&first)).await);
    assert_ne!(first, second);
    assert_eq!(socket.refused(from(&first)).await.1, "previous_response_not_found");
    // Another connection remembers nothing of this one.
    assert_eq!(app.socket().await.refused(from(&second)).await.1, "previous_response_not_found");
    // What may be stored upstream is looked for as by HTTP: nobody made it here.
    let stored =
        r#"{"type":"response.create","model":"m","previous_response_id":"resp_x","input":[]}"#;
    assert_eq!(socket.refused(stored).await.1, "previous_response_not_found");
    assert_eq!(upstream.requests().len(), 2);
}

#[tokio::test]
async fn one_response_runs_at_a_time() {
    let upstream = FakeUpstream::start().await;
    let gate = Gate::new();
    upstream.replies(stalls_after_the_first_word(&gate)).then(Answer::text("Next."));
    let app = TestApp::serving(&[&upstream]).await;
    let mut socket = app.socket().await;
    socket.send(hello()).await;
    first_word(&mut socket).await;
    assert_eq!(socket.refused(hello()).await, (409, "response_in_progress".to_owned()));
    gate.open();
    while !socket.next().await.unwrap().contains("response.completed") {}
    assert!(socket.turn(hello()).await.concat().contains("Next."));
    assert_eq!(upstream.requests().len(), 2);
}

#[tokio::test]
async fn what_cannot_be_read_is_told_and_does_no_harm() {
    let upstream = FakeUpstream::start().await;
    upstream.says("Hello.");
    let app = TestApp::start_with(&[("REALMS_MAX_BODY_BYTES", "64KiB")]).await;
    app.serve(&[&upstream]).await;
    let mut socket = app.socket().await;
    assert_eq!(socket.refused(r#"{"type":"response.create","#).await.0, 400);
    assert_eq!(socket.refused("[]").await.0, 400);
    assert_eq!(socket.refused(r#"{"type":"response.steer"}"#).await.1, "unknown_event");
    socket.send_message(Message::binary(&b"{}"[..])).await;
    assert_eq!(socket.json().await["error"]["code"], "unsupported_frame");
    socket.send_message(Message::Ping(Bytes::from_static(b"x"))).await;
    assert!(socket.turn(hello()).await.concat().contains("Hello."));
    let large = format!(r#"{{"type":"response.create","input":"{}"}}"#, "x".repeat(70_000));
    assert_eq!(socket.refused(large).await.0, 413);
    assert_eq!(socket.next().await, Err(1009));
    let mut socket = app.socket().await;
    let garbled = Frame::message(&b"\xff"[..], OpCode::Data(Data::Text), true);
    socket.send_message(Message::Frame(garbled)).await;
    assert_eq!(socket.next().await, Err(1007));
    until_nothing_is_held(&app).await;
}

#[tokio::test]
async fn a_connection_ends_with_its_key() {
    let upstream = FakeUpstream::start().await;
    let app = TestApp::serving(&[&upstream]).await;
    let mut socket = app.socket().await;
    app.apply("version = 1\n[[user]]\nusername = \"bob\"\nenabled = false\n").await;
    response_id(&socket.turn(hello()).await);
    app.apply("version = 1\n[[user]]\nusername = \"ana\"\nenabled = false\n").await;
    assert_eq!(socket.next().await, Err(1008));
    until_nothing_is_held(&app).await;
}

#[tokio::test]
async fn a_stop_waits_for_the_response_that_runs_and_closes_the_rest() {
    let upstream = FakeUpstream::start().await;
    let gate = Gate::new();
    upstream.replies(stalls_after_the_first_word(&gate));
    let app = TestApp::serving(&[&upstream]).await;
    let (mut idle, mut busy) = (app.socket().await, app.socket().await);
    busy.send(hello()).await;
    first_word(&mut busy).await;
    let stopping = tokio::spawn(app.stop());
    assert_eq!(idle.next().await, Err(1001));
    assert!(!stopping.is_finished(), "a response is running");
    gate.open();
    while !busy.next().await.unwrap().contains("response.completed") {}
    assert_eq!(busy.next().await, Err(1001));
    stopping.await.unwrap();
}

#[tokio::test]
async fn a_connection_that_waits_outlives_the_deadlines_of_requests() {
    let upstream = FakeUpstream::start().await;
    upstream.says("One.").then(Answer::text("Two."));
    let app = TestApp::start_with(&[("REALMS_HEADER_TIMEOUT", "50ms")]).await;
    app.serve(&[&upstream]).await;
    let mut socket = app.socket().await;
    assert!(socket.turn(hello()).await.concat().contains("One."));
    // Four times the deadline: that time passes is what is told here.
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert!(socket.turn(hello()).await.concat().contains("Two."));
}

#[tokio::test]
async fn a_connection_ends_when_it_is_idle_too_old_or_left_alone() {
    let soon = Duration::from_millis(100);
    let idle = TestApp::start_with_sockets(SocketLimits { idle: soon, ..Default::default() }).await;
    idle.serve(&[]).await;
    assert_eq!(idle.socket().await.next().await, Err(1000));
    until_nothing_is_held(&idle).await;

    let old = TestApp::start_with_sockets(SocketLimits { life: soon, ..Default::default() }).await;
    old.serve(&[]).await;
    let mut socket = old.socket().await;
    assert_eq!(socket.json().await["error"]["code"], "websocket_connection_limit_reached");
    assert_eq!(socket.next().await, Err(1000));
    until_nothing_is_held(&old).await;

    let ping = Duration::from_millis(20);
    let alone = TestApp::start_with_sockets(SocketLimits { ping, ..Default::default() }).await;
    alone.serve(&[]).await;
    // A client that reads answers; one that never reads answers nothing.
    let mut heard = alone.socket().await;
    let _deaf = alone.socket().await;
    let deadline = Instant::now() + realms_testkit::DEADLINE;
    while alone.app().relay().in_use().sockets != 1 {
        assert!(Instant::now() < deadline, "who answers nothing is still there");
        assert!(heard.is_silent_for(ping).await);
    }
    assert!(heard.is_silent_for(10 * ping).await, "who answers was sent away");
}

#[tokio::test]
async fn there_are_only_so_many_connections() {
    let app = TestApp::start_with_sockets(SocketLimits { most: 1, ..Default::default() }).await;
    app.serve(&[]).await;
    let first = app.socket().await;
    let (status, body) = app.try_socket(KEY, &[]).await.err().unwrap();
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE, "{body}");
    drop(first);
    until_nothing_is_held(&app).await;
    app.socket().await;
}
