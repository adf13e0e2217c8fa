//! The lines of this process: which file they go to, and when it is done with.

use std::{
    collections::BTreeMap,
    fs::{self, File},
    mem,
    path::{Path, PathBuf},
};

use parking_lot::Mutex;
use realms_store::UsageRecord;
use realms_types::{Ids, NodeId};

use super::{JournalError, failed, lock_path, segment::Segment, segment_path};
use crate::{NotedCall, lost::lost_call};

/// More segments than this, 1 GiB, wait only where something is wrong.
const MOST: usize = 1024;
/// Room for a usual line.
const LINE: usize = 512;

/// What is noted of the calls of this process.
#[derive(Debug)]
pub(crate) struct Notes {
    folder: PathBuf,
    node: NodeId,
    ids: Ids,
    /// Locked as long as the process lives.
    _lock: File,
    book: Mutex<Book>,
}

/// The segment in which the line of a call is. It is given back when its record is safe; one that is not
/// keeps its segment for the next start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Ticket(u64);

/// What is known of the segments: no more than a number for each.
#[derive(Debug, Default)]
struct Book {
    /// How many calls have no safe record yet, by the segment of their line; none of them is zero.
    open: BTreeMap<u64, u64>,
    /// The segment that takes lines.
    current: Option<Segment>,
    /// The number of the segment that was begun last.
    last: u64,
    /// Segments that can be removed.
    finished: Vec<u64>,
    /// Whether the last line could not be written.
    is_failing: bool,
    /// Whether the process stops.
    is_closed: bool,
}

// === impl Notes ===

impl Notes {
    pub(super) fn new(folder: &Path, node: NodeId, ids: Ids, lock: File) -> Self {
        Self { folder: folder.to_owned(), node, ids, _lock: lock, book: Mutex::default() }
    }

    /// Notes a call. `None`: it could not be, which is logged once until one can be noted again.
    pub(crate) fn note(&self, call: &NotedCall) -> Option<Ticket> {
        let mut line = Vec::with_capacity(LINE);
        serde_json::to_writer(&mut line, call).ok()?;
        line.push(b'\n');
        self.append(&line)
    }

    pub(super) fn append(&self, line: &[u8]) -> Option<Ticket> {
        let mut book = self.book.lock();
        if book.is_closed {
            return None;
        }
        let noted = self.write(&mut book, line);
        let failed_before = mem::replace(&mut book.is_failing, noted.is_err());
        drop(book);
        match noted {
            Ok(ticket) => Some(ticket),
            Err(error) => {
                if !failed_before {
                    tracing::error!(%error, "calls go on without being noted: one that runs when the process is killed leaves no record");
                }
                None
            }
        }
    }

    /// The records of these calls are safe.
    pub(crate) fn done(&self, tickets: impl IntoIterator<Item = Ticket>) {
        let mut book = self.book.lock();
        for ticket in tickets {
            book.end(ticket);
        }
    }

    /// Files that nobody needs any more, each told once.
    pub(crate) fn take_finished(&self) -> Vec<PathBuf> {
        let finished = mem::take(&mut self.book.lock().finished);
        finished.into_iter().map(|number| self.path(number)).collect()
    }

    /// Whether all that is in the segment that takes lines is done with.
    pub(crate) fn is_untidy(&self) -> bool {
        self.book.lock().is_untidy()
    }

    /// Empties the segment that takes lines if all that is in it is done with: for quiet times.
    pub(crate) fn tidy(&self) {
        let mut book = self.book.lock();
        if book.is_untidy()
            && let Some(current) = &mut book.current
        {
            current.clear();
        }
    }

    /// Notes nothing any more, and leaves nothing but what the next start is to read.
    pub(crate) fn close(&self) {
        let mut book = self.book.lock();
        book.is_closed = true;
        let current = book.current.take();
        book.retire(current);
        for number in mem::take(&mut book.finished) {
            // One that stays is read at the next start, to no effect.
            let _ = fs::remove_file(self.path(number));
        }
        if book.open.is_empty() {
            let _ = fs::remove_file(lock_path(&self.folder, self.node));
        }
    }

    /// What is recorded of a call of this process that ends without a word.
    pub(crate) fn lost(&self, call: NotedCall) -> UsageRecord {
        lost_call(call, self.node, self.ids.next())
    }

    fn write(&self, book: &mut Book, line: &[u8]) -> Result<Ticket, JournalError> {
        let mut current = match book.current.take() {
            Some(current) if current.takes_more() => current,
            full => {
                book.retire(full);
                self.begin(book)?
            }
        };
        let (number, written) = (current.number, current.append(line));
        book.current = Some(current);
        written.map_err(|source| failed(&self.path(number), source))?;
        *book.open.entry(number).or_insert(0) += 1;
        Ok(Ticket(number))
    }

    fn begin(&self, book: &mut Book) -> Result<Segment, JournalError> {
        if book.open.len() >= MOST {
            return Err(JournalError::Full(self.folder.clone()));
        }
        book.last += 1;
        let path = self.path(book.last);
        Segment::create(book.last, &path).map_err(|source| failed(&path, source))
    }

    fn path(&self, number: u64) -> PathBuf {
        segment_path(&self.folder, self.node, number)
    }
}

// === impl Book ===

impl Book {
    fn end(&mut self, Ticket(number): Ticket) {
        let Some(open) = self.open.get_mut(&number) else { return };
        *open -= 1;
        if *open > 0 {
            return;
        }
        self.open.remove(&number);
        if self.current.as_ref().is_none_or(|current| current.number != number) {
            self.finished.push(number);
        }
    }

    /// Takes no more lines in a segment.
    fn retire(&mut self, segment: Option<Segment>) {
        let number = segment.map(|segment| segment.number);
        self.finished.extend(number.filter(|number| !self.open.contains_key(number)));
    }

    fn is_untidy(&self) -> bool {
        let is_done = |one: &Segment| !one.is_empty() && !self.open.contains_key(&one.number);
        self.current.as_ref().is_some_and(is_done)
    }
}
