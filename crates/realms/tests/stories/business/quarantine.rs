//! Calls whose usage cannot be true, and what those who run the site decide about them.

use futures_util::future::join_all;
use http::StatusCode;
use realms_store::{HoldState, UsageFilter, UsageRecord};
use realms_testkit::{FakeUpstream, Reply};
use realms_types::{Billing, Money};
use serde_json::{Value, json};

use super::paying;
use crate::{
    relaying::calls,
    support::{Client, TestApp, usd},
};

const LIST: &str = "/api/admin/quarantine";

/// What the upstream says was used, and nobody can have: at the prices of `m` it is 1125.00001 USD.
fn far_too_much() -> Value {
    json!({ "prompt_tokens": 900_000_000, "completion_tokens": 1, "total_tokens": 900_000_001 })
}

/// An upstream that reports this of every call in the dialect of chat, and the usual of others.
async fn miscounting(report: &Value) -> FakeUpstream {
    let upstream = FakeUpstream::start().await;
    upstream.for_path("/v1/chat/completions").replies(Reply::json(&json!({
        "id": "chatcmpl-1", "object": "chat.completion", "model": "m",
        "choices": [{ "index": 0, "finish_reason": "stop",
                      "message": { "role": "assistant", "content": "hi" } }],
        "usage": report,
    })));
    upstream
}

/// A site where ana has so much money and made one call of which the upstream reports this.
async fn site(money: &str, report: &Value) -> (FakeUpstream, TestApp, UsageRecord) {
    let upstream = miscounting(report).await;
    let app = paying(&[&upstream], money).await;
    let people = "version = 1\n[[user]]\nusername = \"boss\"\nrole = \"root\"\n\
                  [[user]]\nusername = \"helper\"\nrole = \"admin\"\n";
    app.apply(people).await;
    let (_, path, body) = calls("m", false)[1].clone();
    assert_eq!(app.client().post(&path, body).await.status, StatusCode::OK);
    let record = app.wait_for_records(1).await.remove(0);
    assert_eq!((record.billing, record.cost), (Some(Billing::Quarantined), None), "{report}");
    (upstream, app, record)
}

async fn signed_in(app: &TestApp, name: &str) -> Client {
    app.sign_in(name).await.client
}

fn act(call: &UsageRecord, what: &str) -> String {
    format!("{LIST}/{}/{what}", call.request_id)
}

