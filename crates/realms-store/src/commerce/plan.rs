//! Plans: what subscriptions are of.

use std::collections::BTreeMap;

use realms_types::{Currency, PlanId, PlanTerms, Timestamp, UserGroupId};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, Set};

use crate::{Reader, StoreError, Tx, entity::plan, json, tx::set};

/// A plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanRecord {
    /// Its id.
    pub id: PlanId,
    /// Unique short name, for programs.
    pub code: String,
    /// What people read.
    pub name: String,
    /// Whether it can be bought. Who has it keeps it.
    pub enabled: bool,
    /// Which groups of users may buy it; none: everybody.
    pub user_groups: Vec<UserGroupId>,
    /// What it costs: minor units by currency. In others it cannot be bought.
    pub prices: BTreeMap<Currency, i64>,
    /// What it gives.
    pub terms: PlanTerms,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// What of a plan changes; `None` leaves a value as it is. Orders and subscriptions keep their terms.
#[derive(Debug, Clone, Default)]
pub struct PlanPatch {
    /// What people read.
    pub name: Option<String>,
    /// Whether it can be bought.
    pub enabled: Option<bool>,
    /// Which groups of users may buy it.
    pub user_groups: Option<Vec<UserGroupId>>,
    /// What it costs.
    pub prices: Option<BTreeMap<Currency, i64>>,
    /// What it gives.
    pub terms: Option<PlanTerms>,
}

// === impl PlanPatch ===

impl PlanPatch {
    /// The plan as it would be.
    pub fn on(self, plan: PlanRecord) -> PlanRecord {
        let Self { name, enabled, user_groups, prices, terms } = self;
        PlanRecord {
            name: name.unwrap_or(plan.name),
            enabled: enabled.unwrap_or(plan.enabled),
            user_groups: user_groups.unwrap_or(plan.user_groups),
            prices: prices.unwrap_or(plan.prices),
            terms: terms.unwrap_or(plan.terms),
            ..plan
        }
    }
}

// === impl PlanRecord ===

impl TryFrom<plan::Model> for PlanRecord {
    type Error = StoreError;

    fn try_from(row: plan::Model) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id.into(),
            user_groups: json::read("plans", &row.id, row.user_groups.as_deref())?,
            prices: json::read("plans", &row.id, row.prices.as_deref())?,
            terms: json::read("plans", &row.id, row.terms.as_deref())?,
            code: row.code,
            name: row.name,
            enabled: row.enabled,
            created_at: Timestamp::from_micros(row.created_at),
            updated_at: Timestamp::from_micros(row.updated_at),
        })
    }
}

impl From<&PlanRecord> for plan::Model {
    fn from(record: &PlanRecord) -> Self {
        Self {
            id: record.id.raw(),
            code: record.code.clone(),
            name: record.name.clone(),
            enabled: record.enabled,
            user_groups: json::text(&record.user_groups),
            prices: json::text(&record.prices),
            terms: json::text(&record.terms),
            created_at: record.created_at.as_micros(),
            updated_at: record.updated_at.as_micros(),
        }
    }
}

// === impl Reader ===

impl Reader<'_> {
    /// All plans by code.
    pub async fn list_plans(self) -> Result<Vec<PlanRecord>, StoreError> {
        self.all(plan::Entity::find().order_by_asc(plan::Column::Code)).await
    }

    /// A plan by id.
    pub async fn find_plan(self, id: PlanId) -> Result<Option<PlanRecord>, StoreError> {
        self.one(plan::Entity::find_by_id(id.raw())).await
    }

    /// A plan by code.
    pub async fn find_plan_by_code(self, code: &str) -> Result<Option<PlanRecord>, StoreError> {
        self.one(plan::Entity::find().filter(plan::Column::Code.eq(code))).await
    }
}

// === impl Tx ===

impl Tx {
    /// Adds a plan.
    pub async fn insert_plan(&self, record: &PlanRecord) -> Result<(), StoreError> {
        self.insert(plan::Model::from(record), format!("plan `{}`", record.code)).await
    }

    /// Changes a plan.
    pub async fn update_plan(
        &self,
        id: PlanId,
        patch: PlanPatch,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let changes = plan::ActiveModel {
            name: set(patch.name),
            enabled: set(patch.enabled),
            user_groups: set(patch.user_groups.as_ref().map(json::text)),
            prices: set(patch.prices.as_ref().map(json::text)),
            terms: set(patch.terms.as_ref().map(json::text)),
            updated_at: Set(now.as_micros()),
            ..Default::default()
        };
        let update = plan::Entity::update_many().set(changes).filter(plan::Column::Id.eq(id.raw()));
        self.update(update, format!("plan {id}")).await
    }
}
