//! OAuth apps: a user lets one in, it calls as an API key of theirs, and is let out again; whoever is not meant gets
//! nothing.

use std::time::Duration;

use http::{Method, StatusCode};
use realms_testkit::{FakeUpstream, TestClock};
use serde_json::{Value, json};
use url::{Url, form_urlencoded};

use super::OFTEN;
use crate::support::{Answered, Client, TestApp};

const PEOPLE: &str = "version = 1\n[[user]]\nusername = \"boss\"\nrole = \"root\"\n\
                      [[user]]\nusername = \"ben\"\n";
const APPS: &str = "/api/admin/oauth-apps";
const BACK: &str = "https://app.example/cb";
/// RFC 7636, appendix B.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

struct Site {
    app: TestApp,
    clock: TestClock,
    ana: Client,
    boss: Client,
    /// Somebody without a session.
    anyone: Client,
    _upstream: FakeUpstream,
}

impl Site {
    async fn start() -> Self {
        let clock = TestClock::new();
        let app = TestApp::start_business(clock.shared(), OFTEN).await;
        let upstream = FakeUpstream::start().await;
        app.serve(&[&upstream]).await;
        app.apply(PEOPLE).await;
        app.pay("10").await;
        let ana = app.sign_in("ana").await.client;
        let boss = app.sign_in("boss").await.client;
        let anyone = Client::new(app.app().address());
        Self { app, clock, ana, boss, anyone, _upstream: upstream }
    }

    /// An app that may ask for everything; its id, and its secret where it keeps one.
    async fn made(&self, name: &str, confidential: bool) -> (String, String) {
        let draft = json!({ "name": name, "redirect_uris": [BACK], "access_token_s": 3600,
                            "scopes": ["profile", "email", "relay"], "confidential": confidential });
        let made = self.boss.post(APPS, draft.to_string()).await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
        let made = made.json();
        let secret = made["client_secret"].as_str().unwrap_or_default();
        (made["app"]["id"].as_str().unwrap().to_owned(), secret.to_owned())
    }

    /// The code that comes back when a user lets an app in.
    async fn code(&self, user: &Client, id: &str, scope: &str) -> String {
        let to = decide(user, &query(id, scope), "approve").await;
        assert_eq!(given(&to, "state"), "s&1");
        assert!(to.starts_with(BACK), "{to}");
        given(&to, "code")
    }

    async fn exchange(&self, id: &str, code: &str) -> Answered {
        let form = [("grant_type", "authorization_code"), ("code", code), ("client_id", id)];
        let proof = [("redirect_uri", BACK), ("code_verifier", VERIFIER)];
        self.form("/oauth/token", &[&form[..], &proof[..]].concat()).await
    }

    async fn refresh(&self, id: &str, token: &str) -> Answered {
        let form = [("grant_type", "refresh_token"), ("refresh_token", token), ("client_id", id)];
        self.form("/oauth/token", &form).await
    }

    async fn form(&self, path: &str, fields: &[(&str, &str)]) -> Answered {
        let form = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let client = self.anyone.clone();
        let client = client.header("content-type", "application/x-www-form-urlencoded");
        client.post(path, form).await
    }

    /// Tokens of a user's new grant.
    async fn tokens(&self, id: &str, scope: &str) -> Value {
        let code = self.code(&self.ana, id, scope).await;
        let answer = self.exchange(id, &code).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        assert_eq!(answer.header("cache-control"), "no-store");
        answer.json()
    }

    async fn models(&self, token: &Value) -> StatusCode {
        let client = self.anyone.clone().bearer(token.as_str().unwrap());
        client.get("/v1/models").await.status
    }

    /// Switches apps on or off.
    async fn switch(&self, on: &str) {
        let body = json!({ "value": on }).to_string();
        let path = "/api/admin/settings/feature_oauth_apps";
        let done = self.boss.call(Method::PUT, path, body.into()).await;
        assert!(done.status.is_success(), "{}", done.text());
    }

    async fn user_info(&self, token: &Value) -> Answered {
        self.anyone.clone().bearer(token.as_str().unwrap()).get("/oauth/userinfo").await
    }
}

