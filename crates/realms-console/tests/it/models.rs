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
