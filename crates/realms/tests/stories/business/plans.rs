//! Plans: bought, given or redeemed, and what they pay for.

use std::time::Duration;

use http::{Method, StatusCode};
use realms_testkit::{FakeUpstream, Received, Reply, TestClock};
use realms_types::{Billing, Money, OccurrenceKind};
use serde_json::{Value, json};

use super::{
    COST, real,
    shop::{SIGNS, Shop, shop, sign_in},
};
use crate::{relaying::calls, support::Answered, support::usd};

const PLANS: &str = "/api/admin/plans";
const SUBSCRIPTIONS: &str = "/api/admin/subscriptions";

impl Shop {
    async fn plan(&self, code: &str, terms: Value) {
        let new = json!({ "code": code, "name": code.to_uppercase(), "terms": terms,
                          "prices": { "CNY": "50" } });
        let made = self.boss.post(PLANS, new.to_string()).await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
    }

    /// Buys time of a plan, and has the gateway say that it is paid.
    async fn buy(&self, code: &str, start: Option<&str>) -> Value {
        let mut new = json!({ "currency": "CNY", "payment_channel_id": self.channel });
        if let Some(start) = start {
            new["start"] = start.into();
        }
        let made = self.ana.post(&format!("/api/plans/{code}/order"), new.to_string()).await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
        let order = made.json();
        assert_eq!(self.tell(&order, "50.00", SIGNS).await, StatusCode::OK);
        order
    }

    async fn has(&self) -> Vec<Value> {
        let listed = self.ana.get("/api/subscriptions").await.json();
        listed["items"].as_array().unwrap().clone()
    }

    async fn call(&self) -> Answered {
        let (_, path, body) = calls("m", false)[2].clone();
        self.app.client().post(&path, body).await
    }

    /// What is held for a call.
    async fn estimate(&self) -> Money {
        let record = self.app.records().await.pop().unwrap();
        self.app.hold(record.request_id).await.unwrap().amount
    }

    async fn set(&self, key: &str, value: &str) {
        let body = json!({ "value": value }).to_string();
        let path = format!("/api/admin/settings/{key}");
        let set = self.boss.call(Method::PUT, &path, body.into()).await;
        assert_eq!(set.status, StatusCode::OK, "{}", set.text());
    }

    async fn change(&self, body: Value) -> Vec<Value> {
        let answer = self.boss.post(&format!("{SUBSCRIPTIONS}/change"), body.to_string()).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        answer.json()["results"].as_array().unwrap().clone()
    }
}

