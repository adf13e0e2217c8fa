//! The catalogue in force on this node.

use axum::{Json, extract::State};
use serde::Serialize;
use utoipa::ToSchema;

use super::{Console, problem::Problems};
use crate::ConsoleError;

/// The catalogue in force, and what is wrong with a newer one that is not.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CatalogView {
    /// The version in force on this node.
    version: i64,
    /// The newest version in the database.
    stored_version: i64,
    /// What keeps the newest version from being in force; empty when it is.
    defects: Vec<DefectView>,
}

/// A row that keeps a catalogue from being in force.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct DefectView {
    /// The table of the row.
    table: &'static str,
    /// What the row is called.
    name: String,
    /// What is wrong with it.
    message: String,
}

/// Shows the version of the catalogue and its defects.
#[utoipa::path(
    get, path = "/api/admin/catalog", tag = "configuration",
    responses((status = 200, body = CatalogView), Problems)
)]
pub(super) async fn get_catalog(
    State(console): State<Console>,
) -> Result<Json<CatalogView>, ConsoleError> {
    let stored_version = console.0.editor.store.versions().await?.catalog;
    let version = console.0.catalog.load().version();
    let defects = console.0.catalog.defects();
    let defects = defects.iter().map(|defect| DefectView {
        table: defect.table,
        name: defect.name.clone(),
        message: defect.message.clone(),
    });
    Ok(Json(CatalogView { version, stored_version, defects: defects.collect() }))
}
