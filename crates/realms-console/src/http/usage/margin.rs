//! What calls earn: what was charged for them, less what their vendors are paid.
//!
//! A call whose cost nobody knows earns nobody knows what: it is counted apart, never as if it had cost nothing.

use std::time::Duration;

use axum::{
    Json,
    extract::State,
    response::{IntoResponse as _, Response},
};
use http::header;
use realms_store::{Dimension, UsageFilter, UsageGroup, UsageKey, UsageMeasure, UsageSums};
use realms_types::{Money, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    Reach,
    buckets::{Bucket, zoned},
    terms::Asked,
};
use crate::{
    ConsoleError,
    http::{Console, body::Params, csv, problem::Problems},
};

/// The range when nothing is said.
const MONTH: Duration = Duration::from_hours(30 * 24);
/// Parts in one answer, and in one file.
const MOST: usize = 500;
const MOST_IN_FILE: usize = 5_000;

/// Which calls are summed up, by what, and in which order.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct MarginParams {
    /// By what sums are told apart: `channel` (default), `model`, `user` or `day`.
    #[param(inline)]
    by: Option<MarginBy>,
    /// Terms, as in the list of calls.
    filter: Option<String>,
    /// Started at or after this moment (RFC 3339). Default: thirty days before `until`.
    #[param(value_type = Option<String>, format = DateTime)]
    since: Option<Timestamp>,
    /// Started before this moment (RFC 3339). Default: now.
    #[param(value_type = Option<String>, format = DateTime)]
    until: Option<Timestamp>,
    /// What comes first: `revenue` (default), `upstream_cost` and `uncosted_calls` with the most of it, `margin`
    /// with the least. Days are always in their order, the latest first.
    #[param(inline)]
    sort: Option<MarginSort>,
    /// At most so many, up to 500. Default 100. A file has as many as there are, up to 5,000.
    #[param(minimum = 1, maximum = 500)]
    limit: Option<usize>,
    /// The time zone of days (IANA). Default: that of the site.
    tz: Option<String>,
}

/// By what sums are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum MarginBy {
    /// The channel that answered.
    #[default]
    Channel,
    /// The model as the client named it.
    Model,
    /// Who called.
    User,
    /// The day of the time zone on which the call began.
    Day,
}

/// What comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum MarginSort {
    /// The most that was charged.
    #[default]
    Revenue,
    /// The most that vendors are paid.
    UpstreamCost,
    /// The least that was earned.
    Margin,
    /// The most calls whose cost nobody knows.
    UncostedCalls,
}

/// What calls earn.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct MarginReport {
    /// The first moment that counts.
    #[schema(value_type = String, format = DateTime)]
    since: Timestamp,
    /// The first moment that counts no more.
    #[schema(value_type = String, format = DateTime)]
    until: Timestamp,
    /// All of them.
    total: Margin,
    /// The parts.
    items: Vec<MarginPart>,
    /// Whether there are more parts than these.
    more: bool,
}

/// What the calls of one part earn.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct MarginPart {
    /// What tells the part from others: a word, an id, a day; `_none` for calls that have none.
    key: String,
    /// What it is called.
    label: String,
    /// Its sums.
    #[serde(flatten)]
    sums: Margin,
}

/// What calls earn. `margin_usd` is of the calls whose cost is known; what the others were charged is in
/// `uncosted_revenue_usd`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, ToSchema)]
#[expect(clippy::struct_field_names, reason = "the names of its fields in JSON")]
pub(in crate::http) struct Margin {
    /// How many calls there were.
    calls: u64,
    /// What they were charged.
    #[schema(value_type = String)]
    revenue_usd: Money,
    /// What their vendors are paid, where that is known.
    #[schema(value_type = String)]
    upstream_cost_usd: Money,
    /// What was charged for the calls whose cost is known, less that cost: below nothing where they lose.
    #[schema(value_type = String)]
    margin_usd: Money,
    /// The share of the margin in what was charged for the calls whose cost is known; left out where that is nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    margin_share: Option<f64>,
    /// How many used something at a cost that nobody knows.
    uncosted_calls: u64,
    /// What those were charged.
    #[schema(value_type = String)]
    uncosted_revenue_usd: Money,
}

/// The routes of margins.
pub(super) fn routes() -> OpenApiRouter<Console> {
    OpenApiRouter::new().routes(routes!(show_margin)).routes(routes!(export_margin))
}