fn query(id: &str, scope: &str) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("response_type", "code").append_pair("client_id", id);
    query.append_pair("redirect_uri", BACK).append_pair("scope", scope);
    query.append_pair("state", "s&1").append_pair("code_challenge", CHALLENGE);
    query.append_pair("code_challenge_method", "S256");
    query.finish()
}

async fn ask(user: &Client, query: &str) -> Answered {
    user.get(&format!("/api/oauth/authorize?{query}")).await
}

async fn decide(user: &Client, query: &str, decision: &str) -> String {
    let body = json!({ "query": query, "decision": decision, "remember": true });
    let decided = user.post("/api/oauth/authorize", body.to_string()).await;
    assert_eq!(decided.status, StatusCode::OK, "{}", decided.text());
    decided.json()["redirect_to"].as_str().unwrap().to_owned()
}

/// A value in the query of an address.
fn given(address: &str, name: &str) -> String {
    let url = Url::parse(address).unwrap();
    let found = url.query_pairs().find(|(found, _)| found == name);
    found.map(|(_, value)| value.into_owned()).unwrap_or_default()
}

fn error(answer: &Answered) -> (u16, String) {
    let word = answer.json()["error"].as_str().unwrap_or_default().to_owned();
    (answer.status.as_u16(), word)
}

#[tokio::test]
async fn a_user_lets_an_app_in_which_calls_as_a_key_of_theirs_until_they_take_it_back() {
    let site = Site::start().await;
    let (id, _) = site.made("Paper crane", false).await;
    let asked = ask(&site.ana, &query(&id, "profile relay")).await.json();
    assert_eq!(asked["consent"]["app"]["name"], "Paper crane");
    assert_eq!(asked["consent"]["redirect_host"], "app.example");
    assert_eq!(asked["consent"]["scopes"], json!(["profile", "relay"]));
    assert_eq!(asked["consent"]["remembered"], false);

    let tokens = site.tokens(&id, "profile relay").await;
    assert_eq!((&tokens["token_type"], &tokens["expires_in"]), (&json!("Bearer"), &json!(3600)));
    assert_eq!(tokens["scope"], "profile relay");
    let app = site.anyone.clone().bearer(tokens["access_token"].as_str().unwrap());
    let body = json!({ "model": "m", "input": "hello" });
    let called = app.post("/v1/responses", body.to_string()).await;
    assert_eq!(called.status, StatusCode::OK, "{}", called.text());
    let records = site.app.wait_for_records(1).await;
    let grants = site.ana.get("/api/oauth/grants").await.json();
    let key = grants["items"][0]["api_key_id"].as_str().unwrap().to_owned();
    assert_eq!(records[0].api_key_id.to_string(), key);
    let key_of_app = site.ana.get(&format!("/api/tokens/{key}")).await.json();
    assert_eq!(
        (&key_of_app["name"], &key_of_app["revealable"]),
        (&json!("Paper crane"), &json!(false))
    );
    let info = site.user_info(&tokens["access_token"]).await.json();
    assert_eq!(info["preferred_username"], "ana");
    assert!(info["sub"].as_str().unwrap().starts_with("us_") && info.get("email").is_none());
    let again = ask(&site.ana, &query(&id, "relay")).await.json();
    assert_eq!(again["consent"]["remembered"], true);
    let more = ask(&site.ana, &query(&id, "email relay")).await.json();
    assert_eq!(more["consent"]["remembered"], false, "it is more than before");

    assert_eq!(site.ana.delete(&format!("/api/oauth/grants/{id}")).await.status, 204);
    assert_eq!(site.ana.delete(&format!("/api/oauth/grants/{id}")).await.status, 404);
    assert_eq!(site.models(&tokens["access_token"]).await, StatusCode::UNAUTHORIZED);
    assert_eq!(site.user_info(&tokens["access_token"]).await.status, StatusCode::UNAUTHORIZED);
    let late = site.refresh(&id, tokens["refresh_token"].as_str().unwrap()).await;
    assert_eq!(error(&late), (400, "invalid_grant".to_owned()));
    let log = site.boss.get("/api/admin/audit?filter=object_kind:oauth_grant").await.json();
    let acts: Vec<_> = log["items"].as_array().unwrap().iter().map(|one| &one["action"]).collect();
    assert_eq!(acts, ["oauth_grant.delete", "oauth_grant.create"]);
    let key_of_app = site.ana.get(&format!("/api/tokens/{key}")).await.json();
    assert_eq!(key_of_app["status"], "revoked", "what it used stays");
}