#[tokio::test]
async fn a_plan_is_bought_pays_first_and_says_when_it_has_room_again() {
    let (clock, upstream) = (TestClock::new(), FakeUpstream::start().await);
    let shop = shop(clock.shared(), &upstream).await;
    // Nobody pays yet.
    assert_eq!(shop.call().await.status, StatusCode::PAYMENT_REQUIRED);
    shop.plan("wide", json!({ "days": 30, "limit_30d": "100" })).await;
    let offers = shop.ana.get("/api/plans").await.json();
    assert_eq!(offers["plans"][0]["name"], "WIDE", "{offers}");
    assert_eq!(offers["plans"][0]["prices"]["CNY"], "50.00", "{offers}");
    assert_eq!(offers["pay_as_you_go"], true, "{offers}");
    let order = shop.buy("wide", None).await;
    assert_eq!((&order["kind"], &order["plan"]), (&json!("subscription"), &json!("WIDE")));
    // The very next call is the plan's.
    let answer = shop.call().await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    let record = shop.app.wait_for_records(2).await.pop().unwrap();
    assert_eq!((record.cost, record.billing), (Some(usd(COST)), Some(Billing::Charged)));
    assert_eq!(shop.app.balance().await, (Money::ZERO, Money::ZERO), "the balance pays nothing");
    let trace = shop.ana.get(&format!("/api/usage/{}", record.request_id)).await.json();
    assert_eq!(trace["paid_by"], json!([{ "plan": "WIDE", "usd": COST }]), "{trace}");
    let has = shop.has().await;
    assert_eq!(has.len(), 1, "{has:?}");
    assert_eq!((&has[0]["state"], &has[0]["order_id"]), (&json!("running"), &order["id"]));
    assert_eq!(has[0]["windows"][0]["used_usd"], COST, "{has:?}");
    shop.app.is_sound().await;
    let needed = shop.estimate().await;

    // Room for one call, and not for another as long as that counts.
    let ids = json!([has[0]["id"]]);
    let revoked =
        shop.change(json!({ "ids": ids, "act": "revoke", "reason": "to make room" })).await;
    assert_eq!(revoked[0]["subscription_id"], has[0]["id"], "{revoked:?}");
    assert_eq!(shop.call().await.status, StatusCode::PAYMENT_REQUIRED, "it is taken back at once");
    let limit = Money::from_nano(needed.nano() + usd(COST).nano() / 2);
    shop.plan("narrow", json!({ "days": 30, "limit_5h": limit, "limit_30d": "9" })).await;
    shop.buy("narrow", None).await;
    assert_eq!(shop.call().await.status, StatusCode::OK);
    let refused = shop.call().await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS, "{}", refused.text());
    let wait: u64 = refused.headers["retry-after"].to_str().unwrap().parse().unwrap();
    let (least, most) = (5 * 3_600, 5 * 3_600 + 301);
    assert!((least..=most).contains(&wait), "{wait} s: the window has steps of five minutes");
    assert!(refused.text().contains("https://realms.example/subscription"), "{}", refused.text());
    let has = shop.has().await;
    assert!(has[0]["windows"][0]["eases_at"].is_string(), "{has:?}");
    clock.advance(Duration::from_secs(wait - 302));
    assert_eq!(shop.call().await.status, StatusCode::TOO_MANY_REQUESTS);
    clock.advance(Duration::from_secs(302));
    assert_eq!(shop.call().await.status, StatusCode::OK, "when it said, there is room");
    // What the plan lacks the balance pays, as soon as there is some.
    assert_eq!(shop.call().await.status, StatusCode::TOO_MANY_REQUESTS);
    shop.app.pay("1").await;
    assert_eq!(shop.call().await.status, StatusCode::OK);
    let record = shop.app.wait_for_records(9).await.pop().unwrap();
    let hold = shop.app.hold(record.request_id).await.unwrap();
    assert!(hold.from_balance > Money::ZERO, "{hold:?}");
    shop.app.is_sound().await;
}

