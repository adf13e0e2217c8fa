//! Apps of others that users let in, for those who run the site.

use std::{collections::HashMap, time::Duration};

use axum::{
    Json,
    extract::{Path, State},
};
use http::StatusCode;
use realms_identity::{AppDraft, MadeApp, OauthProvider};
use realms_store::{AuditChange, OauthAppRecord};
use realms_types::{AppScope, AppScopes, OauthAppId, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    Console,
    body::Strict,
    caller::Caller,
    listing::Listing,
    noting::{change, changed},
    problem::Problems,
};
use crate::{ConsoleError, words};

/// How long a replaced secret stays good unless it is said.
const OVERLAP_S: u32 = 86_400;
/// How long access tokens are good unless it is said.
const TOKEN_S: u32 = 86_400;

/// An app of somebody else that users let in.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct OauthAppView {
    /// Its id, which is its `client_id`.
    #[schema(value_type = String, example = "oa_06a1b2c3d4e5f")]
    id: OauthAppId,
    /// What users see.
    name: String,
    /// Who is behind it; may be empty.
    publisher: String,
    /// Where more is said about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    homepage: Option<String>,
    /// Where users may be sent back to.
    redirect_uris: Vec<String>,
    /// What it may ask for.
    #[schema(value_type = Vec<words::AppScope>)]
    scopes: Vec<AppScope>,
    /// Whether it can keep a secret; otherwise PKCE alone shows that who asks is who gets.
    confidential: bool,
    /// The last 4 characters of its secret.
    #[serde(skip_serializing_if = "Option::is_none")]
    secret_hint: Option<String>,
    /// Until when the secret before is good too.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    old_secret_until: Option<Timestamp>,
    /// How long its access tokens are good, in seconds.
    access_token_s: u32,
    /// Whether it is let in.
    enabled: bool,
    /// How many users let it in.
    grants: u64,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// When it last changed.
    #[schema(value_type = String, format = DateTime)]
    updated_at: Timestamp,
    /// When it last got a token.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    last_used_at: Option<Timestamp>,
}

/// An app as it is to be.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct OauthAppDraft {
    /// What users see: unique, at most 64 letters.
    name: String,
    /// Who is behind it, at most 64 letters.
    #[serde(default)]
    publisher: String,
    /// Where more is said about it: an address that begins with `https://`.
    #[serde(default)]
    homepage: Option<String>,
    /// Where users may be sent back to: 1 to 10 addresses that are compared to the letter. `https`, or `http` on the
    /// user's own computer, where any port will do, or a private scheme such as `com.example.app:/cb`.
    redirect_uris: Vec<String>,
    /// What it may ask for, at least one.
    #[schema(value_type = Vec<words::AppScope>)]
    scopes: Vec<AppScope>,
    /// Whether it can keep a secret. It stays so.
    #[serde(default)]
    confidential: bool,
    /// How long its access tokens are good, in seconds: 300 to 31536000. Default: a day.
    #[serde(default = "default_token_s")]
    access_token_s: u32,
    /// Whether it is let in. Default: it is.
    #[serde(default = "default_enabled")]
    enabled: bool,
}

/// An app that was made, or got another secret.
#[derive(Serialize, ToSchema)]
pub(super) struct MadeOauthApp {
    /// The app.
    app: OauthAppView,
    /// Its secret, where it can keep one. It is shown this once.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "ocs_...")]
    client_secret: Option<String>,
}

/// How a secret is replaced.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SecretRotation {
    /// For how many seconds the secret before stays good, at most 604800. Default: a day.
    #[serde(default = "default_overlap_s")]
    keep_old_s: u32,
}

/// What was ended.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct EndedGrants {
    /// Of how many users.
    revoked: u64,
}

const fn default_token_s() -> u32 {
    TOKEN_S
}

const fn default_overlap_s() -> u32 {
    OVERLAP_S
}

const fn default_enabled() -> bool {
    true
}

/// The routes of OAuth apps for those who run the site.
pub(super) fn routes() -> OpenApiRouter<Console> {
    OpenApiRouter::new()
        .routes(routes!(list_oauth_apps, create_oauth_app))
        .routes(routes!(get_oauth_app, put_oauth_app, delete_oauth_app))
        .routes(routes!(rotate_oauth_secret))
        .routes(routes!(revoke_oauth_grants))
}

/// Lists the apps of others that users may let in, by name. There are at most 200.
#[utoipa::path(
    get, path = "/api/admin/oauth-apps", tag = "oauth apps",
    responses((status = 200, body = Listing<OauthAppView>), Problems)
)]
async fn list_oauth_apps(
    State(console): State<Console>,
) -> Result<Json<Listing<OauthAppView>>, ConsoleError> {
    console.oauth_provider()?;
    let reader = console.0.editor.store.read();
    let (apps, used) = (reader.list_oauth_apps().await?, reader.count_oauth_grants().await?);
    let items = apps.into_iter().map(|app| OauthAppView::new(app, &used)).collect();
    Ok(Json(Listing { items }))
}

