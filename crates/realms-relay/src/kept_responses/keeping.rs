//! An answer on its way to the client that is kept when it has come to its end.

use std::time::Duration;

use bytes::Bytes;
use realms_dialect::{
    Limits, ResponseGathering, StateNote, finished_id, has_sealed_reasoning, input_items,
};
use realms_identity::Caller;
use realms_scheduler::Candidate;
use realms_store::KeptResponse;
use realms_types::{ApiKeyId, CredentialId, UserId};
use tokio::{sync::OwnedSemaphorePermit, time::sleep};

use super::{
    content::Content,
    pending::{KeptResponses, Pending},
};
use crate::{Operation, Relay, call::Call, plan::Plan, pump::End};

/// Pauses between tries to write a response down while the database is away.
const PAUSES: [u64; 6] = [1, 2, 4, 8, 15, 30];

/// Has a response say what it goes on from and that it is kept, and gathers it.
pub(crate) struct Keeping {
    note: StateNote,
    keeper: Option<Keeper>,
}

/// A response that is to be kept, as far as it has come.
struct Keeper {
    kept: KeptResponses,
    user: UserId,
    api_key: ApiKeyId,
    credential: CredentialId,
    terms: Terms,
    gathering: ResponseGathering,
    /// The answer, where it came in one piece.
    whole: Option<Bytes>,
    /// From its first word to the client on.
    pending: Option<Pending>,
    /// A permit for each byte that is held.
    room: Option<OwnedSemaphorePermit>,
    held: usize,
}

/// How much is kept, and for how long.
#[derive(Debug, Clone, Copy)]
struct Terms {
    bytes: usize,
    per_key: u64,
    ttl: Duration,
}

// === impl Keeping ===

impl Keeping {
    /// What there is to do about the answer of this candidate, if anything.
    pub(crate) fn of(
        relay: &Relay,
        call: &Call,
        caller: &Caller,
        plan: &Plan,
        candidate: Option<&Candidate>,
    ) -> Option<Self> {
        let candidate = candidate.filter(|_| call.operation == Operation::Respond)?;
        let kept = plan.keeps_here(&call.operation, candidate);
        let previous = call.previous.as_ref().map(|previous| previous.id.clone());
        if !kept && previous.is_none() {
            return None;
        }
        let keeper = kept.then(|| Keeper::new(relay, caller, plan, candidate));
        Some(Self { note: StateNote { previous, kept }, keeper })
    }

    /// An answer in one piece as the client gets it.
    pub(crate) fn whole(&mut self, body: Bytes) -> Bytes {
        let id = finished_id(&body);
        if id.is_none() {
            // One that failed is nothing to go on from.
            (self.note.kept, self.keeper) = (false, None);
        }
        let body = self.note.whole(body);
        if let (Some(keeper), Some(id)) = (&mut self.keeper, id) {
            keeper.pending = Some(keeper.kept.begin(keeper.user, &id));
            keeper.whole = Some(body.clone());
        }
        body
    }

    /// Bytes of a stream that end where a frame ends, as the client gets them.
    pub(crate) fn frames(&mut self, bytes: Bytes) -> Bytes {
        let bytes = self.note.frames(bytes);
        if let Some(keeper) = &mut self.keeper {
            keeper.push(bytes.clone());
        }
        bytes
    }

    /// Writes the response down beside whatever comes next, if it has come to a good end.
    pub(crate) fn close(self, relay: &Relay, call: &Call, end: End) {
        let Some(keeper) = self.keeper.filter(|_| end == End::Complete) else { return };
        if let Some(writing) = keeper.finish(relay, call) {
            let relay = relay.clone();
            relay.tasks.clone().spawn(async move { writing.write(&relay).await });
        }
    }
}

// === impl Keeper ===

