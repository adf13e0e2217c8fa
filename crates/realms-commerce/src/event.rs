//! What happens to an order.

use realms_types::{Amount, PaymentChannelId};

/// Money that a gateway says it has, for one order.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Payment {
    /// The gateway's id of it, unique within its channel.
    pub id: String,
    /// The channel whose secret the notice was signed with.
    pub channel: PaymentChannelId,
    /// How much.
    pub amount: Amount,
    /// Whether it is play money.
    pub test: bool,
}

/// What happens to an order.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Event {
    /// The gateway has the money.
    Paid(Payment),
    /// A try to pay failed; there may be another.
    Failed,
    /// Its time to be paid is over.
    Lapsed,
    /// The gateway gave so much of a payment back, in all.
    Returned {
        /// The payment.
        payment: String,
        /// The channel that says so.
        channel: PaymentChannelId,
        /// How much in all.
        total: Amount,
    },
    /// Who paid disputes a payment.
    Disputed {
        /// The payment.
        payment: String,
        /// The channel that says so.
        channel: PaymentChannelId,
    },
    /// A dispute ended well.
    DisputeWon {
        /// The payment.
        payment: String,
        /// The channel that says so.
        channel: PaymentChannelId,
    },
    /// Who made the order does not want it any more.
    Cancel,
    /// An operator gives what was ordered.
    Approve,
    /// An operator does not accept it.
    Reject,
    /// An operator takes back what so much of the amount was worth, and returns it outside.
    Refund {
        /// Minor units of the order's currency.
        minor: i64,
    },
    /// An operator has looked at it.
    Dismiss,
}
