//! Many objects changed at once: shown, done as shown, taken back for a while.

use axum::body::Body;
use http::{Method, Request, header};
use realms_store::{AuditFilter, BatchPurpose, BatchRecord};
use realms_types::{BatchId, Timestamp};
use serde_json::{Value, json};

use crate::{
    desk::CANARY,
    face::{ADMIN, Answer, Face, Person},
};

const OWNER: &str = "environment";

/// Two channels with a secret each, and a second group.
async fn open() -> Face {
    let face = Face::open().await;
    let group = json!({ "name": "backup" }).to_string();
    face.put("/api/admin/channel-groups/backup", &group).await.ok(201);
    for name in ["a", "b"] {
        let body = json!({
            "name": name, "kind": "openai", "models": ["m"],
            "credentials": [{ "name": "k1", "key": CANARY }],
        });
        face.put(&format!("/api/admin/channels/{name}"), &body.to_string()).await.ok(201);
    }
    face
}

impl Face {
    async fn look(&self, kind: &str, items: &[&str], change: Value) -> Answer {
        let body = json!({ "kind": kind, "items": items, "change": change });
        self.post("/api/admin/batch/preview", &body.to_string()).await
    }

    async fn apply_batch(&self, token: &Value, key: &str) -> Answer {
        let request = Request::post("/api/admin/batch/apply")
            .header(header::AUTHORIZATION, format!("Bearer {ADMIN}"))
            .header("idempotency-key", key);
        let body = json!({ "token": token }).to_string();
        self.send(request.body(Body::from(body)).unwrap()).await
    }

    async fn undo_batch(&self, token: &Value) -> Answer {
        self.post("/api/admin/batch/undo", &json!({ "token": token }).to_string()).await
    }

    /// Looks as somebody who is signed in.
    async fn look_as(&self, who: &Person, kind: &str, items: &[&str], change: Value) -> Answer {
        let body = json!({ "kind": kind, "items": items, "change": change }).to_string();
        self.ask_as(who, Method::POST, "/api/admin/batch/preview", &body).await
    }

    /// Sends a token as somebody who is signed in.
    async fn send_as(&self, who: &Person, path: &str, token: &Value) -> Answer {
        let request = Request::post(path)
            .header(header::COOKIE, &who.cookie)
            .header("realms-user", &who.id)
            .header("sec-fetch-site", "same-origin")
            .header("idempotency-key", "k1");
        let body = json!({ "token": token }).to_string();
        self.send(request.body(Body::from(body)).unwrap()).await
    }

    async fn channel(&self, name: &str) -> Value {
        self.get(&format!("/api/admin/channels/{name}")).await.ok(200)
    }

    async fn audited(&self, action: &str) -> usize {
        let filter = AuditFilter { actions: vec![action.to_owned()], ..AuditFilter::default() };
        self.desk.editor.store.read().list_audit(&filter).await.unwrap().records.len()
    }

    async fn stored(&self, owner: &str, token: &Value) -> BatchRecord {
        let id: BatchId = token.as_str().unwrap().parse().unwrap();
        self.desk.editor.store.read().find_batch(owner, id).await.unwrap().unwrap()
    }
}

/// Each item in a line: its name, and why nothing becomes of it.
fn told(answer: &Value) -> Vec<String> {
    let items = answer["items"].as_array().unwrap().iter();
    let line = |item: &Value| {
        let why = item["skipped"].as_str().or(item["failed"].as_str()).unwrap_or("ok");
        format!("{}: {why}", item["name"].as_str().unwrap())
    };
    items.map(line).collect()
}

