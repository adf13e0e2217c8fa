//! Sums over calls.

use realms_store::Pulse;
use realms_types::Money;
use serde::Serialize;
use utoipa::ToSchema;

/// What calls used together.
#[derive(Debug, Clone, Default, Serialize, ToSchema)]
pub(super) struct UsageSums {
    /// How many calls there were.
    calls: u64,
    /// How many of them failed.
    errors: u64,
    /// Fresh input.
    input_tokens: u64,
    /// Input read from a cache.
    cache_read_tokens: u64,
    /// Input written to a cache.
    cache_write_tokens: u64,
    /// Output, reasoning included.
    output_tokens: u64,
    /// The part of the output spent on reasoning.
    reasoning_tokens: u64,
    /// What it costs.
    #[schema(value_type = String)]
    cost_usd: Money,
    /// What reading from a cache saved.
    #[schema(value_type = String)]
    cache_saved_usd: Money,
}

// === impl UsageSums ===

impl UsageSums {
    /// The sums of today.
    pub(super) fn of_today(pulse: &Pulse) -> Self {
        let (today, usage) = (&pulse.today, &pulse.today.usage);
        Self {
            calls: today.calls,
            errors: pulse.today_failed,
            input_tokens: usage.input,
            cache_read_tokens: usage.cache_read,
            cache_write_tokens: usage.cache_write_5m + usage.cache_write_1h,
            output_tokens: usage.output,
            reasoning_tokens: usage.reasoning,
            cost_usd: today.cost,
            cache_saved_usd: Money::ZERO,
        }
    }
}
