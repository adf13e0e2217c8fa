//! Where the sessions of clients were served, and where their next turn goes.

use std::time::Duration;

use aws_lc_rs::digest;
use realms_catalog::{Catalog, Model};
use realms_dialect::{Fault, Intent, beginning};
use realms_identity::Caller;
use realms_scheduler::{Bond, Candidate, Kinship, SessionKey};
use realms_types::{Exclusion, Timestamp};

use crate::{Relay, call::Call};

/// How long calls that only begin alike are taken for one session: about as long as vendors keep warm
/// what they have read.
const ALIKE_FOR: Duration = Duration::from_mins(10);

/// The session a call belongs to, as far as can be told.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Session {
    key: SessionKey,
    kinship: Kinship,
}

// === impl Session ===

impl Session {
    /// The session that a call names, else the one of calls that begin alike; of this user, with this
    /// model. Vendors keep what they have read for one model, so the small model that a client asks for
    /// titles has a bond of its own.
    pub(crate) fn find(
        caller: &Caller,
        catalog: &Catalog,
        model: &str,
        intent: &Intent,
        call: &Call,
    ) -> Option<Self> {
        let model = catalog.find_model(model)?;
        if let Some(name) = &intent.session {
            let key = key(caller, model, &[name]);
            return Some(Self { key, kinship: Kinship::Named });
        }
        if !call.operation.is_generation() {
            return None;
        }
        let pieces = beginning(call.operation.dialect(), &call.body);
        let key = (!pieces.is_empty()).then(|| key(caller, model, &pieces))?;
        Some(Self { key, kinship: Kinship::Alike })
    }

    /// Where it was served before.
    pub(crate) fn bond(self, relay: &Relay) -> Option<Bond> {
        relay.affinity().find(self.key, relay.clock.now())
    }

    /// Notes who served a turn to its end. The bond holds from its last turn on.
    pub(crate) fn bind(self, relay: &Relay, catalog: &Catalog, candidate: &Candidate) {
        let ttl = match self.kinship {
            Kinship::Named => catalog.settings().affinity_ttl,
            Kinship::Alike => catalog.settings().affinity_ttl.min(ALIKE_FOR),
        };
        if !ttl.is_zero() {
            let bond = Bond { channel: candidate.channel.id, credential: candidate.credential.id };
            relay.affinity().bind(self.key, self.kinship, bond, ttl, relay.clock.now());
        }
    }
}

/// 128 bits of a hash over who, what and which. The length of each piece is hashed too, so that no two
/// lists of pieces look the same.
fn key(caller: &Caller, model: &Model, pieces: &[&str]) -> SessionKey {
    let mut context = digest::Context::new(&digest::SHA256);
    context.update(&caller.user_id.raw().to_be_bytes());
    context.update(&model.id.raw().to_be_bytes());
    for piece in pieces {
        context.update(&(piece.len() as u64).to_be_bytes());
        context.update(piece.as_bytes());
    }
    let mut key = [0; 16];
    key.copy_from_slice(&context.finish().as_ref()[..16]);
    SessionKey(key)
}

/// What a client hears whose state lies with an account that cannot be asked.
pub(crate) fn reset_required(why: Option<Exclusion>, back_at: Option<Timestamp>) -> Fault {
    let why = match why {
        Some(Exclusion::CoolingDown) => "rests",
        _ => "can no longer be used for it",
    };
    let until = back_at.map(|at| format!(" until {at}")).unwrap_or_default();
    let message = format!(
        "the upstream account that sealed the reasoning of this session {why}{until}: start a new \
         session, or send the input without its `encrypted_content`"
    );
    Fault::conflict(message).with_code("session_reset_required").without_retry()
}

/// What a client hears whose state the upstream does not take for its own.
pub(crate) fn foreign_state() -> Fault {
    Fault::conflict(
        "the upstream account cannot open the reasoning that another one sealed in this session: start a \
         new session, or send the input without sealed reasoning and signatures",
    )
    .with_code("session_reset_required")
    .without_retry()
}
