//! What goes into the next transaction.

use std::{sync::atomic::Ordering, time::Duration};

use tokio::time::{Instant, sleep, timeout_at};

use super::{BATCH, Order, PAUSE, Work, Writer};
use crate::order::Closing;

/// How long the first record of a batch waits for company, when nobody waits for an answer: what a crash
/// may cost that is only remembered here.
const LINGER: Duration = Duration::from_millis(10);
/// How long orders wait for company where many come: a transaction costs its statements and a sync to
/// disk, however much is in it.
const COMPANY: Duration = Duration::from_millis(2);
/// Orders in a transaction that say that many come.
const MANY: usize = 4;

/// What comes to the writer.
enum Arrival {
    Order(Order),
    Dropped(Closing),
    /// Nobody is left who could send anything.
    End,
}

// === impl Writer ===

impl Writer {
    /// Waits for an order and takes all that wait with it. `false`: there will be no more.
    pub(super) async fn gather(&mut self) -> (Work, bool) {
        let mut work = Work::default();
        for orphan in std::mem::take(&mut self.orphans) {
            work.add_closing(orphan);
        }
        let mut until = self.wake_at(&work);
        let mut waits = self.is_crowded;
        while !work.is_full() {
            let arrival = match self.waiting() {
                Some(arrival) => arrival,
                None if work.is_urgent() && waits => {
                    waits = false;
                    sleep(COMPANY).await;
                    continue;
                }
                None if work.is_urgent() => break,
                None => {
                    let Ok(arrival) = timeout_at(until, self.arrival()).await else {
                        if work.is_empty() {
                            self.tidy_notes();
                        }
                        break;
                    };
                    arrival
                }
            };
            if work.is_empty() {
                until = Instant::now() + LINGER;
            }
            match arrival {
                Arrival::Order(order) => work.add(order),
                Arrival::Dropped(closing) => {
                    self.counts.submitted.fetch_add(1, Ordering::Relaxed);
                    work.add_closing(closing);
                }
                Arrival::End => return (work, false),
            }
        }
        self.is_crowded = work.len() >= MANY;
        (work, true)
    }

    /// Until when to wait for the first order: soon, when the database, the spool or the journal must be
    /// looked at.
    fn wake_at(&self, work: &Work) -> Instant {
        let waits = self.spool.is_occupied() || !self.leftovers.is_empty();
        let looks = waits || self.away_since.is_some() || self.has_stale_notes();
        let pause = if looks || !work.is_empty() { PAUSE * 4 } else { Duration::from_hours(1) };
        Instant::now() + pause
    }

    /// What has arrived already.
    fn waiting(&mut self) -> Option<Arrival> {
        if let Ok(closing) = self.dropped.try_recv() {
            return Some(Arrival::Dropped(closing));
        }
        self.queue.try_recv().ok().map(Arrival::Order)
    }

    async fn arrival(&mut self) -> Arrival {
        tokio::select! {
            biased;
            Some(closing) = self.dropped.recv() => Arrival::Dropped(closing),
            order = self.queue.recv() => order.map_or(Arrival::End, Arrival::Order),
        }
    }
}

// === impl Work ===

impl Work {
    fn add(&mut self, order: Order) {
        match order {
            Order::Keep(record, ticket) => {
                self.batch.records.push(*record);
                self.tickets.push(ticket);
            }
            Order::Flush(done) => self.flushes.push(done),
            // Who has stopped waiting gets no money.
            Order::Reserve(_, answer) if answer.is_closed() => {}
            Order::Reserve(reserve, answer) => {
                self.batch.reserves.push(*reserve);
                self.reserves.push(answer);
            }
            Order::Close(closing, answer) => {
                self.batch.closings.push(*closing);
                self.closings.push(Some(answer));
            }
            Order::Renew(renewal, answer) => {
                self.batch.renewals.push(renewal);
                self.renewals.push(answer);
            }
            Order::Post(post, answer) => {
                self.batch.posts.push(*post);
                self.posts.push(answer);
            }
        }
    }

    fn add_closing(&mut self, closing: Closing) {
        self.batch.closings.push(closing);
        self.closings.push(None);
    }

    fn is_empty(&self) -> bool {
        self.batch.is_empty() && self.flushes.is_empty()
    }

    fn is_full(&self) -> bool {
        self.len() >= BATCH
    }

    /// Whether somebody waits for an answer, or money for its owner.
    fn is_urgent(&self) -> bool {
        !self.flushes.is_empty() || self.len() > self.batch.records.len()
    }
}
