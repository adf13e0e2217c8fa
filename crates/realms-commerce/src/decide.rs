//! What an event does to an order. Pure: the same order and event always give the same verdict.

use realms_types::{Attention, Money, Order, OrderState, Value};

use crate::{Event, Payment};

/// What is to be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// The order changes, and perhaps money moves; both or neither.
    Step(Box<Step>),
    /// It happened before, or changes nothing.
    Already,
    /// It must not happen.
    Refused(Refusal),
}

/// A change of an order with what moves in the ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The order as it becomes.
    pub after: Order,
    /// What moves.
    pub transfer: Option<Transfer>,
}

/// What moves in the ledger, with the key that makes a repetition known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Transfer {
    /// What was bought is given.
    Give {
        /// [`credit_key`] of the order.
        key: String,
        /// What it is worth.
        value: Value,
    },
    /// What was given is taken back, in whole or in part.
    TakeBack {
        /// [`refund_key`] of the order.
        key: String,
        /// What it is worth.
        value: Value,
    },
}

/// Why something must not happen to an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The notice came by another channel than the order is bound to.
    #[error("the order is bound to another payment channel")]
    OtherChannel,
    /// The notice is about a payment that is not the order's.
    #[error("the order belongs to another payment")]
    OtherPayment,
    /// The currencies differ.
    #[error("the order is in another currency")]
    OtherCurrency,
    /// The state does not allow it.
    #[error("the order is {}", .0.as_str())]
    State(OrderState),
    /// It has a payment that an operator must look at first.
    #[error("the order has a payment that an operator must look at first")]
    InReview,
    /// The payment was given back outside.
    #[error("the payment was given back")]
    Returned,
    /// Less than nothing, nothing, or more than is left.
    #[error("so much is not left of the order")]
    TooMuch,
}

/// What an event does to an order.
pub fn decide(order: &Order, event: &Event) -> Verdict {
    match event {
        Event::Paid(payment) => paid(order, payment),
        Event::Failed => Verdict::Already,
        Event::Lapsed => close(order, OrderState::Expired),
        Event::Cancel => close(order, OrderState::Cancelled),
        Event::Returned { payment, channel, total } => {
            if let Some(refusal) = other(order, *channel, payment) {
                return Verdict::Refused(refusal);
            }
            if total.currency() != order.amount.currency() {
                return Verdict::Refused(Refusal::OtherCurrency);
            }
            returned(order, total.minor())
        }
        Event::Disputed { payment, channel } => match other(order, *channel, payment) {
            Some(refusal) => Verdict::Refused(refusal),
            None => raised(order, Attention::Disputed),
        },
        Event::DisputeWon { payment, channel } => match other(order, *channel, payment) {
            Some(refusal) => Verdict::Refused(refusal),
            None => dispute_won(order),
        },
        Event::Approve => approve(order),
        Event::Reject => reject(order),
        Event::Refund { minor } => refund(order, *minor),
        Event::Dismiss => dismissed(order),
    }
}

/// The key of the entry that gives what an order is for. There is one, whoever gives it.
pub fn credit_key(order: &Order) -> String {
    order.id.to_string()
}

/// The key of the entry by which so many minor units in all are taken back.
pub fn refund_key(order: &Order, refunded: i64) -> String {
    format!("{}/{refunded}", order.id)
}

/// What so many minor units of an order are worth in all, rounded down; all of them are worth all of it.
pub fn worth(order: &Order, minor: i64) -> Value {
    let whole = i128::from(order.amount.minor().max(1));
    let share = |money: Money| {
        let nano = i128::from(money.nano()) * i128::from(minor) / whole;
        Money::from_nano(i64::try_from(nano).unwrap_or(money.nano()))
    };
    Value { paid: share(order.value.paid), bonus: share(order.value.bonus) }
}

fn paid(order: &Order, payment: &Payment) -> Verdict {
    if payment.channel != order.channel {
        return Verdict::Refused(Refusal::OtherChannel);
    }
    if order.payment.as_deref() == Some(payment.id.as_str()) {
        return Verdict::Already;
    }
    if payment.amount != order.amount || payment.test != order.test {
        return raised(order, Attention::Mismatch);
    }
    if order.payment.is_some() {
        return raised(order, Attention::PaidTwice);
    }
    let with_payment = Order { payment: Some(payment.id.clone()), ..order.clone() };
    match order.state {
        OrderState::Pending if order.returned >= order.amount.minor() => {
            step(Order { state: OrderState::Refunded, attention: None, ..with_payment }, None)
        }
        OrderState::Pending if order.returned > 0 => {
            step(raise(with_payment, Attention::Returned), None)
        }
        // A dispute that came first: an operator decides.
        OrderState::Pending if order.attention == Some(Attention::Disputed) => {
            step(with_payment, None)
        }
        OrderState::Pending => give(with_payment),
        OrderState::Cancelled | OrderState::Rejected | OrderState::Expired => {
            step(raise(with_payment, Attention::PaidAfterClose), None)
        }
        // Given by hand before, or never to be given.
        OrderState::Paid | OrderState::Refunded => {
            step(raise(with_payment, Attention::PaidTwice), None)
        }
    }
}

