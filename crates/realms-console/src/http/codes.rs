//! Redemption codes: what root makes and hands out, and what users redeem.

use std::collections::HashMap;

use axum::{
    Json,
    extract::{Path, State},
    response::{IntoResponse as _, Response},
};
use http::{StatusCode, header};
use realms_commerce::{CodeBatch, CodeRefusal, Commerce, CommerceError, NewCode, Redeemed, Worth};
use realms_store::{AuditChange, CodeFilter, RedemptionCodeRecord, Start};
use realms_types::{Money, PlanId, RedemptionCodeId, Secret, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    Console,
    body::{Params, Strict, optional_secret, secret},
    caller::Caller,
    csv,
    list::{Page, Place},
    noting::change,
    problem::Problems,
};
use crate::{ConsoleError, Refusal, refusal::check_name, words};

/// The most in a file, and how many are read for it at once.
const MOST_IN_FILE: usize = 10_000;
const AT_ONCE: u64 = 1_000;

/// The short names of plans.
type PlanCodes = HashMap<PlanId, String>;

/// A redemption code, without its letters.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CodeView {
    /// Its id.
    #[schema(value_type = String, example = "rc_06a1b2c3d4e5f")]
    id: RedemptionCodeId,
    /// The name of those that were made together.
    batch: String,
    /// Its last 4 letters.
    hint: String,
    /// What the balance of whoever redeems it gains, in USD as a decimal string; left out where it gives time
    /// of a plan.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, example = "5")]
    amount_usd: Option<Money>,
    /// The short name of the plan it gives time of.
    #[serde(skip_serializing_if = "Option::is_none")]
    plan: Option<String>,
    /// How many people may redeem it, each once.
    most_uses: i64,
    /// How many did.
    used: i64,
    /// How it stands.
    #[schema(value_type = words::CodeStatus)]
    status: &'static str,
    /// From when on it is good for nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    expires_at: Option<Timestamp>,
    /// Who made it.
    created_by: String,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
}

/// Which codes are listed.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct CodeParams {
    /// Only those that were made together under this name.
    batch: Option<String>,
    /// `next` of the page before.
    cursor: Option<String>,
    /// At most so many, up to 200. Default 50.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u64>,
}

/// Which codes are written into a file.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ExportParams {
    /// Only those that were made together under this name.
    batch: Option<String>,
}

/// Codes to be made together.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewCodes {
    /// What they are found by, such as `spring 2026`.
    batch: String,
    /// What each is worth, in USD as a decimal string; at most ten million.
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "5")]
    amount_usd: Option<Money>,
    /// The short name of the plan that each gives time of instead, under its terms of today.
    #[serde(default)]
    plan: Option<String>,
    /// How many to make up, 1 to 1,000. Default 1.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 1000)]
    count: Option<usize>,
    /// One of your own instead: 8 to 64 letters, digits and dashes. Case does not matter.
    #[serde(default, deserialize_with = "optional_secret")]
    #[schema(value_type = Option<String>, min_length = 8, max_length = 64)]
    code: Option<Secret<String>>,
    /// How many people may redeem each, once. Default 1.
    #[serde(default)]
    #[schema(minimum = 1)]
    most_uses: Option<i64>,
    /// From when on they are good for nothing. Default: never.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    expires_at: Option<Timestamp>,
}

/// Codes that were made.
#[derive(Serialize, ToSchema)]
pub(super) struct MadeCodes {
    /// Each with its letters, in the order in which they were made.
    codes: Vec<MadeCode>,
}

/// A code that was made.
#[derive(Serialize, ToSchema)]
pub(super) struct MadeCode {
    /// Its id.
    #[schema(value_type = String, example = "rc_06a1b2c3d4e5f")]
    id: RedemptionCodeId,
    /// The code itself.
    #[schema(example = "7G4K-…")]
    code: String,
}

/// What of a code changes.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CodePatch {
    /// Whether it is good for something.
    enabled: bool,
}

