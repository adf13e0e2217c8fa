//! The models of Realms 0: an object by name, or a list. Prices are USD for a million LLM tokens, or for
//! one, as LiteLLM names them.
//!
//! Cached output has a price of its own there, and none here: no vendor reports any.

use std::collections::BTreeMap;

use realms_types::{Ppm, Price, Tier, UnitPrice};
use serde::{Deserialize, de::Error as _};
use serde_json::value::RawValue;

use super::{Note, Offer, Reason, decimal::scaled, litellm};

/// From USD a million to nano-USD a million.
const PLACES: i32 = 9;
/// From USD a token to nano-USD a million.
const TOKEN_PLACES: i32 = 15;
/// The lane of what costs more to be served first.
const PRIORITY: &str = "priority";
/// Long prompts that vendors serve in the standard lane, whatever was asked for.
const FORCE_STANDARD: &str = "force_standard";
/// What long prices are of.
const FULL_REQUEST: &str = "full_request";
/// A part that costs nothing either way.
const FREE: (UnitPrice, UnitPrice) = (UnitPrice::ZERO, UnitPrice::ZERO);

/// Fields that no other form has.
const MARKS: [&str; 7] = [
    "public_id",
    "cache_input_usd_per_1m",
    "priority_pricing_enabled",
    "priority_input_usd_per_1m",
    "high_context_pricing",
    "cache_read_input_cost_per_token",
    "cache_read_cost_per_token",
];
/// Fields that, in an object by name, no other form has: LiteLLM's prices are for a token.
const MARKS_BY_NAME: [&str; 1] = ["input_usd_per_1m"];
/// Fields that, in a list, no other form has: LiteLLM's is an object by name.
const MARKS_IN_LIST: [&str; 2] = ["model_name", "input_cost_per_token"];

/// What an entry of a list may be called by, the first that is a text.
#[derive(Deserialize)]
struct Names<'a> {
    #[serde(borrow, default)]
    public_id: Option<&'a RawValue>,
    #[serde(borrow, default)]
    model: Option<&'a RawValue>,
    #[serde(borrow, default)]
    id: Option<&'a RawValue>,
    #[serde(borrow, default)]
    name: Option<&'a RawValue>,
    #[serde(borrow, default)]
    model_name: Option<&'a RawValue>,
}

/// An entry; everything else in it is left alone.
#[derive(Deserialize)]
struct Entry<'a> {
    #[serde(default)]
    owned_by: Option<String>,
    #[serde(borrow, default)]
    input_usd_per_1m: Option<&'a RawValue>,
    #[serde(borrow, default)]
    output_usd_per_1m: Option<&'a RawValue>,
    #[serde(borrow, default)]
    cache_input_usd_per_1m: Option<&'a RawValue>,
    #[serde(borrow, default)]
    cache_read_input_cost_per_token: Option<&'a RawValue>,
    #[serde(borrow, default)]
    cache_read_cost_per_token: Option<&'a RawValue>,
    #[serde(default)]
    priority_pricing_enabled: Option<bool>,
    #[serde(borrow, default)]
    priority_input_usd_per_1m: Option<&'a RawValue>,
    #[serde(borrow, default)]
    priority_output_usd_per_1m: Option<&'a RawValue>,
    #[serde(borrow, default)]
    priority_cache_input_usd_per_1m: Option<&'a RawValue>,
    #[serde(borrow, default)]
    high_context_pricing: Option<Long<'a>>,
}

/// What calls cost whose input is longer than a threshold.
#[derive(Deserialize)]
struct Long<'a> {
    threshold_input_tokens: u64,
    #[serde(default)]
    applies_to: Option<String>,
    #[serde(default)]
    service_tier_policy: Option<String>,
    #[serde(borrow, default)]
    input_usd_per_1m: Option<&'a RawValue>,
    #[serde(borrow, default)]
    output_usd_per_1m: Option<&'a RawValue>,
    #[serde(borrow, default)]
    cache_input_usd_per_1m: Option<&'a RawValue>,
}

