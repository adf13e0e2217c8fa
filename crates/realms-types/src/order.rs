//! What somebody buys: an order, bound when it is made to who pays, how, how much, and what for.

use serde::{Deserialize, Serialize};

use crate::{Amount, Money, OrderId, PaymentChannelId, UserId};

/// An order. What decides about it is `realms-commerce`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Order {
    /// Its id; its text form is its name at gateways.
    pub id: OrderId,
    /// Who gets what was bought.
    pub user: UserId,
    /// What it is for.
    pub kind: OrderKind,
    /// The payment channel it must be paid by.
    pub channel: PaymentChannelId,
    /// What must be paid, exactly.
    pub amount: Amount,
    /// Whether it must be paid with play money.
    pub test: bool,
    /// What it is worth here.
    pub value: Value,
    /// How far it is.
    pub state: OrderState,
    /// The gateway's id of the payment that belongs to it.
    pub payment: Option<String>,
    /// Why somebody must look at it.
    pub attention: Option<Attention>,
    /// Minor units that the gateway says it gave back in all.
    pub returned: i64,
    /// Minor units whose worth was taken back here in all.
    pub refunded: i64,
}

/// What an order is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrderKind {
    /// Money on the balance.
    TopUp,
    /// Time of a plan.
    Subscription,
}

/// What an order moves in the ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Value {
    /// What the payment itself is worth.
    pub paid: Money,
    /// What is given on top; only of a top-up.
    pub bonus: Money,
}

/// How far an order is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrderState {
    /// It waits for its payment.
    Pending,
    /// What was bought was given, once.
    Paid,
    /// Who made it does not want it any more.
    Cancelled,
    /// An operator did not accept it.
    Rejected,
    /// Its time to be paid is over.
    Expired,
    /// All that was given was taken back, or the payment was returned before anything was given.
    Refunded,
}

/// Why somebody must look at an order; the later ones weigh more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Attention {
    /// A payment came that is not what was ordered: another amount, currency or mode.
    Mismatch,
    /// It was paid after it was cancelled, rejected or had expired.
    PaidAfterClose,
    /// Money came for it a second time, or after it was approved by hand.
    PaidTwice,
    /// The gateway gave money back that was not taken back here.
    Returned,
    /// Who paid disputes the payment.
    Disputed,
}

// === impl OrderKind ===

impl OrderKind {
    /// The word in the database and in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::TopUp => "top_up",
            Self::Subscription => "subscription",
        }
    }
}

// === impl OrderState ===

impl OrderState {
    /// Every state.
    pub const ALL: [Self; 6] =
        [Self::Pending, Self::Paid, Self::Cancelled, Self::Rejected, Self::Expired, Self::Refunded];

    /// The word in the database and in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Paid => "paid",
            Self::Cancelled => "cancelled",
            Self::Rejected => "rejected",
            Self::Expired => "expired",
            Self::Refunded => "refunded",
        }
    }
}

// === impl Attention ===

impl Attention {
    /// The word in the database and in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Mismatch => "mismatch",
            Self::PaidAfterClose => "paid_after_close",
            Self::PaidTwice => "paid_twice",
            Self::Returned => "returned",
            Self::Disputed => "disputed",
        }
    }
}
