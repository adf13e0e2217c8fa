//! Sums over usage records: whatever was rolled up, they are the sums of the records.

use std::collections::BTreeMap;

use realms_store::{
    Dimension, NumberField, Store, UsageFilter, UsageKey, UsageMeasure, UsageRecord, UsageSums,
    UsageTerm, WordField,
};
use realms_types::{
    Billing, Cause, Certainty, Chance, ChannelGroupId, ChannelId, CredentialId, Money, RecordId,
    Timestamp, Usage, UserId,
};
use tokio::task::JoinSet;

use crate::{
    database::Database,
    fixture::{ids, usage},
};

/// The start of an hour.
const START: Timestamp = Timestamp::from_secs(1_795_003_200);
const HOUR: i64 = 3_600_000_000;
const USERS: i64 = 3;

/// A record whose everything is left to chance, within 40 hours.
fn random(chance: &Chance, number: i64) -> UsageRecord {
    let below = |bound| i64::try_from(chance.below(bound)).unwrap();
    let pick =
        |words: &[&str]| words[usize::try_from(below(words.len() as u64)).unwrap()].to_owned();
    let user = below(3);
    let outcome = pick(&["ok", "ok", "ok", "failed", "client_gone"]);
    let mut record = usage(UserId::new(user), (user * 10 + below(2)).into());
    record.id = RecordId::new(number);
    record.started_at = Timestamp::from_micros(START.as_micros() + below(40 * 3_600_000_000));
    record.model = pick(&["a", "b", "B", "c"]);
    record.client = pick(&["codex_cli", "other"]);
    record.cause = (outcome == "failed").then_some(Cause::Broken);
    record.outcome = outcome;
    record.channel_id = (below(5) > 0).then(|| (below(2) + 1).into());
    record.channel_group_id = None;
    record.credential_id = Some((below(3) + 1).into());
    record.session = (below(3) > 0).then(|| format!("session {}", below(4)));
    record.stream = below(2) == 0;
    record.first_event_us = (below(4) > 0).then(|| below(2_000_000));
    record.duration_us = 2_000_000 + below(9_000_000);
    record.cost = (below(5) > 0).then(|| Money::from_nano(below(1_000_000_000_000)));
    record.cache_saved = record.cost.map(|_| Money::from_nano(below(1_000) - 500));
    record.usage =
        Usage { input: chance.below(10_000), output: chance.below(500), ..Usage::default() };
    record.billing = (below(4) > 0).then_some(Billing::Charged);
    record.upstream_cost = (below(3) > 0).then(|| Money::from_nano(below(900_000_000_000)));
    record.certainty = if below(4) > 0 { Certainty::Measured } else { Certainty::None };
    record
}

/// What the records add up to.
fn sums<'a>(records: impl IntoIterator<Item = &'a UsageRecord>) -> UsageSums {
    let mut sums = UsageSums::default();
    for record in records {
        let first = record.first_event_us.filter(|_| record.stream);
        let revenue = record.billing.and(record.cost).unwrap_or_default();
        let streamed = first.map_or(0, |first| u64::try_from(record.duration_us - first).unwrap());
        sums.add(&UsageSums {
            calls: 1,
            errors: u64::from(!["ok", "client_gone"].contains(&record.outcome.as_str())),
            usage: record.usage,
            cost: record.cost.unwrap_or_default(),
            cache_saved: record.cache_saved.unwrap_or_default(),
            revenue,
            costed_revenue: record.upstream_cost.map(|_| revenue).unwrap_or_default(),
            upstream_cost: record.upstream_cost.unwrap_or_default(),
            uncosted_calls: u64::from(
                record.upstream_cost.is_none() && record.certainty != Certainty::None,
            ),
            streamed_tokens: first.map_or(0, |_| record.usage.output),
            streamed_us: streamed,
        });
    }
    sums
}

fn key(record: &UsageRecord, dimension: Dimension) -> UsageKey {
    let id = |id: Option<i64>| id.map_or(UsageKey::Nothing, UsageKey::Id);
    let word = |word: &str| UsageKey::Word(word.to_owned());
    match dimension {
        Dimension::Model => word(&record.model),
        Dimension::ApiKey => id(Some(record.api_key_id.raw())),
        Dimension::Client => word(&record.client),
        Dimension::Dialect => word(record.dialect.as_str()),
        Dimension::Outcome => word(&record.outcome),
        Dimension::Cause => record.cause.map_or(UsageKey::Nothing, |cause| word(cause.as_str())),
        Dimension::User => id(Some(record.user_id.raw())),
        Dimension::Channel => id(record.channel_id.map(ChannelId::raw)),
        Dimension::ChannelGroup => id(record.channel_group_id.map(ChannelGroupId::raw)),
        Dimension::Credential => id(record.credential_id.map(CredentialId::raw)),
        Dimension::Session => record.session.as_deref().map_or(UsageKey::Nothing, word),
    }
}

