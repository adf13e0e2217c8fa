//! A person's own API keys. `tokens` only in the paths, as people know them.

use std::collections::HashMap;

use axum::{
    Json,
    extract::{Path, State},
};
use http::StatusCode;
use realms_store::{ApiKeyRecord, Dimension, UsageFilter, UsageKey, UsageMeasure};
use realms_types::{ApiKeyId, KeyRules, Limits, Ppm, Timestamp, UserId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    Console,
    body::{Params, Strict},
    caller::Caller,
    etag::{IfMatch, Tagged},
    list::{self, Column, Page, Uses},
    listing::Listing,
    problem::Problems,
    query::ListParams,
    sums::UsageSums,
};
use crate::{
    Code, ConsoleError, Refusal,
    manifest::limits::{KeyRulesForm, LimitsForm},
    own_keys::{OwnGroups, OwnKeyPatch},
    words,
};

/// One of my API keys, without its secret.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(super) struct TokenView {
    /// Its id.
    #[schema(value_type = String, example = "ak_06a1b2c3d4e5f")]
    id: ApiKeyId,
    /// Its name.
    name: String,
    /// Its last 4 characters.
    hint: String,
    /// Whether it lets anyone in, unless it was revoked.
    enabled: bool,
    /// How it stands: `active`, `disabled`, `expired`, `revoked`.
    #[schema(value_type = words::TokenStatus)]
    status: &'static str,
    /// Whether it can be shown again.
    revealable: bool,
    /// The channel groups it is bound to, in order; empty: all of the user group's, in its order.
    channel_groups: Vec<String>,
    /// What it may use.
    #[schema(value_type = LimitsForm)]
    limits: Limits,
    /// What it is good for.
    #[schema(value_type = KeyRulesForm)]
    rules: KeyRules,
    /// What its calls cost of what they would, where that is not all. Only who runs the site can change it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, example = "0.5")]
    multiplier: Option<Ppm>,
    /// When it ends, as far as that is known: a time that counts from its first call begins with that.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    ends_at: Option<Timestamp>,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// When it last changed.
    #[schema(value_type = String, format = DateTime)]
    updated_at: Timestamp,
    /// When it was revoked, for good.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    revoked_at: Option<Timestamp>,
    /// When it last called.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    last_used_at: Option<Timestamp>,
    /// What it used today. In lists only.
    #[serde(skip_serializing_if = "Option::is_none")]
    usage_today: Option<UsageSums>,
    /// What it used within 30 days. In lists only.
    #[serde(skip_serializing_if = "Option::is_none")]
    usage_30d: Option<UsageSums>,
}

/// A key to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewToken {
    /// Its name, unique among mine.
    name: String,
    /// The channel groups it is bound to, in order of preference. Default, and `[]`: all I may use.
    #[serde(default)]
    channel_groups: Vec<String>,
    /// What it may use. Default: as much as I may.
    #[serde(default)]
    #[schema(value_type = Option<LimitsForm>)]
    limits: Option<Limits>,
    /// What it is good for. Default: for everything I may.
    #[serde(default)]
    #[schema(value_type = Option<KeyRulesForm>)]
    rules: Option<KeyRules>,
}

/// What of a key changes.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct TokenPatch {
    /// Its name.
    #[serde(default)]
    name: Option<String>,
    /// Whether it lets anyone in.
    #[serde(default)]
    enabled: Option<bool>,
    /// The channel groups it is bound to, in order of preference.
    #[serde(default)]
    channel_groups: Option<Vec<String>>,
    /// What it may use, as a whole; `{}`: as much as I may.
    #[serde(default)]
    #[schema(value_type = Option<LimitsForm>)]
    limits: Option<Limits>,
    /// What it is good for, as a whole; `{}`: for everything I may.
    #[serde(default)]
    #[schema(value_type = Option<KeyRulesForm>)]
    rules: Option<KeyRules>,
}

/// A key that was made.
#[derive(Serialize, ToSchema)]
pub(super) struct MadeToken {
    /// The key without its secret.
    token: TokenView,
    /// The key itself.
    #[schema(example = "sk_...")]
    key: String,
}

/// A key that is shown again.
#[derive(Serialize, ToSchema)]
pub(super) struct RevealedToken {
    /// The key itself.
    #[schema(example = "sk_...")]
    key: String,
}

/// A channel group that my keys may use.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct OwnChannelGroup {
    /// Its name.
    name: String,
    /// What prices are multiplied by.
    #[schema(value_type = String, example = "1")]
    multiplier: Ppm,
}

