//! Forgets what counts no more: tries, codes, challenges, log-ins, tokens of apps, batches, answers,
//! responses, sessions, tests of channels.

use realms_store::Store;
use realms_types::SharedClock;

/// Sweeps the tables that fill by themselves.
#[derive(Debug, Clone)]
pub struct Sweeper {
    store: Store,
    clock: SharedClock,
}

// === impl Sweeper ===

impl Sweeper {
    /// Sweeps this store.
    pub const fn new(store: Store, clock: SharedClock) -> Self {
        Self { store, clock }
    }

    /// One sweep. Every node sweeps; what one deleted the other does not find.
    pub async fn sweep(&self) {
        let now = self.clock.now();
        match self.store.purge_tries(now).await {
            Ok(0) => {}
            Ok(rows) => tracing::debug!(rows, "forgot tries, codes and challenges that are over"),
            Err(error) => tracing::warn!(%error, "cannot forget tries that are over"),
        }
        match self.store.purge_oauth_log_ins(now).await {
            Ok(0) => {}
            Ok(rows) => tracing::debug!(rows, "forgot log-ins at vendors that never came back"),
            Err(error) => tracing::warn!(%error, "cannot forget log-ins that are over"),
        }
        match self.store.purge_oauth_tokens(now).await {
            Ok(0) => {}
            Ok(rows) => tracing::debug!(rows, "forgot codes and tokens of apps that are over"),
            Err(error) => tracing::warn!(%error, "cannot forget tokens of apps that are over"),
        }
        match self.store.purge_affinities(now).await {
            Ok(0) => {}
            Ok(rows) => tracing::debug!(rows, "forgot sessions that are over"),
            Err(error) => tracing::warn!(%error, "cannot forget sessions that are over"),
        }
        match self.store.purge_channel_tests(now).await {
            Ok(0) => {}
            Ok(rows) => tracing::debug!(rows, "forgot tests of channels that are old or many"),
            Err(error) => tracing::warn!(%error, "cannot forget tests of channels"),
        }
        match self.store.purge_batches(now).await {
            Ok(0) => {}
            Ok(rows) => tracing::debug!(rows, "forgot batches that are over"),
            Err(error) => tracing::warn!(%error, "cannot forget batches that are over"),
        }
        match self.store.purge_idempotent_calls(now).await {
            Ok(0) => {}
            Ok(rows) => tracing::debug!(rows, "forgot answers that are kept no longer"),
            Err(error) => tracing::warn!(%error, "cannot forget answers that are over"),
        }
        match self.store.purge_kept_responses(now).await {
            Ok(0) => {}
            Ok(rows) => tracing::debug!(rows, "forgot responses that are kept no longer"),
            Err(error) => tracing::warn!(%error, "cannot forget responses that are over"),
        }
    }
}
