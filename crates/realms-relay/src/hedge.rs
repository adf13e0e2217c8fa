//! When a second candidate is asked beside one that is late with its first event.

use std::time::Duration;

use realms_scheduler::Candidate;

use crate::{Operation, Relay, call::Call, plan::Plan, quirk::keeps_nothing};

/// A model that usually takes long to begin is late after so many times as long.
const PATIENCE: u32 = 2;

/// How long a candidate may take to begin before another is asked beside it; `None` where nobody is:
/// it is switched off, nothing of an answer can be late, or to ask twice would leave something behind.
pub(crate) fn late_after(
    relay: &Relay,
    call: &Call,
    plan: &Plan,
    candidate: &Candidate,
) -> Option<Duration> {
    let settings = plan.catalog.settings();
    let after = Some(settings.hedge_after).filter(|after| !after.is_zero())?;
    if !may_be_asked_twice(call, plan, candidate) {
        return None;
    }
    let model = plan.model.as_ref()?.id;
    let usual = relay.loads().usual(candidate.channel.id, model, relay.clock.now());
    Some(usual.map_or(after, |usual| after.max(usual * PATIENCE)))
}

/// Whether nothing but its answer comes of a call. A stored response would stay behind at whoever was
/// overtaken, and what goes on with a state can be asked of one account only.
fn may_be_asked_twice(call: &Call, plan: &Plan, candidate: &Candidate) -> bool {
    let intent = &plan.intent;
    let is_kept =
        plan.stores_answer(&call.operation, candidate) && !keeps_nothing(candidate.channel.kind);
    intent.stream
        && call.operation.is_generation()
        && !matches!(call.operation, Operation::Stored(_))
        && !intent.background
        && intent.previous_response.is_none()
        && !is_kept
}
