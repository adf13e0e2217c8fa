//! What goes away: objects that were named, and with `prune` those that a manifest does not name.

use std::collections::BTreeSet;

use realms_store::Role;

use super::{Change, Kind, Object, Plan, Planned as _, Request, Setting, State, Verb};
use crate::{ConsoleError, manifest::Manifest};

/// What remains when the plan is carried out, and who names it.
struct After<'a> {
    plan: &'a Plan,
    state: &'a State,
}

/// Adds every deletion to the plan. What is still in use is refused when it was named, and kept with
/// a note when it would be pruned.
pub(super) fn delete(
    plan: &mut Plan,
    request: &Request,
    state: &State,
) -> Result<(), ConsoleError> {
    for (kind, name) in &request.delete {
        take(plan, *kind, name, state)?;
    }
    let mut mistakes = Vec::new();
    for (kind, name) in &request.delete {
        mistakes
            .extend(After { plan, state }.user_of(*kind, name).map(|by| refusal(*kind, name, &by)));
    }
    if !mistakes.is_empty() {
        return Err(ConsoleError::Conflict(mistakes.join("; ")));
    }
    if request.prune {
        prune(plan, &request.manifest, state)?;
    }
    Ok(())
}

fn refusal(kind: Kind, name: &str, by: &str) -> String {
    format!("{} `{name}` cannot go away: {by}", kind.as_str())
}

/// Users of things go first, so that what only they used can go too.
fn prune(plan: &mut Plan, manifest: &Manifest, state: &State) -> Result<(), ConsoleError> {
    let kinds = [
        Kind::ApiKey,
        Kind::User,
        Kind::UserGroup,
        Kind::Channel,
        Kind::Model,
        Kind::ChannelGroup,
        Kind::ErrorRule,
        Kind::Setting,
    ];
    for kind in kinds {
        let mut spare = unnamed(kind, manifest, state);
        // A parent can go once its children are gone, so go on until a round changes nothing.
        loop {
            let before = spare.len();
            let mut kept = Vec::new();
            for name in spare {
                match (After { plan, state }.user_of(kind, &name)) {
                    Some(by) => kept.push((name, by)),
                    None => take(plan, kind, &name, state)?,
                }
            }
            if kept.len() == before || kept.is_empty() {
                let notes = kept.into_iter();
                plan.notes.extend(
                    notes.map(|(name, by)| format!("kept {} `{name}`: {by}", kind.as_str())),
                );
                break;
            }
            spare = kept.into_iter().map(|(name, _)| name).collect();
        }
    }
    Ok(())
}

/// What is there and not in the manifest, of a kind that is in the manifest. A revoked key stays: it
/// lets nobody in and explains old usage records.
fn unnamed(kind: Kind, manifest: &Manifest, state: &State) -> Vec<String> {
    let spare = |named: BTreeSet<String>, mut present: Vec<String>| {
        present.retain(|name| !named.is_empty() && !named.contains(name));
        present
    };
    match kind {
        Kind::ChannelGroup => spare(
            manifest.channel_groups.iter().map(|one| one.name.to_string()).collect(),
            state.channel_groups.keys().cloned().collect(),
        ),
        Kind::Model => spare(
            manifest.models.iter().map(|one| one.name.clone()).collect(),
            state.models.keys().cloned().collect(),
        ),
        Kind::Channel => spare(
            manifest.channels.iter().map(|one| one.name.clone()).collect(),
            state.channels.keys().cloned().collect(),
        ),
        Kind::UserGroup => spare(
            manifest.user_groups.iter().map(|one| one.name.to_string()).collect(),
            state.user_groups.keys().cloned().collect(),
        ),
        Kind::User => spare(
            manifest.users.iter().map(|one| one.username.to_string()).collect(),
            state.users.keys().cloned().collect(),
        ),
        Kind::ApiKey => spare(
            manifest.api_keys.iter().map(super::Planned::name).collect(),
            state
                .api_keys
                .values()
                .filter(|held| held.facts.revoked_at.is_none())
                .map(|held| held.object.name())
                .collect(),
        ),
        Kind::ErrorRule => spare(
            manifest.error_rules.iter().map(|one| one.name.clone()).collect(),
            state.error_rules.keys().cloned().collect(),
        ),
        Kind::Setting => spare(
            manifest.settings.keys().cloned().collect(),
            state.settings.keys().cloned().collect(),
        ),
    }
}

