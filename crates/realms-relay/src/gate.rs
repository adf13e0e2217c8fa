//! How many calls may run at once for somebody: who comes too many waits in line.

use std::{collections::VecDeque, sync::Arc, time::Duration};

use dashmap::DashMap;
use parking_lot::Mutex;
use realms_types::{LimitKind, LimitOwner, Limits};
use tokio::{
    sync::oneshot,
    time::{Instant, timeout_at},
};

/// So many may wait beyond as many as may run: more would only wait for their deadline.
const WAITING: usize = 20;

/// The gates of everyone who has a limit on calls at once. Who has none costs nothing.
#[derive(Debug, Default)]
pub(crate) struct Gates {
    gates: DashMap<LimitOwner, Arc<Gate>>,
}

/// The right of one call to run. Given back when it is dropped, whatever became of the call.
#[derive(Debug)]
#[must_use = "the right ends when this is dropped"]
pub(crate) struct Permit {
    /// `None` of one that nobody took: its place is given back already.
    gate: Option<Arc<Gate>>,
    stream: bool,
}

/// Why a call may not run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Full {
    /// What is full.
    pub kind: LimitKind,
    /// How many may run at once.
    pub most: u32,
}

/// A limit with who has it, and the kind of call.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Entrant {
    /// Whose limit.
    pub owner: LimitOwner,
    /// The limit.
    pub limits: Limits,
    /// Whether the answer is a stream.
    pub stream: bool,
}

#[derive(Debug, Default)]
struct Gate {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    running: u32,
    streams: u32,
    waiting: VecDeque<Waiting>,
}

#[derive(Debug)]
struct Waiting {
    entrant: Entrant,
    tell: oneshot::Sender<Permit>,
}

// === impl Gates ===

impl Gates {
    /// Lets a call in now, or not at all. `None`: nothing limits it.
    pub(crate) fn try_enter(&self, entrant: Entrant) -> Result<Option<Permit>, Full> {
        if !entrant.limits.is_at_once() {
            return Ok(None);
        }
        let gate = self.gate(entrant.owner);
        let mut state = gate.state.lock();
        match state.full(entrant) {
            None => {
                state.take(entrant.stream);
                drop(state);
                Ok(Some(Permit { gate: Some(gate), stream: entrant.stream }))
            }
            Some(full) => Err(full),
        }
    }

    /// Lets a call in when it is its turn, at `deadline` at the latest. First come, first served, except
    /// that a call which does not stream passes streams that wait for the end of another stream.
    pub(crate) async fn enter(
        &self,
        entrant: Entrant,
        deadline: Instant,
    ) -> Result<Option<Permit>, Full> {
        if !entrant.limits.is_at_once() {
            return Ok(None);
        }
        let turn = match self.queue(entrant)? {
            Turn::Now(permit) => return Ok(Some(permit)),
            Turn::Later(turn, full) => (turn, full),
        };
        let (turn, full) = turn;
        match timeout_at(deadline, turn).await {
            Ok(Ok(permit)) => Ok(Some(permit)),
            // Too late, or the gate is gone. A permit sent meanwhile is dropped with the receiver.
            Ok(Err(_)) | Err(_) => Err(full),
        }
    }

    /// Forgets gates that nobody is behind.
    pub(crate) fn forget_idle(&self) {
        self.gates.retain(|_, gate| {
            let state = gate.state.lock();
            // Somebody may be about to enter who holds the gate already.
            state.running > 0 || !state.waiting.is_empty() || Arc::strong_count(gate) > 1
        });
    }

    /// How many run and how many wait.
    #[cfg(test)]
    fn count(&self, owner: LimitOwner) -> (u32, usize) {
        self.gates.get(&owner).map_or((0, 0), |gate| {
            let state = gate.state.lock();
            (state.running, state.waiting.len())
        })
    }

    fn queue(&self, entrant: Entrant) -> Result<Turn, Full> {
        let gate = self.gate(entrant.owner);
        let mut state = gate.state.lock();
        let Some(full) = state.full(entrant) else {
            state.take(entrant.stream);
            drop(state);
            return Ok(Turn::Now(Permit { gate: Some(gate), stream: entrant.stream }));
        };
        state.waiting.retain(|waiting| !waiting.tell.is_closed());
        let most = usize::try_from(full.most).unwrap_or(usize::MAX).saturating_add(WAITING);
        if state.waiting.len() >= most {
            return Err(full);
        }
        let (tell, turn) = oneshot::channel();
        state.waiting.push_back(Waiting { entrant, tell });
        Ok(Turn::Later(turn, full))
    }

    fn gate(&self, owner: LimitOwner) -> Arc<Gate> {
        Arc::clone(&self.gates.entry(owner).or_default())
    }
}

/// When a call may run.
enum Turn {
    Now(Permit),
    Later(oneshot::Receiver<Permit>, Full),
}

// === impl State ===

impl State {
    /// What is in the way of a call; those who wait do not count: they wait for what is full, too, or
    /// they would have been let in.
    fn full(&self, entrant: Entrant) -> Option<Full> {
        let Limits { concurrency, streams, .. } = entrant.limits;
        let over = |most: Option<std::num::NonZeroU32>, running: u32, kind| {
            let most = most?.get();
            (running >= most).then_some(Full { kind, most })
        };
        let stream = || over(streams.filter(|_| entrant.stream), self.streams, LimitKind::Streams);
        over(concurrency, self.running, LimitKind::Concurrency).or_else(stream)
    }

