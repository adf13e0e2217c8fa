//! Endpoints: base URLs of a channel.

use realms_types::{ChannelId, EndpointId, Timestamp};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, Set};

use crate::{Reader, StoreError, Tx, entity::endpoint, tx::set};

/// A base URL of a channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EndpointRecord {
    /// Its id.
    pub id: EndpointId,
    /// The channel it belongs to.
    pub channel_id: ChannelId,
    /// Base URL, with or without the version segment.
    pub base_url: String,
    /// Higher is tried first.
    pub priority: i64,
    /// Whether it takes calls.
    pub enabled: bool,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// What of an endpoint changes; `None` leaves a value as it is.
#[derive(Debug, Clone, Default)]
pub struct EndpointPatch {
    /// Base URL, with or without the version segment.
    pub base_url: Option<String>,
    /// Higher is tried first.
    pub priority: Option<i64>,
    /// Whether it takes calls.
    pub enabled: Option<bool>,
}

// === impl EndpointRecord ===

impl TryFrom<endpoint::Model> for EndpointRecord {
    type Error = StoreError;

    fn try_from(row: endpoint::Model) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id.into(),
            channel_id: row.channel_id.into(),
            base_url: row.base_url,
            priority: row.priority,
            enabled: row.enabled,
            created_at: Timestamp::from_micros(row.created_at),
            updated_at: Timestamp::from_micros(row.updated_at),
        })
    }
}

impl From<&EndpointRecord> for endpoint::Model {
    fn from(record: &EndpointRecord) -> Self {
        Self {
            id: record.id.raw(),
            channel_id: record.channel_id.raw(),
            base_url: record.base_url.clone(),
            priority: record.priority,
            enabled: record.enabled,
            created_at: record.created_at.as_micros(),
            updated_at: record.updated_at.as_micros(),
        }
    }
}

// === impl Reader ===

impl Reader<'_> {
    /// The endpoints of one channel, or of all, highest priority first.
    pub async fn list_endpoints(
        self,
        channel: Option<ChannelId>,
    ) -> Result<Vec<EndpointRecord>, StoreError> {
        let mut select = endpoint::Entity::find();
        if let Some(channel) = channel {
            select = select.filter(endpoint::Column::ChannelId.eq(channel.raw()));
        }
        let select = select.order_by_desc(endpoint::Column::Priority);
        self.all(select.order_by_asc(endpoint::Column::Id)).await
    }
}

// === impl Tx ===

impl Tx {
    /// Adds an endpoint.
    pub async fn insert_endpoint(&mut self, record: &EndpointRecord) -> Result<(), StoreError> {
        self.bump_catalog().await?;
        let what = format!("endpoint `{}` of channel {}", record.base_url, record.channel_id);
        self.insert(endpoint::Model::from(record), what).await
    }

    /// Changes what the patch names.
    pub async fn update_endpoint(
        &mut self,
        id: EndpointId,
        patch: EndpointPatch,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.bump_catalog().await?;
        let values = endpoint::ActiveModel {
            base_url: set(patch.base_url),
            priority: set(patch.priority),
            enabled: set(patch.enabled),
            updated_at: Set(now.as_micros()),
            ..Default::default()
        };
        let update = endpoint::Entity::update_many().set(values);
        self.update(update.filter(endpoint::Column::Id.eq(id.raw())), format!("endpoint {id}"))
            .await
    }

    /// Deletes an endpoint.
    pub async fn delete_endpoint(&mut self, id: EndpointId) -> Result<(), StoreError> {
        self.bump_catalog().await?;
        let delete = endpoint::Entity::delete_many().filter(endpoint::Column::Id.eq(id.raw()));
        self.delete(delete, format!("endpoint {id}")).await
    }
}
