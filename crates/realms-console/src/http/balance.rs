//! Balances: what users have, what is held of it, and every movement; and what root gives or takes.

use axum::{
    Json,
    extract::{Path, State},
    response::{IntoResponse as _, Response},
};
use http::header;
use realms_commerce::Commerce;
use realms_ledger::{AccountId, Ledger};
use realms_store::{EntryRecord, HoldRecord};
use realms_types::{EntryId, Money, RequestId, Timestamp, UserId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    Console,
    body::{Params, Strict},
    caller::Caller,
    csv,
    list::{Page, Place},
    problem::Problems,
};
use crate::{ByHand, Code, ConsoleError, Refusal, words};

/// The most in a file.
const MOST_IN_FILE: u64 = 10_000;
/// Running calls that are told of.
const MOST_HOLDS: u64 = 100;

/// What a user has.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Balance {
    /// What calls can be made for, in USD as a decimal string. Negative: so much is owed.
    #[schema(value_type = String)]
    available_usd: Money,
    /// What is held for running calls.
    #[schema(value_type = String)]
    held_usd: Money,
    /// The running calls that hold something, the newest first; at most 100.
    holds: Vec<HoldView>,
}

/// What is held for a running call.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct HoldView {
    /// The call.
    #[schema(value_type = String)]
    request_id: RequestId,
    /// The model it named.
    #[serde(skip_serializing_if = "Option::is_none")]
    model: Option<String>,
    /// What it may cost.
    #[schema(value_type = String)]
    held_usd: Money,
    /// What it had cost when that was last written down.
    #[schema(value_type = String)]
    metered_usd: Money,
    /// Since when.
    #[schema(value_type = String, format = DateTime)]
    since: Timestamp,
    /// Until when it lives unless its call renews it.
    #[schema(value_type = String, format = DateTime)]
    lease_until: Timestamp,
}

/// A movement of money.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct EntryView {
    /// Its id.
    #[schema(value_type = String, example = "le_06a1b2c3d4e5f")]
    id: EntryId,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// What it is for.
    #[schema(value_type = words::EntryKind)]
    kind: &'static str,
    /// What the balance gained; negative: lost.
    #[schema(value_type = String)]
    amount_usd: Money,
    /// The call it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    request_id: Option<RequestId>,
    /// What it is about outside, such as a payment.
    #[serde(skip_serializing_if = "Option::is_none")]
    reference: Option<String>,
    /// Why, in a person's words.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    /// Who did it; for operators.
    #[serde(skip_serializing_if = "Option::is_none")]
    actor: Option<String>,
}

/// Which movements are listed.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct EntryParams {
    /// `next` of the page before.
    cursor: Option<String>,
    /// At most so many, up to 200. Default 50.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u64>,
}

/// What is given or taken by hand.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Adjustment {
    /// What the balance gains, in USD as a decimal string; negative: what it loses. What is not available
    /// cannot be taken.
    #[schema(value_type = String, example = "25")]
    amount_usd: Money,
    /// Why, in 1 to 500 characters.
    #[schema(min_length = 1, max_length = 500)]
    reason: String,
    /// What makes a repetition known: the same key moves money once. At most 80 letters, digits and
    /// punctuation.
    #[serde(default)]
    key: Option<String>,
}

/// The routes of balances.
pub(super) fn routes() -> OpenApiRouter<Console> {
    OpenApiRouter::new()
        .routes(routes!(get_own_balance))
        .routes(routes!(list_own_entries))
        .routes(routes!(export_own_entries))
        .routes(routes!(get_balance, adjust_balance))
        .routes(routes!(list_entries))
}

/// Shows what you have.
#[utoipa::path(
    get, path = "/api/balance", tag = "balance",
    responses((status = 200, body = Balance), Problems)
)]
async fn get_own_balance(
    State(console): State<Console>,
    caller: Caller,
) -> Result<Json<Balance>, ConsoleError> {
    console.balance(caller.user()?.user_id).await.map(Json)
}

/// Lists the movements of your balance, the newest first.
#[utoipa::path(
    get, path = "/api/balance/entries", tag = "balance", params(EntryParams),
    responses((status = 200, body = Page<EntryView>), Problems)
)]
async fn list_own_entries(
    State(console): State<Console>,
    caller: Caller,
    Params(params): Params<EntryParams>,
) -> Result<Json<Page<EntryView>>, ConsoleError> {
    console.entries(caller.user()?.user_id, &params, false).await.map(Json)
}

/// The movements of your balance as a table: the newest ten thousand.
#[utoipa::path(
    get, path = "/api/balance/entries/export", tag = "balance",
    responses((status = 200, content_type = "text/csv", body = String), Problems)
)]
async fn export_own_entries(
    State(console): State<Console>,
    caller: Caller,
) -> Result<Response, ConsoleError> {
    console.keeps_balances()?;
    let account = AccountId::user(caller.user()?.user_id);
    let store = &console.0.editor.store;
    let entries = store.read().list_entries_of(account, None, MOST_IN_FILE).await?;
    let text = table(entries.into_iter().map(|entry| EntryView::new(entry, account, false)));
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"balance.csv\""),
        (header::CACHE_CONTROL, "no-store"),
    ];
    Ok((headers, text).into_response())
}

/// Shows what a user has.
#[utoipa::path(
    get, path = "/api/admin/users/{name}/balance", tag = "balance",
    params(("name" = String, Path, description = "Its name or its id")),
    responses((status = 200, body = Balance), Problems)
)]
async fn get_balance(
    State(console): State<Console>,
    Path(name): Path<String>,
) -> Result<Json<Balance>, ConsoleError> {
    let user = console.named_user(console.0.editor.store.read(), &name).await?;
    console.balance(user.id).await.map(Json)
}

