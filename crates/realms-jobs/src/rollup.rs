//! Keeps the sums of whole hours of usage up to date.

use std::time::Duration;

use realms_store::{Store, StoreError};
use realms_types::SharedClock;

/// How long after its end an hour is left alone: calls that began in it are still ending.
const GRACE: Duration = Duration::from_mins(2);
/// Hours made anew in one pass, so that a large import does not keep writers waiting.
const MOST: u32 = 200;

/// Makes the sums of hours anew that are not up to date.
#[derive(Debug, Clone)]
pub struct Rollup {
    store: Store,
    clock: SharedClock,
}

// === impl Rollup ===

impl Rollup {
    /// Of this store.
    pub fn new(store: Store, clock: SharedClock) -> Self {
        Self { store, clock }
    }

    /// One pass; says how many hours it made anew. Hours are read from their records until it comes to
    /// them, so it may come late, and several nodes may do it.
    pub async fn pass(&self) -> Result<u32, StoreError> {
        let over_before = self.clock.now() - GRACE;
        let mut made = 0;
        for hour in self.store.stale_usage_hours(over_before, MOST).await? {
            made += u32::from(self.store.roll_up_usage(hour).await?);
        }
        Ok(made)
    }

    /// A pass whose failure is only logged: the next one may succeed.
    pub async fn try_pass(&self) {
        match self.pass().await {
            Ok(0) => {}
            Ok(hours) => tracing::debug!(hours, "sums of usage made anew"),
            Err(error) => tracing::warn!(%error, "cannot sum usage up"),
        }
    }
}
