//! Subscriptions: time of a plan. Several may run at once.

use std::{collections::HashMap, time::Duration};

use realms_types::{OrderId, PlanId, PlanTerms, SubscriptionId, Timestamp, UserId};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QueryResult,
    QuerySelect, Value,
};
use serde::{Deserialize, Serialize};

use crate::{Reader, StoreError, Tx, entity::subscription, json, sql, versions::Version};

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
    /// The order it comes from; there is one of each. `None`: a code, or an operator.
    pub order: Option<OrderId>,
    /// What it gives.
    pub terms: PlanTerms,
    /// When it begins.
    pub starts_at: Timestamp,
    /// When it ends, if it was not taken back.
    pub ends_at: Timestamp,
    /// When it was taken back.
    pub ended_at: Option<Timestamp>,
    /// How often its windows were emptied: what was used before counts no more.
    pub resets: i64,
    /// When it was given.
    pub created_at: Timestamp,
}

/// Which subscriptions are listed.
#[derive(Debug, Clone, Copy, Default)]
pub struct SubscriptionFilter {
    /// Only those of this user.
    pub user: Option<UserId>,
    /// Only those of this plan.
    pub plan: Option<PlanId>,
    /// Only those that are not over at this moment.
    pub open_at: Option<Timestamp>,
    /// Only what is older than this.
    pub before: Option<SubscriptionId>,
    /// At most so many.
    pub limit: u64,
}

/// How often a plan was given.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PlanUse {
    /// In all.
    pub given: u64,
    /// What of it is not over.
    pub open: u64,
}

const LAST_END: &str = "\
SELECT MAX(ends_at) FROM subscriptions WHERE user_id = ? AND plan_id = ? AND ended_at IS NULL";

const END: &str = "UPDATE subscriptions SET ended_at = ? WHERE order_id = ? AND ended_at IS NULL";

const REVOKE: &str = "\
UPDATE subscriptions SET ended_at = ? WHERE id = ? AND ended_at IS NULL AND ends_at > ?";

const EXTEND: &str = "\
UPDATE subscriptions SET ends_at = ends_at + ? WHERE id = ? AND ended_at IS NULL AND ends_at > ?";

const RESET: &str = "\
UPDATE subscriptions SET resets = resets + 1 WHERE id = ? AND ended_at IS NULL AND ends_at > ?";

const USES: &str = "\
SELECT plan_id, COUNT(*), COUNT(CASE WHEN ended_at IS NULL AND ends_at > ? THEN 1 END)
FROM subscriptions GROUP BY plan_id";

// === impl Start ===

impl Start {
    /// As it is written.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AtOnce => "at_once",
            Self::Deferred => "deferred",
        }
    }
}

// === impl SubscriptionRecord ===

impl SubscriptionRecord {
    /// Time of a plan that begins now, from no order.
    pub fn beginning(
        id: SubscriptionId,
        user: UserId,
        (plan, terms): (PlanId, PlanTerms),
        now: Timestamp,
    ) -> Self {
        let ends_at = now + terms.length();
        Self {
            id,
            user,
            plan,
            order: None,
            terms,
            starts_at: now,
            ends_at,
            ended_at: None,
            resets: 0,
            created_at: now,
        }
    }
}

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
            resets: row.resets,
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
            resets: record.resets,
            created_at: record.created_at.as_micros(),
        }
    }
}

// === impl Reader ===

