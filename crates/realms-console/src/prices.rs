//! Prices brought along from elsewhere: read, compared with what is there, and told before anything
//! is written. Pure.
//!
//! Three forms are read: our own models as JSON, those of Realms 0, and LiteLLM's
//! `model_prices_and_context_window.json`. Numbers are taken from the text they are written in; none is ever a float.

mod compared;
mod decimal;
mod guard;
mod litellm;
mod note;
mod ours;
mod realms_v0;
mod reason;
mod upkeep;

use std::collections::{BTreeMap, BTreeSet};

use realms_types::{Price, UnitPrice};
use serde_json::value::RawValue;

pub(crate) use self::{
    compared::{as_compared, compared, overtaken},
    note::Note,
    reason::Reason,
    upkeep::{Found, Policy, Taken, is_offered, merge, weigh},
};
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
    /// The models of Realms 0.
    RealmsV0,
}

/// The price of a model as a text offers it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Offer {
    /// What clients name.
    pub(crate) model: String,
    /// Who made it, where the text says so.
    pub(crate) owner: Option<String>,
    /// The price, or why there is none.
    pub(crate) price: Result<Price, Reason>,
    /// What is left out of it.
    pub(crate) note: Option<Note>,
}

/// What becomes of one model.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Row {
    pub(crate) model: String,
    pub(crate) state: RowState,
    pub(crate) before: Option<Price>,
    pub(crate) after: Option<Price>,
    /// Why it failed, or why it is not written.
    pub(crate) reason: Option<Reason>,
    /// How many times what it was, when that is suspiciously many or few.
    pub(crate) factor: Option<f64>,
    /// Whether it is to be written.
    pub(crate) written: bool,
    /// Whether the price that is there stays unless somebody names it.
    pub(crate) pinned: bool,
    /// What is left out of the price that is offered.
    pub(crate) note: Option<Note>,
    /// Who made it, where the text says so.
    pub(crate) owner: Option<String>,
}

/// What becomes of one model, in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RowState {
    Added,
    Changed,
    Unchanged,
    Failed,
}

/// A model that is there.
#[derive(Debug, Clone, Default)]
pub(crate) struct Known {
    pub(crate) price: Option<Price>,
    /// Whether its price stays whatever lists say.
    pub(crate) pinned: bool,
}

/// The models that are there.
pub(crate) type Present = BTreeMap<String, Known>;

/// Which offers are taken.
#[derive(Debug, Clone)]
pub(crate) enum Choice {
    /// Prices for models that have none; what is new, of a list short enough; what is named here.
    Usual {
        /// Taken whatever is there.
        overwrite: BTreeSet<String>,
    },
    /// What is named here and nothing else.
    Only(BTreeSet<String>),
}

/// Reads every offer in a text, by name, and tells its form.
pub(crate) fn read(text: &str, format: Format) -> Result<(Vec<Offer>, Format), ConsoleError> {
    let malformed = |error: serde_json::Error| {
        ConsoleError::Malformed(format!("the text is not JSON in a known form: {error}"))
    };
    let raw: &RawValue = serde_json::from_str(text).map_err(malformed)?;
    let format = if format == Format::Auto { told(raw) } else { format };
    let offers = match format {
        Format::RealmsV0 => realms_v0::read(raw),
        Format::Litellm => litellm::read(raw),
        Format::Realms | Format::Auto => ours::read(raw),
    };
    let mut offers = offers.map_err(malformed)?;
    offers.sort_by(|a, b| a.model.cmp(&b.model));
    offers.dedup_by(|a, b| a.model == b.model);
    Ok((offers, format))
}

/// The form of a text by its shape.
fn told(raw: &RawValue) -> Format {
    if realms_v0::is_v0(raw) {
        Format::RealmsV0
    } else if ours::is_ours(raw) {
        Format::Realms
    } else {
        Format::Litellm
    }
}

/// Compares every offer with what is there.
pub(crate) fn compare(offers: Vec<Offer>, present: &Present, choice: &Choice) -> Vec<Row> {
    let library = offers.len() > LIBRARY;
    let rows = offers.into_iter().map(|offer| {
        let known = present.get(&offer.model);
        let mut row = Row::of(offer, known);
        row.choose(choice, library);
        row
    });
    rows.collect()
}

// === impl Format ===

impl Format {
    /// The word in JSON.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Realms => "realms",
            Self::Litellm => "litellm",
            Self::RealmsV0 => "realms_v0",
        }
    }
}

// === impl Row ===

impl Row {
    fn of(offer: Offer, known: Option<&Known>) -> Self {
        let Offer { model, owner, price, note } = offer;
        let before = known.and_then(|known| known.price.clone());
        let pinned = known.is_some_and(|known| known.pinned);
        let (after, reason) = match price {
            _ if !is_name(&model) => (None, Some(Reason::NotAName)),
            Ok(price) => (Some(price), None),
            Err(reason) => (None, Some(reason)),
        };
        let state = match (&after, known) {
            (None, _) => RowState::Failed,
            (Some(_), None) => RowState::Added,
            (Some(_), Some(_)) if after == before => RowState::Unchanged,
            (Some(_), Some(_)) => RowState::Changed,
        };
        let factor = before.as_ref().zip(after.as_ref()).and_then(|(b, a)| factor(b, a));
        Self { model, state, before, after, reason, factor, written: false, pinned, note, owner }
    }

    /// Decides whether it is written.
    fn choose(&mut self, choice: &Choice, library: bool) {
        if !matches!(self.state, RowState::Added | RowState::Changed) {
            return;
        }
        self.reason = match choice {
            Choice::Only(names) => {
                self.written = names.contains(&self.model);
                return;
            }
            Choice::Usual { overwrite } if overwrite.contains(&self.model) => None,
            Choice::Usual { .. } if self.pinned => Some(Reason::Pinned),
            Choice::Usual { .. } if self.before.is_some() => Some(Reason::Kept),
            Choice::Usual { .. } if self.note.is_some() => Some(Reason::Partial),
            Choice::Usual { .. } if self.state == RowState::Added && library => {
                Some(Reason::Library)
            }
            Choice::Usual { .. } => None,
        };
        self.written = self.reason.is_none();
    }

    /// The model as a manifest says it; `None` when nothing is written.
    pub(crate) fn change(&self) -> Option<Model> {
        let price = self.after.as_ref().filter(|_| self.written)?;
        let added = self.state == RowState::Added;
        let owner = self.owner.clone().filter(|_| added);
        Some(Model { owner, ..priced(&self.model, price) })
    }
}

/// A model of which nothing is said but its price, which comes from a list: no pin holds it.
pub(crate) fn priced(model: &str, price: &Price) -> Model {
    let slot = |price: Option<UnitPrice>| Some(Slot::from(price));
    Model {
        input_usd_per_1m: slot(Some(price.input)),
        output_usd_per_1m: slot(Some(price.output)),
        cache_read_usd_per_1m: slot(price.cache_read),
        cache_write_5m_usd_per_1m: slot(price.cache_write_5m),
        cache_write_1h_usd_per_1m: slot(price.cache_write_1h),
        price_pinned: Some(false),
        price_terms: Some(price.terms.as_deref().cloned().unwrap_or_default()),
        ..Model::named(model.to_owned())
    }
}

fn is_name(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= 255
        && !text.chars().any(|c| c.is_whitespace() || c.is_control())
}

/// The greatest change of one price, as a ratio of what is to what was.
pub(crate) fn factor(before: &Price, after: &Price) -> Option<f64> {
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
