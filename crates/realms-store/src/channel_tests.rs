//! How tests of channels went.
//!
//! Kept are the newest 200 of a channel for each trigger, so that tests which come by themselves bury
//! none that somebody asked for, and none for longer than 30 days.

mod turn;

use std::time::Duration;

use realms_types::{
    ChannelId, ChannelTestId, CredentialId, DialectId, EndpointId, Finding, Severity, Timestamp,
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder,
    QuerySelect,
};
use serde::{Deserialize, Serialize};

pub use self::turn::TestTurn;
use crate::{Reader, Store, StoreError, entity::channel_test, sql};

/// So many of a channel are kept for each trigger.
const MOST: u64 = 200;
/// For so long.
const KEPT: Duration = Duration::from_hours(30 * 24);
/// The longest name of a model, in characters.
const LONGEST_NAME: usize = 255;
/// The longest reason, in characters.
const LONGEST_DETAIL: usize = 500;

/// What made a test.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TestTrigger {
    /// Somebody asked for it.
    Manual,
    /// The schedule of the channel.
    Schedule,
    /// Something of the channel rested.
    Probe,
}

/// How much was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TestDepth {
    /// One tiny answer.
    Test,
    /// Everything that clients rely on.
    Scan,
}

/// What a test came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TestOutcome {
    /// It answered, and nothing that breaks clients was found.
    Ok,
    /// It answered, with something that breaks clients.
    Flawed,
    /// It did not answer.
    Failed,
}

/// LLM tokens in and out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counts {
    /// Of the request, cached or not.
    pub input: u64,
    /// Of the answer.
    pub output: u64,
}

/// How a test of a channel went. No part of it holds the credential.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChannelTestRecord {
    /// Its id.
    pub id: ChannelTestId,
    /// What was tested.
    pub channel_id: ChannelId,
    /// At which address.
    pub endpoint_id: Option<EndpointId>,
    /// With which credential.
    pub credential_id: Option<CredentialId>,
    /// What made it.
    pub trigger: TestTrigger,
    /// How much was asked.
    pub depth: TestDepth,
    /// In which dialect.
    pub dialect: DialectId,
    /// The model as clients name it.
    pub model: String,
    /// The model as the vendor names it.
    pub upstream_model: String,
    /// The model as the answer names it.
    pub answered_model: Option<String>,
    /// Whether a stream was asked for.
    pub streamed: bool,
    /// When it began.
    pub started_at: Timestamp,
    /// Until the first meaningful event, in microseconds.
    pub first_event_us: Option<i64>,
    /// Until the end, in microseconds.
    pub duration_us: i64,
    /// The upstream's status.
    pub status: Option<u16>,
    /// What it came to.
    pub outcome: TestOutcome,
    /// Why it failed, in one word.
    pub cause: Option<String>,
    /// Why it failed, in one sentence; at most 500 characters are kept.
    pub detail: Option<String>,
    /// What the upstream says was used.
    pub seen: Option<Counts>,
    /// What was counted here, by the bytes.
    pub counted: Option<Counts>,
    /// Whether its tool calls were in order; `None`: not asked.
    pub tools_ok: Option<bool>,
    /// What is wrong with it.
    pub findings: Vec<Finding>,
}

/// A page of tests, newest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChannelTestPage {
    /// The tests.
    pub records: Vec<ChannelTestRecord>,
    /// What to ask for the next page with; `None` at the end.
    pub next: Option<ChannelTestId>,
}

const CROWDED: &str = "\
SELECT channel_id, reason FROM channel_tests GROUP BY channel_id, reason HAVING COUNT(*) > ?";

/// A channel that has more tests than are kept.
#[derive(Debug, FromQueryResult)]
struct Crowded {
    channel_id: i64,
    reason: String,
}

// === impl TestTrigger ===

impl TestTrigger {
    /// The word in JSON and in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Manual => "manual",
            Self::Schedule => "schedule",
            Self::Probe => "probe",
        }
    }
}

// === impl TestDepth ===

impl TestDepth {
    /// The word in JSON and in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Test => "test",
            Self::Scan => "scan",
        }
    }
}

// === impl TestOutcome ===

impl TestOutcome {
    /// What an answer came to, or the lack of one.
    pub fn of(answered: bool, findings: &[Finding]) -> Self {
        if !answered {
            Self::Failed
        } else if findings.iter().any(|finding| finding.severity() == Severity::Error) {
            Self::Flawed
        } else {
            Self::Ok
        }
    }

    /// The word in JSON and in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Flawed => "flawed",
            Self::Failed => "failed",
        }
    }
}

// === impl Counts ===

impl Counts {
    fn of_row(input: Option<i64>, output: Option<i64>) -> Option<Self> {
        let count = |value: i64| u64::try_from(value).unwrap_or(0);
        Some(Self { input: count(input?), output: count(output?) })
    }

    fn signed(value: u64) -> i64 {
        i64::try_from(value).unwrap_or(i64::MAX)
    }
}

// === impl ChannelTestRecord ===

