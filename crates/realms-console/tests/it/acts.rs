//! The audit log, tags of objects, people, and what is done to users.

use axum::body::Body;
use http::{Method, Request, header};
use realms_console::{Author, Edit, manifest::Manifest};
use serde_json::json;

use crate::{
    desk::CANARY,
    face::{ADMIN, Answer, Face},
};

async fn with_tag(face: &Face, method: Method, path: &str, tag: &str, body: &str) -> Answer {
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header("x-api-key", ADMIN)
        .header(header::IF_MATCH, tag)
        .header(header::CONTENT_TYPE, "application/json");
    face.send(request.body(Body::from(body.to_owned())).unwrap()).await
}

#[tokio::test]
async fn who_did_what_is_written_with_it() {
    let face = Face::open().await;
    let root = face.sign_in_as("root", "root").await;
    let body =
        json!({ "name": "a", "kind": "openai", "credentials": [{ "name": "k", "key": CANARY }] });
    face.ask_as(&root, Method::PUT, "/api/admin/channels/a", &body.to_string()).await.ok(201);
    let body = r#"{"name": "a", "priority": 7}"#;
    face.ask_as(&root, Method::PUT, "/api/admin/channels/a", body).await.ok(200);
    face.delete("/api/admin/channels/a").await.ok(204);

    let listed = face.get("/api/admin/audit?filter=object_kind:channel").await;
    assert!(!listed.text.contains(CANARY));
    let items = listed.ok(200)["items"].clone();
    let told: Vec<_> = items
        .as_array()
        .unwrap()
        .iter()
        .map(|item| (item["action"].as_str().unwrap(), item["actor"].as_str().unwrap()))
        .collect();
    assert_eq!(
        told,
        [("channel.delete", "environment"), ("channel.update", "root"), ("channel.create", "root")]
    );
    let change = json!({ "path": "priority", "before": "0", "after": "7" });
    assert_eq!(items[1]["changes"], json!([change]));
    assert_eq!((&items[1]["actor_kind"], &items[1]["object"]), (&json!("user"), &json!("a")));
    let one = face.get(&format!("/api/admin/audit/{}", items[1]["id"].as_str().unwrap())).await;
    assert_eq!(one.ok(200), items[1]);
    let mine =
        face.get("/api/admin/audit?filter=actor:root%20action:channel.*&limit=1").await.ok(200);
    let next = mine["next"].as_str().unwrap();
    let rest = face
        .get(&format!("/api/admin/audit?filter=actor:root%20action:channel.*&cursor={next}"))
        .await
        .ok(200);
    assert_eq!((rest["items"].as_array().unwrap().len(), rest.get("next")), (1, None));
    for bad in ["filter=actr:x", "filter=actor!:x", "filter=action:chan*", "cursor=x"] {
        assert_eq!(face.get(&format!("/api/admin/audit?{bad}")).await.problem(400), "malformed");
    }
    assert_eq!(face.get("/api/admin/audit/au_x").await.problem(404), "not_found");
}

