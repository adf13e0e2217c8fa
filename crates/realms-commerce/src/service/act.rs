//! An event on an order: read, decide, and carry out in one transaction if it still is as it was read.

use std::time::Duration;

use realms_ledger::{AccountId, Goods, LedgerError, Movement, Posted, Trade};
use realms_store::{
    Deed, Ground, NoticeOutcome, NoticeRecord, Notification, OrderRecord, OrderStep,
    SubscriptionRecord,
};
use realms_types::{Money, Occurrence, OrderId, OrderKind, OrderState, UserId, Value};

use super::{Commerce, Operator, TRIES};
use crate::{CommerceError, Event, Step, Transfer, Verdict, decide, worth};

/// What became of an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Done {
    /// The order as it is now.
    pub record: OrderRecord,
    /// Whether this changed it.
    pub changed: bool,
    /// Whether this gave what was bought.
    pub gave: bool,
}

/// What causes an event beside itself.
#[derive(Debug, Clone, Default)]
pub(super) struct Why {
    pub(super) notice: Option<NoticeRecord>,
    pub(super) operator: Option<Operator>,
}

/// Orders that lapse in one pass.
const DUE: u64 = 200;
/// When to come again, should an order change faster than it can be looked at.
const LATER: Duration = Duration::from_secs(2);

// === impl Commerce ===

impl Commerce {
    /// The user does not want an order any more.
    pub async fn cancel(&self, user: UserId, order: OrderId) -> Result<Done, CommerceError> {
        let found = self.store.read().find_order(order).await?;
        if found.is_none_or(|record| record.order.user != user) {
            return Err(CommerceError::NotFound("order"));
        }
        self.act(order, &Event::Cancel, Why::default()).await
    }

    /// The time to pay an order is over.
    pub async fn lapse(&self, order: OrderId) -> Result<Done, CommerceError> {
        self.act(order, &Event::Lapsed, Why::default()).await
    }

