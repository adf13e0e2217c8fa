//! An answer that several read while it is written.

use std::{fmt, sync::Arc};

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use realms_dialect::Fault;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};

use super::MOST;

/// One call as those see it who wait for its answer.
pub(crate) struct Shared {
    pub(super) fingerprint: [u8; 32],
    /// The id of the request.
    pub(super) request_id: String,
    told: watch::Sender<Told>,
    /// A permit for each byte that all answers may have in memory.
    memory: Arc<Semaphore>,
}

/// So much of the answer is there.
#[derive(Default)]
pub(super) struct Told {
    pub(super) head: Option<(StatusCode, HeaderMap)>,
    pub(super) pieces: Vec<Bytes>,
    bytes: usize,
    /// For each of these bytes a permit, while they are in memory.
    room: Option<OwnedSemaphorePermit>,
    pub(super) end: Option<Ended>,
}

/// How it ended.
#[derive(Debug, Clone)]
pub(super) enum Ended {
    /// It has an answer, and goes on or is whole.
    Whole,
    /// It broke off.
    Broken,
    /// It is more than is kept.
    TooLarge,
    /// It came to nothing: everybody is told this.
    Refused(Fault),
    /// Nothing is known of it: whoever waits looks again.
    Free,
}

// === impl Shared ===

impl Shared {
    pub(super) fn new(fingerprint: [u8; 32], request_id: String, memory: Arc<Semaphore>) -> Self {
        Self { fingerprint, request_id, told: watch::Sender::new(Told::default()), memory }
    }

    /// Waits until there is an answer or none will come. [`Ended::Whole`]: it has begun.
    pub(super) async fn begun(&self) -> Ended {
        let mut told = self.told.subscribe();
        let begun = told.wait_for(|told| told.head.is_some() || told.end.is_some()).await;
        begun.map_or(Ended::Free, |told| match (&told.head, &told.end) {
            (None, Some(end)) | (Some(_), Some(end @ (Ended::TooLarge | Ended::Broken))) => {
                end.clone()
            }
            _ => Ended::Whole,
        })
    }

    pub(super) fn watch(&self) -> watch::Receiver<Told> {
        self.told.subscribe()
    }

    pub(super) fn head(&self, status: StatusCode, headers: &HeaderMap) {
        let head = Some((status, headers.clone()));
        self.told.send_modify(|told| told.head = head);
    }

    /// More of the answer. What is too much to keep is let go at once.
    pub(super) fn push(&self, piece: &Bytes) {
        self.told.send_modify(|told| {
            if told.end.is_some() {
                return;
            }
            told.bytes += piece.len();
            let Some(more) = self.room(told.bytes, piece.len()) else {
                (told.pieces, told.room) = (Vec::new(), None);
                told.end = Some(Ended::TooLarge);
                return;
            };
            match &mut told.room {
                Some(room) => room.merge(more),
                None => told.room = Some(more),
            }
            // A copy: the piece may be a part of a much larger buffer.
            told.pieces.push(Bytes::copy_from_slice(piece));
        });
    }

    /// Room for one more piece of an answer that has so many bytes with it.
    fn room(&self, bytes: usize, piece: usize) -> Option<OwnedSemaphorePermit> {
        let piece = u32::try_from(piece).ok().filter(|_| bytes <= MOST)?;
        Arc::clone(&self.memory).try_acquire_many_owned(piece).ok()
    }

    /// Says how it ended. Only the first word counts.
    pub(super) fn end(&self, end: Ended) {
        self.told.send_if_modified(|told| {
            let first = told.end.is_none();
            if first {
                told.end = Some(end);
            }
            first
        });
    }

    /// All of it, if it is whole.
    pub(super) fn whole(&self) -> Option<Vec<u8>> {
        let told = self.told.borrow();
        matches!(told.end, Some(Ended::Whole)).then(|| told.pieces.concat())
    }

    pub(super) fn is_too_large(&self) -> bool {
        matches!(self.told.borrow().end, Some(Ended::TooLarge))
    }
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shared").field("request_id", &self.request_id).finish_non_exhaustive()
    }
}
