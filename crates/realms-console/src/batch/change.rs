//! What is to become of every object of a batch, and what that means for one of them.

use realms_types::{GroupName, Limits};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{BatchKind, Deed};
use crate::{
    Refusal,
    manifest::{ApiKey, Channel, Model, User, limits::LimitsForm},
    nearest::hint,
    plan::State,
};

/// What is to become of every object of a batch. What is left out stays as it is.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct BatchChange {
    /// Whether it takes part.
    #[serde(default)]
    pub enabled: Option<bool>,
    /// Of channels: higher is tried first.
    #[serde(default)]
    pub priority: Option<i64>,
    /// Of channels: share of the calls among those of one priority.
    #[serde(default)]
    pub weight: Option<u32>,
    /// Of channels: channel groups to be in.
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    pub groups_add: Vec<GroupName>,
    /// Of channels: channel groups to be in no longer.
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    pub groups_remove: Vec<GroupName>,
    /// Of users: the user group to be in.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub user_group: Option<GroupName>,
    /// Of channels, users and API keys: what may be used at most, as a whole; `{}`: nothing is limited.
    #[serde(default)]
    #[schema(value_type = Option<LimitsForm>)]
    pub limits: Option<Limits>,
    /// Of API keys: revoked for good. Nothing else changes then.
    #[serde(default)]
    pub revoke: bool,
    /// Deleted. Nothing else changes then.
    #[serde(default)]
    pub delete: bool,
}

// === impl BatchChange ===

impl BatchChange {
    /// Refuses what no object of this kind can become.
    pub(crate) fn check(&self, kind: BatchKind, state: &State) -> Result<(), Refusal> {
        use BatchKind::{ApiKey, Channel, User};
        // The field, whether it is said, and the kind that it belongs to if it is only one.
        let fields = [
            ("enabled", self.enabled.is_some(), None),
            ("priority", self.priority.is_some(), Some(Channel)),
            ("weight", self.weight.is_some(), Some(Channel)),
            ("groups_add", !self.groups_add.is_empty(), Some(Channel)),
            ("groups_remove", !self.groups_remove.is_empty(), Some(Channel)),
            ("user_group", self.user_group.is_some(), Some(User)),
            ("limits", self.limits.is_some(), None),
            ("revoke", self.revoke, Some(ApiKey)),
            ("delete", self.delete, None),
        ];
        let said: Vec<_> = fields.into_iter().filter(|(_, is_said, _)| *is_said).collect();
        let refused = |field: &str, code, detail: &str| {
            let pointer = format!("/change{}{field}", if field.is_empty() { "" } else { "/" });
            Err(Refusal::field(pointer, code, detail))
        };
        if self.limits.is_some() && kind == BatchKind::Model {
            return refused("limits", "invalid", "objects of this kind have no such field");
        }
        if said.is_empty() {
            return refused("", "required", "say what is to change");
        }
        for (field, _, of) in &said {
            if of.is_some_and(|of| of != kind) {
                return refused(field, "invalid", "objects of this kind have no such field");
            }
            if matches!(*field, "revoke" | "delete") && said.len() > 1 {
                return refused(field, "invalid", "nothing else can change then");
            }
        }
        self.check_groups(state)
    }

    fn check_groups(&self, state: &State) -> Result<(), Refusal> {
        let lists = [("groups_add", &self.groups_add), ("groups_remove", &self.groups_remove)];
        for (field, groups) in lists {
            for (index, group) in groups.iter().enumerate() {
                if !state.channel_groups.contains_key(group.as_str()) {
                    let pointer = format!("/change/{field}/{index}");
                    let known = state.channel_groups.keys().map(String::as_str);
                    return Err(unknown(pointer, "channel_group", group, known));
                }
            }
        }
        if let Some(both) = self.groups_add.iter().find(|one| self.groups_remove.contains(one)) {
            let detail = format!("`{both}` cannot be both added and removed");
            return Err(Refusal::field("/change/groups_remove", "invalid", detail));
        }
        match &self.user_group {
            Some(group) if !state.user_groups.contains_key(group.as_str()) => {
                let known = state.user_groups.keys().map(String::as_str);
                Err(unknown("/change/user_group".to_owned(), "user_group", group, known))
            }
            _ => Ok(()),
        }
    }

    /// Whether this can be taken back. What goes away takes with it what nothing here knows:
    /// secrets, keys, sessions.
    pub(crate) fn is_undoable(&self, kind: BatchKind) -> bool {
        let takes_along = self.delete && kind != BatchKind::Model;
        !self.revoke && !takes_along
    }

