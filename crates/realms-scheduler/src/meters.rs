//! Limits on what is used within a minute, held for everyone who has one.

use dashmap::DashMap;
use realms_types::{LimitKind, LimitOwner, Limits, Timestamp};

use crate::minute::Minute;

/// Counts requests and LLM tokens of those who have a limit on them. In memory, by id: it survives a
/// reload of the catalogue. Who has no limit costs nothing.
#[derive(Debug, Default)]
pub struct Meters {
    meters: DashMap<LimitOwner, Meter>,
}

/// Somebody and what it may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Claim {
    /// Who.
    pub owner: LimitOwner,
    /// How much.
    pub limits: Limits,
}

/// A request that was counted, with the LLM tokens it is expected to use.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use = "the tokens that are used are known at the end of the call: settle it then"]
pub struct Taken {
    owners: Vec<LimitOwner>,
    tokens: u32,
    at: Timestamp,
}

/// A limit that is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limited {
    /// Whose limit.
    pub owner: LimitOwner,
    /// Of what.
    pub kind: LimitKind,
    /// How much there may be.
    pub most: u32,
    /// When there is room again; `None` when there never is: the request by itself is more than that.
    pub free_at: Option<Timestamp>,
}

#[derive(Debug)]
struct Meter {
    requests: Minute,
    tokens: Minute,
}

// === impl Meters ===

impl Meters {
    /// Counts one request with the tokens it is expected to use for all of these, or for none of them.
    pub fn take(
        &self,
        claims: impl IntoIterator<Item = Claim>,
        tokens: u32,
        now: Timestamp,
    ) -> Result<Taken, Limited> {
        let mut taken = Taken { owners: Vec::new(), tokens, at: now };
        for claim in claims {
            if !claim.limits.is_of_minutes() {
                continue;
            }
            let mut meter = self.meters.entry(claim.owner).or_insert_with(Meter::new);
            match meter.take(claim, tokens, now) {
                Ok(()) => taken.owners.push(claim.owner),
                Err(limited) => {
                    // Two locks at once could wait for each other.
                    drop(meter);
                    self.give_back(&taken, now);
                    return Err(limited);
                }
            }
        }
        Ok(taken)
    }

    /// Puts the tokens that were really used in the place of those that were expected.
    #[expect(clippy::needless_pass_by_value, reason = "a call is settled once")]
    pub fn settle(&self, taken: Taken, used: u64, now: Timestamp) {
        let used = u32::try_from(used).unwrap_or(u32::MAX);
        for owner in &taken.owners {
            if let Some(mut meter) = self.meters.get_mut(owner) {
                match used.checked_sub(taken.tokens) {
                    Some(more) => meter.tokens.add(more, now),
                    None => meter.tokens.take_back(taken.tokens - used, taken.at, now),
                }
            }
        }
    }

    /// Undoes what was counted, as if it had never been asked.
    pub fn give_back(&self, taken: &Taken, now: Timestamp) {
        for owner in &taken.owners {
            if let Some(mut meter) = self.meters.get_mut(owner) {
                meter.requests.take_back(1, taken.at, now);
                meter.tokens.take_back(taken.tokens, taken.at, now);
            }
        }
    }

    /// What somebody used within the last minute: requests and LLM tokens.
    pub fn used(&self, owner: LimitOwner, now: Timestamp) -> (u64, u64) {
        self.meters
            .get_mut(&owner)
            .map_or((0, 0), |mut meter| (meter.requests.total(now), meter.tokens.total(now)))
    }

    /// Forgets those who used nothing within the last minute.
    pub fn forget_idle(&self, now: Timestamp) {
        self.meters.retain(|_, meter| !(meter.requests.is_idle(now) && meter.tokens.is_idle(now)));
    }
}

// === impl Meter ===

impl Meter {
    const fn new() -> Self {
        Self { requests: Minute::new(), tokens: Minute::new() }
    }

