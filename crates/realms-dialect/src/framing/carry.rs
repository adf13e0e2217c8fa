//! The bytes of an unfinished frame, carried from one chunk to the next.

use bytes::{Bytes, BytesMut};

use super::{Batch, FrameTooLarge, Frames};

/// Bytes behind the last complete frame. Empty, it holds no buffer: an idle stream keeps nothing.
#[derive(Debug, Default)]
pub(super) struct Carry(BytesMut);

/// What a search found in the carried bytes and the chunk behind them.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// How many bytes can be passed on.
    pub(super) end: usize,
    pub(super) frames: Frames,
}

// === impl Carry ===

impl Carry {
    /// Puts the chunk behind what is carried, searches both, and gives back what is complete: a slice
    /// of the chunk when nothing was carried.
    pub(super) fn push(
        &mut self,
        mut chunk: Bytes,
        search: impl FnOnce(&[u8]) -> Result<Found, FrameTooLarge>,
    ) -> Result<Batch, FrameTooLarge> {
        if self.0.is_empty() {
            let Found { end, frames } = search(&chunk)?;
            self.0.extend_from_slice(&chunk[end..]);
            chunk.truncate(end);
            return Ok(Batch { bytes: chunk, frames });
        }
        self.0.extend_from_slice(&chunk);
        let Found { end, frames } = search(&self.0)?;
        let bytes = self.0.split_to(end).freeze();
        if self.0.is_empty() {
            self.0 = BytesMut::new();
        }
        Ok(Batch { bytes, frames })
    }

    /// What is left when the stream ended.
    pub(super) fn take(&mut self) -> Option<Bytes> {
        let rest = std::mem::take(&mut self.0).freeze();
        (!rest.is_empty()).then_some(rest)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