const DIMENSIONS: [Dimension; 11] = [
    Dimension::Model,
    Dimension::ApiKey,
    Dimension::Client,
    Dimension::Dialect,
    Dimension::Outcome,
    Dimension::Cause,
    Dimension::User,
    Dimension::Channel,
    Dimension::ChannelGroup,
    Dimension::Credential,
    Dimension::Session,
];

/// A filter with what it means.
type Case = (UsageFilter, fn(&UsageRecord) -> bool);

fn cases() -> Vec<Case> {
    let words = |field, not, any_of: &[&str]| UsageTerm::Word {
        field,
        not,
        or_none: false,
        any_of: any_of.iter().map(|word| (*word).to_owned()).collect(),
        starts: Vec::new(),
    };
    let number = |field, any_of| UsageTerm::Number { field, not: false, or_none: false, any_of };
    let unknown = |field, not, any_of| UsageTerm::Number { field, not, or_none: true, any_of };
    let with = |terms: Vec<UsageTerm>| UsageFilter { terms, ..UsageFilter::default() };
    vec![
        (UsageFilter::default(), |_| true),
        (UsageFilter::of(UserId::new(1)), |record| record.user_id.raw() == 1),
        (with(vec![words(WordField::Model, false, &["B", "c"])]), |record| {
            ["B", "c"].contains(&record.model.as_str())
        }),
        (with(vec![words(WordField::Cause, true, &["broken"])]), |record| record.cause.is_none()),
        (with(vec![number(NumberField::Channel, vec![2])]), |record| {
            record.channel_id.is_some_and(|id| id.raw() == 2)
        }),
        (with(vec![unknown(NumberField::Channel, false, Vec::new())]), |record| {
            record.channel_id.is_none()
        }),
        (with(vec![unknown(NumberField::Channel, true, vec![2])]), |record| {
            record.channel_id.is_some_and(|id| id.raw() != 2)
        }),
        (with(vec![unknown(NumberField::Channel, false, vec![2])]), |record| {
            record.channel_id.is_none_or(|id| id.raw() == 2)
        }),
        (with(vec![UsageTerm::Above(NumberField::Cost, 500_000_000_000)]), |record| {
            record.cost.is_some_and(|cost| cost.nano() > 500_000_000_000)
        }),
        (
            UsageFilter {
                since: Some(Timestamp::from_micros(START.as_micros() + 5 * HOUR + 1_234_567)),
                until: Some(Timestamp::from_micros(START.as_micros() + 31 * HOUR + 7)),
                ..UsageFilter::of(UserId::new(2))
            },
            |record| record.user_id.raw() == 2,
        ),
    ]
}

/// Compares every way of summing with the records themselves.
async fn compare(store: &Store, records: &[UsageRecord]) {
    for (filter, means) in cases() {
        let since = filter.since.unwrap_or(Timestamp::EPOCH);
        let until = filter.until.unwrap_or(Timestamp::from_micros(i64::MAX));
        let meant: Vec<&UsageRecord> = records
            .iter()
            .filter(|record| (since..until).contains(&record.started_at) && means(record))
            .collect();
        let all = sums(meant.iter().copied());
        assert_eq!(store.sum_usage(&filter).await.unwrap(), all, "{filter:?}");
        let summary = store.summarize_usage(&filter).await.unwrap();
        assert_eq!((summary.sums, summary.duration.count()), (all, all.calls));
        let begun = meant.iter().filter(|record| record.first_event_us.is_some()).count();
        assert_eq!(summary.first_event.count(), begun as u64);
        assert_eq!(summary.last, meant.iter().map(|record| record.id).max());
        for dimension in DIMENSIONS {
            compare_parts(store, &filter, dimension, &meant).await;
        }
        // Hours, days of UTC, days of Kolkata, quarters of an hour.
        for (step, offset) in [(HOUR, 0), (24 * HOUR, 0), (24 * HOUR, HOUR / 2), (HOUR / 4, 0)] {
            compare_buckets(store, &filter, step, offset, &meant).await;
        }
    }
}