    /// Lets orders lapse that have waited so long for their payment, a bounded number of them; tells how
    /// many did. A payment that comes all the same is looked at by an operator.
    pub async fn lapse_due(&self, patience: Duration) -> Result<usize, CommerceError> {
        let before = self.clock.now() - patience;
        let due = self.store.read().list_due_orders(before, DUE).await?;
        let mut lapsed = 0;
        for record in due {
            match self.lapse(record.order.id).await {
                Ok(done) => lapsed += usize::from(done.changed),
                // Paid, cancelled or looked at meanwhile.
                Err(CommerceError::Order(_)) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(lapsed)
    }

    /// Gives what was ordered, whether or not a payment is known.
    pub async fn approve(&self, order: OrderId, by: Operator) -> Result<Done, CommerceError> {
        self.act(order, &Event::Approve, Why::by(by)).await
    }

    /// Does not accept an order; a payment that is known is to be returned outside.
    pub async fn reject(&self, order: OrderId, by: Operator) -> Result<Done, CommerceError> {
        self.act(order, &Event::Reject, Why::by(by)).await
    }

    /// Takes back what so many minor units of an order were worth. The money itself is returned outside.
    pub async fn refund(
        &self,
        order: OrderId,
        minor: i64,
        by: Operator,
    ) -> Result<Done, CommerceError> {
        self.act(order, &Event::Refund { minor }, Why::by(by)).await
    }

    /// Somebody has looked at an order.
    pub async fn dismiss(&self, order: OrderId, by: Operator) -> Result<Done, CommerceError> {
        self.act(order, &Event::Dismiss, Why::by(by)).await
    }

    /// Does what an event asks for, once.
    pub(super) async fn act(
        &self,
        id: OrderId,
        event: &Event,
        why: Why,
    ) -> Result<Done, CommerceError> {
        for _ in 0..TRIES {
            let found = self.store.read().find_order(id).await?;
            let record = found.ok_or(CommerceError::NotFound("order"))?;
            let step = match decide(&record.order, event) {
                Verdict::Step(step) => step,
                Verdict::Already => {
                    self.keep(why.notice, NoticeOutcome::Noted).await?;
                    return Ok(Done { record, changed: false, gave: false });
                }
                Verdict::Refused(refusal) => {
                    self.keep(why.notice, NoticeOutcome::Refused).await?;
                    return Err(refusal.into());
                }
            };
            if self.carry_out(&record, &step, &why).await? {
                let gave = matches!(step.transfer, Some(Transfer::Give { .. }));
                let found = self.store.read().find_order(id).await?;
                return Ok(Done { record: found.unwrap_or(record), changed: true, gave });
            }
        }
        Err(LedgerError::Unavailable { retry_after: LATER }.into())
    }

    /// Keeps a notice that changes nothing.
    pub(super) async fn keep(
        &self,
        notice: Option<NoticeRecord>,
        outcome: NoticeOutcome,
    ) -> Result<(), CommerceError> {
        let Some(notice) = notice else { return Ok(()) };
        let tx = self.store.begin().await?;
        tx.keep_notice(&NoticeRecord { outcome, ..notice }).await?;
        Ok(tx.commit().await?)
    }

    /// One transaction. `false`: the order is not any more as it was read, and nothing was done.
    async fn carry_out(
        &self,
        record: &OrderRecord,
        step: &Step,
        why: &Why,
    ) -> Result<bool, CommerceError> {
        let mut deed = self.deed(record, step, why);
        if step.after.state == OrderState::Paid && record.order.state != OrderState::Paid {
            deed.tells = self.tell_of_payment(record).await?;
        }
        let Some(transfer) = &step.transfer else {
            return self.carry_out_alone(record.order.user, &deed, why).await;
        };
        if matches!(transfer, Transfer::TakeBack { .. }) && !self.agrees(record).await? {
            let now = self.store.read().find_order(record.order.id).await?;
            let changed = now.is_none_or(|now| now.version != record.version);
            return if changed { Ok(false) } else { Err(CommerceError::Books(record.order.id)) };
        }
        match trade(record, transfer, deed.clone(), why) {
            None => self.carry_out_alone(record.order.user, &deed, why).await,
            Some(trade) => match self.ledger.trade(trade).await {
                Ok(Posted::Done) => Ok(true),
                // Somebody else did it, and with it changed the order.
                Ok(Posted::Already)
                | Err(LedgerError::Refused(realms_ledger::Refusal::Overtaken)) => Ok(false),
                Err(error) => Err(error.into()),
            },
        }
    }

    /// A deed that moves no money.
    pub(super) async fn carry_out_alone(
        &self,
        user: UserId,
        deed: &Deed,
        why: &Why,
    ) -> Result<bool, CommerceError> {
        let tx = self.store.begin().await?;
        tx.lock_accounts(&[AccountId::user(user)], self.clock.now()).await?;
        if !tx.carry_out(deed).await? {
            return Ok(false);
        }
        let audit = why.operator.as_ref().and_then(|one| one.audit.clone());
        tx.insert_audits(audit.as_slice()).await?;
        tx.commit().await?;
        Ok(true)
    }

    fn deed(&self, record: &OrderRecord, step: &Step, why: &Why) -> Deed {
        let now = self.clock.now();
        let gives = matches!(step.transfer, Some(Transfer::Give { .. }));
        let takes = matches!(step.transfer, Some(Transfer::TakeBack { .. }));
        let outcome = if gives { NoticeOutcome::Given } else { NoticeOutcome::Noted };
        let subscription = record.plan.filter(|_| gives).map(|plan| {
            let (id, what) = (self.ids.next(), (plan, record.terms.clone()));
            let begins = SubscriptionRecord::beginning(id, record.order.user, what, now);
            SubscriptionRecord { order: Some(record.order.id), ..begins }
        });
        let step = OrderStep {
            after: step.after.clone(),
            version: record.version,
            decided_by: why.operator.as_ref().map(|one| one.name.clone()),
            now,
        };
        Deed {
            gives: subscription.map(|record_of_time| (record_of_time, record.start)),
            ends: takes && step.after.state == OrderState::Refunded,
            notice: why.notice.clone().map(|notice| NoticeRecord { outcome, ..notice }),
            ..Deed::on(Ground::Order(step))
        }
    }

    /// What who bought and those who run the site are told of an order that is paid.
    async fn tell_of_payment(
        &self,
        record: &OrderRecord,
    ) -> Result<Vec<Notification>, CommerceError> {
        let OrderRecord { order, .. } = record;
        let mut names = self.store.read().usernames([order.user]).await?;
        let buyer = names.remove(&order.user).unwrap_or_else(|| order.user.to_string());
        let tell = |owner, buyer| Notification {
            id: self.ids.next(),
            owner,
            key: format!("order_paid:{}", order.id),
            occurrence: Occurrence::OrderPaid {
                order: order.id,
                amount: order.amount.to_string(),
                buyer,
            },
            at: self.clock.now(),
        };
        Ok(vec![tell(Some(order.user), None), tell(None, Some(buyer))])
    }

    /// Whether what the ledger has of an order is what is left of it: a refund is derived from both.
    async fn agrees(&self, record: &OrderRecord) -> Result<bool, CommerceError> {
        let about = record.order.id.to_string();
        let entries = self.store.read().list_entries_about(&about).await?;
        let lines = entries.iter().flat_map(|entry| &entry.postings);
        let (mut paid, mut bonus) = (0_i64, 0_i64);
        for line in lines {
            match line.account {
                AccountId::CLEARING => paid = paid.saturating_sub(line.amount.nano()),
                AccountId::PROMOTIONS => bonus = bonus.saturating_sub(line.amount.nano()),
                _ => {}
            }
        }
        let (whole, gone) = (record.order.value, worth(&record.order, record.order.refunded));
        let left = |whole: Money, gone: Money| whole.nano() - gone.nano();
        Ok((paid, bonus) == (left(whole.paid, gone.paid), left(whole.bonus, gone.bonus)))
    }
}

/// What a transfer moves in the ledger; `None`: nothing.
fn trade(record: &OrderRecord, transfer: &Transfer, deed: Deed, why: &Why) -> Option<Trade> {
    let kind = record.order.kind;
    let (key, value, goods) = match (transfer, kind) {
        (Transfer::Give { key, value }, OrderKind::TopUp) => {
            (key, value, Goods::Balance { bonus: value.bonus })
        }
        (Transfer::Give { key, value }, OrderKind::Subscription) => (key, value, Goods::Time),
        (Transfer::TakeBack { key, value }, OrderKind::TopUp) => {
            (key, value, Goods::BalanceBack { bonus: value.bonus })
        }
        (Transfer::TakeBack { key, value }, OrderKind::Subscription) => {
            (key, value, Goods::TimeBack)
        }
    };
    let amount = sum(*value)?;
    let operator = why.operator.as_ref();
    let movement = Movement {
        user: record.order.user,
        amount,
        key: key.clone(),
        reference: Some(record.order.id.to_string()),
        actor: operator.map(|one| one.name.clone()),
        reason: operator.map(|one| one.reason.clone()),
    };
    let audit = operator.and_then(|one| one.audit.clone());
    Some(Trade { goods, movement, deed, audit })
}

/// What is moved in all; `None`: nothing.
fn sum(value: Value) -> Option<Money> {
    value.paid.checked_add(value.bonus).filter(|amount| *amount > Money::ZERO)
}

// === impl Why ===

impl Why {
    fn by(operator: Operator) -> Self {
        Self { notice: None, operator: Some(operator) }
    }
}
