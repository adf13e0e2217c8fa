//! What somebody who is signed in has of their own: the models they may use, and the playground.

use http::Method;
use realms_testkit::{Answer as Said, FakeUpstream, Reply};
use serde_json::{Value, json};

use crate::{
    desk::CANARY,
    face::{Answer, Face, Person},
};

/// Two groups with a channel each; the user group `default` may use the first, `team` both.
async fn serving(vendor: &FakeUpstream) -> Face {
    let face = Face::open().await;
    let url = vendor.url();
    let manifest = format!(
        r#"version = 1
        [[channel_group]]
        name = "default"
        [[channel_group]]
        name = "fast"
        multiplier = "2"
        [[channel]]
        name = "a"
        kind = "openai"
        base_url = "{url}"
        dialects = ["chat", "messages", "gemini", "responses"]
        groups = ["default"]
        credentials = [{{ name = "k", key = "{CANARY}" }}]
        models = ["gpt-5.2"]
        [[channel]]
        name = "b"
        kind = "anthropic"
        base_url = "{url}"
        groups = ["fast"]
        credentials = [{{ name = "k", key = "{CANARY}" }}]
        models = ["gpt-5.2", "claude-opus-4-5"]
        [[model]]
        name = "gpt-5.2"
        owner = "openai"
        input_usd_per_1m = "1.25"
        output_usd_per_1m = "10"
        [[model]]
        name = "claude-opus-4-5"
        owner = "anthropic"
        input_usd_per_1m = "5"
        output_usd_per_1m = "25"
        cache_read_usd_per_1m = "0.5"
        [[user_group]]
        name = "default"
        channel_groups = ["default"]
        [[user_group]]
        name = "team"
        channel_groups = ["fast", "default"]
        "#
    );
    face.post("/api/admin/apply", &manifest).await.ok(200);
    face
}

async fn models(face: &Face, person: &Person, query: &str) -> Answer {
    face.ask_as(person, Method::GET, &format!("/api/models{query}"), "").await
}

