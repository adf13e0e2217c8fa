//! Subscriptions: time of plans that people have, and what operators do with it.

use std::{
    collections::{HashMap, hash_map::Entry},
    convert::identity,
    time::Duration,
};

use axum::{Json, extract::State};
use http::StatusCode;
use realms_commerce::{Commerce, TimeChange};
use realms_ledger::{Bearer, Subscription, Used};
use realms_store::{AuditRecord, Start, SubscriptionFilter, SubscriptionRecord};
use realms_types::{Money, OrderId, Ppm, SubscriptionId, Timestamp, UserId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    Console,
    balance::change,
    body::{Params, Strict},
    caller::Caller,
    list::{Page, Place},
    listing::Listing,
    problem::Problems,
};
use crate::{ConsoleError, Refusal, words};

/// The most that is given or changed at once.
const MOST_AT_ONCE: usize = 200;
/// The longest that time of a plan is extended by at once: ten years.
const MOST_DAYS: u32 = 3_660;

/// Time of a plan that somebody has or had.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct SubscriptionView {
    /// Its id.
    #[schema(value_type = String, example = "su_06a1b2c3d4e5f")]
    id: SubscriptionId,
    /// What its plan is called; left out when that is gone.
    #[serde(skip_serializing_if = "Option::is_none")]
    plan: Option<String>,
    /// The short name of its plan.
    #[serde(skip_serializing_if = "Option::is_none")]
    plan_code: Option<String>,
    /// How it stands.
    #[schema(value_type = words::SubscriptionState)]
    state: &'static str,
    /// When it begins.
    #[schema(value_type = String, format = DateTime)]
    starts_at: Timestamp,
    /// When it ends, or did.
    #[schema(value_type = String, format = DateTime)]
    ends_at: Timestamp,
    /// The order it comes from; left out where it was given, or comes from a code.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    order_id: Option<OrderId>,
    /// What prices are multiplied by when it pays.
    #[schema(value_type = String, example = "1")]
    multiplier: Ppm,
    /// What it bears in each of its windows.
    windows: Vec<WindowUse>,
    /// Whose it is; for operators.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    user_id: Option<UserId>,
    /// Their log-in name; for operators. Left out when they are gone.
    #[serde(skip_serializing_if = "Option::is_none")]
    username: Option<String>,
}

/// A window of a subscription, and what is used of it.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct WindowUse {
    /// How long what was used counts.
    #[schema(value_type = words::PlanWindow)]
    per: &'static str,
    /// The most, in USD.
    #[schema(value_type = String)]
    limit_usd: Money,
    /// What is used of it, what running calls may need included.
    #[schema(value_type = String)]
    used_usd: Money,
    /// When the next part of it returns; left out where nothing is used.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    eases_at: Option<Timestamp>,
    /// When all of it has returned, if nothing else is used.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    empty_at: Option<Timestamp>,
}

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
        let audit = console.told(&caller, "subscription.give", "user", &name, changes);
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
        let audit = console.told(&caller, what, "subscription", &id, changes);
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

fn check_reason(reason: &str) -> Result<(), Refusal> {
    if reason.trim().is_empty() || reason.chars().count() > 200 {
        return Err(Refusal::field("/reason", "invalid", "1 to 200 characters"));
    }
    Ok(())
}

// === impl Console ===

impl Console {
    fn told(
        &self,
        caller: &Caller,
        what: &str,
        kind: &'static str,
        about: &str,
        changes: Vec<realms_store::AuditChange>,
    ) -> AuditRecord {
        let (entry, now) = (self.0.editor.ids.next(), self.now());
        let act = AuditRecord::new(entry, now, caller.actor(), what);
        AuditRecord { changes, ..act.about(kind, about) }
    }

    async fn subscription_views(
        &self,
        records: Vec<SubscriptionRecord>,
        office: bool,
    ) -> Result<Vec<SubscriptionView>, ConsoleError> {
        let (read, now) = (self.0.editor.store.read(), self.now());
        let plans = read.list_plans().await?;
        let open = records.iter().filter(|one| is_open(one, now)).map(Subscription::of);
        let wanted: Vec<_> =
            open.flat_map(|one| Bearer::from(&one).allowances(now).collect::<Vec<_>>()).collect();
        let used = read.list_allowance_pieces(&wanted).await?;
        let mut names = HashMap::new();
        if office {
            for record in &records {
                if let Entry::Vacant(slot) = names.entry(record.user)
                    && let Some(found) = read.find_user(record.user).await?
                {
                    slot.insert(found.username);
                }
            }
        }
        let view = |record: SubscriptionRecord| {
            let plan = plans.iter().find(|plan| plan.id == record.plan);
            SubscriptionView {
                plan: plan.map(|plan| plan.name.clone()),
                plan_code: plan.map(|plan| plan.code.clone()),
                user_id: office.then_some(record.user),
                username: names.get(&record.user).cloned(),
                ..SubscriptionView::new(&record, &used, now)
            }
        };
        Ok(records.into_iter().map(view).collect())
    }
}

fn is_open(record: &SubscriptionRecord, now: Timestamp) -> bool {
    record.ended_at.is_none() && now < record.ends_at
}

// === impl SubscriptionView ===

impl SubscriptionView {
    fn new(record: &SubscriptionRecord, used: &Used, now: Timestamp) -> Self {
        let state = match record.ended_at {
            Some(_) => "revoked",
            None if record.ends_at <= now => "ended",
            None if record.starts_at > now => "scheduled",
            None => "running",
        };
        Self {
            id: record.id,
            plan: None,
            plan_code: None,
            state,
            starts_at: record.starts_at,
            ends_at: record.ended_at.unwrap_or(record.ends_at),
            order_id: record.order,
            multiplier: record.terms.multiplier,
            windows: WindowUse::all(record, used, now),
            user_id: None,
            username: None,
        }
    }
}

// === impl WindowUse ===

impl WindowUse {
    fn all(record: &SubscriptionRecord, used: &Used, now: Timestamp) -> Vec<Self> {
        let bears = Subscription::of(record);
        let of_window = |((length, limit_usd), (window, _)): ((Duration, Money), &(_, _))| {
            let window: &realms_ledger::Window = window;
            let pieces = used.get(&bears.name(window)).map_or(&[][..], Vec::as_slice);
            let counting = || {
                let left = pieces.iter().filter(|(_, amount)| *amount > 0);
                left.filter_map(|(piece, amount)| Some((window.leaves_at(*piece)?, *amount)))
                    .filter(|(leaves, _)| *leaves > now)
            };
            let sum = counting().map(|(_, amount)| amount).fold(0, i64::saturating_add);
            Self {
                per: match length.as_secs() / 3_600 {
                    5 => "5h",
                    24 => "1d",
                    168 => "7d",
                    _ => "30d",
                },
                limit_usd,
                used_usd: record.terms.at_plan_prices(Money::from_nano(sum)),
                eases_at: counting().map(|(leaves, _)| leaves).min(),
                empty_at: counting().map(|(leaves, _)| leaves).max(),
            }
        };
        record.terms.limits().zip(&bears.windows).map(of_window).collect()
    }
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
