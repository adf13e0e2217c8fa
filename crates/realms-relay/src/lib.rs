//! The data plane: admit, plan, attempt, stream, meter.
//!
//! [`router`] turns paths into an [`Operation`]; `serve` reads as the list of steps of one call. From
//! the first attempt on a call lives in a task of its own, so that it is metered and recorded whether
//! or not its client stays.

mod accounts;
mod admit;
mod attempt;
mod call;
mod channel_tests;
mod choice;
mod client;
mod costs;
mod counterpart;
mod events;
mod failures;
mod feed;
mod flight;
mod gate;
mod hedge;
mod holding;
mod kept_responses;
mod lane;
mod limits;
mod metrics;
mod model_list;
mod noting;
mod once;
mod opening;
mod operation;
mod plan;
mod prepared;
mod probe;
mod pump;
mod quirk;
mod record;
mod rehearse;
mod rehearse_error;
mod replay;
mod routes;
mod rules;
mod running;
mod serve;
mod session;
mod shapes;
mod simulate;
mod stored;
mod stored_list;
mod strikes;
mod told;
mod trail;
mod vendor_models;
mod websocket;

use std::{
    ops::Deref,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use realms_catalog::Live;
use realms_dialect::{Fault, FaultKind};
use realms_identity::Callers;
use realms_ledger::{Ledger, Noted, Recorder};
use realms_scheduler::{Affinity, Extras, Health, Loads, Meters, Target};
use realms_store::{Store, UsageRecord};
use realms_types::{Chance, ChannelId, Ids, NodeId, Origin, SharedClock};
use realms_upstream::Upstream;
use tokio::sync::Semaphore;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

pub use accounts::{
    AccountError, AccountParts, Accounts, Arrived, Pasted, RefreshOutcome, RefreshStep,
    RefreshTimes,
};
pub use call::BodyLimits;
pub use channel_tests::{ChannelTest, Way, usual_dialect};
pub use client::Client;
pub use costs::Doubt;
pub use events::{Events, News, Notice, Watcher};
pub use metrics::Metrics;
pub use operation::{GeminiAction, Operation, StoredAct};
pub use probe::{
    Depth, Failure, FailureCode, Fix, ProbeStep, Report, Subject, Tell, create_url, probe,
};
pub use pump::StreamLimits;
pub use rehearse::{RehearsalError, Rehearsed, Sample, rehearse};
pub use rehearse_error::{ErrorSample, RehearsedError, rehearse_error};
pub use replay::{Choice, NotReplayable, Replayed, replay_call};
pub use routes::router;
pub use running::Running;
pub use simulate::{Simulated, Simulation};
pub use strikes::Condemned;
pub use vendor_models::{Vendor, VendorModel, vendor_models};
pub use websocket::SocketLimits;

/// Everything a call needs. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Relay(Arc<Inner>);

/// What the relay is made of.
#[derive(Debug)]
pub struct Parts {
    /// The configuration snapshot.
    pub catalog: Arc<Live>,
    /// The database; on the hot path only for keys that are not cached.
    pub store: Store,
    /// Who the keys belong to.
    pub callers: Callers,
    /// Makes usage records durable.
    pub recorder: Recorder,
    /// Holds money for calls and charges them; in self mode it only counts for budgets.
    pub ledger: Ledger,
    /// What rests.
    pub health: Arc<Health>,
    /// Credentials that are accounts at a vendor.
    pub accounts: Accounts,
    /// Those who watch.
    pub events: Events,
    /// The way out.
    pub upstream: Upstream,
    /// The time.
    pub clock: SharedClock,
    /// Ids of records.
    pub ids: Ids,
    /// Weights and jitter.
    pub chance: Chance,
    /// Calls in flight; the process waits for them.
    pub tasks: TaskTracker,
    /// Ends calls when their key is taken away, and all when the process will wait no longer.
    pub running: Running,
    /// Fires when no new work is to begin.
    pub stopping: CancellationToken,
    /// Counters.
    pub metrics: Arc<Metrics>,
    /// Deadlines and bounds.
    pub limits: Limits,
    /// This process.
    pub node_id: NodeId,
    /// Whether nothing is charged.
    pub self_mode: bool,
}

/// Deadlines and bounds of a call.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Of a request's body.
    pub body: BodyLimits,
    /// The largest frame of a stream, in bytes.
    pub frame_bytes: usize,
    /// Of an answer.
    pub stream: StreamLimits,
    /// Of WebSockets.
    pub sockets: SocketLimits,
    /// How often a running call renews what it holds: a third of its lease, or oftener.
    pub renew: Duration,
}

