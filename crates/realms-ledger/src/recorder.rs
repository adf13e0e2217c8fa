//! Takes usage records and hands them to the one writer, off the path of the calls.

use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    thread,
};

use realms_store::{Store, UsageRecord};
use tokio::{
    runtime::Builder,
    sync::{mpsc, oneshot},
    task::JoinHandle,
};

use crate::{
    Journal, Noted, NotedCall, SpoolError,
    journal::Notes,
    order::Closing,
    spool::Spool,
    writer::{Order, Writer},
};

/// Orders that may wait for the writer before calls wait for it.
const QUEUE: usize = 16_384;

/// Takes usage records and makes them durable. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Recorder(pub(crate) Line);

/// The way to the writer.
#[derive(Debug, Clone)]
pub(crate) struct Line {
    pub(crate) queue: mpsc::Sender<Order>,
    /// For holds that are dropped, which cannot wait; no more wait here than there are holds.
    pub(crate) dropped: mpsc::UnboundedSender<Closing>,
    pub(crate) counts: Arc<Counts>,
    /// Where calls without a hold are noted, if they are.
    pub(crate) notes: Option<Arc<Notes>>,
}

/// What the writer did so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RecorderStatus {
    /// Records and settlements in the database.
    pub written: u64,
    /// Those that went to disk because the database was away.
    pub spooled: u64,
    /// Those that could be kept nowhere.
    pub lost: u64,
    /// Those that wait to be written.
    pub waiting: u64,
}

/// What the writer and its clients count and know together.
#[derive(Debug, Default)]
pub(crate) struct Counts {
    pub(crate) submitted: AtomicU64,
    pub(crate) written: AtomicU64,
    pub(crate) spooled: AtomicU64,
    pub(crate) lost: AtomicU64,
    /// Whether the database is away: nobody need ask it for money.
    pub(crate) away: AtomicBool,
}

// === impl Recorder ===

impl Recorder {
    /// Starts the writer. What an earlier run left in the spool is written first.
    ///
    /// The writer ends, with everything written or spooled, when all recorders, ledgers and holds are
    /// dropped.
    pub async fn start(
        store: Store,
        spool_folder: &Path,
    ) -> Result<(Self, JoinHandle<()>), SpoolError> {
        Self::start_noting(store, spool_folder, None).await
    }

    /// The same, with a journal of the calls without a hold. Those that earlier processes left there are
    /// recorded, after the spool and before anything else.
    pub async fn start_noting(
        store: Store,
        spool_folder: &Path,
        journal: Option<Journal>,
    ) -> Result<(Self, JoinHandle<()>), SpoolError> {
        let (queue, orders) = mpsc::channel(QUEUE);
        let (dropped, drops) = mpsc::unbounded_channel();
        let counts = Arc::<Counts>::default();
        let spool = Spool::open(spool_folder).await?;
        let notes = journal.as_ref().map(|journal| Arc::clone(&journal.notes));
        let blocks = store.writes_here();
        let writer = Writer::new(store, spool, orders, drops, Arc::clone(&counts), journal);
        let handle = if blocks { on_a_thread(writer)? } else { tokio::spawn(writer.run()) };
        Ok((Self(Line { queue, dropped, counts, notes }), handle))
    }

    /// Notes a call without a hold, before anybody is asked: should the process be killed, the next start
    /// records it as broken off. One plain write, which waits for no disk. `None`: it is not noted, and goes on.
    pub fn note(&self, call: NotedCall) -> Option<Noted> {
        let notes = self.0.notes.as_ref()?;
        let ticket = notes.note(&call)?;
        Some(Noted::new(self.0.clone(), Arc::clone(notes), call, ticket))
    }

    /// Hands over the record of a call. Waits only while the queue is full.
    pub async fn submit(&self, record: UsageRecord) {
        self.submit_noted(record, None).await;
    }

    /// The same, for a call that may have been noted.
    pub async fn submit_noted(&self, record: UsageRecord, mut noted: Option<Noted>) {
        let record = Box::new(record);
        self.0.counts.submitted.fetch_add(1, Ordering::Relaxed);
        // Until the queue has room the line is in `noted`, so that a future that is dropped loses no call.
        if let Ok(place) = self.0.queue.reserve().await {
            let ticket = noted.as_mut().and_then(Noted::take_ticket);
            place.send(Order::Keep(record, ticket));
        } else {
            self.0.counts.lost.fetch_add(1, Ordering::Relaxed);
            tracing::error!(request.id = %record.request_id, "a usage record came after the recorder had ended");
        }
    }

    /// Notes no call any more, and leaves of the journal only what the next start is to read. For the end of
    /// the process, after a flush.
    pub fn close_journal(&self) {
        if let Some(notes) = &self.0.notes {
            notes.close();
        }
    }

    /// Waits until everything submitted before is in the database or on disk.
    pub async fn flush(&self) {
        let (done, flushed) = oneshot::channel();
        if self.0.queue.send(Order::Flush(done)).await.is_ok() {
            let _ = flushed.await;
        }
    }

    /// Counts since the start.
    pub fn status(&self) -> RecorderStatus {
        let counts = &self.0.counts;
        let count = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        let (written, spooled, lost) =
            (count(&counts.written), count(&counts.spooled), count(&counts.lost));
        let waiting = count(&counts.submitted).saturating_sub(written + spooled + lost);
        RecorderStatus { written, spooled, lost, waiting }
    }
}

/// Runs the writer on a thread of its own, where it may wait for the disk. The task that is told of stands
/// for it: where that is aborted, the thread ends too.
fn on_a_thread(writer: Writer) -> Result<JoinHandle<()>, SpoolError> {
    let runtime = Builder::new_current_thread().enable_all().build().map_err(SpoolError::Start)?;
    let (end, ended) = oneshot::channel::<()>();
    let (stop, gone) = oneshot::channel::<()>();
    let thread = thread::Builder::new().name("writer".to_owned()).spawn(move || {
        runtime.block_on(async {
            tokio::select! {
                biased;
                _ = gone => {}
                () = writer.run() => {}
            }
        });
        let _ = end.send(());
    });
    let running = OnThread { stop: Some(stop), thread: Some(thread.map_err(SpoolError::Start)?) };
    Ok(tokio::spawn(async move {
        let _ = ended.await;
        drop(running);
    }))
}

/// A writer that runs on a thread. Dropped, it ends at once, and with what it is about to write.
struct OnThread {
    stop: Option<oneshot::Sender<()>>,
    thread: Option<thread::JoinHandle<()>>,
}

// === impl OnThread ===

impl Drop for OnThread {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
