//! Calls whose usage cannot be true: those that wait for somebody to look at them, and what was decided.
//!
//! Only business mode has any: where nobody pays, nothing is put aside.

use std::{collections::HashMap, convert::identity};

use axum::{
    Json,
    extract::{Path, State},
};
use realms_ledger::{LedgerError, Refusal as Refused, Review, would_cost};
use realms_relay::Doubt;
use realms_store::{
    AuditRecord, ReviewFilter, ReviewNote, ReviewRecord, ReviewStep, StoreError, UsageRecord,
};
use realms_types::{Billing, Money, RecordId, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    Console,
    body::{Params, Strict},
    call_view::{CallNames, CallView},
    caller::Caller,
    list::{Page, Place},
    noting::change,
    problem::Problems,
};
use crate::{ConsoleError, refusal::check_reason, words};

/// A call whose usage cannot be true.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct QuarantinedCall {
    /// The call: its `billing` says what was decided, its `cost_usd` what it was charged.
    call: CallView,
    /// Why nobody believes its usage.
    #[schema(value_type = words::UsageDoubt)]
    doubt: &'static str,
    /// What its usage would have cost, in USD as a decimal string: no more can be charged. Left out where
    /// nobody can say.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    would_cost_usd: Option<Money>,
    /// Who decided about it; left out as long as it waits.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<CallReview>)]
    review: Option<CallReview>,
}

/// Who decided about a call, when and why.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CallReview {
    /// When.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// Who.
    by: String,
    /// Why, in their words.
    reason: String,
}

/// Which calls are listed.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct QuarantineParams {
    /// Those about which somebody decided, in place of those that wait.
    decided: Option<bool>,
    /// `next` of the page before.
    cursor: Option<String>,
    /// At most so many, up to 200. Default 50.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u64>,
}

/// Why a call is charged nothing.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CallWaiver {
    /// Why. The user reads it.
    #[schema(max_length = 200)]
    reason: String,
}

/// What a call is charged, and why.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CallCharge {
    /// How much, in USD as a decimal string: above nothing, and no more than its usage would have cost.
    #[schema(value_type = String, example = "0.5")]
    amount_usd: Money,
    /// Why. The user reads it.
    #[schema(max_length = 200)]
    reason: String,
}

/// The routes of calls whose usage cannot be true.
pub(super) fn routes() -> OpenApiRouter<Console> {
    OpenApiRouter::new()
        .routes(routes!(list_quarantine))
        .routes(routes!(waive_call))
        .routes(routes!(charge_call))
}

/// Lists the calls whose usage cannot be true, the newest first: those that wait for somebody to look at them, or
/// those about which somebody decided. `approx_total` says how many there are.
#[utoipa::path(
    get, path = "/api/admin/quarantine", tag = "quarantine", params(QuarantineParams),
    responses((status = 200, body = Page<QuarantinedCall>), Problems)
)]
async fn list_quarantine(
    State(console): State<Console>,
    Params(params): Params<QuarantineParams>,
) -> Result<Json<Page<QuarantinedCall>>, ConsoleError> {
    console.keeps_balances()?;
    let place = Place::read(params.cursor.as_deref(), params.limit)?;
    let decided = params.decided.unwrap_or(false);
    let filter = ReviewFilter { decided, before: place.before, limit: place.fetched() };
    let read = console.0.editor.store.read();
    let found = read.list_reviews(filter).await?;
    let total = read.count_reviews(decided).await?;
    let Page { items, next, .. } = place.page(found, |review| review.record, identity);
    let items = console.quarantined(items).await?;
    Ok(Json(Page { approx_total: Some(total), ..Page::new(items, next) }))
}

/// Charges nothing for a call whose usage cannot be true. A person must have proved lately who they are.
#[utoipa::path(
    post, path = "/api/admin/quarantine/{request_id}/waive", tag = "quarantine",
    request_body = CallWaiver,
    params(("request_id" = String, Path, description = "The id of the call")),
    responses((status = 200, body = QuarantinedCall), Problems)
)]
async fn waive_call(
    State(console): State<Console>,
    caller: Caller,
    Path(request_id): Path<String>,
    Strict(CallWaiver { reason }): Strict<CallWaiver>,
) -> Result<Json<QuarantinedCall>, ConsoleError> {
    console.must_be_fresh(&caller).await?;
    check_reason(&reason)?;
    let call = console.doubted_call(&request_id).await?;
    let audit = console.audit_review(&caller, &call, "usage.waive", &reason, Money::ZERO);
    let step = ReviewStep {
        record: call.id,
        request_id: call.request_id,
        started_at: call.started_at,
        charge: Money::ZERO,
        note: ReviewNote { at: audit.at, by: audit.actor.name.clone(), reason },
    };
    let mut tx = console.0.editor.store.begin().await?;
    if !tx.review_usage(&step).await? {
        return Err(decided_before());
    }
    tx.insert_audit(&audit).await?;
    tx.commit().await?;
    console.reviewed(call.id).await.map(Json)
}

