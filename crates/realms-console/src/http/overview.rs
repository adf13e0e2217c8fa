//! What an operator sees first: whether everything serves, what does not, and what is going on.

use std::time::Duration;

use axum::{Json, extract::State};
use futures_util::future::{try_join, try_join5};
use http::HeaderMap;
use realms_store::{Dimension, Latencies, UsageFilter, UsageMeasure};
use realms_types::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    Console,
    body::Params,
    caller::Visitor,
    channel_status::ChannelStatus,
    findings::{Finding, Severity},
    problem::Problems,
    readiness::SetupState,
    sums::{PartSums, UsageSummary, share},
    usage::{
        Zone,
        buckets::Bucket,
        histogram::{Chart, Histogram, Measure},
    },
};
use crate::ConsoleError;

/// What "now" is.
const NOW: Duration = Duration::from_mins(5);
/// How far back charts go.
const DAY: Duration = Duration::from_hours(24);
/// People shown.
const TOP: usize = 5;

/// In which time zone.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct OverviewParams {
    /// The time zone of today and of hours (IANA). Default: that of the site.
    tz: Option<String>,
}

/// What an operator sees first. Channels are as the node that answers knows them.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Overview {
    /// Whether no channel is down and nothing found is an error.
    healthy: bool,
    /// What is not as it should be, the worst first.
    findings: Vec<Finding>,
    /// How many channels are how.
    channels: ChannelCounts,
    /// The last five minutes.
    now: Now,
    /// Today, since midnight of the time zone.
    today: UsageSummary,
    /// The calls of the last 24 hours, by outcome.
    throughput: Histogram,
    /// How long they took to their first event.
    latency: LatencyChart,
    /// Who spends most today.
    top_users: Vec<PartSums>,
    /// What is done of setting up.
    setup: SetupState,
}

/// How many channels are how.
#[derive(Debug, Default, Serialize, ToSchema)]
struct ChannelCounts {
    /// All of them.
    total: usize,
    /// All is well.
    serving: usize,
    /// A part rests or fails.
    degraded: usize,
    /// They answer nothing now, because they rest or need a person.
    down: usize,
    /// They are switched off.
    disabled: usize,
}

/// The last five minutes.
#[derive(Debug, Serialize, ToSchema)]
struct Now {
    /// Calls a minute.
    calls_per_minute: f64,
    /// LLM tokens a minute.
    tokens_per_minute: f64,
    /// Calls that are being answered on the node that answers this.
    in_flight: u64,
    /// The share of errors.
    error_share: f64,
    /// To the first event, for 95 % of them at most.
    #[serde(skip_serializing_if = "Option::is_none")]
    p95_first_event_us: Option<u64>,
}

/// Percentiles over time, in microseconds; `null` where there was nothing.
#[derive(Debug, Serialize, ToSchema)]
struct LatencyChart {
    /// The first moments of the buckets.
    #[schema(value_type = Vec<String>)]
    starts: Vec<Timestamp>,
    /// For half of them at most.
    p50: Vec<Option<u64>>,
    /// For 95 % of them at most.
    p95: Vec<Option<u64>>,
}

/// Shows what an operator sees first.
#[utoipa::path(
    get, path = "/api/admin/overview", tag = "usage", params(OverviewParams),
    responses((status = 200, body = Overview), Problems)
)]
pub(super) async fn get_overview(
    State(console): State<Console>,
    visitor: Visitor,
    headers: HeaderMap,
    Params(params): Params<OverviewParams>,
) -> Result<Json<Overview>, ConsoleError> {
    let zone = console.zone(params.tz.as_deref())?;
    console.overview(&visitor, &headers, &zone).await.map(Json)
}

// === impl Console ===

impl Console {
    async fn overview(
        &self,
        visitor: &Visitor,
        headers: &HeaderMap,
        zone: &Zone,
    ) -> Result<Overview, ConsoleError> {
        let everyone = UsageFilter::default();
        let day = UsageFilter {
            since: Some(zone.now - DAY),
            until: Some(zone.now),
            ..UsageFilter::default()
        };
        let chart = Chart {
            filter: day.clone(),
            by: Dimension::Outcome,
            measure: Measure::Calls,
            bucket: Bucket::Hour,
        };
        let (statuses, setup, (today, _), now, (throughput, latency)) = try_join5(
            Box::pin(self.all_channel_statuses()),
            Box::pin(self.setup_state(visitor, headers)),
            Box::pin(self.days(&everyone, zone)),
            Box::pin(self.last_minutes(zone)),
            Box::pin(try_join(self.draw(chart, zone), self.latencies(&day, zone))),
        )
        .await?;
        let in_flight = statuses.iter().map(|one| u64::from(one.in_flight)).sum();
        let channels = ChannelCounts::of(&statuses);
        let findings = self.findings(&statuses);
        let errs = findings.iter().any(|finding| finding.severity == Severity::Error);
        Ok(Overview {
            healthy: !errs && channels.down == 0 && channels.degraded == 0,
            findings,
            channels,
            now: Now { in_flight, ..now },
            today: UsageSummary::from(&today),
            throughput,
            latency,
            top_users: self.top_users(zone).await?,
            setup,
        })
    }

    async fn last_minutes(&self, zone: &Zone) -> Result<Now, ConsoleError> {
        let filter = UsageFilter { since: Some(zone.now - NOW), ..UsageFilter::default() };
        let group = self.0.editor.store.summarize_usage(&filter).await?;
        let minutes = NOW.as_secs() / 60;
        Ok(Now {
            calls_per_minute: share(group.sums.calls, minutes),
            tokens_per_minute: share(group.sums.usage.total(), minutes),
            in_flight: 0,
            error_share: share(group.sums.errors, group.sums.calls),
            p95_first_event_us: group.first_event.percentile(95),
        })
    }

    async fn latencies(
        &self,
        day: &UsageFilter,
        zone: &Zone,
    ) -> Result<LatencyChart, ConsoleError> {
        let starts = Bucket::Hour.starts(zone.now - DAY, zone.now, &zone.zone)?;
        let found = self.0.editor.store.latencies_over_time(day, &starts).await?;
        let percentiles = |percent| {
            let of = |latencies: &Latencies| latencies.percentile(percent);
            found.iter().map(of).collect()
        };
        Ok(LatencyChart { p50: percentiles(50), p95: percentiles(95), starts })
    }

    async fn top_users(&self, zone: &Zone) -> Result<Vec<PartSums>, ConsoleError> {
        let midnight = Bucket::Day.floor(zone.now, &zone.zone)?;
        let today = UsageFilter { since: Some(midnight), ..UsageFilter::default() };
        let store = &self.0.editor.store;
        let users = store.sum_usage_by(&today, Dimension::User, UsageMeasure::Cost, TOP).await?;
        self.named_parts(Dimension::User, users).await
    }
}

// === impl ChannelCounts ===

impl ChannelCounts {
    fn of(statuses: &[ChannelStatus]) -> Self {
        let mut counts = Self { total: statuses.len(), ..Self::default() };
        for status in statuses {
            match status.state {
                "serving" => counts.serving += 1,
                "degraded" => counts.degraded += 1,
                "disabled" => counts.disabled += 1,
                _ => counts.down += 1,
            }
        }
        counts
    }
}