/// What calls hold at this moment, on this node. All is zero when no call is in progress.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct InUse {
    /// Calls in progress.
    pub calls: usize,
    /// Attempts in flight.
    pub attempts: u32,
    /// Permits of limits on calls at once.
    pub permits: u32,
    /// Calls that wait for such a permit.
    pub waiting: usize,
    /// WebSocket connections, whether or not a response runs on them.
    pub sockets: usize,
}

/// The parts, and what only the relay itself uses.
#[derive(Debug)]
struct Inner {
    parts: Parts,
    recent_homes: stored::RecentHomes,
    once: once::Once,
    kept_responses: kept_responses::KeptResponses,
    loads: Loads,
    affinity: Affinity,
    meters: Meters,
    repeats: Extras,
    hedges: Extras,
    gates: gate::Gates,
    /// How many nodes there are, this one among them.
    nodes: AtomicU32,
    shapes: shapes::Shapes,
    strikes: strikes::Strikes,
    /// Answers that are read to their end although nobody waits for them.
    drains: Semaphore,
    sockets: Arc<Semaphore>,
    /// A permit for each byte that they may remember.
    socket_memory: Arc<Semaphore>,
}

/// Candidates that can be asked again at once after a quiet time.
const MOST_REPEATS_SAVED: u32 = 50;
/// Calls that can be asked twice at once after a quiet time. Each costs what an answer costs.
const MOST_HEDGES_SAVED: u32 = 5;
/// So many answers may be read to their end at once although nobody waits for them.
const MOST_DRAINS: usize = 64;

// === impl Relay ===

impl Relay {
    /// A relay of these parts.
    pub fn new(parts: Parts) -> Self {
        let sockets = parts.limits.sockets;
        Self(Arc::new(Inner {
            parts,
            recent_homes: stored::RecentHomes::default(),
            once: once::Once::default(),
            kept_responses: kept_responses::KeptResponses::default(),
            loads: Loads::default(),
            affinity: Affinity::default(),
            meters: Meters::default(),
            repeats: Extras::saved(MOST_REPEATS_SAVED),
            hedges: Extras::saved(MOST_HEDGES_SAVED),
            gates: gate::Gates::default(),
            nodes: AtomicU32::new(1),
            shapes: shapes::Shapes::default(),
            strikes: strikes::Strikes::default(),
            drains: Semaphore::new(MOST_DRAINS),
            sockets: Arc::new(Semaphore::new(sockets.most)),
            socket_memory: Arc::new(Semaphore::new(sockets.memory)),
        }))
    }

    /// How many calls a channel is answering right now, on this node.
    pub fn in_flight(&self, channel: ChannelId) -> u32 {
        self.0.loads.of(channel)
    }

    /// Says how many nodes there are: each holds its callers to its share of their limits.
    pub fn share_limits(&self, nodes: u32) {
        self.0.nodes.store(nodes.max(1), Ordering::Relaxed);
    }

    fn nodes(&self) -> u32 {
        self.0.nodes.load(Ordering::Relaxed)
    }

