//! Calls under an `Idempotency-Key`: one call of an upstream and one charge for each key, however often it
//! is sent.
//!
//! Whoever comes first with a key makes the call, in a task that goes on when its client leaves. Whoever
//! comes again with the same key and the same request is told the same answer: as it runs on this node, or
//! as it was kept in the database, sealed. A call that came to nothing (a fault before an upstream worked)
//! gives its key back. What was answered but cannot be told again (broken off, too large, lost with its
//! process) is refused with its cause, because asking once more would be a second charge.
//!
//! The header is that of draft-ietf-httpapi-idempotency-key-header.

mod keep;
mod kept;
mod key;
mod repeat;
mod shared;

use std::{sync::Arc, time::Duration};

use dashmap::{DashMap, Entry};
use realms_dialect::Fault;
use realms_store::{DbKind, IdempotentCall, IdempotentState};
use realms_types::{IdempotentCallId, RequestId, Timestamp};
use tokio::{
    sync::Semaphore,
    time::{Instant, sleep},
};

use self::{
    kept::Answer,
    key::Key,
    shared::{Ended, Shared},
};
pub(crate) use self::{key::HEADER, repeat::repeat};
use crate::{Relay, call::Call, limits, running::Pass, storage_fault};

/// Longest answer that is kept, in bytes.
const MOST: usize = 2 << 20;
/// A node unseen for this long works on nothing any more.
const SILENT: Duration = Duration::from_secs(30);
/// How long a repeat waits for the answer of another node, and how often it looks.
const PATIENCE: Duration = Duration::from_secs(30);
const LOOK: Duration = Duration::from_millis(250);

/// Bytes of all answers that are noted while they run.
const MOST_AT_ONCE: usize = 256 << 20;

/// The calls under a key that this node works on.
#[derive(Debug, Clone)]
pub(crate) struct Once {
    running: Arc<DashMap<[u8; 32], Arc<Shared>>>,
    memory: Arc<Semaphore>,
}

/// What is to be done about a call.
pub(crate) enum Turn {
    /// It has no key.
    Any,
    /// It is the first of its key.
    First(Claim),
    /// Its key was used: this is what comes of that call.
    Again(Found),
}

/// The answer to a repeat.
pub(crate) enum Found {
    /// It runs on this node.
    Running(Arc<Shared>),
    /// It is kept.
    Kept(Answer),
}

/// The right to make the call of a key, on this node. Dropped, others may look for themselves what became
/// of the key.
pub(crate) struct Claim {
    once: Once,
    key: Key,
    shared: Arc<Shared>,
    expires_at: Timestamp,
}

/// Finds out whether a call is the first of its key. A repeat costs work, so it counts as a request.
pub(crate) async fn take_turn(relay: &Relay, call: &Call, pass: &Pass) -> Result<Turn, Fault> {
    let turn = find_turn(relay, call, pass).await?;
    if matches!(turn, Turn::Again(_)) {
        limits::admit_repeat(relay, &pass.caller)?;
    }
    Ok(turn)
}

/// Waits for a call of this node that is still being prepared, because that may come to nothing.
async fn find_turn(relay: &Relay, call: &Call, pass: &Pass) -> Result<Turn, Fault> {
    let kept_for = relay.catalog.load().settings().idempotency_ttl;
    if kept_for.is_zero() {
        return Ok(Turn::Any);
    }
    let Some(key) = Key::read(call, &pass.caller)? else { return Ok(Turn::Any) };
    loop {
        let shared = match relay.once().enter(&key, call.meta.id) {
            Ok(shared) => shared,
            Err(running) => {
                key.must_match(&running.fingerprint)?;
                match running.begun().await {
                    Ended::Free => continue,
                    Ended::Refused(fault) => return Err(fault),
                    Ended::Whole => return Ok(Turn::Again(Found::Running(running))),
                    Ended::Broken => {
                        return Err(not_kept(IdempotentState::Broken, &running.request_id));
                    }
                    Ended::TooLarge => {
                        return Err(not_kept(IdempotentState::TooLarge, &running.request_id));
                    }
                }
            }
        };
        let expires_at = relay.clock.now() + kept_for;
        let once = relay.once().clone();
        let claim = Claim { once, key, shared, expires_at };
        return match look(relay, &claim.key).await? {
            Some(answer) => Ok(Turn::Again(Found::Kept(answer))),
            None => Ok(Turn::First(claim)),
        };
    }
}

