//! How prices are kept up with a list elsewhere: whose turn it is to look, what the last look came to, and the
//! prices that wait for somebody to take them. One row.

use std::time::Duration;

use realms_types::{NodeId, Price, Timestamp};
use sea_orm::EntityTrait;
use serde::{Deserialize, Serialize};

use crate::{Reader, Store, StoreError, Tx, entity::price_sync, json, sql};

/// The one row.
const ROW: i64 = 1;
/// The longest tag of a list that is kept, in bytes.
const LONGEST_ETAG: usize = 255;
/// The longest reason, in bytes.
const LONGEST_DETAIL: usize = 500;

/// How prices are kept up with a list.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PriceSync {
    /// It moves with every look, and with everything that is decided about what waits.
    pub revision: i64,
    /// Until when somebody is looking, unless they are done before.
    pub busy_until: Timestamp,
    /// The tag of the list, and the version of the configuration it was held against.
    pub etag: Option<(String, i64)>,
    /// What the last look came to.
    pub outcome: Option<PriceSyncOutcome>,
    /// The prices that wait for somebody.
    pub waiting: Vec<WaitingPrice>,
}

/// What a look at the list came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PriceSyncOutcome {
    /// When it was over.
    pub at: Timestamp,
    /// Where the list is, without what may be secret of its address.
    pub source: String,
    /// What made it.
    pub trigger: SyncTrigger,
    /// Whether the list is the one of the look before, and nothing changed here since.
    #[serde(default)]
    pub same: bool,
    /// Models in the list.
    #[serde(default)]
    pub listed: u64,
    /// Prices that were set.
    #[serde(default)]
    pub applied: u64,
    /// Prices that wait for somebody.
    #[serde(default)]
    pub waiting: u64,
    /// Those of them that move too far to be set by themselves.
    #[serde(default)]
    pub held_back: u64,
    /// Pinned prices that the list has otherwise.
    #[serde(default)]
    pub pinned: u64,
    /// Models without a price that the list has none for.
    #[serde(default)]
    pub unpriced: u64,
    /// Why it came to nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<SyncFailure>,
    /// The same in a sentence; at most 500 bytes are kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
}

/// What made a look at the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SyncTrigger {
    /// The schedule.
    Schedule,
    /// Somebody asked for it.
    Manual,
}

/// Why a look at the list came to nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SyncFailure {
    /// There is no answer.
    Unreachable,
    /// The address is one that nothing here calls.
    Forbidden,
    /// The answer says that there is no list.
    Status,
    /// The answer leads elsewhere.
    Redirect,
    /// The answer broke off, or is larger than is read.
    TooLarge,
    /// The answer is no list of prices.
    NotAList,
    /// The prices cannot be set.
    Refused,
}

/// A price that waits for somebody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WaitingPrice {
    /// The model.
    pub model: String,
    /// What the list says that it costs.
    pub price: Price,
    /// Why it waits.
    pub cause: WaitingCause,
    /// Whether somebody decided against it: it is not shown again until the list says another price.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub dismissed: bool,
}

/// Why a price waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WaitingCause {
    /// Every price does.
    Review,
    /// It moves too far.
    Far,
    /// Something becomes free.
    Zero,
    /// It is more than anything costs.
    Absurd,
}

/// What a look leaves behind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PriceSyncDone {
    /// What it came to.
    pub outcome: PriceSyncOutcome,
    /// The tag of the list, and the version of the configuration it was held against.
    pub etag: Option<(String, i64)>,
    /// The prices that wait from now on.
    pub waiting: Vec<WaitingPrice>,
}

const CLAIM: &str = "\
UPDATE price_syncs SET lease_owner = ?, lease_until = ? \
WHERE id = 1 AND revision = ? AND lease_until <= ?";

const FINISH: &str = "\
UPDATE price_syncs SET revision = revision + 1, lease_owner = NULL, lease_until = 0, \
etag = ?, etag_version = ?, outcome = ?, waiting = ? WHERE id = 1 AND lease_owner = ?";

