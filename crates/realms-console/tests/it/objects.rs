//! The objects over HTTP.

use crate::{
    desk::{CANARY, WHOLE},
    face::Face,
};

const CHANNEL: &str = r#"{"name": "a", "kind": "openai", "models": ["m"],
    "credentials": [{"name": "k1", "key": "sk_canary_0123456789abcdef"}]}"#;

#[tokio::test]
async fn a_channel_is_created_shown_changed_and_deleted() {
    let face = Face::open().await;
    let made = face.put("/api/admin/channels/a", CHANNEL).await.ok(201);
    assert_eq!(made["base_url"], "https://api.openai.com/v1");
    assert_eq!(face.reloads(), 1);
    let id = made["id"].as_str().unwrap();
    assert!(id.starts_with("ch_"));

    let by_id = face.get(&format!("/api/admin/channels/{id}")).await.ok(200);
    assert_eq!(by_id, face.get("/api/admin/channels/a").await.ok(200));
    let listed = face.get("/api/admin/channels").await.ok(200);
    assert_eq!(listed["items"][0], by_id);
    assert_eq!(face.get("/api/admin/models").await.ok(200)["items"][0]["name"], "m");

    let body = r#"{"name": "a", "priority": 5, "enabled": false}"#;
    let changed = face.put(&format!("/api/admin/channels/{id}"), body).await.ok(200);
    assert_eq!((changed["priority"].as_i64(), changed["models"][0].as_str()), (Some(5), Some("m")));
    face.put("/api/admin/channels/a", body).await.ok(200);
    assert_eq!(face.reloads(), 2, "what changes nothing reloads nothing");

    face.delete("/api/admin/channels/a").await.ok(204);
    assert_eq!(face.delete("/api/admin/channels/a").await.problem(404), "not_found");
}

