//! Prices brought along from elsewhere: first shown, then written.

use std::collections::BTreeSet;

use axum::{Json, extract::State};
use realms_store::PriceSource;
use realms_types::{PriceTerms, UnitPrice};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Console, body::Large, caller::Caller, problem::Problems};
use crate::{
    ConsoleError, Edit,
    manifest::Manifest,
    prices::{self, Choice, Format, Present, Reason, Row},
    words,
};

/// Prices to bring along.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ImportRequest {
    /// JSON: our own models, or LiteLLM's `model_prices_and_context_window.json`; at most 8 MiB.
    text: String,
    /// `realms`, `litellm`, or `auto`: told by its shape.
    #[serde(default)]
    format: ImportFormat,
    /// Only tell what would be done.
    dry_run: bool,
    /// The models whose present price is to be replaced. Of a list of more than 200 models, new ones
    /// are added only when they are named here.
    #[serde(default)]
    overwrite: BTreeSet<String>,
    /// Write these and nothing else, whatever their present price is. `overwrite` says nothing then.
    #[serde(default)]
    only: Option<BTreeSet<String>>,
}

/// The form of a text.
#[derive(Debug, Clone, Copy, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum ImportFormat {
    /// Told by its shape.
    #[default]
    Auto,
    /// Our own models.
    Realms,
    /// LiteLLM's list.
    Litellm,
}

/// What becomes of each model.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ImportReport {
    /// The form of the text.
    #[schema(value_type = words::PriceFormat)]
    format: &'static str,
    /// One row for each model, by name.
    rows: Vec<ImportRow>,
    /// Whether it was done.
    applied: bool,
}

/// What becomes of one model.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ImportRow {
    /// Its name.
    model: String,
    /// `added`, `changed`, `unchanged` or `failed`.
    #[schema(value_type = words::ImportState)]
    state: &'static str,
    /// The price that is there.
    #[serde(skip_serializing_if = "Option::is_none")]
    before: Option<Price>,
    /// The price that is offered.
    #[serde(skip_serializing_if = "Option::is_none")]
    after: Option<Price>,
    /// Whether it was written, or would be.
    written: bool,
    /// Why it failed, or why the price that is there stays.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    /// The same in a word: `kept`, `library`, `no_price`, `not_a_price`, `not_a_name` or
    /// `unreadable`.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason_code: Option<&'static str>,
    /// How many times what it was, when that is more than 10 or less than a tenth.
    #[serde(skip_serializing_if = "Option::is_none")]
    factor: Option<f64>,
}

/// A price in USD for a million LLM tokens.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Price {
    /// Fresh input.
    #[schema(value_type = String)]
    input_usd: UnitPrice,
    /// Output.
    #[schema(value_type = String)]
    output_usd: UnitPrice,
    /// Input read from a cache.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    cache_read_usd: Option<UnitPrice>,
    /// Input written to a cache for 5 minutes.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    cache_write_5m_usd: Option<UnitPrice>,
    /// Input written to a cache for an hour.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    cache_write_1h_usd: Option<UnitPrice>,
    /// What of a price few models have.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<PriceTerms>)]
    terms: Option<Box<PriceTerms>>,
}

/// Brings prices along from elsewhere.
///
/// A model without a price gets the one that is offered. A price that is there is replaced only when
/// its model is named in `overwrite`. With `only`, what is named there is written and nothing else.
#[utoipa::path(
    post, path = "/api/admin/models/import", tag = "models",
    request_body = ImportRequest,
    responses((status = 200, body = ImportReport), Problems)
)]
pub(super) async fn import_prices(
    State(console): State<Console>,
    caller: Caller,
    Large(request): Large<ImportRequest>,
) -> Result<Json<ImportReport>, ConsoleError> {
    if request.text.len() > prices::MOST {
        return Err(ConsoleError::TooLarge(prices::MOST));
    }
    let (offers, format) = prices::read(&request.text, request.format.into())?;
    let present: Present = console
        .0
        .editor
        .store
        .read()
        .list_models()
        .await?
        .into_iter()
        .map(|model| (model.name, model.price))
        .collect();
    let choice = match request.only {
        Some(names) => Choice::Only(names),
        None => Choice::Usual { overwrite: request.overwrite },
    };
    let rows = prices::compare(offers, &present, &choice);
    let models: Vec<_> = rows.iter().filter_map(Row::change).collect();
    let applied = !request.dry_run && !models.is_empty();
    if applied {
        let edit = Edit::manifest(Manifest { models, ..Manifest::empty() });
        console.edit(&caller, Edit { price_source: PriceSource::Imported, ..edit }).await?;
    }
    let rows = rows.into_iter().map(ImportRow::from).collect();
    Ok(Json(ImportReport { format: format.as_str(), rows, applied }))
}

// === impl ImportRow ===

impl From<Row> for ImportRow {
    fn from(row: Row) -> Self {
        Self {
            model: row.model,
            state: row.state.as_str(),
            before: row.before.map(Price::from),
            after: row.after.map(Price::from),
            written: row.written,
            reason: row.reason.as_ref().map(ToString::to_string),
            reason_code: row.reason.as_ref().map(Reason::code),
            factor: row.factor,
        }
    }
}

// === impl Price ===

impl From<realms_types::Price> for Price {
    fn from(price: realms_types::Price) -> Self {
        Self {
            input_usd: price.input,
            output_usd: price.output,
            cache_read_usd: price.cache_read,
            cache_write_5m_usd: price.cache_write_5m,
            cache_write_1h_usd: price.cache_write_1h,
            terms: price.terms,
        }
    }
}

// === impl ImportFormat ===

impl From<ImportFormat> for Format {
    fn from(format: ImportFormat) -> Self {
        match format {
            ImportFormat::Auto => Self::Auto,
            ImportFormat::Realms => Self::Realms,
            ImportFormat::Litellm => Self::Litellm,
        }
    }
}
