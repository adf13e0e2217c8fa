//! Making an account.

use std::time::Duration;

use futures_util::future::join_all;
use realms_store::Role;
use serde_json::{Value, json};

use super::house::{House, PASSWORD};

async fn open(verify: bool) -> House {
    let house = House::open().await;
    house.set("allow_open_registration", "true").await;
    house.set("email_verification_enable", if verify { "true" } else { "false" }).await;
    house
}

fn account(username: &str, email: &str, code: Option<&str>) -> Value {
    json!({ "username": username, "email": email, "password": PASSWORD, "code": code })
}

#[tokio::test]
async fn is_closed_until_it_is_opened() {
    let house = House::open().await;
    let browser = house.browser();
    let closed = browser.post("/api/register", account("ana", "ana@example.org", None)).await;
    assert_eq!(closed.problem(403), "registration_closed");
    let code = json!({ "email": "ana@example.org" });
    assert_eq!(browser.post("/api/register/code", code).await.problem(403), "registration_closed");
}

#[tokio::test]
async fn makes_a_plain_user_who_is_in() {
    let house = open(false).await;
    let browser = house.browser();
    let me = browser.post("/api/register", account("ana", "Ana@Example.org", None)).await.ok(201);
    assert_eq!((me["role"].as_str(), me["user_group"].as_str()), (Some("user"), Some("default")));
    assert_eq!(
        (me["email"].as_str(), me["email_verified"].as_bool()),
        (Some("ana@example.org"), Some(false))
    );
    assert_eq!(browser.status().await, 200);
    for (username, email, status) in [
        ("ana", "other@example.org", 409),
        ("bob", "ana@example.org", 409),
        ("a b", "b@example.org", 400),
    ] {
        let answer = house.browser().post("/api/register", account(username, email, None)).await;
        answer.problem(status);
    }
    let role = json!({ "username": "eve", "password": PASSWORD, "role": "root" });
    assert_eq!(house.browser().post("/api/register", role).await.problem(400), "malformed");
    for password in ["short", "password1", "PASSWORD1"] {
        let weak = json!({ "username": "eve", "password": password });
        assert_eq!(house.browser().post("/api/register", weak).await.problem(422), "invalid");
    }
}

#[tokio::test]
async fn takes_the_code_that_was_sent_once() {
    let house = open(true).await;
    let browser = house.browser();
    browser.post("/api/register/code", json!({ "email": "ana@example.org" })).await.ok(202);
    let letter = house.letter().await;
    letter.is_about("ana@example.org", "making an account");
    let code = letter.code();
    let elsewhere = account("ana", "eve@example.org", Some(&code));
    assert_eq!(browser.post("/api/register", elsewhere).await.problem(401), "code_wrong");
    let without = account("ana", "ana@example.org", None);
    assert_eq!(browser.post("/api/register", without).await.problem(401), "code_wrong");
    let me =
        browser.post("/api/register", account("ana", "ana@example.org", Some(&code))).await.ok(201);
    assert_eq!(me["email_verified"], true);
    let again = account("bob", "ana@example.org", Some(&code));
    assert_eq!(house.browser().post("/api/register", again).await.problem(401), "code_wrong");
    let nameless = json!({ "username": "bob", "password": PASSWORD });
    assert_eq!(house.browser().post("/api/register", nameless).await.problem(422), "invalid");
}

#[tokio::test]
async fn an_address_with_an_account_looks_like_any_other() {
    let house = open(true).await;
    house.person("ana", Role::User).await;
    let send = async |email: &str| {
        house.browser().post("/api/register/code", json!({ "email": email })).await.ok(202)
    };
    assert_eq!(send("ana@example.org").await, send("new@example.org").await);
    let mut letters = house.mail(2).await;
    letters.sort_by_key(|letter| letter.0.contains("To: new@"));
    letters[0].is_about("ana@example.org", "There is one already");
    letters[1].code();
    // A guess at the code of either is the same answer.
    for email in ["ana@example.org", "new@example.org"] {
        let guess = house.browser().post("/api/register", account("eve", email, Some("x"))).await;
        assert_eq!(guess.problem(401), "code_wrong");
    }
}

#[tokio::test]
async fn a_code_is_tried_five_times_and_good_for_ten_minutes() {
    let house = open(true).await;
    let browser = house.browser();
    browser.post("/api/register/code", json!({ "email": "ana@example.org" })).await.ok(202);
    let code = house.letter().await.code();
    for _ in 0..5 {
        let wrong = account("ana", "ana@example.org", Some("x"));
        assert_eq!(browser.post("/api/register", wrong).await.problem(401), "code_wrong");
    }
    let right = account("ana", "ana@example.org", Some(&code));
    assert_eq!(browser.post("/api/register", right).await.problem(401), "code_wrong");

    house.pass(Duration::from_mins(2));
    browser.post("/api/register/code", json!({ "email": "ana@example.org" })).await.ok(202);
    let code = house.letter().await.code();
    house.pass(Duration::from_mins(10));
    let late = account("ana", "ana@example.org", Some(&code));
    assert_eq!(browser.post("/api/register", late).await.problem(401), "code_expired");
}

#[tokio::test]
async fn one_code_makes_one_account_however_many_come_at_once() {
    let house = open(true).await;
    house.browser().post("/api/register/code", json!({ "email": "ana@example.org" })).await.ok(202);
    let code = house.letter().await.code();
    let browsers: Vec<_> =
        (0..5).map(|number| house.browser_at(&format!("198.51.100.{number}"))).collect();
    let answers = join_all(browsers.iter().enumerate().map(|(number, browser)| {
        let body = account(&format!("ana{number}"), "ana@example.org", Some(&code));
        browser.post("/api/register", body)
    }))
    .await;
    let made = answers.iter().filter(|answer| answer.status == 201).count();
    assert_eq!(made, 1, "{:?}", answers.iter().map(|answer| &answer.text).collect::<Vec<_>>());
}

#[tokio::test]
async fn mail_is_bounded_for_an_address() {
    let house = open(true).await;
    let send = async |from: &str| {
        let browser = house.browser_at(from);
        browser.post("/api/register/code", json!({ "email": "ana@example.org" })).await
    };
    send("192.0.2.1").await.ok(202);
    assert_eq!(send("192.0.2.2").await.problem(429), "throttled", "one a minute, from anywhere");
    for number in 0..4 {
        house.pass(Duration::from_mins(1));
        send(&format!("192.0.2.{number}")).await.ok(202);
    }
    house.pass(Duration::from_mins(1));
    assert_eq!(send("192.0.2.9").await.problem(429), "throttled", "five an hour");
    house.mail(5).await;
}
