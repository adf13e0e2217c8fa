//! What gateways told: once for each id of theirs.

use realms_types::{Amount, NoticeId, OrderId, PaymentChannelId, Timestamp};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde::{Deserialize, Serialize};

use crate::{
    Reader, StoreError, Tx,
    entity::payment_notice,
    sql::{self, OnDuplicate},
};

/// What came of a notice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoticeOutcome {
    /// What was bought was given.
    Given,
    /// The order changed, or was known to have changed.
    Noted,
    /// It says nothing that matters here.
    Passed,
    /// It names no order of ours.
    NoOrder,
    /// It is not about the order it names as that order is bound.
    Refused,
}

/// What a gateway told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoticeRecord {
    /// Its id.
    pub id: NoticeId,
    /// The channel.
    pub channel: PaymentChannelId,
    /// The gateway's id of it.
    pub notice_id: String,
    /// The gateway's word for it.
    pub topic: String,
    /// The order it is about.
    pub order: Option<OrderId>,
    /// The payment it is about.
    pub payment: Option<String>,
    /// How much it speaks of.
    pub amount: Option<Amount>,
    /// What came of it.
    pub outcome: NoticeOutcome,
    /// When it came first.
    pub received_at: Timestamp,
}

// === impl NoticeOutcome ===

impl NoticeOutcome {
    /// The word in the database and in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Given => "given",
            Self::Noted => "noted",
            Self::Passed => "passed",
            Self::NoOrder => "no_order",
            Self::Refused => "refused",
        }
    }
}

// === impl NoticeRecord ===

impl TryFrom<payment_notice::Model> for NoticeRecord {
    type Error = StoreError;

    fn try_from(row: payment_notice::Model) -> Result<Self, StoreError> {
        let amount = row.currency.as_deref().and_then(|code| code.parse().ok()).zip(row.amount);
        Ok(Self {
            id: row.id.into(),
            channel: row.channel_id.into(),
            outcome: sql::word("payment_notices", &row.id, &row.outcome)?,
            notice_id: row.notice_id,
            topic: row.topic,
            order: row.order_id.map(OrderId::from),
            payment: row.payment,
            amount: amount.and_then(|(currency, minor)| Amount::new(minor, currency)),
            received_at: Timestamp::from_micros(row.received_at),
        })
    }
}

impl From<&NoticeRecord> for payment_notice::Model {
    fn from(record: &NoticeRecord) -> Self {
        Self {
            id: record.id.raw(),
            channel_id: record.channel.raw(),
            notice_id: record.notice_id.clone(),
            topic: sql::bounded(&record.topic, 191),
            order_id: record.order.map(OrderId::raw),
            payment: record.payment.clone(),
            currency: record.amount.map(|amount| amount.currency().to_string()),
            amount: record.amount.map(Amount::minor),
            outcome: record.outcome.as_str().to_owned(),
            received_at: record.received_at.as_micros(),
        }
    }
}

// === impl Reader ===

impl Reader<'_> {
    /// What was told of an order, the oldest first.
    pub async fn list_notices_of_order(
        self,
        order: OrderId,
    ) -> Result<Vec<NoticeRecord>, StoreError> {
        use payment_notice::Column;
        let of_order = payment_notice::Entity::find().filter(Column::OrderId.eq(order.raw()));
        self.all(of_order.order_by_asc(Column::Id).limit(200)).await
    }

    /// What a channel told, the newest first.
    pub async fn list_notices_of_channel(
        self,
        channel: PaymentChannelId,
        before: Option<NoticeId>,
        limit: u64,
    ) -> Result<Vec<NoticeRecord>, StoreError> {
        use payment_notice::Column;
        let before = before.map_or(i64::MAX, NoticeId::raw);
        let of_channel = payment_notice::Entity::find()
            .filter(Column::ChannelId.eq(channel.raw()))
            .filter(Column::Id.lt(before))
            .order_by_desc(Column::Id);
        self.all(of_channel.limit(limit.clamp(1, 200))).await
    }

    /// What was told of a payment of a channel, the oldest first.
    pub async fn list_notices_of_payment(
        self,
        channel: PaymentChannelId,
        payment: &str,
    ) -> Result<Vec<NoticeRecord>, StoreError> {
        use payment_notice::Column;
        let of_payment = payment_notice::Entity::find()
            .filter(Column::ChannelId.eq(channel.raw()))
            .filter(Column::Payment.eq(payment));
        self.all(of_payment.order_by_asc(Column::Id).limit(200)).await
    }
}

// === impl Tx ===

impl Tx {
    /// Keeps a notice; one that is there already stays as it is.
    pub async fn keep_notice(&self, record: &NoticeRecord) -> Result<(), StoreError> {
        let rows = vec![payment_notice::Model::from(record)];
        sql::insert_all(self.link(), rows, OnDuplicate::Keep).await?;
        self.note_payment_channel(record.channel, &record.topic, record.received_at).await
    }
}
