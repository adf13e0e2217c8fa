//! Announcements: written, shown when and to whom they are for, and read once.

use http::{Method, StatusCode};
use realms_testkit::{FakeUpstream, TestClock};
use serde_json::{Value, json};

use super::OFTEN;
use crate::support::{Answered, Client, TestApp};

const PEOPLE: &str = "version = 1\n[[user]]\nusername = \"boss\"\nrole = \"root\"\n\
                      [[user_group]]\nname = \"pro\"\n\
                      [[user]]\nusername = \"ben\"\ngroup = \"pro\"\n";
const WRITTEN: &str = "/api/admin/announcements";

struct Site {
    app: TestApp,
    clock: TestClock,
    ana: Client,
    ben: Client,
    boss: Client,
}

impl Site {
    async fn start() -> Self {
        let clock = TestClock::new();
        let app = TestApp::start_business(clock.shared(), OFTEN).await;
        app.serve(&[&FakeUpstream::start().await]).await;
        app.apply(PEOPLE).await;
        let ana = app.sign_in("ana").await.client;
        let ben = app.sign_in("ben").await.client;
        let boss = app.sign_in("boss").await.client;
        Self { app, clock, ana, ben, boss }
    }

    /// The time so many minutes from now, as it is written.
    fn minutes_on(&self, minutes: u64) -> String {
        let now = realms_types::Clock::now(&*self.clock.shared());
        (now + std::time::Duration::from_mins(minutes)).to_string()
    }

    async fn write(&self, draft: Value) -> Answered {
        self.boss.post(WRITTEN, draft.to_string()).await
    }

    async fn written(&self, draft: Value) -> String {
        let made = self.write(draft).await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
        made.json()["id"].as_str().unwrap().to_owned()
    }

    async fn rewrite(&self, id: &str, draft: Value) -> Answered {
        self.boss.call(Method::PUT, &format!("{WRITTEN}/{id}"), draft.to_string().into()).await
    }

    async fn state(&self, id: &str) -> Value {
        self.boss.get(&format!("{WRITTEN}/{id}")).await.json()["state"].clone()
    }
}

fn english(title: &str) -> Value {
    json!({ "en": { "title": title, "body": "At **noon**." } })
}

async fn shown(client: &Client) -> Vec<Value> {
    let listed = client.get("/api/announcements").await.json();
    listed["items"].as_array().unwrap().clone()
}

async fn titles(client: &Client) -> Vec<String> {
    let shown = shown(client).await;
    let title = |one: &Value| one["texts"]["en"]["title"].as_str().unwrap().to_owned();
    shown.iter().map(title).collect()
}

async fn mine(client: &Client) -> Value {
    client.get("/api/me").await.json()["announcements"].clone()
}

#[tokio::test]
async fn one_is_shown_from_its_time_on_to_whom_it_is_for_and_is_read_once() {
    let site = Site::start().await;
    let draft = site.written(json!({ "severity": "info", "texts": english("Draft") })).await;
    let now = site.minutes_on(0);
    let all = json!({ "severity": "info", "texts": english("All"), "publish_at": now,
                      "pinned": true });
    let all = site.written(all).await;
    let soon = json!({ "severity": "critical", "user_groups": ["pro"], "texts": english("Pro"),
                       "publish_at": site.minutes_on(10), "expires_at": site.minutes_on(20) });
    let soon = site.written(soon).await;
    assert_eq!(site.state(&draft).await, "draft");
    assert_eq!(site.state(&all).await, "live");
    assert_eq!(site.state(&soon).await, "scheduled");
    assert_eq!(titles(&site.ben).await, ["All"]);
    assert_eq!(mine(&site.ben).await, json!({ "unread": 1 }));

    site.clock.advance(std::time::Duration::from_mins(10));
    assert_eq!(titles(&site.ana).await, ["All"], "it is not for her group");
    assert_eq!(titles(&site.ben).await, ["All", "Pro"], "pinned ones come first");
    let urgent = mine(&site.ben).await;
    assert_eq!((&urgent["unread"], &urgent["urgent"]["id"]), (&json!(2), &json!(soon)));

    for _ in 0..2 {
        let read = site.ben.post(&format!("/api/announcements/{soon}/read"), "").await;
        assert_eq!(read.status, StatusCode::NO_CONTENT, "{}", read.text());
    }
    assert_eq!(mine(&site.ben).await, json!({ "unread": 1 }));
    for id in [&soon, &draft, "an_0000000000000", "nothing"] {
        let foreign = site.ana.post(&format!("/api/announcements/{id}/read"), "").await;
        assert_eq!(foreign.status, StatusCode::NOT_FOUND, "{id}");
    }
    let read = site.ben.post("/api/announcements/read", "").await;
    assert_eq!(read.status, StatusCode::NO_CONTENT, "{}", read.text());
    assert!(shown(&site.ben).await.iter().all(|one| one["read"] == true));
    let office = site.boss.get(WRITTEN).await.json();
    let reads = |id: &str| {
        let found = office["items"].as_array().unwrap().iter().find(|one| one["id"] == id);
        found.unwrap()["reads"].clone()
    };
    assert_eq!((reads(&all), reads(&soon), reads(&draft)), (json!(1), json!(1), json!(0)));

    site.clock.advance(std::time::Duration::from_mins(10));
    assert_eq!(site.state(&soon).await, "expired");
    assert_eq!(titles(&site.ben).await, ["All"]);
}

