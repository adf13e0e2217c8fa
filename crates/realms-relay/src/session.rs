//! Where the sessions of clients were served, and where their next turn goes.

use aws_lc_rs::digest;
use realms_catalog::{Catalog, Model};
use realms_identity::Caller;
use realms_scheduler::{Bond, Candidate, SessionKey};

use crate::Relay;

/// The session a call belongs to: of this user, with this model. Vendors keep what they have read for
/// one model, so the small model that a client asks for titles has a bond of its own.
pub(crate) fn key(caller: &Caller, model: &Model, session: &str) -> SessionKey {
    let mut context = digest::Context::new(&digest::SHA256);
    context.update(&caller.user_id.raw().to_be_bytes());
    context.update(&model.id.raw().to_be_bytes());
    context.update(session.as_bytes());
    let mut key = [0; 16];
    key.copy_from_slice(&context.finish().as_ref()[..16]);
    SessionKey(key)
}

/// Where a session was served before.
pub(crate) fn bond(relay: &Relay, session: SessionKey) -> Option<Bond> {
    relay.affinity().find(session, relay.clock.now())
}

/// Notes who served a turn to its end. The bond holds from its last turn on.
pub(crate) fn bind(relay: &Relay, catalog: &Catalog, session: SessionKey, candidate: &Candidate) {
    let (ttl, now) = (catalog.settings().affinity_ttl, relay.clock.now());
    if !ttl.is_zero() {
        let bond = Bond { channel: candidate.channel.id, credential: candidate.credential.id };
        relay.affinity().bind(session, bond, now + ttl, now);
    }
}
