//! Channels whose upstream speaks Responses over a WebSocket: to the client a call is what it is over HTTP.

use http::{Method, StatusCode};
use realms_testkit::{Answer, FakeUpstream, Turn};
use realms_types::{Cause, Certainty, DialectId};
use serde_json::{Value, json};

use crate::support::{Said, SocketUpstream, TestApp, attempts};

/// The events of an answer, as they come over a WebSocket.
fn events(text: &str) -> Vec<String> {
    let frames = Answer::text(text).frames(DialectId::Responses, &Turn::of("m"));
    let stream = String::from_utf8(frames.concat()).unwrap();
    let data = stream.lines().filter_map(|line| line.strip_prefix("data: "));
    data.filter(|data| data.starts_with('{')).map(str::to_owned).collect()
}

/// What the client gets of them.
fn data(body: &str) -> Vec<String> {
    body.lines().filter_map(|line| line.strip_prefix("data: ")).map(str::to_owned).collect()
}

/// An app whose channel `a` speaks over a WebSocket to this address, before others over HTTP.
async fn app(url: &str, spare: &[&FakeUpstream]) -> TestApp {
    let app = TestApp::serving(spare).await;
    app.apply(&format!(
        "version = 1\n[[channel]]\nname = \"socket\"\nkind = \"openai\"\nbase_url = \"{url}\"\n\
         dialects = [\"responses\"]\npriority = 900\ngroups = [\"default\"]\n\
         credentials = [{{ name = \"k\", key = \"upstream-key-s\" }}]\nmodels = [\"m\"]\n\
         [channel.options]\nwebsocket = true\n"
    ))
    .await;
    app
}

fn call(input: &str) -> String {
    json!({ "model": "m", "stream": true, "store": false, "input": input }).to_string()
}

#[tokio::test]
async fn a_stream_is_the_events_of_a_turn_and_the_connection_is_kept_for_the_next() {
    let said = [Said::Events(events("Grüße, 世界.")), Said::Events(events("Again."))];
    let upstream = SocketUpstream::start(said).await;
    let app = app(&upstream.url(), &[&FakeUpstream::start().await]).await;
    let client = app.client().header("session-id", "s-1");
    let answer = client.post("/v1/responses", call("hi")).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    assert!(answer.header("content-type").starts_with("text/event-stream"));
    assert_eq!(data(&answer.text()), events("Grüße, 世界."), "to the letter");
    let again = client.post("/v1/responses", call("and again")).await;
    assert_eq!(data(&again.text()), events("Again."));

    let turns = upstream.turns();
    let expected = |input: &str| {
        json!({ "type": "response.create", "model": "m", "stream": true, "store": false,
                "input": input })
    };
    assert_eq!(turns, [(0, expected("hi")), (0, expected("and again"))]);
    let connections = upstream.connections();
    assert_eq!(connections.len(), 1, "one connection for both");
    assert_eq!(connections[0]["authorization"], "Bearer upstream-key-s");
    assert_eq!(connections[0]["session-id"], "s-1");
    assert_eq!(connections[0]["openai-beta"], "responses_websockets=2026-02-06");
    assert!(!connections[0].contains_key("content-type"));
    for record in app.wait_for_records(2).await {
        assert_eq!((record.status, record.usage), (200, Answer::USAGE));
        assert_eq!(record.certainty, Certainty::Measured);
        let trace = app.app().store().find_trace(record.id).await.unwrap().unwrap();
        assert_eq!(trace.edits[0].options, ["websocket"], "the trace says how it went");
    }
}

#[tokio::test]
async fn a_client_of_its_own_credential_or_session_gets_a_connection_of_its_own() {
    let said: Vec<_> = (0..2).map(|_| Said::Events(events("One."))).collect();
    let upstream = SocketUpstream::start(said).await;
    let app = app(&upstream.url(), &[&FakeUpstream::start().await]).await;
    for session in ["s-1", "s-2"] {
        let client = app.client().header("session-id", session);
        assert_eq!(client.post("/v1/responses", call("hi")).await.status, StatusCode::OK);
    }
    let connections = upstream.connections();
    let sessions: Vec<_> = connections.iter().map(|one| one["session-id"].clone()).collect();
    assert_eq!(sessions, ["s-1", "s-2"]);
}

