//! Plans, orders, payment gateways, redemption codes and invitations.
//!
//! [`decide`] is the heart: a pure function from an [`Order`](realms_types::Order) and an [`Event`] to
//! what the order becomes and what moves in the ledger. Whoever carries it out writes both in one
//! transaction that touches the order only as it was read; so any number of notices, in any order, on
//! any number of nodes, credit once.

mod account;
mod decide;
mod error;
mod event;
mod gateway;
mod outside;
mod plan;
mod service;

pub use account::{Gateway, GatewaySecrets, GatewaySettings};
pub use decide::{Refusal, Step, Transfer, Verdict, credit_key, decide, refund_key, worth};
pub use error::{CodeRefusal, CommerceError, NotSold};
pub use event::{Event, Payment};
pub use gateway::{
    Bill, Checkout, Epay, EpayMethod, GatewayError, News, Notice, NoticeError, Request, Stripe,
    Webhook,
};
pub use outside::{Answer, Outbound, Outside};
pub use plan::{PlanMistake, check_plan};
pub use service::{
    Basket, Buyer, ChannelChange, CodeBatch, Commerce, Done, Message, NewChannel, NewCode,
    Operator, Received, Redeemed, Site, TimeChange, Worth,
};
