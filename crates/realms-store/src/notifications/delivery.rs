//! What becomes of a notification at each place it goes to.

use std::{collections::HashMap, fmt, str::FromStr, time::Duration};

use realms_types::{NotificationId, NotificationTargetId, Occurrence, Timestamp, UserId};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Value,
    sea_query::ExprTrait as _,
};
use serde::{Deserialize, Serialize};

use super::{outbox::OWN_ADDRESS, owner, owner_id};
use crate::{
    Reader, Store, StoreError, Tx,
    entity::{notification, notification_delivery},
    sql,
};

/// A notification and where it goes: written `nf_….nt_…`, or `nf_….own` for the address of the user who is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct DeliveryId {
    /// What is told.
    pub notification: NotificationId,
    /// Where; `None`: at the proved address of who is told.
    pub target: Option<NotificationTargetId>,
}

/// A notification on its way to one place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveryRecord {
    /// What and where.
    pub id: DeliveryId,
    /// Who is told; `None`: those who run the site.
    pub owner: Option<UserId>,
    /// What happened.
    pub occurrence: Occurrence,
    /// Whether it is there.
    pub state: DeliveryState,
    /// How often it was tried.
    pub attempts: u32,
    /// When it is tried next, while it waits.
    pub next_at: Timestamp,
    /// Why it failed last.
    pub error: Option<String>,
    /// When it happened.
    pub created_at: Timestamp,
    /// When it was there, or given up.
    pub done_at: Option<Timestamp>,
}

/// Whether a notification is where it goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryState {
    /// It is to be sent, or sent again.
    Waiting,
    /// The other side took it.
    Sent,
    /// It was tried as often as it is.
    Failed,
}

/// What became of an attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Delivered {
    /// The other side took it.
    Sent,
    /// It is tried again.
    Again {
        /// When.
        at: Timestamp,
        /// Why it failed.
        error: String,
    },
    /// It was tried as often as it is, or never will be.
    GivenUp {
        /// Why it failed.
        error: String,
    },
}

/// Longest error kept.
const LONGEST_ERROR: usize = 500;

/// Which deliveries are listed.
#[derive(Debug, Clone, Copy)]
pub struct DeliveryFilter {
    /// Of whom; `None`: of the site.
    pub owner: Option<UserId>,
    /// Only those after this one in the list.
    pub after: Option<DeliveryId>,
    /// At most so many.
    pub limit: u64,
}

/// A row and the record it is read as, or why it cannot be.
type Read = (notification_delivery::Model, Result<DeliveryRecord, StoreError>);

/// After so long it is looked whether a delivery can be read now: a newer version wrote it, and may be back.
const UNREADABLE: Duration = Duration::from_hours(1);

/// No other delivery is called so.
const OWN: &str = "own";

const TAKE: &str = "\
UPDATE notification_deliveries SET attempts = attempts + 1, next_at = ? \
WHERE notification_id = ? AND target_id = ? AND state = 'waiting' AND next_at = ?";

const PUT_OFF: &str = "\
UPDATE notification_deliveries SET next_at = ? \
WHERE notification_id = ? AND target_id = ? AND state = 'waiting' AND next_at = ?";

const FINISH: &str = "\
UPDATE notification_deliveries SET state = ?, next_at = ?, error = ?, done_at = ? \
WHERE notification_id = ? AND target_id = ? AND state = 'waiting' AND attempts = ?";

const AGAIN: &str = "\
UPDATE notification_deliveries SET state = 'waiting', attempts = 0, next_at = ?, done_at = NULL \
WHERE notification_id = ? AND target_id = ? AND owner_id = ? AND state = 'failed'";

const FORGET: [&str; 2] = [
    "DELETE FROM notification_deliveries WHERE notification_id IN \
     (SELECT id FROM notifications WHERE created_at < ?)",
    "DELETE FROM notifications WHERE created_at < ?",
];

// === impl DeliveryId ===

impl DeliveryId {
    fn of(row: &notification_delivery::Model) -> Self {
        let target = (row.target_id != OWN_ADDRESS).then(|| row.target_id.into());
        Self { notification: row.notification_id.into(), target }
    }

    fn target_id(self) -> i64 {
        self.target.map_or(OWN_ADDRESS, NotificationTargetId::raw)
    }
}