#[tokio::test]
async fn every_kind_can_be_written_and_read() {
    let face = Face::open().await;
    face.put("/api/admin/channel-groups/vip", r#"{"name": "vip", "multiplier": "0.5"}"#)
        .await
        .ok(201);
    face.put("/api/admin/user-groups/team", r#"{"name": "team", "channel_groups": ["vip"]}"#)
        .await
        .ok(201);
    face.put(
        "/api/admin/models/x%2Fy",
        r#"{"name": "x/y", "input_usd_per_1m": "1", "output_usd_per_1m": "2"}"#,
    )
    .await
    .ok(201);
    face.put(
        "/api/admin/users/ana",
        r#"{"username": "ana", "group": "team", "email": "Ana@Example.org"}"#,
    )
    .await
    .ok(201);
    assert_eq!(face.get("/api/admin/channel-groups/vip").await.ok(200)["multiplier"], "0.5");
    assert_eq!(face.get("/api/admin/user-groups/team").await.ok(200)["channel_groups"][0], "vip");
    assert_eq!(face.get("/api/admin/models/x%2Fy").await.ok(200)["input_usd_per_1m"], "1");
    assert_eq!(face.get("/api/admin/users/ana").await.ok(200)["email"], "ana@example.org");
    assert_eq!(face.delete("/api/admin/channel-groups/vip").await.problem(409), "conflict");
    face.delete("/api/admin/users/ana").await.ok(204);
    face.delete("/api/admin/user-groups/team").await.ok(204);
    face.delete("/api/admin/channel-groups/vip").await.ok(204);
}

#[tokio::test]
async fn bodies_are_read_strictly() {
    let face = Face::open().await;
    for (body, part) in [
        (r#"{"name": "a", "kind": "openai", "prority": 1}"#, "did you mean `priority`?"),
        (r#"{"name": "a", "kind": "opnai"}"#, "did you mean `openai`?"),
        (r#"{"name": "b", "kind": "openai"}"#, "names cannot be changed"),
        (r#"{"name": "a", "name": "a"}"#, "duplicate field `name`"),
        ("{", "EOF while parsing"),
        ("name = 1", "must be JSON"),
    ] {
        let answer = face.put("/api/admin/channels/a", body).await;
        assert_eq!(answer.problem(400), "malformed");
        assert!(answer.text.contains(part), "{}", answer.text);
    }
    let large = format!(r#"{{"name": "{}"}}"#, "x".repeat(256 << 10));
    assert_eq!(face.put("/api/admin/channels/a", &large).await.problem(413), "too_large");
    let answer = face.put("/api/admin/channels/a", r#"{"name": "a", "groups": ["nope"]}"#).await;
    assert_eq!(answer.problem(422), "invalid");
    assert_eq!(answer.json()["mistakes"].as_array().unwrap().len(), 2);
    assert_eq!(face.get("/api/admin/usage?limt=1").await.problem(400), "malformed");
}

#[tokio::test]
async fn an_api_key_is_made_revealed_and_revoked() {
    let face = Face::open().await;
    face.put("/api/admin/users/ana", r#"{"username": "ana"}"#).await.ok(201);
    let body = r#"{"user": "ana", "name": "laptop"}"#;
    let made = face.put("/api/admin/api-keys", body).await.ok(201);
    let (id, key) = (made["id"].as_str().unwrap(), made["key"].as_str().unwrap());
    assert!(key.starts_with("sk_") && key.ends_with(made["hint"].as_str().unwrap()));
    let again = face.put("/api/admin/api-keys", body).await.ok(200);
    assert_eq!((&again["id"], again.get("key")), (&made["id"], None));
    assert!(!face.get("/api/admin/api-keys").await.text.contains(key));

    let revealed = face.get(&format!("/api/admin/api-keys/{id}/reveal")).await;
    assert_eq!(revealed.headers[http::header::CACHE_CONTROL], "no-store");
    assert_eq!(revealed.ok(200)["key"], key);

    let revoked = face.post(&format!("/api/admin/api-keys/{id}/revoke"), "").await.ok(200);
    assert!(revoked["revoked_at"].is_string());
    assert_eq!(
        face.get(&format!("/api/admin/api-keys/{id}/reveal")).await.problem(409),
        "not_revealable"
    );
    face.delete(&format!("/api/admin/api-keys/{id}")).await.ok(204);
    assert_eq!(face.get(&format!("/api/admin/api-keys/{id}")).await.problem(404), "not_found");
    assert_eq!(face.get("/api/admin/api-keys/nonsense").await.problem(404), "not_found");
}

#[tokio::test]
async fn settings_are_listed_set_and_reset() {
    let face = Face::open().await;
    let path = "/api/admin/settings/retry_max_attempts";
    let default = face.get(path).await.ok(200);
    assert_eq!((default["value"].as_str(), default["is_set"].as_bool()), (Some("9"), Some(false)));
    let set = face.put(path, r#"{"value": 3}"#).await.ok(200);
    assert_eq!((set["value"].as_str(), set["is_set"].as_bool()), (Some("3"), Some(true)));
    assert_eq!(face.put(path, r#"{"value": 300}"#).await.problem(422), "invalid");
    face.delete(path).await.ok(204);
    face.delete(path).await.ok(204);
    assert_eq!(face.get(path).await.ok(200), default);
    let unknown = face.get("/api/admin/settings/retry_max_attemps").await;
    assert_eq!(unknown.problem(404), "not_found");
    assert!(unknown.text.contains("did you mean"));
}

#[tokio::test]
async fn a_manifest_is_applied_and_exported() {
    let face = Face::open().await;
    let literal = WHOLE.replace("env:", "literal-canary-");
    let rehearsed = face.post("/api/admin/apply?dry_run=true", &literal).await.ok(200);
    assert_eq!(
        (rehearsed["dry_run"].as_bool(), rehearsed["changes"].as_array().unwrap().len()),
        (Some(true), 8)
    );
    assert_eq!(face.reloads(), 0);
    face.post("/api/admin/apply", &literal).await.ok(200);
    let again = face.post("/api/admin/apply?prune=true", &literal).await.ok(200);
    assert_eq!(again["changes"].as_array().unwrap().len(), 0);

    let exported = face.get("/api/admin/export").await;
    assert_eq!(exported.headers[http::header::CONTENT_TYPE], "application/toml");
    assert!(exported.text.contains("key = \"env:CHANNEL_OPENAI_A_K1_KEY\""));
    assert!(!exported.text.contains("canary"));

    assert_eq!(
        face.post("/api/admin/apply", "version = 1\n[[chanel]]\n").await.problem(400),
        "malformed"
    );
    // The server's environment cannot be read with the admin key.
    let refused = face.post("/api/admin/apply", WHOLE).await;
    assert_eq!(refused.problem(422), "invalid");
    assert!(refused.text.contains("given literally"));
    let large = format!("version = 1\n#{}", "x".repeat(4 << 20));
    assert_eq!(face.post("/api/admin/apply", &large).await.problem(413), "too_large");
}

#[tokio::test]
async fn the_catalogue_shows_its_version_and_defects() {
    let face = Face::open().await;
    face.put("/api/admin/channels/a", CHANNEL).await.ok(201);
    let catalog = face.get("/api/admin/catalog").await.ok(200);
    assert_eq!(catalog["version"], catalog["stored_version"]);
    assert_eq!(catalog["defects"], serde_json::json!([]));
}

#[tokio::test]
async fn no_answer_holds_a_secret() {
    let face = Face::open().await;
    let mut answers = vec![face.put("/api/admin/channels/a", CHANNEL).await.text];
    let bad = CHANNEL.replace("openai", "opnai");
    answers.push(face.put("/api/admin/channels/a", &bad).await.text);
    let bad = CHANNEL.replace("\"key\"", "\"kee\"");
    answers.push(face.put("/api/admin/channels/a", &bad).await.text);
    let bad = CHANNEL.replace("\"models\"", "\"groups\": [\"nope\"], \"models\"");
    answers.push(face.put("/api/admin/channels/a", &bad).await.text);
    let user = format!(r#"{{"username": "ana", "password": "{CANARY}", "group": "nope"}}"#);
    answers.push(face.put("/api/admin/users/ana", &user).await.text);
    answers.push(
        face.put("/api/admin/users/ana", &user.replace(", \"group\": \"nope\"", "")).await.text,
    );
    for path in ["channels", "users", "export", "catalog", "channels/a", "api-keys"] {
        answers.push(face.get(&format!("/api/admin/{path}")).await.text);
    }
    for text in answers {
        assert!(!text.contains(CANARY) && !text.contains("argon2"), "{text}");
    }
}
