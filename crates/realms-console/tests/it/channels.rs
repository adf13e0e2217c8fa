//! Setting channels up, testing them, seeing how they are.

use realms_scheduler::Target;
use realms_testkit::{Answer, FakeUpstream, Reply};
use realms_types::{Cause, Timestamp, Verdict};
use serde_json::{Value, json};

use crate::{
    desk::CANARY,
    face::{Answer as Told, Face},
};

/// A channel `a` that leads to the vendor, with two models and two credentials.
async fn serving(vendor: &FakeUpstream) -> Face {
    let face = Face::open().await;
    let channel = json!({
        "name": "a", "kind": "openai", "base_url": vendor.url(), "dialects": ["chat"],
        "credentials": [{"name": "k1", "key": format!("{CANARY}-1")}, {"name": "k2", "key": format!("{CANARY}-2")}],
        "models": ["m", {"name": "alias", "upstream": "gpt-5.2"}],
    });
    face.put("/api/admin/channels/a", &channel.to_string()).await.ok(201);
    let model = r#"{"name": "m", "input_usd_per_1m": "1", "output_usd_per_1m": "2"}"#;
    face.put("/api/admin/models/m", model).await.ok(200);
    face
}

/// The events of a stream: their names and their data.
fn events(told: &Told) -> Vec<(String, Value)> {
    assert_eq!(told.headers["content-type"], "text/event-stream");
    let blocks = told.text.split("\n\n").filter(|block| block.starts_with("event:"));
    blocks
        .map(|block| {
            let (event, data) = block.split_once('\n').unwrap();
            let data = data.strip_prefix("data: ").unwrap();
            let name = event.strip_prefix("event: ").unwrap();
            (name.to_owned(), serde_json::from_str(data).unwrap())
        })
        .collect()
}

fn results(told: &Told) -> Vec<Value> {
    let results = events(told).into_iter().filter(|(name, _)| name == "result");
    results.map(|(_, data)| data).collect()
}

#[tokio::test]
async fn every_chosen_model_is_tested_with_every_credential() {
    let vendor = FakeUpstream::start().await;
    vendor.says("ok");
    let face = serving(&vendor).await;
    let told = face.post("/api/admin/channels/a/test", "{}").await;
    assert_eq!(told.headers["cache-control"], "no-cache");
    let results = results(&told);
    assert_eq!(results.len(), 4);
    for result in &results {
        assert_eq!((&result["ok"], &result["status"]), (&json!(true), &json!(200)), "{result}");
        assert_eq!(result["dialect"], "chat");
        assert_eq!(result["text"], "ok");
        assert_eq!(result["model_mismatch"], false);
        let asked = if result["model"] == "m" { "m" } else { "gpt-5.2" };
        assert_eq!(result["upstream_model"], asked);
        assert_eq!(result.get("cost_usd").is_some(), result["model"] == "m", "{result}");
    }
    let events = events(&told);
    let phases: Vec<_> = events
        .iter()
        .filter(|(name, data)| {
            name == "phase" && data["model"] == "m" && data["credential"] == "k1"
        })
        .map(|(_, data)| data["phase"].as_str().unwrap())
        .collect();
    assert_eq!(phases, ["dns", "connect", "headers", "first_event", "end"]);
    let (last, done) = events.last().unwrap();
    assert_eq!((last.as_str(), done), ("done", &json!({"tested": 4, "ok": 4, "failed": 0})));
    assert!(!told.text.contains(CANARY), "{}", told.text);

    let one = r#"{"models": ["alias"], "credential": "k2"}"#;
    let told = face.post("/api/admin/channels/a/test", one).await;
    assert_eq!(self::results(&told).len(), 1);
    assert_eq!(vendor.last().key(), format!("{CANARY}-2"));
    // Nothing of this is usage.
    assert_eq!(face.get("/api/admin/usage").await.ok(200)["items"], json!([]));
}

