//! What a person should know about a plan, besides its changes.

use super::{Kind, Object, Plan, State, Verb};
use crate::manifest::{ApiKey, Manifest, User, UserGroup};

/// Adds every note to the plan.
pub(super) fn add(plan: &mut Plan, manifest: &Manifest, state: &State) {
    let mut notes = Vec::new();
    let starts_with_money = |user: &User| {
        user.balance_usd.is_some() && !state.users.contains_key(user.username.as_str())
    };
    if manifest.users.iter().any(starts_with_money) {
        notes.push("`balance_usd` is not applied: this version keeps no balances".to_owned());
    }
    for change in plan.changes.iter().filter(|change| change.verb != Verb::Delete) {
        if let Object::ApiKey(key) = &change.object {
            notes.extend(useless_groups(key, plan, state));
        }
    }
    plan.notes.extend(notes);
}

/// A key can only narrow what its user may use.
fn useless_groups(key: &ApiKey, plan: &Plan, state: &State) -> Option<String> {
    let user = plan.user(key.user.as_str(), state)?;
    let group = plan.user_group(user.group.as_ref()?.as_str(), state)?;
    let allowed = group.channel_groups.as_deref().unwrap_or_default();
    let useless = key.channel_groups.iter().flatten().find(|one| !allowed.contains(one))?;
    Some(format!(
        "api_key `{}/{}`: channel_group `{useless}` has no effect, user_group `{}` does not allow it",
        key.user, key.name, group.name
    ))
}

// === impl Plan ===

impl Plan {
    fn user<'a>(&'a self, name: &str, state: &'a State) -> Option<&'a User> {
        match self.object(Kind::User, name) {
            Some(Object::User(user)) => Some(user),
            _ => state.users.get(name).map(|held| &held.object),
        }
    }

    fn user_group<'a>(&'a self, name: &str, state: &'a State) -> Option<&'a UserGroup> {
        match self.object(Kind::UserGroup, name) {
            Some(Object::UserGroup(group)) => Some(group),
            _ => state.user_groups.get(name).map(|held| &held.object),
        }
    }

    /// The object as this plan makes it.
    fn object(&self, kind: Kind, name: &str) -> Option<&Object> {
        let made = self.changes.iter().filter(|change| change.verb != Verb::Delete);
        let mut made = made.filter(|change| change.kind == kind && change.name == name);
        made.next().map(|change| &change.object)
    }
}
