//! Sums over calls as the console shows them.

use realms_store::{Latencies, UsageGroup};
use realms_types::Money;
use serde::Serialize;
use utoipa::ToSchema;

/// What calls add up to.
#[derive(Debug, Clone, Default, Serialize, ToSchema)]
pub(super) struct UsageSums {
    /// How many calls there were.
    pub(super) calls: u64,
    /// How many of them did not end well, unless their client left.
    pub(super) errors: u64,
    /// Fresh input.
    pub(super) input_tokens: u64,
    /// Input read from a cache.
    pub(super) cache_read_tokens: u64,
    /// Input written to a cache.
    pub(super) cache_write_tokens: u64,
    /// Output, reasoning included.
    pub(super) output_tokens: u64,
    /// The part of the output spent on reasoning.
    pub(super) reasoning_tokens: u64,
    /// What it costs, where a price is known.
    #[schema(value_type = String)]
    pub(super) cost_usd: Money,
    /// What caches saved: what cached input would have cost fresh, less what it cost.
    #[schema(value_type = String)]
    pub(super) cache_saved_usd: Money,
}

/// What the calls of one part add up to.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(super) struct PartSums {
    /// What tells the part from others: a word or an id; `_none` for calls that have none.
    pub(super) key: String,
    /// What it is called.
    pub(super) label: String,
    /// Its sums.
    #[serde(flatten)]
    pub(super) sums: UsageSums,
    /// To the first event, for half of them at most.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) p50_first_event_us: Option<u64>,
}

/// What calls add up to, with how they went. Percentiles come from counts by class of duration, whose
/// bounds stand in the ratio of the square root of two.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(super) struct UsageSummary {
    /// The sums.
    pub(super) sums: UsageSums,
    /// The share of errors among the calls.
    pub(super) error_share: f64,
    /// The share of the input that came from a cache.
    pub(super) cache_hit_share: f64,
    /// To the first event, for half of them at most.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) p50_first_event_us: Option<u64>,
    /// To the first event, for 95 % of them at most.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) p95_first_event_us: Option<u64>,
    /// To the end, for half of them at most.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) p50_duration_us: Option<u64>,
    /// To the end, for 95 % of them at most.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) p95_duration_us: Option<u64>,
    /// Output tokens a second of those that streamed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) output_tokens_per_second: Option<u64>,
    /// The sums of the range before, as long as this one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) previous: Option<UsageSums>,
}

// === impl UsageSums ===

impl From<&realms_store::UsageSums> for UsageSums {
    fn from(sums: &realms_store::UsageSums) -> Self {
        let usage = &sums.usage;
        Self {
            calls: sums.calls,
            errors: sums.errors,
            input_tokens: usage.input,
            cache_read_tokens: usage.cache_read,
            cache_write_tokens: usage.cache_write_5m.saturating_add(usage.cache_write_1h),
            output_tokens: usage.output,
            reasoning_tokens: usage.reasoning,
            cost_usd: sums.cost,
            cache_saved_usd: sums.cache_saved,
        }
    }
}

// === impl UsageSummary ===

impl From<&UsageGroup> for UsageSummary {
    fn from(group: &UsageGroup) -> Self {
        let (sums, usage) = (&group.sums, &group.sums.usage);
        let percentile = |of: &Latencies, percent| of.percentile(percent);
        Self {
            sums: sums.into(),
            error_share: share(sums.errors, sums.calls),
            cache_hit_share: share(usage.cache_read, usage.total_input()),
            p50_first_event_us: percentile(&group.first_event, 50),
            p95_first_event_us: percentile(&group.first_event, 95),
            p50_duration_us: percentile(&group.duration, 50),
            p95_duration_us: percentile(&group.duration, 95),
            output_tokens_per_second: sums.output_rate(),
            previous: None,
        }
    }
}

/// A part of a whole, from 0 to 1; 0 of nothing.
#[expect(clippy::cast_precision_loss, reason = "a share is for drawing")]
pub(super) fn share(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}
