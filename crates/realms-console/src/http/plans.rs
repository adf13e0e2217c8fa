//! Plans: what users can buy, and how operators set them up.

use std::collections::BTreeMap;

use axum::{
    Json,
    extract::{Path, State},
};
use http::StatusCode;
use realms_commerce::Basket;
use realms_store::{PlanPatch, PlanRecord, PlanUse, Start};
use realms_types::{Amount, Currency, Money, PaymentChannelId, PlanId, PlanTerms, Ppm, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    Console,
    body::Strict,
    caller::Caller,
    listing::Listing,
    noting::{change, changed},
    order_view::OrderView,
    orders::PaymentWay,
    problem::Problems,
};
use crate::{ConsoleError, Refusal, words};

/// What can be bought.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct PlanOffers {
    /// The plans, by their code.
    plans: Vec<PlanOffer>,
    /// How they can be paid, by name.
    payment_channels: Vec<PaymentWay>,
    /// Whether the balance pays for what no plan bears.
    pay_as_you_go: bool,
}

/// A plan as users see it.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct PlanOffer {
    /// Its short name.
    #[schema(example = "basic")]
    code: String,
    /// What it is called.
    name: String,
    /// What it costs, by ISO code of the currency.
    prices: BTreeMap<String, String>,
    /// What it gives.
    terms: Terms,
}

/// A plan.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct PlanView {
    /// Its id.
    #[schema(value_type = String, example = "pl_06a1b2c3d4e5f")]
    id: PlanId,
    /// Its short name, which stays.
    #[schema(example = "basic")]
    code: String,
    /// What it is called.
    name: String,
    /// Whether it is sold. Who has it keeps it.
    enabled: bool,
    /// The user groups that may buy it, by name; none: everybody.
    user_groups: Vec<String>,
    /// What it costs, by ISO code of the currency. In others it is not sold.
    prices: BTreeMap<String, String>,
    /// What it gives.
    terms: Terms,
    /// How often it was given in all.
    given: u64,
    /// What of it is not over.
    open: u64,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// When it last changed.
    #[schema(value_type = String, format = DateTime)]
    updated_at: Timestamp,
}

/// What a plan gives, and for how long. It has at least one limit.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PlanTerms)]
pub(super) struct Terms {
    /// How many days it lasts.
    #[schema(minimum = 1, maximum = 3660, example = 30)]
    days: u32,
    /// The most in any 5 hours, in USD as a decimal string.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, example = "6")]
    limit_5h: Option<Money>,
    /// The most in any 24 hours.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    limit_1d: Option<Money>,
    /// The most in any 7 days.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    limit_7d: Option<Money>,
    /// The most in any 30 days.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    limit_30d: Option<Money>,
    /// What prices are multiplied by when the plan pays: at `0.5` a call uses half of what it costs.
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "1")]
    multiplier: Ppm,
}

/// A plan to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewPlan {
    /// Its short name: 1 to 64 letters, digits, dashes and underscores. It stays.
    #[schema(example = "basic")]
    code: String,
    /// What people read.
    name: String,
    /// The user groups that may buy it, by name; none: everybody.
    #[serde(default)]
    user_groups: Vec<String>,
    /// What it costs, by ISO code of the currency, as decimal strings; none: it is only given away.
    #[serde(default)]
    #[schema(value_type = BTreeMap<String, String>)]
    prices: BTreeMap<Currency, String>,
    /// What it gives.
    terms: Terms,
}

/// What of a plan changes. Who ordered it or has it keeps what they bought.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PlanChange {
    /// What people read.
    #[serde(default)]
    name: Option<String>,
    /// Whether it is sold.
    #[serde(default)]
    enabled: Option<bool>,
    /// The user groups that may buy it, by name; none: everybody.
    #[serde(default)]
    user_groups: Option<Vec<String>>,
    /// What it costs, by ISO code of the currency: all of them.
    #[serde(default)]
    #[schema(value_type = Option<BTreeMap<String, String>>)]
    prices: Option<BTreeMap<Currency, String>>,
    /// What it gives: all of it.
    #[serde(default)]
    terms: Option<Terms>,
}

/// A plan to be bought.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PlanOrder {
    /// In which currency it will be paid, by its ISO code.
    #[schema(value_type = String, example = "CNY")]
    currency: Currency,
    /// How it will be paid.
    #[schema(value_type = String)]
    payment_channel_id: PaymentChannelId,
    /// When it begins. Default: at once, beside what runs already.
    #[serde(default)]
    #[schema(value_type = Option<words::PlanStart>)]
    start: Option<Start>,
}

