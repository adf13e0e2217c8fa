//! What an operator sees first.

use realms_types::{Clock as _, SystemClock, Timestamp};

use crate::face::Face;

#[tokio::test]
async fn an_overview_names_what_is_not_as_it_should_be() {
    let face = Face::open().await;
    for (path, body) in [
        ("channels/empty", r#"{"name": "empty", "kind": "openai"}"#),
        ("channels/off", r#"{"name": "off", "kind": "openai", "enabled": false}"#),
        ("models/lonely", r#"{"name": "lonely"}"#),
        ("settings/site_base_url", r#"{"value": "http://realms.example.org"}"#),
    ] {
        let answer = face.put(&format!("/api/admin/{path}"), body).await;
        assert!(answer.status.is_success(), "{path}: {}", answer.text);
    }
    let ana = face.person("ana").await;
    let now = SystemClock.now().as_micros();
    let mut record = face.record("m", ana.id());
    record.started_at = Timestamp::from_micros(now - 30_000_000);
    face.insert(&[record]).await;

    let seen = face.get("/api/admin/overview?tz=Europe/Berlin").await.ok(200);
    assert_eq!(seen["healthy"], false);
    let channels = &seen["channels"];
    let count = |name: &str| channels[name].as_u64().unwrap();
    assert_eq!(["total", "serving", "degraded", "down", "disabled"].map(count), [2, 0, 0, 1, 1]);
    let findings: Vec<(&str, &str)> = seen["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (one["severity"].as_str().unwrap(), one["id"].as_str().unwrap()))
        .collect();
    assert_eq!(
        findings,
        [
            ("error", "channel_down:empty"),
            ("warning", "model_no_channel"),
            ("warning", "plain_http")
        ]
    );
    assert_eq!(seen["findings"][0]["params"]["reason"], "no_credential");
    assert_eq!(seen["findings"][1]["params"]["models"], "lonely");
    assert_eq!(seen["now"]["calls_per_minute"], 0.2);
    assert_eq!(seen["top_users"][0]["label"], "ana");
    assert_eq!(seen["throughput"]["series"][0]["total"], "1");
    let p95 = seen["latency"]["p95"].as_array().unwrap();
    assert_eq!(p95.len(), seen["latency"]["starts"].as_array().unwrap().len());
    assert_eq!(p95.iter().filter(|one| one.is_u64()).count(), 1);
    assert_eq!(seen["setup"]["channel"], false);
    assert_eq!(face.get_as(&ana, "/api/admin/overview").await.problem(403), "forbidden");
}
