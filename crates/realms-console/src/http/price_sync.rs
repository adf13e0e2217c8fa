//! How prices are kept up with a list elsewhere: how it stands, and what somebody decides about prices that wait.

use std::collections::BTreeSet;

use axum::{Json, extract::State};
use realms_catalog::PriceSyncSettings;
use realms_store::{
    ModelRecord, PriceSource, PriceSync as Held, PriceSyncOutcome, SyncFailure, WaitingPrice,
};
use realms_types::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    Console, body::Strict, caller::Caller, noting::change, price_view::Price, problem::Problems,
};
use crate::{
    ConsoleError,
    price_sync::{next_look, shown},
    prices::{self, Taken},
    words,
};

/// How prices are kept up with a list elsewhere. What is set about it is in the settings `price_sync_…`.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct PriceSyncView {
    /// Where the list is: host and path; left out where none is set.
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<String>,
    /// Hours between two looks; 0: nobody looks by itself.
    every_hours: u32,
    /// What becomes of prices that changed.
    #[schema(value_type = words::PriceSyncMode)]
    mode: &'static str,
    /// A price that moves by more than so many times waits, whatever the mode is.
    factor: u32,
    /// Whether somebody is looking now.
    running: bool,
    /// When the list is looked at next, if it is by itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    next_at: Option<Timestamp>,
    /// What the last look came to.
    #[serde(skip_serializing_if = "Option::is_none")]
    last: Option<PriceSyncReport>,
    /// It moves with everything that changes what waits: decisions name the one that they are about.
    revision: i64,
    /// The prices that wait for somebody, by model; at most 2,000.
    waiting: Vec<WaitingRow>,
}

/// What a look at the list came to.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct PriceSyncReport {
    /// When it was over.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// Where the list was: host and path.
    source: String,
    /// What made it.
    #[schema(value_type = words::PriceSyncTrigger)]
    trigger: &'static str,
    /// Whether the list was the one of the look before, and nothing had changed here since.
    same: bool,
    /// Models in the list.
    listed: u64,
    /// Prices that were set.
    applied: u64,
    /// Prices that waited for somebody afterwards.
    waiting: u64,
    /// Those of them that move too far to be set by themselves.
    held_back: u64,
    /// Pinned prices that the list has otherwise: they stay.
    pinned: u64,
    /// Models without a price that the list has none for.
    unpriced: u64,
    /// Why it came to nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<words::PriceSyncFailure>)]
    failure: Option<&'static str>,
    /// The same in a sentence.
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
}

/// A price that waits for somebody.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct WaitingRow {
    /// The model.
    model: String,
    /// Why it waits.
    #[schema(value_type = words::PriceWaiting)]
    cause: &'static str,
    /// The price that is there.
    #[serde(skip_serializing_if = "Option::is_none")]
    before: Option<Price>,
    /// The price of the list.
    after: Price,
    /// How many times what it was, when that is more than 10 or less than a tenth.
    #[serde(skip_serializing_if = "Option::is_none")]
    factor: Option<f64>,
}

/// A decision about prices that wait.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PriceDecision {
    /// `revision` of what the decision is about.
    revision: i64,
    /// The models, by name.
    models: BTreeSet<String>,
}

/// The routes of keeping prices up with a list elsewhere.
pub(super) fn routes() -> OpenApiRouter<Console> {
    OpenApiRouter::new()
        .routes(routes!(get_price_sync))
        .routes(routes!(run_price_sync))
        .routes(routes!(accept_prices))
        .routes(routes!(dismiss_prices))
}

/// Tells how prices are kept up with a list elsewhere, and which of them wait for somebody.
#[utoipa::path(
    get, path = "/api/admin/price-sync", tag = "models",
    responses((status = 200, body = PriceSyncView), Problems)
)]
async fn get_price_sync(
    State(console): State<Console>,
) -> Result<Json<PriceSyncView>, ConsoleError> {
    console.price_sync_view().await.map(Json)
}

/// Looks at the list now, as the schedule would.
///
/// What came of it is in `last`: a list that cannot be had is no error of this request.
#[utoipa::path(
    post, path = "/api/admin/price-sync/run", tag = "models",
    responses((status = 200, body = PriceSyncView), Problems)
)]
async fn run_price_sync(
    State(console): State<Console>,
) -> Result<Json<PriceSyncView>, ConsoleError> {
    let sync = console.price_sync();
    // It goes on when whoever asked leaves: half a look is none.
    let looking = console.0.relay.tasks.spawn(async move { sync.run().await });
    let ran = looking.await.map_err(|error| ConsoleError::Internal(error.to_string()))??;
    if !ran {
        let detail = "somebody is looking at the list already: wait for what comes of it";
        return Err(ConsoleError::Conflict(detail.to_owned()));
    }
    console.price_sync_view().await.map(Json)
}

