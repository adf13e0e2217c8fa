//! Tells people what comes to a point: a balance runs low, a channel rests, calls fail.
//!
//! What stands at its point now is held against what was told. What is new is marked and told in one transaction, so
//! one of any number of nodes tells it; a mark goes when it is better again, and then it may be told anew.

mod site;
mod users;

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
    time::Duration,
};

use parking_lot::Mutex;
use realms_relay::Relay;
use realms_store::{MarkRecord, Notification, NotificationRuleRecord, StoreError};
use realms_types::{ChannelId, Occurrence, OccurrenceKind, Timestamp, UserId};

/// What was told is not told again sooner, however often it comes and goes.
const LEAST: Duration = Duration::from_mins(30);

/// What comes to a point for those who run the site. The rest of what they are told has a moment of its own.
const OF_THE_SITE: [OccurrenceKind; 4] = [
    OccurrenceKind::ChannelResting,
    OccurrenceKind::AccountNeedsLogin,
    OccurrenceKind::AccountQuotaLow,
    OccurrenceKind::ErrorRateHigh,
];
/// What comes to a point for users.
const OF_USERS: [OccurrenceKind; 4] = [
    OccurrenceKind::BalanceLow,
    OccurrenceKind::WindowNearEnd,
    OccurrenceKind::SubscriptionEnding,
    OccurrenceKind::SpendAnomaly,
];

/// Watches what may come to a point. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Watcher {
    relay: Relay,
    /// Since when this node has found a channel at rest, without a pause.
    resting: Arc<Mutex<HashMap<ChannelId, Timestamp>>>,
}

/// Something that stands at its point.
#[derive(Debug)]
struct Point {
    /// Who is told; `None`: those who run the site.
    owner: Option<UserId>,
    /// What it is: one mark each.
    subject: String,
    occurrence: Occurrence,
}

/// The rules about one thing, of everybody.
#[derive(Debug)]
struct Rules {
    kind: OccurrenceKind,
    set: HashMap<Option<UserId>, NotificationRuleRecord>,
}

// === impl Watcher ===

impl Watcher {
    /// Of what this relay serves.
    pub fn new(relay: Relay) -> Self {
        Self { relay, resting: Arc::default() }
    }

    /// Looks at what concerns those who run the site.
    pub async fn try_site(&self) {
        for kind in OF_THE_SITE {
            self.try_kind(kind).await;
        }
    }

    /// Looks at what concerns users, and at hours that those who run the site hear of too. It takes longer, and nothing of it changes by the minute.
    pub async fn try_users(&self) {
        for kind in OF_USERS {
            self.try_kind(kind).await;
        }
    }

    async fn try_kind(&self, kind: OccurrenceKind) {
        if let Err(error) = self.kind(kind).await {
            tracing::warn!(kind = kind.as_str(), %error, "cannot tell whether something came to a point");
        }
    }

    async fn kind(&self, kind: OccurrenceKind) -> Result<(), StoreError> {
        let set = self.relay.store.read().list_notification_rules_about(kind).await?;
        let set = set.into_iter().map(|rule| (rule.owner, rule)).collect();
        let rules = Rules { kind, set };
        let points = match kind {
            OccurrenceKind::BalanceLow => self.low_balances(&rules).await?,
            OccurrenceKind::WindowNearEnd => self.used_windows(&rules).await?,
            OccurrenceKind::SubscriptionEnding => self.ending_subscriptions(&rules).await?,
            OccurrenceKind::SpendAnomaly => self.dear_hours(&rules).await?,
            OccurrenceKind::ChannelResting => self.resting_channels(),
            OccurrenceKind::AccountNeedsLogin => self.logged_out_accounts().await?,
            OccurrenceKind::AccountQuotaLow => self.used_quotas(&rules).await?,
            OccurrenceKind::ErrorRateHigh => self.failing_calls(&rules).await?,
            // Told when they happen.
            OccurrenceKind::OrderPaid
            | OccurrenceKind::TicketAnswered
            | OccurrenceKind::TicketOpened
            | OccurrenceKind::PricesWaiting => return Ok(()),
        };
        self.settle(kind, points).await
    }

    /// Tells what is new among what stands at its point, and forgets what does not stand there any more.
    async fn settle(&self, kind: OccurrenceKind, points: Vec<Point>) -> Result<(), StoreError> {
        let (store, now) = (&self.relay.store, self.relay.clock.now());
        let marks = store.read().list_marks(kind).await?;
        let told: HashSet<(Option<UserId>, &str)> =
            marks.iter().map(|mark| (mark.owner, mark.subject.as_str())).collect();
        let (old, new): (Vec<Point>, Vec<Point>) =
            points.into_iter().partition(|point| told.contains(&(point.owner, &*point.subject)));
        for point in new {
            self.tell(point, now).await?;
        }
        let still: HashSet<(Option<UserId>, &str)> =
            old.iter().map(|point| (point.owner, point.subject.as_str())).collect();
        // Rests are known to one node, which may go: the others see nothing, and are not to take that for the end.
        if kind == OccurrenceKind::ChannelResting {
            self.keep(&marks, &still, now).await?;
        }
        let over = marks.iter().filter(|mark| {
            !still.contains(&(mark.owner, mark.subject.as_str())) && now >= mark.raised_at + LEAST
        });
        for mark in over {
            let tx = store.begin().await?;
            tx.clear_mark(mark).await?;
            tx.commit().await?;
        }
        Ok(())
    }

    /// Notes of what still stands, from time to time, that it does.
    async fn keep(
        &self,
        marks: &[MarkRecord],
        still: &HashSet<(Option<UserId>, &str)>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let stands = |mark: &&MarkRecord| {
            still.contains(&(mark.owner, mark.subject.as_str()))
                && now >= mark.raised_at + LEAST / 3
        };
        for mark in marks.iter().filter(stands) {
            let tx = self.relay.store.begin().await?;
            tx.keep_mark(mark, now).await?;
            tx.commit().await?;
        }
        Ok(())
    }

    async fn tell(&self, point: Point, now: Timestamp) -> Result<(), StoreError> {
        let Point { owner, subject, occurrence } = point;
        let kind = occurrence.kind();
        let key = format!("{}:{subject}:{}", kind.as_str(), now.as_micros());
        let mark = MarkRecord { kind, owner, subject, raised_at: now };
        let tx = self.relay.store.begin().await?;
        if tx.raise_mark(&mark).await? {
            let id = self.relay.ids.next();
            tx.notify(&Notification { id, owner, key, occurrence, at: now }).await?;
        }
        tx.commit().await
    }
}

// === impl Rules ===

impl Rules {
    /// From where on somebody is told; `None`: they do not want to be.
    fn threshold_of(&self, owner: Option<UserId>) -> Option<i64> {
        let unset = || NotificationRuleRecord::unset(owner, self.kind);
        let rule = self.set.get(&owner).cloned().unwrap_or_else(unset);
        rule.enabled.then(|| rule.threshold())
    }

    /// The threshold of those who have set none.
    fn unset(&self) -> i64 {
        NotificationRuleRecord::unset(None, self.kind).threshold()
    }

    /// The greatest threshold that anybody has.
    fn greatest(&self) -> i64 {
        self.set.values().map(NotificationRuleRecord::threshold).fold(self.unset(), i64::max)
    }

    /// Users who have said that they want to be told.
    fn users(&self) -> impl Iterator<Item = UserId> {
        let wanting = self.set.values().filter(|rule| rule.enabled);
        wanting.filter_map(|rule| rule.owner)
    }
}