/// The routes of plans.
pub(super) fn routes() -> OpenApiRouter<Console> {
    OpenApiRouter::new()
        .routes(routes!(list_offers))
        .routes(routes!(order_plan))
        .routes(routes!(list_plans, create_plan))
        .routes(routes!(patch_plan))
}

/// Lists the plans you can buy.
#[utoipa::path(
    get, path = "/api/plans", tag = "plans",
    responses((status = 200, body = PlanOffers), Problems)
)]
async fn list_offers(
    State(console): State<Console>,
    caller: Caller,
) -> Result<Json<PlanOffers>, ConsoleError> {
    console.sells()?;
    let group = console.buyer(&caller).await?.group;
    let plans = console.0.editor.store.read().list_plans().await?;
    let is_offered = |plan: &PlanRecord| {
        let may_buy = plan.user_groups.is_empty() || plan.user_groups.contains(&group);
        plan.enabled && may_buy && !plan.prices.is_empty()
    };
    let offer = |plan: PlanRecord| PlanOffer {
        prices: decimals(&plan.prices),
        code: plan.code,
        name: plan.name,
        terms: Terms::from(plan.terms),
    };
    Ok(Json(PlanOffers {
        plans: plans.into_iter().filter(is_offered).map(offer).collect(),
        payment_channels: console.payment_ways(&caller).await?,
        pay_as_you_go: console.0.catalog.load().settings().pay_as_you_go,
    }))
}

/// Orders time of a plan. The order is bound to what the plan costs and gives now. At most ten orders wait
/// for their payment at a time.
#[utoipa::path(
    post, path = "/api/plans/{code}/order", tag = "plans", request_body = PlanOrder,
    params(("code" = String, Path, description = "The short name of the plan")),
    responses((status = 201, body = OrderView), Problems)
)]
async fn order_plan(
    State(console): State<Console>,
    caller: Caller,
    Path(code): Path<String>,
    Strict(PlanOrder { currency, payment_channel_id, start }): Strict<PlanOrder>,
) -> Result<(StatusCode, Json<OrderView>), ConsoleError> {
    console.sells()?;
    let plan = console.plan(&code).await?.id;
    let basket = Basket::Time { plan, currency, start: start.unwrap_or(Start::AtOnce) };
    console.new_order(&caller, payment_channel_id, basket).await
}

/// Lists all plans by their code.
#[utoipa::path(
    get, path = "/api/admin/plans", tag = "plans",
    responses((status = 200, body = Listing<PlanView>), Problems)
)]
async fn list_plans(
    State(console): State<Console>,
) -> Result<Json<Listing<PlanView>>, ConsoleError> {
    console.sells()?;
    let plans = console.0.editor.store.read().list_plans().await?;
    Ok(Json(Listing { items: console.plan_views(plans).await? }))
}

/// Makes a plan, which is sold from now on where it has a price. A person must have proved lately who they
/// are.
#[utoipa::path(
    post, path = "/api/admin/plans", tag = "plans", request_body = NewPlan,
    responses((status = 201, body = PlanView), Problems)
)]
async fn create_plan(
    State(console): State<Console>,
    caller: Caller,
    Strict(new): Strict<NewPlan>,
) -> Result<(StatusCode, Json<PlanView>), ConsoleError> {
    console.must_be_fresh(&caller).await?;
    let commerce = console.sells()?;
    let now = console.now();
    let plan = PlanRecord {
        id: PlanId::new(0),
        code: new.code,
        name: new.name,
        enabled: true,
        user_groups: console.group_ids(&new.user_groups).await?,
        prices: minor_units(&new.prices)?,
        terms: new.terms.into(),
        created_at: now,
        updated_at: now,
    };
    let changes = vec![
        change("name", plan.name.clone()),
        change("prices", prices_text(&plan.prices)),
        change("terms", terms_text(&plan.terms)),
    ];
    let audit = console.act(&caller, "plan.create", ("plan", &plan.code), changes);
    let made = commerce.add_plan(plan, Some(audit)).await?;
    Ok((StatusCode::CREATED, Json(console.plan_view(made).await?)))
}

