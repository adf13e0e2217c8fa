//! What rests, why, and until when. Keyed by id, so it survives a reload of the catalogue.

use std::{collections::HashMap, time::Duration};

use dashmap::DashMap;
use realms_types::{
    BindingId, Cause, ChannelId, CredentialId, EndpointId, Scope, Timestamp, Verdict,
};

use crate::Candidate;

/// The first rest, where the upstream names none.
const BASE: Duration = Duration::from_secs(30);
/// The first rest after a rate limit.
const BASE_LIMITED: Duration = Duration::from_mins(1);
/// The first rest of what is used up.
const BASE_EXHAUSTED: Duration = Duration::from_mins(5);
/// The longest rest that nobody asked for.
const LONGEST: Duration = Duration::from_mins(10);
/// How long one request may hold the right to test what rested.
const PROBATION: Duration = Duration::from_secs(30);
/// One broken answer may be chance; from the second in a row an endpoint rests.
const ENDPOINT_PATIENCE: u32 = 2;
/// Failures this close to the one last counted have the same cause and count once: one blip of the
/// network cuts all streams of an endpoint, and calls sent side by side are refused side by side.
const BLIP: Duration = Duration::from_secs(1);

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
    /// When it began. What was tried earlier and went well says nothing against it.
    pub since: Timestamp,
    /// Until when; afterwards one request is let through to see.
    pub until: Timestamp,
    /// Whether the upstream itself named that time.
    pub named_by_upstream: bool,
    /// Failures in a row; those of one blip, or while it rested, count as one.
    pub streak: u32,
    /// Whether a probe finds out when it is over. Calls wait for that for a while: a client's call is
    /// to test it only where no probe comes.
    pub probed: bool,
    /// Until when the request that tests it holds that right.
    probation_until: Option<Timestamp>,
}

/// What rests, over all calls of this process.
#[derive(Debug, Default)]
pub struct Health {
    cooldowns: DashMap<Target, Cooldown>,
}

/// What keeps a call from going a way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rest {
    /// What rests.
    pub target: Target,
    /// Why.
    pub cause: Cause,
    /// Until when it rests, or is tested by one request.
    pub until: Timestamp,
}

/// That something rests, as people are told of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Resting {
    /// Why.
    pub cause: Cause,
    /// Until when; once that is over, until when a probe has the first turn.
    pub until: Timestamp,
}

