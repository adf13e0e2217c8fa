//! Many objects changed at once: shown, done as shown, taken back for a while.

use std::collections::BTreeSet;

use axum::{
    Json,
    extract::{FromRequestParts, State},
};
use http::request::Parts;
use realms_store::BatchPurpose;
use realms_types::BatchId;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    Console,
    body::Strict,
    caller::{Caller, Principal},
    problem::Problems,
};
use crate::{
    ConsoleError, Refusal,
    apply::Ticket,
    batch::{BatchChange, BatchKind, BatchOutcome, BatchPreview, Claim, MOST_ITEMS, Order, Reach},
};

/// Which objects are to change, and how.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "kind": "channel", "items": ["openai-a", "openai-b"],
    "change": {"enabled": false, "groups_add": ["backup"]}
}))]
pub(super) struct BatchOrder {
    /// What kind of objects.
    kind: BatchKind,
    /// Their names or ids, at most 500; of API keys the ids, or `user/name`.
    #[schema(min_items = 1, max_items = 500)]
    items: Vec<String>,
    /// What is to become of each.
    change: BatchChange,
}

/// Which of my API keys are to change, and how.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"items": ["ak_06a1b2c3d4e5f"], "change": {"enabled": false}}))]
pub(super) struct TokenBatchOrder {
    /// Their ids, at most 500.
    #[schema(min_items = 1, max_items = 500)]
    items: Vec<String>,
    /// What is to become of each: `enabled`, `revoke` or `delete`.
    change: BatchChange,
}

/// A batch that was looked at, or what takes one back.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct BatchToken {
    /// The `token` of the answer before.
    #[schema(example = "ba_06a1b2c3d4e5f")]
    token: String,
}

/// What tells a repeat of a request from another request.
#[derive(Debug)]
pub(super) struct IdempotencyKey(String);

const KEY_HEADER: &str = "idempotency-key";
const LONGEST_KEY: usize = 128;

/// The routes of batches.
pub(super) fn routes() -> OpenApiRouter<Console> {
    OpenApiRouter::new()
        .routes(routes!(preview_batch))
        .routes(routes!(apply_batch))
        .routes(routes!(undo_batch))
        .routes(routes!(preview_token_batch))
        .routes(routes!(apply_token_batch))
        .routes(routes!(undo_token_batch))
}

/// Shows what a change would make of many objects.
///
/// Nothing changes. Each object is judged by itself, so one that cannot be changed is skipped and
/// says why. With the `token` exactly this can be done within 10 minutes.
#[utoipa::path(
    post, path = "/api/admin/batch/preview", tag = "batches", request_body = BatchOrder,
    responses((status = 200, body = BatchPreview), Problems)
)]
async fn preview_batch(
    State(console): State<Console>,
    caller: Caller,
    Strict(BatchOrder { kind, items, change }): Strict<BatchOrder>,
) -> Result<Json<BatchPreview>, ConsoleError> {
    let claim = Claim::of(&caller, Reach::Everything);
    let order = Order { kind, names: bounded(items)?, change };
    console.0.editor.preview_batch(order, &claim, &caller.author()).await.map(Json)
}

/// Does what a preview showed.
///
/// Everything happens in one transaction. An object that somebody changed since is left as it is,
/// and its item says so. A repeat with the same `Idempotency-Key` is answered the same and does
/// nothing.
#[utoipa::path(
    post, path = "/api/admin/batch/apply", tag = "batches", request_body = BatchToken,
    params(("Idempotency-Key" = String, Header, description = "A new one for each request that is no repeat; 1 to 128 visible characters of ASCII")),
    responses((status = 200, body = BatchOutcome), Problems)
)]
async fn apply_batch(
    State(console): State<Console>,
    caller: Caller,
    IdempotencyKey(key): IdempotencyKey,
    Strict(token): Strict<BatchToken>,
) -> Result<Json<BatchOutcome>, ConsoleError> {
    let claim = Claim::of(&caller, Reach::Everything);
    console.run(token, BatchPurpose::Apply, Some(&key), &claim, &caller).await.map(Json)
}

/// Takes back what a batch did, within 10 minutes.
///
/// Only objects that still are as the batch left them go back to what they were; the others say why
/// not. A repeat is answered the same and does nothing.
#[utoipa::path(
    post, path = "/api/admin/batch/undo", tag = "batches", request_body = BatchToken,
    responses((status = 200, body = BatchOutcome), Problems)
)]
async fn undo_batch(
    State(console): State<Console>,
    caller: Caller,
    Strict(token): Strict<BatchToken>,
) -> Result<Json<BatchOutcome>, ConsoleError> {
    let claim = Claim::of(&caller, Reach::Everything);
    console.run(token, BatchPurpose::Undo, None, &claim, &caller).await.map(Json)
}

