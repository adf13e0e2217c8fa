//! The first root user.

use realms_console::offer_setup;

use crate::face::Face;

fn body(code: &str, username: &str) -> String {
    format!(r#"{{"code": "{code}", "username": "{username}", "password": "correct horse"}}"#)
}

async fn offered(face: &Face) -> Option<String> {
    let editor = &face.desk.editor;
    let code = offer_setup(&editor.store, &editor.keyring, editor.clock.now()).await.unwrap();
    code.map(|code| code.reveal().clone())
}

#[tokio::test]
async fn the_code_makes_one_root_user() {
    let face = Face::open().await;
    let code = offered(&face).await.unwrap();
    assert_eq!(
        face.post("/api/setup", &body("wrong", "ana")).await.problem(401),
        "unauthenticated"
    );
    let spoken = code.replace('-', " ").to_uppercase();
    face.post("/api/setup", &body(&spoken, "ana")).await.ok(201);
    assert_eq!(face.post("/api/setup", &body(&code, "bob")).await.problem(401), "unauthenticated");
    assert_eq!(face.get("/api/admin/users/ana").await.ok(200)["role"], "root");
    assert_eq!(offered(&face).await, None);
}

#[tokio::test]
async fn a_mistake_does_not_use_the_code_up() {
    let face = Face::open().await;
    let code = offered(&face).await.unwrap();
    let weak = body(&code, "ana").replace("correct horse", "short");
    assert_eq!(face.post("/api/setup", &weak).await.problem(422), "invalid");
    face.put("/api/admin/users/bob", r#"{"username": "bob"}"#).await.ok(201);
    assert_eq!(face.post("/api/setup", &body(&code, "bob")).await.problem(409), "conflict");
    face.post("/api/setup", &body(&code, "ana")).await.ok(201);
}

#[tokio::test]
async fn a_newer_code_replaces_an_older_one() {
    let face = Face::open().await;
    let [old, new] = [offered(&face).await.unwrap(), offered(&face).await.unwrap()];
    assert_eq!(face.post("/api/setup", &body(&old, "ana")).await.problem(401), "unauthenticated");
    face.post("/api/setup", &body(&new, "ana")).await.ok(201);
}

#[tokio::test]
async fn exactly_one_of_many_at_once_wins() {
    let face = Face::open().await;
    let code = offered(&face).await.unwrap();
    let bodies = ["ana", "bob", "eve"].map(|name| body(&code, name));
    let [ana, bob, eve] = bodies.each_ref().map(|body| face.post("/api/setup", body));
    let (ana, bob, eve) = tokio::join!(ana, bob, eve);
    let won = [ana, bob, eve].iter().filter(|answer| answer.status == 201).count();
    assert_eq!(won, 1);
    let users = face.get("/api/admin/users").await.ok(200);
    assert_eq!(users["items"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn guessing_the_code_ends() {
    let face = Face::open().await;
    let code = offered(&face).await.unwrap();
    for _ in 0..10 {
        assert_eq!(
            face.post("/api/setup", &body("wrong", "ana")).await.problem(401),
            "unauthenticated"
        );
    }
    assert_eq!(face.post("/api/setup", &body(&code, "ana")).await.problem(429), "throttled");
}