/// Shows what calls earn: what was charged for them, less what their vendors are paid. Calls whose cost nobody knows
/// are counted apart. Business mode only.
#[utoipa::path(
    get, path = "/api/admin/margin", tag = "usage", params(MarginParams),
    responses((status = 200, body = MarginReport), Problems)
)]
async fn show_margin(
    State(console): State<Console>,
    Params(params): Params<MarginParams>,
) -> Result<Json<MarginReport>, ConsoleError> {
    let limit = params.limit.unwrap_or(100);
    if !(1..=MOST).contains(&limit) {
        return Err(ConsoleError::Malformed(format!("query: `limit` is 1 to {MOST}")));
    }
    console.margin(&params, limit).await.map(Json)
}

/// The same as a table, with as many parts as there are.
#[utoipa::path(
    get, path = "/api/admin/margin/export", tag = "usage", params(MarginParams),
    responses((status = 200, description = "The file", content_type = "text/csv", body = String), Problems)
)]
async fn export_margin(
    State(console): State<Console>,
    Params(params): Params<MarginParams>,
) -> Result<Response, ConsoleError> {
    let report = console.margin(&params, MOST_IN_FILE).await?;
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"margin.csv\""),
        (header::CACHE_CONTROL, "no-store"),
    ];
    Ok((headers, report.table()).into_response())
}

// === impl Console ===

impl Console {
    async fn margin(
        &self,
        params: &MarginParams,
        limit: usize,
    ) -> Result<MarginReport, ConsoleError> {
        self.keeps_balances()?;
        let until = params.until.unwrap_or_else(|| self.0.editor.clock.now());
        let since = params.since.unwrap_or(until - MONTH);
        let asked = Asked {
            q: None,
            filter: params.filter.clone(),
            since: Some(since),
            until: Some(until),
        };
        let filter = self.usage_filter(Reach::EVERYONE, asked).await?;
        let total = self.0.editor.store.sum_usage(&filter).await?;
        let mut items = self.margin_parts(&filter, (since, until), params, limit + 1).await?;
        let more = items.len() > limit;
        items.truncate(limit);
        Ok(MarginReport { since, until, total: Margin::from(&total), items, more })
    }

    async fn margin_parts(
        &self,
        filter: &UsageFilter,
        (since, until): (Timestamp, Timestamp),
        params: &MarginParams,
        most: usize,
    ) -> Result<Vec<MarginPart>, ConsoleError> {
        let by = match params.by.unwrap_or_default() {
            MarginBy::Channel => Dimension::Channel,
            MarginBy::Model => Dimension::Model,
            MarginBy::User => Dimension::User,
            MarginBy::Day => {
                return self
                    .margin_by_day(filter, (since, until), params.tz.as_deref(), most)
                    .await;
            }
        };
        let measure = params.sort.unwrap_or_default().into();
        let parts = self.0.editor.store.sum_usage_by(filter, by, measure, most).await?;
        let labels = self.key_labels(by, parts.iter().map(|(key, _)| key)).await?;
        let part = |(key, group): &(UsageKey, UsageGroup)| MarginPart {
            key: labels.key(key),
            label: labels.label(key),
            sums: Margin::from(&group.sums),
        };
        Ok(parts.iter().map(part).collect())
    }

    /// Days on which there were calls, the latest first.
    async fn margin_by_day(
        &self,
        filter: &UsageFilter,
        (since, until): (Timestamp, Timestamp),
        tz: Option<&str>,
        most: usize,
    ) -> Result<Vec<MarginPart>, ConsoleError> {
        let zone = self.zone(tz)?;
        let starts = Bucket::Day.starts(since, until, &zone.zone)?;
        let sums = self.0.editor.store.usage_over_time(filter, &starts).await?;
        let mut days = Vec::new();
        for (start, sums) in starts.iter().zip(&sums).rev().filter(|(_, sums)| sums.calls > 0) {
            if days.len() == most {
                break;
            }
            let day = zoned(*start, &zone.zone)?.date().to_string();
            days.push(MarginPart { key: day.clone(), label: day, sums: Margin::from(sums) });
        }
        Ok(days)
    }
}

// === impl MarginSort ===

impl From<MarginSort> for UsageMeasure {
    fn from(sort: MarginSort) -> Self {
        match sort {
            MarginSort::Revenue => Self::Revenue,
            MarginSort::UpstreamCost => Self::UpstreamCost,
            MarginSort::Margin => Self::Loss,
            MarginSort::UncostedCalls => Self::Uncosted,
        }
    }
}

