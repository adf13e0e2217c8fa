//! A recorded call, decided once more: as it was then, or by the configuration of today.

use realms_catalog::Catalog;
use realms_scheduler::{Bond, Decision, Home, Wanted, replay};
use realms_store::{DecisionRecord, UsageRecord};
use realms_types::{ChannelId, Considered, CredentialId, EndpointId};

use crate::counterpart::others_of;

/// What became of a decision that was made again.
#[derive(Debug)]
pub struct Replayed {
    /// Whom the call could ask then, the first first.
    pub then: Vec<Choice>,
    /// Whom it could ask now.
    pub now: Vec<Choice>,
    /// What is said now of everyone that is bound to the model.
    pub considered: Vec<Considered>,
}

/// The first way to a channel in the order to try.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Choice {
    /// The channel.
    pub channel: ChannelId,
    /// The endpoint to begin with.
    pub endpoint: Option<EndpointId>,
    /// The credential to begin with.
    pub credential: Option<CredentialId>,
}

/// Why a call cannot be decided again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotReplayable {
    /// It came to no decision: it was refused before, or recorded by an earlier version.
    #[error(
        "this call was refused before anyone was considered, or its trace is not kept any more"
    )]
    Undecided,
    /// It went to the one place where an object lies.
    #[error("this call was about an object that an upstream keeps: there was one place to go")]
    StoredObject,
    /// The model is gone.
    #[error("the model of this call does not exist any more")]
    NoModel,
}

/// Decides a recorded call again, by this catalogue.
pub fn replay_call(
    catalog: &Catalog,
    call: &UsageRecord,
    decision: &DecisionRecord,
) -> Result<Replayed, NotReplayable> {
    if decision.key_groups.is_empty() && decision.home {
        return Err(NotReplayable::StoredObject);
    }
    let model = catalog.find_model(&call.model).ok_or(NotReplayable::NoModel)?;
    let considered = &decision.considered;
    let first = considered.iter().find(|one| one.is_placed());
    let others = others_of(&call.operation, call.dialect);
    let wanted = Wanted {
        model,
        groups: &decision.key_groups,
        dialect: call.dialect,
        others: &others,
        kind: decision.kind,
        asks: decision.asks,
        home: first.filter(|_| decision.home).and_then(home),
        bond: decision.bond.and_then(|credential| bond(catalog, considered, credential)),
        without: &[],
    };
    let Decision { considered: now, .. } =
        replay(catalog, wanted, considered, decision.seed, decision.at);
    Ok(Replayed { then: choices(considered), now: choices(&now), considered: now })
}

fn home(one: &Considered) -> Option<Home> {
    Some(Home { endpoint: one.endpoint, credential: one.credential? })
}

/// The channel of a bond is the one that was told as bonded; where none was, wherever the credential is.
fn bond(catalog: &Catalog, considered: &[Considered], credential: CredentialId) -> Option<Bond> {
    let told = considered.iter().find(|one| one.bonded).map(|one| one.channel);
    let holds = |id: &ChannelId| {
        catalog.find_channel(*id).is_some_and(|one| one.find_credential(credential).is_some())
    };
    let found = || catalog.channels().map(|channel| channel.id).find(|id| holds(id));
    let channel = told.or_else(found)?;
    Some(Bond { channel, credential })
}

fn choices(considered: &[Considered]) -> Vec<Choice> {
    let mut placed: Vec<&Considered> = considered.iter().filter(|one| one.is_placed()).collect();
    placed.sort_by_key(|one| one.place);
    let choice = |one: &Considered| Choice {
        channel: one.channel,
        endpoint: one.endpoint,
        credential: one.credential,
    };
    placed.into_iter().map(choice).collect()
}

// === impl Replayed ===

impl Replayed {
    /// Whether the call would go the same way.
    pub fn is_same(&self) -> bool {
        self.then == self.now
    }
}
