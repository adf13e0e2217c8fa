//! What the ledger is asked to do, and what it answers.

use std::{fmt, time::Duration};

use jiff::tz::TimeZone;
use realms_store::{
    AccountId, AuditRecord, CallNote, Deed, EntryKind, HoldRecord, SubscriptionRecord, Unit,
    UsageRecord,
};
use realms_types::{ApiKeyId, Budget, EntryId, Money, NodeId, RequestId, Spend, Timestamp, UserId};
use serde::{Deserialize, Serialize};

use crate::{Estimate, Window};

/// What a call needs before it may be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reservation {
    /// The call; it can have one hold.
    pub request_id: RequestId,
    /// Whose call it is.
    pub user: UserId,
    /// The process that relays.
    pub node: NodeId,
    /// What it may cost and use.
    pub estimate: Estimate,
    /// Limits it must fit into, whoever pays.
    pub caps: Vec<Cap>,
    /// Who pays.
    pub payer: Payer,
    /// What its record is to say should the process be gone before the call ends.
    pub call: Option<CallNote>,
}

/// Who pays for a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Payer {
    /// Nobody: it counts for the limits, and no balance moves.
    House,
    /// The user whose call it is.
    User {
        /// What pays first, in this order; what one cannot bear the next does.
        subscriptions: Vec<Subscription>,
        /// Whether the balance pays the rest.
        pay_as_you_go: bool,
    },
}

/// A limit on what is used in a window of time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cap {
    /// Whose.
    pub owner: CapOwner,
    /// What is counted.
    pub unit: Unit,
    /// How long it counts.
    pub window: Window,
    /// The most: nano-USD or LLM tokens.
    pub limit: i64,
}

/// Whose limit it is. A key belongs to the user who pays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CapOwner {
    /// An API key.
    ApiKey(ApiKeyId),
    /// All keys of a user together.
    User(UserId),
}

/// A subscription of the user who pays, and what it bears.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subscription {
    /// Its number.
    pub id: i64,
    /// How often its windows were emptied.
    pub resets: i64,
    /// Each of its windows with what it bears at list prices; all must bear an amount.
    pub windows: Vec<(Window, Money)>,
}

/// What a call that nobody pays for is drawn on; no plan has this number.
pub(crate) const HOUSE: i64 = 0;

/// What a call came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settlement {
    /// What it costs; nothing stays nothing.
    pub cost: Money,
    /// The LLM tokens it used.
    pub tokens: u64,
    /// The price and multiplier behind the cost, as JSON.
    pub price: Option<String>,
    /// The record of the call, written in the same transaction.
    pub record: Option<Box<UsageRecord>>,
}

/// The key of the entry of a movement: one key may be used once for each kind.
pub(crate) fn entry_key(kind: EntryKind, key: &str) -> String {
    format!("{}:{key}", kind.as_str())
}

/// A movement of money that is no call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Movement {
    /// Whose balance.
    pub user: UserId,
    /// How much it gains; only an adjustment may take.
    pub amount: Money,
    /// What makes a repetition known: at most 100 letters, digits and punctuation.
    pub key: String,
    /// What it is about outside, such as the number of a payment.
    pub reference: Option<String>,
    /// Who did it.
    pub actor: Option<String>,
    /// Why; an adjustment and a refund need it.
    pub reason: Option<String>,
}

/// A movement that is part of a deed: both are done, or neither.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trade {
    /// What is traded.
    pub goods: Goods,
    /// Whose balance, with the key and what is said of it. Its amount is what is traded, above nothing.
    pub movement: Movement,
    /// What else changes.
    pub deed: Deed,
    /// What the audit log says of it.
    pub audit: Option<AuditRecord>,
}

/// What a trade moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Goods {
    /// Balance that was paid outside; so much of it is given on top.
    Balance {
        /// The part that is a gift.
        bonus: Money,
    },
    /// Balance that is given away.
    Gift,
    /// Time of a plan that was paid outside; the balance stays as it is.
    Time,
    /// Balance that was bought is taken back; what is not available cannot be.
    BalanceBack {
        /// The part that was a gift.
        bonus: Money,
    },
    /// Time of a plan is taken back; the balance stays as it is.
    TimeBack,
    /// A call is charged by hand; what is not available cannot be.
    Call,
}