#[tokio::test]
async fn what_cannot_be_tested_is_refused_with_its_reason() {
    let vendor = FakeUpstream::start().await;
    let face = serving(&vendor).await;
    for (body, part) in [
        (r#"{"models": ["nope"]}"#, "does not serve `nope`"),
        (r#"{"credential": "nope"}"#, "has none like this"),
        (r#"{"dialect": "messages"}"#, "does not speak messages"),
    ] {
        let told = face.post("/api/admin/channels/a/test", body).await;
        assert_eq!(told.problem(422), "invalid");
        assert!(told.text.contains(part), "{}", told.text);
    }
    assert_eq!(face.post("/api/admin/channels/nope/test", "{}").await.problem(404), "not_found");
    assert!(vendor.requests().is_empty());
}

#[tokio::test]
async fn a_failed_test_rests_nothing_and_a_good_one_ends_a_rest() {
    let vendor = FakeUpstream::start().await;
    vendor.replies(Reply::status(401)).then(Answer::text("ok"));
    let face = serving(&vendor).await;
    let one = r#"{"models": ["m"], "credential": "k1"}"#;
    let told = face.post("/api/admin/channels/a/test", one).await;
    assert_eq!(results(&told)[0]["failure"]["code"], "unauthorized");
    let status = face.get("/api/admin/channel-status").await.ok(200);
    assert_eq!(status["items"][0]["state"], "serving");

    // A rest that began before the test.
    let catalog = face.live.snapshot();
    let channel = catalog.channels().next().unwrap().clone();
    let credential = channel.credentials.iter().find(|one| one.name == "k1").unwrap();
    let candidate = face.candidate("m", "k1");
    let limited = Verdict::Retry {
        scope: realms_types::Scope::Credential,
        cause: Cause::RateLimited,
        until: Some(face.desk.editor.clock.now() + std::time::Duration::from_hours(1)),
    };
    let now = face.desk.editor.clock.now();
    face.relay.health.report(&candidate, limited, now, now);
    let status = face.get("/api/admin/channel-status").await.ok(200);
    assert_eq!(status["items"][0]["state"], "degraded");
    assert_eq!(status["items"][0]["reason"], "credentials_resting");
    assert_eq!(status["items"][0]["cause"], "rate_limited");

    let told = face.post("/api/admin/channels/a/test", one).await;
    assert_eq!(results(&told)[0]["ok"], true);
    assert_eq!(face.relay.health.find(Target::Credential(credential.id)), None);
}

#[tokio::test]
async fn how_tests_went_is_kept_page_by_page() {
    let vendor = FakeUpstream::start().await;
    vendor.replies(Reply::status(401)).then(Answer::text("ok"));
    let face = serving(&vendor).await;
    let history = "/api/admin/channels/a/tests";
    assert_eq!(face.get(history).await.ok(200), json!({"items": []}));
    let one = r#"{"models": ["alias"], "credential": "k1"}"#;
    face.post("/api/admin/channels/a/test", one).await;
    face.post("/api/admin/channels/a/test", one).await;

    let page = face.get(&format!("{history}?limit=1")).await.ok(200);
    let newest = &page["items"][0];
    for (field, expected) in [
        ("trigger", json!("manual")),
        ("depth", json!("test")),
        ("dialect", json!("chat")),
        ("model", json!("alias")),
        ("upstream_model", json!("gpt-5.2")),
        ("answered_model", json!("gpt-5.2")),
        ("endpoint", json!(vendor.url())),
        ("credential", json!("k1")),
        ("streamed", json!(true)),
        ("status", json!(200)),
        ("outcome", json!("ok")),
        ("usage_seen", json!({"input": 105, "output": 17})),
        ("findings", json!([])),
    ] {
        assert_eq!(newest[field], expected, "{field}: {newest}");
    }
    assert!(newest["first_event_us"].as_i64() <= newest["duration_us"].as_i64(), "{newest}");
    let next = page["next"].as_str().unwrap();
    let page = face.get(&format!("{history}?limit=5&cursor={next}")).await.ok(200);
    assert_eq!(page["items"].as_array().unwrap().len(), 1);
    let first = &page["items"][0];
    assert_eq!(
        (&first["outcome"], &first["cause"], &first["status"]),
        (&json!("failed"), &json!("unauthorized"), &json!(401))
    );
    assert!(first["detail"].as_str().is_some_and(|detail| !detail.contains(CANARY)), "{first}");

    assert_eq!(face.get(&format!("{history}?cursor=x")).await.problem(400), "malformed");
    assert_eq!(face.get(&format!("{history}?limit=0")).await.problem(400), "malformed");
    assert_eq!(face.get("/api/admin/channels/nope/tests").await.problem(404), "not_found");
    // A credential that is gone leaves its tests behind.
    let without = json!({"name": "a", "kind": "openai", "base_url": vendor.url(), "dialects": ["chat"],
        "credentials": [{"name": "k2", "key": format!("{CANARY}-2")}], "models": ["m"]});
    face.put("/api/admin/channels/a", &without.to_string()).await.ok(200);
    let page = face.get(history).await.ok(200);
    assert_eq!(page["items"].as_array().unwrap().len(), 2);
    assert_eq!(page["items"][0].get("credential"), None);
}

#[tokio::test]
async fn a_reader_that_leaves_ends_the_test() {
    let vendor = FakeUpstream::start().await;
    vendor.replies(Reply::never());
    let face = serving(&vendor).await;
    let body = r#"{"models": ["m"], "credential": "k1"}"#;
    let response = face.begin("/api/admin/channels/a/test", body).await;
    vendor.wait_for(1).await;
    drop(response);
    vendor.wait_closed(0).await;
}

#[tokio::test]
async fn an_upstream_is_probed_before_it_is_saved() {
    let vendor = FakeUpstream::start().await;
    vendor.says("ok");
    let face = Face::open().await;
    let body = json!({"kind": "openai", "base_url": vendor.url(), "key": CANARY});
    let told = face.post("/api/admin/channels/probe", &body.to_string()).await;
    let result = &results(&told)[0];
    assert_eq!((&result["ok"], &result["model"]), (&json!(true), &json!("gpt-5.2")), "{result}");
    assert_eq!(vendor.requests()[0].path, "/v1/models", "it is asked what it has");
    assert!(!told.text.contains(CANARY), "{}", told.text);

    let named = json!({"kind": "anthropic", "base_url": vendor.url(), "key": CANARY,
        "models": ["x", "y"], "dialect": "messages"});
    let told = face.post("/api/admin/channels/probe", &named.to_string()).await;
    assert_eq!(results(&told).len(), 2);
    assert_eq!(vendor.last().path, "/v1/messages");

    vendor.replies(401);
    let told = face.post("/api/admin/channels/probe", &body.to_string()).await;
    let failure = &results(&told)[0]["failure"];
    assert_eq!(failure["code"], "unauthorized");
    let blocked = json!({"kind": "openai", "base_url": "http://10.9.8.7:8080/v1", "key": CANARY,
        "models": ["x"]});
    let told = face.post("/api/admin/channels/probe", &blocked.to_string()).await;
    let failure = &results(&told)[0]["failure"];
    assert_eq!(failure["code"], "blocked_address");
    assert_eq!(
        failure["fix"],
        json!({"allow_private": "10.9.8.7/32", "setting": "REALMS_OUTBOUND_ALLOW_PRIVATE"})
    );
    for base_url in ["", "ftp://a.example", "nonsense"] {
        let body = json!({"kind": "openai", "base_url": base_url, "key": CANARY});
        let told = face.post("/api/admin/channels/probe", &body.to_string()).await;
        assert_eq!(told.problem(422), "invalid");
        assert!(!told.text.contains(CANARY));
    }
}

#[tokio::test]
async fn whatever_is_pasted_is_told_apart() {
    let face = Face::open().await;
    let text = format!(
        "export ANTHROPIC_BASE_URL=https://relay.example.org\nexport ANTHROPIC_AUTH_TOKEN={CANARY}"
    );
    let told = face.post("/api/admin/channels/detect", &json!({"text": text}).to_string()).await;
    let found = told.ok(200);
    assert_eq!(found["kind"], "anthropic");
    assert_eq!(found["base_url"], "https://relay.example.org");
    assert_eq!(found["keys"], json!([CANARY]));
    assert_eq!(found["dialects"], json!(["messages"]));
    assert_eq!(found["notes"], json!([]));
    let large = json!({"text": "x".repeat((64 << 10) + 1)}).to_string();
    assert_eq!(face.post("/api/admin/channels/detect", &large).await.problem(413), "too_large");
}

#[tokio::test]
async fn where_calls_would_go_is_shown_with_warnings() {
    let face = Face::open().await;
    let resolve = async |kind: &str, base_url: &str| {
        let body = json!({"kind": kind, "base_url": base_url}).to_string();
        face.post("/api/admin/channels/resolve", &body).await.ok(200)
    };
    let codes = |told: &Value| -> Vec<String> {
        let warnings = told["warnings"].as_array().unwrap().iter();
        warnings.map(|warning| warning["code"].as_str().unwrap().to_owned()).collect()
    };
    let told = resolve("openai", "http://127.0.0.1:11434").await;
    assert_eq!(
        told["urls"],
        json!([
            {"dialect": "responses", "method": "POST", "url": "http://127.0.0.1:11434/v1/responses"},
            {"dialect": "chat", "method": "POST", "url": "http://127.0.0.1:11434/v1/chat/completions"},
        ])
    );
    assert_eq!(codes(&told), ["no_version", "private_address"]);
    assert_eq!(told["addresses"], json!(["127.0.0.1"]));

    let told = resolve("gemini", "https://1.1.1.1/v1beta").await;
    assert_eq!(
        told["urls"][0]["url"],
        "https://1.1.1.1/v1beta/models/{model}:streamGenerateContent"
    );
    assert_eq!(codes(&told), Vec::<String>::new());
    for (kind, base, expected) in [
        ("openai", "https://1.1.1.1/v1/v1", "duplicate_version"),
        ("anthropic", "https://1.1.1.1/v1/x", "duplicate_version"),
        ("openai", "https://10.9.8.7/v1", "blocked_address"),
        ("openai", "https://169.254.169.254/v1", "blocked_address"),
        ("openai", "http://1.1.1.1/v1", "plain_http"),
        ("openai", "https://nowhere.invalid/v1", "dns"),
    ] {
        let told = resolve(kind, base).await;
        assert!(codes(&told).contains(&expected.to_owned()), "{base}: {told}");
    }
}

#[tokio::test]
async fn the_vendors_models_are_listed_with_what_is_known_of_them() {
    let vendor = FakeUpstream::start().await;
    let face = serving(&vendor).await;
    let list = Reply::json(&json!({"data": [
        {"id": "m"}, {"id": "gpt-5.2", "owned_by": "openai"}, {"id": "text-embedding-3"},
    ]}));
    vendor.replies(list);
    let told = face.get("/api/admin/channels/a/upstream-models").await;
    assert!(!told.text.contains(CANARY));
    let items = told.ok(200)["items"].clone();
    assert_eq!(
        items[0],
        json!({"id": "m", "known": true, "priced": true, "bound": true, "recommended": true})
    );
    assert_eq!(items[1]["owner"], "openai");
    assert_eq!((&items[1]["bound"], &items[1]["recommended"]), (&json!(true), &json!(false)));
    assert_eq!((&items[2]["known"], &items[2]["recommended"]), (&json!(false), &json!(false)));

    let unsaved = json!({"kind": "openai", "base_url": vendor.url(), "key": CANARY}).to_string();
    let items = face.post("/api/admin/channels/upstream-models", &unsaved).await.ok(200);
    assert_eq!(items["items"][0]["bound"], false);
    vendor.replies(Reply::html());
    let told = face.post("/api/admin/channels/upstream-models", &unsaved).await;
    assert_eq!(told.problem(422), "invalid");
    assert!(told.text.contains("not_an_api") && !told.text.contains(CANARY), "{}", told.text);
}

#[tokio::test]
async fn the_state_of_a_channel_is_told_and_ended() {
    let vendor = FakeUpstream::start().await;
    let face = serving(&vendor).await;
    let status = async || face.get("/api/admin/channel-status").await.ok(200)["items"][0].clone();
    let first = status().await;
    assert_eq!((&first["channel"], &first["state"]), (&json!("a"), &json!("serving")));
    assert_eq!(first["in_flight"], 0);
    assert_eq!(first["credentials"].as_array().unwrap().len(), 2);
    assert_eq!(first["models"].as_array().unwrap().len(), 2);
    assert_eq!(first["hour"]["strip"], json!(vec![Value::Null; 24]));
    assert_eq!(first["today"]["cost_usd"], "0");
    assert!(!first.to_string().contains(CANARY));

    let now = face.desk.editor.clock.now();
    for credential in ["k1", "k2"] {
        let refused = Verdict::Retry {
            scope: realms_types::Scope::Credential,
            cause: Cause::Unauthorized,
            until: None,
        };
        face.relay.health.report(&face.candidate("m", credential), refused, now, now);
    }
    let down = status().await;
    assert_eq!((&down["state"], &down["cause"]), (&json!("down"), &json!("unauthorized")));
    assert!(down["until"].as_str().unwrap().parse::<Timestamp>().is_ok());
    assert_eq!(down["credentials"][0]["state"], "cooling_down");

    let woken = face.post("/api/admin/channels/a/wake", "").await.ok(200);
    assert_eq!(woken["state"], "serving");
    assert_eq!(face.post("/api/admin/channels/nope/wake", "").await.problem(404), "not_found");

    face.put("/api/admin/channels/a", r#"{"name": "a", "enabled": false}"#).await.ok(200);
    assert_eq!(status().await["state"], "disabled");
    let bare = r#"{"name": "a", "enabled": true, "credentials": []}"#;
    face.put("/api/admin/channels/a", bare).await.ok(200);
    let bare = status().await;
    assert_eq!((&bare["state"], &bare["reason"]), (&json!("down"), &json!("no_credential")));
}

#[tokio::test]
async fn prices_are_shown_before_they_are_written() {
    let face = Face::open().await;
    let model = r#"{"name": "gpt-5.2", "owner": "openai", "input_usd_per_1m": "0.1", "output_usd_per_1m": "10"}"#;
    face.put("/api/admin/models/gpt-5.2", model).await.ok(201);
    face.put("/api/admin/models/bare", r#"{"name": "bare"}"#).await.ok(201);
    let text = r#"{"gpt-5.2": {"input_cost_per_token": 1.25e-06, "output_cost_per_token": 1e-05},
        "bare": {"input_cost_per_token": 3e-07, "output_cost_per_token": 2.5e-06, "cache_read_input_token_cost": 3e-08},
        "broken": {"mode": "image_generation"}}"#;
    let import = async |dry_run: bool, overwrite: &[&str]| {
        let body = json!({"text": text, "dry_run": dry_run, "overwrite": overwrite}).to_string();
        face.post("/api/admin/models/import", &body).await.ok(200)
    };
    let shown = import(true, &[]).await;
    assert_eq!(shown["applied"], false);
    let row = |told: &Value, model: &str| {
        let rows = told["rows"].as_array().unwrap().iter();
        rows.clone().find(|row| row["model"] == model).unwrap().clone()
    };
    let kept = row(&shown, "gpt-5.2");
    assert_eq!((&kept["state"], &kept["factor"]), (&json!("changed"), &json!(12.5)));
    assert_eq!(
        (&kept["before"]["input_usd"], &kept["after"]["input_usd"]),
        (&json!("0.1"), &json!("1.25"))
    );
    assert!(kept["reason"].is_string());
    assert_eq!(row(&shown, "broken")["state"], "failed");
    let price = async |name: &str| {
        let model = face.get(&format!("/api/admin/models/{name}")).await.ok(200);
        model.get("input_usd_per_1m").cloned()
    };
    assert_eq!(price("bare").await, None, "a rehearsal writes nothing");

    assert_eq!(import(false, &[]).await["applied"], true);
    assert_eq!(price("bare").await, Some(json!("0.3")));
    assert_eq!(price("gpt-5.2").await, Some(json!("0.1")), "what is there stays");
    import(false, &["gpt-5.2"]).await;
    assert_eq!(price("gpt-5.2").await, Some(json!("1.25")));
    let again = import(false, &["gpt-5.2"]).await;
    assert_eq!(
        (&again["applied"], &row(&again, "bare")["state"]),
        (&json!(false), &json!("unchanged"))
    );

    // What is exported is read again.
    let exported = face.get("/api/admin/models").await.text;
    let body = json!({"text": exported, "dry_run": true}).to_string();
    let rows = face.post("/api/admin/models/import", &body).await.ok(200)["rows"].clone();
    assert!(rows.as_array().unwrap().iter().all(|row| row["state"] == "unchanged"), "{rows}");
    let body = json!({"text": "nonsense", "dry_run": true}).to_string();
    assert_eq!(face.post("/api/admin/models/import", &body).await.problem(400), "malformed");
}

#[tokio::test]
async fn setting_up_is_told_by_evidence() {
    let vendor = FakeUpstream::start().await;
    vendor.says("ok");
    let face = Face::open().await;
    let state = async || face.get("/api/admin/setup").await.ok(200);
    let fresh = state().await;
    for step in ["root", "address", "channel", "test", "key", "call", "done", "dismissed"] {
        assert_eq!(fresh[step], false, "{step}");
    }
    assert_eq!(fresh.get("first_call"), None);

    face.put("/api/admin/users/ana", r#"{"username": "ana", "role": "root"}"#).await.ok(201);
    face.put("/api/admin/api-keys", r#"{"user": "ana", "name": "laptop"}"#).await.ok(201);
    face.put("/api/admin/settings/site_base_url", r#"{"value": "https://a.example"}"#)
        .await
        .ok(200);
    let channel = json!({"name": "a", "kind": "openai", "base_url": vendor.url(),
        "credentials": [{"key": CANARY}], "models": ["m"]});
    face.put("/api/admin/channels/a", &channel.to_string()).await.ok(201);
    let told = state().await;
    for step in ["root", "address", "channel", "key"] {
        assert_eq!(told[step], true, "{step}");
    }
    assert_eq!((&told["test"], &told["done"]), (&json!(false), &json!(false)));
    face.post("/api/admin/channels/a/test", "{}").await;
    assert_eq!(state().await["test"], true);

    let told = face.put("/api/admin/setup", r#"{"dismissed": true}"#).await.ok(200);
    assert_eq!(told["dismissed"], true);
    let call = crate::usage::record(&face, "m", face.desk.editor.ids.next());
    face.desk.editor.store.insert_usage(std::slice::from_ref(&call)).await.unwrap();
    let told = state().await;
    assert_eq!((&told["call"], &told["done"]), (&json!(true), &json!(true)));
    assert_eq!(told["first_call"]["request_id"], call.request_id.to_string());
}