#[tokio::test]
async fn operators_give_extend_empty_and_take_back_item_by_item() {
    let upstream = FakeUpstream::start().await;
    let shop = shop(real(), &upstream).await;
    shop.plan("wide", json!({ "days": 30, "limit_30d": "100" })).await;
    let gift =
        json!({ "plan": "wide", "users": ["ana", "nobody", "ben"], "reason": "for testing" });
    let helper = sign_in(&shop.app, "helper").await;
    let refused = helper.post(SUBSCRIPTIONS, gift.to_string()).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN, "{}", refused.text());
    let given = shop.boss.post(SUBSCRIPTIONS, gift.to_string()).await;
    assert_eq!(given.status, StatusCode::CREATED, "{}", given.text());
    let given = given.json();
    assert!(given["results"][0]["subscription_id"].is_string(), "{given}");
    assert_eq!(given["results"][1]["problem"], "not_found", "{given}");
    assert!(given["results"][2]["subscription_id"].is_string(), "{given}");
    assert_eq!(shop.call().await.status, StatusCode::OK);
    shop.app.wait_for_records(1).await;
    let listed = helper.get(&format!("{SUBSCRIPTIONS}?user=ana&open=true")).await.json();
    assert_eq!(listed["items"].as_array().unwrap().len(), 1, "{listed}");
    assert_eq!(listed["items"][0]["username"], "ana", "{listed}");
    assert_eq!(listed["items"][0]["windows"][0]["used_usd"], COST, "{listed}");

    let id = &listed["items"][0]["id"];
    let before = shop.has().await[0]["ends_at"].clone();
    let longer = json!({ "ids": [id, "su_0000000000000"], "act": "extend", "days": 3, "reason": "an outage" });
    let results = shop.change(longer).await;
    assert_eq!(results[0]["problem"], Value::Null, "{results:?}");
    assert_eq!(results[1]["problem"], "not_found", "{results:?}");
    assert!(shop.has().await[0]["ends_at"].as_str() > before.as_str());
    let without_days = json!({ "ids": [id], "act": "extend", "reason": "an outage" });
    let refused =
        shop.boss.post(&format!("{SUBSCRIPTIONS}/change"), without_days.to_string()).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text());
    assert_eq!(refused.json()["fields"][0]["pointer"], "/days", "{}", refused.text());

    let empty = json!({ "ids": [id], "act": "reset", "reason": "an outage" });
    shop.change(empty).await;
    assert_eq!(shop.has().await[0]["windows"][0]["used_usd"], "0");
    assert_eq!(shop.call().await.status, StatusCode::OK);
    shop.app.wait_for_records(2).await;
    assert_eq!(shop.has().await[0]["windows"][0]["used_usd"], COST);

    let revoke = json!({ "ids": [id], "act": "revoke", "reason": "a mistake" });
    shop.change(revoke.clone()).await;
    let again = shop.change(revoke).await;
    assert_eq!(again[0]["problem"], "over", "{again:?}");
    assert_eq!(shop.has().await[0]["state"], "revoked");
    assert_eq!(shop.call().await.status, StatusCode::PAYMENT_REQUIRED);
    let plans = helper.get(PLANS).await.json();
    assert_eq!((&plans["items"][0]["given"], &plans["items"][0]["open"]), (&json!(2), &json!(1)));
    let audit = shop.boss.get("/api/admin/audit?filter=object_kind:subscription").await.json();
    let actions: Vec<_> =
        audit["items"].as_array().unwrap().iter().map(|one| &one["action"]).collect();
    assert_eq!(actions, ["subscription.revoke", "subscription.reset", "subscription.extend"]);
    shop.app.is_sound().await;
}

#[tokio::test]
async fn what_a_plan_multiplies_by_divides_what_it_bears() {
    let upstream = FakeUpstream::start().await;
    let shop = shop(real(), &upstream).await;
    shop.plan("half", json!({ "days": 1, "limit_1d": "1", "multiplier": "0.5" })).await;
    shop.buy("half", None).await;
    assert_eq!(shop.call().await.status, StatusCode::OK);
    shop.app.wait_for_records(1).await;
    let has = shop.has().await;
    assert_eq!(has[0]["multiplier"], "0.5");
    assert_eq!(has[0]["windows"][0]["used_usd"], "0.000103375", "{has:?}");
    assert_eq!(has[0]["windows"][0]["limit_usd"], "1", "{has:?}");
    // Of the plans that run what ends first pays first.
    shop.plan("week", json!({ "days": 7, "limit_7d": "1" })).await;
    shop.buy("week", None).await;
    assert_eq!(shop.call().await.status, StatusCode::OK);
    shop.app.wait_for_records(2).await;
    let used: Vec<_> =
        shop.has().await.iter().map(|one| one["windows"][0]["used_usd"].clone()).collect();
    assert_eq!(used, ["0", "0.00020675"], "the newest is listed first");
    shop.app.is_sound().await;
}

#[tokio::test]
async fn where_only_plans_pay_the_balance_does_not() {
    let upstream = FakeUpstream::start().await;
    let shop = shop(real(), &upstream).await;
    shop.app.pay("5").await;
    assert_eq!(shop.call().await.status, StatusCode::OK);
    shop.set("pay_as_you_go", "false").await;
    let refused = shop.call().await;
    assert_eq!(refused.status, StatusCode::PAYMENT_REQUIRED);
    assert!(refused.text().contains("calls are paid for by plans here"), "{}", refused.text());
    assert_eq!(shop.ana.get("/api/plans").await.json()["pay_as_you_go"], false);
    // A plan that never bears such a call: waiting does not help.
    shop.plan("tiny", json!({ "days": 30, "limit_5h": "0.0000001" })).await;
    shop.buy("tiny", None).await;
    let refused = shop.call().await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(refused.headers.get("retry-after").is_none(), "{:?}", refused.headers);
    assert!(refused.text().contains("waiting does not help"), "{}", refused.text());
    shop.app.is_sound().await;
}