    fn take(&mut self, stream: bool) {
        self.running += 1;
        self.streams += u32::from(stream);
    }

    fn give_back(&mut self, stream: bool) {
        self.running = self.running.saturating_sub(1);
        self.streams = self.streams.saturating_sub(u32::from(stream));
    }

    /// The first in line for whom there is room, with their place taken.
    fn next(&mut self) -> Option<Waiting> {
        let place = self.waiting.iter().position(|one| self.full(one.entrant).is_none())?;
        let next = self.waiting.remove(place)?;
        self.take(next.entrant.stream);
        Some(next)
    }
}

// === impl Permit ===

impl Drop for Permit {
    /// Hands the place on to the next in line who is still there.
    fn drop(&mut self) {
        let Some(gate) = self.gate.take() else { return };
        gate.state.lock().give_back(self.stream);
        loop {
            let Some(next) = gate.state.lock().next() else { return };
            let stream = next.entrant.stream;
            let permit = Self { gate: Some(Arc::clone(&gate)), stream };
            // A limit on streams may leave room for more than the one whose turn it is.
            if let Err(mut unwanted) = next.tell.send(permit) {
                unwanted.gate = None;
                gate.state.lock().give_back(stream);
            }
        }
    }
}

/// How long until a deadline that is this far away.
pub(crate) fn after(wait: Duration) -> Instant {
    Instant::now() + wait
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroU32;

    use realms_types::ApiKeyId;
    use tokio::task::yield_now;

    use super::*;

    const OWNER: LimitOwner = LimitOwner::ApiKey(ApiKeyId::new(1));

    fn entrant(concurrency: u32, streams: u32, stream: bool) -> Entrant {
        let limits = Limits {
            concurrency: NonZeroU32::new(concurrency),
            streams: NonZeroU32::new(streams),
            ..Limits::NONE
        };
        Entrant { owner: OWNER, limits, stream }
    }

    fn soon() -> Instant {
        after(Duration::from_secs(30))
    }

    #[tokio::test(start_paused = true)]
    async fn who_comes_too_many_waits_for_its_turn() {
        let gates = Arc::new(Gates::default());
        let one = entrant(1, 0, false);
        let first = gates.enter(one, soon()).await.unwrap();
        let mut line = Vec::new();
        for _ in 0..3 {
            let gates = Arc::clone(&gates);
            line.push(tokio::spawn(async move { gates.enter(one, soon()).await }));
            yield_now().await;
        }
        assert_eq!(gates.count(OWNER), (1, 3));
        assert_eq!(gates.try_enter(one).unwrap_err().most, 1);
        // The first in line leaves: the second is next.
        line.remove(0).abort();
        yield_now().await;
        drop(first);
        let second = line.remove(0).await.unwrap().unwrap();
        assert_eq!(gates.count(OWNER), (1, 1));
        drop(second);
        drop(line.remove(0).await.unwrap().unwrap());
        assert_eq!(gates.count(OWNER), (0, 0));
        gates.forget_idle();
        assert!(gates.gates.is_empty());
    }

    #[tokio::test(start_paused = true)]
    async fn nobody_waits_longer_than_the_deadline_nor_in_an_endless_line() {
        let gates = Arc::new(Gates::default());
        let one = entrant(1, 0, false);
        let held = gates.enter(one, soon()).await.unwrap();
        let full = Full { kind: LimitKind::Concurrency, most: 1 };
        assert_eq!(gates.enter(one, soon()).await.unwrap_err(), full);
        let mut line = Vec::new();
        for _ in 0..=WAITING {
            let gates = Arc::clone(&gates);
            line.push(tokio::spawn(async move { gates.enter(one, soon()).await }));
            yield_now().await;
        }
        assert_eq!(gates.enter(one, Instant::now()).await.unwrap_err(), full);
        drop(held);
        for one in line {
            one.abort();
            drop(one.await);
        }
        assert_eq!(gates.count(OWNER), (0, 0));
    }

    #[tokio::test]
    async fn streams_have_a_limit_of_their_own() {
        let gates = Gates::default();
        let (stream, whole) = (entrant(3, 1, true), entrant(3, 1, false));
        let first = gates.try_enter(stream).unwrap();
        assert_eq!(gates.try_enter(stream).unwrap_err().kind, LimitKind::Streams);
        let others = [gates.try_enter(whole).unwrap(), gates.try_enter(whole).unwrap()];
        assert_eq!(gates.try_enter(whole).unwrap_err().kind, LimitKind::Concurrency);
        drop(first);
        assert!(gates.try_enter(stream).unwrap().is_some());
        drop(others);
        assert_eq!(gates.count(OWNER), (0, 0));
    }

    #[tokio::test(start_paused = true)]
    async fn a_thousand_that_come_and_go_leave_nothing_behind() {
        let gates = Arc::new(Gates::default());
        let mut tasks = Vec::new();
        for number in 0..1_000u64 {
            let gates = Arc::clone(&gates);
            tasks.push(tokio::spawn(async move {
                let wait = after(Duration::from_millis(number % 7));
                let entered = gates.enter(entrant(5, 2, number % 3 == 0), wait).await;
                tokio::time::sleep(Duration::from_millis(number % 11)).await;
                drop(entered);
            }));
            if number % 5 == 0 {
                tasks.swap_remove(0).abort();
                yield_now().await;
            }
        }
        for task in tasks {
            drop(task.await);
        }
        assert_eq!(gates.count(OWNER).0, 0);
    }
}
