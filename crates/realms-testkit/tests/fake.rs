//! The fake upstream and the tee, seen from outside: over plain sockets.
#![expect(clippy::unwrap_used, reason = "a test ends where something is not as it must be")]

use std::{net::SocketAddr, time::Duration};

use realms_testkit::{Answer, Cut, FakeUpstream, Gate, Reply, Tee, ToolCall};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// A client that sends bytes and reads what comes until the other side ends.
struct Client(TcpStream);

impl Client {
    async fn connect(address: SocketAddr) -> Self {
        Self(TcpStream::connect(address).await.unwrap())
    }

    async fn send(&mut self, method: &str, target: &str, headers: &str, body: &str) {
        let length = body.len();
        let request = format!(
            "{method} {target} HTTP/1.1\r\nhost: fake\r\n{headers}content-length: {length}\r\n\r\n{body}"
        );
        self.0.write_all(request.as_bytes()).await.unwrap();
    }

    /// Reads until the text has arrived.
    async fn read_until(&mut self, text: &str) -> String {
        let mut seen = Vec::new();
        while !String::from_utf8_lossy(&seen).contains(text) {
            assert_ne!(self.0.read_buf(&mut seen).await.unwrap(), 0, "ended before {text}");
        }
        String::from_utf8(seen).unwrap()
    }

    /// One whole reply with a content-length, on a connection of its own.
    async fn ask(fake: &FakeUpstream, method: &str, target: &str, body: &Value) -> (u16, Value) {
        Self::ask_with(fake, method, target, "", body).await
    }

    async fn ask_with(
        fake: &FakeUpstream,
        method: &str,
        target: &str,
        headers: &str,
        body: &Value,
    ) -> (u16, Value) {
        let mut client = Self::connect(fake.address()).await;
        client.send(method, target, headers, &body.to_string()).await;
        let head = client.read_until("\r\n\r\n").await;
        let (head, start) = head.split_once("\r\n\r\n").unwrap();
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
        let mut rest = vec![0; length.unwrap().parse::<usize>().unwrap() - start.len()];
        client.0.read_exact(&mut rest).await.unwrap();
        let body = start.to_owned() + str::from_utf8(&rest).unwrap();
        (head[9..12].parse().unwrap(), serde_json::from_str(&body).unwrap_or_default())
    }
}

#[tokio::test]
async fn every_dialect_gets_a_good_answer_unasked() {
    let fake = FakeUpstream::start().await;
    for (target, text) in [
        ("/v1/responses", "/output/0/content/0/text"),
        ("/v1/chat/completions", "/choices/0/message/content"),
        ("/v1/messages", "/content/0/text"),
        ("/v1beta/models/m:generateContent", "/candidates/0/content/parts/0/text"),
    ] {
        let (status, body) = Client::ask(&fake, "POST", target, &json!({"model": "m"})).await;
        assert_eq!(status, 200);
        assert_eq!(body.pointer(text).unwrap(), "Hello from the fake upstream.", "{target}");
    }
}

#[tokio::test]
async fn scripts_run_in_order_and_the_last_reply_stands() {
    let fake = FakeUpstream::start().await;
    fake.replies(429).then(503).then(Answer::text("Third."));
    fake.for_model("other").replies(401);
    let mut seen = Vec::new();
    for model in ["m", "other", "m", "m", "m"] {
        seen.push(Client::ask(&fake, "POST", "/v1/messages", &json!({"model": model})).await);
    }
    let statuses: Vec<_> = seen.iter().map(|(status, _)| *status).collect();
    assert_eq!(statuses, [429, 401, 503, 200, 200]);
    assert_eq!(seen[0].1["error"]["type"], "rate_limit_error");
    assert_eq!(seen[4].1["content"][0]["text"], "Third.");
}

