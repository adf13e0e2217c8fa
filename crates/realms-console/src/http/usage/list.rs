//! Pages of calls.

use axum::{Json, extract::State};
use futures_util::future::try_join;
use realms_store::{UsageFilter, UsageMark, UsageSort};
use realms_types::{RecordId, Timestamp};
use serde::Deserialize;
use utoipa::IntoParams;

use super::{Reach, terms::read};
use crate::{
    ConsoleError,
    http::{
        Console,
        body::Params,
        call_view::CallView,
        caller::Caller,
        list::Page,
        problem::Problems,
        query::{ListParams, Sort},
    },
};

/// Which calls are listed, and how.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct CallParams {
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

/// Lists everyone's calls, newest first.
#[utoipa::path(
    get, path = "/api/admin/usage", tag = "usage", params(CallParams),
    responses((status = 200, body = Page<CallView>), Problems)
)]
pub(in crate::http) async fn list_usage(
    State(console): State<Console>,
    Params(params): Params<CallParams>,
) -> Result<Json<Page<CallView>>, ConsoleError> {
    console.list_calls(Reach::EVERYONE, params).await.map(Json)
}

/// Lists one's own calls, newest first.
#[utoipa::path(
    get, path = "/api/usage", tag = "usage", params(CallParams),
    responses((status = 200, body = Page<CallView>), Problems)
)]
pub(in crate::http) async fn list_own_usage(
    State(console): State<Console>,
    caller: Caller,
    Params(params): Params<CallParams>,
) -> Result<Json<Page<CallView>>, ConsoleError> {
    console.list_calls(console.own_reach(&caller)?, params).await.map(Json)
}

// === impl Console ===

impl Console {
    async fn list_calls(
        &self,
        reach: Reach,
        params: CallParams,
    ) -> Result<Page<CallView>, ConsoleError> {
        let CallParams { q, filter, sort: order, cursor: begin, limit, since, until } = params;
        let query = read(reach, ListParams { q, filter, sort: order, cursor: begin, limit })?;
        let uncounted = self.filter_of(reach, &query, since, until).await?;
        let filter = UsageFilter {
            sort: sort(query.sort.as_ref()),
            after: query.cursor.as_deref().map(mark).transpose()?,
            limit: query.limit,
            ..uncounted.clone()
        };
        let store = &self.0.editor.store;
        let count = async {
            let is_first = filter.after.is_none();
            if is_first { store.count_usage(&uncounted).await } else { Ok(None) }
        };
        let (page, approx_total) = try_join(store.list_usage(&filter), count).await?;
        let names = self.call_names(&page.records, reach.channels).await?;
        let items = page.records.into_iter().map(|call| names.view(call)).collect();
        Ok(Page { items, next: page.next.map(cursor), approx_total, facets: Vec::new() })
    }
}

fn sort(sort: Option<&Sort>) -> UsageSort {
    let Some(Sort { field, is_descending }) = sort else { return UsageSort::Newest };
    match (field.as_str(), is_descending) {
        ("cost", true) => UsageSort::MostCost,
        ("cost", false) => UsageSort::LeastCost,
        ("duration", true) => UsageSort::Longest,
        ("duration", false) => UsageSort::Shortest,
        ("first_event", true) => UsageSort::SlowestStart,
        ("first_event", false) => UsageSort::FastestStart,
        (_, true) => UsageSort::Newest,
        (_, false) => UsageSort::Oldest,
    }
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
