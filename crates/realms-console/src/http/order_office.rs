//! Orders for operators: all of them, and what is decided about those that no rule can decide.

use axum::{
    Json,
    extract::{Path, State},
};
use realms_commerce::{Done, Operator};
use realms_store::OrderFilter;
use realms_types::OrderId;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    Console,
    body::{Params, Strict},
    caller::Caller,
    list::Page,
    noting::change,
    order_view::OrderView,
    orders::{OrderParams, amount, missing, parse},
    problem::Problems,
};
use crate::{ConsoleError, refusal::check_reason};

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

/// The routes of orders for operators.
pub(super) fn routes() -> OpenApiRouter<Console> {
    OpenApiRouter::new()
        .routes(routes!(list_orders))
        .routes(routes!(approve_order))
        .routes(routes!(reject_order))
        .routes(routes!(refund_order))
        .routes(routes!(dismiss_order))
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

// === impl Console ===

impl Console {
    async fn decided(&self, done: Done) -> Result<Json<OrderView>, ConsoleError> {
        (self.0.reload)().await;
        self.order(done.record, true).await.map(Json)
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
        check_reason(&reason)?;
        let order = parse(id)?;
        let mut changes = vec![change("reason", reason.clone())];
        changes.extend(amount.map(|amount| change("amount", amount)));
        let audit = self.act(caller, format!("order.{what}"), ("order", id), changes);
        let name = audit.actor.name.clone();
        Ok((order, Operator { name, reason, audit: Some(audit) }))
    }
}
