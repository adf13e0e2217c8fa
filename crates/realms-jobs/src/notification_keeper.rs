//! Carries notifications, and forgets those that are old.

use std::time::Duration;

use realms_notify::Notifier;
use realms_store::Store;
use realms_types::SharedClock;

/// How long it is kept what people were told.
const KEPT: Duration = Duration::from_hours(24 * 30);

/// Looks after the outbox. Cheap to clone.
#[derive(Debug, Clone)]
pub struct NotificationKeeper {
    notifier: Notifier,
    store: Store,
    clock: SharedClock,
}

// === impl NotificationKeeper ===

impl NotificationKeeper {
    /// Of this store.
    pub const fn new(notifier: Notifier, store: Store, clock: SharedClock) -> Self {
        Self { notifier, store, clock }
    }

    /// Carries what is due; a failure is only logged. Every node may do it: each delivery is taken by one.
    pub async fn try_carry(&self) {
        if let Err(error) = self.notifier.pass().await {
            tracing::warn!(%error, "cannot carry notifications");
        }
    }

    /// Forgets what is old; a failure is only logged.
    pub async fn try_forget(&self) {
        match self.store.purge_notifications(self.clock.now() - KEPT).await {
            Ok(0) => {}
            Ok(notifications) => tracing::info!(notifications, "old notifications are gone"),
            Err(error) => tracing::warn!(%error, "cannot forget old notifications"),
        }
    }
}
