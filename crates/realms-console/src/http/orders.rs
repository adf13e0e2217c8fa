//! Orders of users: how a balance can be topped up, what is ordered, and where it is paid.

use std::collections::BTreeMap;

use axum::{
    Json,
    extract::{Path, State},
};
use http::StatusCode;
use realms_commerce::{Basket, Buyer, EpayMethod, Site};
use realms_store::{OrderFilter, PaymentChannelRecord, Role};
use realms_types::{Amount, Currency, Money, OrderId, OrderState, PaymentChannelId, Ppm};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    Console,
    body::{Params, Strict},
    caller::Caller,
    list::Page,
    order_view::OrderView,
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

/// Which orders are listed.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct OrderParams {
    /// Only those in this state.
    #[param(value_type = Option<words::OrderState>)]
    pub state: Option<OrderState>,
    /// Only those that somebody must look at; for operators.
    pub attention: Option<bool>,
    /// Only those of this user: name or id; for operators.
    pub user: Option<String>,
    /// `next` of the page before.
    pub cursor: Option<String>,
    /// At most so many, up to 200. Default 50.
    #[param(minimum = 1, maximum = 200)]
    pub limit: Option<u64>,
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

/// The routes of orders.
pub(super) fn routes() -> OpenApiRouter<Console> {
    OpenApiRouter::new()
        .routes(routes!(get_top_up))
        .routes(routes!(list_own_orders, create_order))
        .routes(routes!(get_own_order))
        .routes(routes!(pay_order))
        .routes(routes!(cancel_order))
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

pub(super) fn missing(id: &str) -> ConsoleError {
    ConsoleError::NotFound(format!("order `{id}`"))
}

pub(super) fn parse(id: &str) -> Result<OrderId, ConsoleError> {
    id.parse().map_err(|_| missing(id))
}

pub(super) fn amount(text: &str, currency: Currency) -> Result<Amount, Refusal> {
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

    /// Who buys, and whether they may pay with play money.
    pub(super) async fn buyer(&self, caller: &Caller) -> Result<Buyer, ConsoleError> {
        let user = caller.user()?.user_id;
        let found = self.0.editor.store.read().find_user(user).await?;
        let found = found.ok_or_else(|| ConsoleError::NotFound("user".to_owned()))?;
        let may_test = found.role != Role::User;
        Ok(Buyer { may_test, ..Buyer::new(user, found.group_id) })
    }
}
