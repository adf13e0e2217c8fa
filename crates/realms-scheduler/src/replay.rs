//! A recorded decision, made again.

use realms_catalog::Catalog;
use realms_types::{Considered, Scope, Timestamp};

use crate::{Decision, Health, Moment, Recorded, Target, Wanted, decide};

/// Decides once more as a trace says it was: with the same chance, what rested and who was busy then.
/// With the configuration of then it is the same decision, unless more was considered than the trace
/// tells; with another it shows what that changes.
pub fn replay(
    catalog: &Catalog,
    wanted: Wanted<'_>,
    considered: &[Considered],
    seed: u64,
    at: Timestamp,
) -> Decision {
    let (health, busyness) = (rested(wanted, considered, at), Recorded::from(considered));
    decide(catalog, wanted, Moment { health: &health, busyness: &busyness, seed, now: at })
}

/// What rested when these were considered.
fn rested(wanted: Wanted<'_>, considered: &[Considered], at: Timestamp) -> Health {
    let health = Health::default();
    for one in considered {
        let (Some(cause), Some(until), Some(scope)) = (one.cause, one.until, one.scope) else {
            continue;
        };
        let target = match scope {
            Scope::Endpoint => one.endpoint.map(Target::Endpoint),
            Scope::Credential => one.credential.map(Target::Credential),
            Scope::Channel => Some(Target::Channel(one.channel)),
            Scope::Binding => {
                let mut bindings = wanted.model.bindings.iter();
                let of_channel = bindings.find(|binding| binding.channel.id == one.channel);
                of_channel.map(|binding| Target::Binding(binding.id))
            }
            Scope::Request => None,
        };
        if let Some(target) = target {
            health.rest_until(target, cause, until, at);
        }
    }
    health
}
