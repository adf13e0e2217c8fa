//! Live settings, and the bootstrap configuration beside them.

use std::collections::BTreeMap;

use axum::{
    Json,
    extract::{Path, State},
};
use http::StatusCode;
use realms_catalog::{Feature, Section, SettingInfo, SettingKind, Settings};
use realms_store::SettingRecord;
use realms_types::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Console, body::Strict, caller::Caller, problem::Problems};
use crate::{
    ConsoleError, Edit, Kind,
    manifest::{Manifest, SettingText},
    words,
};

/// A setting as it stands.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct SettingView {
    /// Its name.
    #[schema(example = "retry_max_attempts")]
    key: &'static str,
    /// The value in force; nothing for a secret.
    value: String,
    /// The value when nobody sets it.
    default: String,
    /// Whether somebody set it.
    is_set: bool,
    /// What it does.
    about: &'static str,
    /// Where it is shown: `site`, `features`, `sign_up`, `mail`, `routing`, `usage`, `log_in`.
    #[schema(value_type = words::SettingSection)]
    section: &'static str,
    /// What its value is: `text`, `url`, `integer`, `boolean`, `duration_ms`, `secret`, `choice`,
    /// `time_zone`.
    #[schema(value_type = words::SettingValueKind)]
    kind: &'static str,
    /// The least.
    #[serde(skip_serializing_if = "Option::is_none")]
    min: Option<u32>,
    /// The most.
    #[serde(skip_serializing_if = "Option::is_none")]
    max: Option<u32>,
    /// The words it may be.
    #[serde(skip_serializing_if = "Option::is_none")]
    choices: Option<&'static [&'static str]>,
    /// Where the value comes from: `database`, `environment`, `default`.
    #[schema(value_type = words::SettingSource)]
    source: &'static str,
    /// The variable of the environment that gives the value while nobody sets it.
    #[serde(skip_serializing_if = "Option::is_none")]
    env: Option<&'static str>,
    /// Whether it cannot be set here.
    locked: bool,
    /// Whether a change needs a restart.
    restart: bool,
    /// When it was set.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    updated_at: Option<Timestamp>,
    /// Who set it.
    #[serde(skip_serializing_if = "Option::is_none")]
    updated_by: Option<String>,
    /// The pages of the console that are gone when it is `false`.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    #[schema(value_type = Vec<String>)]
    hides: &'static [&'static str],
}

/// A value of the bootstrap configuration. It is read at the start and only shown here.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ConfigValue {
    /// Its name in `realms.toml`.
    pub name: &'static str,
    /// Its name in the environment.
    pub env: &'static str,
    /// The value in force, secrets masked; nothing where there is none.
    pub value: String,
    /// Where it was given; `default` where it was not.
    pub source: String,
    /// What it does.
    pub about: &'static str,
}

/// Every setting, with the configuration.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct SettingsView {
    /// What can be set while Realms runs.
    items: Vec<SettingView>,
    /// What needs a restart.
    config: Vec<ConfigValue>,
}

/// A new value.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SettingValue {
    /// The value: a string, a whole number or a boolean.
    #[schema(value_type = String, example = "9")]
    value: SettingText,
}

/// Several new values: all of them, or none.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SettingsPatch {
    /// New values by name: strings, whole numbers or booleans.
    #[serde(default)]
    #[schema(value_type = BTreeMap<String, String>)]
    set: BTreeMap<String, SettingText>,
    /// Those that go back to their defaults.
    #[serde(default)]
    reset: Vec<String>,
}

/// Lists every setting that does something, set or not, and the configuration.
#[utoipa::path(
    get, path = "/api/admin/settings", tag = "settings",
    responses((status = 200, body = SettingsView), Problems)
)]
pub(super) async fn list_settings(
    State(console): State<Console>,
) -> Result<Json<SettingsView>, ConsoleError> {
    console.settings().await.map(Json)
}

