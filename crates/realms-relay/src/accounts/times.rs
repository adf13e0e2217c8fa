//! How long things take around a refresh.

use std::time::Duration;

use realms_types::{Chance, Timestamp};

/// How long things take around a refresh. Tests have their own.
#[derive(Debug, Clone, Copy)]
pub struct RefreshTimes {
    /// How long a lease lasts: longer than all tries of one refresh together.
    pub lease: Duration,
    /// How long a refresh token that was sent is left alone, if nothing is heard of its answer: its
    /// holder may be alive and unable to commit.
    pub grace: Duration,
    /// The pauses before further tries after passing trouble.
    pub pauses: [Duration; 2],
    /// An account that was renewed this lately is not renewed because a call was refused.
    pub not_within: Duration,
    /// How long a refresh is put off after trouble.
    pub put_off: Duration,
    /// How long before its end an access token is renewed: at least, and at most.
    pub early: (Duration, Duration),
    /// The first and the longest pause between two tries to commit.
    pub commit: (Duration, Duration),
    /// How long somebody who asks for a refresh waits for another node that is at it.
    pub wait: Duration,
}

// === impl RefreshTimes ===

impl RefreshTimes {
    /// When tokens that end at `expires_at` are to be renewed: some minutes before, each account at
    /// another moment; those that live only a short while, when three quarters of it are over.
    pub(crate) fn refresh_at(
        &self,
        expires_at: Timestamp,
        now: Timestamp,
        chance: &Chance,
    ) -> Timestamp {
        let (least, most) = self.early;
        let spread = u64::try_from(most.saturating_sub(least).as_millis()).unwrap_or(0);
        let early = least + Duration::from_millis(chance.below(spread + 1));
        expires_at - early.min(expires_at.since(now) / 4)
    }
}

impl Default for RefreshTimes {
    fn default() -> Self {
        Self {
            lease: Duration::from_mins(2),
            grace: Duration::from_mins(10),
            pauses: [Duration::from_secs(2), Duration::from_secs(5)],
            not_within: Duration::from_secs(30),
            put_off: Duration::from_mins(2),
            early: (Duration::from_mins(5), Duration::from_mins(10)),
            commit: (Duration::from_secs(1), Duration::from_secs(30)),
            wait: Duration::from_secs(10),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_renewed_in_time_and_not_all_at_once() {
        let (times, now) = (RefreshTimes::default(), Timestamp::from_secs(1_795_000_000));
        let chance = Chance::seeded(1);
        let mut moments = Vec::new();
        for _ in 0..100 {
            let expires_at = now + Duration::from_hours(1);
            let early = expires_at.since(times.refresh_at(expires_at, now, &chance));
            assert!(early >= times.early.0 && early <= times.early.1, "{early:?}");
            moments.push(early);
        }
        moments.sort_unstable();
        moments.dedup();
        assert!(moments.len() > 50, "they are spread");
        let short = now + Duration::from_mins(1);
        assert_eq!(times.refresh_at(short, now, &chance), now + Duration::from_secs(45));
        assert_eq!(times.refresh_at(now, now, &chance), now, "over already");
        let all: Duration = times.pauses.iter().sum::<Duration>() + Duration::from_mins(1);
        assert!(times.lease > all, "a lease outlasts every try");
        assert!(times.grace > times.lease);
    }
}
