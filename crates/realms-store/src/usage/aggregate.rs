//! Sums over records: of all that is meant, by parts, over time.
//!
//! Every answer is made in one snapshot: whole hours from their rows in `usage_hours`, hours that are
//! stale or cut from the records themselves, so what is shown is the sum of the records at that moment.

use std::collections::BTreeMap;

use realms_types::{RecordId, Timestamp};
use sea_orm::{ConnectionTrait, DbErr, QueryResult};

use super::{
    Dimension, Latencies, UsageFilter, UsageKey, UsageMeasure, UsageSums,
    filter::Conditions,
    latency::{BUCKETS, Measure},
    segments::{MOST_STALE, Segments, hour_of},
    sums,
};
use crate::{
    Store, StoreError,
    link::{Link, in_time},
    sql,
};

/// Parts read from one place, those with the most calls first: clients may name any number of models.
const MOST_PARTS: usize = 5_000;

/// Sums of one part, or of everything.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct UsageGroup {
    /// What they add up to.
    pub sums: UsageSums,
    /// How long calls took to their first meaningful event; empty unless asked for.
    pub first_event: Latencies,
    /// How long calls took; empty unless asked for.
    pub duration: Latencies,
    /// The last record of the part.
    pub last: Option<RecordId>,
}

/// Sums of parts over time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsageSeries {
    /// The largest parts, the largest first, each with its sums by bucket.
    pub parts: Vec<(UsageKey, Vec<UsageSums>)>,
    /// What other parts there are, by bucket; empty if there are none.
    pub rest: Vec<UsageSums>,
}

/// What is asked of one table.
#[derive(Debug, Clone, Copy, Default)]
struct Question<'a> {
    dimension: Option<Dimension>,
    /// Of these parts only.
    parts: Option<&'a [UsageKey]>,
    /// By so many microseconds.
    unit: Option<i64>,
    latencies: bool,
    /// Where buckets end.
    ends: &'a [i64],
}

type Groups = BTreeMap<(i64, UsageKey), UsageGroup>;

/// Where sums come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Source {
    Hours,
    Records,
}

// === impl Store ===

impl Store {
    /// The sums over all records that are meant, whatever the size of a page.
    pub async fn sum_usage(&self, filter: &UsageFilter) -> Result<UsageSums, StoreError> {
        Ok(total(self.group_usage(filter, Question::default()).await?).sums)
    }

    /// How many records are meant, if the sums of hours can tell: counting must not keep a page waiting.
    pub async fn count_usage(&self, filter: &UsageFilter) -> Result<Option<u64>, StoreError> {
        if !filter.fits_hours() {
            return Ok(None);
        }
        self.sum_usage(filter).await.map(|sums| Some(sums.calls))
    }

    /// The sums with how long calls took.
    pub async fn summarize_usage(&self, filter: &UsageFilter) -> Result<UsageGroup, StoreError> {
        let question = Question { latencies: true, ..Question::default() };
        Ok(total(self.group_usage(filter, question).await?))
    }

    /// Sums by part with their first events, those with most of the measure first.
    pub async fn usage_by(
        &self,
        filter: &UsageFilter,
        dimension: Dimension,
        measure: UsageMeasure,
        most: usize,
    ) -> Result<Vec<(UsageKey, UsageGroup)>, StoreError> {
        let question =
            Question { dimension: Some(dimension), latencies: true, ..Question::default() };
        Ok(largest(self.group_usage(filter, question).await?, measure, most))
    }

    /// The same without how long calls took, which takes half the time.
    pub async fn sum_usage_by(
        &self,
        filter: &UsageFilter,
        dimension: Dimension,
        measure: UsageMeasure,
        most: usize,
    ) -> Result<Vec<(UsageKey, UsageGroup)>, StoreError> {
        let question = Question { dimension: Some(dimension), ..Question::default() };
        Ok(largest(self.group_usage(filter, question).await?, measure, most))
    }

    /// Sums by bucket of time. `starts` are the first moments of the buckets in order; a bucket ends
    /// where the next starts, the last with the filter.
    pub async fn usage_over_time(
        &self,
        filter: &UsageFilter,
        starts: &[Timestamp],
    ) -> Result<Vec<UsageSums>, StoreError> {
        let micros = micros_of(starts);
        let groups = self.group_usage(filter, over(&micros)).await?;
        let mut buckets = vec![UsageSums::default(); starts.len()];
        fill(&mut buckets, &micros, groups.iter().map(|((unit, _), group)| (*unit, &group.sums)));
        Ok(buckets)
    }

