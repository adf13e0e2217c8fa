//! Every route against everybody: who gets in is what the table says.

use axum::body::Body;
use http::{Method, Request, StatusCode, header};
use realms_store::Scope;
use serde_json::json;
use tower::ServiceExt as _;

use crate::face::Face;

/// Somebody who asks.
enum Who {
    Nobody,
    Person(&'static str),
    Key(Scope, String),
}

impl Who {
    /// What is to come of it: 401, 403, or neither.
    fn expected(&self, needs: &str) -> u16 {
        let (need, scope) = needs.split_once(" (").unwrap_or((needs, ")"));
        let scope = scope.strip_suffix(')').unwrap();
        let allowed = match (self, need) {
            (_, "anyone") | (Self::Person(_), "user") => true,
            (Self::Nobody, _) => return 401,
            (Self::Person(role), "operator") => *role != "user",
            (Self::Person(role), "root") => *role == "root",
            (Self::Key(held, _), "operator" | "root") => {
                let held = held.as_str();
                let covers = [("config:write", "config:read"), ("users:write", "users:read")];
                let is_enough = |scope| held == scope || covers.contains(&(held, scope));
                held == "everything" || scope.split(" or ").any(is_enough)
            }
            (Self::Key(..), "user") => false,
            (_, other) => panic!("unknown need {other}"),
        };
        if allowed { 0 } else { 403 }
    }

    fn name(&self) -> String {
        match self {
            Self::Nobody => "nobody".to_owned(),
            Self::Person(role) => (*role).to_owned(),
            Self::Key(scope, _) => format!("a key for {scope}"),
        }
    }
}

async fn everybody(face: &Face) -> Vec<Who> {
    let mut everybody = vec![Who::Nobody];
    for role in ["user", "admin", "root"] {
        face.sign_in_as(role, role).await;
        everybody.push(Who::Person(role));
    }
    for scope in Scope::ALL {
        let body = json!({ "name": scope.as_str(), "scopes": [scope.as_str()] }).to_string();
        let made = face.post("/api/admin/admin-keys", &body).await.ok(201);
        everybody.push(Who::Key(scope, made["key"].as_str().unwrap().to_owned()));
    }
    everybody
}

/// The status of an answer, and the code of the problem that it is.
async fn ask(face: &Face, who: &Who, method: &Method, path: &str) -> (StatusCode, String) {
    let mut request = Request::builder()
        .method(method)
        .uri(path)
        .header(header::CONTENT_TYPE, "application/json")
        .header("sec-fetch-site", "same-origin");
    match who {
        Who::Nobody => {}
        Who::Person(name) => {
            // Some routes end the session.
            let person = face.sign_in(name).await;
            request =
                request.header(header::COOKIE, person.cookie).header("realms-user", person.id);
        }
        Who::Key(_, key) => {
            request = request.header(header::AUTHORIZATION, format!("Bearer {key}"));
        }
    }
    // What has no body is refused by what needs one, but only after who asks was looked at.
    let request = request.body(Body::from("[]")).unwrap();
    let response = face.router.clone().oneshot(request).await.unwrap();
    let status = response.status();
    if status.is_success() {
        return (status, String::new());
    }
    let body = axum::body::to_bytes(response.into_body(), 1 << 20).await.unwrap();
    let problem: serde_json::Value = serde_json::from_slice(&body).unwrap_or_default();
    (status, problem["code"].as_str().unwrap_or_default().to_owned())
}

#[tokio::test]
async fn everyone_gets_in_where_the_table_says_and_nowhere_else() {
    let face = Face::open().await;
    let everybody = everybody(&face).await;
    let document = face.get("/api/openapi.json").await.ok(200);
    let mut asked = 0;
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let needs = operation["x-needs"].as_str().unwrap();
            let method: Method = method.to_uppercase().parse().unwrap();
            let path = path.replace("{*path}", "v1/x").replace(['{', '}'], "");
            for who in &everybody {
                let (status, code) = ask(&face, who, &method, &path).await;
                let what = format!("{} {method} {path} ({needs}): {status} {code}", who.name());
                match who.expected(needs) {
                    401 => assert_eq!(
                        (status.as_u16(), code.as_str()),
                        (401, "unauthenticated"),
                        "{what}"
                    ),
                    403 => {
                        assert_eq!((status.as_u16(), code.as_str()), (403, "forbidden"), "{what}");
                    }
                    _ => assert!(
                        !matches!(code.as_str(), "unauthenticated" | "forbidden" | "internal"),
                        "{what}"
                    ),
                }
                asked += 1;
            }
        }
    }
    assert!(asked > 600, "{asked}");
}