/// A code to be redeemed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RedeemRequest {
    /// The code as it was given; case and blanks around it do not matter.
    #[serde(deserialize_with = "secret")]
    #[schema(value_type = String, max_length = 64)]
    code: Secret<String>,
    /// When time of a plan begins; needed only by who has the plan already.
    #[serde(default)]
    #[schema(value_type = Option<words::PlanStart>)]
    start: Option<Start>,
}

/// What a code gave.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Gained {
    /// What the balance gained.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    amount_usd: Option<Money>,
    /// What the plan is called that time was given of.
    #[serde(skip_serializing_if = "Option::is_none")]
    plan: Option<String>,
}

/// The routes of redemption codes.
pub(super) fn routes() -> OpenApiRouter<Console> {
    OpenApiRouter::new()
        .routes(routes!(redeem))
        .routes(routes!(list_codes, create_codes))
        .routes(routes!(export_codes))
        .routes(routes!(patch_code))
}

/// Redeems a code. Ten that nobody knows within a quarter of an hour are enough.
#[utoipa::path(
    post, path = "/api/balance/redeem", tag = "redemption codes", request_body = RedeemRequest,
    responses((status = 200, body = Gained), Problems)
)]
async fn redeem(
    State(console): State<Console>,
    caller: Caller,
    Strict(RedeemRequest { code, start }): Strict<RedeemRequest>,
) -> Result<Json<Gained>, ConsoleError> {
    let commerce = console.sells()?;
    let user = caller.user()?.user_id;
    let guess = console.0.code_guesses.begin(user)?;
    let redeemed = commerce.redeem(user, code.reveal(), start).await;
    if !matches!(redeemed, Err(CommerceError::Code(CodeRefusal::Unknown))) {
        guess.was_right();
    }
    let (amount_usd, plan) = match redeemed? {
        Redeemed::Money(amount) => (Some(amount), None),
        Redeemed::Time(plan) => {
            (console.0.reload)().await;
            let plan = console.0.editor.store.read().find_plan(plan).await?;
            (None, plan.map(|plan| plan.name))
        }
    };
    Ok(Json(Gained { amount_usd, plan }))
}

/// Lists redemption codes, the newest first.
#[utoipa::path(
    get, path = "/api/admin/redemption-codes", tag = "redemption codes", params(CodeParams),
    responses((status = 200, body = Page<CodeView>), Problems)
)]
async fn list_codes(
    State(console): State<Console>,
    Params(CodeParams { batch, cursor, limit }): Params<CodeParams>,
) -> Result<Json<Page<CodeView>>, ConsoleError> {
    console.sells()?;
    let place = Place::read(cursor.as_deref(), limit)?;
    let editor = &console.0.editor;
    let filter = CodeFilter { batch, before: place.before, limit: place.fetched() };
    let found = editor.store.read().list_redemption_codes(filter).await?;
    let (now, plans) = (editor.clock.now(), console.plan_codes().await?);
    Ok(Json(place.page(found, |record| record.id, |record| CodeView::new(record, &plans, now))))
}

