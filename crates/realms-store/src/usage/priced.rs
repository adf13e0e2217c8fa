//! What calls used and cost, page by page, for whoever reckons it again.

use realms_types::{Billing, Money, RecordId, RequestId, Timestamp, Usage};
use sea_orm::{ColumnTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect};

use super::row::usage_of;
use crate::{Reader, StoreError, entity::usage_record, sql};

/// A call that cost something or nothing, with what its cost was reckoned from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PricedRecord {
    /// The record.
    pub id: RecordId,
    /// The call.
    pub request_id: RequestId,
    /// LLM tokens by bucket.
    pub usage: Usage,
    /// What it cost.
    pub cost: Money,
    /// The price and multiplier behind it, as JSON.
    pub price: Option<String>,
    /// What became of its charge.
    pub billing: Option<Billing>,
}

#[derive(FromQueryResult)]
struct Row {
    id: i64,
    request_id: String,
    input_tokens: i64,
    cache_read_tokens: i64,
    cache_write_5m_tokens: i64,
    cache_write_1h_tokens: i64,
    output_tokens: i64,
    reasoning_tokens: i64,
    audio_input_tokens: i64,
    audio_output_tokens: i64,
    image_input_tokens: i64,
    image_output_tokens: i64,
    tool_calls: i64,
    images: i64,
    cost: i64,
    price: Option<String>,
    billing: Option<String>,
}

const TABLE: &str = "usage_records";
/// Rows of a page.
const PAGE: u64 = 5_000;

// === impl Reader ===

impl Reader<'_> {
    /// Calls with a cost that began at or after a moment and before another, by id, from behind `after` on;
    /// at most 5,000.
    pub async fn list_priced(
        self,
        after: Option<RecordId>,
        since: Timestamp,
        until: Timestamp,
    ) -> Result<Vec<PricedRecord>, StoreError> {
        use usage_record::Column;

        let mut select = usage_record::Entity::find()
            .select_only()
            .columns([
                Column::Id,
                Column::RequestId,
                Column::InputTokens,
                Column::CacheReadTokens,
                Column::CacheWrite5mTokens,
                Column::CacheWrite1hTokens,
                Column::OutputTokens,
                Column::ReasoningTokens,
                Column::AudioInputTokens,
                Column::AudioOutputTokens,
                Column::ImageInputTokens,
                Column::ImageOutputTokens,
                Column::ToolCalls,
                Column::Images,
                Column::Cost,
                Column::Price,
                Column::Billing,
            ])
            .filter(Column::Cost.is_not_null())
            .filter(Column::StartedAt.gte(since.as_micros()))
            .filter(Column::StartedAt.lt(until.as_micros()));
        if let Some(after) = after {
            select = select.filter(Column::Id.gt(after.raw()));
        }
        let rows = select.order_by_asc(Column::Id).limit(PAGE).into_model::<Row>();
        let rows = rows.all(&self.link()).await?;
        rows.into_iter().map(PricedRecord::try_from).collect()
    }
}

// === impl PricedRecord ===

impl TryFrom<Row> for PricedRecord {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let id = row.id;
        let billing = row.billing.map(|text| sql::word(TABLE, &id, &text));
        Ok(Self {
            id: RecordId::new(id),
            request_id: row
                .request_id
                .parse()
                .map_err(|cause| StoreError::corrupt(TABLE, &id, &cause))?,
            usage: usage_of!(row),
            cost: Money::from_nano(row.cost),
            price: row.price,
            billing: billing.transpose()?,
        })
    }
}