#[tokio::test]
async fn now_is_when_the_server_is_told() {
    let site = Site::start().await;
    let draft = json!({ "severity": "info", "texts": english("All"), "publish_at": "now" });
    let id = site.written(draft).await;
    assert_eq!(titles(&site.ana).await, ["All"]);
    let begun = site.boss.get(&format!("{WRITTEN}/{id}")).await.json()["publish_at"].clone();
    assert_eq!(begun, site.minutes_on(0));
    site.clock.advance(std::time::Duration::from_mins(5));
    let draft = json!({ "severity": "info", "texts": english("All"), "publish_at": begun,
                        "expires_at": "now" });
    let ended = site.rewrite(&id, draft).await;
    assert_eq!(ended.status, StatusCode::OK, "{}", ended.text());
    let ended = ended.json();
    assert_eq!((&ended["state"], &ended["publish_at"]), (&json!("expired"), &begun));
    assert_eq!(ended["expires_at"], site.minutes_on(0));
    assert!(titles(&site.ana).await.is_empty());
    let odd = json!({ "severity": "info", "texts": english("All"), "publish_at": "soon" });
    let refused = site.write(odd).await;
    assert!(refused.status.is_client_error(), "{}", refused.text());
}

#[tokio::test]
async fn one_that_changes_stays_read_and_the_audit_log_tells_what_was_and_is() {
    let site = Site::start().await;
    let now = site.minutes_on(0);
    let draft = |title: &str| {
        json!({ "severity": "info", "texts": english(title), "publish_at": now,
                "must_acknowledge": true })
    };
    let id = site.written(draft("Maintenanc")).await;
    assert_eq!(mine(&site.ana).await["urgent"]["id"], id);
    site.ana.post(&format!("/api/announcements/{id}/read"), "").await;
    let mended = site.rewrite(&id, draft("Maintenance")).await;
    assert_eq!(mended.status, StatusCode::OK, "{}", mended.text());
    assert_eq!(titles(&site.ana).await, ["Maintenance"]);
    assert_eq!(mine(&site.ana).await, json!({ "unread": 0 }));
    let log = site.boss.get("/api/admin/audit?filter=action:announcement.update").await.json();
    let expected = json!([{ "path": "texts.en.title", "before": "Maintenanc",
                            "after": "Maintenance" }]);
    assert_eq!(log["items"][0]["changes"], expected, "{log}");

    let path = format!("{WRITTEN}/{id}");
    assert_eq!(site.boss.delete(&path).await.status, StatusCode::NO_CONTENT);
    assert_eq!(site.boss.delete(&path).await.status, StatusCode::NOT_FOUND);
    assert_eq!(site.boss.get(&path).await.status, StatusCode::NOT_FOUND);
    assert_eq!(site.rewrite(&id, draft("Late")).await.status, StatusCode::NOT_FOUND);
    assert!(shown(&site.ana).await.is_empty());
}

#[tokio::test]
async fn what_cannot_be_shown_is_refused_at_its_field() {
    let site = Site::start().await;
    let (start, end) = (site.minutes_on(10), site.minutes_on(5));
    let long = "x".repeat(201);
    for (draft, pointer) in [
        (json!({ "severity": "info", "texts": {} }), "/texts"),
        (json!({ "severity": "info", "texts": english(" ") }), "/texts/en/title"),
        (json!({ "severity": "info", "texts": english(&long) }), "/texts/en/title"),
        (
            json!({ "severity": "info", "texts": { "zh": { "title": "停机", "body": "" } } }),
            "/texts/zh/body",
        ),
        (
            json!({ "severity": "info", "texts": english("a"), "user_groups": ["none"] }),
            "/user_groups/0",
        ),
        (
            json!({ "severity": "info", "texts": english("a"), "publish_at": start,
                    "expires_at": end }),
            "/expires_at",
        ),
    ] {
        let refused = site.write(draft).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text());
        assert_eq!(refused.json()["fields"][0]["pointer"], pointer, "{}", refused.text());
    }
    assert_eq!(site.ana.get(WRITTEN).await.status, StatusCode::FORBIDDEN);
    let draft = json!({ "severity": "info", "texts": english("a") }).to_string();
    assert_eq!(site.ana.post(WRITTEN, draft).await.status, StatusCode::FORBIDDEN);
    assert!(site.boss.get(WRITTEN).await.json()["items"].as_array().unwrap().is_empty());
    drop(site.app);
}

#[tokio::test]
async fn self_mode_has_no_announcements() {
    let app = TestApp::start().await;
    app.apply("version = 1\n[[user]]\nusername = \"boss\"\nrole = \"root\"\n").await;
    let boss = app.sign_in("boss").await.client;
    for path in ["/api/announcements", WRITTEN] {
        assert_eq!(boss.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    assert_eq!(mine(&boss).await, Value::Null);
}
