//! When a call that is refused now would be paid for.

use realms_identity::Caller;
use realms_ledger::{Bearer, LedgerError, Refusal, room_at};
use realms_types::Timestamp;

use super::{budgets::caps, payer};
use crate::{Relay, plan::Plan};

/// The first moment at which there is room for a call that a limit or the plans have none for. `None`: there
/// never is, or nobody can tell.
pub(super) async fn when_again(
    relay: &Relay,
    caller: &Caller,
    plan: &Plan,
    error: &LedgerError,
    now: Timestamp,
) -> Option<Timestamp> {
    let LedgerError::Refused(refusal) = error else { return None };
    let (bearers, needed) = match refusal {
        Refusal::Limit { owner, unit, window, needed, .. } => {
            let caps = caps(caller, &plan.catalog.settings().time_zone, now);
            let cap = caps.iter().find(|cap| {
                cap.unit == *unit && cap.window == *window && cap.owner.to_string() == *owner
            });
            (vec![Bearer::from(cap?)], *needed)
        }
        Refusal::Exhausted { estimate, .. } => {
            let payer = payer(relay, caller, plan, now);
            (payer.subscriptions().iter().map(Bearer::from).collect(), estimate.nano())
        }
        _ => return None,
    };
    let wanted: Vec<_> = bearers.iter().flat_map(|bearer| bearer.allowances(now)).collect();
    match relay.store.read().list_allowance_pieces(&wanted).await {
        Ok(used) => room_at(&bearers, needed, &used, now),
        Err(error) => {
            tracing::warn!(%error, "cannot tell when a limit has room again");
            None
        }
    }
}
