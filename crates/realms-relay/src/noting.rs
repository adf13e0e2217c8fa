//! What is noted of a call before anybody is asked, should nobody be left to record it.

use realms_identity::Caller;
use realms_ledger::{CallNote, Noted, NotedCall};
use realms_types::{Billing, Timestamp};

use crate::{Relay, call::Call, plan::Plan};

/// Notes on disk a call that uses something and that nothing is held for: a hold would be a note of its own.
pub(crate) fn note_down(
    relay: &Relay,
    caller: &Caller,
    call: &Call,
    plan: &Plan,
    started_at: Timestamp,
) -> Option<Noted> {
    if !call.operation.is_metered() {
        return None;
    }
    relay.recorder.note(NotedCall {
        request_id: call.meta.id,
        user_id: caller.user_id,
        started_at,
        // Without a hold nothing was owed.
        billing: (!relay.self_mode).then_some(Billing::Free),
        call: note(caller, call, plan),
    })
}

/// What is recorded of the call should nobody be left to do it.
pub(crate) fn note(caller: &Caller, call: &Call, plan: &Plan) -> CallNote {
    CallNote {
        api_key_id: caller.api_key_id,
        dialect: call.operation.dialect(),
        operation: call.operation.as_str().to_owned(),
        model: plan.model_name().to_owned(),
        model_id: plan.model.as_ref().map(|model| model.id),
        stream: plan.intent.stream,
        client_request_id: call.meta.from_client.as_deref().map(str::to_owned),
    }
}
