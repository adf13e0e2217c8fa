//! A person's own API keys.

use std::collections::BTreeMap;

use axum::body::Body;
use http::{Method, Request, header};
use serde_json::{Value, json};

use crate::face::{Answer, Face, Person};

async fn ask(face: &Face, who: &Person, method: Method, path: &str, body: Value) -> Answer {
    let body = if body.is_null() { String::new() } else { body.to_string() };
    face.ask_as(who, method, path, &body).await
}

async fn make(face: &Face, who: &Person, name: &str) -> Value {
    ask(face, who, Method::POST, "/api/tokens", json!({ "name": name })).await.ok(201)
}

#[tokio::test]
async fn a_key_is_made_changed_rotated_revealed_revoked_and_deleted() {
    let face = Face::open().await;
    face.put("/api/admin/channel-groups/fast", r#"{"name": "fast", "multiplier": "2"}"#)
        .await
        .ok(201);
    let ana = face.sign_in("ana").await;
    face.put(
        "/api/admin/user-groups/default",
        r#"{"name": "default", "channel_groups": ["fast"]}"#,
    )
    .await
    .ok(200);
    let groups = ask(&face, &ana, Method::GET, "/api/me/channel-groups", Value::Null).await.ok(200);
    assert_eq!(groups["items"], json!([{ "name": "fast", "multiplier": "2" }]));

    let made = make(&face, &ana, "laptop").await;
    let (id, key) = (made["token"]["id"].as_str().unwrap(), made["key"].as_str().unwrap());
    assert!(key.starts_with("sk_"));
    let path = format!("/api/tokens/{id}");
    let wanted = json!({ "name": "desk", "enabled": false, "channel_groups": ["fast"] });
    let changed = ask(&face, &ana, Method::PATCH, &path, wanted).await.ok(200);
    assert_eq!((&changed["name"], &changed["status"]), (&json!("desk"), &json!("disabled")));
    assert_eq!(changed["channel_groups"], json!(["fast"]));
    let bad = json!({ "channel_groups": ["slow"] });
    let refused = ask(&face, &ana, Method::PATCH, &path, bad).await;
    assert_eq!(refused.problem(422), "invalid");
    assert_eq!(refused.json()["fields"][0]["pointer"], "/channel_groups");

    let revealed = ask(&face, &ana, Method::POST, &format!("{path}/reveal"), Value::Null).await;
    assert_eq!(revealed.headers[header::CACHE_CONTROL], "no-store");
    assert_eq!(revealed.ok(200)["key"], key);
    let rotated =
        ask(&face, &ana, Method::POST, &format!("{path}/rotate"), Value::Null).await.ok(200);
    assert_eq!(rotated["token"]["id"], id);
    assert_ne!(rotated["key"], key);
    let revoked =
        ask(&face, &ana, Method::POST, &format!("{path}/revoke"), Value::Null).await.ok(200);
    assert_eq!((&revoked["status"], &revoked["revealable"]), (&json!("revoked"), &json!(false)));
    let again = ask(&face, &ana, Method::POST, &format!("{path}/reveal"), Value::Null).await;
    assert_eq!(again.problem(409), "not_revealable");
    let again = ask(&face, &ana, Method::POST, &format!("{path}/rotate"), Value::Null).await;
    assert_eq!(again.problem(409), "conflict");
    let listed =
        ask(&face, &ana, Method::GET, "/api/tokens?filter=status:revoked", Value::Null).await;
    let listed = listed.ok(200);
    assert_eq!(listed["items"][0]["usage_30d"]["calls"], 0);
    assert_eq!(listed["facets"][0]["values"][0]["value"], "revoked");
    ask(&face, &ana, Method::DELETE, &path, Value::Null).await.ok(204);
    let acts = face.get("/api/admin/audit?filter=actor:ana").await.ok(200);
    let acts: Vec<_> = acts["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["action"].as_str().unwrap())
        .collect();
    assert_eq!(
        acts,
        [
            "api_key.delete",
            "api_key.revoke",
            "api_key.rotate",
            "api_key.reveal",
            "api_key.update",
            "api_key.create"
        ]
    );
}

#[tokio::test]
async fn what_its_calls_cost_is_not_for_the_owner_of_a_key_to_say() {
    let face = Face::open().await;
    let ana = face.sign_in("ana").await;
    let made = make(&face, &ana, "laptop").await;
    assert!(made["token"]["multiplier"].is_null(), "{made}");
    let path = format!("/api/tokens/{}", made["token"]["id"].as_str().unwrap());
    for (method, path, body) in [
        (Method::POST, "/api/tokens", json!({ "name": "free", "multiplier": "0" })),
        (Method::PATCH, path.as_str(), json!({ "multiplier": "0" })),
        (Method::PUT, "/api/admin/api-keys", json!({ "user": "ana", "name": "x" })),
    ] {
        let refused = ask(&face, &ana, method.clone(), path, body).await;
        let expected = if method == Method::PUT { (403, "forbidden") } else { (400, "malformed") };
        assert_eq!(refused.problem(expected.0), expected.1, "{method} {path}");
    }

    let put = async |multiplier: &str| {
        let key = json!({ "user": "ana", "name": "laptop", "multiplier": multiplier });
        face.put("/api/admin/api-keys", &key.to_string()).await
    };
    for wrong in ["-1", "0.0000001", "half"] {
        assert_eq!(put(wrong).await.problem(400), "malformed", "{wrong}");
    }
    assert_eq!(put("0.5").await.ok(200)["multiplier"], "0.5");
    // Whatever its owner makes of the key, that stays.
    let renamed = ask(&face, &ana, Method::PATCH, &path, json!({ "name": "desk" })).await.ok(200);
    assert_eq!(renamed["multiplier"], "0.5");
    let rotated =
        ask(&face, &ana, Method::POST, &format!("{path}/rotate"), Value::Null).await.ok(200);
    assert_eq!(rotated["token"]["multiplier"], "0.5");
    let audit = face.get("/api/admin/audit?filter=action:api_key.update").await.ok(200);
    let changes: Vec<_> =
        audit["items"].as_array().unwrap().iter().map(|one| &one["changes"][0]).collect();
    assert_eq!(changes[0]["path"], "name");
    assert_eq!(changes[1], &json!({ "path": "multiplier", "before": "1", "after": "0.5" }));
    assert_eq!(audit["items"][1]["object"], "ana/laptop");
}

#[tokio::test]
async fn a_key_of_somebody_else_is_as_if_it_were_not_there() {
    let face = Face::open().await;
    let (ana, eve) = (face.sign_in("ana").await, face.sign_in("eve").await);
    let made = make(&face, &ana, "laptop").await;
    let id = made["token"]["id"].as_str().unwrap();
    let missing = "ak_0000000000001";
    for (method, rest, body) in [
        (Method::GET, "", Value::Null),
        (Method::PATCH, "", json!({ "enabled": false })),
        (Method::DELETE, "", Value::Null),
        (Method::POST, "/rotate", Value::Null),
        (Method::POST, "/revoke", Value::Null),
        (Method::POST, "/reveal", Value::Null),
    ] {
        let mut answers = BTreeMap::new();
        for id in [id, missing] {
            let path = format!("/api/tokens/{id}{rest}");
            let answer = ask(&face, &eve, method.clone(), &path, body.clone()).await;
            assert_eq!(answer.problem(404), "not_found", "{method} {rest}");
            answers.insert(id, answer.text.replace(id, "ID"));
        }
        assert_eq!(answers[id], answers[missing], "{method} {rest}");
    }
    assert!(
        ask(&face, &eve, Method::GET, "/api/tokens", Value::Null).await.ok(200)["items"]
            .as_array()
            .unwrap()
            .is_empty()
    );
    let still =
        ask(&face, &ana, Method::GET, &format!("/api/tokens/{id}"), Value::Null).await.ok(200);
    assert_eq!(still, made["token"]);
}

#[tokio::test]
async fn a_key_is_revealed_to_who_just_proved_who_they_are() {
    let face = Face::open().await;
    let ana = face.sign_in("ana").await;
    let made = make(&face, &ana, "laptop").await;
    let path = format!("/api/tokens/{}/reveal", made["token"]["id"].as_str().unwrap());
    let new = realms_identity::NewSession {
        user_id: ana.id.parse().unwrap(),
        address: String::new(),
        user_agent: String::new(),
        proved: false,
    };
    let opened = face.sessions.open(new).await.unwrap();
    let cookie = format!("realms_session={}", opened.token.reveal());
    let stale = Person { id: ana.id.clone(), cookie };
    let refused = ask(&face, &stale, Method::POST, &path, Value::Null).await;
    assert_eq!(refused.problem(403), "reauthentication_needed");
    face.sessions.reauthenticate(opened.session_id).await.unwrap();
    ask(&face, &stale, Method::POST, &path, Value::Null).await.ok(200);

    face.put("/api/admin/settings/tokens_revealable", r#"{"value": false}"#).await.ok(200);
    assert_eq!(
        ask(&face, &ana, Method::POST, &path, Value::Null).await.problem(409),
        "not_revealable"
    );
    let made = make(&face, &ana, "second").await;
    assert_eq!(made["token"]["revealable"], false);
}

#[tokio::test]
async fn nobody_leaves_with_every_secret_at_once() {
    let face = Face::open().await;
    let (ana, bob) = (face.sign_in("ana").await, face.sign_in("bob").await);
    let (of_ana, of_bob) = (make(&face, &ana, "a").await, make(&face, &bob, "b").await);
    let path =
        |made: &Value| format!("/api/tokens/{}/reveal", made["token"]["id"].as_str().unwrap());
    for _ in 0..60 {
        ask(&face, &ana, Method::POST, &path(&of_ana), Value::Null).await.ok(200);
    }
    let one_more = ask(&face, &ana, Method::POST, &path(&of_ana), Value::Null).await;
    assert_eq!(one_more.problem(429), "throttled");
    ask(&face, &bob, Method::POST, &path(&of_bob), Value::Null).await.ok(200);
    let id = of_ana["token"]["id"].as_str().unwrap();
    face.get(&format!("/api/admin/api-keys/{id}/reveal")).await.ok(200);
}

#[tokio::test]
async fn names_are_checked_and_keys_are_bounded() {
    let face = Face::open().await;
    let ana = face.sign_in("ana").await;
    for name in ["", " a", "a\n", &"x".repeat(65)] {
        let answer = ask(&face, &ana, Method::POST, "/api/tokens", json!({ "name": name })).await;
        assert_eq!(answer.problem(422), "invalid", "{name:?}");
    }
    make(&face, &ana, "twice").await;
    let answer = ask(&face, &ana, Method::POST, "/api/tokens", json!({ "name": "twice" })).await;
    assert_eq!(answer.problem(409), "conflict");
    let unknown =
        ask(&face, &ana, Method::POST, "/api/tokens", json!({ "name": "a", "user": "eve" })).await;
    assert_eq!(unknown.problem(400), "malformed");
    for number in 1..100 {
        make(&face, &ana, &number.to_string()).await;
    }
    let answer = ask(&face, &ana, Method::POST, "/api/tokens", json!({ "name": "more" })).await;
    assert_eq!(answer.problem(409), "too_many_keys");
}

#[tokio::test]
async fn a_stale_tag_and_a_feature_that_is_off_are_refused() {
    let face = Face::open().await;
    let ana = face.sign_in("ana").await;
    let made = make(&face, &ana, "laptop").await;
    let path = format!("/api/tokens/{}", made["token"]["id"].as_str().unwrap());
    let read = ask(&face, &ana, Method::GET, &path, Value::Null).await;
    let tag = read.headers[header::ETAG].to_str().unwrap().to_owned();
    let switch = async |enabled: bool| {
        let request = Request::builder()
            .method(Method::PATCH)
            .uri(&path)
            .header(header::COOKIE, &ana.cookie)
            .header("realms-user", &ana.id)
            .header("sec-fetch-site", "same-origin")
            .header(header::IF_MATCH, &tag)
            .header(header::CONTENT_TYPE, "application/json")
            .body(Body::from(json!({ "enabled": enabled }).to_string()));
        face.send(request.unwrap()).await
    };
    switch(false).await.ok(200);
    assert_eq!(switch(true).await.problem(412), "changed");
    face.put("/api/admin/settings/feature_tokens", r#"{"value": false}"#).await.ok(200);
    let off = ask(&face, &ana, Method::GET, &path, Value::Null).await;
    assert_eq!(off.problem(404), "feature_off");
    assert_eq!(off.json()["params"]["feature"], "tokens");
    let nobody = face.send(Request::builder().uri(&path).body(Body::empty()).unwrap()).await;
    assert_eq!(nobody.problem(401), "unauthenticated");
}

#[tokio::test]
async fn what_another_site_causes_is_refused() {
    let face = Face::open().await;
    let ana = face.sign_in("ana").await;
    let send = async |method: Method, headers: &[(&str, &str)]| {
        let mut request = Request::builder()
            .method(method)
            .uri("/api/tokens")
            .header(header::COOKIE, &ana.cookie)
            .header(header::HOST, "realms.example.org")
            .header(header::CONTENT_TYPE, "application/json");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let body = Body::from(r#"{"name": "a"}"#);
        face.send(request.body(body).unwrap()).await.status.as_u16()
    };
    let me = ("realms-user", ana.id.as_str());
    assert_eq!(send(Method::GET, &[]).await, 403);
    assert_eq!(send(Method::GET, &[me]).await, 200);
    for headers in [
        &[("sec-fetch-site", "same-origin")][..],
        &[me],
        &[me, ("sec-fetch-site", "cross-site")],
        &[me, ("origin", "https://evil.example")],
        &[("realms-user", "us_0000000000001"), ("sec-fetch-site", "same-origin")],
    ] {
        assert_eq!(send(Method::POST, headers).await, 403, "{headers:?}");
    }
    assert_eq!(send(Method::POST, &[me, ("origin", "http://realms.example.org")]).await, 201);
}
