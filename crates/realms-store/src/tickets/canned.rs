//! Answers that are given often.

use realms_types::Timestamp;
use sea_orm::{EntityTrait, QueryOrder, QuerySelect};

use crate::{Reader, StoreError, Tx, entity::canned_reply, sql};

/// An answer that is given often.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CannedReplyRecord {
    /// What it is found by.
    pub name: String,
    /// What it says, as Markdown.
    pub body: String,
    /// When it last changed.
    pub updated_at: Timestamp,
}

const DELETE: &str = "DELETE FROM canned_replies WHERE name = ?";

// === impl CannedReplyRecord ===

impl TryFrom<canned_reply::Model> for CannedReplyRecord {
    type Error = StoreError;

    fn try_from(row: canned_reply::Model) -> Result<Self, StoreError> {
        let updated_at = Timestamp::from_micros(row.updated_at);
        Ok(Self { name: row.name, body: row.body, updated_at })
    }
}

// === impl Reader ===

impl Reader<'_> {
    /// All of them by name, at most 500.
    pub async fn list_canned_replies(self) -> Result<Vec<CannedReplyRecord>, StoreError> {
        let all = canned_reply::Entity::find().order_by_asc(canned_reply::Column::Name);
        self.all(all.limit(500)).await
    }
}

// === impl Tx ===

impl Tx {
    /// Writes one, in the place of what had its name.
    pub async fn put_canned_reply(&self, record: &CannedReplyRecord) -> Result<(), StoreError> {
        self.execute(DELETE, vec![record.name.as_str().into()]).await?;
        let row = canned_reply::Model {
            name: record.name.clone(),
            body: sql::text(&record.body),
            updated_at: record.updated_at.as_micros(),
        };
        self.insert(row, format!("canned reply `{}`", record.name)).await
    }

    /// Deletes one. `false`: there was none.
    pub async fn delete_canned_reply(&self, name: &str) -> Result<bool, StoreError> {
        Ok(self.execute(DELETE, vec![name.into()]).await? > 0)
    }
}