#[tokio::test]
async fn where_a_call_stands_in_a_trace_makes_no_connection_of_its_own() {
    let said: Vec<_> = (0..3).map(|_| Said::Events(events("One."))).collect();
    let upstream = SocketUpstream::start(said).await;
    let app = app(&upstream.url(), &[&FakeUpstream::start().await]).await;
    let ask = async |metadata: &str, trace: &str| {
        let client = app.client().header("session-id", "s-1").header("traceparent", trace);
        let client = client.header("x-codex-turn-metadata", metadata);
        assert_eq!(client.post("/v1/responses", call("hi")).await.status, StatusCode::OK);
    };
    ask("turn-1", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01").await;
    ask("turn-1", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203332-01").await;
    assert_eq!(upstream.connections().len(), 1);
    // What tells the vendor of a turn is told, and stands in no event.
    ask("turn-2", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203333-01").await;
    assert_eq!(upstream.connections().len(), 2);
    assert_eq!(upstream.connections()[1]["x-codex-turn-metadata"], "turn-2");
}

#[tokio::test]
async fn a_client_that_comes_by_websocket_is_served_by_one() {
    let said = [Said::Events(events("One.")), Said::Events(events("Two."))];
    let upstream = SocketUpstream::start(said).await;
    let app = app(&upstream.url(), &[&FakeUpstream::start().await]).await;
    let mut socket = app.socket().await;
    let create =
        |input: &str| format!(r#"{{"type":"response.create","model":"m","input":{input}}}"#);
    let told = socket.turn(create(r#"[{"role":"user","content":"hi"}]"#)).await;
    assert_eq!(told, events("One."));
    assert_eq!(socket.turn(create(r#"[{"role":"user","content":"go on"}]"#)).await, events("Two."));
    let turns: Vec<usize> = upstream.turns().into_iter().map(|(number, _)| number).collect();
    assert_eq!(turns, [0, 0]);
}

#[tokio::test]
async fn an_error_before_the_first_event_is_judged_as_over_http_and_another_serves() {
    let error = json!({ "type": "error", "status": 429,
                        "error": { "type": "rate_limit_exceeded", "message": "slow down" },
                        "headers": { "retry-after": "7" } });
    let upstream = SocketUpstream::start([Said::Events(vec![error.to_string()])]).await;
    let spare = FakeUpstream::start().await;
    spare.says("Hello.");
    let app = app(&upstream.url(), &[&spare]).await;
    let answer = app.client().post("/v1/responses", call("hi")).await;
    assert!(answer.text().contains("Hello."), "{}", answer.text());
    let record = app.wait_for_records(1).await.remove(0);
    assert!(attempts(&record)[0].starts_with("429 "), "{:?}", attempts(&record));
    assert!(attempts(&record)[0].ends_with("rate_limited"), "{:?}", attempts(&record));
}

#[tokio::test]
async fn a_request_at_fault_is_told_to_the_client_as_it_came() {
    let error = json!({ "type": "error", "status": 400,
                        "error": { "type": "invalid_request_error", "message": "no such tool",
                                   "code": "bad_tool", "param": "tools" } });
    let upstream = SocketUpstream::start([Said::Events(vec![error.to_string()])]).await;
    let spare = FakeUpstream::start().await;
    let app = app(&upstream.url(), &[&spare]).await;
    let answer = app.client().post("/v1/responses", call("hi")).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{}", answer.text());
    assert_eq!(answer.json()["error"]["code"], "bad_tool");
    assert!(spare.requests().is_empty());
}

#[tokio::test]
async fn what_closes_in_the_middle_broke_off_and_what_says_nothing_is_passed_over() {
    let mut begun = events("One two three.");
    begun.truncate(begun.len() / 2);
    let upstream = SocketUpstream::start([Said::Cut(begun), Said::Cut(Vec::new())]).await;
    let spare = FakeUpstream::start().await;
    spare.says("Hello.");
    let app = app(&upstream.url(), &[&spare]).await;
    let answer = app.client().post("/v1/responses", call("hi")).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert!(!answer.text().contains("response.completed"), "{}", answer.text());
    let record = app.wait_for_records(1).await.remove(0);
    assert_eq!(record.cause, Some(Cause::Broken), "{record:#?}");
    assert!(spare.requests().is_empty(), "it had begun");

    let after = self::app(&upstream.url(), &[&spare]).await;
    let answer = after.client().post("/v1/responses", call("hi")).await;
    assert!(answer.text().contains("Hello."), "{}", answer.text());
}

#[tokio::test]
async fn a_client_that_leaves_takes_the_connection_with_it() {
    let mut begun = events("One two three.");
    begun.truncate(begun.len() / 2);
    let upstream = SocketUpstream::start([Said::Stalls(begun)]).await;
    let app = app(&upstream.url(), &[&FakeUpstream::start().await]).await;
    let mut answer = app.client().open(Method::POST, "/v1/responses", call("hi")).await;
    assert!(answer.next().await.is_some());
    drop(answer);
    upstream.wait_ended(1).await;
    let record = app.wait_for_records(1).await.remove(0);
    assert_eq!(record.cause, Some(Cause::ClientGone), "{record:#?}");
}

#[tokio::test]
async fn an_upstream_that_speaks_none_is_asked_over_http_and_whole_answers_always_are() {
    let plain = FakeUpstream::start().await;
    plain.for_path("/v1/responses").replies(realms_testkit::Reply::by(|received| {
        if received.method == "GET" {
            return realms_testkit::Reply::status(426);
        }
        realms_testkit::Reply::good()
    }));
    let app = app(&plain.url(), &[&FakeUpstream::start().await]).await;
    for _ in 0..2 {
        let answer = app.client().post("/v1/responses", call("hi")).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    }
    let methods: Vec<_> = plain.requests().iter().map(|one| one.method.to_string()).collect();
    assert_eq!(methods, ["GET", "POST", "POST"], "it is remembered");
    for record in app.wait_for_records(2).await {
        assert_eq!(attempts(&record).len(), 1, "it is one attempt");
    }

    let upstream = SocketUpstream::start([]).await;
    let spare = FakeUpstream::start().await;
    let whole = self::app(&upstream.url(), &[&spare]).await;
    let body: Value = json!({ "model": "m", "input": "hi" });
    whole.client().post("/v1/responses", body.to_string()).await;
    assert!(upstream.turns().is_empty(), "a whole answer comes over HTTP");
}

#[tokio::test]
async fn a_handshake_that_is_refused_is_no_fault_of_the_call() {
    // What of it lasts is remembered; what may pass is tried again.
    for (status, expected) in [
        (400, ["GET", "POST", "POST"].as_slice()),
        (403, &["GET", "POST", "GET", "POST"]),
        (429, &["GET", "POST", "GET", "POST"]),
        (503, &["GET", "POST", "GET", "POST"]),
    ] {
        let plain = FakeUpstream::start().await;
        plain.for_path("/v1/responses").replies(realms_testkit::Reply::by(move |received| {
            if received.method == "GET" {
                return realms_testkit::Reply::status(status);
            }
            realms_testkit::Reply::good()
        }));
        let app = app(&plain.url(), &[&FakeUpstream::start().await]).await;
        for _ in 0..2 {
            let answer = app.client().post("/v1/responses", call("hi")).await;
            assert_eq!(answer.status, StatusCode::OK, "{status}: {}", answer.text());
        }
        let methods: Vec<_> = plain.requests().iter().map(|one| one.method.to_string()).collect();
        assert_eq!(methods, expected, "{status}");
        for record in app.wait_for_records(2).await {
            assert_eq!(attempts(&record).len(), 1, "{status}: it is one attempt");
        }
    }
}

#[tokio::test]
async fn what_an_upstream_says_of_its_account_stays_here() {
    let mut said = events("Hello.");
    said.insert(0, r#"{"type":"codex.rate_limits","plan_type":"pro"}"#.to_owned());
    said.insert(2, r#"{"type":"codex.rate_limits","plan_type":"pro"}"#.to_owned());
    let upstream = SocketUpstream::start([Said::Events(said)]).await;
    let app = app(&upstream.url(), &[&FakeUpstream::start().await]).await;
    let answer = app.client().post("/v1/responses", call("hi")).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    assert!(answer.text().contains("response.completed"), "{}", answer.text());
    assert!(!answer.text().contains("plan_type"), "{}", answer.text());
}
