//! LiteLLM's `model_prices_and_context_window.json`: USD for one token, by model.

use std::collections::BTreeMap;

use realms_types::{PiecePrice, Ppm, Price, PriceTerms, Tier, UnitPrice};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::{Offer, Reason, decimal::scaled};

/// From USD a token to nano-USD a million.
const PLACES: i32 = 15;
/// From USD for one to nano-USD for one.
const PIECE_PLACES: i32 = 9;
/// The entry that documents the others.
const SAMPLE: &str = "sample_spec";
/// What has no output to pay for.
const INPUT_ONLY: [&str; 3] = ["embedding", "rerank", "moderation"];
/// What makes images and nothing else.
const DRAWING: [&str; 2] = ["image_generation", "image_edit"];

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
    #[serde(borrow, default)]
    output_cost_per_reasoning_token: Option<&'a RawValue>,
    #[serde(borrow, default)]
    input_cost_per_audio_token: Option<&'a RawValue>,
    #[serde(borrow, default)]
    output_cost_per_audio_token: Option<&'a RawValue>,
    #[serde(borrow, default)]
    input_cost_per_image_token: Option<&'a RawValue>,
    #[serde(borrow, default)]
    output_cost_per_image_token: Option<&'a RawValue>,
    /// Of an image that is seen; where nothing but images is made, some lists say here what one costs.
    #[serde(borrow, default)]
    input_cost_per_image: Option<&'a RawValue>,
    #[serde(borrow, default)]
    output_cost_per_image: Option<&'a RawValue>,
    #[serde(borrow, default)]
    input_cost_per_token_above_128k_tokens: Option<&'a RawValue>,
    #[serde(borrow, default)]
    output_cost_per_token_above_128k_tokens: Option<&'a RawValue>,
    #[serde(borrow, default)]
    input_cost_per_token_above_200k_tokens: Option<&'a RawValue>,
    #[serde(borrow, default)]
    output_cost_per_token_above_200k_tokens: Option<&'a RawValue>,
    #[serde(borrow, default)]
    cache_read_input_token_cost_above_200k_tokens: Option<&'a RawValue>,
    #[serde(borrow, default)]
    cache_creation_input_token_cost_above_200k_tokens: Option<&'a RawValue>,
    #[serde(borrow, default)]
    input_cost_per_token_priority: Option<&'a RawValue>,
    #[serde(borrow, default)]
    output_cost_per_token_priority: Option<&'a RawValue>,
    #[serde(borrow, default)]
    input_cost_per_token_flex: Option<&'a RawValue>,
    #[serde(borrow, default)]
    output_cost_per_token_flex: Option<&'a RawValue>,
}

pub(super) fn read(raw: &RawValue) -> Result<Vec<Offer>, serde_json::Error> {
    let entries: BTreeMap<String, &RawValue> = serde_json::from_str(raw.get())?;
    let entries = entries.into_iter().filter(|(name, _)| name != SAMPLE);
    Ok(entries.map(|(model, entry)| offer(model, entry)).collect())
}

/// One entry.
pub(super) fn offer(model: String, raw: &RawValue) -> Offer {
    let Ok(entry) = serde_json::from_str::<Entry<'_>>(raw.get()) else {
        return Offer { model, owner: None, price: Err(Reason::Unreadable), note: None };
    };
    let owner = entry.litellm_provider.as_deref().map(owner_of);
    Offer { model, owner, price: entry.price(), note: None }
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

fn unit(raw: Option<&RawValue>) -> Result<Option<UnitPrice>, Reason> {
    match raw.map(RawValue::get) {
        None | Some("null") => Ok(None),
        Some(json) => scaled(json, PLACES).map(Some),
    }
}

/// What one costs; nothing is none.
fn piece(raw: Option<&RawValue>) -> Result<Option<PiecePrice>, Reason> {
    let Some(json) = raw.map(RawValue::get).filter(|json| *json != "null") else {
        return Ok(None);
    };
    let nano = scaled(json, PIECE_PLACES)?.nano();
    Ok(PiecePrice::from_nano(nano).filter(|price| price.nano() > 0))
}

