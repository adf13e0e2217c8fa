//! Business mode: no call without money set aside for it, each charged once, whatever happens.

mod announcements;
mod balances;
mod codes;
mod invitations;
mod margins;
mod notifications;
mod oauth_apps;
mod orders;
mod plans;
mod price_import;
mod price_sync;
mod prices;
mod public_pages;
mod quarantine;
mod repeats;
mod shop;
mod tickets;

use std::{sync::Arc, time::Duration};

use futures_util::future::join_all;
use http::{Method, StatusCode};
use realms_ledger::LEASE;
use realms_store::{HoldState, UsageRecord};
use realms_testkit::{Answer, Cut, FakeUpstream, Gate, Reply, TestClock};
use realms_types::{
    Billing, Cause, Certainty, DialectId, Money, Origin, SharedClock, SystemClock, Usage,
};
use serde_json::json;

use crate::{
    relaying::calls,
    streams::after_the_first_word,
    support::{TestApp, attempts, usd},
};

/// What the usual answer costs: 21 × 1.25 + 84 × 0.125 + 17 × 10 USD per million.
const COST: &str = "0.00020675";
/// Renewals that a story does not wait for.
const OFTEN: Duration = Duration::from_millis(20);

fn real() -> SharedClock {
    Arc::new(SystemClock)
}

/// Business mode with these upstreams, and so much money.
async fn paying(upstreams: &[&FakeUpstream], money: &str) -> TestApp {
    paying_on(real(), OFTEN, upstreams, money).await
}

async fn paying_on(
    clock: SharedClock,
    renew: Duration,
    upstreams: &[&FakeUpstream],
    money: &str,
) -> TestApp {
    let app = TestApp::start_business(clock, renew).await;
    app.serve(upstreams).await;
    if money != "0" {
        app.pay(money).await;
    }
    app
}

/// The arithmetic of a record gives what it says it cost.
fn adds_up(record: &UsageRecord) {
    let price = realms_ledger::PriceSnapshot::read(record.price.as_ref().unwrap()).unwrap();
    let (lines, total) = price.lines(&record.usage).unwrap();
    let sum: i64 = lines.iter().map(|line| line.cost.nano()).sum();
    assert_eq!((Some(total), sum), (record.cost, total.nano()), "{record:?}");
}

#[tokio::test]
async fn a_call_is_held_for_and_charged_once() {
    for stream in [false, true] {
        for (dialect, path, body) in calls("m", stream) {
            let upstream = FakeUpstream::start().await;
            let app = paying(&[&upstream], "1").await;
            let answer = app.client().post(&path, body).await;
            assert_eq!(answer.status, StatusCode::OK, "{dialect} {}", answer.text());
            let record = app.wait_for_records(1).await.remove(0);
            assert_eq!(record.cost, Some(usd(COST)), "{dialect}");
            assert_eq!(record.billing, Some(Billing::Charged), "{dialect}");
            adds_up(&record);
            assert_eq!(app.balance().await, (usd("0.99979325"), Money::ZERO), "{dialect}");
            assert_eq!(app.entries().await, ["credit 1", "settle -0.00020675"], "{dialect}");
            let hold = app.hold(record.request_id).await.unwrap();
            assert_eq!((hold.state, hold.settled), (HoldState::Settled, usd(COST)), "{dialect}");
            assert!(hold.amount >= usd(COST), "{dialect}: {} were held", hold.amount);
            app.is_sound().await;
        }
    }
}