/// How a hold ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Settled {
    /// It is in the database.
    Done {
        /// What the call is charged in all.
        charged: Money,
        /// The part of it that the balance pays.
        from_balance: Money,
    },
    /// It had been closed before; nothing changed.
    Already {
        /// What the call was charged then.
        charged: Money,
    },
    /// The database is away: it is on disk, and will be in the database once that is back.
    Spooled,
    /// The call has no hold, so nothing was charged; its record was written.
    NoHold,
    /// The lease was renewed, so it does not expire.
    Alive,
}

/// What became of a movement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Posted {
    /// It is in the ledger.
    Done,
    /// The same movement was made before under the same key; nothing changed.
    Already,
}

/// Why money is not moved.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The balance cannot pay.
    #[error("the balance has {available} USD available, {needed} USD are needed: top it up")]
    Insufficient {
        /// What is available.
        available: Money,
        /// What is needed of the balance.
        needed: Money,
    },
    /// A limit is reached.
    #[error(
        "the limit of {limit} {unit} {window} for {owner} is reached: {used} are used, {needed} more are needed"
    )]
    Limit {
        /// Whose.
        owner: String,
        /// What is counted.
        unit: Unit,
        /// How long it counts.
        window: Window,
        /// The most.
        limit: i64,
        /// What is used, holds included.
        used: i64,
        /// What the call needs.
        needed: i64,
    },
    /// No subscription bears it, and the balance may not pay, or cannot.
    #[error("no subscription has {needed} USD left in all of its windows")]
    Exhausted {
        /// What no subscription bears.
        needed: Money,
        /// What the call may cost in all.
        estimate: Money,
        /// Whether there is any.
        has_plan: bool,
    },
    /// The call has a hold of another amount, or its hold is closed.
    #[error("the call {0} was charged or held for already")]
    Known(RequestId),
    /// The key belongs to another movement.
    #[error("the key `{0}` was used for another movement of money")]
    KeyReused(String),
    /// The order, the code or the call is not any more as it was read.
    #[error("it changed meanwhile: look at it again")]
    Overtaken,
    /// A refund of more than the balance paid for the call.
    #[error("the call {request} was not charged so much that {amount} USD can be given back")]
    NotCharged {
        /// The call.
        request: RequestId,
        /// What was to be given back.
        amount: Money,
    },
}

/// Why the ledger did not do what was asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LedgerError {
    /// A decision: the same request will be refused until something changes.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The database is away. What was asked for may be done all the same, if the answer was lost; it is
    /// safe to ask again.
    #[error("the ledger is not available: try again in {} s", retry_after.as_secs())]
    Unavailable {
        /// When to try again.
        retry_after: Duration,
    },
    /// What was asked for makes no sense.
    #[error("{0}")]
    Invalid(String),
    /// The database refused it.
    #[error("{0}")]
    Failed(String),
}

/// A reservation on its way to the writer.
#[derive(Debug, Clone)]
pub(crate) struct Reserve {
    pub(crate) reservation: Reservation,
    pub(crate) now: Timestamp,
    pub(crate) lease_until: Timestamp,
}

/// The end of a hold on its way to the writer, or to the spool.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Closing {
    pub(crate) request_id: RequestId,
    pub(crate) account: AccountId,
    pub(crate) how: How,
    /// The entry it makes, if it makes one.
    pub(crate) entry: EntryId,
    pub(crate) now: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) record: Option<Box<UsageRecord>>,
}

/// How a hold is to end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum How {
    Settle { cost: Money, tokens: u64, price: Option<String> },
    Release,
    Expire,
}

/// A renewal on its way to the writer.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Renewal {
    pub(crate) request_id: RequestId,
    pub(crate) account: AccountId,
    pub(crate) lease_until: Timestamp,
    pub(crate) metered: (Money, u64),
    pub(crate) now: Timestamp,
}

