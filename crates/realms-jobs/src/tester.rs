//! Tests channels by their schedules. Every node looks what is due; the row of a channel decides who
//! tests it.

use std::{sync::Arc, time::Duration};

use realms_catalog::Channel;
use realms_relay::{Depth, Relay};
use realms_store::{StoreError, TestTrigger, TestTurn};
use realms_types::{Asks, ChannelId, Timestamp};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::timeout,
};

/// Channels that one node tests at once.
const AT_ONCE: usize = 4;
/// For all tests of one channel.
const DEADLINE: Duration = Duration::from_mins(2);
/// How long a turn is held when its node dies; longer than a test may take.
const LEASE: Duration = Duration::from_mins(3);

/// Sees to it that channels are tested when their options say so.
#[derive(Debug, Clone)]
pub struct Tester {
    relay: Relay,
    room: Arc<Semaphore>,
}

/// A channel with a schedule.
type Scheduled = (Arc<Channel>, Duration);

// === impl Tester ===

impl Tester {
    /// Of the channels of this relay.
    pub fn new(relay: Relay) -> Self {
        Self { relay, room: Arc::new(Semaphore::new(AT_ONCE)) }
    }

    /// Begins what is due and does not wait for it; what there is no room for is begun by a later pass,
    /// or by another node. Without any schedule the database is not asked.
    pub async fn pass(&self) {
        if let Err(error) = self.try_pass().await {
            tracing::warn!(%error, "cannot look which channels are to be tested");
        }
    }

    async fn try_pass(&self) -> Result<(), StoreError> {
        let (catalog, now) = (self.relay.catalog.snapshot(), self.relay.clock.now());
        let scheduled: Vec<Scheduled> =
            catalog.channels().filter_map(|channel| scheduled(channel, now)).collect();
        if scheduled.is_empty() {
            return Ok(());
        }
        let turns = self.relay.store.read().list_channel_test_turns().await?;
        for (channel, every) in due(scheduled, &turns, now) {
            let Ok(permit) = Arc::clone(&self.room).try_acquire_owned() else { break };
            let (id, node) = (channel.id, self.relay.node_id);
            if self.relay.store.claim_channel_test(id, node, every, LEASE, now).await? {
                self.begin(channel, permit);
            }
        }
        Ok(())
    }

    fn begin(&self, channel: Arc<Channel>, permit: OwnedSemaphorePermit) {
        let relay = self.relay.clone();
        self.relay.tasks.spawn(async move {
            tokio::select! {
                over = timeout(DEADLINE, test(&relay, &channel)) => {
                    if over.is_err() {
                        tracing::warn!(channel.name, "not all tests of a channel were made in time");
                    }
                }
                () = relay.stopping.cancelled() => {}
            }
            if let Err(error) = relay.store.release_channel_test(channel.id, relay.node_id).await {
                tracing::warn!(channel.name, %error, "the turn to test a channel ends by itself");
            }
            drop(permit);
        });
    }
}

/// Tests a channel over every address and with every credential, one after the other.
async fn test(relay: &Relay, channel: &Channel) {
    let catalog = relay.catalog.snapshot();
    for test in relay.usual_tests(&catalog, channel) {
        let how = (TestTrigger::Schedule, Depth::Glance);
        relay.test_channel(&test, how, Arc::new(|_, _| {})).await;
    }
}

/// A channel that takes calls now and has a schedule.
fn scheduled(channel: &Arc<Channel>, now: Timestamp) -> Option<Scheduled> {
    let every = channel.options.as_ref()?.test_every()?;
    let takes_calls = channel.enabled && channel.fits(Asks::default(), now).is_ok();
    takes_calls.then(|| (Arc::clone(channel), every))
}

/// Those whose time has come, the longest overdue first.
fn due(scheduled: Vec<Scheduled>, turns: &[TestTurn], now: Timestamp) -> Vec<Scheduled> {
    let tested =
        |id: ChannelId| turns.iter().find(|turn| turn.channel_id == id).map(|turn| turn.tested_at);
    let mut due: Vec<(Timestamp, Scheduled)> = scheduled
        .into_iter()
        .map(|(channel, every)| {
            let at = tested(channel.id).map_or(Timestamp::EPOCH, |at| at + every);
            (at, (channel, every))
        })
        .filter(|(at, _)| *at <= now)
        .collect();
    due.sort_by_key(|(at, (channel, _))| (*at, channel.id));
    due.into_iter().map(|(_, one)| one).collect()
}

#[cfg(test)]
mod tests {
    use realms_types::{ChannelKind, ChannelOptions, DialectId, Limits};

    use super::*;

    const NOW: Timestamp = Timestamp::from_secs(100_000);

    fn channel(id: i64, enabled: bool, options: Option<&str>) -> Arc<Channel> {
        Arc::new(Channel {
            proxy: None,
            id: ChannelId::new(id),
            name: format!("c{id}"),
            kind: ChannelKind::Openai,
            dialects: vec![DialectId::Chat],
            priority: 0,
            weight: 1,
            enabled,
            endpoints: Vec::new(),
            credentials: Vec::new(),
            options: options.map(|text| Arc::new(ChannelOptions::parse(text).unwrap())),
            hours: None,
            promoted: false,
            limits: Limits::NONE,
            cost_multiplier: None,
        })
    }

    #[test]
    fn only_what_takes_calls_and_says_so_is_scheduled() {
        for (enabled, options, expected) in [
            (true, Some(r#"{"test_every_minutes":5}"#), Some(Duration::from_mins(5))),
            (false, Some(r#"{"test_every_minutes":5}"#), None),
            (true, Some(r#"{"test_model":"m"}"#), None),
            (true, None, None),
        ] {
            let found = scheduled(&channel(1, enabled, options), NOW);
            assert_eq!(found.map(|(_, every)| every), expected, "{enabled} {options:?}");
        }
    }

    #[test]
    fn what_is_due_is_told_the_longest_overdue_first() {
        let minutes = Duration::from_mins;
        let scheduled = [(1, 10), (2, 10), (3, 60), (4, 1), (5, 10)]
            .map(|(id, every)| (channel(id, true, None), minutes(every)));
        let turn =
            |id, ago| TestTurn { channel_id: ChannelId::new(id), tested_at: NOW - minutes(ago) };
        let turns = [turn(1, 10), turn(2, 9), turn(3, 90), turn(4, 3)];
        let due = due(scheduled.into(), &turns, NOW);
        let order: Vec<i64> = due.iter().map(|(channel, _)| channel.id.raw()).collect();
        assert_eq!(order, [5, 3, 4, 1], "one that was never tested comes first");
    }
}