fn give(order: Order) -> Verdict {
    let transfer = Transfer::Give { key: credit_key(&order), value: order.value };
    step(Order { state: OrderState::Paid, ..order }, Some(transfer))
}

fn close(order: &Order, state: OrderState) -> Verdict {
    match order.state {
        OrderState::Pending if order.payment.is_some() => Verdict::Refused(Refusal::InReview),
        OrderState::Pending => step(Order { state, ..order.clone() }, None),
        found if found == state => Verdict::Already,
        found => Verdict::Refused(Refusal::State(found)),
    }
}

fn returned(order: &Order, total: i64) -> Verdict {
    if total <= order.returned {
        return Verdict::Already;
    }
    let after = Order { returned: total, ..order.clone() };
    // What an operator took back before needs nobody's attention.
    if total <= order.refunded || order.state == OrderState::Refunded {
        return step(after, None);
    }
    step(raise(after, Attention::Returned), None)
}

fn approve(order: &Order) -> Verdict {
    let returned = order.returned >= order.amount.minor();
    match order.state {
        OrderState::Paid => Verdict::Already,
        OrderState::Refunded => Verdict::Refused(Refusal::State(OrderState::Refunded)),
        _ if returned => Verdict::Refused(Refusal::Returned),
        OrderState::Pending => give(Order { attention: None, ..order.clone() }),
        _ if order.payment.is_some() => give(Order { attention: None, ..order.clone() }),
        closed => Verdict::Refused(Refusal::State(closed)),
    }
}

fn reject(order: &Order) -> Verdict {
    match order.state {
        OrderState::Paid | OrderState::Refunded => Verdict::Refused(Refusal::State(order.state)),
        OrderState::Rejected if order.attention.is_none() => Verdict::Already,
        _ => step(Order { state: OrderState::Rejected, attention: None, ..order.clone() }, None),
    }
}

fn refund(order: &Order, minor: i64) -> Verdict {
    if order.state != OrderState::Paid {
        return Verdict::Refused(Refusal::State(order.state));
    }
    let refunded = order.refunded.checked_add(minor).filter(|_| minor > 0);
    let Some(refunded) = refunded.filter(|all| *all <= order.amount.minor()) else {
        return Verdict::Refused(Refusal::TooMuch);
    };
    let mut after = Order { refunded, ..order.clone() };
    if refunded == order.amount.minor() {
        after.state = OrderState::Refunded;
    }
    if after.attention == Some(Attention::Returned) && refunded >= order.returned {
        after.attention = None;
    }
    let (before, now) = (worth(order, order.refunded), worth(order, refunded));
    let less = |now: Money, before: Money| Money::from_nano(now.nano() - before.nano());
    let value = Value { paid: less(now.paid, before.paid), bonus: less(now.bonus, before.bonus) };
    step(after, Some(Transfer::TakeBack { key: refund_key(order, refunded), value }))
}

fn dispute_won(order: &Order) -> Verdict {
    if order.attention != Some(Attention::Disputed) {
        return Verdict::Already;
    }
    let calm = Order { attention: None, ..order.clone() };
    match order.state {
        // Its payment came while it was disputed.
        OrderState::Pending if order.payment.is_some() && order.returned == 0 => give(calm),
        _ if order.returned > order.refunded => step(raise(calm, Attention::Returned), None),
        _ => step(calm, None),
    }
}

fn dismissed(order: &Order) -> Verdict {
    match order.attention {
        None => Verdict::Already,
        // Nobody would look at it again: it is to be approved or rejected.
        Some(_) if order.state == OrderState::Pending && order.payment.is_some() => {
            Verdict::Refused(Refusal::InReview)
        }
        Some(_) => step(Order { attention: None, ..order.clone() }, None),
    }
}

fn raised(order: &Order, attention: Attention) -> Verdict {
    let after = raise(order.clone(), attention);
    if after == *order { Verdict::Already } else { step(after, None) }
}

fn raise(order: Order, attention: Attention) -> Order {
    Order { attention: order.attention.max(Some(attention)), ..order }
}

fn step(after: Order, transfer: Option<Transfer>) -> Verdict {
    Verdict::Step(Box::new(Step { after, transfer }))
}

/// Whether a notice about a payment is none about this order.
fn other(order: &Order, channel: realms_types::PaymentChannelId, payment: &str) -> Option<Refusal> {
    if channel != order.channel {
        return Some(Refusal::OtherChannel);
    }
    let known = order.payment.as_deref();
    known.is_some_and(|known| known != payment).then_some(Refusal::OtherPayment)
}
