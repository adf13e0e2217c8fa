//! Prices that are kept up with a list elsewhere: set by themselves, held back, or left as they are.

use std::time::Duration;

use http::StatusCode;
use realms_testkit::{FakeUpstream, Reply, TestClock};
use serde_json::{Value, json};

use super::OFTEN;
use crate::{
    relaying::calls,
    support::{Client, TestApp, usd},
};

const KEY: &str = "an-admin-key-of-the-environment-0123456789";
const SYNC: &str = "/api/admin/price-sync";
/// Longer than an hour and what is added to it.
const LATER: Duration = Duration::from_mins(71);

struct Site {
    app: TestApp,
    clock: TestClock,
    source: FakeUpstream,
    boss: Client,
    _upstream: FakeUpstream,
}

impl Site {
    /// With a model whose price was imported, one whose price was given by hand, and one without; kept up with the
    /// list of `source` every hour.
    async fn start(mode: &str) -> Self {
        let (clock, upstream, source) =
            (TestClock::new(), FakeUpstream::start().await, FakeUpstream::start().await);
        let variables = [("REALMS_ADMIN_API_KEY", KEY)];
        let app = TestApp::start_business_with(clock.shared(), OFTEN, &variables).await;
        app.serve(&[&upstream]).await;
        app.pay("10").await;
        let boss = Client::new(app.app().address()).bearer(KEY);
        let site = Self { app, clock, source, boss, _upstream: upstream };
        let text = models(&[("m", "1", "10", "0.1")]).to_string();
        let import = json!({ "text": text, "dry_run": false, "only": ["m"] });
        let done = site.boss.post("/api/admin/models/import", import.to_string()).await;
        assert_eq!(done.json()["applied"], true, "{}", done.text());
        site.app
            .apply(&format!(
                "version = 1\n[[model]]\nname = \"by-hand\"\ninput_usd_per_1m = \"1\"\n\
                 output_usd_per_1m = \"8\"\n[settings]\nprice_sync_url = \"{}/prices.json?key=s3cret\"\n\
                 price_sync_hours = \"1\"\nprice_sync_mode = \"{mode}\"\n",
                site.source.url()
            ))
            .await;
        site
    }

    fn lists(&self, input: &str, output: &str, cache_read: &str) {
        let list = models(&[("by-hand", "2", "16", "0.2"), ("m", input, output, cache_read)]);
        self.source.for_path("/prices.json").replies(Reply::json(&list).header("etag", "\"1\""));
    }

    /// The look that the schedule makes after an hour.
    async fn look(&self) -> Value {
        self.clock.advance(LATER);
        self.app.app().sync_prices().await;
        self.boss.get(SYNC).await.json()
    }

    async fn decide(&self, what: &str, revision: &Value, expected: StatusCode) -> Value {
        let decision = json!({ "revision": revision, "models": ["m"] });
        let done = self.boss.post(&format!("{SYNC}/{what}"), decision.to_string()).await;
        assert_eq!(done.status, expected, "{}", done.text());
        done.json()
    }

    /// What the next call costs: of 21 LLM tokens of input, 84 from the cache, and 17 of output.
    async fn costs(&self, number: usize, cost: &str) {
        let (_, path, body) = calls("m", false)[2].clone();
        self.app.client().post(&path, body).await;
        let record = self.app.wait_for_records(number).await.remove(number - 1);
        assert_eq!(record.cost, Some(usd(cost)), "call {number}");
    }

    async fn versions(&self, model: &str) -> Vec<(i64, String)> {
        let found = self.boss.get(&format!("/api/admin/models/{model}/prices")).await.json();
        let told = found["items"].as_array().unwrap().iter();
        told.map(|one| (one["version"].as_i64().unwrap(), one["source"].as_str().unwrap().into()))
            .collect()
    }
}

fn models(prices: &[(&str, &str, &str, &str)]) -> Value {
    let one = |(name, input, output, cache_read): &(&str, &str, &str, &str)| {
        json!({ "name": name, "input_usd_per_1m": input, "output_usd_per_1m": output,
                "cache_read_usd_per_1m": cache_read })
    };
    json!({ "models": prices.iter().map(one).collect::<Vec<_>>() })
}