/// Sets prices that wait.
#[utoipa::path(
    post, path = "/api/admin/price-sync/accept", tag = "models", request_body = PriceDecision,
    responses((status = 200, body = PriceSyncView), Problems)
)]
async fn accept_prices(
    State(console): State<Console>,
    caller: Caller,
    Strict(decision): Strict<PriceDecision>,
) -> Result<Json<PriceSyncView>, ConsoleError> {
    let (held, models) = console.held_by(&decision).await?;
    let before = |name: &str| models.iter().find(|model| model.name == name)?.price.clone();
    let (chosen, left): (Vec<_>, Vec<_>) =
        held.waiting.into_iter().partition(|one| decision.models.contains(&one.model));
    let taken: Vec<Taken> = chosen
        .into_iter()
        .map(|one| Taken { before: before(&one.model), model: one.model, after: one.price })
        .collect();
    let author = caller.author();
    console.0.price_sync.set(&taken, PriceSource::Imported, &author).await?;
    let tx = console.0.editor.store.begin().await?;
    // Another look in between has found out already what is set by now.
    if tx.keep_waiting_prices(held.revision, &left).await? {
        tx.commit().await?;
    }
    console.price_sync_view().await.map(Json)
}

/// Decides against prices that wait: they are not shown again until the list says others.
#[utoipa::path(
    post, path = "/api/admin/price-sync/dismiss", tag = "models", request_body = PriceDecision,
    responses((status = 200, body = PriceSyncView), Problems)
)]
async fn dismiss_prices(
    State(console): State<Console>,
    caller: Caller,
    Strict(decision): Strict<PriceDecision>,
) -> Result<Json<PriceSyncView>, ConsoleError> {
    let (held, _) = console.held_by(&decision).await?;
    let waiting: Vec<WaitingPrice> = held
        .waiting
        .into_iter()
        .map(|one| WaitingPrice {
            dismissed: one.dismissed || decision.models.contains(&one.model),
            ..one
        })
        .collect();
    let source = held.outcome.map(|last| last.source).unwrap_or_default();
    let names: Vec<&str> = decision.models.iter().map(String::as_str).collect();
    let changes = vec![change("dismissed", names.join(", "))];
    let audit = console.act(&caller, "price_list.dismiss", ("price_list", &source), changes);
    let mut tx = console.0.editor.store.begin().await?;
    if !tx.keep_waiting_prices(held.revision, &waiting).await? {
        return Err(overtaken());
    }
    tx.insert_audit(&audit).await?;
    tx.commit().await?;
    console.price_sync_view().await.map(Json)
}

fn overtaken() -> ConsoleError {
    let detail = "what waits is not any more as it was shown: look at it again";
    ConsoleError::Conflict(detail.to_owned())
}

// === impl Console ===

impl Console {
    async fn price_sync_view(&self) -> Result<PriceSyncView, ConsoleError> {
        let (settings, held) = (self.0.price_sync.settings(), self.0.price_sync.held().await?);
        let models = self.0.editor.store.read().list_models().await?;
        Ok(PriceSyncView::of(&settings, held, &models, self.0.editor.clock.now()))
    }

    /// What a decision is about, with the models that are there; refused unless it is as it was shown.
    async fn held_by(
        &self,
        decision: &PriceDecision,
    ) -> Result<(Held, Vec<ModelRecord>), ConsoleError> {
        let held = self.0.price_sync.held().await?;
        let models = self.0.editor.store.read().list_models().await?;
        let is_open = |name: &String| {
            let waiting = held.waiting.iter().find(|one| one.model == *name);
            waiting.is_some_and(|one| !one.dismissed && prices::is_offered(one, &models))
        };
        if held.revision != decision.revision || !decision.models.iter().all(is_open) {
            return Err(overtaken());
        }
        Ok((held, models))
    }
}

// === impl PriceSyncView ===

impl PriceSyncView {
    fn of(
        settings: &PriceSyncSettings,
        held: Held,
        models: &[ModelRecord],
        now: Timestamp,
    ) -> Self {
        let next_at = next_look(settings, &held).map(|at| at.max(now));
        let offered = |one: &WaitingPrice| !one.dismissed && prices::is_offered(one, models);
        let waiting = held.waiting.into_iter().filter(offered);
        Self {
            source: settings.url.as_ref().map(shown),
            every_hours: settings.hours,
            mode: settings.mode.as_str(),
            factor: settings.factor,
            running: held.busy_until > now,
            next_at,
            last: held.outcome.map(PriceSyncReport::from),
            revision: held.revision,
            waiting: waiting.map(|one| WaitingRow::of(one, models)).collect(),
        }
    }
}

// === impl PriceSyncReport ===

impl From<PriceSyncOutcome> for PriceSyncReport {
    fn from(outcome: PriceSyncOutcome) -> Self {
        Self {
            at: outcome.at,
            source: outcome.source,
            trigger: outcome.trigger.as_str(),
            same: outcome.same,
            listed: outcome.listed,
            applied: outcome.applied,
            waiting: outcome.waiting,
            held_back: outcome.held_back,
            pinned: outcome.pinned,
            unpriced: outcome.unpriced,
            failure: outcome.failure.map(SyncFailure::as_str),
            detail: outcome.detail,
        }
    }
}

// === impl WaitingRow ===

impl WaitingRow {
    fn of(waiting: WaitingPrice, models: &[ModelRecord]) -> Self {
        let WaitingPrice { model, price, cause, .. } = waiting;
        let held = models.iter().find(|one| one.name == model);
        let before = held.and_then(|held| held.price.clone());
        Self {
            model,
            cause: cause.as_str(),
            factor: before.as_ref().and_then(|before| prices::factor(before, &price)),
            before: before.map(Price::from),
            after: Price::from(price),
        }
    }
}