    /// How long calls took to their first event, by bucket of time.
    pub async fn latencies_over_time(
        &self,
        filter: &UsageFilter,
        starts: &[Timestamp],
    ) -> Result<Vec<Latencies>, StoreError> {
        let micros = micros_of(starts);
        let question = Question { latencies: true, ..over(&micros) };
        let mut buckets = vec![Latencies::default(); starts.len()];
        for ((unit, _), group) in self.group_usage(filter, question).await? {
            if let Some(bucket) = bucket_of(&micros, unit).and_then(|at| buckets.get_mut(at)) {
                bucket.add(&group.first_event);
            }
        }
        Ok(buckets)
    }

    /// Sums by part and bucket of time: the largest parts by this measure, and the rest of them.
    pub async fn usage_series(
        &self,
        filter: &UsageFilter,
        starts: &[Timestamp],
        dimension: Dimension,
        measure: UsageMeasure,
        most: usize,
    ) -> Result<UsageSeries, StoreError> {
        let micros = micros_of(starts);
        let mut parts = self.sum_usage_by(filter, dimension, measure, most + 1).await?;
        let has_rest = parts.len() > most;
        parts.truncate(most);
        let keys: Vec<UsageKey> = parts.into_iter().map(|(key, _)| key).collect();
        let question = Question { dimension: Some(dimension), parts: Some(&keys), ..over(&micros) };
        let groups = self.group_usage(filter, question).await?;
        let mut series: Vec<(UsageKey, Vec<UsageSums>)> = keys
            .iter()
            .map(|key| (key.clone(), vec![UsageSums::default(); starts.len()]))
            .collect();
        for (key, buckets) in &mut series {
            let own = groups.iter().filter(|((_, part), _)| part == key);
            fill(buckets, &micros, own.map(|((unit, _), group)| (*unit, &group.sums)));
        }
        let rest = if has_rest {
            let all = self.usage_over_time(filter, starts).await?;
            let shown = |at: usize, all: &UsageSums| {
                series.iter().fold(*all, |left, (_, buckets)| left.without(&buckets[at]))
            };
            all.iter().enumerate().map(|(at, all)| shown(at, all)).collect()
        } else {
            Vec::new()
        };
        Ok(UsageSeries { parts: series, rest })
    }

    async fn group_usage(
        &self,
        filter: &UsageFilter,
        question: Question<'_>,
    ) -> Result<Groups, StoreError> {
        let since = filter.since.map_or(0, Timestamp::as_micros);
        let until = filter.until.map_or(hour_of(i64::MAX), Timestamp::as_micros);
        let mut groups = Groups::new();
        if since >= until {
            return Ok(groups);
        }
        let snapshot = self.snapshot().await?;
        let link = Link::Transaction(&snapshot);
        let range = since..until;
        let in_hours = question.dimension.is_none_or(Dimension::in_hours)
            && question.unit.is_none_or(|unit| unit >= 900_000_000)
            && filter.fits_hours();
        let segments = if in_hours {
            let stale = stale_hours(link, hour_of(since), until).await?;
            Segments::cut(range, &stale, question.ends)
        } else {
            Segments::of_records(range)
        };
        if let Some((hours, without)) = segments.hours {
            let mut conditions = filter.conditions("h");
            conditions.and("h.hour >= ?", [hours.start.into()]);
            conditions.and("h.hour < ?", [hours.end.into()]);
            if !without.is_empty() {
                let values = without.iter().map(|hour| (*hour).into());
                conditions.one_of("h.hour", true, values);
            }
            question.read(link, Source::Hours, conditions, &mut groups).await?;
        }
        for piece in segments.records {
            let mut conditions = filter.conditions("u");
            conditions.and("u.started_at >= ?", [piece.start.into()]);
            conditions.and("u.started_at < ?", [piece.end.into()]);
            question.read(link, Source::Records, conditions, &mut groups).await?;
        }
        in_time(snapshot.commit()).await?;
        Ok(groups)
    }
}

