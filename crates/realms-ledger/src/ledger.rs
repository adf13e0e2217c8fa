//! The verbs: reserve, credit, refund, adjust, trade, expire.

use std::{sync::atomic::Ordering, time::Duration};

use realms_store::{AuditRecord, EntryKind, Store, StoreError};
use realms_types::{EntryId, Ids, Money, RequestId, SharedClock};
use tokio::{sync::oneshot, time::timeout};

use crate::{
    Goods, Hold, LedgerError, Movement, Posted, Recorder, Reservation, Settled, Trade,
    batch::Batch,
    lost::lost_record,
    order::{Closing, How, Post, Reserve},
    recorder::Line,
    writer::{Answer, Order},
};

/// How long a hold lives without being renewed. Calls renew it about every third of that.
pub const LEASE: Duration = Duration::from_secs(90);

/// How long anybody waits for money before they are told to come again.
const ADMISSION: Duration = Duration::from_secs(2);
/// How long a movement by hand may take.
const MOVEMENT: Duration = Duration::from_secs(10);
/// What those are told whose answer did not come.
const RETRY_AFTER: Duration = Duration::from_secs(2);
/// The most that is moved at once: ten million USD.
const MOST: i64 = 10_000_000 * 1_000_000_000;
/// Holds that are expired in one pass.
const DUE: u64 = 256;
/// The longest key of a movement.
const LONGEST_KEY: usize = 100;
/// Characters of a reason: what the database keeps of one.
const LONGEST_REASON: usize = 500;

/// Moves money, through the writer of a [`Recorder`]. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Ledger {
    pub(crate) line: Line,
    pub(crate) clock: SharedClock,
    pub(crate) ids: Ids,
}

// === impl Ledger ===

impl Ledger {
    /// A ledger that shares the writer of this recorder, so that one task writes everything.
    pub fn new(recorder: &Recorder, clock: SharedClock, ids: Ids) -> Self {
        Self { line: recorder.0.clone(), clock, ids }
    }

    /// Holds what a call may cost, within its limits and on whoever pays. Durable when it returns.
    ///
    /// [`LedgerError::Refused`]: nothing is held. [`LedgerError::Unavailable`]: nothing is held for
    /// long; what might be expires.
    pub async fn reserve(&self, reservation: Reservation) -> Result<Hold, LedgerError> {
        check_reservation(&reservation)?;
        if self.line.counts.away.load(Ordering::Relaxed) {
            return Err(LedgerError::Unavailable { retry_after: RETRY_AFTER });
        }
        let now = self.clock.now();
        let reserve = Box::new(Reserve { reservation, now, lease_until: now + LEASE });
        let asked = self.ask(|answer| Order::Reserve(reserve, answer));
        let record = timeout(ADMISSION, asked)
            .await
            .unwrap_or(Err(LedgerError::Unavailable { retry_after: RETRY_AFTER }))?;
        Ok(Hold::new(self.clone(), record))
    }

    /// Adds a payment to a balance.
    pub async fn credit(&self, movement: Movement) -> Result<Posted, LedgerError> {
        check_gain(&movement)?;
        self.post(EntryKind::Credit, movement, None, None).await
    }

    /// Adds a gift to a balance: a code, a bonus.
    pub async fn promote(&self, movement: Movement) -> Result<Posted, LedgerError> {
        check_gain(&movement)?;
        self.post(EntryKind::Promote, movement, None, None).await
    }

    /// Gives back a part of what the balance paid for a settled call, all refunds together never more
    /// than that.
    pub async fn refund(
        &self,
        request: RequestId,
        movement: Movement,
    ) -> Result<Posted, LedgerError> {
        check_gain(&movement)?;
        check_reason(&movement)?;
        self.post(EntryKind::Refund, movement, Some(request), None).await
    }

    /// Gives or takes by hand, with a reason. What is not available cannot be taken.
    pub async fn adjust(&self, movement: Movement) -> Result<Posted, LedgerError> {
        check_reason(&movement)?;
        self.post(EntryKind::Adjust, movement, None, None).await
    }