#[tokio::test]
async fn a_price_that_changes_in_the_list_is_in_force_for_the_next_call() {
    let site = Site::start("apply").await;
    site.lists("1", "10", "0.1");
    site.app.app().sync_prices().await;
    let told = site.boss.get(SYNC).await.json();
    let last = &told["last"];
    assert_eq!((&last["listed"], &last["applied"]), (&json!(2), &json!(0)), "{told}");
    assert_eq!((&last["pinned"], &last["unpriced"]), (&json!(1), &json!(1)), "{told}");
    assert_eq!(last["trigger"], "schedule", "{told}");
    assert!(!told.to_string().contains("s3cret"), "{told}");
    site.costs(1, "0.0001994").await;

    // It is not time yet.
    site.lists("2", "20", "0.2");
    site.app.app().sync_prices().await;
    assert_eq!(site.source.requests().len(), 1);

    let told = site.look().await;
    assert_eq!(site.source.last().header("if-none-match"), "\"1\"", "nothing changed here");
    assert_eq!((&told["last"]["applied"], &told["waiting"]), (&json!(1), &json!([])), "{told}");
    site.costs(2, "0.0003988").await;
    assert_eq!(site.versions("m").await[0], (3, "synced".to_owned()));
    assert_eq!(site.versions("by-hand").await, [(1, "manual".to_owned())], "it is pinned");
    let audit = site.boss.get("/api/admin/audit?filter=action:model.update").await.json();
    assert_eq!(audit["items"][0]["actor"], "price schedule", "{audit}");
    assert_eq!(audit["items"][0]["object"], "m", "{audit}");

    // The prices here changed, so the list is read again; then it is the same.
    site.look().await;
    assert_eq!(site.source.last().header("if-none-match"), "");
    site.source.for_path("/prices.json").replies(Reply::status(304));
    let told = site.look().await;
    assert_eq!(told["last"]["same"], true, "{told}");
    assert_eq!(told["last"].get("failure"), None, "{told}");
    site.app.is_sound().await;
}

#[tokio::test]
async fn a_price_that_moves_too_far_waits_for_somebody() {
    let site = Site::start("apply").await;
    site.source.for_path("/hook").replies(Reply::json(&json!({})));
    let target = json!({ "name": "Operations", "language": "en", "settings": {
        "kind": "webhook", "url": format!("{}/hook", site.source.url()), "secret": "c4n4ry-0123456789",
    } });
    let made = site.boss.post("/api/admin/notifications/targets", target.to_string()).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
    let told_of = async || {
        let told = site.boss.get("/api/admin/notifications").await.json();
        let told = told["items"].as_array().unwrap().clone();
        told.iter().filter(|one| one["event"] == "prices_waiting").count()
    };

    site.lists("100", "1000", "10");
    let told = site.look().await;
    let waiting = &told["waiting"][0];
    assert_eq!((&waiting["model"], &waiting["cause"]), (&json!("m"), &json!("far")), "{told}");
    assert_eq!(waiting["before"]["input_usd"], "1", "{told}");
    assert_eq!(waiting["after"]["input_usd"], "100", "{told}");
    assert_eq!((&told["last"]["held_back"], told_of().await), (&json!(1), 1), "{told}");
    site.costs(1, "0.0001994").await;

    // Somebody decides against it: nobody hears of the same price again.
    site.decide("accept", &json!(0), StatusCode::CONFLICT).await;
    let told = site.decide("dismiss", &told["revision"], StatusCode::OK).await;
    assert_eq!(told["waiting"], json!([]), "{told}");
    let told = site.look().await;
    assert_eq!((&told["waiting"], told_of().await), (&json!([]), 1), "{told}");

    // Nothing is free by itself, and what somebody takes holds from the next call on.
    site.lists("1", "0", "0.1");
    let told = site.look().await;
    assert_eq!((&told["waiting"][0]["cause"], told_of().await), (&json!("zero"), 2), "{told}");
    site.lists("50", "500", "5");
    let told = site.look().await;
    let told = site.decide("accept", &told["revision"], StatusCode::OK).await;
    assert_eq!(told["waiting"], json!([]), "{told}");
    site.costs(2, "0.00997").await;
    assert_eq!(site.versions("m").await[0], (3, "imported".to_owned()));
    let again = site.decide("accept", &told["revision"], StatusCode::CONFLICT).await;
    assert_eq!(again["code"], "conflict", "{again}");
    site.app.is_sound().await;
}

