//! The one task that writes: records, holds, settlements and movements, many in a transaction.
//!
//! Who waits for an answer is served at once, together with all that waits by then: while one
//! transaction commits, the next gathers. Where many come, and for records alone, a moment more is waited
//! for company.

mod away;
mod gather;
mod lost_calls;

use std::{
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use realms_store::{HoldRecord, Store, StoreError, UsageRecord};
use tokio::{
    sync::{mpsc, oneshot},
    time::{Instant, sleep},
};

use crate::{
    Journal,
    batch::{Batch, Outcomes},
    journal::{Leftover, Notes, Ticket},
    order::{Closing, LedgerError, Post, Posted, Refusal, Renewal, Reserve, Settled},
    recorder::Counts,
    spool::Spool,
};

/// Orders in one transaction.
const BATCH: usize = 512;
/// How long the database may be away before records and settlements go to disk.
const PATIENCE: Duration = Duration::from_secs(5);
/// Between two tries to write.
const PAUSE: Duration = Duration::from_millis(250);
/// What those are told who ask for money while the database is away.
const RETRY_AFTER: Duration = Duration::from_secs(2);

/// Where an answer goes.
pub(crate) type Answer<T> = oneshot::Sender<Result<T, LedgerError>>;

/// What the writer is asked to do.
#[derive(Debug)]
pub(crate) enum Order {
    /// Write a record, and then end the line of its call, if it was noted.
    Keep(Box<UsageRecord>, Option<Ticket>),
    /// Tell when everything before is written.
    Flush(oneshot::Sender<()>),
    /// Hold money.
    Reserve(Box<Reserve>, Answer<HoldRecord>),
    /// End a hold.
    Close(Box<Closing>, Answer<Settled>),
    /// Keep a hold alive.
    Renew(Renewal, Answer<bool>),
    /// Move money.
    Post(Box<Post>, Answer<Posted>),
}

/// A batch and who waits for it, in the same order.
#[derive(Debug, Default)]
struct Work {
    batch: Batch,
    /// The lines of the calls that are recorded.
    tickets: Vec<Option<Ticket>>,
    posts: Vec<Answer<Posted>>,
    /// Holds that were dropped wait for nothing.
    closings: Vec<Option<Answer<Settled>>>,
    renewals: Vec<Answer<bool>>,
    reserves: Vec<Answer<HoldRecord>>,
    flushes: Vec<oneshot::Sender<()>>,
}

pub(crate) struct Writer {
    store: Store,
    spool: Spool,
    queue: mpsc::Receiver<Order>,
    dropped: mpsc::UnboundedReceiver<Closing>,
    counts: Arc<Counts>,
    /// Where calls without a hold are noted, if they are.
    notes: Option<Arc<Notes>>,
    /// What earlier processes noted and nobody has recorded yet.
    leftovers: Vec<Leftover>,
    /// Holds that were made for somebody who had gone by then.
    orphans: Vec<Closing>,
    /// Since when the database has been away.
    away_since: Option<Instant>,
    /// When the spool is looked at again.
    next_replay: Instant,
    /// Whether the last transaction had company.
    is_crowded: bool,
}

// === impl Writer ===

impl Writer {
    pub(crate) fn new(
        store: Store,
        spool: Spool,
        queue: mpsc::Receiver<Order>,
        dropped: mpsc::UnboundedReceiver<Closing>,
        counts: Arc<Counts>,
        journal: Option<Journal>,
    ) -> Self {
        let (notes, leftovers) =
            journal.map_or((None, Vec::new()), |one| (Some(one.notes), one.leftovers));
        Self {
            store,
            spool,
            queue,
            dropped,
            counts,
            notes,
            leftovers,
            orphans: Vec::new(),
            away_since: None,
            next_replay: Instant::now(),
            is_crowded: false,
        }
    }

    pub(crate) async fn run(mut self) {
        self.replay().await;
        self.record_lost_calls().await;
        loop {
            self.look_again().await;
            let (mut work, open) = self.gather().await;
            let flushes = std::mem::take(&mut work.flushes);
            self.write(work).await;
            self.sweep_notes().await;
            for done in flushes {
                let _ = done.send(());
            }
            if !open && self.orphans.is_empty() {
                break;
            }
        }
        if let Some(notes) = &self.notes {
            notes.close();
        }
    }

    /// Writes a batch, or spools what of it must not be lost when the database stays away. While it is
    /// known to be away, only the replay looks whether it is back: every look takes seconds, and calls
    /// go on meanwhile.
    async fn write(&mut self, mut work: Work) {
        while !self.has_given_up() && !work.batch.is_empty() {
            match work.batch.run(&self.store).await {
                Ok(outcomes) => return self.done(work, outcomes),
                Err(error) if error.is_temporary() => {
                    self.lose_sight(&error);
                    work.turn_away();
                    if !work.batch.is_empty() {
                        sleep(PAUSE).await;
                    }
                }
                Err(error) if work.len() > 1 => {
                    tracing::warn!(%error, count = work.len(), "a batch failed and is written one by one");
                    for one in work.apart() {
                        self.write_alone(one).await;
                    }
                    return;
                }
                Err(_) => return self.write_alone(work).await,
            }
        }
        work.turn_away();
        self.put_aside(work).await;
    }

    /// Writes the one order of a batch, which may fail for reasons of its own.
    async fn write_alone(&mut self, mut work: Work) {
        let error = match work.batch.run_alone(&self.store).await {
            Ok(outcomes) => return self.done(work, outcomes),
            Err(error) => error,
        };
        if self.is_refused_alone(&error).await {
            work.fail(&error);
            if self.set_apart(work.batch, &error).await {
                self.end_notes(&work.tickets);
            }
            return;
        }
        self.lose_sight(&error);
        work.turn_away();
        self.put_aside(work).await;
    }

    /// Tells everybody what became of their order.
    fn done(&mut self, work: Work, outcomes: Outcomes) {
        self.away_since = None;
        self.counts.away.store(false, Ordering::Relaxed);
        self.end_notes(&work.tickets);
        let written = work.batch.records.len() + work.batch.closings.len();
        self.counts.written.fetch_add(written as u64, Ordering::Relaxed);
        for (answer, outcome) in work.posts.into_iter().zip(outcomes.posts) {
            let _ = answer.send(outcome.map_err(LedgerError::from));
        }
        for (answer, outcome) in work.closings.into_iter().zip(outcomes.closings) {
            if outcome == Settled::NoHold {
                tracing::error!("a call ended that has no hold: it is recorded and not charged");
            }
            let _ = answer.map(|answer| answer.send(Ok(outcome)));
        }
        for (answer, outcome) in work.renewals.into_iter().zip(outcomes.renewals) {
            let _ = answer.send(Ok(outcome));
        }
        let reserves = work.reserves.into_iter().zip(outcomes.reserves).zip(work.batch.reserves);
        for ((answer, outcome), reserve) in reserves {
            self.grant(answer, outcome, &reserve);
        }
    }

    /// A hold that nobody waits for any more is given back.
    fn grant(
        &mut self,
        answer: Answer<HoldRecord>,
        outcome: Result<HoldRecord, Refusal>,
        reserve: &Reserve,
    ) {
        if let Err(Ok(hold)) = answer.send(outcome.map_err(LedgerError::from)) {
            // Nothing is charged, so no entry is made and its id stays unused.
            let entry = realms_types::EntryId::new(0);
            self.counts.submitted.fetch_add(1, Ordering::Relaxed);
            self.orphans.push(Closing::release(&hold, entry, reserve.now));
        }
    }

    fn lose_sight(&mut self, error: &StoreError) {
        self.away_since.get_or_insert_with(Instant::now);
        self.counts.away.store(true, Ordering::Relaxed);
        tracing::warn!(%error, "the database does not take records and settlements yet");
    }

    fn has_given_up(&self) -> bool {
        self.away_since.is_some_and(|since| since.elapsed() > PATIENCE || self.queue.is_closed())
    }
}

// === impl Work ===

impl Work {
    fn len(&self) -> usize {
        let Batch { posts, closings, renewals, reserves, records } = &self.batch;
        posts.len() + closings.len() + renewals.len() + reserves.len() + records.len()
    }

    /// Answers those who can ask again.
    fn turn_away(&mut self) {
        let away = || LedgerError::Unavailable { retry_after: RETRY_AFTER };
        self.refuse(&away);
    }

    /// Answers those whose order failed, so that nobody waits.
    fn fail(&mut self, error: &StoreError) {
        let text = error.to_string();
        let failed = || LedgerError::Failed(text.clone());
        self.refuse(&failed);
        for answer in self.closings.drain(..).flatten() {
            let _ = answer.send(Err(failed()));
        }
    }

    fn refuse(&mut self, error: &dyn Fn() -> LedgerError) {
        self.batch.posts.clear();
        self.batch.renewals.clear();
        self.batch.reserves.clear();
        for answer in self.posts.drain(..) {
            let _ = answer.send(Err(error()));
        }
        for answer in self.renewals.drain(..) {
            let _ = answer.send(Err(error()));
        }
        for answer in self.reserves.drain(..) {
            let _ = answer.send(Err(error()));
        }
    }

    /// The same orders, each by itself with who waits for it.
    fn apart(self) -> Vec<Self> {
        let (mut posts, mut closings) = (self.posts.into_iter(), self.closings.into_iter());
        let (mut renewals, mut reserves) = (self.renewals.into_iter(), self.reserves.into_iter());
        let mut tickets = self.tickets.into_iter();
        let alone = self.batch.apart().into_iter().map(|batch| Self {
            posts: posts.by_ref().take(batch.posts.len()).collect(),
            closings: closings.by_ref().take(batch.closings.len()).collect(),
            renewals: renewals.by_ref().take(batch.renewals.len()).collect(),
            reserves: reserves.by_ref().take(batch.reserves.len()).collect(),
            tickets: tickets.by_ref().take(batch.records.len()).collect(),
            flushes: Vec::new(),
            batch,
        });
        alone.collect()
    }
}