    /// The same, with what the audit log is to say of it: both are there, or neither is.
    pub async fn adjust_audited(
        &self,
        movement: Movement,
        audit: AuditRecord,
    ) -> Result<Posted, LedgerError> {
        check_reason(&movement)?;
        self.post(EntryKind::Adjust, movement, None, Some(audit)).await
    }

    /// Carries out a deed and moves what it trades, in one transaction. [`Posted::Already`]: its key has
    /// its entry, so the deed was done with it. [`Refusal::Overtaken`]: nothing was done, because its
    /// ground does not hold.
    ///
    /// [`Refusal::Overtaken`]: crate::Refusal::Overtaken
    pub async fn trade(&self, trade: Trade) -> Result<Posted, LedgerError> {
        let Trade { goods, movement, deed, audit } = trade;
        check_gain(&movement)?;
        check_bonus(goods, &movement)?;
        let request_id = deed.request_id();
        let trade = Some(Box::new((goods, deed)));
        self.send(goods.kind(), movement, |post| Post { request_id, audit, trade, ..post }).await
    }

    /// Expires holds whose lease has ended, a bounded number of them; tells how many. What was metered
    /// of their calls is charged, the rest is free again.
    pub async fn expire_due(&self, store: &Store) -> Result<u64, LedgerError> {
        let now = self.clock.now();
        let due = store.read().list_due_holds(now, DUE).await;
        let due = due.map_err(|error| LedgerError::Failed(error.to_string()))?;
        let mut waiting = Vec::with_capacity(due.len());
        for hold in due {
            let (answer, answered) = oneshot::channel();
            let record = lost_record(&hold, hold.metered, self.ids.next()).map(Box::new);
            let closing = Closing {
                how: How::Expire,
                record,
                ..Closing::release(&hold, self.ids.next(), now)
            };
            self.line.counts.submitted.fetch_add(1, Ordering::Relaxed);
            let order = Order::Close(Box::new(closing), answer);
            self.line.queue.send(order).await.map_err(|_| gone())?;
            waiting.push(answered);
        }
        let mut expired = 0;
        for answered in waiting {
            if let Settled::Done { .. } = answered.await.map_err(|_| gone())?? {
                expired += 1;
            }
        }
        Ok(expired)
    }

    async fn post(
        &self,
        kind: EntryKind,
        movement: Movement,
        request_id: Option<RequestId>,
        audit: Option<AuditRecord>,
    ) -> Result<Posted, LedgerError> {
        self.send(kind, movement, |post| Post { request_id, audit, ..post }).await
    }

    async fn send(
        &self,
        kind: EntryKind,
        movement: Movement,
        with: impl FnOnce(Post) -> Post,
    ) -> Result<Posted, LedgerError> {
        check_movement(&movement)?;
        let (entry, now) = (self.ids.next(), self.clock.now());
        let plain = Post { kind, movement, request_id: None, audit: None, trade: None, entry, now };
        let post = Box::new(with(plain));
        let asked = self.ask(|answer| Order::Post(post, answer));
        timeout(MOVEMENT, asked)
            .await
            .unwrap_or(Err(LedgerError::Unavailable { retry_after: RETRY_AFTER }))
    }

    /// Sends an order and waits for its answer.
    pub(crate) async fn ask<T>(
        &self,
        order: impl FnOnce(Answer<T>) -> Order,
    ) -> Result<T, LedgerError> {
        let (answer, answered) = oneshot::channel();
        self.line.queue.send(order(answer)).await.map_err(|_| gone())?;
        answered.await.map_err(|_| gone())?
    }
}

