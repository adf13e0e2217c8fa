//! One hash for each day of the ledger, over its entries and the hash of the day before.

use realms_types::Timestamp;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::{
    Reader, StoreError, Tx,
    entity::{ledger_anchor, ledger_entry},
};

/// The hash of a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnchorRecord {
    /// The day, counted from 1970.
    pub day: i64,
    /// How many entries it has.
    pub entries: i64,
    /// SHA-256 in 64 hexadecimal digits.
    pub hash: String,
    /// When it was made.
    pub created_at: Timestamp,
}

impl TryFrom<ledger_anchor::Model> for AnchorRecord {
    type Error = StoreError;

    fn try_from(row: ledger_anchor::Model) -> Result<Self, StoreError> {
        Ok(Self {
            day: row.day,
            entries: row.entries,
            hash: row.hash,
            created_at: Timestamp::from_micros(row.created_at),
        })
    }
}

// === impl Reader ===

impl Reader<'_> {
    /// Every anchor, in the order of the days.
    pub async fn list_anchors(self) -> Result<Vec<AnchorRecord>, StoreError> {
        self.all(ledger_anchor::Entity::find().order_by_asc(ledger_anchor::Column::Day)).await
    }

    /// The days after one that have entries, in their order.
    pub async fn list_entry_days(self, after: i64) -> Result<Vec<i64>, StoreError> {
        let select = ledger_entry::Entity::find()
            .select_only()
            .column(ledger_entry::Column::Day)
            .filter(ledger_entry::Column::Day.gt(after))
            .group_by(ledger_entry::Column::Day)
            .order_by_asc(ledger_entry::Column::Day);
        Ok(select.into_tuple().all(&self.link()).await?)
    }
}

// === impl Tx ===

impl Tx {
    /// Writes the hash of a day. [`StoreError::Conflict`]: it is there.
    pub async fn insert_anchor(&self, record: &AnchorRecord) -> Result<(), StoreError> {
        let row = ledger_anchor::Model {
            day: record.day,
            entries: record.entries,
            hash: record.hash.clone(),
            created_at: record.created_at.as_micros(),
        };
        self.insert(row, format!("the anchor of day {}", record.day)).await
    }
}