    /// Whether a user of whom this becomes true cannot take it back.
    pub(crate) fn locks_out(&self) -> bool {
        self.delete || self.enabled == Some(false)
    }

    /// What this means for one object; `None`: it is not there.
    pub(crate) fn deed(&self, kind: BatchKind, name: &str, state: &State) -> Option<Deed> {
        if self.delete {
            return Some(Deed::Delete);
        }
        if self.revoke {
            return Some(Deed::Revoke);
        }
        Some(match kind {
            BatchKind::Channel => {
                let held = &state.channels.get(name)?.object;
                Deed::Channel(Box::new(Channel {
                    enabled: self.enabled,
                    priority: self.priority,
                    weight: self.weight,
                    groups: self.groups(held.groups.as_deref().unwrap_or_default()),
                    ..Channel::named(held.name.clone())
                }))
            }
            BatchKind::Model => {
                let enabled = self.enabled;
                Deed::Model(Box::new(Model { enabled, ..Model::named(name.to_owned()) }))
            }
            BatchKind::User => {
                let held = &state.users.get(name)?.object;
                let (enabled, group) = (self.enabled, self.user_group.clone());
                Deed::User(Box::new(User { group, enabled, ..User::named(held.username.clone()) }))
            }
            BatchKind::ApiKey => {
                let held = &state.api_key_by_name(name)?.object;
                let bare = ApiKey::named(held.user.clone(), held.name.clone());
                Deed::ApiKey(Box::new(ApiKey { enabled: self.enabled, ..bare }))
            }
        })
    }

    fn groups(&self, present: &[GroupName]) -> Option<Vec<GroupName>> {
        if self.groups_add.is_empty() && self.groups_remove.is_empty() {
            return None;
        }
        let kept = present.iter().filter(|one| !self.groups_remove.contains(one));
        let mut groups: Vec<GroupName> = kept.chain(&self.groups_add).cloned().collect();
        groups.sort();
        groups.dedup();
        Some(groups)
    }
}

fn unknown<'a>(
    pointer: String,
    what: &str,
    name: &GroupName,
    known: impl Iterator<Item = &'a str>,
) -> Refusal {
    let hint = hint(name.as_str(), known);
    Refusal::field(pointer, "unknown", format!("there is no {what} `{name}`{hint}"))
}

/// The limits that an object has; of what has none, that nothing is limited.
pub(crate) fn limits_of(kind: BatchKind, name: &str, state: &State) -> Option<Limits> {
    let limits = match kind {
        BatchKind::Channel => state.channels.get(name)?.object.limits,
        BatchKind::Model => None,
        BatchKind::User => state.users.get(name)?.object.limits,
        BatchKind::ApiKey => state.api_key_by_name(name)?.object.limits,
    };
    Some(limits.unwrap_or_default())
}

// === impl Deed ===

impl Deed {
    /// What takes this back, given what is there before it is done.
    pub(crate) fn inverse(&self, kind: BatchKind, name: &str, state: &State) -> Option<Self> {
        /// What was there, of what is said.
        macro_rules! before {
            ($said:ident, $held:ident, $field:ident) => {
                $said.$field.as_ref().and($held.$field.clone())
            };
        }
        Some(match self {
            Self::Channel(said) => {
                let held = &state.channels.get(name)?.object;
                Self::Channel(Box::new(Channel {
                    enabled: before!(said, held, enabled),
                    priority: before!(said, held, priority),
                    weight: before!(said, held, weight),
                    groups: before!(said, held, groups),
                    ..Channel::named(held.name.clone())
                }))
            }
            Self::Model(said) => {
                let held = &state.models.get(name)?.object;
                let enabled = before!(said, held, enabled);
                Self::Model(Box::new(Model { enabled, ..Model::named(held.name.clone()) }))
            }
            Self::User(said) => {
                let held = &state.users.get(name)?.object;
                Self::User(Box::new(User {
                    enabled: before!(said, held, enabled),
                    group: before!(said, held, group),
                    ..User::named(held.username.clone())
                }))
            }
            Self::ApiKey(said) => {
                let held = &state.api_key_by_name(name)?.object;
                let enabled = before!(said, held, enabled);
                let bare = ApiKey::named(held.user.clone(), held.name.clone());
                Self::ApiKey(Box::new(ApiKey { enabled, ..bare }))
            }
            Self::Delete if kind == BatchKind::Model => {
                Self::Model(Box::new(state.models.get(name)?.object.clone()))
            }
            Self::Delete | Self::Revoke => return None,
        })
    }
}
