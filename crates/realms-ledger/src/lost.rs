//! The record of a call whose process is gone: what its hold, or its line in the journal, knows of it. Pure.

use std::time::Duration;

use realms_store::{CallNote, HoldRecord, UsageRecord};
use realms_types::{
    Billing, Cause, Certainty, Money, NodeId, Origin, RecordId, RequestId, Timestamp, Usage, UserId,
};

use crate::{NotedCall, order::HOUSE};

/// A call that nobody ends any more.
struct Gone {
    request_id: RequestId,
    user_id: UserId,
    node_id: NodeId,
    note: CallNote,
    started_at: Timestamp,
    /// How long it may have run, if anything tells.
    lived: Duration,
    cost: Option<Money>,
    certainty: Certainty,
    billing: Option<Billing>,
}

/// What is recorded of a call that nobody ends any more: that it broke off, and what it had cost as far
/// as anybody knows. How its LLM tokens divide is not known. `None` for holds that know
/// nothing of their call.
pub(crate) fn lost_record(hold: &HoldRecord, cost: Money, id: RecordId) -> Option<UsageRecord> {
    let gone = Gone {
        request_id: hold.request_id,
        user_id: UserId::new(hold.account.raw()),
        node_id: hold.node_id,
        note: hold.call.clone()?,
        started_at: hold.created_at,
        lived: hold.lease_until.since(hold.created_at),
        cost: Some(cost),
        certainty: Certainty::Estimated,
        billing: (!is_on_the_house(hold)).then_some(Billing::Charged),
    };
    Some(gone.record(id))
}

/// The same of a call without a hold, which was noted by this node: nothing tells what it used, what that
/// costs, or how long it ran.
pub(crate) fn lost_call(call: NotedCall, node_id: NodeId, id: RecordId) -> UsageRecord {
    let NotedCall { request_id, user_id, started_at, billing, call: note } = call;
    let gone = Gone {
        request_id,
        user_id,
        node_id,
        note,
        started_at,
        lived: Duration::ZERO,
        cost: None,
        certainty: Certainty::None,
        billing,
    };
    gone.record(id)
}

// === impl Gone ===

impl Gone {
    fn record(self, id: RecordId) -> UsageRecord {
        let CallNote { api_key_id, dialect, operation, model, model_id, stream, client_request_id } =
            self.note;
        UsageRecord {
            id,
            request_id: self.request_id,
            client_request_id,
            user_id: self.user_id,
            api_key_id,
            node_id: self.node_id,
            dialect,
            operation,
            model,
            model_id,
            upstream_model: None,
            answered_model: None,
            channel_id: None,
            endpoint_id: None,
            credential_id: None,
            channel_group_id: None,
            stream,
            status: 503,
            outcome: "broken".to_owned(),
            origin: Some(Origin::Realms),
            cause: Some(Cause::Shutdown),
            started_at: self.started_at,
            first_event_us: None,
            duration_us: i64::try_from(self.lived.as_micros()).unwrap_or(i64::MAX),
            request_bytes: 0,
            response_bytes: 0,
            usage: Usage::default(),
            certainty: self.certainty,
            cost: self.cost,
            price: None,
            attempts: Vec::new(),
            trace: None,
            client_address: None,
            user_agent: None,
            client: "other".to_owned(),
            session: None,
            cache_saved: None,
            billing: self.billing,
            upstream_cost: None,
            object: None,
        }
    }
}

/// Whether nobody pays for the call.
fn is_on_the_house(hold: &HoldRecord) -> bool {
    hold.draws.iter().any(|draw| draw.subscription == Some(HOUSE))
}
