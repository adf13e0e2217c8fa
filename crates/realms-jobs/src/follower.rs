//! Follows the configuration: whatever any node changes is in force here within a second.

use std::sync::Arc;

use realms_catalog::{Catalog, Live, Offer};
use realms_identity::{Callers, Sessions};
use realms_relay::{Events, Running};
use realms_scheduler::{Health, Target};
use realms_store::{Store, StoreError, Versions};
use realms_types::Cause;
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
    /// What rests.
    pub health: Arc<Health>,
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
        let followers = &self.0.followers;
        let before = followers.catalog.snapshot();
        match followers.catalog.offer(&rows) {
            Offer::Taken => {
                wake_renewed(&followers.health, &before, &followers.catalog.snapshot());
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
        followers.events.publish_config(followers.catalog.load().version());
        Ok(())
    }
}

/// Accounts with new tokens rest no longer because an old one was refused.
fn wake_renewed(health: &Health, before: &Catalog, after: &Catalog) {
    for channel in after.channels() {
        let known = before.find_channel(channel.id);
        for credential in channel.credentials.iter().filter(|one| one.account.is_some()) {
            let old = known.and_then(|known| known.find_credential(credential.id));
            let renewed = old.is_none_or(|old| old.account != credential.account);
            let target = Target::Credential(credential.id);
            let refused = || health.find(target).is_some_and(|it| it.cause == Cause::Unauthorized);
            if renewed && refused() {
                health.wake(&[target]);
            }
        }
    }
}
