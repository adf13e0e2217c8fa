//! Orders: what users buy and pay, and what operators decide about them.

use std::{
    collections::{BTreeMap, HashMap},
    convert::identity,
};

use axum::{
    Json,
    extract::{Path, State},
};
use http::StatusCode;
use realms_commerce::{Basket, Buyer, Done, EpayMethod, Operator, Site};
use realms_store::{AuditRecord, OrderFilter, OrderRecord, PaymentChannelRecord, Role};
use realms_types::{
    Amount, Currency, Money, OrderId, OrderState, PaymentChannelId, Ppm, Timestamp, UserId,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    Console,
    balance::change,
    body::{Params, Strict},
    caller::Caller,
    list::{Page, Place},
    problem::Problems,
};
use crate::{ConsoleError, Refusal, words};

/// Orders of one user that wait for their payment at a time.
const MOST_OPEN: u64 = 10;

/// How a balance can be topped up.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct TopUpOffer {
    /// The currencies that are taken, by their ISO code.
    currencies: BTreeMap<String, CurrencyOffer>,
    /// How it can be paid, by name.
    payment_channels: Vec<PaymentWay>,
}

/// How a currency is taken.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CurrencyOffer {
    /// USD of balance for one unit.
    #[schema(value_type = String, example = "0.14")]
    credit_usd: Money,
    /// The least that is taken.
    #[schema(example = "10.00")]
    minimum: String,
    /// Amounts to choose from.
    presets: Vec<String>,
    /// What is given on top; the one of the highest amount that is reached counts.
    bonuses: Vec<BonusOffer>,
}

/// What is given on top of a large amount.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct BonusOffer {
    /// From so much on.
    #[schema(example = "100.00")]
    from: String,
    /// So much of what the payment is worth.
    #[schema(value_type = String, example = "0.1")]
    extra: Ppm,
}

/// A way to pay.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct PaymentWay {
    /// Its id.
    #[schema(value_type = String)]
    id: PaymentChannelId,
    /// What it is called.
    name: String,
    /// What kind of gateway.
    #[schema(value_type = words::PaymentGateway)]
    kind: &'static str,
    /// Whether it takes play money.
    test_mode: bool,
}

/// An order.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct OrderView {
    /// Its id, and its name at the gateway.
    #[schema(value_type = String, example = "or_06a1b2c3d4e5f")]
    id: OrderId,
    /// What it is for.
    #[schema(value_type = words::OrderKind)]
    kind: &'static str,
    /// What the plan is called that time was ordered of.
    #[serde(skip_serializing_if = "Option::is_none")]
    plan: Option<String>,
    /// What must be paid, in units of the currency.
    #[schema(example = "50.00")]
    amount: String,
    /// The currency, by its ISO code.
    #[schema(example = "CNY")]
    currency: String,
    /// What the payment is worth here.
    #[schema(value_type = String, example = "7")]
    value_usd: Money,
    /// What is given on top.
    #[schema(value_type = String, example = "0")]
    bonus_usd: Money,
    /// How far it is.
    #[schema(value_type = words::OrderState)]
    state: &'static str,
    /// The payment channel it must be paid by.
    #[schema(value_type = String)]
    payment_channel_id: PaymentChannelId,
    /// What that is called; left out when it is gone.
    #[serde(skip_serializing_if = "Option::is_none")]
    payment_channel: Option<String>,
    /// Whether it is paid with play money.
    test: bool,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// When it last changed.
    #[schema(value_type = String, format = DateTime)]
    updated_at: Timestamp,
    /// What only operators see.
    #[serde(skip_serializing_if = "Option::is_none")]
    office: Option<OfficeView>,
}

/// What operators see of an order beside what its user does.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct OfficeView {
    /// Whose it is.
    #[schema(value_type = String)]
    user_id: UserId,
    /// Their log-in name; left out when they are gone.
    #[serde(skip_serializing_if = "Option::is_none")]
    username: Option<String>,
    /// The gateway's id of the payment that belongs to it.
    #[serde(skip_serializing_if = "Option::is_none")]
    payment: Option<String>,
    /// Why somebody must look at it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<words::OrderAttention>)]
    attention: Option<&'static str>,
    /// What the gateway says it gave back in all.
    returned: String,
    /// What was taken back here in all.
    refunded: String,
    /// Who decided last, when a person did.
    #[serde(skip_serializing_if = "Option::is_none")]
    decided_by: Option<String>,
}

