//! Follows the configuration: whatever any node changes is in force here within a second.

use std::sync::Arc;

use realms_catalog::{Live, Offer};
use realms_identity::{Callers, Sessions};
use realms_relay::{Events, Running};
use realms_store::{Store, StoreError, Versions};
use tokio::sync::Mutex;

/// Keeps the snapshot, the cached callers and the cached sessions as new as the database. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Follower(Arc<Inner>);

/// What is kept as new as the database.
#[derive(Debug)]
pub struct Followers {
    /// The configuration snapshot.
    pub catalog: Arc<Live>,
    /// The callers that are cached.
    pub callers: Callers,
    /// The sessions that are cached.
    pub sessions: Sessions,
    /// The calls in progress.
    pub running: Running,
    /// Those who watch.
    pub events: Events,
}

#[derive(Debug)]
struct Inner {
    store: Store,
    keyring: realms_seal::Keyring,
    followers: Followers,
    /// What was loaded last. The lock makes passes take turns.
    loaded: Mutex<Option<Versions>>,
}

// === impl Follower ===

impl Follower {
    /// Follows this store, and tells those who watch.
    pub fn new(store: Store, keyring: realms_seal::Keyring, followers: Followers) -> Self {
        let loaded = Mutex::default();
        Self(Arc::new(Inner { store, keyring, followers, loaded }))
    }

    /// One pass: looks at the versions and loads what is newer. Whoever changed something calls this
    /// after the commit, and finds the change in force when it returns.
    pub async fn pass(&self) -> Result<(), StoreError> {
        let inner = &self.0;
        let mut loaded = inner.loaded.lock().await;
        let newest = inner.store.versions().await?;
        if loaded.as_ref().is_none_or(|versions| versions.identity != newest.identity) {
            inner.followers.callers.forget_all();
            inner.followers.sessions.forget_all();
            inner.followers.running.end_revoked(&inner.store).await?;
        }
        if loaded.as_ref().is_none_or(|versions| versions.catalog != newest.catalog) {
            self.load().await?;
        }
        *loaded = Some(newest);
        Ok(())
    }

    /// A pass whose failure is only logged: the next one may succeed.
    pub async fn try_pass(&self) {
        if let Err(error) = self.pass().await {
            tracing::warn!(%error, "cannot follow the configuration");
        }
    }

    async fn load(&self) -> Result<(), StoreError> {
        let rows = self.0.store.load_catalog(&self.0.keyring).await?;
        match self.0.followers.catalog.offer(&rows) {
            Offer::Taken => {
                tracing::info!(catalog.version = rows.version, "configuration in force");
            }
            Offer::Refused(defects) => {
                tracing::error!(
                    catalog.version = rows.version,
                    defects = ?defects,
                    "the configuration has defects; the one before stays in force",
                );
            }
            Offer::TakenInPart(defects) => {
                tracing::error!(
                    catalog.version = rows.version,
                    defects = ?defects,
                    "the configuration has defects; its sound part is in force",
                );
            }
        }
        self.0.followers.events.publish_config(self.0.followers.catalog.load().version());
        Ok(())
    }
}
