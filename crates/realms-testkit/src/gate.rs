//! A place in a reply where the fake waits until the test lets it go on.

use std::sync::Arc;

use tokio::{sync::watch, time::timeout};

use crate::DEADLINE;

/// Holds whoever waits at it until a test opens it; tells the test when somebody is waiting.
/// Clones are the same gate; an open gate stays open.
#[derive(Debug, Clone)]
pub struct Gate {
    open: Arc<watch::Sender<bool>>,
    arrivals: Arc<watch::Sender<usize>>,
}

// === impl Gate ===

impl Gate {
    /// A closed gate.
    pub fn new() -> Self {
        Self { open: Arc::new(watch::Sender::new(false)), arrivals: Arc::default() }
    }

    /// Lets everybody through, from now on.
    pub fn open(&self) {
        self.open.send_replace(true);
    }

    /// Returns when `count` arrivals were seen at the gate in all.
    pub async fn reached(&self, count: usize) {
        let mut arrivals = self.arrivals.subscribe();
        let reached = timeout(DEADLINE, arrivals.wait_for(|seen| *seen >= count)).await.is_ok();
        assert!(reached, "nobody came to the gate for the {count}. time within {DEADLINE:?}");
    }

    /// Waits until the gate is open.
    pub(crate) async fn pass(&self) {
        self.arrivals.send_modify(|seen| *seen += 1);
        // The sender lives as long as `self`, so waiting cannot fail.
        let _ = self.open.subscribe().wait_for(|open| *open).await;
    }
}

impl Default for Gate {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn holds_until_opened_and_stays_open() {
        let gate = Gate::new();
        let waiting = tokio::spawn({
            let gate = gate.clone();
            async move { gate.pass().await }
        });
        gate.reached(1).await;
        assert!(!waiting.is_finished());
        gate.open();
        waiting.await.unwrap();
        gate.pass().await;
    }
}
