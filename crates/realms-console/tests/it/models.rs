//! The list of models: what serves them, where their prices are from, what they were used for.

use realms_testkit::FakeUpstream;
use serde_json::{Value, json};

use crate::face::Face;

async fn rows(face: &Face, query: &str) -> Vec<Value> {
    let page = face.get(&format!("/api/admin/models?{query}")).await.ok(200);
    page["items"].as_array().unwrap().clone()
}

fn names(rows: &[Value]) -> Vec<&str> {
    rows.iter().map(|row| row["name"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn the_list_of_models_tells_what_serves_and_prices_them() {
    let vendor = FakeUpstream::start().await;
    let face = Face::open().await;
    let priced =
        r#"{"name": "a", "owner": "x", "input_usd_per_1m": "1", "output_usd_per_1m": "2"}"#;
    face.put("/api/admin/models/a", priced).await.ok(201);
    face.put("/api/admin/models/b", r#"{"name": "b", "owner": "y"}"#).await.ok(201);
    let channel = json!({
        "name": "c", "kind": "openai", "base_url": vendor.url(),
        "credentials": [{ "key": "k" }],
        "models": ["a", { "name": "d", "upstream": "d-1", "enabled": false }],
    });
    face.put("/api/admin/channels/c", &channel.to_string()).await.ok(201);

    let all = rows(&face, "").await;
    assert_eq!(names(&all), ["a", "b", "d"]);
    assert_eq!(
        all[0]["channels"],
        json!([{ "channel": "c", "upstream": "a", "state": "serving" }])
    );
    assert_eq!(all[0]["priced"]["source"], "manual");
    assert_eq!(all[0]["last_30d"]["calls"], 0);
    assert_eq!((&all[1]["channels"], all[1].get("priced")), (&json!([]), None));
    assert_eq!(
        (&all[2]["channels"][0]["upstream"], &all[2]["channels"][0]["state"]),
        (&json!("d-1"), &json!("disabled")),
        "a binding that is switched off serves nothing"
    );

    assert_eq!(names(&rows(&face, "filter=served:false").await), ["b"]);
    assert_eq!(names(&rows(&face, "filter=priced:false&sort=-name").await), ["d", "b"]);
    assert_eq!(names(&rows(&face, "filter=price_source:manual").await), ["a"]);
    assert_eq!(names(&rows(&face, "filter=channel:c%20owner:x").await), ["a"]);
    assert_eq!(face.get("/api/admin/models?filter=nonsense:1").await.problem(400), "malformed");
}

#[tokio::test]
async fn a_price_tells_where_it_is_from() {
    let face = Face::open().await;
    let text = r#"[{"name": "a", "input_usd": "1", "output_usd": "2"},
        {"name": "b", "input_usd": "1", "output_usd": "2"}, {"name": "c"}]"#;
    let import = async |only: Value| {
        let body = json!({ "text": text, "dry_run": false, "only": only }).to_string();
        face.post("/api/admin/models/import", &body).await.ok(200)
    };
    let told = import(json!([])).await;
    assert_eq!((&told["applied"], &told["format"]), (&json!(false), &json!("realms")));
    let told = import(json!(["a", "c"])).await;
    let row = |at: usize| {
        let row = &told["rows"][at];
        (row["state"].clone(), row["written"].clone(), row["reason_code"].clone())
    };
    assert_eq!(row(0), (json!("added"), json!(true), Value::Null));
    assert_eq!(row(1), (json!("added"), json!(false), Value::Null), "nobody named it");
    assert_eq!(row(2), (json!("failed"), json!(false), json!("no_price")));

    let source = async || rows(&face, "").await[0]["priced"]["source"].clone();
    assert_eq!(names(&rows(&face, "").await), ["a"]);
    assert_eq!(source().await, "imported");
    face.put("/api/admin/models/a", r#"{"name": "a", "owner": "z"}"#).await.ok(200);
    assert_eq!(source().await, "imported", "what leaves the price alone leaves its source");
    face.put("/api/admin/models/a", r#"{"name": "a", "input_usd_per_1m": "3"}"#).await.ok(200);
    assert_eq!(source().await, "manual");
    let bare = r#"{"name": "a", "input_usd_per_1m": "", "output_usd_per_1m": ""}"#;
    face.put("/api/admin/models/a", bare).await.ok(200);
    assert_eq!(source().await, Value::Null, "no price, no source");
}

#[tokio::test]
async fn a_price_is_pinned_and_let_go() {
    let face = Face::open().await;
    let list = r#"[{"name": "a", "input_usd": "1", "output_usd": "2"},
        {"name": "b", "input_usd": "1", "output_usd": "2"}]"#;
    let import = async |text: &str, more: Value| {
        let mut body = json!({ "text": text, "dry_run": false });
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        face.post("/api/admin/models/import", &body.to_string()).await.ok(200)
    };
    let pinned = async || {
        let rows = rows(&face, "").await;
        rows.iter().map(|row| row["price_pinned"].clone()).collect::<Vec<_>>()
    };
    import(list, json!({})).await;
    assert_eq!(pinned().await, [json!(false), json!(false)], "a list pins nothing");
    let put = async |name: &str, body: Value| {
        face.put(&format!("/api/admin/models/{name}"), &body.to_string()).await
    };
    put("a", json!({ "name": "a", "price_pinned": true })).await.ok(200);
    put("b", json!({ "name": "b", "input_usd_per_1m": "3" })).await.ok(200);
    assert_eq!(pinned().await, [json!(true), json!(true)], "what is given by hand is pinned");
    assert_eq!(rows(&face, "").await[0]["priced"]["source"], "imported", "a pin is no price");
    assert_eq!(names(&rows(&face, "filter=price_pinned:true").await), ["a", "b"]);

    // An import shows it, leaves it, and takes it when it is named.
    let dearer = list.replace(r#""1""#, r#""5""#);
    let told = import(&dearer, json!({})).await;
    assert_eq!(told["applied"], false, "{told}");
    for row in told["rows"].as_array().unwrap() {
        let told = (&row["pinned"], &row["written"], &row["reason_code"]);
        assert_eq!(told, (&json!(true), &json!(false), &json!("pinned")), "{row}");
    }
    put("b", json!({ "name": "b", "price_pinned": false })).await.ok(200);
    let told = import(&dearer, json!({})).await;
    assert_eq!(told["rows"][1]["reason_code"], "kept", "{told}");
    let told = import(&dearer, json!({ "only": ["a"] })).await;
    assert_eq!(
        (&told["rows"][0]["pinned"], &told["rows"][0]["written"]),
        (&json!(true), &json!(true))
    );
    assert_eq!(pinned().await, [json!(false), json!(false)], "the price of a list has no pin");
    let audit = face.get("/api/admin/audit?filter=object:a").await.ok(200).to_string();
    assert!(audit.contains("price_pinned"), "{audit}");

    let bare = json!({ "name": "c", "price_pinned": true });
    assert!(put("c", bare).await.text.contains("price_pinned needs a price"));
    let gone = json!({ "name": "a", "input_usd_per_1m": "", "output_usd_per_1m": "" });
    put("a", gone).await.ok(200);
    assert_eq!(pinned().await, [Value::Null, json!(false)], "no price, no pin");
}

#[tokio::test]
async fn what_is_applied_is_what_was_shown() {
    let face = Face::open().await;
    let list = |input: &str| {
        json!([{ "public_id": "m", "input_usd_per_1m": input, "output_usd_per_1m": "9",
                 "priority_pricing_enabled": true, "priority_input_usd_per_1m": "7" }])
        .to_string()
    };
    let import = async |more: Value| face.post("/api/admin/models/import", &more.to_string()).await;
    let shown = import(json!({ "text": list("1"), "dry_run": true })).await.ok(200);
    assert_eq!(shown["format"], "realms_v0", "{shown}");
    let row = &shown["rows"][0];
    assert_eq!((&row["written"], &row["reason_code"]), (&json!(false), &json!("partial")));
    assert_eq!((&row["note_code"], &row["pinned"]), (&json!("priority_uneven"), &json!(false)));
    assert!(row["note"].as_str().unwrap().contains("`priority` is left out"), "{row}");

    let tag = &shown["tag"];
    let apply =
        |input: &str| json!({ "text": list(input), "dry_run": false, "only": ["m"], "tag": tag });
    assert_eq!(import(apply("2")).await.problem(409), "conflict", "another list");
    face.put("/api/admin/models/x", r#"{"name": "x"}"#).await.ok(201);
    let done = import(apply("1")).await.ok(200);
    assert_eq!((&done["applied"], &done["rows"][0]["written"]), (&json!(true), &json!(true)));
    assert_eq!(import(apply("1")).await.problem(409), "conflict", "it is another price by now");
    assert_eq!(rows(&face, "filter=priced:true").await[0]["output_usd_per_1m"], "9");
}

#[tokio::test]
async fn an_address_that_is_not_called_says_why() {
    let vendor = FakeUpstream::start().await;
    let face = Face::open().await;
    let import = async |body: Value| face.post("/api/admin/models/import", &body.to_string()).await;
    for (url, code) in [
        (vendor.url(), "forbidden"),
        ("https://10.1.2.3/prices.json?key=s3cret".to_owned(), "forbidden"),
        ("ftp://prices.example/list.json".to_owned(), "forbidden"),
        ("prices".to_owned(), "malformed"),
    ] {
        let answer = import(json!({ "url": url, "dry_run": true })).await;
        assert_eq!(answer.problem(422), "invalid", "{url}");
        let field = &answer.json()["fields"][0];
        assert_eq!((&field["pointer"], &field["code"]), (&json!("/url"), &json!(code)), "{url}");
        assert!(!answer.text.contains("s3cret"), "{}", answer.text);
    }
    assert!(vendor.requests().is_empty());
    let both = json!({ "url": vendor.url(), "text": "[]", "dry_run": true });
    assert_eq!(import(both).await.problem(400), "malformed");
    assert_eq!(import(json!({ "dry_run": true })).await.problem(400), "malformed");
}