/// The answer that is kept for a key; waits while another node works on it.
async fn look(relay: &Relay, key: &Key) -> Result<Option<Answer>, Fault> {
    let patience = Instant::now() + PATIENCE;
    loop {
        let found = relay.store.read().find_idempotent_call(&key.hash).await;
        let found = found.map_err(|error| unreadable(&error))?;
        let Some(call) = found.filter(|call| call.expires_at > relay.clock.now()) else {
            return Ok(None);
        };
        key.must_match(&call.fingerprint)?;
        match call.state {
            IdempotentState::Kept => return kept::open(relay, call).map(Some),
            IdempotentState::Running if !works(relay, &call).await? => return Err(lost(&call)),
            IdempotentState::Running if Instant::now() < patience => sleep(LOOK).await,
            state => return Err(not_kept(state, &call.request_id)),
        }
    }
}

/// Whether somebody still works on a call that is said to run. Calls of this very process are found in its
/// memory first, and SQLite has no other.
async fn works(relay: &Relay, call: &IdempotentCall) -> Result<bool, Fault> {
    if call.node_id == relay.node_id || relay.store.kind() == DbKind::Sqlite {
        return Ok(false);
    }
    let living = relay.store.read().list_nodes(relay.clock.now() - SILENT).await;
    let living = living.map_err(|error| unreadable(&error))?;
    Ok(living.iter().any(|node| node.id == call.node_id))
}

// === impl Once ===

impl Default for Once {
    fn default() -> Self {
        Self { running: Arc::default(), memory: Arc::new(Semaphore::new(MOST_AT_ONCE)) }
    }
}

impl Once {
    /// Enters a call, unless one with its key runs here.
    fn enter(&self, key: &Key, request: RequestId) -> Result<Arc<Shared>, Arc<Shared>> {
        match self.running.entry(key.hash) {
            Entry::Occupied(running) => Err(Arc::clone(running.get())),
            Entry::Vacant(free) => {
                let memory = Arc::clone(&self.memory);
                let shared = Arc::new(Shared::new(key.fingerprint, request.to_string(), memory));
                free.insert(Arc::clone(&shared));
                Ok(shared)
            }
        }
    }
}

// === impl Claim ===

impl Claim {
    /// The call was refused before anybody was asked: whoever waits is told so too.
    pub(crate) fn refuse(self, fault: &Fault) {
        self.shared.end(Ended::Refused(fault.clone()));
    }

    /// Its row, as it begins.
    fn row(&self, relay: &Relay, call: &Call, pass: &Pass) -> IdempotentCall {
        IdempotentCall {
            id: relay.ids.next::<IdempotentCallId>(),
            key_hash: self.key.hash,
            fingerprint: self.key.fingerprint,
            api_key_id: pass.caller.api_key_id,
            request_id: call.meta.id.to_string(),
            node_id: relay.node_id,
            state: IdempotentState::Running,
            answer: None,
            created_at: relay.clock.now(),
            expires_at: self.expires_at,
        }
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        let ours = |_: &[u8; 32], there: &Arc<Shared>| Arc::ptr_eq(there, &self.shared);
        self.once.running.remove_if(&self.key.hash, ours);
        self.shared.end(Ended::Free);
    }
}

fn unreadable(error: &realms_store::StoreError) -> Fault {
    tracing::error!(%error, "cannot look up an idempotency key");
    storage_fault("the idempotency key cannot be looked up right now: try again shortly")
}

/// The call was made, and its answer is not here: making it again would be a second charge.
fn not_kept(state: IdempotentState, request: &str) -> Fault {
    let (code, what) = match state {
        IdempotentState::Running => {
            let message =
                format!("request {request} with this idempotency key still runs: try again");
            return Fault::conflict(message)
                .with_code("idempotency_still_running")
                .with_retry_after(Duration::from_secs(2));
        }
        IdempotentState::TooLarge => {
            ("idempotency_answer_too_large", "was answered with more than is kept for a repeat")
        }
        IdempotentState::Broken | IdempotentState::Kept => {
            ("idempotency_answer_broken", "broke off in the middle of its answer")
        }
    };
    let message = format!(
        "request {request} with this idempotency key {what}; it was charged for what it used. To make \
         the call again, send another key"
    );
    Fault::conflict(message).with_code(code)
}

fn lost(call: &IdempotentCall) -> Fault {
    let message = format!(
        "the server stopped while request {} with this idempotency key ran, so nobody knows how far it \
         came; see what it was charged under that id. To make the call again, send another key",
        call.request_id
    );
    Fault::conflict(message).with_code("idempotency_answer_lost")
}
