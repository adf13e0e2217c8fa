//! How a call was decided: what its record and its attempts do not say.

use realms_types::{
    Asks, ChannelGroupId, ChannelKind, Considered, CredentialId, DialectId, Exclusion, Ppm,
    RecordId, Timestamp, UserGroupId,
};
use sea_orm::EntityTrait;
use serde::{Deserialize, Serialize};

use crate::{Store, StoreError, entity::trace};

/// The longest trace that is stored, in bytes of JSON.
pub const LONGEST_TRACE: usize = 16 << 10;

/// The trace of one call. In JSON the names are short: every call stores one.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct TraceRecord {
    /// The version of the catalogue that the call saw.
    #[serde(rename = "v")]
    pub catalog_version: i64,
    /// Who was considered; `None` when the call did not come that far.
    #[serde(rename = "d", default, skip_serializing_if = "Option::is_none")]
    pub decision: Option<DecisionRecord>,
    /// What the client was told, where that was no answer of an upstream.
    #[serde(rename = "f", default, skip_serializing_if = "Option::is_none")]
    pub fault: Option<FaultRecord>,
    /// The groups on the way to the channel that was asked last, the outermost first, where there are
    /// several. A single one is the record's own.
    #[serde(rename = "p", default, skip_serializing_if = "Vec::is_empty")]
    pub group_path: Vec<GroupStep>,
    /// Whether the request went on as it came.
    #[serde(rename = "n", default, skip_serializing_if = "Lane::is_same_dialect")]
    pub lane: Lane,
    /// What could not be said in the upstream's dialect.
    #[serde(rename = "l", default, skip_serializing_if = "Vec::is_empty")]
    pub losses: Vec<LossRecord>,
    /// The dialect the request went on in, where that is not the client's.
    #[serde(rename = "dl", default, skip_serializing_if = "Option::is_none")]
    pub upstream_dialect: Option<DialectId>,
    /// The request whose answer was told once more, for its `Idempotency-Key`.
    #[serde(rename = "ro", default, skip_serializing_if = "Option::is_none")]
    pub repeat_of: Option<String>,
    /// Which options of channels changed the call, by attempt.
    #[serde(rename = "e", default, skip_serializing_if = "Vec::is_empty")]
    pub edits: Vec<EditRecord>,
    /// When the steps before the first attempt were done.
    #[serde(rename = "t")]
    pub timings: TraceTimings,
}

/// A field that did not arrive as it was sent. Names only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "StoredLoss")]
pub struct LossRecord {
    /// Where it is in the body as it was sent.
    #[serde(rename = "p")]
    pub path: String,
    /// What became of it: `dropped`, `approximated`, `emulated`.
    #[serde(rename = "k")]
    pub kind: String,
    /// Why, in a few words.
    #[serde(rename = "w", default, skip_serializing_if = "String::is_empty")]
    pub why: String,
}

/// Earlier versions kept the name alone, and what was lost was dropped.
#[derive(Deserialize)]
#[serde(untagged)]
enum StoredLoss {
    Name(String),
    Whole {
        #[serde(rename = "p")]
        path: String,
        #[serde(rename = "k")]
        kind: String,
        #[serde(rename = "w", default)]
        why: String,
    },
}

/// Which options of a channel changed what an attempt sent or was told. Names only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EditRecord {
    /// The attempt, from 0.
    #[serde(rename = "a")]
    pub attempt: u16,
    /// The options, in the order in which they were at work.
    #[serde(rename = "o")]
    pub options: Vec<String>,
}

/// Whom a call could ask, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DecisionRecord {
    /// When it was decided.
    pub at: Timestamp,
    /// What chance was drawn from.
    pub seed: u64,
    /// The group of the user.
    #[serde(rename = "ug", default, skip_serializing_if = "Option::is_none")]
    pub user_group: Option<UserGroupId>,
    /// The channel groups the key may use, in order.
    #[serde(rename = "kg", default, skip_serializing_if = "Vec::is_empty")]
    pub key_groups: Vec<ChannelGroupId>,
    /// Whether the call named a session.
    #[serde(rename = "se", default, skip_serializing_if = "is_false")]
    pub session: bool,
    /// The only kind of vendor that has the path.
    #[serde(rename = "ki", default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<ChannelKind>,
    /// What it asked for that a channel may refuse.
    #[serde(rename = "aks", default, skip_serializing_if = "is_usual")]
    pub asks: Asks,
    /// Whether only who holds a state could go on with it.
    #[serde(rename = "ho", default, skip_serializing_if = "is_false")]
    pub home: bool,
    /// The credential that served the session before.
    #[serde(rename = "bd", default, skip_serializing_if = "Option::is_none")]
    pub bond: Option<CredentialId>,
    /// Why the session does not go on there.
    #[serde(rename = "rl", default, skip_serializing_if = "Option::is_none")]
    pub released: Option<Exclusion>,
    /// Who was considered, those in the order first.
    #[serde(rename = "co", default, skip_serializing_if = "Vec::is_empty")]
    pub considered: Vec<Considered>,
    /// Whether more was considered than is kept.
    #[serde(rename = "tr", default, skip_serializing_if = "is_false")]
    pub truncated: bool,
}

/// What a client was told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FaultRecord {
    /// A stable word.
    pub code: String,
    /// The sentence.
    pub message: String,
}

/// A channel group on the way, with its own multiplier.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupStep {
    /// Its name.
    pub name: String,
    /// Its multiplier.
    pub multiplier: Ppm,
}

