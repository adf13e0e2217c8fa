//! Tickets: asked, answered, closed; with files that are what they say, for whom they are for.

use std::time::Duration;

use http::{Method, StatusCode};
use realms_store::TicketFileRecord;
use realms_testkit::{DEADLINE, FakeUpstream, TestClock};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::{OFTEN, real};
use crate::{
    relaying::calls,
    support::{Answered, Client, TestApp},
};

const PEOPLE: &str = "version = 1\n[[user]]\nusername = \"boss\"\nrole = \"root\"\n\
                      [[user]]\nusername = \"helper\"\nrole = \"admin\"\n\
                      [[user]]\nusername = \"ben\"\n\
                      [settings]\nsite_base_url = \"https://realms.example\"\n";
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n and so on";

struct Site {
    app: TestApp,
    ana: Client,
    ben: Client,
    helper: Client,
}

impl Site {
    async fn of(app: TestApp) -> Self {
        app.serve(&[&FakeUpstream::start().await]).await;
        app.apply(PEOPLE).await;
        let ana = app.sign_in("ana").await.client;
        let ben = app.sign_in("ben").await.client;
        let helper = app.sign_in("helper").await.client;
        Self { app, ana, ben, helper }
    }

    async fn start() -> Self {
        Self::of(TestApp::start_business(real(), OFTEN).await).await
    }

    async fn open(&self, wish: Value) -> Answered {
        self.ana.post("/api/tickets", wish.to_string()).await
    }

    async fn opened(&self) -> String {
        let wish = json!({ "subject": "Slow", "category": "calls", "body": "Since noon." });
        let made = self.open(wish).await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
        made.json()["id"].as_str().unwrap().to_owned()
    }
}

async fn send(client: &Client, name: &str, bytes: &'static [u8]) -> Answered {
    client.post(&format!("/api/ticket-files?name={name}"), bytes).await
}

async fn say(client: &Client, path: &str, body: Value) -> Answered {
    client.post(&format!("{path}/messages"), body.to_string()).await
}

/// Says that a ticket was seen as it was shown.
async fn see(client: &Client, path: &str, shown: &Value) {
    let body = json!({ "moved_at": shown["ticket"]["moved_at"] });
    let seen = client.post(&format!("{path}/seen"), body.to_string()).await;
    assert_eq!(seen.status, StatusCode::NO_CONTENT, "{}", seen.text());
}