/// Shows what a change would make of many of my API keys.
///
/// Nothing changes. With the `token` exactly this can be done within 10 minutes.
#[utoipa::path(
    post, path = "/api/tokens/batch/preview", tag = "my api keys",
    request_body = TokenBatchOrder,
    responses((status = 200, body = BatchPreview), Problems)
)]
async fn preview_token_batch(
    State(console): State<Console>,
    caller: Caller,
    Strict(TokenBatchOrder { items, change }): Strict<TokenBatchOrder>,
) -> Result<Json<BatchPreview>, ConsoleError> {
    let claim = Claim::own(&caller)?;
    let order = Order { kind: BatchKind::ApiKey, names: bounded(items)?, change };
    let mut preview = console.0.editor.preview_batch(order, &claim, &caller.author()).await?;
    preview.items.iter_mut().for_each(|item| own_name(&mut item.name));
    Ok(Json(preview))
}

/// Does what a preview of my API keys showed.
///
/// A key that changed since is left as it is, and its item says so. A repeat with the same
/// `Idempotency-Key` is answered the same and does nothing.
#[utoipa::path(
    post, path = "/api/tokens/batch/apply", tag = "my api keys", request_body = BatchToken,
    params(("Idempotency-Key" = String, Header, description = "A new one for each request that is no repeat; 1 to 128 visible characters of ASCII")),
    responses((status = 200, body = BatchOutcome), Problems)
)]
async fn apply_token_batch(
    State(console): State<Console>,
    caller: Caller,
    IdempotencyKey(key): IdempotencyKey,
    Strict(token): Strict<BatchToken>,
) -> Result<Json<BatchOutcome>, ConsoleError> {
    let claim = Claim::own(&caller)?;
    let outcome = console.run(token, BatchPurpose::Apply, Some(&key), &claim, &caller).await?;
    Ok(Json(own(outcome)))
}

/// Takes back what a batch did to my API keys, within 10 minutes.
///
/// Only keys that still are as the batch left them go back to what they were. A repeat is answered
/// the same and does nothing.
#[utoipa::path(
    post, path = "/api/tokens/batch/undo", tag = "my api keys", request_body = BatchToken,
    responses((status = 200, body = BatchOutcome), Problems)
)]
async fn undo_token_batch(
    State(console): State<Console>,
    caller: Caller,
    Strict(token): Strict<BatchToken>,
) -> Result<Json<BatchOutcome>, ConsoleError> {
    let claim = Claim::own(&caller)?;
    let outcome = console.run(token, BatchPurpose::Undo, None, &claim, &caller).await?;
    Ok(Json(own(outcome)))
}

fn bounded(items: Vec<String>) -> Result<BTreeSet<String>, Refusal> {
    if items.is_empty() {
        return Err(Refusal::field("/items", "required", "say which objects are to change"));
    }
    if items.len() > MOST_ITEMS {
        let detail = format!("at most {MOST_ITEMS} objects change at once");
        return Err(Refusal::field("/items", "too_long", detail));
    }
    Ok(items.into_iter().collect())
}

/// To their owner keys are known without the owner's name.
fn own_name(name: &mut String) {
    if let Some((_, own)) = name.split_once('/') {
        *name = own.to_owned();
    }
}

fn own(mut outcome: BatchOutcome) -> BatchOutcome {
    outcome.items.iter_mut().for_each(|item| own_name(&mut item.name));
    outcome
}

// === impl IdempotencyKey ===

impl<S: Sync> FromRequestParts<S> for IdempotencyKey {
    type Rejection = ConsoleError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ConsoleError> {
        let key = parts.headers.get(KEY_HEADER).and_then(|value| value.to_str().ok());
        let sound = key.filter(|key| {
            (1..=LONGEST_KEY).contains(&key.len())
                && key.bytes().all(|byte| byte.is_ascii_graphic())
        });
        let refused = || {
            ConsoleError::Malformed(format!(
                "send an `Idempotency-Key` of 1 to {LONGEST_KEY} visible characters of ASCII, a new \
                 one for each request that is no repeat"
            ))
        };
        sound.map(|key| Self(key.to_owned())).ok_or_else(refused)
    }
}

// === impl Claim ===

impl Claim {
    fn of(caller: &Caller, reach: Reach) -> Self {
        let owner = match &caller.principal {
            Principal::User(signed_in) => signed_in.user_id.to_string(),
            Principal::AdminKey { id: Some(id), .. } => id.to_string(),
            Principal::AdminKey { id: None, .. } => "environment".to_owned(),
        };
        // What was shown of one's own keys is not what was shown with more rights.
        let owner = match reach {
            Reach::Everything => owner,
            Reach::Own(_) => format!("{owner}:own"),
        };
        Self { owner, reach }
    }

    fn own(caller: &Caller) -> Result<Self, ConsoleError> {
        Ok(Self::of(caller, Reach::Own(caller.user()?.user_id)))
    }
}

// === impl Console ===

impl Console {
    async fn run(
        &self,
        BatchToken { token }: BatchToken,
        purpose: BatchPurpose,
        key: Option<&str>,
        claim: &Claim,
        caller: &Caller,
    ) -> Result<BatchOutcome, ConsoleError> {
        let malformed = |_| ConsoleError::Malformed("`token` is not one of a batch".to_owned());
        let token: BatchId = token.parse().map_err(malformed)?;
        let ticket = Ticket { token, purpose, key };
        let ran = self.0.editor.run_batch(ticket, claim, &caller.author()).await?;
        if ran.is_new {
            (self.0.reload)().await;
        }
        Ok(ran.outcome)
    }
}
