//! What a channel pays its vendor for a model, as a manifest describes it.

use realms_types::{Price, PriceTerms, UnitPrice};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What the channel's vendor is paid for a model, in place of `cost_multiplier`: in USD as decimal strings, for a
/// million LLM tokens. `{}`: no price of its own.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = BindingCost)]
pub struct Cost {
    /// Fresh input. Given together with the output price.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, example = "0.75")]
    pub input_usd_per_1m: Option<UnitPrice>,
    /// Output.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, example = "6")]
    pub output_usd_per_1m: Option<UnitPrice>,
    /// Input read from a cache. Default: as fresh input.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub cache_read_usd_per_1m: Option<UnitPrice>,
    /// Input written to a cache for 5 minutes. Default: as fresh input.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub cache_write_5m_usd_per_1m: Option<UnitPrice>,
    /// Input written to a cache for an hour. Default: as fresh input.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub cache_write_1h_usd_per_1m: Option<UnitPrice>,
    /// What of a price few models have, as in `price_terms` of a model.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<PriceTerms>)]
    pub price_terms: Option<PriceTerms>,
}

// === impl Cost ===

impl Cost {
    /// Whether there is no price of its own.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Whether a field has nothing to write: it is left out, or there is no price.
    #[expect(clippy::ref_option, reason = "the signature serde asks for")]
    pub(super) fn is_silent(cost: &Option<Self>) -> bool {
        cost.as_ref().is_none_or(Self::is_empty)
    }

    /// What is wrong with it.
    pub(crate) fn mistake(&self) -> Option<String> {
        if self.is_empty() {
            return None;
        }
        if self.input_usd_per_1m.is_none() || self.output_usd_per_1m.is_none() {
            return Some("it needs both input_usd_per_1m and output_usd_per_1m".to_owned());
        }
        let mistake = self.price_terms.as_ref()?.check().err()?;
        Some(format!("price_terms: {mistake}"))
    }

    /// The price; `None` where there is none of its own.
    pub(crate) fn price(&self) -> Option<Price> {
        let terms = self.price_terms.clone().filter(|terms| !terms.is_empty());
        Some(Price {
            input: self.input_usd_per_1m?,
            output: self.output_usd_per_1m?,
            cache_read: self.cache_read_usd_per_1m,
            cache_write_5m: self.cache_write_5m_usd_per_1m,
            cache_write_1h: self.cache_write_1h_usd_per_1m,
            terms: terms.map(Box::new),
        })
    }

    /// As it is compared and shown, in one line; nothing where there is no price.
    pub(crate) fn to_line(&self) -> Option<String> {
        serde_json::to_string(&Self::from(Some(&self.price()?))).ok()
    }
}

impl From<Option<&Price>> for Cost {
    fn from(price: Option<&Price>) -> Self {
        let Some(price) = price else { return Self::default() };
        Self {
            input_usd_per_1m: Some(price.input),
            output_usd_per_1m: Some(price.output),
            cache_read_usd_per_1m: price.cache_read,
            cache_write_5m_usd_per_1m: price.cache_write_5m,
            cache_write_1h_usd_per_1m: price.cache_write_1h,
            price_terms: price.terms.as_deref().cloned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Cost {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn a_price_goes_there_and_back() {
        let cost = read(
            r#"{"input_usd_per_1m":"0.75","output_usd_per_1m":"6","price_terms":{"request":"0.001"}}"#,
        );
        assert_eq!(cost.mistake(), None);
        let price = cost.price().unwrap();
        assert_eq!(Cost::from(Some(&price)), cost);
        assert_eq!((price.input.to_string(), price.cache_read), ("0.75".to_owned(), None));
        let none = read("{}");
        assert_eq!((none.price(), none.mistake(), none.to_line()), (None, None, None));
        assert_eq!(Cost::from(None), none);
    }

    #[test]
    fn half_a_price_and_terms_that_make_no_sense_are_mistakes() {
        for (text, part) in [
            (r#"{"input_usd_per_1m":"1"}"#, "both input_usd_per_1m and output_usd_per_1m"),
            (r#"{"cache_read_usd_per_1m":"1"}"#, "both"),
            (
                r#"{"input_usd_per_1m":"1","output_usd_per_1m":"1","price_terms":{"tiers":[{"above":0}]}}"#,
                "price_terms: tiers",
            ),
        ] {
            let mistake = read(text).mistake().unwrap();
            assert!(mistake.contains(part), "{mistake}");
        }
        assert!(serde_json::from_str::<Cost>(r#"{"input_usd_per_1m":"-1"}"#).is_err());
        assert!(serde_json::from_str::<Cost>(r#"{"input":"1"}"#).is_err());
    }
}