fn word(answer: &Answered) -> String {
    answer.json()["fields"][0]["code"].as_str().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn a_question_goes_to_and_fro_and_the_answer_comes_by_mail() {
    let home = TempDir::new().unwrap();
    let mail = home.path().join("mail");
    let variables =
        [("REALMS_SELF_MODE_ENABLE", "false"), ("REALMS_MAIL_DIR", mail.to_str().unwrap())];
    let site = Site::of(TestApp::start_with(&variables).await).await;
    let user = site.app.user("ana").await;
    let mut tx = site.app.app().store().begin().await.unwrap();
    let patch = realms_store::UserPatch {
        email: Some(Some("ana@example.org".to_owned())),
        ..Default::default()
    };
    tx.update_user(user, patch, realms_types::Clock::now(&realms_types::SystemClock))
        .await
        .unwrap();
    tx.put_verified_email(user, "ana@example.org", realms_types::Timestamp::EPOCH).await.unwrap();
    tx.commit().await.unwrap();

    site.app.pay("1").await;
    let (_, call, body) = calls("m", false)[2].clone();
    site.app.client().post(&call, body).await;
    let record = site.app.wait_for_records(1).await.remove(0);
    let file = send(&site.ana, "screen.png", PNG).await;
    assert_eq!(file.status, StatusCode::CREATED, "{}", file.text());
    assert_eq!(file.json()["media_type"], "image/png");
    let made = site
        .open(json!({ "subject": "调用很慢", "category": "calls", "body": "从中午开始。",
                      "request_id": record.request_id, "files": [file.json()["id"]] }))
        .await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
    let id = made.json()["id"].as_str().unwrap().to_owned();
    let (mine, theirs) = (format!("/api/tickets/{id}"), format!("/api/admin/tickets/{id}"));

    let queue = site.helper.get("/api/admin/tickets?state=open").await.json();
    assert_eq!(queue["items"][0]["username"], "ana", "{queue}");
    assert_eq!(queue["items"][0]["request_id"], record.request_id.to_string(), "{queue}");
    let assigned = json!({ "username": "helper" }).to_string();
    let cared = site.helper.call(Method::PUT, &format!("{theirs}/assignee"), assigned.into()).await;
    assert_eq!(cared.json()["ticket"]["assignee"], "helper", "{}", cared.text());
    let to_user = json!({ "username": "ben" }).to_string();
    let refused =
        site.helper.call(Method::PUT, &format!("{theirs}/assignee"), to_user.into()).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text());

    let note = say(&site.helper, &theirs, json!({ "body": "Is it us?", "internal": true })).await;
    assert_eq!(note.json()["ticket"]["state"], "open", "a note is no answer: {}", note.text());
    let answer = say(&site.helper, &theirs, json!({ "body": "Try again now." })).await;
    assert_eq!(answer.json()["ticket"]["state"], "answered", "{}", answer.text());
    assert_eq!(answer.json()["messages"].as_array().unwrap().len(), 3);

    let listed = site.ana.get("/api/tickets").await.json();
    assert_eq!(listed["items"][0]["unread"], true, "{listed}");
    let thread = site.ana.get(&mine).await.json();
    let messages = thread["messages"].as_array().unwrap();
    assert_eq!(messages.len(), 2, "users see no notes: {thread}");
    assert_eq!(messages[0]["files"][0]["name"], "screen.png", "{thread}");
    assert_eq!(messages[1]["body"], "Try again now.", "{thread}");
    assert_eq!(messages[1].get("author"), None, "nor who of them it was: {thread}");
    assert!(!thread.to_string().contains("helper"), "{thread}");
    see(&site.ana, &mine, &thread).await;
    let listed = site.ana.get("/api/tickets").await.json();
    assert_eq!(listed["items"][0]["unread"], false, "{listed}");
    let letter = letter_in(&mail).await;
    assert!(letter.contains("To: ana@example.org"), "{letter}");
    assert!(!letter.contains("Is it us?"), "{letter}");

    let closed = site.helper.post(&format!("{theirs}/close"), "").await;
    assert_eq!(closed.json()["ticket"]["state"], "closed", "{}", closed.text());
    let opened = site.helper.post(&format!("{theirs}/reopen"), "").await;
    assert_eq!(opened.json()["ticket"]["state"], "open", "{}", opened.text());
    let log = site.helper.get(&format!("/api/admin/audit?filter=object:{id}")).await.json();
    let acts: Vec<_> = log["items"].as_array().unwrap().iter().map(|one| &one["action"]).collect();
    assert_eq!(acts, ["ticket.reopen", "ticket.close", "ticket.assign"], "the newest first: {log}");

    // An answer of the user makes it theirs again; closed, nothing more is said.
    let thanks = say(&site.ana, &mine, json!({ "body": "It works." })).await;
    assert_eq!(thanks.json()["ticket"]["state"], "open", "{}", thanks.text());
    let closed = site.ana.post(&format!("{mine}/close"), "").await;
    assert_eq!(closed.json()["ticket"]["state"], "closed", "{}", closed.text());
    let late = say(&site.helper, &theirs, json!({ "body": "One more thing" })).await;
    assert_eq!(late.status, StatusCode::CONFLICT, "{}", late.text());
    let again = site.ana.post(&format!("{mine}/reopen"), "").await;
    assert_eq!(again.json()["ticket"]["state"], "open", "{}", again.text());
}

