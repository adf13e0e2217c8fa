//! Reading usage records: pages, one call.

use std::collections::{HashMap, HashSet};

use realms_types::{RecordId, RequestId, Timestamp};
use sea_orm::{
    ColumnTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect, Value,
};

use super::{AttemptRecord, UsageFilter, UsageMark, UsageRecord, UsageSort, filter::Conditions};
use crate::{
    Store, StoreError,
    entity::{attempt, usage_record},
    sql,
};

/// Records in a page when nothing is said, and at most.
const PAGE: u64 = 50;
const MOST: u64 = 1_000;
/// How far an order goes that is not by time.
const DEEPEST: u32 = 10_000;

/// A page of records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsagePage {
    /// The records with their attempts, in the order that was asked for.
    pub records: Vec<UsageRecord>,
    /// What to put into `after` for the next page; `None` at the end.
    pub next: Option<UsageMark>,
}

// === impl Store ===

impl Store {
    /// A page of records.
    pub async fn list_usage(&self, filter: &UsageFilter) -> Result<UsagePage, StoreError> {
        let limit = if filter.limit == 0 { PAGE } else { filter.limit.min(MOST) };
        let mut conditions = filter.over_records();
        let place = filter.begin(&mut conditions);
        let limit =
            if filter.sort.is_by_time() { limit } else { limit.min(u64::from(DEEPEST - place)) };
        let text = format!(
            "SELECT u.* FROM usage_records u WHERE {} ORDER BY {} LIMIT ? OFFSET ?",
            conditions.text(),
            filter.sort.order(),
        );
        let mut values = conditions.values;
        let more = i64::try_from(limit).unwrap_or(i64::MAX).saturating_add(1);
        values.extend([Value::from(more), i64::from(place).into()]);
        let link = self.readers();
        let statement = sql::statement(link, &text, values);
        let mut rows = usage_record::Model::find_by_statement(statement).all(&link).await?;
        let full = rows.len() as u64 > limit;
        if full {
            rows.pop();
        }
        let next =
            rows.last().filter(|_| full).and_then(|row| filter.sort.after(row, place, limit));
        Ok(UsagePage { records: self.with_attempts(rows).await?, next })
    }

    /// One call with its attempts.
    pub async fn find_usage(&self, request: RequestId) -> Result<Option<UsageRecord>, StoreError> {
        let row = usage_record::Entity::find()
            .filter(usage_record::Column::RequestId.eq(request.to_string()))
            .one(&self.readers())
            .await?;
        Ok(self.with_attempts(row.into_iter().collect()).await?.pop())
    }

    /// Which of these calls, some hundreds at most, have a record.
    pub async fn find_recorded(
        &self,
        requests: &[RequestId],
    ) -> Result<HashSet<RequestId>, StoreError> {
        let names = requests.iter().map(RequestId::to_string);
        let found: Vec<String> = usage_record::Entity::find()
            .select_only()
            .column(usage_record::Column::RequestId)
            .filter(usage_record::Column::RequestId.is_in(names))
            .into_tuple()
            .all(&self.readers())
            .await?;
        let found: HashSet<String> = found.into_iter().collect();
        Ok(requests.iter().filter(|one| found.contains(&one.to_string())).copied().collect())
    }

    /// Records by their ids, in any order; those that are gone are left out.
    pub async fn get_usage(&self, ids: &[RecordId]) -> Result<Vec<UsageRecord>, StoreError> {
        let rows = usage_record::Entity::find()
            .filter(usage_record::Column::Id.is_in(ids.iter().map(|id| id.raw())))
            .all(&self.readers())
            .await?;
        self.with_attempts(rows).await
    }

    async fn with_attempts(
        &self,
        rows: Vec<usage_record::Model>,
    ) -> Result<Vec<UsageRecord>, StoreError> {
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        let attempts = attempt::Entity::find()
            .filter(attempt::Column::RecordId.is_in(rows.iter().map(|row| row.id)))
            .order_by_asc(attempt::Column::Sequence)
            .all(&self.readers())
            .await?;
        let mut by_record: HashMap<i64, Vec<AttemptRecord>> = HashMap::new();
        for row in attempts {
            by_record.entry(row.record_id).or_default().push(row.try_into()?);
        }
        rows.into_iter()
            .map(|row| {
                let attempts = by_record.remove(&row.id).unwrap_or_default();
                UsageRecord::read(row, attempts)
            })
            .collect()
    }
}

// === impl UsageFilter ===

impl UsageFilter {
    /// Goes to where the page begins; says how many records come before it where that is counted.
    fn begin(&self, conditions: &mut Conditions) -> u32 {
        match (self.after, self.sort) {
            (Some(UsageMark::Place(place)), sort) if !sort.is_by_time() => place.min(DEEPEST),
            (Some(UsageMark::Record { started_at, id }), sort) if sort.is_by_time() => {
                let sign = if sort == UsageSort::Newest { '<' } else { '>' };
                let (time, id): (Value, Value) = (started_at.as_micros().into(), id.raw().into());
                // The first half says what the second does, in a form that every database takes from
                // the index.
                let text =
                    format!("u.started_at {sign}= ? AND (u.started_at {sign} ? OR u.id {sign} ?)");
                conditions.and(&text, [time.clone(), time, id]);
                0
            }
            _ => 0,
        }
    }
}

// === impl UsageSort ===

impl UsageSort {
    /// The mark of the last record of a page.
    fn after(self, row: &usage_record::Model, place: u32, limit: u64) -> Option<UsageMark> {
        if self.is_by_time() {
            let started_at = Timestamp::from_micros(row.started_at);
            return Some(UsageMark::Record { started_at, id: row.id.into() });
        }
        let next = place.saturating_add(u32::try_from(limit).unwrap_or(u32::MAX));
        (next < DEEPEST).then_some(UsageMark::Place(next))
    }
}
