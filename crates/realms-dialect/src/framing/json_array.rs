//! One JSON array streamed element by element: each element is a frame.

use std::ops::Range;

use bytes::Bytes;
use memchr::memchr2;

use super::{
    Batch, FrameKind, FrameTooLarge, Frames, Limits,
    carry::{Carry, Found},
};

/// Splits a streamed JSON array into its elements, without checking that they are JSON.
///
/// Batches end right behind an element (or behind the closing bracket), so the commas and brackets
/// between wait for the next element: something else may be written in between. A body that is one
/// object and no array is taken as one element, as upstreams answer errors.
#[derive(Debug, Default)]
pub struct JsonArrayFramer {
    carry: Carry,
    place: Place,
    limits: Limits,
}

/// How far the carried bytes were read. Offsets count from their start.
#[derive(Debug, Clone, Copy, Default)]
struct Place {
    read: usize,
    /// Where the current element starts.
    element: Option<usize>,
    /// Open brackets, the outermost array included.
    depth: usize,
    in_string: bool,
    escaped: bool,
    /// The outermost value is an array.
    is_array: bool,
}

// === impl JsonArrayFramer ===

impl JsonArrayFramer {
    /// A framer with the usual limits.
    pub fn new() -> Self {
        Self::default()
    }

    /// A framer that bears other sizes. Only the limit of a frame counts: JSON has no lines.
    pub fn with_limits(limits: Limits) -> Self {
        Self { limits, ..Self::default() }
    }

    /// Takes the next bytes and gives back those that now end with an element.
    pub fn push(&mut self, chunk: Bytes) -> Result<Batch, FrameTooLarge> {
        let Self { carry, place, limits } = self;
        carry.push(chunk, |bytes| place.search(bytes, *limits))
    }

    /// What was left when the stream ended: separators, or an element without its end.
    pub fn finish(&mut self) -> Option<Bytes> {
        self.place = Place::default();
        self.carry.take()
    }

    /// Whether no element is half read.
    pub fn at_boundary(&self) -> bool {
        self.place.element.is_none()
    }
}

// === impl Place ===

impl Place {
    fn search(&mut self, bytes: &[u8], limits: Limits) -> Result<Found, FrameTooLarge> {
        let frames = Frames { kind: FrameKind::Element, ..Frames::default() };
        let mut found = Found { end: 0, frames };
        while let Some(byte) = bytes.get(self.read) {
            if self.in_string {
                self.skip_string(bytes);
                continue;
            }
            if let Some(element) = self.step(*byte, self.read) {
                limits.check_frame(element.len())?;
                found.end = element.end;
                found.frames.push(element);
            }
            self.read += 1;
            if *byte == b']' && self.depth == 0 && self.element.is_none() {
                found.end = self.read;
            }
        }
        limits.check_frame(bytes.len() - found.end)?;
        self.forget(found.end);
        Ok(found)
    }

    /// Moves to the end of the string, or of what is there of it.
    fn skip_string(&mut self, bytes: &[u8]) {
        if self.escaped {
            self.escaped = false;
            self.read += 1;
            return;
        }
        match memchr2(b'"', b'\\', &bytes[self.read..]) {
            None => self.read = bytes.len(),
            Some(at) => {
                self.read += at + 1;
                self.escaped = bytes[self.read - 1] == b'\\';
                self.in_string = self.escaped;
            }
        }
    }

    /// Takes one byte outside a string. The element that ends with it, or right before it.
    fn step(&mut self, byte: u8, at: usize) -> Option<Range<usize>> {
        let outside = usize::from(self.is_array);
        match byte {
            b'[' if self.depth == 0 && self.element.is_none() => {
                self.is_array = true;
                self.depth = 1;
                None
            }
            b' ' | b'\t' | b'\r' | b'\n' => None,
            b',' if self.depth == outside => self.end_element(at),
            b']' if self.depth == 1 && self.is_array => {
                self.depth = 0;
                self.end_element(at)
            }
            b'}' | b']' => {
                self.depth = self.depth.saturating_sub(1);
                let ends = self.depth == outside && self.element.is_some();
                if ends { self.end_element(at + 1) } else { None }
            }
            other => {
                self.element.get_or_insert(at);
                self.depth += usize::from(matches!(other, b'{' | b'['));
                self.in_string = other == b'"';
                None
            }
        }
    }

    fn end_element(&mut self, end: usize) -> Option<Range<usize>> {
        Some(self.element.take()?..end)
    }

    fn forget(&mut self, end: usize) {
        self.read = self.read.saturating_sub(end);
        self.element = self.element.map(|at| at.saturating_sub(end));
    }
}