/// What rests at one moment. A decision looks at each thing once: what is laid down while it is made
/// neither splits it nor is missing from what it tells.
#[derive(Debug, Default)]
pub(crate) struct Rests(HashMap<Target, Rest>);

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

    /// How far its rest reaches.
    pub const fn scope(self) -> Scope {
        match self {
            Self::Credential(_) => Scope::Credential,
            Self::Endpoint(_) => Scope::Endpoint,
            Self::Channel(_) => Scope::Channel,
            Self::Binding(_) => Scope::Binding,
        }
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

    /// Everything that rests now, or is tested by one request.
    pub(crate) fn rests(&self, now: Timestamp) -> Rests {
        if self.cooldowns.is_empty() {
            return Rests::default();
        }
        let rest = |target: Target, cooldown: &Cooldown| {
            let (cause, until) = (cooldown.cause, cooldown.end());
            (until > now).then_some((target, Rest { target, cause, until }))
        };
        let all = self.cooldowns.iter().filter_map(|entry| rest(*entry.key(), entry.value()));
        Rests(all.collect())
    }

    /// Which of these rests longest, if any does.
    pub fn rest(&self, targets: &[Target], now: Timestamp) -> Option<Rest> {
        if self.cooldowns.is_empty() {
            return None;
        }
        let resting = targets.iter().filter_map(|target| {
            let cooldown = self.cooldowns.get(target)?;
            let (cause, until) = (cooldown.cause, cooldown.end());
            (until > now).then_some(Rest { target: *target, cause, until })
        });
        resting.max_by_key(|rest| rest.until)
    }

    /// Whether this rests, and what people are told of it.
    pub fn resting(&self, target: Target, now: Timestamp) -> Option<Resting> {
        let active = |cooldown: &Cooldown| cooldown.rested() && cooldown.opens() > now;
        let cooldown = self.find(target).filter(active)?;
        // Over, and a probe is to find out whether it is.
        let is_over = cooldown.until <= now;
        let until = if is_over { cooldown.opens() } else { cooldown.until };
        Some(Resting { cause: cooldown.cause, until })
    }

    /// Of things of which one is enough, the one that is back first, where all of them rest.
    pub fn all_resting(
        &self,
        targets: impl IntoIterator<Item = Target>,
        now: Timestamp,
    ) -> Option<Resting> {
        let all: Option<Vec<Resting>> =
            targets.into_iter().map(|target| self.resting(target, now)).collect();
        all?.into_iter().min_by_key(|resting| resting.until)
    }

    /// Notes that an attempt begins: whatever has just finished resting is tested by it alone.
    pub fn start(&self, candidate: &Candidate, now: Timestamp) {
        if self.cooldowns.is_empty() {
            return;
        }
        for target in Target::of(candidate) {
            if let Some(mut cooldown) = self.cooldowns.get_mut(&target)
                && cooldown.rested()
                && cooldown.opens() <= now
            {
                cooldown.probation_until = Some(now + PROBATION);
            }
        }
    }

    /// Notes how an attempt that began at `started` went. A success ends the rests it came after, not
    /// one that began while it ran. Faults of the request itself change nothing.
    pub fn report(
        &self,
        candidate: &Candidate,
        verdict: Verdict,
        started: Timestamp,
        now: Timestamp,
    ) {
        match verdict {
            Verdict::Accept => self.succeed(&Target::of(candidate), started),
            Verdict::Fail { .. } => {}
            Verdict::Retry { scope, cause, until } => {
                if let Some(target) = Target::reached(candidate, scope) {
                    let probed = candidate.channel.probe_every().is_some();
                    self.lay_down(target, probed, (cause, until), now);
                }
            }
        }
    }

    /// Ends the rests of these that something begun at `started` has shown to be over.
    pub fn succeed(&self, targets: &[Target], started: Timestamp) {
        if !self.cooldowns.is_empty() {
            for target in targets {
                self.cooldowns.remove_if(target, |_, cooldown| cooldown.ends_with(started));
            }
        }
    }

    /// Takes the right to test what rests, before its time or at its end. `false`: it does not rest, or
    /// another request tests it. Goes with [`Health::succeed`] or [`Health::fail_probe`]; whoever never
    /// tells gives the right back after a while.
    pub fn begin_probe(&self, target: Target, now: Timestamp) -> bool {
        let Some(mut cooldown) = self.cooldowns.get_mut(&target) else { return false };
        let is_free = cooldown.rested() && !cooldown.is_tested(now);
        if is_free {
            cooldown.probation_until = Some(now + PROBATION);
        }
        is_free
    }

    /// Notes that a probe of a target failed, and what it says of which part of its way: that rests, and
    /// the target rests on where its time is over. One that says nothing of the upstream, because the
    /// probe itself was refused, leaves it to calls to find out.
    pub fn fail_probe(
        &self,
        target: Target,
        said: Option<(Target, Cause, Option<Timestamp>)>,
        now: Timestamp,
    ) {
        if let Some((reached, cause, until)) = said {
            self.lay_down(reached, true, (cause, until), now);
        }
        let Some(mut cooldown) = self.cooldowns.get_mut(&target) else { return };
        cooldown.probation_until = None;
        cooldown.probed &= said.is_some();
        let (cause, is_over) = (cooldown.cause, cooldown.rested() && cooldown.until <= now);
        drop(cooldown);
        if is_over && said.is_some() {
            self.lay_down(target, true, (cause, None), now);
        }
    }

    /// Ends the rests of these because somebody says so.
    pub fn wake(&self, targets: &[Target]) {
        for target in targets {
            self.cooldowns.remove(target);
        }
    }

    /// How much rests or is tested.
    pub fn cooling(&self) -> usize {
        self.cooldowns.iter().filter(|cooldown| cooldown.rested()).count()
    }

    /// Why something rests, if it does.
    pub fn find(&self, target: Target) -> Option<Cooldown> {
        self.cooldowns.get(&target).map(|cooldown| *cooldown)
    }

    /// Forgets what is known of ids that no longer exist.
    pub fn retain(&self, exists: impl Fn(&Target) -> bool) {
        self.cooldowns.retain(|target, _| exists(target));
    }

    /// Lays something down until a time that is known, as a trace tells it.
    pub(crate) fn rest_until(
        &self,
        target: Target,
        cause: Cause,
        until: Timestamp,
        now: Timestamp,
    ) {
        self.lay_down(target, false, (cause, Some(until)), now);
    }

    fn ready(&self, target: Target, now: Timestamp) -> bool {
        self.cooldowns
            .get(&target)
            .is_none_or(|cooldown| cooldown.opens() <= now && !cooldown.is_tested(now))
    }

    fn lay_down(
        &self,
        target: Target,
        probed: bool,
        (cause, named): (Cause, Option<Timestamp>),
        now: Timestamp,
    ) {
        // A model that is not there is no matter of waiting.
        let probed = probed && !matches!(target, Target::Binding(_));
        let mut entry = self.cooldowns.entry(target).or_insert(Cooldown {
            cause,
            since: now,
            until: now,
            named_by_upstream: false,
            streak: 0,
            probed,
            probation_until: None,
        });
        let counted = entry.counts(now);
        let streak = if counted { entry.streak } else { entry.streak.saturating_add(1) };
        let until = match named {
            Some(until) => until.max(now),
            None => now + unnamed_rest(target, cause, streak),
        };
        if counted && until <= entry.until.max(now) {
            return;
        }
        *entry = Cooldown {
            cause,
            since: now,
            until,
            named_by_upstream: named.is_some(),
            streak,
            probed,
            probation_until: None,
        };
    }
}