async fn compare_parts(
    store: &Store,
    filter: &UsageFilter,
    dimension: Dimension,
    meant: &[&UsageRecord],
) {
    let mut parts: BTreeMap<UsageKey, Vec<&UsageRecord>> = BTreeMap::new();
    for record in meant {
        parts.entry(key(record, dimension)).or_default().push(record);
    }
    let found = store.usage_by(filter, dimension, UsageMeasure::Cost, 100).await.unwrap();
    let costs: Vec<Money> = found.iter().map(|(_, group)| group.sums.cost).collect();
    assert!(costs.is_sorted_by(|one, next| one >= next), "{costs:?}");
    let found: BTreeMap<UsageKey, UsageSums> =
        found.into_iter().map(|(key, group)| (key, group.sums)).collect();
    let truth: BTreeMap<UsageKey, UsageSums> =
        parts.into_iter().map(|(key, records)| (key, sums(records))).collect();
    assert_eq!(found, truth, "{dimension:?} {filter:?}");
}

async fn compare_buckets(
    store: &Store,
    filter: &UsageFilter,
    step: i64,
    offset: i64,
    meant: &[&UsageRecord],
) {
    let first = START.as_micros() - START.as_micros().rem_euclid(24 * HOUR) - offset;
    let starts: Vec<Timestamp> = (0..=(START.as_micros() + 41 * HOUR - first) / step)
        .map(|number| Timestamp::from_micros(first + number * step))
        .collect();
    let bucket = |record: &UsageRecord| starts.partition_point(|at| *at <= record.started_at) - 1;
    let truth = |part: &dyn Fn(&UsageRecord) -> bool| -> Vec<UsageSums> {
        let mut buckets = vec![Vec::new(); starts.len()];
        meant.iter().filter(|record| part(record)).for_each(|r| buckets[bucket(r)].push(*r));
        buckets.into_iter().map(sums).collect()
    };
    let found = store.usage_over_time(filter, &starts).await.unwrap();
    assert_eq!(found, truth(&|_| true), "{step} {offset} {filter:?}");
    let latencies = store.latencies_over_time(filter, &starts).await.unwrap();
    let begun: u64 = latencies.iter().map(realms_store::Latencies::count).sum();
    assert_eq!(begun, meant.iter().filter(|r| r.first_event_us.is_some()).count() as u64);
    for dimension in [Dimension::Model, Dimension::Channel] {
        let series =
            store.usage_series(filter, &starts, dimension, UsageMeasure::Calls, 2).await.unwrap();
        for (part, buckets) in &series.parts {
            assert_eq!(buckets, &truth(&|record| key(record, dimension) == *part), "{part:?}");
        }
        let shown = |record: &UsageRecord| {
            series.parts.iter().any(|(part, _)| key(record, dimension) == *part)
        };
        let rest = truth(&|record| !shown(record));
        if series.rest.is_empty() {
            assert!(rest.iter().all(|sums| sums.calls == 0));
        } else {
            assert_eq!(series.rest, rest);
        }
    }
}

async fn roll_up(store: &Store, before: Timestamp) -> usize {
    let hours = store.stale_usage_hours(before, 1_000).await.unwrap();
    for hour in &hours {
        assert!(store.roll_up_usage(*hour).await.unwrap());
        assert!(!store.roll_up_usage(*hour).await.unwrap(), "nothing is left to do");
    }
    hours.len()
}

pub(crate) async fn are_the_sums_of_the_records(database: &Database) {
    let store = database.open().await.unwrap();
    let chance = Chance::seeded(11);
    let records: Vec<UsageRecord> = (1..=400).map(|number| random(&chance, number)).collect();
    store.insert_usage(&records).await.unwrap();
    compare(&store, &records).await;
    // Half of the hours, then all but the last, then all.
    let at = |hours: i64| Timestamp::from_micros(START.as_micros() + hours * HOUR);
    assert_eq!(roll_up(&store, at(20)).await, 20);
    compare(&store, &records).await;
    assert_eq!(roll_up(&store, at(39)).await, 19);
    assert_eq!(roll_up(&store, at(100)).await, 1);
    compare(&store, &records).await;
}