#[tokio::test]
async fn what_is_waived_costs_nothing_and_its_user_reads_why() {
    let report = json!({ "prompt_tokens": -5, "completion_tokens": 1, "total_tokens": 1 });
    let (_upstream, app, call) = site("1", &report).await;
    let (boss, helper, ana) = (
        signed_in(&app, "boss").await,
        signed_in(&app, "helper").await,
        signed_in(&app, "ana").await,
    );
    let listed = helper.get(LIST).await.json();
    let waiting = &listed["items"][0];
    assert_eq!(listed["approx_total"], 1, "{listed}");
    assert_eq!(waiting["call"]["request_id"], call.request_id.to_string(), "{listed}");
    assert_eq!(
        (&waiting["call"]["user"], &waiting["call"]["api_key"]),
        (&json!("ana"), &json!("laptop"))
    );
    assert_eq!(
        (&waiting["call"]["model"], &waiting["call"]["channel"]),
        (&json!("m"), &json!("a"))
    );
    // What is recorded was estimated here, since what was reported is no count.
    assert_eq!(
        (&waiting["doubt"], &waiting["call"]["certainty"]),
        (&json!("report"), &json!("estimated"))
    );
    assert!(waiting["would_cost_usd"].is_string() && waiting.get("review").is_none(), "{listed}");
    let unsure = ana.get(&format!("/api/usage/{}", call.request_id)).await.json();
    assert_eq!(unsure["call"]["billing"], "quarantined", "{unsure}");
    assert_eq!(unsure["price"]["unknown"], false, "its price is known: {unsure}");

    // Others who operate the site look; root decides, and users do neither.
    assert_eq!(ana.get(LIST).await.status, StatusCode::FORBIDDEN);
    let reason = || r#"{"reason":"the vendor counts wrong"}"#.to_owned();
    let charge = || r#"{"amount_usd":"0.000001","reason":"the vendor counts wrong"}"#.to_owned();
    for other in [&ana, &helper] {
        assert_eq!(other.post(&act(&call, "waive"), reason()).await.status, StatusCode::FORBIDDEN);
        assert_eq!(other.post(&act(&call, "charge"), charge()).await.status, StatusCode::FORBIDDEN);
    }
    for wrong in [r#"{"reason":" "}"#, r#"{"reason":"fine","amount_usd":"1"}"#, "{}"] {
        let told = boss.post(&act(&call, "waive"), wrong).await;
        assert!(told.status.is_client_error(), "{wrong}: {}", told.text());
    }
    let waived = boss.post(&act(&call, "waive"), reason()).await;
    assert_eq!(waived.status, StatusCode::OK, "{}", waived.text());
    let waived = waived.json();
    assert_eq!(
        (&waived["call"]["billing"], &waived["call"]["cost_usd"]),
        (&json!("waived"), &json!("0"))
    );
    assert_eq!(
        (&waived["review"]["by"], &waived["review"]["reason"]),
        (&json!("boss"), &json!("the vendor counts wrong"))
    );
    // Once is for good.
    for (what, body) in [("waive", reason()), ("charge", charge())] {
        let again = boss.post(&act(&call, what), body).await;
        assert_eq!(again.status, StatusCode::CONFLICT, "{what}: {}", again.text());
        assert!(again.text().contains("decided"), "{}", again.text());
    }
    assert_eq!(helper.get(LIST).await.json()["items"].as_array().unwrap().len(), 0);
    let decided = helper.get("/api/admin/quarantine?decided=true").await.json();
    assert_eq!((&decided["approx_total"], &decided["items"][0]), (&json!(1), &waived));

    let told = ana.get(&format!("/api/usage/{}", call.request_id)).await.json();
    assert_eq!(
        (&told["call"]["billing"], &told["review"]["reason"]),
        (&json!("waived"), &json!("the vendor counts wrong"))
    );
    assert!(told["review"].get("by").is_none(), "users are not told who works here: {told}");
    assert_eq!(app.balance().await, (usd("1"), Money::ZERO));
    assert_eq!(app.entries().await, ["credit 1"]);
    let audit = boss.get("/api/admin/audit?filter=action:usage.waive").await.json();
    assert_eq!(audit["items"].as_array().unwrap().len(), 1, "{audit}");
    assert_eq!(audit["items"][0]["object"], call.request_id.to_string(), "{audit}");
    app.is_sound().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_charged_by_hand_is_charged_once_however_often_it_is_asked() {
    let (_upstream, app, call) = site("2", &far_too_much()).await;
    let boss = signed_in(&app, "boss").await;
    let listed = boss.get(LIST).await.json();
    let waiting = &listed["items"][0];
    assert_eq!(
        (&waiting["doubt"], &waiting["would_cost_usd"]),
        (&json!("tokens"), &json!("1125.00001"))
    );
    // The sums of the hour are made before, and learn of it all the same.
    app.app().store().roll_up_usage(call.started_at).await.unwrap();
    let charge = act(&call, "charge");
    let body =
        |amount: &str| json!({ "amount_usd": amount, "reason": "as measured here" }).to_string();
    for (amount, status) in [
        ("1125.000011", StatusCode::UNPROCESSABLE_ENTITY),
        ("0", StatusCode::UNPROCESSABLE_ENTITY),
        ("-1", StatusCode::UNPROCESSABLE_ENTITY),
        // More than there is.
        ("2.000000001", StatusCode::CONFLICT),
    ] {
        let told = boss.post(&charge, body(amount)).await;
        assert_eq!(told.status, status, "{amount}: {}", told.text());
    }
    assert_eq!(app.balance().await, (usd("2"), Money::ZERO));
    assert_eq!(app.hold(call.request_id).await.unwrap().state, HoldState::Released);

    // Two operators at once, each more than once, and neither of one mind.
    let asked = (0..12).map(|number| {
        let amount = if number % 2 == 0 { "0.5" } else { "0.75" };
        boss.post(&charge, body(amount))
    });
    let told = join_all(asked).await;
    let charged = app.records().await.remove(0).cost.unwrap();
    for (number, answer) in told.iter().enumerate() {
        let amount = if number % 2 == 0 { usd("0.5") } else { usd("0.75") };
        let expected = if amount == charged { StatusCode::OK } else { StatusCode::CONFLICT };
        assert_eq!(answer.status, expected, "{amount}: {}", answer.text());
    }
    let waive = boss.post(&act(&call, "waive"), r#"{"reason":"no"}"#).await;
    assert_eq!(waive.status, StatusCode::CONFLICT, "{}", waive.text());
    let left = Money::from_nano(usd("2").nano() - charged.nano());
    assert_eq!(app.balance().await, (left, Money::ZERO));
    assert_eq!(app.entries().await, ["credit 2".to_owned(), format!("review -{charged}")]);
    let audit = boss.get("/api/admin/audit?filter=action:usage.charge").await.json();
    assert_eq!(audit["items"].as_array().unwrap().len(), 1, "{audit}");
    let sums = app.app().store().sum_usage(&UsageFilter::default()).await.unwrap();
    assert_eq!(sums.cost, charged);

    let ana = signed_in(&app, "ana").await;
    let told = ana.get(&format!("/api/usage/{}", call.request_id)).await.json();
    assert_eq!(
        (&told["call"]["billing"], &told["call"]["cost_usd"]),
        (&json!("reviewed"), &json!(charged.to_string()))
    );
    assert_eq!(
        (&told["review"]["reason"], &told["paid_by"][0]["usd"]),
        (&json!("as measured here"), &json!(charged.to_string()))
    );
    let entries = ana.get("/api/balance/entries").await.json();
    let last = &entries["items"][0];
    assert_eq!(
        (&last["kind"], &last["request_id"]),
        (&json!("review"), &json!(call.request_id.to_string()))
    );
    assert_eq!(
        (&last["reason"], last.get("actor")),
        (&json!("as measured here"), None),
        "{entries}"
    );
    app.is_sound().await;
}

#[tokio::test]
async fn calls_that_nobody_doubts_are_not_decided_about() {
    let (_upstream, app, _) = site("1", &far_too_much()).await;
    let boss = signed_in(&app, "boss").await;
    let (_, path, body) = calls("m", false)[2].clone();
    assert_eq!(app.client().post(&path, body).await.status, StatusCode::OK);
    let charged = app.wait_for_records(2).await.remove(1);
    assert_eq!(charged.billing, Some(Billing::Charged));
    for id in [
        charged.request_id.to_string(),
        "01890a5d-ac96-774b-bcce-b302099a8057".to_owned(),
        "x".to_owned(),
    ] {
        let told = boss.post(&format!("{LIST}/{id}/waive"), r#"{"reason":"fine"}"#).await;
        assert_eq!(told.status, StatusCode::NOT_FOUND, "{id}: {}", told.text());
    }
    assert_eq!(
        boss.get("/api/admin/quarantine?limit=1&cursor=x").await.status,
        StatusCode::BAD_REQUEST
    );
    app.is_sound().await;
}

#[tokio::test]
async fn self_mode_puts_nothing_aside() {
    let upstream = miscounting(&far_too_much()).await;
    let app = TestApp::serving(&[&upstream]).await;
    app.apply("version = 1\n[[user]]\nusername = \"boss\"\nrole = \"root\"\n").await;
    let (_, path, body) = calls("m", false)[1].clone();
    assert_eq!(app.client().post(&path, body).await.status, StatusCode::OK);
    let record = app.record().await;
    assert_eq!(record.billing, None);
    let boss = signed_in(&app, "boss").await;
    let told = boss.get(LIST).await;
    assert_eq!((told.status, &told.json()["code"]), (StatusCode::NOT_FOUND, &json!("feature_off")));
    let waive = boss.post(&act(&record, "waive"), r#"{"reason":"fine"}"#).await;
    assert_eq!(waive.status, StatusCode::NOT_FOUND);
}