const DECIDE: &str = "\
UPDATE price_syncs SET revision = revision + 1, waiting = ? WHERE id = 1 AND revision = ?";

// === impl SyncTrigger ===

impl SyncTrigger {
    /// The word in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Schedule => "schedule",
            Self::Manual => "manual",
        }
    }
}

// === impl SyncFailure ===

impl SyncFailure {
    /// The word in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Unreachable => "unreachable",
            Self::Forbidden => "forbidden",
            Self::Status => "status",
            Self::Redirect => "redirect",
            Self::TooLarge => "too_large",
            Self::NotAList => "not_a_list",
            Self::Refused => "refused",
        }
    }
}

// === impl WaitingCause ===

impl WaitingCause {
    /// The word in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Review => "review",
            Self::Far => "far",
            Self::Zero => "zero",
            Self::Absurd => "absurd",
        }
    }
}

// === impl WaitingPrice ===

impl WaitingPrice {
    /// Whether it waits whatever the settings say.
    pub fn is_held_back(&self) -> bool {
        self.cause != WaitingCause::Review
    }
}

// === impl PriceSync ===

impl TryFrom<price_sync::Model> for PriceSync {
    type Error = StoreError;

    fn try_from(row: price_sync::Model) -> Result<Self, StoreError> {
        const TABLE: &str = "price_syncs";
        Ok(Self {
            revision: row.revision,
            busy_until: Timestamp::from_micros(row.lease_until),
            outcome: json::read(TABLE, &row.id, row.outcome.as_deref())?,
            waiting: json::read(TABLE, &row.id, row.waiting.as_deref())?,
            etag: row.etag.map(|etag| (etag, row.etag_version)),
        })
    }
}

// === impl Reader ===

impl Reader<'_> {
    /// How prices are kept up with a list.
    pub async fn price_sync(self) -> Result<PriceSync, StoreError> {
        let found: Option<PriceSync> = self.one(price_sync::Entity::find_by_id(ROW)).await?;
        Ok(found.unwrap_or_default())
    }
}

// === impl Store ===

impl Store {
    /// Takes the turn to look at the list, as it was read. `false`: somebody else has it, or has looked since.
    pub async fn claim_price_sync(
        &self,
        revision: i64,
        node: NodeId,
        lease: Duration,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let values = vec![
            node.raw().into(),
            (now + lease).as_micros().into(),
            revision.into(),
            now.as_micros().into(),
        ];
        Ok(sql::execute(self.writers(), CLAIM, values).await? == 1)
    }
}

// === impl Tx ===

impl Tx {
    /// Writes down what a look came to, and gives the turn back. `false`: the turn is another node's by now, and
    /// nothing is written.
    pub async fn finish_price_sync(
        &self,
        node: NodeId,
        done: &PriceSyncDone,
    ) -> Result<bool, StoreError> {
        let detail = done.outcome.detail.as_deref();
        let outcome = PriceSyncOutcome {
            source: sql::bounded(&done.outcome.source, LONGEST_DETAIL),
            detail: detail.map(|detail| sql::bounded(detail, LONGEST_DETAIL)),
            ..done.outcome.clone()
        };
        let etag = done.etag.as_ref().filter(|(etag, _)| etag.len() <= LONGEST_ETAG);
        let values = vec![
            etag.map(|(etag, _)| etag.as_str()).into(),
            etag.map_or(0, |(_, version)| *version).into(),
            json::text(&Some(outcome)).into(),
            json::text(&done.waiting).into(),
            node.raw().into(),
        ];
        Ok(self.execute(FINISH, values).await? == 1)
    }

    /// Writes down what waits after somebody decided about it. `false`: it is not any more as it was read, and
    /// nothing is written.
    pub async fn keep_waiting_prices(
        &self,
        revision: i64,
        waiting: &[WaitingPrice],
    ) -> Result<bool, StoreError> {
        let values = vec![json::text(&waiting.to_vec()).into(), revision.into()];
        Ok(self.execute(DECIDE, values).await? == 1)
    }
}