#[tokio::test]
async fn a_code_and_a_refresh_token_are_good_once_and_whoever_comes_second_ends_all_of_it() {
    let site = Site::start().await;
    let (id, _) = site.made("App", false).await;
    let code = site.code(&site.ana, &id, "relay").await;
    let first = site.exchange(&id, &code).await.json();
    assert_eq!(site.models(&first["access_token"]).await, StatusCode::OK);
    let second = site.exchange(&id, &code).await;
    assert_eq!(error(&second), (400, "invalid_grant".to_owned()));
    site.app.app().follow().await.unwrap();
    assert_eq!(site.models(&first["access_token"]).await, StatusCode::UNAUTHORIZED);

    let tokens = site.tokens(&id, "relay").await;
    let refresh = tokens["refresh_token"].as_str().unwrap();
    let renewed = site.refresh(&id, refresh).await.json();
    assert_eq!(site.models(&renewed["access_token"]).await, StatusCode::OK);
    assert_eq!(site.models(&tokens["access_token"]).await, StatusCode::OK, "it lives its time");
    let stolen = site.refresh(&id, refresh).await;
    assert_eq!(error(&stolen), (400, "invalid_grant".to_owned()));
    site.app.app().follow().await.unwrap();
    assert_eq!(site.models(&renewed["access_token"]).await, StatusCode::UNAUTHORIZED);

    let code = site.code(&site.ana, &id, "relay").await;
    let raced = futures_util::future::join_all((0..20).map(|_| site.exchange(&id, &code))).await;
    let won = raced.iter().filter(|answer| answer.status == StatusCode::OK).count();
    assert!(won <= 1, "{won} got tokens for one code");
    site.app.app().follow().await.unwrap();
    for answer in raced.iter().filter(|answer| answer.status == StatusCode::OK) {
        let token = &answer.json()["access_token"];
        assert_eq!(site.models(token).await, StatusCode::UNAUTHORIZED, "the others came second");
    }
}

#[tokio::test]
async fn a_code_is_for_the_app_the_address_and_the_verifier_that_it_was_asked_with() {
    let site = Site::start().await;
    let (id, _) = site.made("App", false).await;
    let (other, _) = site.made("Other", false).await;
    let (secret_keeper, secret) = site.made("Server", true).await;
    let good = |code: &str, id: &str| {
        [
            ("grant_type", "authorization_code".to_owned()),
            ("code", code.to_owned()),
            ("redirect_uri", BACK.to_owned()),
            ("code_verifier", VERIFIER.to_owned()),
            ("client_id", id.to_owned()),
        ]
    };
    for (field, value, expected) in [
        ("client_id", other.as_str(), (400, "invalid_grant")),
        ("client_id", "oa_0000000000000", (401, "invalid_client")),
        ("redirect_uri", "https://app.example/other", (400, "invalid_grant")),
        ("code_verifier", &"a".repeat(43), (400, "invalid_grant")),
        ("code_verifier", "", (400, "invalid_grant")),
        ("code", "oac_nothing", (400, "invalid_grant")),
        ("grant_type", "password", (400, "unsupported_grant_type")),
    ] {
        let code = site.code(&site.ana, &id, "relay").await;
        let form = good(&code, &id);
        let form: Vec<_> = form
            .iter()
            .map(|(name, good)| (*name, if *name == field { value } else { good.as_str() }))
            .collect();
        let answer = site.form("/oauth/token", &form).await;
        assert_eq!(error(&answer), (expected.0, expected.1.to_owned()), "{field}={value}");
        assert!(!answer.text().contains(&code), "no secret in an error");
    }
    let twice = [("grant_type", "authorization_code"), ("grant_type", "refresh_token")];
    assert_eq!(error(&site.form("/oauth/token", &twice).await).1, "invalid_request");

    let code = site.code(&site.ana, &secret_keeper, "relay").await;
    let without = site.exchange(&secret_keeper, &code).await;
    assert_eq!(error(&without), (401, "invalid_client".to_owned()));
    assert!(without.header("www-authenticate").starts_with("Basic"), "it says how");
    let form = good(&code, &secret_keeper);
    let mut form: Vec<_> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
    form.push(("client_secret", &secret));
    let with = site.form("/oauth/token", &form).await;
    assert_eq!(with.status, StatusCode::OK, "an app that nobody believed used up no code");

    let late = site.code(&site.ana, &id, "relay").await;
    site.clock.advance(Duration::from_mins(1));
    assert_eq!(error(&site.exchange(&id, &late).await).1, "invalid_grant");
}

