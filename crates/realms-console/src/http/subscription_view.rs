//! Subscriptions as they are shown: what is used of their windows, and when it returns.

use realms_ledger::{Bearer, Subscription, Used, WindowUsed};
use realms_store::SubscriptionRecord;
use realms_types::{Money, OrderId, Ppm, SubscriptionId, Timestamp, UserId};
use serde::Serialize;
use utoipa::ToSchema;

use super::Console;
use crate::{ConsoleError, words};

/// Time of a plan that somebody has or had.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct SubscriptionView {
    /// Its id.
    #[schema(value_type = String, example = "su_06a1b2c3d4e5f")]
    pub id: SubscriptionId,
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

// === impl Console ===

impl Console {
    /// Subscriptions as they are shown. Without `office`, as who has them sees them.
    pub(super) async fn subscription_views(
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
        let people = records.iter().filter(|_| office).map(|record| record.user);
        let names = read.usernames(people).await?;
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
        WindowUsed::all(record, used, now).into_iter().map(Self::from).collect()
    }
}

impl From<WindowUsed> for WindowUse {
    fn from(window: WindowUsed) -> Self {
        Self {
            per: window.per(),
            limit_usd: window.limit,
            used_usd: window.used,
            eases_at: window.eases_at,
            empty_at: window.empty_at,
        }
    }
}