/// Which orders are listed.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct OrderParams {
    /// Only those in this state.
    #[param(value_type = Option<words::OrderState>)]
    state: Option<OrderState>,
    /// Only those that somebody must look at; for operators.
    attention: Option<bool>,
    /// Only those of this user: name or id; for operators.
    user: Option<String>,
    /// `next` of the page before.
    cursor: Option<String>,
    /// At most so many, up to 200. Default 50.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u64>,
}

/// A top-up to be ordered.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewOrder {
    /// How much, in units of the currency.
    #[schema(example = "50.00")]
    amount: String,
    /// The currency, by its ISO code.
    #[schema(value_type = String, example = "CNY")]
    currency: Currency,
    /// How it will be paid.
    #[schema(value_type = String)]
    payment_channel_id: PaymentChannelId,
}

/// How somebody wants to pay.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PayRequest {
    /// Where the gateway has several ways.
    #[serde(default)]
    #[schema(value_type = Option<words::PaymentMethod>)]
    method: Option<String>,
}

/// Where to pay.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct PayPage {
    /// The page at the gateway.
    url: String,
}

/// What an operator decides.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Decision {
    /// Why.
    #[schema(max_length = 200)]
    reason: String,
}

/// What is taken back.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RefundRequest {
    /// So much of what was paid, in units of the currency.
    #[schema(example = "10.00")]
    amount: String,
    /// Why.
    #[schema(max_length = 200)]
    reason: String,
}

/// The routes of orders.
pub(super) fn routes() -> OpenApiRouter<Console> {
    OpenApiRouter::new()
        .routes(routes!(get_top_up))
        .routes(routes!(list_own_orders, create_order))
        .routes(routes!(get_own_order))
        .routes(routes!(pay_order))
        .routes(routes!(cancel_order))
        .routes(routes!(list_orders))
        .routes(routes!(approve_order))
        .routes(routes!(reject_order))
        .routes(routes!(refund_order))
        .routes(routes!(dismiss_order))
}

/// Shows how your balance can be topped up.
#[utoipa::path(
    get, path = "/api/top-up", tag = "orders",
    responses((status = 200, body = TopUpOffer), Problems)
)]
async fn get_top_up(
    State(console): State<Console>,
    caller: Caller,
) -> Result<Json<TopUpOffer>, ConsoleError> {
    console.sells()?;
    let catalog = console.0.catalog.load();
    let terms = &catalog.settings().top_up;
    let currencies = terms.currencies.iter().map(|(currency, rate)| {
        let decimal = |minor: i64| Amount::new(minor, *currency).map(Amount::decimal);
        let offer = CurrencyOffer {
            credit_usd: rate.credit,
            minimum: decimal(rate.minimum).unwrap_or_default(),
            presets: rate.presets.iter().filter_map(|minor| decimal(*minor)).collect(),
            bonuses: rate
                .bonuses
                .iter()
                .filter_map(|one| Some(BonusOffer { from: decimal(one.from)?, extra: one.extra }))
                .collect(),
        };
        (currency.to_string(), offer)
    });
    Ok(Json(TopUpOffer {
        currencies: currencies.collect(),
        payment_channels: console.payment_ways(&caller).await?,
    }))
}

/// Lists your orders, the newest first.
#[utoipa::path(
    get, path = "/api/orders", tag = "orders", params(OrderParams),
    responses((status = 200, body = Page<OrderView>), Problems)
)]
async fn list_own_orders(
    State(console): State<Console>,
    caller: Caller,
    Params(params): Params<OrderParams>,
) -> Result<Json<Page<OrderView>>, ConsoleError> {
    let user = caller.user()?.user_id;
    let filter = OrderFilter { user: Some(user), ..OrderFilter::default() };
    console.orders(&params, filter, false).await.map(Json)
}

/// Orders a top-up of your balance. It is bound to its amount and its payment channel. At most ten orders
/// wait for their payment at a time.
#[utoipa::path(
    post, path = "/api/orders", tag = "orders", request_body = NewOrder,
    responses((status = 201, body = OrderView), Problems)
)]
async fn create_order(
    State(console): State<Console>,
    caller: Caller,
    Strict(new): Strict<NewOrder>,
) -> Result<(StatusCode, Json<OrderView>), ConsoleError> {
    let amount = amount(&new.amount, new.currency)?;
    console.new_order(&caller, new.payment_channel_id, Basket::TopUp(amount)).await
}