#[tokio::test]
async fn scopes_times_and_switches_are_held_to() {
    let site = Site::start().await;
    let (id, _) = site.made("App", false).await;
    let known = site.tokens(&id, "profile").await;
    let app = site.anyone.clone().bearer(known["access_token"].as_str().unwrap());
    let refused = app.get("/v1/models").await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN, "{}", refused.text());
    assert!(refused.text().contains("insufficient_scope"), "{}", refused.text());
    let grants = site.ana.get("/api/oauth/grants").await.json();
    assert!(grants["items"][0].get("api_key_id").is_none(), "no key is made for nothing");

    let calling = site.tokens(&id, "relay").await;
    let told = site.user_info(&calling["access_token"]).await;
    assert_eq!(error(&told), (403, "insufficient_scope".to_owned()));
    let refresh = calling["refresh_token"].as_str().unwrap();
    let form = [
        ("grant_type", "refresh_token"),
        ("refresh_token", refresh),
        ("client_id", &id),
        ("scope", "email relay"),
    ];
    assert_eq!(error(&site.form("/oauth/token", &form).await), (400, "invalid_scope".to_owned()));

    let short = site.tokens(&id, "relay").await;
    assert_eq!(site.models(&short["access_token"]).await, StatusCode::OK);
    site.clock.advance(Duration::from_hours(1));
    assert_eq!(site.models(&short["access_token"]).await, StatusCode::UNAUTHORIZED, "it is over");
    let renewed = site.refresh(&id, short["refresh_token"].as_str().unwrap()).await.json();
    assert_eq!(site.models(&renewed["access_token"]).await, StatusCode::OK);

    let draft = json!({ "name": "App", "redirect_uris": [BACK], "scopes": ["relay"],
                        "access_token_s": 3600, "enabled": false });
    let path = format!("{APPS}/{id}");
    let off = site.boss.call(Method::PUT, &path, draft.to_string().into()).await;
    assert_eq!(off.status, StatusCode::OK, "{}", off.text());
    assert_eq!(site.models(&renewed["access_token"]).await, StatusCode::UNAUTHORIZED);
    let asked = ask(&site.ana, &query(&id, "relay")).await;
    assert_eq!((asked.status.as_u16(), &asked.json()["code"]), (404, &json!("unknown_client")));
}

