//! Records to rows and back. Whatever clients and upstreams sent is cut to its column on the way
//! in: one value that does not fit would refuse the whole batch.

use realms_types::{
    BindingId, ChannelGroupId, ChannelId, CredentialId, EndpointId, ModelId, Money, RecordId,
    Timestamp,
};

use super::{AttemptRecord, UsageRecord};
use crate::{
    StoreError,
    entity::{attempt, usage_record},
    sql::{bounded, word},
};

const TABLE: &str = "usage_records";
/// Cut JSON is no JSON, so a longer price is left out.
const LONGEST_PRICE: usize = 16 * 1024;
/// No call uses a thousandth of this, and nine million such calls still add up.
const MOST: i64 = 1_000_000_000_000;

/// The LLM tokens by bucket of any row that has their columns.
macro_rules! usage_of {
    ($row:expr) => {{
        let count = |tokens: i64| u64::try_from(tokens).unwrap_or(0);
        realms_types::Usage {
            input: count($row.input_tokens),
            cache_read: count($row.cache_read_tokens),
            cache_write_5m: count($row.cache_write_5m_tokens),
            cache_write_1h: count($row.cache_write_1h_tokens),
            output: count($row.output_tokens),
            reasoning: count($row.reasoning_tokens),
            audio_input: count($row.audio_input_tokens),
            audio_output: count($row.audio_output_tokens),
            image_input: count($row.image_input_tokens),
            image_output: count($row.image_output_tokens),
            tool_calls: count($row.tool_calls),
            images: count($row.images),
        }
    }};
}
pub(super) use usage_of;

// === impl UsageRecord ===

impl From<&UsageRecord> for usage_record::Model {
    fn from(record: &UsageRecord) -> Self {
        let usage = &record.usage;
        Self {
            id: record.id.raw(),
            request_id: record.request_id.to_string(),
            client_request_id: cut(record.client_request_id.as_ref(), 128),
            user_id: record.user_id.raw(),
            api_key_id: record.api_key_id.raw(),
            node_id: record.node_id.raw(),
            dialect: record.dialect.as_str().to_owned(),
            operation: bounded(&record.operation, 64),
            model: bounded(&record.model, 255),
            model_id: record.model_id.map(ModelId::raw),
            upstream_model: cut(record.upstream_model.as_ref(), 255),
            answered_model: cut(record.answered_model.as_ref(), 255),
            channel_id: record.channel_id.map(ChannelId::raw),
            endpoint_id: record.endpoint_id.map(EndpointId::raw),
            credential_id: record.credential_id.map(CredentialId::raw),
            channel_group_id: record.channel_group_id.map(ChannelGroupId::raw),
            stream: record.stream,
            status: record.status.into(),
            outcome: bounded(&record.outcome, 32),
            origin: record.origin.map(|origin| origin.as_str().to_owned()),
            cause: record.cause.map(|cause| cause.as_str().to_owned()),
            started_at: record.started_at.as_micros(),
            first_event_us: record.first_event_us,
            duration_us: record.duration_us,
            request_bytes: record.request_bytes,
            response_bytes: record.response_bytes,
            input_tokens: count(usage.input),
            cache_read_tokens: count(usage.cache_read),
            cache_write_5m_tokens: count(usage.cache_write_5m),
            cache_write_1h_tokens: count(usage.cache_write_1h),
            output_tokens: count(usage.output),
            reasoning_tokens: count(usage.reasoning),
            audio_input_tokens: count(usage.audio_input),
            audio_output_tokens: count(usage.audio_output),
            tool_calls: count(usage.tool_calls),
            certainty: record.certainty.as_str().to_owned(),
            cost: record.cost.map(Money::nano),
            price: record.price.clone().filter(|price| price.len() <= LONGEST_PRICE),
            client_address: cut(record.client_address.as_ref(), 64),
            user_agent: cut(record.user_agent.as_ref(), 255),
            client: bounded(&record.client, 32),
            session: cut(record.session.as_ref(), 255),
            cache_saved: record.cache_saved.map(Money::nano),
            attempt_count: i32::try_from(record.attempts.len()).unwrap_or(i32::MAX),
            mismatch: record.is_mismatch(),
            billing: record.billing.map(|billing| billing.as_str().to_owned()),
            upstream_cost: record.upstream_cost.map(Money::nano),
            image_input_tokens: count(usage.image_input),
            image_output_tokens: count(usage.image_output),
            images: count(usage.images),
        }
    }
}

