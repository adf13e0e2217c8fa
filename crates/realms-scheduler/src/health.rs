//! What rests, why, and until when. Keyed by id, so it survives a reload of the catalogue.

use std::time::Duration;

use dashmap::DashMap;
use realms_types::{
    BindingId, Cause, ChannelId, CredentialId, EndpointId, Scope, Timestamp, Verdict,
};

use crate::Candidate;

/// The first rest, where the upstream names none.
const BASE: Duration = Duration::from_secs(30);
/// The first rest after a rate limit.
const BASE_LIMITED: Duration = Duration::from_mins(1);
/// The longest rest that nobody asked for.
const LONGEST: Duration = Duration::from_mins(10);
/// How long one request may hold the right to test what rested.
const PROBATION: Duration = Duration::from_secs(30);
/// One broken answer may be chance; from the second in a row an endpoint rests.
const ENDPOINT_PATIENCE: u32 = 2;

/// Something that can rest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Target {
    /// A credential.
    Credential(CredentialId),
    /// An endpoint.
    Endpoint(EndpointId),
    /// A channel.
    Channel(ChannelId),
    /// A model on a channel.
    Binding(BindingId),
}

/// Why something rests, and until when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cooldown {
    /// Why.
    pub cause: Cause,
    /// Until when; afterwards one request is let through to see.
    pub until: Timestamp,
    /// Whether the upstream itself named that time.
    pub named_by_upstream: bool,
    /// Failures in a row.
    pub streak: u32,
    /// Until when the request that tests it holds that right.
    probation_until: Option<Timestamp>,
}

/// What rests, over all calls of this process.
#[derive(Debug, Default)]
pub struct Health {
    cooldowns: DashMap<Target, Cooldown>,
}

// === impl Target ===

impl Target {
    /// Everything a candidate depends on.
    pub fn of(candidate: &Candidate) -> [Self; 4] {
        [
            Self::Credential(candidate.credential.id),
            Self::Endpoint(candidate.endpoint.id),
            Self::Channel(candidate.channel.id),
            Self::Binding(candidate.binding),
        ]
    }

    fn reached(candidate: &Candidate, scope: Scope) -> Option<Self> {
        match scope {
            Scope::Request => None,
            Scope::Credential => Some(Self::Credential(candidate.credential.id)),
            Scope::Endpoint => Some(Self::Endpoint(candidate.endpoint.id)),
            Scope::Channel => Some(Self::Channel(candidate.channel.id)),
            Scope::Binding => Some(Self::Binding(candidate.binding)),
        }
    }
}

// === impl Health ===

impl Health {
    /// Whether a call may go this way now. Does not claim the right to test what rested: that is
    /// [`Health::start`], when the attempt really begins.
    pub fn admits(&self, targets: &[Target], now: Timestamp) -> bool {
        self.cooldowns.is_empty() || targets.iter().all(|target| self.ready(*target, now))
    }

    /// When the last of these is ready again; `now` when all are.
    pub fn ready_at(&self, targets: &[Target], now: Timestamp) -> Timestamp {
        let ready = targets.iter().filter_map(|target| Some(self.cooldowns.get(target)?.until));
        ready.fold(now, Timestamp::max)
    }

    /// Notes that an attempt begins: whatever has just finished resting is tested by it alone.
    pub fn start(&self, candidate: &Candidate, now: Timestamp) {
        if self.cooldowns.is_empty() {
            return;
        }
        for target in Target::of(candidate) {
            if let Some(mut cooldown) = self.cooldowns.get_mut(&target)
                && cooldown.until <= now
            {
                cooldown.probation_until = Some(now + PROBATION);
            }
        }
    }

    /// Notes how an attempt went. Faults of the request itself change nothing.
    pub fn report(&self, candidate: &Candidate, verdict: Verdict, now: Timestamp) {
        match verdict {
            Verdict::Accept => self.clear(candidate),
            Verdict::Fail { .. } => {}
            Verdict::Retry { scope, cause, until } => {
                if let Some(target) = Target::reached(candidate, scope) {
                    self.rest(target, cause, until, now);
                }
            }
        }
    }

    /// Why something rests, if it does.
    pub fn find(&self, target: Target) -> Option<Cooldown> {
        self.cooldowns.get(&target).map(|cooldown| *cooldown)
    }

