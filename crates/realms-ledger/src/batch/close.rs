//! The end of holds: settled, released, expired; each once.

use std::collections::BTreeMap;

use realms_store::{
    AccountId, AllowanceBucket, Draw, EntryKind, EntryRecord, HoldClose, HoldRecord, HoldState,
    Posting, StoreError,
};
use realms_types::{Money, Timestamp};

use super::Work;
use crate::{
    apportion::{Shares, apportion},
    order::{Closing, How, Settled, whole},
};

/// What accounts and allowances gain by holds that ended.
#[derive(Default)]
struct Freed {
    /// Available and held.
    balances: BTreeMap<AccountId, (i64, i64)>,
    buckets: BTreeMap<(String, Timestamp), i64>,
}

/// What a hold becomes.
struct Target<'a> {
    state: HoldState,
    cost: Money,
    tokens: i64,
    price: Option<&'a str>,
    kind: EntryKind,
    lease_before: Option<Timestamp>,
}

// === impl Target ===

impl<'a> Target<'a> {
    fn of(closing: &'a Closing, hold: &HoldRecord) -> Self {
        let (state, cost, tokens, price, kind) = match &closing.how {
            How::Settle { cost, tokens, price } => {
                (HoldState::Settled, *cost, whole(*tokens), price.as_deref(), EntryKind::Settle)
            }
            How::Release => (HoldState::Released, Money::ZERO, 0, None, EntryKind::Settle),
            How::Expire => {
                let (cost, tokens) = (hold.metered, hold.metered_tokens);
                (HoldState::Expired, cost, tokens, None, EntryKind::Expire)
            }
        };
        let lease_before = (closing.how == How::Expire).then_some(closing.now);
        Self { state, cost, tokens, price, kind, lease_before }
    }
}

// === impl Work ===

impl Work<'_> {
    pub(super) async fn close_all(
        &mut self,
        closings: &[Closing],
    ) -> Result<Vec<Settled>, StoreError> {
        let mut freed = Freed::default();
        let mut outcomes = Vec::with_capacity(closings.len());
        for closing in closings {
            outcomes.push(self.close(closing, &mut freed).await?);
        }
        self.write_ends().await?;
        self.free(freed).await?;
        Ok(outcomes)
    }

    async fn close(&mut self, closing: &Closing, freed: &mut Freed) -> Result<Settled, StoreError> {
        let Some(hold) = self.holds.get(&closing.request_id).cloned() else {
            return Ok(Settled::NoHold);
        };
        match (hold.state, &closing.how) {
            (HoldState::Settled | HoldState::Released, _) | (HoldState::Expired, How::Expire) => {
                return Ok(Settled::Already { charged: hold.settled });
            }
            (HoldState::Held, _) | (HoldState::Expired, How::Settle { .. } | How::Release) => {}
        }
        let target = Target::of(closing, &hold);
        if target.lease_before.is_some_and(|due| hold.lease_until > due) {
            return Ok(Settled::Alive);
        }
        let shares = apportion(&hold, target.cost, target.tokens);
        if hold.state == HoldState::Expired && closing.record.is_some() {
            self.found_again.push((hold.request_id, hold.created_at));
        }
        self.charge(closing, &hold, &target, &shares, freed)?;
        let done = Settled::Done { charged: target.cost, from_balance: shares.balance };
        let from = hold.state;
        let closed = HoldRecord {
            state: target.state,
            settled: target.cost,
            settled_balance: shares.balance,
            settled_tokens: target.tokens,
            draws: shares.draws,
            price: target.price.map(str::to_owned).or(hold.price),
            closed_at: Some(closing.now),
            ..hold
        };
        self.holds.insert(closed.request_id, closed.clone());
        let close = HoldClose { from, lease_before: target.lease_before, to: closed };
        self.end(close).await?;
        Ok(done)
    }

    /// Remembers the end of a hold. One that ends twice, by expiry and then by its call, does so in turn.
    async fn end(&mut self, close: HoldClose) -> Result<(), StoreError> {
        let request = close.to.request_id;
        if close.from == HoldState::Expired
            && self.ends.iter().any(|one| one.to.request_id == request)
        {
            self.write_ends().await?;
        }
        self.ends.push(close);
        Ok(())
    }

    /// Ends the holds. Each is as it was found, because its account is locked: should one not be, something
    /// else writes to it, and all fails and is done again.
    async fn write_ends(&mut self) -> Result<(), StoreError> {
        let ends = std::mem::take(&mut self.ends);
        let moved = self.tx.close_holds(&ends).await?;
        if usize::try_from(moved) == Ok(ends.len()) {
            return Ok(());
        }
        let what = format!("{moved} of {} holds that were to end", ends.len());
        Err(StoreError::Conflict { what })
    }

    /// Gathers what a hold that ended moves: what was held goes back, what it came to is posted. After
    /// an expiry only the difference is.
    fn charge(
        &mut self,
        closing: &Closing,
        hold: &HoldRecord,
        target: &Target<'_>,
        shares: &Shares,
        freed: &mut Freed,
    ) -> Result<(), StoreError> {
        let set_aside = match hold.state {
            HoldState::Held => hold.from_balance.nano(),
            HoldState::Settled | HoldState::Released | HoldState::Expired => 0,
        };
        let charge = shares.balance.nano() - hold.settled_balance.nano();
        let balance = freed.balances.entry(hold.account).or_insert((0, 0));
        balance.0 += set_aside - charge;
        balance.1 -= set_aside;
        freed.count(&hold.draws, &shares.draws);
        if charge == 0 {
            return Ok(());
        }
        self.gain(AccountId::REVENUE, charge)?;
        self.entries.push(EntryRecord {
            id: closing.entry,
            key: format!("call:{}:{}", target.kind.as_str(), hold.request_id),
            kind: target.kind,
            request_id: Some(hold.request_id),
            reference: None,
            actor: None,
            reason: None,
            created_at: closing.now,
            postings: vec![
                Posting { account: hold.account, amount: Money::from_nano(-charge) },
                Posting { account: AccountId::REVENUE, amount: Money::from_nano(charge) },
            ],
        });
        Ok(())
    }

    async fn free(&mut self, freed: Freed) -> Result<(), StoreError> {
        for (account, (available, held)) in freed.balances {
            if (available, held) != (0, 0) {
                self.shift(account, Money::from_nano(available), Money::from_nano(held)).await?;
                self.note(account, available);
            }
        }
        for ((name, start), change) in freed.buckets {
            let bucket = AllowanceBucket { name, start, change };
            // A piece of time that has left its window is forgotten with all that was used in it.
            if change != 0 && self.tx.change_allowance(&bucket).await? {
                *self.buckets.entry((bucket.name, start)).or_insert(0) += change;
            }
        }
        Ok(())
    }
}

// === impl Freed ===

impl Freed {
    fn count(&mut self, before: &[Draw], after: &[Draw]) {
        for (before, after) in before.iter().zip(after) {
            for slot in &after.slots {
                let place = (slot.allowance.clone(), slot.bucket);
                *self.buckets.entry(place).or_insert(0) += after.counted - before.counted;
            }
        }
    }
}
