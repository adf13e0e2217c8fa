//! What the writer does about the journal of calls without a hold: that of this process, and what those
//! before it left.

use realms_store::{StoreError, UsageRecord};
use tokio::{fs, time::Instant};

use super::{BATCH, PATIENCE, Writer};
use crate::{
    NotedCall,
    journal::{JournalError, Leftover, Ticket},
};

/// Why lost calls are not recorded yet.
#[derive(Debug, thiserror::Error)]
enum LostCallsError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Journal(#[from] JournalError),
}

// === impl Writer ===

impl Writer {
    /// Records the calls that earlier processes noted and did not record. First all that waits in the spool
    /// must be in the database: it may have the better record.
    pub(super) async fn record_lost_calls(&mut self) {
        while !self.spool.is_occupied()
            && let Some(leftover) = self.leftovers.pop()
        {
            match self.record_leftover(&leftover).await {
                Ok(count) => finish(leftover, count).await,
                Err(LostCallsError::Store(error)) if error.is_temporary() => {
                    self.leftovers.push(leftover);
                    self.next_replay = Instant::now() + PATIENCE;
                    return self.lose_sight(&error);
                }
                Err(error) => {
                    tracing::error!(%error, "calls that ended with an earlier process are not recorded: the next start tries again");
                }
            }
        }
    }

    /// These records are safe: the lines of their calls are done with.
    pub(super) fn end_notes(&self, tickets: &[Option<Ticket>]) {
        if let Some(notes) = &self.notes {
            notes.done(tickets.iter().flatten().copied());
        }
    }

    /// Removes the files of the journal that nobody needs any more.
    pub(super) async fn sweep_notes(&self) {
        let Some(notes) = &self.notes else { return };
        for path in notes.take_finished() {
            if let Err(error) = fs::remove_file(&path).await {
                tracing::warn!(file = %path.display(), %error, "a file of the call journal stays");
            }
        }
    }

    /// Whether the journal is worth a look in a quiet moment.
    pub(super) fn has_stale_notes(&self) -> bool {
        self.notes.as_ref().is_some_and(|notes| notes.is_untidy())
    }

    /// In a quiet moment nothing stays noted that has ended.
    pub(super) fn tidy_notes(&self) {
        if let Some(notes) = &self.notes {
            notes.tidy();
        }
    }

    /// How many calls of a dead process were without a record.
    async fn record_leftover(&self, leftover: &Leftover) -> Result<usize, LostCallsError> {
        let mut count = 0;
        for segment in leftover.segments().await? {
            for calls in Leftover::read(&segment).await?.chunks(BATCH) {
                count += self.record_lost(leftover, calls).await?;
            }
            Leftover::remove(&segment).await?;
        }
        Ok(count)
    }

    async fn record_lost(
        &self,
        leftover: &Leftover,
        calls: &[NotedCall],
    ) -> Result<usize, StoreError> {
        let requests: Vec<_> = calls.iter().map(|call| call.request_id).collect();
        let recorded = self.store.find_recorded(&requests).await?;
        let lost = calls.iter().filter(|call| !recorded.contains(&call.request_id));
        let records: Vec<UsageRecord> = lost.map(|call| leftover.lost(call.clone())).collect();
        match self.store.insert_usage(&records).await {
            Err(error) if !error.is_temporary() => self.record_one_by_one(&records).await?,
            written => written?,
        }
        Ok(records.len())
    }

    /// What the database refuses for ever does not hold up the rest.
    async fn record_one_by_one(&self, records: &[UsageRecord]) -> Result<(), StoreError> {
        for record in records {
            match self.store.insert_usage(std::slice::from_ref(record)).await {
                Err(error) if self.is_refused_alone(&error).await => {
                    tracing::error!(request.id = %record.request_id, %error, "the database refuses the record of a lost call");
                }
                written => written?,
            }
        }
        Ok(())
    }
}

async fn finish(leftover: Leftover, count: usize) {
    if count > 0 {
        tracing::warn!(
            count,
            "calls ended with an earlier process: they are recorded as broken off"
        );
    }
    if let Err(error) = leftover.end().await {
        tracing::warn!(%error, "what an earlier process left is looked at again at the next start");
    }
}