/// The stale hours of a range; one more than can be used says that there are too many.
async fn stale_hours(link: Link<'_>, from: i64, until: i64) -> Result<Vec<i64>, StoreError> {
    let text =
        "SELECT hour FROM usage_stale_hours WHERE hour >= ? AND hour < ? ORDER BY hour LIMIT ?";
    let most = i64::try_from(MOST_STALE + 1).unwrap_or(i64::MAX);
    let values = vec![from.into(), until.into(), most.into()];
    let rows = link.query_all_raw(sql::statement(link, text, values)).await?;
    let hours: Result<Vec<i64>, DbErr> = rows.iter().map(|row| row.try_get_by_index(0)).collect();
    Ok(hours?)
}

// === impl Question ===

impl Question<'_> {
    async fn read(
        &self,
        link: Link<'_>,
        source: Source,
        mut conditions: Conditions,
        groups: &mut Groups,
    ) -> Result<(), StoreError> {
        self.narrow(source, &mut conditions);
        let text = self.text(link, source, &conditions);
        let rows = link.query_all_raw(sql::statement(link, &text, conditions.values)).await?;
        for row in &rows {
            let (unit, key, group) = self.group(row)?;
            let sum = groups.entry((unit, key)).or_default();
            sum.sums.add(&group.sums);
            sum.first_event.add(&group.first_event);
            sum.duration.add(&group.duration);
            sum.last = sum.last.max(group.last);
        }
        Ok(())
    }

    fn narrow(&self, source: Source, conditions: &mut Conditions) {
        let (Some(dimension), Some(parts)) = (self.dimension, self.parts) else { return };
        let column = format!("{}.{}", source.alias(), dimension.column());
        let values: Vec<_> = parts.iter().filter_map(|key| dimension.value(key)).collect();
        let mut own = Conditions::default();
        own.one_of(&column, false, values.into_iter());
        let text = if parts.contains(&UsageKey::Nothing) {
            format!("({} OR {column} IS NULL)", own.text)
        } else {
            own.text
        };
        conditions.and(&text, own.values);
    }

    fn text(&self, link: Link<'_>, source: Source, conditions: &Conditions) -> String {
        let backend = link.get_database_backend();
        let alias = source.alias();
        let mut groups = Vec::new();
        if let Some(unit) = self.unit {
            groups.push(match source {
                Source::Hours => "h.hour".to_owned(),
                Source::Records => format!("u.started_at - u.started_at % {unit}"),
            });
        }
        groups.extend(self.dimension.map(|dimension| format!("{alias}.{}", dimension.column())));
        let mut columns = groups.clone();
        columns.push(source.last().to_owned());
        let calls = columns.len() + 1;
        columns.extend(source.sums(self.latencies).map(|column| sql::sum(backend, &column)));
        let group = ["", " GROUP BY 1", " GROUP BY 1, 2"][groups.len()];
        let most = if self.dimension.is_some() && self.parts.is_none() {
            format!(" ORDER BY {calls} DESC LIMIT {MOST_PARTS}")
        } else {
            String::new()
        };
        format!(
            "SELECT {} FROM {} {alias} WHERE {}{group}{most}",
            columns.join(", "),
            source.table(),
            conditions.text()
        )
    }

    fn group(&self, row: &QueryResult) -> Result<(i64, UsageKey, UsageGroup), DbErr> {
        let mut next = 0;
        let mut index = || {
            next += 1;
            next - 1
        };
        let unit = match self.unit {
            Some(_) => row.try_get_by_index(index())?,
            None => 0,
        };
        let key = match self.dimension {
            Some(dimension) => dimension.read(row, index())?,
            None => UsageKey::Nothing,
        };
        let last: Option<i64> = row.try_get_by_index(index())?;
        let mut sums = [0; sums::COUNT];
        for sum in &mut sums {
            *sum = row.try_get_by_index(index())?;
        }
        let mut latencies = |measure| -> Result<Latencies, DbErr> {
            if !self.latencies {
                return Ok(Latencies::default());
            }
            let count = |_| Ok(u64::try_from(row.try_get_by_index::<i64>(index())?).unwrap_or(0));
            Ok(Latencies::new(measure, (0..BUCKETS).map(count).collect::<Result<_, DbErr>>()?))
        };
        let group = UsageGroup {
            sums: UsageSums::read(&sums),
            first_event: latencies(Measure::FirstEvent)?,
            duration: latencies(Measure::Duration)?,
            last: last.map(RecordId::new),
        };
        Ok((unit, key, group))
    }
}