/// Lists the movements of a user's balance, the newest first.
#[utoipa::path(
    get, path = "/api/admin/users/{name}/balance/entries", tag = "balance",
    params(("name" = String, Path, description = "Its name or its id"), EntryParams),
    responses((status = 200, body = Page<EntryView>), Problems)
)]
async fn list_entries(
    State(console): State<Console>,
    Path(name): Path<String>,
    Params(params): Params<EntryParams>,
) -> Result<Json<Page<EntryView>>, ConsoleError> {
    let user = console.named_user(console.0.editor.store.read(), &name).await?;
    console.entries(user.id, &params, true).await.map(Json)
}

/// Gives to a user's balance or takes from it, with a reason. It is in the audit log with it. A person
/// must have proved lately who they are.
#[utoipa::path(
    post, path = "/api/admin/users/{name}/balance", tag = "balance", request_body = Adjustment,
    params(("name" = String, Path, description = "Its name or its id")),
    responses((status = 200, body = Balance), Problems)
)]
async fn adjust_balance(
    State(console): State<Console>,
    caller: Caller,
    Path(name): Path<String>,
    Strict(adjustment): Strict<Adjustment>,
) -> Result<Json<Balance>, ConsoleError> {
    console.must_be_fresh(&caller).await?;
    let ledger = console.keeps_balances()?;
    let editor = &console.0.editor;
    let user = console.named_user(editor.store.read(), &name).await?;
    let Adjustment { amount_usd: amount, reason, key } = adjustment;
    let by_hand = ByHand { amount, reason, key };
    let (movement, audit) = editor.by_hand(&user, by_hand, caller.actor());
    ledger.adjust_audited(movement, audit).await?;
    console.balance(user.id).await.map(Json)
}

/// What self mode says to whoever asks for money.
fn nothing_is_charged() -> ConsoleError {
    let detail = "balances are kept in business mode only";
    Refusal::new(Code::FeatureOff, detail).with("feature", "billing").into()
}

fn table(entries: impl Iterator<Item = EntryView>) -> String {
    let mut text = csv::BYTE_ORDER_MARK.to_owned();
    csv::row(&mut text, ["id", "at", "kind", "amount_usd", "request_id", "reference", "reason"]);
    for entry in entries {
        let EntryView { id, at, kind, amount_usd, request_id, reference, reason, .. } = entry;
        let request = request_id.map(|id| id.to_string()).unwrap_or_default();
        let cells = [
            id.to_string(),
            at.to_string(),
            kind.to_owned(),
            amount_usd.to_string(),
            request,
            reference.unwrap_or_default(),
            reason.unwrap_or_default(),
        ];
        csv::row(&mut text, cells.iter().map(String::as_str));
    }
    text
}

// === impl Console ===

impl Console {
    /// What sells; a refusal in self mode, where nothing is sold.
    pub(super) fn sells(&self) -> Result<&Commerce, ConsoleError> {
        self.0.commerce.as_ref().ok_or_else(nothing_is_charged)
    }

    /// What moves money; a refusal in self mode, where nothing is charged.
    pub(super) fn keeps_balances(&self) -> Result<&Ledger, ConsoleError> {
        let relay = &self.0.relay;
        if relay.self_mode { Err(nothing_is_charged()) } else { Ok(&relay.ledger) }
    }

    async fn balance(&self, user: UserId) -> Result<Balance, ConsoleError> {
        self.keeps_balances()?;
        let (account, read) = (AccountId::user(user), self.0.editor.store.read());
        let found = read.find_balance(account).await?;
        let holds = read.list_holds_of(account, MOST_HOLDS).await?;
        Ok(Balance {
            available_usd: found.map_or(Money::ZERO, |balance| balance.available),
            held_usd: found.map_or(Money::ZERO, |balance| balance.held),
            holds: holds.into_iter().map(HoldView::from).collect(),
        })
    }

    async fn entries(
        &self,
        user: UserId,
        params: &EntryParams,
        actors: bool,
    ) -> Result<Page<EntryView>, ConsoleError> {
        self.keeps_balances()?;
        let place = Place::read(params.cursor.as_deref(), params.limit)?;
        let account = AccountId::user(user);
        let read = self.0.editor.store.read();
        let entries = read.list_entries_of(account, place.before, place.fetched()).await?;
        let view = |entry| EntryView::new(entry, account, actors);
        Ok(place.page(entries, |entry| entry.id, view))
    }
}

// === impl EntryView ===

impl EntryView {
    fn new(entry: EntryRecord, account: AccountId, actors: bool) -> Self {
        let own = entry.postings.iter().find(|posting| posting.account == account);
        Self {
            id: entry.id,
            at: entry.created_at,
            kind: entry.kind.as_str(),
            amount_usd: own.map_or(Money::ZERO, |posting| posting.amount),
            request_id: entry.request_id,
            reference: entry.reference,
            reason: entry.reason,
            actor: entry.actor.filter(|_| actors),
        }
    }
}

// === impl HoldView ===

impl From<HoldRecord> for HoldView {
    fn from(hold: HoldRecord) -> Self {
        Self {
            request_id: hold.request_id,
            model: hold.call.map(|call| call.model),
            held_usd: hold.amount,
            metered_usd: hold.metered,
            since: hold.created_at,
            lease_until: hold.lease_until,
        }
    }
}