// === impl Rests ===

impl Rests {
    /// Which of these rests longest, if any does.
    pub(crate) fn find(&self, targets: &[Target]) -> Option<Rest> {
        if self.0.is_empty() {
            return None;
        }
        targets
            .iter()
            .filter_map(|target| self.0.get(target))
            .max_by_key(|rest| rest.until)
            .copied()
    }
}

// === impl Cooldown ===

impl Cooldown {
    /// Whether this was a rest at all. A failure that was forgiven is only a count.
    pub fn rested(&self) -> bool {
        self.until > self.since
    }

    /// Whether a request tests it now.
    pub fn is_tested(&self, now: Timestamp) -> bool {
        self.probation_until.is_some_and(|until| until > now)
    }

    /// From when on a call may test it: a probe has the first turn.
    pub fn opens(&self) -> Timestamp {
        if self.probed && self.rested() { self.until + PROBATION } else { self.until }
    }

    /// When it has rested, or whoever tests it has had the time to.
    fn end(&self) -> Timestamp {
        self.probation_until.map_or(self.opens(), |end| end.max(self.opens()))
    }

    /// Whether a failure of now is already in the streak: the target rests, or has just failed.
    fn counts(&self, now: Timestamp) -> bool {
        let just_failed = !self.rested() && now.since(self.since) < BLIP;
        self.streak > 0 && (self.until > now || just_failed)
    }

    /// Whether the success of an attempt begun at `started` ends this: any success ends a row of
    /// forgiven failures, a rest only what was tried after it began.
    fn ends_with(&self, started: Timestamp) -> bool {
        !self.rested() || self.since <= started
    }
}