#[tokio::test]
async fn plans_are_sold_as_they_were_set_up_and_to_whom() {
    let upstream = FakeUpstream::start().await;
    let shop = shop(real(), &upstream).await;
    for (body, pointer) in [
        (json!({ "code": "a b", "name": "x", "terms": { "days": 1, "limit_1d": "1" } }), "/code"),
        (json!({ "code": "a", "name": " ", "terms": { "days": 1, "limit_1d": "1" } }), "/name"),
        (json!({ "code": "a", "name": "x", "terms": { "days": 1 } }), "/terms"),
        (
            json!({ "code": "a", "name": "x", "terms": { "days": 1, "limit_1d": "1" },
                 "prices": { "CNY": "1.234" } }),
            "/prices/CNY",
        ),
        (
            json!({ "code": "a", "name": "x", "terms": { "days": 1, "limit_1d": "1" },
                 "user_groups": ["nowhere"] }),
            "/user_groups/0",
        ),
    ] {
        let refused = shop.boss.post(PLANS, body.to_string()).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text());
        assert_eq!(refused.json()["fields"][0]["pointer"], pointer, "{}", refused.text());
    }
    shop.plan("wide", json!({ "days": 30, "limit_30d": "100" })).await;
    let twice = json!({ "code": "wide", "name": "x", "terms": { "days": 1, "limit_1d": "1" } });
    assert_eq!(shop.boss.post(PLANS, twice.to_string()).await.status, StatusCode::CONFLICT);
    // An order keeps what it was made for.
    let new = json!({ "currency": "CNY", "payment_channel_id": shop.channel }).to_string();
    let order = shop.ana.post("/api/plans/wide/order", new.clone()).await.json();
    let path = format!("{PLANS}/wide");
    let change = json!({ "prices": { "CNY": "80" }, "terms": { "days": 1, "limit_1d": "1" } });
    let changed = shop.boss.call(Method::PATCH, &path, change.to_string().into()).await;
    assert_eq!(changed.json()["prices"]["CNY"], "80.00", "{}", changed.text());
    let audit = shop.boss.get("/api/admin/audit?filter=action:plan.update").await.json();
    let prices = &audit["items"][0]["changes"][0];
    assert_eq!(
        (&prices["path"], &prices["before"], &prices["after"]),
        (&json!("prices"), &json!("50.00 CNY"), &json!("80.00 CNY")),
        "what stays the same is not told: {audit}"
    );
    assert_eq!(shop.tell(&order, "50.00", SIGNS).await, StatusCode::OK);
    assert_eq!(shop.has().await[0]["windows"][0]["limit_usd"], "100");
    // Not sold any more, and not offered.
    let off = json!({ "enabled": false }).to_string();
    assert_eq!(shop.boss.call(Method::PATCH, &path, off.into()).await.status, StatusCode::OK);
    assert_eq!(shop.ana.get("/api/plans").await.json()["plans"].as_array().unwrap().len(), 0);
    let refused = shop.ana.post("/api/plans/wide/order", new).await;
    assert_eq!(refused.status, StatusCode::CONFLICT, "{}", refused.text());
    shop.app.is_sound().await;
}

