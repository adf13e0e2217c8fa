//! What would happen to a call: the same decision, and nothing is sent.

use realms_dialect::Fault;
use realms_store::DecisionRecord;
use realms_types::{Asks, ChannelGroupId, ChannelId, DialectId, UserGroupId};

use crate::{
    Relay,
    choice::{Asked, choose},
    counterpart::Purpose,
};

/// A call that is only thought of.
#[derive(Debug, Clone)]
pub struct Simulation {
    /// The group of the user who would call.
    pub user_group: Option<UserGroupId>,
    /// The channel groups their key narrows to; empty: all of the user's group.
    pub key_groups: Vec<ChannelGroupId>,
    /// The model they would name.
    pub model: String,
    /// The dialect they would speak.
    pub dialect: DialectId,
    /// What they would ask for that a channel may refuse.
    pub asks: Asks,
    /// Whether they would name a session.
    pub session: bool,
    /// Channels to be taken for switched off.
    pub without: Vec<ChannelId>,
    /// What chance is drawn from; any, when `None`.
    pub seed: Option<u64>,
}

/// What would become of it.
#[derive(Debug)]
pub struct Simulated {
    /// The version of the catalogue it was decided by.
    pub catalog_version: i64,
    /// The channel groups the key could use, in order.
    pub groups: Vec<ChannelGroupId>,
    /// Who would be considered; `None` when the model does not exist.
    pub decision: Option<DecisionRecord>,
    /// What the client would be told, if nobody could be asked.
    pub refusal: Option<Fault>,
}

// === impl Relay ===

impl Relay {
    /// Decides about a call as for a real one, with the configuration and the health of this moment.
    pub fn simulate(&self, simulation: &Simulation) -> Simulated {
        let catalog = self.catalog.snapshot();
        let groups = catalog.allowed_groups(simulation.user_group, &simulation.key_groups);
        let others = Purpose::Answer.others(simulation.dialect);
        let asked = Asked {
            model: &simulation.model,
            user_group: simulation.user_group,
            groups: &groups,
            dialect: simulation.dialect,
            others: &others,
            kind: None,
            asks: simulation.asks,
            session: simulation.session,
            home: None,
            bond: None,
            without: &simulation.without,
        };
        let seed = simulation.seed.unwrap_or_else(|| self.chance.u64());
        let choice = choose(self, &catalog, asked, seed);
        Simulated {
            catalog_version: catalog.version(),
            decision: choice.record,
            refusal: choice.found.err(),
            groups,
        }
    }
}
