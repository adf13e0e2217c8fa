//! Calls under an `Idempotency-Key`: however often one is sent, one upstream is asked and one charge made.

use std::time::Duration;

use bytes::Bytes;
use futures_util::future::join_all;
use http::{Method, StatusCode};
use realms_ledger::LEASE;
use realms_testkit::{Answer, Cut, FakeUpstream, Gate, Reply, TestClock};
use realms_types::{Billing, Certainty, DialectId, Money};

use super::{COST, OFTEN, paying, paying_on, real};
use crate::{
    relaying::calls,
    streams::after_the_first_word,
    support::{Answered, Client, KEY as API_KEY, TestApp, usd},
};

const KEY: &str = "0190b5c2-turn-1";
/// Another API key of the same user.
const OTHER: &str = "sk_another-key-of-the-tests-00000000000000000000";

fn keyed(app: &TestApp) -> Client {
    app.client().header("idempotency-key", KEY)
}

fn message(stream: bool) -> (String, Bytes) {
    let (_, path, body) = calls("m", stream)[2].clone();
    (path, body.into())
}

fn code(answer: &Answered) -> String {
    let body = answer.json();
    let error = &body["error"];
    let code = error["code"].as_str().or_else(|| error["details"][0]["reason"].as_str());
    code.map_or_else(|| body.to_string(), str::to_owned)
}

/// One upstream was asked, and one charge made.
async fn was_once(app: &TestApp, upstream: &FakeUpstream) {
    assert_eq!(upstream.requests().len(), 1);
    let deadline = tokio::time::Instant::now() + realms_testkit::DEADLINE;
    let mut charges = app.entries().await;
    // An answer is there before its charge.
    while charges.len() < 2 && tokio::time::Instant::now() < deadline {
        tokio::task::yield_now().await;
        charges = app.entries().await;
    }
    assert_eq!(charges.len(), 2, "the payment and one charge: {charges:?}");
    app.is_sound().await;
}

#[tokio::test]
async fn a_repeat_gets_the_same_answer_for_nothing() {
    for stream in [false, true] {
        for (dialect, path, body) in calls("m", stream) {
            let upstream = FakeUpstream::start().await;
            let app = paying(&[&upstream], "1").await;
            let first = keyed(&app).post(&path, body.clone()).await;
            assert_eq!(first.status, StatusCode::OK, "{dialect} {}", first.text());
            assert_eq!(first.header("idempotent-replayed"), "");
            let again = keyed(&app).post(&path, body.clone()).await;
            assert_eq!((again.status, &again.body), (StatusCode::OK, &first.body), "{dialect}");
            assert_eq!(again.header("content-type"), first.header("content-type"));
            assert_eq!(again.header("idempotent-replayed"), "true");
            assert_ne!(again.header("x-request-id"), first.header("x-request-id"));

            let records = app.wait_for_records(2).await;
            assert_eq!(records[0].cost, Some(usd(COST)), "{dialect}");
            assert_eq!(upstream.last().header("idempotency-key"), "", "the promise is ours");
            let repeat = &records[1];
            assert_eq!((repeat.status, repeat.outcome.as_str()), (200, "ok"));
            assert_eq!((repeat.cost, repeat.billing), (None, Some(Billing::Free)));
            assert_eq!(repeat.certainty, Certainty::None);
            assert_eq!(repeat.response_bytes, i64::try_from(first.body.len()).unwrap());
            let first_id = records[0].request_id.to_string();
            assert_eq!(again.header("x-realms-repeat-of"), first_id);
            let trace = app.app().store().find_trace(repeat.id).await.unwrap().unwrap();
            assert_eq!(trace.repeat_of, Some(first_id), "{dialect}");
            was_once(&app, &upstream).await;
        }
    }
}

