//! Writes down where sessions are served, and learns where other nodes serve them.

use std::{sync::Arc, time::Duration};

use parking_lot::Mutex;
use realms_relay::Relay;
use realms_scheduler::{Bond, Remembered, SessionKey};
use realms_store::{AffinityRecord, Store, StoreError};
use realms_types::{SharedClock, Timestamp};

/// Sessions read in one pass.
const MOST: u32 = 500_000;
/// Clocks of nodes may differ by so much: what was written within it is read twice.
const SKEW: Duration = Duration::from_secs(30);

/// Keeps the sessions of this node and of the database alike. Cheap to clone.
#[derive(Debug, Clone)]
pub struct SessionKeeper {
    store: Store,
    relay: Relay,
    clock: SharedClock,
    /// Until when all was read.
    read_until: Arc<Mutex<Timestamp>>,
}

// === impl SessionKeeper ===

impl SessionKeeper {
    /// Of this relay and this store.
    pub fn new(store: Store, relay: Relay, clock: SharedClock) -> Self {
        Self { store, relay, clock, read_until: Arc::new(Mutex::new(Timestamp::EPOCH)) }
    }

    /// One pass: writes what is new here, reads what is new elsewhere. The first reads everything.
    pub async fn pass(&self) -> Result<(), StoreError> {
        self.save().await?;
        let now = self.clock.now();
        let since = *self.read_until.lock();
        let records = self.store.list_affinities(since, now, MOST).await?;
        self.relay.affinity().learn(records.into_iter().map(remembered));
        *self.read_until.lock() = now - SKEW;
        Ok(())
    }

    /// A pass whose failure is only logged: the next one may succeed.
    pub async fn try_pass(&self) {
        if let Err(error) = self.pass().await {
            tracing::warn!(%error, "cannot keep where sessions are served");
        }
    }

    /// Writes what is new here. What cannot be written is tried again with the next pass.
    pub async fn save(&self) -> Result<(), StoreError> {
        let (unsaved, now) = (self.relay.affinity().take_unsaved(), self.clock.now());
        if unsaved.is_empty() {
            return Ok(());
        }
        let records: Vec<_> = unsaved.iter().map(|one| record(*one, now)).collect();
        let saved = self.store.put_affinities(&records).await;
        if saved.is_err() {
            self.relay.affinity().not_saved(&unsaved);
        }
        saved
    }
}

fn record(one: Remembered, now: Timestamp) -> AffinityRecord {
    AffinityRecord {
        session_key: one.session.0,
        channel_id: one.bond.channel,
        credential_id: one.bond.credential,
        expires_at: one.until,
        updated_at: now,
    }
}

fn remembered(record: AffinityRecord) -> Remembered {
    Remembered {
        session: SessionKey(record.session_key),
        bond: Bond { channel: record.channel_id, credential: record.credential_id },
        until: record.expires_at,
    }
}