/// Puts the end of one object into the plan.
fn take(plan: &mut Plan, kind: Kind, name: &str, state: &State) -> Result<(), ConsoleError> {
    let missing = || ConsoleError::NotFound(format!("{} `{name}`", kind.as_str()));
    match kind {
        Kind::ChannelGroup => {
            plan.take(&state.channel_groups.get(name).ok_or_else(missing)?.object);
        }
        Kind::Model => plan.take(&state.models.get(name).ok_or_else(missing)?.object),
        Kind::Channel => plan.take(&state.channels.get(name).ok_or_else(missing)?.object),
        Kind::UserGroup => plan.take(&state.user_groups.get(name).ok_or_else(missing)?.object),
        Kind::User => plan.take(&state.users.get(name).ok_or_else(missing)?.object),
        Kind::ApiKey => {
            let held = state.api_keys.values().find(|held| held.object.name() == name);
            plan.take(&held.ok_or_else(missing)?.object);
        }
        Kind::ErrorRule => plan.take(&state.error_rules.get(name).ok_or_else(missing)?.object),
        Kind::Setting => {
            let value = state.settings.get(name).ok_or_else(missing)?.clone();
            plan.take(&Setting { key: name.to_owned(), value });
        }
    }
    Ok(())
}

// === impl After ===

impl After<'_> {
    /// Why an object must stay, if it must.
    fn user_of(&self, kind: Kind, name: &str) -> Option<String> {
        match kind {
            Kind::Channel | Kind::ApiKey | Kind::ErrorRule | Kind::Setting => None,
            Kind::User => self.last_root(name),
            Kind::Model => self.find(|object| match object {
                Object::Channel(one) => {
                    one.models.iter().flatten().any(|binding| binding.name == name)
                }
                _ => false,
            }),
            Kind::UserGroup => self.find(|object| match object {
                Object::User(one) => one.group.as_ref().is_some_and(|group| group.as_str() == name),
                _ => false,
            }),
            Kind::ChannelGroup => self.find(|object| names_group(object, name)),
        }
    }

    /// The first object that remains and fits, in words.
    fn find(&self, fits: impl Fn(&Object) -> bool) -> Option<String> {
        self.remaining()
            .find(|(_, _, object)| fits(object))
            .map(|(kind, name, _)| format!("{} `{name}` uses it", kind.as_str()))
    }

    fn last_root(&self, name: &str) -> Option<String> {
        let is_root = |object: &Object| matches!(object, Object::User(one) if one.role == Some(Role::Root) && one.enabled == Some(true));
        let was_root =
            self.state.users.get(name).is_some_and(|held| held.object.role == Some(Role::Root));
        let other = self.remaining().any(|(_, other, object)| other != name && is_root(&object));
        (was_root && !other).then(|| "it is the last root user".to_owned())
    }

    /// Every object as it will be.
    fn remaining(&self) -> impl Iterator<Item = (Kind, String, Object)> {
        let changed = |kind: Kind, name: &str| {
            self.plan.changes.iter().any(|change| change.kind == kind && change.name == name)
        };
        let kept = self.state.objects();
        let kept = kept.filter(move |(kind, name, object)| {
            // A user's keys go with the user.
            let orphan = matches!(object, Object::ApiKey(key)
                if self.plan.deletes(Kind::User, key.user.as_str()));
            !orphan && !changed(*kind, name)
        });
        let wanted = self.plan.changes.iter().filter(|change| change.verb != Verb::Delete);
        let made = |change: &Change| (change.kind, change.name.clone(), change.object.clone());
        kept.chain(wanted.map(made))
    }
}

fn names_group(object: &Object, name: &str) -> bool {
    let holds = |groups: &Option<Vec<realms_types::GroupName>>| {
        groups.iter().flatten().any(|group| group.as_str() == name)
    };
    match object {
        Object::Channel(one) => holds(&one.groups),
        Object::UserGroup(one) => holds(&one.channel_groups),
        Object::ApiKey(one) => holds(&one.channel_groups),
        Object::ChannelGroup(one) => {
            let parent = one.parent.as_ref().and_then(|parent| parent.as_ref());
            parent.is_some_and(|parent| parent.as_str() == name)
        }
        _ => false,
    }
}

// === impl State ===

impl State {
    /// Every object that others can be used by.
    fn objects(&self) -> impl Iterator<Item = (Kind, String, Object)> {
        macro_rules! all {
            ($map:ident) => {
                self.$map.values().map(|held| entry(&held.object))
            };
        }
        all!(channel_groups)
            .chain(all!(channels))
            .chain(all!(user_groups))
            .chain(all!(users))
            .chain(all!(api_keys))
    }
}

fn entry<T: super::Planned>(object: &T) -> (Kind, String, Object) {
    (T::KIND, object.name(), object.clone().into())
}
