//! Responses that clients may know of before they are written down.

use std::{sync::Arc, time::Duration};

use dashmap::DashMap;
use realms_dialect::Fault;
use realms_types::UserId;
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::timeout,
};
use tokio_util::sync::CancellationToken;

use super::shown;

/// How long a call waits for the response that it goes on from.
const PATIENCE: Duration = Duration::from_secs(5);
/// Bytes of all responses that are held until they are written down.
const MOST_AT_ONCE: usize = 256 << 20;

type Key = (UserId, Box<str>);

/// What this node is about to keep. Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct KeptResponses {
    pending: Arc<DashMap<Key, CancellationToken>>,
    memory: Arc<Semaphore>,
}

/// A response that is not written down yet. Dropped, nobody waits for it any more.
#[derive(Debug)]
pub(super) struct Pending {
    kept: KeptResponses,
    key: Key,
    over: CancellationToken,
}

// === impl KeptResponses ===

impl Default for KeptResponses {
    fn default() -> Self {
        Self { pending: Arc::default(), memory: Arc::new(Semaphore::new(MOST_AT_ONCE)) }
    }
}

impl KeptResponses {
    /// Notes that a response of this user is told, and will be written down.
    pub(super) fn begin(&self, user: UserId, id: &str) -> Pending {
        let key: Key = (user, Box::from(id));
        let over = CancellationToken::new();
        self.pending.insert(key.clone(), over.clone());
        Pending { kept: self.clone(), key, over }
    }

    /// Waits until a response is written down, or will not be.
    pub(super) async fn written(&self, user: UserId, id: &str) -> Result<(), Fault> {
        let key: Key = (user, Box::from(id));
        let over = self.pending.get(&key).map(|over| over.value().clone());
        let Some(over) = over else { return Ok(()) };
        timeout(PATIENCE, over.cancelled()).await.map_err(|_| {
            let message = format!("response `{}` is not finished yet: try again", shown(id));
            Fault::conflict(message)
                .with_code("response_not_finished")
                .with_retry_after(Duration::from_secs(1))
        })
    }

    /// Room for so many more bytes; `None` when there is none.
    pub(super) fn room(&self, bytes: usize) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.memory).try_acquire_many_owned(u32::try_from(bytes).ok()?).ok()
    }
}

// === impl Pending ===

impl Pending {
    /// Its id as the client knows it.
    pub(super) fn id(&self) -> &str {
        &self.key.1
    }
}

impl Drop for Pending {
    fn drop(&mut self) {
        self.kept.pending.remove(&self.key);
        self.over.cancel();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANA: UserId = UserId::new(1);
    const BOB: UserId = UserId::new(2);

    #[tokio::test(start_paused = true)]
    async fn a_response_is_waited_for_until_it_is_written_or_given_up() {
        let kept = KeptResponses::default();
        kept.written(ANA, "r1").await.unwrap();
        let pending = kept.begin(ANA, "r1");
        assert_eq!(pending.id(), "r1");
        kept.written(BOB, "r1").await.unwrap();
        let fault = kept.written(ANA, "r1").await.unwrap_err();
        assert_eq!(fault.code.as_deref(), Some("response_not_finished"));
        let (waited, ()) = tokio::join!(kept.written(ANA, "r1"), async { drop(pending) });
        waited.unwrap();
        assert!(kept.pending.is_empty());
    }

    #[test]
    fn there_is_room_for_so_much() {
        let kept = KeptResponses::default();
        let all = kept.room(MOST_AT_ONCE).unwrap();
        assert!(kept.room(1).is_none());
        drop(all);
        assert!(kept.room(1).is_some());
    }
}
