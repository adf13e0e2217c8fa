//! What calls add up to.

use axum::{Json, extract::State};
use futures_util::future::try_join;
use realms_store::UsageFilter;
use realms_types::Timestamp;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::{Reach, terms::Asked};
use crate::{
    ConsoleError,
    http::{Console, body::Params, caller::Caller, problem::Problems, sums::UsageSummary},
};

/// Which calls are summed up.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct SummaryParams {
    /// Words, as in the list.
    q: Option<String>,
    /// Terms, as in the list.
    filter: Option<String>,
    /// Started at or after this moment (RFC 3339).
    #[param(value_type = Option<String>, format = DateTime)]
    since: Option<Timestamp>,
    /// Started before this moment (RFC 3339). Default: now.
    #[param(value_type = Option<String>, format = DateTime)]
    until: Option<Timestamp>,
    /// `previous`: with the sums of the range before, as long as this one.
    #[param(inline)]
    compare: Option<Compare>,
}

/// What to compare with.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Compare {
    /// The range before.
    Previous,
}

/// Sums everyone's calls up.
#[utoipa::path(
    get, path = "/api/admin/usage/summary", tag = "usage", params(SummaryParams),
    responses((status = 200, body = UsageSummary), Problems)
)]
pub(in crate::http) async fn summarize_usage(
    State(console): State<Console>,
    Params(params): Params<SummaryParams>,
) -> Result<Json<UsageSummary>, ConsoleError> {
    console.summarize(Reach::EVERYONE, &params).await.map(Json)
}

/// Sums one's own calls up.
#[utoipa::path(
    get, path = "/api/usage/summary", tag = "usage", params(SummaryParams),
    responses((status = 200, body = UsageSummary), Problems)
)]
pub(in crate::http) async fn summarize_own_usage(
    State(console): State<Console>,
    caller: Caller,
    Params(params): Params<SummaryParams>,
) -> Result<Json<UsageSummary>, ConsoleError> {
    console.summarize(console.own_reach(&caller)?, &params).await.map(Json)
}

// === impl Console ===

impl Console {
    async fn summarize(
        &self,
        reach: Reach,
        params: &SummaryParams,
    ) -> Result<UsageSummary, ConsoleError> {
        let asked = Asked {
            q: params.q.clone(),
            filter: params.filter.clone(),
            since: params.since,
            until: params.until,
        };
        let filter = self.usage_filter(reach, asked).await?;
        let store = &self.0.editor.store;
        let Some(Compare::Previous) = params.compare else {
            return Ok(UsageSummary::from(&store.summarize_usage(&filter).await?));
        };
        let before = before(&filter, self.0.editor.clock.now())?;
        let both = try_join(store.summarize_usage(&filter), store.sum_usage(&before));
        let (own, previous) = both.await?;
        Ok(UsageSummary { previous: Some((&previous).into()), ..UsageSummary::from(&own) })
    }
}

/// The same question about the range before.
fn before(filter: &UsageFilter, now: Timestamp) -> Result<UsageFilter, ConsoleError> {
    let Some(since) = filter.since else {
        let what = "query: `compare=previous` needs `since`";
        return Err(ConsoleError::Malformed(what.to_owned()));
    };
    let length = filter.until.unwrap_or(now).since(since);
    Ok(UsageFilter { since: Some(since - length), until: Some(since), ..filter.clone() })
}
