//! What a model costs.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{PiecePrice, Ppm, UnitPrice};

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
    /// What few models have besides.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub terms: Option<Box<PriceTerms>>,
}

/// What of a price few models have: parts that cost otherwise, prices of single things, dearer prices of
/// long prompts, lanes that cost more or less. Left out means: not there.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct PriceTerms {
    /// Reasoning, where it costs other than output, in USD for a million LLM tokens.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub reasoning: Option<UnitPrice>,
    /// Input that is audio.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub audio_input: Option<UnitPrice>,
    /// Output that is audio.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub audio_output: Option<UnitPrice>,
    /// Input that is images.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub image_input: Option<UnitPrice>,
    /// Output that is images.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub image_output: Option<UnitPrice>,
    /// Each image that was made, in USD.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub image: Option<PiecePrice>,
    /// Each call that used anything, in USD.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub request: Option<PiecePrice>,
    /// Each server-side tool call that the vendor bills by the piece, in USD.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub tool_call: Option<PiecePrice>,
    /// Prices of long prompts, the shorter first: the whole call costs what the last tier says whose
    /// threshold its input exceeds.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tiers: Vec<Tier>,
    /// What everything is multiplied by when the vendor served the call in a lane such as `priority`,
    /// `flex` or `fast`.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    #[schema(value_type = BTreeMap<String, String>)]
    pub lanes: BTreeMap<String, Ppm>,
}

/// What calls with more input than a threshold cost. What is left out costs what it costs below.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Tier {
    /// It begins above so many LLM tokens of input, however they are priced.
    pub above: u64,
    /// Fresh input, in USD for a million LLM tokens.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub input: Option<UnitPrice>,
    /// Output.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub output: Option<UnitPrice>,
    /// Input read from the vendor's cache.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub cache_read: Option<UnitPrice>,
    /// Input written to the vendor's cache for 5 minutes.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub cache_write_5m: Option<UnitPrice>,
    /// Input written to the vendor's cache for an hour.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub cache_write_1h: Option<UnitPrice>,
}

/// What each bucket of one call costs: every price decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Rates {
    /// The threshold of the tier they are of; 0 where it is none.
    pub above: u64,
    /// Fresh input.
    pub input: UnitPrice,
    /// Input read from the vendor's cache.
    pub cache_read: UnitPrice,
    /// Input written to the vendor's cache for 5 minutes.
    pub cache_write_5m: UnitPrice,
    /// Input written to the vendor's cache for an hour.
    pub cache_write_1h: UnitPrice,
    /// Output.
    pub output: UnitPrice,
}

/// Why the terms of a price make no sense.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PriceMistake {
    /// Thresholds that do not rise.
    #[error("tiers: each `above` is greater than 0 and than the one before")]
    Order,
    /// More than anybody reads.
    #[error("at most {0} tiers and {1} lanes")]
    Many(usize, usize),
    /// A lane that no vendor names so.
    #[error("lanes: `{0}` is no name of a lane such as `priority`")]
    Lane(String),
}

/// The most tiers and lanes of a price.
const MOST_TIERS: usize = 8;
const MOST_LANES: usize = 16;
/// The longest name of a lane.
const LONGEST_LANE: usize = 32;

// === impl Price ===

impl Price {
    /// Nothing costs anything.
    pub const FREE: Self = Self {
        input: UnitPrice::ZERO,
        output: UnitPrice::ZERO,
        cache_read: None,
        cache_write_5m: None,
        cache_write_1h: None,
        terms: None,
    };

    /// What each bucket costs of a call with so much input.
    pub fn rates(&self, total_input: u64) -> Rates {
        let tiers = self.terms.as_deref().map_or(&[][..], |terms| &terms.tiers);
        let none = Tier::default();
        let tier = tiers.iter().rev().find(|tier| total_input > tier.above).unwrap_or(&none);
        let input = tier.input.unwrap_or(self.input);
        let write_5m = tier.cache_write_5m.or(self.cache_write_5m);
        Rates {
            above: tier.above,
            input,
            cache_read: tier.cache_read.or(self.cache_read).unwrap_or(input),
            cache_write_5m: write_5m.unwrap_or(input),
            cache_write_1h: tier
                .cache_write_1h
                .or(self.cache_write_1h)
                .or(write_5m)
                .unwrap_or(input),
            output: tier.output.unwrap_or(self.output),
        }
    }

