//! A ledger over a database of its own, with a clock that tests move.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use realms_ledger::{
    AccountId, Estimate, Hold, Ledger, LedgerError, Movement, Payer, Recorder, Refusal,
    Reservation, Settlement, verify,
};
use realms_store::{HoldRecord, Store, UsageRecord};
use realms_types::{
    Billing, Certainty, Chance, Clock, DialectId, Ids, Money, NodeId, RequestId, SystemClock,
    Timestamp, Usage, UserId,
};
use tempfile::TempDir;
use tokio::task::JoinHandle;

use crate::database::Database;

/// A clock that stands until it is moved.
#[derive(Debug)]
pub(crate) struct Hands(AtomicI64);

/// One node.
pub(crate) struct World {
    pub(crate) store: Store,
    pub(crate) ledger: Ledger,
    pub(crate) recorder: Recorder,
    pub(crate) clock: Arc<Hands>,
    pub(crate) ids: Ids,
    pub(crate) writer: JoinHandle<()>,
    spool: Arc<TempDir>,
}

/// When every story begins: a whole number of days.
pub(crate) const START: i64 = 20_772 * 86_400;

impl Clock for Hands {
    fn now(&self) -> Timestamp {
        Timestamp::from_micros(self.0.load(Ordering::SeqCst))
    }
}

// === impl World ===

impl World {
    pub(crate) async fn start(database: &Database) -> Self {
        Self::over(database.open().await.unwrap()).await
    }

    pub(crate) async fn over(store: Store) -> Self {
        let clock = Arc::new(Hands(AtomicI64::new(START * 1_000_000)));
        let spool = Arc::new(TempDir::new().unwrap());
        Self::run(store, clock, spool).await
    }

    async fn run(store: Store, clock: Arc<Hands>, spool: Arc<TempDir>) -> Self {
        let (recorder, writer) = Recorder::start(store.clone(), spool.path()).await.unwrap();
        // Ids of the real clock, so that they differ between tests whose clock stands still.
        let ids = Ids::new(Arc::new(SystemClock), Chance::from_entropy());
        let ledger = Ledger::new(&recorder, Arc::clone(&clock) as _, ids.clone());
        Self { store, ledger, recorder, clock, ids, writer, spool }
    }

    /// Ends the writer as a crash would, and starts another over the same database and spool.
    pub(crate) async fn crash(&mut self) {
        self.writer.abort();
        let _ = (&mut self.writer).await;
        let (clock, spool) = (Arc::clone(&self.clock), Arc::clone(&self.spool));
        *self = Self::run(self.store.clone(), clock, spool).await;
    }

    pub(crate) fn spool(&self) -> &std::path::Path {
        self.spool.path()
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    pub(crate) fn advance(&self, by: Duration) {
        self.clock.0.fetch_add(i64::try_from(by.as_micros()).unwrap(), Ordering::SeqCst);
    }

    pub(crate) fn set_back(&self, by: Duration) {
        self.clock.0.fetch_sub(i64::try_from(by.as_micros()).unwrap(), Ordering::SeqCst);
    }

    /// A user with so much money.
    pub(crate) async fn user(&self, amount: Money) -> UserId {
        let user: UserId = self.ids.next();
        if amount != Money::ZERO {
            let key = format!("payment-{}", user.raw());
            self.ledger.credit(movement(user, amount, &key)).await.unwrap();
        }
        user
    }

    /// A call that the balance pays.
    pub(crate) fn call(&self, user: UserId, cost: Money) -> Reservation {
        Reservation {
            request_id: self.ids.next_request(),
            user,
            node: NodeId::new(1),
            estimate: Estimate { cost, tokens: 1_000 },
            caps: Vec::new(),
            payer: Payer::BALANCE,
            call: None,
        }
    }

    pub(crate) async fn hold(&self, user: UserId, cost: Money) -> Hold {
        self.ledger.reserve(self.call(user, cost)).await.unwrap()
    }

    /// Available and held.
    pub(crate) async fn balance(&self, user: UserId) -> (Money, Money) {
        let found = self.store.read().find_balance(AccountId::user(user)).await.unwrap();
        found.map_or((Money::ZERO, Money::ZERO), |one| (one.available, one.held))
    }

    pub(crate) async fn found(&self, request: RequestId) -> HoldRecord {
        self.store.read().find_hold(request).await.unwrap().unwrap()
    }

    pub(crate) async fn expire(&self) -> u64 {
        self.ledger.expire_due(&self.store).await.unwrap()
    }

    /// Every rule that holds at any time.
    pub(crate) async fn is_sound(&self) {
        let found = verify(&self.store).await.unwrap();
        let defects: Vec<String> = found.defects.iter().map(ToString::to_string).collect();
        assert!(defects.is_empty(), "{defects:#?}");
    }
}

/// USD.
pub(crate) fn usd(text: &str) -> Money {
    text.parse().unwrap()
}

pub(crate) fn movement(user: UserId, amount: Money, key: &str) -> Movement {
    Movement {
        user,
        amount,
        key: key.to_owned(),
        reference: Some("payment 4711".to_owned()),
        actor: Some("root".to_owned()),
        reason: Some("because".to_owned()),
    }
}

pub(crate) fn settlement(cost: Money, tokens: u64) -> Settlement {
    Settlement { cost, tokens, price: Some("{}".to_owned()), record: None }
}

/// Why a reservation was refused.
pub(crate) fn refusal<T: std::fmt::Debug>(outcome: Result<T, LedgerError>) -> Refusal {
    match outcome.unwrap_err() {
        LedgerError::Refused(refusal) => refusal,
        other => panic!("{other}"),
    }
}

/// The record of a call.
pub(crate) fn record(world: &World, request: RequestId, user: UserId, cost: Money) -> UsageRecord {
    UsageRecord {
        id: world.ids.next(),
        request_id: request,
        client_request_id: None,
        user_id: user,
        api_key_id: 1.into(),
        node_id: NodeId::new(1),
        dialect: DialectId::Responses,
        operation: "responses".to_owned(),
        model: "gpt-5.2".to_owned(),
        model_id: None,
        upstream_model: None,
        answered_model: None,
        channel_id: None,
        endpoint_id: None,
        credential_id: None,
        channel_group_id: None,
        stream: true,
        status: 200,
        outcome: "ok".to_owned(),
        origin: None,
        cause: None,
        started_at: world.now(),
        first_event_us: None,
        duration_us: 1,
        request_bytes: 1,
        response_bytes: 1,
        usage: Usage { input: 100, output: 50, ..Usage::default() },
        certainty: Certainty::Measured,
        cost: Some(cost),
        price: Some("{}".to_owned()),
        attempts: Vec::new(),
        trace: None,
        client_address: None,
        user_agent: None,
        client: "other".to_owned(),
        session: None,
        cache_saved: None,
        billing: Some(Billing::Charged),
        upstream_cost: None,
        object: None,
    }
}
