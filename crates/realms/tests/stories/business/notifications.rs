//! Notifications: what happens is told where people want it, once, again where it was not taken, and without secrets.

use std::{path::Path, time::Duration};

use http::{Method, StatusCode};
use realms_store::{Delivered, DeliveryFilter, UserPatch};
use realms_testkit::{DEADLINE, FakeUpstream, Reply, TestClock};
use realms_types::{Clock as _, SystemClock, Timestamp};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::time::{sleep, timeout};

use super::{OFTEN, real};
use crate::{
    relaying::calls,
    support::{Answered, Client, TestApp},
};

const PEOPLE: &str = "version = 1\n[[user]]\nusername = \"boss\"\nrole = \"root\"\n\
                      [[user]]\nusername = \"helper\"\nrole = \"admin\"\n\
                      [settings]\nsite_base_url = \"https://realms.example\"\n";
const CANARY: &str = "c4n4ry-0123456789";

struct Site {
    app: TestApp,
    hooks: FakeUpstream,
    boss: Client,
    helper: Client,
    ana: Client,
}

impl Site {
    async fn of(app: TestApp) -> Self {
        let hooks = FakeUpstream::start().await;
        hooks.for_path("/hook").replies(Reply::json(&json!({ "ok": true })));
        app.serve(&[&FakeUpstream::start().await]).await;
        app.apply(PEOPLE).await;
        let boss = app.sign_in("boss").await.client;
        let helper = app.sign_in("helper").await.client;
        let ana = app.sign_in("ana").await.client;
        Self { app, hooks, boss, helper, ana }
    }

    async fn start() -> Self {
        Self::of(TestApp::start_business(real(), OFTEN).await).await
    }

    /// A webhook of whoever asks, under their prefix.
    async fn hook(&self, who: &Client, prefix: &str, name: &str) -> String {
        let url = format!("{}/hook", self.hooks.url());
        let settings = json!({ "kind": "webhook", "url": url, "secret": CANARY });
        let made = add(who, prefix, name, settings).await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
        assert!(!made.text().contains(CANARY), "{}", made.text());
        made.json()["id"].as_str().unwrap().to_owned()
    }

    async fn ask(&self, subject: &str) -> String {
        let wish = json!({ "subject": subject, "category": "calls", "body": "Since noon." });
        let made = self.ana.post("/api/tickets", wish.to_string()).await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
        made.json()["id"].as_str().unwrap().to_owned()
    }

    async fn answer(&self, ticket: &str) {
        let path = format!("/api/admin/tickets/{ticket}/messages");
        let said = self.helper.post(&path, json!({ "body": "Try again." }).to_string()).await;
        assert_eq!(said.status, StatusCode::OK, "{}", said.text());
    }
}

const MINE: &str = "/api/me/notifications";
const OURS: &str = "/api/admin/notifications";

async fn add(who: &Client, prefix: &str, name: &str, settings: Value) -> Answered {
    let new = json!({ "name": name, "language": "en", "settings": settings });
    who.post(&format!("{prefix}/targets"), new.to_string()).await
}

async fn put(who: &Client, path: &str, body: Value) -> Answered {
    who.call(Method::PUT, path, body.to_string().into()).await
}

/// The history, once what is asked for holds of it.
async fn until(who: &Client, prefix: &str, holds: impl Fn(&[Value]) -> bool) -> Vec<Value> {
    let mut told = Vec::new();
    let found = async {
        loop {
            let listed = who.get(prefix).await.json();
            told.clone_from(listed["items"].as_array().unwrap());
            if holds(&told) {
                return;
            }
            sleep(Duration::from_millis(20)).await;
        }
    };
    let is_told = timeout(DEADLINE, found).await.is_ok();
    assert!(is_told, "it was not told: {told:#?}");
    told
}

fn is(state: &'static str) -> impl Fn(&[Value]) -> bool {
    move |told| !told.is_empty() && told.iter().all(|one| one["state"] == state)
}

