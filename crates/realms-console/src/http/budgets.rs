//! Budgets: what may be spent within a time, and how much of it is.

use axum::{
    Json,
    extract::{Path, State},
};
use jiff::tz::TimeZone;
use realms_ledger::{Cap, CapOwner, Window};
use realms_store::{ApiKeyRecord, UserRecord};
use realms_types::{ApiKeyId, Budget, Money, Spend, Timestamp};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{Console, caller::Caller, problem::Problems};
use crate::ConsoleError;

/// What somebody may spend.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Budgets {
    /// Those of the user, then those of each key. A call counts for all that it falls under.
    budgets: Vec<BudgetUse>,
}

/// A budget, and what is used of it.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct BudgetUse {
    /// The key that it is for; left out: all keys of the user together.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    api_key_id: Option<ApiKeyId>,
    /// What that key is called.
    #[serde(skip_serializing_if = "Option::is_none")]
    api_key_name: Option<String>,
    /// The time in which it counts: `5h`, `7d`, `day`, `week`, `month`, `total`.
    #[schema(example = "5h")]
    per: String,
    /// At most so much, in USD.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    usd: Option<Money>,
    /// What is used of it, what running calls may need included.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    used_usd: Option<Money>,
    /// At most so many LLM tokens.
    #[serde(skip_serializing_if = "Option::is_none")]
    llm_tokens: Option<u64>,
    /// How many are used, those that running calls may need included.
    #[serde(skip_serializing_if = "Option::is_none")]
    used_llm_tokens: Option<u64>,
    /// When all of it is there again; left out where it returns bit by bit, or never.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    resets_at: Option<Timestamp>,
}

/// A key by its id and its name.
type KeyName = (ApiKeyId, String);

/// A budget with whose it is, before anybody knows what is used.
struct Asked {
    key: Option<KeyName>,
    budget: Budget,
    cap: Cap,
}

/// The routes of budgets.
pub(super) fn routes() -> OpenApiRouter<Console> {
    OpenApiRouter::new().routes(routes!(list_own_budgets)).routes(routes!(list_budgets))
}

/// Shows what you and your keys may spend, and what is used of it.
#[utoipa::path(
    get, path = "/api/budgets", tag = "balance",
    responses((status = 200, body = Budgets), Problems)
)]
async fn list_own_budgets(
    State(console): State<Console>,
    caller: Caller,
) -> Result<Json<Budgets>, ConsoleError> {
    let user = console.named_user(console.0.editor.store.read(), &caller.user()?.username).await?;
    console.budgets(&user).await.map(Json)
}

/// Shows what a user and their keys may spend, and what is used of it.
#[utoipa::path(
    get, path = "/api/admin/users/{name}/budgets", tag = "balance",
    params(("name" = String, Path, description = "Its name or its id")),
    responses((status = 200, body = Budgets), Problems)
)]
async fn list_budgets(
    State(console): State<Console>,
    Path(name): Path<String>,
) -> Result<Json<Budgets>, ConsoleError> {
    let user = console.named_user(console.0.editor.store.read(), &name).await?;
    console.budgets(&user).await.map(Json)
}

// === impl Console ===

impl Console {
    async fn budgets(&self, user: &UserRecord) -> Result<Budgets, ConsoleError> {
        let keys = self.0.editor.store.read().list_api_keys(Some(user.id)).await?;
        let own = user.budgets.iter().map(|it| (CapOwner::User(user.id), None, *it));
        let live = keys.iter().filter(|key| key.revoked_at.is_none());
        let budgets = self.used(own.chain(live.flat_map(of_key)).collect()).await?;
        Ok(Budgets { budgets })
    }

    /// What a key may spend, and what is used of it.
    pub(super) async fn key_budgets(
        &self,
        key: &ApiKeyRecord,
    ) -> Result<Vec<BudgetUse>, ConsoleError> {
        self.used(of_key(key).collect()).await
    }

    async fn used(
        &self,
        budgets: Vec<(CapOwner, Option<KeyName>, Budget)>,
    ) -> Result<Vec<BudgetUse>, ConsoleError> {
        let (read, now) = (self.0.editor.store.read(), self.0.editor.clock.now());
        let zone = TimeZone::get(&self.0.catalog.load().settings().time_zone);
        let zone = zone.unwrap_or(TimeZone::UTC);
        let ask = |(owner, key, budget): (CapOwner, Option<KeyName>, Budget)| {
            Some(Asked { key, budget, cap: Cap::of(owner, budget, now, &zone)? })
        };
        let asked: Vec<Asked> = budgets.into_iter().filter_map(ask).collect();
        let since: Vec<(String, Timestamp)> =
            asked.iter().map(|one| (one.cap.name(), one.cap.window.horizon(now))).collect();
        let sums = read.sum_allowances(&since).await?;
        let used = asked.into_iter().map(|one| {
            let sum = sums.get(&one.cap.name()).copied().unwrap_or(0);
            BudgetUse::of(one, sum)
        });
        Ok(used.collect())
    }
}

/// The budgets of a key.
fn of_key(key: &ApiKeyRecord) -> impl Iterator<Item = (CapOwner, Option<KeyName>, Budget)> {
    let named = || Some((key.id, key.name.clone()));
    key.rules.budgets.iter().map(move |it| (CapOwner::ApiKey(key.id), named(), *it))
}

// === impl BudgetUse ===

impl BudgetUse {
    fn of(asked: Asked, sum: i64) -> Self {
        let Asked { key, budget, cap } = asked;
        let (id, name) = key.unzip();
        let resets_at = match cap.window {
            Window::Fixed { until, .. } => Some(until),
            Window::Rolling(_) | Window::Total => None,
        };
        let empty = Self {
            api_key_id: id,
            api_key_name: name,
            per: budget.per.to_string(),
            usd: None,
            used_usd: None,
            llm_tokens: None,
            used_llm_tokens: None,
            resets_at,
        };
        match budget.most {
            Spend::Usd(usd) => {
                Self { usd: Some(usd), used_usd: Some(Money::from_nano(sum)), ..empty }
            }
            Spend::Tokens(most) => {
                let counted = u64::try_from(sum).unwrap_or(0);
                Self { llm_tokens: Some(most), used_llm_tokens: Some(counted), ..empty }
            }
        }
    }
}