/// Makes redemption codes. They are shown in the answer. A person must have proved lately who they are:
/// codes are money.
#[utoipa::path(
    post, path = "/api/admin/redemption-codes", tag = "redemption codes", request_body = NewCodes,
    responses((status = 201, body = MadeCodes), Problems)
)]
async fn create_codes(
    State(console): State<Console>,
    caller: Caller,
    Strict(new): Strict<NewCodes>,
) -> Result<(StatusCode, Json<MadeCodes>), ConsoleError> {
    console.must_be_fresh(&caller).await?;
    let commerce = console.sells()?;
    let editor = &console.0.editor;
    let now = editor.clock.now();
    new.check(now)?;
    let (worth, what) = console.worth(&new).await?;
    let NewCodes { batch, count, code, most_uses, expires_at, .. } = new;
    let most_uses = most_uses.unwrap_or(1);
    let codes = code
        .map_or_else(|| NewCode::Generated(count.unwrap_or(1)), |code| NewCode::Given(vec![code]));
    let made = match &codes {
        NewCode::Generated(count) => *count,
        NewCode::Given(codes) => codes.len(),
    };
    let mut changes =
        vec![what, change("count", made.to_string()), change("most_uses", most_uses.to_string())];
    changes.extend(expires_at.map(|at| change("expires_at", at.to_string())));
    let about = ("redemption_code", batch.as_str());
    let audit = console.act(&caller, "redemption_code.create", about, changes);
    let batch = CodeBatch {
        name: batch,
        worth,
        most_uses,
        expires_at,
        made_by: audit.actor.name.clone(),
        codes,
        audit: Some(audit),
    };
    let made = commerce.make_codes(batch).await?.into_iter();
    let codes = made.map(|(record, code)| MadeCode { id: record.id, code: code.reveal().clone() });
    Ok((StatusCode::CREATED, Json(MadeCodes { codes: codes.collect() })))
}

/// The codes with their letters as a table: the newest ten thousand. A person must have proved lately who
/// they are, and it stands in the audit log.
#[utoipa::path(
    get, path = "/api/admin/redemption-codes/export", tag = "redemption codes",
    params(ExportParams),
    responses((status = 200, content_type = "text/csv", body = String), Problems)
)]
async fn export_codes(
    State(console): State<Console>,
    caller: Caller,
    Params(ExportParams { batch }): Params<ExportParams>,
) -> Result<Response, ConsoleError> {
    console.must_be_fresh(&caller).await?;
    let commerce = console.sells()?;
    console.count_reveal(&caller)?;
    let editor = &console.0.editor;
    let records = console.newest_codes(batch.as_deref()).await?;
    let now = editor.clock.now();
    let text = table(commerce, records, &console.plan_codes().await?, now)?;
    let about = ("redemption_code", batch.as_deref().unwrap_or_default());
    console.write(&console.act(&caller, "redemption_code.export", about, Vec::new())).await?;
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"redemption-codes.csv\""),
        (header::CACHE_CONTROL, "no-store"),
    ];
    Ok((headers, text).into_response())
}

