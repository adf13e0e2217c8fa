//! Ends holds whose calls no longer renew them, and seals the days of the ledger.

use std::sync::Arc;

use prometheus_client::{
    metrics::{counter::Counter, gauge::Gauge},
    registry::Registry,
};
use realms_ledger::{Ledger, LedgerError, anchor_days};
use realms_store::{Store, StoreError};
use realms_types::SharedClock;

/// Looks after the ledger of this store. Cheap to clone.
#[derive(Debug, Clone)]
pub struct LedgerKeeper {
    ledger: Ledger,
    store: Store,
    clock: SharedClock,
    counts: Arc<Counts>,
}

/// What was done so far.
#[derive(Debug, Default)]
struct Counts {
    expired: Counter,
    anchored: Counter,
    expired_at: Gauge,
    anchored_at: Gauge,
}

/// Rounds of expiry in one pass, so that the holds of a large crash do not keep one pass for long.
const ROUNDS: u32 = 16;

// === impl LedgerKeeper ===

impl LedgerKeeper {
    /// Of this store; what it does is counted in the registry.
    pub fn new(ledger: Ledger, store: Store, clock: SharedClock, registry: &mut Registry) -> Self {
        let counts = Counts::default();
        registry.register(
            "realms_ledger_holds_expired",
            "Holds that ended because their calls no longer renewed them",
            counts.expired.clone(),
        );
        registry.register(
            "realms_ledger_days_anchored",
            "Days of the ledger that got their hash",
            counts.anchored.clone(),
        );
        registry.register(
            "realms_ledger_last_expiry_seconds",
            "When holds were last looked through, in seconds since 1970",
            counts.expired_at.clone(),
        );
        registry.register(
            "realms_ledger_last_anchor_seconds",
            "When days without a hash were last looked for, in seconds since 1970",
            counts.anchored_at.clone(),
        );
        Self { ledger, store, clock, counts: Arc::new(counts) }
    }

    /// Ends the holds whose lease is over; says how many. Every node may do it: a hold ends once, and
    /// what a late call settles still counts.
    pub async fn expire(&self) -> Result<u64, LedgerError> {
        let mut expired = 0;
        for _ in 0..ROUNDS {
            match self.ledger.expire_due(&self.store).await? {
                0 => break,
                count => expired += count,
            }
        }
        self.counts.expired.inc_by(expired);
        self.counts.expired_at.set(self.clock.now().as_secs());
        Ok(expired)
    }

    /// Gives each day that is over its hash; says how many got one.
    pub async fn anchor(&self) -> Result<usize, StoreError> {
        let made = match anchor_days(&self.store, self.clock.now()).await {
            Ok(made) => made,
            // Another node was faster, and made the same.
            Err(StoreError::Conflict { .. }) => 0,
            Err(error) => return Err(error),
        };
        self.counts.anchored.inc_by(u64::try_from(made).unwrap_or(u64::MAX));
        self.counts.anchored_at.set(self.clock.now().as_secs());
        Ok(made)
    }

    /// A pass over the holds whose failure is only logged: the next one may succeed.
    pub async fn try_expire(&self) {
        match self.expire().await {
            Ok(0) => {}
            Ok(holds) => {
                tracing::warn!(holds, "calls ended without a word: charged as last metered");
            }
            Err(error) => tracing::warn!(%error, "cannot end holds that are over"),
        }
    }

    /// A pass over the days whose failure is only logged.
    pub async fn try_anchor(&self) {
        match self.anchor().await {
            Ok(0) => {}
            Ok(days) => tracing::info!(days, "sealed days of the ledger"),
            Err(error) => tracing::error!(%error, "cannot seal the days of the ledger"),
        }
    }
}