impl fmt::Display for DeliveryId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.target {
            Some(target) => write!(f, "{}.{target}", self.notification),
            None => write!(f, "{}.{OWN}", self.notification),
        }
    }
}

impl FromStr for DeliveryId {
    type Err = realms_types::IdError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (notification, target) = text.split_once('.').unwrap_or((text, OWN));
        let target = (target != OWN).then(|| target.parse()).transpose()?;
        Ok(Self { notification: notification.parse()?, target })
    }
}

// === impl DeliveryState ===

impl DeliveryState {
    /// As it is written.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Sent => "sent",
            Self::Failed => "failed",
        }
    }
}

// === impl DeliveryRecord ===

impl DeliveryRecord {
    fn read(
        row: &notification_delivery::Model,
        of: &notification::Model,
    ) -> Result<Self, StoreError> {
        let id = row.notification_id;
        let occurrence = serde_json::from_str(&of.facts)
            .map_err(|_| StoreError::corrupt("notifications", &id, &"its facts cannot be read"))?;
        Ok(Self {
            id: DeliveryId::of(row),
            owner: owner(row.owner_id),
            occurrence,
            state: sql::word("notification_deliveries", &id, &row.state)?,
            attempts: u32::try_from(row.attempts).unwrap_or(u32::MAX),
            next_at: Timestamp::from_micros(row.next_at),
            error: row.error.clone(),
            created_at: Timestamp::from_micros(of.created_at),
            done_at: row.done_at.map(Timestamp::from_micros),
        })
    }
}

// === impl Store ===

impl Store {
    /// Deliveries that are due, the longest overdue first. Those that cannot be read are put off, so that they are not
    /// in the way of others.
    pub async fn list_due_deliveries(
        &self,
        now: Timestamp,
        most: u64,
    ) -> Result<Vec<DeliveryRecord>, StoreError> {
        use notification_delivery::Column;
        let due = notification_delivery::Entity::find()
            .filter(Column::State.eq(DeliveryState::Waiting.as_str()))
            .filter(Column::NextAt.lte(now.as_micros()))
            .order_by_asc(Column::NextAt);
        let rows = due.limit(most).all(&self.readers()).await?;
        let mut readable = Vec::with_capacity(rows.len());
        for (row, read) in self.read().deliveries(rows).await? {
            if let Some(record) = legible(read)? {
                readable.push(record);
            } else {
                let until = now + UNREADABLE;
                let key = [row.notification_id, row.target_id, row.next_at];
                let values = [until.as_micros()].into_iter().chain(key).map(Value::from);
                sql::execute(self.writers(), PUT_OFF, values.collect()).await?;
            }
        }
        Ok(readable)
    }

    /// Takes a delivery that is due, as it was read: nobody else has it until the lease is over. `false`: somebody was
    /// faster.
    pub async fn take_delivery(
        &self,
        due: &DeliveryRecord,
        lease_until: Timestamp,
    ) -> Result<bool, StoreError> {
        let tx = self.begin().await?;
        let values = vec![
            lease_until.as_micros().into(),
            due.id.notification.raw().into(),
            due.id.target_id().into(),
            due.next_at.as_micros().into(),
        ];
        let taken = tx.execute(TAKE, values).await? == 1;
        tx.commit().await?;
        Ok(taken)
    }

    /// Writes down what became of a delivery that was taken: `attempts` as they are now. Until when it waits, while it
    /// is tried again.
    pub async fn finish_delivery(
        &self,
        id: DeliveryId,
        attempts: u32,
        outcome: &Delivered,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let (state, next_at, error, done_at) = match outcome {
            Delivered::Sent => (DeliveryState::Sent, now, None, Some(now)),
            Delivered::Again { at, error } => (DeliveryState::Waiting, *at, Some(error), None),
            Delivered::GivenUp { error } => (DeliveryState::Failed, now, Some(error), Some(now)),
        };
        let error = error.map(|error| sql::bounded(error, LONGEST_ERROR));
        let values = vec![
            state.as_str().into(),
            next_at.as_micros().into(),
            error.into(),
            done_at.map(Timestamp::as_micros).into(),
            id.notification.raw().into(),
            id.target_id().into(),
            i64::from(attempts).into(),
        ];
        let tx = self.begin().await?;
        tx.execute(FINISH, values).await?;
        tx.commit().await
    }