/// Shows one of your orders.
#[utoipa::path(
    get, path = "/api/orders/{id}", tag = "orders",
    params(("id" = String, Path, description = "Its id, `or_…`")),
    responses((status = 200, body = OrderView), Problems)
)]
async fn get_own_order(
    State(console): State<Console>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<OrderView>, ConsoleError> {
    console.sells()?;
    let user = caller.user()?.user_id;
    let found = console.0.editor.store.read().find_order(parse(&id)?).await?;
    let record = found.filter(|record| record.order.user == user).ok_or_else(|| missing(&id))?;
    console.order(record, false).await.map(Json)
}

/// The page at the gateway on which you pay an order of yours.
#[utoipa::path(
    post, path = "/api/orders/{id}/pay", tag = "orders", request_body = PayRequest,
    params(("id" = String, Path, description = "Its id, `or_…`")),
    responses((status = 200, body = PayPage), Problems)
)]
async fn pay_order(
    State(console): State<Console>,
    caller: Caller,
    Path(id): Path<String>,
    Strict(PayRequest { method }): Strict<PayRequest>,
) -> Result<Json<PayPage>, ConsoleError> {
    let commerce = console.sells()?;
    let user = caller.user()?.user_id;
    let Some(base) = console.site_base() else {
        let detail = "payments need the address of this site: set `site_base_url`";
        return Err(ConsoleError::Conflict(detail.to_owned()));
    };
    let unknown = || Refusal::field("/method", "unknown", "there is no such way to pay");
    let known = |word: String| {
        EpayMethod::ALL.into_iter().find(|one| one.as_str() == word).ok_or_else(unknown)
    };
    let method = method.map(known).transpose()?;
    let title = console.site_name();
    let site = Site { base: &base, title: &title };
    let url = commerce.page(user, parse(&id)?, site, method).await?;
    Ok(Json(PayPage { url }))
}

/// Cancels an order of yours that waits for its payment. A payment that comes all the same is looked at.
#[utoipa::path(
    post, path = "/api/orders/{id}/cancel", tag = "orders",
    params(("id" = String, Path, description = "Its id, `or_…`")),
    responses((status = 200, body = OrderView), Problems)
)]
async fn cancel_order(
    State(console): State<Console>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<OrderView>, ConsoleError> {
    let done = console.sells()?.cancel(caller.user()?.user_id, parse(&id)?).await?;
    console.order(done.record, false).await.map(Json)
}

/// Lists the orders of everyone, the newest first.
#[utoipa::path(
    get, path = "/api/admin/orders", tag = "orders", params(OrderParams),
    responses((status = 200, body = Page<OrderView>), Problems)
)]
async fn list_orders(
    State(console): State<Console>,
    Params(params): Params<OrderParams>,
) -> Result<Json<Page<OrderView>>, ConsoleError> {
    let attention = params.attention.unwrap_or(false);
    let mut filter = OrderFilter { attention, ..OrderFilter::default() };
    if let Some(name) = &params.user {
        filter.user = Some(console.named_user(console.0.editor.store.read(), name).await?.id);
    }
    console.orders(&params, filter, true).await.map(Json)
}

/// Gives what was ordered, whether or not a payment is known. A person must have proved lately who they are.
#[utoipa::path(
    post, path = "/api/admin/orders/{id}/approve", tag = "orders", request_body = Decision,
    params(("id" = String, Path, description = "Its id, `or_…`")),
    responses((status = 200, body = OrderView), Problems)
)]
async fn approve_order(
    State(console): State<Console>,
    caller: Caller,
    Path(id): Path<String>,
    Strict(Decision { reason }): Strict<Decision>,
) -> Result<Json<OrderView>, ConsoleError> {
    let (order, by) = console.decides(&caller, &id, "approve", reason, None).await?;
    console.decided(console.sells()?.approve(order, by).await?).await
}

/// Does not accept an order; a payment that is known is to be returned at the gateway.
#[utoipa::path(
    post, path = "/api/admin/orders/{id}/reject", tag = "orders", request_body = Decision,
    params(("id" = String, Path, description = "Its id, `or_…`")),
    responses((status = 200, body = OrderView), Problems)
)]
async fn reject_order(
    State(console): State<Console>,
    caller: Caller,
    Path(id): Path<String>,
    Strict(Decision { reason }): Strict<Decision>,
) -> Result<Json<OrderView>, ConsoleError> {
    let (order, by) = console.decides(&caller, &id, "reject", reason, None).await?;
    console.decided(console.sells()?.reject(order, by).await?).await
}