/// Charges a call whose usage cannot be true what somebody decided, once. The same amount again changes nothing;
/// another is refused. What the balance does not have cannot be charged. A person must have proved lately who they are.
#[utoipa::path(
    post, path = "/api/admin/quarantine/{request_id}/charge", tag = "quarantine",
    request_body = CallCharge,
    params(("request_id" = String, Path, description = "The id of the call")),
    responses((status = 200, body = QuarantinedCall), Problems)
)]
async fn charge_call(
    State(console): State<Console>,
    caller: Caller,
    Path(request_id): Path<String>,
    Strict(CallCharge { amount_usd, reason }): Strict<CallCharge>,
) -> Result<Json<QuarantinedCall>, ConsoleError> {
    console.must_be_fresh(&caller).await?;
    check_reason(&reason)?;
    let ledger = console.keeps_balances()?;
    let call = console.doubted_call(&request_id).await?;
    let audit = console.audit_review(&caller, &call, "usage.charge", &reason, amount_usd);
    let review = Review { amount: amount_usd, reason, audit };
    let charged = ledger.charge_reviewed(&call, review).await;
    charged.map_err(|error| match error {
        LedgerError::Refused(Refused::Overtaken | Refused::KeyReused(_)) => decided_before(),
        other => other.into(),
    })?;
    console.reviewed(call.id).await.map(Json)
}

/// Of two who decide, the first one does.
fn decided_before() -> ConsoleError {
    let detail = "somebody has decided about this call already: look at what they decided";
    ConsoleError::Conflict(detail.to_owned())
}

fn missing(request_id: &str) -> ConsoleError {
    let shown: String = request_id.chars().take(64).collect();
    ConsoleError::NotFound(format!("call `{shown}` whose usage cannot be true"))
}

// === impl Console ===

impl Console {
    /// A call whose usage cannot be true, whether or not somebody decided about it.
    async fn doubted_call(&self, request_id: &str) -> Result<UsageRecord, ConsoleError> {
        self.keeps_balances()?;
        let is_doubted = |call: &UsageRecord| {
            matches!(call.billing, Some(Billing::Quarantined | Billing::Reviewed | Billing::Waived))
        };
        let call = self.find_call(request_id).await?.filter(is_doubted);
        call.ok_or_else(|| missing(request_id))
    }

    /// What the audit log says of a decision.
    fn audit_review(
        &self,
        caller: &Caller,
        call: &UsageRecord,
        action: &str,
        reason: &str,
        charge: Money,
    ) -> AuditRecord {
        let changes =
            vec![change("charged_usd", charge.to_string()), change("reason", reason.to_owned())];
        self.act(caller, action, ("usage", &call.request_id.to_string()), changes)
    }

    /// A call as it is after a decision.
    async fn reviewed(&self, record: RecordId) -> Result<QuarantinedCall, ConsoleError> {
        let gone = || StoreError::NotFound { what: format!("record {record}") };
        let review = self.0.editor.store.read().find_review(record).await?.ok_or_else(gone)?;
        Ok(self.quarantined(vec![review]).await?.pop().ok_or_else(gone)?)
    }

    /// These calls as they are shown; one whose record is gone is left out.
    async fn quarantined(
        &self,
        reviews: Vec<ReviewRecord>,
    ) -> Result<Vec<QuarantinedCall>, ConsoleError> {
        let ids: Vec<RecordId> = reviews.iter().map(|review| review.record).collect();
        let calls = self.0.editor.store.get_usage(&ids).await?;
        let names = self.call_names(&calls, true).await?;
        let mut calls: HashMap<RecordId, UsageRecord> =
            calls.into_iter().map(|call| (call.id, call)).collect();
        let view = |ReviewRecord { record, note }| {
            calls.remove(&record).map(|call| QuarantinedCall::new(&names, call, note))
        };
        Ok(reviews.into_iter().filter_map(view).collect())
    }
}

// === impl QuarantinedCall ===

impl QuarantinedCall {
    fn new(names: &CallNames, call: UsageRecord, note: Option<ReviewNote>) -> Self {
        let would_cost_usd = would_cost(&call);
        Self {
            doubt: Doubt::of(&call.usage, would_cost_usd).as_str(),
            call: names.view(call),
            would_cost_usd,
            review: note.map(CallReview::from),
        }
    }
}

// === impl CallReview ===

impl From<ReviewNote> for CallReview {
    fn from(ReviewNote { at, by, reason }: ReviewNote) -> Self {
        Self { at, by, reason }
    }
}
