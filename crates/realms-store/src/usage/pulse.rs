//! How channels and models have been doing: attempts and calls of the last day, by the hour.

use std::{collections::HashMap, fmt::Write as _, hash::Hash};

use realms_types::{ChannelId, Money, Timestamp, Usage};
use sea_orm::{ConnectionTrait, DbErr, QueryResult, TryGetable};

use super::UsageSums;
use crate::{Store, StoreError, sql};

/// Hours in a pulse.
pub const PULSE_HOURS: usize = 24;

const HOUR_US: i64 = 3_600_000_000;
/// The classes into which first events fall, by their upper end in milliseconds; one more is above all.
const CLASSES_MS: [i64; 22] = [
    50, 75, 100, 150, 200, 300, 400, 500, 700, 1_000, 1_400, 2_000, 2_800, 4_000, 5_600, 8_000,
    11_000, 16_000, 22_000, 32_000, 45_000, 64_000,
];

/// The last day of a channel or of a model, in hours that end now.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Pulse {
    /// The hours, the oldest first.
    pub hours: [HourPulse; PULSE_HOURS],
    /// What the calls since the beginning of the day used; those that failed by the client's fault
    /// are no errors of a channel.
    pub today: UsageSums,
}

/// What became of attempts or calls in one hour.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct HourPulse {
    /// How many there were.
    pub calls: u64,
    /// How many were answered to the end.
    pub good: u64,
    /// How many failed by the vendor's fault. The client's faults and departures are neither.
    pub bad: u64,
    /// How many first events fell into each class.
    classes: [u64; CLASSES_MS.len() + 1],
}

/// One group of a statement.
struct Row<K> {
    key: K,
    hour: i64,
    class: i64,
    calls: i64,
    good: i64,
    bad: i64,
}

// === impl Store ===

impl Store {
    /// The last day of every channel that was tried, from its attempts: a channel whose calls were
    /// all taken over by another has failed them all the same. `midnight` is when today began.
    pub async fn channel_pulses(
        &self,
        now: Timestamp,
        midnight: Timestamp,
    ) -> Result<HashMap<ChannelId, Pulse>, StoreError> {
        let link = self.readers();
        let backend = link.get_database_backend();
        let since = now.as_micros() - HOUR_US * 24;
        let today = midnight.as_micros();
        // Every attempt but the last of a call is `retried`: what a call used counts once.
        let last = format!("a.outcome <> 'retried' AND u.started_at >= {today}");
        let sum = |condition: &str, value: &str| {
            sql::sum(backend, &format!("CASE WHEN {condition} THEN {value} ELSE 0 END"))
        };
        let mut columns = vec![
            "a.channel_id".to_owned(),
            hour(since),
            class("a.outcome = 'accepted'"),
            sql::sum(backend, "1"),
            sum("a.outcome = 'accepted'", "1"),
            sum(
                "a.outcome = 'retried' OR (a.outcome = 'failed' AND \
                 (a.cause IS NULL OR a.cause <> 'bad_request'))",
                "1",
            ),
            sum(&last, "1"),
            sum(&format!("{last} AND u.outcome IN ('failed', 'broken')"), "1"),
        ];
        columns.extend(TODAY.map(|column| sum(&last, &format!("COALESCE(u.{column}, 0)"))));
        let text = format!(
            "SELECT {} FROM usage_records u JOIN attempts a ON a.record_id = u.id \
             WHERE u.started_at >= ? GROUP BY 1, 2, 3",
            columns.join(", ")
        );
        let rows = link.query_all_raw(sql::statement(link, &text, vec![since.into()])).await?;
        let mut pulses: HashMap<ChannelId, Pulse> = HashMap::new();
        for row in &rows {
            let group = Row::<i64>::read(row)?;
            let pulse = pulses.entry(group.key.into()).or_default();
            pulse.add(&group);
            pulse.add_today(row)?;
        }
        Ok(pulses)
    }

