//! What a person sees first: what they use, what fails, and how to begin.

mod month;
mod waste;

use std::{
    collections::{BTreeMap, HashMap},
    time::Duration,
};

use axum::{Json, extract::State};
use futures_util::future::{try_join, try_join3, try_join5};
use realms_store::{
    Dimension, UsageFilter, UsageGroup, UsageKey, UsageMeasure, UsageRecord, UsageSort, UsageSums,
    UsageTerm, WordField,
};
use realms_types::{Cause, RecordId, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use month::Month;
use waste::Waste;

use super::{
    Console,
    body::Params,
    call_view::CallView,
    caller::{Caller, SignedIn},
    problem::Problems,
    sums::{self, PartSums, UsageSummary},
    usage::{
        NOTHING, Reach, Zone,
        buckets::{Bucket, beyond, micros, zoned},
        histogram::{Chart, Histogram, Measure},
    },
};
use crate::{ConsoleError, words};

/// Parts in each list.
const TOP: usize = 5;
/// Calls shown.
const RECENT: u64 = 8;
/// When so many in a row failed, something is wrong.
const IN_A_ROW: usize = 10;

/// How far back, and in which time zone.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct DashboardParams {
    /// `24h` (default), `7d` or `30d`.
    #[param(inline)]
    #[serde(default)]
    range: Span,
    /// The time zone of hours and days (IANA). Default: that of the site.
    tz: Option<String>,
}

/// How far back.
#[derive(Debug, Clone, Copy, Default, Deserialize, ToSchema)]
enum Span {
    /// A day.
    #[default]
    #[serde(rename = "24h")]
    Day,
    /// A week.
    #[serde(rename = "7d")]
    Week,
    /// Thirty days.
    #[serde(rename = "30d")]
    Month,
}

/// What a person sees first.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Dashboard {
    /// What needs them.
    attention: Vec<Attention>,
    /// How far they are on the way to their first call.
    connect: Connect,
    /// Today, since midnight of the time zone.
    today: UsageSummary,
    /// Yesterday until the same time of the clock.
    yesterday_same_time: sums::UsageSums,
    /// What calls cost, by model.
    spend: Histogram,
    /// Calls, by outcome.
    calls: Histogram,
    /// What this calendar month costs, day by day, whatever the range.
    month: Month,
    /// Calls of the range that cost something for little.
    waste: Waste,
    /// The models that cost most.
    top_models: Vec<PartSums>,
    /// The keys that cost most.
    top_keys: Vec<PartSums>,
    /// The programs that cost most.
    top_clients: Vec<PartSums>,
    /// Why calls failed, the latest cause first.
    recent_errors: Vec<RecentError>,
    /// The latest calls.
    recent: Vec<CallView>,
}

/// Something that needs a person.
#[derive(Debug, Serialize, ToSchema)]
struct Attention {
    /// `no_key`, `failing` (the last 10 calls failed) or `no_channel`.
    #[schema(value_type = words::AttentionKind)]
    kind: &'static str,
    /// What belongs into the message.
    params: BTreeMap<&'static str, String>,
}

/// How far a person is on the way to their first call.
#[derive(Debug, Serialize, ToSchema)]
struct Connect {
    /// They have an API key that may call.
    has_key: bool,
    /// A call of theirs went well.
    has_call: bool,
    /// When the first did.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    first_call_at: Option<Timestamp>,
}

/// Calls that failed for one reason.
#[derive(Debug, Serialize, ToSchema)]
struct RecentError {
    /// Why; `_none` where there is no more to say than how they ended.
    cause: String,
    /// Whose fault it was.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<words::Origin>)]
    origin: Option<&'static str>,
    /// How many, in the range.
    count: u64,
    /// The last of them.
    last: CallView,
}

/// The parts of a dashboard that come from the store.
type Tops = [Vec<(UsageKey, UsageGroup)>; 3];

/// Shows what a person sees first.
#[utoipa::path(
    get, path = "/api/dashboard", tag = "usage", params(DashboardParams),
    responses((status = 200, body = Dashboard), Problems)
)]
pub(super) async fn get_dashboard(
    State(console): State<Console>,
    caller: Caller,
    Params(params): Params<DashboardParams>,
) -> Result<Json<Dashboard>, ConsoleError> {
    let reach = console.own_reach(&caller)?;
    let zone = console.zone(params.tz.as_deref())?;
    console.dashboard(caller.user()?, reach, params.range, &zone).await.map(Json)
}

