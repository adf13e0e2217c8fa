//! Changes of many objects at once, between the look at them and the end of their undo.
//!
//! A row is what its owner was shown, so that exactly this is done later, by any node. Whoever is not
//! its owner does not find it.

use std::time::Duration;

use realms_types::{BatchId, Timestamp};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde::{Deserialize, Serialize};

use crate::{Reader, Store, StoreError, Tx, entity::batch, sql};

/// What a batch waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BatchPurpose {
    /// To be done.
    Apply,
    /// To take back what another one did.
    Undo,
}

/// A change of many objects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BatchRecord {
    /// Its id: the token by which its owner asks for it.
    pub id: BatchId,
    /// Who it is for, at most 64 characters.
    pub owner: String,
    /// What it waits for.
    pub purpose: BatchPurpose,
    /// What is to be done to which object, as JSON without secrets.
    pub content: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// From when on it cannot be done any more.
    pub expires_at: Timestamp,
    /// What came of it; `None`: it was not done.
    pub done: Option<BatchDone>,
}

/// What came of a batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BatchDone {
    /// When it was done.
    pub at: Timestamp,
    /// The key of the request that did it, unique for its owner, at most 128 characters.
    pub key: Option<String>,
    /// What was answered, as JSON.
    pub outcome: String,
}

/// Batches of one owner; the oldest are forgotten when there are more.
const MOST: u64 = 50;

/// An answer can be asked for again so long after its batch expired.
const KEPT: Duration = Duration::from_hours(2);

const FINISH: &str = "\
UPDATE batches SET done_at = ?, done_key = ?, outcome = ? WHERE id = ? AND done_at IS NULL";

// === impl BatchPurpose ===

impl BatchPurpose {
    /// The word in the database.
    const fn as_str(self) -> &'static str {
        match self {
            Self::Apply => "apply",
            Self::Undo => "undo",
        }
    }
}

// === impl BatchRecord ===

impl TryFrom<batch::Model> for BatchRecord {
    type Error = StoreError;

    fn try_from(row: batch::Model) -> Result<Self, StoreError> {
        let done = row.done_at.map(|at| BatchDone {
            at: Timestamp::from_micros(at),
            key: row.done_key,
            outcome: row.outcome.unwrap_or_default(),
        });
        Ok(Self {
            id: row.id.into(),
            owner: row.owner,
            purpose: sql::word("batches", &row.id, &row.purpose)?,
            content: row.content,
            created_at: Timestamp::from_micros(row.created_at),
            expires_at: Timestamp::from_micros(row.expires_at),
            done,
        })
    }
}

impl From<&BatchRecord> for batch::Model {
    fn from(record: &BatchRecord) -> Self {
        let done = record.done.as_ref();
        Self {
            id: record.id.raw(),
            owner: record.owner.clone(),
            purpose: record.purpose.as_str().to_owned(),
            content: record.content.clone(),
            created_at: record.created_at.as_micros(),
            expires_at: record.expires_at.as_micros(),
            done_at: done.map(|done| done.at.as_micros()),
            done_key: done.and_then(|done| done.key.clone()),
            outcome: done.map(|done| done.outcome.clone()),
        }
    }
}

// === impl Reader ===

impl Reader<'_> {
    /// A batch of this owner, however old.
    pub async fn find_batch(
        self,
        owner: &str,
        id: BatchId,
    ) -> Result<Option<BatchRecord>, StoreError> {
        let select = batch::Entity::find_by_id(id.raw());
        self.one(select.filter(batch::Column::Owner.eq(owner))).await
    }
}

// === impl Tx ===

impl Tx {
    /// Keeps a batch. Of more than 50 of one owner the oldest are forgotten.
    pub async fn insert_batch(&mut self, record: &BatchRecord) -> Result<(), StoreError> {
        self.insert(batch::Model::from(record), "this batch".to_owned()).await?;
        let oldest = batch::Entity::find()
            .select_only()
            .column(batch::Column::Id)
            .filter(batch::Column::Owner.eq(record.owner.as_str()))
            .order_by_desc(batch::Column::Id)
            .offset(MOST)
            .limit(1);
        if let Some(oldest) = oldest.into_tuple::<i64>().one(&self.link()).await? {
            let sql = "DELETE FROM batches WHERE owner = ? AND id <= ?";
            self.execute(sql, vec![record.owner.as_str().into(), oldest.into()]).await?;
        }
        Ok(())
    }

    /// Notes what came of a batch. Only one caller can: the others, and who used the key before, are
    /// told of the conflict.
    pub async fn finish_batch(&mut self, id: BatchId, done: &BatchDone) -> Result<(), StoreError> {
        let values = vec![
            done.at.as_micros().into(),
            done.key.as_deref().into(),
            done.outcome.as_str().into(),
            id.raw().into(),
        ];
        let what = || "a request with this key, or for this batch,".to_owned();
        let written = sql::execute(self.link(), FINISH, values).await;
        match written.map_err(StoreError::about(what()))? {
            1 => Ok(()),
            _ => Err(StoreError::Conflict { what: what() }),
        }
    }
}

// === impl Store ===

impl Store {
    /// Forgets the batches whose answers nobody asks for any more, and says how many.
    pub async fn purge_batches(&self, now: Timestamp) -> Result<u64, StoreError> {
        let sql = "DELETE FROM batches WHERE expires_at <= ?";
        let values = vec![(now - KEPT).as_micros().into()];
        Ok(sql::execute(self.writers(), sql, values).await?)
    }
}
