//! Accounts at a vendor: somebody logs in, calls go out with the account's token, the token is renewed,
//! and when it cannot be, somebody is told.

use std::fmt::Write as _;

use std::time::Duration;

use http::StatusCode;
use realms_testkit::{Answer, DEADLINE, FakeProvider, FakeUpstream, Reply};
use serde_json::{Value, json};

use crate::support::{Client, KEY, Said, SocketUpstream, TestApp, attempts};

const ADMIN: &str = "admin-key-of-the-stories";
const BODY: &str = r#"{"model":"m","input":"hi"}"#;

/// Realms with a `codex` channel without credentials, and perhaps a fallback behind it.
struct Scene {
    app: TestApp,
    provider: FakeProvider,
    vendor: FakeUpstream,
}

impl Scene {
    async fn start(fallback: Option<&FakeUpstream>) -> Self {
        let (provider, vendor) = (FakeProvider::start().await, FakeUpstream::start().await);
        let app = TestApp::start_at(&provider, &[("REALMS_ADMIN_API_KEY", ADMIN)]).await;
        let mut manifest = format!(
            "version = 1\n[[model]]\nname = \"m\"\nowner = \"maker\"\n\
             [[channel]]\nname = \"codex\"\nkind = \"codex\"\npriority = 100\n\
             base_url = \"{}/backend-api/codex\"\ncredentials = []\nmodels = [\"m\"]\n\
             [[user]]\nusername = \"ana\"\n[[api_key]]\nuser = \"ana\"\nname = \"laptop\"\nkey = \"{KEY}\"\n",
            vendor.url(),
        );
        if let Some(fallback) = fallback {
            write!(
                manifest,
                "[[channel]]\nname = \"fallback\"\nkind = \"openai\"\nbase_url = \"{}\"\n\
                 credentials = [{{ name = \"k\", key = \"upstream-key\" }}]\nmodels = [\"m\"]\n",
                fallback.url(),
            )
            .unwrap();
        }
        app.apply(&manifest).await;
        Self { app, provider, vendor }
    }

    fn admin(&self) -> Client {
        self.app.client().bearer(ADMIN)
    }

