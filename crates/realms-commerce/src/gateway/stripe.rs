//! Stripe Checkout.
//!
//! Notices: <https://docs.stripe.com/api/events/types>, of the objects
//! <https://docs.stripe.com/api/checkout/sessions/object>,
//! <https://docs.stripe.com/api/charges/object> and <https://docs.stripe.com/api/disputes/object>.
//! A session that is `complete` need not be paid: only `payment_status` tells.

use realms_types::{Amount, Currency, OrderId, Secret, Timestamp};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::{Bill, GatewayError, News, Notice, NoticeError, Request, form, id, present, signature};

/// An account at Stripe.
#[derive(Debug, Clone)]
pub struct Stripe {
    secret_key: Secret<String>,
    webhook_secret: Secret<String>,
}

/// A page on which people pay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkout {
    /// Stripe's id of it.
    pub id: String,
    /// Where people go.
    pub url: String,
}

/// <https://docs.stripe.com/api/checkout/sessions/create>
const SESSIONS: &str = "https://api.stripe.com/v1/checkout/sessions";

#[derive(Deserialize)]
struct Envelope<'a> {
    id: &'a str,
    #[serde(rename = "type")]
    topic: &'a str,
    livemode: bool,
    #[serde(borrow)]
    data: Data<'a>,
}

#[derive(Deserialize)]
struct Data<'a> {
    #[serde(borrow)]
    object: &'a RawValue,
}

#[derive(Deserialize)]
struct Session {
    livemode: bool,
    mode: String,
    payment_status: String,
    client_reference_id: Option<String>,
    payment_intent: Option<Expandable>,
    amount_total: Option<i64>,
    currency: Option<String>,
}

#[derive(Deserialize)]
struct Charge {
    payment_intent: Option<Expandable>,
    amount_refunded: i64,
    currency: String,
    #[serde(default)]
    metadata: Metadata,
}

#[derive(Deserialize)]
struct Dispute {
    payment_intent: Option<Expandable>,
    status: String,
}

/// What was written into the payment when its page was made; it is on its charge too.
#[derive(Deserialize, Default)]
struct Metadata {
    order: Option<String>,
}

/// An id, or the object itself.
#[derive(Deserialize)]
#[serde(untagged)]
enum Expandable {
    Id(String),
    Object { id: String },
}

#[derive(Deserialize)]
struct Created {
    id: String,
    url: Option<String>,
}

// === impl Stripe ===

impl Stripe {
    /// The header with the signature.
    pub const HEADER: &'static str = "stripe-signature";

    /// An account with the key that calls its API and the secret that signs its notices.
    pub fn new(
        secret_key: Secret<String>,
        webhook_secret: Secret<String>,
    ) -> Result<Self, GatewayError> {
        Ok(Self {
            secret_key: present(secret_key, "secret key")?,
            webhook_secret: present(webhook_secret, "webhook secret")?,
        })
    }

    /// Reads what came, if it is Stripe that sent it, about now.
    pub fn read(&self, header: &str, body: &[u8], now: Timestamp) -> Result<Notice, NoticeError> {
        signature::check(&self.webhook_secret, header, body, now)?;
        let envelope: Envelope<'_> = parse(body, "it is no event")?;
        let (id, topic) = (id(envelope.id, "id")?, id(envelope.topic, "type")?);
        let object = envelope.data.object.get().as_bytes();
        let told = match envelope.topic {
            "checkout.session.completed"
            | "checkout.session.async_payment_succeeded"
            | "checkout.session.async_payment_failed"
            | "checkout.session.expired" => session(envelope.topic, envelope.livemode, object)?,
            "charge.refunded" => charge(object)?,
            "charge.dispute.created" | "charge.dispute.closed" => dispute(envelope.topic, object)?,
            _ => (None, None, News::Other),
        };
        Ok(Notice { id, topic, order: told.0, payment: told.1, news: told.2 })
    }

    /// Asks for a page on which an order is paid until a moment. Asking twice for the same moment makes one
    /// page: Stripe refuses a key that comes back with anything else
    /// (<https://docs.stripe.com/api/idempotent_requests>).
    pub fn checkout(&self, bill: &Bill<'_>, until: Timestamp) -> Result<Request, GatewayError> {
        let amount = bill.amount;
        // Currencies of three digits end in a nought: <https://docs.stripe.com/currencies#three-decimal>.
        let fine = amount.currency().exponent() == 3 && amount.minor() % 10 != 0;
        if amount.minor() == 0 || fine {
            return Err(GatewayError::Amount);
        }
        let (order, minor) = (bill.order.to_string(), amount.minor().to_string());
        let currency = amount.currency().to_string().to_ascii_lowercase();
        let until = until.as_secs().to_string();
        let key = format!("{order}-{until}");
        let body = form::write([
            ("mode", "payment"),
            ("client_reference_id", &order),
            ("metadata[order]", &order),
            ("payment_intent_data[metadata][order]", &order),
            ("line_items[0][quantity]", "1"),
            ("line_items[0][price_data][currency]", &currency),
            ("line_items[0][price_data][unit_amount]", &minor),
            ("line_items[0][price_data][product_data][name]", bill.title),
            ("success_url", bill.success_url),
            ("cancel_url", bill.cancel_url),
            ("expires_at", &until),
        ]);
        let bearer = format!("Bearer {}", self.secret_key.reveal());
        Ok(Request {
            method: "POST",
            url: Secret::from(SESSIONS),
            headers: vec![
                ("authorization", Secret::new(bearer)),
                ("content-type", Secret::from("application/x-www-form-urlencoded")),
                ("idempotency-key", Secret::new(key)),
            ],
            body,
        })
    }

