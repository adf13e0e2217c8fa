//! What gateways tell. It is answered only when it is durable.

use realms_store::{NoticeOutcome, NoticeRecord, OrderRecord};
use realms_types::{Amount, OrderId, PaymentChannelId, Timestamp};

use super::{Commerce, act::Why};
use crate::{CommerceError, Event, Gateway, News, Notice, NoticeError};

/// What came to the address of a channel.
#[derive(Debug, Clone, Copy)]
pub struct Message<'a> {
    /// The header with the signature, where the gateway has one.
    pub signature: Option<&'a str>,
    /// The body, or the query of a `GET`.
    pub body: &'a [u8],
}

/// What came of it. All of these are answered as well received.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Received {
    /// What came of it.
    pub outcome: NoticeOutcome,
    /// The order it is about.
    pub order: Option<OrderId>,
}

/// The largest message: <https://docs.stripe.com/webhooks> sends far less.
const LARGEST: usize = 64 << 10;

// === impl Commerce ===

impl Commerce {
    /// Takes a message. When this returns without an error, what it means is in the database; on any error
    /// nothing was credited, and the gateway is to tell again.
    pub async fn receive(
        &self,
        channel: PaymentChannelId,
        message: Message<'_>,
    ) -> Result<Received, CommerceError> {
        let found = self.store.read().find_payment_channel(channel).await?;
        let channel_record = found.ok_or(CommerceError::NotFound("payment channel"))?;
        let gateway = Gateway::open(&channel_record, &self.keyring)?;
        let now = self.clock.now();
        let notice = read(&gateway, message, now)?;
        let order = self.order_of(channel, &notice).await?;
        let kept = self.record_of(channel, &notice, order.as_ref(), now);
        let (Some(order), Some(event)) = (order, notice.event(channel)) else {
            let outcome = match notice.news {
                News::Other => NoticeOutcome::Passed,
                _ => NoticeOutcome::NoOrder,
            };
            let order = kept.order;
            self.keep(Some(kept), outcome).await?;
            self.catch_up(channel, &notice).await?;
            return Ok(Received { outcome, order });
        };
        let id = order.order.id;
        let received = |outcome| Ok(Received { outcome, order: Some(id) });
        if let Event::Paid(payment) = &event {
            let owner = self.store.read().find_order_of_payment(channel, &payment.id).await?;
            if owner.is_some_and(|owner| owner.order.id != id) {
                self.keep(Some(kept), NoticeOutcome::Refused).await?;
                return received(NoticeOutcome::Refused);
            }
            if order.order.payment.as_deref() != Some(payment.id.as_str()) {
                self.confirm(&gateway, &notice).await?;
                self.recall_disputes(channel, id, &payment.id).await?;
            }
        }
        match self.act(id, &event, Why { notice: Some(kept), operator: None }).await {
            Ok(done) if done.gave => {
                // One that came while this was decided; see `catch_up`.
                self.recall_disputes(channel, id, notice.payment.as_deref().unwrap_or("")).await?;
                received(NoticeOutcome::Given)
            }
            Ok(_) => received(NoticeOutcome::Noted),
            Err(CommerceError::Order(_)) => received(NoticeOutcome::Refused),
            Err(error) => Err(error),
        }
    }

    /// The order a notice names, or the one its payment belongs to.
    async fn order_of(
        &self,
        channel: PaymentChannelId,
        notice: &Notice,
    ) -> Result<Option<OrderRecord>, CommerceError> {
        let read = self.store.read();
        if let Some(id) = notice.order {
            return Ok(read.find_order(id).await?);
        }
        match &notice.payment {
            Some(payment) => Ok(read.find_order_of_payment(channel, payment).await?),
            None => Ok(None),
        }
    }

    /// Asks the gateway itself, where it can be asked, before it is believed: EPay's signatures are weak.
    async fn confirm(&self, gateway: &Gateway, notice: &Notice) -> Result<(), CommerceError> {
        let Gateway::Epay(epay) = gateway else { return Ok(()) };
        let query = epay.query(notice).ok_or(CommerceError::Unconfirmed("it names no order"))?;
        let answer = self.outside.send(query).await?;
        if epay.confirms(notice, &answer)? {
            return Ok(());
        }
        Err(CommerceError::Unconfirmed("its own records say otherwise"))
    }

    /// A dispute names a payment only; one that came before the payment was known counts now.
    async fn recall_disputes(
        &self,
        channel: PaymentChannelId,
        id: OrderId,
        payment: &str,
    ) -> Result<(), CommerceError> {
        let told = self.store.read().list_notices_of_payment(channel, payment).await?;
        let is_dispute = |one: &NoticeRecord| {
            one.outcome == NoticeOutcome::NoOrder && one.topic == "charge.dispute.created"
        };
        if told.iter().any(is_dispute) {
            let payment = payment.to_owned();
            let event = Event::Disputed { payment, channel };
            match self.act(id, &event, Why::default()).await {
                Ok(_) | Err(CommerceError::Order(_)) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// A notice that found no order looks again once it is kept: whoever gives the payment to an order at
    /// the same time looks for notices after that, so one of the two sees the other.
    async fn catch_up(
        &self,
        channel: PaymentChannelId,
        notice: &Notice,
    ) -> Result<(), CommerceError> {
        let found = self.order_of(channel, notice).await?;
        let (Some(record), Some(event)) = (found, notice.event(channel)) else { return Ok(()) };
        match self.act(record.order.id, &event, Why::default()).await {
            Ok(_) | Err(CommerceError::Order(_)) => Ok(()),
            Err(error) => Err(error),
        }
    }

    fn record_of(
        &self,
        channel: PaymentChannelId,
        notice: &Notice,
        order: Option<&OrderRecord>,
        now: Timestamp,
    ) -> NoticeRecord {
        NoticeRecord {
            id: self.ids.next(),
            channel,
            notice_id: notice.id.clone(),
            topic: notice.topic.clone(),
            order: order.map(|record| record.order.id),
            payment: notice.payment.clone(),
            amount: amount(notice.news),
            outcome: NoticeOutcome::Passed,
            received_at: now,
        }
    }
}

fn read(gateway: &Gateway, message: Message<'_>, now: Timestamp) -> Result<Notice, NoticeError> {
    if message.body.len() > LARGEST {
        return Err(NoticeError::Malformed("it is too large"));
    }
    let signature = || message.signature.ok_or(NoticeError::Unsigned);
    match gateway {
        Gateway::Stripe(stripe) => stripe.read(signature()?, message.body, now),
        Gateway::Webhook(webhook) => webhook.read(signature()?, message.body, now),
        Gateway::Epay(epay) => {
            let text = str::from_utf8(message.body);
            epay.read(text.map_err(|_| NoticeError::Malformed("it is no text"))?)
        }
    }
}

const fn amount(news: News) -> Option<Amount> {
    match news {
        News::Paid { amount, .. } => Some(amount),
        News::Returned { total } => Some(total),
        _ => None,
    }
}
