//! Lets orders lapse that nobody pays.

use std::time::Duration;

use realms_commerce::Commerce;

/// How long an order waits for its payment. Pages of gateways close sooner; a payment that comes later all
/// the same is looked at by an operator.
const PATIENCE: Duration = Duration::from_hours(24);

/// Looks after the orders of this store. Cheap to clone.
#[derive(Debug, Clone)]
pub struct OrderKeeper(Commerce);

// === impl OrderKeeper ===

impl OrderKeeper {
    /// Of what sells here.
    pub const fn new(commerce: Commerce) -> Self {
        Self(commerce)
    }

    /// A pass whose failure is only logged. Every node may do it: an order lapses once.
    pub async fn try_lapse(&self) {
        match self.0.lapse_due(PATIENCE).await {
            Ok(0) => {}
            Ok(orders) => tracing::info!(orders, "orders lapsed that nobody paid"),
            Err(error) => tracing::warn!(%error, "cannot let orders lapse"),
        }
    }
}