impl UsageRecord {
    /// Joins a row with its attempts.
    pub(super) fn read(
        row: usage_record::Model,
        attempts: Vec<AttemptRecord>,
    ) -> Result<Self, StoreError> {
        let id = row.id;
        Ok(Self {
            usage: usage_of!(row),
            id: RecordId::new(id),
            request_id: row
                .request_id
                .parse()
                .map_err(|cause| StoreError::corrupt(TABLE, &id, &cause))?,
            client_request_id: row.client_request_id,
            user_id: row.user_id.into(),
            api_key_id: row.api_key_id.into(),
            node_id: row.node_id.into(),
            dialect: word(TABLE, &id, &row.dialect)?,
            operation: row.operation,
            model: row.model,
            model_id: row.model_id.map(ModelId::new),
            upstream_model: row.upstream_model,
            answered_model: row.answered_model,
            channel_id: row.channel_id.map(ChannelId::new),
            endpoint_id: row.endpoint_id.map(EndpointId::new),
            credential_id: row.credential_id.map(CredentialId::new),
            channel_group_id: row.channel_group_id.map(ChannelGroupId::new),
            stream: row.stream,
            status: status(TABLE, id, row.status)?,
            outcome: row.outcome,
            origin: row.origin.map(|text| word(TABLE, &id, &text)).transpose()?,
            cause: row.cause.map(|text| word(TABLE, &id, &text)).transpose()?,
            started_at: Timestamp::from_micros(row.started_at),
            first_event_us: row.first_event_us,
            duration_us: row.duration_us,
            request_bytes: row.request_bytes,
            response_bytes: row.response_bytes,
            certainty: word(TABLE, &id, &row.certainty)?,
            cost: row.cost.map(Money::from_nano),
            price: row.price,
            attempts,
            trace: None,
            client_address: row.client_address,
            user_agent: row.user_agent,
            client: row.client,
            session: row.session,
            cache_saved: row.cache_saved.map(Money::from_nano),
            billing: row.billing.map(|text| word(TABLE, &id, &text)).transpose()?,
            upstream_cost: row.upstream_cost.map(Money::from_nano),
            object: None,
        })
    }
}

// === impl AttemptRecord ===

impl AttemptRecord {
    pub(super) fn to_row(&self, record: RecordId) -> attempt::Model {
        attempt::Model {
            record_id: record.raw(),
            sequence: self.sequence.into(),
            channel_id: self.channel_id.raw(),
            endpoint_id: self.endpoint_id.raw(),
            credential_id: self.credential_id.raw(),
            binding_id: self.binding_id.map(BindingId::raw),
            upstream_model: cut(self.upstream_model.as_ref(), 255),
            started_at: self.started_at.as_micros(),
            headers_us: self.headers_us,
            duration_us: self.duration_us,
            status: self.status.map(i32::from),
            outcome: bounded(&self.outcome, 32),
            cause: self.cause.map(|cause| cause.as_str().to_owned()),
            scope: self.scope.map(|scope| scope.as_str().to_owned()),
            detail: cut(self.detail.as_ref(), 1024),
            bytes: self.bytes,
            upstream_request_id: cut(self.upstream_request_id.as_ref(), 255),
        }
    }
}

impl TryFrom<attempt::Model> for AttemptRecord {
    type Error = StoreError;

    fn try_from(row: attempt::Model) -> Result<Self, StoreError> {
        const TABLE: &str = "attempts";
        let id = row.record_id;
        Ok(Self {
            sequence: status(TABLE, id, row.sequence)?,
            channel_id: row.channel_id.into(),
            endpoint_id: row.endpoint_id.into(),
            credential_id: row.credential_id.into(),
            binding_id: row.binding_id.map(BindingId::new),
            upstream_model: row.upstream_model,
            started_at: Timestamp::from_micros(row.started_at),
            headers_us: row.headers_us,
            duration_us: row.duration_us,
            status: row.status.map(|value| status(TABLE, id, value)).transpose()?,
            outcome: row.outcome,
            cause: row.cause.map(|text| word(TABLE, &id, &text)).transpose()?,
            scope: row.scope.map(|text| word(TABLE, &id, &text)).transpose()?,
            detail: row.detail,
            bytes: row.bytes,
            upstream_request_id: row.upstream_request_id,
        })
    }
}

fn cut(text: Option<&String>, most: usize) -> Option<String> {
    text.map(|text| bounded(text, most))
}

fn count(tokens: u64) -> i64 {
    i64::try_from(tokens).map_or(MOST, |tokens| tokens.min(MOST))
}

fn status(table: &'static str, row: i64, value: i32) -> Result<u16, StoreError> {
    u16::try_from(value).map_err(|cause| StoreError::corrupt(table, &row, &cause))
}
