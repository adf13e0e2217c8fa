//! Many movements in one transaction, each with its own outcome.
//!
//! The accounts concerned are locked in the order of their numbers; what ends frees its money before
//! what begins asks for some. What moves money is a conditional statement whose row count decides: the ends of
//! all holds together, and what all reservations take of one balance or one allowance. Everything
//! that decides nothing is gathered and written once at the end.

mod close;
mod post;
mod reserve;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use realms_store::{
    AccountId, AllowanceBucket, AuditRecord, BalanceRecord, EntryMark, EntryRecord, HoldClose,
    HoldRecord, Store, StoreError, Tx, UsageRecord,
};
use realms_types::{EntryId, Money, RequestId, Timestamp};

use crate::order::{Closing, How, Post, Posted, Refusal, Renewal, Reserve, Settled, whole};

/// Ids tried for entries whose own are taken.
const TRIES: usize = 8;

/// What is done in one transaction.
#[derive(Debug, Default)]
pub(crate) struct Batch {
    pub(crate) posts: Vec<Post>,
    pub(crate) closings: Vec<Closing>,
    pub(crate) renewals: Vec<Renewal>,
    pub(crate) reserves: Vec<Reserve>,
    pub(crate) records: Vec<UsageRecord>,
}

/// What became of it, in the same order.
#[derive(Debug, Default)]
pub(crate) struct Outcomes {
    pub(crate) posts: Vec<Result<Posted, Refusal>>,
    pub(crate) closings: Vec<Settled>,
    /// Whether each hold lives on.
    pub(crate) renewals: Vec<bool>,
    pub(crate) reserves: Vec<Result<HoldRecord, Refusal>>,
}

/// What a transaction knows and has gathered so far.
struct Work<'t> {
    tx: &'t Tx,
    now: Timestamp,
    balances: HashMap<AccountId, BalanceRecord>,
    holds: HashMap<RequestId, HoldRecord>,
    marks: HashMap<String, EntryMark>,
    /// What the accounts of the house gain.
    house: BTreeMap<AccountId, i64>,
    entries: Vec<EntryRecord>,
    new_holds: Vec<HoldRecord>,
    /// Holds that end.
    ends: Vec<HoldClose>,
    /// What changes in each piece of time of each allowance.
    buckets: BTreeMap<(String, Timestamp), i64>,
    /// Calls that bring their record after one was made for them, with when that says they began.
    found_again: Vec<(RequestId, Timestamp)>,
    /// What the audit log is to say.
    audits: Vec<AuditRecord>,
}

// === impl Batch ===

impl Batch {
    pub(crate) fn is_empty(&self) -> bool {
        self.moves_no_money() && self.records.is_empty()
    }

    fn moves_no_money(&self) -> bool {
        self.posts.is_empty()
            && self.closings.is_empty()
            && self.renewals.is_empty()
            && self.reserves.is_empty()
    }

    /// Carries all of it out, or none of it.
    pub(crate) async fn run(&self, store: &Store) -> Result<Outcomes, StoreError> {
        // A deed of a trade may read in ways of its own.
        let tx = match self.posts.as_slice() {
            [] => store.begin_here().await?,
            _ => store.begin().await?,
        };
        if self.moves_no_money() {
            tx.insert_usage(&self.all_records(&[])).await?;
            tx.commit().await?;
            return Ok(Outcomes::default());
        }
        let mut work = self.begin(&tx).await?;
        let outcomes = Outcomes {
            posts: work.post_all(&self.posts).await?,
            closings: work.close_all(&self.closings).await?,
            renewals: work.renew_all(&self.renewals).await?,
            reserves: work.reserve_all(&self.reserves).await?,
        };
        work.write().await?;
        tx.insert_usage(&self.all_records(&outcomes.closings)).await?;
        work.credit_house().await?;
        tx.commit().await?;
        Ok(outcomes)
    }

    /// Carries out one order. An entry whose id another node gave to another entry gets the next.
    pub(crate) async fn run_alone(&mut self, store: &Store) -> Result<Outcomes, StoreError> {
        for _ in 1..TRIES {
            match self.run(store).await {
                Err(StoreError::Conflict { .. }) => self.renumber(),
                done => return done,
            }
        }
        self.run(store).await
    }

    /// The same orders, each in a batch of its own.
    pub(crate) fn apart(self) -> Vec<Self> {
        let posts = self.posts.into_iter().map(|one| Self { posts: vec![one], ..Self::default() });
        let closings =
            self.closings.into_iter().map(|one| Self { closings: vec![one], ..Self::default() });
        let renewals =
            self.renewals.into_iter().map(|one| Self { renewals: vec![one], ..Self::default() });
        let reserves =
            self.reserves.into_iter().map(|one| Self { reserves: vec![one], ..Self::default() });
        let records =
            self.records.into_iter().map(|one| Self { records: vec![one], ..Self::default() });
        posts.chain(closings).chain(renewals).chain(reserves).chain(records).collect()
    }

    fn renumber(&mut self) {
        let next = |id: &mut EntryId| *id = EntryId::new(id.raw() + 1);
        self.posts.iter_mut().for_each(|post| next(&mut post.entry));
        self.closings.iter_mut().for_each(|closing| next(&mut closing.entry));
    }

