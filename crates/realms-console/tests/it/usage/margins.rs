//! What calls earn, for those who run the service and for nobody else.

use realms_store::UsageRecord;
use realms_types::{Billing, Money};
use serde_json::Value;

use super::{field, items};
use crate::face::{Face, Person};

const RANGE: &str = "since=2027-01-14T00:00:00Z&until=2027-01-16T00:00:00Z";

/// Calls of models `m0` to `m2` over a channel, charged 0.0015 USD each, and what the vendor is paid for them.
async fn calls(face: &Face, ana: &Person, paid: [Option<&str>; 3]) -> Vec<UsageRecord> {
    face.put("/api/admin/channels/a", r#"{"name": "a", "kind": "openai"}"#).await.ok(201);
    let channel = face.desk.editor.state().await.unwrap().channels["a"].id;
    let call = |(number, paid): (usize, Option<&str>)| UsageRecord {
        channel_id: Some(channel),
        billing: Some(Billing::Charged),
        upstream_cost: paid.map(|paid| paid.parse::<Money>().unwrap()),
        ..face.record(&format!("m{number}"), ana.id())
    };
    let calls: Vec<_> = paid.into_iter().enumerate().map(call).collect();
    face.insert(&calls).await;
    calls
}

#[tokio::test]
async fn margins_are_of_the_calls_whose_cost_is_known() {
    let face = Face::in_business().await;
    let ana = face.person("ana").await;
    calls(&face, &ana, [Some("0.0009"), Some("0.002"), None]).await;
    let report = face.get(&format!("/api/admin/margin?{RANGE}")).await.ok(200);
    let total = &report["total"];
    for (name, expected) in [
        ("revenue_usd", "0.0045"),
        ("upstream_cost_usd", "0.0029"),
        ("margin_usd", "0.0001"),
        ("uncosted_revenue_usd", "0.0015"),
    ] {
        assert_eq!(total[name], expected, "{name}: {total}");
    }
    assert_eq!((&total["calls"], &total["uncosted_calls"]), (&Value::from(3), &Value::from(1)));
    assert_eq!((field(&report, "label"), &report["more"]), (vec!["a"], &Value::from(false)));

    let keys = async |query: &str| {
        let path = format!("/api/admin/margin?{RANGE}&{query}");
        let report = face.get(&path).await.ok(200);
        field(&report, "key").into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(keys("by=model&sort=margin").await, ["m1", "m2", "m0"]);
    assert_eq!(keys("by=model&sort=upstream_cost").await, ["m1", "m0", "m2"]);
    assert_eq!(keys("by=model&sort=uncosted_calls&limit=1").await, ["m2"]);
    assert_eq!(keys("by=model&filter=model:m0").await, ["m0"]);
    assert_eq!(keys("by=user").await, std::slice::from_ref(&ana.id));
    assert_eq!(keys("by=day&tz=Asia/Shanghai").await, ["2027-01-15"]);
    assert!(keys("by=model&filter=model:nobody").await.is_empty());
    let first = face.get(&format!("/api/admin/margin?{RANGE}&by=model&limit=1")).await.ok(200);
    assert_eq!((items(&first).len(), &first["more"]), (1, &Value::from(true)));
    for bad in ["by=colour", "sort=colour", "limit=0", "limit=501", "since=yesterday", "tz=Mars"] {
        let path = format!("/api/admin/margin?by=day&{bad}").replace("by=day&by", "by");
        assert_eq!(face.get(&path).await.problem(400), "malformed", "{bad}");
    }
}

#[tokio::test]
async fn sums_of_hours_tell_the_same_as_the_calls() {
    let face = Face::in_business().await;
    let ana = face.person("ana").await;
    let calls = calls(&face, &ana, [Some("0.0009"), None, Some("0.0003")]).await;
    let path = format!("/api/admin/margin?by=model&{RANGE}");
    let of_calls = face.get(&path).await.ok(200);
    assert!(face.desk.editor.store.roll_up_usage(calls[0].started_at).await.unwrap());
    assert_eq!(face.get(&path).await.ok(200), of_calls);
}

#[tokio::test]
async fn a_table_of_margins_ends_with_all_of_them() {
    let face = Face::in_business().await;
    let ana = face.person("ana").await;
    calls(&face, &ana, [Some("0.0009"), None, Some("0.0003")]).await;
    let table = face.get(&format!("/api/admin/margin/export?by=model&{RANGE}")).await;
    assert_eq!(table.headers["content-type"], "text/csv; charset=utf-8");
    let rows: Vec<&str> = table.text.lines().collect();
    assert_eq!(rows.len(), 5, "{}", table.text);
    assert_eq!(rows[4], "_total,_total,3,0.0045,0.0012,0.0018,60.00,1,0.0015");
    assert!(rows.contains(&"m0,m0,1,0.0015,0.0009,0.0006,40.00,0,0"), "{}", table.text);
    assert!(rows.contains(&"m1,m1,1,0.0015,0,0,,1,0.0015"), "{}", table.text);
}

#[tokio::test]
async fn users_never_see_what_their_calls_cost_us() {
    let face = Face::in_business().await;
    let ana = face.person("ana").await;
    let calls = calls(&face, &ana, [Some("0.000987"), Some("0.000987"), Some("0.000987")]).await;
    let id = calls[0].request_id.to_string();
    let trace = face.get(&format!("/api/admin/usage/{id}")).await.ok(200);
    assert_eq!(trace["margin"]["upstream_cost_usd"], "0.000987", "{trace}");
    assert_eq!(trace["margin"]["margin_usd"], "0.000513", "{trace}");
    let all = face.get(&format!("/api/admin/usage/export?{RANGE}")).await.text;
    assert!(all.contains(",upstream_cost_usd,") && all.contains(",0.000987,"), "{all}");

    for path in [
        format!("/api/usage/{id}"),
        format!("/api/usage?{RANGE}"),
        format!("/api/usage/summary?{RANGE}"),
        format!("/api/usage/histogram?{RANGE}"),
        format!("/api/usage/by/model?{RANGE}"),
        format!("/api/usage/export?{RANGE}"),
        format!("/api/usage/export?format=jsonl&{RANGE}"),
    ] {
        let answer = face.get_as(&ana, &path).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.text);
        for word in ["0.000987", "0.000513", "upstream_cost", "margin", "uncosted"] {
            assert!(!answer.text.contains(word), "{path}: {word} in {}", answer.text);
        }
    }
    for path in ["/api/admin/margin", "/api/admin/margin/export"] {
        assert_eq!(face.get_as(&ana, path).await.problem(403), "forbidden", "{path}");
    }
}