#[tokio::test]
async fn what_happens_is_told_where_people_want_it_and_signed() {
    let site = Site::start().await;
    site.hook(&site.boss, OURS, "Operations").await;
    let ticket = site.ask("Slow").await;
    let told = until(&site.boss, OURS, is("sent")).await;
    assert_eq!((told.len(), &told[0]["event"]), (1, &json!("ticket_opened")), "{told:?}");
    assert_eq!(told[0]["title"], "ana wrote: Slow", "{told:?}");
    let sent = site.hooks.last();
    let body = sent.json();
    assert_eq!(body["type"], "ticket_opened", "{body}");
    assert_eq!(body["data"]["ticket"], ticket, "{body}");
    assert_eq!(body["link"], format!("https://realms.example/admin/tickets/{ticket}"), "{body}");
    assert_eq!(sent.header("webhook-id"), told[0]["id"].as_str().unwrap());
    assert!(sent.header("webhook-signature").starts_with("v1,"));

    // Whoever has said nothing is told everywhere they are; nobody is told what is others'.
    site.hook(&site.ana, MINE, "Mine").await;
    site.answer(&ticket).await;
    let told = until(&site.ana, MINE, is("sent")).await;
    assert_eq!((told.len(), &told[0]["event"]), (1, &json!("ticket_answered")), "{told:?}");
    assert_eq!(site.boss.get(OURS).await.json()["items"].as_array().unwrap().len(), 1);
    assert_eq!(site.hooks.requests().len(), 2);
    let listed = site.ana.get(&format!("{MINE}/targets")).await.json();
    assert_eq!(listed["items"][0]["last"]["state"], "sent", "{listed}");
    assert_eq!(listed["items"][0]["hint"], "127.0.0.1", "{listed}");

    // A rule that says no is kept, and the others stay.
    let rule = format!("{MINE}/rules/ticket_answered");
    let done = put(&site.ana, &rule, json!({ "enabled": false })).await;
    assert_eq!(done.status, StatusCode::NO_CONTENT, "{}", done.text());
    site.answer(&ticket).await;
    // What is told is written with what happened, so it would be there.
    let told = site.ana.get(MINE).await.json();
    assert_eq!(told["items"].as_array().unwrap().len(), 1, "{told}");

    // What was done is in the audit log, without secrets.
    let audit = site.boss.get("/api/admin/audit?limit=50").await.text();
    assert!(audit.contains("notification_target.create"), "{audit}");
    assert!(!audit.contains(CANARY), "{audit}");
}

#[tokio::test]
async fn what_is_not_taken_is_tried_again_and_given_up_at_last() {
    let clock = TestClock::new();
    // Sessions do not last as long as the pauses do.
    let key = "an-admin-key-of-the-environment-0123456789";
    let variables = [("REALMS_ADMIN_API_KEY", key)];
    let app = TestApp::start_business_with(clock.shared(), OFTEN, &variables).await;
    let mut site = Site::of(app).await;
    site.boss = Client::new(site.app.app().address()).bearer(key);
    site.hooks.for_path("/hook").replies(Reply::status(500));
    site.hook(&site.boss, OURS, "Operations").await;
    site.ask("Slow").await;
    // 10 s, 1 min, 5 min, 30 min, 2 h, 6 h, 12 h, 16 h.
    for (tries, pause_s) in [10, 60, 300, 1_800, 7_200, 21_600, 43_200, 57_600].iter().enumerate() {
        // While a try runs, it is as if it were due when the lease of whoever tries is over.
        let next = json!(clock.now() + Duration::from_secs(*pause_s));
        let is_over =
            |told: &[Value]| told[0]["attempts"] == tries + 1 && told[0]["next_at"] == next;
        let told = until(&site.boss, OURS, is_over).await;
        assert_eq!(told[0]["error"], "it answered with status 500", "{told:?}");
        clock.advance(Duration::from_secs(*pause_s));
    }
    let told = until(&site.boss, OURS, is("failed")).await;
    assert_eq!(told[0]["attempts"], 9, "{told:?}");
    // An operator mends the other side, and asks for it again.
    site.hooks.for_path("/hook").replies(Reply::json(&json!({})));
    let again = format!("{OURS}/{}/retry", told[0]["id"].as_str().unwrap());
    assert_eq!(site.boss.post(&again, "").await.status, StatusCode::NO_CONTENT);
    until(&site.boss, OURS, is("sent")).await;
    assert_eq!(site.boss.post(&again, "").await.status, StatusCode::NOT_FOUND, "it is there");
    assert_eq!(site.hooks.requests().len(), 10);
}