#[tokio::test]
async fn channels_are_shown_changed_and_taken_back() {
    let face = open().await;
    let before = (face.channel("a").await, face.channel("b").await);
    let (version, reloads) = (face.desk.catalog_version().await, face.reloads());
    let id = before.1["id"].as_str().unwrap();
    let change = json!({ "enabled": false, "priority": 7, "groups_add": ["backup"] });
    let shown = face.look("channel", &["a", "b", id, "gone"], change).await.ok(200);
    assert_eq!(told(&shown), ["a: ok", "b: ok", "gone: not_found"]);
    assert_eq!(
        shown["items"][0]["changes"],
        json!([
            { "path": "priority", "before": "0", "after": "7" },
            { "path": "enabled", "before": "true", "after": "false" },
            { "path": "groups", "before": "default", "after": "backup, default" },
        ])
    );
    assert_eq!(shown["undoable"], true);
    assert_eq!(before, (face.channel("a").await, face.channel("b").await));
    assert_eq!((face.desk.catalog_version().await, face.reloads()), (version, reloads));
    let stored = face.stored(OWNER, &shown["token"]).await;
    assert!(!stored.content.contains("canary"), "{}", stored.content);

    let done = face.apply_batch(&shown["token"], "k1").await.ok(200);
    assert_eq!(
        (told(&done), done["done"].as_u64()),
        (vec!["a: ok".into(), "b: ok".into()], Some(2))
    );
    assert_eq!(face.channel("b").await["groups"], json!(["backup", "default"]));
    assert_eq!(
        (face.channel("a").await["enabled"].as_bool(), face.reloads()),
        (Some(false), reloads + 1)
    );
    assert_eq!(face.audited("channel.update").await, 2);

    let undone = face.undo_batch(&done["undo"]["token"]).await.ok(200);
    assert_eq!((undone["done"].as_u64(), undone.get("undo")), (Some(2), None));
    for (name, mut was) in [("a", before.0), ("b", before.1)] {
        let mut is = face.channel(name).await;
        (was["updated_at"], is["updated_at"]) = (Value::Null, Value::Null);
        assert_eq!(is, was);
    }
    let secret = &face.desk.editor.state().await.unwrap().channels["a"];
    assert!(secret.object.credentials.as_ref().unwrap()[0].key.is_some(), "its key stayed");
    assert_eq!(face.audited("channel.update").await, 4);
}

