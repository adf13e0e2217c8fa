//! Live settings.

use std::collections::BTreeMap;

use axum::{
    Json,
    extract::{Path, State},
};
use http::StatusCode;
use realms_catalog::{SettingInfo, Settings};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Console, body::Strict, caller::Caller, listing::Listing, problem::Problems};
use crate::{
    ConsoleError, Edit, Kind,
    manifest::{Manifest, SettingText},
};

/// A setting as it stands.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct SettingView {
    /// Its name.
    #[schema(example = "retry_max_attempts")]
    key: &'static str,
    /// The value in force.
    value: String,
    /// The value when nobody sets it.
    default: String,
    /// Whether somebody set it.
    is_set: bool,
    /// What it does.
    about: &'static str,
}

/// A new value.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SettingValue {
    /// The value: a string, a whole number or a boolean.
    #[schema(value_type = String, example = "9")]
    value: SettingText,
}

/// Lists every setting there is, set or not.
#[utoipa::path(
    get, path = "/api/admin/settings", tag = "settings",
    responses((status = 200, body = Listing<SettingView>), Problems)
)]
pub(super) async fn list_settings(
    State(console): State<Console>,
) -> Result<Json<Listing<SettingView>>, ConsoleError> {
    let set = console.set_settings().await?;
    let items = Settings::table().iter().map(|info| view(info, &set)).collect();
    Ok(Json(Listing { items }))
}

/// Shows one setting.
#[utoipa::path(
    get, path = "/api/admin/settings/{key}", tag = "settings",
    params(("key" = String, Path, description = "Its name")),
    responses((status = 200, body = SettingView), Problems)
)]
pub(super) async fn get_setting(
    State(console): State<Console>,
    Path(key): Path<String>,
) -> Result<Json<SettingView>, ConsoleError> {
    console.setting(&key).await.map(Json)
}

/// Sets one value. It is in force within a second, without a restart.
#[utoipa::path(
    put, path = "/api/admin/settings/{key}", tag = "settings",
    params(("key" = String, Path, description = "Its name")),
    request_body = SettingValue,
    responses((status = 200, body = SettingView), Problems)
)]
pub(super) async fn put_setting(
    State(console): State<Console>,
    caller: Caller,
    Path(key): Path<String>,
    Strict(SettingValue { value }): Strict<SettingValue>,
) -> Result<Json<SettingView>, ConsoleError> {
    info(&key)?;
    let settings = BTreeMap::from([(key.clone(), value)]);
    console.edit(&caller, Edit::manifest(Manifest { settings, ..Manifest::empty() })).await?;
    console.setting(&key).await.map(Json)
}

/// Takes one setting back to its default.
#[utoipa::path(
    delete, path = "/api/admin/settings/{key}", tag = "settings",
    params(("key" = String, Path, description = "Its name")),
    responses((status = 204, description = "It is at its default"), Problems)
)]
pub(super) async fn reset_setting(
    State(console): State<Console>,
    caller: Caller,
    Path(key): Path<String>,
) -> Result<StatusCode, ConsoleError> {
    info(&key)?;
    if console.set_settings().await?.contains_key(&key) {
        console.edit(&caller, Edit::delete(Kind::Setting, key)).await?;
    }
    Ok(StatusCode::NO_CONTENT)
}

fn info(key: &str) -> Result<&'static SettingInfo, ConsoleError> {
    let found = Settings::table().iter().find(|info| info.key == key);
    found.ok_or_else(|| {
        let hint = crate::nearest::hint(key, Settings::table().iter().map(|info| info.key));
        ConsoleError::NotFound(format!("setting `{key}`{hint}"))
    })
}

fn view(info: &SettingInfo, set: &BTreeMap<String, String>) -> SettingView {
    let default = Settings::default().get(info.key).unwrap_or_default();
    let value = set.get(info.key);
    SettingView {
        key: info.key,
        // What is sealed is for nobody to see, not even sealed.
        value: if info.is_secret() { String::new() } else { value.unwrap_or(&default).clone() },
        default,
        is_set: value.is_some(),
        about: info.about,
    }
}

// === impl Console ===

impl Console {
    async fn setting(&self, key: &str) -> Result<SettingView, ConsoleError> {
        Ok(view(info(key)?, &self.set_settings().await?))
    }

    async fn set_settings(&self) -> Result<BTreeMap<String, String>, ConsoleError> {
        let rows = self.0.editor.store.read().list_settings().await?;
        Ok(rows.into_iter().map(|row| (row.key, row.value)).collect())
    }
}
