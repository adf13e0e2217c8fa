//! Channel groups: a tree of channels with a price multiplier.

use realms_types::{ChannelGroupId, ChannelId, Ppm, Timestamp};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, Set};

use crate::{Reader, StoreError, Tx, entity::channel_group, tx::set};

/// A node of the tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChannelGroupRecord {
    /// Its id.
    pub id: ChannelGroupId,
    /// Unique name.
    pub name: String,
    /// The group it lies in.
    pub parent_id: Option<ChannelGroupId>,
    /// What prices are multiplied by.
    pub multiplier: Ppm,
    /// Order among the groups of one parent: higher first.
    pub priority: i64,
    /// Whether it takes calls.
    pub enabled: bool,
    /// The channel that comes first in it, wherever below it lies.
    pub pinned_channel_id: Option<ChannelId>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// What of a channel group changes; `None` leaves a value as it is.
#[derive(Debug, Clone, Default)]
pub struct ChannelGroupPatch {
    /// Unique name.
    pub name: Option<String>,
    /// The group it lies in; `Some(None)` makes it a root.
    pub parent_id: Option<Option<ChannelGroupId>>,
    /// What prices are multiplied by.
    pub multiplier: Option<Ppm>,
    /// Order among the groups of one parent: higher first.
    pub priority: Option<i64>,
    /// Whether it takes calls.
    pub enabled: Option<bool>,
    /// The channel that comes first in it; `Some(None)`: as the priorities say.
    pub pinned_channel_id: Option<Option<ChannelId>>,
}

// === impl ChannelGroupRecord ===

impl TryFrom<channel_group::Model> for ChannelGroupRecord {
    type Error = StoreError;

    fn try_from(row: channel_group::Model) -> Result<Self, StoreError> {
        let multiplier = Ppm::from_parts(row.multiplier_ppm).ok_or_else(|| {
            StoreError::corrupt("channel_groups", &row.name, &"the multiplier is negative")
        })?;
        Ok(Self {
            id: row.id.into(),
            name: row.name,
            parent_id: row.parent_id.map(ChannelGroupId::new),
            multiplier,
            priority: row.priority,
            enabled: row.enabled,
            pinned_channel_id: row.pinned_channel_id.map(ChannelId::new),
            created_at: Timestamp::from_micros(row.created_at),
            updated_at: Timestamp::from_micros(row.updated_at),
        })
    }
}

impl From<&ChannelGroupRecord> for channel_group::Model {
    fn from(record: &ChannelGroupRecord) -> Self {
        Self {
            id: record.id.raw(),
            name: record.name.clone(),
            parent_id: record.parent_id.map(ChannelGroupId::raw),
            multiplier_ppm: record.multiplier.parts(),
            priority: record.priority,
            enabled: record.enabled,
            created_at: record.created_at.as_micros(),
            updated_at: record.updated_at.as_micros(),
            pinned_channel_id: record.pinned_channel_id.map(ChannelId::raw),
        }
    }
}

// === impl Reader ===

impl Reader<'_> {
    /// All channel groups by name.
    pub async fn list_channel_groups(self) -> Result<Vec<ChannelGroupRecord>, StoreError> {
        self.all(channel_group::Entity::find().order_by_asc(channel_group::Column::Name)).await
    }

    /// A channel group by id.
    pub async fn find_channel_group(
        self,
        id: ChannelGroupId,
    ) -> Result<Option<ChannelGroupRecord>, StoreError> {
        self.one(channel_group::Entity::find_by_id(id.raw())).await
    }

    /// A channel group by name.
    pub async fn find_channel_group_by_name(
        self,
        name: &str,
    ) -> Result<Option<ChannelGroupRecord>, StoreError> {
        self.one(channel_group::Entity::find().filter(channel_group::Column::Name.eq(name))).await
    }
}

// === impl Tx ===

impl Tx {
    /// Adds a channel group.
    pub async fn insert_channel_group(
        &mut self,
        record: &ChannelGroupRecord,
    ) -> Result<(), StoreError> {
        self.bump_catalog().await?;
        let what = format!("channel group `{}`", record.name);
        self.insert(channel_group::Model::from(record), what).await
    }

    /// Changes what the patch names. That the groups remain a tree is checked when the catalogue
    /// is built.
    pub async fn update_channel_group(
        &mut self,
        id: ChannelGroupId,
        patch: ChannelGroupPatch,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.bump_catalog().await?;
        let what = patch.name.as_ref().map_or_else(
            || format!("channel group {id}"),
            |name| format!("channel group `{name}`"),
        );
        let values = channel_group::ActiveModel {
            name: set(patch.name),
            parent_id: set(patch.parent_id.map(|parent| parent.map(ChannelGroupId::raw))),
            multiplier_ppm: set(patch.multiplier.map(Ppm::parts)),
            priority: set(patch.priority),
            enabled: set(patch.enabled),
            pinned_channel_id: set(patch.pinned_channel_id.map(|id| id.map(ChannelId::raw))),
            updated_at: Set(now.as_micros()),
            ..Default::default()
        };
        let update = channel_group::Entity::update_many().set(values);
        self.update(update.filter(channel_group::Column::Id.eq(id.raw())), what).await
    }

    /// Deletes a channel group that no group lies in and no user group or API key names: to drop
    /// it from an API key's list could widen what the key may use.
    pub async fn delete_channel_group(&mut self, id: ChannelGroupId) -> Result<(), StoreError> {
        self.bump_catalog().await?;
        let delete = channel_group::Entity::delete_many();
        let delete = delete.filter(channel_group::Column::Id.eq(id.raw()));
        self.delete(delete, format!("channel group {id}")).await
    }
}