/// Whether a text has this form: one of its entries says what no other form does.
pub(super) fn is_v0(raw: &RawValue) -> bool {
    if is_list(raw) {
        let entries: Vec<&RawValue> = serde_json::from_str(raw.get()).unwrap_or_default();
        return entries.into_iter().any(|entry| has_any(entry, &MARKS_IN_LIST));
    }
    let entries: BTreeMap<String, &RawValue> = serde_json::from_str(raw.get()).unwrap_or_default();
    entries.into_values().any(|entry| has_any(entry, &MARKS_BY_NAME))
}

/// Reads every entry. One of a list must say what it is called.
pub(super) fn read(raw: &RawValue) -> Result<Vec<Offer>, serde_json::Error> {
    if is_list(raw) {
        let entries: Vec<&RawValue> = serde_json::from_str(raw.get())?;
        return entries.into_iter().map(listed).collect();
    }
    let entries: BTreeMap<String, &RawValue> = serde_json::from_str(raw.get())?;
    Ok(entries.into_iter().map(|(model, entry)| offer(model, entry)).collect())
}

fn is_list(raw: &RawValue) -> bool {
    raw.get().trim_start().starts_with('[')
}

fn has_any(entry: &RawValue, marks: &[&'static str]) -> bool {
    let fields: BTreeMap<String, &RawValue> = serde_json::from_str(entry.get()).unwrap_or_default();
    MARKS.iter().chain(marks).any(|mark| fields.contains_key(*mark))
}

fn listed(raw: &RawValue) -> Result<Offer, serde_json::Error> {
    let names: Names<'_> = serde_json::from_str(raw.get())?;
    let nameless = || serde_json::Error::custom("an entry of the list says no `public_id`");
    Ok(offer(names.first().ok_or_else(nameless)?, raw))
}

fn offer(model: String, raw: &RawValue) -> Offer {
    let Ok(entry) = serde_json::from_str::<Entry<'_>>(raw.get()) else {
        return Offer { model, owner: None, price: Err(Reason::Unreadable), note: None };
    };
    let Offer { model, owner, price: by_token, .. } = litellm::offer(model, raw);
    let usual = if entry.input_usd_per_1m.is_some() || entry.output_usd_per_1m.is_some() {
        entry.by_million()
    } else {
        by_token.and_then(|price| entry.with_cache(price))
    };
    let owner = entry.owned_by.clone().filter(|owner| !owner.is_empty()).or(owner);
    match usual.and_then(|price| entry.whole(&price)) {
        Ok((price, note)) => Offer { model, owner, price: Ok(price), note },
        Err(reason) => Offer { model, owner, price: Err(reason), note: None },
    }
}

fn unit(raw: Option<&RawValue>, places: i32) -> Result<Option<UnitPrice>, Reason> {
    match raw.map(RawValue::get) {
        None | Some("null" | "\"\"") => Ok(None),
        Some(json) => scaled(json, places).map(Some),
    }
}

/// The one factor that makes the usual prices into others, to a millionth; `None` where there is none.
fn factor(prices: &[(UnitPrice, UnitPrice)]) -> Option<Ppm> {
    let told = prices.iter().filter(|(usual, other)| (*usual, *other) != FREE);
    let parts = told.map(|(usual, other)| {
        let exact = i128::from(other.nano()) * i128::from(Ppm::ONE.parts());
        exact.checked_div(i128::from(usual.nano()))
    });
    let parts: Vec<i128> = parts.collect::<Option<_>>()?;
    let Some((least, most)) = parts.iter().min().zip(parts.iter().max()) else {
        return Some(Ppm::ONE);
    };
    let is_one = most - least <= 1;
    i64::try_from(*most).ok().filter(|_| is_one).and_then(Ppm::from_parts)
}

// === impl Names ===

impl Names<'_> {
    fn first(&self) -> Option<String> {
        let text = |raw: &RawValue| serde_json::from_str::<String>(raw.get()).ok();
        let names = [self.public_id, self.model, self.id, self.name, self.model_name];
        let mut texts = names.into_iter().flatten().filter_map(text);
        texts.find(|name| !name.trim().is_empty()).map(|name| name.trim().to_owned())
    }
}