#[tokio::test]
async fn a_code_gives_time_and_who_has_the_plan_says_when_it_begins() {
    let upstream = FakeUpstream::start().await;
    let shop = shop(real(), &upstream).await;
    shop.plan("wide", json!({ "days": 30, "limit_30d": "100" })).await;
    let codes = "/api/admin/redemption-codes";
    let both = json!({ "batch": "gift", "plan": "wide", "amount_usd": "1" });
    let refused = shop.boss.post(codes, both.to_string()).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text());
    let made = shop.boss.post(codes, r#"{"batch":"gift","plan":"wide","count":2}"#).await.json();
    let listed = shop.boss.get(codes).await.json();
    assert_eq!(listed["items"][0]["plan"], "wide", "{listed}");
    assert_eq!(listed["items"][0].get("amount_usd"), None, "{listed}");
    let redeem = async |at: usize, start: Option<&str>| {
        let mut body = json!({ "code": made["codes"][at]["code"] });
        if let Some(start) = start {
            body["start"] = start.into();
        }
        shop.ana.post("/api/balance/redeem", body.to_string()).await
    };
    let first = redeem(0, None).await;
    assert_eq!(first.json()["plan"], "WIDE", "{}", first.text());
    assert_eq!(shop.call().await.status, StatusCode::OK);
    let asked = redeem(1, None).await;
    assert_eq!(asked.json()["fields"][0]["pointer"], "/start", "{}", asked.text());
    let second = redeem(1, Some("deferred")).await;
    assert_eq!(second.status, StatusCode::OK, "{}", second.text());
    let has = shop.has().await;
    assert_eq!((&has[0]["state"], &has[1]["state"]), (&json!("scheduled"), &json!("running")));
    assert_eq!(has[0]["starts_at"], has[1]["ends_at"]);
    shop.app.is_sound().await;
}

#[tokio::test]
async fn what_is_nearly_used_and_what_ends_soon_is_told_once() {
    let (clock, upstream) = (TestClock::new(), FakeUpstream::start().await);
    let shop = shop(clock.shared(), &upstream).await;
    let hooks = FakeUpstream::start().await;
    hooks.for_path("/hook").replies(Reply::json(&json!({})));
    let settings = json!({ "kind": "webhook", "url": format!("{}/hook", hooks.url()),
                           "secret": "0123456789abcdef" });
    let target = json!({ "name": "Mine", "language": "en", "settings": settings });
    let made = shop.ana.post("/api/me/notifications/targets", target.to_string()).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
    let rule = json!({ "enabled": true, "threshold": 1, "targets": [made.json()["id"]] });
    let rule = shop
        .ana
        .call(Method::PUT, "/api/me/notifications/rules/window_near_end", rule.to_string().into())
        .await;
    assert_eq!(rule.status, StatusCode::NO_CONTENT, "{}", rule.text());
    shop.plan("short", json!({ "days": 3, "limit_5h": "0.02", "limit_30d": "9" })).await;
    shop.buy("short", None).await;
    assert_eq!(shop.call().await.status, StatusCode::OK);
    shop.app.wait_for_records(1).await;
    shop.app.app().look_at_levels().await;
    shop.app.app().look_at_levels().await;
    let sent = hooks.wait_for(3).await;
    let mut told: Vec<String> =
        sent.iter().map(|one| one.json()["type"].as_str().unwrap().to_owned()).collect();
    told.sort();
    assert_eq!(told, ["order_paid", "subscription_ending", "window_near_end"]);
    let window = sent.iter().map(Received::json).find(|one| one["type"] == "window_near_end");
    let data = &window.unwrap()["data"];
    assert_eq!((&data["plan"], &data["window"]), (&json!("SHORT"), &json!("5h")), "{data}");

    // What was extended does not end soon, and what returned is not used: the next time it is told anew.
    let has = shop.has().await;
    let change = json!({ "ids": [has[0]["id"]], "act": "extend", "days": 30, "reason": "a gift" });
    shop.change(change).await;
    clock.advance(Duration::from_hours(6));
    shop.app.app().look_at_levels().await;
    for kind in [OccurrenceKind::SubscriptionEnding, OccurrenceKind::WindowNearEnd] {
        let marks = shop.app.app().store().read().list_marks(kind).await.unwrap();
        assert!(marks.is_empty(), "{marks:?}");
    }
    assert_eq!(hooks.requests().len(), 3);
}
