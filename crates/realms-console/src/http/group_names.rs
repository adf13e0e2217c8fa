//! User groups by what people call them: what objects for some groups are written and shown with.

use std::collections::HashMap;

use realms_types::UserGroupId;

use super::Console;
use crate::{ConsoleError, Refusal};

/// The names of all user groups.
pub(super) struct GroupNames(HashMap<UserGroupId, String>);

// === impl GroupNames ===

impl GroupNames {
    /// The names of some; of one that is gone its id.
    pub(super) fn of(&self, ids: &[UserGroupId]) -> Vec<String> {
        let name = |id| self.0.get(id).cloned().unwrap_or_else(|| id.to_string());
        ids.iter().map(name).collect()
    }
}

// === impl Console ===

impl Console {
    /// What all user groups are called.
    pub(super) async fn group_names(&self) -> Result<GroupNames, ConsoleError> {
        let groups = self.0.editor.store.read().list_user_groups().await?;
        Ok(GroupNames(groups.into_iter().map(|group| (group.id, group.name)).collect()))
    }

    /// The groups of the field `/user_groups`, which names them.
    pub(super) async fn group_ids(
        &self,
        names: &[String],
    ) -> Result<Vec<UserGroupId>, ConsoleError> {
        let GroupNames(groups) = self.group_names().await?;
        let id = |(at, name): (usize, &String)| {
            let found = groups.iter().find(|(_, called)| *called == name);
            let missing = || {
                let detail = format!("there is no user group `{name}`");
                Refusal::field(format!("/user_groups/{at}"), "unknown", detail).into()
            };
            found.map(|(id, _)| *id).ok_or_else(missing)
        };
        names.iter().enumerate().map(id).collect()
    }
}
