//! Tells the other nodes that this one lives.

use std::time::Duration;

use realms_store::{NodeRecord, Store};
use realms_types::SharedClock;

/// A node unseen for this long is taken off the list.
const FORGOTTEN: Duration = Duration::from_hours(24);

/// A node unseen for this long takes no calls any more.
const SILENT: Duration = Duration::from_secs(20);

/// Keeps this node's row fresh.
#[derive(Debug, Clone)]
pub struct Heartbeat {
    store: Store,
    clock: SharedClock,
    node: NodeRecord,
}

// === impl Heartbeat ===

impl Heartbeat {
    /// Of this node.
    pub fn new(store: Store, clock: SharedClock, node: NodeRecord) -> Self {
        Self { store, clock, node }
    }

    /// One beat; says how many nodes live, if that can be known. A node whose row is gone (a restored backup, an empty database) enters itself again.
    pub async fn beat(&self) -> Option<u32> {
        let now = self.clock.now();
        let known = match self.store.heartbeat(self.node.id, now).await {
            Ok(true) => Ok(()),
            Ok(false) => self.store.register_node(&self.node, now - FORGOTTEN).await,
            Err(error) => Err(error),
        };
        if let Err(error) = known {
            tracing::warn!(%error, "cannot tell the other nodes that this one lives");
            return None;
        }
        let living = self.store.read().list_nodes(now - SILENT).await.ok()?;
        u32::try_from(living.len()).ok()
    }

    /// The last word: this node is gone.
    pub async fn leave(&self) {
        if let Err(error) = self.store.remove_node(self.node.id).await {
            tracing::warn!(%error, "cannot take this node off the list");
        }
    }
}