/// What was there before anybody knew of costs: every call that used something counts as one whose cost
/// nobody knows, and what was charged is summed up from the records.
pub(crate) async fn know_of_calls_older_than_costs(database: &Database) {
    let store = database.open().await.unwrap();
    let chance = Chance::seeded(13);
    let mut records: Vec<UsageRecord> = (1..=60).map(|number| random(&chance, number)).collect();
    for record in &mut records {
        record.upstream_cost = None;
    }
    store.insert_usage(&records).await.unwrap();
    let end = Timestamp::from_micros(START.as_micros() + 50 * HOUR);
    roll_up(&store, end).await;
    let margins = "UPDATE usage_hours SET revenue = 0, costed_revenue = 0, upstream_cost = 0, \
                   uncosted_calls = 0";
    database.execute(margins).await;
    let file = include_str!("../../migrations/0031_upstream_cost.sql");
    let statements = file.split(";\n").filter(|one| !one.contains("ADD COLUMN"));
    let filling: Vec<&str> = statements.filter(|one| !one.trim().is_empty()).collect();
    assert_eq!(filling.len(), 2);
    for statement in filling {
        database.execute(statement).await;
    }
    compare(&store, &records).await;
    assert!(roll_up(&store, end).await > 0);
    compare(&store, &records).await;
}

pub(crate) async fn know_of_late_records(database: &Database) {
    let store = database.open().await.unwrap();
    let chance = Chance::seeded(12);
    let end = Timestamp::from_micros(START.as_micros() + 50 * HOUR);
    let mut records: Vec<UsageRecord> = (1..=120).map(|number| random(&chance, number)).collect();
    store.insert_usage(&records).await.unwrap();
    roll_up(&store, end).await;
    // A spool that comes back: some records are there already.
    let late: Vec<UsageRecord> = (121..=160).map(|number| random(&chance, number)).collect();
    store.insert_usage(&late).await.unwrap();
    store.insert_usage(&records[100..]).await.unwrap();
    records.extend(late);
    compare(&store, &records).await;
    assert!(roll_up(&store, end).await > 0);
    compare(&store, &records).await;
    assert_eq!(roll_up(&store, end).await, 0);
}

/// Two writers and two nodes that roll up the same hour: in the end nothing is missing.
pub(crate) async fn stay_right_while_records_come_in(database: &Database) {
    let store = database.open().await.unwrap();
    let mut tasks = JoinSet::new();
    for writer in 0..2 {
        let store = store.clone();
        tasks.spawn(async move {
            for number in 0..15 {
                let mut one = usage(UserId::new(writer), ids().next());
                one.started_at = Timestamp::from_micros(START.as_micros() + number);
                store.insert_usage(&[one]).await.unwrap();
                let all = store.sum_usage(&UsageFilter::of(UserId::new(writer))).await.unwrap();
                assert_eq!(all.calls, u64::try_from(number).unwrap() + 1);
            }
        });
    }
    for _ in 0..2 {
        let store = store.clone();
        tasks.spawn(async move {
            for _ in 0..15 {
                store.roll_up_usage(START).await.unwrap();
            }
        });
    }
    while let Some(done) = tasks.join_next().await {
        done.unwrap();
    }
    let filter = UsageFilter::default();
    assert_eq!(store.sum_usage(&filter).await.unwrap().calls, 30);
    store.roll_up_usage(START).await.unwrap();
    assert_eq!(store.sum_usage(&filter).await.unwrap().calls, 30);
    let users = store.usage_by(&filter, Dimension::User, UsageMeasure::Calls, 10).await.unwrap();
    assert_eq!(users.len(), usize::try_from(USERS - 1).unwrap());
}

pub(crate) async fn have_percentiles(database: &Database) {
    let store = database.open().await.unwrap();
    let user = ids().next();
    let records: Vec<UsageRecord> = (1..=100)
        .map(|number| UsageRecord {
            id: RecordId::new(number),
            started_at: START,
            first_event_us: (number <= 50).then_some(number * 100_000),
            duration_us: number * 1_000_000,
            ..usage(user, ids().next())
        })
        .collect();
    store.insert_usage(&records).await.unwrap();
    let filter = UsageFilter::of(user);
    let raw = store.summarize_usage(&filter).await.unwrap();
    let near = |found: Option<u64>, truth: u64| {
        let found = found.unwrap();
        assert!(found.abs_diff(truth) * 8 < truth, "{found} for {truth}");
    };
    near(raw.first_event.percentile(50), 2_500_000);
    near(raw.first_event.percentile(90), 4_500_000);
    near(raw.duration.percentile(50), 50_000_000);
    near(raw.duration.percentile(95), 95_000_000);
    store.roll_up_usage(START).await.unwrap();
    assert_eq!(store.summarize_usage(&filter).await.unwrap(), raw);
    let other = UsageFilter::of(ids().next());
    assert_eq!(store.summarize_usage(&other).await.unwrap().first_event.percentile(50), None);
}
