//! Guessing ends: for an account, for an address, over everything that can be guessed.

use std::time::Duration;

use futures_util::future::join_all;
use http::header;
use realms_store::Role;
use serde_json::json;

use super::house::{House, PASSWORD};

#[tokio::test]
async fn of_fifty_guesses_at_once_ten_are_looked_at() {
    let house = House::open().await;
    house.person("ana", Role::User).await;
    // From everywhere, so that only the account bounds them.
    let browsers: Vec<_> =
        (0..50).map(|number| house.browser_at(&format!("198.51.100.{number}"))).collect();
    let answers =
        join_all(browsers.iter().map(|browser| browser.log_in("ana", "wrong password"))).await;
    let count = |status: u16| answers.iter().filter(|answer| answer.status == status).count();
    assert_eq!((count(401) + count(503), count(429)), (10, 40));
    let locked = house.browser_at("192.0.2.1").log_in("ana", PASSWORD).await;
    assert_eq!(locked.problem(429), "throttled");
    let wait: u64 = locked.headers[header::RETRY_AFTER].to_str().unwrap().parse().unwrap();
    assert!((1..=900).contains(&wait), "{wait}");
    house.pass(Duration::from_secs(wait + 1));
    house.browser_at("192.0.2.1").log_in("ana", PASSWORD).await.ok(200);
}

#[tokio::test]
async fn thirty_guesses_from_one_place_end_it_there_only() {
    let house = House::open().await;
    house.person("ana", Role::User).await;
    let browser = house.browser_at("2001:db8::1");
    for number in 0..30 {
        let refused = browser.log_in(&format!("nobody{number}"), "wrong password").await;
        assert_eq!(refused.problem(401), "wrong_credentials");
    }
    assert_eq!(browser.log_in("ana", PASSWORD).await.problem(429), "throttled");
    // The same network is the same place.
    let neighbour = house.browser_at("2001:db8::ffff:1");
    assert_eq!(neighbour.log_in("ana", PASSWORD).await.problem(429), "throttled");
    house.browser_at("2001:db8:0:1::1").log_in("ana", PASSWORD).await.ok(200);
}

#[tokio::test]
async fn who_is_right_is_never_locked_out() {
    let house = House::open().await;
    let browser = house.browser();
    for _ in 0..12 {
        browser.log_in("root", PASSWORD).await.ok(200);
    }
}

#[tokio::test]
async fn every_flow_counts_against_the_same_account() {
    let house = House::open().await;
    house.person("ana", Role::User).await;
    let inside = house.browser_of("ana").await;
    inside.post("/api/password/forgot", json!({ "email": "ana@example.org" })).await.ok(202);
    let other = house.browser_at("192.0.2.7");
    for _ in 0..3 {
        other.log_in("ana", "wrong password").await.problem(401);
        let reset = json!({ "email": "ana@example.org", "code": "000000x", "password": PASSWORD });
        assert_eq!(other.post("/api/password/reset", reset).await.problem(401), "code_wrong");
        let again = json!({ "password": "wrong password" });
        assert_eq!(
            inside.post("/api/me/reauthenticate", again).await.problem(401),
            "wrong_credentials"
        );
    }
    let change =
        json!({ "old_password": "wrong password", "new_password": "another one entirely" });
    assert_eq!(inside.post("/api/me/password", change).await.problem(401), "wrong_credentials");
    assert_eq!(
        house.browser_at("192.0.2.8").log_in("ana", PASSWORD).await.problem(429),
        "throttled"
    );
    let again = json!({ "password": PASSWORD });
    assert_eq!(inside.post("/api/me/reauthenticate", again).await.problem(429), "throttled");
    assert_eq!(inside.status().await, 200, "whoever is in stays in");
    let failures = house.audit().await.iter().filter(|a| *a == "session.log_in_failed").count();
    assert_eq!(failures, 1, "noted once in a quarter of an hour");
}

#[tokio::test]
async fn an_unknown_account_locks_like_a_known_one() {
    let house = House::open().await;
    for number in 0..10 {
        let browser = house.browser_at(&format!("198.51.100.{number}"));
        browser.log_in("nobody", "wrong password").await.problem(401);
    }
    let locked = house.browser_at("192.0.2.1").log_in("nobody", "wrong password").await;
    assert_eq!(locked.problem(429), "throttled");
}

#[tokio::test]
async fn no_spelling_tells_whether_there_is_such_an_account() {
    let house = House::open().await;
    house.person("ana", Role::User).await;
    let mut told = Vec::new();
    for (place, login) in
        [(1, "ana"), (2, "nobody"), (3, "ana@example.org"), (4, "nobody@example.org")]
    {
        house.pass(Duration::from_mins(15));
        for number in 0..10 {
            let browser = house.browser_at(&format!("198.51.{place}.{number}"));
            browser.log_in(login, "wrong password").await.problem(401);
        }
        let mut statuses = Vec::new();
        for (number, spelling) in
            [login.to_owned(), format!(" {login} "), login.to_uppercase()].iter().enumerate()
        {
            let browser = house.browser_at(&format!("192.0.{place}.{number}"));
            statuses.push(browser.log_in(spelling, "wrong password").await.status.as_u16());
        }
        told.push(statuses);
    }
    // Case matters in names and not in addresses, whether they are somebody's or not.
    assert_eq!(told, [[429, 429, 401], [429, 429, 401], [429, 429, 429], [429, 429, 429]]);
}

#[tokio::test]
async fn registering_counts_against_the_account_of_an_address() {
    let house = House::open().await;
    house.set("allow_open_registration", "true").await;
    house.set("email_verification_enable", "true").await;
    house.person("ana", Role::User).await;
    for (place, email) in [(1, "ana@example.org"), (2, "nobody@example.org")] {
        house.pass(Duration::from_mins(15));
        let account = json!({
            "username": "eve", "email": email, "password": PASSWORD, "code": "000000",
        });
        for number in 0..10 {
            let browser = house.browser_at(&format!("198.51.{place}.{number}"));
            browser.post("/api/register", account.clone()).await.problem(401);
        }
        let browser = house.browser_at(&format!("192.0.{place}.1"));
        assert_eq!(browser.log_in(email, PASSWORD).await.problem(429), "throttled", "{email}");
    }
}
