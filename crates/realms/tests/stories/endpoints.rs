//! Several addresses of one channel: where the first fails, the next answers, with the same credential.

use http::StatusCode;
use realms_testkit::{FakeUpstream, Reply};

use crate::support::{KEY, TestApp, attempts};

const BODY: &str = r#"{"model":"m","input":"hi"}"#;

/// One channel with one credential at `first`, and whatever else is said of it.
async fn serving(first: &str, further: &str) -> TestApp {
    let app = TestApp::start().await;
    let manifest = format!(
        "version = 1\n[[channel]]\nname = \"a\"\nkind = \"openai\"\nbase_url = \"{first}\"\n{further}\n\
         credentials = [{{ name = \"k\", key = \"key-a\" }}]\nmodels = [\"m\"]\n\
         [[user]]\nusername = \"ana\"\n[[api_key]]\nuser = \"ana\"\nname = \"laptop\"\nkey = \"{KEY}\"\n"
    );
    app.apply(&manifest).await;
    app
}

async fn call(app: &TestApp) {
    let answer = app.client().post("/v1/responses", BODY).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
}

#[tokio::test]
async fn the_next_address_of_a_channel_answers_for_one_that_fails() {
    let (first, next) = (FakeUpstream::start().await, FakeUpstream::start().await);
    let off = FakeUpstream::start().await;
    first.replies(Reply::status(503));
    next.says("from the next");
    off.says("never");
    let further = format!(
        "endpoints = [{{ base_url = \"{}\", enabled = false }}, {{ base_url = \"{}\", priority = -2 }}]",
        off.url(),
        next.url()
    );
    let app = serving(&first.url(), &further).await;
    call(&app).await;
    let records = app.wait_for_records(1).await;
    let tried = &records[0].attempts;
    assert_eq!(attempts(&records[0]), ["503 retried server_error", "200 accepted -"]);
    assert_eq!(tried[0].channel_id, tried[1].channel_id);
    assert_eq!(tried[0].credential_id, tried[1].credential_id);
    assert_ne!(tried[0].endpoint_id, tried[1].endpoint_id);
    assert_eq!((first.requests().len(), next.requests().len()), (1, 1));
    assert_eq!(next.last().key(), "key-a");
    assert!(off.requests().is_empty(), "one that is switched off is never asked");
}

#[tokio::test]
async fn the_higher_priority_is_asked_first_and_follows_an_edit() {
    let (low, high) = (FakeUpstream::start().await, FakeUpstream::start().await);
    low.says("low");
    high.says("high");
    // Nobody listens there.
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let nowhere = format!("http://{}/v1", listener.local_addr().unwrap());
    drop(listener);
    let order = |of_low: i64, of_high: i64| {
        format!(
            "endpoints = [{{ base_url = \"{}\", priority = {of_low} }}, {{ base_url = \"{}\", priority = {of_high} }}]",
            low.url(),
            high.url()
        )
    };
    let app = serving(&nowhere, &order(-2, -1)).await;
    call(&app).await;
    assert_eq!((low.requests().len(), high.requests().len()), (0, 1));
    let change = format!("version = 1\n[[channel]]\nname = \"a\"\n{}\n", order(-1, -2));
    app.apply(&change).await;
    call(&app).await;
    assert_eq!((low.requests().len(), high.requests().len()), (1, 1));
    for record in app.wait_for_records(2).await {
        let told = attempts(&record);
        assert!(told.last().is_some_and(|last| last == "200 accepted -"), "{told:?}");
    }
}