/// The factor of a lane whose prices are given: the dearer of its two, where both are multiples of the
/// usual price by a factor that can be said.
fn factor(usual: [UnitPrice; 2], lane: [Option<UnitPrice>; 2]) -> Option<Ppm> {
    let ratio = |usual: UnitPrice, lane: Option<UnitPrice>| {
        let exact = i128::from(lane?.nano()) * i128::from(Ppm::ONE.parts());
        let parts = exact.checked_div(i128::from(usual.nano()))?;
        Ppm::from_parts(i64::try_from(parts).ok()?)
    };
    let [input, output] = [ratio(usual[0], lane[0]), ratio(usual[1], lane[1])];
    input.max(output)
}

impl Entry<'_> {
    /// What few models have. Prices of above 128k tokens give way to those of above 200k, where a list has
    /// both.
    fn terms(&self, input: UnitPrice, output: UnitPrice) -> Result<PriceTerms, Reason> {
        let shorter = Tier {
            above: 128_000,
            input: unit(self.input_cost_per_token_above_128k_tokens)?,
            output: unit(self.output_cost_per_token_above_128k_tokens)?,
            ..Tier::default()
        };
        let longer = Tier {
            above: 200_000,
            input: unit(self.input_cost_per_token_above_200k_tokens)?,
            output: unit(self.output_cost_per_token_above_200k_tokens)?,
            cache_read: unit(self.cache_read_input_token_cost_above_200k_tokens)?,
            cache_write_5m: unit(self.cache_creation_input_token_cost_above_200k_tokens)?,
            cache_write_1h: None,
        };
        let says = |tier: &Tier| *tier != Tier { above: tier.above, ..Tier::default() };
        let lanes = [
            ("priority", self.input_cost_per_token_priority, self.output_cost_per_token_priority),
            ("flex", self.input_cost_per_token_flex, self.output_cost_per_token_flex),
        ];
        let mut terms = PriceTerms {
            reasoning: unit(self.output_cost_per_reasoning_token)?.filter(|own| *own != output),
            audio_input: unit(self.input_cost_per_audio_token)?.filter(|own| *own != input),
            audio_output: unit(self.output_cost_per_audio_token)?.filter(|own| *own != output),
            image_input: unit(self.input_cost_per_image_token)?.filter(|own| *own != input),
            image_output: unit(self.output_cost_per_image_token)?.filter(|own| *own != output),
            image: self.image()?,
            tiers: [shorter, longer].into_iter().filter(says).collect(),
            ..PriceTerms::default()
        };
        for (name, own_input, own_output) in lanes {
            let own = [unit(own_input)?, unit(own_output)?];
            if let Some(factor) = factor([input, output], own) {
                terms.lanes.insert(name.to_owned(), factor);
            }
        }
        Ok(terms)
    }

    fn is_one_of(&self, modes: &[&str]) -> bool {
        self.mode.as_deref().is_some_and(|mode| modes.contains(&mode))
    }

    /// What an image costs by the piece: only where its tokens cost nothing, since lists that say both mean
    /// one image twice.
    fn image(&self) -> Result<Option<PiecePrice>, Reason> {
        let tokens = [self.output_cost_per_token, self.output_cost_per_image_token];
        for price in tokens {
            if unit(price)?.is_some_and(|price| price != UnitPrice::ZERO) {
                return Ok(None);
            }
        }
        let made = piece(self.output_cost_per_image)?;
        if made.is_some() || !self.is_one_of(&DRAWING) {
            return Ok(made);
        }
        piece(self.input_cost_per_image)
    }

    fn price(&self) -> Result<Price, Reason> {
        let is_by_piece = self.image()?.is_some();
        let is_free = |is: bool| move || is.then(UnitPrice::default);
        let input = unit(self.input_cost_per_token)?
            .or_else(is_free(is_by_piece))
            .ok_or(Reason::NoPrice("input"))?;
        // What makes nothing but images may have no other price of output than theirs.
        let output = unit(self.output_cost_per_token)?
            .or(unit(self.output_cost_per_image_token)?)
            .or_else(is_free(is_by_piece || self.is_one_of(&INPUT_ONLY)))
            .ok_or(Reason::NoPrice("output"))?;
        let terms = self.terms(input, output)?;
        Ok(Price {
            input,
            output,
            cache_read: unit(self.cache_read_input_token_cost)?,
            cache_write_5m: unit(self.cache_creation_input_token_cost)?,
            cache_write_1h: unit(self.cache_creation_input_token_cost_above_1hr)?,
            terms: Some(terms).filter(|terms| !terms.is_empty()).map(Box::new),
        })
    }
}
