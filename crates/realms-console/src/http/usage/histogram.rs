//! Calls over time.

use axum::{Json, extract::State};
use realms_store::{Dimension, UsageFilter, UsageMeasure, UsageSums};
use realms_types::{Money, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    Reach, Zone,
    buckets::Bucket,
    labels::{REST, dimension},
    range,
    terms::Asked,
};
use crate::{
    ConsoleError,
    http::{Console, body::Params, caller::Caller, problem::Problems},
};

/// Parts that have a series of their own; the others are one series together.
const MOST_SERIES: usize = 8;

/// Which calls are drawn, and how.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct HistogramParams {
    /// Words, as in the list.
    q: Option<String>,
    /// Terms, as in the list.
    filter: Option<String>,
    /// Started at or after this moment (RFC 3339). Default: a day before `until`.
    #[param(value_type = Option<String>, format = DateTime)]
    since: Option<Timestamp>,
    /// Started before this moment (RFC 3339). Default: now.
    #[param(value_type = Option<String>, format = DateTime)]
    until: Option<Timestamp>,
    /// The time zone of hours and days (IANA). Default: that of the site.
    tz: Option<String>,
    /// `auto` (default), `minute`, `five_minutes`, `hour` or `day`.
    bucket: Option<String>,
    /// `outcome` (default), `model`, `api_key`, `client`, `dialect`, `cause`; for operators also
    /// `channel`, `user`, `channel_group`, `credential`.
    by: Option<String>,
    /// `calls` (default), `cost` or `tokens`.
    #[param(inline)]
    measure: Option<Measure>,
}

/// What is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(in crate::http) enum Measure {
    /// How many calls.
    #[default]
    Calls,
    /// What they cost, in USD.
    Cost,
    /// All their LLM tokens.
    Tokens,
}

/// Calls over time, by part.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct Histogram {
    /// How long a bucket is.
    bucket: Bucket,
    /// The first moments of the buckets; each ends where the next starts.
    #[schema(value_type = Vec<String>)]
    starts: Vec<Timestamp>,
    /// The largest parts, the largest first, then the rest as `_other`.
    series: Vec<Series>,
    /// Whether the last bucket is not over yet.
    incomplete_last: bool,
}

/// One part over time.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct Series {
    /// What a filter calls it; `_none` for calls that have none, `_other` for all other parts.
    key: String,
    /// What people call it.
    label: String,
    /// One value a bucket, for drawing; amounts in USD.
    values: Vec<f64>,
    /// The exact sum: a decimal number.
    total: String,
}

/// A chart to be drawn.
#[derive(Debug)]
pub(in crate::http) struct Chart {
    /// Of these calls; both ends of the range are set.
    pub(in crate::http) filter: UsageFilter,
    /// By these parts.
    pub(in crate::http) by: Dimension,
    /// What is measured.
    pub(in crate::http) measure: Measure,
    /// How long a bucket is.
    pub(in crate::http) bucket: Bucket,
}

/// Draws everyone's calls over time.
#[utoipa::path(
    get, path = "/api/admin/usage/histogram", tag = "usage", params(HistogramParams),
    responses((status = 200, body = Histogram), Problems)
)]
pub(in crate::http) async fn draw_usage(
    State(console): State<Console>,
    Params(params): Params<HistogramParams>,
) -> Result<Json<Histogram>, ConsoleError> {
    console.histogram(Reach::EVERYONE, &params).await.map(Json)
}

/// Draws one's own calls over time.
#[utoipa::path(
    get, path = "/api/usage/histogram", tag = "usage", params(HistogramParams),
    responses((status = 200, body = Histogram), Problems)
)]
pub(in crate::http) async fn draw_own_usage(
    State(console): State<Console>,
    caller: Caller,
    Params(params): Params<HistogramParams>,
) -> Result<Json<Histogram>, ConsoleError> {
    console.histogram(console.own_reach(&caller)?, &params).await.map(Json)
}

// === impl Console ===

impl Console {
    async fn histogram(
        &self,
        reach: Reach,
        params: &HistogramParams,
    ) -> Result<Histogram, ConsoleError> {
        let zone = self.zone(params.tz.as_deref())?;
        let asked = Asked {
            q: params.q.clone(),
            filter: params.filter.clone(),
            since: params.since,
            until: params.until,
        };
        let by = dimension(params.by.as_deref().unwrap_or("outcome"), reach)?;
        let mut filter = self.usage_filter(reach, asked).await?;
        let (since, until) = range::complete(&mut filter, zone.now);
        let bucket = Bucket::read(params.bucket.as_deref(), since, until)?;
        let measure = params.measure.unwrap_or_default();
        self.draw(Chart { filter, by, measure, bucket }, &zone).await
    }

    /// Draws a chart.
    pub(in crate::http) async fn draw(
        &self,
        chart: Chart,
        zone: &Zone,
    ) -> Result<Histogram, ConsoleError> {
        let Chart { mut filter, by, measure, bucket } = chart;
        let (since, until) = range::complete(&mut filter, zone.now);
        let starts = bucket.starts(since, until, &zone.zone)?;
        let store = &self.0.editor.store;
        let found = store.usage_series(&filter, &starts, by, measure.into(), MOST_SERIES).await?;
        let labels = self.key_labels(by, found.parts.iter().map(|(key, _)| key)).await?;
        let mut series: Vec<Series> = found
            .parts
            .iter()
            .map(|(key, sums)| Series::new(labels.key(key), labels.label(key), measure, sums))
            .collect();
        if !found.rest.is_empty() {
            series.push(Series::new(REST.to_owned(), REST.to_owned(), measure, &found.rest));
        }
        let incomplete_last = until >= zone.now;
        Ok(Histogram { bucket, starts, series, incomplete_last })
    }
}

// === impl Bucket ===

impl Bucket {
    fn read(word: Option<&str>, since: Timestamp, until: Timestamp) -> Result<Self, ConsoleError> {
        match word.unwrap_or("auto") {
            "auto" => Ok(Self::fitting(since, until)),
            "minute" => Ok(Self::Minute),
            "five_minutes" => Ok(Self::FiveMinutes),
            "hour" => Ok(Self::Hour),
            "day" => Ok(Self::Day),
            other => Err(ConsoleError::Malformed(format!(
                "query: there is no bucket `{other}`; there are auto, minute, five_minutes, hour, day"
            ))),
        }
    }
}

// === impl Series ===

impl Series {
    fn new(key: String, label: String, measure: Measure, sums: &[UsageSums]) -> Self {
        let numbers = || sums.iter().map(|sums| UsageMeasure::from(measure).of(sums));
        let total = numbers().fold(0_i64, i64::saturating_add);
        let total = match measure {
            Measure::Cost => Money::from_nano(total).to_string(),
            Measure::Calls | Measure::Tokens => total.to_string(),
        };
        Self { key, label, values: numbers().map(|number| measure.drawn(number)).collect(), total }
    }
}

// === impl Measure ===

impl Measure {
    /// A number as it is drawn.
    #[expect(clippy::cast_precision_loss, reason = "it is for drawing")]
    fn drawn(self, number: i64) -> f64 {
        match self {
            Self::Cost => number as f64 / 1e9,
            Self::Calls | Self::Tokens => number as f64,
        }
    }
}

impl From<Measure> for UsageMeasure {
    fn from(measure: Measure) -> Self {
        match measure {
            Measure::Calls => Self::Calls,
            Measure::Cost => Self::Cost,
            Measure::Tokens => Self::Tokens,
        }
    }
}
