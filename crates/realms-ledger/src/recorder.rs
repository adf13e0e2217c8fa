//! One task writes all usage records, many in a transaction, off the path of the calls.

use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use realms_store::{Store, StoreError, UsageRecord};
use tokio::{
    sync::{mpsc, oneshot},
    task::JoinHandle,
    time::{Instant, sleep, timeout_at},
};

use crate::{SpoolError, spool::Spool};

/// Records that may wait for the writer before calls wait for it.
const QUEUE: usize = 16_384;
/// Records in one transaction.
const BATCH: usize = 512;
/// How long the first record of a batch waits for company.
const LINGER: Duration = Duration::from_millis(200);
/// How long the database may be away before records go to disk.
const PATIENCE: Duration = Duration::from_secs(5);
/// Between two tries to write.
const PAUSE: Duration = Duration::from_millis(250);

/// Takes usage records and makes them durable. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Recorder {
    queue: mpsc::Sender<Order>,
    counts: Arc<Counts>,
}

/// What the recorder did so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RecorderStatus {
    /// Records in the database.
    pub written: u64,
    /// Records that went to disk because the database was away.
    pub spooled: u64,
    /// Records that could be kept nowhere.
    pub lost: u64,
    /// Records that wait to be written.
    pub waiting: u64,
}

#[derive(Debug, Default)]
struct Counts {
    submitted: AtomicU64,
    written: AtomicU64,
    spooled: AtomicU64,
    lost: AtomicU64,
}

enum Order {
    Keep(Box<UsageRecord>),
    Flush(oneshot::Sender<()>),
}

struct Writer {
    store: Store,
    spool: Spool,
    queue: mpsc::Receiver<Order>,
    counts: Arc<Counts>,
    /// Since when the database has been away.
    away_since: Option<Instant>,
    /// When the spool is looked at again.
    next_replay: Instant,
}

// === impl Recorder ===

impl Recorder {
    /// Starts the writer. Records of an earlier run that wait in the spool are written first.
    ///
    /// The writer ends, with everything written or spooled, when all recorders are dropped.
    pub async fn start(
        store: Store,
        spool_folder: &Path,
    ) -> Result<(Self, JoinHandle<()>), SpoolError> {
        let (sender, queue) = mpsc::channel(QUEUE);
        let counts = Arc::<Counts>::default();
        let spool = Spool::open(spool_folder).await?;
        let writer = Writer {
            store,
            spool,
            queue,
            counts: Arc::clone(&counts),
            away_since: None,
            next_replay: Instant::now(),
        };
        let handle = tokio::spawn(writer.run());
        Ok((Self { queue: sender, counts }, handle))
    }

    /// Hands over the record of a call. Waits only while the queue is full.
    pub async fn submit(&self, record: UsageRecord) {
        let request_id = record.request_id;
        let order = Order::Keep(Box::new(record));
        self.counts.submitted.fetch_add(1, Ordering::Relaxed);
        if self.queue.send(order).await.is_err() {
            self.counts.lost.fetch_add(1, Ordering::Relaxed);
            tracing::error!(request.id = %request_id, "a usage record came after the recorder had ended");
        }
    }

    /// Waits until everything submitted before is in the database or on disk.
    pub async fn flush(&self) {
        let (done, flushed) = oneshot::channel();
        if self.queue.send(Order::Flush(done)).await.is_ok() {
            let _ = flushed.await;
        }
    }

    /// Counts since the start.
    pub fn status(&self) -> RecorderStatus {
        let count = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        let (written, spooled, lost) =
            (count(&self.counts.written), count(&self.counts.spooled), count(&self.counts.lost));
        let waiting = count(&self.counts.submitted).saturating_sub(written + spooled + lost);
        RecorderStatus { written, spooled, lost, waiting }
    }
}

// === impl Writer ===

impl Writer {
    async fn run(mut self) {
        self.replay().await;
        loop {
            if self.spool.is_occupied() && self.next_replay <= Instant::now() {
                self.replay().await;
            }
            let (records, flushes, open) = self.gather().await;
            self.write(records).await;
            for done in flushes {
                let _ = done.send(());
            }
            if !open {
                break;
            }
        }
    }

    /// Waits for a record, then a moment longer for others to join it.
    async fn gather(&mut self) -> (Vec<UsageRecord>, Vec<oneshot::Sender<()>>, bool) {
        let (mut records, mut flushes) = (Vec::new(), Vec::new());
        let idle = self.spool.is_occupied().then(|| Instant::now() + PAUSE * 4);
        let first = match idle {
            Some(wake) => match timeout_at(wake, self.queue.recv()).await {
                Ok(order) => order,
                Err(_) => return (records, flushes, true),
            },
            None => self.queue.recv().await,
        };
        let Some(first) = first else {
            return (records, flushes, false);
        };
        let deadline = Instant::now() + LINGER;
        let mut order = first;
        loop {
            match order {
                Order::Keep(record) => records.push(*record),
                Order::Flush(done) => {
                    flushes.push(done);
                    return (records, flushes, true);
                }
            }
            if records.len() >= BATCH {
                return (records, flushes, true);
            }
            order = match timeout_at(deadline, self.queue.recv()).await {
                Ok(Some(next)) => next,
                Ok(None) => return (records, flushes, false),
                Err(_) => return (records, flushes, true),
            };
        }
    }

    /// Writes a batch, or spools it when the database stays away. While it is known to be away, only
    /// the replay looks whether it is back: every look takes seconds, and calls go on meanwhile.
    async fn write(&mut self, records: Vec<UsageRecord>) {
        if records.is_empty() {
            return;
        }
        while !self.has_given_up() {
            match self.store.insert_usage(&records).await {
                Ok(()) => {
                    self.away_since = None;
                    self.counts.written.fetch_add(records.len() as u64, Ordering::Relaxed);
                    return;
                }
                Err(error) => {
                    self.away_since.get_or_insert_with(Instant::now);
                    tracing::warn!(%error, count = records.len(), "usage records cannot be written yet");
                    sleep(PAUSE).await;
                }
            }
        }
        self.put_aside(&records).await;
    }

    fn has_given_up(&self) -> bool {
        self.away_since.is_some_and(|since| since.elapsed() > PATIENCE || self.queue.is_closed())
    }

    async fn put_aside(&mut self, records: &[UsageRecord]) {
        let count = records.len() as u64;
        match self.spool.append(records).await {
            Ok(()) => {
                self.counts.spooled.fetch_add(count, Ordering::Relaxed);
            }
            Err(error) => {
                self.counts.lost.fetch_add(count, Ordering::Relaxed);
                tracing::error!(%error, count, "usage records are lost");
            }
        }
    }

    /// Brings what waits on disk into the database, a segment at a time. Records that are there
    /// already stay as they are.
    async fn replay(&mut self) {
        self.next_replay = Instant::now() + PATIENCE;
        while self.spool.is_occupied() {
            match self.replay_oldest().await {
                Ok(count) => {
                    self.away_since = None;
                    tracing::info!(count, "usage records came back from the spool");
                }
                Err(error) => {
                    tracing::warn!(%error, "the spool still waits for the database");
                    return;
                }
            }
        }
    }

    async fn replay_oldest(&mut self) -> Result<usize, ReplayError> {
        let records = self.spool.oldest().await?;
        for batch in records.chunks(BATCH) {
            self.store.insert_usage(batch).await?;
        }
        self.spool.remove_oldest().await?;
        Ok(records.len())
    }
}

/// Why a segment of the spool stays.
#[derive(Debug, thiserror::Error)]
enum ReplayError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Spool(#[from] SpoolError),
}