#[tokio::test]
async fn what_was_taken_by_a_node_that_died_is_carried_by_another() {
    let clock = TestClock::new();
    let site = Site::of(TestApp::start_business(clock.shared(), OFTEN).await).await;
    let store = site.app.app().store().clone();
    site.hook(&site.boss, OURS, "Operations").await;
    let target = site.boss.get(&format!("{OURS}/targets")).await.json();
    let target = format!("{OURS}/targets/{}", target["items"][0]["id"].as_str().unwrap());
    // A node takes it, and is gone: nobody else has it until its time is over.
    site.hooks.for_path("/hook").replies(Reply::status(503));
    site.ask("Slow").await;
    until(&site.boss, OURS, |told| told[0]["error"].is_string()).await;
    let filter = DeliveryFilter { owner: None, after: None, limit: 1 };
    let waiting = store.read().list_deliveries(filter).await.unwrap().remove(0);
    let lease = clock.now() + Duration::from_secs(30);
    assert!(store.take_delivery(&waiting, lease).await.unwrap());
    site.hooks.for_path("/hook").replies(Reply::json(&json!({})));
    clock.advance(Duration::from_secs(31));
    let told = until(&site.boss, OURS, is("sent")).await;
    assert_eq!(told[0]["attempts"], 3, "{told:?}");
    // Who died comes back, and changes nothing.
    let late = Delivered::GivenUp { error: "late".to_owned() };
    store.finish_delivery(waiting.id, 2, &late, clock.now()).await.unwrap();
    until(&site.boss, OURS, is("sent")).await;
    assert_eq!(site.boss.delete(&target).await.status, StatusCode::NO_CONTENT);
    let told = site.boss.get(OURS).await.json();
    assert_eq!(told["items"][0]["target"].get("name"), None, "{told}");
}

