//! Settings over HTTP: what they tell of themselves, and several changed at once.

use http::Method;
use serde_json::{Value, json};

use crate::{desk::CANARY, face::Face};

fn find<'a>(view: &'a Value, key: &str) -> &'a Value {
    view["items"].as_array().unwrap().iter().find(|item| item["key"] == key).unwrap()
}

#[tokio::test]
async fn several_are_changed_or_none() {
    let face = Face::open().await;
    let patch =
        async |body: Value| face.ask(Method::PATCH, "/api/admin/settings", &body.to_string()).await;
    let view =
        patch(json!({ "set": { "site_name": "House", "retry_max_attempts": 3 } })).await.ok(200);
    let name = find(&view, "site_name");
    assert_eq!((&name["value"], &name["source"]), (&json!("House"), &json!("database")));
    assert_eq!((&name["updated_by"], &name["section"]), (&json!("environment"), &json!("site")));
    let attempts = find(&view, "retry_max_attempts");
    assert_eq!((attempts["min"].as_u64(), attempts["max"].as_u64()), (Some(1), Some(20)));

    let bad = patch(json!({ "set": { "site_name": "Other", "retry_max_attempts": 300 } })).await;
    assert_eq!(bad.problem(422), "invalid");
    let both = patch(json!({ "set": { "site_name": "Other" }, "reset": ["site_name"] })).await;
    assert_eq!(both.problem(422), "invalid");
    assert_eq!(patch(json!({ "reset": ["site_nam"] })).await.problem(404), "not_found");
    let view = face.get("/api/admin/settings").await.ok(200);
    assert_eq!(find(&view, "site_name")["value"], "House");

    let body = json!({ "set": { "smtp_port": 25 }, "reset": ["site_name", "mail_from"] });
    let view = patch(body).await.ok(200);
    assert_eq!(find(&view, "site_name")["source"], "default");
    assert_eq!(find(&view, "smtp_port")["value"], "25");
    assert_eq!(find(&view, "smtp_security")["choices"], json!(["starttls", "tls", "plain"]));
    assert_eq!(
        find(&view, "feature_tokens")["hides"],
        json!(["/tokens", "/connect", "/playground"])
    );
}

#[tokio::test]
async fn a_switch_of_what_serves_those_who_pay_is_shown_where_they_do() {
    let face = Face::open().await;
    let path = "/api/admin/settings/feature_tickets";
    face.put(path, r#"{"value": false}"#).await.ok(200);
    assert_eq!(face.get(path).await.ok(200)["value"], "false");
    let view = face.get("/api/admin/settings").await.ok(200);
    let keys = view["items"].as_array().unwrap().iter().map(|item| item["key"].as_str().unwrap());
    let switches: Vec<_> = keys.filter(|key| key.starts_with("feature_")).collect();
    assert_eq!(
        switches,
        [
            "feature_announcements",
            "feature_tokens",
            "feature_usage",
            "feature_models",
            "feature_billing",
            "feature_tickets",
            "feature_playground",
            "feature_admin_channels",
            "feature_admin_channel_groups",
            "feature_admin_users",
            "feature_admin_usage",
            "feature_admin_announcements",
            "feature_oauth_apps",
            "feature_ranking",
            "feature_public_prices",
            "feature_public_status",
            "feature_public_key",
        ]
    );
}

#[tokio::test]
async fn a_secret_is_sealed_and_never_shown() {
    let face = Face::open().await;
    let body = json!({ "set": { "smtp_password": CANARY } }).to_string();
    let mut seen = vec![face.ask(Method::PATCH, "/api/admin/settings", &body).await.text];
    let settings = face.live.snapshot();
    assert_eq!(settings.settings().mail.password.as_ref().unwrap().reveal(), CANARY);
    for path in ["settings", "settings/smtp_password", "export", "audit"] {
        seen.push(face.get(&format!("/api/admin/{path}")).await.text);
    }
    let rows = face.desk.editor.store.read().list_settings().await.unwrap();
    seen.extend(rows.iter().map(|row| row.value.clone()));
    for text in seen {
        assert!(!text.contains(CANARY), "{text}");
    }
    let one = face.get("/api/admin/settings/smtp_password").await.ok(200);
    assert_eq!(
        (&one["is_set"], &one["value"], &one["kind"]),
        (&json!(true), &json!(""), &json!("secret"))
    );
    let reloads = face.reloads();
    face.ask(Method::PATCH, "/api/admin/settings", &body).await.ok(200);
    assert_eq!(face.reloads(), reloads, "the same secret is no change");
}