#[tokio::test]
async fn whoever_is_sent_here_wrongly_is_never_sent_on() {
    let site = Site::start().await;
    let (id, _) = site.made("App", false).await;
    for (from, to, status, code) in [
        (id.as_str(), "oa_0000000000000", 404, "unknown_client"),
        (id.as_str(), "nothing", 404, "unknown_client"),
        ("cb&", "cb%2F..%2Fother&", 422, "redirect_mismatch"),
        ("app.example", "evil.example", 422, "redirect_mismatch"),
    ] {
        let bad = query(&id, "relay").replace(from, to);
        let asked = ask(&site.ana, &bad).await;
        assert_eq!((asked.status.as_u16(), &asked.json()["code"]), (status, &json!(code)), "{bad}");
        let body = json!({ "query": bad, "decision": "approve" });
        let decided = site.ana.post("/api/oauth/authorize", body.to_string()).await;
        assert_eq!(decided.status.as_u16(), status, "{bad}");
    }
    let twice = format!("{}&client_id={id}", query(&id, "relay"));
    assert_eq!(ask(&site.ana, &twice).await.status, StatusCode::BAD_REQUEST);
    let plain = query(&id, "relay").replace("S256", "plain");
    let back = ask(&site.ana, &plain).await.json()["redirect_to"].as_str().unwrap().to_owned();
    assert_eq!(
        (given(&back, "error"), given(&back, "state")),
        ("invalid_request".into(), "s&1".into())
    );
    assert!(!given(&back, "iss").is_empty());
    let denied = decide(&site.ana, &query(&id, "relay"), "deny").await;
    assert_eq!(given(&denied, "error"), "access_denied");
    let silent = format!("{}&prompt=none", query(&id, "relay"));
    let back = ask(&site.ana, &silent).await.json()["redirect_to"].as_str().unwrap().to_owned();
    assert_eq!(given(&back, "error"), "consent_required");
    assert!(site.ana.get("/api/oauth/grants").await.json()["items"].as_array().unwrap().is_empty());
    let nobody = site.anyone.get(&format!("/api/oauth/authorize?{}", query(&id, "relay"))).await;
    assert_eq!(nobody.status, StatusCode::UNAUTHORIZED);
    for path in [APPS.to_owned(), format!("{APPS}/{id}")] {
        assert_eq!(site.ana.get(&path).await.status, StatusCode::FORBIDDEN, "{path}");
    }
}

#[tokio::test]
async fn who_is_asked_no_more_is_asked_again_when_it_is_about_more() {
    let site = Site::start().await;
    let (id, _) = site.made("App", false).await;
    let remembers = async |scope: &str| {
        let asked = ask(&site.ana, &query(&id, scope)).await.json();
        asked["consent"]["remembered"] == true
    };
    site.code(&site.ana, &id, "profile").await;
    assert!(remembers("profile").await);
    assert!(!remembers("profile relay").await);
    let yes = json!({ "query": query(&id, "profile relay"), "decision": "approve" });
    let decided = site.ana.post("/api/oauth/authorize", yes.to_string()).await;
    assert_eq!(decided.status, StatusCode::OK, "{}", decided.text());
    assert!(!remembers("profile relay").await, "nobody asked to be asked no more for that");
}

#[tokio::test]
async fn where_any_program_could_take_the_answer_the_user_is_always_asked() {
    let site = Site::start().await;
    let local = "http://127.0.0.1/cb";
    let draft = json!({ "name": "App", "redirect_uris": [local, BACK], "scopes": ["relay"] });
    let made = site.boss.post(APPS, draft.to_string()).await.json();
    let id = made["app"]["id"].as_str().unwrap();
    let from_site = query(id, "relay");
    let (there, here) = (from_site.as_str(), "http%3A%2F%2F127.0.0.1%3A4711%2Fcb");
    let from_program = there.replace("https%3A%2F%2Fapp.example%2Fcb", here);
    let consent = async |query: &str| {
        let asked = ask(&site.ana, query).await.json();
        (asked["consent"]["can_remember"].clone(), asked["consent"]["remembered"].clone())
    };
    assert_eq!(consent(&from_program).await, (json!(false), json!(false)));
    decide(&site.ana, &from_program, "approve").await;
    assert_eq!(consent(there).await, (json!(true), json!(false)), "nothing was to be remembered");
    decide(&site.ana, there, "approve").await;
    assert_eq!(consent(there).await, (json!(true), json!(true)));
    assert_eq!(consent(&from_program).await, (json!(false), json!(false)));
}

