//! What is set aside for a call: held, then settled, released or expired.

use std::fmt;

use realms_types::{ApiKeyId, DialectId, ModelId, Money, NodeId, RequestId, Timestamp};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    Value,
};
use serde::{Deserialize, Serialize};

use super::AccountId;
use crate::{Reader, StoreError, Tx, entity::hold, json, link::Link, sql};

/// Where a hold is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HoldState {
    /// The call runs; its lease is renewed.
    Held,
    /// The call was charged. Final.
    Settled,
    /// The call cost nothing. Final.
    Released,
    /// Nobody renewed the lease; what was metered last was charged. A late settlement still counts.
    Expired,
}

/// What an allowance is counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Nano-USD.
    Money,
    /// LLM tokens.
    Tokens,
}

/// Where in an allowance something is counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DrawSlot {
    /// The allowance.
    pub allowance: String,
    /// The start of the piece of time it counts in.
    pub bucket: Timestamp,
}

/// What a hold takes of an allowance, or of all windows of a subscription at once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draw {
    /// The subscription that pays; `None` for a limit, which counts and pays nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subscription: Option<i64>,
    /// What it is counted in.
    pub unit: Unit,
    /// What was set aside.
    pub held: i64,
    /// What is counted now.
    pub counted: i64,
    /// Where.
    pub slots: Vec<DrawSlot>,
}

/// What was set aside for one call. `amount = from_balance + ` what its subscriptions pay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HoldRecord {
    /// The call; one hold each.
    pub request_id: RequestId,
    /// Who pays.
    pub account: AccountId,
    /// The process that relays.
    pub node_id: NodeId,
    /// Where it is in its life.
    pub state: HoldState,
    /// What the call may cost.
    pub amount: Money,
    /// The part of it that is held of the balance.
    pub from_balance: Money,
    /// The LLM tokens it may use.
    pub tokens: i64,
    /// It expires then unless it is renewed.
    pub lease_until: Timestamp,
    /// What the call had cost when the lease was renewed last.
    pub metered: Money,
    /// The LLM tokens it had used then.
    pub metered_tokens: i64,
    /// What it was charged.
    pub settled: Money,
    /// The part of it that the balance paid.
    pub settled_balance: Money,
    /// The LLM tokens it used.
    pub settled_tokens: i64,
    /// What of `settled_balance` was given back.
    pub refunded: Money,
    /// What it takes of subscriptions and limits.
    pub draws: Vec<Draw>,
    /// The price and multiplier it was charged at, as JSON.
    pub price: Option<String>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was settled, released or expired.
    pub closed_at: Option<Timestamp>,
    /// What is known of the call.
    pub call: Option<CallNote>,
}

/// What is known of a call before anybody is asked: enough of a record, should nobody be left to write a
/// better one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallNote {
    /// With which key.
    pub api_key_id: ApiKeyId,
    /// The client's dialect.
    pub dialect: DialectId,
    /// What was asked for.
    pub operation: String,
    /// The model as the client named it.
    pub model: String,
    /// The model it named.
    pub model_id: Option<ModelId>,
    /// Whether the client asked for a stream.
    pub stream: bool,
    /// The `X-Request-Id` the client sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_request_id: Option<String>,
}

/// How a hold moves on.
#[derive(Debug, Clone)]
pub struct HoldClose {
    /// It does so only from this state…
    pub from: HoldState,
    /// …and only if its lease ended at or before this, where that matters.
    pub lease_before: Option<Timestamp>,
    /// What it becomes. Only how it ended is written: its state, what it is charged and counts, the
    /// price, when.
    pub to: HoldRecord,
}

const CLOSE: &str = "\
UPDATE holds SET state = ?, settled = ?, settled_balance = ?, settled_tokens = ?, draws = ?, \
price = COALESCE(?, price), closed_at = ? \
WHERE request_id = ? AND state = ? AND lease_until <= ?";

