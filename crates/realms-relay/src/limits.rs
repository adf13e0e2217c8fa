//! What a call may use: the limits of its key, its user, and of the channel and credential it is sent to.

use std::time::Duration;

use realms_dialect::{Fault, FaultKind, Intent};
use realms_identity::Caller;
use realms_scheduler::{Candidate, Claim, Limited, Taken};
use realms_types::{Cause, LimitKind, LimitOwner, Limits, Timestamp, Usage};

use crate::{
    Relay,
    call::Call,
    gate::{Entrant, Full, Permit, after},
    record::expected_input,
};

/// How long a call waits in line for its turn.
const WAIT: Duration = Duration::from_secs(30);
/// So many LLM tokens of an answer are reserved at most: clients ask for as many as they can get, and
/// use a tenth of that. What is used beyond counts once it is known.
const EXPECTED_OUTPUT: u64 = 2_048;
/// An answer without a bound is taken to be so long.
const USUAL_OUTPUT: u64 = 1_024;

/// The right to be served within limits. Dropping it ends what is held; what was used stays counted.
#[derive(Debug, Default)]
pub(crate) struct Allowance {
    #[expect(dead_code, reason = "held for what its end does")]
    permits: Vec<Permit>,
    taken: Option<Taken>,
}

/// What was counted for a call that waits for its turn. Given back when it does not get it, because the
/// line is too long or its client left.
struct Reserved<'a> {
    relay: &'a Relay,
    taken: Option<Taken>,
}

/// Why a candidate was not asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct AtLimit {
    pub owner: LimitOwner,
    pub kind: LimitKind,
    pub most: u32,
    pub free_at: Option<Timestamp>,
}

/// Lets a call of this caller in, at once or when it is its turn.
pub(crate) async fn admit(
    relay: &Relay,
    caller: &Caller,
    call: &Call,
    intent: &Intent,
) -> Result<Allowance, Fault> {
    let owners = owners_of(caller);
    if owners.iter().all(|(_, limits)| limits.is_none()) {
        return Ok(Allowance::default());
    }
    let nodes = relay.nodes();
    let tokens = expected(owners.map(|(_, limits)| limits), call, intent);
    let taken = take(relay, owners, tokens)?;
    let mut reserved = Reserved { relay, taken: Some(taken) };
    let mut permits = Vec::new();
    for (owner, limits) in owners {
        let entrant = Entrant { owner, limits: limits.shared(nodes), stream: intent.stream };
        match relay.gates().enter(entrant, after(WAIT)).await {
            Ok(permit) => permits.extend(permit),
            Err(full) => {
                let most = limits.of(full.kind).unwrap_or(full.most);
                return Err(too_many_at_once(owner, Full { most, ..full }));
            }
        }
    }
    Ok(Allowance { permits, taken: reserved.taken.take() })
}

/// Counts a repeat of a call, which is told what that was told, as one of the requests of its caller. It takes no turn
/// and uses no LLM tokens.
pub(crate) fn admit_repeat(relay: &Relay, caller: &Caller) -> Result<(), Fault> {
    let requests = |(owner, limits): (LimitOwner, Limits)| {
        let requests_per_minute = limits.requests_per_minute;
        (owner, Limits { requests_per_minute, ..Limits::NONE })
    };
    let taken = take(relay, owners_of(caller).map(requests), 0)?;
    relay.meters().settle(taken, 0, relay.clock.now());
    Ok(())
}

/// Whose limits a caller is held to.
fn owners_of(caller: &Caller) -> [(LimitOwner, Limits); 2] {
    [
        (LimitOwner::ApiKey(caller.api_key_id), caller.limits),
        (LimitOwner::User(caller.user_id), caller.user_limits),
    ]
}

/// Counts a request within this node's share of the limits of a minute.
fn take(relay: &Relay, owners: [(LimitOwner, Limits); 2], tokens: u32) -> Result<Taken, Fault> {
    let (now, nodes) = (relay.clock.now(), relay.nodes());
    let claims = owners.map(|(owner, limits)| Claim { owner, limits: limits.shared(nodes) });
    relay.meters().take(claims, tokens, now).map_err(|limited| {
        // What a person set is what they hear of, not this node's share of it.
        let of_owner = owners.iter().find(|(other, _)| *other == limited.owner);
        let most = of_owner.and_then(|(_, limits)| limits.of(limited.kind)).unwrap_or(limited.most);
        too_many(Limited { most, ..limited }, tokens, now)
    })
}