#[tokio::test]
async fn who_took_back_the_key_of_an_app_is_asked_again_and_a_new_secret_leaves_time() {
    let site = Site::start().await;
    let (id, _) = site.made("laptop", false).await;
    let tokens = site.tokens(&id, "relay").await;
    let grants = site.ana.get("/api/oauth/grants").await.json();
    let key = grants["items"][0]["api_key_id"].as_str().unwrap().to_owned();
    let shown = site.ana.get(&format!("/api/tokens/{key}")).await.json();
    assert_eq!(shown["name"], "laptop 2", "the user has a key of that name");
    let revoked = site.ana.post(&format!("/api/tokens/{key}/revoke"), "").await;
    assert_eq!(revoked.status, StatusCode::OK, "{}", revoked.text());
    assert_eq!(site.models(&tokens["access_token"]).await, StatusCode::UNAUTHORIZED);
    let asked = ask(&site.ana, &query(&id, "relay")).await.json();
    assert_eq!(asked["consent"]["remembered"], false);
    let anew = site.tokens(&id, "relay").await;
    assert_eq!(site.models(&anew["access_token"]).await, StatusCode::OK);
    // A yes to one device is none to that which the key was taken from.
    assert_eq!(site.models(&tokens["access_token"]).await, StatusCode::UNAUTHORIZED);
    let renewed = site.refresh(&id, tokens["refresh_token"].as_str().unwrap()).await;
    assert_eq!(error(&renewed), (400, "invalid_grant".to_owned()));

    let (server, old) = site.made("Server", true).await;
    let rotate = format!("{APPS}/{server}/rotate-secret");
    let rotated = site.boss.post(&rotate, json!({ "keep_old_s": 60 }).to_string()).await;
    assert_eq!(rotated.status, StatusCode::OK, "{}", rotated.text());
    let new = rotated.json()["client_secret"].as_str().unwrap().to_owned();
    let knows = async |secret: &str| {
        let form = [("client_id", server.as_str()), ("client_secret", secret), ("token", "none")];
        site.form("/oauth/revoke", &form).await.status
    };
    assert_eq!(knows(&old).await, StatusCode::OK);
    assert_eq!(knows(&new).await, StatusCode::OK);
    site.clock.advance(Duration::from_mins(1));
    assert_eq!(knows(&old).await, StatusCode::UNAUTHORIZED);
    assert_eq!(knows(&new).await, StatusCode::OK);
    let no_secret = site.boss.post(&format!("{APPS}/{id}/rotate-secret"), "{}").await;
    assert_eq!(no_secret.status, StatusCode::CONFLICT);
    let ended = site.boss.post(&format!("{APPS}/{id}/revoke-grants"), "").await;
    assert_eq!(ended.json(), json!({ "revoked": 1 }), "{}", ended.text());
    assert_eq!(site.models(&anew["access_token"]).await, StatusCode::UNAUTHORIZED);
    let listed = site.boss.get(APPS).await.text();
    assert!(!listed.contains(&new) && !listed.contains("ocs_"), "a secret is shown once");
}