    fn take(&mut self, claim: Claim, tokens: u32, now: Timestamp) -> Result<(), Limited> {
        let Limits { requests_per_minute, tokens_per_minute, .. } = claim.limits;
        let limits = [
            (LimitKind::Requests, requests_per_minute, 1, &mut self.requests),
            (LimitKind::Tokens, tokens_per_minute, tokens, &mut self.tokens),
        ];
        let mut worst: Option<Limited> = None;
        for (kind, most, amount, minute) in limits {
            let Some(most) = most.map(u32::from) else { continue };
            let free_at = minute.fits_at(amount.into(), most.into(), now);
            if free_at == Some(now) {
                continue;
            }
            let later = |other: Limited| {
                other.free_at.is_some_and(|other| free_at.is_none_or(|free| free > other))
            };
            if worst.is_none_or(later) {
                worst = Some(Limited { owner: claim.owner, kind, most, free_at });
            }
        }
        if let Some(limited) = worst {
            return Err(limited);
        }
        self.requests.add(1, now);
        self.tokens.add(tokens, now);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroU32;

    use realms_types::{ApiKeyId, UserId};

    use super::*;

    const KEY: LimitOwner = LimitOwner::ApiKey(ApiKeyId::new(1));
    const USER: LimitOwner = LimitOwner::User(UserId::new(1));

    fn claim(owner: LimitOwner, requests: u32, tokens: u32) -> Claim {
        let limits = Limits {
            requests_per_minute: NonZeroU32::new(requests),
            tokens_per_minute: NonZeroU32::new(tokens),
            ..Limits::NONE
        };
        Claim { owner, limits }
    }

    fn at(secs: i64) -> Timestamp {
        Timestamp::from_secs(1_000 + secs)
    }

    #[test]
    fn the_limit_its_owner_and_the_time_are_named() {
        let meters = Meters::default();
        let claims = [claim(KEY, 2, 0), claim(USER, 3, 0)];
        for _ in 0..2 {
            let _ = meters.take(claims, 10, at(0)).unwrap();
        }
        let limited = meters.take(claims, 10, at(30)).unwrap_err();
        let expected =
            Limited { owner: KEY, kind: LimitKind::Requests, most: 2, free_at: Some(at(61)) };
        assert_eq!(limited, expected);
        assert!(meters.take(claims, 10, at(61)).is_ok());
    }

    #[test]
    fn who_is_refused_by_one_uses_nothing_of_the_others() {
        let meters = Meters::default();
        let claims = [claim(KEY, 5, 100), claim(USER, 1, 0)];
        let _ = meters.take(claims, 7, at(0)).unwrap();
        assert_eq!(meters.take(claims, 7, at(1)).unwrap_err().owner, USER);
        assert_eq!(meters.used(KEY, at(1)), (1, 7));
        assert_eq!(meters.used(USER, at(1)), (1, 7));
    }

    #[test]
    fn tokens_are_trued_up_at_the_end() {
        let meters = Meters::default();
        let claims = [claim(KEY, 0, 100)];
        let taken = meters.take(claims, 80, at(0)).unwrap();
        assert_eq!(meters.take(claims, 30, at(1)).unwrap_err().kind, LimitKind::Tokens);
        meters.settle(taken, 20, at(2));
        let taken = meters.take(claims, 30, at(3)).unwrap();
        meters.settle(taken, 70, at(4));
        assert_eq!(meters.used(KEY, at(4)), (2, 90));
        // What was used beyond what was expected counts from when it was known.
        assert_eq!(meters.used(KEY, at(64)), (0, 40));
        assert_eq!(meters.take(claims, 101, at(200)).unwrap_err().free_at, None);
    }

    #[test]
    fn who_has_no_limit_is_not_counted() {
        let meters = Meters::default();
        let taken = meters.take([claim(KEY, 0, 0)], 5, at(0)).unwrap();
        assert!(meters.meters.is_empty());
        meters.settle(taken, 9, at(0));
        let _ = meters.take([claim(KEY, 1, 0)], 5, at(0)).unwrap();
        meters.forget_idle(at(60));
        assert_eq!(meters.meters.len(), 1);
        meters.forget_idle(at(61));
        assert!(meters.meters.is_empty());
    }

    #[test]
    fn parallel_calls_never_overstep() {
        let meters = Meters::default();
        let admitted: usize = std::thread::scope(|scope| {
            let take = || {
                let claims = [claim(KEY, 0, 0), claim(USER, 50, 0)];
                (0..100).filter(|_| meters.take(claims, 1, at(0)).is_ok()).count()
            };
            let threads: Vec<_> = (0..4).map(|_| scope.spawn(take)).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).sum()
        });
        assert_eq!(admitted, 50);
    }
}