/// Makes a code good for nothing, or good again. What it gave stays.
#[utoipa::path(
    patch, path = "/api/admin/redemption-codes/{id}", tag = "redemption codes",
    request_body = CodePatch, params(("id" = String, Path, description = "Its id, `rc_…`")),
    responses((status = 204, description = "It is done"), Problems)
)]
async fn patch_code(
    State(console): State<Console>,
    caller: Caller,
    Path(id): Path<String>,
    Strict(CodePatch { enabled }): Strict<CodePatch>,
) -> Result<StatusCode, ConsoleError> {
    let commerce = console.sells()?;
    let missing = || ConsoleError::NotFound(format!("redemption code `{id}`"));
    let parsed: RedemptionCodeId = id.parse().map_err(|_| missing())?;
    let changes = vec![change("enabled", enabled.to_string())];
    let audit = console.act(&caller, "redemption_code.update", ("redemption_code", &id), changes);
    commerce.enable_code(parsed, enabled, Some(audit)).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn table(
    commerce: &Commerce,
    records: Vec<RedemptionCodeRecord>,
    plans: &PlanCodes,
    now: Timestamp,
) -> Result<String, ConsoleError> {
    let mut text = csv::BYTE_ORDER_MARK.to_owned();
    let names = [
        "id",
        "batch",
        "code",
        "amount_usd",
        "plan",
        "most_uses",
        "used",
        "status",
        "expires_at",
        "created_at",
    ];
    csv::row(&mut text, names);
    for record in records {
        let code = commerce.reveal_code(&record)?;
        let view = CodeView::new(record, plans, now);
        let cells = [
            view.id.to_string(),
            view.batch,
            code.reveal().clone(),
            view.amount_usd.map(|amount| amount.to_string()).unwrap_or_default(),
            view.plan.unwrap_or_default(),
            view.most_uses.to_string(),
            view.used.to_string(),
            view.status.to_owned(),
            view.expires_at.map(|at| at.to_string()).unwrap_or_default(),
            view.created_at.to_string(),
        ];
        csv::row(&mut text, cells.iter().map(String::as_str));
    }
    Ok(text)
}

// === impl NewCodes ===

impl NewCodes {
    fn check(&self, now: Timestamp) -> Result<(), Refusal> {
        check_name("/batch", &self.batch)?;
        if self.code.is_some() && self.count.is_some() {
            let detail = "either one of your own, or how many to make up";
            return Err(Refusal::field("/count", "invalid", detail));
        }
        if !(1..=1_000).contains(&self.count.unwrap_or(1)) {
            return Err(Refusal::field("/count", "invalid", "1 to 1,000 at once"));
        }
        if self.most_uses.is_some_and(|uses| uses < 1) {
            return Err(Refusal::field("/most_uses", "invalid", "at least one person"));
        }
        if self.expires_at.is_some_and(|at| at <= now) {
            return Err(Refusal::field("/expires_at", "invalid", "it is over already"));
        }
        Ok(())
    }
}

// === impl Console ===

impl Console {
    /// The short names of all plans.
    async fn plan_codes(&self) -> Result<PlanCodes, ConsoleError> {
        let plans = self.0.editor.store.read().list_plans().await?;
        Ok(plans.into_iter().map(|plan| (plan.id, plan.code)).collect())
    }

    /// What new codes are worth, and what the audit log says of it.
    async fn worth(&self, new: &NewCodes) -> Result<(Worth, AuditChange), ConsoleError> {
        match (new.amount_usd, &new.plan) {
            (Some(amount), None) => {
                Ok((Worth::Money(amount), change("amount_usd", amount.to_string())))
            }
            (None, Some(code)) => {
                let found = self.0.editor.store.read().find_plan_by_code(code).await?;
                let unknown = || Refusal::field("/plan", "unknown", "there is no such plan");
                let plan = found.ok_or_else(unknown)?;
                Ok((Worth::Time(plan.id), change("plan", plan.code)))
            }
            _ => {
                let detail = "either money or time of a plan";
                Err(Refusal::field("/amount_usd", "invalid", detail).into())
            }
        }
    }

    async fn newest_codes(
        &self,
        batch: Option<&str>,
    ) -> Result<Vec<RedemptionCodeRecord>, ConsoleError> {
        let (mut all, mut before) = (Vec::new(), None);
        while all.len() < MOST_IN_FILE {
            let filter = CodeFilter { batch: batch.map(str::to_owned), before, limit: AT_ONCE };
            let found = self.0.editor.store.read().list_redemption_codes(filter).await?;
            before = found.last().map(|record| record.id);
            let is_last = (found.len() as u64) < AT_ONCE;
            all.extend(found);
            if is_last {
                break;
            }
        }
        Ok(all)
    }
}

// === impl CodeView ===

impl CodeView {
    fn new(record: RedemptionCodeRecord, plans: &PlanCodes, now: Timestamp) -> Self {
        let status = match &record {
            one if !one.enabled => "disabled",
            one if one.used >= one.most_uses => "used_up",
            one if one.expires_at.is_some_and(|at| at <= now) => "expired",
            _ => "active",
        };
        Self {
            id: record.id,
            batch: record.batch,
            hint: record.hint,
            amount_usd: record.plan.is_none().then_some(record.amount),
            plan: record.plan.map(|id| plans.get(&id).cloned().unwrap_or_else(|| id.to_string())),
            most_uses: record.most_uses,
            used: record.used,
            status,
            expires_at: record.expires_at,
            created_by: record.created_by,
            created_at: record.created_at,
        }
    }
}
