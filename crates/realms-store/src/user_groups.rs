//! User groups: who may use which channel groups.

use std::collections::HashMap;

use realms_types::{ChannelGroupId, Ppm, Timestamp, UserGroupId};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, Select, Set};

use crate::{
    Reader, StoreError, Tx,
    entity::{user_group, user_group_channel_group},
    tx::set,
};

/// A group of users.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserGroupRecord {
    /// Its id.
    pub id: UserGroupId,
    /// Unique name.
    pub name: String,
    /// The channel groups its users may use, in order.
    pub channel_groups: Vec<ChannelGroupId>,
    /// What prices are multiplied by for its users.
    pub multiplier: Ppm,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// What of a user group changes; `None` leaves a value as it is.
#[derive(Debug, Clone, Default)]
pub struct UserGroupPatch {
    /// Unique name.
    pub name: Option<String>,
    /// The channel groups its users may use, in order.
    pub channel_groups: Option<Vec<ChannelGroupId>>,
    /// What prices are multiplied by for its users.
    pub multiplier: Option<Ppm>,
}

// === impl Reader ===

impl Reader<'_> {
    /// All user groups by name.
    pub async fn list_user_groups(self) -> Result<Vec<UserGroupRecord>, StoreError> {
        self.user_groups(user_group::Entity::find()).await
    }

    /// A user group by id.
    pub async fn find_user_group(
        self,
        id: UserGroupId,
    ) -> Result<Option<UserGroupRecord>, StoreError> {
        Ok(self.user_groups(user_group::Entity::find_by_id(id.raw())).await?.pop())
    }

    /// A user group by name.
    pub async fn find_user_group_by_name(
        self,
        name: &str,
    ) -> Result<Option<UserGroupRecord>, StoreError> {
        let select = user_group::Entity::find().filter(user_group::Column::Name.eq(name));
        Ok(self.user_groups(select).await?.pop())
    }

    async fn user_groups(
        self,
        select: Select<user_group::Entity>,
    ) -> Result<Vec<UserGroupRecord>, StoreError> {
        let groups = select.order_by_asc(user_group::Column::Name).all(&self.link()).await?;
        let ids = groups.iter().map(|group| group.id);
        let links = user_group_channel_group::Entity::find()
            .filter(user_group_channel_group::Column::UserGroupId.is_in(ids))
            .order_by_asc(user_group_channel_group::Column::Position)
            .all(&self.link())
            .await?;
        let mut by_group: HashMap<i64, Vec<ChannelGroupId>> = HashMap::new();
        for link in links {
            by_group.entry(link.user_group_id).or_default().push(link.channel_group_id.into());
        }
        let record = |row: user_group::Model| UserGroupRecord {
            id: row.id.into(),
            channel_groups: by_group.remove(&row.id).unwrap_or_default(),
            name: row.name,
            // A negative one is a defect of the catalogue, which tells of it.
            multiplier: Ppm::from_parts(row.multiplier_ppm).unwrap_or_default(),
            created_at: Timestamp::from_micros(row.created_at),
            updated_at: Timestamp::from_micros(row.updated_at),
        };
        Ok(groups.into_iter().map(record).collect())
    }
}

// === impl Tx ===

impl Tx {
    /// Adds a user group with its channel groups.
    pub async fn insert_user_group(&mut self, record: &UserGroupRecord) -> Result<(), StoreError> {
        self.bump_catalog().await?;
        let row = user_group::Model {
            id: record.id.raw(),
            name: record.name.clone(),
            created_at: record.created_at.as_micros(),
            updated_at: record.updated_at.as_micros(),
            multiplier_ppm: record.multiplier.parts(),
        };
        self.insert(row, format!("user group `{}`", record.name)).await?;
        self.link_channel_groups(record.id, &record.channel_groups).await
    }

    /// Changes what the patch names.
    pub async fn update_user_group(
        &mut self,
        id: UserGroupId,
        patch: UserGroupPatch,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.bump_catalog().await?;
        let what = patch
            .name
            .as_ref()
            .map_or_else(|| format!("user group {id}"), |name| format!("user group `{name}`"));
        let values = user_group::ActiveModel {
            name: set(patch.name),
            multiplier_ppm: set(patch.multiplier.map(Ppm::parts)),
            updated_at: Set(now.as_micros()),
            ..Default::default()
        };
        let update = user_group::Entity::update_many().set(values);
        self.update(update.filter(user_group::Column::Id.eq(id.raw())), what).await?;
        let Some(groups) = patch.channel_groups else {
            return Ok(());
        };
        let sql = "DELETE FROM user_group_channel_groups WHERE user_group_id = ?";
        self.execute(sql, vec![id.raw().into()]).await?;
        self.link_channel_groups(id, &groups).await
    }

    /// Deletes a user group without users.
    pub async fn delete_user_group(&mut self, id: UserGroupId) -> Result<(), StoreError> {
        self.bump_catalog().await?;
        let delete = user_group::Entity::delete_many().filter(user_group::Column::Id.eq(id.raw()));
        self.delete(delete, format!("user group {id}")).await
    }

    async fn link_channel_groups(
        &self,
        id: UserGroupId,
        groups: &[ChannelGroupId],
    ) -> Result<(), StoreError> {
        let rows = (0..).zip(groups).map(|(position, group)| user_group_channel_group::Model {
            user_group_id: id.raw(),
            channel_group_id: group.raw(),
            position,
        });
        self.insert_all(rows.collect(), format!("the channel groups of user group {id}")).await
    }
}