    /// Forgets what happened before a moment, with its deliveries.
    pub async fn purge_notifications(&self, before: Timestamp) -> Result<u64, StoreError> {
        let tx = self.begin().await?;
        let mut rows = 0;
        for sql in FORGET {
            rows = tx.execute(sql, vec![before.as_micros().into()]).await?;
        }
        tx.commit().await?;
        Ok(rows)
    }
}

// === impl Reader ===

impl Reader<'_> {
    /// What an owner was told, the newest first. What cannot be read is left out.
    pub async fn list_deliveries(
        self,
        filter: DeliveryFilter,
    ) -> Result<Vec<DeliveryRecord>, StoreError> {
        let most = usize::try_from(filter.limit).unwrap_or(usize::MAX);
        let (mut listed, mut after) = (Vec::new(), filter.after);
        loop {
            let rows = self.told(filter, after).await?;
            let is_last = rows.len() < most;
            let last = rows.last().map(DeliveryId::of);
            for (_, read) in self.deliveries(rows).await? {
                listed.extend(legible(read)?);
            }
            listed.truncate(most);
            if is_last || last.is_none() || listed.len() == most {
                return Ok(listed);
            }
            after = last;
        }
    }

    /// The rows of an owner after one of them.
    async fn told(
        self,
        filter: DeliveryFilter,
        after: Option<DeliveryId>,
    ) -> Result<Vec<notification_delivery::Model>, StoreError> {
        use notification_delivery::Column;
        let after = after.map(|after| {
            let (notification, target) = (after.notification.raw(), after.target_id());
            let same = Column::NotificationId.eq(notification).and(Column::TargetId.lt(target));
            Condition::any().add(Column::NotificationId.lt(notification)).add(same)
        });
        let rows = notification_delivery::Entity::find()
            .filter(Column::OwnerId.eq(owner_id(filter.owner)))
            .filter(Condition::all().add_option(after))
            .order_by_desc(Column::NotificationId)
            .order_by_desc(Column::TargetId);
        Ok(rows.limit(filter.limit).all(&self.link()).await?)
    }

    /// The newest delivery to each target of an owner.
    pub async fn last_deliveries(
        self,
        owner: Option<UserId>,
    ) -> Result<HashMap<NotificationTargetId, DeliveryRecord>, StoreError> {
        use notification_delivery::Column;
        let mut last = HashMap::new();
        for target in self.list_notification_targets(owner).await? {
            let newest = notification_delivery::Entity::find()
                .filter(Column::TargetId.eq(target.id.raw()))
                .order_by_desc(Column::NotificationId);
            let found = self.deliveries(newest.limit(1).all(&self.link()).await?).await?;
            for (_, read) in found {
                last.extend(legible(read)?.map(|record| (target.id, record)));
            }
        }
        Ok(last)
    }

    /// The deliveries with what they deliver.
    async fn deliveries(
        self,
        rows: Vec<notification_delivery::Model>,
    ) -> Result<Vec<Read>, StoreError> {
        let ids: Vec<i64> = rows.iter().map(|row| row.notification_id).collect();
        let of = notification::Entity::find().filter(notification::Column::Id.is_in(ids));
        let of = of.all(&self.link()).await?;
        let of: HashMap<i64, notification::Model> =
            of.into_iter().map(|one| (one.id, one)).collect();
        // What was forgotten between the two reads is left out.
        let read = rows.into_iter().filter_map(|row| {
            let of = of.get(&row.notification_id)?;
            let read = DeliveryRecord::read(&row, of);
            Some((row, read))
        });
        Ok(read.collect())
    }
}

/// What was read, without what cannot be: that is logged.
fn legible(read: Result<DeliveryRecord, StoreError>) -> Result<Option<DeliveryRecord>, StoreError> {
    match read {
        Ok(record) => Ok(Some(record)),
        Err(error @ StoreError::Corrupt { .. }) => {
            tracing::error!(%error, "a notification is passed over");
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

// === impl Tx ===

impl Tx {
    /// Has a delivery that was given up tried again, from the start. `false`: it was not given up, or there is none.
    pub async fn retry_delivery(
        &self,
        owner: Option<UserId>,
        id: DeliveryId,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let values = vec![
            now.as_micros().into(),
            id.notification.raw().into(),
            id.target_id().into(),
            owner_id(owner).into(),
        ];
        Ok(self.execute(AGAIN, values).await? == 1)
    }
}