// === impl Console ===

impl Console {
    async fn dashboard(
        &self,
        user: &SignedIn,
        reach: Reach,
        span: Span,
        zone: &Zone,
    ) -> Result<Dashboard, ConsoleError> {
        let own = UsageFilter::of(user.user_id);
        let range = UsageFilter {
            since: Some(zone.now - span.length()),
            until: Some(zone.now),
            ..own.clone()
        };
        let ((days, month), charts, (tops, waste), (errors, recent), (connect, attention)) =
            try_join5(
                Box::pin(try_join(self.days(&own, zone), self.month(&own, zone))),
                Box::pin(self.charts(&range, span, zone)),
                Box::pin(try_join(self.tops(&range), self.waste(&range))),
                Box::pin(try_join(self.recent_errors(&range, reach), self.recent(&own, reach))),
                Box::pin(self.standing(user)),
            )
            .await?;
        let ((today, yesterday), (spend, calls)) = (days, charts);
        let [models, keys, clients] = tops;
        let (top_models, top_keys, top_clients) = try_join3(
            self.named_parts(Dimension::Model, models),
            self.named_parts(Dimension::ApiKey, keys),
            self.named_parts(Dimension::Client, clients),
        )
        .await?;
        Ok(Dashboard {
            attention,
            connect,
            today: UsageSummary::from(&today),
            yesterday_same_time: (&yesterday).into(),
            spend,
            calls,
            month,
            waste,
            top_models,
            top_keys,
            top_clients,
            recent_errors: errors,
            recent,
        })
    }

    /// Today, and yesterday until the same time.
    pub(super) async fn days(
        &self,
        of: &UsageFilter,
        zone: &Zone,
    ) -> Result<(UsageGroup, UsageSums), ConsoleError> {
        let midnight = Bucket::Day.floor(zone.now, &zone.zone)?;
        let yesterday = zoned(zone.now, &zone.zone)?.yesterday().map_err(beyond)?;
        let before = UsageFilter {
            since: Some(micros(&yesterday.start_of_day().map_err(beyond)?)),
            until: Some(micros(&yesterday)),
            ..of.clone()
        };
        let today = UsageFilter { since: Some(midnight), until: Some(zone.now), ..of.clone() };
        let store = &self.0.editor.store;
        Ok(try_join(store.summarize_usage(&today), store.sum_usage(&before)).await?)
    }

    async fn charts(
        &self,
        range: &UsageFilter,
        span: Span,
        zone: &Zone,
    ) -> Result<(Histogram, Histogram), ConsoleError> {
        let chart =
            |by, measure| Chart { filter: range.clone(), by, measure, bucket: span.bucket() };
        try_join(
            self.draw(chart(Dimension::Model, Measure::Cost), zone),
            self.draw(chart(Dimension::Outcome, Measure::Calls), zone),
        )
        .await
    }

    async fn tops(&self, range: &UsageFilter) -> Result<Tops, ConsoleError> {
        let store = &self.0.editor.store;
        let top = |by| store.sum_usage_by(range, by, UsageMeasure::Cost, TOP);
        let (models, keys) = try_join(top(Dimension::Model), top(Dimension::ApiKey)).await?;
        Ok([models, keys, top(Dimension::Client).await?])
    }

    /// The latest calls.
    async fn recent(&self, own: &UsageFilter, reach: Reach) -> Result<Vec<CallView>, ConsoleError> {
        let latest = UsageFilter { limit: RECENT, ..own.clone() };
        let page = self.0.editor.store.list_usage(&latest).await?;
        let names = self.call_names(&page.records, reach.channels).await?;
        Ok(page.records.into_iter().map(|call| names.view(call)).collect())
    }