#[tokio::test]
async fn repeats_that_come_at_once_wait_for_the_one_answer() {
    for stream in [false, true] {
        let (upstream, gate) = (FakeUpstream::start().await, Gate::new());
        upstream.replies(Reply::good().stalls_before_headers(&gate));
        let app = paying(&[&upstream], "1").await;
        let (path, body) = message(stream);
        let clients: Vec<Client> = (0..12).map(|_| keyed(&app)).collect();
        let asked = join_all(clients.iter().map(|client| client.post(&path, body.clone())));
        let opened = async {
            app.wait_for_holds(1).await;
            gate.open();
        };
        let (answers, ()) = tokio::join!(asked, opened);
        for answer in &answers {
            assert_eq!((answer.status, &answer.body), (StatusCode::OK, &answers[0].body));
        }
        let replayed = answers.iter().filter(|it| it.header("idempotent-replayed") == "true");
        assert_eq!(replayed.count(), 11);
        app.wait_for_records(12).await;
        was_once(&app, &upstream).await;
        assert_eq!(app.app().relay().in_use().calls, 0);
    }
}

#[tokio::test]
async fn a_client_that_lost_its_answer_gets_it_whole() {
    for (dialect, path, body) in calls("m", true) {
        let (upstream, gate) = (FakeUpstream::start().await, Gate::new());
        let words = Answer::text("").in_deltas(["One ", "two ", "three."]);
        upstream.replies(Reply::from(words).stalls_before(after_the_first_word(dialect), &gate));
        let app = paying(&[&upstream], "1").await;
        let mut lost = keyed(&app).open(Method::POST, &path, body.clone()).await;
        let mut text = String::new();
        while !text.contains("One") {
            text += &String::from_utf8_lossy(&lost.next().await.unwrap());
        }
        drop(lost);
        // One repeat comes while it runs, and one when it is over.
        let running = keyed(&app);
        let mut running = running.open(Method::POST, &path, body.clone()).await;
        assert_eq!(running.headers["idempotent-replayed"], "true");
        let mut seen = Vec::new();
        while !String::from_utf8_lossy(&seen).contains("One") {
            seen.extend_from_slice(&running.next().await.unwrap());
        }
        gate.open();
        seen.extend_from_slice(&running.finish().await.body);
        let seen = String::from_utf8(seen).unwrap();
        assert!(seen.starts_with(&text) && seen.contains("three."), "{dialect} {seen}");
        let later = keyed(&app).post(&path, body).await;
        assert_eq!(later.text(), seen, "{dialect}");
        let records = app.wait_for_records(3).await;
        assert!(records.iter().all(|record| record.outcome == "ok"), "{dialect} {records:#?}");
        was_once(&app, &upstream).await;
    }
}

#[tokio::test]
async fn a_repeat_is_one_of_the_requests_a_minute_and_takes_no_turn() {
    let (upstream, gate, clock) = (FakeUpstream::start().await, Gate::new(), TestClock::new());
    let words = Answer::text("").in_deltas(["One ", "two ", "three."]);
    let first_word = after_the_first_word(DialectId::Messages);
    upstream.replies(Reply::from(words).stalls_before(first_word, &gate));
    let app = paying_on(clock.shared(), LEASE, &[&upstream], "1").await;
    app.apply(&format!(
        "version = 1\n[[api_key]]\nuser = \"ana\"\nname = \"laptop\"\nkey = \"{API_KEY}\"\n\
         limits = {{ requests_per_minute = 2, concurrency = 1 }}\n"
    ))
    .await;
    let (path, body) = message(true);
    let mut first = keyed(&app).open(Method::POST, &path, body.clone()).await;
    let mut seen = Vec::new();
    while !String::from_utf8_lossy(&seen).contains("One") {
        seen.extend_from_slice(&first.next().await.unwrap());
    }
    // The one turn is taken, and the repeat is told what is there all the same.
    let mut repeat = keyed(&app).open(Method::POST, &path, body.clone()).await;
    assert_eq!(repeat.headers["idempotent-replayed"], "true");
    assert!(!repeat.next().await.unwrap().is_empty());
    let refused = keyed(&app).post(&path, body.clone()).await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS, "{}", refused.text());
    assert!(refused.text().contains("2 requests a minute"), "{}", refused.text());
    assert_ne!(refused.header("retry-after"), "");
    gate.open();
    assert!(first.finish().await.text().contains("three."));
    assert!(repeat.finish().await.text().contains("three."));
    // Nothing was lost by that: the answer waits.
    clock.advance(Duration::from_secs(61));
    let later = keyed(&app).post(&path, body).await;
    assert_eq!(later.status, StatusCode::OK, "{}", later.text());
    assert_eq!(later.header("idempotent-replayed"), "true");
    app.wait_for_records(4).await;
    was_once(&app, &upstream).await;
    assert_eq!(app.app().relay().in_use().calls, 0);
}

