//! Logging in and out.

use std::time::Duration;

use http::header;
use realms_store::Role;
use serde_json::json;
use tokio::time::Instant;

use super::house::{House, PASSWORD};

const SESSION: &str = "__Host-realms_session";

#[tokio::test]
async fn by_name_or_address_and_out_again() {
    let house = House::open().await;
    house.person("ana", Role::User).await;
    for login in ["ana", "Ana@Example.ORG", " ana "] {
        let browser = house.browser();
        let me = browser.log_in(login, PASSWORD).await.ok(200)["me"].clone();
        assert_eq!((me["username"].as_str(), me["role"].as_str()), (Some("ana"), Some("user")));
        assert_eq!(me["permissions"], json!([]));
        assert_eq!(me["preferences"], json!({}));
        assert_eq!(browser.get("/api/me").await.ok(200)["id"], me["id"]);
        let session = browser.cookie(SESSION).unwrap();
        browser.delete("/api/session").await.ok(204);
        assert_eq!(browser.cookie(SESSION), None);
        browser.plant(SESSION, &session);
        assert_eq!(browser.status().await, 401, "the session is over, not only its cookie");
    }
    let mut actions = house.audit().await;
    actions.retain(|action| action.starts_with("session."));
    assert_eq!(actions[..2], ["session.log_in", "session.log_out"]);
}

#[tokio::test]
async fn names_differ_by_case_and_absence_is_no_password() {
    let house = House::open().await;
    house.person("ana", Role::User).await;
    house.person_with("bob", Role::User, None).await;
    for (login, password) in
        [("Ana", PASSWORD), ("ana", ""), ("", ""), ("bob", ""), ("bob", PASSWORD), ("ana", " ")]
    {
        let refused = house.browser().log_in(login, password).await;
        assert_eq!(refused.problem(401), "wrong_credentials", "{login} {password}");
    }
    let browser = house.browser();
    for body in [json!({}), json!({ "login": "ana" }), json!({ "login": "ana", "password": null })]
    {
        assert_eq!(browser.post("/api/session", body).await.problem(400), "malformed");
    }
    let more = json!({ "login": "ana", "password": PASSWORD, "role": "root" });
    assert_eq!(browser.post("/api/session", more).await.problem(400), "malformed");
}

#[tokio::test]
async fn an_unknown_name_is_the_same_answer_as_a_wrong_password() {
    let house = House::open().await;
    house.person("ana", Role::User).await;
    let known = house.browser().log_in("ana", "wrong password").await;
    let unknown = house.browser().log_in("eve", "wrong password").await;
    assert_eq!(known.status, unknown.status);
    let body = |answer: &crate::face::Answer| {
        let mut json = answer.json();
        json["request_id"].take();
        json
    };
    assert_eq!(body(&known), body(&unknown));
}

/// The time of an answer is that of a hash. The bound is wide because other tests run beside this
/// one; what it must show is that a name which is nobody's is not answered at once.
#[tokio::test]
async fn an_unknown_name_takes_as_long_as_a_wrong_password() {
    let house = House::open().await;
    let mut times = [Vec::new(), Vec::new()];
    for round in 0..20 {
        house.person(&format!("user{round}"), Role::User).await;
        let browser = house.browser_at(&format!("198.51.100.{round}"));
        for (kind, name) in [(0, format!("user{round}")), (1, format!("nobody{round}"))] {
            let start = Instant::now();
            browser.log_in(&name, "wrong password").await.problem(401);
            times[kind].push(start.elapsed());
        }
    }
    let median = |times: &mut Vec<Duration>| {
        times.sort();
        times[times.len() / 2].as_secs_f64()
    };
    let [known, unknown] = times.each_mut().map(median);
    let ratio = unknown / known;
    assert!((0.6..1.6).contains(&ratio), "known {known} s, unknown {unknown} s");
}

#[tokio::test]
async fn that_a_user_is_switched_off_is_told_with_the_right_password_only() {
    let house = House::open().await;
    let ana = house.person("ana", Role::User).await;
    let inside = house.browser_of("ana").await;
    house.disable(&ana).await;
    assert_eq!(house.browser().log_in("ana", PASSWORD).await.problem(403), "user_disabled");
    let wrong = house.browser().log_in("ana", "wrong password").await;
    assert_eq!(wrong.problem(401), "wrong_credentials");
    house.pass(Duration::from_secs(2));
    tokio::time::sleep(Duration::from_millis(1_100)).await;
    assert_eq!(inside.status().await, 401, "the sessions of before are over");
}

#[tokio::test]
async fn the_session_changes_when_somebody_logs_in() {
    let house = House::open().await;
    house.person("ana", Role::User).await;
    let browser = house.browser();
    browser.plant(SESSION, "planted-by-somebody-else-0123456789abcdefghi");
    browser.log_in("ana", PASSWORD).await.ok(200);
    let first = browser.cookie(SESSION).unwrap();
    assert!(!first.starts_with("planted"));
    browser.log_in("ana", PASSWORD).await.ok(200);
    assert_ne!(browser.cookie(SESSION).unwrap(), first);
}

#[tokio::test]
async fn a_session_outlasts_the_browser_only_when_asked() {
    let house = House::open().await;
    for (remember, lasts) in [(true, true), (false, false)] {
        let body = json!({ "login": "root", "password": PASSWORD, "remember": remember });
        let answer = house.browser().post("/api/session", body).await;
        let cookie = answer.headers[header::SET_COOKIE].to_str().unwrap().to_owned();
        assert_eq!(cookie.contains("Max-Age="), lasts, "{cookie}");
    }
}

#[tokio::test]
async fn hashes_brought_along_work_and_are_replaced() {
    let house = House::open().await;
    // Cost 4, made by another system.
    let hash = bcrypt::hash(PASSWORD, 4).unwrap().replacen("$2b$", "$2y$", 1);
    let ana = house.person_with("ana", Role::User, Some(&hash)).await;
    let inside = house.browser_of("ana").await;
    let kept = house.store.read().find_user(ana.id).await.unwrap().unwrap();
    assert!(kept.password_hash.unwrap().reveal().starts_with("$argon2id$"));
    assert_eq!(inside.status().await, 200, "the same password, so the session stays");
    house.browser_of("ana").await;
    assert_eq!(
        house.browser().log_in("ana", "wrong password").await.problem(401),
        "wrong_credentials"
    );
}

#[tokio::test]
async fn what_must_be_known_before_is_told_to_anyone() {
    let house = House::empty().await;
    let bootstrap = house.browser().get("/api/bootstrap").await.ok(200);
    assert_eq!(bootstrap["setup_needed"], true);
    assert_eq!(bootstrap["registration"], "closed");
    assert_eq!(bootstrap["mail"], true);
    assert_eq!(bootstrap["passkeys"], true);
    assert_eq!(bootstrap["login_providers"], json!([]));
    assert_eq!(
        (bootstrap["version"].as_str(), bootstrap["self_mode"].as_bool()),
        (Some("1.2.3"), Some(true))
    );
    let code = house.setup_code().await;
    let browser = house.browser();
    let body = json!({ "code": code, "username": "ana", "password": PASSWORD, "email": "ana@example.org" });
    let me = browser.post("/api/setup", body).await.ok(201);
    assert_eq!((me["username"].as_str(), me["role"].as_str()), (Some("ana"), Some("root")));
    assert_eq!(browser.status().await, 200, "whoever sets it up is in");
    assert_eq!(house.browser().get("/api/bootstrap").await.ok(200)["setup_needed"], false);
}
