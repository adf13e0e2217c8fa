//! Subscriptions: time of plans that people have, and what operators do with it.

use std::{convert::identity, time::Duration};

use axum::{Json, extract::State};
use http::StatusCode;
use realms_commerce::{Commerce, TimeChange};
use realms_store::{AuditRecord, Start, SubscriptionFilter};
use realms_types::SubscriptionId;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    Console,
    body::{Params, Strict},
    caller::Caller,
    list::{Page, Place},
    listing::Listing,
    noting::change,
    problem::Problems,
    subscription_view::SubscriptionView,
};
use crate::{ConsoleError, Refusal, refusal::check_reason, words};

/// The most that is given or changed at once.
const MOST_AT_ONCE: usize = 200;
/// The longest that time of a plan is extended by at once: ten years.
const MOST_DAYS: u32 = 3_660;

/// Which subscriptions are listed.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct SubscriptionParams {
    /// Only those of this user: name or id.
    user: Option<String>,
    /// Only those of this plan: its short name.
    plan: Option<String>,
    /// Only those that are not over.
    open: Option<bool>,
    /// `next` of the page before.
    cursor: Option<String>,
    /// At most so many, up to 200. Default 50.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u64>,
}

/// Time of a plan to be given away.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = TimeGift)]
pub(super) struct Gift {
    /// The short name of the plan.
    plan: String,
    /// To whom: log-in names or ids, at most 200.
    users: Vec<String>,
    /// When it begins. Default: at once, beside what runs already.
    #[serde(default)]
    #[schema(value_type = Option<words::PlanStart>)]
    start: Option<Start>,
    /// Why.
    #[schema(max_length = 200)]
    reason: String,
}

/// What becomes of subscriptions.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct TimeRequest {
    /// Which, at most 200.
    ids: Vec<String>,
    /// What becomes of them.
    #[schema(value_type = words::TimeAct)]
    act: Act,
    /// By how many days they are extended.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 3660)]
    days: Option<u32>,
    /// Why.
    #[schema(max_length = 200)]
    reason: String,
}

/// What operators do with subscriptions.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Act {
    Extend,
    Reset,
    Revoke,
}

/// What was done, item by item, in their order.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct TimeResults {
    /// One for each that was asked for.
    results: Vec<TimeResult>,
}

/// What became of one item.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct TimeResult {
    /// The item as it was asked for.
    item: String,
    /// The subscription; left out where nothing was done.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    subscription_id: Option<SubscriptionId>,
    /// Why nothing was done.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<words::TimeProblem>)]
    problem: Option<&'static str>,
    /// The same as a sentence.
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
}

/// The routes of subscriptions.
pub(super) fn routes() -> OpenApiRouter<Console> {
    OpenApiRouter::new()
        .routes(routes!(list_own_subscriptions))
        .routes(routes!(list_subscriptions, give_subscriptions))
        .routes(routes!(change_subscriptions))
}

/// Lists the time of plans that you have and had, the newest first, at most 200.
#[utoipa::path(
    get, path = "/api/subscriptions", tag = "plans",
    responses((status = 200, body = Listing<SubscriptionView>), Problems)
)]
async fn list_own_subscriptions(
    State(console): State<Console>,
    caller: Caller,
) -> Result<Json<Listing<SubscriptionView>>, ConsoleError> {
    console.sells()?;
    let user = caller.user()?.user_id;
    let found = console.0.editor.store.read().list_subscriptions(user).await?;
    Ok(Json(Listing { items: console.subscription_views(found, false).await? }))
}

/// Lists the subscriptions of everyone, the newest first.
#[utoipa::path(
    get, path = "/api/admin/subscriptions", tag = "plans", params(SubscriptionParams),
    responses((status = 200, body = Page<SubscriptionView>), Problems)
)]
async fn list_subscriptions(
    State(console): State<Console>,
    Params(params): Params<SubscriptionParams>,
) -> Result<Json<Page<SubscriptionView>>, ConsoleError> {
    console.sells()?;
    let place = Place::read(params.cursor.as_deref(), params.limit)?;
    let (before, limit) = (place.before, place.fetched());
    let mut filter = SubscriptionFilter { before, limit, ..SubscriptionFilter::default() };
    let read = console.0.editor.store.read();
    if let Some(name) = &params.user {
        filter.user = Some(console.named_user(read, name).await?.id);
    }
    if let Some(code) = &params.plan {
        filter.plan = Some(console.plan(code).await?.id);
    }
    filter.open_at = params.open.unwrap_or(false).then(|| console.now());
    let found = read.find_subscriptions(filter).await?;
    let views = console.subscription_views(found, true).await?;
    Ok(Json(place.page(views, |view| view.id, identity)))
}

