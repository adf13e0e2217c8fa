//! LiteLLM's `model_prices_and_context_window.json`: USD for one token, by model.

use std::collections::BTreeMap;

use realms_types::{Price, UnitPrice};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::{Offer, Reason, decimal::scaled};

/// From USD a token to nano-USD a million.
const PLACES: i32 = 15;
/// The entry that documents the others.
const SAMPLE: &str = "sample_spec";
/// What has no output to pay for.
const INPUT_ONLY: [&str; 3] = ["embedding", "rerank", "moderation"];

/// An entry; everything else in it is left alone.
#[derive(Deserialize)]
struct Entry<'a> {
    #[serde(default)]
    litellm_provider: Option<String>,
    #[serde(default)]
    mode: Option<String>,
    #[serde(borrow, default)]
    input_cost_per_token: Option<&'a RawValue>,
    #[serde(borrow, default)]
    output_cost_per_token: Option<&'a RawValue>,
    #[serde(borrow, default)]
    cache_read_input_token_cost: Option<&'a RawValue>,
    #[serde(borrow, default)]
    cache_creation_input_token_cost: Option<&'a RawValue>,
    #[serde(borrow, default)]
    cache_creation_input_token_cost_above_1hr: Option<&'a RawValue>,
}

pub(super) fn read(raw: &RawValue) -> Result<Vec<Offer>, serde_json::Error> {
    let entries: BTreeMap<String, &RawValue> = serde_json::from_str(raw.get())?;
    let entries = entries.into_iter().filter(|(name, _)| name != SAMPLE);
    Ok(entries.map(|(model, entry)| offer(model, entry)).collect())
}

fn offer(model: String, raw: &RawValue) -> Offer {
    let Ok(entry) = serde_json::from_str::<Entry<'_>>(raw.get()) else {
        return Offer { model, owner: None, price: Err(Reason::Unreadable) };
    };
    let owner = entry.litellm_provider.as_deref().map(owner_of);
    Offer { model, owner, price: entry.price() }
}

/// Who made it, by who sells it.
fn owner_of(provider: &str) -> String {
    let provider = provider.split(['-', '_']).next().unwrap_or(provider);
    let owner = match provider {
        "vertex" | "gemini" | "palm" => "google",
        "text" => "openai",
        other => other,
    };
    owner.chars().take(64).collect()
}

impl Entry<'_> {
    fn price(&self) -> Result<Price, Reason> {
        let unit = |raw: Option<&RawValue>| match raw.map(RawValue::get) {
            None | Some("null") => Ok(None),
            Some(json) => scaled(json, PLACES).map(Some),
        };
        let input_only = self.mode.as_deref().is_some_and(|mode| INPUT_ONLY.contains(&mode));
        let free_output = || input_only.then(UnitPrice::default);
        Ok(Price {
            input: unit(self.input_cost_per_token)?.ok_or(Reason::NoPrice("input"))?,
            output: unit(self.output_cost_per_token)?
                .or_else(free_output)
                .ok_or(Reason::NoPrice("output"))?,
            cache_read: unit(self.cache_read_input_token_cost)?,
            cache_write_5m: unit(self.cache_creation_input_token_cost)?,
            cache_write_1h: unit(self.cache_creation_input_token_cost_above_1hr)?,
        })
    }
}
