//! What an owner wants to be told, from where on, and where.

use realms_types::{NotificationTargetId, OccurrenceKind, Timestamp, UserId};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, Select};

use super::{owner, owner_id};
use crate::{
    Reader, StoreError, Tx,
    entity::notification_rule,
    json,
    sql::{self, OnDuplicate},
};

/// A rule that an owner set. Where there is none, [`NotificationRuleRecord::unset`] holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotificationRuleRecord {
    /// Whose it is; `None`: the site's.
    pub owner: Option<UserId>,
    /// What it is about.
    pub kind: OccurrenceKind,
    /// Whether it is told.
    pub enabled: bool,
    /// Whether it goes to the user's proved address.
    pub email: bool,
    /// The targets it goes to; `None`: every one.
    pub targets: Option<Vec<NotificationTargetId>>,
    /// From where on it is told; `None`: as the kind says.
    pub threshold: Option<i64>,
    /// When it was set.
    pub updated_at: Timestamp,
}

const UPDATE: &str = "UPDATE notification_rules SET enabled = ?, email = ?, targets = ?, \
                      threshold = ?, updated_at = ? WHERE owner_id = ? AND event = ?";

// === impl NotificationRuleRecord ===

impl NotificationRuleRecord {
    /// What holds for an owner who has said nothing.
    pub const fn unset(owner: Option<UserId>, kind: OccurrenceKind) -> Self {
        Self {
            owner,
            kind,
            enabled: kind.is_told_unasked(),
            email: owner.is_some(),
            targets: None,
            threshold: None,
            updated_at: Timestamp::EPOCH,
        }
    }

    /// From where on it is told.
    pub fn threshold(&self) -> i64 {
        let unset = self.kind.threshold().map_or(0, |threshold| threshold.default);
        self.threshold.unwrap_or(unset)
    }
}

impl TryFrom<notification_rule::Model> for NotificationRuleRecord {
    type Error = StoreError;

    fn try_from(row: notification_rule::Model) -> Result<Self, StoreError> {
        let what = (row.owner_id, &row.event);
        let about = format!("{} {}", what.0, what.1);
        Ok(Self {
            owner: owner(row.owner_id),
            kind: sql::word("notification_rules", &about, &row.event)?,
            enabled: row.enabled,
            email: row.email,
            targets: json::read("notification_rules", &about, row.targets.as_deref())?,
            threshold: row.threshold,
            updated_at: Timestamp::from_micros(row.updated_at),
        })
    }
}

impl From<&NotificationRuleRecord> for notification_rule::Model {
    fn from(record: &NotificationRuleRecord) -> Self {
        Self {
            owner_id: owner_id(record.owner),
            event: record.kind.as_str().to_owned(),
            enabled: record.enabled,
            email: record.email,
            targets: json::text(&record.targets),
            threshold: record.threshold,
            updated_at: record.updated_at.as_micros(),
        }
    }
}

// === impl Reader ===

impl Reader<'_> {
    /// The rules that an owner set, without those that cannot be read.
    pub async fn list_notification_rules(
        self,
        owner: Option<UserId>,
    ) -> Result<Vec<NotificationRuleRecord>, StoreError> {
        use notification_rule::Column;
        let of_owner =
            notification_rule::Entity::find().filter(Column::OwnerId.eq(owner_id(owner)));
        self.rules(of_owner.order_by_asc(Column::Event)).await
    }

    /// The rules about one thing, of everybody who set one that can be read.
    pub async fn list_notification_rules_about(
        self,
        kind: OccurrenceKind,
    ) -> Result<Vec<NotificationRuleRecord>, StoreError> {
        let about = notification_rule::Column::Event.eq(kind.as_str());
        self.rules(notification_rule::Entity::find().filter(about)).await
    }

    /// A rule that cannot be read is logged: those of others hold all the same.
    async fn rules(
        self,
        select: Select<notification_rule::Entity>,
    ) -> Result<Vec<NotificationRuleRecord>, StoreError> {
        let rows = select.all(&self.link()).await?;
        let mut rules = Vec::with_capacity(rows.len());
        for row in rows {
            match NotificationRuleRecord::try_from(row) {
                Ok(rule) => rules.push(rule),
                Err(error @ StoreError::Corrupt { .. }) => {
                    tracing::error!(%error, "a rule about notifications is passed over");
                }
                Err(error) => return Err(error),
            }
        }
        Ok(rules)
    }

    /// The rule that holds for an owner, set or not.
    pub async fn notification_rule(
        self,
        owner: Option<UserId>,
        kind: OccurrenceKind,
    ) -> Result<NotificationRuleRecord, StoreError> {
        let key = (owner_id(owner), kind.as_str().to_owned());
        let found = self.one(notification_rule::Entity::find_by_id(key)).await?;
        Ok(found.unwrap_or_else(|| NotificationRuleRecord::unset(owner, kind)))
    }
}

// === impl Tx ===

impl Tx {
    /// Sets a rule. The last of two at once stays.
    pub async fn put_notification_rule(
        &self,
        record: &NotificationRuleRecord,
    ) -> Result<(), StoreError> {
        let row = notification_rule::Model::from(record);
        let values = vec![
            row.enabled.into(),
            row.email.into(),
            row.targets.clone().into(),
            row.threshold.into(),
            row.updated_at.into(),
            row.owner_id.into(),
            row.event.clone().into(),
        ];
        sql::insert_all(self.link(), vec![row], OnDuplicate::Keep).await?;
        self.execute(UPDATE, values).await.map(drop)
    }
}