/// Gives or takes by hand as [`Ledger::adjust_audited`] does, in a transaction of its own: for who has no
/// writer, beside nodes that have one or without any. It is made under the id `entry`, or the next one that is
/// free, and at the moment that the audit log tells.
pub async fn adjust_alone(
    store: &Store,
    movement: Movement,
    audit: AuditRecord,
    entry: EntryId,
) -> Result<Posted, LedgerError> {
    check_reason(&movement)?;
    check_movement(&movement)?;
    let (kind, now) = (EntryKind::Adjust, audit.at);
    let audit = Some(audit);
    let post = Post { kind, movement, request_id: None, audit, trade: None, entry, now };
    let mut batch = Batch { posts: vec![post], ..Batch::default() };
    let failed = |error: StoreError| {
        if error.is_temporary() { gone() } else { LedgerError::Failed(error.to_string()) }
    };
    let mut outcomes = batch.run_alone(store).await.map_err(failed)?;
    let outcome = outcomes.posts.pop().ok_or_else(gone)?;
    outcome.map_err(LedgerError::from)
}

/// The writer has ended, or let go of an order.
pub(crate) const fn gone() -> LedgerError {
    LedgerError::Unavailable { retry_after: RETRY_AFTER }
}

/// What a call may cost.
pub(crate) fn check_amount(amount: Money) -> Result<(), LedgerError> {
    match amount.nano() {
        0..=MOST => Ok(()),
        ..0 => Err(LedgerError::Invalid(format!("{amount} USD is less than nothing"))),
        _ => Err(LedgerError::Invalid(format!(
            "{amount} USD is more than is moved at once: {} USD",
            Money::from_nano(MOST)
        ))),
    }
}

fn check_reservation(reservation: &Reservation) -> Result<(), LedgerError> {
    check_amount(reservation.estimate.cost)?;
    if reservation.estimate.tokens > MOST.unsigned_abs() {
        return Err(LedgerError::Invalid("no call uses so many tokens".to_owned()));
    }
    Ok(())
}

fn check_gain(movement: &Movement) -> Result<(), LedgerError> {
    if movement.amount.nano() > 0 {
        return Ok(());
    }
    Err(LedgerError::Invalid(format!("{} USD is no gain", movement.amount)))
}

fn check_bonus(goods: Goods, movement: &Movement) -> Result<(), LedgerError> {
    let (Goods::Balance { bonus } | Goods::BalanceBack { bonus }) = goods else {
        return Ok(());
    };
    if (Money::ZERO..=movement.amount).contains(&bonus) {
        return Ok(());
    }
    Err(LedgerError::Invalid(format!("{bonus} USD is no part of {} USD", movement.amount)))
}

pub(crate) fn check_reason(movement: &Movement) -> Result<(), LedgerError> {
    if movement.amount == Money::ZERO {
        return Err(LedgerError::Invalid("an adjustment of nothing changes nothing".to_owned()));
    }
    let said = movement.reason.as_deref().is_some_and(|reason| !reason.trim().is_empty());
    if said {
        Ok(())
    } else {
        Err(LedgerError::Invalid("say why: the reason is missing".to_owned()))
    }
}

fn check_movement(movement: &Movement) -> Result<(), LedgerError> {
    check_amount(Money::from_nano(movement.amount.nano().saturating_abs()))?;
    check_length(movement.reason.as_deref().unwrap_or_default())?;
    check_key(movement)
}

/// Counted as PostgreSQL and MySQL count: in characters, not in bytes.
fn check_length(reason: &str) -> Result<(), LedgerError> {
    let count = reason.chars().count();
    if count <= LONGEST_REASON {
        return Ok(());
    }
    Err(LedgerError::Invalid(format!(
        "a reason has at most {LONGEST_REASON} characters, this one has {count}: say it in fewer words"
    )))
}

fn check_key(movement: &Movement) -> Result<(), LedgerError> {
    let key = &movement.key;
    if (1..=LONGEST_KEY).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Ok(());
    }
    Err(LedgerError::Invalid(format!(
        "the key of a movement has 1 to {LONGEST_KEY} letters, digits and punctuation, without spaces"
    )))
}
