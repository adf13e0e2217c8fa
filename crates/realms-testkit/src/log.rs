//! The requests a server of the harness has received, and waiting for more of them.

use parking_lot::Mutex;
use tokio::{sync::watch, time::timeout};

use crate::{DEADLINE, Received};

/// What arrived, in order of arrival.
#[derive(Debug, Default)]
pub(crate) struct Log {
    requests: Mutex<Vec<Received>>,
    changed: watch::Sender<()>,
}

// === impl Log ===

impl Log {
    /// Adds a request and tells its number, from 0.
    pub(crate) fn push(&self, received: Received) -> usize {
        let mut requests = self.requests.lock();
        requests.push(received);
        let number = requests.len() - 1;
        drop(requests);
        self.changed.send_replace(());
        number
    }

    pub(crate) fn update(&self, number: usize, change: impl FnOnce(&mut Received)) {
        change(&mut self.requests.lock()[number]);
        self.changed.send_replace(());
    }

    pub(crate) fn all(&self) -> Vec<Received> {
        self.requests.lock().clone()
    }

    /// Waits until the requests are as wanted; `what` names the wish when it fails.
    pub(crate) async fn wait_until<T>(
        &self,
        what: &str,
        wanted: impl Fn(&[Received]) -> Option<T>,
    ) -> T {
        let mut changed = self.changed.subscribe();
        let found = timeout(DEADLINE, async {
            loop {
                if let Some(found) = wanted(&self.requests.lock()) {
                    return found;
                }
                // The sender lives as long as `self`, so waiting cannot fail.
                let _ = changed.changed().await;
            }
        });
        let Ok(found) = found.await else {
            panic!("waited {DEADLINE:?} in vain for {what}; seen: {:#?}", self.all())
        };
        found
    }
}
