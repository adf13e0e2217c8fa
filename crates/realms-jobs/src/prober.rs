//! Finds out whether what rests is up again, for channels whose options say so. Every node does for
//! itself: what rests, rests on one node.

use std::{collections::HashMap, sync::Arc, time::Duration};

use parking_lot::Mutex;
use realms_catalog::Channel;
use realms_relay::Relay;
use realms_scheduler::{Cooldown, Target};
use realms_types::{Asks, Cause, ChannelId, Timestamp};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Probes at once.
const AT_ONCE: usize = 4;
/// No two probes of a channel are closer than this, however short its rests are.
const LEAST: Duration = Duration::from_secs(5);
/// One that has not ended by then never will.
const LONGEST: Duration = Duration::from_mins(1);

/// Probes what rests.
#[derive(Debug, Clone)]
pub struct Prober {
    relay: Relay,
    room: Arc<Semaphore>,
    /// When a probe of each channel began last, and whether it is on its way.
    latest: Arc<Mutex<HashMap<ChannelId, Latest>>>,
}

/// The latest probe of a channel.
#[derive(Debug, Clone, Copy)]
struct Latest {
    at: Timestamp,
    is_running: bool,
}

// === impl Prober ===

impl Prober {
    /// Of the channels of this relay.
    pub fn new(relay: Relay) -> Self {
        Self { relay, room: Arc::new(Semaphore::new(AT_ONCE)), latest: Arc::default() }
    }

    /// Begins what is due and does not wait for it. While nothing rests nothing is looked at.
    pub fn pass(&self) {
        if self.relay.health.cooling() == 0 {
            return;
        }
        let (catalog, now) = (self.relay.catalog.snapshot(), self.relay.clock.now());
        self.latest.lock().retain(|channel, _| catalog.find_channel(*channel).is_some());
        for channel in catalog.channels() {
            let Some(every) = channel.probe_every() else { continue };
            if !channel.enabled || channel.fits(Asks::default(), now).is_err() {
                continue;
            }
            let Some(target) = self.due_of(channel, every, now) else { continue };
            let Ok(permit) = Arc::clone(&self.room).try_acquire_owned() else { return };
            self.begin(channel, target, now, permit);
        }
    }

    /// The part of a channel that is to be probed now: the one whose rest ends first.
    fn due_of(&self, channel: &Channel, every: Duration, now: Timestamp) -> Option<Target> {
        let latest = self.latest.lock().get(&channel.id).copied();
        if latest.is_some_and(|latest| latest.is_running && now.since(latest.at) < LONGEST) {
            return None;
        }
        let due = parts(channel).filter_map(|target| {
            let cooldown = self.relay.health.find(target)?;
            let last = latest.map(|latest| latest.at);
            is_due(&cooldown, last, every, now).then_some((cooldown.until, target))
        });
        due.min_by_key(|(until, _)| *until).map(|(_, target)| target)
    }

    fn begin(
        &self,
        channel: &Arc<Channel>,
        target: Target,
        now: Timestamp,
        permit: OwnedSemaphorePermit,
    ) {
        let (relay, latest, id) = (self.relay.clone(), Arc::clone(&self.latest), channel.id);
        let catalog = relay.catalog.snapshot();
        let Some(test) = relay.test_of(&catalog, channel, target) else { return };
        latest.lock().insert(id, Latest { at: now, is_running: true });
        self.relay.tasks.spawn(async move {
            tokio::select! {
                _ = relay.probe_rest(target, &test) => {}
                () = relay.stopping.cancelled() => {}
            }
            if let Some(latest) = latest.lock().get_mut(&id) {
                latest.is_running = false;
            }
            drop(permit);
        });
    }
}

/// What of a channel is probed when it rests.
fn parts(channel: &Channel) -> impl Iterator<Item = Target> {
    let endpoints = channel.endpoints.iter().map(|one| Target::Endpoint(one.id));
    let credentials = channel.credentials.iter().map(|one| Target::Credential(one.id));
    [Target::Channel(channel.id)].into_iter().chain(endpoints).chain(credentials)
}

