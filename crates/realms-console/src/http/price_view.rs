//! A price as it is told of.

use realms_types::{PriceTerms, UnitPrice};
use serde::Serialize;
use utoipa::ToSchema;

/// A price in USD for a million LLM tokens.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Price {
    /// Fresh input.
    #[schema(value_type = String)]
    input_usd: UnitPrice,
    /// Output.
    #[schema(value_type = String)]
    output_usd: UnitPrice,
    /// Input read from a cache.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    cache_read_usd: Option<UnitPrice>,
    /// Input written to a cache for 5 minutes.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    cache_write_5m_usd: Option<UnitPrice>,
    /// Input written to a cache for an hour.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    cache_write_1h_usd: Option<UnitPrice>,
    /// What of a price few models have.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<PriceTerms>)]
    terms: Option<Box<PriceTerms>>,
}

// === impl Price ===

impl From<realms_types::Price> for Price {
    fn from(price: realms_types::Price) -> Self {
        Self {
            input_usd: price.input,
            output_usd: price.output,
            cache_read_usd: price.cache_read,
            cache_write_5m_usd: price.cache_write_5m,
            cache_write_1h_usd: price.cache_write_1h,
            terms: price.terms,
        }
    }
}