#[tokio::test]
async fn everyone_sees_the_models_of_their_group_at_their_price() {
    let vendor = FakeUpstream::start().await;
    let face = serving(&vendor).await;
    let ana = face.sign_in("ana").await;
    let page = models(&face, &ana, "").await.ok(200);
    let items = page["items"].as_array().unwrap();
    assert_eq!((items.len(), &page["approx_total"]), (1, &json!(1)));
    assert_eq!(items[0]["name"], "gpt-5.2");
    assert_eq!(items[0]["dialects"], json!(["responses", "chat", "messages", "gemini"]));
    assert_eq!((&items[0]["input_usd"], &items[0]["multiplier"]), (&json!("1.25"), &json!("1")));
    assert_eq!(items[0].get("health"), None);

    face.put("/api/admin/users/bob", r#"{"username": "bob", "group": "team"}"#).await.ok(201);
    let bob = face.sign_in("bob").await;
    let page = models(&face, &bob, "").await.ok(200);
    let names: Vec<_> = page["items"].as_array().unwrap().iter().map(|m| &m["name"]).collect();
    assert_eq!(names, ["claude-opus-4-5", "gpt-5.2"]);
    let opus = &page["items"][0];
    assert_eq!((&opus["input_usd"], &opus["base_input_usd"]), (&json!("10"), &json!("5")));
    assert_eq!((&opus["cache_read_usd"], &opus["multiplier"]), (&json!("1"), &json!("2")));
    assert_eq!(opus["channel_groups"], json!(["fast"]));
    assert_eq!(page["items"][1]["channel_groups"], json!(["fast", "default"]));

    let mut call = crate::usage::record(&face, "gpt-5.2", face.desk.editor.ids.next());
    call.model_id = Some(face.live.snapshot().find_model("gpt-5.2").unwrap().id);
    call.started_at = face.desk.editor.clock.now();
    call.first_event_us = Some(420_000);
    let face = serving(&vendor).await;
    face.desk.editor.store.insert_usage(std::slice::from_ref(&call)).await.unwrap();
    let ana = face.sign_in("ana").await;
    let health = models(&face, &ana, "").await.ok(200)["items"][0]["health"].clone();
    assert_eq!((&health["calls"], &health["ok_share"]), (&json!(1), &json!(1.0)));
    assert_eq!(health["hours"][23], 1.0);
    assert_eq!(health["hours"][0], Value::Null);
}

#[tokio::test]
async fn models_are_filtered_sorted_and_paged() {
    let vendor = FakeUpstream::start().await;
    let face = serving(&vendor).await;
    face.put("/api/admin/users/bob", r#"{"username": "bob", "group": "team"}"#).await.ok(201);
    let bob = face.sign_in("bob").await;
    for (query, expected) in [
        ("?filter=owner:openai", &["gpt-5.2"][..]),
        ("?filter=dialect:chat,gemini", &["gpt-5.2"]),
        ("?filter=owner!:openai", &["claude-opus-4-5"]),
        ("?filter=name:claude*", &["claude-opus-4-5"]),
        ("?q=opus", &["claude-opus-4-5"]),
        ("?sort=-name", &["gpt-5.2", "claude-opus-4-5"]),
        ("?limit=1", &["claude-opus-4-5"]),
        ("?limit=1&cursor=1", &["gpt-5.2"]),
        ("?filter=owner:nobody", &[]),
    ] {
        let page = models(&face, &bob, query).await.ok(200);
        let items = page["items"].as_array().unwrap().iter();
        let names: Vec<_> = items.map(|model| model["name"].as_str().unwrap()).collect();
        assert_eq!(names, expected, "{query}");
    }
    assert_eq!(models(&face, &bob, "?limit=1").await.ok(200)["next"], "1");
    for query in ["?filter=price:1", "?sort=price", "?limit=0", "?cursor=x", "?nope=1"] {
        assert_eq!(models(&face, &bob, query).await.problem(400), "malformed", "{query}");
    }
}

/// A key of a user: its id and itself.
async fn key_of(face: &Face, user: &str) -> (String, String) {
    let body = json!({"user": user, "name": "laptop"}).to_string();
    let made = face.put("/api/admin/api-keys", &body).await.ok(201);
    (made["id"].as_str().unwrap().to_owned(), made["key"].as_str().unwrap().to_owned())
}

async fn play(face: &Face, person: &Person, key: &str, path: &str, body: &str) -> Answer {
    face.ask_as(person, Method::POST, &format!("/api/playground/{key}/{path}"), body).await
}

#[tokio::test]
async fn the_playground_calls_as_my_key_in_every_dialect() {
    let vendor = FakeUpstream::start().await;
    vendor.says("hello");
    let face = serving(&vendor).await;
    let ana = face.sign_in("ana").await;
    let (id, key) = key_of(&face, "ana").await;
    for (path, body) in [
        ("v1/responses", r#"{"model": "gpt-5.2", "input": "hi", "stream": true}"#),
        ("v1/chat/completions", r#"{"model": "gpt-5.2", "messages": [], "stream": true}"#),
        ("v1/messages", r#"{"model": "gpt-5.2", "max_tokens": 9, "messages": [], "stream": true}"#),
        ("v1beta/models/gpt-5.2:streamGenerateContent?alt=sse", r#"{"contents": []}"#),
    ] {
        let told = play(&face, &ana, &id, path, body).await;
        assert_eq!(told.status, 200, "{path}: {}", told.text);
        assert!(told.text.contains("hello"), "{path}: {}", told.text);
        assert_eq!(told.headers["content-type"], "text/event-stream", "{path}");
        assert_eq!(told.headers["x-content-type-options"], "nosniff");
        assert!(told.headers["content-security-policy"].to_str().unwrap().contains("sandbox"));
        assert!(!told.text.contains(&key) && !told.text.contains(CANARY));
        let asked = vendor.last();
        assert_eq!(asked.key(), CANARY, "the channel's key, not mine");
        assert_eq!(asked.headers["user-agent"], "realms-playground");
        assert!(!asked.headers.contains_key("cookie"));
    }
    // A fault is in the words of the dialect, with its status.
    let told = play(&face, &ana, &id, "v1/messages", r#"{"model": "nope"}"#).await;
    assert_eq!((told.status.as_u16(), &told.json()["type"]), (404, &json!("error")));
    let told = play(&face, &ana, &id, "v1/chat/completions", "{").await;
    assert_eq!(told.status, 400);
    vendor.replies(Reply::status(429));
    let told = play(&face, &ana, &id, "v1/responses", r#"{"model": "gpt-5.2"}"#).await;
    assert_eq!(told.status, 429);
}

#[tokio::test]
async fn what_a_channel_is_answering_is_counted() {
    let vendor = FakeUpstream::start().await;
    vendor.replies(Reply::never());
    let face = serving(&vendor).await;
    let ana = face.sign_in("ana").await;
    let (id, _) = key_of(&face, "ana").await;
    let in_flight = async || {
        let status = face.get("/api/admin/channel-status").await.ok(200);
        let of = |name: &str| {
            let mut items = status["items"].as_array().unwrap().iter();
            items.find(|one| one["channel"] == name).unwrap()["in_flight"].clone()
        };
        (of("a"), of("b"))
    };
    let body = r#"{"model": "gpt-5.2", "input": "hi"}"#;
    {
        let playing = play(&face, &ana, &id, "v1/responses", body);
        tokio::pin!(playing);
        tokio::select! {
            _ = &mut playing => panic!("the vendor never answers"),
            _ = vendor.wait_for(1) => {}
        }
        assert_eq!(in_flight().await, (json!(1), json!(0)));
    }
    vendor.wait_closed(0).await;
    face.relay.tasks.close();
    face.relay.tasks.wait().await;
    assert_eq!(in_flight().await, (json!(0), json!(0)));
}

#[tokio::test]
async fn nobody_plays_with_a_key_that_is_not_theirs() {
    let vendor = FakeUpstream::start().await;
    vendor.replies(Said::text("hello"));
    let face = serving(&vendor).await;
    let (ana, eve) = (face.sign_in("ana").await, face.sign_in("eve").await);
    let (id, key) = key_of(&face, "ana").await;
    let body = r#"{"model": "gpt-5.2", "input": "hi"}"#;
    let refused = play(&face, &eve, &id, "v1/responses", body).await;
    assert_eq!(refused.problem(404), "not_found");
    assert_eq!(play(&face, &ana, "ak_nope", "v1/responses", body).await.problem(404), "not_found");
    for path in ["api/me", "healthz", "v1/../api/me", "metrics"] {
        assert_eq!(play(&face, &ana, &id, path, body).await.problem(404), "not_found", "{path}");
    }

    // Without a page of this site, or with another user's page open, nothing goes out.
    let mut foreign = Person { id: eve.id.clone(), cookie: ana.cookie.clone() };
    assert_eq!(play(&face, &foreign, &id, "v1/responses", body).await.problem(403), "forbidden");
    foreign.cookie = String::new();
    let nobody = play(&face, &foreign, &id, "v1/responses", body).await;
    assert_eq!(nobody.problem(401), "unauthenticated");
    // Not even the admin key: it has no keys of its own.
    let path = format!("/api/playground/{id}/v1/responses");
    assert_eq!(face.post(&path, body).await.problem(403), "forbidden");

    let off = json!({"user": "ana", "name": "laptop", "enabled": false}).to_string();
    face.put("/api/admin/api-keys", &off).await.ok(200);
    let refused = play(&face, &ana, &id, "v1/responses", body).await;
    assert_eq!(refused.problem(409), "conflict");
    assert!(!refused.text.contains(&key));
    face.post(&format!("/api/admin/api-keys/{id}/revoke"), "").await.ok(200);
    assert_eq!(play(&face, &ana, &id, "v1/responses", body).await.problem(409), "conflict");
    assert!(vendor.requests().is_empty());
}
