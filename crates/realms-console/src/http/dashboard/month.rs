//! What this calendar month costs, day by day, so that it can be held against a budget.

use realms_store::{UsageFilter, UsageSums};
use realms_types::{Money, Timestamp};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    ConsoleError,
    http::{
        Console, sums,
        usage::{
            Zone,
            buckets::{Bucket, beyond, micros, zoned},
        },
    },
};

/// This calendar month in the time zone asked for.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Month {
    /// When each day of the month begins, those to come included.
    #[schema(value_type = Vec<String>)]
    starts: Vec<Timestamp>,
    /// When the next month begins.
    #[schema(value_type = String, format = DateTime)]
    end: Timestamp,
    /// The days from the first until today, idle ones included; they add up to the sums exactly.
    days: Vec<MonthDay>,
    /// The month until now.
    sums: sums::UsageSums,
}

/// A day of the month.
#[derive(Debug, Serialize, ToSchema)]
struct MonthDay {
    /// The date.
    #[schema(format = Date)]
    date: String,
    /// What its calls cost, where a price is known.
    #[schema(value_type = String)]
    cost_usd: Money,
}

// === impl Console ===

impl Console {
    /// The month until now. The sums are those of its days: a call that ends meanwhile is in both or in
    /// neither.
    pub(super) async fn month(
        &self,
        own: &UsageFilter,
        zone: &Zone,
    ) -> Result<Month, ConsoleError> {
        let (starts, end) = month_of(zone)?;
        let passed = starts.partition_point(|start| *start <= zone.now);
        let so_far = starts.get(..passed).unwrap_or_default();
        let since = so_far.first().copied();
        let filter = UsageFilter { since, until: Some(zone.now), ..own.clone() };
        let by_day = self.0.editor.store.usage_over_time(&filter, so_far).await?;
        let mut total = UsageSums::default();
        let mut days = Vec::with_capacity(by_day.len());
        for (start, sums) in so_far.iter().zip(&by_day) {
            total.add(sums);
            let date = zoned(*start, &zone.zone)?.date().to_string();
            days.push(MonthDay { date, cost_usd: sums.cost });
        }
        Ok(Month { starts, end, days, sums: (&total).into() })
    }
}

/// When the days of this month begin, and the next month.
fn month_of(zone: &Zone) -> Result<(Vec<Timestamp>, Timestamp), ConsoleError> {
    let now = zoned(zone.now, &zone.zone)?;
    let first = now.first_of_month().and_then(|first| first.start_of_day()).map_err(beyond)?;
    let last = now.last_of_month().and_then(|last| last.tomorrow()).map_err(beyond)?;
    let end = micros(&last.start_of_day().map_err(beyond)?);
    Ok((Bucket::Day.starts(micros(&first), end, &zone.zone)?, end))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::usage::buckets::time_zone;

    fn month(now: &str, zone: &str) -> (usize, Timestamp, Timestamp) {
        let zone = Zone { zone: time_zone(zone).unwrap(), now: now.parse().unwrap() };
        let (starts, end) = month_of(&zone).unwrap();
        (starts.len(), starts[0], end)
    }

    #[test]
    fn a_month_begins_and_ends_at_midnights_of_its_zone() {
        let at = |days: usize, first: &str, end: &str| {
            (days, first.parse().unwrap(), end.parse().unwrap())
        };
        // When it is five in the afternoon in London, November has begun in Shanghai.
        assert_eq!(
            month("2026-10-31T17:00:00Z", "Asia/Shanghai"),
            at(30, "2026-10-31T16:00:00Z", "2026-11-30T16:00:00Z")
        );
        assert_eq!(
            month("2026-10-31T17:00:00Z", "UTC"),
            at(31, "2026-10-01T00:00:00Z", "2026-11-01T00:00:00Z")
        );
        // Clocks go back on 1 November in New York.
        assert_eq!(
            month("2026-11-01T04:00:00Z", "America/New_York"),
            at(30, "2026-11-01T04:00:00Z", "2026-12-01T05:00:00Z")
        );
        assert_eq!(
            month("2028-02-29T23:59:59Z", "UTC"),
            at(29, "2028-02-01T00:00:00Z", "2028-03-01T00:00:00Z")
        );
    }
}
