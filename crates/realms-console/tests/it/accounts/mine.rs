//! What is mine: sessions, the address, preferences, a fresh proof.

use std::time::Duration;

use realms_store::Role;
use serde_json::{Value, json};

use super::house::{House, PASSWORD};

#[tokio::test]
async fn sessions_are_listed_and_ended() {
    let house = House::open().await;
    house.person("ana", Role::User).await;
    house.person("bob", Role::User).await;
    let (here, there) = (house.browser_of("ana").await, house.browser_of("ana").await);
    let bob = house.browser_of("bob").await;
    let list = here.get("/api/me/sessions").await.ok(200);
    let sessions = list["items"].as_array().unwrap();
    assert_eq!(sessions.len(), 2);
    let current: Vec<_> = sessions.iter().map(|session| session["current"] == true).collect();
    assert_eq!(current.iter().filter(|current| **current).count(), 1);
    let other = sessions.iter().find(|session| session["current"] == false).unwrap();
    assert_eq!(
        (other["address"].as_str(), other["user_agent"].as_str()),
        (Some("203.0.113.1"), Some("Firefox"))
    );
    let path = format!("/api/me/sessions/{}", other["id"].as_str().unwrap());
    assert_eq!(bob.delete(&path).await.problem(404), "not_found", "not his");
    assert_eq!(there.status().await, 200);
    here.delete(&path).await.ok(204);
    assert_eq!(here.delete(&path).await.problem(404), "not_found");
    assert_eq!((here.status().await, there.status().await), (200, 401));
    let third = house.browser_of("ana").await;
    here.delete("/api/me/sessions").await.ok(204);
    assert_eq!((here.status().await, third.status().await), (200, 401));
    assert_eq!(bob.status().await, 200);
}

#[tokio::test]
async fn the_address_changes_with_a_code_to_the_new_one() {
    let house = House::open().await;
    house.person("ana", Role::User).await;
    house.person("bob", Role::User).await;
    let ana = house.browser_of("ana").await;
    ana.post("/api/me/email", json!({ "email": "Ana@New.example" })).await.ok(202);
    let letter = house.letter().await;
    letter.is_about("ana@new.example", "for using this address");
    let code = letter.code();
    let confirm = |email: &str, code: &str| json!({ "email": email, "code": code });
    let bob = house.browser_of("bob").await;
    let stolen = bob.post("/api/me/email/confirm", confirm("ana@new.example", &code)).await;
    assert_eq!(stolen.problem(401), "code_wrong", "a code is for one user");
    let other = ana.post("/api/me/email/confirm", confirm("eve@example.org", &code)).await;
    assert_eq!(other.problem(401), "code_wrong", "and for one address");
    let me = ana.post("/api/me/email/confirm", confirm("ana@new.example", &code)).await.ok(200);
    assert_eq!(
        (me["email"].as_str(), me["email_verified"].as_bool()),
        (Some("ana@new.example"), Some(true))
    );
    house.letter().await.is_about("ana@example.org", "another e-mail address");
    let again = ana.post("/api/me/email/confirm", confirm("ana@new.example", &code)).await;
    assert_eq!(again.problem(401), "code_wrong", "it was used");

    house.pass(Duration::from_mins(1));
    ana.post("/api/me/email", json!({ "email": "bob@example.org" })).await.ok(202);
    house.letter().await.is_about("bob@example.org", "belongs to an account already");
}

