//! What an operator has a channel do to its calls, seen by the upstream, the client and the record.

use http::{Method, StatusCode};
use realms_testkit::{Answer, FakeUpstream, Gate, Reply, frames_of};
use realms_types::{Cause, Certainty, DialectId, Exclusion};
use serde_json::{Value, json};

use crate::{
    relaying::calls,
    support::{TestApp, UPSTREAM_KEY, attempts},
};

const ADMIN: &str = "admin-key-of-the-stories";

/// An app with an operator's key whose channel `a` has these options (the body of a TOML table).
async fn app(upstreams: &[&FakeUpstream], options: &str) -> TestApp {
    let app = TestApp::start_with(&[("REALMS_ADMIN_API_KEY", ADMIN)]).await;
    app.serve(upstreams).await;
    set(&app, options).await;
    app
}

async fn set(app: &TestApp, options: &str) {
    app.apply(&format!("version = 1\n[[channel]]\nname = \"a\"\n[channel.options]\n{options}"))
        .await;
}

/// The options that were at work, attempt by attempt.
async fn edits(app: &TestApp) -> Vec<String> {
    let record = app.wait_for_records(1).await.remove(0);
    let trace = app.app().store().find_trace(record.id).await.unwrap().unwrap();
    trace.edits.iter().map(|one| format!("{} {}", one.attempt, one.options.join(" "))).collect()
}

/// The call of a dialect.
fn call(dialect: DialectId, model: &str, stream: bool) -> (String, String) {
    let all = calls(model, stream);
    let (_, path, body) = all.into_iter().find(|(one, ..)| *one == dialect).unwrap();
    (path, body)
}

#[tokio::test]
async fn a_system_prompt_goes_in_and_every_other_byte_stays() {
    let text = "system_prompt = { text = \"Be brief.\" }\n";
    for (dialect, path, body) in calls("alias", true) {
        let upstream = FakeUpstream::start().await;
        let app = app(&[&upstream], text).await;
        let answer = app.client().post(&path, body.clone()).await;
        assert_eq!(answer.status, StatusCode::OK, "{dialect} {}", answer.text());
        let renamed = body.replace("alias", "real-name");
        let expected = match dialect {
            DialectId::Responses => renamed.replace("] }", "],\"instructions\":\"Be brief.\" }"),
            DialectId::Chat => renamed.replace(
                "[{\"role\":\"user\"",
                "[{\"role\":\"system\",\"content\":\"Be brief.\"},{\"role\":\"user\"",
            ),
            DialectId::Messages => {
                renamed.replace("\"stream\":true}", "\"stream\":true,\"system\":\"Be brief.\"}")
            }
            DialectId::Gemini => renamed.replace(
                "\"hi\"}]}]}",
                "\"hi\"}]}],\"systemInstruction\":{\"parts\":[{\"text\":\"Be brief.\"}]}}",
            ),
        };
        assert_ne!(expected, renamed);
        assert_eq!(upstream.last().body, expected, "{dialect}");
        assert_eq!(edits(&app).await, ["0 system_prompt"], "{dialect}");
    }
}

#[tokio::test]
async fn options_that_say_nothing_of_the_body_pass_it_untouched() {
    for (dialect, path, body) in calls("m", false) {
        let upstream = FakeUpstream::start().await;
        let app = app(&[&upstream], "remark = \"r\"\ntags = [\"x\"]\n").await;
        app.client().post(&path, body.clone()).await;
        assert_eq!(upstream.last().body, body, "{dialect}");
        assert!(edits(&app).await.is_empty());
    }
}

#[tokio::test]
async fn body_model_and_headers_are_shaped_in_one_go() {
    let upstream = FakeUpstream::start().await;
    let options = r#"
        store = "force_false"
        organization = "org-1"
        effort_suffix = {}
        model_rules = [{ match = "regex", pattern = "real-(.*)", to = "other-$1-high" }]
        body = { deny = ["x_unknown"] }
        params = { overrides = { temperature = 0.5 } }
        headers = { set = { x-who = "{user}", x-upstream-key = "{api_key}", x-agent = "{client_header:user-agent}" }, remove = ["x-app"] }
    "#;
    let app = app(&[&upstream], options).await;
    let client =
        app.client().header("x-app", "cli").header("user-agent", "curl/8").header("x-stays", "1");
    let (path, body) = call(DialectId::Responses, "alias", true);
    let answer = client.post(&path, body).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    let received = upstream.last();
    assert_eq!(
        received.body,
        r#"{ "model" :"other-name","input":"hi","stream":true,"reasoning":{"effort":"high"},"store":false,"temperature":0.5 }"#
    );
    let headers = ["x-who", "x-upstream-key", "x-agent", "x-stays", "openai-organization", "x-app"];
    let seen = headers.map(|name| received.header(name).to_owned());
    assert_eq!(seen, ["ana", UPSTREAM_KEY, "curl/8", "1", "org-1", ""]);
    assert_eq!(received.key(), UPSTREAM_KEY);
    let record = app.record().await;
    assert_eq!(record.upstream_model.as_deref(), Some("other-name"));
    let expected = "0 organization headers model_rules effort_suffix store body params";
    assert_eq!(edits(&app).await, [expected]);
}

