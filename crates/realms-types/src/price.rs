//! What a model costs.

use serde::{Deserialize, Serialize};

use crate::UnitPrice;

/// The price of a model per million LLM tokens of each bucket.
///
/// A bucket left out costs what its wider bucket costs: cached input the fresh-input price, a cache
/// write the fresh-input price, reasoning the output price (it is counted inside output).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Price {
    /// Fresh input.
    pub input: UnitPrice,
    /// Output, reasoning included.
    pub output: UnitPrice,
    /// Input read from the vendor's cache.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cache_read: Option<UnitPrice>,
    /// Input written to the vendor's cache for 5 minutes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cache_write_5m: Option<UnitPrice>,
    /// Input written to the vendor's cache for an hour.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cache_write_1h: Option<UnitPrice>,
}