    /// Reads the answer to [`Stripe::checkout`].
    pub fn read_checkout(&self, body: &[u8]) -> Result<Checkout, NoticeError> {
        let created: Created = parse(body, "it is no session")?;
        let url = created.url.filter(|url| url.starts_with("https://"));
        let url = url.ok_or(NoticeError::Malformed("the session has no page"))?;
        Ok(Checkout { id: id(&created.id, "id of the session")?, url })
    }

    /// The signature of a body, as Stripe makes it: for tests and for trying a channel out.
    pub fn sign(&self, body: &[u8], now: Timestamp) -> String {
        signature::sign(&self.webhook_secret, body, now)
    }
}

/// The order, the payment and what happened.
type Told = (Option<OrderId>, Option<String>, News);

fn session(topic: &str, live: bool, object: &[u8]) -> Result<Told, NoticeError> {
    let session: Session = parse(object, "it has no checkout session")?;
    if session.livemode != live {
        return Err(NoticeError::Malformed("event and session differ in their mode"));
    }
    let order = session.client_reference_id.and_then(|text| text.parse().ok());
    // A session of another mode, or of another program of the same account.
    if order.is_none() || session.mode != "payment" {
        return Ok((None, None, News::Other));
    }
    let payment = session.payment_intent.map(Expandable::id).transpose()?;
    let news = match topic {
        "checkout.session.expired" => News::Lapsed,
        "checkout.session.async_payment_failed" => News::Failed,
        _ if session.payment_status == "paid" => {
            if payment.is_none() {
                return Err(NoticeError::Malformed("a payment without an id"));
            }
            let amount = amount(session.amount_total, session.currency.as_deref())?;
            News::Paid { amount, test: !live }
        }
        // Complete, and the money is still on its way, or none is asked for.
        _ => News::Other,
    };
    Ok((order, payment, news))
}

fn charge(object: &[u8]) -> Result<Told, NoticeError> {
    let charge: Charge = parse(object, "it has no charge")?;
    let total = amount(Some(charge.amount_refunded), Some(&charge.currency));
    let payment = charge.payment_intent.map(Expandable::id).transpose()?;
    let order = charge.metadata.order.and_then(|text| text.parse().ok());
    match (payment, total) {
        (Some(payment), Ok(total)) => Ok((order, Some(payment), News::Returned { total })),
        // Of another program of the same account.
        (None, _) => Ok((None, None, News::Other)),
        (Some(_), Err(_)) if order.is_none() => Ok((None, None, News::Other)),
        (Some(_), Err(error)) => Err(error),
    }
}

fn dispute(topic: &str, object: &[u8]) -> Result<Told, NoticeError> {
    let dispute: Dispute = parse(object, "it has no dispute")?;
    let payment = dispute.payment_intent.map(Expandable::id).transpose()?;
    let news = match (topic, dispute.status.as_str()) {
        _ if payment.is_none() => News::Other,
        ("charge.dispute.created", _) => News::Disputed,
        (_, "won" | "warning_closed" | "prevented") => News::DisputeWon,
        // Lost: somebody is to look at it as before.
        _ => News::Disputed,
    };
    Ok((None, payment, news))
}

fn amount(minor: Option<i64>, currency: Option<&str>) -> Result<Amount, NoticeError> {
    let currency = currency.and_then(|code| code.parse::<Currency>().ok());
    let currency = currency.ok_or(NoticeError::Malformed("a currency that orders are not in"))?;
    let amount = minor.and_then(|minor| Amount::new(minor, currency));
    amount.ok_or(NoticeError::Malformed("an amount that is none"))
}

/// What the parser says may repeat what came, so it is left out.
fn parse<'a, T: Deserialize<'a>>(body: &'a [u8], what: &'static str) -> Result<T, NoticeError> {
    serde_json::from_slice(body).map_err(|_| NoticeError::Malformed(what))
}

// === impl Expandable ===

impl Expandable {
    fn id(self) -> Result<String, NoticeError> {
        match self {
            Self::Id(text) | Self::Object { id: text } => id(&text, "id of the payment"),
        }
    }
}
