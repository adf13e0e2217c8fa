//! Logging in by another site, and linking its accounts.

use std::{collections::HashMap, time::Duration};

use http::header;
use realms_store::{AuditFilter, Role, UserFilter};
use serde_json::{Value, json};
use url::Url;

use super::{
    browser::Browser,
    house::{House, SITE},
    provider::Provider,
    second_factor::App,
};
use crate::face::Answer;

const FLOW: &str = "__Host-realms_oauth";

async fn open() -> (House, Provider) {
    let house = House::open().await;
    let provider = Provider::start(house.now().as_secs()).await;
    house.set("oidc_name", "The Other Site").await;
    house.set("oidc_issuer", &provider.issuer()).await;
    house.set("oidc_client_id", "realms").await;
    house.set("oidc_client_secret", "hunter2-canary").await;
    house.set("oidc_allow_registration", "true").await;
    (house, provider)
}

fn target(answer: &Answer) -> String {
    assert_eq!(answer.status, 302, "{}", answer.text);
    answer.headers[header::LOCATION].to_str().unwrap().to_owned()
}

/// Goes to the other site; returns what the browser was sent away with.
async fn go(browser: &Browser<'_>, provider: &Provider, query: &str) -> HashMap<String, String> {
    let answer = browser.get(&format!("/api/session/oauth/oidc{query}")).await;
    let url: Url = target(&answer).parse().unwrap();
    assert!(url.as_str().starts_with(&format!("{}/authorize?", provider.issuer())));
    let query: HashMap<_, _> = url.query_pairs().into_owned().collect();
    provider.behave(|manners| {
        manners.nonce.clone_from(&query["nonce"]);
        manners.challenge.clone_from(&query["code_challenge"]);
    });
    query
}

/// Comes back from it.
async fn come_back(browser: &Browser<'_>, provider: &Provider, state: &str) -> String {
    let iss: String = url::form_urlencoded::byte_serialize(provider.issuer().as_bytes()).collect();
    let path = format!("/api/session/oauth/oidc/callback?code=c-1&state={state}&iss={iss}&extra=1");
    target(&browser.get(&path).await)
}

async fn there_and_back(browser: &Browser<'_>, provider: &Provider, query: &str) -> String {
    let sent = go(browser, provider, query).await;
    come_back(browser, provider, &sent["state"]).await
}

#[tokio::test]
async fn somebody_new_gets_an_account_and_is_known_the_next_time() {
    let (house, provider) = open().await;
    let bootstrap = house.browser().get("/api/bootstrap").await.ok(200);
    let listed = json!([{ "id": "oidc", "name": "The Other Site", "kind": "oidc" }]);
    assert_eq!(bootstrap["login_providers"], listed);
    let browser = house.browser();
    let sent = go(&browser, &provider, "?return_to=/usage?q=1").await;
    assert_eq!(sent["code_challenge_method"], "S256");
    assert_eq!(sent["redirect_uri"], format!("{SITE}api/session/oauth/oidc/callback"));
    assert_eq!(come_back(&browser, &provider, &sent["state"]).await, "/usage?q=1");
    let me = browser.get("/api/me").await.ok(200);
    assert_eq!((me["username"].as_str(), me["has_password"].as_bool()), (Some("ana"), Some(false)));
    assert_eq!(me.get("email"), None, "an address from elsewhere is none of ours");
    assert_eq!(browser.cookie(FLOW), None);
    let exchange = provider.exchanges().remove(0);
    assert_eq!(exchange.grant_type, "authorization_code");
    assert_eq!((exchange.code.as_str(), exchange.client_id.as_str()), ("c-1", "realms"));
    assert_eq!(
        (exchange.client_secret.as_str(), exchange.redirect_uri),
        ("hunter2-canary", sent["redirect_uri"].clone())
    );

    // Another name there is the same person: the subject decides.
    provider.behave(|manners| manners.name = Some("renamed".to_owned()));
    let again = house.browser();
    assert_eq!(there_and_back(&again, &provider, "").await, "/");
    assert_eq!(again.get("/api/me").await.ok(200)["id"], me["id"]);
}

#[tokio::test]
async fn the_same_address_and_name_are_not_the_same_person() {
    let (house, provider) = open().await;
    let ana = house.person("ana", Role::User).await;
    let browser = house.browser();
    there_and_back(&browser, &provider, "").await;
    let me = browser.get("/api/me").await.ok(200);
    assert_ne!(me["id"], ana.id.to_string());
    assert_eq!(me["username"], "ana2");
}