#[tokio::test]
async fn targets_are_checked_tried_and_their_owners_own() {
    let site = Site::start().await;
    let field =
        |answer: &Answered| answer.json()["fields"][0]["pointer"].as_str().map(str::to_owned);
    let hook = |url: &str| json!({ "kind": "webhook", "url": url, "secret": CANARY });
    for (who, prefix, settings, wrong) in [
        (&site.boss, OURS, hook("ftp://a.example"), "/settings/url"),
        (&site.boss, OURS, hook("http://169.254.169.254/latest"), "/settings/url"),
        (&site.boss, OURS, json!({ "kind": "email", "to": [] }), "/settings/to"),
        (&site.ana, MINE, json!({ "kind": "email", "to": ["eve@example.org"] }), "/settings/kind"),
    ] {
        let refused = add(who, prefix, "X", settings.clone()).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{settings}");
        assert_eq!(field(&refused).as_deref(), Some(wrong), "{}", refused.text());
    }
    let id = site.hook(&site.ana, MINE, "Mine").await;
    let taken = add(&site.ana, MINE, "Mine", hook("https://a.example")).await;
    assert_eq!(taken.status, StatusCode::CONFLICT, "{}", taken.text());
    for number in 0..4 {
        site.hook(&site.ana, MINE, &format!("Mine {number}")).await;
    }
    let full = add(&site.ana, MINE, "Sixth", hook("https://a.example")).await;
    assert_eq!(full.json()["code"], "too_large", "{}", full.text());

    // Others' are as if they were not there.
    let path = format!("{MINE}/targets/{id}");
    let change = json!({ "name": "Other", "language": "zh-CN", "enabled": true });
    assert_eq!(site.helper.delete(&path).await.status, StatusCode::NOT_FOUND);
    assert_eq!(put(&site.helper, &path, change.clone()).await.status, StatusCode::NOT_FOUND);
    assert_eq!(site.boss.post(&format!("{OURS}/targets/{id}/test"), "").await.status, 404);
    let rule = json!({ "enabled": true, "targets": [id] });
    let theirs = put(&site.helper, &format!("{MINE}/rules/order_paid"), rule).await;
    assert_eq!(field(&theirs).as_deref(), Some("/targets/0"), "{}", theirs.text());
    assert_eq!(site.helper.get(&format!("{OURS}/targets")).await.status, StatusCode::FORBIDDEN);

    // What was entered stays when the name changes; a test tells what came of it.
    assert_eq!(put(&site.ana, &path, change).await.status, StatusCode::NO_CONTENT);
    let tested = site.ana.post(&format!("{path}/test"), "").await.json();
    assert_eq!(tested["ok"], true, "{tested}");
    assert_eq!(site.hooks.last().json()["title"], "Realms 的通知可以送达");
    site.hooks.for_path("/hook").replies(Reply::status(410));
    let tested = site.ana.post(&format!("{path}/test"), "").await.json();
    assert_eq!(tested["detail"], "it answered with status 410", "{tested}");
    assert!(site.ana.get(MINE).await.json()["items"].as_array().unwrap().is_empty());

    // Rules have bounds.
    let low = format!("{MINE}/rules/balance_low");
    let refused = put(&site.ana, &low, json!({ "enabled": true, "threshold": 0 })).await;
    assert_eq!(field(&refused).as_deref(), Some("/threshold"), "{}", refused.text());
    assert_eq!(
        put(&site.ana, &format!("{MINE}/rules/ticket_opened"), json!({ "enabled": true }))
            .await
            .status,
        404
    );
    let done =
        put(&site.ana, &low, json!({ "enabled": true, "threshold": 500, "targets": [] })).await;
    assert_eq!(done.status, StatusCode::NO_CONTENT, "{}", done.text());
    let rules = site.ana.get(&format!("{MINE}/rules")).await.json();
    assert_eq!(rules["items"][0]["threshold"]["value"], 500, "{rules}");
    assert_eq!(rules["items"][0]["targets"], json!([]), "{rules}");
    assert_eq!(rules["items"][3]["targets"].as_array().unwrap().len(), 5, "{rules}");
}

#[tokio::test]
async fn users_do_not_reach_what_only_channels_may() {
    let nothing = [("REALMS_OUTBOUND_USERS_ALLOW_PRIVATE", "")];
    let app = TestApp::start_business_with(real(), OFTEN, &nothing).await;
    let site = Site::of(app).await;
    site.hook(&site.boss, OURS, "Operations").await;
    let url = format!("{}/hook", site.hooks.url());
    let settings = json!({ "kind": "webhook", "url": url, "secret": CANARY });
    let refused = add(&site.ana, MINE, "Mine", settings).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text());
    let field = &refused.json()["fields"][0];
    assert_eq!(field["pointer"], "/settings/url", "{}", refused.text());
    assert_eq!(field["detail"], "this address is not called from here", "{}", refused.text());
    assert!(!refused.text().contains("REALMS_"), "that is nothing that users can set");
}

#[tokio::test]
async fn where_things_are_told_outlasts_a_session_so_it_takes_a_fresh_proof() {
    let clock = TestClock::new();
    let mut site = Site::of(TestApp::start_business(clock.shared(), OFTEN).await).await;
    site.ana = site.app.sign_in_at("ana", clock.shared()).await.client;
    site.boss = site.app.sign_in_at("boss", clock.shared()).await.client;
    let id = site.hook(&site.ana, MINE, "Mine").await;
    clock.advance(Duration::from_mins(11));
    let settings = json!({ "kind": "slack", "url": "https://hooks.example.com/x" });
    for (who, prefix) in [(&site.ana, MINE), (&site.boss, OURS)] {
        let refused = add(who, prefix, "Other", settings.clone()).await;
        assert_eq!(refused.json()["code"], "reauthentication_needed", "{}", refused.text());
    }
    let path = format!("{MINE}/targets/{id}");
    let named = json!({ "name": "Named", "language": "en", "enabled": true });
    assert_eq!(put(&site.ana, &path, named.clone()).await.status, StatusCode::NO_CONTENT);
    let mut moved = named;
    moved["settings"] = settings;
    let refused = put(&site.ana, &path, moved).await;
    assert_eq!(refused.json()["code"], "reauthentication_needed", "{}", refused.text());
    let listed = site.ana.get(&format!("{MINE}/targets")).await.json();
    assert_eq!(listed["items"][0]["hint"], "127.0.0.1", "{listed}");
}

