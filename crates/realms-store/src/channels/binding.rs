//! Bindings: which channel serves a model, and under which upstream name.

use realms_types::{BindingId, ChannelId, ModelId, Price, Timestamp};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, Set};

use crate::{Reader, StoreError, Tx, entity::binding, json, tx::set};

/// A channel serves a model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BindingRecord {
    /// Its id.
    pub id: BindingId,
    /// The channel that serves.
    pub channel_id: ChannelId,
    /// The model it serves.
    pub model_id: ModelId,
    /// What the upstream calls it.
    pub upstream_model: String,
    /// Whether it takes calls.
    pub enabled: bool,
    /// What its vendor is paid for this model, in place of a part of the model's price.
    pub cost: Option<Price>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// What of a binding changes; `None` leaves a value as it is.
#[derive(Debug, Clone, Default)]
pub struct BindingPatch {
    /// What the upstream calls it.
    pub upstream_model: Option<String>,
    /// Whether it takes calls.
    pub enabled: Option<bool>,
    /// What its vendor is paid for this model, or no price of its own from now on.
    pub cost: Option<Option<Price>>,
}

// === impl BindingRecord ===

impl TryFrom<binding::Model> for BindingRecord {
    type Error = StoreError;

    fn try_from(row: binding::Model) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id.into(),
            channel_id: row.channel_id.into(),
            model_id: row.model_id.into(),
            upstream_model: row.upstream_model,
            enabled: row.enabled,
            cost: json::read("bindings", &row.id, row.cost_price.as_deref())?,
            created_at: Timestamp::from_micros(row.created_at),
            updated_at: Timestamp::from_micros(row.updated_at),
        })
    }
}

impl From<&BindingRecord> for binding::Model {
    fn from(record: &BindingRecord) -> Self {
        Self {
            id: record.id.raw(),
            channel_id: record.channel_id.raw(),
            model_id: record.model_id.raw(),
            upstream_model: record.upstream_model.clone(),
            enabled: record.enabled,
            created_at: record.created_at.as_micros(),
            updated_at: record.updated_at.as_micros(),
            cost_price: json::text(&record.cost),
        }
    }
}

// === impl Reader ===

impl Reader<'_> {
    /// The bindings of one channel, or of all, by age.
    pub async fn list_bindings(
        self,
        channel: Option<ChannelId>,
    ) -> Result<Vec<BindingRecord>, StoreError> {
        let mut select = binding::Entity::find();
        if let Some(channel) = channel {
            select = select.filter(binding::Column::ChannelId.eq(channel.raw()));
        }
        self.all(select.order_by_asc(binding::Column::Id)).await
    }
}

// === impl Tx ===

impl Tx {
    /// Adds a binding. A channel serves a model once.
    pub async fn insert_binding(&mut self, record: &BindingRecord) -> Result<(), StoreError> {
        self.bump_catalog().await?;
        let what = format!(
            "binding of channel {} to model {} (`{}`)",
            record.channel_id, record.model_id, record.upstream_model
        );
        self.insert(binding::Model::from(record), what).await
    }

    /// Changes what the patch names.
    pub async fn update_binding(
        &mut self,
        id: BindingId,
        patch: BindingPatch,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.bump_catalog().await?;
        let values = binding::ActiveModel {
            upstream_model: set(patch.upstream_model),
            enabled: set(patch.enabled),
            cost_price: set(patch.cost.map(|cost| json::text(&cost))),
            updated_at: Set(now.as_micros()),
            ..Default::default()
        };
        let update = binding::Entity::update_many().set(values);
        self.update(update.filter(binding::Column::Id.eq(id.raw())), format!("binding {id}")).await
    }

    /// Deletes a binding.
    pub async fn delete_binding(&mut self, id: BindingId) -> Result<(), StoreError> {
        self.bump_catalog().await?;
        let delete = binding::Entity::delete_many().filter(binding::Column::Id.eq(id.raw()));
        self.delete(delete, format!("binding {id}")).await
    }
}
