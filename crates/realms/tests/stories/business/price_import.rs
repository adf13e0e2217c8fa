//! Prices that are brought along from an address: shown, then written as they were shown.

use http::StatusCode;
use realms_testkit::{FakeUpstream, Reply};
use serde_json::{Value, json};

use super::{COST, OFTEN, real};
use crate::{
    relaying::calls,
    support::{Client, TestApp, usd},
};

const KEY: &str = "an-admin-key-of-the-environment-0123456789";

struct Site {
    app: TestApp,
    source: FakeUpstream,
    boss: Client,
    _upstream: FakeUpstream,
}

impl Site {
    async fn start() -> Self {
        let (upstream, source) = (FakeUpstream::start().await, FakeUpstream::start().await);
        let variables = [("REALMS_ADMIN_API_KEY", KEY)];
        let app = TestApp::start_business_with(real(), OFTEN, &variables).await;
        app.serve(&[&upstream]).await;
        app.pay("10").await;
        let boss = Client::new(app.app().address()).bearer(KEY);
        Self { app, source, boss, _upstream: upstream }
    }

    /// The list as Realms 0 writes it, so many times what `m` costs here.
    fn lists(&self, input: &str, output: &str, cached: &str) {
        let list = json!({ "m": {
            "input_usd_per_1m": input, "output_usd_per_1m": output, "cache_input_usd_per_1m": cached,
            "cache_output_usd_per_1m": "0", "priority_pricing_enabled": true,
        } });
        self.source.for_path("/prices.json").replies(Reply::json(&list));
    }

    async fn import(&self, more: Value, expected: StatusCode) -> Value {
        let url = format!("{}/prices.json?key=s3cret", self.source.url());
        let mut body = json!({ "url": url, "dry_run": true });
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let done = self.boss.post("/api/admin/models/import", body.to_string()).await;
        assert_eq!(done.status, expected, "{}", done.text());
        assert!(!done.text().contains("s3cret"), "{}", done.text());
        done.json()
    }

    /// What the next call costs.
    async fn costs(&self, number: usize, cost: &str) {
        let (_, path, body) = calls("m", false)[2].clone();
        self.app.client().post(&path, body).await;
        let record = self.app.wait_for_records(number).await.remove(number - 1);
        assert_eq!(record.cost, Some(usd(cost)), "call {number}");
    }
}

#[tokio::test]
async fn prices_come_from_an_address_as_they_were_shown() {
    let site = Site::start().await;
    site.lists("2.5", "20", "0.25");
    let shown = site.import(json!({}), StatusCode::OK).await;
    assert_eq!((&shown["format"], &shown["applied"]), (&json!("realms_v0"), &json!(false)));
    let row = &shown["rows"][0];
    assert_eq!((&row["state"], &row["pinned"]), (&json!("changed"), &json!(true)), "{row}");
    assert_eq!((&row["written"], &row["reason_code"]), (&json!(false), &json!("pinned")), "{row}");
    assert_eq!(row["after"]["terms"]["lanes"]["priority"], "2", "{row}");
    site.costs(1, COST).await;

    // The list changes between the look and the deed: nothing is done.
    site.lists("5", "40", "0.5");
    let decided = |shown: &Value| json!({ "dry_run": false, "only": ["m"], "tag": shown["tag"] });
    let refused = site.import(decided(&shown), StatusCode::CONFLICT).await;
    assert!(refused["detail"].as_str().unwrap().contains("compare again"), "{refused}");
    site.costs(2, COST).await;

    let shown = site.import(json!({}), StatusCode::OK).await;
    let done = site.import(decided(&shown), StatusCode::OK).await;
    assert_eq!((&done["applied"], &done["rows"][0]["written"]), (&json!(true), &json!(true)));
    site.costs(3, "0.000827").await;
    let model = site.boss.get("/api/admin/models/m").await.json();
    assert_eq!(model["price_pinned"], false, "its price is the list's by now");
    let audit = site.boss.get("/api/admin/audit?filter=action:model.update").await;
    assert!(!audit.text().contains("s3cret"), "{}", audit.text());
    site.app.is_sound().await;
}

#[tokio::test]
async fn an_address_without_a_list_says_what_is_wrong_with_it() {
    let site = Site::start().await;
    let replies = [
        (Reply::status(404), "status"),
        (Reply::status(302), "redirect"),
        (Reply::html(), "not_a_list"),
        (Reply::json(&json!({ "error": "gone" })), "not_a_list"),
        (Reply::body("application/json", vec![b' '; 9 << 20]), "too_large"),
    ];
    let failure = |told: &Value| {
        assert_eq!(told["code"], "invalid", "{told}");
        assert_eq!(told["fields"][0]["pointer"], "/url", "{told}");
        told["fields"][0]["code"].as_str().unwrap().to_owned()
    };
    for (reply, code) in replies {
        site.source.for_path("/prices.json").replies(reply);
        let told = site.import(json!({}), StatusCode::UNPROCESSABLE_ENTITY).await;
        assert_eq!(failure(&told), code, "{told}");
    }
    let private = json!({ "url": "https://10.1.2.3/prices.json" });
    let told = site.import(private, StatusCode::UNPROCESSABLE_ENTITY).await;
    assert_eq!(failure(&told), "forbidden", "{told}");
    assert!(told.to_string().contains("REALMS_OUTBOUND_ALLOW_PRIVATE"), "{told}");
    site.source.stop().await;
    let told = site.import(json!({}), StatusCode::UNPROCESSABLE_ENTITY).await;
    assert_eq!(failure(&told), "unreachable", "{told}");
    site.costs(1, COST).await;
}
