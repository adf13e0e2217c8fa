//! One of the people: what is told of them, where they are logged in, and groups that become one.

use std::time::Duration;

use axum::body::Body;
use http::{Method, Request, header};
use http_body_util::BodyExt as _;
use realms_identity::NewSession;
use realms_types::UserId;
use serde_json::json;
use tokio::time::timeout;
use tower::ServiceExt as _;

use crate::face::{ADMIN, Answer, Face, Person};

async fn person_id(face: &Face, name: &str) -> UserId {
    face.desk.editor.state().await.unwrap().users[name].id
}

/// Signs a user in once more, from another device.
async fn sign_in_from(face: &Face, name: &str, user_agent: &str) -> (Person, String) {
    let user_id = person_id(face, name).await;
    let (address, user_agent) = ("203.0.113.7".to_owned(), user_agent.to_owned());
    let new = NewSession { user_id, address, user_agent, proved: false };
    let opened = face.sessions.open(new).await.unwrap();
    let cookie = format!("realms_session={}", opened.token.reveal());
    (Person { id: user_id.to_string(), cookie }, opened.session_id.to_string())
}

async fn sees(face: &Face, person: &Person) -> u16 {
    face.ask_as(person, Method::GET, "/api/tokens", "").await.status.as_u16()
}

fn ids(listed: &serde_json::Value) -> Vec<String> {
    let items = listed["items"].as_array().unwrap().iter();
    items.map(|item| item["id"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn one_person_is_shown_by_name_or_id() {
    let face = Face::open().await;
    face.sign_in("ana").await;
    face.put("/api/admin/api-keys", r#"{"user": "ana", "name": "k"}"#).await.ok(201);
    let ana = face.get("/api/admin/people/ana").await.ok(200);
    assert_eq!(
        (&ana["username"], &ana["keys"], &ana["totp"], &ana["today"]["calls"]),
        (&json!("ana"), &json!(1), &json!(false), &json!(0))
    );
    let id = ana["id"].as_str().unwrap();
    assert_eq!(face.get(&format!("/api/admin/people/{id}")).await.ok(200), ana);
    let missing = face.get("/api/admin/people/nobody").await;
    assert_eq!(missing.problem(404), "not_found");
}

#[tokio::test]
async fn sessions_of_a_user_are_listed_and_one_is_ended() {
    let face = Face::open().await;
    let admin = face.sign_in_as("boss", "admin").await;
    let ana = face.sign_in("ana").await;
    let (phone, phone_session) = sign_in_from(&face, "ana", "Phone").await;
    let path = "/api/admin/users/ana/sessions";
    let listed = face.ask_as(&admin, Method::GET, path, "").await.ok(200);
    assert_eq!(listed["items"].as_array().unwrap().len(), 2);
    assert_eq!(ids(&listed)[0], phone_session, "the newest first");
    let newest = &listed["items"][0];
    assert_eq!(
        (&newest["user_agent"], &newest["address"], &newest["current"]),
        (&json!("Phone"), &json!("203.0.113.7"), &json!(false))
    );

    let one = format!("{path}/{phone_session}");
    face.ask_as(&admin, Method::DELETE, &one, "").await.ok(204);
    assert_eq!((sees(&face, &phone).await, sees(&face, &ana).await), (401, 200));
    let again = face.ask_as(&admin, Method::DELETE, &one, "").await;
    assert_eq!(again.problem(404), "not_found");
    for missing in ["/api/admin/users/nobody/sessions/se_x", "/api/admin/users/ana/sessions/x"] {
        assert_eq!(face.delete(missing).await.problem(404), "not_found", "{missing}");
    }
    let entries = face.get("/api/admin/audit?filter=action:session.end").await.ok(200);
    assert_eq!(entries["items"].as_array().unwrap().len(), 1);
    assert_eq!(
        (&entries["items"][0]["actor"], &entries["items"][0]["object"]),
        (&json!("boss"), &json!("ana"))
    );
}

#[tokio::test]
async fn a_session_is_ended_only_by_the_name_of_its_user() {
    let face = Face::open().await;
    let ana = face.sign_in("ana").await;
    face.sign_in("bob").await;
    let of_ana = face.get("/api/admin/users/ana/sessions").await.ok(200);
    let path = format!("/api/admin/users/bob/sessions/{}", ids(&of_ana)[0]);
    assert_eq!(face.delete(&path).await.problem(404), "not_found");
    assert_eq!(sees(&face, &ana).await, 200);
}

#[tokio::test]
async fn an_admin_ends_no_session_of_root_or_of_another_admin() {
    let face = Face::open().await;
    let root = face.sign_in_as("root", "root").await;
    let admin = face.sign_in_as("boss", "admin").await;
    let other = face.sign_in_as("chief", "admin").await;
    for (name, person) in [("root", &root), ("chief", &other)] {
        let path = format!("/api/admin/users/{name}/sessions");
        let session = ids(&face.ask_as(&admin, Method::GET, &path, "").await.ok(200)).remove(0);
        let one = format!("{path}/{session}");
        let refused = face.ask_as(&admin, Method::DELETE, &one, "").await;
        assert_eq!(refused.problem(403), "forbidden");
        assert_eq!(sees(&face, person).await, 200);
    }
    let path = "/api/admin/users/chief/sessions";
    let session = ids(&face.ask_as(&root, Method::GET, path, "").await.ok(200)).remove(0);
    face.ask_as(&root, Method::DELETE, &format!("{path}/{session}"), "").await.ok(204);
    assert_eq!(sees(&face, &other).await, 401);
    let own = face.ask_as(&root, Method::GET, "/api/admin/users/root/sessions", "").await.ok(200);
    assert_eq!(own["items"][0]["current"], true);
}

#[tokio::test]
async fn the_log_of_a_user_is_what_they_did_and_what_was_done_to_them() {
    let face = Face::open().await;
    let root = face.sign_in_as("a_b", "root").await;
    for name in ["axb", "ana"] {
        face.sign_in(name).await;
    }
    for user in ["a_b", "axb", "ana"] {
        let key = json!({ "user": user, "name": "k" }).to_string();
        face.put("/api/admin/api-keys", &key).await.ok(201);
    }
    let body = r#"{"username": "ana", "enabled": false}"#;
    face.ask_as(&root, Method::PUT, "/api/admin/users/ana", body).await.ok(200);
    let told = async |filter: &str| {
        let listed = face.get(&format!("/api/admin/audit?filter={filter}")).await.ok(200);
        let items = listed["items"].as_array().unwrap().clone();
        let text = |item: &serde_json::Value, field: &str| item[field].as_str().unwrap().to_owned();
        let one = |item| format!("{} {}", text(item, "action"), text(item, "object"));
        items.iter().map(one).collect::<Vec<_>>()
    };
    assert_eq!(
        told("user:a_b").await,
        ["user.update ana", "api_key.create a_b/k", "user.create a_b"],
        "and none of `axb`, which a wildcard would find"
    );
    assert_eq!(
        told("user:ana").await,
        ["user.update ana", "api_key.create ana/k", "user.create ana"]
    );
    assert_eq!(told("user:ana%20action:api_key.*").await, ["api_key.create ana/k"]);
    assert_eq!(told("user:nobody").await, Vec::<String>::new());
    let refused = face.get("/api/admin/audit?filter=user:%22a%25%22").await;
    assert_eq!(refused.problem(400), "malformed");
}

/// Sends the users of a group elsewhere, perhaps only of this version of it.
async fn merge(face: &Face, name: &str, into: &str, tag: Option<&str>) -> Answer {
    let mut request = Request::builder()
        .method(Method::POST)
        .uri(format!("/api/admin/user-groups/{name}/merge"))
        .header("x-api-key", ADMIN)
        .header(header::CONTENT_TYPE, "application/json");
    if let Some(tag) = tag {
        request = request.header(header::IF_MATCH, tag);
    }
    let body = json!({ "into": into }).to_string();
    face.send(request.body(Body::from(body)).unwrap()).await
}

async fn groups_of(face: &Face) -> Vec<String> {
    let state = face.desk.editor.state().await.unwrap();
    let users = state.users.values().map(|held| &held.object);
    users.map(|one| format!("{} {}", one.username, one.group.as_ref().unwrap())).collect()
}

#[tokio::test]
async fn users_of_a_group_move_and_the_group_is_gone_or_nothing_happens() {
    let face = Face::open().await;
    let admin = face.sign_in_as("boss", "admin").await;
    face.put("/api/admin/user-groups/old", r#"{"name": "old"}"#).await.ok(201);
    for name in ["ana", "bob"] {
        let body = json!({ "username": name, "group": "old" }).to_string();
        face.put(&format!("/api/admin/users/{name}"), &body).await.ok(201);
    }
    let before = groups_of(&face).await;
    assert_eq!(before, ["ana old", "bob old", "boss default"]);

    assert_eq!(merge(&face, "old", "nowhere", None).await.problem(404), "not_found");
    assert_eq!(merge(&face, "nothing", "default", None).await.problem(404), "not_found");
    assert_eq!(merge(&face, "old", "old", None).await.problem(422), "invalid");
    assert_eq!(merge(&face, "old", "default", Some("\"stale\"")).await.problem(412), "changed");
    assert_eq!(groups_of(&face).await, before);

    // An admin may not touch another admin, so the group stays as it is.
    face.put("/api/admin/users/chief", r#"{"username": "chief", "role": "admin", "group": "old"}"#)
        .await
        .ok(201);
    let path = "/api/admin/user-groups/old/merge";
    let body = r#"{"into": "default"}"#;
    let refused = face.ask_as(&admin, Method::POST, path, body).await;
    assert_eq!(refused.problem(403), "forbidden");
    assert_eq!(groups_of(&face).await[0], "ana old");
    face.delete("/api/admin/users/chief").await.ok(204);

    let merged = face.ask_as(&admin, Method::POST, path, body).await.ok(200);
    assert_eq!(merged, json!({ "moved": 2 }));
    assert_eq!(groups_of(&face).await, ["ana default", "bob default", "boss default"]);
    assert_eq!(face.get("/api/admin/user-groups/old").await.problem(404), "not_found");
}

#[tokio::test]
async fn who_lost_the_authenticator_gets_in_again() {
    let face = Face::open().await;
    let root = face.sign_in_as("root", "root").await;
    let admin = face.sign_in_as("boss", "admin").await;
    face.sign_in("ana").await;
    let (id, now) = (person_id(&face, "ana").await, face.desk.editor.clock.now());
    let mut tx = face.desk.editor.store.begin().await.unwrap();
    tx.put_totp(id, "sealed", now).await.unwrap();
    let waiting = tx.read().find_totp(id).await.unwrap().unwrap();
    assert!(tx.confirm_totp(&waiting, 1, now).await.unwrap());
    tx.commit().await.unwrap();
    let has = async || face.get("/api/admin/people/ana").await.ok(200)["totp"] == json!(true);
    assert!(has().await);

    let path = "/api/admin/users/ana/totp/reset";
    assert_eq!(face.ask_as(&admin, Method::POST, path, "").await.problem(403), "forbidden");
    let (stale, _) = sign_in_from(&face, "root", "an old session").await;
    let asked = face.ask_as(&stale, Method::POST, path, "").await;
    assert_eq!(asked.problem(403), "reauthentication_needed");
    assert!(has().await);
    let ana = face.sign_in("ana").await;
    assert_eq!(sees(&face, &ana).await, 200);
    face.ask_as(&root, Method::POST, path, "").await.ok(204);
    assert!(!has().await);
    assert_eq!(sees(&face, &ana).await, 401, "whoever came in with it is out");
    let entries = face.get("/api/admin/audit?filter=action:user.totp_reset").await.ok(200);
    assert_eq!(entries["items"][0]["object"], "ana");
}

#[tokio::test]
async fn a_key_made_for_someone_replaces_none() {
    let face = Face::open().await;
    face.sign_in("ana").await;
    let make = async || {
        let request = Request::builder()
            .method(Method::PUT)
            .uri("/api/admin/api-keys")
            .header("x-api-key", ADMIN)
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::IF_NONE_MATCH, "*");
        let body = r#"{"user": "ana", "name": "k", "channel_groups": ["default"]}"#;
        face.send(request.body(Body::from(body)).unwrap()).await
    };
    assert!(make().await.ok(201)["key"].as_str().unwrap().starts_with("sk_"));
    assert_eq!(make().await.problem(409), "conflict");
}

#[tokio::test]
async fn a_stream_ends_with_its_session() {
    let face = Face::open().await;
    let (ana, bob) = (face.sign_in("ana").await, face.sign_in("bob").await);
    let open = async |person: &Person| {
        let request = Request::builder()
            .uri("/api/stream?topics=calls")
            .header(header::COOKIE, &person.cookie)
            .header("realms-user", &person.id);
        let response = face.router.clone().oneshot(request.body(Body::empty()).unwrap()).await;
        let response = response.unwrap();
        assert_eq!(response.status(), 200);
        response.into_body()
    };
    let (of_ana, of_bob) = (open(&ana).await, open(&bob).await);
    face.ask_as(&ana, Method::DELETE, "/api/session", "").await.ok(204);
    let soon = Duration::from_secs(5);
    let told = timeout(soon, of_ana.collect()).await.expect("it ends at once").unwrap().to_bytes();
    assert!(told.is_empty(), "{told:?}");
    face.post("/api/admin/users/bob/log-out", "").await.ok(204);
    timeout(soon, of_bob.collect()).await.expect("whoever ends the session").unwrap();
}