/// What the list is filtered and sorted by.
const COLUMNS: &[Column<TokenView>] = &[
    Column { name: "name", uses: Uses::Search, values: |key| vec![key.name.clone()] },
    Column { name: "hint", uses: Uses::Search, values: |key| vec![key.hint.clone()] },
    Column { name: "status", uses: Uses::Facet, values: |key| vec![key.status.to_owned()] },
    Column { name: "channel_group", uses: Uses::Plain, values: |key| key.channel_groups.clone() },
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

/// The routes of a person's own keys.
pub(super) fn routes() -> OpenApiRouter<Console> {
    OpenApiRouter::new()
        .routes(routes!(list_tokens, create_token))
        .routes(routes!(get_token, patch_token, delete_token))
        .routes(routes!(rotate_token))
        .routes(routes!(revoke_token))
        .routes(routes!(reveal_token))
        .routes(routes!(list_my_channel_groups))
}

/// Lists my API keys with what they used.
#[utoipa::path(
    get, path = "/api/tokens", tag = "my api keys", params(ListParams),
    responses((status = 200, body = Page<TokenView>), Problems)
)]
async fn list_tokens(
    State(console): State<Console>,
    caller: Caller,
    Params(params): Params<ListParams>,
) -> Result<Json<Page<TokenView>>, ConsoleError> {
    let query = params.read(&list::fields(&list::names(COLUMNS)))?;
    let owner = caller.user()?.user_id;
    let (reader, groups) = console.own_groups(owner).await?;
    let keys = reader.list_api_keys(Some(owner)).await?;
    let views = keys.iter().map(|key| console.token(key, &groups)).collect();
    let mut page = list::page(views, &query, COLUMNS)?;
    console.add_usage(owner, &mut page.items).await?;
    Ok(Json(page))
}

/// Makes an API key. It is shown in the answer.
#[utoipa::path(
    post, path = "/api/tokens", tag = "my api keys", request_body = NewToken,
    responses((status = 201, body = MadeToken), Problems)
)]
async fn create_token(
    State(console): State<Console>,
    caller: Caller,
    Strict(NewToken { name, channel_groups, limits, rules }): Strict<NewToken>,
) -> Result<(StatusCode, Json<MadeToken>), ConsoleError> {
    let owner = caller.user()?.user_id;
    let channel_groups = Some(channel_groups);
    let wanted = OwnKeyPatch { name: Some(name), enabled: None, channel_groups, limits, rules };
    let (editor, keeps_copy) = (&console.0.editor, console.keeps_copies());
    let made = editor.create_own_key(owner, wanted, keeps_copy, &caller.author()).await?;
    (console.0.reload)().await;
    let token = console.own_token(owner, made.0).await?;
    Ok((StatusCode::CREATED, Json(MadeToken { token, key: made.1.reveal().clone() })))
}

/// Shows one of my API keys, without the secret.
#[utoipa::path(
    get, path = "/api/tokens/{id}", tag = "my api keys",
    params(("id" = String, Path, description = "Its id, `ak_…`")),
    responses((status = 200, body = TokenView), Problems)
)]
async fn get_token(
    State(console): State<Console>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Tagged<TokenView>, ConsoleError> {
    let view = console.own_token(caller.user()?.user_id, parse(&id)?).await?;
    console.tagged_by(&view.core(), view)
}

/// Changes one of my API keys.
#[utoipa::path(
    patch, path = "/api/tokens/{id}", tag = "my api keys", request_body = TokenPatch,
    params(("id" = String, Path, description = "Its id, `ak_…`")),
    responses((status = 200, body = TokenView), Problems)
)]
async fn patch_token(
    State(console): State<Console>,
    caller: Caller,
    Path(id): Path<String>,
    if_match: IfMatch,
    Strict(TokenPatch { name, enabled, channel_groups, limits, rules }): Strict<TokenPatch>,
) -> Result<Tagged<TokenView>, ConsoleError> {
    let (owner, id) = (caller.user()?.user_id, parse(&id)?);
    let patch = OwnKeyPatch { name, enabled, channel_groups, limits, rules };
    let holds = console.unchanged(&if_match);
    console.0.editor.change_own_key(owner, id, patch, &caller.author(), holds).await?;
    (console.0.reload)().await;
    let view = console.own_token(owner, id).await?;
    console.tagged_by(&view.core(), view)
}

