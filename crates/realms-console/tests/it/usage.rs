//! Usage over HTTP: one's own and, for operators, everyone's.

mod calls;
mod dashboard;
mod margins;
mod overview;
mod search;
mod sums;

use http::Method;
use realms_store::{AttemptRecord, UsageRecord};
use realms_types::{
    ApiKeyId, Cause, Certainty, DialectId, Money, NodeId, Scope, Timestamp, Usage, UserId,
};
use serde_json::Value;

use crate::face::{Answer, Face, Person};

impl Face {
    async fn person(&self, name: &str) -> Person {
        let path = format!("/api/admin/users/{name}");
        self.put(&path, &format!(r#"{{"username": "{name}"}}"#)).await.ok(201);
        self.sign_in(name).await
    }

    async fn get_as(&self, person: &Person, path: &str) -> Answer {
        self.ask_as(person, Method::GET, path, "").await
    }

    fn record(&self, model: &str, user_id: UserId) -> UsageRecord {
        record(self, model, user_id)
    }

    async fn insert(&self, records: &[UsageRecord]) {
        self.desk.editor.store.insert_usage(records).await.unwrap();
    }
}

/// A call that went well.
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
        started_at: at("2027-01-15T08:00:00Z"),
        first_event_us: Some(400_000),
        duration_us: 1_400_000,
        request_bytes: 3,
        response_bytes: 4,
        usage: Usage { input: 10, cache_read: 30, output: 7, ..Usage::default() },
        certainty: Certainty::Measured,
        cost: Some(Money::from_nano(1_500_000)),
        price: None,
        attempts: Vec::new(),
        trace: None,
        client_address: None,
        user_agent: Some("codex_exec/0.169.0 (Debian 12)".to_owned()),
        client: "codex_cli".to_owned(),
        session: None,
        cache_saved: Some(Money::from_nano(250_000)),
        billing: None,
        upstream_cost: None,
        object: None,
    }
}

impl Person {
    fn id(&self) -> UserId {
        self.id.parse().unwrap()
    }
}

fn at(time: &str) -> Timestamp {
    time.parse().unwrap()
}

fn attempt(face: &Face, record: &UsageRecord, channel: realms_types::ChannelId) -> AttemptRecord {
    let ids = &face.desk.editor.ids;
    AttemptRecord {
        sequence: 0,
        channel_id: channel,
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
        detail: Some("the words of the upstream".to_owned()),
        bytes: 0,
        upstream_request_id: None,
    }
}

fn items(page: &Value) -> &Vec<Value> {
    page["items"].as_array().unwrap()
}

fn field<'a>(page: &'a Value, name: &str) -> Vec<&'a str> {
    items(page).iter().map(|item| item[name].as_str().unwrap()).collect()
}