#[tokio::test]
async fn who_has_a_second_factor_is_asked_for_it() {
    const STEP: &str = "__Host-realms_second_step";
    let (house, provider) = open().await;
    let first = house.browser();
    there_and_back(&first, &provider, "").await;
    first.get("/api/me").await.ok(200);
    let made = first.post("/api/me/totp/begin", json!({})).await.ok(200);
    let app = App::scan(made["secret"].as_str().unwrap());
    first.post("/api/me/totp", json!({ "code": app.code(&house) })).await.ok(200);
    house.pass(Duration::from_mins(1));

    let browser = house.browser();
    let asked = "/login?second_factor=1&return_to=%2Fusage%3Fq%3D1";
    assert_eq!(there_and_back(&browser, &provider, "?return_to=/usage?q=1").await, asked);
    assert_eq!(browser.status().await, 401, "the word of the other site alone opens nothing");
    let step = |code: &str| json!({ "method": "totp", "code": code });
    let path = "/api/session/second-factor";
    assert_eq!(browser.post(path, step("x")).await.problem(401), "code_wrong");
    let code = app.code(&house);
    let other = house.browser().post(path, step(&code)).await;
    assert_eq!(other.problem(401), "code_expired", "another browser has nothing to go on");
    let challenge = browser.cookie(STEP).unwrap();
    let me = browser.post(path, step(&code)).await.ok(200);
    assert_eq!(me["me"]["username"], "ana");
    assert_eq!((browser.status().await, browser.cookie(STEP)), (200, None));
    house.pass(Duration::from_mins(1));
    browser.plant(STEP, &challenge);
    assert_eq!(browser.post(path, step(&app.code(&house))).await.problem(401), "code_expired");
}

#[tokio::test]
async fn nobody_new_gets_in_where_registration_is_closed() {
    let (house, provider) = open().await;
    house.set("oidc_allow_registration", "false").await;
    let browser = house.browser();
    assert_eq!(there_and_back(&browser, &provider, "").await, "/login?error=unknown_identity");
    assert_eq!(browser.status().await, 401);
}

#[tokio::test]
async fn a_token_that_is_not_sound_lets_nobody_in() {
    let (house, provider) = open().await;
    let now = house.now().as_secs();
    let bad: [(&str, Value); 8] = [
        ("nonce", json!("another")),
        ("nonce", Value::Null),
        ("aud", json!("another")),
        ("aud", json!(["realms", "another"])),
        ("exp", json!(now - 120)),
        ("iat", json!(now + 3600)),
        ("iss", json!("https://evil.example")),
        ("sub", json!("")),
    ];
    for (claim, value) in bad {
        provider.behave(|manners| manners.claims = json!({ claim: value }));
        let browser = house.browser();
        let to = there_and_back(&browser, &provider, "").await;
        assert_eq!(to, "/login?error=denied", "{claim} {value}");
        assert_eq!(browser.status().await, 401);
    }
    provider.behave(|manners| manners.claims = json!({}));
    for header in [
        json!({ "alg": "none" }),
        json!({ "alg": "HS256", "kid": "a" }),
        json!({ "alg": "ES256", "kid": "b" }),
    ] {
        provider.behave(|manners| manners.header = header.clone());
        let to = there_and_back(&house.browser(), &provider, "").await;
        assert_eq!(to, "/login?error=denied", "{header}");
    }
    provider.behave(|manners| {
        manners.header = json!({ "alg": "ES256", "kid": "a" });
        manners.forged = true;
    });
    assert_eq!(there_and_back(&house.browser(), &provider, "").await, "/login?error=denied");
    let users = house.store.read().list_users(&UserFilter::default()).await.unwrap();
    assert_eq!(users.len(), 1, "nobody but root");
}

#[tokio::test]
async fn only_the_browser_that_began_comes_back_once() {
    let (house, provider) = open().await;
    let (ana, eve) = (house.browser(), house.browser());
    let sent = go(&ana, &provider, "").await;
    assert_eq!(come_back(&eve, &provider, &sent["state"]).await, "/login?error=expired");
    let other = go(&eve, &provider, "").await;
    assert_eq!(come_back(&ana, &provider, &other["state"]).await, "/login?error=expired");
    // The failed try took the cookie away.
    assert_eq!(come_back(&ana, &provider, &sent["state"]).await, "/login?error=expired");
    let sent = go(&ana, &provider, "").await;
    house.pass(std::time::Duration::from_mins(10));
    assert_eq!(come_back(&ana, &provider, &sent["state"]).await, "/login?error=expired");
    assert!(provider.exchanges().is_empty(), "no code was exchanged");
}

