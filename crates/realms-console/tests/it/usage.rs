//! Usage records over HTTP.

use realms_store::{AttemptRecord, UsageRecord};
use realms_types::{
    ApiKeyId, Cause, Certainty, DialectId, Money, NodeId, Scope, Timestamp, Usage, UserId,
};

use crate::face::Face;

pub(crate) fn record(face: &Face, model: &str, user_id: UserId) -> UsageRecord {
    let ids = &face.desk.editor.ids;
    UsageRecord {
        id: ids.next(),
        request_id: ids.next_request(),
        client_request_id: None,
        user_id,
        api_key_id: ids.next::<ApiKeyId>(),
        node_id: ids.next::<NodeId>(),
        dialect: DialectId::Responses,
        operation: "responses".to_owned(),
        model: model.to_owned(),
        model_id: None,
        upstream_model: None,
        answered_model: None,
        channel_id: None,
        endpoint_id: None,
        credential_id: None,
        channel_group_id: None,
        stream: true,
        status: 200,
        outcome: "ok".to_owned(),
        origin: None,
        cause: None,
        started_at: Timestamp::from_secs(1_800_000_000),
        first_event_us: Some(1),
        duration_us: 2,
        request_bytes: 3,
        response_bytes: 4,
        usage: Usage { input: 10, cache_read: 5, output: 7, ..Usage::default() },
        certainty: Certainty::Measured,
        cost: Some(Money::from_nano(1_500_000)),
        price: None,
        attempts: Vec::new(),
        trace: None,
        client_address: None,
        user_agent: None,
        object: None,
    }
}

#[tokio::test]
async fn records_are_listed_page_by_page_and_filtered() {
    let face = Face::open().await;
    face.put("/api/admin/users/ana", r#"{"username": "ana"}"#).await.ok(201);
    let user = face.desk.editor.state().await.unwrap().users["ana"].id;
    let records: Vec<_> = (0..5).map(|n| record(&face, &format!("m{}", n % 2), user)).collect();
    face.desk.editor.store.insert_usage(&records).await.unwrap();

    let first = face.get("/api/admin/usage?limit=3").await.ok(200);
    assert_eq!(first["items"].as_array().unwrap().len(), 3);
    let next = first["next"].as_str().unwrap();
    let rest = face.get(&format!("/api/admin/usage?limit=3&before={next}")).await.ok(200);
    assert_eq!((rest["items"].as_array().unwrap().len(), rest.get("next")), (2, None));

    let filtered = face.get("/api/admin/usage?model=m1&user=ana").await.ok(200);
    assert_eq!(filtered["items"].as_array().unwrap().len(), 2);
    let later = face.get("/api/admin/usage?since=2099-01-01T00:00:00Z").await.ok(200);
    assert_eq!(later["items"].as_array().unwrap().len(), 0);
    for bad in ["limit=0", "limit=201", "since=yesterday", "user=nobody", "before=x", "colour=red"]
    {
        let answer = face.get(&format!("/api/admin/usage?{bad}")).await;
        assert_eq!(answer.problem(400), "malformed", "{bad}");
    }
}

#[tokio::test]
async fn one_call_is_shown_with_its_attempts() {
    let face = Face::open().await;
    face.put("/api/admin/channels/a", r#"{"name": "a", "kind": "openai"}"#).await.ok(201);
    face.put("/api/admin/users/ana", r#"{"username": "ana"}"#).await.ok(201);
    let state = face.desk.editor.state().await.unwrap();
    let ids = &face.desk.editor.ids;
    let mut record = record(&face, "m", state.users["ana"].id);
    record.attempts.push(AttemptRecord {
        sequence: 0,
        channel_id: state.channels["a"].id,
        endpoint_id: ids.next(),
        credential_id: ids.next(),
        binding_id: None,
        upstream_model: None,
        started_at: record.started_at,
        headers_us: None,
        duration_us: 9,
        status: Some(429),
        outcome: "retried".to_owned(),
        cause: Some(Cause::RateLimited),
        scope: Some(Scope::Credential),
        detail: None,
        bytes: 0,
        upstream_request_id: None,
    });
    face.desk.editor.store.insert_usage(&[record.clone()]).await.unwrap();
    let shown = face.get(&format!("/api/admin/usage/{}", record.request_id)).await.ok(200);
    assert_eq!(shown["usage"]["cache_read"], 5);
    assert_eq!(shown["cost_usd"], "0.0015");
    let attempt = &shown["attempts"][0];
    assert_eq!(
        (attempt["channel"].as_str(), attempt["cause"].as_str()),
        (Some("a"), Some("rate_limited"))
    );
    assert_eq!(face.get("/api/admin/usage/nope").await.problem(404), "not_found");
}