    /// What everything is multiplied by in a lane; ×1 in one the price says nothing of.
    pub fn lane(&self, name: &str) -> Ppm {
        let lanes = self.terms.as_deref().map(|terms| &terms.lanes);
        lanes.and_then(|lanes| lanes.get(name)).copied().unwrap_or(Ppm::ONE)
    }
}

// === impl PriceTerms ===

impl PriceTerms {
    /// Whether nothing is said.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Refuses what makes no sense.
    pub fn check(&self) -> Result<(), PriceMistake> {
        if self.tiers.len() > MOST_TIERS || self.lanes.len() > MOST_LANES {
            return Err(PriceMistake::Many(MOST_TIERS, MOST_LANES));
        }
        let thresholds = self.tiers.iter().map(|tier| tier.above);
        let mut before = 0;
        for above in thresholds {
            if above <= before {
                return Err(PriceMistake::Order);
            }
            before = above;
        }
        let is_name = |name: &str| {
            (1..=LONGEST_LANE).contains(&name.len())
                && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')
        };
        match self.lanes.keys().find(|name| !is_name(name)) {
            Some(name) => Err(PriceMistake::Lane(name.clone())),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unit(text: &str) -> UnitPrice {
        text.parse().unwrap()
    }

    fn tiered() -> Price {
        let tier = Tier { above: 200_000, input: Some(unit("4")), ..Tier::default() };
        let terms = PriceTerms { tiers: vec![tier], ..PriceTerms::default() };
        Price {
            input: unit("2"),
            output: unit("10"),
            cache_read: Some(unit("0.2")),
            terms: Some(Box::new(terms)),
            ..Price::default()
        }
    }

    #[test]
    fn a_tier_begins_above_its_threshold_and_falls_back_on_what_is_below() {
        let price = tiered();
        let below = price.rates(200_000);
        assert_eq!((below.above, below.input, below.cache_write_1h), (0, unit("2"), unit("2")));
        let above = price.rates(200_001);
        assert_eq!((above.above, above.input), (200_000, unit("4")));
        assert_eq!((above.output, above.cache_read), (unit("10"), unit("0.2")));
        assert_eq!(above.cache_write_5m, unit("4"));
    }

    #[test]
    fn terms_that_make_no_sense_are_refused() {
        let tiers = |thresholds: &[u64]| PriceTerms {
            tiers: thresholds
                .iter()
                .map(|above| Tier { above: *above, ..Tier::default() })
                .collect(),
            ..PriceTerms::default()
        };
        assert_eq!(tiers(&[100, 200]).check(), Ok(()));
        for wrong in [&[0][..], &[200, 100], &[5, 5]] {
            assert_eq!(tiers(wrong).check(), Err(PriceMistake::Order), "{wrong:?}");
        }
        assert!(tiers(&[1, 2, 3, 4, 5, 6, 7, 8, 9]).check().is_err());
        let lanes = |name: &str| PriceTerms {
            lanes: BTreeMap::from([(name.to_owned(), Ppm::ONE)]),
            ..PriceTerms::default()
        };
        assert!(lanes("priority").check().is_ok() && lanes("").check().is_err());
        assert!(lanes("Fast Lane").check().is_err());
    }

    #[test]
    fn a_price_reads_back_and_old_ones_have_no_terms() {
        let price = tiered();
        let text = serde_json::to_string(&price).unwrap();
        assert_eq!(serde_json::from_str::<Price>(&text).unwrap(), price);
        let old: Price = serde_json::from_str(r#"{"input":"1","output":"2"}"#).unwrap();
        assert_eq!((old.terms.as_deref(), old.lane("priority")), (None, Ppm::ONE));
        assert!(serde_json::from_str::<PriceTerms>(r#"{"unknown":1}"#).is_err());
    }
}
