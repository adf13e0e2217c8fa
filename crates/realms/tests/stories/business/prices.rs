//! What a call costs: terms, lanes, multipliers, versions.

use http::{Method, StatusCode};
use realms_testkit::{FakeUpstream, Gate, Reply};
use realms_types::{DialectId, Money};
use serde_json::json;

use super::{COST, adds_up, long, paying};
use crate::{
    relaying::calls,
    support::{TestApp, usd},
};

#[tokio::test]
async fn long_prompts_and_lanes_cost_what_the_terms_say_and_the_trace_shows_it() {
    let upstream = FakeUpstream::start().await;
    let app = paying(&[&upstream], "10").await;
    app.apply(
        "version = 1\n[[channel_group]]\nname = \"default\"\nmultiplier = \"1.5\"\n\
         [[model]]\nname = \"m\"\n[model.price_terms]\nrequest = \"0.001\"\n\
         tiers = [{ above = 200000, input = \"2.5\", output = \"15\" }]\n\
         lanes = { priority = \"2\" }\n",
    )
    .await;
    let reports = [
        // 200,000 are not above the threshold.
        (json!({ "prompt_tokens": 200_000, "completion_tokens": 1_000 }), None, "0.3915"),
        (json!({ "prompt_tokens": 200_001, "completion_tokens": 1_000 }), None, "0.77400375"),
        (json!({ "prompt_tokens": 1_000, "completion_tokens": 100 }), Some("priority"), "0.00975"),
        (json!({ "prompt_tokens": 1_000, "completion_tokens": 100 }), Some("default"), "0.004875"),
    ];
    for (number, (usage, tier, cost)) in (0..).zip(reports) {
        let mut answer = json!({
            "id": "chatcmpl-1", "object": "chat.completion", "model": "m", "usage": usage,
            "choices": [{ "index": 0, "finish_reason": "stop",
                          "message": { "role": "assistant", "content": "hi" } }],
        });
        if let Some(tier) = tier {
            answer["service_tier"] = tier.into();
        }
        upstream.replies(Reply::json(&answer));
        let (_, path, body) = calls("m", false)[1].clone();
        // What is asked for and not given is not charged.
        let body = body.replacen('{', r#"{"service_tier":"priority","#, 1);
        app.client().post(&path, body).await;
        let record = app.wait_for_records(number + 1).await.remove(number);
        assert_eq!(record.cost, Some(usd(cost)), "{usage} {tier:?}");
        adds_up(&record);
        let hold = app.hold(record.request_id).await.unwrap();
        assert_eq!(hold.settled, usd(cost));
        // The price was set, then given terms: the second version.
        let ana = app.sign_in("ana").await;
        let trace = ana.client.get(&format!("/api/usage/{}", record.request_id)).await.json();
        let sum: i64 = trace["cost"]
            .as_array()
            .unwrap()
            .iter()
            .map(|line| usd(line["cost_usd"].as_str().unwrap()).nano())
            .sum();
        assert_eq!(sum, usd(cost).nano(), "{trace}");
        assert_eq!(trace["call"]["billing"], "charged");
        assert_eq!(trace["price"]["version"], 2, "{}", trace["price"]);
        assert_eq!(trace["price"]["formula"], 1);
        let above = (number == 1).then_some(200_000);
        assert_eq!(trace["price"]["above_tokens"].as_u64(), above);
        let lane = (number == 2).then_some("priority");
        assert_eq!(trace["price"]["lane"]["name"].as_str(), lane);
        let multiplier = if number == 2 { "3" } else { "1.5" };
        assert_eq!(trace["price"]["multiplier"], multiplier);
        assert_eq!(trace["price"]["group_path"][0]["multiplier"], "1.5");
    }
    app.is_sound().await;
}

#[tokio::test]
async fn images_cost_what_their_tokens_do_or_so_much_each() {
    let upstream = FakeUpstream::start().await;
    let usage = json!({
        "input_tokens": 350, "input_tokens_details": { "image_tokens": 300, "text_tokens": 50 },
        "output_tokens": 1_060, "output_tokens_details": { "image_tokens": 1_056, "text_tokens": 4 },
        "total_tokens": 1_410,
    });
    upstream.for_path("/v1/images/generations").replies(Reply::json(&json!({
        "created": 1_795_011_200, "data": [{ "b64_json": "aW0=" }, { "b64_json": "aW0=" }],
        "usage": usage,
    })));
    let app = paying(&[&upstream], "10").await;
    // What a list says of images changes nothing where it says nothing of them.
    for (number, (terms, cost, lines)) in [
        ("request = \"0\"", "0.0110375", json!(["input", "output", "request"])),
        (
            "image_input = \"2.5\"\nimage_output = \"40\"",
            "0.0430925",
            json!(["input", "output", "image_input", "image_output"]),
        ),
        ("image = \"0.04\"", "0.0910375", json!(["input", "output", "images"])),
    ]
    .into_iter()
    .enumerate()
    {
        app.apply(&format!("version = 1\n[[model]]\nname = \"m\"\n[model.price_terms]\n{terms}\n"))
            .await;
        let body = r#"{"model":"m","prompt":"two cats","n":2}"#;
        let answer = app.client().post("/v1/images/generations", body).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        let record = app.wait_for_records(number + 1).await.remove(number);
        let used = record.usage;
        assert_eq!((used.image_input, used.image_output, used.images), (300, 1_056, 2));
        assert_eq!(record.cost, Some(usd(cost)), "{terms}");
        adds_up(&record);
        let ana = app.sign_in("ana").await.client;
        let trace = ana.get(&format!("/api/usage/{}", record.request_id)).await.json();
        let told: Vec<_> =
            trace["cost"].as_array().unwrap().iter().map(|line| line["bucket"].clone()).collect();
        assert_eq!(json!(told), lines, "{trace}");
    }
    app.is_sound().await;
}

#[tokio::test]
async fn the_users_of_a_group_pay_their_part_of_every_price() {
    let upstream = FakeUpstream::start().await;
    let app = paying(&[&upstream], "1").await;
    app.apply("version = 1\n[[user_group]]\nname = \"default\"\nmultiplier = \"0.8\"\n").await;
    let (_, path, body) = calls("m", false)[2].clone();
    app.client().post(&path, body).await;
    let record = app.wait_for_records(1).await.remove(0);
    assert_eq!(record.cost, Some(usd("0.0001654")));
    adds_up(&record);
    let ana = app.sign_in("ana").await.client;
    let trace = ana.get(&format!("/api/usage/{}", record.request_id)).await.json();
    assert_eq!(trace["price"]["user_multiplier"], "0.8", "{}", trace["price"]);
    assert_eq!(trace["price"]["group_path"][0]["multiplier"], "1");
    let models = ana.get("/api/models").await.json();
    let mine = models["items"].as_array().unwrap().iter().find(|model| model["name"] == "m");
    assert_eq!(mine.unwrap()["input_usd"], "1", "{models}");
    app.is_sound().await;
}

#[tokio::test]
async fn the_calls_of_a_key_cost_its_part_of_every_price() {
    let upstream = FakeUpstream::start().await;
    let app = paying(&[&upstream], "1").await;
    app.apply(
        "version = 1\n[[user_group]]\nname = \"default\"\nmultiplier = \"0.8\"\n\
         [[user]]\nusername = \"boss\"\nrole = \"root\"\n\
         [[user]]\nusername = \"helper\"\nrole = \"admin\"\n",
    )
    .await;
    let boss = app.sign_in("boss").await.client;
    let ana = app.sign_in("ana").await.client;
    let (_, path, body) = calls("m", false)[2].clone();
    // The key is known to the relay from here on.
    app.client().post(&path, body.clone()).await;
    let key = |multiplier: &str| {
        json!({ "user": "ana", "name": "laptop", "multiplier": multiplier }).to_string()
    };
    let whole = app.wait_for_records(1).await.remove(0);
    let all_held = app.hold(whole.request_id).await.unwrap().amount;
    for (number, (multiplier, cost)) in
        (1..).zip([("0.5", "0.0000827"), ("0", "0"), ("2", "0.0003308"), ("1", "0.0001654")])
    {
        let set = boss.call(Method::PUT, "/api/admin/api-keys", key(multiplier).into()).await;
        assert_eq!(set.status, StatusCode::OK, "{}", set.text());
        let answer = app.client().post(&path, body.clone()).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        let record = app.wait_for_records(number + 1).await.remove(number);
        assert_eq!(record.cost, Some(usd(cost)), "×{multiplier}");
        adds_up(&record);
        let hold = app.hold(record.request_id).await.unwrap();
        assert_eq!(hold.settled, usd(cost), "×{multiplier}");
        if multiplier == "2" {
            assert!(hold.amount > all_held, "more is set aside");
        }
        let trace = ana.get(&format!("/api/usage/{}", record.request_id)).await.json();
        let price = &trace["price"];
        let told = (multiplier != "1").then_some(multiplier);
        assert_eq!(price["key_multiplier"].as_str(), told, "{price}");
        assert_eq!((&price["user_multiplier"], &price["formula"]), (&json!("0.8"), &json!(1)));
    }
    // 0.0001654 twice, and what is above without the last.
    assert_eq!(app.balance().await, (usd("0.9992557"), Money::ZERO));
    let audit = boss.get("/api/admin/audit?filter=action:api_key.update").await.json();
    let first = &audit["items"][3];
    assert_eq!((&first["actor"], &first["object"]), (&json!("boss"), &json!("ana/laptop")));
    let change = json!({ "path": "multiplier", "before": "1", "after": "0.5" });
    assert_eq!(first["changes"], json!([change]));

    // Who may not set prices makes nobody's calls cheaper, their own least of all.
    let helper = app.sign_in("helper").await.client;
    let own = r#"{"user":"helper","name":"own","multiplier":"0"}"#.to_owned();
    for (who, body) in [(&ana, key("0")), (&helper, key("0")), (&helper, own)] {
        let refused = who.call(Method::PUT, "/api/admin/api-keys", body.into()).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{}", refused.text());
    }
    let own = ana.post("/api/tokens", r#"{"name":"free","multiplier":"0"}"#).await;
    assert_eq!(own.status, StatusCode::BAD_REQUEST, "{}", own.text());
    assert!(own.text().contains("multiplier"), "{}", own.text());
    app.is_sound().await;
}

#[tokio::test]
async fn a_key_whose_calls_cost_nothing_needs_no_money() {
    let upstream = FakeUpstream::start().await;
    let app = paying(&[&upstream], "0").await;
    let (_, path, body) = calls("m", true)[2].clone();
    let poor = app.client().post(&path, body.clone()).await;
    assert_eq!(poor.status, StatusCode::PAYMENT_REQUIRED);
    app.apply("version = 1\n[[api_key]]\nuser = \"ana\"\nname = \"laptop\"\nmultiplier = \"0\"\n")
        .await;
    let answer = app.client().post(&path, body).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    let record = app.wait_for_records(2).await.remove(1);
    assert_eq!(record.cost, Some(Money::ZERO));
    assert!(record.usage.output > 0, "it is counted all the same");
    assert_eq!(app.balance().await, (Money::ZERO, Money::ZERO));
    app.is_sound().await;
}

#[tokio::test]
async fn a_price_that_changes_during_a_call_does_not_change_its_charge() {
    let (upstream, gate) = (FakeUpstream::start().await, Gate::new());
    upstream.replies(long(DialectId::Messages, &gate));
    let app = paying(&[&upstream], "1").await;
    let (_, path, body) = calls("m", true)[2].clone();
    let mut answer = app.client().open(Method::POST, &path, body.clone()).await;
    answer.next().await.unwrap();
    let dear = "version = 1\n[[model]]\nname = \"m\"\ninput_usd_per_1m = \"125\"\n\
                output_usd_per_1m = \"1000\"\ncache_read_usd_per_1m = \"12.5\"\n";
    app.apply(dear).await;
    gate.open();
    answer.finish().await;
    let record = app.wait_for_records(1).await.remove(0);
    assert_eq!(record.cost, Some(usd(COST)));
    adds_up(&record);
    app.client().post(&path, body).await;
    let record = app.wait_for_records(2).await.remove(1);
    assert_eq!(record.cost, Some(Money::from_nano(usd(COST).nano() * 100)));
    app.is_sound().await;
}

#[tokio::test]
async fn every_price_a_model_had_is_kept() {
    let app = TestApp::start().await;
    for (input, output) in [("1", "2"), ("1.5", "2"), ("1.5", "2"), ("1.5", "3")] {
        app.apply(&format!(
            "version = 1\n[[model]]\nname = \"m\"\ninput_usd_per_1m = \"{input}\"\noutput_usd_per_1m = \"{output}\"\n"
        ))
        .await;
    }
    let gone =
        "version = 1\n[[model]]\nname = \"m\"\ninput_usd_per_1m = \"\"\noutput_usd_per_1m = \"\"\n";
    app.apply(gone).await;
    app.apply("version = 1\n[[user]]\nusername = \"boss\"\nrole = \"root\"\n").await;
    let boss = app.sign_in("boss").await.client;
    let found = boss.get("/api/admin/models/m/prices").await.json();
    let told: Vec<_> = found["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (one["version"].as_i64().unwrap(), one["price"]["output_usd"].as_str()))
        .collect();
    assert_eq!(told, [(4, None), (3, Some("3")), (2, Some("2")), (1, Some("2"))], "{found}");
}
