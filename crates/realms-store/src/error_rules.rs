//! What clients are told about errors of upstreams.

use realms_types::{ErrorAct, ErrorMatch, ErrorRuleId, Timestamp};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, Set};
use serde::{Deserialize, Serialize};

use crate::{Reader, StoreError, Tx, entity::error_rule, tx::set};

/// A rule about errors of upstreams.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ErrorRuleRecord {
    /// Its id.
    pub id: ErrorRuleId,
    /// Unique name.
    pub name: String,
    /// Higher is looked at first.
    pub priority: i64,
    /// Whether it is looked at.
    pub enabled: bool,
    /// Which errors.
    pub when: ErrorMatch,
    /// What is done.
    pub act: ErrorAct,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// What of a rule changes; `None` leaves a value as it is.
#[derive(Debug, Clone, Default)]
pub struct ErrorRulePatch {
    /// Higher is looked at first.
    pub priority: Option<i64>,
    /// Whether it is looked at.
    pub enabled: Option<bool>,
    /// Which errors, and what is done.
    pub content: Option<(ErrorMatch, ErrorAct)>,
}

/// What lies in the column.
#[derive(Serialize, Deserialize)]
struct Content {
    #[serde(rename = "match")]
    when: ErrorMatch,
    #[serde(rename = "then")]
    act: ErrorAct,
}

fn written(when: &ErrorMatch, act: &ErrorAct) -> String {
    let content = Content { when: when.clone(), act: act.clone() };
    serde_json::to_string(&content).unwrap_or_default()
}

// === impl ErrorRuleRecord ===

impl ErrorRuleRecord {
    /// What lies in the column: `{"match": …, "then": …}`.
    pub fn content(&self) -> String {
        written(&self.when, &self.act)
    }
}

impl TryFrom<error_rule::Model> for ErrorRuleRecord {
    type Error = StoreError;

    fn try_from(row: error_rule::Model) -> Result<Self, StoreError> {
        let Content { when, act } =
            serde_json::from_str(&row.content).map_err(|error| StoreError::Corrupt {
                table: "error_rules",
                row: row.name.clone(),
                message: error.to_string(),
            })?;
        Ok(Self {
            id: row.id.into(),
            name: row.name,
            priority: row.priority,
            enabled: row.enabled,
            when,
            act,
            created_at: Timestamp::from_micros(row.created_at),
            updated_at: Timestamp::from_micros(row.updated_at),
        })
    }
}

impl From<&ErrorRuleRecord> for error_rule::Model {
    fn from(record: &ErrorRuleRecord) -> Self {
        Self {
            id: record.id.raw(),
            name: record.name.clone(),
            priority: record.priority,
            enabled: record.enabled,
            content: written(&record.when, &record.act),
            created_at: record.created_at.as_micros(),
            updated_at: record.updated_at.as_micros(),
        }
    }
}

// === impl Reader ===

impl Reader<'_> {
    /// All rules, in the order in which they are looked at.
    pub async fn list_error_rules(self) -> Result<Vec<ErrorRuleRecord>, StoreError> {
        let order = error_rule::Entity::find().order_by_desc(error_rule::Column::Priority);
        self.all(order.order_by_asc(error_rule::Column::Name)).await
    }
}

// === impl Tx ===

impl Tx {
    /// Adds a rule.
    pub async fn insert_error_rule(&mut self, record: &ErrorRuleRecord) -> Result<(), StoreError> {
        self.bump_catalog().await?;
        self.insert(error_rule::Model::from(record), format!("error rule `{}`", record.name)).await
    }

    /// Changes what the patch names.
    pub async fn update_error_rule(
        &mut self,
        id: ErrorRuleId,
        patch: ErrorRulePatch,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.bump_catalog().await?;
        let values = error_rule::ActiveModel {
            priority: set(patch.priority),
            enabled: set(patch.enabled),
            content: set(patch.content.map(|(when, act)| written(&when, &act))),
            updated_at: Set(now.as_micros()),
            ..Default::default()
        };
        let update = error_rule::Entity::update_many().set(values);
        let update = update.filter(error_rule::Column::Id.eq(id.raw()));
        self.update(update, format!("error rule {id}")).await
    }

    /// Deletes a rule.
    pub async fn delete_error_rule(&mut self, id: ErrorRuleId) -> Result<(), StoreError> {
        self.bump_catalog().await?;
        let delete = error_rule::Entity::delete_many().filter(error_rule::Column::Id.eq(id.raw()));
        self.delete(delete, format!("error rule {id}")).await
    }
}
