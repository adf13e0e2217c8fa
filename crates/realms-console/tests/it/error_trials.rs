//! The rules about errors, tried on errors without a call.

use serde_json::{Value, json};

use crate::face::Face;

const TRIAL: &str = "/api/admin/error-trial";
const TOO_LONG: &str = r#"{"error":{"message":"prompt is too long"}}"#;

/// A face with two rules about the same error; the one named last is looked at first.
async fn ruled() -> Face {
    let face = Face::open().await;
    for (name, priority, message) in [("general", 0, "Try again."), ("long", 5, "Start anew.")] {
        let rule = json!({
            "name": name, "priority": priority, "match": {"status": [400]},
            "then": {"status": 413, "message": message}
        });
        face.put(&format!("/api/admin/error-rules/{name}"), &rule.to_string()).await.ok(201);
    }
    face
}

async fn tried(face: &Face, trial: &Value) -> Value {
    face.post(TRIAL, &trial.to_string()).await.ok(200)
}

#[tokio::test]
async fn the_first_rule_that_speaks_of_an_error_is_shown_with_what_the_client_hears() {
    let face = ruled().await;
    let trial = json!({"dialect": "chat", "status": 400, "body": TOO_LONG});
    let told = tried(&face, &trial).await;
    assert_eq!((&told["rule"], &told["status"]), (&json!("long"), &json!(413)));
    assert_eq!((&told["retried"], &told["rests"]), (&json!(false), &Value::Null));
    let body: Value = serde_json::from_str(told["body"].as_str().unwrap()).unwrap();
    assert_eq!(body["error"]["message"], "Start anew.");

    // Nobody's rule: the error reaches the client as it came, after others were asked.
    let told = tried(&face, &json!({"dialect": "messages", "status": 529, "body": "{}"})).await;
    assert_eq!((&told["rule"], &told["retried"]), (&Value::Null, &json!(true)));
    assert_eq!(told["cause"], "overloaded");
}

#[tokio::test]
async fn a_rule_is_tried_in_its_place_before_it_is_saved_and_changes_nothing() {
    let face = ruled().await;
    let rule = |name: &str, priority: i64| {
        json!({
            "dialect": "chat", "status": 400, "body": TOO_LONG, "channel": "a",
            "rule": {"name": name, "priority": priority, "match": {"channels": ["a"]},
                     "then": {"hide": true}}
        })
    };
    assert_eq!(tried(&face, &rule("new", 9)).await["rule"], "new");
    assert_eq!(tried(&face, &rule("new", 1)).await["rule"], "long");
    // In place of the saved one of its name, which would come first.
    assert_eq!(tried(&face, &rule("long", -1)).await["rule"], "general");
    let saved = face.get("/api/admin/error-rules").await.ok(200);
    assert_eq!(saved["items"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn what_cannot_be_tried_is_refused_with_its_reason() {
    let face = ruled().await;
    for (trial, part) in [
        (json!({"dialect": "chat", "status": 200}), "status"),
        (json!({"dialect": "chat", "status": 1000}), "status"),
        (
            json!({"dialect": "chat", "status": 400, "rule": {
                "name": "bad", "match": {"regex": "("}, "then": {"hide": true}}}),
            "regex",
        ),
    ] {
        let told = face.post(TRIAL, &trial.to_string()).await;
        assert_eq!(told.problem(422), "invalid");
        assert!(told.text.contains(part), "{}", told.text);
    }
}