/// Takes back what a part of an order was worth. The money itself is returned at the gateway.
#[utoipa::path(
    post, path = "/api/admin/orders/{id}/refund", tag = "orders", request_body = RefundRequest,
    params(("id" = String, Path, description = "Its id, `or_…`")),
    responses((status = 200, body = OrderView), Problems)
)]
async fn refund_order(
    State(console): State<Console>,
    caller: Caller,
    Path(id): Path<String>,
    Strict(RefundRequest { amount: text, reason }): Strict<RefundRequest>,
) -> Result<Json<OrderView>, ConsoleError> {
    let found = console.0.editor.store.read().find_order(parse(&id)?).await?;
    let currency = found.ok_or_else(|| missing(&id))?.order.amount.currency();
    let amount = amount(&text, currency)?;
    let told = Some(amount.to_string());
    let (order, by) = console.decides(&caller, &id, "refund", reason, told).await?;
    console.decided(console.sells()?.refund(order, amount.minor(), by).await?).await
}

/// Somebody has looked at an order: it needs no more attention.
#[utoipa::path(
    post, path = "/api/admin/orders/{id}/dismiss", tag = "orders", request_body = Decision,
    params(("id" = String, Path, description = "Its id, `or_…`")),
    responses((status = 200, body = OrderView), Problems)
)]
async fn dismiss_order(
    State(console): State<Console>,
    caller: Caller,
    Path(id): Path<String>,
    Strict(Decision { reason }): Strict<Decision>,
) -> Result<Json<OrderView>, ConsoleError> {
    let (order, by) = console.decides(&caller, &id, "dismiss", reason, None).await?;
    console.decided(console.sells()?.dismiss(order, by).await?).await
}

fn missing(id: &str) -> ConsoleError {
    ConsoleError::NotFound(format!("order `{id}`"))
}

fn parse(id: &str) -> Result<OrderId, ConsoleError> {
    id.parse().map_err(|_| missing(id))
}

fn amount(text: &str, currency: Currency) -> Result<Amount, Refusal> {
    Amount::parse(text, currency)
        .map_err(|mistake| Refusal::field("/amount", "invalid", mistake.to_string()))
}

// === impl Console ===

impl Console {
    /// How the caller can pay.
    pub(super) async fn payment_ways(
        &self,
        caller: &Caller,
    ) -> Result<Vec<PaymentWay>, ConsoleError> {
        let may_test = caller.is_operator();
        let channels = self.0.editor.store.read().list_payment_channels().await?;
        let open = |one: &PaymentChannelRecord| one.enabled && (may_test || !one.test_mode);
        let way = |one: PaymentChannelRecord| PaymentWay {
            id: one.id,
            name: one.name,
            kind: one.kind.as_str(),
            test_mode: one.test_mode,
        };
        Ok(channels.into_iter().filter(open).map(way).collect())
    }

    /// Orders something, unless too much waits for its payment already.
    pub(super) async fn new_order(
        &self,
        caller: &Caller,
        channel: PaymentChannelId,
        basket: Basket,
    ) -> Result<(StatusCode, Json<OrderView>), ConsoleError> {
        let commerce = self.sells()?;
        let pending = OrderFilter {
            user: Some(caller.user()?.user_id),
            state: Some(OrderState::Pending),
            limit: MOST_OPEN,
            ..OrderFilter::default()
        };
        let waiting = self.0.editor.store.read().list_orders(pending).await?;
        if waiting.len() as u64 >= MOST_OPEN {
            let detail = format!("{MOST_OPEN} orders wait for their payment: cancel one first");
            return Err(ConsoleError::TooMany(detail));
        }
        let buyer = self.buyer(caller).await?;
        let terms = self.0.catalog.load().settings().top_up.clone();
        let record = commerce.order(buyer, channel, basket, &terms).await?;
        Ok((StatusCode::CREATED, Json(self.order(record, false).await?)))
    }

    async fn orders(
        &self,
        params: &OrderParams,
        filter: OrderFilter,
        office: bool,
    ) -> Result<Page<OrderView>, ConsoleError> {
        self.sells()?;
        let place = Place::read(params.cursor.as_deref(), params.limit)?;
        let (before, limit) = (place.before, place.fetched());
        let filter = OrderFilter { state: params.state, before, limit, ..filter };
        let found = self.0.editor.store.read().list_orders(filter).await?;
        let views = self.views(found, office).await?;
        Ok(place.page(views, |view| view.id, identity))
    }