#[tokio::test]
async fn the_answer_must_name_its_site_and_a_no_is_a_no() {
    let (house, provider) = open().await;
    for (query, error) in [
        ("code=c-1&iss=https%3A%2F%2Fevil.example", "denied"),
        ("code=c-1", "denied"),
        ("error=access_denied", "denied"),
        ("error=access_denied&code=c-1", "denied"),
        ("", "denied"),
    ] {
        let browser = house.browser();
        let state = go(&browser, &provider, "").await.remove("state").unwrap();
        let path = format!("/api/session/oauth/oidc/callback?state={state}&{query}");
        assert_eq!(target(&browser.get(&path).await), format!("/login?error={error}"), "{query}");
    }
    assert!(provider.exchanges().is_empty());
    let unknown = house.browser().get("/api/session/oauth/nope").await;
    assert_eq!(unknown.problem(404), "not_found");
}

#[tokio::test]
async fn a_browser_is_never_sent_to_another_site_afterwards() {
    let (house, provider) = open().await;
    for path in [
        "//evil.example",
        "https%3A%2F%2Fevil.example",
        "/%5Cevil.example",
        "%2F%2Fevil.example",
        "/api/session",
    ] {
        let to = there_and_back(&house.browser(), &provider, &format!("?return_to={path}")).await;
        assert_eq!(to, "/", "{path}");
    }
}

#[tokio::test]
async fn an_account_is_linked_by_whoever_proved_lately_who_they_are() {
    let (house, provider) = open().await;
    house.set("oidc_allow_registration", "false").await;
    house.person("ana", Role::User).await;
    let ana = house.browser_of("ana").await;
    assert_eq!(there_and_back(&ana, &provider, "?link=1&return_to=/account").await, "/account");
    let list = ana.get("/api/me/identities").await.ok(200);
    assert_eq!(
        (list["items"][0]["provider"].as_str(), list["items"][0]["subject"].as_str()),
        (Some("oidc"), Some("u-1"))
    );
    let elsewhere = house.browser();
    assert_eq!(there_and_back(&elsewhere, &provider, "").await, "/");
    assert_eq!(elsewhere.get("/api/me").await.ok(200)["username"], "ana");

    // What is linked is not linked to somebody else.
    house.person("bob", Role::User).await;
    let bob = house.browser_of("bob").await;
    assert_eq!(there_and_back(&bob, &provider, "?link=1").await, "/login?error=taken");
    let path = format!("/api/me/identities/{}", list["items"][0]["id"].as_str().unwrap());
    assert_eq!(bob.delete(&path).await.problem(404), "not_found");
    ana.delete(&path).await.ok(204);
    assert_eq!(
        there_and_back(&house.browser(), &provider, "").await,
        "/login?error=unknown_identity"
    );

    house.pass(std::time::Duration::from_mins(10));
    let stale = ana.get("/api/session/oauth/oidc?link=1").await;
    assert_eq!(stale.problem(403), "reauthentication_needed");
    assert_eq!(
        house.browser().get("/api/session/oauth/oidc?link=1").await.problem(401),
        "unauthenticated"
    );
}

#[tokio::test]
async fn the_last_way_in_stays() {
    let (house, provider) = open().await;
    let browser = house.browser();
    there_and_back(&browser, &provider, "").await;
    browser.get("/api/me").await.ok(200);
    let list = browser.get("/api/me/identities").await.ok(200);
    let path = format!("/api/me/identities/{}", list["items"][0]["id"].as_str().unwrap());
    assert_eq!(browser.delete(&path).await.problem(409), "conflict");
    let password = json!({ "new_password": "another one entirely" });
    browser.post("/api/me/password", password).await.ok(204);
    browser.delete(&path).await.ok(204);
    browser.log_in("ana", "another one entirely").await.ok(200);
}

#[tokio::test]
async fn our_secret_there_is_sealed_and_shown_nowhere() {
    let (house, _provider) = open().await;
    let rows = house.store.read().list_settings().await.unwrap();
    let row = rows.iter().find(|row| row.key == "oidc_client_secret").unwrap();
    assert!(row.value.starts_with("v1."), "{}", row.value);
    let root = house.browser_of("root").await;
    for path in
        ["/api/admin/settings", "/api/admin/settings/oidc_client_secret", "/api/admin/export"]
    {
        let answer = root.get(path).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        assert!(!answer.text.contains("canary") && !answer.text.contains("v1."), "{}", answer.text);
    }
    let page = house.store.read().list_audit(&AuditFilter::default()).await.unwrap();
    assert!(!format!("{page:?}").contains("canary"));
}
