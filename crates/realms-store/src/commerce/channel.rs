//! Payment channels: accounts at gateways, with sealed secrets.

use realms_seal::Place;
use realms_types::{PaymentChannelId, Timestamp};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, Set};
use serde::{Deserialize, Serialize};

use crate::{Reader, StoreError, Tx, entity::payment_channel, sql, tx::set};

/// What kind of gateway.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GatewayKind {
    /// Stripe Checkout.
    Stripe,
    /// A gateway of the EPay kind.
    Epay,
    /// Anything that can sign a notice.
    Webhook,
}

/// A way to pay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaymentChannelRecord {
    /// Its id.
    pub id: PaymentChannelId,
    /// Unique name.
    pub name: String,
    /// What kind of gateway.
    pub kind: GatewayKind,
    /// Whether orders can be made for it. Notices are taken all the same.
    pub enabled: bool,
    /// Whether it takes play money.
    pub test_mode: bool,
    /// What of its set-up is no secret, as JSON.
    pub gateway: Option<String>,
    /// Its secrets as JSON, sealed for [`PaymentChannelRecord::secrets_place`] and the purpose `Payment`.
    pub sealed_secrets: String,
    /// When it told something last.
    pub last_notice_at: Option<Timestamp>,
    /// What that was.
    pub last_notice: Option<String>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// What of a payment channel changes; `None` leaves a value as it is.
#[derive(Debug, Clone, Default)]
pub struct PaymentChannelPatch {
    /// Unique name.
    pub name: Option<String>,
    /// Whether orders can be made for it.
    pub enabled: Option<bool>,
    /// What of its set-up is no secret, as JSON.
    pub gateway: Option<Option<String>>,
    /// Its secrets, sealed.
    pub sealed_secrets: Option<String>,
}

// === impl GatewayKind ===

impl GatewayKind {
    /// The word in the database and in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Stripe => "stripe",
            Self::Epay => "epay",
            Self::Webhook => "webhook",
        }
    }
}

// === impl PaymentChannelRecord ===

impl PaymentChannelRecord {
    /// What the secrets of a channel are bound to when they are sealed.
    pub const fn secrets_place(id: PaymentChannelId) -> Place {
        Place { table: "payment_channels", column: "sealed_secrets", row: id.raw() }
    }
}

impl TryFrom<payment_channel::Model> for PaymentChannelRecord {
    type Error = StoreError;

    fn try_from(row: payment_channel::Model) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id.into(),
            kind: sql::word("payment_channels", &row.id, &row.kind)?,
            name: row.name,
            enabled: row.enabled,
            test_mode: row.test_mode,
            gateway: row.gateway,
            sealed_secrets: row.sealed_secrets,
            last_notice_at: row.last_notice_at.map(Timestamp::from_micros),
            last_notice: row.last_notice,
            created_at: Timestamp::from_micros(row.created_at),
            updated_at: Timestamp::from_micros(row.updated_at),
        })
    }
}

impl From<&PaymentChannelRecord> for payment_channel::Model {
    fn from(record: &PaymentChannelRecord) -> Self {
        Self {
            id: record.id.raw(),
            name: record.name.clone(),
            kind: record.kind.as_str().to_owned(),
            enabled: record.enabled,
            test_mode: record.test_mode,
            gateway: record.gateway.clone(),
            sealed_secrets: record.sealed_secrets.clone(),
            last_notice_at: record.last_notice_at.map(Timestamp::as_micros),
            last_notice: record.last_notice.as_ref().map(|text| sql::bounded(text, 191)),
            created_at: record.created_at.as_micros(),
            updated_at: record.updated_at.as_micros(),
        }
    }
}

// === impl Reader ===

impl Reader<'_> {
    /// All payment channels by name.
    pub async fn list_payment_channels(self) -> Result<Vec<PaymentChannelRecord>, StoreError> {
        self.all(payment_channel::Entity::find().order_by_asc(payment_channel::Column::Name)).await
    }

    /// A payment channel by id.
    pub async fn find_payment_channel(
        self,
        id: PaymentChannelId,
    ) -> Result<Option<PaymentChannelRecord>, StoreError> {
        self.one(payment_channel::Entity::find_by_id(id.raw())).await
    }
}

// === impl Tx ===

impl Tx {
    /// Adds a payment channel.
    pub async fn insert_payment_channel(
        &self,
        record: &PaymentChannelRecord,
    ) -> Result<(), StoreError> {
        let what = format!("payment channel `{}`", record.name);
        self.insert(payment_channel::Model::from(record), what).await
    }

    /// Changes a payment channel. Its kind and its mode stay: orders are bound to them.
    pub async fn update_payment_channel(
        &self,
        id: PaymentChannelId,
        patch: PaymentChannelPatch,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let changes = payment_channel::ActiveModel {
            name: set(patch.name),
            enabled: set(patch.enabled),
            gateway: set(patch.gateway),
            sealed_secrets: set(patch.sealed_secrets),
            updated_at: Set(now.as_micros()),
            ..Default::default()
        };
        let update = payment_channel::Entity::update_many()
            .set(changes)
            .filter(payment_channel::Column::Id.eq(id.raw()));
        self.update(update, format!("payment channel {id}")).await
    }

    /// Notes what a channel told last.
    pub async fn note_payment_channel(
        &self,
        id: PaymentChannelId,
        topic: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let sql = "UPDATE payment_channels SET last_notice_at = ?, last_notice = ? WHERE id = ?";
        let values = vec![now.as_micros().into(), sql::bounded(topic, 191).into(), id.raw().into()];
        self.execute(sql, values).await.map(drop)
    }
}
