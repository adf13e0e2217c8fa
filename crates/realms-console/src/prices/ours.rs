//! Our own models as JSON: a list of them, alone or under `models`, `model` or `items`.

use realms_types::{Price, PriceTerms, UnitPrice};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::{Offer, Reason, decimal::scaled};

/// Prices are USD for a million already.
const PLACES: i32 = 9;

/// A list with its name around it: a manifest as JSON, or an answer of the admin API.
#[derive(Deserialize)]
struct Named<'a> {
    #[serde(borrow, alias = "model", alias = "items")]
    models: Vec<&'a RawValue>,
}

#[derive(Deserialize)]
struct Entry<'a> {
    #[serde(alias = "model")]
    name: String,
    #[serde(default)]
    owner: Option<String>,
    #[serde(borrow, default, alias = "input_usd")]
    input_usd_per_1m: Option<&'a RawValue>,
    #[serde(borrow, default, alias = "output_usd")]
    output_usd_per_1m: Option<&'a RawValue>,
    #[serde(borrow, default, alias = "cache_read_usd")]
    cache_read_usd_per_1m: Option<&'a RawValue>,
    #[serde(borrow, default, alias = "cache_write_5m_usd")]
    cache_write_5m_usd_per_1m: Option<&'a RawValue>,
    #[serde(borrow, default, alias = "cache_write_1h_usd")]
    cache_write_1h_usd_per_1m: Option<&'a RawValue>,
    #[serde(borrow, default)]
    price_terms: Option<&'a RawValue>,
}

/// Whether a text has this form and not LiteLLM's.
pub(super) fn is_ours(raw: &RawValue) -> bool {
    raw.get().trim_start().starts_with('[') || serde_json::from_str::<Named<'_>>(raw.get()).is_ok()
}

pub(super) fn read(raw: &RawValue) -> Result<Vec<Offer>, serde_json::Error> {
    let entries: Vec<&RawValue> = if raw.get().trim_start().starts_with('[') {
        serde_json::from_str(raw.get())?
    } else {
        serde_json::from_str::<Named<'_>>(raw.get())?.models
    };
    entries.into_iter().map(offer).collect()
}

fn offer(raw: &RawValue) -> Result<Offer, serde_json::Error> {
    let entry: Entry<'_> = serde_json::from_str(raw.get())?;
    let price = entry.price();
    Ok(Offer { model: entry.name, owner: entry.owner, price, note: None })
}

impl Entry<'_> {
    fn terms(&self) -> Result<Option<Box<PriceTerms>>, Reason> {
        let Some(raw) = self.price_terms.map(RawValue::get).filter(|raw| *raw != "null") else {
            return Ok(None);
        };
        let refused = || Reason::NotAPrice("price_terms".to_owned());
        let terms: PriceTerms = serde_json::from_str(raw).map_err(|_| refused())?;
        terms.check().map_err(|_| refused())?;
        Ok(Some(terms).filter(|terms| !terms.is_empty()).map(Box::new))
    }

    fn price(&self) -> Result<Price, Reason> {
        let unit = |raw: Option<&RawValue>| -> Result<Option<UnitPrice>, Reason> {
            match raw.map(RawValue::get) {
                None | Some("null" | "\"\"") => Ok(None),
                Some(json) => scaled(json, PLACES).map(Some),
            }
        };
        Ok(Price {
            input: unit(self.input_usd_per_1m)?.ok_or(Reason::NoPrice("input"))?,
            output: unit(self.output_usd_per_1m)?.ok_or(Reason::NoPrice("output"))?,
            cache_read: unit(self.cache_read_usd_per_1m)?,
            cache_write_5m: unit(self.cache_write_5m_usd_per_1m)?,
            cache_write_1h: unit(self.cache_write_1h_usd_per_1m)?,
            terms: self.terms()?,
        })
    }
}
