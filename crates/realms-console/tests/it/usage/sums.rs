//! What calls add up to, under every filter.

use realms_types::Cause;
use serde_json::Value;

use super::{at, field, items};
use crate::face::Face;

#[tokio::test]
async fn sums_are_those_of_the_calls() {
    let face = Face::open().await;
    let ana = face.person("ana").await;
    let mut records: Vec<_> =
        (0..4).map(|n| face.record(&format!("m{}", n % 2), ana.id())).collect();
    records[3].outcome = "failed".to_owned();
    records[3].cause = Some(Cause::Broken);
    records[2].started_at = at("2027-01-15T16:30:00Z");
    let mut earlier = face.record("m0", ana.id());
    earlier.started_at = at("2027-01-13T12:00:00Z");
    records.push(earlier);
    face.insert(&records).await;

    let range = "since=2027-01-14T00:00:00Z&until=2027-01-16T00:00:00Z";
    let path = format!("/api/usage/summary?compare=previous&{range}");
    let summary = face.get_as(&ana, &path).await.ok(200);
    let sums = &summary["sums"];
    assert_eq!((sums["calls"].as_u64(), sums["errors"].as_u64()), (Some(4), Some(1)));
    assert_eq!(
        (sums["cost_usd"].as_str(), sums["cache_saved_usd"].as_str()),
        (Some("0.006"), Some("0.001"))
    );
    assert_eq!(summary["error_share"], 0.25);
    assert_eq!(summary["cache_hit_share"], 0.75);
    assert_eq!(summary["output_tokens_per_second"], 7);
    let p95 = summary["p95_first_event_us"].as_u64().unwrap();
    assert!((362_000..512_000).contains(&p95), "{p95}");
    assert_eq!(summary["previous"]["calls"], 1);

    let by = face.get(&format!("/api/admin/usage/by/model?sort=-calls&{range}")).await.ok(200);
    assert_eq!(field(&by, "key"), ["m0", "m1"]);
    assert_eq!(items(&by)[1]["errors"], 1);
    let by = face.get(&format!("/api/admin/usage/by/user?{range}")).await.ok(200);
    assert_eq!((field(&by, "label"), field(&by, "key")), (vec!["ana"], vec![ana.id.as_str()]));
    let by = face.get(&format!("/api/admin/usage/by/cause?{range}")).await.ok(200);
    assert_eq!(field(&by, "key"), ["_none", "broken"]);
    let by = face.get(&format!("/api/admin/usage/by/channel?{range}")).await.ok(200);
    assert_eq!(field(&by, "key"), ["_none"]);
    // In Shanghai the call of half past four in the afternoon is on the next day.
    let by = face.get(&format!("/api/admin/usage/by/day?tz=Asia/Shanghai&{range}")).await.ok(200);
    assert_eq!(field(&by, "key"), ["2027-01-16", "2027-01-15"]);
    assert_eq!(
        (&items(&by)[0]["calls"], &items(&by)[1]["calls"]),
        (&Value::from(1), &Value::from(3))
    );

    let chart = face
        .get_as(
            &ana,
            &format!("/api/usage/histogram?bucket=hour&by=outcome&{range}&tz=Asia/Kolkata"),
        )
        .await
        .ok(200);
    let starts = chart["starts"].as_array().unwrap();
    // The range begins at half past five.
    assert_eq!((starts.len(), &starts[0]), (49, &Value::from("2027-01-13T23:30:00.000000Z")));
    let series = chart["series"].as_array().unwrap();
    assert_eq!((series[0]["key"].as_str(), series[0]["total"].as_str()), (Some("ok"), Some("3")));
    let ok = series[0]["values"].as_array().unwrap();
    assert_eq!((ok[32].as_f64(), ok[41].as_f64()), (Some(2.0), Some(1.0)), "{ok:?}");
    let cost = face
        .get_as(&ana, &format!("/api/usage/histogram?measure=cost&by=model&bucket=day&{range}"))
        .await
        .ok(200);
    assert_eq!(cost["series"][0]["total"], "0.003");
    for bad in [
        "histogram?by=colour",
        "histogram?bucket=year",
        "histogram?tz=Mars/Olympus",
        "histogram?bucket=minute&since=2027-01-01T00:00:00Z&until=2027-02-01T00:00:00Z",
        "by/colour",
        "by/model?sort=colour",
        "by/model?limit=0",
        "summary?compare=previous",
        "export?format=xls",
    ] {
        let answer = face.get_as(&ana, &format!("/api/usage/{bad}")).await;
        assert_eq!(answer.problem(400), "malformed", "{bad}");
    }
}

#[tokio::test]
async fn calls_that_lack_something_are_found_by_it() {
    let face = Face::open().await;
    let ana = face.person("ana").await;
    let mut records: Vec<_> = (0..2).map(|_| face.record("m0", ana.id())).collect();
    records[1].outcome = "failed".to_owned();
    records[1].cause = Some(Cause::Broken);
    records[1].session = Some("s1".to_owned());
    face.insert(&records).await;
    let calls = async |filter: &str| {
        let path = format!("/api/admin/usage/summary?filter={filter}");
        face.get(&path).await.ok(200)["sums"]["calls"].as_u64().unwrap()
    };
    assert_eq!(calls("cause:_none").await, 1);
    assert_eq!(calls("cause!:_none").await, 1);
    assert_eq!(calls("cause:_none,broken").await, 2);
    assert_eq!(calls("channel:_none").await, 2);
    assert_eq!(calls("session:_none").await, 1);
    let by = face.get("/api/admin/usage/by/session?sort=-calls").await.ok(200);
    let mut keys = field(&by, "key");
    keys.sort_unstable();
    assert_eq!(keys, ["_none", "s1"]);
}