/// The same for many at once, with a list of [`ROW_OF_CLOSE`] in the middle.
const CLOSE_ALL: [&str; 2] = [
    "\
WITH ends (state, settled, settled_balance, settled_tokens, draws, price, closed_at, request_id, \
was, lease_before) AS (VALUES ",
    "\
) UPDATE holds SET state = ends.state, settled = ends.settled, \
settled_balance = ends.settled_balance, settled_tokens = ends.settled_tokens, draws = ends.draws, \
price = COALESCE(ends.price, holds.price), closed_at = ends.closed_at FROM ends \
WHERE holds.request_id = ends.request_id AND holds.state = ends.was \
AND holds.lease_until <= ends.lease_before",
];

const ROW_OF_CLOSE: &str = "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

const RENEW: &str = "\
UPDATE holds SET lease_until = ?, metered = ?, metered_tokens = ? \
WHERE request_id = ? AND state = 'held'";

const REFUND: &str = "\
UPDATE holds SET refunded = refunded + ? \
WHERE request_id = ? AND state = 'settled' AND refunded + ? <= settled_balance";

/// A snapshot of a price beyond this is left out, as with usage records.
const LONGEST_PRICE: usize = 16 << 10;

// === impl Unit ===

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Money => "nano-USD",
            Self::Tokens => "tokens",
        })
    }
}

// === impl HoldState ===

impl HoldState {
    /// The word in the database and in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Held => "held",
            Self::Settled => "settled",
            Self::Released => "released",
            Self::Expired => "expired",
        }
    }
}

// === impl HoldRecord ===

impl HoldRecord {
    fn to_row(&self) -> hold::Model {
        hold::Model {
            request_id: self.request_id.to_string(),
            account_id: self.account.raw(),
            node_id: self.node_id.raw(),
            state: self.state.as_str().to_owned(),
            amount: self.amount.nano(),
            from_balance: self.from_balance.nano(),
            tokens: self.tokens,
            lease_until: self.lease_until.as_micros(),
            metered: self.metered.nano(),
            metered_tokens: self.metered_tokens,
            settled: self.settled.nano(),
            settled_balance: self.settled_balance.nano(),
            settled_tokens: self.settled_tokens,
            refunded: self.refunded.nano(),
            draws: json::text(&self.draws),
            price: bounded_price(self.price.as_deref()),
            created_at: self.created_at.as_micros(),
            closed_at: self.closed_at.map(Timestamp::as_micros),
            call_note: json::text(&self.call),
        }
    }
}

impl TryFrom<hold::Model> for HoldRecord {
    type Error = StoreError;

    fn try_from(row: hold::Model) -> Result<Self, StoreError> {
        let id = &row.request_id;
        Ok(Self {
            request_id: id.parse().map_err(|cause| StoreError::corrupt("holds", id, &cause))?,
            account: row.account_id.into(),
            node_id: row.node_id.into(),
            state: sql::word("holds", id, &row.state)?,
            amount: Money::from_nano(row.amount),
            from_balance: Money::from_nano(row.from_balance),
            tokens: row.tokens,
            lease_until: Timestamp::from_micros(row.lease_until),
            metered: Money::from_nano(row.metered),
            metered_tokens: row.metered_tokens,
            settled: Money::from_nano(row.settled),
            settled_balance: Money::from_nano(row.settled_balance),
            settled_tokens: row.settled_tokens,
            refunded: Money::from_nano(row.refunded),
            draws: json::read("holds", id, row.draws.as_deref())?,
            price: row.price,
            created_at: Timestamp::from_micros(row.created_at),
            closed_at: row.closed_at.map(Timestamp::from_micros),
            call: json::read("holds", id, row.call_note.as_deref())?,
        })
    }
}

fn bounded_price(price: Option<&str>) -> Option<String> {
    price.filter(|text| text.len() <= LONGEST_PRICE).map(str::to_owned)
}

// === impl HoldClose ===

impl HoldClose {
    fn values(&self) -> [Value; 10] {
        let Self { from, lease_before, to } = self;
        [
            to.state.as_str().into(),
            to.settled.nano().into(),
            to.settled_balance.nano().into(),
            to.settled_tokens.into(),
            json::text(&to.draws).into(),
            bounded_price(to.price.as_deref()).into(),
            to.closed_at.map(Timestamp::as_micros).into(),
            to.request_id.to_string().into(),
            from.as_str().into(),
            lease_before.map_or(i64::MAX, Timestamp::as_micros).into(),
        ]
    }
}

