//! API keys: clients' secrets.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, State},
};
use http::StatusCode;
use realms_types::{ApiKeyId, Timestamp};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    Console,
    body::{Params, Strict},
    caller::Caller,
    etag::{IfMatch, Tagged},
    list::{self, Column, Page, Uses},
    problem::Problems,
    query::ListParams,
};
use crate::{
    Condition, ConsoleError, Edit, GeneratedKey, Kind,
    manifest::{ApiKey, Manifest},
    plan::{Held, KeyFacts, State as Present},
    words,
};

/// An API key without its secret.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ApiKeyView {
    /// Its id.
    #[schema(value_type = String, example = "ak_06a1b2c3d4e5f")]
    id: ApiKeyId,
    #[serde(flatten)]
    object: ApiKey,
    /// Its last 4 characters.
    hint: String,
    /// How it stands: `active`, `disabled`, `expired`, `revoked`.
    #[schema(value_type = words::TokenStatus)]
    status: &'static str,
    /// When it ends, as far as that is known: a time that counts from its first call begins with that.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    ends_at: Option<Timestamp>,
    /// When it was revoked, for good.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    revoked_at: Option<Timestamp>,
    /// When it last called.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    last_used_at: Option<Timestamp>,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// When it last changed.
    #[schema(value_type = String, format = DateTime)]
    updated_at: Timestamp,
}

/// An API key that was just made, or is revealed.
#[derive(Serialize, ToSchema)]
pub(super) struct MadeKey {
    /// Its id.
    #[schema(value_type = String)]
    id: ApiKeyId,
    /// Whose it is.
    user: String,
    /// Its name among the user's keys.
    name: String,
    /// The key itself.
    #[schema(example = "sk_...")]
    key: String,
}

/// An API key after it was created or changed.
#[derive(Serialize, ToSchema)]
pub(super) struct PutKey {
    #[serde(flatten)]
    view: ApiKeyView,
    /// The key itself, when it was generated. It is shown this once.
    #[serde(skip_serializing_if = "Option::is_none")]
    key: Option<String>,
}

/// What the list is filtered and sorted by.
const COLUMNS: &[Column<ApiKeyView>] = &[
    Column { name: "name", uses: Uses::Search, values: |key| vec![key.object.name.clone()] },
    Column { name: "user", uses: Uses::Search, values: |key| vec![key.object.user.to_string()] },
    Column { name: "hint", uses: Uses::Search, values: |key| vec![key.hint.clone()] },
    Column { name: "id", uses: Uses::Search, values: |key| vec![key.id.to_string()] },
    Column { name: "status", uses: Uses::Facet, values: |key| vec![key.status.to_owned()] },
    Column {
        name: "channel_group",
        uses: Uses::Facet,
        values: |key| key.object.channel_groups.iter().flatten().map(ToString::to_string).collect(),
    },
    Column {
        name: "created_at",
        uses: Uses::Plain,
        values: |key| vec![key.created_at.to_string()],
    },
    Column {
        name: "last_used_at",
        uses: Uses::Plain,
        values: |key| key.last_used_at.iter().map(ToString::to_string).collect(),
    },
];

/// Lists every API key, without the secrets.
#[utoipa::path(
    get, path = "/api/admin/api-keys", tag = "api keys",
    params(ListParams),
    responses((status = 200, body = Page<ApiKeyView>), Problems)
)]
pub(super) async fn list_api_keys(
    State(console): State<Console>,
    Params(params): Params<ListParams>,
) -> Result<Json<Page<ApiKeyView>>, ConsoleError> {
    let query = params.read(&list::fields(&list::names(COLUMNS)))?;
    let state = console.0.editor.state().await?;
    let now = console.now();
    let keys = state.api_keys.values().map(|held| ApiKeyView::new(held, now)).collect();
    list::page(keys, &query, COLUMNS).map(Json)
}

/// Shows one API key, without the secret.
#[utoipa::path(
    get, path = "/api/admin/api-keys/{id}", tag = "api keys",
    params(("id" = String, Path, description = "Its id, `ak_…`")),
    responses((status = 200, body = ApiKeyView), Problems)
)]
pub(super) async fn get_api_key(
    State(console): State<Console>,
    Path(id): Path<String>,
) -> Result<Tagged<ApiKeyView>, ConsoleError> {
    let state = console.0.editor.state().await?;
    let held = find(&state, &id)?;
    let now = console.now();
    console.tagged_by(&ApiKeyView::core(held, now), ApiKeyView::new(held, now))
}

/// Creates or changes the API key of this user with this name.
///
/// Without a `key` one is generated and shown in the answer, once. A different `key` replaces the
/// old one, which stops working.
#[utoipa::path(
    put, path = "/api/admin/api-keys", tag = "api keys",
    request_body = ApiKey,
    responses(
        (status = 200, description = "It was there", body = PutKey),
        (status = 201, description = "It is new", body = PutKey),
        Problems
    )
)]
pub(super) async fn put_api_key(
    State(console): State<Console>,
    caller: Caller,
    if_match: IfMatch,
    Strict(key): Strict<ApiKey>,
) -> Result<(StatusCode, Json<PutKey>), ConsoleError> {
    let bare = ApiKey { key: None, ..key.clone() };
    let was_there = console.0.editor.state().await?.find_api_key(&bare).is_some();
    let (keyring, wanted) = (console.0.editor.keyring.clone(), bare.clone());
    let now = console.now();
    let condition = Condition(Arc::new(move |state| {
        let held = state.find_api_key(&wanted);
        let (core, at) =
            (held.map(|held| ApiKeyView::core(held, now)), held.map(|held| held.updated_at));
        if_match.check(&keyring, core.as_ref(), at)
    }));
    let manifest = Manifest { api_keys: vec![key], ..Manifest::empty() };
    let edit = Edit { condition: Some(condition), ..Edit::manifest(manifest) };
    let applied = console.edit(&caller, edit).await?;
    let state = console.0.editor.state().await?;
    let missing = || ConsoleError::NotFound(format!("api_key `{}/{}`", bare.user, bare.name));
    let view = state.find_api_key(&bare).map(|held| ApiKeyView::new(held, now));
    let view = view.ok_or_else(missing)?;
    let key = applied.generated.first().map(|made| made.key.reveal().clone());
    let status = if was_there { StatusCode::OK } else { StatusCode::CREATED };
    Ok((status, Json(PutKey { view, key })))
}