// === impl Source ===

impl Source {
    const fn table(self) -> &'static str {
        match self {
            Self::Hours => "usage_hours",
            Self::Records => "usage_records",
        }
    }

    const fn alias(self) -> &'static str {
        match self {
            Self::Hours => "h",
            Self::Records => "u",
        }
    }

    const fn last(self) -> &'static str {
        match self {
            Self::Hours => "MAX(h.last_record)",
            Self::Records => "MAX(u.id)",
        }
    }

    /// What is added up, in the order in which it is read.
    fn sums(self, latencies: bool) -> impl Iterator<Item = String> {
        let own = sums::COLUMNS.into_iter().map(move |(column, raw)| match self {
            Self::Hours => format!("h.{column}"),
            Self::Records => raw.to_owned(),
        });
        let measures = [Measure::FirstEvent, Measure::Duration].into_iter();
        let counts = measures.filter(move |_| latencies).flat_map(move |measure| match self {
            Self::Hours => {
                measure.columns().map(|column| format!("h.{column}")).collect::<Vec<_>>()
            }
            Self::Records => measure.raw().collect(),
        });
        own.chain(counts)
    }
}

/// The rows of an hour: the columns they have, and what records add to them.
pub(super) fn roll_up_columns() -> (Vec<String>, Vec<String>) {
    let named = sums::COLUMNS.into_iter().map(|(column, raw)| (column.to_owned(), raw.to_owned()));
    let counts = [Measure::FirstEvent, Measure::Duration]
        .into_iter()
        .flat_map(|measure| measure.columns().zip(measure.raw()));
    named.chain(counts).unzip()
}

/// A question about buckets of time. Time zones are whole quarters of an hour away from each other.
fn over(micros: &[i64]) -> Question<'_> {
    const UNITS: [i64; 4] = [3_600_000_000, 900_000_000, 300_000_000, 60_000_000];
    let fits = |unit: &&i64| micros.iter().all(|start| start % **unit == 0);
    let unit = UNITS.iter().find(fits).copied().unwrap_or(1_000_000);
    Question { unit: Some(unit), ends: micros, ..Question::default() }
}

fn micros_of(starts: &[Timestamp]) -> Vec<i64> {
    starts.iter().map(|start| start.as_micros()).collect()
}

/// The bucket of a moment; what is before the first start belongs to none.
fn bucket_of(starts: &[i64], moment: i64) -> Option<usize> {
    starts.partition_point(|start| *start <= moment).checked_sub(1)
}

fn fill<'a>(
    buckets: &mut [UsageSums],
    starts: &[i64],
    sums: impl Iterator<Item = (i64, &'a UsageSums)>,
) {
    for (unit, sums) in sums {
        if let Some(bucket) = bucket_of(starts, unit).and_then(|at| buckets.get_mut(at)) {
            bucket.add(sums);
        }
    }
}

fn total(groups: Groups) -> UsageGroup {
    groups.into_values().next().unwrap_or_default()
}

fn largest(groups: Groups, measure: UsageMeasure, most: usize) -> Vec<(UsageKey, UsageGroup)> {
    let mut parts: Vec<_> = groups.into_iter().map(|((_, key), group)| (key, group)).collect();
    parts.sort_by(|(key, group), (other_key, other)| {
        let of = |group: &UsageGroup| measure.of(&group.sums);
        of(other).cmp(&of(group)).then_with(|| key.cmp(other_key))
    });
    parts.truncate(most);
    parts
}

// === impl UsageMeasure ===

impl UsageMeasure {
    /// What is measured, in its own unit: calls, nano-USD, LLM tokens.
    pub fn of(self, sums: &UsageSums) -> i64 {
        let count = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
        match self {
            Self::Calls => count(sums.calls),
            Self::Cost => sums.cost.nano(),
            Self::Tokens => count(sums.usage.total()),
            Self::Errors => count(sums.errors),
            Self::Revenue => sums.revenue.nano(),
            Self::UpstreamCost => sums.upstream_cost.nano(),
            Self::Loss => sums.margin().nano().saturating_neg(),
            Self::Uncosted => count(sums.uncosted_calls),
        }
    }
}