// === impl Reader ===

impl Reader<'_> {
    /// The hold of a call.
    pub async fn find_hold(self, request: RequestId) -> Result<Option<HoldRecord>, StoreError> {
        Ok(find(self.link(), &[request]).await?.pop())
    }

    /// Holds whose lease ended at or before a moment, the oldest first.
    pub async fn list_due_holds(
        self,
        now: Timestamp,
        limit: u64,
    ) -> Result<Vec<HoldRecord>, StoreError> {
        let select = hold::Entity::find()
            .filter(hold::Column::State.eq(HoldState::Held.as_str()))
            .filter(hold::Column::LeaseUntil.lte(now.as_micros()))
            .order_by_asc(hold::Column::LeaseUntil)
            .limit(limit);
        self.all(select).await
    }
}

impl Reader<'_> {
    /// The holds of an account whose calls run, the newest first.
    pub async fn list_holds_of(
        self,
        account: AccountId,
        limit: u64,
    ) -> Result<Vec<HoldRecord>, StoreError> {
        let select = hold::Entity::find()
            .filter(hold::Column::AccountId.eq(account.raw()))
            .filter(hold::Column::State.eq(HoldState::Held.as_str()))
            .order_by_desc(hold::Column::CreatedAt)
            .limit(limit);
        self.all(select).await
    }
}

// === impl Tx ===

impl Tx {
    /// The holds of these calls, those that are there.
    pub async fn find_holds(&self, requests: &[RequestId]) -> Result<Vec<HoldRecord>, StoreError> {
        find(self.link(), requests).await
    }

    /// Writes new holds. One whose call has a hold already fails them all.
    pub async fn insert_holds(&self, holds: &[HoldRecord]) -> Result<(), StoreError> {
        self.insert_all(holds.iter().map(HoldRecord::to_row).collect(), "a hold".to_owned()).await
    }

    /// Moves holds on, each of another call, and tells how many moved: those in another state, and those
    /// whose lease was renewed, do not.
    pub async fn close_holds(&self, closes: &[HoldClose]) -> Result<u64, StoreError> {
        let backend = self.link().get_database_backend();
        let (mut moved, mut left) = (0, closes);
        for size in sql::sizes(backend) {
            while left.len() >= *size {
                let (now, later) = left.split_at(*size);
                moved += self.close_lot(backend, now).await?;
                left = later;
            }
        }
        Ok(moved)
    }

    async fn close_lot(&self, backend: DbBackend, lot: &[HoldClose]) -> Result<u64, StoreError> {
        if backend == DbBackend::MySql {
            // MariaDB knows no list of rows in an update.
            let mut moved = 0;
            for close in lot {
                moved += self.execute(CLOSE, close.values().into()).await?;
            }
            return Ok(moved);
        }
        let rows = vec![ROW_OF_CLOSE; lot.len()].join(", ");
        let values = lot.iter().flat_map(HoldClose::values).collect();
        self.execute(&CLOSE_ALL.join(&rows), values).await
    }

    /// Renews the lease of a hold, and notes what its call has cost so far. `false`: it is closed.
    pub async fn renew_hold(
        &self,
        request: RequestId,
        lease_until: Timestamp,
        metered: (Money, i64),
    ) -> Result<bool, StoreError> {
        let values = vec![
            lease_until.as_micros().into(),
            metered.0.nano().into(),
            metered.1.into(),
            request.to_string().into(),
        ];
        Ok(self.execute(RENEW, values).await? == 1)
    }

    /// Notes that a part of a charge is given back. `false`: the call was not charged so much, or it
    /// was given back before.
    pub async fn refund_hold(&self, request: RequestId, amount: Money) -> Result<bool, StoreError> {
        let nano = amount.nano();
        let values = vec![nano.into(), request.to_string().into(), nano.into()];
        Ok(self.execute(REFUND, values).await? == 1)
    }
}

async fn find(link: Link<'_>, requests: &[RequestId]) -> Result<Vec<HoldRecord>, StoreError> {
    let ids = requests.iter().map(|id| id.to_string().into());
    let rows = sql::find_all::<hold::Model>(link, "request_id", ids).await?;
    rows.into_iter().map(HoldRecord::try_from).collect()
}
