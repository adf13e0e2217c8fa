//! The second factor: an authenticator, and the codes that stand in for it.

use std::time::Duration;

use futures_util::future::join_all;
use realms_identity::TotpSecret;
use realms_store::Role;
use realms_types::Secret;
use serde_json::{Value, json};

use super::{
    browser::Browser,
    house::{House, PASSWORD},
};

/// An authenticator app.
pub(super) struct App(TotpSecret);

impl App {
    /// Reads the secret as an app does: from base 32.
    pub(super) fn scan(text: &str) -> Self {
        let mut bits = text.bytes().flat_map(|byte| {
            let digit =
                b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".iter().position(|d| *d == byte).unwrap();
            (0..5).rev().map(move |bit| digit >> bit & 1 == 1)
        });
        let mut bytes = Vec::new();
        while bytes.len() < 20 {
            bytes.push((0..8).fold(0, |byte, _| byte << 1 | u8::from(bits.next().unwrap())));
        }
        Self(TotpSecret::from_bytes(Secret::new(bytes)))
    }

    pub(super) fn code(&self, house: &House) -> String {
        self.0.code_at(house.now().as_secs() / 30)
    }
}

/// Ana with an authenticator, and her recovery codes.
async fn ana(house: &House) -> (Browser<'_>, App, Vec<String>) {
    house.person("ana", Role::User).await;
    let browser = house.browser_of("ana").await;
    let made = browser.post("/api/me/totp/begin", json!({})).await.ok(200);
    assert!(made["uri"].as_str().unwrap().starts_with("otpauth://totp/"));
    let app = App::scan(made["secret"].as_str().unwrap());
    assert_eq!(browser.get("/api/me").await.ok(200)["totp"], false, "it waits for its first code");
    let wrong = browser.post("/api/me/totp", json!({ "code": "x" })).await;
    assert_eq!(wrong.problem(401), "code_wrong");
    let codes = browser.post("/api/me/totp", json!({ "code": app.code(house) })).await.ok(200);
    let codes: Vec<String> = serde_json::from_value(codes["recovery_codes"].clone()).unwrap();
    assert_eq!(codes.len(), 10);
    assert_eq!(browser.get("/api/me").await.ok(200)["totp"], true);
    house.pass(Duration::from_mins(1));
    (browser, app, codes)
}

async fn challenge(browser: &Browser<'_>) -> String {
    let first = browser.log_in("ana", PASSWORD).await.ok(200);
    assert!(first.get("me").is_none(), "{first}");
    assert_eq!(first["second_factor"]["methods"], json!(["totp", "recovery_code"]));
    assert_eq!(browser.status().await, 401, "the password alone opens nothing");
    first["second_factor"]["challenge"].as_str().unwrap().to_owned()
}

fn step(challenge: &str, method: &str, code: &str) -> Value {
    json!({ "challenge": challenge, "method": method, "code": code })
}

#[tokio::test]
async fn a_log_in_takes_both() {
    let house = House::open().await;
    let (_, app, _) = ana(&house).await;
    let browser = house.browser();
    let challenge = challenge(&browser).await;
    let code = app.code(&house);
    let me =
        browser.post("/api/session/second-factor", step(&challenge, "totp", &code)).await.ok(200);
    assert_eq!(me["me"]["username"], "ana");
    assert_eq!(browser.status().await, 200);
    let again =
        house.browser().post("/api/session/second-factor", step(&challenge, "totp", &code)).await;
    assert_eq!(again.problem(401), "code_expired", "the challenge was used");
    let other = self::challenge(&house.browser()).await;
    let replay =
        house.browser().post("/api/session/second-factor", step(&other, "totp", &code)).await;
    assert_eq!(replay.problem(401), "code_wrong", "the code was used");
}

#[tokio::test]
async fn a_code_counts_once_however_many_come_at_once() {
    let house = House::open().await;
    let (_, app, _) = ana(&house).await;
    let mut challenges = Vec::new();
    for number in 0..8 {
        challenges.push(challenge(&house.browser_at(&format!("198.51.100.{number}"))).await);
    }
    let code = app.code(&house);
    let browsers: Vec<_> =
        (0..8).map(|number| house.browser_at(&format!("198.51.100.{number}"))).collect();
    let answers = join_all(challenges.iter().zip(&browsers).map(|(challenge, browser)| {
        browser.post("/api/session/second-factor", step(challenge, "totp", &code))
    }))
    .await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1);
}