    async fn order(&self, record: OrderRecord, office: bool) -> Result<OrderView, ConsoleError> {
        let id = record.order.id.to_string();
        self.views(vec![record], office).await?.pop().ok_or_else(|| missing(&id))
    }

    async fn decided(&self, done: Done) -> Result<Json<OrderView>, ConsoleError> {
        (self.0.reload)().await;
        self.order(done.record, true).await.map(Json)
    }

    async fn views(
        &self,
        records: Vec<OrderRecord>,
        office: bool,
    ) -> Result<Vec<OrderView>, ConsoleError> {
        let read = self.0.editor.store.read();
        let channels = read.list_payment_channels().await?.into_iter();
        let channels: HashMap<_, _> = channels.map(|one| (one.id, one.name)).collect();
        let plans = read.list_plans().await?.into_iter();
        let plans: HashMap<_, _> = plans.map(|one| (one.id, one.name)).collect();
        let mut names = HashMap::new();
        if office {
            for record in &records {
                let user = record.order.user;
                if let std::collections::hash_map::Entry::Vacant(slot) = names.entry(user)
                    && let Some(found) = read.find_user(user).await?
                {
                    slot.insert(found.username);
                }
            }
        }
        let view = |record: OrderRecord| {
            let name = channels.get(&record.order.channel).cloned();
            let of_office =
                office.then(|| OfficeView::new(&record, names.get(&record.order.user).cloned()));
            let plan = record.plan.and_then(|plan| plans.get(&plan).cloned());
            OrderView { plan, ..OrderView::new(&record, name, of_office) }
        };
        Ok(records.into_iter().map(view).collect())
    }

    /// Who buys, and whether they may pay with play money.
    pub(super) async fn buyer(&self, caller: &Caller) -> Result<Buyer, ConsoleError> {
        let user = caller.user()?.user_id;
        let found = self.0.editor.store.read().find_user(user).await?;
        let found = found.ok_or_else(|| ConsoleError::NotFound("user".to_owned()))?;
        let may_test = found.role != Role::User;
        Ok(Buyer { may_test, ..Buyer::new(user, found.group_id) })
    }

    /// An operator who decides about an order, with what the audit log says of it.
    async fn decides(
        &self,
        caller: &Caller,
        id: &str,
        what: &str,
        reason: String,
        amount: Option<String>,
    ) -> Result<(OrderId, Operator), ConsoleError> {
        self.must_be_fresh(caller).await?;
        if reason.trim().is_empty() || reason.chars().count() > 200 {
            return Err(Refusal::field("/reason", "invalid", "1 to 200 characters").into());
        }
        let order = parse(id)?;
        let (entry, now) = (self.0.editor.ids.next(), self.now());
        let act = AuditRecord::new(entry, now, caller.actor(), format!("order.{what}"));
        let mut changes = vec![change("reason", reason.clone())];
        changes.extend(amount.map(|amount| change("amount", amount)));
        let audit = AuditRecord { changes, ..act.about("order", order.to_string()) };
        let name = audit.actor.name.clone();
        Ok((order, Operator { name, reason, audit: Some(audit) }))
    }
}

// === impl OrderView ===

impl OrderView {
    fn new(record: &OrderRecord, channel: Option<String>, office: Option<OfficeView>) -> Self {
        let one = &record.order;
        Self {
            id: one.id,
            kind: one.kind.as_str(),
            plan: None,
            amount: one.amount.decimal(),
            currency: one.amount.currency().to_string(),
            value_usd: one.value.paid,
            bonus_usd: one.value.bonus,
            state: one.state.as_str(),
            payment_channel_id: one.channel,
            payment_channel: channel,
            test: one.test,
            created_at: record.created_at,
            updated_at: record.updated_at,
            office,
        }
    }
}

// === impl OfficeView ===

impl OfficeView {
    fn new(record: &OrderRecord, username: Option<String>) -> Self {
        let one = &record.order;
        let decimal = |minor| {
            Amount::new(minor, one.amount.currency()).map(Amount::decimal).unwrap_or_default()
        };
        Self {
            user_id: one.user,
            username,
            payment: one.payment.clone(),
            attention: one.attention.map(realms_types::Attention::as_str),
            returned: decimal(one.returned),
            refunded: decimal(one.refunded),
            decided_by: record.decided_by.clone(),
        }
    }
}