#[tokio::test]
async fn a_balance_that_runs_low_is_told_once_until_it_was_filled() {
    let home = TempDir::new().unwrap();
    let mail = home.path().join("mail");
    let clock = TestClock::new();
    let variables = [("REALMS_MAIL_DIR", mail.to_str().unwrap())];
    let site =
        Site::of(TestApp::start_business_with(clock.shared(), OFTEN, &variables).await).await;
    let user = site.app.user("ana").await;
    let mut tx = site.app.app().store().begin().await.unwrap();
    let email = Some(Some("ana@example.org".to_owned()));
    let patch = UserPatch { email, ..UserPatch::default() };
    tx.update_user(user, patch, SystemClock.now()).await.unwrap();
    tx.put_verified_email(user, "ana@example.org", Timestamp::EPOCH).await.unwrap();
    tx.commit().await.unwrap();

    let look = || async { site.app.app().look_at_levels().await };
    look().await;
    assert!(
        site.ana.get(MINE).await.json()["items"].as_array().unwrap().is_empty(),
        "she had none"
    );
    site.app.pay("0.5").await;
    look().await;
    look().await;
    let told = until(&site.ana, MINE, is("sent")).await;
    assert_eq!((told.len(), &told[0]["event"]), (1, &json!("balance_low")), "{told:?}");
    assert_eq!(letters_in(&mail), 1);
    // Filled and used up again: it is told anew, but not within half an hour.
    site.app.pay("5").await;
    look().await;
    clock.advance(Duration::from_mins(31));
    look().await;
    let rule = json!({ "enabled": true, "email": true, "threshold": 1_000 });
    put(&site.ana, &format!("{MINE}/rules/balance_low"), rule).await;
    look().await;
    until(&site.ana, MINE, |told| told.len() == 2 && is("sent")(told)).await;
    assert_eq!(letters_in(&mail), 2);
}

#[tokio::test]
async fn calls_that_fail_are_told_to_those_who_run_the_site() {
    let upstream = FakeUpstream::start().await;
    let site = Site::start().await;
    site.app.serve(&[&upstream]).await;
    site.app.pay("1").await;
    site.hook(&site.boss, OURS, "Operations").await;
    upstream.replies(Reply::status(500));
    let (_, path, body) = calls("m", false)[1].clone();
    for _ in 0..20 {
        site.app.client().post(&path, body.clone()).await;
    }
    site.app.wait_for_records(20).await;
    site.app.app().look_at_levels().await;
    let told = until(&site.boss, OURS, is("sent")).await;
    let about = |event: &str| told.iter().filter(|one| one["event"] == event).count();
    assert_eq!(about("error_rate_high"), 1, "{told:?}");
    assert!(site.hooks.last().json()["text"].as_str().unwrap().contains("10 minutes"));
}

#[tokio::test]
async fn in_self_mode_nobody_is_told_anything() {
    let app = TestApp::start().await;
    app.apply(PEOPLE).await;
    let boss = app.sign_in("boss").await.client;
    for path in [OURS, MINE, "/api/admin/notifications/rules", "/api/me/notifications/targets"] {
        assert_eq!(boss.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
}

fn letters_in(folder: &Path) -> usize {
    let letters = std::fs::read_dir(folder).into_iter().flatten().flatten();
    letters.filter(|one| one.path().extension().is_some_and(|end| end == "eml")).count()
}
