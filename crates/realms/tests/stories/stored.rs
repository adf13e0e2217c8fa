//! Objects that upstreams keep: for their owner, from the credential that made them.

use http::{Method, StatusCode};
use realms_testkit::FakeUpstream;

use crate::support::TestApp;

const OTHER: &str = "sk_other-user-of-the-tests-00000000000000000000";

async fn with_two_users(upstreams: &[&FakeUpstream]) -> TestApp {
    let app = TestApp::serving(upstreams).await;
    app.apply(&format!(
        "version = 1\n[[user]]\nusername = \"bob\"\n[[api_key]]\nuser = \"bob\"\nname = \"k\"\nkey = \"{OTHER}\"\n"
    ))
    .await;
    app
}

#[tokio::test]
async fn a_response_is_found_again_where_it_was_made_and_by_nobody_else() {
    let (first, second) = (FakeUpstream::start().await, FakeUpstream::start().await);
    first.replies(realms_testkit::Reply::status(429).header("retry-after", "1"));
    let app = with_two_users(&[&first, &second]).await;
    let made =
        app.client().post("/v1/responses", r#"{"model":"m","input":"hi","store":true}"#).await;
    let id = made.json()["id"].as_str().unwrap().to_owned();
    assert_eq!(second.requests().len(), 1, "the second made it");

    for (method, tail) in
        [(Method::GET, ""), (Method::GET, "/input_items"), (Method::POST, "/cancel")]
    {
        let path = format!("/v1/responses/{id}{tail}");
        let mine = app.client().call(method.clone(), &path, "".into()).await;
        assert_eq!(mine.status, StatusCode::OK, "{method} {path} {}", mine.text());
        assert_eq!(second.last().path, path);
        assert_eq!(second.last().key(), "upstream-key-b");
        let theirs = app.client().bearer(OTHER).call(method, &path, "".into()).await;
        assert_eq!(theirs.status, StatusCode::NOT_FOUND, "{path}");
    }
    assert_eq!(first.requests().len(), 1, "the first was asked once, in vain");

    let before = second.requests().len();
    let next = format!(r#"{{"model":"m","input":"go on","previous_response_id":"{id}"}}"#);
    assert_eq!(app.client().post("/v1/responses", next.clone()).await.status, StatusCode::OK);
    assert_eq!(second.requests().len(), before + 1, "it goes on where its state is");
    let stolen = app.client().bearer(OTHER).post("/v1/responses", next).await;
    assert_eq!(stolen.status, StatusCode::BAD_REQUEST);
    assert!(stolen.text().contains("previous_response_not_found"), "{}", stolen.text());

    let path = format!("/v1/responses/{id}");
    assert_eq!(app.client().delete(&path).await.status, StatusCode::OK);
    let records = app.records().await;
    assert!(
        records.iter().filter(|r| r.operation == "responses.stored").all(|r| r.usage.is_empty())
    );
}

#[tokio::test]
async fn objects_survive_a_restart() {
    let upstream = FakeUpstream::start().await;
    let app = TestApp::serving(&[&upstream]).await;
    let made = app.client().post("/v1/responses", r#"{"model":"m","input":"hi"}"#).await;
    let id = made.json()["id"].as_str().unwrap().to_owned();
    let folder = app.stop().await;
    let app = TestApp::start_in(folder, &[]).await;
    let found = app.client().get(&format!("/v1/responses/{id}")).await;
    assert_eq!(found.status, StatusCode::OK, "{}", found.text());
}

#[tokio::test]
async fn what_was_not_to_be_stored_is_not_remembered() {
    let upstream = FakeUpstream::start().await;
    let app = TestApp::serving(&[&upstream]).await;
    let made =
        app.client().post("/v1/responses", r#"{"model":"m","input":"hi","store":false}"#).await;
    let id = made.json()["id"].as_str().unwrap().to_owned();
    assert_eq!(
        app.client().get(&format!("/v1/responses/{id}")).await.status,
        StatusCode::NOT_FOUND
    );
    assert_eq!(upstream.requests().len(), 1);
}

#[tokio::test]
async fn stored_completions_are_listed_for_their_owner_only() {
    let upstream = FakeUpstream::start().await;
    let app = with_two_users(&[&upstream]).await;
    let body = r#"{"model":"m","messages":[{"role":"user","content":"hi"}],"store":true}"#;
    let mut made = Vec::new();
    for _ in 0..3 {
        let answer = app.client().post("/v1/chat/completions", body).await;
        made.push(answer.json()["id"].clone());
    }
    app.client().bearer(OTHER).post("/v1/chat/completions", body).await;

    let page = app.client().get("/v1/chat/completions?limit=2").await.json();
    assert_eq!(page["has_more"], true, "{page}");
    let listed: Vec<_> =
        page["data"].as_array().unwrap().iter().map(|one| one["id"].clone()).collect();
    assert_eq!(listed, made[..2]);
    let after = page["last_id"].as_str().unwrap();
    let rest = app.client().get(&format!("/v1/chat/completions?after={after}")).await.json();
    assert_eq!((&rest["data"][0]["id"], &rest["has_more"]), (&made[2], &false.into()));

    let path = format!("/v1/chat/completions/{}", made[0].as_str().unwrap());
    let update = app.client().post(&path, r#"{"metadata":{"a":"b"}}"#).await;
    assert_eq!(update.status, StatusCode::OK, "{}", update.text());
    assert_eq!(upstream.last().body, r#"{"metadata":{"a":"b"}}"#);
    assert_eq!(app.client().bearer(OTHER).get(&path).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn an_object_the_vendor_has_dropped_is_404_and_nobody_rests_for_it() {
    let upstream = FakeUpstream::start().await;
    let app = TestApp::serving(&[&upstream]).await;
    let body = r#"{"model":"m","input":"hi"}"#;
    let made = app.client().post("/v1/responses", body).await;
    let id = made.json()["id"].as_str().unwrap().to_owned();
    upstream.replies(realms_testkit::Reply::status(404));
    let gone = app.client().get(&format!("/v1/responses/{id}")).await;
    assert_eq!(gone.status, StatusCode::NOT_FOUND, "{}", gone.text());
    upstream.replies(realms_testkit::Reply::good());
    assert_eq!(app.client().post("/v1/responses", body).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_continued_response_is_no_way_around_models_and_groups() {
    let (dear, cheap) = (FakeUpstream::start().await, FakeUpstream::start().await);
    let app = TestApp::serving(&[&dear]).await;
    app.apply(&format!(
        "version = 1\n[[channel]]\nname = \"cheap\"\nkind = \"openai\"\nbase_url = \"{}\"\n\
         groups = [\"default\"]\ncredentials = [{{ name = \"k\", key = \"cheap-key\" }}]\nmodels = [\"c\"]\n",
        cheap.url()
    ))
    .await;
    let made = app.client().post("/v1/responses", r#"{"model":"m","input":"hi"}"#).await;
    let id = made.json()["id"].as_str().unwrap().to_owned();
    let next = format!(r#"{{"model":"c","input":"go on","previous_response_id":"{id}"}}"#);
    let refused = app.client().post("/v1/responses", next).await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST, "{}", refused.text());
    assert_eq!((dear.requests().len(), cheap.requests().len()), (1, 0));

    // A rest does not send it elsewhere either: nobody else has the state.
    dear.replies(realms_testkit::Reply::status(429).header("retry-after", "60"));
    app.client().post("/v1/responses", r#"{"model":"m","input":"hi"}"#).await;
    dear.replies(realms_testkit::Reply::good());
    let next = format!(r#"{{"model":"m","input":"go on","previous_response_id":"{id}"}}"#);
    assert_eq!(app.client().post("/v1/responses", next).await.status, StatusCode::OK);
    let record = app.records().await.pop().unwrap();
    assert!(record.cost.is_some() && record.channel_group_id.is_some(), "at its own price");
}

#[tokio::test]
async fn a_stored_response_that_failed_is_read_all_right() {
    let upstream = FakeUpstream::start().await;
    let app = TestApp::serving(&[&upstream]).await;
    let made = app.client().post("/v1/responses", r#"{"model":"m","input":"hi"}"#).await;
    let id = made.json()["id"].as_str().unwrap().to_owned();
    let failed = serde_json::json!({
        "id": id, "object": "response", "status": "failed", "output": [],
        "error": { "code": "server_error", "message": "it broke" }
    });
    upstream.replies(realms_testkit::Reply::json(&failed));
    let read = app.client().get(&format!("/v1/responses/{id}")).await;
    assert_eq!((read.status, read.json()), (StatusCode::OK, failed));
    assert_eq!(upstream.requests().len(), 2, "it is not asked again");
}
