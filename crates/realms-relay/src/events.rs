//! What happens here, for those who watch: calls that end, channels whose health changes, a new
//! configuration.
//!
//! While nobody watches, and nobody did a moment ago, publishing is one look at a flag. A watcher that
//! comes back says which notice it saw last and goes on from there, if that is still kept. Ids are
//! times, so that they grow over restarts and do not tell how much happens here.

use std::{
    collections::VecDeque,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use parking_lot::Mutex;
use realms_store::UsageRecord;
use realms_types::{ChannelId, SharedClock, Timestamp};
use tokio::sync::watch;

/// Notices kept for those who come back or are slow.
const KEPT: usize = 2_048;
/// How long notices are kept after the last watcher left.
const LINGER: Duration = Duration::from_mins(2);
/// Notices handed over at once.
const BATCH: usize = 256;

/// Something that happened.
#[derive(Debug, Clone)]
pub enum Notice {
    /// A call ended. Its record comes without its price, its object and its trace.
    Call(Arc<UsageRecord>),
    /// Something of this channel began or ceased to rest.
    Health(ChannelId),
    /// The catalogue of this version is in force.
    Config(i64),
}

/// The hub of this process. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Events(Arc<Hub>);

#[derive(Debug)]
struct Hub {
    clock: SharedClock,
    /// Whether notices are kept at all.
    open: AtomicBool,
    lane: Mutex<Lane>,
    /// The count of notices so far; a change wakes the watchers.
    count: watch::Sender<u64>,
}

/// The notices kept, oldest first.
#[derive(Debug, Default)]
struct Lane {
    kept: VecDeque<Entry>,
    /// The newest id that is not among them: all that came later is.
    before: u64,
    /// The newest id.
    newest: u64,
    /// How many notices there were.
    count: u64,
    watchers: usize,
    /// Since when nobody watches.
    left: Timestamp,
}

#[derive(Debug)]
struct Entry {
    id: u64,
    notice: Notice,
}

/// Somebody who watches.
#[derive(Debug)]
pub struct Watcher {
    hub: Events,
    /// How many notices it has seen, or missed.
    seen: u64,
    /// How many it missed since it was last told.
    missed: u64,
    count: watch::Receiver<u64>,
}

/// What a watcher has not seen yet.
#[derive(Debug, Clone, Default)]
pub struct News {
    /// At least so many notices came and are no longer kept.
    pub missed: u64,
    /// Notices with their ids, oldest first.
    pub notices: Vec<(u64, Notice)>,
    /// The newest id: what a watcher that goes now may come back with.
    pub newest: u64,
}

// === impl Events ===

impl Events {
    /// A hub that nobody watches yet.
    pub fn new(clock: SharedClock) -> Self {
        let (count, _) = watch::channel(0);
        let lane = Mutex::default();
        Self(Arc::new(Hub { clock, open: AtomicBool::new(false), lane, count }))
    }

    /// A call ended.
    pub(crate) fn publish_call(&self, record: &UsageRecord) {
        self.publish(|| {
            Notice::Call(Arc::new(UsageRecord {
                price: None,
                object: None,
                trace: None,
                ..record.clone()
            }))
        });
    }

    /// Something of a channel began or ceased to rest.
    pub fn publish_health(&self, channel: ChannelId) {
        self.publish(|| Notice::Health(channel));
    }

    /// A catalogue came into force.
    pub fn publish_config(&self, version: i64) {
        self.publish(|| Notice::Config(version));
    }

    /// Watches from now on, or from after the notice with this id. If that is no longer kept, the
    /// first news say that some were missed.
    pub fn watch(&self, after: Option<u64>) -> Watcher {
        let now = self.0.clock.now();
        let mut lane = self.0.lane.lock();
        if !self.0.open.load(Ordering::Relaxed) {
            lane.newest = lane.newest.max(id_at(now));
            lane.before = lane.newest;
            self.0.open.store(true, Ordering::Relaxed);
        }
        lane.watchers += 1;
        let (seen, missed) = match after {
            None => (lane.count, 0),
            Some(id) if (lane.before..=lane.newest).contains(&id) => {
                let later = lane.kept.iter().rev().take_while(|entry| entry.id > id).count();
                (lane.count - later as u64, 0)
            }
            Some(_) => (lane.count, 1),
        };
        Watcher { hub: self.clone(), seen, missed, count: self.0.count.subscribe() }
    }

    fn publish(&self, notice: impl FnOnce() -> Notice) {
        if !self.0.open.load(Ordering::Relaxed) {
            return;
        }
        let now = self.0.clock.now();
        let mut lane = self.0.lane.lock();
        if lane.watchers == 0 && now.since(lane.left) > LINGER {
            lane.kept = VecDeque::new();
            self.0.open.store(false, Ordering::Relaxed);
            return;
        }
        lane.newest = id_at(now).max(lane.newest + 1);
        lane.count += 1;
        if lane.kept.len() == KEPT
            && let Some(oldest) = lane.kept.pop_front()
        {
            lane.before = oldest.id;
        }
        let id = lane.newest;
        lane.kept.push_back(Entry { id, notice: notice() });
        let count = lane.count;
        drop(lane);
        self.0.count.send_replace(count);
    }
}

fn id_at(now: Timestamp) -> u64 {
    u64::try_from(now.as_micros()).unwrap_or(0)
}

// === impl Watcher ===

impl Watcher {
    /// Waits until there is something to tell. Giving up the wait loses nothing.
    pub async fn ready(&mut self) {
        // Marked before looking, so that what comes in between wakes.
        self.count.mark_unchanged();
        while self.missed == 0 && self.hub.0.lane.lock().count == self.seen {
            if self.count.changed().await.is_err() {
                std::future::pending::<()>().await;
            }
        }
    }

    /// Waits until there is something to tell, and tells it.
    pub async fn next(&mut self) -> News {
        self.ready().await;
        self.take()
    }

    /// What there is to tell now, at most a few hundred at once.
    pub fn take(&mut self) -> News {
        let lane = self.hub.0.lane.lock();
        let kept = lane.kept.len() as u64;
        let oldest = lane.count - kept;
        self.missed += oldest.saturating_sub(self.seen);
        self.seen = self.seen.max(oldest);
        let skip = usize::try_from(self.seen - oldest).unwrap_or(usize::MAX);
        let entries = lane.kept.iter().skip(skip).take(BATCH);
        let notices: Vec<_> = entries.map(|entry| (entry.id, entry.notice.clone())).collect();
        self.seen += notices.len() as u64;
        News { missed: std::mem::take(&mut self.missed), notices, newest: lane.newest }
    }
}

impl Drop for Watcher {
    fn drop(&mut self) {
        let now = self.hub.0.clock.now();
        let mut lane = self.hub.0.lane.lock();
        lane.watchers -= 1;
        lane.left = now;
    }
}

#[cfg(test)]
mod tests {
    use realms_types::Clock;

    use super::*;

    /// A clock that stands where it is put.
    #[derive(Debug, Default)]
    struct Standing(std::sync::atomic::AtomicI64);

    impl Clock for Standing {
        fn now(&self) -> Timestamp {
            Timestamp::from_secs(self.0.load(Ordering::Relaxed))
        }
    }

    fn hub() -> (Events, Arc<Standing>) {
        let clock = Arc::new(Standing::default());
        clock.0.store(1_000, Ordering::Relaxed);
        (Events::new(Arc::<Standing>::clone(&clock)), clock)
    }

    fn versions(news: &News) -> Vec<i64> {
        let version = |(_, notice): &(u64, Notice)| match notice {
            Notice::Config(version) => *version,
            other => panic!("{other:?}"),
        };
        news.notices.iter().map(version).collect()
    }

    #[tokio::test]
    async fn who_watches_hears_what_comes_after() {
        let (events, _) = hub();
        events.publish_config(1);
        let (mut one, mut other) = (events.watch(None), events.watch(None));
        events.publish_config(2);
        events.publish_config(3);
        assert_eq!(versions(&one.next().await), [2, 3]);
        events.publish_config(4);
        assert_eq!(versions(&one.next().await), [4]);
        assert_eq!(versions(&other.next().await), [2, 3, 4]);
    }

    #[tokio::test]
    async fn who_comes_back_goes_on() {
        let (events, clock) = hub();
        let mut watcher = events.watch(None);
        (1..=3).for_each(|version| events.publish_config(version));
        let news = watcher.next().await;
        let second = news.notices[1].0;
        drop(watcher);
        events.publish_config(4);
        let mut again = events.watch(Some(second));
        let news = again.next().await;
        assert_eq!((news.missed, versions(&news)), (0, vec![3, 4]));
        assert!(news.notices.is_sorted_by(|one, other| one.0 < other.0));

        drop(again);
        clock.0.fetch_add(121, Ordering::Relaxed);
        events.publish_config(5);
        assert!(!events.0.open.load(Ordering::Relaxed), "nobody watches any more");
        let mut late = events.watch(Some(second));
        let news = late.next().await;
        assert_eq!((news.missed, versions(&news)), (1, vec![]));
        events.publish_config(6);
        assert_eq!(versions(&late.next().await), [6]);
    }

    #[tokio::test]
    async fn who_is_slow_is_told_how_much_was_missed() {
        let (events, _) = hub();
        let mut watcher = events.watch(None);
        let all = i64::try_from(KEPT).unwrap() + 10;
        (1..=all).for_each(|version| events.publish_config(version));
        let news = watcher.next().await;
        assert_eq!((news.missed, versions(&news)[0], news.notices.len()), (10, 11, BATCH));
        let mut seen = news.notices.len();
        while seen < KEPT {
            seen += watcher.next().await.notices.len();
        }
        assert_eq!(seen, KEPT);
    }

    #[tokio::test]
    async fn an_id_of_nobody_is_a_gap() {
        let (events, _) = hub();
        events.publish_config(1);
        for id in [0, 5, u64::MAX] {
            assert_eq!(events.watch(Some(id)).next().await.missed, 1, "{id}");
        }
    }
}
