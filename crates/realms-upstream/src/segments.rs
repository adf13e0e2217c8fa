//! A request body in pieces: what was spliced stays spliced, nothing is copied together.

use std::{
    collections::VecDeque,
    convert::Infallible,
    pin::Pin,
    task::{Context, Poll},
};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};

/// The segments that are still to be sent. Its size is known, so `content-length` is exact and the
/// segments reach the socket in one vectored write.
#[derive(Debug)]
pub(crate) struct Segments {
    left: VecDeque<Bytes>,
    bytes: u64,
}

// === impl Segments ===

impl From<Vec<Bytes>> for Segments {
    fn from(segments: Vec<Bytes>) -> Self {
        let left: VecDeque<Bytes> = segments.into();
        let bytes = left.iter().map(|segment| segment.len() as u64).sum();
        Self { left, bytes }
    }
}

impl Body for Segments {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let next = self.left.pop_front();
        self.bytes -= next.as_ref().map_or(0, |segment| segment.len() as u64);
        Poll::Ready(next.map(|segment| Ok(Frame::data(segment))))
    }

    fn is_end_stream(&self) -> bool {
        self.bytes == 0
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.bytes)
    }
}