    async fn begin<'t>(&self, tx: &'t Tx) -> Result<Work<'t>, StoreError> {
        let accounts = self.accounts();
        let balances = tx.lock_accounts(&accounts, self.now()).await?;
        let requests = self.requests();
        let holds = tx.find_holds(&requests).await?;
        let keys: Vec<String> = self.posts.iter().map(Post::key).collect();
        let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
        let marks = tx.read().find_entry_marks(&keys).await?;
        Ok(Work {
            tx,
            now: self.now(),
            balances: balances.into_iter().map(|one| (one.account, one)).collect(),
            holds: holds.into_iter().map(|one| (one.request_id, one)).collect(),
            marks: marks.into_iter().map(|one| (one.key.clone(), one)).collect(),
            house: BTreeMap::new(),
            entries: Vec::new(),
            new_holds: Vec::new(),
            ends: Vec::new(),
            buckets: BTreeMap::new(),
            found_again: Vec::new(),
            audits: Vec::new(),
        })
    }

    fn accounts(&self) -> Vec<AccountId> {
        let posts = self.posts.iter().map(|one| AccountId::user(one.movement.user));
        let closings = self.closings.iter().map(|one| one.account);
        let renewals = self.renewals.iter().map(|one| one.account);
        let reserves = self.reserves.iter().map(|one| AccountId::user(one.reservation.user));
        let all: BTreeSet<_> = posts.chain(closings).chain(renewals).chain(reserves).collect();
        all.into_iter().collect()
    }

    fn requests(&self) -> Vec<RequestId> {
        let closings = self.closings.iter().map(|one| one.request_id);
        let reserves = self.reserves.iter().map(|one| one.reservation.request_id);
        let posts = self.posts.iter().filter_map(|one| one.request_id);
        let all: BTreeSet<_> = closings.chain(reserves).chain(posts).collect();
        all.into_iter().collect()
    }

    /// The latest moment anything in it speaks of.
    fn now(&self) -> Timestamp {
        let posts = self.posts.iter().map(|one| one.now);
        let closings = self.closings.iter().map(|one| one.now);
        let renewals = self.renewals.iter().map(|one| one.now);
        let reserves = self.reserves.iter().map(|one| one.now);
        posts.chain(closings).chain(renewals).chain(reserves).max().unwrap_or_default()
    }

    /// The records of ended calls, and those that come without a hold. A hold that did not expire after
    /// all has a call that brings its own.
    fn all_records(&self, outcomes: &[Settled]) -> Vec<&UsageRecord> {
        let closed = self.closings.iter().zip(outcomes).filter_map(|(closing, outcome)| {
            let expired = closing.how != How::Expire || matches!(outcome, Settled::Done { .. });
            closing.record.as_deref().filter(|_| expired)
        });
        closed.chain(&self.records).collect()
    }
}

// === impl Work ===

impl Work<'_> {
    async fn renew_all(&self, renewals: &[Renewal]) -> Result<Vec<bool>, StoreError> {
        let mut outcomes = Vec::with_capacity(renewals.len());
        for one in renewals {
            let metered = (one.metered.0, whole(one.metered.1));
            outcomes.push(self.tx.renew_hold(one.request_id, one.lease_until, metered).await?);
        }
        Ok(outcomes)
    }

    /// Writes what was gathered and decides nothing.
    async fn write(&mut self) -> Result<(), StoreError> {
        self.tx.insert_entries(&self.entries).await?;
        self.tx.insert_holds(&self.new_holds).await?;
        self.tx.insert_audits(&self.audits).await?;
        for (request, begun) in std::mem::take(&mut self.found_again) {
            self.tx.delete_lost_usage(request, begun).await?;
        }
        for ((name, start), change) in std::mem::take(&mut self.buckets) {
            if change != 0 {
                self.tx.change_bucket(&AllowanceBucket { name, start, change }).await?;
            }
        }
        Ok(())
    }

    /// Last, because other nodes that write wait for these few rows.
    async fn credit_house(&self) -> Result<(), StoreError> {
        for (account, gain) in &self.house {
            if *gain != 0 {
                self.shift(*account, Money::from_nano(*gain), Money::ZERO).await?;
            }
        }
        Ok(())
    }

    /// Moves a balance that must be there and must not overflow.
    async fn shift(
        &self,
        account: AccountId,
        available: Money,
        held: Money,
    ) -> Result<(), StoreError> {
        if self.tx.move_balance(account, available, held, self.now).await? {
            return Ok(());
        }
        Err(StoreError::Invalid(format!(
            "the balance of {account} cannot change by {available} USD: it would pass the most an \
             amount can hold"
        )))
    }

    fn gain(&mut self, account: AccountId, nano: i64) -> Result<(), StoreError> {
        let gain = self.house.entry(account).or_insert(0);
        let too_much = || StoreError::Invalid("a batch moves more than an amount can hold".into());
        *gain = gain.checked_add(nano).ok_or_else(too_much)?;
        Ok(())
    }
}