    /// The last day of every model that was called and exists, by the name clients use.
    pub async fn model_pulses(&self, now: Timestamp) -> Result<HashMap<String, Pulse>, StoreError> {
        let link = self.readers();
        let backend = link.get_database_backend();
        let since = now.as_micros() - HOUR_US * 24;
        let count = |condition: &str| {
            sql::sum(backend, &format!("CASE WHEN {condition} THEN 1 ELSE 0 END"))
        };
        let columns = [
            "u.model".to_owned(),
            hour(since),
            class("u.outcome = 'ok'"),
            sql::sum(backend, "1"),
            count("u.outcome = 'ok'"),
            count("u.outcome IN ('failed', 'broken')"),
        ];
        let text = format!(
            "SELECT {} FROM usage_records u WHERE u.started_at >= ? AND u.model_id IS NOT NULL \
             GROUP BY 1, 2, 3",
            columns.join(", ")
        );
        let rows = link.query_all_raw(sql::statement(link, &text, vec![since.into()])).await?;
        let mut pulses: HashMap<String, Pulse> = HashMap::new();
        for row in &rows {
            let group = Row::<String>::read(row)?;
            pulses.entry(group.key.clone()).or_default().add(&group);
        }
        Ok(pulses)
    }
}

/// The columns of usage that are summed for today, in the order in which they are read.
const TODAY: [&str; 8] = [
    "input_tokens",
    "cache_read_tokens",
    "cache_write_5m_tokens",
    "cache_write_1h_tokens",
    "output_tokens",
    "reasoning_tokens",
    "cost",
    "cache_saved",
];

/// The hour of a call as its offset from the first, in microseconds. Whole in every database.
fn hour(since: i64) -> String {
    let offset = format!("(u.started_at - {since})");
    format!("{offset} - {offset} % {HOUR_US}")
}

/// The class of a first event; -1 where there is none, or the condition does not hold.
fn class(condition: &str) -> String {
    let mut text = format!("CASE WHEN u.first_event_us IS NULL OR NOT ({condition}) THEN -1");
    for (class, bound) in CLASSES_MS.iter().enumerate() {
        // Writing to a string cannot fail.
        let _ = write!(text, " WHEN u.first_event_us < {} THEN {class}", bound * 1_000);
    }
    let _ = write!(text, " ELSE {} END", CLASSES_MS.len());
    text
}

// === impl Row ===

impl<K: TryGetable + Hash> Row<K> {
    fn read(row: &QueryResult) -> Result<Self, DbErr> {
        Ok(Self {
            key: row.try_get_by_index(0)?,
            hour: row.try_get_by_index::<i64>(1)? / HOUR_US,
            class: whole(row, 2)?,
            calls: row.try_get_by_index(3)?,
            good: row.try_get_by_index(4)?,
            bad: row.try_get_by_index(5)?,
        })
    }
}

/// A small whole number: PostgreSQL gives a `CASE` of literals four bytes, the others eight.
fn whole(row: &QueryResult, index: usize) -> Result<i64, DbErr> {
    match row.try_get_by_index::<i64>(index) {
        Ok(number) => Ok(number),
        Err(_) => row.try_get_by_index::<i32>(index).map(i64::from),
    }
}

// === impl Pulse ===

impl Pulse {
    /// The last hour.
    pub fn last_hour(&self) -> &HourPulse {
        &self.hours[PULSE_HOURS - 1]
    }

    /// The whole day as if it were one hour.
    pub fn day(&self) -> HourPulse {
        self.hours.iter().fold(HourPulse::default(), |mut day, hour| {
            day.calls += hour.calls;
            day.good += hour.good;
            day.bad += hour.bad;
            day.classes.iter_mut().zip(hour.classes).for_each(|(sum, count)| *sum += count);
            day
        })
    }

