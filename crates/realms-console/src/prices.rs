//! Prices brought along from elsewhere: read, compared with what is there, and told before anything
//! is written. Pure.
//!
//! Two forms are read: our own models as JSON, and LiteLLM's `model_prices_and_context_window.json`.
//! Numbers are taken from the text they are written in; none is ever a float.

mod decimal;
mod litellm;
mod ours;

use std::collections::BTreeMap;

use realms_types::{Price, UnitPrice};
use serde_json::value::RawValue;

use crate::{
    ConsoleError,
    manifest::{Model, Slot},
};

/// The most that is read.
pub(crate) const MOST: usize = 8 << 20;
/// A list longer than this is a library: what is new in it is not wanted unasked.
const LIBRARY: usize = 200;
/// A price that changes by more than this is worth a second look.
const SUSPICIOUS: i64 = 10;

/// The form of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Format {
    /// Told by its shape.
    #[default]
    Auto,
    /// Our own models.
    Realms,
    /// LiteLLM's list.
    Litellm,
}

/// The price of a model as a text offers it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Offer {
    /// What clients name.
    pub(crate) model: String,
    /// Who made it, where the text says so.
    pub(crate) owner: Option<String>,
    /// The price, or why there is none.
    pub(crate) price: Result<Price, String>,
}

/// What becomes of one model.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Row {
    pub(crate) model: String,
    pub(crate) state: RowState,
    pub(crate) before: Option<Price>,
    pub(crate) after: Option<Price>,
    /// Why it failed, or why the price that is there stays.
    pub(crate) reason: Option<String>,
    /// How many times what it was, when that is suspiciously many or few.
    pub(crate) factor: Option<f64>,
    /// Whether it is to be written.
    pub(crate) written: bool,
    owner: Option<String>,
}

/// What becomes of one model, in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RowState {
    Added,
    Changed,
    Unchanged,
    Failed,
}

/// The models that are there, with their prices.
pub(crate) type Present = BTreeMap<String, Option<Price>>;

/// Reads every offer in a text, by name.
pub(crate) fn read(text: &str, format: Format) -> Result<Vec<Offer>, ConsoleError> {
    let malformed = |error: serde_json::Error| {
        ConsoleError::Malformed(format!("the text is not JSON in a known form: {error}"))
    };
    let raw: &RawValue = serde_json::from_str(text).map_err(malformed)?;
    let ours = match format {
        Format::Realms => true,
        Format::Litellm => false,
        Format::Auto => ours::is_ours(raw),
    };
    let mut offers = if ours { ours::read(raw) } else { litellm::read(raw) }.map_err(malformed)?;
    offers.sort_by(|a, b| a.model.cmp(&b.model));
    offers.dedup_by(|a, b| a.model == b.model);
    Ok(offers)
}

/// Compares offers with what is there. A price that is there stays unless its model is named in
/// `overwrite`. What is new is added, but of a whole library only what is named.
pub(crate) fn compare(offers: Vec<Offer>, present: &Present, overwrite: &[String]) -> Vec<Row> {
    let library = offers.len() > LIBRARY;
    let named = |model: &str| overwrite.iter().any(|name| name == model);
    let wanted =
        |offer: &Offer| !library || present.contains_key(&offer.model) || named(&offer.model);
    let offers = offers.into_iter().filter(wanted);
    offers
        .map(|offer| {
            let known = present.get(&offer.model);
            let named = named(&offer.model);
            Row::of(offer, known, named)
        })
        .collect()
}

// === impl Row ===

impl Row {
    fn of(offer: Offer, known: Option<&Option<Price>>, named: bool) -> Self {
        let Offer { model, owner, price } = offer;
        let before = known.cloned().flatten();
        let failed = match (&price, name_fault(&model)) {
            (_, Some(reason)) => Some(reason.to_owned()),
            (Err(reason), None) => Some(reason.clone()),
            (Ok(_), None) => None,
        };
        let after = price.ok().filter(|_| failed.is_none());
        let (state, reason) = match (&after, known, &before) {
            (None, ..) => (RowState::Failed, failed),
            (Some(_), None, _) => (RowState::Added, None),
            (Some(after), Some(_), Some(before)) if after == before => (RowState::Unchanged, None),
            (Some(_), Some(_), Some(_)) if !named => (
                RowState::Changed,
                Some("the price that is there stays: name the model in `overwrite`".to_owned()),
            ),
            (Some(_), Some(_), _) => (RowState::Changed, None),
        };
        let written = matches!(state, RowState::Added | RowState::Changed) && reason.is_none();
        let factor = before.as_ref().zip(after.as_ref()).and_then(|(b, a)| factor(b, a));
        Self { model, state, before, after, reason, factor, written, owner }
    }

    /// The model as a manifest says it; `None` when nothing is written.
    pub(crate) fn change(&self) -> Option<Model> {
        let price = self.after.as_ref().filter(|_| self.written)?;
        let slot = |price: Option<UnitPrice>| Some(Slot::from(price));
        let added = self.state == RowState::Added;
        Some(Model {
            owner: self.owner.clone().filter(|_| added),
            input_usd_per_1m: slot(Some(price.input)),
            output_usd_per_1m: slot(Some(price.output)),
            cache_read_usd_per_1m: slot(price.cache_read),
            cache_write_5m_usd_per_1m: slot(price.cache_write_5m),
            cache_write_1h_usd_per_1m: slot(price.cache_write_1h),
            ..Model::named(self.model.clone())
        })
    }
}

fn name_fault(name: &str) -> Option<&'static str> {
    let sound = !name.is_empty()
        && name.len() <= 255
        && !name.chars().any(|c| c.is_whitespace() || c.is_control());
    (!sound).then_some("this is not the name of a model")
}

/// The greatest change of one price, as a ratio of what is to what was.
fn factor(before: &Price, after: &Price) -> Option<f64> {
    let pairs = [
        (Some(before.input), Some(after.input)),
        (Some(before.output), Some(after.output)),
        (before.cache_read, after.cache_read),
        (before.cache_write_5m, after.cache_write_5m),
        (before.cache_write_1h, after.cache_write_1h),
    ];
    let changes = pairs.into_iter().filter_map(|(before, after)| {
        let (before, after) = (before?.nano(), after?.nano());
        let (more, less) = (before.max(after), before.min(after));
        (less > 0 && more / SUSPICIOUS > less).then(|| (more / less, before, after))
    });
    changes.max_by_key(|(times, ..)| *times).map(|(_, before, after)| ratio(before, after))
}

/// For a person to look at; no amount is ever made from it.
#[expect(clippy::cast_precision_loss, reason = "two digits of it are shown")]
fn ratio(before: i64, after: i64) -> f64 {
    let ratio = after as f64 / before as f64;
    if ratio >= 1.0 { (ratio * 10.0).round() / 10.0 } else { (ratio * 10_000.0).round() / 10_000.0 }
}

// === impl RowState ===

impl RowState {
    /// The word in JSON.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Changed => "changed",
            Self::Unchanged => "unchanged",
            Self::Failed => "failed",
        }
    }
}

#[cfg(test)]
mod tests;
