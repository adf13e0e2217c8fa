//! How busy channels and credentials are on this node, and how soon models begin to answer there.

use std::{
    collections::HashMap,
    hash::Hash,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use dashmap::DashMap;
use realms_types::{ChannelId, Considered, CredentialId, ModelId, Timestamp};

use crate::Candidate;

/// A quicker answer counts for half of what is known after about so long.
const MEMORY: Duration = Duration::from_secs(10);
/// So many attempts more than its share make nobody busy: with few calls, one more or less is chance.
const SLACK: u128 = 4;
/// What was measured longer ago says nothing of now. Without this, whoever was slow once would never be
/// asked again and so never be seen to have recovered.
const STALE: Duration = Duration::from_mins(1);

/// Attempts in flight and times to the first event. In memory, by id: it survives a reload of the
/// catalogue.
#[derive(Debug, Default)]
pub struct Loads {
    channels: Counters<ChannelId>,
    credentials: Counters<CredentialId>,
    latencies: DashMap<(ChannelId, ModelId), Beginning>,
}

/// Counts an attempt until it is dropped.
#[derive(Debug)]
pub struct Load([Arc<AtomicU32>; 2]);

/// What a channel carries when a call chooses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Burden {
    /// Its attempts in flight.
    pub in_flight: u32,
    /// The time to the first event of the call's model there, in microseconds; unknown where nothing was
    /// measured of late.
    pub latency_us: Option<u64>,
}

/// Where a choice learns how busy everyone is: what runs now, or what a trace says of then.
pub trait Busyness: std::fmt::Debug {
    /// What a channel carries, for one of its models.
    fn burden(&self, channel: ChannelId, model: ModelId, now: Timestamp) -> Burden;

    /// The attempts in flight with a credential.
    fn in_flight(&self, channel: ChannelId, credential: CredentialId) -> u32;
}

/// What was busy when a recorded decision was made.
#[derive(Debug, Clone, Default)]
pub struct Recorded {
    /// By channel.
    pub burdens: HashMap<ChannelId, Burden>,
    /// By channel and credential.
    pub credentials: HashMap<(ChannelId, CredentialId), u32>,
}

/// Counters made when first needed.
#[derive(Debug)]
struct Counters<Id: Eq + Hash>(DashMap<Id, Arc<AtomicU32>>);

/// How soon a model begins on a channel.
#[derive(Debug, Clone, Copy, Default)]
struct Beginning {
    /// How long calls waited, also those that did not wait to the end.
    waited: Option<Latency>,
    /// How long it took where it was waited for.
    begun: Option<Latency>,
}

/// A mean that follows a rise at once and a fall slowly: a vendor that begins to queue is left before
/// the queue is long. See "peak EWMA" in Finagle's load balancers.
#[derive(Debug, Clone, Copy)]
struct Latency {
    micros: f64,
    at: Timestamp,
}

// === impl Loads ===

impl Loads {
    /// Counts an attempt with this candidate.
    pub fn enter(&self, candidate: &Candidate) -> Load {
        Load([
            self.channels.enter(candidate.channel.id),
            self.credentials.enter(candidate.credential.id),
        ])
    }

    /// Attempts in flight on a channel.
    pub fn of(&self, channel: ChannelId) -> u32 {
        self.channels.of(channel)
    }

    /// Attempts in flight over all channels.
    pub fn total(&self) -> u32 {
        self.channels.0.iter().map(|count| count.load(Ordering::Relaxed)).sum()
    }

    /// Notes how long a model took on a channel to its first event.
    pub fn observe(
        &self,
        channel: ChannelId,
        model: ModelId,
        first_event: Duration,
        now: Timestamp,
    ) {
        let sample = Latency::new(first_event, now);
        self.latencies.entry((channel, model)).or_default().begun_after(sample);
    }

    /// Notes that a model had not begun on a channel after so long, when nobody waited any more. It tells
    /// who chooses that the channel is slow, and nothing of how long the model usually takes there.
    pub fn observe_late(
        &self,
        channel: ChannelId,
        model: ModelId,
        waited: Duration,
        now: Timestamp,
    ) {
        let sample = Latency::new(waited, now);
        self.latencies.entry((channel, model)).or_default().given_up_after(sample);
    }

    /// How long a model usually takes on a channel to its first event; `None` where none came of late.
    pub fn usual(&self, channel: ChannelId, model: ModelId, now: Timestamp) -> Option<Duration> {
        let known = self.latencies.get(&(channel, model))?;
        known.begun.and_then(|known| known.at(now)).map(Duration::from_micros)
    }

