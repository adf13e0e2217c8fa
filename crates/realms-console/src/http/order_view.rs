//! Orders as they are shown, to who made them and to operators.

use std::{collections::HashMap, convert::identity};

use realms_store::{OrderFilter, OrderRecord};
use realms_types::{Amount, Money, OrderId, PaymentChannelId, Timestamp, UserId};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    Console,
    list::{Page, Place},
    orders::{OrderParams, missing},
};
use crate::{ConsoleError, words};

/// An order.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct OrderView {
    /// Its id, and its name at the gateway.
    #[schema(value_type = String, example = "or_06a1b2c3d4e5f")]
    pub id: OrderId,
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

// === impl Console ===

impl Console {
    /// A page of orders, the newest first.
    pub(super) async fn orders(
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

    /// An order as it is shown. Without `office`, as who made it sees it.
    pub(super) async fn order(
        &self,
        record: OrderRecord,
        office: bool,
    ) -> Result<OrderView, ConsoleError> {
        let id = record.order.id.to_string();
        self.views(vec![record], office).await?.pop().ok_or_else(|| missing(&id))
    }

    /// Orders as they are shown.
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
        let people = records.iter().filter(|_| office).map(|record| record.order.user);
        let names = read.usernames(people).await?;
        let view = |record: OrderRecord| {
            let name = channels.get(&record.order.channel).cloned();
            let of_office =
                office.then(|| OfficeView::new(&record, names.get(&record.order.user).cloned()));
            let plan = record.plan.and_then(|plan| plans.get(&plan).cloned());
            OrderView { plan, ..OrderView::new(&record, name, of_office) }
        };
        Ok(records.into_iter().map(view).collect())
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
