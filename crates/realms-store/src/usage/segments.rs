//! Where the sums of a range of time are read from: whole hours from their rows, the rest from records.

use std::ops::Range;

/// An hour in microseconds.
pub(super) const HOUR: i64 = 3_600_000_000;

/// Beyond so many pieces to be read from records, all of the range is.
const MOST_PIECES: usize = 48;
/// Beyond so many hours to leave out, the list of them costs more than it spares.
pub(super) const MOST_STALE: usize = 400;

/// A range of time, in microseconds, cut by where it is read from. Every moment of it is in exactly one
/// place.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Segments {
    /// Hours from the first to before the second, but not these.
    pub(super) hours: Option<(Range<i64>, Vec<i64>)>,
    /// To be read from records.
    pub(super) records: Vec<Range<i64>>,
}

/// The first microsecond of the hour that holds this one.
pub(super) const fn hour_of(micros: i64) -> i64 {
    micros - micros.rem_euclid(HOUR)
}

// === impl Segments ===

impl Segments {
    /// Everything from records.
    pub(super) fn of_records(range: Range<i64>) -> Self {
        Self { hours: None, records: vec![range] }
    }

    /// Cuts a range. Hours that are stale, or inside of which a caller's bucket ends, are read from
    /// records.
    pub(super) fn cut(range: Range<i64>, stale: &[i64], ends: &[i64]) -> Self {
        let first = hour_of(range.start.saturating_add(HOUR - 1));
        let last = hour_of(range.end);
        if first >= last {
            return Self::of_records(range);
        }
        let inside = |micros: &i64| *micros % HOUR != 0;
        let split = ends.iter().copied().filter(inside).map(hour_of);
        let mut without: Vec<i64> = stale.iter().copied().chain(split).collect();
        without.retain(|hour| (first..last).contains(hour));
        without.sort_unstable();
        without.dedup();
        let edges = [range.start..first, last..range.end];
        let pieces = without.iter().map(|hour| *hour..hour + HOUR);
        let mut records: Vec<Range<i64>> =
            pieces.chain(edges).filter(|piece| !piece.is_empty()).collect();
        records.sort_unstable_by_key(|piece| piece.start);
        records.dedup_by(|next, before| {
            let adjacent = before.end == next.start;
            if adjacent {
                before.end = next.end;
            }
            adjacent
        });
        if records.len() > MOST_PIECES || without.len() > MOST_STALE {
            return Self::of_records(range);
        }
        Self { hours: Some((first..last, without)), records }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn whole_hours_come_from_hours_and_edges_from_records() {
        let cut = Segments::cut(HOUR / 2..5 * HOUR + 7, &[2 * HOUR, 3 * HOUR, 9 * HOUR], &[]);
        assert_eq!(cut.hours, Some((HOUR..5 * HOUR, vec![2 * HOUR, 3 * HOUR])));
        assert_eq!(cut.records, [HOUR / 2..HOUR, 2 * HOUR..4 * HOUR, 5 * HOUR..5 * HOUR + 7]);
    }

    #[test]
    fn an_hour_in_which_a_bucket_ends_comes_from_records() {
        let cut = Segments::cut(0..4 * HOUR, &[], &[HOUR, 2 * HOUR + HOUR / 2]);
        assert_eq!(cut.hours, Some((0..4 * HOUR, vec![2 * HOUR])));
        assert_eq!(cut.records, vec![2 * HOUR..3 * HOUR; 1]);
    }

    #[test]
    fn within_an_hour_and_with_too_many_pieces_all_comes_from_records() {
        assert_eq!(Segments::cut(5..HOUR, &[], &[]), Segments::of_records(5..HOUR));
        let stale: Vec<i64> = (0..100).map(|number| number * 2 * HOUR).collect();
        assert_eq!(Segments::cut(0..300 * HOUR, &stale, &[]), Segments::of_records(0..300 * HOUR));
    }

    proptest! {
        #[test]
        fn every_moment_is_in_one_place(
            start in 0i64..20 * HOUR,
            length in 1i64..20 * HOUR,
            stale in prop::collection::vec(0i64..40, 0..20),
            ends in prop::collection::vec(0i64..40 * HOUR, 0..5),
            moments in prop::collection::vec(0i64..45 * HOUR, 50),
        ) {
            let stale: Vec<i64> = stale.into_iter().map(|hour| hour * HOUR).collect();
            let range = start..start + length;
            let cut = Segments::cut(range.clone(), &stale, &ends);
            for moment in moments {
                let raw = cut.records.iter().filter(|piece| piece.contains(&moment)).count();
                let hours = cut.hours.as_ref().is_some_and(|(hours, without)| {
                    hours.contains(&moment) && !without.contains(&hour_of(moment))
                });
                prop_assert_eq!(raw + usize::from(hours), usize::from(range.contains(&moment)));
                prop_assert!(!hours || !stale.contains(&hour_of(moment)));
            }
        }
    }
}