#[tokio::test]
async fn whoever_has_no_money_hears_so_in_their_dialect_and_nobody_is_asked() {
    for money in ["0", "0.0000005"] {
        for (dialect, path, body) in calls("m", true) {
            let upstream = FakeUpstream::start().await;
            let app = paying(&[&upstream], money).await;
            app.apply("version = 1\n[settings]\nsite_base_url = \"https://realms.example\"\n")
                .await;
            let answer = app.client().post(&path, body).await;
            assert_eq!(answer.status, StatusCode::PAYMENT_REQUIRED, "{dialect}");
            let told = answer.json();
            let (kind, message) = match dialect {
                DialectId::Messages => (&told["error"]["type"], &told["error"]["message"]),
                DialectId::Gemini => (&told["error"]["status"], &told["error"]["message"]),
                DialectId::Responses | DialectId::Chat => {
                    (&told["error"]["code"], &told["error"]["message"])
                }
            };
            let word = match dialect {
                DialectId::Messages => "billing_error",
                DialectId::Gemini => "RESOURCE_EXHAUSTED",
                DialectId::Responses | DialectId::Chat => "insufficient_quota",
            };
            assert_eq!(kind, word, "{told}");
            let message = message.as_str().unwrap();
            assert!(message.contains("the balance has 0 USD left"), "{message}");
            assert!(message.contains("may cost up to 0.0"), "{message}");
            assert!(message.contains("https://realms.example/topup"), "{message}");
            assert!(upstream.requests().is_empty(), "{dialect}");
            let record = app.wait_for_records(1).await.remove(0);
            assert_eq!((record.outcome.as_str(), record.cost), ("refused", None), "{dialect}");
            assert_eq!(record.cause, Some(Cause::Exhausted), "{dialect}");
            assert_eq!(record.billing, Some(Billing::Free), "{dialect}");
            app.is_sound().await;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_calls_at_once_as_many_are_let_in_as_the_money_is_good_for() {
    const CALLS: usize = 200;
    const GOOD_FOR: usize = 37;
    let upstream = FakeUpstream::start().await;
    let app = paying(&[&upstream], "1").await;
    let (_, path, body) = calls("m", false)[2].clone();
    app.client().post(&path, body.clone()).await;
    let first = app.wait_for_records(1).await.remove(0);
    let held = app.hold(first.request_id).await.unwrap().amount.nano();
    // Money for so many calls, and not quite for one more.
    let money = Money::from_nano(held * i64::try_from(GOOD_FOR).unwrap() + held - 1);
    let over = Money::from_nano(app.balance().await.0.nano() - money.nano());
    let user = app.user("ana").await;
    let taken = realms_ledger::Movement {
        user,
        amount: Money::from_nano(-over.nano()),
        key: "trim".to_owned(),
        reference: None,
        actor: None,
        reason: Some("the story wants so much".to_owned()),
    };
    app.app().ledger().adjust(taken).await.unwrap();
    assert_eq!(app.balance().await.0, money);
    let gate = Gate::new();
    upstream.for_path("/v1/messages").replies(Reply::good().stalls_before_headers(&gate));
    let client = app.client();
    let running: Vec<_> = (0..CALLS)
        .map(|_| {
            let (client, path, body) = (client.clone(), path.clone(), body.clone());
            tokio::spawn(async move { client.post(&path, body).await.status })
        })
        .collect();
    gate.reached(GOOD_FOR).await;
    let records = app.wait_for_records(1 + CALLS - GOOD_FOR).await;
    assert!(records[1..].iter().all(|record| record.status == 402));
    assert_eq!(records.len(), 1 + CALLS - GOOD_FOR);
    assert_eq!(app.holds().await.len(), GOOD_FOR);
    assert_eq!(upstream.requests().len(), 1 + GOOD_FOR);
    let (available, in_use) = app.balance().await;
    assert_eq!((available.nano(), in_use.nano()), (held - 1, held * 37));
    gate.open();
    let statuses = join_all(running).await.into_iter().map(Result::unwrap);
    let paid = statuses.filter(|status| *status == StatusCode::OK).count();
    assert_eq!(paid, GOOD_FOR);
    app.wait_for_holds(0).await;
    assert_eq!(app.all_records().await.len(), 1 + CALLS);
    let spent = usd(COST).nano() * i64::try_from(GOOD_FOR).unwrap();
    assert_eq!(app.balance().await, (Money::from_nano(money.nano() - spent), Money::ZERO));
    app.is_sound().await;
}

/// A long answer that says its first word and waits.
fn long(dialect: DialectId, gate: &Gate) -> Reply {
    let words = ["One ", "two ", "three ", "four ", "five ", "six ", "seven ", "eight."];
    Reply::from(Answer::text("").in_deltas(words))
        .stalls_before(after_the_first_word(dialect), gate)
}

#[tokio::test]
async fn a_stream_longer_than_its_lease_keeps_its_hold_and_is_charged_in_full() {
    for (dialect, path, body) in calls("m", true) {
        let (upstream, gate) = (FakeUpstream::start().await, Gate::new());
        upstream.replies(long(dialect, &gate));
        let clock = TestClock::new();
        let app = paying_on(clock.shared(), OFTEN, &[&upstream], "1").await;
        let mut answer = app.client().open(Method::POST, &path, body).await;
        let mut text = String::new();
        while !text.contains("One") {
            text += &String::from_utf8_lossy(&answer.next().await.unwrap());
        }
        // An hour, in steps that a lease outlasts.
        for _ in 0..60 {
            let now = clock.advance(Duration::from_mins(1));
            let lease = async {
                loop {
                    let holds = app.wait_for_holds(1).await;
                    if holds[0].lease_until == now + LEASE {
                        break holds[0].clone();
                    }
                    tokio::task::yield_now().await;
                }
            };
            let hold = tokio::time::timeout(realms_testkit::DEADLINE, lease).await.unwrap();
            assert!(hold.metered > Money::ZERO, "{dialect}: nothing is metered after a word");
            let expired = app.app().ledger().expire_due(app.app().store()).await.unwrap();
            assert_eq!(expired, 0, "{dialect}");
        }
        gate.open();
        answer.finish().await;
        let record = app.wait_for_records(1).await.remove(0);
        assert_eq!((record.outcome.as_str(), record.cost), ("ok", Some(usd(COST))), "{dialect}");
        assert_eq!(app.balance().await, (usd("0.99979325"), Money::ZERO), "{dialect}");
        app.is_sound().await;
    }
}

#[tokio::test]
async fn a_settlement_that_comes_after_the_lease_still_counts() {
    let (upstream, gate) = (FakeUpstream::start().await, Gate::new());
    upstream.replies(long(DialectId::Messages, &gate));
    let clock = TestClock::new();
    // Nobody renews: as if the process had hung.
    let never = Duration::from_hours(1);
    let app = paying_on(clock.shared(), never, &[&upstream], "1").await;
    let (_, path, body) = calls("m", true)[2].clone();
    let mut answer = app.client().open(Method::POST, &path, body).await;
    answer.next().await.unwrap();
    let hold = app.wait_for_holds(1).await.remove(0);
    clock.advance(LEASE + Duration::from_secs(1));
    let (ledger, store) = (app.app().ledger(), app.app().store());
    // The job may have been faster.
    ledger.expire_due(store).await.unwrap();
    let expired = app.hold(hold.request_id).await.unwrap();
    assert_eq!((expired.state, expired.settled), (HoldState::Expired, Money::ZERO));
    assert_eq!(app.balance().await, (usd("1"), Money::ZERO));
    gate.open();
    answer.finish().await;
    app.wait_for_records(1).await;
    let settled = app.hold(hold.request_id).await.unwrap();
    assert_eq!((settled.state, settled.settled), (HoldState::Settled, usd(COST)));
    assert_eq!(app.balance().await, (usd("0.99979325"), Money::ZERO));
    app.is_sound().await;
}

/// Words of an answer, each a frame: a client leaves after each of them.
const WORDS: usize = 200;

#[tokio::test]
async fn the_longer_a_client_stays_the_more_it_pays_and_never_more_than_all() {
    let words: Vec<String> = (0..=WORDS).map(|number| format!("word-{number:03} ")).collect();
    for (dialect, path, body) in calls("m", true) {
        let first = after_the_first_word(dialect);
        let usage = Usage { input: 30, output: 700, ..Usage::default() };
        let answer = Answer::text("").in_deltas(words.clone()).with_usage(usage);
        let upstream = FakeUpstream::start().await;
        upstream.replies(answer.clone());
        let app = paying(&[&upstream], "10").await;
        app.client().post(&path, body.clone()).await;
        let all = app.wait_for_records(1).await[0].cost.unwrap();
        let (mut costs, mut spent) = (Vec::new(), all.nano());
        for (offset, word) in words.iter().take(WORDS).enumerate() {
            let gate = Gate::new();
            upstream.replies(Reply::from(answer.clone()).stalls_before(first + offset, &gate));
            let mut open = app.client().open(Method::POST, &path, body.clone()).await;
            let mut text = String::new();
            while !text.contains(word.trim()) {
                text += &String::from_utf8_lossy(&open.next().await.unwrap());
            }
            let id = open.headers["x-request-id"].to_str().unwrap().to_owned();
            drop(open);
            let record = app.wait_for_record(&id).await;
            assert_eq!(record.outcome, "client_gone", "{dialect} {offset}");
            assert_eq!(record.certainty, Certainty::Estimated, "{dialect} {offset}");
            assert!(record.usage.output > 0 && record.usage.input > 0, "{dialect} {offset}");
            costs.push(record.cost.unwrap());
            spent += record.cost.unwrap().nano();
            gate.open();
        }
        assert!(costs.is_sorted(), "{dialect} {costs:?}");
        let (least, most) = (costs[0], costs[WORDS - 1]);
        assert!(
            least > Money::ZERO && least < most && most <= all,
            "{dialect} {least} {most} {all}"
        );
        assert_eq!(app.balance().await.0.nano(), usd("10").nano() - spent, "{dialect}");
        app.is_sound().await;
    }
}

#[tokio::test]
async fn a_client_that_leaves_before_anybody_answered_pays_nothing() {
    let (upstream, gate) = (FakeUpstream::start().await, Gate::new());
    upstream.replies(Reply::good().stalls_before_headers(&gate));
    let app = paying(&[&upstream], "1").await;
    let (_, path, body) = calls("m", true)[2].clone();
    let (client, sent) = (app.client(), body.clone());
    let running = tokio::spawn(async move { client.open(Method::POST, &path, sent).await.status });
    gate.reached(1).await;
    running.abort();
    let record = app.wait_for_records(1).await.remove(0);
    assert_eq!((record.outcome.as_str(), record.cost), ("client_gone", Some(Money::ZERO)));
    assert_eq!(record.billing, Some(Billing::Free));
    assert_eq!(app.hold(record.request_id).await.unwrap().state, HoldState::Released);
    assert_eq!(app.entries().await, ["credit 1"]);
    app.is_sound().await;
    gate.open();
}

#[tokio::test]
async fn what_nobody_answers_costs_nothing() {
    for (dialect, path, body) in calls("m", true) {
        let (first, second) = (FakeUpstream::start().await, FakeUpstream::start().await);
        first.replies(Reply::status(500));
        second.replies(Reply::hangs_up(Cut::Reset));
        let app = paying(&[&first, &second], "1").await;
        app.apply("version = 1\n[settings]\nretry_max_attempts = \"2\"\n").await;
        let answer = app.client().post(&path, body).await;
        assert!(answer.status.is_server_error(), "{dialect}");
        let record = app.wait_for_records(1).await.remove(0);
        assert_eq!(record.billing, Some(Billing::Free), "{dialect}");
        let hold = app.hold(record.request_id).await.unwrap();
        assert_eq!(hold.state, HoldState::Released, "{dialect}");
        assert_eq!(app.balance().await, (usd("1"), Money::ZERO), "{dialect}");
        assert_eq!(app.entries().await, ["credit 1"], "{dialect}");
        app.is_sound().await;
    }
}

#[tokio::test]
async fn a_request_that_the_upstream_refuses_costs_nothing() {
    for (dialect, path, body) in calls("m", true) {
        let upstream = FakeUpstream::start().await;
        upstream.replies(Reply::status(400));
        let app = paying(&[&upstream], "1").await;
        assert_eq!(app.client().post(&path, body).await.status, StatusCode::BAD_REQUEST);
        let record = app.wait_for_records(1).await.remove(0);
        assert_eq!(record.billing, Some(Billing::Free), "{dialect}");
        assert_eq!(app.balance().await, (usd("1"), Money::ZERO), "{dialect}");
        app.is_sound().await;
    }
}

#[tokio::test]
async fn a_call_that_moves_on_is_charged_once_at_the_price_of_who_answers() {
    let (first, second) = (FakeUpstream::start().await, FakeUpstream::start().await);
    first.replies(Reply::status(500));
    let app = paying(&[&first, &second], "1").await;
    app.apply(
        "version = 1\n[[channel_group]]\nname = \"dear\"\nparent = \"default\"\nmultiplier = \"3\"\n\
         [[channel]]\nname = \"b\"\ngroups = [\"dear\"]\n",
    )
    .await;
    let (_, path, body) = calls("m", true)[2].clone();
    assert_eq!(app.client().post(&path, body).await.status, StatusCode::OK);
    let record = app.wait_for_records(1).await.remove(0);
    assert_eq!(attempts(&record).len(), 2, "{record:?}");
    assert_eq!(record.cost, Some(Money::from_nano(usd(COST).nano() * 3)));
    let hold = app.hold(record.request_id).await.unwrap();
    assert!(hold.amount >= hold.settled, "the dearest way was not reckoned with");
    assert_eq!(app.entries().await, ["credit 1", "settle -0.00062025"]);
    app.is_sound().await;
}

#[tokio::test]
async fn a_hedged_call_is_held_for_and_charged_once() {
    let (late, quick) = (FakeUpstream::start().await, FakeUpstream::start().await);
    let gate = Gate::new();
    late.replies(Reply::good().stalls_before_headers(&gate));
    let app = paying(&[&late, &quick], "1").await;
    app.apply("version = 1\n[settings]\nhedge_after_ms = \"50\"\n").await;
    let (_, path, body) = calls("m", true)[2].clone();
    assert_eq!(app.client().post(&path, body).await.status, StatusCode::OK);
    let record = app.wait_for_records(1).await.remove(0);
    assert_eq!(attempts(&record), ["- overtaken -", "200 accepted -"]);
    assert_eq!(app.entries().await, ["credit 1", "settle -0.00020675"]);
    app.is_sound().await;
    gate.open();
}

#[tokio::test]
async fn each_turn_of_a_websocket_is_a_charge_of_its_own() {
    let upstream = FakeUpstream::start().await;
    let app = paying(&[&upstream], "1").await;
    let mut socket = app.socket().await;
    let turn = r#"{"type":"response.create","model":"m","store":false,"input":"hi"}"#;
    for _ in 0..3 {
        let frames = socket.turn(turn).await;
        assert!(frames.last().unwrap().contains("response.completed"), "{frames:?}");
    }
    let warm =
        r#"{"type":"response.create","model":"m","store":false,"generate":false,"input":[]}"#;
    socket.turn(warm).await;
    app.wait_for_records(3).await;
    let paid = "settle -0.00020675";
    assert_eq!(app.entries().await, ["credit 1", paid, paid, paid]);
    app.is_sound().await;
    // The fourth finds nothing left.
    let user = app.user("ana").await;
    let all = realms_ledger::Movement {
        user,
        amount: Money::from_nano(-app.balance().await.0.nano()),
        key: "all".to_owned(),
        reference: None,
        actor: None,
        reason: Some("the story wants nothing left".to_owned()),
    };
    app.app().ledger().adjust(all).await.unwrap();
    let (status, code) = socket.refused(turn).await;
    assert_eq!((status, code.as_str()), (402, "insufficient_quota"));
}

#[tokio::test]
async fn embeddings_are_charged_and_counting_is_free() {
    let upstream = FakeUpstream::start().await;
    let app = paying(&[&upstream], "1").await;
    let client = app.client();
    let embed = client.post("/v1/embeddings", r#"{"model":"m","input":"hi"}"#).await;
    assert_eq!(embed.status, StatusCode::OK, "{}", embed.text());
    let count = r#"{"model":"m","messages":[{"role":"user","content":"hi"}]}"#;
    client.post("/v1/messages/count_tokens", count).await;
    let count = r#"{"contents":[{"role":"user","parts":[{"text":"hi"}]}]}"#;
    client.post("/v1beta/models/m:countTokens", count).await;
    let records = app.wait_for_records(3).await;
    let billing: Vec<_> = records.iter().map(|record| record.billing).collect();
    assert_eq!(billing, [Some(Billing::Charged), Some(Billing::Free), Some(Billing::Free)]);
    adds_up(&records[0]);
    for record in &records[1..] {
        assert!(app.hold(record.request_id).await.is_none(), "{}", record.operation);
    }
    app.is_sound().await;
}

#[tokio::test]
async fn a_model_without_a_price_is_refused_unless_it_may_be_free() {
    for (dialect, path, body) in calls("alias", false) {
        let upstream = FakeUpstream::start().await;
        let app = paying(&[&upstream], "1").await;
        let answer = app.client().post(&path, body.clone()).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{dialect}");
        assert!(answer.text().contains("has no price"), "{dialect} {}", answer.text());
        assert!(upstream.requests().is_empty(), "{dialect}");
        let record = app.wait_for_records(1).await.remove(0);
        assert_eq!(record.origin, Some(Origin::Realms), "{dialect}");
        app.apply("version = 1\n[settings]\nallow_unpriced_models = \"true\"\n").await;
        assert_eq!(app.client().post(&path, body).await.status, StatusCode::OK, "{dialect}");
        let record = app.wait_for_records(2).await.remove(1);
        assert_eq!((record.cost, record.billing), (None, Some(Billing::Free)), "{dialect}");
        assert_eq!(app.balance().await, (usd("1"), Money::ZERO), "{dialect}");
        app.is_sound().await;
    }
}

#[tokio::test]
async fn a_usage_that_cannot_be_true_charges_nothing() {
    let reports = [
        json!({ "prompt_tokens": -5, "completion_tokens": 1, "total_tokens": 1 }),
        json!({ "prompt_tokens": 12.5, "completion_tokens": 1, "total_tokens": 1 }),
        json!({ "prompt_tokens": 900_000_000, "completion_tokens": 1, "total_tokens": 900_000_001 }),
    ];
    for report in reports {
        let upstream = FakeUpstream::start().await;
        upstream.replies(Reply::json(&json!({
            "id": "chatcmpl-1", "object": "chat.completion", "model": "m",
            "choices": [{ "index": 0, "finish_reason": "stop",
                          "message": { "role": "assistant", "content": "hi" } }],
            "usage": report,
        })));
        let app = paying(&[&upstream], "1").await;
        let (_, path, body) = calls("m", false)[1].clone();
        assert_eq!(app.client().post(&path, body).await.status, StatusCode::OK);
        let record = app.wait_for_records(1).await.remove(0);
        let found = (record.billing, record.cost);
        assert_eq!(found, (Some(Billing::Quarantined), None), "{report}");
        assert_eq!(app.balance().await, (usd("1"), Money::ZERO), "{report}");
        app.is_sound().await;
    }
}

#[tokio::test]
async fn without_the_database_no_call_is_taken_and_running_ones_are_charged_when_it_is_back() {
    let (upstream, gate) = (FakeUpstream::start().await, Gate::new());
    upstream.for_path("/v1/messages").replies(long(DialectId::Messages, &gate));
    let app = paying(&[&upstream], "1").await;
    let calls = calls("m", true);
    let (_, path, body) = calls[2].clone();
    let mut running = app.client().open(Method::POST, &path, body).await;
    running.next().await.unwrap();
    // Nobody else can write: the database is as good as away.
    let lock = app.app().store().begin().await.unwrap();
    for (dialect, path, body) in [&calls[0], &calls[1], &calls[3]] {
        let answer = app.client().post(path, body.clone()).await;
        assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "{dialect}");
        assert!(!answer.header("retry-after").is_empty(), "{dialect}");
        assert!(answer.json()["error"].is_object(), "{dialect}");
    }
    gate.open();
    let told = running.finish().await;
    assert!(told.text().contains("message_stop"), "{}", told.text());
    assert_eq!(upstream.requests().len(), 1);
    drop(lock);
    let records = app.wait_for_records(4).await;
    let refused = records.iter().filter(|record| record.origin == Some(Origin::Storage)).count();
    assert_eq!(refused, 3);
    assert_eq!(app.balance().await, (usd("0.99979325"), Money::ZERO));
    let (_, path, body) = calls[1].clone();
    assert_eq!(app.client().post(&path, body).await.status, StatusCode::OK);
    app.wait_for_records(5).await;
    app.is_sound().await;
}

#[tokio::test]
async fn a_call_is_never_charged_twice() {
    let upstream = FakeUpstream::start().await;
    let app = paying(&[&upstream], "1").await;
    let (_, path, body) = calls("m", false)[2].clone();
    app.client().post(&path, body.clone()).await;
    let record = app.wait_for_records(1).await.remove(0);
    // The same call cannot be held for again, whatever it would cost.
    for cost in ["0", COST, "0.5"] {
        let reservation = realms_ledger::Reservation {
            request_id: record.request_id,
            user: record.user_id,
            node: record.node_id,
            estimate: realms_ledger::Estimate { cost: usd(cost), tokens: 1 },
            caps: Vec::new(),
            payer: realms_ledger::Payer::BALANCE,
            call: None,
        };
        assert!(app.app().ledger().reserve(reservation).await.is_err(), "{cost}");
    }
    // The same request of a client, sent again, is another call.
    app.client().header("x-request-id", "mine").post(&path, body.clone()).await;
    app.client().header("x-request-id", "mine").post(&path, body).await;
    let records = app.wait_for_records(3).await;
    assert_ne!(records[1].request_id, records[2].request_id);
    assert_eq!(app.entries().await.len(), 4);
    app.is_sound().await;
}

#[tokio::test]
async fn a_restart_ends_running_calls_with_their_charge() {
    let (upstream, gate) = (FakeUpstream::start().await, Gate::new());
    upstream.replies(long(DialectId::Messages, &gate));
    let app = TestApp::start_business_draining(Duration::from_millis(50)).await;
    app.serve(&[&upstream]).await;
    app.pay("1").await;
    let (_, path, body) = calls("m", true)[2].clone();
    let mut answer = app.client().open(Method::POST, &path, body).await;
    let mut text = String::new();
    while !text.contains("One") {
        text += &String::from_utf8_lossy(&answer.next().await.unwrap());
    }
    let reading = tokio::spawn(answer.finish());
    let folder = app.stop().await;
    let rest = reading.await.unwrap().text();
    assert!(rest.contains("\"error\""), "{rest}");
    let app = TestApp::start_business_in(folder, real(), OFTEN).await;
    let record = app.record().await;
    assert_eq!((record.outcome.as_str(), record.cause), ("broken", Some(Cause::Shutdown)));
    let cost = record.cost.unwrap();
    assert!(cost > Money::ZERO && cost < usd(COST), "{cost}");
    assert_eq!(app.balance().await.0.nano(), usd("1").nano() - cost.nano());
    app.is_sound().await;
    gate.open();
}

#[tokio::test]
async fn self_mode_holds_nothing_and_has_nothing_to_reconcile() {
    let upstream = FakeUpstream::start().await;
    let app = TestApp::serving(&[&upstream]).await;
    let (_, path, body) = calls("m", false)[2].clone();
    assert_eq!(app.client().post(&path, body).await.status, StatusCode::OK);
    let record = app.record().await;
    assert_eq!((record.cost, record.billing), (Some(usd(COST)), None));
    assert!(app.hold(record.request_id).await.is_none());
    assert!(app.entries().await.is_empty());
    app.is_sound().await;
}