#[tokio::test]
async fn limits_are_set_as_a_whole_taken_away_and_taken_back() {
    let face = open().await;
    face.put("/api/admin/channels/a", r#"{"name": "a", "limits": {"streams": 2}}"#).await.ok(200);
    let change = json!({ "limits": { "concurrency": 5 } });
    let shown = face.look("channel", &["a", "b"], change).await.ok(200);
    assert_eq!(
        shown["items"][0]["changes"],
        json!([
            { "path": "limits.concurrency", "after": "5" },
            { "path": "limits.streams", "before": "2" },
        ])
    );
    let done = face.apply_batch(&shown["token"], "k1").await.ok(200);
    assert_eq!(face.channel("a").await["limits"], json!({ "concurrency": 5 }));
    let gone = face.look("channel", &["a", "b"], json!({ "limits": {} })).await.ok(200);
    face.apply_batch(&gone["token"], "k2").await.ok(200);
    assert_eq!(face.channel("b").await.get("limits"), None, "nothing is limited");
    face.put("/api/admin/channels/b", r#"{"name": "b", "limits": {"concurrency": 5}}"#)
        .await
        .ok(200);

    let again = face.look("channel", &["a"], json!({ "limits": { "streams": 1 } })).await.ok(200);
    let set = face.apply_batch(&again["token"], "k3").await.ok(200);
    face.undo_batch(&set["undo"]["token"]).await.ok(200);
    assert_eq!(face.channel("a").await.get("limits"), None, "as it was: without");
    assert_eq!(done["done"], 2);
}

#[tokio::test]
async fn a_repeat_is_answered_the_same_and_writes_nothing() {
    let face = open().await;
    let shown = face.look("channel", &["a"], json!({ "weight": 3 })).await.ok(200);
    let done = face.apply_batch(&shown["token"], "k1").await.ok(200);
    let version = face.desk.catalog_version().await;
    assert_eq!(face.apply_batch(&shown["token"], "k1").await.ok(200), done);
    assert_eq!(face.desk.catalog_version().await, version);
    assert_eq!(face.audited("channel.update").await, 1);
    let other = face.apply_batch(&shown["token"], "k2").await;
    assert_eq!(other.problem(409), "conflict");

    let second = face.look("channel", &["b"], json!({ "weight": 3 })).await.ok(200);
    assert_eq!(face.apply_batch(&second["token"], "k1").await.problem(409), "conflict");
    assert_eq!(face.channel("b").await["weight"], 1, "the key is another request's");

    let undone = face.undo_batch(&done["undo"]["token"]).await.ok(200);
    face.put("/api/admin/channels/a", r#"{"name": "a", "weight": 9}"#).await.ok(200);
    assert_eq!(face.undo_batch(&done["undo"]["token"]).await.ok(200), undone);
    assert_eq!(face.channel("a").await["weight"], 9);
}

#[tokio::test]
async fn what_somebody_changed_meanwhile_is_left_alone() {
    let face = open().await;
    face.put("/api/admin/channels/c", r#"{"name": "c", "kind": "openai"}"#).await.ok(201);
    let shown = face.look("channel", &["a", "b", "c"], json!({ "priority": 7 })).await.ok(200);
    face.put("/api/admin/channels/a", r#"{"name": "a", "weight": 5}"#).await.ok(200);
    face.delete("/api/admin/channels/c").await.ok(204);
    let done = face.apply_batch(&shown["token"], "k1").await.ok(200);
    assert_eq!(told(&done), ["a: changed", "b: ok", "c: not_found"]);
    assert_eq!(done["done"], 1);
    let (a, b) = (face.channel("a").await, face.channel("b").await);
    assert_eq!((a["priority"].as_i64(), b["priority"].as_i64()), (Some(0), Some(7)));

    let shown = face.look("channel", &["a"], json!({ "priority": 8 })).await.ok(200);
    face.put("/api/admin/channels/a", r#"{"name": "a", "weight": 6}"#).await.ok(200);
    let version = face.desk.catalog_version().await;
    let done = face.apply_batch(&shown["token"], "k2").await.ok(200);
    assert_eq!((told(&done), done.get("undo")), (vec!["a: changed".to_owned()], None));
    assert_eq!(face.desk.catalog_version().await, version, "nothing was written");
}

#[tokio::test]
async fn an_undo_leaves_what_changed_since() {
    let face = open().await;
    let shown = face.look("channel", &["a", "b"], json!({ "enabled": false })).await.ok(200);
    let done = face.apply_batch(&shown["token"], "k1").await.ok(200);
    face.put("/api/admin/channels/a", r#"{"name": "a", "priority": 3}"#).await.ok(200);
    let undone = face.undo_batch(&done["undo"]["token"]).await.ok(200);
    assert_eq!(told(&undone), ["a: changed", "b: ok"]);
    let (a, b) = (face.channel("a").await, face.channel("b").await);
    assert_eq!((a["enabled"].as_bool(), b["enabled"].as_bool()), (Some(false), Some(true)));
}

#[tokio::test]
async fn a_token_is_good_for_its_owner_for_a_while_and_for_one_thing() {
    let face = open().await;
    let (boss, other) = (face.sign_in_as("boss", "root").await, face.sign_in_as("o", "root").await);
    let shown = face.look_as(&boss, "channel", &["a"], json!({ "weight": 3 })).await.ok(200);
    let token = &shown["token"];
    let apply = "/api/admin/batch/apply";
    assert_eq!(face.send_as(&other, apply, token).await.problem(410), "expired");
    assert_eq!(face.send_as(&boss, "/api/admin/batch/undo", token).await.problem(410), "expired");
    assert_eq!(face.send_as(&boss, "/api/tokens/batch/apply", token).await.problem(410), "expired");
    let garbage = face.send_as(&boss, apply, &json!("nonsense")).await;
    assert_eq!(garbage.problem(400), "malformed");
    let without_key = face.post(apply, &json!({ "token": token }).to_string()).await;
    assert_eq!(without_key.problem(400), "malformed");
    assert!(without_key.text.contains("Idempotency-Key"));

    let editor = &face.desk.editor;
    let id: BatchId = editor.ids.next();
    let fresh = face.stored(&boss.id, token).await;
    assert_eq!((fresh.purpose, &fresh.done), (BatchPurpose::Apply, &None));
    let old = BatchRecord { id, expires_at: Timestamp::from_micros(1), ..fresh };
    let mut tx = editor.store.begin().await.unwrap();
    tx.insert_batch(&old).await.unwrap();
    tx.commit().await.unwrap();
    let late = face.send_as(&boss, apply, &json!(id.to_string())).await;
    assert_eq!(late.problem(410), "expired");
    assert!(late.text.contains("look again"), "{}", late.text);
    assert_eq!(face.channel("a").await["weight"], 1);

    let done = face.send_as(&boss, apply, token).await.ok(200);
    let undo = &done["undo"]["token"];
    assert_eq!(face.send_as(&other, "/api/admin/batch/undo", undo).await.problem(410), "expired");
    face.send_as(&boss, "/api/admin/batch/undo", undo).await.ok(200);
}

#[tokio::test]
async fn an_admin_is_refused_object_by_object() {
    let face = open().await;
    let boss = face.sign_in_as("boss", "root").await;
    face.sign_in_as("other", "root").await;
    face.sign_in_as("eve", "admin").await;
    face.sign_in("ana").await;
    let admin = face.sign_in_as("adm", "admin").await;
    let priced = json!({ "name": "p", "input_usd_per_1m": "1", "output_usd_per_1m": "1" });
    face.put("/api/admin/models/p", &priced.to_string()).await.ok(201);
    face.put("/api/admin/models/q", r#"{"name": "q"}"#).await.ok(201);

    let off = json!({ "enabled": false });
    let names = ["adm", "ana", "boss", "eve"];
    let shown = face.look_as(&admin, "user", &names, off.clone()).await.ok(200);
    assert_eq!(told(&shown), ["adm: yourself", "ana: ok", "boss: forbidden", "eve: forbidden"]);
    assert!(shown["items"][2]["detail"].as_str().unwrap().contains("root users, admins"));
    let shown = face.look_as(&admin, "model", &["m", "p", "q"], json!({ "delete": true })).await;
    assert_eq!(told(&shown.ok(200)), ["m: refused", "p: forbidden", "q: ok"]);
    let shown = face.look_as(&admin, "user", &["boss"], off.clone()).await.ok(200);
    assert_eq!(shown.get("token"), None, "nothing is left to do");

    // What is not allowed any more when it is done is not done.
    let shown = face.look_as(&boss, "user", &["ana", "eve"], off).await.ok(200);
    assert_eq!(told(&shown), ["ana: ok", "eve: ok"]);
    let boss = face.sign_in_as("boss", "admin").await;
    let done = face.send_as(&boss, "/api/admin/batch/apply", &shown["token"]).await.ok(200);
    assert_eq!(told(&done), ["ana: ok", "eve: forbidden"]);
    let users = face.desk.editor.state().await.unwrap().users;
    let enabled = ["ana", "eve"].map(|name| users[name].object.enabled);
    assert_eq!(enabled, [Some(false), Some(true)]);
}

#[tokio::test]
async fn a_key_does_what_its_scopes_say() {
    let face = open().await;
    face.sign_in("ana").await;
    let body = r#"{"name": "ci", "scopes": ["users:write"]}"#;
    let made = face.post("/api/admin/admin-keys", body).await.ok(201);
    let look = async |kind: &str, name: &str| {
        let order = json!({ "kind": kind, "items": [name], "change": { "enabled": false } });
        let request = Request::post("/api/admin/batch/preview")
            .header("x-api-key", made["key"].as_str().unwrap());
        face.send(request.body(Body::from(order.to_string())).unwrap()).await.ok(200)
    };
    assert_eq!(told(&look("user", "ana").await), ["ana: ok"]);
    assert_eq!(told(&look("channel", "a").await), ["a: forbidden"]);
}

#[tokio::test]
async fn an_order_that_makes_no_sense_is_refused() {
    let face = open().await;
    let many: Vec<String> = (0..501).map(|number| format!("c{number}")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    for (kind, items, change, pointer) in [
        ("channel", &many[..], json!({ "enabled": true }), "/items"),
        ("channel", &[], json!({ "enabled": true }), "/items"),
        ("channel", &["a"], json!({}), "/change"),
        ("model", &["m"], json!({ "priority": 1 }), "/change/priority"),
        ("model", &["m"], json!({ "limits": { "streams": 1 } }), "/change/limits"),
        ("channel", &["a"], json!({ "limits": {}, "delete": true }), "/change/delete"),
        ("channel", &["a"], json!({ "user_group": "default" }), "/change/user_group"),
        ("channel", &["a"], json!({ "revoke": true }), "/change/revoke"),
        ("channel", &["a"], json!({ "delete": true, "weight": 1 }), "/change/delete"),
        ("channel", &["a"], json!({ "groups_add": ["bakcup"] }), "/change/groups_add/0"),
        (
            "channel",
            &["a"],
            json!({ "groups_add": ["backup"], "groups_remove": ["backup"] }),
            "/change/groups_remove",
        ),
        ("user", &["x"], json!({ "user_group": "nope" }), "/change/user_group"),
    ] {
        let refused = face.look(kind, items, change).await;
        assert_eq!(refused.problem(422), "invalid");
        assert_eq!(refused.json()["fields"][0]["pointer"], pointer, "{}", refused.text);
    }
    let answer = face.look("channel", &["a"], json!({ "groups_add": ["bakcup"] })).await;
    assert!(answer.text.contains("did you mean `backup`?"), "{}", answer.text);
    assert_eq!(face.look("channels", &["a"], json!({})).await.problem(400), "malformed");
    let shown = face.look("channel", &many[..500], json!({ "enabled": true })).await.ok(200);
    assert_eq!((told(&shown).len(), shown.get("token")), (500, None));
    let same = face.look("channel", &["a"], json!({ "enabled": true })).await.ok(200);
    assert_eq!((told(&same), same.get("token")), (vec!["a: unchanged".to_owned()], None));
}

#[tokio::test]
async fn deletes_say_whether_they_can_be_taken_back() {
    let face = open().await;
    let priced = json!({
        "name": "p", "owner": "me", "input_usd_per_1m": "1", "output_usd_per_1m": "2",
        "cache_read_usd_per_1m": "0.1",
    });
    face.put("/api/admin/models/p", &priced.to_string()).await.ok(201);
    let shown = face.look("model", &["m", "p"], json!({ "delete": true })).await.ok(200);
    assert_eq!(
        (told(&shown), &shown["undoable"]),
        (vec!["m: refused".into(), "p: ok".into()], &json!(true))
    );
    assert!(shown["items"][0]["detail"].as_str().unwrap().contains("channel `a` uses it"));
    let done = face.apply_batch(&shown["token"], "k1").await.ok(200);
    assert_eq!(face.get("/api/admin/models/p").await.problem(404), "not_found");
    face.undo_batch(&done["undo"]["token"]).await.ok(200);
    let back = face.get("/api/admin/models/p").await.ok(200);
    for (field, value) in priced.as_object().unwrap() {
        assert_eq!(&back[field], value, "{field}");
    }

    let shown = face.look("channel", &["a", "b"], json!({ "delete": true })).await.ok(200);
    assert_eq!(
        (told(&shown), &shown["undoable"]),
        (vec!["a: ok".into(), "b: ok".into()], &json!(false))
    );
    let done = face.apply_batch(&shown["token"], "k2").await.ok(200);
    assert_eq!((done["done"].as_u64(), done.get("undo")), (Some(2), None));
    assert_eq!(face.get("/api/admin/channels/a").await.problem(404), "not_found");
    assert_eq!(face.audited("channel.delete").await, 2);
}

#[tokio::test]
async fn somebody_who_runs_the_service_is_left() {
    let face = open().await;
    for name in ["r1", "r2"] {
        face.sign_in_as(name, "root").await;
    }
    let refused = face.look("user", &["r1", "r2"], json!({ "enabled": false })).await;
    assert_eq!(refused.problem(422), "invalid");
    assert!(refused.text.contains("no enabled root user would be left"), "{}", refused.text);
    let shown = face.look("user", &["r1"], json!({ "enabled": false })).await.ok(200);
    face.put("/api/admin/users/r2", r#"{"username": "r2", "enabled": false}"#).await.ok(200);
    let done = face.apply_batch(&shown["token"], "k1").await.ok(200);
    assert_eq!(told(&done), ["r1: refused"], "it is the last one by now");
}

#[tokio::test]
async fn people_change_many_keys_of_their_own() {
    let face = Face::open().await;
    let (ana, bob) = (face.sign_in("ana").await, face.sign_in("bob").await);
    let make = async |who: &Person, name: &str| {
        let body = json!({ "name": name }).to_string();
        let made = face.ask_as(who, Method::POST, "/api/tokens", &body).await.ok(201);
        made["token"]["id"].as_str().unwrap().to_owned()
    };
    let (one, two, bobs) =
        (make(&ana, "one").await, make(&ana, "two").await, make(&bob, "b").await);
    let look = async |change: Value| {
        let body = json!({ "items": [one, two, bobs], "change": change }).to_string();
        face.ask_as(&ana, Method::POST, "/api/tokens/batch/preview", &body).await
    };
    let state = async |id: &str| {
        let path = format!("/api/tokens/{id}");
        face.ask_as(&ana, Method::GET, &path, "").await.ok(200)["status"].clone()
    };
    let version = face.desk.catalog_version().await;
    let shown = look(json!({ "enabled": false })).await.ok(200);
    let lines = told(&shown);
    assert!(lines.contains(&"one: ok".to_owned()) && lines.contains(&"two: ok".to_owned()));
    assert!(lines.contains(&format!("{bobs}: not_found")), "{lines:?}");
    let token = &shown["token"];
    assert_eq!(face.send_as(&bob, "/api/tokens/batch/apply", token).await.problem(410), "expired");
    let done = face.send_as(&ana, "/api/tokens/batch/apply", token).await.ok(200);
    assert_eq!(told(&done), ["one: ok", "two: ok"]);
    assert_eq!((state(&one).await, state(&two).await), (json!("disabled"), json!("disabled")));
    assert_eq!(face.audited("api_key.update").await, 2);
    face.send_as(&ana, "/api/tokens/batch/undo", &done["undo"]["token"]).await.ok(200);
    assert_eq!(state(&one).await, "active");
    assert_eq!(face.desk.catalog_version().await, version, "the catalogue is not theirs");

    let refused = look(json!({ "priority": 1 })).await;
    assert_eq!(refused.json()["fields"][0]["pointer"], "/change/priority");
    let path = format!("/api/tokens/{one}/revoke");
    face.ask_as(&ana, Method::POST, &path, "").await.ok(200);
    let shown = look(json!({ "revoke": true })).await.ok(200);
    let lines = told(&shown);
    assert!(lines.contains(&"one: unchanged".to_owned()), "{lines:?}");
    assert_eq!(shown["undoable"], false);
    let body = json!({ "token": shown["token"] }).to_string();
    let request = Request::post("/api/tokens/batch/apply")
        .header(header::COOKIE, &ana.cookie)
        .header("realms-user", &ana.id)
        .header("sec-fetch-site", "same-origin")
        .header("idempotency-key", "k2");
    let done = face.send(request.body(Body::from(body)).unwrap()).await.ok(200);
    assert_eq!((told(&done), done.get("undo")), (vec!["two: ok".to_owned()], None));
    assert_eq!(state(&two).await, "revoked");
    assert_eq!(face.audited("api_key.revoke").await, 2);
    let shown = look(json!({ "enabled": true })).await.ok(200);
    assert!(told(&shown).contains(&"two: unchanged".to_owned()), "{shown}");
    let shown = look(json!({ "enabled": false })).await.ok(200);
    assert!(told(&shown).contains(&"two: refused".to_owned()), "{shown}");
}
