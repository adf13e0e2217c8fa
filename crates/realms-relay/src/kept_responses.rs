//! Responses whose upstreams keep none, kept here so that their clients can go on from them.
//!
//! An upstream of another dialect knows no `previous_response_id`, and some of the same dialect keep
//! nothing. Where the setting `responses_state` says so, the conversation up to and with such a response is
//! kept in the database, sealed, for its user only, until it is old or others are newer. A call that names
//! it is made whole before anything is decided about it: what was said before comes before its input. From
//! there on it is a call like any other, and anybody may answer it. What an upstream keeps itself stays
//! there, and its calls go there (`stored`).

mod act;
mod content;
mod keeping;
mod pending;

use realms_dialect::{Fault, Intent};
use realms_identity::Caller;
use realms_store::KeptResponse;
use realms_types::UserId;

use self::content::Content;
pub(crate) use self::{act::act, keeping::Keeping, pending::KeptResponses};
use crate::{
    Relay,
    call::{Call, Previous},
    plan::read_intent,
    storage_fault,
};

/// Makes a call whole that goes on from a response kept here, and says what it asks for then. Others stay
/// as they are: the response may be kept by an upstream.
pub(crate) async fn go_on(
    relay: &Relay,
    caller: &Caller,
    call: &mut Call,
    intent: Intent,
) -> Result<Intent, Fault> {
    let keeps = relay.catalog.load().settings().responses_state;
    let Some(id) = intent.previous_response.as_deref().filter(|_| keeps) else {
        return Ok(intent);
    };
    let Some(kept) = find(relay, caller.user_id, id).await? else { return Ok(intent) };
    let content = Content::open(relay, &kept)?.ok_or_else(|| too_large(id))?;
    call.body = realms_dialect::go_on(&call.body, &content.items())?;
    call.previous = Some(Previous { id: kept.response_id, sealed_by: content.sealed_by });
    read_intent(call)
}

/// A response of this user; waits while this node still writes it down.
async fn find(relay: &Relay, user: UserId, id: &str) -> Result<Option<KeptResponse>, Fault> {
    relay.kept_responses().written(user, id).await?;
    let now = relay.clock.now();
    relay.store.read().find_kept_response(user, id, now).await.map_err(|error| {
        tracing::error!(%error, "cannot look up a response that may be kept here");
        storage_fault("responses that are kept cannot be looked up right now: try again shortly")
    })
}

/// Going on from a response of which only the id is there.
fn too_large(id: &str) -> Fault {
    let message = format!(
        "response `{}` is larger, with the conversation before it, than is kept here (setting \
         `responses_state_bytes`): send the whole input without previous_response_id",
        shown(id)
    );
    Fault::bad_request(message)
        .with_param("previous_response_id")
        .with_code("previous_response_not_found")
}

/// An id in a sentence.
fn shown(id: &str) -> String {
    id.chars().take(100).collect()
}
