//! The outbox: what happened becomes one delivery for each place it goes to, in the transaction of what made it happen.

use realms_types::{NotificationId, NotificationTargetId, Occurrence, Timestamp, UserId};
use sea_orm::EntityTrait;

use super::{NotificationRuleRecord, delivery::DeliveryState, owner_id};
use crate::{
    Reader, StoreError, Tx,
    entity::{notification, notification_delivery},
    sql::{self, OnDuplicate},
};

/// What somebody is to be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notification {
    /// Its id.
    pub id: NotificationId,
    /// Who is told; `None`: those who run the site.
    pub owner: Option<UserId>,
    /// What it is known by: it is told once, however often it is written. At most 100 letters, digits and punctuation.
    pub key: String,
    /// What happened.
    pub occurrence: Occurrence,
    /// When.
    pub at: Timestamp,
}

/// The target in the column of a delivery to the owner's proved address.
pub(super) const OWN_ADDRESS: i64 = 0;

// === impl Tx ===

impl Tx {
    /// Writes what somebody is told, for each place their rule names. `false`: it goes nowhere, or it was written
    /// before. A rule that cannot be read is logged: what happened has happened, whether or not it can be told.
    pub async fn notify(&self, one: &Notification) -> Result<bool, StoreError> {
        match self.write_out(one).await {
            Err(error @ StoreError::Corrupt { .. }) => {
                tracing::error!(%error, "nobody is told of something");
                Ok(false)
            }
            done => done,
        }
    }

    async fn write_out(&self, one: &Notification) -> Result<bool, StoreError> {
        let read = self.read();
        let rule = read.notification_rule(one.owner, one.occurrence.kind()).await?;
        let targets = read.targets_of(&rule).await?;
        if targets.is_empty() {
            return Ok(false);
        }
        let row = notification::Model {
            id: one.id.raw(),
            owner_id: owner_id(one.owner),
            idem_key: format!("{}:{}", owner_id(one.owner), one.key),
            facts: sql::text(&facts(&one.occurrence)?),
            created_at: one.at.as_micros(),
        };
        sql::insert_all(self.link(), vec![row], OnDuplicate::Keep).await?;
        // MySQL counts a row that stays as it is, too.
        if notification::Entity::find_by_id(one.id.raw()).one(&self.link()).await?.is_none() {
            return Ok(false);
        }
        let delivery = |target_id| notification_delivery::Model {
            notification_id: one.id.raw(),
            target_id,
            owner_id: owner_id(one.owner),
            state: DeliveryState::Waiting.as_str().to_owned(),
            attempts: 0,
            next_at: one.at.as_micros(),
            error: None,
            done_at: None,
        };
        let rows = targets.into_iter().map(delivery).collect();
        self.insert_all(rows, format!("deliveries of {}", one.id)).await?;
        Ok(true)
    }

    /// Forgets all that a user was told, wanted to be told, and where.
    pub(crate) async fn forget_notifications(&self, user: UserId) -> Result<(), StoreError> {
        for table in [
            "notification_deliveries",
            "notifications",
            "notification_rules",
            "notification_targets",
            "notification_marks",
        ] {
            let sql = format!("DELETE FROM {table} WHERE owner_id = ?");
            self.execute(&sql, vec![user.raw().into()]).await?;
        }
        Ok(())
    }
}

// === impl Reader ===

impl Reader<'_> {
    /// Where a rule sends what it is about.
    async fn targets_of(self, rule: &NotificationRuleRecord) -> Result<Vec<i64>, StoreError> {
        if !rule.enabled {
            return Ok(Vec::new());
        }
        let wanted = |id: &NotificationTargetId| {
            rule.targets.as_ref().is_none_or(|targets| targets.contains(id))
        };
        let known = self.list_notification_targets(rule.owner).await?;
        let known = known.iter().filter(|target| target.enabled).map(|target| target.id);
        let mut targets: Vec<i64> = known.filter(wanted).map(NotificationTargetId::raw).collect();
        if let Some(user) = rule.owner.filter(|_| rule.email)
            && self.proved_address(user).await?.is_some()
        {
            targets.push(OWN_ADDRESS);
        }
        Ok(targets)
    }
}

/// What happened, as it is kept.
fn facts(occurrence: &Occurrence) -> Result<String, StoreError> {
    serde_json::to_string(occurrence)
        .map_err(|cause| StoreError::corrupt("notifications", &occurrence.kind().as_str(), &cause))
}
