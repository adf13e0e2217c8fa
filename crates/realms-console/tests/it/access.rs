//! Who gets in, and what refusals look like.

use axum::body::Body;
use http::{Method, Request, header};
use realms_types::{RequestId, RequestMeta};

use crate::face::{ADMIN, Face};

fn request(method: &Method, path: &str, headers: &[(&str, &str)]) -> Request<Body> {
    let mut builder = Request::builder().method(method).uri(path);
    for (name, value) in headers {
        builder = builder.header(*name, *value);
    }
    builder.body(Body::empty()).unwrap()
}

#[tokio::test]
async fn without_a_configured_key_nobody_gets_in() {
    let face = Face::with_key(None).await;
    for headers in
        [&[][..], &[("authorization", "Bearer ")], &[("x-api-key", "")], &[("x-api-key", ADMIN)]]
    {
        let answer = face.send(request(&Method::GET, "/api/admin/channels", headers)).await;
        assert_eq!(answer.problem(401), "unauthenticated");
    }
}

#[tokio::test]
async fn every_admin_route_needs_the_key() {
    let face = Face::open().await;
    let document = face.send(request(&Method::GET, "/api/openapi.json", &[])).await.ok(200);
    let mut asked = 0;
    for (path, item) in document["paths"].as_object().unwrap() {
        for method in item.as_object().unwrap().keys() {
            if !path.starts_with("/api/admin") {
                continue;
            }
            let method: Method = method.to_uppercase().parse().unwrap();
            let path = path.replace(['{', '}'], "");
            let answer =
                face.send(request(&method, &path, &[("x-forwarded-for", "1.2.3.4")])).await;
            // More than thirty wrong tries of one address are not even looked at.
            let code = answer.json()["code"].as_str().unwrap().to_owned();
            assert!(code == "unauthenticated" || code == "throttled", "{method} {path}: {code}");
            asked += 1;
        }
    }
    assert!(asked > 30);
}

#[tokio::test]
async fn the_key_comes_in_either_header_and_must_be_right() {
    let face = Face::open().await;
    let bearer = format!("Bearer {ADMIN}");
    for headers in [&[("authorization", bearer.as_str())][..], &[("x-api-key", ADMIN)]] {
        face.send(request(&Method::GET, "/api/admin/channels", headers)).await.ok(200);
    }
    for headers in [
        &[("x-api-key", "admin-key-012345678")][..],
        &[("x-api-key", "wrong")],
        &[("authorization", ADMIN)],
        &[("authorization", bearer.as_str()), ("x-api-key", "another")],
    ] {
        let answer = face.send(request(&Method::GET, "/api/admin/channels", headers)).await;
        assert_eq!(answer.problem(401), "unauthenticated");
        assert!(answer.headers.contains_key(header::WWW_AUTHENTICATE));
        assert!(!answer.text.contains(ADMIN));
    }
}

#[tokio::test]
async fn guessing_ends_and_locks_out_the_guesser_only() {
    let face = Face::open().await;
    let from = |address: &str, key: &str| {
        let mut request = request(&Method::GET, "/api/admin/channels", &[("x-api-key", key)]);
        let id: RequestId = "01890a5d-ac96-774b-bcce-b302099a8057".parse().unwrap();
        request.extensions_mut().insert(RequestMeta {
            id,
            shown: "req-1".into(),
            from_client: None,
            client: address.parse().unwrap(),
            https: false,
        });
        request
    };
    for _ in 0..30 {
        assert_eq!(face.send(from("10.0.0.1", "wrong")).await.problem(401), "unauthenticated");
    }
    let locked = face.send(from("10.0.0.1", ADMIN)).await;
    assert_eq!(locked.problem(429), "throttled");
    assert!(locked.headers.contains_key(header::RETRY_AFTER));
    assert_eq!(locked.json()["request_id"], "req-1");
    face.send(from("10.0.0.2", ADMIN)).await.ok(200);
    // Who has one IPv6 address has a whole network of them: that is one place.
    for number in 0..30 {
        let refused = face.send(from(&format!("2001:db8::{number:x}"), "wrong")).await;
        assert_eq!(refused.problem(401), "unauthenticated");
    }
    assert_eq!(face.send(from("2001:db8::ffff:1", ADMIN)).await.problem(429), "throttled");
    face.send(from("2001:db8:0:1::1", ADMIN)).await.ok(200);
}

#[tokio::test]
async fn what_does_not_exist_is_a_problem_too() {
    let face = Face::open().await;
    assert_eq!(face.get("/api/nope").await.problem(404), "not_found");
    assert_eq!(face.get("/api").await.problem(404), "not_found");
    assert_eq!(face.get("/api/admin/nope").await.problem(404), "not_found");
    assert_eq!(face.post("/api/admin/channels", "").await.problem(405), "method_not_allowed");
    let outside = face.send(request(&Method::GET, "/api/admin/nope", &[])).await;
    assert_eq!(outside.problem(401), "unauthenticated");
    assert_eq!(face.get("/api/admin/channels/nope").await.problem(404), "not_found");
    let cached = face.get("/api/admin/channels").await;
    assert_eq!(cached.headers[header::CACHE_CONTROL], "no-store");
}