/// A movement on its way to the writer.
#[derive(Debug, Clone)]
pub(crate) struct Post {
    pub(crate) kind: EntryKind,
    pub(crate) movement: Movement,
    /// The call that is refunded, or charged by hand.
    pub(crate) request_id: Option<RequestId>,
    /// What the audit log says of it, in the same transaction.
    pub(crate) audit: Option<AuditRecord>,
    /// What else changes with it, in the same transaction.
    pub(crate) trade: Option<Box<(Goods, Deed)>>,
    pub(crate) entry: EntryId,
    pub(crate) now: Timestamp,
}

// === impl Cap ===

impl Cap {
    /// What a budget comes to at a moment, by the calendar of a time zone. `None` beyond the years that the
    /// calendar knows.
    pub fn of(owner: CapOwner, budget: Budget, now: Timestamp, zone: &TimeZone) -> Option<Self> {
        let unit = match budget.most {
            Spend::Usd(_) => Unit::Money,
            Spend::Tokens(_) => Unit::Tokens,
        };
        let window = Window::of(budget.per, now, zone)?;
        Some(Self { owner, unit, window, limit: budget.most.count() })
    }

    /// The allowance it counts in: one for each owner, unit and series of windows.
    pub fn name(&self) -> String {
        let unit = match self.unit {
            Unit::Money => "money",
            Unit::Tokens => "tokens",
        };
        format!("{}:{unit}:{}", self.owner, self.window.tag())
    }

    /// How much of it an estimate needs.
    pub(crate) fn needs(&self, estimate: Estimate) -> i64 {
        match self.unit {
            Unit::Money => estimate.cost.nano(),
            Unit::Tokens => whole(estimate.tokens),
        }
    }
}

impl fmt::Display for CapOwner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ApiKey(id) => id.fmt(f),
            Self::User(id) => id.fmt(f),
        }
    }
}

// === impl Payer ===

impl Payer {
    /// Whoever pays as they go.
    pub const BALANCE: Self = Self::User { subscriptions: Vec::new(), pay_as_you_go: true };

    /// What pays before the balance does.
    pub fn subscriptions(&self) -> &[Subscription] {
        match self {
            Self::House => &[],
            Self::User { subscriptions, .. } => subscriptions,
        }
    }
}

// === impl Subscription ===

impl Subscription {
    /// What a subscription bears, and under which windows. What its plan multiplies prices by divides what
    /// it bears: half the price is twice as many calls.
    pub fn of(record: &SubscriptionRecord) -> Self {
        let terms = &record.terms;
        let bears = |(length, most)| (Window::Rolling(length), terms.at_list_prices(most));
        Self {
            id: record.id.raw(),
            resets: record.resets,
            windows: terms.limits().map(bears).collect(),
        }
    }

    /// The allowance of one of its windows. One that was emptied begins anew under another name, so that
    /// calls which run meanwhile are given back where they were taken from.
    pub fn name(&self, window: &Window) -> String {
        let Self { id, resets, .. } = self;
        match resets {
            0 => format!("subscription {id}:money:{}", window.tag()),
            resets => format!("subscription {id}/{resets}:money:{}", window.tag()),
        }
    }
}

// === impl Goods ===

impl Goods {
    pub(crate) const fn kind(self) -> EntryKind {
        match self {
            Self::Balance { .. } => EntryKind::Credit,
            Self::Gift => EntryKind::Promote,
            Self::Time => EntryKind::Sale,
            Self::BalanceBack { .. } | Self::TimeBack => EntryKind::TakeBack,
            Self::Call => EntryKind::Review,
        }
    }
}

// === impl Closing ===

impl Closing {
    /// The end of a hold whose call cost nothing.
    pub(crate) fn release(hold: &HoldRecord, entry: EntryId, now: Timestamp) -> Self {
        Self {
            request_id: hold.request_id,
            account: hold.account,
            how: How::Release,
            entry,
            now,
            record: None,
        }
    }
}

/// LLM tokens as the database counts them.
pub(crate) fn whole(tokens: u64) -> i64 {
    i64::try_from(tokens).unwrap_or(i64::MAX)
}