#[tokio::test]
async fn a_code_that_comes_again_much_later_ends_what_came_of_it() {
    let site = Site::start().await;
    let (id, _) = site.made("App", false).await;
    let code = site.code(&site.ana, &id, "relay").await;
    let first = site.exchange(&id, &code).await.json();
    site.clock.advance(Duration::from_hours(24 * 30));
    let now = realms_types::Clock::now(&*site.clock.shared());
    site.app.app().store().purge_oauth_tokens(now).await.unwrap();
    let renewed = site.refresh(&id, first["refresh_token"].as_str().unwrap()).await.json();
    assert_eq!(site.models(&renewed["access_token"]).await, StatusCode::OK);
    let again = site.exchange(&id, &code).await;
    assert_eq!(error(&again), (400, "invalid_grant".to_owned()));
    site.app.app().follow().await.unwrap();
    assert_eq!(site.models(&renewed["access_token"]).await, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn an_app_finds_a_name_for_its_key_and_no_room_where_the_user_has_all_they_may() {
    let site = Site::start().await;
    let make = async |name: String| {
        let made = site.ana.post("/api/tokens", json!({ "name": name }).to_string()).await;
        assert!(made.status.is_success(), "{}", made.text());
    };
    for number in 2..=60 {
        make(format!("laptop {number}")).await;
    }
    let (id, _) = site.made("laptop", false).await;
    site.tokens(&id, "relay").await;
    let grants = site.ana.get("/api/oauth/grants").await.json();
    let key = grants["items"][0]["api_key_id"].as_str().unwrap().to_owned();
    let path = format!("/api/tokens/{key}");
    assert_eq!(site.ana.get(&path).await.json()["name"], "laptop 61");

    for number in 62..=100 {
        make(format!("other {number}")).await;
    }
    let (other, _) = site.made("Other", false).await;
    let yes = json!({ "query": query(&other, "relay"), "decision": "approve" });
    let refused = site.ana.post("/api/oauth/authorize", yes.to_string()).await;
    assert_eq!(refused.status, StatusCode::CONFLICT, "{}", refused.text());
    assert_eq!(refused.json()["code"], "too_many_keys");
    site.code(&site.ana, &other, "profile").await;
    let deleted = site.ana.delete(&path).await;
    assert!(deleted.status.is_success(), "{}", deleted.text());
    site.code(&site.ana, &other, "relay").await;
}

#[tokio::test]
async fn while_apps_are_switched_off_no_token_is_good_and_what_users_let_them_do_can_be_ended() {
    let site = Site::start().await;
    let (id, _) = site.made("App", false).await;
    let tokens = site.tokens(&id, "profile relay").await;
    let access = &tokens["access_token"];
    assert_eq!(site.models(access).await, StatusCode::OK);
    site.switch("false").await;
    assert_eq!(site.models(access).await, StatusCode::UNAUTHORIZED);
    let app = site.anyone.clone().bearer(access.as_str().unwrap());
    let said = json!([{ "role": "user", "content": "hello" }]);
    let chat = json!({ "model": "m", "messages": said }).to_string();
    let refused = app.post("/v1/chat/completions", chat).await;
    assert_eq!(refused.status, StatusCode::UNAUTHORIZED, "{}", refused.text());
    let why = refused.json()["error"]["message"].as_str().unwrap().to_owned();
    assert!(why.contains("apps are switched off"), "{why}");
    let messages = json!({ "model": "m", "max_tokens": 8, "messages": said }).to_string();
    let refused = app.post("/v1/messages", messages).await.json();
    assert_eq!(refused["error"]["type"], "authentication_error", "{refused}");
    let info = site.user_info(access).await;
    assert_eq!(error(&info), (401, "invalid_token".to_owned()));
    assert!(info.header("www-authenticate").starts_with("Bearer"), "{}", info.text());
    site.switch("true").await;
    assert_eq!(site.models(access).await, StatusCode::OK, "nothing was ended");

    site.switch("false").await;
    assert_eq!(site.boss.get(APPS).await.json()["items"][0]["grants"], 1);
    let ended = site.boss.post(&format!("{APPS}/{id}/revoke-grants"), "").await;
    assert_eq!(ended.json(), json!({ "revoked": 1 }), "{}", ended.text());
    site.switch("true").await;
    assert_eq!(site.models(access).await, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn programs_learn_where_everything_is_and_self_mode_has_none_of_it() {
    let site = Site::start().await;
    let well_known = "/.well-known/oauth-authorization-server";
    let described = site.anyone.get(well_known).await;
    assert_eq!(described.header("access-control-allow-origin"), "*");
    let described = described.json();
    let issuer = format!("http://{}", site.app.app().address());
    assert_eq!(described["issuer"], issuer);
    assert_eq!(described["token_endpoint"], format!("{issuer}/oauth/token"));
    assert_eq!(described["code_challenge_methods_supported"], json!(["S256"]));
    let asked = site.anyone.call(Method::OPTIONS, "/oauth/token", bytes::Bytes::new()).await;
    assert_eq!(asked.status, StatusCode::NO_CONTENT);
    let (id, _) = site.made("App", false).await;
    site.switch("false").await;
    assert_eq!(site.anyone.get(well_known).await.status, StatusCode::NOT_FOUND);
    assert_eq!(ask(&site.ana, &query(&id, "relay")).await.json()["code"], "feature_off");

    let own = TestApp::start().await;
    own.apply(PEOPLE).await;
    let boss = own.sign_in("boss").await.client;
    assert_eq!(boss.get(APPS).await.status, StatusCode::NOT_FOUND);
    let anyone = Client::new(own.app().address());
    assert_ne!(anyone.post("/oauth/token", "").await.status, StatusCode::OK);
    assert!(!anyone.get(well_known).await.text().contains("token_endpoint"));
}
