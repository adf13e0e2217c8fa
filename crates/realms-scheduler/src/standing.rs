//! Which of two ways comes first, before chance has a say.

use std::cmp::{Ordering, Reverse};

use realms_catalog::{Catalog, Channel, Route};
use realms_types::ChannelGroupId;

/// What decides between two ways before chance does. The lesser comes first.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Standing<'a> {
    /// The place of the group among the caller's.
    place: usize,
    /// The channel is the one pinned in that group.
    pub(crate) pinned: bool,
    /// The channel comes before every other.
    pub(crate) promoted: bool,
    /// The priorities of the groups on the way, the outer ones first.
    outer: &'a [i64],
    /// The priority of the channel.
    own: i64,
    /// It speaks another dialect than the client: nothing is lost on the way to its equals that do not.
    pub(crate) translated: bool,
}

// === impl Standing ===

impl<'a> Standing<'a> {
    pub(crate) fn of(
        catalog: &Catalog,
        channel: &Channel,
        place: usize,
        group: ChannelGroupId,
        route: &'a Route,
    ) -> Self {
        let pinned = catalog.find_group(group).and_then(|group| group.pinned);
        Self {
            place,
            pinned: pinned == Some(channel.id),
            promoted: channel.promoted,
            outer: &route.priorities,
            own: channel.priority,
            translated: false,
        }
    }

    /// The priorities on the way down, as far as two ways need them: a channel beside a group stands
    /// where a group of its own priority would.
    fn priorities(self) -> impl Iterator<Item = i64> + 'a {
        self.outer.iter().copied().chain([self.own]).chain(std::iter::repeat(0))
    }
}

impl PartialEq for Standing<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Standing<'_> {}

impl PartialOrd for Standing<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Standing<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        let depth = self.outer.len().max(other.outer.len()) + 1;
        let first = (self.place, Reverse(self.pinned), Reverse(self.promoted));
        first
            .cmp(&(other.place, Reverse(other.pinned), Reverse(other.promoted)))
            .then_with(|| other.priorities().take(depth).cmp(self.priorities().take(depth)))
            .then_with(|| self.translated.cmp(&other.translated))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn standing(place: usize, outer: &[i64], own: i64) -> Standing<'_> {
        Standing { place, pinned: false, promoted: false, outer, own, translated: false }
    }

    #[test]
    fn the_callers_order_then_pin_then_promotion_then_priority() {
        let plain = standing(0, &[], 9);
        let promoted = Standing { promoted: true, own: -5, ..plain };
        let pinned = Standing { pinned: true, own: -9, ..plain };
        let mut all = [standing(1, &[], 99), plain, standing(0, &[], 3), promoted, pinned];
        all.sort();
        let order: Vec<_> = all.iter().map(|one| (one.place, one.own)).collect();
        assert_eq!(order, [(0, -9), (0, -5), (0, 9), (0, 3), (1, 99)]);
    }

    #[test]
    fn a_translation_stands_behind_its_equals_only() {
        let own = standing(0, &[], 5);
        let translated = Standing { translated: true, ..own };
        assert!(own < translated && own != translated);
        assert!(translated < standing(0, &[], 4));
        assert!(Standing { promoted: true, ..translated } < own);
    }

    #[test]
    fn a_group_stands_among_the_channels_beside_it_by_its_own_priority() {
        let (above, beside, below) = (standing(0, &[5], -100), standing(0, &[], 4), [3]);
        assert!(above < beside && beside < standing(0, &below, 100));
        assert!(standing(0, &[5], 1) < standing(0, &[5], 0));
        // Where nobody gave priorities, depth makes no difference.
        assert_eq!(standing(0, &[0], 0), standing(0, &[], 0));
    }
}