/// Deletes one of my API keys. What it used stays.
#[utoipa::path(
    delete, path = "/api/tokens/{id}", tag = "my api keys",
    params(("id" = String, Path, description = "Its id, `ak_…`")),
    responses((status = 204, description = "It is gone"), Problems)
)]
async fn delete_token(
    State(console): State<Console>,
    caller: Caller,
    Path(id): Path<String>,
    if_match: IfMatch,
) -> Result<StatusCode, ConsoleError> {
    let (owner, holds) = (caller.user()?.user_id, console.unchanged(&if_match));
    console.0.editor.delete_own_key(owner, parse(&id)?, &caller.author(), holds).await?;
    (console.0.reload)().await;
    Ok(StatusCode::NO_CONTENT)
}

/// Gives one of my API keys another secret, shown in the answer. The old one stops working.
#[utoipa::path(
    post, path = "/api/tokens/{id}/rotate", tag = "my api keys",
    params(("id" = String, Path, description = "Its id, `ak_…`")),
    responses((status = 200, body = MadeToken), Problems)
)]
async fn rotate_token(
    State(console): State<Console>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<MadeToken>, ConsoleError> {
    let (owner, id) = (caller.user()?.user_id, parse(&id)?);
    let (editor, keeps_copy) = (&console.0.editor, console.keeps_copies());
    let key = editor.rotate_own_key(owner, id, keeps_copy, &caller.author()).await?;
    (console.0.reload)().await;
    let token = console.own_token(owner, id).await?;
    Ok(Json(MadeToken { token, key: key.reveal().clone() }))
}

/// Revokes one of my API keys for good: within a second no node lets it in.
#[utoipa::path(
    post, path = "/api/tokens/{id}/revoke", tag = "my api keys",
    params(("id" = String, Path, description = "Its id, `ak_…`")),
    responses((status = 200, body = TokenView), Problems)
)]
async fn revoke_token(
    State(console): State<Console>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<TokenView>, ConsoleError> {
    let (owner, id) = (caller.user()?.user_id, parse(&id)?);
    let editor = &console.0.editor;
    editor.own_key(editor.store.read(), owner, id).await?;
    editor.revoke(id, &caller.author()).await?;
    (console.0.reload)().await;
    console.own_token(owner, id).await.map(Json)
}

/// Shows the secret of one of my API keys, to who proved who they are within 10 minutes.
#[utoipa::path(
    post, path = "/api/tokens/{id}/reveal", tag = "my api keys",
    params(("id" = String, Path, description = "Its id, `ak_…`")),
    responses((status = 200, body = RevealedToken), Problems)
)]
async fn reveal_token(
    State(console): State<Console>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<RevealedToken>, ConsoleError> {
    let (owner, id) = (caller.user()?.user_id, parse(&id)?);
    let editor = &console.0.editor;
    editor.own_key(editor.store.read(), owner, id).await?;
    console.must_be_fresh(&caller).await?;
    if !console.keeps_copies() {
        let detail = "API keys are not shown again here: rotate the key to get another one";
        return Err(Refusal::new(Code::NotRevealable, detail).into());
    }
    console.count_reveal(&caller)?;
    let revealed = editor.reveal(id, &caller.author()).await?;
    Ok(Json(RevealedToken { key: revealed.key.reveal().clone() }))
}

/// Lists the channel groups that my API keys may use, in order.
#[utoipa::path(
    get, path = "/api/me/channel-groups", tag = "my api keys",
    responses((status = 200, body = Listing<OwnChannelGroup>), Problems)
)]
async fn list_my_channel_groups(
    State(console): State<Console>,
    caller: Caller,
) -> Result<Json<Listing<OwnChannelGroup>>, ConsoleError> {
    let (_, groups) = console.own_groups(caller.user()?.user_id).await?;
    let items = groups
        .allowed()
        .iter()
        .map(|group| OwnChannelGroup { name: group.name.clone(), multiplier: group.multiplier });
    Ok(Json(Listing { items: items.collect() }))
}

fn parse(id: &str) -> Result<ApiKeyId, ConsoleError> {
    id.parse().map_err(|_| ConsoleError::NotFound(format!("api_key `{id}`")))
}

// === impl Console ===

impl Console {
    fn keeps_copies(&self) -> bool {
        self.0.catalog.load().settings().tokens_revealable
    }