#[tokio::test]
async fn it_keeps_what_it_was_asked() {
    let fake = FakeUpstream::start().await;
    let body = json!({"model": "m", "unknown": [1, 2]});
    Client::ask_with(&fake, "POST", "/v1/responses?x=1", "X-Api-Key: sk-up\r\n", &body).await;
    let seen = fake.wait_for(1).await.remove(0);
    assert_eq!((seen.path.as_str(), seen.query.as_str()), ("/v1/responses", "x=1"));
    assert_eq!(seen.body, body.to_string());
    assert!(seen.head.windows(9).any(|window| window == b"X-Api-Key"), "spelling is kept");
    assert_eq!(seen.key(), "sk-up");
    fake.wait_replied(0).await;
}

#[tokio::test]
async fn a_tool_turn_ends_when_the_result_comes_back() {
    let fake = FakeUpstream::start().await;
    let tool = ToolCall::function("weather", json!({"city": "Rome"}));
    fake.replies(Reply::tool_turn(tool, "It rains."));
    let ask = |messages: Value| json!({"model": "m", "messages": messages});
    let target = "/v1/chat/completions";
    let first = Client::ask(&fake, "POST", target, &ask(json!([{"role": "user"}]))).await.1;
    let call = &first["choices"][0]["message"]["tool_calls"][0];
    assert_eq!(call["function"]["arguments"], r#"{"city":"Rome"}"#);
    let result = json!([{"role": "tool", "tool_call_id": call["id"], "content": "rain"}]);
    let last = Client::ask(&fake, "POST", target, &ask(result)).await.1;
    assert_eq!(last["choices"][0]["message"]["content"], "It rains.");
}

#[tokio::test]
async fn a_stalled_stream_goes_on_when_its_gate_opens() {
    let fake = FakeUpstream::start().await;
    let gate = Gate::new();
    fake.replies(Reply::sse("data: 1\n\ndata: 2\n\n").stalls_before(1, &gate));
    let mut client = Client::connect(fake.address()).await;
    client.send("POST", "/v1/responses", "", "{}").await;
    let head = client.read_until("data: 1\n\n").await;
    assert!(head.contains("content-type: text/event-stream\r\n"));
    gate.reached(1).await;
    assert!(fake.last().replied.is_none());
    gate.open();
    client.read_until("data: 2\n\n\r\n0\r\n\r\n").await;
}

#[tokio::test]
async fn a_peer_that_leaves_is_noticed_at_once() {
    let fake = FakeUpstream::start().await;
    fake.replies(Reply::never());
    let mut client = Client::connect(fake.address()).await;
    client.send("POST", "/v1/messages", "", "{}").await;
    fake.wait_for(1).await;
    let left = tokio::time::Instant::now();
    drop(client);
    assert!(fake.wait_closed(0).await - left < Duration::from_secs(1));
}

#[tokio::test]
async fn cuts_reach_the_peer_as_end_or_as_reset() {
    let fake = FakeUpstream::start().await;
    fake.replies(Reply::sse("data: 1\n\ndata: 2\n\n").cut_after_bytes(12, Cut::Close))
        .then(Reply::good().cut_after_bytes(4, Cut::Reset))
        .then(Reply::hangs_up(Cut::Close))
        .then(Reply::raw("\0garbage"));
    let mut endings = Vec::new();
    for _ in 0..4 {
        let mut client = Client::connect(fake.address()).await;
        client.send("POST", "/v1/messages", "", "{}").await;
        let mut seen = Vec::new();
        let ended = client.0.read_to_end(&mut seen).await.map_err(|error| error.kind());
        endings.push((ended.is_ok(), String::from_utf8(seen).unwrap()));
    }
    assert!(endings[0].0 && endings[0].1.ends_with("9\r\ndata: 1\n\n\r\n3\r\ndat\r\n"));
    assert!(!endings[1].0, "a reset is an error");
    assert_eq!(endings[2], (true, String::new()));
    assert_eq!(endings[3], (true, "\0garbage".to_owned()));
}

#[tokio::test]
async fn stored_objects_live_until_they_are_deleted() {
    let fake = FakeUpstream::start().await;
    let made = Client::ask(&fake, "POST", "/v1/responses", &json!({"model": "m"})).await.1;
    let target = format!("/v1/responses/{}", made["id"].as_str().unwrap());
    let nothing = json!(null);
    assert_eq!(Client::ask(&fake, "GET", &target, &nothing).await, (200, made));
    let cancelled = Client::ask(&fake, "POST", &(target.clone() + "/cancel"), &nothing).await.1;
    assert_eq!(cancelled["status"], "cancelled");
    let items = Client::ask(&fake, "GET", &(target.clone() + "/input_items"), &nothing).await.1;
    assert_eq!(items["has_more"], false);
    assert_eq!(Client::ask(&fake, "DELETE", &target, &nothing).await.1["deleted"], true);
    assert_eq!(Client::ask(&fake, "GET", &target, &nothing).await.0, 404);
}

#[tokio::test]
async fn the_other_endpoints_answer_in_their_own_shape() {
    let fake = FakeUpstream::start().await;
    let ask = async |target, body| Client::ask(&fake, "POST", target, &body).await.1;
    let counted = ask("/v1/messages/count_tokens", json!({})).await;
    assert_eq!(counted["input_tokens"], Answer::USAGE.total_input());
    let counted = ask("/v1beta/models/m:countTokens", json!({})).await;
    assert_eq!(counted["totalTokens"], Answer::USAGE.total_input());
    let embedded = ask("/v1/embeddings", json!({"encoding_format": "base64"})).await;
    assert_eq!(embedded["data"][0]["embedding"], "AACAPgAAAL8AAIA/");
    let batch = ask("/v1/messages/batches", json!({"requests": []})).await;
    assert!(batch["results_url"].as_str().unwrap().starts_with(&fake.url()));
    assert_eq!(Client::ask(&fake, "POST", "/v1/nonsense", &json!({})).await.0, 404);
}

#[tokio::test]
async fn models_are_listed_in_the_shape_of_who_asks() {
    let fake = FakeUpstream::start().await;
    let nothing = json!(null);
    let list =
        async |headers| Client::ask_with(&fake, "GET", "/v1/models", headers, &nothing).await.1;
    assert_eq!(list("").await["data"][0]["object"], "model");
    assert_eq!(list("anthropic-version: 2023-06-01\r\n").await["data"][0]["type"], "model");
    assert_eq!(list("x-goog-api-key: k\r\n").await["models"][0]["name"], "models/gpt-5.2");
}

#[tokio::test]
async fn an_error_may_hide_behind_a_200() {
    let fake = FakeUpstream::start().await;
    fake.replies(Reply::status(529).with_status(200)).then(Reply::error_event_after(2, 529));
    let hidden = Client::ask(&fake, "POST", "/v1/messages", &json!({"model": "m"})).await;
    assert_eq!((hidden.0, &hidden.1["error"]["type"]), (200, &json!("overloaded_error")));
    let mut client = Client::connect(fake.address()).await;
    client.send("POST", "/v1/messages", "", r#"{"model": "m", "stream": true}"#).await;
    let stream = client.read_until("\r\n0\r\n\r\n").await;
    assert!(stream.contains("message_start") && stream.contains("event: error\ndata: {"));
}

#[tokio::test]
async fn a_stopped_upstream_refuses_connections() {
    let fake = FakeUpstream::start().await;
    fake.stop().await;
    assert!(TcpStream::connect(fake.address()).await.is_err());
}

#[tokio::test]
async fn a_tee_changes_nothing_and_keeps_what_the_client_sent() {
    let fake = FakeUpstream::start().await;
    let tee = Tee::before(fake.address()).await;
    let address = tee.url().strip_prefix("http://").unwrap().parse().unwrap();
    let mut client = Client::connect(address).await;
    for body in [r#"{"model":"a"}"#, r#"{"model":"b"}"#] {
        client.send("POST", "/v1/chat/completions", "", body).await;
        client.read_until("Hello from the fake upstream.").await;
    }
    let (sent, arrived) = (tee.requests(), fake.requests());
    assert_eq!(sent.len(), 2);
    for (sent, arrived) in sent.iter().zip(&arrived) {
        assert_eq!((&sent.head, &sent.body), (&arrived.head, &arrived.body));
    }
}
