//! One field that finds everything.

use super::{field, items};
use crate::face::Face;

#[tokio::test]
async fn search_finds_calls_keys_and_for_operators_people_and_channels() {
    let face = Face::open().await;
    face.put("/api/admin/channels/north", r#"{"name": "north", "kind": "openai"}"#).await.ok(201);
    let ana = face.person("ana").await;
    face.put("/api/admin/api-keys", r#"{"user": "ana", "name": "ana laptop"}"#).await.ok(201);
    let record = face.record("m", ana.id());
    face.insert(std::slice::from_ref(&record)).await;
    let id = record.request_id.to_string();
    let own = face.get_as(&ana, &format!("/api/search?q={id}")).await.ok(200);
    assert_eq!(
        (field(&own, "kind"), field(&own, "to")),
        (vec!["call"], vec![format!("/usage/{id}").as_str()])
    );
    let own = face.get_as(&ana, "/api/search?q=LAPTOP").await.ok(200);
    assert_eq!(field(&own, "to"), ["/tokens?q=ana%20laptop"]);
    let none = face.get_as(&ana, "/api/search?q=%25").await.ok(200);
    assert!(items(&none).is_empty(), "a wildcard is a letter");
    face.put("/api/admin/users/root", r#"{"username": "root", "role": "root"}"#).await.ok(201);
    let long = face.get_as(&ana, &format!("/api/search?q={}", "x".repeat(65))).await;
    assert_eq!(long.problem(400), "malformed");
}