#[tokio::test]
async fn an_answer_is_still_there_after_a_restart_and_is_sealed() {
    let upstream = FakeUpstream::start().await;
    upstream.says("The secret of the lighthouse.");
    let app = paying(&[&upstream], "1").await;
    let (path, body) = message(true);
    let first = keyed(&app).post(&path, body.clone()).await;
    assert!(first.text().contains("lighthouse"));
    let folder = app.stop().await;
    for entry in std::fs::read_dir(folder.path()).unwrap().filter_map(Result::ok) {
        let bytes = std::fs::read(entry.path()).unwrap_or_default();
        let found = bytes.windows(10).any(|part| part == b"lighthouse");
        assert!(!found, "{} tells what was answered", entry.path().display());
    }
    let app = TestApp::start_business_in(folder, real(), OFTEN).await;
    let again = keyed(&app).post(&path, body).await;
    assert_eq!((again.status, again.body), (StatusCode::OK, first.body));
    was_once(&app, &upstream).await;
}

#[tokio::test]
async fn what_became_of_a_call_that_died_with_its_process_is_not_guessed() {
    let (upstream, gate) = (FakeUpstream::start().await, Gate::new());
    let begun = after_the_first_word(DialectId::Messages);
    let words = Answer::text("").in_deltas(["One ", "two ", "three."]);
    upstream.replies(Reply::from(words).stalls_before(begun, &gate)).then(Reply::good());
    let app = paying(&[&upstream], "1").await;
    let (path, body) = message(true);
    let open = keyed(&app).open(Method::POST, &path, body.clone()).await;
    assert_eq!(open.status, StatusCode::OK);
    // The row of a process that is gone, as `kill -9` leaves it.
    let folder = tempfile::tempdir().unwrap();
    for entry in std::fs::read_dir(app.folder()).unwrap().filter_map(Result::ok) {
        if entry.path().is_file() {
            std::fs::copy(entry.path(), folder.path().join(entry.file_name())).unwrap();
        }
    }
    let restarted = TestApp::start_business_in(folder, real(), OFTEN).await;
    let answer = keyed(&restarted).post(&path, body.clone()).await;
    assert_eq!(answer.status, StatusCode::CONFLICT, "{}", answer.text());
    assert!(answer.text().contains("stopped while request"), "{}", answer.text());
    assert_eq!(upstream.requests().len(), 1);
    let other = restarted.client().header("idempotency-key", "another");
    assert_eq!(other.post(&path, body).await.status, StatusCode::OK);
    gate.open();
    drop(open);
}

#[tokio::test]
async fn a_key_belongs_to_one_request_of_one_api_key() {
    let upstream = FakeUpstream::start().await;
    let app = paying(&[&upstream], "1").await;
    let (path, body) = message(false);
    assert_eq!(keyed(&app).post(&path, body.clone()).await.status, StatusCode::OK);
    let (_, chat, other) = calls("m", false)[1].clone();
    for (path, body) in [(path.clone(), message(true).1), (chat, other.into())] {
        let answer = keyed(&app).post(&path, body).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", answer.text());
        assert!(answer.text().contains("another request"), "{}", answer.text());
    }
    let long = "x".repeat(256);
    for bad in ["", long.as_str()] {
        let answer = app.client().header("idempotency-key", bad).post(&path, body.clone()).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{}", answer.text());
        assert!(answer.text().contains("Idempotency-Key"), "{}", answer.text());
    }
    was_once(&app, &upstream).await;

    // What somebody else calls by the same key is another call.
    app.apply(&format!(
        "version = 1\n[[api_key]]\nuser = \"ana\"\nname = \"phone\"\nkey = \"{OTHER}\"\n"
    ))
    .await;
    let phone = Client::new(app.app().address()).bearer(OTHER);
    let answer = phone.header("idempotency-key", KEY).post(&path, body).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.header("idempotent-replayed"), "");
    assert_eq!(upstream.requests().len(), 2);
}