/// Takes a seat at a candidate, or says which limit is in the way. Nobody waits here: another candidate
/// may have room.
pub(crate) fn seat(
    relay: &Relay,
    candidate: &Candidate,
    call: &Call,
    intent: &Intent,
) -> Result<Allowance, AtLimit> {
    let owners = [
        (LimitOwner::Credential(candidate.credential.id), candidate.credential.limits),
        (LimitOwner::Channel(candidate.channel.id), candidate.channel.limits),
    ];
    let owners = owners.map(|(owner, limits)| (owner, limits.shared(relay.nodes())));
    if owners.iter().all(|(_, limits)| limits.is_none()) {
        return Ok(Allowance::default());
    }
    let mut permits = Vec::new();
    for (owner, limits) in owners {
        let entrant = Entrant { owner, limits, stream: intent.stream };
        let permit = relay.gates().try_enter(entrant).map_err(|full| AtLimit {
            owner,
            kind: full.kind,
            most: full.most,
            free_at: None,
        })?;
        permits.extend(permit);
    }
    let tokens = expected(owners.map(|(_, limits)| limits), call, intent);
    let claims = owners.map(|(owner, limits)| Claim { owner, limits });
    let taken = relay.meters().take(claims, tokens, relay.clock.now())?;
    Ok(Allowance { permits, taken: Some(taken) })
}

/// The LLM tokens a call will use, if anyone counts them.
fn expected(limits: [Limits; 2], call: &Call, intent: &Intent) -> u32 {
    if limits.iter().all(|limits| limits.tokens_per_minute.is_none()) {
        return 0;
    }
    let output = intent.max_output.unwrap_or(USUAL_OUTPUT).min(EXPECTED_OUTPUT);
    let answers = intent.candidate_count.unwrap_or(1).clamp(1, 128);
    u32::try_from(expected_input(call).saturating_add(output * answers)).unwrap_or(u32::MAX)
}

fn too_many(limited: Limited, tokens: u32, now: Timestamp) -> Fault {
    let Limited { owner, kind, most, free_at } = limited;
    let (who, limit) = (who(owner), words(kind, most));
    let Some(free_at) = free_at else {
        let message = format!(
            "{who} may use {limit}, and this request by itself needs about {tokens}: make it smaller"
        );
        return Fault::rate_limited(message).without_retry();
    };
    // A second that has begun is waited for to its end.
    let wait = Duration::from_secs(free_at.since(now).as_secs() + 1);
    let message = format!("{who} may use {limit}: there is room again in {} s", wait.as_secs());
    Fault::rate_limited(message).with_retry_after(wait)
}

fn too_many_at_once(owner: LimitOwner, full: Full) -> Fault {
    let (who, limit) = (who(owner), words(full.kind, full.most));
    let message = format!(
        "{who} may use {limit}, and none ended in {} s: wait for one to end",
        WAIT.as_secs()
    );
    Fault::new(FaultKind::RateLimited, message).with_retry_after(Duration::from_secs(5))
}

fn who(owner: LimitOwner) -> &'static str {
    match owner {
        LimitOwner::ApiKey(_) => "this API key",
        LimitOwner::User(_) => "the user of this API key",
        LimitOwner::Credential(_) => "the upstream account",
        LimitOwner::Channel(_) => "the channel",
    }
}

fn words(kind: LimitKind, most: u32) -> String {
    let what = match kind {
        LimitKind::Requests => "requests a minute",
        LimitKind::Tokens => "LLM tokens a minute",
        LimitKind::Concurrency => "requests at once",
        LimitKind::Streams => "streams at once",
    };
    format!("{most} {what}")
}

// === impl Allowance ===

impl Allowance {
    /// Whether any limit had a say.
    pub(crate) const fn is_of_any_limit(&self) -> bool {
        self.taken.is_some()
    }

    /// Counts what was really used.
    pub(crate) fn settle(&mut self, relay: &Relay, usage: &Usage) {
        if let Some(taken) = self.taken.take() {
            relay.meters().settle(taken, usage.total(), relay.clock.now());
        }
    }

    /// Ends it after nothing was used.
    pub(crate) fn unused(mut self, relay: &Relay) {
        self.settle(relay, &Usage::default());
    }
}

// === impl Reserved ===

impl Drop for Reserved<'_> {
    fn drop(&mut self) {
        if let Some(taken) = self.taken.take() {
            self.relay.meters().give_back(&taken, self.relay.clock.now());
        }
    }
}

// === impl AtLimit ===

impl AtLimit {
    /// The word an attempt is told under.
    pub(crate) const CAUSE: Cause = Cause::RateLimited;

    /// What a trace says of it.
    pub(crate) fn detail(&self) -> String {
        format!("not asked: {} may use {}", who(self.owner), words(self.kind, self.most))
    }
}

impl From<Limited> for AtLimit {
    fn from(Limited { owner, kind, most, free_at }: Limited) -> Self {
        Self { owner, kind, most, free_at }
    }
}
