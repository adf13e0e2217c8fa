//! Prices brought along from elsewhere: first shown, then written.

use std::collections::BTreeSet;

use axum::{Json, extract::State};
use realms_store::PriceSource;
use serde::{Deserialize, Serialize};
use url::Url;
use utoipa::ToSchema;

use super::{Console, body::Large, caller::Caller, price_view::Price, problem::Problems};
use crate::{
    ConsoleError, Edit, Refusal,
    manifest::Manifest,
    price_sync::Failed,
    prices::{self, Choice, Format, Known, Note, Offer, Present, Reason, Row},
    words,
};

/// Prices to bring along, as a `text` or from a `url`.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ImportRequest {
    /// JSON: our own models, those of Realms 0, or LiteLLM's `model_prices_and_context_window.json`; at most
    /// 8 MiB.
    #[serde(default)]
    text: Option<String>,
    /// Where such a text is. It is asked for under the outbound policy, within a minute; redirects are not
    /// followed.
    #[serde(default)]
    url: Option<String>,
    /// `realms`, `realms_v0`, `litellm`, or `auto`: told by its shape.
    #[serde(default)]
    format: ImportFormat,
    /// Only tell what would be done.
    dry_run: bool,
    /// The models whose present price is to be replaced, pinned or not, and those whose price is not whole.
    /// Of a list of more than 200 models, new ones are added only when they are named here.
    #[serde(default)]
    overwrite: BTreeSet<String>,
    /// Write these and nothing else, whatever their present price is. `overwrite` says nothing then.
    #[serde(default)]
    only: Option<BTreeSet<String>>,
    /// `tag` of the report that this was decided by: refused when the list, or a price it was compared with,
    /// is another by now.
    #[serde(default)]
    tag: Option<String>,
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
    /// The models of Realms 0.
    RealmsV0,
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
    /// Another when anything of the list, or of the prices it was compared with, is.
    tag: String,
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
    /// Whether the price that is there is pinned. What is written in its place is not.
    pinned: bool,
    /// Why it failed, or why the price that is there stays.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    /// The same in a word: `kept`, `pinned`, `partial`, `library`, `no_price`, `not_a_price`, `not_a_name`
    /// or `unreadable`.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason_code: Option<&'static str>,
    /// What of the price that is offered is left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<String>,
    /// The same in a word.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<words::ImportNote>)]
    note_code: Option<&'static str>,
    /// How many times what it was, when that is more than 10 or less than a tenth.
    #[serde(skip_serializing_if = "Option::is_none")]
    factor: Option<f64>,
}

/// Where prices come from.
enum Source<'a> {
    Text(&'a str),
    Address(Url),
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
    let (offers, format) = console.offers(request.source()?, request.format.into()).await?;
    let choice = match request.only {
        Some(names) => Choice::Only(names),
        None => Choice::Usual { overwrite: request.overwrite },
    };
    let rows = prices::compare(offers, &console.present().await?, &choice);
    let tag = console.tag_of(&prices::compared(&rows))?;
    if request.tag.is_some_and(|shown| shown != tag) {
        return Err(prices::overtaken());
    }
    let models: Vec<_> = rows.iter().filter_map(Row::change).collect();
    let applied = !request.dry_run && !models.is_empty();
    if applied {
        let condition = Some(prices::as_compared(&rows));
        let edit = Edit::manifest(Manifest { models, ..Manifest::empty() });
        let edit = Edit { price_source: PriceSource::Imported, condition, ..edit };
        console.edit(&caller, edit).await?;
    }
    let rows = rows.into_iter().map(ImportRow::from).collect();
    Ok(Json(ImportReport { format: format.as_str(), rows, tag, applied }))
}

// === impl Console ===

impl Console {
    async fn offers(
        &self,
        source: Source<'_>,
        format: Format,
    ) -> Result<(Vec<Offer>, Format), ConsoleError> {
        match source {
            Source::Text(text) => prices::read(text, format),
            Source::Address(url) => {
                let refused = |Failed { failure, detail }| {
                    Refusal::field("/url", failure.as_str(), detail).into()
                };
                Box::pin(self.0.price_sync.bring(&url, format)).await.map_err(refused)
            }
        }
    }

    async fn present(&self) -> Result<Present, ConsoleError> {
        let models = self.0.editor.store.read().list_models().await?.into_iter();
        let known = models.map(|model| {
            let pinned = model.is_pinned();
            (model.name, Known { price: model.price, pinned })
        });
        Ok(known.collect())
    }
}

// === impl ImportRequest ===

impl ImportRequest {
    fn source(&self) -> Result<Source<'_>, ConsoleError> {
        match (&self.text, &self.url) {
            (Some(text), None) if text.len() > prices::MOST => {
                Err(ConsoleError::TooLarge(prices::MOST))
            }
            (Some(text), None) => Ok(Source::Text(text)),
            (None, Some(url)) => Ok(Source::Address(address(url)?)),
            _ => Err(ConsoleError::Malformed("give either `text` or `url`".to_owned())),
        }
    }
}

fn address(text: &str) -> Result<Url, Refusal> {
    let detail = "it is not an address such as https://prices.example.org/list.json";
    let url = Url::parse(text.trim()).ok().filter(|url| url.host().is_some());
    url.ok_or_else(|| Refusal::field("/url", "malformed", detail))
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
            pinned: row.pinned,
            reason: row.reason.as_ref().map(ToString::to_string),
            reason_code: row.reason.as_ref().map(Reason::code),
            note: row.note.as_ref().map(ToString::to_string),
            note_code: row.note.map(Note::as_str),
            factor: row.factor,
        }
    }
}

// === impl ImportFormat ===

impl From<ImportFormat> for Format {
    fn from(format: ImportFormat) -> Self {
        match format {
            ImportFormat::Auto => Self::Auto,
            ImportFormat::Realms => Self::Realms,
            ImportFormat::RealmsV0 => Self::RealmsV0,
            ImportFormat::Litellm => Self::Litellm,
        }
    }
}