    /// Forgets what is known of channels that no longer exist, and counts of none.
    pub fn retain(&self, exists: impl Fn(ChannelId) -> bool) {
        self.latencies.retain(|(channel, _), _| exists(*channel));
        self.channels.retain_busy();
        self.credentials.retain_busy();
    }
}

impl Busyness for Loads {
    fn burden(&self, channel: ChannelId, model: ModelId, now: Timestamp) -> Burden {
        let known = self.latencies.get(&(channel, model));
        let latency_us = known.and_then(|known| known.waited?.at(now));
        Burden { in_flight: self.of(channel), latency_us }
    }

    fn in_flight(&self, _: ChannelId, credential: CredentialId) -> u32 {
        self.credentials.of(credential)
    }
}

impl Busyness for Recorded {
    fn burden(&self, channel: ChannelId, _: ModelId, _: Timestamp) -> Burden {
        self.burdens.get(&channel).copied().unwrap_or_default()
    }

    fn in_flight(&self, channel: ChannelId, credential: CredentialId) -> u32 {
        self.credentials.get(&(channel, credential)).copied().unwrap_or_default()
    }
}

impl From<&[Considered]> for Recorded {
    fn from(considered: &[Considered]) -> Self {
        let mut recorded = Self::default();
        for one in considered {
            let burden = Burden { in_flight: one.in_flight, latency_us: one.latency_us };
            recorded.burdens.insert(one.channel, burden);
            for (credential, in_flight) in &one.drawn {
                recorded.credentials.insert((one.channel, *credential), *in_flight);
            }
        }
        recorded
    }
}

impl Drop for Load {
    fn drop(&mut self) {
        for count in &self.0 {
            count.fetch_sub(1, Ordering::Relaxed);
        }
    }
}

// === impl Burden ===

impl Burden {
    /// Whether this is so much more than another's that a call had better go there. Each carries its
    /// `weight`: who is meant to take nine of ten calls is not busy with nine. Below twice as much,
    /// chance by weight decides alone: first events differ that much with nothing being wrong.
    pub(crate) fn outweighs(self, weight: u32, other: Self, of_other: u32) -> bool {
        let latencies = self.latency_us.zip(other.latency_us);
        let (own_latency, other_latency) = latencies.unwrap_or((1, 1));
        let (weight, of_other) = (u128::from(weight.max(1)), u128::from(of_other.max(1)));
        let total = weight + of_other;
        // (slack + in flight × mean weight / own weight) × latency, without fractions; bounded far
        // above what there is, so that nothing overflows.
        let cost = |burden: Self, weight: u128, latency: u64| {
            let queue = 2 * SLACK * weight + u128::from(burden.in_flight.min(1 << 20)) * total;
            queue * u128::from(latency.clamp(1, 1 << 36))
        };
        let own = cost(self, weight, own_latency);
        let other = cost(other, of_other, other_latency);
        own * of_other > 2 * other * weight
    }
}

// === impl Counters ===

impl<Id: Copy + Eq + Hash> Counters<Id> {
    /// Counts one more. The count is raised under the map's lock, so that none is forgotten that has
    /// just been taken.
    fn enter(&self, id: Id) -> Arc<AtomicU32> {
        if let Some(count) = self.0.get(&id) {
            count.fetch_add(1, Ordering::Relaxed);
            return Arc::clone(&count);
        }
        let count = self.0.entry(id).or_default();
        count.fetch_add(1, Ordering::Relaxed);
        Arc::clone(&count)
    }

    fn of(&self, id: Id) -> u32 {
        self.0.get(&id).map_or(0, |count| count.load(Ordering::Relaxed))
    }

    fn retain_busy(&self) {
        self.0.retain(|_, count| count.load(Ordering::Relaxed) > 0);
    }
}

impl<Id: Eq + Hash> Default for Counters<Id> {
    fn default() -> Self {
        Self(DashMap::new())
    }
}

// === impl Beginning ===

impl Beginning {
    fn begun_after(&mut self, sample: Latency) {
        self.begun = Some(self.begun.map_or(sample, |known| known.after(sample)));
        self.given_up_after(sample);
    }

    fn given_up_after(&mut self, sample: Latency) {
        self.waited = Some(self.waited.map_or(sample, |known| known.after(sample)));
    }
}

// === impl Latency ===

impl Latency {
    fn new(wait: Duration, now: Timestamp) -> Self {
        Self { micros: wait.as_secs_f64() * 1e6, at: now }
    }

