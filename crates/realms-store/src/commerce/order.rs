//! Orders. One changes only as it was read: its version decides.

use realms_types::{
    Amount, Attention, Currency, Money, Order, OrderId, OrderKind, OrderState, PaymentChannelId,
    PlanId, PlanTerms, Timestamp, UserId, Value,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::{Reader, StoreError, Tx, commerce::Start, entity::order, json, sql};

/// An order with what does not decide about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderRecord {
    /// The order.
    pub order: Order,
    /// The plan that is bought.
    pub plan: Option<PlanId>,
    /// What the plan gave when the order was made.
    pub terms: PlanTerms,
    /// When the time that is bought begins.
    pub start: Start,
    /// Who decided last, when a person did.
    pub decided_by: Option<String>,
    /// How often it changed.
    pub version: i64,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// A change of an order, if it still is as it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderStep {
    /// The order as it becomes.
    pub after: Order,
    /// The version that was read.
    pub version: i64,
    /// Who decided, when a person did.
    pub decided_by: Option<String>,
    /// When.
    pub now: Timestamp,
}

/// Which orders are meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct OrderFilter {
    /// Of a user.
    pub user: Option<UserId>,
    /// In a state.
    pub state: Option<OrderState>,
    /// Those that somebody must look at.
    pub attention: bool,
    /// Older than this one.
    pub before: Option<OrderId>,
    /// At most so many, up to 200.
    pub limit: u64,
}

const STEP: &str = "\
UPDATE orders SET state = ?, payment = ?, attention = ?, returned = ?, refunded = ?, \
decided_by = COALESCE(?, decided_by), version = version + 1, updated_at = ? \
WHERE id = ? AND version = ?";

// === impl OrderRecord ===

impl TryFrom<order::Model> for OrderRecord {
    type Error = StoreError;

    fn try_from(row: order::Model) -> Result<Self, StoreError> {
        let corrupt = |message: &str| StoreError::corrupt("orders", &row.id, &message);
        let currency: Currency =
            row.currency.parse().map_err(|_| corrupt("its currency is not known"))?;
        let amount = Amount::new(row.amount, currency);
        let kind: OrderKind = sql::word("orders", &row.id, &row.kind)?;
        let attention = row.attention.as_deref();
        let attention: Option<Attention> =
            attention.map(|word| sql::word("orders", &row.id, word)).transpose()?;
        Ok(Self {
            order: Order {
                id: row.id.into(),
                user: row.user_id.into(),
                kind,
                channel: row.channel_id.into(),
                amount: amount.ok_or_else(|| corrupt("its amount is none"))?,
                test: row.test_mode,
                value: Value {
                    paid: Money::from_nano(row.value_paid),
                    bonus: Money::from_nano(row.value_bonus),
                },
                state: sql::word("orders", &row.id, &row.state)?,
                payment: row.payment,
                attention,
                returned: row.returned,
                refunded: row.refunded,
            },
            plan: row.plan_id.map(PlanId::from),
            terms: json::read("orders", &row.id, row.terms.as_deref())?,
            start: if row.deferred { Start::Deferred } else { Start::AtOnce },
            decided_by: row.decided_by,
            version: row.version,
            created_at: Timestamp::from_micros(row.created_at),
            updated_at: Timestamp::from_micros(row.updated_at),
        })
    }
}

impl From<&OrderRecord> for order::Model {
    fn from(record: &OrderRecord) -> Self {
        let one = &record.order;
        Self {
            id: one.id.raw(),
            user_id: one.user.raw(),
            kind: one.kind.as_str().to_owned(),
            channel_id: one.channel.raw(),
            currency: one.amount.currency().to_string(),
            amount: one.amount.minor(),
            test_mode: one.test,
            value_paid: one.value.paid.nano(),
            value_bonus: one.value.bonus.nano(),
            plan_id: record.plan.map(PlanId::raw),
            terms: json::text(&record.terms),
            deferred: record.start == Start::Deferred,
            state: one.state.as_str().to_owned(),
            payment: one.payment.clone(),
            attention: one.attention.map(|word| word.as_str().to_owned()),
            returned: one.returned,
            refunded: one.refunded,
            decided_by: record.decided_by.as_ref().map(|name| sql::bounded(name, 128)),
            version: record.version,
            created_at: record.created_at.as_micros(),
            updated_at: record.updated_at.as_micros(),
        }
    }
}

// === impl Reader ===

impl Reader<'_> {
    /// An order by id.
    pub async fn find_order(self, id: OrderId) -> Result<Option<OrderRecord>, StoreError> {
        self.one(order::Entity::find_by_id(id.raw())).await
    }

    /// The order that has a payment of a channel.
    pub async fn find_order_of_payment(
        self,
        channel: PaymentChannelId,
        payment: &str,
    ) -> Result<Option<OrderRecord>, StoreError> {
        let of_payment = order::Entity::find()
            .filter(order::Column::ChannelId.eq(channel.raw()))
            .filter(order::Column::Payment.eq(payment));
        self.one(of_payment).await
    }

    /// Orders made at or before a moment that wait for their payment and have none, the oldest first.
    pub async fn list_due_orders(
        self,
        made_by: Timestamp,
        limit: u64,
    ) -> Result<Vec<OrderRecord>, StoreError> {
        use order::Column;
        let due = order::Entity::find()
            .filter(Column::State.eq(OrderState::Pending.as_str()))
            .filter(Column::CreatedAt.lte(made_by.as_micros()))
            .filter(Column::Payment.is_null())
            .order_by_asc(Column::Id);
        self.all(due.limit(limit)).await
    }

    /// Orders, the newest first.
    pub async fn list_orders(self, filter: OrderFilter) -> Result<Vec<OrderRecord>, StoreError> {
        use order::Column;
        let mut select = order::Entity::find().order_by_desc(Column::Id);
        if let Some(user) = filter.user {
            select = select.filter(Column::UserId.eq(user.raw()));
        }
        if let Some(state) = filter.state {
            select = select.filter(Column::State.eq(state.as_str()));
        }
        if filter.attention {
            select = select.filter(Column::Attention.is_not_null());
        }
        if let Some(before) = filter.before {
            select = select.filter(Column::Id.lt(before.raw()));
        }
        self.all(select.limit(filter.limit.clamp(1, 1_000))).await
    }
}

// === impl Tx ===

impl Tx {
    /// Adds an order.
    pub async fn insert_order(&self, record: &OrderRecord) -> Result<(), StoreError> {
        self.insert(order::Model::from(record), format!("order {}", record.order.id)).await
    }

    /// Changes an order. `false`: it is not any more as it was read, and nothing changed.
    pub async fn step_order(&self, step: &OrderStep) -> Result<bool, StoreError> {
        let after = &step.after;
        let values = vec![
            after.state.as_str().into(),
            after.payment.clone().into(),
            after.attention.map(Attention::as_str).into(),
            after.returned.into(),
            after.refunded.into(),
            step.decided_by.as_ref().map(|name| sql::bounded(name, 128)).into(),
            step.now.as_micros().into(),
            after.id.raw().into(),
            step.version.into(),
        ];
        Ok(self.execute(STEP, values).await? == 1)
    }
}
