//! Subscriptions: time of a plan. Several may run at once.

use realms_types::{OrderId, PlanId, PlanTerms, SubscriptionId, Timestamp, UserId};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde::{Deserialize, Serialize};

use crate::{Reader, StoreError, Tx, entity::subscription, json, sql};

/// When time that is bought begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Start {
    /// As soon as it is given, beside what runs already.
    AtOnce,
    /// When the last time of the same plan is over.
    Deferred,
}

/// Time of a plan that somebody has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SubscriptionRecord {
    /// Its id.
    pub id: SubscriptionId,
    /// Who has it.
    pub user: UserId,
    /// The plan.
    pub plan: PlanId,
    /// The order it comes from; there is one of each. `None`: a code.
    pub order: Option<OrderId>,
    /// What it gives.
    pub terms: PlanTerms,
    /// When it begins.
    pub starts_at: Timestamp,
    /// When it ends, if it was not taken back.
    pub ends_at: Timestamp,
    /// When it was taken back.
    pub ended_at: Option<Timestamp>,
    /// When it was given.
    pub created_at: Timestamp,
}

const LAST_END: &str = "\
SELECT MAX(ends_at) FROM subscriptions WHERE user_id = ? AND plan_id = ? AND ended_at IS NULL";

const END: &str = "UPDATE subscriptions SET ended_at = ? WHERE order_id = ? AND ended_at IS NULL";

// === impl SubscriptionRecord ===

impl TryFrom<subscription::Model> for SubscriptionRecord {
    type Error = StoreError;

    fn try_from(row: subscription::Model) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id.into(),
            user: row.user_id.into(),
            plan: row.plan_id.into(),
            order: row.order_id.map(OrderId::from),
            terms: json::read("subscriptions", &row.id, row.terms.as_deref())?,
            starts_at: Timestamp::from_micros(row.starts_at),
            ends_at: Timestamp::from_micros(row.ends_at),
            ended_at: row.ended_at.map(Timestamp::from_micros),
            created_at: Timestamp::from_micros(row.created_at),
        })
    }
}

impl From<&SubscriptionRecord> for subscription::Model {
    fn from(record: &SubscriptionRecord) -> Self {
        Self {
            id: record.id.raw(),
            user_id: record.user.raw(),
            plan_id: record.plan.raw(),
            order_id: record.order.map(OrderId::raw),
            terms: json::text(&record.terms),
            starts_at: record.starts_at.as_micros(),
            ends_at: record.ends_at.as_micros(),
            ended_at: record.ended_at.map(Timestamp::as_micros),
            created_at: record.created_at.as_micros(),
        }
    }
}

// === impl Reader ===

impl Reader<'_> {
    /// What runs at a moment, in the order in which it pays: what ends first pays first.
    pub async fn list_running_subscriptions(
        self,
        user: UserId,
        at: Timestamp,
    ) -> Result<Vec<SubscriptionRecord>, StoreError> {
        use subscription::Column;
        let running = subscription::Entity::find()
            .filter(Column::UserId.eq(user.raw()))
            .filter(Column::StartsAt.lte(at.as_micros()))
            .filter(Column::EndsAt.gt(at.as_micros()))
            .filter(Column::EndedAt.is_null());
        self.all(running.order_by_asc(Column::EndsAt).order_by_asc(Column::Id)).await
    }

    /// All a user has and had, the newest first, at most 200.
    pub async fn list_subscriptions(
        self,
        user: UserId,
    ) -> Result<Vec<SubscriptionRecord>, StoreError> {
        use subscription::Column;
        let of_user = subscription::Entity::find().filter(Column::UserId.eq(user.raw()));
        self.all(of_user.order_by_desc(Column::Id).limit(200)).await
    }
}

// === impl Tx ===

impl Tx {
    /// Gives time of a plan. Where it is deferred, it begins when the last time of the plan is over: the
    /// account of the user must be locked, so that two at once do not begin together.
    pub async fn give_subscription(
        &self,
        record: &SubscriptionRecord,
        start: Start,
    ) -> Result<(), StoreError> {
        let mut given = record.clone();
        if start == Start::Deferred {
            given.starts_at = self.last_end(record).await?.max(record.starts_at);
        }
        given.ends_at = given.starts_at + given.terms.length();
        let what = format!("subscription {}", given.id);
        self.insert(subscription::Model::from(&given), what).await
    }

    /// Ends what an order gave.
    pub async fn end_subscription(&self, order: OrderId, now: Timestamp) -> Result<(), StoreError> {
        let values = vec![now.as_micros().into(), order.raw().into()];
        self.execute(END, values).await.map(drop)
    }

    async fn last_end(&self, record: &SubscriptionRecord) -> Result<Timestamp, StoreError> {
        let values = vec![record.user.raw().into(), record.plan.raw().into()];
        let link = self.link();
        let row = link.query_one_raw(sql::statement(link, LAST_END, values)).await?;
        let last: Option<i64> = row.map(|row| row.try_get_by_index(0)).transpose()?.flatten();
        Ok(last.map_or(Timestamp::EPOCH, Timestamp::from_micros))
    }
}
