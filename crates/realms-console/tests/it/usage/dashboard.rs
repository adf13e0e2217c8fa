//! What a person sees first.

use realms_store::AttemptRecord;
use realms_types::{Cause, Clock as _, Money, Origin, SystemClock, Timestamp};
use serde_json::Value;

use super::{at, attempt};
use crate::face::Face;

#[tokio::test]
async fn a_dashboard_shows_what_is_used_and_what_fails() {
    let face = Face::open().await;
    let ana = face.person("ana").await;
    let empty = face.get_as(&ana, "/api/dashboard").await.ok(200);
    let kinds: Vec<&str> = empty["attention"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["kind"].as_str().unwrap())
        .collect();
    assert_eq!(kinds, ["no_channel", "no_key"]);
    assert_eq!(empty["connect"], serde_json::json!({"has_key": false, "has_call": false}));
    assert_eq!(empty["today"]["sums"]["calls"], 0);
    assert_eq!(empty["spend"]["series"], serde_json::json!([]));

    let now = SystemClock.now().as_micros();
    let records: Vec<_> = (0..12)
        .map(|n| {
            let mut record = face.record("m", ana.id());
            record.started_at = Timestamp::from_micros(now - 120_000_000 + n);
            if n > 0 {
                record.outcome = "failed".to_owned();
                record.cause = Some(Cause::RateLimited);
                record.origin = Some(Origin::Upstream);
            }
            record
        })
        .collect();
    face.insert(&records).await;
    let full = face.get_as(&ana, "/api/dashboard?range=7d&tz=Asia/Shanghai").await.ok(200);
    assert!(
        full["attention"]
            .to_string()
            .contains(r#""kind":"failing","params":{"cause":"rate_limited","count":"10"}"#)
    );
    assert_eq!(full["connect"]["has_call"], true);
    assert_eq!(full["recent"].as_array().unwrap().len(), 8);
    let errors = full["recent_errors"].as_array().unwrap();
    assert_eq!(
        (errors[0]["cause"].as_str(), errors[0]["count"].as_u64()),
        (Some("rate_limited"), Some(11))
    );
    assert_eq!(errors[0]["last"]["request_id"], records[11].request_id.to_string());
    assert_eq!(full["top_models"][0]["cost_usd"], "0.018");
    assert_eq!(full["top_clients"][0]["key"], "codex_cli");
    assert_eq!(full["calls"]["series"][0]["total"], "11");
    assert_eq!(full["spend"]["bucket"], "day");
    assert_eq!(face.get_as(&ana, "/api/dashboard?range=1y").await.problem(400), "malformed");
}

#[tokio::test]
async fn the_month_of_a_dashboard_adds_up_to_its_calls_in_the_zone_of_the_reader() {
    let face = Face::open().await;
    let ana = face.person("ana").await;
    let other = face.person("eve").await;
    let zone = "Asia/Shanghai";
    let now = SystemClock.now();
    let clock = jiff::Timestamp::from_microsecond(now.as_micros()).unwrap().in_tz(zone).unwrap();
    let first = clock.first_of_month().unwrap().start_of_day().unwrap().timestamp();
    let first = first.as_microsecond();
    let mut records: Vec<_> = [first - 1, first, first, now.as_micros() - 1]
        .map(|micros| {
            let mut record = face.record("m", ana.id());
            record.started_at = Timestamp::from_micros(micros);
            record
        })
        .into();
    records[2].cost = Some(Money::from_nano(7));
    let mut strange = face.record("m", other.id());
    strange.started_at = now;
    records.push(strange);
    face.insert(&records).await;

    for (zone, range) in [(zone, "24h"), (zone, "30d"), ("America/New_York", "7d"), ("UTC", "24h")]
    {
        let path = format!("/api/dashboard?range={range}&tz={zone}");
        let month = face.get_as(&ana, &path).await.ok(200)["month"].clone();
        let starts = month["starts"].as_array().unwrap();
        let since = starts[0].as_str().unwrap();
        let days = month["days"].as_array().unwrap();
        let dates: Vec<&str> = days.iter().map(|day| day["date"].as_str().unwrap()).collect();
        assert!(dates[0].ends_with("-01") && dates.is_sorted(), "{dates:?}");
        assert!((28..=31).contains(&starts.len()) && dates.len() <= starts.len());
        let end = month["end"].as_str().unwrap();
        assert!(at(starts.last().unwrap().as_str().unwrap()) < at(end) && now < at(end));
        let cost = |value: &Value| value["cost_usd"].as_str().unwrap().parse::<Money>().unwrap();
        let total: i64 = days.iter().map(|day| cost(day).nano()).sum();
        assert_eq!(total, cost(&month["sums"]).nano(), "{zone}");
        // The page links to the calls since the first of these moments.
        let path = format!("/api/usage/summary?since={since}&until={end}");
        let calls = face.get_as(&ana, &path).await.ok(200)["sums"].clone();
        assert_eq!(calls, month["sums"], "{zone}");
        if zone == "Asia/Shanghai" {
            assert_eq!(at(since).as_micros(), first);
            assert_eq!(dates.len(), usize::try_from(clock.day()).unwrap());
            assert_eq!(calls["calls"], 3, "the one of the last microsecond before is not in it");
            assert_eq!(month["sums"]["cost_usd"], "0.003000007");
        }
    }
}

#[tokio::test]
async fn the_waste_of_a_dashboard_is_that_of_the_calls_it_leads_to() {
    let face = Face::open().await;
    let ana = face.person("ana").await;
    face.put("/api/admin/channels/a", r#"{"name": "a", "kind": "openai"}"#).await.ok(201);
    let channel = face.desk.editor.state().await.unwrap().channels["a"].id;
    let now = SystemClock.now().as_micros();
    let mut records: Vec<_> = (0..7)
        .map(|n| {
            let mut record = face.record("m", ana.id());
            record.started_at = Timestamp::from_micros(now - 120_000_000 + n);
            record
        })
        .collect();
    for (record, outcome) in records.iter_mut().zip(["failed", "broken", "client_gone", "refused"])
    {
        record.outcome = outcome.to_owned();
    }
    records[3].cost = None; // refused before it cost anything
    for record in &mut records[4..6] {
        let first = attempt(&face, record, channel);
        let second = AttemptRecord { sequence: 1, ..attempt(&face, record, channel) };
        record.attempts = vec![first, second];
    }
    records[6].upstream_model = Some("m-1".to_owned());
    records[6].answered_model = Some("n-1".to_owned());
    let mut old = records[0].clone();
    old.id = face.desk.editor.ids.next();
    old.request_id = face.desk.editor.ids.next_request();
    old.started_at = Timestamp::from_micros(now - 48 * 3_600 * 1_000_000);
    records.push(old);
    face.insert(&records).await;

    for (range, since, failed) in [("24h", 24, 2), ("7d", 7 * 24, 3)] {
        let path = format!("/api/dashboard?range={range}");
        let waste = face.get_as(&ana, &path).await.ok(200)["waste"].clone();
        let since = Timestamp::from_micros(now - since * 3_600 * 1_000_000);
        for (name, filter, calls) in [
            ("failed", "outcome:refused,rejected,failed,broken%20cost%3E0", failed),
            ("retried", "attempts%3E1", 2),
            ("mismatched", "mismatch:true", 1),
        ] {
            let path = format!("/api/usage/summary?filter={filter}&since={since}");
            let sums = face.get_as(&ana, &path).await.ok(200)["sums"].clone();
            assert_eq!(waste[name]["calls"], calls, "{name} {range}");
            for field in ["calls", "cost_usd"] {
                assert_eq!(waste[name][field], sums[field], "{name} {range}");
            }
        }
    }
}
