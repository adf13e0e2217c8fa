//! The record of a call whose process is gone: what its hold knows of it. Pure.

use realms_store::{CallNote, HoldRecord, UsageRecord};
use realms_types::{Billing, Cause, Certainty, Money, Origin, RecordId, Usage, UserId};

use crate::order::HOUSE;

/// What is recorded of a call that nobody ends any more: that it broke off, and what it had cost as far
/// as anybody knows. How its LLM tokens divide is not known. `None` for holds that know
/// nothing of their call.
pub(crate) fn lost_record(hold: &HoldRecord, cost: Money, id: RecordId) -> Option<UsageRecord> {
    let note = hold.call.clone()?;
    let CallNote { api_key_id, dialect, operation, model, model_id, stream, client_request_id } =
        note;
    let lived = hold.lease_until.since(hold.created_at);
    Some(UsageRecord {
        id,
        request_id: hold.request_id,
        client_request_id,
        user_id: UserId::new(hold.account.raw()),
        api_key_id,
        node_id: hold.node_id,
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
        started_at: hold.created_at,
        first_event_us: None,
        duration_us: i64::try_from(lived.as_micros()).unwrap_or(i64::MAX),
        request_bytes: 0,
        response_bytes: 0,
        usage: Usage::default(),
        certainty: Certainty::Estimated,
        cost: Some(cost),
        price: None,
        attempts: Vec::new(),
        trace: None,
        client_address: None,
        user_agent: None,
        client: "other".to_owned(),
        session: None,
        cache_saved: None,
        billing: (!is_on_the_house(hold)).then_some(Billing::Charged),
        upstream_cost: None,
        object: None,
    })
}

/// Whether nobody pays for the call.
fn is_on_the_house(hold: &HoldRecord) -> bool {
    hold.draws.iter().any(|draw| draw.subscription == Some(HOUSE))
}
