//! What the writer does while the database is away, and when it is back.

use std::sync::atomic::Ordering;

use realms_store::{AccountId, StoreError};
use realms_types::{Money, Timestamp};
use tokio::time::Instant;

use super::{BATCH, PATIENCE, PAUSE, Work, Writer};
use crate::{SpoolError, batch::Batch, order::Settled, spool::Spooled};

/// Why a segment of the spool stays.
#[derive(Debug, thiserror::Error)]
enum ReplayError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Spool(#[from] SpoolError),
}

// === impl Writer ===

impl Writer {
    /// Looks whether the database is back, when something waits for that.
    pub(super) async fn look_again(&mut self) {
        if self.next_replay > Instant::now() {
            return;
        }
        if self.spool.is_occupied() {
            self.replay().await;
        } else if self.away_since.is_some() {
            self.next_replay = Instant::now() + PAUSE * 4;
            if self.takes_writes().await.is_ok() {
                self.come_back();
            }
        }
        if self.away_since.is_none() {
            self.record_lost_calls().await;
        }
    }

    fn come_back(&mut self) {
        self.away_since = None;
        self.counts.away.store(false, Ordering::Relaxed);
    }

    /// Whether the database refuses this one order and takes others. One that refuses everything, such as
    /// one that is read-only, is away.
    pub(super) async fn is_refused_alone(&self, error: &StoreError) -> bool {
        !error.is_temporary() && self.takes_writes().await.is_ok()
    }

    /// A write that changes nothing.
    async fn takes_writes(&self) -> Result<(), StoreError> {
        let tx = self.store.begin().await?;
        let (none, never) = (Money::ZERO, Timestamp::EPOCH);
        tx.move_balance(AccountId::REVENUE, none, none, never).await?;
        tx.commit().await
    }

    /// Keeps what the database refuses for ever where people find it, so that it stops nothing else. Whether
    /// it is kept.
    pub(super) async fn set_apart(&mut self, batch: Batch, error: &StoreError) -> bool {
        let lines = lines_of(batch);
        let count = lines.len() as u64;
        if count == 0 {
            return true;
        }
        self.counts.lost.fetch_add(count, Ordering::Relaxed);
        match self.spool.set_apart(&lines).await {
            Ok(path) => {
                tracing::error!(
                    %error,
                    count,
                    file = %path.display(),
                    "the database refuses records or settlements; they are kept in this file"
                );
                true
            }
            Err(unkept) => {
                tracing::error!(%error, %unkept, count, "records or settlements are lost");
                false
            }
        }
    }

    /// Puts on disk what must not be lost.
    pub(super) async fn put_aside(&mut self, work: Work) {
        let lines = lines_of(work.batch);
        if lines.is_empty() {
            return;
        }
        let count = lines.len() as u64;
        match self.spool.append(&lines).await {
            Ok(()) => {
                self.counts.spooled.fetch_add(count, Ordering::Relaxed);
                self.end_notes(&work.tickets);
                for answer in work.closings.into_iter().flatten() {
                    let _ = answer.send(Ok(Settled::Spooled));
                }
            }
            // Who waits for a settlement hears that the writer let go of it.
            Err(error) => {
                self.counts.lost.fetch_add(count, Ordering::Relaxed);
                tracing::error!(%error, count, "usage records and settlements are lost");
            }
        }
    }

    /// Brings what waits on disk into the database, a segment at a time and in its order. What is there
    /// already stays as it is.
    pub(super) async fn replay(&mut self) {
        self.next_replay = Instant::now() + PATIENCE;
        while self.spool.is_occupied() {
            match self.replay_oldest().await {
                Ok(count) => {
                    self.come_back();
                    tracing::info!(count, "records and settlements came back from the spool");
                }
                Err(error) => {
                    self.away_since.get_or_insert_with(Instant::now);
                    self.counts.away.store(true, Ordering::Relaxed);
                    tracing::warn!(%error, "the spool still waits for the database");
                    return;
                }
            }
        }
    }

    async fn replay_oldest(&mut self) -> Result<usize, ReplayError> {
        let lines = self.spool.oldest().await?;
        for piece in lines.chunks(BATCH) {
            let mut batch = Batch::default();
            for line in piece {
                match line.clone() {
                    Spooled::Closing { closing } => batch.closings.push(*closing),
                    Spooled::Record(record) => batch.records.push(*record),
                }
            }
            self.bring_back(batch).await?;
        }
        self.spool.remove_oldest().await?;
        Ok(lines.len())
    }

    /// Writes a piece of the spool. What the database refuses for ever does not hold up the rest.
    async fn bring_back(&mut self, batch: Batch) -> Result<(), StoreError> {
        match batch.run(&self.store).await {
            Ok(_) => return Ok(()),
            Err(error) if error.is_temporary() => return Err(error),
            Err(_) => {}
        }
        for mut one in batch.apart() {
            match one.run_alone(&self.store).await {
                Ok(_) => {}
                Err(error) if self.is_refused_alone(&error).await => {
                    self.set_apart(one, &error).await;
                }
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}

/// What of a batch must not be lost.
fn lines_of(batch: Batch) -> Vec<Spooled> {
    let closings =
        batch.closings.into_iter().map(|one| Spooled::Closing { closing: Box::new(one) });
    let records = batch.records.into_iter().map(|one| Spooled::Record(Box::new(one)));
    closings.chain(records).collect()
}