/// Makes an app. Its secret, where it can keep one, is shown in the answer, once.
#[utoipa::path(
    post, path = "/api/admin/oauth-apps", tag = "oauth apps", request_body = OauthAppDraft,
    responses((status = 201, body = MadeOauthApp), Problems)
)]
async fn create_oauth_app(
    State(console): State<Console>,
    caller: Caller,
    Strict(draft): Strict<OauthAppDraft>,
) -> Result<(StatusCode, Json<MadeOauthApp>), ConsoleError> {
    let provider = console.oauth_provider()?;
    let draft = AppDraft::from(draft);
    let changes = said_of_draft(&draft).into_iter().filter(|(_, value)| !value.is_empty());
    let changes = changes.map(|(path, value)| change(path, value)).collect();
    let audit = console.act(&caller, "oauth_app.create", ("oauth_app", &draft.name), changes);
    let made = provider.add(console.0.editor.ids.next(), draft, &audit).await?;
    Ok((StatusCode::CREATED, Json(MadeOauthApp::from(made))))
}

/// Shows an app.
#[utoipa::path(
    get, path = "/api/admin/oauth-apps/{id}", tag = "oauth apps",
    params(("id" = String, Path, description = "Its id, `oa_…`")),
    responses((status = 200, body = OauthAppView), Problems)
)]
async fn get_oauth_app(
    State(console): State<Console>,
    Path(id): Path<String>,
) -> Result<Json<OauthAppView>, ConsoleError> {
    let app = console.oauth_app(&id).await?;
    console.oauth_app_view(app).await.map(Json)
}

/// Changes an app: all of it but its secret. What users let it do stays.
#[utoipa::path(
    put, path = "/api/admin/oauth-apps/{id}", tag = "oauth apps", request_body = OauthAppDraft,
    params(("id" = String, Path, description = "Its id, `oa_…`")),
    responses((status = 200, body = OauthAppView), Problems)
)]
async fn put_oauth_app(
    State(console): State<Console>,
    caller: Caller,
    Path(id): Path<String>,
    Strict(draft): Strict<OauthAppDraft>,
) -> Result<Json<OauthAppView>, ConsoleError> {
    let provider = console.oauth_provider()?;
    let before = console.oauth_app(&id).await?;
    let draft = AppDraft::from(draft);
    let changes = differences(&before, &draft);
    let audit = console.act(&caller, "oauth_app.update", ("oauth_app", &draft.name), changes);
    let app = provider.change(&before, draft, &audit).await?;
    (console.0.reload)().await;
    console.oauth_app_view(app).await.map(Json)
}

/// Deletes an app: within a second no token of it is good any more.
#[utoipa::path(
    delete, path = "/api/admin/oauth-apps/{id}", tag = "oauth apps",
    params(("id" = String, Path, description = "Its id, `oa_…`")),
    responses((status = 204, description = "It is gone"), Problems)
)]
async fn delete_oauth_app(
    State(console): State<Console>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<StatusCode, ConsoleError> {
    let provider = console.oauth_provider()?;
    let app = console.oauth_app(&id).await?;
    let audit = console.act(&caller, "oauth_app.delete", ("oauth_app", &app.name), Vec::new());
    provider.remove(app.id, &audit).await?;
    (console.0.reload)().await;
    Ok(StatusCode::NO_CONTENT)
}

/// Gives an app another secret, shown in the answer, once. The one before stays good for a while.
#[utoipa::path(
    post, path = "/api/admin/oauth-apps/{id}/rotate-secret", tag = "oauth apps",
    request_body = SecretRotation,
    params(("id" = String, Path, description = "Its id, `oa_…`")),
    responses((status = 200, body = MadeOauthApp), Problems)
)]
async fn rotate_oauth_secret(
    State(console): State<Console>,
    caller: Caller,
    Path(id): Path<String>,
    Strict(rotation): Strict<SecretRotation>,
) -> Result<Json<MadeOauthApp>, ConsoleError> {
    let provider = console.oauth_provider()?;
    console.must_be_fresh(&caller).await?;
    let app = console.oauth_app(&id).await?;
    let overlap = Duration::from_secs(rotation.keep_old_s.into());
    let act = "oauth_app.rotate_secret";
    let audit = console.act(&caller, act, ("oauth_app", &app.name), Vec::new());
    let MadeApp { app, secret } = provider.rotate(app.id, overlap, &audit).await?;
    let client_secret = secret.map(|secret| secret.reveal().clone());
    let app = console.oauth_app_view(app).await?;
    Ok(Json(MadeOauthApp { app, client_secret }))
}

