//! Passwords: forgotten, and changed.

use futures_util::future::join_all;
use realms_store::Role;
use serde_json::{Value, json};

use super::house::{House, PASSWORD};

const NEW: &str = "another one entirely";

fn reset(email: &str, code: &str) -> Value {
    json!({ "email": email, "code": code, "password": NEW })
}

#[tokio::test]
async fn a_forgotten_password_is_replaced_and_every_session_ends() {
    let house = House::open().await;
    let ana = house.person("ana", Role::User).await;
    let inside = house.browser_of("ana").await;
    let browser = house.browser();
    browser.post("/api/password/forgot", json!({ "email": "ANA@example.org" })).await.ok(202);
    let letter = house.letter().await;
    letter.is_about("ana@example.org", "for a new password");
    let code = letter.code();
    let weak = json!({ "email": "ana@example.org", "code": code, "password": "password1" });
    assert_eq!(browser.post("/api/password/reset", weak).await.problem(422), "invalid");
    browser.post("/api/password/reset", reset("ana@example.org", &code)).await.ok(204);
    house.letter().await.is_about("ana@example.org", "was changed");
    assert_eq!(inside.status().await, 401);
    assert_eq!(browser.log_in("ana", PASSWORD).await.problem(401), "wrong_credentials");
    browser.log_in("ana", NEW).await.ok(200);
    let again = browser.post("/api/password/reset", reset("ana@example.org", &code)).await;
    assert_eq!(again.problem(401), "code_wrong", "it was used");
    let verified = house.store.read().find_verified_email(ana.id).await.unwrap();
    assert_eq!(verified.as_deref(), Some("ana@example.org"));
}

#[tokio::test]
async fn an_address_that_is_nobodys_looks_like_any_other() {
    let house = House::open().await;
    house.person("ana", Role::User).await;
    let forgot = async |email: &str| {
        house.browser().post("/api/password/forgot", json!({ "email": email })).await.ok(202)
    };
    assert_eq!(forgot("ana@example.org").await, forgot("nobody@example.org").await);
    house.letter().await.is_about("ana@example.org", "for a new password");
    for email in ["ana@example.org", "nobody@example.org", "never@example.org"] {
        let guess = house.browser().post("/api/password/reset", reset(email, "x")).await;
        assert_eq!(guess.problem(401), "code_wrong", "{email}");
    }
    house.pass(std::time::Duration::from_mins(10));
    for email in ["ana@example.org", "nobody@example.org"] {
        let late = house.browser().post("/api/password/reset", reset(email, "x")).await;
        assert_eq!(late.problem(401), "code_expired", "{email}");
    }
    let bad = house.browser().post("/api/password/forgot", json!({ "email": "nonsense" })).await;
    assert_eq!(bad.problem(422), "invalid");
}

#[tokio::test]
async fn one_code_resets_once_however_many_come_at_once() {
    let house = House::open().await;
    house.person("ana", Role::User).await;
    house
        .browser()
        .post("/api/password/forgot", json!({ "email": "ana@example.org" }))
        .await
        .ok(202);
    let code = house.letter().await.code();
    let browsers: Vec<_> =
        (0..20).map(|number| house.browser_at(&format!("198.51.100.{number}"))).collect();
    let answers = join_all(
        browsers.iter().map(|one| one.post("/api/password/reset", reset("ana@example.org", &code))),
    )
    .await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 204).count(), 1);
}

#[tokio::test]
async fn a_changed_password_ends_the_other_sessions() {
    let house = House::open().await;
    house.person("ana", Role::User).await;
    let (here, there) = (house.browser_of("ana").await, house.browser_of("ana").await);
    let before = here.cookie("__Host-realms_session");
    for old in [json!("wrong password"), json!(""), Value::Null] {
        let wrong = json!({ "old_password": old, "new_password": NEW });
        assert_eq!(here.post("/api/me/password", wrong).await.problem(401), "wrong_credentials");
    }
    let change = json!({ "old_password": PASSWORD, "new_password": NEW });
    here.post("/api/me/password", change).await.ok(204);
    assert_ne!(here.cookie("__Host-realms_session"), before, "a new session");
    assert_eq!((here.status().await, there.status().await), (200, 401));
    house.letter().await.is_about("ana@example.org", "was changed");
    house.browser().log_in("ana", NEW).await.ok(200);
}
