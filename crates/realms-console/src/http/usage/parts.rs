//! What calls add up to by part: by model, by key, by day, ….

use axum::{
    Json,
    extract::{Path, State},
};
use futures_util::future::try_join;
use realms_store::{UsageFilter, UsageMeasure};
use realms_types::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    Reach,
    buckets::{Bucket, zoned},
    labels::dimension,
    range,
    terms::Asked,
};
use crate::{
    ConsoleError,
    http::{
        Console,
        body::Params,
        caller::Caller,
        problem::Problems,
        sums::{PartSums, UsageSums},
    },
};

/// Which calls are summed up, and in which order.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct PartsParams {
    /// Words, as in the list.
    q: Option<String>,
    /// Terms, as in the list.
    filter: Option<String>,
    /// Started at or after this moment (RFC 3339). By day, the default is a day before `until`.
    #[param(value_type = Option<String>, format = DateTime)]
    since: Option<Timestamp>,
    /// Started before this moment (RFC 3339). Default: now.
    #[param(value_type = Option<String>, format = DateTime)]
    until: Option<Timestamp>,
    /// `-cost` (default), `-calls`, `-tokens` or `-errors`; the largest part is always first. Days are
    /// always in their order, the latest first.
    sort: Option<String>,
    /// At most so many, up to 200. Default 50.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<usize>,
    /// The time zone of days (IANA). Default: that of the site.
    tz: Option<String>,
}

/// The largest parts.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct PartsListing {
    /// The parts, the largest first.
    items: Vec<PartSums>,
}

/// Sums everyone's calls up by part.
#[utoipa::path(
    get, path = "/api/admin/usage/by/{dimension}", tag = "usage",
    params(
        ("dimension" = String, Path, description = "`model`, `api_key`, `client`, `dialect`, `day`, \
            `outcome`, `cause`, `session`, `user`, `channel`, `channel_group` or `credential`"),
        PartsParams
    ),
    responses((status = 200, body = PartsListing), Problems)
)]
pub(in crate::http) async fn list_usage_by(
    State(console): State<Console>,
    Path(dimension): Path<String>,
    Params(params): Params<PartsParams>,
) -> Result<Json<PartsListing>, ConsoleError> {
    let items = console.usage_parts(Reach::EVERYONE, &dimension, &params).await?;
    Ok(Json(PartsListing { items }))
}

/// Sums one's own calls up by part.
#[utoipa::path(
    get, path = "/api/usage/by/{dimension}", tag = "usage",
    params(
        ("dimension" = String, Path, description = "`model`, `api_key`, `client`, `dialect`, `day`, \
            `outcome`, `cause` or `session`"),
        PartsParams
    ),
    responses((status = 200, body = PartsListing), Problems)
)]
pub(in crate::http) async fn list_own_usage_by(
    State(console): State<Console>,
    caller: Caller,
    Path(dimension): Path<String>,
    Params(params): Params<PartsParams>,
) -> Result<Json<PartsListing>, ConsoleError> {
    let items = console.usage_parts(console.own_reach(&caller)?, &dimension, &params).await?;
    Ok(Json(PartsListing { items }))
}

// === impl Console ===

impl Console {
    async fn usage_parts(
        &self,
        reach: Reach,
        word: &str,
        params: &PartsParams,
    ) -> Result<Vec<PartSums>, ConsoleError> {
        let limit = params.limit.unwrap_or(50);
        if !(1..=200).contains(&limit) {
            return Err(ConsoleError::Malformed("query: `limit` is 1 to 200".to_owned()));
        }
        let asked = Asked {
            q: params.q.clone(),
            filter: params.filter.clone(),
            since: params.since,
            until: params.until,
        };
        let measure = measure(params.sort.as_deref())?;
        let filter = self.usage_filter(reach, asked).await?;
        if word == "day" {
            return self.usage_by_day(filter, params.tz.as_deref(), limit).await;
        }
        let by = dimension(word, reach)?;
        let parts = self.0.editor.store.usage_by(&filter, by, measure, limit).await?;
        self.named_parts(by, parts).await
    }

    /// Days on which there were calls, the latest first.
    async fn usage_by_day(
        &self,
        mut filter: UsageFilter,
        tz: Option<&str>,
        limit: usize,
    ) -> Result<Vec<PartSums>, ConsoleError> {
        let zone = self.zone(tz)?;
        let (since, until) = range::complete(&mut filter, zone.now);
        let starts = Bucket::Day.starts(since, until, &zone.zone)?;
        let store = &self.0.editor.store;
        let sums = store.usage_over_time(&filter, &starts);
        let latencies = store.latencies_over_time(&filter, &starts);
        let (sums, latencies) = try_join(sums, latencies).await?;
        let mut days = Vec::new();
        for ((start, sums), latencies) in starts.iter().zip(&sums).zip(&latencies).rev() {
            if sums.calls == 0 || days.len() == limit {
                continue;
            }
            let day = zoned(*start, &zone.zone)?.date().to_string();
            days.push(PartSums {
                key: day.clone(),
                label: day,
                sums: UsageSums::from(sums),
                p50_first_event_us: latencies.percentile(50),
            });
        }
        Ok(days)
    }
}

fn measure(sort: Option<&str>) -> Result<UsageMeasure, ConsoleError> {
    match sort.unwrap_or("-cost").trim_start_matches('-') {
        "cost" => Ok(UsageMeasure::Cost),
        "calls" => Ok(UsageMeasure::Calls),
        "tokens" => Ok(UsageMeasure::Tokens),
        "errors" => Ok(UsageMeasure::Errors),
        other => Err(ConsoleError::Malformed(format!(
            "query: there is no order `{other}`; there are cost, calls, tokens and errors"
        ))),
    }
}