#[tokio::test]
async fn delicate_things_need_a_fresh_proof() {
    let house = House::open().await;
    house.person("ana", Role::User).await;
    let ana = house.browser_of("ana").await;
    house.pass(Duration::from_mins(10));
    let email = json!({ "email": "ana@new.example" });
    let code = "reauthentication_needed";
    assert_eq!(ana.post("/api/me/email", email.clone()).await.problem(403), code);
    assert_eq!(ana.delete("/api/me/totp").await.problem(403), code);
    assert_eq!(ana.post("/api/me/recovery-codes", json!({})).await.problem(403), code);
    assert_eq!(ana.post("/api/me/passkeys/begin", json!({})).await.problem(403), code);
    assert_eq!(ana.post("/api/me/totp/begin", json!({})).await.problem(403), code);
    assert_eq!(ana.delete("/api/me/passkeys/pk_0000000000001").await.problem(403), code);
    assert_eq!(ana.delete("/api/me/identities/ei_0000000000001").await.problem(403), code);
    let root = house.browser_of("root").await;
    house.pass(Duration::from_mins(10));
    let key = json!({ "name": "k", "scopes": ["everything"] });
    assert_eq!(root.post("/api/admin/admin-keys", key).await.problem(403), code);
    let password = json!({ "password": "another one entirely" });
    assert_eq!(root.post("/api/admin/users/ana/password", password).await.problem(403), code);
    for absent in
        [json!({}), json!({ "password": null }), json!({ "password": "" }), json!({ "totp": "" })]
    {
        let refused = ana.post("/api/me/reauthenticate", absent).await;
        assert_eq!(refused.status, 401, "{}", refused.text);
    }
    ana.post("/api/me/reauthenticate", json!({ "password": PASSWORD })).await.ok(204);
    ana.post("/api/me/email", email).await.ok(202);
}

#[tokio::test]
async fn preferences_are_any_object_within_bounds() {
    let house = House::open().await;
    house.person("ana", Role::User).await;
    let ana = house.browser_of("ana").await;
    let wish = json!({ "theme": "dark", "tables": { "usage": ["model", "cost"] } });
    ana.put("/api/me/preferences", wish.clone()).await.ok(204);
    assert_eq!(ana.get("/api/me").await.ok(200)["preferences"], wish);
    for wrong in [json!([]), json!("x"), Value::Null] {
        assert_eq!(ana.put("/api/me/preferences", wrong).await.problem(400), "malformed");
    }
    let huge = json!({ "x": "y".repeat(17 << 10) });
    assert_eq!(ana.put("/api/me/preferences", huge).await.problem(413), "too_large");
    assert_eq!(ana.get("/api/me").await.ok(200)["preferences"], wish);
}

#[tokio::test]
async fn nothing_of_mine_is_for_nobody() {
    let house = House::open().await;
    let nobody = house.browser();
    for path in ["/api/me", "/api/me/sessions", "/api/me/passkeys", "/api/me/identities"] {
        assert_eq!(nobody.get(path).await.problem(401), "unauthenticated", "{path}");
    }
    for path in [
        "/api/me/reauthenticate",
        "/api/me/password",
        "/api/me/email",
        "/api/me/email/confirm",
        "/api/me/totp",
        "/api/me/totp/begin",
        "/api/me/recovery-codes",
        "/api/me/passkeys",
        "/api/me/passkeys/begin",
    ] {
        assert_eq!(nobody.post(path, json!({})).await.problem(401), "unauthenticated", "{path}");
    }
    assert_eq!(nobody.delete("/api/session").await.problem(401), "unauthenticated");
}

#[tokio::test]
async fn the_mail_settings_are_tried_out_by_root() {
    let house = House::open().await;
    house.person("ana", Role::User).await;
    let root = house.browser_of("root").await;
    let to = json!({ "to": "ops@example.org" });
    let sent = root.post("/api/admin/settings/test-mail", to.clone()).await.ok(200);
    assert_eq!(sent["ok"], true);
    house.letter().await.is_about("ops@example.org", "can send mail");
    let ana = house.browser_of("ana").await;
    assert_eq!(ana.post("/api/admin/settings/test-mail", to).await.problem(403), "forbidden");
    let bad = json!({ "to": "nonsense" });
    assert_eq!(root.post("/api/admin/settings/test-mail", bad).await.problem(422), "invalid");
}