/// The one letter that was written.
async fn letter_in(folder: &std::path::Path) -> String {
    let found = async {
        loop {
            let letters = std::fs::read_dir(folder).into_iter().flatten().flatten();
            let mut letters =
                letters.filter(|one| one.path().extension().is_some_and(|e| e == "eml"));
            if let Some(letter) = letters.next() {
                return std::fs::read_to_string(letter.path()).unwrap();
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(DEADLINE, found).await.expect("no letter was written")
}

#[tokio::test]
async fn an_answer_that_came_while_the_one_before_was_read_stays_unread() {
    let site = Site::start().await;
    let id = site.opened().await;
    let (mine, theirs) = (format!("/api/tickets/{id}"), format!("/api/admin/tickets/{id}"));
    say(&site.helper, &theirs, json!({ "body": "Try again now." })).await;
    let shown = site.ana.get(&mine).await.json();
    assert_eq!(shown["ticket"]["unread"], true, "{shown}");
    say(&site.helper, &theirs, json!({ "body": "No, wait." })).await;
    see(&site.ana, &mine, &shown).await;
    let shown = site.ana.get(&mine).await.json();
    assert_eq!(shown["ticket"]["unread"], true, "she saw the first alone: {shown}");
    see(&site.ana, &mine, &shown).await;
    let shown = site.ana.get(&mine).await.json();
    assert_eq!(shown["ticket"]["unread"], false, "{shown}");
    let body = json!({ "moved_at": shown["ticket"]["moved_at"] }).to_string();
    let foreign = site.ben.post(&format!("{mine}/seen"), body).await;
    assert_eq!(foreign.status, StatusCode::NOT_FOUND, "{}", foreign.text());
}

#[tokio::test]
async fn files_that_come_at_once_find_no_more_room_than_there_is() {
    let site = Site::start().await;
    let owner = site.app.user("ana").await;
    let now = realms_types::Clock::now(&realms_types::SystemClock);
    let tx = site.app.app().store().begin().await.unwrap();
    for number in 1_i64..200 {
        let file = TicketFileRecord {
            id: number.into(),
            owner,
            message: None,
            name: "a.txt".to_owned(),
            media_type: "text/plain".to_owned(),
            size: 1,
            created_at: now,
            expires_at: now + Duration::from_hours(1),
        };
        tx.insert_ticket_file(&file).await.unwrap();
    }
    tx.commit().await.unwrap();
    let sent = (0..10).map(|_| send(&site.ana, "more.txt", b"a"));
    let sent = futures_util::future::join_all(sent).await;
    let of = |status| sent.iter().filter(|answer| answer.status == status).count();
    assert_eq!((of(StatusCode::CREATED), of(StatusCode::PAYLOAD_TOO_LARGE)), (1, 9));
    let read = site.app.app().store().read();
    assert_eq!(read.list_files_of(owner).await.unwrap().len(), 200);
    let lying = std::fs::read_dir(site.app.folder().join("tickets")).unwrap();
    assert_eq!(lying.count(), 1, "what found no room is nowhere");
}

#[tokio::test]
async fn files_are_what_they_say_and_for_whom_they_are_for() {
    let site = Site::start().await;
    for (name, bytes, why) in [
        ("..%2F..%2Fetc%2Fpasswd", b"root".as_slice(), "name"),
        ("a%5Cb.txt", b"a", "name"),
        ("noending", b"a", "name"),
        ("page.html", b"<script>", "kind"),
        ("drawing.svg", b"<svg onload=alert(1)>", "kind"),
        ("program.png", b"MZ\x90", "content"),
        ("empty.txt", b"", "empty"),
    ] {
        let refused = send(&site.ana, name, bytes).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}: {}", refused.text());
        assert_eq!(word(&refused), why, "{name}");
    }
    let large: &'static [u8] = vec![b'a'; (10 << 20) + 1].leak();
    let refused = send(&site.ana, "large.txt", large).await;
    assert_eq!(refused.status, StatusCode::PAYLOAD_TOO_LARGE, "{}", refused.text());

    let file = send(&site.ana, "screen.png", PNG).await.json()["id"].clone();
    let file_path = format!("/api/ticket-files/{}", file.as_str().unwrap());
    // Sent and not used yet, it is nobody's to read.
    assert_eq!(site.ana.get(&file_path).await.status, StatusCode::NOT_FOUND);
    // Another's file cannot be used.
    let wish = json!({ "subject": "Mine", "category": "other", "body": "Look", "files": [file] });
    let stolen = site.ben.post("/api/tickets", wish.to_string()).await;
    assert_eq!(stolen.json()["fields"][0]["pointer"], "/files/0", "{}", stolen.text());
    let made = site.open(wish.clone()).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
    assert_eq!(site.open(wish).await.status, StatusCode::UNPROCESSABLE_ENTITY, "nor twice");
    let read = site.ana.get(&file_path).await;
    assert_eq!(read.status, StatusCode::OK);
    assert_eq!(read.body.as_ref(), PNG);
    let header = |name: &str| read.headers[name].to_str().unwrap().to_owned();
    assert_eq!(header("content-disposition"), "attachment; filename*=UTF-8''screen%2Epng");
    assert_eq!(header("x-content-type-options"), "nosniff");
    assert!(header("content-security-policy").contains("sandbox"));
    let office = format!("/api/admin/ticket-files/{}", file.as_str().unwrap());
    assert_eq!(site.helper.get(&office).await.status, StatusCode::OK);
    for foreign in [&file_path, &office] {
        let status = site.ben.get(foreign).await.status;
        assert!(matches!(status, StatusCode::NOT_FOUND | StatusCode::FORBIDDEN), "{foreign}");
    }
    // What goes with a note is no more the user's than the note.
    let id = made.json()["id"].as_str().unwrap().to_owned();
    let noted = send(&site.helper, "bill.txt", b"secret").await.json()["id"].clone();
    let note = json!({ "body": "Their bill", "files": [noted], "internal": true });
    say(&site.helper, &format!("/api/admin/tickets/{id}"), note).await;
    let hidden = format!("/api/ticket-files/{}", noted.as_str().unwrap());
    assert_eq!(site.ana.get(&hidden).await.status, StatusCode::NOT_FOUND);
    for odd in ["tf_0000000000000", "..%2F..%2Fmaster.key", "tf_zz"] {
        let status = site.ana.get(&format!("/api/ticket-files/{odd}")).await.status;
        assert_eq!(status, StatusCode::NOT_FOUND, "{odd}");
    }
}

#[tokio::test]
async fn files_go_when_their_time_is_over() {
    let clock = TestClock::new();
    let site = Site::of(TestApp::start_business(clock.shared(), OFTEN).await).await;
    let unused = send(&site.ana, "unused.txt", b"a").await.json()["id"].clone();
    let used = send(&site.ana, "used.txt", b"b").await.json()["id"].clone();
    let wish = json!({ "subject": "Mine", "category": "other", "body": "Look", "files": [used] });
    assert_eq!(site.open(wish).await.status, StatusCode::CREATED);
    let folder = site.app.folder().join("tickets");
    let there = |id: &Value| folder.join(id.as_str().unwrap()).exists();
    assert!(there(&unused) && there(&used));
    let desk = site.app.app().desk().unwrap();
    clock.advance(Duration::from_hours(2));
    let late = json!({ "subject": "Late", "category": "other", "body": "Look", "files": [unused] });
    assert_eq!(site.open(late).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    desk.sweep().await.unwrap();
    assert!(!there(&unused) && there(&used));
    clock.advance(Duration::from_hours(24 * 7));
    let path = format!("/api/ticket-files/{}", used.as_str().unwrap());
    assert_eq!(site.ana.get(&path).await.status, StatusCode::NOT_FOUND, "over is over");
    desk.sweep().await.unwrap();
    assert!(!there(&used));
    let read = site.app.app().store().read();
    let ana = site.app.user("ana").await;
    assert!(read.list_files_of(ana).await.unwrap().is_empty(), "the rows go with them");
}

#[tokio::test]
async fn tickets_are_their_users_and_bounded() {
    let site = Site::start().await;
    let id = site.opened().await;
    for path in [format!("/api/tickets/{id}"), "/api/tickets/ti_0000000000000".to_owned()] {
        assert_eq!(site.ben.get(&path).await.status, StatusCode::NOT_FOUND);
        let said = say(&site.ben, &path, json!({ "body": "Hello" })).await;
        assert_eq!(said.status, StatusCode::NOT_FOUND);
        for act in ["close", "reopen"] {
            let answer = site.ben.post(&format!("{path}/{act}"), "").await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{act}");
        }
    }
    let theirs = format!("/api/admin/tickets/{id}");
    assert_eq!(site.ana.get(&theirs).await.status, StatusCode::FORBIDDEN);
    assert_eq!(site.ana.get("/api/admin/tickets").await.status, StatusCode::FORBIDDEN);
    let foreign = json!({ "subject": "Mine", "category": "calls", "body": "Look",
                          "request_id": "00000000-0000-7000-8000-000000000000" });
    let refused = site.open(foreign).await;
    assert_eq!(refused.json()["fields"][0]["pointer"], "/request_id", "{}", refused.text());
    let long = "x".repeat(8_001);
    for (wish, pointer) in [
        (json!({ "subject": " ", "category": "calls", "body": "x" }), "/subject"),
        (json!({ "subject": "a\nb", "category": "calls", "body": "x" }), "/subject"),
        (json!({ "subject": "a", "category": "calls", "body": long }), "/body"),
    ] {
        let refused = site.open(wish).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text());
        assert_eq!(refused.json()["fields"][0]["pointer"], pointer);
    }
    for _ in 0..19 {
        site.opened().await;
    }
    let more = json!({ "subject": "More", "category": "other", "body": "x" });
    assert_eq!(site.open(more).await.status, StatusCode::PAYLOAD_TOO_LARGE);
    let page = site.ana.get("/api/tickets?limit=15").await.json();
    let next = page["next"].as_str().unwrap();
    let rest = site.ana.get(&format!("/api/tickets?limit=15&cursor={next}")).await.json();
    let ids = |page: &Value| -> Vec<String> {
        page["items"].as_array().unwrap().iter().map(|one| one["id"].to_string()).collect()
    };
    let mut all = [ids(&page), ids(&rest)].concat();
    all.sort_unstable();
    all.dedup();
    assert_eq!((all.len(), rest.get("next")), (20, None), "each once");
    let reply = json!({ "body": "Hello {{user}}" }).to_string();
    let canned = "/api/admin/canned-replies/Greeting";
    let put = site.helper.call(Method::PUT, canned, reply.into()).await;
    assert_eq!(put.status, StatusCode::NO_CONTENT, "{}", put.text());
    let listed = site.helper.get("/api/admin/canned-replies").await.json();
    assert_eq!(listed["items"][0]["name"], "Greeting", "{listed}");
    assert_eq!(site.helper.delete(canned).await.status, StatusCode::NO_CONTENT);
    assert_eq!(site.helper.delete(canned).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn self_mode_has_no_tickets() {
    let app = TestApp::start().await;
    app.apply("version = 1\n[[user]]\nusername = \"boss\"\nrole = \"root\"\n").await;
    let boss = app.sign_in("boss").await.client;
    for path in ["/api/tickets", "/api/admin/tickets", "/api/admin/canned-replies"] {
        assert_eq!(boss.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    let wish = r#"{"subject":"a","category":"other","body":"b"}"#;
    assert_eq!(boss.post("/api/tickets", wish).await.status, StatusCode::NOT_FOUND);
    assert_eq!(send(&boss, "a.txt", b"a").await.status, StatusCode::NOT_FOUND);
    assert!(!app.folder().join("tickets").exists(), "nothing was written");
}
