//! What gateways say, and what is asked of them. Pure: bytes in, a [`Notice`] or a [`Request`] out.
//!
//! A notice exists only after its signature was checked with a secret that is not empty. Whether it is
//! about the right order, amount, currency and channel is decided by [`decide`](crate::decide).

mod epay;
mod form;
mod signature;
mod stripe;
mod webhook;

use realms_types::{Amount, OrderId, PaymentChannelId, Secret};

pub use epay::{Epay, EpayMethod};
pub use stripe::{Checkout, Stripe};
pub use webhook::Webhook;

use crate::{Event, Payment};

/// What a gateway tells, once it is known that the gateway tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// What makes it one of its kind within its channel.
    pub id: String,
    /// The gateway's word for what happened.
    pub topic: String,
    /// The order it names.
    pub order: Option<OrderId>,
    /// The payment it is about.
    pub payment: Option<String>,
    /// What happened.
    pub news: News,
}

/// What happened to a payment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum News {
    /// The gateway has the money.
    Paid {
        /// How much.
        amount: Amount,
        /// Whether it is play money.
        test: bool,
    },
    /// A try to pay failed.
    Failed,
    /// It can be paid no more.
    Lapsed,
    /// So much of it was given back in all.
    Returned {
        /// How much in all.
        total: Amount,
    },
    /// Who paid disputes it.
    Disputed,
    /// A dispute ended well.
    DisputeWon,
    /// Nothing that matters here.
    Other,
}

/// How the order page is reached, and where people come back to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bill<'a> {
    /// The order.
    pub order: OrderId,
    /// What must be paid.
    pub amount: Amount,
    /// What people read at the gateway.
    pub title: &'a str,
    /// Where they go when they have paid.
    pub success_url: &'a str,
    /// Where they go when they have not.
    pub cancel_url: &'a str,
    /// Where the gateway tells of it.
    pub notify_url: &'a str,
}

/// A request to a gateway. Its address and headers may hold secrets.
#[derive(Debug, Clone)]
pub struct Request {
    /// `GET` or `POST`.
    pub method: &'static str,
    /// The address.
    pub url: Secret<String>,
    /// Headers.
    pub headers: Vec<(&'static str, Secret<String>)>,
    /// A form; empty for `GET`.
    pub body: String,
}

/// Why a gateway cannot be used as it is set up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum GatewayError {
    /// With an empty secret everybody could sign.
    #[error("the {0} is missing")]
    Missing(&'static str),
    /// An address that is none, or not `https`.
    #[error("the address of the gateway must be an https URL")]
    Address,
    /// An amount or currency that the gateway cannot take.
    #[error("the gateway cannot take this amount")]
    Amount,
}

/// Why something that came is no notice. Nothing of what came is repeated here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoticeError {
    /// It has no signature, or not in the form it must have.
    #[error("the notice is not signed")]
    Unsigned,
    /// The signature is not made with the secret of the channel.
    #[error("the signature of the notice is wrong")]
    Forged,
    /// It was signed too long ago, or in the future.
    #[error("the notice was signed at another time: check the clocks")]
    Stale,
    /// It is for another merchant.
    #[error("the notice is for another merchant")]
    OtherMerchant,
    /// It was signed, and what it says cannot be read.
    #[error("the notice cannot be read: {0}")]
    Malformed(&'static str),
}

// === impl Notice ===

impl Notice {
    /// What it means for an order that is paid by this channel.
    pub fn event(&self, channel: PaymentChannelId) -> Option<Event> {
        let payment = || self.payment.clone();
        match self.news {
            News::Paid { amount, test } => {
                Some(Event::Paid(Payment { id: payment()?, channel, amount, test }))
            }
            News::Failed => Some(Event::Failed),
            News::Lapsed => Some(Event::Lapsed),
            News::Returned { total } => {
                Some(Event::Returned { payment: payment()?, channel, total })
            }
            News::Disputed => Some(Event::Disputed { payment: payment()?, channel }),
            News::DisputeWon => Some(Event::DisputeWon { payment: payment()?, channel }),
            News::Other => None,
        }
    }
}

/// A secret that is there.
fn present(secret: Secret<String>, what: &'static str) -> Result<Secret<String>, GatewayError> {
    if secret.reveal().trim().is_empty() { Err(GatewayError::Missing(what)) } else { Ok(secret) }
}

/// An id of the gateway's that fits its column and is one word.
fn id(text: &str, what: &'static str) -> Result<String, NoticeError> {
    let fits = (1..=191).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic());
    if fits { Ok(text.to_owned()) } else { Err(NoticeError::Malformed(what)) }
}