/// Changes several settings: all of them, or none. They are in force within a second.
#[utoipa::path(
    patch, path = "/api/admin/settings", tag = "settings", request_body = SettingsPatch,
    responses((status = 200, body = SettingsView), Problems)
)]
pub(super) async fn patch_settings(
    State(console): State<Console>,
    caller: Caller,
    Strict(SettingsPatch { set, reset }): Strict<SettingsPatch>,
) -> Result<Json<SettingsView>, ConsoleError> {
    let present = console.set_settings().await?;
    for key in &reset {
        info(key)?;
        if set.contains_key(key) {
            let message = format!("setting `{key}` is to be set and reset at once");
            return Err(ConsoleError::Invalid(vec![message]));
        }
    }
    let reset = reset.into_iter().filter(|key| present.contains_key(key));
    let delete = reset.map(|key| (Kind::Setting, key)).collect();
    let manifest = Manifest { settings: set, ..Manifest::empty() };
    console.edit(&caller, Edit { delete, ..Edit::manifest(manifest) }).await?;
    console.settings().await.map(Json)
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
    Settings::find(key).ok_or_else(|| {
        let hint = crate::nearest::hint(key, Settings::table().iter().map(|info| info.key));
        ConsoleError::NotFound(format!("setting `{key}`{hint}"))
    })
}

/// Whether a setting does something: in self mode there is nothing to switch that serves those who pay.
fn is_shown(info: &SettingInfo, self_mode: bool) -> bool {
    let of_business = || {
        info.section == Section::Billing
            || info.key.strip_prefix("feature_").is_some_and(|word| {
                Feature::OF_BUSINESS.into_iter().any(|feature| feature.as_str() == word)
            })
    };
    !self_mode || !of_business()
}

/// The bootstrap value that stands in for a setting that nobody set.
fn stand_in(key: &str) -> Option<(&'static str, &'static str)> {
    (key == "site_base_url").then_some(("public_base_url", "REALMS_PUBLIC_BASE_URL"))
}

// === impl Console ===

impl Console {
    async fn settings(&self) -> Result<SettingsView, ConsoleError> {
        let set = self.set_settings().await?;
        let shown = Settings::table().iter().filter(|info| is_shown(info, self.0.self_mode));
        let items = shown.map(|info| self.setting_view(info, &set)).collect();
        Ok(SettingsView { items, config: self.0.config.clone() })
    }

    async fn setting(&self, key: &str) -> Result<SettingView, ConsoleError> {
        Ok(self.setting_view(info(key)?, &self.set_settings().await?))
    }

    async fn set_settings(&self) -> Result<BTreeMap<String, SettingRecord>, ConsoleError> {
        let rows = self.0.editor.store.read().list_settings().await?;
        Ok(rows.into_iter().map(|row| (row.key.clone(), row)).collect())
    }

    fn setting_view(
        &self,
        info: &'static SettingInfo,
        set: &BTreeMap<String, SettingRecord>,
    ) -> SettingView {
        let default = Settings::default().get(info.key).unwrap_or_default();
        let record = set.get(info.key);
        let stand_in = stand_in(info.key);
        let given = stand_in.and_then(|(name, _)| {
            self.0.config.iter().find(|value| value.name == name && !value.value.is_empty())
        });
        let (value, source) = match (record, given) {
            (Some(_), _) if info.is_secret() => (String::new(), "database"),
            (Some(record), _) => (record.value.clone(), "database"),
            (None, Some(given)) => (given.value.clone(), "environment"),
            (None, None) => (default.clone(), "default"),
        };
        let (min, max) = match info.kind {
            SettingKind::Integer { min, max } | SettingKind::DurationMs { min, max } => {
                (Some(min), Some(max))
            }
            _ => (None, None),
        };
        let choices = match info.kind {
            SettingKind::Choice(choices) => Some(choices),
            _ => None,
        };
        SettingView {
            key: info.key,
            value,
            default,
            is_set: record.is_some(),
            about: info.about,
            section: info.section.as_str(),
            kind: info.kind.as_str(),
            min,
            max,
            choices,
            source,
            env: stand_in.map(|(_, env)| env),
            locked: false,
            restart: false,
            updated_at: record.map(|record| record.updated_at),
            updated_by: record.and_then(|record| record.updated_by.clone()),
            hides: info.hides,
        }
    }
}