#[tokio::test]
async fn a_price_that_is_let_go_follows_the_list_and_one_that_is_pinned_stays() {
    let site = Site::start("apply").await;
    site.lists("2", "20", "0.2");
    site.app
        .apply(
            "version = 1\n[[model]]\nname = \"m\"\nprice_pinned = true\n\
             [[model]]\nname = \"by-hand\"\nprice_pinned = false\n",
        )
        .await;
    let told = site.look().await;
    let last = &told["last"];
    assert_eq!((&last["applied"], &last["pinned"]), (&json!(1), &json!(1)), "{told}");
    assert_eq!(told["waiting"], json!([]), "{told}");
    assert_eq!(site.versions("by-hand").await[0], (2, "synced".to_owned()));
    site.costs(1, "0.0001994").await;

    // Let go, it follows too; given by hand again, it stays again.
    site.app.apply("version = 1\n[[model]]\nname = \"m\"\nprice_pinned = false\n").await;
    let told = site.look().await;
    assert_eq!((&told["last"]["applied"], &told["last"]["pinned"]), (&json!(1), &json!(0)));
    site.costs(2, "0.0003988").await;
    site.app.apply("version = 1\n[[model]]\nname = \"m\"\ninput_usd_per_1m = \"3\"\n").await;
    let told = site.look().await;
    assert_eq!((&told["last"]["applied"], &told["last"]["pinned"]), (&json!(0), &json!(1)));
    site.app.is_sound().await;
}

#[tokio::test]
async fn where_somebody_looks_no_price_is_set_by_itself() {
    let site = Site::start("review").await;
    site.lists("2", "20", "0.2");
    let told = site.look().await;
    assert_eq!(told["waiting"][0]["cause"], "review", "{told}");
    site.costs(1, "0.0001994").await;
    // A price given by hand in between is nobody else's any more.
    site.app
        .apply(
            "version = 1\n[[model]]\nname = \"m\"\ninput_usd_per_1m = \"3\"\n\
             output_usd_per_1m = \"10\"\ncache_read_usd_per_1m = \"0.1\"\n",
        )
        .await;
    site.decide("accept", &told["revision"], StatusCode::CONFLICT).await;
    let told = site.boss.get(SYNC).await.json();
    assert_eq!(told["waiting"], json!([]), "{told}");
}

#[tokio::test]
async fn a_list_that_cannot_be_had_says_so_and_changes_nothing() {
    let site = Site::start("apply").await;
    let replies = [
        (Reply::status(500), "status"),
        (Reply::status(302), "redirect"),
        (Reply::html(), "not_a_list"),
        (Reply::json(&json!({ "error": "gone" })), "not_a_list"),
        (Reply::body("application/json", vec![b' '; 9 << 20]), "too_large"),
    ];
    for (reply, failure) in replies {
        site.source.for_path("/prices.json").replies(reply);
        let run = site.boss.post(&format!("{SYNC}/run"), "").await;
        assert_eq!(run.status, StatusCode::OK, "{}", run.text());
        let told = run.json();
        assert_eq!((&told["last"]["failure"], &told["running"]), (&json!(failure), &json!(false)));
        assert_eq!(told["last"]["trigger"], "manual", "{told}");
        assert!(!told["last"]["detail"].as_str().unwrap().is_empty(), "{told}");
    }
    site.source.stop().await;
    let told = site.boss.post(&format!("{SYNC}/run"), "").await.json();
    assert_eq!(told["last"]["failure"], "unreachable", "{told}");
    let private = "version = 1\n[settings]\nprice_sync_url = \"https://10.1.2.3/prices.json\"\n";
    site.app.apply(private).await;
    let told = site.boss.post(&format!("{SYNC}/run"), "").await.json();
    assert_eq!(told["last"]["failure"], "forbidden", "{told}");
    let detail = told["last"]["detail"].as_str().unwrap();
    assert!(detail.contains("REALMS_OUTBOUND_ALLOW_PRIVATE"), "{told}");
    site.costs(1, "0.0001994").await;
    assert_eq!(site.versions("m").await.len(), 2);

    site.app.apply("version = 1\n[settings]\nprice_sync_url = \"\"\n").await;
    let refused = site.boss.post(&format!("{SYNC}/run"), "").await;
    assert_eq!(refused.status, StatusCode::CONFLICT, "{}", refused.text());
}