// === impl MarginReport ===

impl MarginReport {
    /// The parts as a table, and all of them in the last row.
    fn table(&self) -> String {
        const HEAD: [&str; 9] = [
            "key",
            "name",
            "calls",
            "revenue_usd",
            "upstream_cost_usd",
            "margin_usd",
            "margin_percent",
            "uncosted_calls",
            "uncosted_revenue_usd",
        ];
        let mut text = String::from(csv::BYTE_ORDER_MARK);
        csv::row(&mut text, HEAD);
        let parts = self.items.iter().map(|part| (&*part.key, &*part.label, &part.sums));
        for (key, label, sums) in parts.chain([("_total", "_total", &self.total)]) {
            let cells = sums.cells();
            csv::row(&mut text, [key, label].into_iter().chain(cells.iter().map(String::as_str)));
        }
        text
    }
}

// === impl Margin ===

impl Margin {
    fn cells(&self) -> [String; 7] {
        let percent = self.margin_share.map(|share| format!("{:.2}", share * 100.0));
        [
            self.calls.to_string(),
            self.revenue_usd.to_string(),
            self.upstream_cost_usd.to_string(),
            self.margin_usd.to_string(),
            percent.unwrap_or_default(),
            self.uncosted_calls.to_string(),
            self.uncosted_revenue_usd.to_string(),
        ]
    }
}

impl From<&UsageSums> for Margin {
    fn from(sums: &UsageSums) -> Self {
        let margin = sums.margin();
        let uncosted = sums.revenue.nano().saturating_sub(sums.costed_revenue.nano());
        Self {
            calls: sums.calls,
            revenue_usd: sums.revenue,
            upstream_cost_usd: sums.upstream_cost,
            margin_usd: margin,
            margin_share: share(margin, sums.costed_revenue),
            uncosted_calls: sums.uncosted_calls,
            uncosted_revenue_usd: Money::from_nano(uncosted),
        }
    }
}

/// A margin as a share of what was charged; none of nothing.
#[expect(clippy::cast_precision_loss, reason = "a share is for drawing")]
pub(in crate::http) fn share(margin: Money, charged: Money) -> Option<f64> {
    (charged > Money::ZERO).then(|| margin.nano() as f64 / charged.nano() as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn usd(text: &str) -> Money {
        text.parse().unwrap()
    }

    fn sums(revenue: &str, costed: &str, cost: &str, uncosted_calls: u64) -> UsageSums {
        UsageSums {
            calls: 3,
            revenue: usd(revenue),
            costed_revenue: usd(costed),
            upstream_cost: usd(cost),
            uncosted_calls,
            ..UsageSums::default()
        }
    }

    #[test]
    fn a_margin_is_of_the_calls_whose_cost_is_known() {
        for (sums, expected) in [
            (sums("10", "10", "6", 0), ("4", Some(0.4), "0")),
            (sums("10", "4", "3", 2), ("1", Some(0.25), "6")),
            (sums("1", "1", "1.5", 0), ("-0.5", Some(-0.5), "0")),
            (sums("7", "0", "0", 3), ("0", None, "7")),
            // What is given away still costs.
            (sums("0", "0", "2", 0), ("-2", None, "0")),
            (UsageSums::default(), ("0", None, "0")),
        ] {
            let margin = Margin::from(&sums);
            let (earned, uncosted) =
                (margin.margin_usd.to_string(), margin.uncosted_revenue_usd.to_string());
            assert_eq!((&*earned, margin.margin_share, &*uncosted), expected, "{sums:?}");
        }
    }

    #[test]
    fn a_table_ends_with_all_of_them_and_no_name_is_a_formula() {
        let sums = Margin::from(&sums("10", "10", "12.5", 0));
        let part = MarginPart { key: "ch_1".into(), label: "=cmd()".into(), sums };
        let report = MarginReport {
            since: Timestamp::EPOCH,
            until: Timestamp::EPOCH,
            total: sums,
            items: vec![part],
            more: false,
        };
        let table = report.table();
        let rows: Vec<&str> = table.lines().collect();
        assert!(rows[0].ends_with("key,name,calls,revenue_usd,upstream_cost_usd,margin_usd,margin_percent,uncosted_calls,uncosted_revenue_usd"));
        assert_eq!(rows[1], "ch_1,\"'=cmd()\",3,10,12.5,-2.5,-25.00,0,0");
        assert_eq!(rows[2], "_total,_total,3,10,12.5,-2.5,-25.00,0,0");
    }
}