    async fn own_groups(
        &self,
        owner: UserId,
    ) -> Result<(realms_store::Reader<'_>, OwnGroups), ConsoleError> {
        let reader = self.0.editor.store.read();
        Ok((reader, OwnGroups::load(reader, owner).await?))
    }

    async fn own_token(&self, owner: UserId, id: ApiKeyId) -> Result<TokenView, ConsoleError> {
        let (reader, groups) = self.own_groups(owner).await?;
        let key = self.0.editor.own_key(reader, owner, id).await?;
        Ok(self.token(&key, &groups))
    }

    /// How a key stands.
    pub(super) fn status_of(&self, key: &ApiKeyRecord) -> &'static str {
        let ends_at = key.rules.ends_at(key.first_used_at);
        let is_over = ends_at.is_some_and(|end| end <= self.now());
        match (key.revoked_at, key.enabled) {
            (Some(_), _) => "revoked",
            (None, false) => "disabled",
            (None, true) if is_over => "expired",
            (None, true) => "active",
        }
    }

    fn token(&self, key: &ApiKeyRecord, groups: &OwnGroups) -> TokenView {
        TokenView {
            id: key.id,
            name: key.name.clone(),
            hint: key.hint.clone(),
            enabled: key.enabled,
            status: self.status_of(key),
            revealable: key.sealed_copy.is_some() && self.keeps_copies(),
            channel_groups: groups.names_of(key),
            limits: key.limits,
            rules: key.rules.clone(),
            multiplier: Some(key.multiplier).filter(|one| *one != Ppm::ONE),
            ends_at: key.rules.ends_at(key.first_used_at),
            created_at: key.created_at,
            updated_at: key.updated_at,
            revoked_at: key.revoked_at,
            last_used_at: key.last_used_at,
            usage_today: None,
            usage_30d: None,
        }
    }

    /// Whether a key still is what somebody read.
    fn unchanged(
        &self,
        if_match: &IfMatch,
    ) -> impl FnOnce(&ApiKeyRecord, &OwnGroups) -> Result<(), ConsoleError> + use<> {
        let (console, if_match) = (self.clone(), if_match.clone());
        move |key, groups| {
            let view = console.token(key, groups).core();
            let keyring = &console.0.editor.keyring;
            if_match.check(keyring, Some(&view), Some(key.updated_at))
        }
    }

    async fn add_usage(&self, owner: UserId, tokens: &mut [TokenView]) -> Result<(), ConsoleError> {
        let of = UsageFilter { user: Some(owner), ..UsageFilter::default() };
        let [today, month] = self.recent_sums(&of, Dimension::ApiKey).await?;
        for token in tokens {
            let sums = |sums: &HashMap<i64, UsageSums>| {
                sums.get(&token.id.raw()).cloned().unwrap_or_default()
            };
            (token.usage_today, token.usage_30d) = (Some(sums(&today)), Some(sums(&month)));
        }
        Ok(())
    }

    /// What each part used today and within 30 days, by the number of its id.
    pub(super) async fn recent_sums(
        &self,
        of: &UsageFilter,
        by: Dimension,
    ) -> Result<[HashMap<i64, UsageSums>; 2], ConsoleError> {
        let zone = self.zone(None)?;
        let midnight = super::usage::buckets::Bucket::Day.floor(zone.now, &zone.zone)?;
        let month = zone.now - MONTH;
        let mut found = [HashMap::new(), HashMap::new()];
        for (since, sums) in [midnight, month].into_iter().zip(&mut found) {
            let filter = UsageFilter { since: Some(since), until: Some(zone.now), ..of.clone() };
            let (store, measure) = (&self.0.editor.store, UsageMeasure::Calls);
            for (key, group) in store.sum_usage_by(&filter, by, measure, usize::MAX).await? {
                if let UsageKey::Id(id) = key {
                    sums.insert(id, UsageSums::from(&group.sums));
                }
            }
        }
        Ok(found)
    }
}

/// What `30d` means.
pub(super) const MONTH: std::time::Duration = std::time::Duration::from_hours(30 * 24);

// === impl TokenView ===

impl TokenView {
    /// What makes it another when it changes: when it last called does not.
    fn core(&self) -> Self {
        Self { last_used_at: None, ..self.clone() }
    }
}

// === impl MadeToken and RevealedToken ===

impl std::fmt::Debug for MadeToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MadeToken").field("token", &self.token).finish_non_exhaustive()
    }
}

impl std::fmt::Debug for RevealedToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RevealedToken").finish_non_exhaustive()
    }
}
