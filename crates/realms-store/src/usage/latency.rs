//! How long calls took, counted in bounded buckets that add up.

/// How many buckets there are.
pub(super) const BUCKETS: usize = 24;

/// Counts of durations by bucket. Bounds of buckets stand in the ratio of the square root of two, so a
/// percentile, which lies in its right bucket always, is wrong by 41 % at the very most and by a few
/// per cent where durations are spread as they are.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Latencies {
    /// Empty when nothing was counted.
    counts: Vec<u64>,
    /// Upper bound of the first bucket, in microseconds.
    lowest: u64,
}

/// What is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Measure {
    /// To the first meaningful event: 64 ms to 131 s.
    FirstEvent,
    /// To the end: 256 ms to 524 s.
    Duration,
}

// === impl Measure ===

impl Measure {
    pub(super) const fn column(self) -> &'static str {
        match self {
            Self::FirstEvent => "first_event",
            Self::Duration => "duration",
        }
    }

    const fn lowest(self) -> u64 {
        match self {
            Self::FirstEvent => 64_000,
            Self::Duration => 256_000,
        }
    }

    /// Expressions that count one record of `usage_records u`, one for each bucket.
    pub(super) fn raw(self) -> impl Iterator<Item = String> {
        let column = format!("u.{}_us", self.column());
        (0..BUCKETS).map(move |bucket| {
            let (low, high) = (low(bucket, self.lowest()), bound(bucket, self.lowest()));
            match bucket {
                0 => format!("CASE WHEN {column} < {high} THEN 1 ELSE 0 END"),
                23 => format!("CASE WHEN {column} >= {low} THEN 1 ELSE 0 END"),
                _ => format!("CASE WHEN {column} >= {low} AND {column} < {high} THEN 1 ELSE 0 END"),
            }
        })
    }

    /// The columns of `usage_hours`.
    pub(super) fn columns(self) -> impl Iterator<Item = String> {
        (0..BUCKETS).map(move |bucket| format!("{}_{bucket:02}", self.column()))
    }
}

// === impl Latencies ===

impl Latencies {
    pub(super) fn new(measure: Measure, counts: Vec<u64>) -> Self {
        Self { counts, lowest: measure.lowest() }
    }

    pub(super) fn add(&mut self, other: &Self) {
        if self.counts.is_empty() {
            self.clone_from(other);
            return;
        }
        for (count, more) in self.counts.iter_mut().zip(&other.counts) {
            *count += more;
        }
    }

    /// How many were counted.
    pub fn count(&self) -> u64 {
        self.counts.iter().sum()
    }

    /// The duration, in microseconds, that this many per cent do not exceed; `None` when there is none.
    pub fn percentile(&self, percent: u64) -> Option<u64> {
        let all = self.count();
        let rank = (all * percent.min(100)).div_ceil(100).max(1);
        let mut before = 0;
        for (bucket, count) in self.counts.iter().enumerate() {
            if before + count >= rank && *count > 0 {
                let (low, high) = (low(bucket, self.lowest), bound(bucket, self.lowest));
                return Some(low + (high - low) * (2 * (rank - before) - 1) / (2 * count));
            }
            before += count;
        }
        None
    }
}

/// The least duration of a bucket. Hardly a call takes less than half of the first bound.
fn low(bucket: usize, lowest: u64) -> u64 {
    bucket.checked_sub(1).map_or(lowest / 2, |below| bound(below, lowest))
}

/// What every duration of a bucket is below; of the last bucket, most.
fn bound(bucket: usize, lowest: u64) -> u64 {
    let even = lowest << (bucket / 2);
    if bucket.is_multiple_of(2) { even } else { even * 14_142 / 10_000 }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn of(durations: &[u64]) -> Latencies {
        let mut counts = vec![0; BUCKETS];
        for duration in durations {
            let bucket = (0..BUCKETS).find(|bucket| *duration < bound(*bucket, 64_000));
            counts[bucket.unwrap_or(BUCKETS - 1)] += 1;
        }
        Latencies::new(Measure::FirstEvent, counts)
    }

    #[test]
    fn nothing_has_no_percentile_and_one_call_has_its_bucket() {
        assert_eq!(Latencies::default().percentile(50), None);
        assert_eq!(of(&[]).percentile(95), None);
        let one = of(&[420_000]).percentile(50).unwrap();
        assert!((362_000..512_000).contains(&one), "{one}");
    }

    #[test]
    fn bounds_grow_by_the_root_of_two() {
        assert_eq!([0, 1, 2, 22].map(|b| bound(b, 64_000)), [64_000, 90_508, 128_000, 131_072_000]);
        assert_eq!(Measure::FirstEvent.raw().count(), BUCKETS);
        assert_eq!(Measure::Duration.columns().last().as_deref(), Some("duration_23"));
    }

    proptest! {
        #[test]
        fn a_percentile_is_in_the_bucket_of_the_true_one(
            mut durations in prop::collection::vec(64_000u64..120_000_000, 1..300),
            percent in 1u64..=100,
        ) {
            let guess = of(&durations).percentile(percent).unwrap();
            durations.sort_unstable();
            let rank = (durations.len() * usize::try_from(percent).unwrap()).div_ceil(100);
            let truth = durations[rank - 1];
            prop_assert!(guess * 10 <= truth * 15 && truth * 10 <= guess * 15, "{guess} for {truth}");
        }

        #[test]
        fn counts_add_up(
            a in prop::collection::vec(0u64..200_000_000, 0..50),
            b in prop::collection::vec(0u64..200_000_000, 0..50),
        ) {
            let mut sum = of(&a);
            sum.add(&of(&b));
            let mut all = a;
            all.extend(b);
            prop_assert_eq!(sum, of(&all));
        }
    }
}