    /// In microseconds, as long as it says something of now.
    fn at(self, now: Timestamp) -> Option<u64> {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "microseconds of a wait, never negative and never near the end of u64"
        )]
        let micros = self.micros as u64;
        (now.since(self.at) < STALE).then_some(micros)
    }

    fn after(self, sample: Self) -> Self {
        let age = sample.at.since(self.at);
        if sample.micros >= self.micros || age >= STALE {
            return sample;
        }
        let kept = (-age.as_secs_f64() / MEMORY.as_secs_f64()).exp2();
        // Measurements side by side would count for nothing otherwise.
        let kept = kept.min(0.9);
        Self { micros: self.micros * kept + sample.micros * (1.0 - kept), at: sample.at }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        Health,
        candidate::tests::{catalog, list},
    };

    fn candidates() -> Vec<Candidate> {
        let catalog = catalog(&[(0, 1, 2), (0, 1, 1)]);
        let mut all = list(&catalog, &Health::default(), 1, Timestamp::EPOCH);
        all.sort_by_key(|one| (one.channel.id, one.credential.id));
        all
    }

    #[test]
    fn an_attempt_counts_until_it_is_over() {
        let (loads, all) = (Loads::default(), candidates());
        let channel = all[0].channel.id;
        let first = loads.enter(&all[0]);
        let second = loads.enter(&all[1]);
        assert_eq!((loads.of(channel), loads.of(all[2].channel.id)), (2, 0));
        assert_eq!(loads.in_flight(channel, all[0].credential.id), 1);
        drop(first);
        loads.retain(|_| true);
        assert_eq!((loads.of(channel), loads.in_flight(channel, all[0].credential.id)), (1, 0));
        drop(second);
        assert_eq!(loads.of(channel), 0);
        loads.retain(|_| true);
        assert!(loads.channels.0.is_empty() && loads.credentials.0.is_empty());
    }

    #[test]
    fn a_rise_counts_at_once_a_fall_little_by_little_and_what_is_old_not_at_all() {
        let (loads, one) = (Loads::default(), &candidates()[0]);
        let known = |secs| {
            let burden = loads.burden(one.channel.id, ModelId::new(1), Timestamp::from_secs(secs));
            burden.latency_us
        };
        let observe = |millis, secs| {
            let (first_event, now) = (Duration::from_millis(millis), Timestamp::from_secs(secs));
            loads.observe(one.channel.id, ModelId::new(1), first_event, now);
        };
        assert_eq!(known(0), None);
        observe(100, 0);
        observe(900, 1);
        assert_eq!(known(1), Some(900_000));
        observe(100, 11);
        assert_eq!(known(11), Some(500_000));
        observe(100, 11);
        assert_eq!(known(11), Some(460_000));
        assert_eq!(known(71), None);
        observe(50, 80);
        assert_eq!(known(80), Some(50_000));
    }

    #[test]
    fn who_was_not_waited_for_is_slow_but_says_nothing_of_what_is_usual() {
        let (loads, one, now) = (Loads::default(), &candidates()[0], Timestamp::from_secs(1));
        let (channel, model) = (one.channel.id, ModelId::new(1));
        let usual = || loads.usual(channel, model, now).map(|time| time.as_millis());
        let waited = || loads.burden(channel, model, now).latency_us;
        loads.observe_late(channel, model, Duration::from_secs(2), now);
        assert_eq!((usual(), waited()), (None, Some(2_000_000)));
        loads.observe(channel, model, Duration::from_millis(100), now);
        assert_eq!((usual(), waited()), (Some(100), Some(1_810_000)));
        // However often it is given up, it is late as soon as before.
        loads.observe_late(channel, model, Duration::from_secs(4), now);
        assert_eq!((usual(), waited()), (Some(100), Some(4_000_000)));
        assert_eq!(loads.usual(channel, model, Timestamp::from_secs(62)), None);
    }

    #[test]
    fn a_burden_is_weighed_against_the_share_of_calls_meant_for_it() {
        let of = |in_flight, latency_us| Burden { in_flight, latency_us };
        let idle = of(0, None);
        assert!(!idle.outweighs(1, idle, 1));
        assert!(!of(4, None).outweighs(1, idle, 1));
        assert!(of(5, None).outweighs(1, idle, 1));
        // Nine of ten calls are meant for the first, and it has nine of ten.
        assert!(!of(9, None).outweighs(9, of(1, None), 1));
        assert!(!of(1, None).outweighs(1, of(9, None), 9));
        assert!(of(9, None).outweighs(1, of(1, None), 9));
        // Slower is no reason before it is more than twice as slow.
        assert!(!of(0, Some(190)).outweighs(1, of(0, Some(100)), 1));
        assert!(of(0, Some(210)).outweighs(1, of(0, Some(100)), 1));
        assert!(!of(0, Some(210)).outweighs(1, of(0, None), 1), "nothing to compare with");
        assert!(of(0, Some(u64::MAX)).outweighs(1, of(u32::MAX, Some(1)), u32::MAX));
    }
}