#[tokio::test]
async fn a_body_that_passes_through_keeps_even_the_name_of_the_model() {
    let upstream = FakeUpstream::start().await;
    let app = app(&[&upstream], "pass_through_body = true\n").await;
    let (path, body) = call(DialectId::Chat, "alias", false);
    app.client().post(&path, body.clone()).await;
    assert_eq!(upstream.last().body, body);
    assert_eq!(edits(&app).await, ["0 pass_through_body"]);
}

#[tokio::test]
async fn a_call_in_the_fast_lane_goes_where_that_is_offered() {
    let (slow, fast) = (FakeUpstream::start().await, FakeUpstream::start().await);
    let app = app(&[&slow, &fast], "fast_mode = false\n").await;
    let body = r#"{"model":"m","messages":[],"service_tier":"priority"}"#;
    let answer = app.client().post("/v1/chat/completions", body).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    assert_eq!((slow.requests().len(), fast.last().body.as_ref()), (0, body.as_bytes()));
    let record = app.wait_for_records(1).await.remove(0);
    let trace = app.app().store().find_trace(record.id).await.unwrap().unwrap();
    let reasons: Vec<_> =
        trace.decision.unwrap().considered.iter().filter_map(|one| one.excluded).collect();
    assert_eq!(reasons, [Exclusion::FastMode]);
    app.client().post("/v1/chat/completions", r#"{"model":"m","messages":[]}"#).await;
    assert_eq!(slow.requests().len(), 1, "an ordinary call goes there");
}

#[tokio::test]
async fn reasoning_moves_into_the_content() {
    for stream in [false, true] {
        let upstream = FakeUpstream::start().await;
        let reasoned = Answer::text("Four.").with_reasoning("Two and two.");
        upstream.replies(Reply::from(reasoned).in_pieces_of(5));
        let app = app(&[&upstream], "thinking_to_content = true\n").await;
        let (path, body) = call(DialectId::Chat, "m", stream);
        let answer = app.client().post(&path, body).await;
        let text = answer.text();
        assert!(!text.contains("reasoning_content"), "{text}");
        let said = if stream {
            let frames = frames_of(&answer.body);
            let data = frames.iter().filter_map(|frame| {
                let text = String::from_utf8(frame.to_vec()).unwrap();
                serde_json::from_str::<Value>(text.trim().strip_prefix("data: ")?).ok()
            });
            let delta = |chunk: Value| {
                let content = &chunk["choices"][0]["delta"]["content"];
                content.as_str().unwrap_or_default().to_owned()
            };
            data.map(delta).collect::<String>()
        } else {
            answer.json()["choices"][0]["message"]["content"].as_str().unwrap().to_owned()
        };
        assert_eq!(said, "<think>Two and two.</think>Four.", "stream: {stream}");
        assert_eq!(answer.status, StatusCode::OK);
        let record = app.wait_for_records(1).await.remove(0);
        assert_eq!(record.certainty, Certainty::Measured);
    }
}

#[tokio::test]
async fn an_error_wears_the_status_of_the_map() {
    let upstream = FakeUpstream::start().await;
    upstream.replies(Reply::status(400));
    let app = app(&[&upstream], "status_codes = { \"400\" = 422 }\n").await;
    let (path, body) = call(DialectId::Messages, "m", false);
    let answer = app.client().post(&path, body).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", answer.text());
    assert_eq!(answer.json()["type"], "error", "{}", answer.text());
    assert_eq!(app.record().await.status, 422);
}

#[tokio::test]
async fn an_answer_that_is_drained_is_measured() {
    for drain in [false, true] {
        let upstream = FakeUpstream::start().await;
        let gate = Gate::new();
        // More than any buffer on the way holds, so that the client is missed before the end.
        let long = Answer::text("").in_deltas((0..3_000).map(|number| format!("{number} ")));
        let usage = long.usage();
        upstream.replies(Reply::from(long).stalls_before(4, &gate));
        let options = if drain { "on_disconnect = \"drain\"\n" } else { "remark = \"r\"\n" };
        let app = app(&[&upstream], options).await;
        let (path, body) = call(DialectId::Chat, "m", true);
        let mut answer = app.client().open(Method::POST, &path, body).await;
        answer.next().await.unwrap();
        drop(answer);
        if drain {
            gate.open();
        }
        let record = app.wait_for_records(1).await.remove(0);
        assert_eq!(
            (record.outcome.as_str(), record.cause),
            ("client_gone", Some(Cause::ClientGone))
        );
        let expected = if drain { Certainty::Measured } else { Certainty::Estimated };
        assert_eq!(record.certainty, expected, "drain: {drain}");
        if drain {
            assert_eq!(record.usage.output, usage.output);
            upstream.wait_replied(0).await;
        }
        gate.open();
    }
}

#[tokio::test]
async fn a_channel_that_fails_too_often_is_switched_off_and_that_is_in_the_log() {
    let (bad, good) = (FakeUpstream::start().await, FakeUpstream::start().await);
    bad.replies(Reply::status(401));
    let app = app(&[&bad, &good], "auto_disable = { after = 1 }\n").await;
    let (path, body) = call(DialectId::Chat, "m", false);
    let answer = app.client().post(&path, body).await;
    assert_eq!(answer.status, StatusCode::OK);
    let record = app.wait_for_records(1).await.remove(0);
    assert_eq!(attempts(&record), ["401 retried unauthorized", "200 accepted -"]);
    let deadline = tokio::time::Instant::now() + realms_testkit::DEADLINE;
    let store = app.app().store();
    while store.read().find_channel_by_name("a").await.unwrap().unwrap().enabled {
        assert!(tokio::time::Instant::now() < deadline, "it was never switched off");
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    let page = store.read().list_audit(&realms_store::AuditFilter::default()).await.unwrap();
    let entry = page.records.iter().find(|one| one.actor == realms_store::Actor::system()).unwrap();
    assert_eq!((entry.action.as_str(), entry.object.as_deref()), ("channel.update", Some("a")));
    let after: Vec<_> = entry.changes.iter().filter_map(|one| one.after.as_deref()).collect();
    assert_eq!(after, ["false", "1 × unauthorized"]);
}

#[tokio::test]
async fn rules_about_errors_decide_what_the_client_reads() {
    let upstream = FakeUpstream::start().await;
    let error = |message: &str| json!({ "error": { "message": message, "type": "invalid_request_error", "param": null, "code": null } });
    let app = app(&[&upstream], "remark = \"r\"\n").await;
    app.apply(
        "version = 1\n\
         [[error_rule]]\nname = \"long\"\npriority = 9\nmatch = { contains = \"TOO LONG\" }\n\
         then = { status = 413, message = \"Start a new conversation.\" }\n\
         [[error_rule]]\nname = \"rest\"\nmatch = { status = [500], channels = [\"a\"] }\n\
         then = { hide = true, skip_health = true }\n",
    )
    .await;
    let (path, body) = call(DialectId::Chat, "m", false);
    upstream.replies(Reply::json(&error("the prompt is too long")).with_status(400));
    let answer = app.client().post(&path, body.clone()).await;
    assert_eq!(answer.status.as_u16(), 413, "{}", answer.text());
    assert_eq!(answer.json()["error"]["message"], "Start a new conversation.");

    upstream.replies(Reply::json(&error("another mistake")).with_status(400));
    let answer = app.client().post(&path, body.clone()).await;
    assert_eq!(answer.json(), error("another mistake"), "what no rule matches stays as it is");

    upstream.replies(Reply::json(&error("canary-host is down")).with_status(500));
    let answer = app.client().post(&path, body).await;
    assert!(answer.status.is_server_error() && !answer.text().contains("canary"));
    assert!(answer.text().contains("could not answer"), "{}", answer.text());
    let record = app.wait_for_records(3).await.pop().unwrap();
    assert!(record.attempts[0].detail.as_deref().unwrap().contains("(rule `rest`)"));
    // A second 500 in a row would rest the endpoint, were it not for the rule.
    let status = app.client().bearer(ADMIN).get("/api/admin/channel-status").await.json();
    let endpoint = &status["items"][0]["endpoints"][0];
    assert!(endpoint.is_object() && endpoint.get("cause").is_none(), "{status}");
}

#[tokio::test]
async fn a_request_is_tried_without_being_sent() {
    let upstream = FakeUpstream::start().await;
    let options =
        "store = \"drop\"\nheaders = { set = { x-token = \"canary-0123\", x-a = \"{user}\" } }\n";
    let app = app(&[&upstream], options).await;
    let operator = app.client().bearer(ADMIN);
    let request = json!({
        "dialect": "chat", "body": r#"{"model":"alias", "store":true,"messages":[]}"#,
        "headers": { "x-mine": "1", "authorization": "Bearer client-secret" },
    });
    let answer = operator.post("/api/admin/channels/a/shape", request.to_string()).await;
    let shaped = answer.json();
    assert_eq!(answer.status, StatusCode::OK, "{shaped}");
    assert_eq!(shaped["body"], r#"{"model":"real-name","messages":[]}"#);
    assert_eq!(shaped["edits"], json!(["headers", "store"]));
    assert_eq!(shaped["target"], format!("POST {}/v1/chat/completions", upstream.url()));
    let text = shaped.to_string();
    assert!(text.contains("Bearer ********"), "{text}");
    for secret in ["canary", UPSTREAM_KEY, "client-secret"] {
        assert!(!text.contains(secret), "{secret} in {text}");
    }

    let request = json!({
        "dialect": "messages", "body": r#"{"model":"x","max_tokens":1,"speed":"fast"}"#,
        "options": { "fast_mode": false, "body": { "deny": ["model"] } },
    });
    let refused = operator.post("/api/admin/channels/shape", request.to_string()).await.json();
    assert_eq!(refused["refused"][0]["field"], "body.deny.0", "{refused}");
    assert!(refused.get("body").is_none());
    let request = json!({
        "dialect": "messages", "body": r#"{"model":"x","max_tokens":1,"speed":"fast"}"#,
        "options": { "fast_mode": false }, "kind": "anthropic",
    });
    let excluded = operator.post("/api/admin/channels/shape", request.to_string()).await.json();
    assert_eq!(excluded["excluded"], "fast_mode", "{excluded}");
    assert!(upstream.requests().is_empty(), "nothing was sent");
}

#[tokio::test]
async fn options_are_shown_changed_and_logged_without_their_secrets() {
    let upstream = FakeUpstream::start().await;
    let options = "headers = { set = { x-token = \"canary-0123\" } }\nstore = \"drop\"\n";
    let app = app(&[&upstream], options).await;
    let operator = app.client().bearer(ADMIN);
    let shown = operator.get("/api/admin/channels/a").await;
    assert_eq!(shown.json()["options"]["headers"]["set"]["x-token"], "(set)");
    // What was read is written back: the value stays, whatever else changes.
    let put = json!({ "name": "a", "options": {
        "headers": { "set": { "x-token": "(set)" } }, "tags": ["blue"],
    } });
    let written = operator.call(Method::PUT, "/api/admin/channels/a", put.to_string().into()).await;
    assert_eq!(written.status, StatusCode::OK, "{}", written.text());
    let (path, body) = call(DialectId::Chat, "m", false);
    app.client().post(&path, body).await;
    assert_eq!(upstream.last().header("x-token"), "canary-0123");

    let wrong = json!({ "name": "a", "options": { "headers": { "set": { "host": "x" } } } });
    let wrong = operator.call(Method::PUT, "/api/admin/channels/a", wrong.to_string().into()).await;
    assert!(wrong.text().contains("options.headers.set.host"), "{}", wrong.text());
    let moved = json!({ "name": "a", "base_url": "http://127.0.0.1:1/",
        "credentials": [{ "name": "k", "key": "given-again" }] });
    let moved = operator.call(Method::PUT, "/api/admin/channels/a", moved.to_string().into()).await;
    assert!(moved.text().contains("secret value of a header"), "{}", moved.text());

    let log = operator.get("/api/admin/audit").await.text();
    let export = operator.get("/api/admin/export").await.text();
    for text in [&log, &export, &shown.text()] {
        assert!(!text.contains("canary"), "{text}");
    }
    assert!(log.contains("options.store") && log.contains("options.tags"), "{log}");
    assert!(export.contains("x-token = \"(set)\""), "{export}");
}