#[tokio::test]
async fn a_recovery_code_stands_in_once() {
    let house = House::open().await;
    let (inside, _, codes) = ana(&house).await;
    for (code, status) in
        [(codes[0].to_uppercase().replace('-', " "), 200), (codes[0].clone(), 401)]
    {
        let browser = house.browser();
        let body = step(&challenge(&browser).await, "recovery_code", &code);
        let answer = browser.post("/api/session/second-factor", body).await;
        assert_eq!(answer.status, status, "{}", answer.text);
    }
    inside.post("/api/me/reauthenticate", json!({ "password": PASSWORD })).await.ok(204);
    let new = inside.post("/api/me/recovery-codes", json!({})).await.ok(200);
    let browser = house.browser();
    let old = step(&challenge(&browser).await, "recovery_code", &codes[1]);
    assert_eq!(browser.post("/api/session/second-factor", old).await.problem(401), "code_wrong");
    let code = new["recovery_codes"][0].as_str().unwrap();
    let body = step(&challenge(&browser).await, "recovery_code", code);
    browser.post("/api/session/second-factor", body).await.ok(200);
}

#[tokio::test]
async fn a_challenge_is_tried_five_times_for_five_minutes() {
    let house = House::open().await;
    let (_, app, _) = ana(&house).await;
    let browser = house.browser();
    let first = challenge(&browser).await;
    for _ in 0..5 {
        let wrong = browser.post("/api/session/second-factor", step(&first, "totp", "000")).await;
        assert_eq!(wrong.problem(401), "code_wrong");
    }
    let right = step(&first, "totp", &app.code(&house));
    assert_eq!(
        browser.post("/api/session/second-factor", right).await.problem(401),
        "code_expired"
    );
    let second = challenge(&browser).await;
    house.pass(Duration::from_mins(5));
    let late = step(&second, "totp", &app.code(&house));
    assert_eq!(browser.post("/api/session/second-factor", late).await.problem(401), "code_expired");
    for (challenge, code) in [("", ""), ("nonsense", "000000")] {
        let junk = browser.post("/api/session/second-factor", step(challenge, "totp", code)).await;
        assert_eq!(junk.problem(401), "code_expired");
    }
}

#[tokio::test]
async fn it_is_taken_away_by_whoever_proves_again_who_they_are() {
    let house = House::open().await;
    let (inside, app, _) = ana(&house).await;
    let second = inside.post("/api/me/totp/begin", json!({})).await;
    assert_eq!(second.problem(409), "conflict", "the one there is, is not replaced in silence");
    house.pass(Duration::from_mins(10));
    assert_eq!(inside.delete("/api/me/totp").await.problem(403), "reauthentication_needed");
    inside.post("/api/me/reauthenticate", json!({ "totp": app.code(&house) })).await.ok(204);
    inside.delete("/api/me/totp").await.ok(204);
    let me = inside.get("/api/me").await.ok(200);
    assert_eq!(me["totp"], false);
    house.browser().log_in("ana", PASSWORD).await.ok(200)["me"].as_object().unwrap();
    let none = inside.post("/api/me/recovery-codes", json!({})).await;
    assert_eq!(none.problem(404), "not_found");
}

#[tokio::test]
async fn another_session_ends_when_a_second_factor_comes() {
    let house = House::open().await;
    house.person("ana", Role::User).await;
    let before = house.browser_of("ana").await;
    let browser = house.browser_of("ana").await;
    let made = browser.post("/api/me/totp/begin", json!({})).await.ok(200);
    let app = App::scan(made["secret"].as_str().unwrap());
    browser.post("/api/me/totp", json!({ "code": app.code(&house) })).await.ok(200);
    assert_eq!((browser.status().await, before.status().await), (200, 401));
}

#[tokio::test]
async fn a_new_password_ends_a_log_in_between_its_steps() {
    let house = House::open().await;
    let (inside, app, _) = ana(&house).await;
    let browser = house.browser();
    let challenge = challenge(&browser).await;
    let change = json!({ "old_password": PASSWORD, "new_password": "another one entirely" });
    inside.post("/api/me/password", change).await.ok(204);
    let code = app.code(&house);
    let late = browser.post("/api/session/second-factor", step(&challenge, "totp", &code)).await;
    assert_eq!(late.problem(401), "code_expired");
    assert_eq!(browser.status().await, 401);
}