/// Changes a plan. Who ordered it or has it keeps what they bought. A person must have proved lately who
/// they are.
#[utoipa::path(
    patch, path = "/api/admin/plans/{code}", tag = "plans", request_body = PlanChange,
    params(("code" = String, Path, description = "Its short name")),
    responses((status = 200, body = PlanView), Problems)
)]
async fn patch_plan(
    State(console): State<Console>,
    caller: Caller,
    Path(code): Path<String>,
    Strict(wanted): Strict<PlanChange>,
) -> Result<Json<PlanView>, ConsoleError> {
    console.must_be_fresh(&caller).await?;
    let commerce = console.sells()?;
    let plan = console.plan(&code).await?;
    let user_groups = match &wanted.user_groups {
        Some(names) => Some(console.group_ids(names).await?),
        None => None,
    };
    let prices = wanted.prices.as_ref().map(minor_units).transpose()?;
    let patch = PlanPatch {
        name: wanted.name,
        enabled: wanted.enabled,
        user_groups,
        prices,
        terms: wanted.terms.map(PlanTerms::from),
    };
    let (id, after) = (plan.id, patch.clone().on(plan.clone()));
    let before = console.plan_view(plan.clone()).await?;
    let groups = wanted.user_groups.unwrap_or_else(|| before.user_groups.clone());
    let changes = [
        changed("name", before.name, after.name),
        changed("enabled", before.enabled.to_string(), after.enabled.to_string()),
        changed("user_groups", before.user_groups.join(", "), groups.join(", ")),
        changed("prices", prices_text(&plan.prices), prices_text(&after.prices)),
        changed("terms", terms_text(&plan.terms), terms_text(&after.terms)),
    ];
    let changes = changes.into_iter().flatten().collect();
    let audit = console.act(&caller, "plan.update", ("plan", &code), changes);
    commerce.change_plan(id, patch, Some(audit)).await?;
    Ok(Json(console.plan_view(console.plan(&code).await?).await?))
}

fn decimals(prices: &BTreeMap<Currency, i64>) -> BTreeMap<String, String> {
    let decimal = |(currency, minor): (&Currency, &i64)| {
        Some((currency.to_string(), Amount::new(*minor, *currency)?.decimal()))
    };
    prices.iter().filter_map(decimal).collect()
}

fn minor_units(prices: &BTreeMap<Currency, String>) -> Result<BTreeMap<Currency, i64>, Refusal> {
    let minor = |(currency, text): (&Currency, &String)| {
        let pointer = format!("/prices/{currency}");
        let amount = Amount::parse(text, *currency)
            .map_err(|mistake| Refusal::field(&pointer, "invalid", mistake.to_string()))?;
        Ok((*currency, amount.minor()))
    };
    prices.iter().map(minor).collect()
}

/// Prices as the audit log tells them.
fn prices_text(prices: &BTreeMap<Currency, i64>) -> String {
    let each = decimals(prices).into_iter().map(|(currency, price)| format!("{price} {currency}"));
    each.collect::<Vec<_>>().join(", ")
}

/// Terms as the audit log tells them.
fn terms_text(terms: &PlanTerms) -> String {
    serde_json::to_string(terms).unwrap_or_default()
}

// === impl Console ===

impl Console {
    pub(super) async fn plan(&self, code: &str) -> Result<PlanRecord, ConsoleError> {
        let found = self.0.editor.store.read().find_plan_by_code(code).await?;
        found.ok_or_else(|| ConsoleError::NotFound(format!("plan `{code}`")))
    }

    async fn plan_view(&self, plan: PlanRecord) -> Result<PlanView, ConsoleError> {
        let code = plan.code.clone();
        let view = self.plan_views(vec![plan]).await?.pop();
        view.ok_or_else(|| ConsoleError::NotFound(format!("plan `{code}`")))
    }

    async fn plan_views(&self, plans: Vec<PlanRecord>) -> Result<Vec<PlanView>, ConsoleError> {
        let read = self.0.editor.store.read();
        let uses = read.count_plan_uses(self.now()).await?;
        let groups = self.group_names().await?;
        let view = |plan: PlanRecord| {
            let PlanUse { given, open } = uses.get(&plan.id).copied().unwrap_or_default();
            PlanView {
                id: plan.id,
                user_groups: groups.of(&plan.user_groups),
                prices: decimals(&plan.prices),
                code: plan.code,
                name: plan.name,
                enabled: plan.enabled,
                terms: Terms::from(plan.terms),
                given,
                open,
                created_at: plan.created_at,
                updated_at: plan.updated_at,
            }
        };
        Ok(plans.into_iter().map(view).collect())
    }
}

// === impl Terms ===

impl From<PlanTerms> for Terms {
    fn from(terms: PlanTerms) -> Self {
        let PlanTerms { days, limit_5h, limit_1d, limit_7d, limit_30d, multiplier } = terms;
        Self { days, limit_5h, limit_1d, limit_7d, limit_30d, multiplier }
    }
}

impl From<Terms> for PlanTerms {
    fn from(terms: Terms) -> Self {
        let Terms { days, limit_5h, limit_1d, limit_7d, limit_30d, multiplier } = terms;
        Self { days, limit_5h, limit_1d, limit_7d, limit_30d, multiplier }
    }
}
