//! Calls whose usage cannot be true: which of them wait for somebody to look at them, and what was decided.

use realms_types::{Billing, Money, RecordId, RequestId, Timestamp};
use sea_orm::{
    ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Select,
};

use crate::{Reader, StoreError, Tx, entity::usage_review, sql};

/// A call whose usage cannot be true; all that is known of it is in its record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReviewRecord {
    /// The record of the call.
    pub record: RecordId,
    /// Who decided about it; `None` as long as it waits.
    pub note: Option<ReviewNote>,
}

/// Who decided about a call, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReviewNote {
    /// When.
    pub at: Timestamp,
    /// Who; cut to 128 bytes.
    pub by: String,
    /// Why, in a person's words; cut to 500 bytes.
    pub reason: String,
}

/// Which of these calls are meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ReviewFilter {
    /// Those about which somebody decided; without it those that wait.
    pub decided: bool,
    /// Older than this one.
    pub before: Option<RecordId>,
    /// At most so many, up to 1000.
    pub limit: u64,
}

/// What is decided about a call, if nobody decided before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReviewStep {
    /// The record of the call.
    pub record: RecordId,
    /// The call.
    pub request_id: RequestId,
    /// When it began.
    pub started_at: Timestamp,
    /// What it is charged; nothing: it is waived.
    pub charge: Money,
    /// Who decides, when and why.
    pub note: ReviewNote,
}

const DECIDE: &str =
    "UPDATE usage_records SET billing = ?, cost = ? WHERE id = ? AND billing = 'quarantined'";

const NOTE: &str = "\
UPDATE usage_reviews SET decided_at = ?, decided_by = ?, reason = ? \
WHERE record_id = ? AND decided_at IS NULL";

/// The call was released; now it is charged after all.
const SETTLE: &str = "\
UPDATE holds SET state = 'settled', settled = ?, settled_balance = ?, closed_at = ? \
WHERE request_id = ? AND state = 'released'";

// === impl ReviewRecord ===

impl TryFrom<usage_review::Model> for ReviewRecord {
    type Error = StoreError;

    fn try_from(row: usage_review::Model) -> Result<Self, StoreError> {
        let usage_review::Model { record_id, decided_at, decided_by, reason } = row;
        let note = decided_at.map(|at| ReviewNote {
            at: Timestamp::from_micros(at),
            by: decided_by.unwrap_or_default(),
            reason: reason.unwrap_or_default(),
        });
        Ok(Self { record: record_id.into(), note })
    }
}

// === impl Reader ===

impl Reader<'_> {
    /// Calls whose usage cannot be true, the newest first.
    pub async fn list_reviews(self, filter: ReviewFilter) -> Result<Vec<ReviewRecord>, StoreError> {
        use usage_review::Column;
        let mut select = of(filter.decided).order_by_desc(Column::RecordId);
        if let Some(before) = filter.before {
            select = select.filter(Column::RecordId.lt(before.raw()));
        }
        self.all(select.limit(filter.limit.clamp(1, 1_000))).await
    }

    /// How many of them wait, or were decided about.
    pub async fn count_reviews(self, decided: bool) -> Result<u64, StoreError> {
        Ok(of(decided).count(&self.link()).await?)
    }

    /// What is known of one of them beside its record; `None` for a call like any other.
    pub async fn find_review(self, record: RecordId) -> Result<Option<ReviewRecord>, StoreError> {
        self.one(usage_review::Entity::find_by_id(record.raw())).await
    }
}

fn of(decided: bool) -> Select<usage_review::Entity> {
    use usage_review::Column;
    let which = if decided { Column::DecidedAt.is_not_null() } else { Column::DecidedAt.is_null() };
    usage_review::Entity::find().filter(which)
}

// === impl Tx ===

impl Tx {
    /// Decides about a call whose usage cannot be true. `false`: somebody did before, and nothing changed.
    /// Who charges it moves the money in the same transaction.
    pub async fn review_usage(&self, step: &ReviewStep) -> Result<bool, StoreError> {
        let is_waived = step.charge == Money::ZERO;
        let billing = if is_waived { Billing::Waived } else { Billing::Reviewed };
        let values =
            vec![billing.as_str().into(), step.charge.nano().into(), step.record.raw().into()];
        if self.execute(DECIDE, values).await? == 0 {
            return Ok(false);
        }
        self.note_review(step).await?;
        if !is_waived {
            self.settle_review(step).await?;
            // Its cost is new to the sums.
            self.mark_hours(std::iter::once(step.started_at)).await?;
        }
        Ok(true)
    }

    async fn note_review(&self, step: &ReviewStep) -> Result<(), StoreError> {
        let ReviewNote { at, by, reason } = &step.note;
        let values = vec![
            at.as_micros().into(),
            sql::bounded(by, 128).into(),
            sql::bounded(reason, 500).into(),
            step.record.raw().into(),
        ];
        if self.execute(NOTE, values).await? == 1 {
            return Ok(());
        }
        let message = "its record waits for somebody to look at it, and it does not";
        Err(StoreError::corrupt("usage_reviews", &step.record, &message))
    }

    async fn settle_review(&self, step: &ReviewStep) -> Result<(), StoreError> {
        let nano = step.charge.nano();
        let values = vec![
            nano.into(),
            nano.into(),
            step.note.at.as_micros().into(),
            step.request_id.to_string().into(),
        ];
        if self.execute(SETTLE, values).await? == 1 {
            return Ok(());
        }
        let message = "its call waits for somebody to look at it, and it is not released";
        Err(StoreError::corrupt("holds", &step.request_id, &message))
    }
}
