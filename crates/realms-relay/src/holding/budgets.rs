//! What a caller may spend, as limits that the ledger holds calls to. Pure.

use jiff::tz::TimeZone;
use realms_identity::Caller;
use realms_ledger::{Cap, CapOwner};
use realms_types::Timestamp;

/// The limits a call must fit into: those of its key, then those of its user. `zone` is that of the site.
pub(super) fn caps(caller: &Caller, zone: &str, now: Timestamp) -> Vec<Cap> {
    if !has_budgets(caller) {
        return Vec::new();
    }
    // A site whose time zone this machine does not know has the days of everybody.
    let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
    let of_key = caller.rules.budgets.iter().map(|it| (CapOwner::ApiKey(caller.api_key_id), it));
    let of_user = caller.user_budgets.iter().map(|it| (CapOwner::User(caller.user_id), it));
    of_key
        .chain(of_user)
        .filter_map(|(owner, budget)| Cap::of(owner, *budget, now, &zone))
        .collect()
}

/// Whether anything that the caller spends counts for a budget.
pub(crate) fn has_budgets(caller: &Caller) -> bool {
    !caller.rules.budgets.is_empty() || !caller.user_budgets.is_empty()
}

/// Whether the caller may spend only so much money.
pub(super) fn has_budgets_in_money(caller: &Caller) -> bool {
    caller.rules.budgets.iter().chain(&caller.user_budgets).any(|budget| budget.most.is_money())
}
