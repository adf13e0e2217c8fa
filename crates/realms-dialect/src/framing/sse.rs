//! Server-sent events: an empty line ends a frame.

use bytes::Bytes;
use memchr::memchr2_iter;

use super::{
    Batch, FrameTooLarge, Limits,
    carry::{Carry, Found},
};

const BOM: &[u8] = b"\xEF\xBB\xBF";

/// Splits a byte stream into complete server-sent events.
///
/// Lines end with CR, LF or CRLF, in any mix and cut anywhere; a byte order mark at the start is no
/// part of the first frame. A frame ends with the CR of a CRLF, so none waits for a line feed that may
/// come late: the line feed then leads the next batch and belongs to no frame.
#[derive(Debug, Default)]
pub struct SseFramer {
    carry: Carry,
    place: Place,
    limits: Limits,
}

/// How far the carried bytes were read. Offsets count from their start.
#[derive(Debug, Clone, Copy, Default)]
struct Place {
    /// All before this was searched for line ends.
    read: usize,
    /// Where the current line starts.
    line: usize,
    /// Where the current frame starts.
    frame: usize,
    /// The line before ended with CR: a line feed right after it is the rest of that end.
    after_cr: bool,
    /// The place of a byte order mark was passed.
    begun: bool,
}

// === impl SseFramer ===

impl SseFramer {
    /// A framer with the usual limits.
    pub fn new() -> Self {
        Self::default()
    }

    /// A framer that bears other sizes, for upstreams that stream images inside one line.
    pub fn with_limits(limits: Limits) -> Self {
        Self { limits, ..Self::default() }
    }

    /// Takes the next bytes and gives back those that now end with a frame.
    pub fn push(&mut self, chunk: Bytes) -> Result<Batch, FrameTooLarge> {
        let Self { carry, place, limits } = self;
        carry.push(chunk, |bytes| place.search(bytes, *limits))
    }

    /// What was left when the stream ended.
    pub fn finish(&mut self) -> Option<Bytes> {
        self.place = Place { begun: true, ..Place::default() };
        self.carry.take()
    }

    /// Whether no frame is half read.
    pub fn at_boundary(&self) -> bool {
        self.carry.is_empty()
    }
}

// === impl Place ===

impl Place {
    /// Reads on through the carried bytes and the new ones behind them.
    fn search(&mut self, bytes: &[u8], limits: Limits) -> Result<Found, FrameTooLarge> {
        let mut found = Found::default();
        if !self.begin(bytes) {
            return Ok(found);
        }
        let from = self.read;
        for at in memchr2_iter(b'\r', b'\n', &bytes[from..]).map(|at| from + at) {
            limits.check_line(at - self.line)?;
            self.end_line(at, bytes[at] == b'\r', &mut found);
        }
        limits.check_line(bytes.len() - self.line)?;
        limits.check_frame(bytes.len() - self.frame)?;
        self.read = bytes.len();
        self.forget(found.end);
        Ok(found)
    }

    /// A line ends at the break `at`.
    fn end_line(&mut self, at: usize, is_cr: bool, found: &mut Found) {
        let rest_of_crlf = !is_cr && self.after_cr && at == self.line;
        let is_blank = at == self.line;
        let was_boundary = self.frame == at;
        if is_blank && !was_boundary && !rest_of_crlf {
            found.frames.push(self.frame..at);
        }
        // Empty lines between frames, and the rest of a break that ended one, go with the bytes.
        if is_blank && (was_boundary || !rest_of_crlf) {
            self.frame = at + 1;
            found.end = at + 1;
        }
        self.line = at + 1;
        self.after_cr = is_cr;
    }

    /// Passes a byte order mark. `false` while it is not known whether there is one.
    fn begin(&mut self, bytes: &[u8]) -> bool {
        if self.begun {
            return true;
        }
        if bytes.len() < BOM.len() && BOM.starts_with(bytes) {
            return false;
        }
        if bytes.starts_with(BOM) {
            *self = Self { read: BOM.len(), line: BOM.len(), frame: BOM.len(), ..*self };
        }
        self.begun = true;
        true
    }

    /// The first `end` bytes are gone.
    fn forget(&mut self, end: usize) {
        self.read = self.read.saturating_sub(end);
        self.line = self.line.saturating_sub(end);
        self.frame = self.frame.saturating_sub(end);
    }
}