/// How long something rests when the upstream does not say: longer with each failure in a row.
fn unnamed_rest(target: Target, cause: Cause, streak: u32) -> Duration {
    let patient = matches!(target, Target::Endpoint(_)) && cause != Cause::Connect;
    if patient && streak < ENDPOINT_PATIENCE {
        return Duration::ZERO;
    }
    let base = if cause == Cause::RateLimited {
        BASE_LIMITED
    } else if cause == Cause::Exhausted {
        BASE_EXHAUSTED
    } else {
        BASE
    };
    (base * streak.min(20)).min(LONGEST)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use realms_catalog::Channel;
    use realms_types::ChannelOptions;

    use super::*;
    use crate::candidate::tests::{catalog, list};

    /// When the last of these has rested.
    fn ready_at(health: &Health, targets: &[Target], now: Timestamp) -> Timestamp {
        health.rest(targets, now).map_or(now, |rest| rest.until)
    }

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
        health.report(&one, limited, Timestamp::from_secs(9), Timestamp::from_secs(10));
        assert!(!health.admits(&targets, Timestamp::from_secs(99)));
        assert!(health.admits(&targets, reset));

        health.start(&one, reset);
        assert!(!health.admits(&targets, reset), "one request tests it, not two");
        health.report(&one, Verdict::Accept, reset, reset);
        assert!(health.admits(&targets, reset));
        assert_eq!(health.find(targets[0]), None);
    }

    #[test]
    fn a_test_that_never_reports_gives_its_right_back() {
        let (health, one) = (Health::default(), candidate());
        let refused = retry(Scope::Credential, Cause::Unauthorized, None);
        health.report(&one, refused, Timestamp::EPOCH, Timestamp::EPOCH);
        let ready = ready_at(&health, &Target::of(&one), Timestamp::EPOCH);
        assert_eq!(ready, Timestamp::from_secs(30));
        health.start(&one, ready);
        assert!(health.admits(&Target::of(&one), ready + PROBATION));
    }

    /// A candidate of a channel whose rests are probed.
    fn probed() -> Candidate {
        let mut one = candidate();
        let options = ChannelOptions { probe_every_seconds: Some(10), ..ChannelOptions::default() };
        let channel = &one.channel;
        one.channel = Arc::new(Channel {
            id: channel.id,
            name: channel.name.clone(),
            kind: channel.kind,
            dialects: channel.dialects.clone(),
            priority: channel.priority,
            weight: channel.weight,
            enabled: true,
            promoted: false,
            limits: channel.limits,
            proxy: None,
            endpoints: channel.endpoints.clone(),
            credentials: channel.credentials.clone(),
            options: Some(Arc::new(options)),
            hours: None,
            cost_multiplier: None,
        });
        one
    }

    #[test]
    fn a_probe_finds_out_before_any_call_and_one_that_never_comes_keeps_nobody_away() {
        let (health, one, at) = (Health::default(), probed(), Timestamp::from_secs);
        let (targets, endpoint) = (Target::of(&one), Target::Endpoint(one.endpoint.id));
        let unreachable = retry(Scope::Endpoint, Cause::Connect, None);
        health.report(&one, unreachable, at(0), at(0));
        assert!(!health.admits(&targets, at(30)), "its time is over, and the probe has its turn");
        assert!(!health.admits(&targets, at(59)));
        assert!(health.admits(&targets, at(60)), "no probe came");

        assert!(health.begin_probe(endpoint, at(30)));
        assert!(!health.begin_probe(endpoint, at(31)), "one at a time");
        health.fail_probe(endpoint, Some((endpoint, Cause::Connect, None)), at(32));
        let cooldown = health.find(endpoint).unwrap();
        assert_eq!((cooldown.streak, cooldown.until), (2, at(92)), "it rests on, and for longer");
        assert!(!health.admits(&targets, at(121)));

        assert!(health.begin_probe(endpoint, at(40)), "before its time, too");
        health.fail_probe(endpoint, Some((endpoint, Cause::Connect, None)), at(41));
        let cooldown = health.find(endpoint).unwrap();
        assert_eq!((cooldown.streak, cooldown.until), (2, at(101)), "it counts once and rests on");
        assert!(health.begin_probe(endpoint, at(50)));
        health.succeed(&targets, at(50));
        assert!(health.admits(&targets, at(50)) && health.find(endpoint).is_none());
        assert!(!health.begin_probe(endpoint, at(51)), "nothing rests");
    }

    #[test]
    fn a_probe_that_finds_other_trouble_leaves_what_it_was_for_at_rest() {
        let (health, one, at) = (Health::default(), probed(), Timestamp::from_secs);
        let endpoint = Target::Endpoint(one.endpoint.id);
        let key = Target::Credential(one.credential.id);
        health.report(&one, retry(Scope::Endpoint, Cause::Connect, None), at(0), at(0));
        assert!(health.begin_probe(endpoint, at(30)));
        health.fail_probe(endpoint, Some((key, Cause::Unauthorized, None)), at(30));
        assert_eq!(health.find(key).unwrap().cause, Cause::Unauthorized);
        let cooldown = health.find(endpoint).unwrap();
        assert_eq!((cooldown.cause, cooldown.until), (Cause::Connect, at(90)));
        // A fault of the probe itself says nothing: it ends nothing, and keeps no call away.
        let plain = [endpoint];
        assert!(!health.admits(&plain, at(90)) && health.begin_probe(endpoint, at(90)));
        health.fail_probe(endpoint, None, at(90));
        assert_eq!(health.find(endpoint).unwrap().until, at(90));
        assert!(health.admits(&plain, at(90)));
        health.fail_probe(Target::Endpoint(realms_types::EndpointId::new(9)), None, at(90));
    }

    #[test]
    fn rests_that_are_not_probed_end_by_a_call_and_so_do_those_of_models() {
        let (health, plain, at) = (Health::default(), candidate(), Timestamp::from_secs);
        let unreachable = retry(Scope::Endpoint, Cause::Connect, None);
        health.report(&plain, unreachable, at(0), at(0));
        assert!(health.admits(&Target::of(&plain), at(30)));
        let (health, one) = (Health::default(), probed());
        health.report(&one, retry(Scope::Binding, Cause::NoSuchModel, None), at(0), at(0));
        assert!(health.admits(&Target::of(&one), at(30)));
        // What is forgiven is no rest, and nobody waits for a probe of it.
        let (health, one) = (Health::default(), probed());
        health.report(&one, retry(Scope::Endpoint, Cause::ServerError, None), at(0), at(0));
        assert!(health.admits(&Target::of(&one), at(0)));
        assert!(!health.begin_probe(Target::Endpoint(one.endpoint.id), at(1)));
    }

    #[test]
    fn one_broken_answer_is_forgiven_and_rests_grow_to_a_cap() {
        let (health, one) = (Health::default(), candidate());
        let (targets, mut now) = (Target::of(&one), Timestamp::EPOCH);
        let broken = retry(Scope::Endpoint, Cause::ServerError, None);
        health.report(&one, broken, now, now);
        assert!(health.admits(&targets, now));
        now = now + BLIP;
        health.report(&one, broken, now, now);
        assert!(!health.admits(&targets, now));
        for _ in 0..100 {
            now = ready_at(&health, &targets, now);
            health.report(&one, broken, now, now);
        }
        assert_eq!(ready_at(&health, &targets, now), now + LONGEST);
    }

    #[test]
    fn streams_cut_by_one_blip_count_as_one_failure() {
        let (health, one) = (Health::default(), candidate());
        let targets = Target::of(&one);
        let broken = retry(Scope::Endpoint, Cause::Broken, None);
        let at = |millis| Timestamp::from_millis(millis);
        for millis in 0..50 {
            health.report(&one, broken, Timestamp::EPOCH, at(1_000 + millis));
        }
        health.start(&one, at(1_050));
        assert!(health.admits(&targets, at(1_050)), "one blip is forgiven, without probation");
        assert_eq!(health.find(targets[1]).unwrap().streak, 1);

        health.report(&one, broken, at(1_100), at(2_000));
        assert!(!health.admits(&targets, at(2_000)), "failing on is not");
        assert_eq!(health.find(targets[1]).unwrap().streak, 2);
    }

    #[test]
    fn refusals_side_by_side_raise_the_streak_once() {
        let (health, one) = (Health::default(), candidate());
        let target = Target::of(&one)[0];
        let limited = retry(Scope::Credential, Cause::RateLimited, None);
        for secs in 0..20 {
            health.report(&one, limited, Timestamp::EPOCH, Timestamp::from_secs(secs));
        }
        let cooldown = health.find(target).unwrap();
        assert_eq!(cooldown.streak, 1);
        assert_eq!(cooldown.until, Timestamp::from_secs(19) + BASE_LIMITED);

        health.report(&one, limited, cooldown.until, cooldown.until);
        let next = health.find(target).unwrap();
        assert_eq!((next.streak, next.until), (2, cooldown.until + BASE_LIMITED * 2));
    }

    #[test]
    fn an_older_success_leaves_a_fresh_rest_alone() {
        let (health, one) = (Health::default(), candidate());
        let targets = Target::of(&one);
        let (set, reset) = (Timestamp::from_secs(100), Timestamp::from_secs(9_000));
        let exhausted = retry(Scope::Credential, Cause::Exhausted, Some(reset));
        health.report(&one, exhausted, Timestamp::from_secs(99), set);
        let fresh = health.find(targets[0]);
        assert_eq!(fresh.map(|cooldown| cooldown.since), Some(set));

        health.report(&one, Verdict::Accept, Timestamp::from_secs(50), Timestamp::from_secs(101));
        assert_eq!(health.find(targets[0]), fresh);
        health.report(&one, Verdict::Accept, Timestamp::from_secs(50), reset);
        assert_eq!(health.find(targets[0]), fresh, "it still ends in a test");
        health.report(&one, Verdict::Accept, set, Timestamp::from_secs(102));
        assert_eq!(health.find(targets[0]), None);
    }

    #[test]
    fn any_success_ends_a_row_of_forgiven_failures() {
        let (health, one) = (Health::default(), candidate());
        let broken = retry(Scope::Endpoint, Cause::Broken, None);
        let at = Timestamp::from_secs;
        health.report(&one, broken, at(1), at(10));
        health.report(&one, Verdict::Accept, at(5), at(11));
        health.report(&one, broken, at(2), at(12));
        assert!(health.admits(&Target::of(&one), at(12)));
    }

    #[test]
    fn a_late_refusal_does_not_shorten_a_rest() {
        let (health, one) = (Health::default(), candidate());
        let target = Target::of(&one)[0];
        let at = Timestamp::from_secs;
        let exhausted = retry(Scope::Credential, Cause::Exhausted, Some(at(18_000)));
        health.report(&one, exhausted, at(9), at(10));
        let long = health.find(target);
        let limited = |until| retry(Scope::Credential, Cause::RateLimited, until);
        health.report(&one, limited(Some(at(12))), at(9), at(11));
        health.report(&one, limited(None), at(9), at(11));
        assert_eq!(health.find(target), long, "neither its end nor its cause");

        health.report(&one, limited(Some(at(20_000))), at(9), at(12));
        let longer = health.find(target).unwrap();
        assert_eq!((longer.since, longer.until, longer.streak), (at(12), at(20_000), 1));
        health.report(&one, limited(Some(at(20_005))), at(20_000), at(20_001));
        assert_eq!(health.find(target).unwrap().until, at(20_005), "what is over binds nobody");
    }

    #[test]
    fn what_is_woken_takes_calls_at_once() {
        let (health, one) = (Health::default(), candidate());
        let now = Timestamp::from_secs(100);
        let limited = retry(Scope::Credential, Cause::RateLimited, None);
        health.report(&one, limited, now, now);
        health.wake(&[Target::of(&one)[1]]);
        assert!(!health.admits(&Target::of(&one), now), "another target");
        health.wake(&Target::of(&one));
        assert!(health.admits(&Target::of(&one), now));
    }

    #[test]
    fn faults_of_the_request_change_nothing() {
        let (health, one) = (Health::default(), candidate());
        let now = Timestamp::EPOCH;
        health.report(&one, Verdict::Fail { cause: Cause::BadRequest }, now, now);
        health.report(&one, retry(Scope::Request, Cause::BadRequest, None), now, now);
        assert!(health.cooldowns.is_empty());
    }
}