/// Deletes one API key. Usage records keep its id.
#[utoipa::path(
    delete, path = "/api/admin/api-keys/{id}", tag = "api keys",
    params(("id" = String, Path, description = "Its id, `ak_…`")),
    responses((status = 204, description = "It is gone"), Problems)
)]
pub(super) async fn delete_api_key(
    State(console): State<Console>,
    caller: Caller,
    Path(id): Path<String>,
    if_match: IfMatch,
) -> Result<StatusCode, ConsoleError> {
    let state = console.0.editor.state().await?;
    let object = &find(&state, &id)?.object;
    let name = format!("{}/{}", object.user, object.name);
    let (keyring, now) = (console.0.editor.keyring.clone(), console.now());
    let condition = Condition(Arc::new(move |state| {
        let held = find(state, &id)?;
        if_match.check(&keyring, Some(&ApiKeyView::core(held, now)), Some(held.updated_at))
    }));
    let edit = Edit { condition: Some(condition), ..Edit::delete(Kind::ApiKey, name) };
    console.edit(&caller, edit).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Revokes one API key for good: within a second no node lets it in. Revoking it again changes
/// nothing.
#[utoipa::path(
    post, path = "/api/admin/api-keys/{id}/revoke", tag = "api keys",
    params(("id" = String, Path, description = "Its id, `ak_…`")),
    responses((status = 200, body = ApiKeyView), Problems)
)]
pub(super) async fn revoke_api_key(
    State(console): State<Console>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<ApiKeyView>, ConsoleError> {
    console.0.editor.revoke(parse(&id)?, &caller.author()).await?;
    (console.0.reload)().await;
    let state = console.0.editor.state().await?;
    Ok(Json(ApiKeyView::new(find(&state, &id)?, console.now())))
}

/// Shows the secret of one API key.
#[utoipa::path(
    get, path = "/api/admin/api-keys/{id}/reveal", tag = "api keys",
    params(("id" = String, Path, description = "Its id, `ak_…`")),
    responses((status = 200, body = MadeKey), Problems)
)]
pub(super) async fn reveal_api_key(
    State(console): State<Console>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<MadeKey>, ConsoleError> {
    console.must_be_fresh(&caller).await?;
    console.count_reveal(&caller)?;
    let revealed = console.0.editor.reveal(parse(&id)?, &caller.author()).await?;
    tracing::info!(api_key.id = %revealed.id, "an API key was revealed");
    Ok(Json(MadeKey::from(revealed)))
}

fn parse(id: &str) -> Result<ApiKeyId, ConsoleError> {
    id.parse().map_err(|_| ConsoleError::NotFound(format!("api_key `{id}`")))
}

fn find<'a>(
    state: &'a Present,
    id: &str,
) -> Result<&'a Held<ApiKeyId, ApiKey, KeyFacts>, ConsoleError> {
    let id = parse(id)?;
    let found = state.api_keys.values().find(|held| held.id == id);
    found.ok_or_else(|| ConsoleError::NotFound(format!("api_key `{id}`")))
}

// === impl ApiKeyView ===

impl ApiKeyView {
    fn new(held: &Held<ApiKeyId, ApiKey, KeyFacts>, now: Timestamp) -> Self {
        let facts = &held.facts;
        let rules = held.object.rules.as_ref();
        let ends_at = rules.and_then(|rules| rules.ends_at(facts.first_used_at));
        let is_over = ends_at.is_some_and(|end| end <= now);
        Self {
            id: held.id,
            object: held.object.clone(),
            hint: facts.hint.clone(),
            status: match (facts.revoked_at, held.object.enabled) {
                (Some(_), _) => "revoked",
                (None, Some(false)) => "disabled",
                (None, _) if is_over => "expired",
                (None, _) => "active",
            },
            ends_at,
            revoked_at: facts.revoked_at,
            last_used_at: facts.last_used_at,
            created_at: held.created_at,
            updated_at: held.updated_at,
        }
    }

    /// What makes it another when it changes: when it last called does not.
    fn core(held: &Held<ApiKeyId, ApiKey, KeyFacts>, now: Timestamp) -> Self {
        Self { last_used_at: None, ..Self::new(held, now) }
    }
}

// === impl MadeKey ===

impl From<GeneratedKey> for MadeKey {
    fn from(GeneratedKey { id, user, name, key }: GeneratedKey) -> Self {
        Self { id, user, name, key: key.reveal().clone() }
    }
}

impl std::fmt::Debug for MadeKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MadeKey").field("id", &self.id).finish_non_exhaustive()
    }
}