    /// What calls hold at this moment.
    pub fn in_use(&self) -> InUse {
        let (permits, waiting) = self.0.gates.total();
        InUse {
            calls: self.running.count(),
            attempts: self.0.loads.total(),
            permits,
            waiting,
            sockets: self.limits.sockets.most - self.0.sockets.available_permits(),
        }
    }

    fn loads(&self) -> &Loads {
        &self.0.loads
    }

    /// Which credential served each session last.
    pub fn affinity(&self) -> &Affinity {
        &self.0.affinity
    }

    /// What those who have limits used within the last minute.
    pub fn meters(&self) -> &Meters {
        &self.0.meters
    }

    fn repeats(&self) -> &Extras {
        &self.0.repeats
    }

    fn hedges(&self) -> &Extras {
        &self.0.hedges
    }

    fn gates(&self) -> &gate::Gates {
        &self.0.gates
    }

    fn shapes(&self) -> &shapes::Shapes {
        &self.0.shapes
    }

    fn strikes(&self) -> &strikes::Strikes {
        &self.0.strikes
    }

    fn sockets(&self) -> &Arc<Semaphore> {
        &self.0.sockets
    }

    fn socket_memory(&self) -> &Arc<Semaphore> {
        &self.0.socket_memory
    }

    fn drains(&self) -> &Semaphore {
        &self.0.drains
    }

    /// Channels that failed so often that their options have them switched off; each is told once.
    pub fn take_condemned(&self) -> Vec<Condemned> {
        self.0.strikes.take()
    }

    /// Tells of a channel again, because it could not be switched off.
    pub fn give_back_condemned(&self, condemned: Condemned) {
        self.0.strikes.give_back(condemned);
    }

    /// Forgets what is known of what is gone from the configuration, and sessions that are over.
    pub fn forget_the_gone(&self) {
        let catalog = self.catalog.snapshot();
        self.health.retain(|target| match target {
            Target::Channel(id) => catalog.find_channel(*id).is_some(),
            Target::Endpoint(id) => {
                catalog.channels().any(|channel| channel.find_endpoint(*id).is_some())
            }
            Target::Credential(id) => {
                catalog.channels().any(|channel| channel.find_credential(*id).is_some())
            }
            Target::Binding(id) => {
                catalog.models().any(|model| model.bindings.iter().any(|binding| binding.id == *id))
            }
        });
        self.accounts
            .retain(|id| catalog.channels().any(|channel| channel.find_credential(id).is_some()));
        self.0.loads.retain(|channel| catalog.find_channel(channel).is_some());
        // A bond with a credential that is gone stays: the next turn of its session tells why it moves.
        self.0.affinity.forget_old(self.clock.now());
        self.0.meters.forget_idle(self.clock.now());
        self.0.gates.forget_idle();
        self.0.shapes.retain(|channel| catalog.find_channel(channel).is_some());
        self.0.strikes.retain(|channel| catalog.find_channel(channel).is_some());
    }

    fn once(&self) -> &once::Once {
        &self.0.once
    }

    fn kept_responses(&self) -> &kept_responses::KeptResponses {
        &self.0.kept_responses
    }

    fn recent_homes(&self) -> &stored::RecentHomes {
        &self.0.recent_homes
    }

    async fn submit(&self, record: UsageRecord) {
        self.events.publish_call(&record);
        self.recorder.submit(record).await;
    }

    async fn submit_noted(&self, record: UsageRecord, noted: Option<Noted>) {
        self.events.publish_call(&record);
        self.recorder.submit_noted(record, noted).await;
    }
}

/// The database is in the way: not the caller's fault, and worth another try.
fn storage_fault(message: &str) -> Fault {
    Fault::unavailable(message)
        .with_origin(Origin::Storage)
        .with_retry_after(Duration::from_secs(1))
}

/// The upstream is at fault.
fn upstream_fault(kind: FaultKind, message: &str) -> Fault {
    Fault::new(kind, message).with_origin(Origin::Upstream)
}

impl Deref for Relay {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0.parts
    }
}
