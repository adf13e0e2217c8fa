//! Finds the frames of a streamed answer without changing or copying a byte.
//!
//! Bytes in, the same bytes out, cut where a frame ends: batches laid end to end, with what
//! [`Framer::finish`] returns, are exactly the input. Frames do not depend on how the input was cut.

mod carry;
mod frame;
mod json_array;
mod sse;

use std::ops::Range;

use bytes::Bytes;
use realms_types::DialectId;

pub use frame::Frame;
pub use json_array::JsonArrayFramer;
pub use sse::SseFramer;

use crate::facts;

/// How large a line and a frame may grow before the stream is given up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The longest line, in bytes without its end.
    pub line: usize,
    /// The longest frame, in bytes.
    pub frame: usize,
}

/// The upstream sent more without a break than may be kept. Nothing more can be read from the stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the upstream sent a {what} of more than {limit} bytes")]
pub struct FrameTooLarge {
    /// `line` or `frame`.
    pub what: &'static str,
    /// The limit it broke.
    pub limit: usize,
}

/// Contiguous bytes that end where a frame ends, and the frames in them.
///
/// A slice of the chunk when nothing was waiting before it. Holds no frame when the bytes are only
/// separators, such as the second half of a CRLF.
#[derive(Debug, Clone, Default)]
pub struct Batch {
    /// What may be passed on: every byte since the batch before.
    pub bytes: Bytes,
    frames: Frames,
}

/// Where the frames lie. Most batches hold one, which needs no allocation.
#[derive(Debug, Clone, Default)]
struct Frames {
    kind: FrameKind,
    first: Option<Range<usize>>,
    more: Vec<Range<usize>>,
}

/// What a frame is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum FrameKind {
    /// Lines of a server-sent event.
    #[default]
    Event,
    /// One element of a JSON array.
    Element,
}

/// The framing of one answer.
#[derive(Debug)]
pub enum Framer {
    /// Server-sent events.
    Sse(SseFramer),
    /// One JSON array, streamed element by element (Gemini without `alt=sse`).
    JsonArray(JsonArrayFramer),
}

// === impl Limits ===

impl Default for Limits {
    fn default() -> Self {
        Self { line: 1 << 20, frame: 8 << 20 }
    }
}

impl Limits {
    fn check_line(self, len: usize) -> Result<(), FrameTooLarge> {
        if len > self.line {
            return Err(FrameTooLarge { what: "line", limit: self.line });
        }
        Ok(())
    }

    fn check_frame(self, len: usize) -> Result<(), FrameTooLarge> {
        if len > self.frame {
            return Err(FrameTooLarge { what: "frame", limit: self.frame });
        }
        Ok(())
    }
}

// === impl Batch ===

impl Batch {
    /// The frames, in order.
    pub fn frames(&self) -> impl Iterator<Item = Frame<'_>> {
        let ranges = self.frames.first.iter().chain(&self.frames.more);
        ranges.map(|range| Frame::of_kind(&self.bytes[range.clone()], self.frames.kind))
    }

    /// Whether there is nothing to pass on.
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }
}

// === impl Frames ===

impl Frames {
    fn push(&mut self, range: Range<usize>) {
        match self.first {
            None => self.first = Some(range),
            Some(_) => self.more.push(range),
        }
    }
}

// === impl Framer ===

impl Framer {
    /// The framing a streamed answer of this content type has. `None` for what is no stream: HTML, or
    /// JSON in a dialect whose streams are no arrays.
    ///
    /// Upstreams that label their events `text/plain`, or not at all, are believed to stream.
    pub fn for_response(dialect: DialectId, content_type: &str) -> Option<Self> {
        let essence = content_type.split(';').next().unwrap_or_default().trim();
        let essence = essence.to_ascii_lowercase();
        match essence.as_str() {
            "text/event-stream" | "text/plain" | "application/octet-stream" | "" => {
                Some(Self::Sse(SseFramer::new()))
            }
            "application/json" if facts(dialect).streams_arrays() => {
                Some(Self::JsonArray(JsonArrayFramer::new()))
            }
            _ => None,
        }
    }

    /// Takes the next bytes and gives back those that now end with a frame.
    pub fn push(&mut self, chunk: Bytes) -> Result<Batch, FrameTooLarge> {
        match self {
            Self::Sse(framer) => framer.push(chunk),
            Self::JsonArray(framer) => framer.push(chunk),
        }
    }

    /// What was left when the stream ended: a frame without its end, to be read with [`Frame::new`]
    /// (or [`Frame::element`]), or separators.
    pub fn finish(&mut self) -> Option<Bytes> {
        match self {
            Self::Sse(framer) => framer.finish(),
            Self::JsonArray(framer) => framer.finish(),
        }
    }

    /// Whether no frame is half read, so that something else may be written here.
    pub fn at_boundary(&self) -> bool {
        match self {
            Self::Sse(framer) => framer.at_boundary(),
            Self::JsonArray(framer) => framer.at_boundary(),
        }
    }

    /// Whether the answer is one JSON array.
    pub const fn is_json_array(&self) -> bool {
        matches!(self, Self::JsonArray(_))
    }
}
