//! The tree of channel groups: every way from a group down to the channels below it.

use std::{collections::HashMap, sync::Arc};

use realms_types::{ChannelGroupId, ChannelId, Ppm};

use super::Builder;
use crate::{Channel, ChannelGroup, ChannelGroupRow, PathStep, Route};

/// A tree deeper than this is a mistake.
const DEEPEST: usize = 16;

/// Where a walk down the tree of groups is.
struct Place<'a> {
    multiplier: Ppm,
    path: &'a [PathStep],
    priorities: &'a [i64],
}

// === impl Builder ===

impl Builder<'_> {
    pub(super) fn groups(
        &mut self,
        channels: &HashMap<ChannelId, Arc<Channel>>,
    ) -> HashMap<ChannelGroupId, ChannelGroup> {
        let rows = self.rows;
        let mut groups = HashMap::new();
        for row in &rows.channel_groups {
            let mut routes = Vec::new();
            let top = Place { multiplier: Ppm::ONE, path: &[], priorities: &[] };
            match self.walk(row, &top, channels, &mut routes) {
                Ok(()) => {
                    routes.sort_unstable_by_key(|route| route.channel_id);
                    let closed = self.closed(row.id, &routes);
                    let (id, name, enabled) = (row.id, row.name.clone(), row.enabled);
                    let pinned = row.pinned_channel_id;
                    let group = ChannelGroup { id, name, enabled, pinned, routes, closed };
                    groups.insert(id, group);
                }
                Err(message) => self.defect("channel_groups", row.id.raw(), &row.name, message),
            }
        }
        groups
    }

    /// Depth first: the channels of a group, then those of the groups in it.
    fn walk(
        &self,
        group: &ChannelGroupRow,
        above: &Place<'_>,
        channels: &HashMap<ChannelId, Arc<Channel>>,
        routes: &mut Vec<Route>,
    ) -> Result<(), String> {
        if above.path.len() > DEEPEST {
            return Err(format!("its groups lie in a circle, or deeper than {DEEPEST}"));
        }
        let multiplier = product(above.multiplier, group.multiplier_ppm)?;
        let own = product(Ppm::ONE, group.multiplier_ppm)?;
        let step = PathStep { name: group.name.clone(), multiplier: own };
        let path: Arc<[PathStep]> = above.path.iter().cloned().chain([step]).collect();
        // Of the outermost group it says nothing: a key names that one in an order of its own.
        let own = (!above.path.is_empty()).then_some(group.priority);
        let priorities: Arc<[i64]> = above.priorities.iter().copied().chain(own).collect();
        for member in self.rows.group_channels.iter().filter(|row| row.group_id == group.id) {
            if !channels.contains_key(&member.channel_id)
                && !self.rows.channels.iter().any(|row| row.id == member.channel_id)
            {
                return Err("one of its channels does not exist".to_owned());
            }
            if !routes.iter().any(|route| route.channel_id == member.channel_id) {
                let (channel_id, path) = (member.channel_id, Arc::clone(&path));
                let priorities = Arc::clone(&priorities);
                routes.push(Route { channel_id, multiplier, path, priorities });
            }
        }
        let mut below: Vec<_> = self
            .rows
            .channel_groups
            .iter()
            .filter(|row| row.parent_id == Some(group.id) && row.enabled)
            .collect();
        below.sort_by_key(|row| (std::cmp::Reverse(row.priority), row.id));
        let here = Place { multiplier, path: &path, priorities: &priorities };
        below.into_iter().try_for_each(|row| self.walk(row, &here, channels, routes))
    }

    /// The channels below a group that no route leads to, because groups on the way are switched off.
    fn closed(&self, group: ChannelGroupId, routes: &[Route]) -> Vec<ChannelId> {
        if self.rows.channel_groups.iter().all(|row| row.enabled) {
            return Vec::new();
        }
        let mut below = vec![group];
        let mut next = 0;
        while let Some(parent) = below.get(next).copied() {
            next += 1;
            let children = self
                .rows
                .channel_groups
                .iter()
                .filter(|row| row.parent_id == Some(parent) && !below.contains(&row.id));
            let children: Vec<_> = children.map(|row| row.id).collect();
            below.extend(children);
        }
        let members = self.rows.group_channels.iter().filter(|row| below.contains(&row.group_id));
        let mut closed: Vec<ChannelId> = members.map(|row| row.channel_id).collect();
        closed.sort_unstable();
        closed.dedup();
        closed.retain(|id| routes.binary_search_by_key(id, |route| route.channel_id).is_err());
        closed
    }
}

fn product(above: Ppm, parts: i64) -> Result<Ppm, String> {
    let parts = i128::from(above.parts()) * i128::from(parts) / i128::from(Ppm::ONE.parts());
    i64::try_from(parts)
        .ok()
        .and_then(Ppm::from_parts)
        .ok_or_else(|| "its multiplier is negative or too large".to_owned())
}