impl Reader<'_> {
    /// What runs at a moment or later, in the order in which it pays: what ends first pays first.
    pub async fn list_open_subscriptions(
        self,
        user: UserId,
        at: Timestamp,
    ) -> Result<Vec<SubscriptionRecord>, StoreError> {
        use subscription::Column;
        let open =
            subscription::Entity::find().filter(Column::UserId.eq(user.raw())).filter(is_open(at));
        self.all(open.order_by_asc(Column::EndsAt).order_by_asc(Column::Id)).await
    }

    /// What of it runs at the moment.
    pub async fn list_running_subscriptions(
        self,
        user: UserId,
        at: Timestamp,
    ) -> Result<Vec<SubscriptionRecord>, StoreError> {
        let mut open = self.list_open_subscriptions(user, at).await?;
        open.retain(|one| one.starts_at <= at);
        Ok(open)
    }

    /// The subscriptions of everybody, the newest first.
    pub async fn find_subscriptions(
        self,
        filter: SubscriptionFilter,
    ) -> Result<Vec<SubscriptionRecord>, StoreError> {
        use subscription::Column;
        let SubscriptionFilter { user, plan, open_at, before, limit } = filter;
        let wanted = Condition::all()
            .add_option(user.map(|user| Column::UserId.eq(user.raw())))
            .add_option(plan.map(|plan| Column::PlanId.eq(plan.raw())))
            .add_option(before.map(|before| Column::Id.lt(before.raw())))
            .add_option(open_at.map(is_open));
        let select = subscription::Entity::find().filter(wanted).order_by_desc(Column::Id);
        self.all(select.limit(limit.clamp(1, 1_000))).await
    }

    /// A subscription by id.
    pub async fn find_subscription(
        self,
        id: SubscriptionId,
    ) -> Result<Option<SubscriptionRecord>, StoreError> {
        self.one(subscription::Entity::find_by_id(id.raw())).await
    }

    /// How often each plan was given; those that never were are left out.
    pub async fn count_plan_uses(
        self,
        now: Timestamp,
    ) -> Result<HashMap<PlanId, PlanUse>, StoreError> {
        let link = self.link();
        let rows =
            link.query_all_raw(sql::statement(link, USES, vec![now.as_micros().into()])).await?;
        let count = |row: &QueryResult, at| Ok::<i64, StoreError>(row.try_get_by_index(at)?);
        let mut uses = HashMap::with_capacity(rows.len());
        for row in &rows {
            let given = count(row, 1)?.unsigned_abs();
            let open = count(row, 2)?.unsigned_abs();
            uses.insert(PlanId::new(count(row, 0)?), PlanUse { given, open });
        }
        Ok(uses)
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
        self.insert(subscription::Model::from(&given), what).await?;
        self.raise(Version::Identity).await
    }

    /// Takes a subscription back. `false`: it is over already, or there is none.
    pub async fn revoke_subscription(
        &self,
        id: SubscriptionId,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let now = now.as_micros();
        self.change_open(REVOKE, vec![now.into(), id.raw().into(), now.into()]).await
    }

    /// Lets a subscription run longer. `false`: it is over already, or there is none.
    pub async fn extend_subscription(
        &self,
        id: SubscriptionId,
        by: Duration,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let longer = i64::try_from(by.as_micros()).unwrap_or(i64::MAX);
        self.change_open(EXTEND, vec![longer.into(), id.raw().into(), now.as_micros().into()]).await
    }

    /// Empties the windows of a subscription. `false`: it is over already, or there is none.
    pub async fn reset_subscription(
        &self,
        id: SubscriptionId,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        self.change_open(RESET, vec![id.raw().into(), now.as_micros().into()]).await
    }

    async fn change_open(&self, sql: &str, values: Vec<Value>) -> Result<bool, StoreError> {
        let changed = self.execute(sql, values).await? > 0;
        if changed {
            self.raise(Version::Identity).await?;
        }
        Ok(changed)
    }

    /// Ends what an order gave.
    pub async fn end_subscription(&self, order: OrderId, now: Timestamp) -> Result<(), StoreError> {
        let values = vec![now.as_micros().into(), order.raw().into()];
        self.execute(END, values).await?;
        self.raise(Version::Identity).await
    }

    async fn last_end(&self, record: &SubscriptionRecord) -> Result<Timestamp, StoreError> {
        let values = vec![record.user.raw().into(), record.plan.raw().into()];
        let link = self.link();
        let row = link.query_one_raw(sql::statement(link, LAST_END, values)).await?;
        let last: Option<i64> = row.map(|row| row.try_get_by_index(0)).transpose()?.flatten();
        Ok(last.map_or(Timestamp::EPOCH, Timestamp::from_micros))
    }
}

/// What is neither over at a moment nor taken back.
fn is_open(at: Timestamp) -> Condition {
    use subscription::Column;
    Condition::all().add(Column::EndsAt.gt(at.as_micros())).add(Column::EndedAt.is_null())
}
