//! A stream that is late to begin is asked of another upstream beside it, and the first to answer is
//! taken; within a budget, and never where something would stay behind.

use http::StatusCode;
use realms_relay::InUse;
use realms_testkit::{Answer, FakeUpstream, Gate, Reply};
use realms_types::DialectId;

use crate::{
    relaying::calls,
    support::{TestApp, attempts},
};

/// Two upstreams, the first preferred, with a second asked after so long.
async fn racing(after_ms: u32) -> (TestApp, FakeUpstream, FakeUpstream) {
    let (first, second) = (FakeUpstream::start().await, FakeUpstream::start().await);
    let app = TestApp::serving(&[&first, &second]).await;
    app.apply(&format!("version = 1\n[settings]\nhedge_after_ms = \"{after_ms}\"\n")).await;
    (app, first, second)
}

/// The calls of which nothing stays behind: an answer of Responses is stored unless it says otherwise.
fn streams() -> impl Iterator<Item = (DialectId, String, String)> {
    calls("m", true).into_iter().map(|(dialect, path, body)| match dialect {
        DialectId::Responses => (dialect, path, body.replacen('{', r#"{"store":false,"#, 1)),
        _ => (dialect, path, body),
    })
}

async fn all_is_given_back(app: &TestApp) {
    let deadline = tokio::time::Instant::now() + realms_testkit::DEADLINE;
    while app.app().relay().in_use() != InUse::default() {
        let held = app.app().relay().in_use();
        assert!(tokio::time::Instant::now() < deadline, "left behind: {held:?}");
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn the_second_answers_for_one_that_is_late_and_the_record_tells_of_both() {
    for (dialect, path, body) in streams() {
        let (app, late, quick) = racing(50).await;
        let gate = Gate::new();
        late.replies(Reply::good().stalls_before_headers(&gate));
        quick.replies(Answer::text("The second."));
        let answer = app.client().post(&path, body).await;
        assert_eq!(answer.status, StatusCode::OK, "{dialect}");
        assert!(answer.text().contains("second"), "{dialect} {}", answer.text());
        let record = app.record().await;
        assert_eq!(attempts(&record), ["- overtaken -", "200 accepted -"], "{dialect}");
        assert_eq!(record.channel_id, Some(record.attempts[1].channel_id), "{dialect}");
        let why = record.attempts[1].detail.as_deref().unwrap();
        assert!(why.contains("had not begun after 50 ms"), "{why}");
        // Whoever is overtaken is hung up on, and nothing of it is left.
        late.wait_closed(0).await;
        all_is_given_back(&app).await;
        gate.open();
    }
}

#[tokio::test]
async fn one_that_is_late_may_still_be_first() {
    for (dialect, path, body) in streams() {
        let (app, late, slower) = racing(50).await;
        let (gate, closed) = (Gate::new(), Gate::new());
        late.replies(Reply::good().stalls_before_headers(&gate));
        slower.replies(Reply::good().stalls_before_headers(&closed));
        let running = tokio::spawn({
            let client = app.client();
            async move { client.post(&path, body).await }
        });
        closed.reached(1).await;
        gate.open();
        let answer = running.await.unwrap();
        assert_eq!(answer.status, StatusCode::OK, "{dialect}");
        let record = app.record().await;
        assert_eq!(attempts(&record), ["200 accepted -", "- overtaken -"], "{dialect}");
        assert_eq!(record.channel_id, Some(record.attempts[0].channel_id), "{dialect}");
        slower.wait_closed(0).await;
        all_is_given_back(&app).await;
        closed.open();
    }
}

#[tokio::test]
async fn when_one_of_two_fails_the_other_goes_on() {
    for (dialect, path, body) in streams() {
        let (app, late, bad) = racing(50).await;
        let gate = Gate::new();
        late.replies(Reply::good().stalls_before_headers(&gate));
        bad.replies(Reply::status(500));
        let running = tokio::spawn({
            let client = app.client();
            async move { client.post(&path, body).await }
        });
        bad.wait_replied(0).await;
        gate.open();
        let answer = running.await.unwrap();
        assert_eq!(answer.status, StatusCode::OK, "{dialect} {}", answer.text());
        let record = app.record().await;
        assert_eq!(attempts(&record), ["200 accepted -", "500 retried server_error"], "{dialect}");
        all_is_given_back(&app).await;
    }
}

#[tokio::test]
async fn a_client_that_leaves_during_a_race_leaves_nothing_behind() {
    let (app, one, two) = racing(50).await;
    let gate = Gate::new();
    one.replies(Reply::good().stalls_before_headers(&gate));
    two.replies(Reply::good().stalls_before_headers(&gate));
    let (_, path, body) = streams().nth(1).unwrap();
    let running = tokio::spawn({
        let client = app.client();
        async move { client.post(&path, body).await }
    });
    gate.reached(2).await;
    running.abort();
    one.wait_closed(0).await;
    two.wait_closed(0).await;
    let record = app.record().await;
    assert_eq!(attempts(&record), ["- cancelled client_gone", "- cancelled client_gone"]);
    assert!(record.usage.is_empty(), "nobody had begun to answer");
    all_is_given_back(&app).await;
    gate.open();
}

#[tokio::test]
async fn nobody_is_asked_twice_where_something_would_stay_behind() {
    let whole = calls("m", false).into_iter();
    // Stored at the vendor, as is the way of Responses.
    let stored = calls("m", true).into_iter().take(1);
    for (dialect, path, body) in whole.chain(stored) {
        let (app, late, other) = racing(20).await;
        let gate = Gate::new();
        late.replies(Reply::good().stalls_before_headers(&gate));
        let running = tokio::spawn({
            let client = app.client();
            async move { client.post(&path, body).await }
        });
        gate.reached(1).await;
        // Three times as long as a second one would wait.
        tokio::time::sleep(std::time::Duration::from_millis(60)).await;
        gate.open();
        assert_eq!(running.await.unwrap().status, StatusCode::OK, "{dialect}");
        assert!(other.requests().is_empty(), "{dialect}");
    }
}

#[tokio::test]
async fn the_budget_bounds_how_many_are_asked_twice() {
    let (app, late, quick) = racing(1).await;
    app.apply("version = 1\n[settings]\nhedge_percent = \"1\"\n").await;
    let gate = Gate::new();
    let held = gate.clone();
    late.replies(Reply::by(move |_| Reply::good().stalls_before_headers(&held)));
    quick.replies(Reply::good());
    let (_, path, body) = streams().nth(1).unwrap();
    // So many are saved up at the start.
    for _ in 0..5 {
        assert_eq!(app.client().post(&path, body.clone()).await.status, StatusCode::OK);
    }
    assert_eq!(quick.requests().len(), 5);
    // The next one has to wait for who is late.
    let running = tokio::spawn({
        let client = app.client();
        async move { client.post(&path, body).await }
    });
    gate.reached(6).await;
    tokio::time::sleep(std::time::Duration::from_millis(30)).await;
    gate.open();
    assert_eq!(running.await.unwrap().status, StatusCode::OK);
    assert_eq!(quick.requests().len(), 5);
    assert_eq!(attempts(&app.records().await[5]), ["200 accepted -"]);
}
