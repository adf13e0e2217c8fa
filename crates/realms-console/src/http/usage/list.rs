//! Pages of calls.

use axum::{
    Json,
    extract::{Path, State},
};
use futures_util::future::try_join;
use realms_store::{UsageMark, UsageSort};
use realms_types::{RecordId, RequestId, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{Reach, terms::Asked};
use crate::{
    ConsoleError,
    http::{Console, body::Params, call_view::CallView, caller::Caller, problem::Problems},
};

/// Which calls are listed, and how.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct ListParams {
    /// Words: the id of the call, the client's id of it, or parts of the names of model and client.
    q: Option<String>,
    /// Terms joined by spaces, such as `outcome!:ok model:claude* cost>0.1`.
    filter: Option<String>,
    /// `-started_at` (default), `started_at`, or `cost`, `duration`, `first_event` with or without
    /// `-`; those end after 10,000 calls.
    sort: Option<String>,
    /// `next` of the page before.
    cursor: Option<String>,
    /// At most so many, up to 200. Default 50.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u64>,
    /// Started at or after this moment (RFC 3339).
    #[param(value_type = Option<String>, format = DateTime)]
    since: Option<Timestamp>,
    /// Started before this moment (RFC 3339).
    #[param(value_type = Option<String>, format = DateTime)]
    until: Option<Timestamp>,
}

/// A page of calls.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct CallPage {
    /// The calls.
    items: Vec<CallView>,
    /// What to send as `cursor` for the next page; left out at the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
    /// How many there are on all pages; on the first page, where that is quickly known.
    #[serde(skip_serializing_if = "Option::is_none")]
    approx_total: Option<u64>,
}

/// Lists everyone's calls, newest first.
#[utoipa::path(
    get, path = "/api/admin/usage", tag = "usage", params(ListParams),
    responses((status = 200, body = CallPage), Problems)
)]
pub(in crate::http) async fn list_usage(
    State(console): State<Console>,
    Params(params): Params<ListParams>,
) -> Result<Json<CallPage>, ConsoleError> {
    console.list_calls(Reach::EVERYONE, &params).await.map(Json)
}

/// Lists one's own calls, newest first.
#[utoipa::path(
    get, path = "/api/usage", tag = "usage", params(ListParams),
    responses((status = 200, body = CallPage), Problems)
)]
pub(in crate::http) async fn list_own_usage(
    State(console): State<Console>,
    caller: Caller,
    Params(params): Params<ListParams>,
) -> Result<Json<CallPage>, ConsoleError> {
    console.list_calls(console.own_reach(&caller)?, &params).await.map(Json)
}

/// Shows one call.
#[utoipa::path(
    get, path = "/api/admin/usage/{request_id}", tag = "usage",
    params(("request_id" = String, Path, description = "The id of the call")),
    responses((status = 200, body = CallView), Problems)
)]
pub(in crate::http) async fn get_usage(
    State(console): State<Console>,
    Path(request_id): Path<String>,
) -> Result<Json<CallView>, ConsoleError> {
    let missing = || ConsoleError::NotFound(format!("call `{request_id}`"));
    let id: RequestId = request_id.parse().map_err(|_| missing())?;
    let call = console.0.editor.store.find_usage(id).await?.ok_or_else(missing)?;
    let names = console.call_names(std::slice::from_ref(&call), true).await?;
    Ok(Json(names.view(call)))
}

// === impl Console ===

impl Console {
    async fn list_calls(
        &self,
        reach: Reach,
        params: &ListParams,
    ) -> Result<CallPage, ConsoleError> {
        let limit = params.limit.unwrap_or(50);
        if !(1..=200).contains(&limit) {
            return Err(ConsoleError::Malformed("query: `limit` is 1 to 200".to_owned()));
        }
        let asked = Asked {
            q: params.q.as_deref(),
            filter: params.filter.as_deref(),
            since: params.since,
            until: params.until,
        };
        let mut filter = self.usage_filter(reach, &asked).await?;
        let store = &self.0.editor.store;
        let uncounted = filter.clone();
        let count = async {
            if params.cursor.is_some() { Ok(None) } else { store.count_usage(&uncounted).await }
        };
        filter.limit = limit;
        filter.sort = sort(params.sort.as_deref())?;
        filter.after = params.cursor.as_deref().map(mark).transpose()?;
        let (page, approx_total) = try_join(store.list_usage(&filter), count).await?;
        let names = self.call_names(&page.records, reach.channels).await?;
        let items = page.records.into_iter().map(|call| names.view(call)).collect();
        Ok(CallPage { items, next: page.next.map(cursor), approx_total })
    }
}

fn sort(word: Option<&str>) -> Result<UsageSort, ConsoleError> {
    Ok(match word.unwrap_or("-started_at") {
        "-started_at" => UsageSort::Newest,
        "started_at" => UsageSort::Oldest,
        "-cost" => UsageSort::MostCost,
        "cost" => UsageSort::LeastCost,
        "-duration" => UsageSort::Longest,
        "duration" => UsageSort::Shortest,
        "-first_event" => UsageSort::SlowestStart,
        "first_event" => UsageSort::FastestStart,
        other => {
            return Err(ConsoleError::Malformed(format!(
                "query: there is no order `{other}`; there are started_at, cost, duration and \
                 first_event, each with or without `-`"
            )));
        }
    })
}

/// A place in a list as text.
pub(in crate::http) fn cursor(mark: UsageMark) -> String {
    match mark {
        UsageMark::Record { started_at, id } => format!("t{}-{id}", started_at.as_micros()),
        UsageMark::Place(place) => format!("p{place}"),
    }
}

/// The place that a text from [`cursor`] means.
pub(in crate::http) fn mark(cursor: &str) -> Result<UsageMark, ConsoleError> {
    let read = || {
        if let Some(place) = cursor.strip_prefix('p') {
            return place.parse().ok().map(UsageMark::Place);
        }
        let (time, id) = cursor.strip_prefix('t')?.split_once('-')?;
        let started_at = Timestamp::from_micros(time.parse().ok()?);
        Some(UsageMark::Record { started_at, id: id.parse::<RecordId>().ok()? })
    };
    let strange = || ConsoleError::Malformed("query: this is no `next` of a list".to_owned());
    read().ok_or_else(strange)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cursors_come_back_as_they_went() {
        let id = RecordId::new(77);
        for place in [
            UsageMark::Place(50),
            UsageMark::Record { started_at: Timestamp::from_micros(1_795_000_000_123_456), id },
        ] {
            assert_eq!(mark(&cursor(place)).unwrap(), place);
        }
        for strange in ["", "x", "p", "p-1", "t5", "t5-77", "tx-re_0000000000001"] {
            assert!(mark(strange).is_err(), "{strange}");
        }
    }
}
