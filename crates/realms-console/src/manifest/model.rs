//! A model as a manifest describes it.

use realms_store::ModelRecord;
use realms_types::{Price, PriceTerms, UnitPrice};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Slot;

/// What clients name in `model`, with its price. A field left out keeps its value; `""` takes a
/// price away. Prices are decimal strings in USD for a million LLM tokens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "name": "gpt-5.2", "owner": "openai", "input_usd_per_1m": "1.25", "output_usd_per_1m": "10",
    "cache_read_usd_per_1m": "0.125"
}))]
pub struct Model {
    /// Unique name.
    pub name: String,
    /// Who made it, as lists of models show it. Default: by the kind of the channel that serves it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// Whether it may be called. Default true.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub enabled: Option<bool>,
    /// Fresh input. Given together with the output price.
    #[serde(default, skip_serializing_if = "Slot::is_silent")]
    #[schema(value_type = Option<String>, example = "1.25")]
    pub input_usd_per_1m: Option<Slot<UnitPrice>>,
    /// Output.
    #[serde(default, skip_serializing_if = "Slot::is_silent")]
    #[schema(value_type = Option<String>, example = "10")]
    pub output_usd_per_1m: Option<Slot<UnitPrice>>,
    /// Input read from a cache. Default: as fresh input.
    #[serde(default, skip_serializing_if = "Slot::is_silent")]
    #[schema(value_type = Option<String>, example = "0.125")]
    pub cache_read_usd_per_1m: Option<Slot<UnitPrice>>,
    /// Input written to a cache for 5 minutes. Default: as fresh input.
    #[serde(default, skip_serializing_if = "Slot::is_silent")]
    #[schema(value_type = Option<String>, example = "0")]
    pub cache_write_5m_usd_per_1m: Option<Slot<UnitPrice>>,
    /// Input written to a cache for an hour. Default: as fresh input.
    #[serde(default, skip_serializing_if = "Slot::is_silent")]
    #[schema(value_type = Option<String>, example = "0")]
    pub cache_write_1h_usd_per_1m: Option<Slot<UnitPrice>>,
    /// Whether the price stays whatever lists of prices say: no schedule sets another, and no import unasked. Default: a
    /// price that is given by hand does, one that comes from a list does not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price_pinned: Option<bool>,
    /// What of a price few models have: prices of reasoning, audio, images, calls and tool calls, of long prompts,
    /// and factors of lanes such as `priority`. `{}` takes all of it away.
    #[serde(default, skip_serializing_if = "says_nothing")]
    #[schema(value_type = Option<PriceTerms>)]
    pub price_terms: Option<PriceTerms>,
}

#[expect(clippy::ref_option, reason = "the signature serde asks for")]
fn says_nothing(terms: &Option<PriceTerms>) -> bool {
    terms.as_ref().is_none_or(PriceTerms::is_empty)
}

// === impl Model ===

impl Model {
    /// A model of which nothing is said but its name.
    pub const fn named(name: String) -> Self {
        Self {
            name,
            owner: None,
            enabled: None,
            input_usd_per_1m: None,
            output_usd_per_1m: None,
            cache_read_usd_per_1m: None,
            cache_write_5m_usd_per_1m: None,
            cache_write_1h_usd_per_1m: None,
            price_pinned: None,
            price_terms: None,
        }
    }

    /// The price it says, if it says one.
    pub(crate) fn price(&self) -> Option<Price> {
        let value = |slot: Option<Slot<UnitPrice>>| slot.and_then(Slot::value);
        Some(Price {
            input: value(self.input_usd_per_1m)?,
            output: value(self.output_usd_per_1m)?,
            cache_read: value(self.cache_read_usd_per_1m),
            cache_write_5m: value(self.cache_write_5m_usd_per_1m),
            cache_write_1h: value(self.cache_write_1h_usd_per_1m),
            terms: self.price_terms.clone().filter(|terms| !terms.is_empty()).map(Box::new),
        })
    }

    /// Every price with the name of its field.
    pub(crate) const fn prices(&self) -> [(&'static str, Option<Slot<UnitPrice>>); 5] {
        [
            ("input_usd_per_1m", self.input_usd_per_1m),
            ("output_usd_per_1m", self.output_usd_per_1m),
            ("cache_read_usd_per_1m", self.cache_read_usd_per_1m),
            ("cache_write_5m_usd_per_1m", self.cache_write_5m_usd_per_1m),
            ("cache_write_1h_usd_per_1m", self.cache_write_1h_usd_per_1m),
        ]
    }
}

impl From<&ModelRecord> for Model {
    /// Every field said; nothing of a pin where there is no price.
    fn from(record: &ModelRecord) -> Self {
        let price = record.price.as_ref();
        Self {
            name: record.name.clone(),
            owner: Some(record.owner.clone()),
            enabled: Some(record.enabled),
            input_usd_per_1m: Some(price.map(|price| price.input).into()),
            output_usd_per_1m: Some(price.map(|price| price.output).into()),
            cache_read_usd_per_1m: Some(price.and_then(|price| price.cache_read).into()),
            cache_write_5m_usd_per_1m: Some(price.and_then(|price| price.cache_write_5m).into()),
            cache_write_1h_usd_per_1m: Some(price.and_then(|price| price.cache_write_1h).into()),
            price_pinned: price.map(|_| record.price_pinned),
            price_terms: Some(
                price.and_then(|price| price.terms.as_deref()).cloned().unwrap_or_default(),
            ),
        }
    }
}
