//! Objects that upstreams keep: who made them, and where they live.

use std::sync::Arc;

use realms_catalog::Catalog;
use realms_dialect::{Fault, FaultKind};
use realms_identity::Caller;
use realms_scheduler::Candidate;
use realms_store::{ObjectKind, StoredObject};
use realms_types::{
    BindingId, ChannelGroupId, ChannelId, Considered, CredentialId, EndpointId, Ppm, UserId,
};

use crate::{Relay, operation::object_dialect, storage_fault};

/// Where an object lives. Small: a copy of it is kept in memory until the database has it.
#[derive(Debug, Clone)]
pub(crate) struct Home {
    /// Who made it.
    pub user_id: UserId,
    /// The channel it was made over.
    pub channel_id: ChannelId,
    /// The endpoint it lies at.
    pub endpoint_id: EndpointId,
    /// The credential it belongs to.
    pub credential_id: CredentialId,
    /// The model as the client named it.
    pub model: String,
    /// What the upstream calls that model.
    pub upstream_model: String,
}

/// Objects this node saw come into being a moment ago, before the database has them.
#[derive(Debug, Clone)]
pub(crate) struct RecentHomes(moka::sync::Cache<(ObjectKind, Box<str>), Arc<Home>>);

// === impl RecentHomes ===

impl Default for RecentHomes {
    fn default() -> Self {
        Self(
            moka::sync::Cache::builder()
                .max_capacity(50_000)
                .time_to_live(std::time::Duration::from_mins(10))
                .build(),
        )
    }
}

impl RecentHomes {
    pub(crate) fn note(&self, kind: ObjectKind, id: &str, home: Home) {
        self.0.insert((kind, id.into()), Arc::new(home));
    }

    pub(crate) fn forget(&self, kind: ObjectKind, id: &str) {
        self.0.invalidate(&(kind, Box::from(id)));
    }
}

/// Where an object of this caller lives; `None` when it has none of that id, whoever else has.
pub(crate) async fn find_home(
    relay: &Relay,
    caller: &Caller,
    kind: ObjectKind,
    id: &str,
) -> Result<Option<Arc<Home>>, Fault> {
    // An id that another user has too (some upstreams count from one) is still looked for below.
    let recent = relay.recent_homes().0.get(&(kind, Box::from(id)));
    if let Some(home) = recent.filter(|home| home.user_id == caller.user_id) {
        return Ok(Some(home));
    }
    match relay.store.find_object(kind, id, caller.user_id).await {
        Ok(found) => Ok(found.map(|object| Arc::new(Home::from(object)))),
        Err(error) => {
            tracing::error!(%error, "cannot look up a stored object");
            Err(storage_fault("stored objects cannot be looked up right now: try again shortly"))
        }
    }
}

/// The one candidate that can reach an object.
pub(crate) fn candidate(
    catalog: &Catalog,
    home: &Home,
    kind: ObjectKind,
) -> Result<Candidate, Fault> {
    let found = catalog.find_channel(home.channel_id).filter(|channel| channel.enabled).and_then(
        |channel| {
            Some(Candidate {
                channel: Arc::clone(channel),
                endpoint: Arc::clone(channel.find_endpoint(home.endpoint_id)?),
                credential: Arc::clone(channel.find_credential(home.credential_id)?),
                binding: BindingId::new(0),
                dialect: object_dialect(kind),
                upstream_model: home.upstream_model.clone(),
                group: ChannelGroupId::new(0),
                multiplier: Ppm::ONE,
            })
        },
    );
    found.ok_or_else(|| {
        Fault::new(
            FaultKind::NotFound,
            "the channel or the credential that made this object is gone or switched off",
        )
    })
}

/// What the trace of a call to an object says: there was one place to go.
pub(crate) fn considered(candidate: &Candidate, home: &Home) -> Considered {
    Considered {
        upstream_model: (home.model != home.upstream_model).then(|| home.upstream_model.clone()),
        endpoint: Some(home.endpoint_id),
        credential: Some(home.credential_id),
        priority: candidate.channel.priority,
        weight: candidate.channel.weight,
        promoted: candidate.channel.promoted,
        place: Some(0),
        ..Considered::new(candidate.channel.id)
    }
}

pub(crate) fn not_found(kind: ObjectKind, id: &str) -> Fault {
    let what = match kind {
        ObjectKind::Response => "response",
        ObjectKind::ChatCompletion => "chat completion",
    };
    let shown: String = id.chars().take(100).collect();
    Fault::new(FaultKind::NotFound, format!("this API key's user has no {what} `{shown}`"))
}

/// `keeps`: whether responses are kept here that their upstreams do not keep.
pub(crate) fn unknown_previous(id: &str, keeps: bool) -> Fault {
    let shown: String = id.chars().take(100).collect();
    let what = "send the whole input without previous_response_id";
    let message = if keeps {
        format!(
            "there is no response `{shown}` of this API key's user to go on from: it was never finished, is \
             kept no longer, or was not made here: {what}"
        )
    } else {
        format!(
            "there is no response `{shown}` of this API key's user to go on from; those whose upstreams keep \
             none are not kept here either: {what}, or ask the operator for the setting `responses_state`"
        )
    };
    Fault::new(FaultKind::BadRequest, message)
        .with_param("previous_response_id")
        .with_code("previous_response_not_found")
}

// === impl Home ===

impl Home {
    /// The place itself.
    pub(crate) fn place(&self) -> realms_scheduler::Home {
        realms_scheduler::Home { endpoint: Some(self.endpoint_id), credential: self.credential_id }
    }
}

impl From<StoredObject> for Home {
    fn from(object: StoredObject) -> Self {
        Self {
            user_id: object.user_id,
            channel_id: object.channel_id,
            endpoint_id: object.endpoint_id,
            credential_id: object.credential_id,
            model: object.model,
            upstream_model: object.upstream_model,
        }
    }
}