    /// Somebody logs in; the account as the console shows it.
    async fn log_in(&self, account: &str) -> Value {
        let begun = self.admin().post("/api/admin/accounts/log-in", r#"{"channel":"codex"}"#).await;
        assert_eq!(begun.status, StatusCode::OK, "{}", begun.text());
        let address = self.provider.log_in(begun.json()["url"].as_str().unwrap(), account);
        let body = json!({ "address": address }).to_string();
        let finished = self.admin().post("/api/admin/accounts/log-in/finish", body).await;
        assert_eq!(finished.status, StatusCode::CREATED, "{}", finished.text());
        finished.json()
    }

    async fn accounts(&self) -> Vec<Value> {
        let listed = self.admin().get("/api/admin/accounts").await;
        assert_eq!(listed.status, StatusCode::OK, "{}", listed.text());
        for secret in ["at-acc", "rt-acc", "code-"] {
            assert!(!listed.text().contains(secret), "{}", listed.text());
        }
        listed.json()["items"].as_array().unwrap().clone()
    }

    /// Waits until the only account is as it should be.
    async fn wait(&self, what: &str, enough: impl Fn(&Value) -> bool) -> Value {
        let end = tokio::time::Instant::now() + DEADLINE;
        loop {
            let account = self.accounts().await.remove(0);
            if enough(&account) {
                return account;
            }
            assert!(tokio::time::Instant::now() < end, "{what} never came: {account:#}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// What came to the channel's own path, not to that of its quota.
    fn calls(&self) -> Vec<realms_testkit::Received> {
        let is_call = |one: &realms_testkit::Received| one.path.ends_with("/responses");
        self.vendor.requests().into_iter().filter(is_call).collect()
    }

    fn keys(&self) -> Vec<String> {
        self.calls().iter().map(|call| call.key().to_owned()).collect()
    }
}

/// A stream whose last event has a response in a form that nobody would write again.
fn stream(response: &str) -> Reply {
    Reply::sse(format!(
        "event: response.created\ndata: {{\"type\":\"response.created\",\"response\":{{\"id\":\"resp_1\"}}}}\n\n\
         event: response.output_text.delta\ndata: {{\"type\":\"response.output_text.delta\",\"delta\":\"Hi\"}}\n\n\
         event: response.completed\ndata: {{\"type\":\"response.completed\",\"response\":{response}}}\n\n"
    ))
}

const RESPONSE: &str = r#"{ "id":"resp_1", "object":"response","status":"completed","model":"m-1","output":[{"type":"message","content":[{"type":"output_text","text":"Hi"}]}],"usage":{"input_tokens":10,"output_tokens":2,"total_tokens":12}, "odd":1.50 }"#;

#[tokio::test]
async fn somebody_logs_in_and_calls_go_out_as_that_account() {
    let scene = Scene::start(None).await;
    let before = scene.app.client().post("/v1/responses", BODY).await;
    assert_ne!(before.status, StatusCode::OK, "nobody has logged in");
    let account = scene.log_in("acc").await;
    assert_eq!(
        (&account["credential"], &account["state"], &account["plan"], &account["enabled"]),
        (&json!("acc@example.org"), &json!("active"), &json!("plus"), &json!(true))
    );
    assert!(account["next_refresh_at"].is_string(), "{account:#}");
    scene.vendor.for_path("/backend-api/codex/responses").replies(stream(RESPONSE));

    let body = r#"{"model":"m","input":"hi","temperature":0.2}"#;
    let client = scene.app.client().header("user-agent", "mine/1").header("session_id", "s-1");
    let answer = client.post("/v1/responses", body).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    assert_eq!(answer.text(), RESPONSE, "the last event's response, byte for byte");
    assert_eq!(answer.header("content-type"), "application/json");
    let call = scene.calls().remove(0);
    assert_eq!((call.key(), call.header("chatgpt-account-id")), ("at-acc-0-1", "acc"));
    assert_eq!((call.header("accept"), call.header("user-agent")), ("text/event-stream", "mine/1"));
    assert_eq!((call.header("session_id"), call.header("originator")), ("s-1", ""));
    let sent = call.json();
    assert_eq!((&sent["store"], &sent["stream"]), (&json!(false), &json!(true)));
    assert_eq!(sent["input"][0]["content"][0]["text"], "hi");
    assert!(sent.get("temperature").is_none() && sent.get("instructions").is_none(), "{sent}");
    let records = scene.app.wait_for_records(2).await;
    assert_eq!((records[1].outcome.as_str(), records[1].usage.input), ("ok", 10));
    assert!(records[1].object.is_none(), "the vendor keeps nothing");
    let path = format!("/api/admin/usage/{}", records[1].request_id);
    let trace = scene.admin().get(&path).await.json();
    assert!(trace.to_string().contains("\"path\":\"temperature\""), "{trace:#}");
    // Whoever asked for a stream gets it as it came.
    let asked = r#"{"model":"m","input":[],"stream":true}"#;
    let streamed = scene.app.client().post("/v1/responses", asked).await;
    assert_eq!(streamed.header("content-type"), "text/event-stream");
    assert!(streamed.text().contains("response.output_text.delta"), "{}", streamed.text());
    assert!(streamed.text().contains(RESPONSE));
    // What was done is in the audit log, without a token.
    let audit = scene.admin().get("/api/admin/audit").await.text();
    for known in ["account.log_in_begun", "account.log_in", "acc@example.org"] {
        assert!(audit.contains(known), "{known}: {audit}");
    }
    assert!(!audit.contains("rt-acc") && !audit.contains("at-acc"), "{audit}");
    // A document has no tokens, and its account stays when it is applied again.
    let exported = scene.admin().get("/api/admin/export").await.text();
    assert!(!exported.contains("at-acc") && !exported.contains("oauth-account"), "{exported}");
    let document = exported.replace("env:API_KEY_ANA_LAPTOP", KEY);
    scene.app.apply(&document).await;
    assert_eq!(scene.accounts().await.len(), 1);
}

#[tokio::test]
async fn a_conversation_goes_on_although_the_vendor_keeps_nothing() {
    const SEALED: &str = r#"{"id":"resp_1","object":"response","status":"completed","model":"m-1","store":false,"output":[{"type":"reasoning","id":"rs_1","summary":[],"encrypted_content":"gAAA"},{"type":"reasoning","id":"rs_2","summary":[]},{"type":"message","id":"msg_1","role":"assistant","content":[{"type":"output_text","text":"Hi"}]}]}"#;
    let scene = Scene::start(None).await;
    scene.log_in("acc").await;
    scene.app.apply("version = 1\n[settings]\nresponses_state = \"true\"\n").await;
    scene.vendor.for_path("/backend-api/codex/responses").replies(stream(SEALED));
    for streams in [false, true] {
        let body = json!({"model": "m", "input": "hi", "stream": streams}).to_string();
        let first = scene.app.client().post("/v1/responses", body).await;
        assert!(first.text().contains("\"store\":true"), "{}", first.text());
        let next = r#"{"model":"m","input":"go on","previous_response_id":"resp_1"}"#;
        let answer = scene.app.client().post("/v1/responses", next).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        assert_eq!(answer.json()["previous_response_id"], "resp_1");
        assert!(answer.header("x-realms-losses").contains("previous_response_id"));
        let sent = scene.calls().pop().unwrap().json();
        assert!(sent.get("previous_response_id").is_none(), "{sent}");
        let input = sent["input"].as_array().unwrap();
        assert_eq!(input.len(), 4, "a thought that only a keeper could open is left out: {sent}");
        assert_eq!(input[0]["content"][0]["text"], "hi");
        assert_eq!(input[1]["encrypted_content"], "gAAA", "it goes back to whose it is");
        assert!(input.iter().all(|item| item.get("id").is_none()), "{sent}");
        assert_eq!(input[3]["content"][0]["text"], "go on");
        // The answer above has the same id, so the next round begins anew.
        let deleted = scene.app.client().delete("/v1/responses/resp_1").await;
        assert_eq!(deleted.status, StatusCode::OK, "{}", deleted.text());
    }
}

#[tokio::test]
async fn clients_of_every_dialect_are_served_by_an_account() {
    let scene = Scene::start(None).await;
    scene.log_in("acc").await;
    scene.vendor.for_path("/backend-api/codex/responses").replies(stream(RESPONSE));
    for stream in [false, true] {
        for (path, body) in [
            (
                "/v1/chat/completions".to_owned(),
                json!({"model": "m", "stream": stream, "temperature": 0.2, "messages": [{"role": "user", "content": "hi"}]}),
            ),
            (
                "/v1/messages".to_owned(),
                json!({"model": "m", "stream": stream, "max_tokens": 900, "messages": [{"role": "user", "content": "hi"}]}),
            ),
            (
                format!(
                    "/v1beta/models/m:{}",
                    if stream { "streamGenerateContent?alt=sse" } else { "generateContent" }
                ),
                json!({"contents": [{"role": "user", "parts": [{"text": "hi"}]}]}),
            ),
        ] {
            let answer = scene.app.client().post(&path, body.to_string()).await;
            assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text());
            let kind = if stream { "text/event-stream" } else { "application/json" };
            assert_eq!(answer.header("content-type"), kind, "{path}");
            assert!(answer.text().contains("Hi"), "{path}: {}", answer.text());
            if !stream {
                answer.json();
            }
            let sent = scene.calls().pop().unwrap();
            assert_eq!((sent.key(), sent.header("accept")), ("at-acc-0-1", "text/event-stream"));
            let sent = sent.json();
            assert_eq!((&sent["store"], &sent["stream"]), (&json!(false), &json!(true)), "{path}");
            assert!(sent["input"].to_string().contains("hi"), "{sent}");
            for refused in ["max_output_tokens", "temperature", "instructions"] {
                assert!(sent.get(refused).is_none(), "{path}: {sent}");
            }
        }
    }
    // What the vendor does not take is told.
    let body = r#"{"model":"m","temperature":0.2,"messages":[{"role":"user","content":"hi"}]}"#;
    let answer = scene.app.client().post("/v1/chat/completions", body).await;
    assert_eq!(answer.header("x-realms-losses"), "dropped: temperature");
    let records = scene.app.wait_for_records(7).await;
    assert!(records.iter().all(|record| record.usage.input == 10 && record.outcome == "ok"));
    assert!(records.iter().all(|record| record.object.is_none()));
}

#[tokio::test]
async fn a_token_is_renewed_before_it_ends_and_calls_go_on() {
    let scene = Scene::start(None).await;
    scene.provider.expires_in(4);
    scene.log_in("acc").await;
    scene.provider.expires_in(3_600);
    let renewed = scene.wait("a refresh", |account| account["last_refreshed_at"].is_string()).await;
    assert_eq!((&renewed["state"], &renewed["last_error"]), (&json!("active"), &Value::Null));
    scene.app.app().follow().await.unwrap();
    let answer = scene.app.client().post("/v1/responses", BODY).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    assert_eq!(scene.keys(), ["at-acc-0-2"]);
    // By hand too.
    let path = format!("/api/admin/accounts/{}/refresh", renewed["id"].as_str().unwrap());
    let refreshed = scene.admin().post(&path, "").await;
    assert_eq!(refreshed.status, StatusCode::OK, "{}", refreshed.text());
    assert_eq!(refreshed.json()["outcome"], "renewed");
    scene.app.client().post("/v1/responses", BODY).await;
    assert_eq!(scene.keys(), ["at-acc-0-2", "at-acc-0-3"]);
    assert_eq!(scene.provider.reuses(), 0);
}

#[tokio::test]
async fn a_refused_token_is_renewed_while_the_call_goes_elsewhere() {
    let fallback = FakeUpstream::start().await;
    let scene = Scene::start(Some(&fallback)).await;
    scene.log_in("acc").await;
    scene.vendor.for_key("at-acc-0-1").replies(Reply::status(401));
    let answer = scene.app.client().post("/v1/responses", BODY).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    assert_eq!(fallback.requests().len(), 1);
    let record = scene.app.record().await;
    assert_eq!(attempts(&record), ["401 retried unauthorized", "200 accepted -"]);
    scene.wait("a refresh", |account| account["last_refreshed_at"].is_string()).await;
    // The new token is in force, and the account does not rest for its old one.
    let end = tokio::time::Instant::now() + DEADLINE;
    while !scene.keys().iter().any(|key| key == "at-acc-0-2") {
        assert!(tokio::time::Instant::now() < end, "{:?}", scene.keys());
        assert_eq!(scene.app.client().post("/v1/responses", BODY).await.status, StatusCode::OK);
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test]
async fn an_account_that_cannot_be_renewed_says_so_and_takes_no_calls() {
    let fallback = FakeUpstream::start().await;
    let scene = Scene::start(Some(&fallback)).await;
    let id = scene.log_in("acc").await["id"].as_str().unwrap().to_owned();
    scene.provider.revoke("acc");
    let path = format!("/api/admin/accounts/{id}/refresh");
    let refreshed = scene.admin().post(&path, "").await.json();
    assert_eq!(refreshed["outcome"], "needs_login", "{refreshed:#}");
    let account = scene.accounts().await.remove(0);
    assert_eq!((&account["state"], &account["cause"]), (&json!("needs_login"), &json!("refused")));
    assert!(account["last_error"].as_str().unwrap().contains("invalid_grant"), "{account:#}");
    assert_eq!(account.get("next_refresh_at"), None, "{account:#}");
    assert_eq!(scene.app.client().post("/v1/responses", BODY).await.status, StatusCode::OK);
    assert_eq!((scene.calls().len(), fallback.requests().len()), (0, 1));
    let again = scene.admin().post(&path, "").await;
    assert_eq!(again.status, StatusCode::CONFLICT, "{}", again.text());
    // Logging in again revives the same credential.
    assert_eq!(scene.log_in("acc").await["id"], json!(id));
    assert_eq!(scene.app.client().post("/v1/responses", BODY).await.status, StatusCode::OK);
    assert_eq!(scene.keys(), ["at-acc-1-1"]);
}

/// The event in which the vendor tells what is used of an account.
fn limits_event() -> String {
    let primary =
        json!({ "used_percent": 42.5, "window_minutes": 300, "reset_at": 4_000_000_000_i64 });
    let limits = json!({ "primary": primary, "secondary": null });
    json!({ "type": "codex.rate_limits", "plan_type": "plus", "rate_limits": limits }).to_string()
}

fn shows_limits(account: &Value) -> bool {
    let windows = account["quota"]["windows"].as_array();
    windows.is_some_and(|windows| {
        windows.iter().any(|one| one["used_ppm"] == 425_000 && one["window_seconds"] == 18_000)
    })
}

#[tokio::test]
async fn what_a_stream_tells_of_its_account_is_heard() {
    for body in [BODY, r#"{"model":"m","input":"hi","stream":true}"#] {
        let scene = Scene::start(None).await;
        scene.log_in("acc").await;
        let told = Reply::sse(format!(
            "event: codex.rate_limits\ndata: {}\n\n\
             event: response.completed\ndata: {{\"type\":\"response.completed\",\"response\":{RESPONSE}}}\n\n",
            limits_event(),
        ));
        scene.vendor.for_path("/backend-api/codex/responses").replies(told);
        let answer = scene.app.client().post("/v1/responses", body).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        scene.wait("the quota", shows_limits).await;
    }
}

#[tokio::test]
async fn what_a_connection_tells_of_its_account_is_heard_and_stays_here() {
    let created = r#"{"type":"response.created","response":{"id":"resp_1"}}"#.to_owned();
    let completed = format!(r#"{{"type":"response.completed","response":{RESPONSE}}}"#);
    let said = Said::Events(vec![limits_event(), created, completed]);
    let upstream = SocketUpstream::start([said]).await;
    let scene = Scene::start(None).await;
    scene
        .app
        .apply(&format!(
            "version = 1\n[[channel]]\nname = \"codex\"\n\
             base_url = \"{}/backend-api/codex\"\n[channel.options]\nwebsocket = true\n",
            upstream.url(),
        ))
        .await;
    scene.log_in("acc").await;
    let body = r#"{"model":"m","input":"hi","stream":true}"#;
    let answer = scene.app.client().post("/v1/responses", body).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    assert!(!answer.text().contains("plan_type"), "{}", answer.text());
    assert_eq!(answer.headers.get("x-codex-primary-used-percent"), None);
    scene.wait("the quota", shows_limits).await;
}

#[tokio::test]
async fn what_is_used_up_is_shown_and_rests_until_it_is_there_again() {
    let fallback = FakeUpstream::start().await;
    let scene = Scene::start(Some(&fallback)).await;
    scene.log_in("acc").await;
    let told = Reply::from(Answer::text("Hello."))
        .header("x-codex-primary-used-percent", "42.5")
        .header("x-codex-primary-window-minutes", "300")
        .header("x-codex-primary-reset-after-seconds", "600");
    scene.vendor.for_path("/backend-api/codex/responses").replies(told);
    let answer = scene.app.client().post("/v1/responses", BODY).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    assert_eq!(answer.headers.get("x-codex-primary-used-percent"), None);
    let heard = |account: &Value| {
        let windows = account["quota"]["windows"].as_array();
        windows.is_some_and(|windows| windows.iter().any(|one| one["used_ppm"] == 425_000))
    };
    let account = scene.wait("the quota", heard).await;
    assert_eq!(account["quota"]["windows"][0]["window_seconds"], 18_000);

    let report = json!({ "plan_type": "plus", "rate_limit": { "secondary_window": {
        "used_percent": 7, "limit_window_seconds": 604_800, "reset_after_seconds": 60 } },
        "credits": { "has_credits": true, "unlimited": false, "balance": "9.50" } });
    scene.vendor.for_path("/backend-api/wham/usage").replies(Reply::json(&report));
    let path = format!("/api/admin/accounts/{}/quota", account["id"].as_str().unwrap());
    let end = tokio::time::Instant::now() + DEADLINE;
    let polled = loop {
        // The pass at the start may have asked a moment ago.
        let polled = scene.admin().post(&path, "").await.json();
        if polled["asked"] == true {
            break polled;
        }
        assert!(tokio::time::Instant::now() < end, "{polled:#}");
        tokio::time::sleep(Duration::from_millis(200)).await;
    };
    let quota = &polled["account"]["quota"];
    assert_eq!(quota["credits"]["balance"], "9.50", "{polled:#}");
    assert_eq!(quota["windows"].as_array().unwrap().len(), 2, "{quota:#}");

    let used_up = json!({ "error": { "type": "usage_limit_reached",
        "message": "The usage limit has been reached", "resets_in_seconds": 1_800 } });
    scene
        .vendor
        .for_path("/backend-api/codex/responses")
        .replies(Reply::json(&used_up).with_status(429));
    let asked = scene.calls().len();
    for served in 1..4 {
        let answer = scene.app.client().post("/v1/responses", BODY).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        assert_eq!(fallback.requests().len(), served);
    }
    assert_eq!(scene.calls().len(), asked + 1, "it rests");
    let record = scene.app.wait_for_records(2).await.remove(1);
    assert_eq!(attempts(&record)[0], "429 retried exhausted");
}

#[tokio::test]
async fn what_goes_wrong_in_a_folded_stream_is_told_as_an_error() {
    let fallback = FakeUpstream::start().await;
    let scene = Scene::start(Some(&fallback)).await;
    scene.log_in("acc").await;
    let calls = scene.vendor.for_path("/backend-api/codex/responses");
    // The request is at fault: nobody else is asked.
    calls.replies(Reply::sse(
        "data: {\"type\":\"response.created\",\"response\":{\"id\":\"r\"}}\n\n\
         data: {\"type\":\"response.output_text.delta\",\"delta\":\"x\"}\n\n\
         data: {\"type\":\"response.failed\",\"response\":{\"id\":\"r\",\"status\":\"failed\",\"error\":\
         {\"code\":\"context_length_exceeded\",\"message\":\"Too long.\"}}}\n\n",
    ));
    let failed = scene.app.client().post("/v1/responses", BODY).await;
    assert_eq!(failed.status, StatusCode::BAD_REQUEST, "{}", failed.text());
    assert_eq!(failed.json()["error"]["code"], "context_length_exceeded");
    assert_eq!(fallback.requests().len(), 0);
    // It broke off half-way: nothing has gone out yet, so another answers.
    calls
        .replies(Reply::sse("data: {\"type\":\"response.output_text.delta\",\"delta\":\"x\"}\n\n"));
    let whole = scene.app.client().post("/v1/responses", BODY).await;
    assert_eq!(whole.status, StatusCode::OK, "{}", whole.text());
    assert_eq!(fallback.requests().len(), 1);
    // A compaction neither streams nor is folded.
    let compact = r#"{"model":"m","input":[{"role":"user","content":"x"}]}"#;
    scene.vendor.for_path("/backend-api/codex/responses/compact").replies(Reply::json(&json!({
        "id": "cmp_1", "output": [], "usage": { "input_tokens": 1, "output_tokens": 1 } })));
    let compacted = scene.app.client().post("/v1/responses/compact", compact).await;
    assert_eq!(compacted.status, StatusCode::OK, "{}", compacted.text());
    assert_eq!(scene.vendor.last().body, compact, "byte for byte");
}

#[tokio::test]
async fn log_ins_that_go_wrong_say_what_to_do_and_are_for_root_only() {
    let scene = Scene::start(None).await;
    let admin = scene.admin();
    let post = async |path: &str, body: Value| {
        admin.post(&format!("/api/admin/accounts/{path}"), body.to_string()).await
    };
    let finish = "log-in/finish";
    let denied = "http://localhost:1455/auth/callback?error=access_denied&state=x";
    for (path, body, status, says) in [
        ("log-in", json!({ "channel": "nope" }), 404, "there is no channel `nope`"),
        ("log-in", json!({ "channel": "codex", "credential": " " }), 422, "a name has"),
        (finish, json!({ "address": "hello" }), 422, "copy the whole address"),
        (finish, json!({ "address": denied }), 422, "access_denied"),
        (finish, json!({ "address": "?code=c&state=oauth_1" }), 410, "start again"),
        ("import", json!({ "channel": "codex", "refresh_token": "rt-canary" }), 422, "do not work"),
        ("cr_0000000000000/refresh", json!({}), 404, "there is no account"),
    ] {
        let refused = post(path, body).await;
        assert_eq!(refused.status.as_u16(), status, "{path}: {}", refused.text());
        assert!(refused.text().contains(says), "{path}: {}", refused.text());
        assert!(!refused.text().contains("canary"), "{path}: {}", refused.text());
    }
    let given = scene.provider.give("acc");
    let import =
        json!({ "channel": "codex", "credential": "k", "refresh_token": given["refresh_token"] });
    let imported = post("import", import).await;
    assert_eq!(imported.status, StatusCode::CREATED, "{}", imported.text());
    assert_eq!(imported.json()["email"], "acc@example.org");
    assert_eq!(scene.app.client().post("/v1/responses", BODY).await.status, StatusCode::OK);
    assert_eq!(scene.keys(), ["at-acc-0-2"], "proving it renewed it");
}
