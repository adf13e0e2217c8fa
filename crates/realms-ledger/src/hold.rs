//! Money that is set aside for a running call.

use std::sync::atomic::Ordering;

use realms_store::{HoldRecord, UsageRecord};
use realms_types::{Money, RequestId, Timestamp};
use tokio::sync::oneshot;

use crate::{
    Ledger, LedgerError, Settled, Settlement,
    ledger::{LEASE, check_amount, gone},
    lost::lost_record,
    order::{Closing, How, Renewal},
    writer::Order,
};

/// Money that is set aside for a running call: settle it or release it.
///
/// A hold that is dropped hands what was metered so far to the writer: it is charged that, and released
/// when it is nothing; its call is recorded as broken off. A hold whose process dies expires at the end of its lease.
#[must_use = "money is held until the hold is settled or released"]
#[derive(Debug)]
pub struct Hold {
    ledger: Ledger,
    record: HoldRecord,
    metered: (Money, u64),
    /// What ends the hold if nothing else does; `None` once the writer has it.
    closing: Option<Box<Closing>>,
}

// === impl Hold ===

impl Hold {
    pub(crate) fn new(ledger: Ledger, record: HoldRecord) -> Self {
        let closing = Closing::release(&record, ledger.ids.next(), record.created_at);
        Self { ledger, record, metered: (Money::ZERO, 0), closing: Some(Box::new(closing)) }
    }

    /// The call it is for.
    pub const fn request_id(&self) -> RequestId {
        self.record.request_id
    }

    /// What is held, by whom it is paid, and until when.
    pub const fn record(&self) -> &HoldRecord {
        &self.record
    }

    /// When its lease ends unless it is renewed.
    pub const fn lease_until(&self) -> Timestamp {
        self.record.lease_until
    }

    /// Notes what the call has cost and used so far; a cost that is no amount is not noted. It is what a
    /// renewal makes durable, and what the call is charged should this be dropped.
    pub fn meter(&mut self, cost: Money, tokens: u64, price: Option<&str>) {
        if check_amount(cost).is_err() {
            return;
        }
        self.metered = (cost, tokens);
        let now = self.ledger.clock.now();
        if let Some(closing) = &mut self.closing {
            closing.now = now;
            closing.how = if cost == Money::ZERO && tokens == 0 {
                How::Release
            } else {
                How::Settle { cost, tokens, price: price.map(str::to_owned) }
            };
        }
    }

    /// Keeps the hold alive for another lease, and makes durable what was metered. `false`: it had
    /// expired; its settlement will still count.
    pub async fn renew(&mut self) -> Result<bool, LedgerError> {
        let now = self.ledger.clock.now();
        let renewal = Renewal {
            request_id: self.record.request_id,
            account: self.record.account,
            lease_until: now + LEASE,
            metered: self.metered,
            now,
        };
        let lives = self.ledger.ask(|answer| Order::Renew(renewal, answer)).await?;
        if lives {
            self.record.lease_until = renewal.lease_until;
        }
        Ok(lives)
    }

    /// Charges the call, once: what is held beyond that is free again, and what it cost beyond what was
    /// held is owed. With it goes the record of the call. While the database is away it is on disk when
    /// this returns.
    pub async fn settle(self, settlement: Settlement) -> Result<Settled, LedgerError> {
        check_amount(settlement.cost)?;
        let Settlement { cost, tokens, price, record } = settlement;
        self.close(How::Settle { cost, tokens, price }, record).await
    }

    /// Gives back all that was held: the call cost nothing.
    pub async fn release(self) -> Result<Settled, LedgerError> {
        self.close(How::Release, None).await
    }

    /// Gives back all that was held, and with it writes the record of the call, in one transaction.
    pub async fn release_with(self, record: Box<UsageRecord>) -> Result<Settled, LedgerError> {
        self.close(How::Release, Some(record)).await
    }

    /// Whether this future is dropped or not, the closing reaches the writer: until the queue has room
    /// it is in `self`, whose end sends it.
    async fn close(
        mut self,
        how: How,
        record: Option<Box<UsageRecord>>,
    ) -> Result<Settled, LedgerError> {
        let now = self.ledger.clock.now();
        if let Some(closing) = &mut self.closing {
            closing.how = how;
            closing.record = record;
            closing.now = now;
        }
        let queue = self.ledger.line.queue.clone();
        let place = queue.reserve().await.map_err(|_| gone())?;
        let Some(closing) = self.closing.take() else { return Err(gone()) };
        let (answer, answered) = oneshot::channel();
        self.ledger.line.counts.submitted.fetch_add(1, Ordering::Relaxed);
        place.send(Order::Close(closing, answer));
        answered.await.map_err(|_| gone())?
    }
}

impl Drop for Hold {
    fn drop(&mut self) {
        let Some(mut closing) = self.closing.take() else { return };
        if closing.record.is_none() {
            let id = self.ledger.ids.next();
            closing.record = lost_record(&self.record, self.metered.0, id).map(Box::new);
        }
        if let Err(unsent) = self.ledger.line.dropped.send(*closing) {
            let id = unsent.0.request_id;
            tracing::error!(request.id = %id, "a hold outlived the writer: it will expire");
        }
    }
}
