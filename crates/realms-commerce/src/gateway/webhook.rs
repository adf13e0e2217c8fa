//! A webhook for whatever takes money elsewhere: one JSON object, signed with HMAC-SHA256.
//!
//! ```json
//! {"id": "evt-1", "order": "or_…", "payment": "tx-1", "status": "paid",
//!  "amount": "10.00", "currency": "CNY", "test": false}
//! ```
//!
//! `status` is `paid`, `failed`, `expired`, `refunded` (`amount` is what was given back in all),
//! `disputed` or `dispute_won`. The header is that of Stripe's scheme, `t=…,v1=…`.

use realms_types::{Amount, Currency, Secret, Timestamp};
use serde::Deserialize;

use super::{GatewayError, News, Notice, NoticeError, id, present, signature};

/// A sender of notices that shares a secret with us.
#[derive(Debug, Clone)]
pub struct Webhook {
    secret: Secret<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Body {
    id: String,
    order: String,
    payment: String,
    status: Status,
    amount: String,
    currency: Currency,
    #[serde(default)]
    test: bool,
}

#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "snake_case")]
enum Status {
    Paid,
    Failed,
    Expired,
    Refunded,
    Disputed,
    DisputeWon,
}

// === impl Webhook ===

impl Webhook {
    /// The header with the signature.
    pub const HEADER: &'static str = "realms-signature";

    /// The least letters of the secret: it is ours to choose, so it can be long.
    pub const SHORTEST_SECRET: usize = 16;

    /// A sender with its secret.
    pub fn new(secret: Secret<String>) -> Result<Self, GatewayError> {
        let secret = present(secret, "secret")?;
        if secret.reveal().trim().len() < Self::SHORTEST_SECRET {
            return Err(GatewayError::Missing("secret of at least 16 letters"));
        }
        Ok(Self { secret })
    }

    /// Reads what came, if its sender knows the secret, about now.
    pub fn read(&self, header: &str, body: &[u8], now: Timestamp) -> Result<Notice, NoticeError> {
        signature::check(&self.secret, header, body, now)?;
        let read = serde_json::from_slice(body);
        let body: Body = read.map_err(|_| NoticeError::Malformed("see the guide for its form"))?;
        let order = body.order.parse().map_err(|_| NoticeError::Malformed("order"))?;
        let amount = Amount::parse(&body.amount, body.currency);
        let amount = amount.map_err(|_| NoticeError::Malformed("amount"))?;
        let (topic, news) = match body.status {
            Status::Paid => ("paid", News::Paid { amount, test: body.test }),
            Status::Failed => ("failed", News::Failed),
            Status::Expired => ("expired", News::Lapsed),
            Status::Refunded => ("refunded", News::Returned { total: amount }),
            Status::Disputed => ("disputed", News::Disputed),
            Status::DisputeWon => ("dispute_won", News::DisputeWon),
        };
        Ok(Notice {
            id: id(&body.id, "id")?,
            topic: topic.to_owned(),
            order: Some(order),
            payment: Some(id(&body.payment, "payment")?),
            news,
        })
    }

    /// The signature of a body: what a sender does.
    pub fn sign(&self, body: &[u8], now: Timestamp) -> String {
        signature::sign(&self.secret, body, now)
    }
}
