//! What is kept of a call.

use realms_types::{
    ApiKeyId, Billing, BindingId, Cause, Certainty, ChannelGroupId, ChannelId, CredentialId,
    DialectId, EndpointId, ModelId, Money, NodeId, Origin, RecordId, RequestId, Scope, Timestamp,
    Usage, UserId, is_same_model,
};
use serde::{Deserialize, Serialize};

use super::TraceRecord;
use crate::StoredObject;

/// One relayed call. Times of the call count from `started_at`, in microseconds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UsageRecord {
    /// Its id; records are listed by it.
    pub id: RecordId,
    /// The id given to the call, unique.
    pub request_id: RequestId,
    /// The `X-Request-Id` the client sent; cut to 128 bytes.
    pub client_request_id: Option<String>,
    /// Who called.
    pub user_id: UserId,
    /// With which key.
    pub api_key_id: ApiKeyId,
    /// The process that relayed.
    pub node_id: NodeId,
    /// The client's dialect.
    pub dialect: DialectId,
    /// What was asked for, such as `responses` or `count_tokens`.
    pub operation: String,
    /// The model as the client named it; cut to 255 bytes.
    pub model: String,
    /// The model it named, if that exists.
    pub model_id: Option<ModelId>,
    /// What the upstream was asked for.
    pub upstream_model: Option<String>,
    /// What the upstream said it used.
    pub answered_model: Option<String>,
    /// The channel of the last attempt.
    pub channel_id: Option<ChannelId>,
    /// The endpoint of the last attempt.
    pub endpoint_id: Option<EndpointId>,
    /// The credential of the last attempt.
    pub credential_id: Option<CredentialId>,
    /// The channel group that led there.
    pub channel_group_id: Option<ChannelGroupId>,
    /// Whether the client asked for a stream.
    pub stream: bool,
    /// The status sent to the client.
    pub status: u16,
    /// One word: `ok`, `failed`, `client_gone`, `broken`, ….
    pub outcome: String,
    /// Whose fault a failure was.
    pub origin: Option<Origin>,
    /// Why it failed.
    pub cause: Option<Cause>,
    /// When the request was read.
    pub started_at: Timestamp,
    /// Until the first meaningful event, in microseconds.
    pub first_event_us: Option<i64>,
    /// Until the end, in microseconds.
    pub duration_us: i64,
    /// Bytes of the client's body.
    pub request_bytes: i64,
    /// Bytes sent to the client.
    pub response_bytes: i64,
    /// LLM tokens by bucket.
    pub usage: Usage,
    /// How `usage` came to be known.
    pub certainty: Certainty,
    /// What it costs, where a price is known.
    pub cost: Option<Money>,
    /// The price and multiplier behind `cost`, as JSON; left out beyond 16 KiB.
    pub price: Option<String>,
    /// The attempts in order.
    pub attempts: Vec<AttemptRecord>,
    /// How it was decided. Written with the record, not read back with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trace: Option<Box<TraceRecord>>,
    /// Where the client connected from.
    pub client_address: Option<String>,
    /// What the client calls itself; cut to 255 bytes.
    pub user_agent: Option<String>,
    /// The program that called, as a stable word such as `codex_cli`; `other` when unknown.
    #[serde(default = "other")]
    pub client: String,
    /// The conversation it belongs to, as the client named it; cut to 255 bytes.
    #[serde(default)]
    pub session: Option<String>,
    /// What the vendor's cache saved: what the cached input would have cost fresh, less what it cost.
    #[serde(default)]
    pub cache_saved: Option<Money>,
    /// What became of its charge; `None` where nobody pays for calls.
    #[serde(default)]
    pub billing: Option<Billing>,
    /// What it cost us at its vendor; `None` where nobody knows. No part of what is charged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub upstream_cost: Option<Money>,
    /// The object the call left at the upstream. Written with the record, not read back with it.
    pub object: Option<StoredObject>,
}

/// One try of one candidate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttemptRecord {
    /// Its place among the attempts of the call, from 0.
    pub sequence: u16,
    /// The channel tried.
    pub channel_id: ChannelId,
    /// The endpoint tried.
    pub endpoint_id: EndpointId,
    /// The credential tried.
    pub credential_id: CredentialId,
    /// The binding that led there.
    pub binding_id: Option<BindingId>,
    /// What the upstream was asked for.
    pub upstream_model: Option<String>,
    /// When it began.
    pub started_at: Timestamp,
    /// Until the response headers, in microseconds.
    pub headers_us: Option<i64>,
    /// Until its end, in microseconds.
    pub duration_us: i64,
    /// The upstream's status.
    pub status: Option<u16>,
    /// One word: `accepted`, `retried`, `failed`, `cancelled`.
    pub outcome: String,
    /// Why it failed.
    pub cause: Option<Cause>,
    /// What the failure puts to rest.
    pub scope: Option<Scope>,
    /// The upstream's words, scrubbed; cut to 1 KiB.
    pub detail: Option<String>,
    /// Bytes read from the upstream.
    pub bytes: i64,
    /// The upstream's own id of the request.
    pub upstream_request_id: Option<String>,
}

/// A record spooled by an earlier version does not name its client.
fn other() -> String {
    "other".to_owned()
}

// === impl UsageRecord ===

impl UsageRecord {
    /// Whether the upstream said it used another model than it was asked for.
    pub fn is_mismatch(&self) -> bool {
        let names = self.upstream_model.as_ref().zip(self.answered_model.as_ref());
        names.is_some_and(|(asked, answered)| !is_same_model(asked, answered))
    }
}