#[tokio::test]
async fn a_call_that_came_to_nothing_gives_its_key_back() {
    for stream in [false, true] {
        let upstream = FakeUpstream::start().await;
        upstream.replies(Reply::status(400)).then(Reply::hangs_up(Cut::Reset)).then(Reply::good());
        let app = TestApp::start_business(real(), OFTEN).await;
        app.serve(&[&upstream]).await;
        let (path, body) = message(stream);
        let broke = keyed(&app).post(&path, body.clone()).await;
        assert_eq!(broke.status, StatusCode::PAYMENT_REQUIRED, "{}", broke.text());
        app.pay("1").await;
        let refused = keyed(&app).post(&path, body.clone()).await;
        assert_eq!(refused.status, StatusCode::BAD_REQUEST, "{}", refused.text());
        let answer = keyed(&app).post(&path, body.clone()).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        assert_eq!(answer.header("idempotent-replayed"), "");
        app.wait_for_records(3).await;
        assert_eq!(app.entries().await.len(), 2);
        app.is_sound().await;
    }
}

#[tokio::test]
async fn an_answer_that_broke_off_or_is_too_large_is_not_bought_twice() {
    let words = || Answer::text("").in_deltas(["One ", "two ", "three ", "four ", "five."]);
    let large = Answer::text("").in_deltas(vec!["word ".repeat(10_000); 44]);
    let broken = Reply::from(words()).cut_after_frames(6, Cut::Reset);
    for (reply, stream, told) in [
        (broken, true, "idempotency_answer_broken"),
        (Reply::from(large.clone()), true, "idempotency_answer_too_large"),
        (Reply::from(large), false, "idempotency_answer_too_large"),
    ] {
        let upstream = FakeUpstream::start().await;
        upstream.replies(reply);
        let app = paying(&[&upstream], "100").await;
        let (_, path, body) = calls("m", stream)[1].clone();
        let first = keyed(&app).post(&path, body.clone()).await;
        assert_eq!(first.status, StatusCode::OK, "{told}");
        assert!(first.text().contains("One") || first.text().contains("word word"), "{told}");
        let again = keyed(&app).post(&path, body).await;
        assert_eq!(again.status, StatusCode::CONFLICT, "{}", again.text());
        assert_eq!(code(&again), told);
        assert_eq!(again.header("x-should-retry"), "false", "{told}");
        app.wait_for_records(2).await;
        was_once(&app, &upstream).await;
    }
}

#[tokio::test]
async fn a_key_is_good_for_another_call_when_its_time_is_over() {
    let (upstream, clock) = (FakeUpstream::start().await, TestClock::new());
    let app = paying_on(clock.shared(), LEASE, &[&upstream], "1").await;
    let (path, body) = message(false);
    for (wait, requests) in [(0, 1), (23, 1), (2, 2)] {
        clock.advance(Duration::from_hours(wait));
        assert_eq!(keyed(&app).post(&path, body.clone()).await.status, StatusCode::OK);
        assert_eq!(upstream.requests().len(), requests, "after {wait} h more");
    }
    app.apply("version = 1\n[settings]\nidempotency_ttl_ms = \"0\"\n").await;
    for requests in [3, 4] {
        assert_eq!(keyed(&app).post(&path, body.clone()).await.status, StatusCode::OK);
        assert_eq!(upstream.requests().len(), requests, "such keys mean nothing now");
    }
}

#[tokio::test]
async fn self_mode_keeps_the_promise_too_and_counting_is_not_a_call() {
    let upstream = FakeUpstream::start().await;
    let app = TestApp::serving(&[&upstream]).await;
    let (path, body) = message(true);
    let first = keyed(&app).post(&path, body.clone()).await;
    let again = keyed(&app).post(&path, body).await;
    assert_eq!((again.status, again.body), (first.status, first.body));
    let records = app.wait_for_records(2).await;
    assert_eq!((records[0].cost, records[1].cost), (Some(usd(COST)), None));
    assert_eq!(upstream.requests().len(), 1);
    for _ in 0..2 {
        let (_, _, body) = calls("m", false)[2].clone();
        keyed(&app).post("/v1/messages/count_tokens", body).await;
    }
    assert_eq!(upstream.requests().len(), 3);
    let spent = records.iter().filter_map(|record| record.cost).map(Money::nano).sum::<i64>();
    assert_eq!(spent, usd(COST).nano());
    assert_eq!(records[0].dialect, DialectId::Messages);
}