impl From<&ChannelTestRecord> for channel_test::Model {
    fn from(record: &ChannelTestRecord) -> Self {
        let name = |text: &str| sql::bounded(text, LONGEST_NAME);
        let input = |counts: Counts| Counts::signed(counts.input);
        let output = |counts: Counts| Counts::signed(counts.output);
        let findings: Vec<&str> = record.findings.iter().map(|one| one.as_str()).collect();
        Self {
            id: record.id.raw(),
            channel_id: record.channel_id.raw(),
            endpoint_id: record.endpoint_id.map(EndpointId::raw),
            credential_id: record.credential_id.map(CredentialId::raw),
            reason: record.trigger.as_str().to_owned(),
            depth: record.depth.as_str().to_owned(),
            dialect: record.dialect.as_str().to_owned(),
            model: name(&record.model),
            upstream_model: name(&record.upstream_model),
            answered_model: record.answered_model.as_deref().map(name),
            streamed: record.streamed,
            started_at: record.started_at.as_micros(),
            first_event_us: record.first_event_us,
            duration_us: record.duration_us,
            status: record.status.map(i32::from),
            outcome: record.outcome.as_str().to_owned(),
            cause: record.cause.as_deref().map(|cause| sql::bounded(cause, 32)),
            detail: record.detail.as_deref().map(|detail| sql::bounded(detail, LONGEST_DETAIL)),
            input_seen: record.seen.map(input),
            output_seen: record.seen.map(output),
            input_counted: record.counted.map(input),
            output_counted: record.counted.map(output),
            tools_ok: record.tools_ok,
            findings: findings.join(" "),
        }
    }
}

impl TryFrom<channel_test::Model> for ChannelTestRecord {
    type Error = StoreError;

    fn try_from(row: channel_test::Model) -> Result<Self, StoreError> {
        const TABLE: &str = "channel_tests";
        let findings = row.findings.split_whitespace();
        Ok(Self {
            trigger: sql::word(TABLE, &row.id, &row.reason)?,
            depth: sql::word(TABLE, &row.id, &row.depth)?,
            dialect: sql::word(TABLE, &row.id, &row.dialect)?,
            outcome: sql::word(TABLE, &row.id, &row.outcome)?,
            findings: findings
                .map(|word| sql::word(TABLE, &row.id, word))
                .collect::<Result<_, _>>()?,
            status: row
                .status
                .map(u16::try_from)
                .transpose()
                .map_err(|cause| StoreError::corrupt(TABLE, &row.id, &cause))?,
            seen: Counts::of_row(row.input_seen, row.output_seen),
            counted: Counts::of_row(row.input_counted, row.output_counted),
            id: row.id.into(),
            channel_id: row.channel_id.into(),
            endpoint_id: row.endpoint_id.map(Into::into),
            credential_id: row.credential_id.map(Into::into),
            model: row.model,
            upstream_model: row.upstream_model,
            answered_model: row.answered_model,
            streamed: row.streamed,
            started_at: Timestamp::from_micros(row.started_at),
            first_event_us: row.first_event_us,
            duration_us: row.duration_us,
            cause: row.cause,
            detail: row.detail,
            tools_ok: row.tools_ok,
        })
    }
}

// === impl Reader ===

impl Reader<'_> {
    /// Tests of a channel, newest first: those older than `before`, at most `limit` up to 200.
    pub async fn list_channel_tests(
        self,
        channel: ChannelId,
        before: Option<ChannelTestId>,
        limit: u64,
    ) -> Result<ChannelTestPage, StoreError> {
        use channel_test::Column;
        let limit = limit.clamp(1, 200);
        let mut select = channel_test::Entity::find()
            .filter(Column::ChannelId.eq(channel.raw()))
            .order_by_desc(Column::Id)
            .limit(limit + 1);
        if let Some(before) = before {
            select = select.filter(Column::Id.lt(before.raw()));
        }
        let mut records: Vec<ChannelTestRecord> = self.all(select).await?;
        let full = records.len() as u64 > limit;
        if full {
            records.pop();
        }
        let next = records.last().filter(|_| full).map(|record| record.id);
        Ok(ChannelTestPage { records, next })
    }
}

// === impl Store ===

impl Store {
    /// Keeps how a test went. `false`: its channel is gone, and nothing is kept.
    pub async fn insert_channel_test(
        &self,
        record: &ChannelTestRecord,
    ) -> Result<bool, StoreError> {
        let tx = self.begin().await?;
        if tx.read().find_channel(record.channel_id).await?.is_none() {
            return Ok(false);
        }
        tx.insert(channel_test::Model::from(record), "this test".to_owned()).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Forgets tests that are old, and the oldest of channels that have many; says how many.
    pub async fn purge_channel_tests(&self, now: Timestamp) -> Result<u64, StoreError> {
        use channel_test::Column;
        let old = "DELETE FROM channel_tests WHERE started_at <= ?";
        let values = vec![(now - KEPT).as_micros().into()];
        let mut deleted = sql::execute(self.writers(), old, values).await?;
        let link = self.readers();
        let most = i64::try_from(MOST).unwrap_or(i64::MAX);
        let rows = link.query_all_raw(sql::statement(link, CROWDED, vec![most.into()])).await?;
        for row in &rows {
            let Crowded { channel_id, reason } = Crowded::from_query_result(row, "")?;
            let oldest = channel_test::Entity::find()
                .select_only()
                .column(Column::Id)
                .filter(Column::ChannelId.eq(channel_id))
                .filter(Column::Reason.eq(reason.as_str()))
                .order_by_desc(Column::Id)
                .offset(MOST)
                .limit(1);
            if let Some(oldest) = oldest.into_tuple::<i64>().one(&link).await? {
                let sql =
                    "DELETE FROM channel_tests WHERE channel_id = ? AND reason = ? AND id <= ?";
                let values = vec![channel_id.into(), reason.into(), oldest.into()];
                deleted += sql::execute(self.writers(), sql, values).await?;
            }
        }
        Ok(deleted)
    }
}
