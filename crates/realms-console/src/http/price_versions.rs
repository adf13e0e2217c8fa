//! The prices a model had.

use axum::{
    Json,
    extract::{Path, State},
};
use realms_store::PriceVersion;
use realms_types::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use super::{Console, listing::Listing, price_view::Price, problem::Problems};
use crate::{ConsoleError, words};

/// Versions that are told of.
const MOST: u64 = 200;

/// A price that a model has or had.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct PriceVersionView {
    /// Its number, as calls that were charged at it say: the first is 1.
    version: i64,
    /// What the model was called then.
    name: String,
    /// The price; left out when it was taken away.
    #[serde(skip_serializing_if = "Option::is_none")]
    price: Option<Price>,
    /// Who gave it: `manual` or `imported`.
    #[schema(value_type = words::PriceOrigin)]
    source: &'static str,
    /// From when on.
    #[schema(value_type = String, format = DateTime)]
    since: Timestamp,
}

/// Lists the prices a model had, the newest first; at most 200.
#[utoipa::path(
    get, path = "/api/admin/models/{name}/prices", tag = "models",
    params(("name" = String, Path, description = "Its name")),
    responses((status = 200, body = Listing<PriceVersionView>), Problems)
)]
pub(super) async fn list_price_versions(
    State(console): State<Console>,
    Path(name): Path<String>,
) -> Result<Json<Listing<PriceVersionView>>, ConsoleError> {
    let read = console.0.editor.store.read();
    let missing = || ConsoleError::NotFound(format!("model `{name}`"));
    let model = read.find_model_by_name(&name).await?.ok_or_else(missing)?;
    let versions = read.list_price_versions(model.id, MOST).await?;
    Ok(Json(Listing { items: versions.into_iter().map(PriceVersionView::from).collect() }))
}

// === impl PriceVersionView ===

impl From<PriceVersion> for PriceVersionView {
    fn from(version: PriceVersion) -> Self {
        Self {
            version: version.version,
            name: version.name,
            price: version.price.map(Price::from),
            source: version.source.as_str(),
            since: version.since,
        }
    }
}