    /// Why calls failed, the latest cause first.
    async fn recent_errors(
        &self,
        range: &UsageFilter,
        reach: Reach,
    ) -> Result<Vec<RecentError>, ConsoleError> {
        let store = &self.0.editor.store;
        let failed = UsageFilter { terms: vec![failures()], ..range.clone() };
        let by = (Dimension::Cause, UsageMeasure::Calls);
        let mut causes = store.sum_usage_by(&failed, by.0, by.1, usize::MAX).await?;
        causes.sort_by_key(|(_, group)| std::cmp::Reverse(group.last));
        causes.truncate(TOP);
        let last: Vec<RecordId> = causes.iter().filter_map(|(_, group)| group.last).collect();
        let calls = store.get_usage(&last).await?;
        let names = self.call_names(&calls, reach.channels).await?;
        let mut calls: HashMap<RecordId, UsageRecord> =
            calls.into_iter().map(|call| (call.id, call)).collect();
        let error = |(key, group): (UsageKey, UsageGroup)| {
            let last = names.view(calls.remove(&group.last?)?);
            let cause = match key {
                UsageKey::Word(word) => word,
                UsageKey::Nothing | UsageKey::Id(_) => NOTHING.to_owned(),
            };
            let origin = last.origin;
            Some(RecentError { cause, origin, count: group.sums.calls, last })
        };
        Ok(causes.into_iter().filter_map(error).collect())
    }

    /// How far a person is on the way to their first call, and what needs them, the most urgent first.
    async fn standing(&self, user: &SignedIn) -> Result<(Connect, Vec<Attention>), ConsoleError> {
        let (store, id) = (&self.0.editor.store, user.user_id);
        let good = UsageTerm::Word {
            field: WordField::Outcome,
            not: false,
            or_none: false,
            any_of: vec!["ok".to_owned()],
            starts: Vec::new(),
        };
        let own = UsageFilter::of(id);
        let first =
            UsageFilter { terms: vec![good], sort: UsageSort::Oldest, limit: 1, ..own.clone() };
        let last = UsageFilter { limit: IN_A_ROW as u64, ..own };
        let (first, last) = try_join(store.list_usage(&first), store.list_usage(&last)).await?;
        let keys = store.read().list_api_keys(Some(id)).await?;
        let connect = Connect {
            has_key: keys.iter().any(|key| key.enabled && key.revoked_at.is_none()),
            has_call: !first.records.is_empty(),
            first_call_at: first.records.first().map(|call| call.started_at),
        };
        let catalog = self.0.catalog.snapshot();
        let groups = catalog.allowed_groups(Some(user.group_id), &[]);
        let served = catalog.models().any(|model| catalog.serves(model, &groups));
        let attention = [
            (!served).then(|| Attention::new("no_channel")),
            Attention::failing(&last.records),
            (!connect.has_key).then(|| Attention::new("no_key")),
        ];
        Ok((connect, attention.into_iter().flatten().collect()))
    }
}

// === impl Attention ===

impl Attention {
    const fn new(kind: &'static str) -> Self {
        Self { kind, params: BTreeMap::new() }
    }

    /// All of the last calls failed.
    fn failing(last: &[UsageRecord]) -> Option<Self> {
        let failed = |call: &UsageRecord| !matches!(call.outcome.as_str(), "ok" | "client_gone");
        if last.len() < IN_A_ROW || !last.iter().all(failed) {
            return None;
        }
        let cause = last.first().and_then(|call| call.cause).map_or(NOTHING, Cause::as_str);
        let params = [("count", last.len().to_string()), ("cause", cause.to_owned())];
        Some(Self { kind: "failing", params: params.into() })
    }
}

/// Calls that did not end well, unless their client left.
pub(super) fn failures() -> UsageTerm {
    UsageTerm::Word {
        field: WordField::Outcome,
        not: true,
        or_none: false,
        any_of: vec!["ok".to_owned(), "client_gone".to_owned()],
        starts: Vec::new(),
    }
}

// === impl Span ===

impl Span {
    const fn length(self) -> Duration {
        match self {
            Self::Day => Duration::from_hours(24),
            Self::Week => Duration::from_hours(7 * 24),
            Self::Month => Duration::from_hours(30 * 24),
        }
    }

    const fn bucket(self) -> Bucket {
        match self {
            Self::Day => Bucket::Hour,
            Self::Week | Self::Month => Bucket::Day,
        }
    }
}