// === impl Entry ===

impl Entry<'_> {
    /// The usual price, where it is for a million LLM tokens.
    fn by_million(&self) -> Result<Price, Reason> {
        Ok(Price {
            input: unit(self.input_usd_per_1m, PLACES)?.ok_or(Reason::NoPrice("input"))?,
            output: unit(self.output_usd_per_1m, PLACES)?.ok_or(Reason::NoPrice("output"))?,
            cache_read: unit(self.cache_input_usd_per_1m, PLACES)?,
            ..Price::default()
        })
    }

    /// The usual price, where it is for one, with what is read from a cache under the names it has here.
    fn with_cache(&self, price: Price) -> Result<Price, Reason> {
        let own = unit(self.cache_read_input_cost_per_token, TOKEN_PLACES)?;
        let own = own.or(unit(self.cache_read_cost_per_token, TOKEN_PLACES)?);
        Ok(Price { cache_read: price.cache_read.or(own), ..price })
    }

    /// The price with its lane and its tier.
    fn whole(&self, usual: &Price) -> Result<(Price, Option<Note>), Reason> {
        let mut terms = usual.terms.as_deref().cloned().unwrap_or_default();
        let mut note = None;
        let long = self.high_context_pricing.as_ref();
        if let Some(prices) = self.priority(usual)? {
            match factor(&prices) {
                None => note = Some(Note::PriorityUneven),
                Some(_) if long.is_some_and(|long| !long.is_standard()) => {
                    note = Some(Note::PriorityLong);
                }
                Some(factor) if factor == Ppm::ONE => {}
                Some(factor) => {
                    terms.lanes.insert(PRIORITY.to_owned(), factor);
                }
            }
        }
        if let Some(long) = long {
            terms.tiers = vec![long.tier()?];
        }
        let terms = Some(terms).filter(|terms| !terms.is_empty()).map(Box::new);
        Ok((Price { terms, ..usual.clone() }, note))
    }

    /// What each part costs as usual and with priority, twice as much unless it is said; `None` where there is
    /// no priority.
    fn priority(&self, usual: &Price) -> Result<Option<[(UnitPrice, UnitPrice); 3]>, Reason> {
        let own = [
            unit(self.priority_input_usd_per_1m, PLACES)?,
            unit(self.priority_output_usd_per_1m, PLACES)?,
            unit(self.priority_cache_input_usd_per_1m, PLACES)?,
        ];
        if !self.priority_pricing_enabled.unwrap_or(own[0].is_some() || own[1].is_some()) {
            return Ok(None);
        }
        let read = usual.cache_read.unwrap_or(usual.input);
        let [input, output, cached] = own;
        let pair = |usual: UnitPrice, own: Option<UnitPrice>| {
            let twice = || usual.nano().checked_mul(2).and_then(UnitPrice::from_nano);
            let other = own.or_else(twice);
            other.map(|other| (usual, other)).ok_or(Reason::NoPrice("priority"))
        };
        Ok(Some([pair(usual.input, input)?, pair(usual.output, output)?, pair(read, cached)?]))
    }
}

// === impl Long ===

impl Long<'_> {
    /// Whether vendors serve such calls in the standard lane and say so: then no other lane is charged.
    fn is_standard(&self) -> bool {
        self.service_tier_policy.as_deref() == Some(FORCE_STANDARD)
    }

    fn tier(&self) -> Result<Tier, Reason> {
        let is_whole = matches!(self.applies_to.as_deref(), None | Some("" | FULL_REQUEST));
        if !is_whole || self.threshold_input_tokens == 0 {
            return Err(Reason::Unreadable);
        }
        let missing = Reason::NoPrice("long prompts");
        Ok(Tier {
            above: self.threshold_input_tokens,
            input: Some(unit(self.input_usd_per_1m, PLACES)?.ok_or(missing.clone())?),
            output: Some(unit(self.output_usd_per_1m, PLACES)?.ok_or(missing)?),
            cache_read: unit(self.cache_input_usd_per_1m, PLACES)?,
            ..Tier::default()
        })
    }
}

#[cfg(test)]
mod tests;
