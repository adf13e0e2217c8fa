//! What came to a point and was told.

use realms_types::{OccurrenceKind, Timestamp, UserId};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::{owner, owner_id};
use crate::{
    Reader, StoreError, Tx,
    entity::notification_mark,
    sql::{self, OnDuplicate},
};

/// That somebody was told that something came to a point.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MarkRecord {
    /// What kind of thing.
    pub kind: OccurrenceKind,
    /// Who was told; `None`: those who run the site.
    pub owner: Option<UserId>,
    /// What came to a point: at most 96 letters, digits and punctuation.
    pub subject: String,
    /// When.
    pub raised_at: Timestamp,
}

const CLEAR: &str = "DELETE FROM notification_marks WHERE event = ? AND owner_id = ? AND subject = ? AND raised_at = ?";
const KEEP: &str = "UPDATE notification_marks SET raised_at = ? WHERE event = ? AND owner_id = ? AND subject = ? AND raised_at = ?";

// === impl MarkRecord ===

impl TryFrom<notification_mark::Model> for MarkRecord {
    type Error = StoreError;

    fn try_from(row: notification_mark::Model) -> Result<Self, StoreError> {
        Ok(Self {
            kind: sql::word("notification_marks", &row.subject, &row.event)?,
            owner: owner(row.owner_id),
            subject: row.subject,
            raised_at: Timestamp::from_micros(row.raised_at),
        })
    }
}

// === impl Reader ===

impl Reader<'_> {
    /// What of a kind stands at its point.
    pub async fn list_marks(self, kind: OccurrenceKind) -> Result<Vec<MarkRecord>, StoreError> {
        let of_kind = notification_mark::Column::Event.eq(kind.as_str());
        self.all(notification_mark::Entity::find().filter(of_kind)).await
    }
}

// === impl Tx ===

impl Tx {
    /// Notes that something came to a point. `false`: it was noted at another time.
    pub async fn raise_mark(&self, mark: &MarkRecord) -> Result<bool, StoreError> {
        let row = notification_mark::Model {
            event: mark.kind.as_str().to_owned(),
            owner_id: owner_id(mark.owner),
            subject: mark.subject.clone(),
            raised_at: mark.raised_at.as_micros(),
        };
        let key = (row.event.clone(), row.owner_id, row.subject.clone());
        sql::insert_all(self.link(), vec![row], OnDuplicate::Keep).await?;
        // MySQL counts a row that stays as it is, too.
        let kept = notification_mark::Entity::find_by_id(key).one(&self.link()).await?;
        Ok(kept.is_some_and(|kept| kept.raised_at == mark.raised_at.as_micros()))
    }

    /// Notes that something still stands at its point: whoever does not see it there does not forget it at once.
    pub async fn keep_mark(&self, mark: &MarkRecord, now: Timestamp) -> Result<(), StoreError> {
        let values = vec![
            now.as_micros().into(),
            mark.kind.as_str().into(),
            owner_id(mark.owner).into(),
            mark.subject.as_str().into(),
            mark.raised_at.as_micros().into(),
        ];
        self.execute(KEEP, values).await.map(drop)
    }

    /// Forgets that something came to a point.
    pub async fn clear_mark(&self, mark: &MarkRecord) -> Result<(), StoreError> {
        let values = vec![
            mark.kind.as_str().into(),
            owner_id(mark.owner).into(),
            mark.subject.as_str().into(),
            mark.raised_at.as_micros().into(),
        ];
        self.execute(CLEAR, values).await.map(drop)
    }
}