/// Whether a rest is to be probed, if a probe can tell anything of it: at its end, and before only where waiting may have mended it and the
/// upstream did not name a time itself.
fn is_due(cooldown: &Cooldown, last: Option<Timestamp>, every: Duration, now: Timestamp) -> bool {
    if !cooldown.rested()
        || !cooldown.probed
        || cooldown.is_tested(now)
        || last.is_some_and(|last| now.since(last) < LEAST)
    {
        return false;
    }
    let is_early_good = !cooldown.named_by_upstream && may_pass_early(cooldown.cause);
    let since = last.map_or(cooldown.since, |last| last.max(cooldown.since));
    cooldown.until <= now || (is_early_good && now.since(since) >= every)
}

/// Whether the trouble may be over at any moment: nobody has to pay, log in or look a path up first.
const fn may_pass_early(cause: Cause) -> bool {
    match cause {
        Cause::Connect
        | Cause::HeaderTimeout
        | Cause::FirstEventTimeout
        | Cause::IdleTimeout
        | Cause::StreamTimeout
        | Cause::Broken
        | Cause::NotAnAnswer
        | Cause::TooLarge
        | Cause::Overloaded
        | Cause::ServerError => true,
        Cause::Unauthorized
        | Cause::Exhausted
        | Cause::RateLimited
        | Cause::NoSuchPath
        | Cause::NoSuchModel
        | Cause::Redirect
        | Cause::BadRequest
        | Cause::ClientGone
        | Cause::Shutdown
        | Cause::Revoked
        | Cause::NotAllowed
        | Cause::NoChannel => false,
    }
}

#[cfg(test)]
mod tests {
    use realms_scheduler::Health;
    use realms_types::{CredentialId, EndpointId};

    use super::*;

    const KEY: Target = Target::Credential(CredentialId::new(1));
    const ENDPOINT: Target = Target::Endpoint(EndpointId::new(1));

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_secs(seconds)
    }

    /// What rests since 100 s, for 30 s where no time was named.
    fn cooldown(cause: Cause, named: Option<i64>) -> Cooldown {
        let health = Health::default();
        health.fail_probe(KEY, Some((KEY, cause, named.map(at))), at(100));
        health.find(KEY).unwrap()
    }

    #[test]
    fn a_rest_is_probed_at_its_end_and_before_where_that_may_help() {
        use Cause::{Connect, RateLimited, Unauthorized};
        for (cause, named, last, now, expected) in [
            (Connect, None, None, 109, false),
            (Connect, None, None, 110, true),
            (Connect, None, Some(105), 114, false),
            (Connect, None, Some(105), 115, true),
            // A probe that was made before it rested says nothing of it.
            (Connect, None, Some(95), 109, false),
            (Connect, None, Some(127), 130, false),
            (Connect, None, Some(125), 130, true),
            (Connect, Some(160), None, 159, false),
            (Connect, Some(160), None, 160, true),
            (RateLimited, None, None, 159, false),
            (RateLimited, None, None, 160, true),
            (Unauthorized, None, None, 129, false),
            (Unauthorized, None, None, 130, true),
        ] {
            let cooldown = cooldown(cause, named);
            let due = is_due(&cooldown, last.map(at), Duration::from_secs(10), at(now));
            assert_eq!(due, expected, "{cause:?} {named:?} {last:?} {now}");
        }
    }

    #[test]
    fn what_is_forgiven_or_tested_is_left_alone() {
        let health = Health::default();
        let once = Some((ENDPOINT, Cause::ServerError, None));
        health.fail_probe(ENDPOINT, once, at(100));
        let forgiven = health.find(ENDPOINT).unwrap();
        assert!(!is_due(&forgiven, None, Duration::from_secs(10), at(500)));
        health.fail_probe(ENDPOINT, once, at(102));
        assert!(health.begin_probe(ENDPOINT, at(132)));
        let tested = health.find(ENDPOINT).unwrap();
        assert!(!is_due(&tested, None, Duration::from_secs(10), at(150)));
        assert!(is_due(&tested, None, Duration::from_secs(10), at(162)), "it never told");
    }
}
