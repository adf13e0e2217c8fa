//! The calls in progress by the API key they came with, so that they end when it is taken away.

use std::{sync::Arc, time::Duration};

use dashmap::{DashMap, Entry};
use realms_dialect::{Fault, FaultKind};
use realms_identity::Caller;
use realms_store::{Store, StoreError};
use realms_types::{ApiKeyId, Cause};
use tokio_util::sync::{CancellationToken, WaitForCancellationFuture};

use crate::{holding::Progress, limits::Allowance};

/// Every call in progress on this node. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Running(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    keys: DashMap<ApiKeyId, Calls>,
    shutdown: CancellationToken,
}

/// The calls of one key.
#[derive(Debug)]
struct Calls {
    count: usize,
    /// Connections that wait for their next call.
    attending: usize,
    stop: CancellationToken,
}

/// A call in progress, until it is dropped.
#[derive(Debug)]
pub(crate) struct Pass {
    /// Whose call it is.
    pub caller: Arc<Caller>,
    /// What of its limits it holds.
    pub allowance: Allowance,
    /// Where it is told what the call has used so far, if somebody pays for it.
    pub progress: Option<Arc<Progress>>,
    running: Running,
    stop: CancellationToken,
    attends: bool,
}

// === impl Running ===

impl Running {
    /// Nothing runs yet; everything ends when `shutdown` fires.
    pub fn new(shutdown: CancellationToken) -> Self {
        Self(Arc::new(Inner { keys: DashMap::new(), shutdown }))
    }

    /// How many calls there are.
    pub fn count(&self) -> usize {
        self.0.keys.iter().map(|calls| calls.count).sum()
    }

    /// Fires when the process will wait no longer.
    pub fn shutdown(&self) -> &CancellationToken {
        &self.0.shutdown
    }

    /// A call of this caller begins.
    pub(crate) fn enter(&self, caller: Arc<Caller>) -> Pass {
        self.admit(caller, false)
    }

    /// A connection of this caller begins: it ends with its key as calls do, and is none.
    pub(crate) fn attend(&self, caller: Arc<Caller>) -> Pass {
        self.admit(caller, true)
    }

    fn admit(&self, caller: Arc<Caller>, attends: bool) -> Pass {
        let mut calls = self.0.keys.entry(caller.api_key_id).or_insert_with(|| Calls {
            count: 0,
            attending: 0,
            stop: self.0.shutdown.child_token(),
        });
        *calls.counter(attends) += 1;
        let stop = calls.stop.clone();
        drop(calls);
        Pass {
            caller,
            allowance: Allowance::default(),
            progress: None,
            running: self.clone(),
            stop,
            attends,
        }
    }

    /// Ends the calls of keys that may no longer call: revoked, disabled, deleted, or their user is.
    /// To be called after the cached callers were forgotten, whenever a key or a user changed.
    pub async fn end_revoked(&self, store: &Store) -> Result<(), StoreError> {
        let keys: Vec<ApiKeyId> = self.0.keys.iter().map(|calls| *calls.key()).collect();
        if keys.is_empty() {
            return Ok(());
        }
        let admitted = store.admitted_keys(&keys).await?;
        for key in keys.iter().filter(|key| !admitted.contains(key)) {
            self.end(*key);
        }
        Ok(())
    }

    /// Ends the calls of a key. The next one, should the key be switched on again, starts anew. Both
    /// happen under the lock of the key, so no call that ends by itself meanwhile takes itself from
    /// the count of those that come after.
    fn end(&self, key: ApiKeyId) {
        self.0.keys.remove_if(&key, |_, calls| {
            tracing::info!(api_key.id = %key, calls = calls.count, "calls end with their key");
            calls.stop.cancel();
            true
        });
    }
}

// === impl Calls ===

impl Calls {
    const fn counter(&mut self, attends: bool) -> &mut usize {
        if attends { &mut self.attending } else { &mut self.count }
    }
}

// === impl Pass ===

impl Pass {
    /// Fires when the call must end.
    pub(crate) fn stopped(&self) -> WaitForCancellationFuture<'_> {
        self.stop.cancelled()
    }

    /// Why it must.
    pub(crate) fn why(&self) -> Cause {
        if self.running.0.shutdown.is_cancelled() { Cause::Shutdown } else { Cause::Revoked }
    }
}

impl Drop for Pass {
    fn drop(&mut self) {
        if let Entry::Occupied(mut calls) = self.running.0.keys.entry(self.caller.api_key_id) {
            // A key whose calls were ended may have new ones by now: those are not ours to count.
            if self.stop.is_cancelled() {
                return;
            }
            *calls.get_mut().counter(self.attends) -= 1;
            if calls.get().count + calls.get().attending == 0 {
                calls.remove();
            }
        }
    }
}

/// What the client of a call is told that was stopped for this cause.
pub(crate) fn stopped_fault(cause: Cause) -> Fault {
    if cause == Cause::Revoked {
        let message =
            "the API key of this request, or its user, was switched off or revoked meanwhile";
        return Fault::new(FaultKind::Unauthorized, message);
    }
    Fault::unavailable("the relay is restarting: send the request again")
        .with_retry_after(Duration::from_secs(1))
}

#[cfg(test)]
mod tests {
    use realms_types::{KeyRules, Limits, Ppm, UserId};

    use super::*;

    fn caller() -> Arc<Caller> {
        Arc::new(Caller {
            api_key_id: ApiKeyId::new(1),
            user_id: UserId::new(1),
            username: "ana".to_owned(),
            user_group: None,
            channel_groups: Vec::new(),
            limits: Limits::NONE,
            user_limits: Limits::NONE,
            user_budgets: Vec::new(),
            subscriptions: Vec::new(),
            rules: KeyRules::default(),
            multiplier: Ppm::ONE,
            ends_at: None,
            by_app: false,
        })
    }

    #[test]
    fn a_key_is_forgotten_with_its_last_call() {
        let running = Running::new(CancellationToken::new());
        let (first, second) = (running.enter(caller()), running.enter(caller()));
        drop(first);
        assert_eq!(running.0.keys.len(), 1);
        drop(second);
        assert!(running.0.keys.is_empty());
    }

    #[test]
    fn a_connection_is_no_call_and_ends_with_its_key() {
        let running = Running::new(CancellationToken::new());
        let connection = running.attend(caller());
        assert_eq!(running.count(), 0);
        let call = running.enter(caller());
        assert_eq!(running.count(), 1);
        drop(call);
        running.end(ApiKeyId::new(1));
        assert!(connection.stop.is_cancelled() && connection.why() == Cause::Revoked);
        drop(connection);
        assert!(running.0.keys.is_empty());
    }

    #[test]
    fn calls_that_were_ended_do_not_count_for_those_that_follow() {
        let running = Running::new(CancellationToken::new());
        let key = ApiKeyId::new(1);
        let ended = running.enter(caller());
        running.end(key);
        assert!(ended.stop.is_cancelled() && ended.why() == Cause::Revoked);
        let next = running.enter(caller());
        assert!(!next.stop.is_cancelled(), "the key was switched on again");
        drop(ended);
        assert_eq!(running.0.keys.get(&key).unwrap().count, 1);
        drop(next);
        assert!(running.0.keys.is_empty());
    }

    #[test]
    fn a_shutdown_ends_every_call_and_says_so() {
        let shutdown = CancellationToken::new();
        let running = Running::new(shutdown.clone());
        let pass = running.enter(caller());
        assert!(!pass.stop.is_cancelled());
        shutdown.cancel();
        assert!(pass.stop.is_cancelled());
        assert_eq!(pass.why(), Cause::Shutdown);
    }
}