    fn add<K>(&mut self, row: &Row<K>) {
        // A clock that ran ahead writes calls of the future.
        let hour = usize::try_from(row.hour).unwrap_or(0).min(PULSE_HOURS - 1);
        let hour = &mut self.hours[hour];
        hour.calls += count(row.calls);
        hour.good += count(row.good);
        hour.bad += count(row.bad);
        let class = usize::try_from(row.class).ok().and_then(|class| hour.classes.get_mut(class));
        if let Some(class) = class {
            *class += count(row.calls);
        }
    }

    fn add_today(&mut self, row: &QueryResult) -> Result<(), DbErr> {
        let at = |index| row.try_get_by_index::<i64>(index).map(count);
        let usage = &mut self.today.usage;
        self.today.calls += at(6)?;
        self.today.errors += at(7)?;
        *usage = Usage {
            input: usage.input + at(8)?,
            cache_read: usage.cache_read + at(9)?,
            cache_write_5m: usage.cache_write_5m + at(10)?,
            cache_write_1h: usage.cache_write_1h + at(11)?,
            output: usage.output + at(12)?,
            reasoning: usage.reasoning + at(13)?,
            ..*usage
        };
        for (sum, index) in [(&mut self.today.cost, 14), (&mut self.today.cache_saved, 15)] {
            let more = row.try_get_by_index::<i64>(index)?;
            *sum = Money::from_nano(sum.nano().saturating_add(more));
        }
        Ok(())
    }
}

// === impl HourPulse ===

impl HourPulse {
    /// The share of those that were answered, of those whose end says something of the vendor; `None`
    /// when there were none.
    #[expect(clippy::cast_precision_loss, reason = "a share for a chart, of far fewer than 2^52")]
    pub fn good_share(&self) -> Option<f64> {
        let judged = self.good + self.bad;
        (judged > 0).then(|| self.good as f64 / judged as f64)
    }

    /// The median time to the first event in microseconds, as near as its class tells.
    pub fn median_first_event_us(&self) -> Option<i64> {
        let total: u64 = self.classes.iter().sum();
        let mut left = total.div_ceil(2);
        if total == 0 {
            return None;
        }
        for (class, count) in self.classes.iter().enumerate() {
            if left <= *count {
                let low = if class == 0 { 0 } else { CLASSES_MS[class - 1] };
                let high = CLASSES_MS.get(class).copied().unwrap_or(low * 3 / 2);
                let (place, of) = (i64::try_from(left).ok()?, i64::try_from(*count).ok()?);
                return Some((low * 1_000) + (high - low) * 1_000 * place / of.max(1));
            }
            left -= count;
        }
        None
    }
}

fn count(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(hour: i64, class: i64, calls: i64, good: i64, bad: i64) -> Row<i64> {
        Row { key: 1, hour, class, calls, good, bad }
    }

    #[test]
    fn the_median_lies_in_the_class_of_the_middle() {
        let mut pulse = Pulse::default();
        pulse.add(&row(23, 2, 10, 10, 0));
        pulse.add(&row(23, 9, 10, 10, 0));
        pulse.add(&row(23, 22, 10, 10, 0));
        pulse.add(&row(23, -1, 50, 0, 50));
        let median = pulse.last_hour().median_first_event_us().unwrap();
        assert!((700_000..=1_000_000).contains(&median), "{median}");
        assert_eq!(pulse.last_hour().good_share(), Some(0.375));
        assert_eq!(HourPulse::default().median_first_event_us(), None);
        assert_eq!(HourPulse::default().good_share(), None);
    }

    #[test]
    fn the_day_is_the_sum_of_its_hours() {
        let mut pulse = Pulse::default();
        pulse.add(&row(0, 3, 2, 2, 0));
        pulse.add(&row(23, 3, 1, 0, 1));
        pulse.add(&row(99, 3, 1, 1, 0));
        let day = pulse.day();
        assert_eq!((day.calls, day.good, day.bad), (4, 3, 1));
        assert_eq!(pulse.last_hour().calls, 2, "a call of the future is one of now");
    }
}