#[tokio::test]
async fn what_is_taken_back_is_not_in_the_log() {
    let face = Face::open().await;
    let count =
        async || face.get("/api/admin/audit").await.ok(200)["items"].as_array().unwrap().len();
    let editor = &face.desk.editor;
    let text = "version = 1\n[[channel]]\nname = \"a\"\nkind = \"openai\"\n";
    let rehearsal = Edit { dry_run: true, ..Edit::manifest(Manifest::parse(text).unwrap()) };
    editor.apply(rehearsal, &|_| None, &Author::cli()).await.unwrap();
    assert_eq!(count().await, 0);
    // A catalogue that would have a defect: a group below itself.
    face.put("/api/admin/channel-groups/x", r#"{"name": "x"}"#).await.ok(201);
    let before = count().await;
    let refused = face.put("/api/admin/channel-groups/x", r#"{"name": "x", "parent": "x"}"#).await;
    assert_eq!(refused.status.as_u16(), 422, "{}", refused.text);
    assert_eq!(count().await, before);
}

#[tokio::test]
async fn a_change_of_what_changed_meanwhile_is_refused() {
    let face = Face::open().await;
    face.put("/api/admin/channels/a", r#"{"name": "a", "kind": "openai"}"#).await.ok(201);
    let path = "/api/admin/channels/a";
    let read = face.get(path).await;
    let tag = read.headers[header::ETAG].to_str().unwrap().to_owned();
    let body = |priority: i32| json!({ "name": "a", "priority": priority }).to_string();
    let changed = with_tag(&face, Method::PUT, path, &tag, &body(1)).await;
    let newer = changed.headers[header::ETAG].to_str().unwrap().to_owned();
    changed.ok(200);
    assert_ne!(tag, newer);
    let stale = with_tag(&face, Method::PUT, path, &tag, &body(2)).await;
    assert_eq!(stale.problem(412), "changed");
    assert!(stale.json()["params"]["updated_at"].is_string());
    assert_eq!(with_tag(&face, Method::DELETE, path, &tag, "").await.problem(412), "changed");
    assert_eq!(with_tag(&face, Method::PUT, path, "", &body(2)).await.problem(412), "changed");
    with_tag(&face, Method::PUT, path, "*", &body(2)).await.ok(200);
    assert_eq!(
        with_tag(&face, Method::PUT, "/api/admin/models/m", "*", r#"{"name": "m"}"#)
            .await
            .problem(412),
        "changed"
    );
    let tag = face.get(path).await.headers[header::ETAG].to_str().unwrap().to_owned();
    with_tag(&face, Method::DELETE, path, &format!("{newer}, {tag}"), "").await.ok(204);
}

#[tokio::test]
async fn what_is_to_be_new_does_not_change_what_is_there() {
    let face = Face::open().await;
    let make = async |condition: &str, priority: i32| {
        let request = Request::builder()
            .method(Method::PUT)
            .uri("/api/admin/channels/a")
            .header("x-api-key", ADMIN)
            .header(header::IF_NONE_MATCH, condition)
            .header(header::CONTENT_TYPE, "application/json");
        let body = json!({ "name": "a", "kind": "openai", "priority": priority }).to_string();
        face.send(request.body(Body::from(body)).unwrap()).await
    };
    make("*", 1).await.ok(201);
    assert_eq!(make("*", 2).await.problem(409), "conflict");
    assert_eq!(make("\"0\"", 2).await.problem(400), "malformed");
    assert_eq!(face.get("/api/admin/channels/a").await.ok(200)["priority"], 1);
}

#[tokio::test]
async fn people_are_listed_filtered_and_sorted() {
    let face = Face::open().await;
    for name in ["cem", "ana", "bob_1"] {
        face.sign_in(name).await;
    }
    face.put(
        "/api/admin/users/bob_1",
        r#"{"username": "bob_1", "enabled": false, "email": "Bob@x.org"}"#,
    )
    .await
    .ok(200);
    face.put("/api/admin/users/cem", r#"{"username": "cem", "role": "admin"}"#).await.ok(200);
    face.put("/api/admin/api-keys", r#"{"user": "ana", "name": "k"}"#).await.ok(201);
    let names = async |query: &str| {
        let page = face.get(&format!("/api/admin/people?{query}")).await.ok(200);
        let names = page["items"].as_array().unwrap().iter();
        names
            .map(|item| item["username"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
            .join(" ")
    };
    for (query, expected) in [
        ("", "cem ana bob_1"),
        ("sort=username", "ana bob_1 cem"),
        ("sort=-username", "cem bob_1 ana"),
        ("sort=-created_at", "bob_1 ana cem"),
        ("q=BOB", "bob_1"),
        ("q=x.org", "bob_1"),
        ("q=b_b", ""),
        ("q=%25", ""),
        ("filter=role:admin,root", "cem"),
        ("filter=status:disabled", "bob_1"),
        ("filter=status:active&sort=username", "ana cem"),
        ("filter=user_group:other", ""),
        ("sort=-spend", "cem ana bob_1"),
    ] {
        assert_eq!(names(query).await, expected, "{query}");
    }
    let page = face.get("/api/admin/people?limit=2&sort=username").await.ok(200);
    assert_eq!(
        (page["approx_total"].as_u64(), page["items"][0]["keys"].as_u64()),
        (Some(3), Some(1))
    );
    assert_eq!(page["items"][0]["today"]["calls"], 0);
    let next = page["next"].as_str().unwrap();
    assert_eq!(names(&format!("limit=2&sort=username&cursor={next}")).await, "cem");
    for bad in ["filter=role:king", "filter=status:x", "sort=email", "cursor=x"] {
        assert_eq!(face.get(&format!("/api/admin/people?{bad}")).await.problem(400), "malformed");
    }
}

#[tokio::test]
async fn users_are_logged_out_and_given_passwords() {
    let face = Face::open().await;
    let root = face.sign_in_as("root", "root").await;
    let admin = face.sign_in_as("boss", "admin").await;
    let ana = face.sign_in("ana").await;
    let sees =
        async |person| face.ask_as(person, Method::GET, "/api/tokens", "").await.status.as_u16();
    assert_eq!(sees(&ana).await, 200);
    face.ask_as(&admin, Method::POST, "/api/admin/users/ana/log-out", "").await.ok(204);
    assert_eq!(sees(&ana).await, 401);
    let refused = face.ask_as(&admin, Method::POST, "/api/admin/users/root/log-out", "").await;
    assert_eq!(refused.problem(403), "forbidden");
    assert_eq!(sees(&root).await, 200);

    let ana = face.sign_in("ana").await;
    let body = r#"{"password": "correct horse battery"}"#;
    let refused = face.ask_as(&admin, Method::POST, "/api/admin/users/ana/password", body).await;
    assert_eq!(refused.problem(403), "forbidden");
    face.ask_as(&root, Method::POST, "/api/admin/users/ana/password", body).await.ok(204);
    assert_eq!(sees(&ana).await, 401);
    let state = face.desk.editor.state().await.unwrap();
    assert!(state.users["ana"].facts.password_hash.is_some());
    for path in ["/api/admin/users/nobody/password", "/api/admin/users/nobody/log-out"] {
        assert_eq!(face.post(path, body).await.problem(404), "not_found");
    }
    let entries = face.get("/api/admin/audit?filter=action:user.log_out").await.ok(200);
    assert_eq!(entries["items"][0]["object"], "ana");
}