/// When steps were done, in microseconds from the beginning; `None` for those never reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct TraceTimings {
    /// The key was known.
    #[serde(rename = "a", default, skip_serializing_if = "Option::is_none")]
    pub admitted_us: Option<i64>,
    /// The body was read.
    #[serde(rename = "r", default, skip_serializing_if = "Option::is_none")]
    pub read_us: Option<i64>,
    /// Its turn had come, within the limits of its key and user.
    #[serde(rename = "q", default, skip_serializing_if = "Option::is_none")]
    pub queued_us: Option<i64>,
    /// It was decided whom to ask.
    #[serde(rename = "p", default, skip_serializing_if = "Option::is_none")]
    pub planned_us: Option<i64>,
}

/// How a request reached its upstream.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lane {
    /// Byte for byte, with shallow edits.
    #[default]
    SameDialect,
    /// Over the neutral form.
    Translated,
}

// === impl TraceRecord ===

impl TraceRecord {
    /// As JSON of at most [`LONGEST_TRACE`]: what was considered last gives way first.
    pub(super) fn to_text(&self) -> Option<String> {
        let text = serde_json::to_string(self).ok()?;
        if text.len() <= LONGEST_TRACE {
            return Some(text);
        }
        let mut shorter = self.clone();
        loop {
            let decision = shorter.decision.as_mut()?;
            let half = decision.considered.len() / 2;
            decision.considered.truncate(half);
            decision.key_groups.truncate(half);
            decision.truncated = true;
            let text = serde_json::to_string(&shorter).ok()?;
            if text.len() <= LONGEST_TRACE {
                return Some(text);
            }
            if half == 0 {
                shorter.decision = None;
                shorter.losses.clear();
            }
        }
    }
}

// === impl LossRecord ===

impl LossRecord {
    /// A field that did not arrive at all.
    pub fn dropped(path: impl Into<String>, why: &str) -> Self {
        Self { path: path.into(), kind: "dropped".to_owned(), why: why.to_owned() }
    }

    /// A field whose effect is there by other means.
    pub fn emulated(path: impl Into<String>, why: &str) -> Self {
        Self { path: path.into(), kind: "emulated".to_owned(), why: why.to_owned() }
    }
}

impl From<StoredLoss> for LossRecord {
    fn from(stored: StoredLoss) -> Self {
        match stored {
            StoredLoss::Name(path) => Self::dropped(path, ""),
            StoredLoss::Whole { path, kind, why } => Self { path, kind, why },
        }
    }
}

// === impl Lane ===

impl Lane {
    /// The word in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SameDialect => "same_dialect",
            Self::Translated => "translated",
        }
    }

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
    const fn is_same_dialect(&self) -> bool {
        matches!(self, Self::SameDialect)
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
fn is_usual(asks: &Asks) -> bool {
    *asks == Asks::default()
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
const fn is_false(value: &bool) -> bool {
    !*value
}

// === impl Store ===

impl Store {
    /// The trace of a call; `None` for calls of earlier versions.
    pub async fn find_trace(&self, record: RecordId) -> Result<Option<TraceRecord>, StoreError> {
        let row = trace::Entity::find_by_id(record.raw()).one(&self.readers()).await?;
        let Some(row) = row else { return Ok(None) };
        let trace = serde_json::from_str(&row.trace);
        trace.map(Some).map_err(|cause| StoreError::corrupt("traces", &record, &cause))
    }
}

#[cfg(test)]
mod tests {
    use realms_types::{Cause, ChannelId, CredentialId, EndpointId, Exclusion};

    use super::*;

    fn considered(number: i64) -> Considered {
        Considered {
            group: Some(ChannelGroupId::new(1)),
            upstream_model: Some("long-name-".repeat(25)),
            endpoint: Some(EndpointId::new(number)),
            credential: Some(CredentialId::new(number)),
            priority: -5,
            weight: 7,
            likelihood: Some(Ppm::ONE),
            bonded: true,
            in_flight: 3,
            latency_us: Some(1_500_000),
            drawn: Vec::new(),
            excluded: Some(Exclusion::CoolingDown),
            until: Some(Timestamp::from_secs(1_800_000_000)),
            cause: Some(Cause::RateLimited),
            ..Considered::new(ChannelId::new(number))
        }
    }

    fn trace(count: i64) -> TraceRecord {
        let decision = DecisionRecord {
            at: Timestamp::from_secs(1),
            seed: u64::MAX,
            user_group: Some(UserGroupId::new(2)),
            key_groups: (0..count).map(ChannelGroupId::new).collect(),
            session: true,
            home: false,
            kind: None,
            asks: Asks::default(),
            bond: None,
            released: None,
            considered: (0..count).map(considered).collect(),
            truncated: false,
        };
        TraceRecord { catalog_version: 9, decision: Some(decision), ..TraceRecord::default() }
    }

    #[test]
    fn what_is_written_reads_back() {
        let written = trace(3);
        let text = written.to_text().unwrap();
        assert_eq!(serde_json::from_str::<TraceRecord>(&text).unwrap(), written);
        let losses = r#"{"v":1,"t":{},"l":["seed",{"p":"top_k","k":"approximated","w":"y"}]}"#;
        let read = serde_json::from_str::<TraceRecord>(losses).unwrap().losses;
        assert_eq!((&*read[0].path, &*read[0].kind), ("seed", "dropped"));
        assert_eq!((&*read[1].kind, &*read[1].why), ("approximated", "y"));
        let least = r#"{"v":1,"t":{}}"#;
        assert_eq!(
            TraceRecord { catalog_version: 1, ..TraceRecord::default() }.to_text().unwrap(),
            least
        );
    }

    #[test]
    fn a_long_trace_is_cut_and_says_so() {
        let text = trace(64).to_text().unwrap();
        assert!(text.len() <= LONGEST_TRACE, "{}", text.len());
        let decision = serde_json::from_str::<TraceRecord>(&text).unwrap().decision.unwrap();
        assert!(decision.truncated && decision.considered.len() >= 16);
    }
}
