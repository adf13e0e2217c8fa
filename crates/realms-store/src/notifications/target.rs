//! Where notifications go.

use realms_seal::Place;
use realms_types::{NotificationTargetId, Timestamp, UserId};
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait, EntityTrait, IntoActiveModel as _, PaginatorTrait,
    QueryFilter, QueryOrder,
};
use serde::{Deserialize, Serialize};

use super::{owner, owner_id};
use crate::{Reader, StoreError, Tx, entity::notification_target, sql};

/// A place that notifications go to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotificationTargetRecord {
    /// Its id.
    pub id: NotificationTargetId,
    /// Whose it is; `None`: the site's.
    pub owner: Option<UserId>,
    /// Its name, unique for its owner.
    pub name: String,
    /// What kind of place it is.
    pub kind: TargetKind,
    /// What is written there.
    pub language: NotificationLanguage,
    /// Where it is, without what is secret of it.
    pub hint: String,
    /// Where it is and what opens it, sealed for [`Self::place`] and the purpose `Setting`.
    pub sealed_settings: String,
    /// Whether anything goes there.
    pub enabled: bool,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// What kind of place a target is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TargetKind {
    /// Addresses of e-mail.
    Email,
    /// An address that takes signed JSON.
    Webhook,
    /// A robot in a chat of Feishu or Lark.
    Feishu,
    /// A robot in a chat of WeCom.
    Wecom,
    /// A robot in a chat of DingTalk.
    Dingtalk,
    /// A chat of Telegram.
    Telegram,
    /// A channel of Slack.
    Slack,
    /// A telephone with Bark.
    Bark,
}

/// The language of what is written to a target.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum NotificationLanguage {
    /// English.
    #[serde(rename = "en")]
    English,
    /// Simplified Chinese.
    #[serde(rename = "zh-CN")]
    Chinese,
}

// === impl TargetKind ===

impl TargetKind {
    /// As it is written.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Webhook => "webhook",
            Self::Feishu => "feishu",
            Self::Wecom => "wecom",
            Self::Dingtalk => "dingtalk",
            Self::Telegram => "telegram",
            Self::Slack => "slack",
            Self::Bark => "bark",
        }
    }
}

// === impl NotificationLanguage ===

impl NotificationLanguage {
    /// As it is written.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Chinese => "zh-CN",
        }
    }
}

// === impl NotificationTargetRecord ===

impl NotificationTargetRecord {
    /// Where the sealed settings of a target live.
    pub const fn place(id: NotificationTargetId) -> Place {
        Place { table: "notification_targets", column: "sealed_settings", row: id.raw() }
    }
}

impl TryFrom<notification_target::Model> for NotificationTargetRecord {
    type Error = StoreError;

    fn try_from(row: notification_target::Model) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id.into(),
            owner: owner(row.owner_id),
            kind: sql::word("notification_targets", &row.id, &row.kind)?,
            language: sql::word("notification_targets", &row.id, &row.language)?,
            name: row.name,
            hint: row.hint,
            sealed_settings: row.sealed_settings,
            enabled: row.enabled,
            created_at: Timestamp::from_micros(row.created_at),
            updated_at: Timestamp::from_micros(row.updated_at),
        })
    }
}

impl From<&NotificationTargetRecord> for notification_target::Model {
    fn from(record: &NotificationTargetRecord) -> Self {
        Self {
            id: record.id.raw(),
            owner_id: owner_id(record.owner),
            name: sql::text(&record.name),
            kind: record.kind.as_str().to_owned(),
            language: record.language.as_str().to_owned(),
            hint: sql::bounded(&record.hint, 255),
            sealed_settings: record.sealed_settings.clone(),
            enabled: record.enabled,
            created_at: record.created_at.as_micros(),
            updated_at: record.updated_at.as_micros(),
        }
    }
}

// === impl Reader ===

impl Reader<'_> {
    /// The targets of an owner, by name.
    pub async fn list_notification_targets(
        self,
        owner: Option<UserId>,
    ) -> Result<Vec<NotificationTargetRecord>, StoreError> {
        use notification_target::Column;
        let of_owner =
            notification_target::Entity::find().filter(Column::OwnerId.eq(owner_id(owner)));
        self.all(of_owner.order_by_asc(Column::Name)).await
    }

    /// A target of an owner by id.
    pub async fn find_notification_target(
        self,
        owner: Option<UserId>,
        id: NotificationTargetId,
    ) -> Result<Option<NotificationTargetRecord>, StoreError> {
        let by_id = notification_target::Entity::find_by_id(id.raw());
        self.one(by_id.filter(notification_target::Column::OwnerId.eq(owner_id(owner)))).await
    }

    /// How many targets an owner has.
    pub async fn count_notification_targets(
        self,
        owner: Option<UserId>,
    ) -> Result<u64, StoreError> {
        let of_owner = notification_target::Entity::find()
            .filter(notification_target::Column::OwnerId.eq(owner_id(owner)));
        Ok(of_owner.count(&self.link()).await?)
    }
}

// === impl Tx ===

impl Tx {
    /// Adds a target.
    pub async fn insert_notification_target(
        &self,
        record: &NotificationTargetRecord,
    ) -> Result<(), StoreError> {
        let what = format!("target `{}`", record.name);
        self.insert(notification_target::Model::from(record), what).await
    }

    /// Writes a target in the place of the one with its id.
    pub async fn update_notification_target(
        &self,
        record: &NotificationTargetRecord,
    ) -> Result<(), StoreError> {
        use notification_target::Column;
        let row = notification_target::Model::from(record).into_active_model().reset_all();
        let update = notification_target::Entity::update_many()
            .set(row)
            .filter(Column::Id.eq(record.id.raw()))
            .filter(Column::OwnerId.eq(owner_id(record.owner)));
        self.update(update, format!("target `{}`", record.name)).await
    }

    /// Deletes a target. What waits for it is not sent any more; what was sent stays in the history.
    pub async fn delete_notification_target(
        &self,
        owner: Option<UserId>,
        id: NotificationTargetId,
    ) -> Result<(), StoreError> {
        use notification_target::Column;
        let delete = notification_target::Entity::delete_many()
            .filter(Column::Id.eq(id.raw()))
            .filter(Column::OwnerId.eq(owner_id(owner)));
        self.delete(delete, format!("target {id}")).await?;
        let waiting =
            "DELETE FROM notification_deliveries WHERE target_id = ? AND state = 'waiting'";
        self.execute(waiting, vec![id.raw().into()]).await.map(drop)
    }
}
