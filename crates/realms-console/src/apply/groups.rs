//! Writes groups and models.

use realms_store::{
    ChannelGroupPatch, ChannelGroupRecord, ModelPatch, ModelRecord, Priced, UserGroupPatch,
    UserGroupRecord,
};
use realms_types::{ChannelGroupId, GroupName, Ppm};

use super::Writer;
use crate::{
    ConsoleError,
    manifest::{ChannelGroup, Model, Slot, UserGroup},
};

// === impl Writer ===

impl Writer<'_> {
    pub(super) async fn put_channel_group(
        &mut self,
        group: &ChannelGroup,
    ) -> Result<(), ConsoleError> {
        let (name, now) = (group.name.as_str(), self.now);
        let parent_id = match group.parent.as_ref().and_then(Slot::as_ref) {
            Some(parent) => Some(self.parent_id(parent).await?),
            None => None,
        };
        let known = self.channel_group_id(name).ok();
        let Some(id) = known else {
            let record = ChannelGroupRecord {
                id: self.editor.ids.next(),
                name: name.to_owned(),
                parent_id,
                multiplier: group.multiplier.unwrap_or(Ppm::ONE),
                priority: group.priority.unwrap_or(0),
                enabled: group.enabled.unwrap_or(true),
                pinned_channel_id: None,
                created_at: now,
                updated_at: now,
            };
            self.tx.insert_channel_group(&record).await?;
            self.made.channel_groups.push((record.name, record.id));
            return Ok(());
        };
        let patch = ChannelGroupPatch {
            name: None,
            parent_id: Some(parent_id),
            multiplier: group.multiplier,
            priority: group.priority,
            enabled: group.enabled,
            pinned_channel_id: None,
        };
        Ok(self.tx.update_channel_group(id, patch, now).await?)
    }

    /// Pins the channel of a group, once all channels of the change are there.
    pub(super) async fn pin_channel(&mut self, group: &ChannelGroup) -> Result<(), ConsoleError> {
        let pinned = match group.pinned.as_ref().and_then(Slot::as_ref) {
            Some(name) => {
                let missing = || ConsoleError::NotFound(format!("channel `{name}`"));
                Some(self.tx.read().find_channel_by_name(name).await?.ok_or_else(missing)?.id)
            }
            None => None,
        };
        let id = self.channel_group_id(group.name.as_str())?;
        let patch =
            ChannelGroupPatch { pinned_channel_id: Some(pinned), ..ChannelGroupPatch::default() };
        Ok(self.tx.update_channel_group(id, patch, self.now).await?)
    }

    /// A parent that is described further down is made here, and filled in when its turn comes.
    async fn parent_id(&mut self, name: &GroupName) -> Result<ChannelGroupId, ConsoleError> {
        if let Ok(id) = self.channel_group_id(name.as_str()) {
            return Ok(id);
        }
        let bare = ChannelGroup::named(name.clone());
        Box::pin(self.put_channel_group(&bare)).await?;
        self.channel_group_id(name.as_str())
    }

    pub(super) async fn put_model(&mut self, model: &Model) -> Result<(), ConsoleError> {
        let (name, now) = (model.name.as_str(), self.now);
        let owner = model.owner.clone().unwrap_or_default();
        let given = model.price();
        let pinned = given.is_some() && model.price_pinned.unwrap_or(false);
        let priced = given.as_ref().map(|_| Priced { source: self.price_source, at: now });
        if let Some(held) = self.state.models.get(name) {
            let is_other = held.object.price() != given;
            let patch = ModelPatch {
                name: None,
                owner: Some(owner),
                enabled: model.enabled,
                price: Some(given),
                priced: is_other.then_some(priced),
                price_pinned: Some(pinned),
            };
            return Ok(self.tx.update_model(held.id, patch, now).await?);
        }
        let record = ModelRecord {
            id: self.editor.ids.next(),
            name: name.to_owned(),
            owner,
            enabled: model.enabled.unwrap_or(true),
            price: given,
            priced,
            price_pinned: pinned,
            price_version: 0,
            created_at: now,
            updated_at: now,
        };
        self.tx.insert_model(&record).await?;
        self.made.models.push((record.name, record.id));
        Ok(())
    }

    pub(super) async fn put_user_group(&mut self, group: &UserGroup) -> Result<(), ConsoleError> {
        let (name, now) = (group.name.as_str(), self.now);
        let channel_groups =
            self.channel_group_ids(group.channel_groups.as_deref().unwrap_or_default())?;
        if let Some(held) = self.state.user_groups.get(name) {
            let patch = UserGroupPatch {
                name: None,
                channel_groups: Some(channel_groups),
                multiplier: group.multiplier,
            };
            return Ok(self.tx.update_user_group(held.id, patch, now).await?);
        }
        let record = UserGroupRecord {
            id: self.editor.ids.next(),
            name: name.to_owned(),
            channel_groups,
            multiplier: group.multiplier.unwrap_or_default(),
            created_at: now,
            updated_at: now,
        };
        self.tx.insert_user_group(&record).await?;
        self.made.user_groups.push((record.name, record.id));
        Ok(())
    }

    pub(super) fn channel_group_ids(
        &self,
        names: &[GroupName],
    ) -> Result<Vec<ChannelGroupId>, ConsoleError> {
        names.iter().map(|name| self.channel_group_id(name.as_str())).collect()
    }
}
