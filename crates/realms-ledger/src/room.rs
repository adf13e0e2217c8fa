//! When there is room again for what was refused. Pure.

use std::collections::HashMap;

use realms_types::Timestamp;

use crate::{Cap, Subscription, Window};

/// What was used of allowances, by name: the pieces of time with what counts in each, what is held included.
pub type Used = HashMap<String, Vec<(Timestamp, i64)>>;

/// What bears an amount: so much in each of its windows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bearer(Vec<Bound>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Bound {
    name: String,
    window: Window,
    most: i64,
}

/// The first moment from which on these bear an amount together, if nothing else is used until then.
/// `None`: they never do.
pub fn room_at(bearers: &[Bearer], needed: i64, used: &Used, now: Timestamp) -> Option<Timestamp> {
    let bounds = || bearers.iter().flat_map(|bearer| &bearer.0);
    let leaves = bounds().flat_map(|bound| {
        bound.pieces(used).iter().filter_map(|(piece, _)| bound.window.leaves_at(*piece))
    });
    let mut moments: Vec<Timestamp> = leaves.filter(|at| *at > now).chain([now]).collect();
    moments.sort_unstable();
    moments.dedup();
    let bears = |at: &Timestamp| {
        let rooms = bearers.iter().map(|bearer| bearer.room(used, *at));
        rooms.fold(0_i64, i64::saturating_add) >= needed
    };
    moments.into_iter().find(bears)
}

// === impl Bearer ===

impl Bearer {
    /// The allowances it counts in, each with the moment since when what was used of it counts.
    pub fn allowances(&self, now: Timestamp) -> impl Iterator<Item = (String, Timestamp)> {
        self.0.iter().map(move |bound| (bound.name.clone(), bound.window.horizon(now)))
    }

    /// What it bears at a moment.
    fn room(&self, used: &Used, at: Timestamp) -> i64 {
        let rooms = self.0.iter().map(|bound| bound.most.saturating_sub(bound.used(used, at)));
        rooms.min().unwrap_or(0).max(0)
    }
}

impl From<&Subscription> for Bearer {
    fn from(one: &Subscription) -> Self {
        let bound = |(window, most): &(Window, realms_types::Money)| Bound {
            name: one.name(window),
            window: *window,
            most: most.nano(),
        };
        Self(one.windows.iter().map(bound).collect())
    }
}

impl From<&Cap> for Bearer {
    fn from(cap: &Cap) -> Self {
        Self(vec![Bound { name: cap.name(), window: cap.window, most: cap.limit }])
    }
}

// === impl Bound ===

impl Bound {
    fn pieces<'u>(&self, used: &'u Used) -> &'u [(Timestamp, i64)] {
        used.get(&self.name).map_or(&[], Vec::as_slice)
    }

    fn used(&self, used: &Used, at: Timestamp) -> i64 {
        let counts = |(piece, _): &&(Timestamp, i64)| {
            self.window.leaves_at(*piece).is_none_or(|leaves| leaves > at)
        };
        let amounts = self.pieces(used).iter().filter(counts).map(|(_, amount)| *amount);
        amounts.fold(0, i64::saturating_add)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use realms_types::{Money, Timestamp};

    use super::*;

    const HOUR: Duration = Duration::from_hours(1);
    const NOW: Timestamp = Timestamp::from_secs(1_795_000_200);

    fn subscription(id: i64, windows: &[(u64, i64)]) -> Subscription {
        let window = |(hours, most): &(u64, i64)| {
            (Window::Rolling(Duration::from_hours(*hours)), Money::from_nano(*most))
        };
        Subscription { id, resets: 0, windows: windows.iter().map(window).collect() }
    }

    /// What was used of one window of a subscription.
    fn used(one: &Subscription, window: usize, pieces: &[(Timestamp, i64)]) -> Used {
        [(one.name(&one.windows[window].0), pieces.to_vec())].into()
    }

    #[test]
    fn there_is_room_when_enough_has_left_every_window() {
        let one = subscription(1, &[(5, 100), (24, 150)]);
        let bearers = [Bearer::from(&one)];
        let pieces = [(NOW - 4 * HOUR, 60), (NOW - HOUR, 40)];
        let step = Duration::from_mins(5);
        let mut all = used(&one, 0, &pieces);
        all.extend(used(&one, 1, &pieces));
        let at = |needed| room_at(&bearers, needed, &all, NOW);
        assert_eq!(at(0), Some(NOW));
        assert_eq!(at(50), Some(NOW + HOUR + step), "the first 60 leave after 5 hours and a step");
        assert_eq!(
            at(60),
            Some(NOW + 20 * HOUR + Duration::from_mins(24)),
            "of the day 50 are left"
        );
        assert_eq!(at(101), None, "it never bears so much");
        let leaves = one.windows[0].0.leaves_at(NOW - HOUR).unwrap();
        assert!(one.windows[0].0.horizon(leaves) > NOW - HOUR, "it counts no more from then on");
        assert!(one.windows[0].0.horizon(leaves - Duration::from_micros(1)) <= NOW - HOUR);
    }

    #[test]
    fn several_bear_it_together() {
        let (one, two) = (subscription(1, &[(5, 100)]), subscription(2, &[(5, 100)]));
        let bearers = [Bearer::from(&one), Bearer::from(&two)];
        let mut all = used(&one, 0, &[(NOW - 2 * HOUR, 90)]);
        all.extend(used(&two, 0, &[(NOW - HOUR, 90)]));
        let at = |needed| room_at(&bearers, needed, &all, NOW);
        assert_eq!(at(20), Some(NOW));
        let step = Duration::from_mins(5);
        assert_eq!(at(110), Some(NOW + 3 * HOUR + step));
        assert_eq!(at(111), Some(NOW + 4 * HOUR + step));
        assert_eq!(room_at(&[], 1, &all, NOW), None, "nothing bears nothing");
    }

    #[test]
    fn what_never_leaves_never_makes_room() {
        let window = Window::Fixed { length: HOUR * 24, from: NOW, until: NOW + HOUR };
        for (window, at) in [(window, Some(NOW + HOUR)), (Window::Total, None)] {
            let bound = Bound { name: "a".to_owned(), window, most: 10 };
            let used = [("a".to_owned(), vec![(NOW, 10)])].into();
            assert_eq!(room_at(&[Bearer(vec![bound])], 5, &used, NOW), at);
        }
    }
}