/// Ends what every user lets an app do: within a second no token of it is good any more.
#[utoipa::path(
    post, path = "/api/admin/oauth-apps/{id}/revoke-grants", tag = "oauth apps",
    params(("id" = String, Path, description = "Its id, `oa_…`")),
    responses((status = 200, body = EndedGrants), Problems)
)]
async fn revoke_oauth_grants(
    State(console): State<Console>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<EndedGrants>, ConsoleError> {
    let provider = console.oauth_provider()?;
    let app = console.oauth_app(&id).await?;
    let act = "oauth_app.revoke_grants";
    let audit = console.act(&caller, act, ("oauth_app", &app.name), Vec::new());
    let revoked = provider.end_grants(app.id, &audit).await?;
    (console.0.reload)().await;
    Ok(Json(EndedGrants { revoked }))
}

/// What the audit log tells of an app, by field.
fn said_of_draft(draft: &AppDraft) -> [(&'static str, String); 8] {
    [
        ("name", draft.name.clone()),
        ("publisher", draft.publisher.clone()),
        ("homepage", draft.homepage.clone().unwrap_or_default()),
        ("redirect_uris", draft.redirect_uris.join(" ")),
        ("scopes", draft.scopes.to_string()),
        ("confidential", draft.confidential.to_string()),
        ("access_token_s", draft.access_token_s.to_string()),
        ("enabled", draft.enabled.to_string()),
    ]
}

fn differences(before: &OauthAppRecord, after: &AppDraft) -> Vec<AuditChange> {
    let was = AppDraft {
        name: before.name.clone(),
        publisher: before.publisher.clone(),
        homepage: before.homepage.clone(),
        redirect_uris: before.redirect_uris.clone(),
        scopes: before.scopes.clone(),
        confidential: before.secret.is_some(),
        access_token_s: before.access_token_s,
        enabled: before.enabled,
    };
    let pairs = said_of_draft(&was).into_iter().zip(said_of_draft(after));
    pairs.filter_map(|((path, was), (_, is))| changed(path, was, is)).collect()
}

// === impl Console ===

impl Console {
    /// What lets apps of others in; a refusal in self mode, where there are none.
    pub(super) fn oauth_provider(&self) -> Result<OauthProvider, ConsoleError> {
        if self.0.self_mode {
            return Err(ConsoleError::NotFound("OAuth app in self mode".to_owned()));
        }
        let editor = &self.0.editor;
        let (store, keyring) = (editor.store.clone(), editor.keyring.clone());
        Ok(OauthProvider::new(store, keyring, editor.clock.clone(), editor.ids.clone()))
    }

    /// An app by its id.
    pub(super) async fn oauth_app(&self, id: &str) -> Result<OauthAppRecord, ConsoleError> {
        self.oauth_provider()?;
        let unknown = || ConsoleError::NotFound(format!("OAuth app `{id}`"));
        let id = id.parse().map_err(|_| unknown())?;
        let found = self.0.editor.store.read().find_oauth_app(id).await?;
        found.ok_or_else(unknown)
    }

    async fn oauth_app_view(&self, app: OauthAppRecord) -> Result<OauthAppView, ConsoleError> {
        let used = self.0.editor.store.read().count_oauth_grants().await?;
        Ok(OauthAppView::new(app, &used))
    }
}

// === impl OauthAppDraft ===

impl From<OauthAppDraft> for AppDraft {
    fn from(draft: OauthAppDraft) -> Self {
        Self {
            name: draft.name,
            publisher: draft.publisher,
            homepage: draft.homepage.filter(|address| !address.is_empty()),
            redirect_uris: draft.redirect_uris,
            scopes: AppScopes::from_iter(draft.scopes),
            confidential: draft.confidential,
            access_token_s: draft.access_token_s,
            enabled: draft.enabled,
        }
    }
}

// === impl OauthAppView ===

impl OauthAppView {
    fn new(app: OauthAppRecord, used: &HashMap<OauthAppId, (u64, Option<Timestamp>)>) -> Self {
        let (grants, last_used_at) = used.get(&app.id).copied().unwrap_or_default();
        let secret = app.secret.as_ref();
        Self {
            id: app.id,
            scopes: app.scopes.iter().collect(),
            confidential: secret.is_some(),
            secret_hint: secret.map(|secret| secret.hint.clone()),
            old_secret_until: secret.and_then(|secret| secret.old.as_ref()).map(|old| old.until),
            name: app.name,
            publisher: app.publisher,
            homepage: app.homepage,
            redirect_uris: app.redirect_uris,
            access_token_s: app.access_token_s,
            enabled: app.enabled,
            grants,
            created_at: app.created_at,
            updated_at: app.updated_at,
            last_used_at,
        }
    }
}

// === impl MadeOauthApp ===

impl From<MadeApp> for MadeOauthApp {
    fn from(MadeApp { app, secret }: MadeApp) -> Self {
        let app = OauthAppView::new(app, &HashMap::new());
        Self { app, client_secret: secret.map(|secret| secret.reveal().clone()) }
    }
}

impl std::fmt::Debug for MadeOauthApp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MadeOauthApp").field("app", &self.app).finish_non_exhaustive()
    }
}