    /// Forgets what is known of ids that no longer exist.
    pub fn retain(&self, exists: impl Fn(&Target) -> bool) {
        self.cooldowns.retain(|target, _| exists(target));
    }

    fn ready(&self, target: Target, now: Timestamp) -> bool {
        self.cooldowns.get(&target).is_none_or(|cooldown| {
            cooldown.until <= now && cooldown.probation_until.is_none_or(|until| until <= now)
        })
    }

    fn clear(&self, candidate: &Candidate) {
        if !self.cooldowns.is_empty() {
            for target in Target::of(candidate) {
                self.cooldowns.remove(&target);
            }
        }
    }

    fn rest(&self, target: Target, cause: Cause, named: Option<Timestamp>, now: Timestamp) {
        let mut entry = self.cooldowns.entry(target).or_insert(Cooldown {
            cause,
            until: now,
            named_by_upstream: false,
            streak: 0,
            probation_until: None,
        });
        entry.streak = entry.streak.saturating_add(1);
        entry.cause = cause;
        entry.named_by_upstream = named.is_some();
        entry.probation_until = None;
        entry.until = match named {
            Some(until) => until.max(now),
            None => now + unnamed_rest(target, cause, entry.streak),
        };
    }
}

/// How long something rests when the upstream does not say: longer with each failure in a row.
fn unnamed_rest(target: Target, cause: Cause, streak: u32) -> Duration {
    let patient = matches!(target, Target::Endpoint(_)) && cause != Cause::Connect;
    if patient && streak < ENDPOINT_PATIENCE {
        return Duration::ZERO;
    }
    let base = if cause == Cause::RateLimited { BASE_LIMITED } else { BASE };
    (base * streak.min(20)).min(LONGEST)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::candidate::tests::{catalog, list};

    fn candidate() -> Candidate {
        list(&catalog(&[(0, 1, 1)]), &Health::default(), 1, Timestamp::EPOCH).remove(0)
    }

    fn retry(scope: Scope, cause: Cause, until: Option<Timestamp>) -> Verdict {
        Verdict::Retry { scope, cause, until }
    }

    #[test]
    fn a_named_time_is_kept_to_and_ends_in_probation() {
        let (health, one) = (Health::default(), candidate());
        let targets = Target::of(&one);
        let reset = Timestamp::from_secs(100);
        let limited = retry(Scope::Credential, Cause::RateLimited, Some(reset));
        health.report(&one, limited, Timestamp::from_secs(10));
        assert!(!health.admits(&targets, Timestamp::from_secs(99)));
        assert!(health.admits(&targets, reset));

        health.start(&one, reset);
        assert!(!health.admits(&targets, reset), "one request tests it, not two");
        health.report(&one, Verdict::Accept, reset);
        assert!(health.admits(&targets, reset));
        assert_eq!(health.find(targets[0]), None);
    }

    #[test]
    fn a_test_that_never_reports_gives_its_right_back() {
        let (health, one) = (Health::default(), candidate());
        let refused = retry(Scope::Credential, Cause::Unauthorized, None);
        health.report(&one, refused, Timestamp::EPOCH);
        let ready = health.ready_at(&Target::of(&one), Timestamp::EPOCH);
        assert_eq!(ready, Timestamp::from_secs(30));
        health.start(&one, ready);
        assert!(health.admits(&Target::of(&one), ready + PROBATION));
    }

    #[test]
    fn one_broken_answer_is_forgiven_and_rests_grow_to_a_cap() {
        let (health, one) = (Health::default(), candidate());
        let (targets, now) = (Target::of(&one), Timestamp::EPOCH);
        let broken = retry(Scope::Endpoint, Cause::ServerError, None);
        health.report(&one, broken, now);
        assert!(health.admits(&targets, now));
        health.report(&one, broken, now);
        assert!(!health.admits(&targets, now));
        for _ in 0..100 {
            health.report(&one, broken, now);
        }
        assert_eq!(health.ready_at(&targets, now), now + LONGEST);
    }

    #[test]
    fn faults_of_the_request_change_nothing() {
        let (health, one) = (Health::default(), candidate());
        health.report(&one, Verdict::Fail { cause: Cause::BadRequest }, Timestamp::EPOCH);
        health.report(&one, retry(Scope::Request, Cause::BadRequest, None), Timestamp::EPOCH);
        assert!(health.cooldowns.is_empty());
    }
}