/// Gives users time of a plan that nobody pays for, one after the other. A person must have proved lately
/// who they are.
#[utoipa::path(
    post, path = "/api/admin/subscriptions", tag = "plans", request_body = Gift,
    responses((status = 201, body = TimeResults), Problems)
)]
async fn give_subscriptions(
    State(console): State<Console>,
    caller: Caller,
    Strict(Gift { plan, users, start, reason }): Strict<Gift>,
) -> Result<(StatusCode, Json<TimeResults>), ConsoleError> {
    console.must_be_fresh(&caller).await?;
    let commerce = console.sells()?;
    check_count("/users", users.len())?;
    check_reason(&reason)?;
    let plan = console.plan(&plan).await?;
    let start = start.unwrap_or(Start::AtOnce);
    let mut results = Vec::with_capacity(users.len());
    for name in users {
        let changes = vec![
            change("plan", plan.code.clone()),
            change("start", start.as_str().to_owned()),
            change("reason", reason.clone()),
        ];
        let audit = console.act(&caller, "subscription.give", ("user", &name), changes);
        let given = async {
            let user = console.named_user(console.0.editor.store.read(), &name).await?.id;
            Ok(commerce.give_time(user, plan.id, start, Some(audit)).await?)
        };
        let given = given.await;
        results.push(TimeResult::of(name, given)?);
    }
    (console.0.reload)().await;
    Ok((StatusCode::CREATED, Json(TimeResults { results })))
}

/// Extends subscriptions, empties their windows or takes them back, one after the other. A person must have
/// proved lately who they are.
#[utoipa::path(
    post, path = "/api/admin/subscriptions/change", tag = "plans", request_body = TimeRequest,
    responses((status = 200, body = TimeResults), Problems)
)]
async fn change_subscriptions(
    State(console): State<Console>,
    caller: Caller,
    Strict(TimeRequest { ids, act, days, reason }): Strict<TimeRequest>,
) -> Result<Json<TimeResults>, ConsoleError> {
    console.must_be_fresh(&caller).await?;
    let commerce = console.sells()?;
    check_count("/ids", ids.len())?;
    check_reason(&reason)?;
    let (what, wanted) = act.with(days)?;
    let mut results = Vec::with_capacity(ids.len());
    for id in ids {
        let mut changes = vec![change("reason", reason.clone())];
        changes.extend(days.map(|days| change("days", days.to_string())));
        let audit = console.act(&caller, what, ("subscription", &id), changes);
        let done = change_one(commerce, &id, wanted, audit).await;
        results.push(TimeResult::of(id, done)?);
    }
    (console.0.reload)().await;
    Ok(Json(TimeResults { results }))
}

async fn change_one(
    commerce: &Commerce,
    id: &str,
    wanted: TimeChange,
    audit: AuditRecord,
) -> Result<SubscriptionId, ConsoleError> {
    let missing = |_| ConsoleError::NotFound(format!("subscription `{id}`"));
    let parsed: SubscriptionId = id.parse().map_err(missing)?;
    commerce.change_time(parsed, wanted, Some(audit)).await?;
    Ok(parsed)
}

fn check_count(pointer: &str, count: usize) -> Result<(), Refusal> {
    if (1..=MOST_AT_ONCE).contains(&count) {
        return Ok(());
    }
    Err(Refusal::field(pointer, "invalid", format!("1 to {MOST_AT_ONCE} at once")))
}

// === impl Act ===

impl Act {
    /// As the audit log calls it, and what it comes to.
    fn with(self, days: Option<u32>) -> Result<(&'static str, TimeChange), Refusal> {
        let invalid = |detail: String| Refusal::field("/days", "invalid", detail);
        match (self, days) {
            (Self::Extend, Some(days)) if (1..=MOST_DAYS).contains(&days) => {
                let by = Duration::from_hours(24 * u64::from(days));
                Ok(("subscription.extend", TimeChange::Extend(by)))
            }
            (Self::Extend, _) => Err(invalid(format!("1 to {MOST_DAYS} days"))),
            (Self::Reset | Self::Revoke, Some(_)) => {
                Err(invalid("only for what is extended".to_owned()))
            }
            (Self::Reset, None) => Ok(("subscription.reset", TimeChange::Reset)),
            (Self::Revoke, None) => Ok(("subscription.revoke", TimeChange::Revoke)),
        }
    }
}

// === impl TimeResult ===

impl TimeResult {
    /// What cannot be done to one item is told of it; what nobody can do now ends all of it.
    fn of(item: String, done: Result<SubscriptionId, ConsoleError>) -> Result<Self, ConsoleError> {
        let none = Self { item, subscription_id: None, problem: None, detail: None };
        let (problem, error) = match done {
            Ok(id) => return Ok(Self { subscription_id: Some(id), ..none }),
            Err(error @ ConsoleError::NotFound(_)) => ("not_found", error),
            Err(error @ ConsoleError::Conflict(_)) => ("over", error),
            Err(error) => return Err(error),
        };
        Ok(Self { problem: Some(problem), detail: Some(error.to_string()), ..none })
    }
}