impl Keeper {
    fn new(relay: &Relay, caller: &Caller, plan: &Plan, candidate: &Candidate) -> Self {
        let settings = plan.catalog.settings();
        let bytes = usize::try_from(settings.responses_state_bytes).unwrap_or(usize::MAX);
        let frame = relay.limits.frame_bytes;
        Self {
            kept: relay.kept_responses().clone(),
            user: caller.user_id,
            api_key: caller.api_key_id,
            credential: candidate.credential.id,
            terms: Terms {
                bytes,
                per_key: settings.responses_state_per_key.into(),
                ttl: settings.responses_state_ttl,
            },
            gathering: ResponseGathering::new(bytes, Limits { line: frame, frame }),
            whole: None,
            pending: None,
            room: None,
            held: 0,
        }
    }

    fn push(&mut self, bytes: Bytes) {
        self.gathering.push(bytes);
        if self.pending.is_none()
            && let Some(id) = self.gathering.id()
        {
            self.pending = Some(self.kept.begin(self.user, id));
        }
        let held = self.gathering.size();
        if !self.has_room(held) {
            self.gathering.let_go();
        }
    }

    /// Whether so many bytes may be held at once.
    fn has_room(&mut self, bytes: usize) -> bool {
        let more = bytes.saturating_sub(self.held);
        if more == 0 {
            return true;
        }
        let Some(more) = self.kept.room(more) else { return false };
        match &mut self.room {
            Some(room) => room.merge(more),
            None => self.room = Some(more),
        }
        self.held = bytes;
        true
    }

    /// What is to be written down of a response that has come to its end; `None` when it never told its id.
    fn finish(mut self, relay: &Relay, call: &Call) -> Option<Writing> {
        let pending = self.pending.take()?;
        let response = self.whole.take().or_else(|| self.gathering.finish());
        let content = response.and_then(|response| self.content(call, &response));
        let now = relay.clock.now();
        let row = KeptResponse {
            id: relay.ids.next(),
            user_id: self.user,
            response_id: pending.id().to_owned(),
            api_key_id: self.api_key,
            content: None,
            created_at: now,
            expires_at: now + self.terms.ttl,
        };
        let (per_key, room) = (self.terms.per_key, self.room);
        Some(Writing { row, content, per_key, _pending: pending, _room: room })
    }

    /// The conversation with a response; `None` when it is too large.
    fn content(&mut self, call: &Call, response: &Bytes) -> Option<Content> {
        let items = input_items(&call.body).ok()?;
        let bytes = items.len() + response.len();
        if bytes > self.terms.bytes || !self.has_room(bytes) {
            return None;
        }
        let is_sealed = has_sealed_reasoning(Operation::Respond.dialect(), response);
        let before = call.previous.as_ref().and_then(|previous| previous.sealed_by);
        let sealed_by = if is_sealed { Some(self.credential) } else { before };
        let response = String::from_utf8(response.to_vec()).ok()?;
        Content::new(sealed_by, &items, response)
    }
}

/// A response that is being written down.
struct Writing {
    row: KeptResponse,
    /// `None`: only that it was too large.
    content: Option<Content>,
    per_key: u64,
    _pending: Pending,
    _room: Option<OwnedSemaphorePermit>,
}

// === impl Writing ===

impl Writing {
    async fn write(mut self, relay: &Relay) {
        if let Some(content) = self.content.take() {
            match content.seal(relay, self.row.id) {
                Ok(sealed) => self.row.content = Some(sealed),
                Err(error) => {
                    tracing::error!(%error, "a response cannot be sealed, so it is not kept");
                    return;
                }
            }
        }
        for pause in PAUSES.into_iter().map(Some).chain([None]) {
            match relay.store.keep_response(&self.row, self.per_key).await {
                Ok(()) => return,
                Err(error) if error.is_temporary() && pause.is_some() => {
                    tracing::warn!(%error, "a response is not kept yet");
                    sleep(Duration::from_secs(pause.unwrap_or_default())).await;
                }
                Err(error) => {
                    tracing::error!(%error, "a response is not kept: nobody can go on from it");
                    return;
                }
            }
        }
    }
}