#[tokio::test]
async fn nobody_can_tell_which_admin_paths_exist() {
    let face = Face::open().await;
    let user = face.sign_in("ana").await;
    let unknown = face.ask_as(&user, Method::GET, "/api/admin/nope", "").await;
    let known = face.ask_as(&user, Method::GET, "/api/admin/channels", "").await;
    assert_eq!(unknown.problem(403), known.problem(403));
    assert_eq!(unknown.json()["detail"], known.json()["detail"]);
}

#[tokio::test]
async fn an_admin_is_refused_field_by_field() {
    let face = Face::open().await;
    let admin = face.sign_in_as("boss", "admin").await;
    let put = async |path: &str, body: serde_json::Value| {
        face.ask_as(&admin, Method::PUT, path, &body.to_string()).await
    };
    put("/api/admin/models/m", json!({ "name": "m" })).await.ok(201);
    let priced = json!({ "name": "m", "input_usd_per_1m": "1", "output_usd_per_1m": "1" });
    let refused = put("/api/admin/models/m", priced.clone()).await;
    assert_eq!(refused.problem(403), "forbidden");
    let fields = refused.json()["fields"].clone();
    assert_eq!(fields[0]["pointer"], "/input_usd_per_1m");
    assert_eq!(fields.as_array().unwrap().len(), 2);
    let rehearsed = face
        .ask_as(
            &admin,
            Method::POST,
            "/api/admin/apply?dry_run=true",
            "version = 1\n[[user]]\nusername = \"boss\"\nrole = \"root\"\n",
        )
        .await;
    assert_eq!(rehearsed.problem(403), "forbidden", "a rehearsal tells no more");
    face.put("/api/admin/models/m", &priced.to_string()).await.ok(200);
    put("/api/admin/models/m", json!({ "name": "m", "enabled": false })).await.ok(200);
    let deleted = face.ask_as(&admin, Method::DELETE, "/api/admin/models/m", "").await;
    assert_eq!(deleted.problem(403), "forbidden", "its price would go with it");
}

#[tokio::test]
async fn an_admin_key_ends_with_its_maker() {
    let face = Face::open().await;
    let root = face.sign_in_as("root", "root").await;
    face.sign_in_as("other", "root").await;
    let body = r#"{"name": "ci", "scopes": ["config:read"]}"#;
    let made = face.ask_as(&root, Method::POST, "/api/admin/admin-keys", body).await.ok(201);
    let (key, id) = (made["key"].as_str().unwrap(), made["admin_key"]["id"].as_str().unwrap());
    assert_eq!(made["admin_key"]["created_by"], "root");
    let with = async |key: &str| {
        let request = Request::builder().uri("/api/admin/channels").header("x-api-key", key);
        face.send(request.body(Body::empty()).unwrap()).await.status.as_u16()
    };
    assert_eq!(with(key).await, 200);
    let listed = face.get("/api/admin/admin-keys").await;
    assert!(!listed.text.contains(key) && listed.text.contains("last_used_at"));
    face.put("/api/admin/users/root", r#"{"username": "root", "role": "admin"}"#).await.ok(200);
    assert_eq!(with(key).await, 401);
    face.put("/api/admin/users/root", r#"{"username": "root", "role": "root"}"#).await.ok(200);
    assert_eq!(with(key).await, 200);
    face.delete(&format!("/api/admin/admin-keys/{id}")).await.ok(204);
    assert_eq!(with(key).await, 401);
    for bad in [
        r#"{"name": "", "scopes": ["config:read"]}"#,
        r#"{"name": "x", "scopes": []}"#,
        r#"{"name": "x", "scopes": ["root"]}"#,
        r#"{"name": "x", "scopes": ["config:read"], "expires_at": "2020-01-01T00:00:00Z"}"#,
    ] {
        assert_eq!(face.post("/api/admin/admin-keys", bad).await.problem(422), "invalid", "{bad}");
    }
}

#[tokio::test]
async fn an_export_has_no_users_for_a_key_that_may_not_read_them() {
    let face = Face::open().await;
    face.sign_in("ana").await;
    face.put("/api/admin/api-keys", r#"{"user": "ana", "name": "laptop"}"#).await.ok(201);
    let export = async |scopes: &[&str]| {
        let body = json!({ "name": scopes.join(" "), "scopes": scopes }).to_string();
        let made = face.post("/api/admin/admin-keys", &body).await.ok(201);
        let key = made["key"].as_str().unwrap();
        let request = Request::builder().uri("/api/admin/export").header("x-api-key", key);
        let answer = face.send(request.body(Body::empty()).unwrap()).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        answer.text
    };
    let without = export(&["config:read"]).await;
    assert!(without.contains("[[user_group]]"), "{without}");
    assert!(!without.contains("ana") && !without.contains("laptop"), "{without}");
    let with = export(&["config:read", "users:read"]).await;
    assert!(with.contains("\"ana\"") && with.contains("\"laptop\""), "{with}");
}
