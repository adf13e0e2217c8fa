//! Reading usage records: pages, one call, totals.

use std::collections::HashMap;

use realms_types::{ApiKeyId, ChannelId, Money, RecordId, RequestId, Timestamp, Usage, UserId};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, Value,
};

use super::{AttemptRecord, UsageRecord};
use crate::{
    Store, StoreError,
    entity::{attempt, usage_record},
    sql,
};

/// Which records are meant; what is `None` does not matter.
#[derive(Debug, Clone, Default)]
pub struct UsageFilter {
    /// Of this user.
    pub user: Option<UserId>,
    /// Made with this key.
    pub api_key: Option<ApiKeyId>,
    /// Asking for this model, as the client named it.
    pub model: Option<String>,
    /// With an attempt on this channel.
    pub channel: Option<ChannelId>,
    /// Started at or after this moment.
    pub since: Option<Timestamp>,
    /// Started before this moment.
    pub until: Option<Timestamp>,
    /// Older than this record.
    pub before: Option<RecordId>,
    /// At most so many in a page, up to 200; 0 means 50.
    pub limit: u64,
}

/// A page of records, newest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsagePage {
    /// The records with their attempts.
    pub records: Vec<UsageRecord>,
    /// What to put into `before` for the next page; `None` at the end.
    pub next: Option<RecordId>,
}

/// Sums over records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct UsageTotals {
    /// How many calls.
    pub calls: u64,
    /// Their LLM tokens by bucket.
    pub usage: Usage,
    /// What they cost together, where a price was known.
    pub cost: Money,
}

/// The columns of [`UsageTotals`], in its order.
const SUMS: [&str; 10] = [
    "input_tokens",
    "cache_read_tokens",
    "cache_write_5m_tokens",
    "cache_write_1h_tokens",
    "output_tokens",
    "reasoning_tokens",
    "audio_input_tokens",
    "audio_output_tokens",
    "tool_calls",
    "cost",
];

// === impl Store ===

impl Store {
    /// A page of records, newest first.
    pub async fn list_usage(&self, filter: &UsageFilter) -> Result<UsagePage, StoreError> {
        let limit = if filter.limit == 0 { 50 } else { filter.limit.min(200) };
        let (conditions, mut values) = filter.conditions();
        values.push(Value::from(i64::try_from(limit).unwrap_or(200) + 1));
        let text = format!(
            "SELECT u.* FROM usage_records u WHERE {conditions} ORDER BY u.id DESC LIMIT ?"
        );
        let link = self.readers();
        let statement = sql::statement(link, &text, values);
        let mut rows = usage_record::Model::find_by_statement(statement).all(&link).await?;
        let full = rows.len() as u64 > limit;
        if full {
            rows.pop();
        }
        let next = rows.last().filter(|_| full).map(|row| RecordId::new(row.id));
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

    /// The sums over all records that are meant, whatever the size of a page.
    pub async fn sum_usage(&self, filter: &UsageFilter) -> Result<UsageTotals, StoreError> {
        let link = self.readers();
        let backend = link.get_database_backend();
        let sums = SUMS.map(|column| sql::sum(backend, &format!("u.{column}"))).join(", ");
        let (conditions, values) = filter.conditions();
        let text = format!("SELECT COUNT(*), {sums} FROM usage_records u WHERE {conditions}");
        let row = link.query_one_raw(sql::statement(link, &text, values)).await?;
        let Some(row) = row else {
            return Ok(UsageTotals::default());
        };
        let mut sums = [0; 11];
        for (index, sum) in sums.iter_mut().enumerate() {
            *sum = row.try_get_by_index::<i64>(index)?;
        }
        Ok(UsageTotals::from(sums))
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
    /// The `WHERE` of this filter over `usage_records u`, with its values.
    fn conditions(&self) -> (String, Vec<Value>) {
        // `EXISTS` would say the same, but MariaDB then collects all attempts of the channel first.
        const ON_CHANNEL: &str = "(SELECT MIN(a.sequence) FROM attempts a \
                                  WHERE a.record_id = u.id AND a.channel_id = ?) IS NOT NULL";
        let parts: [(&str, Option<Value>); 7] = [
            ("u.user_id = ?", self.user.map(|id| id.raw().into())),
            ("u.api_key_id = ?", self.api_key.map(|id| id.raw().into())),
            ("u.model = ?", self.model.as_deref().map(|name| sql::bounded(name, 255).into())),
            (ON_CHANNEL, self.channel.map(|id| id.raw().into())),
            ("u.started_at >= ?", self.since.map(|time| time.as_micros().into())),
            ("u.started_at < ?", self.until.map(|time| time.as_micros().into())),
            ("u.id < ?", self.before.map(|id| id.raw().into())),
        ];
        let mut text = String::from("1 = 1");
        let mut values = Vec::new();
        for (condition, value) in parts {
            let Some(value) = value else { continue };
            text.push_str(" AND ");
            text.push_str(condition);
            values.push(value);
        }
        (text, values)
    }
}

// === impl UsageTotals ===

impl From<[i64; 11]> for UsageTotals {
    /// The count, then the sums in the order of `SUMS`.
    fn from(sums: [i64; 11]) -> Self {
        let count = |index: usize| u64::try_from(sums[index]).unwrap_or(0);
        Self {
            calls: count(0),
            usage: Usage {
                input: count(1),
                cache_read: count(2),
                cache_write_5m: count(3),
                cache_write_1h: count(4),
                output: count(5),
                reasoning: count(6),
                audio_input: count(7),
                audio_output: count(8),
                tool_calls: count(9),
            },
            cost: Money::from_nano(sums[10]),
        }
    }
}
