//! The second lane: a call said in another dialect than its client's, and the answer said back.
//!
//! A call is read once into its neutral form ([`Meaning`]), and written from it for each candidate that is
//! asked in another dialect. What comes back goes through an [`Interpreter`] frame by frame, or in one
//! piece through [`Return::whole`]. Usage, health and the end of the answer are read from the upstream's
//! own frames, as they are in the first lane.

mod headers;
mod interpreter;
mod losses;
mod meaning;
mod returned;

use bytes::Bytes;
use http::HeaderMap;
use realms_dialect::{Family, Fault, FaultKind, Losses, Target, has_envelope};
use realms_scheduler::Candidate;
use realms_types::LossPolicy;

pub(crate) use self::{
    interpreter::Interpreter,
    losses::{ESTIMATED, records, tell},
    meaning::Meaning,
    returned::{Return, receive},
};
use crate::{
    Operation, Relay,
    call::Call,
    plan::{Plan, sealer},
};

/// A call as it is said to one candidate.
#[derive(Debug)]
pub(crate) struct Translated {
    /// What is asked for, in the candidate's dialect.
    pub operation: Operation,
    /// The body. The model has its upstream name in it.
    pub body: Bytes,
    /// The client's headers, without those that belong to its dialect.
    pub headers: HeaderMap,
    /// What the candidate is not told as it was said.
    pub losses: Losses,
    /// How the answer becomes the client's; `None` where it is in the client's dialect.
    pub back: Option<Return>,
}

/// What is known of the candidate that a call is written for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reader<'a> {
    /// The candidate.
    pub candidate: &'a Candidate,
    /// The model by the name it is called with.
    pub model: &'a str,
    /// Whether the answer will be streamed.
    pub streams: bool,
}

/// Whether a candidate cannot be sent what the client wrote: it is asked in another dialect, or the body
/// has state in it that another dialect's account sealed.
pub(crate) fn is_needed(call: &Call, candidate: &Candidate) -> bool {
    candidate.dialect != call.operation.dialect()
        || (call.operation.has_prompt()
            && call.operation != Operation::Compact
            && has_envelope(&call.body))
}

/// Says a call to a candidate in its dialect.
pub(crate) fn translate(
    relay: &Relay,
    call: &Call,
    plan: &Plan,
    meaning: &Meaning,
    reader: Reader<'_>,
) -> Result<Translated, Fault> {
    let Reader { candidate, model, streams } = reader;
    let (own, dialect) = (call.operation.dialect(), candidate.dialect);
    let target = Target {
        dialect,
        model,
        family: family(candidate),
        max_output: None,
        at_home: sealer(call, plan.bond) == Some(candidate.credential.id),
    };
    let mut losses = Losses::default();
    let body = meaning.write(&target, &mut losses)?;
    refuse_loss(plan.losses, &losses)?;
    if dialect == own {
        let (operation, headers) = (call.operation.clone(), call.headers.clone());
        return Ok(Translated { operation, body, headers, losses, back: None });
    }
    let operation = call
        .operation
        .counterpart(dialect, model, streams)
        .ok_or_else(|| Fault::internal("the call has no counterpart in the channel's dialect"))?;
    let headers = headers::foreign(&call.headers, streams);
    let back = Some(Return::of(relay, call, plan, meaning, dialect));
    Ok(Translated { operation, body, headers, losses, back })
}

/// Who reads what is sent to a candidate.
fn family(candidate: &Candidate) -> Family {
    if candidate.endpoint.is_openai() {
        return Family::Openai;
    }
    Family::of(candidate.channel.kind, candidate.dialect)
}

/// Who would rather not be served than lose something is told what it would be. What is there by other
/// means is not lost.
fn refuse_loss(policy: LossPolicy, losses: &Losses) -> Result<(), Fault> {
    if policy != LossPolicy::Strict {
        return Ok(());
    }
    let lost = losses::lost(losses);
    let Some(first) = lost.first() else { return Ok(()) };
    let message = format!(
        "this API key is strict, and the upstream's dialect has no equal for {}: leave them out, use a \
         model that is served in the dialect of the call, or have the key's `losses` be `warn`",
        losses::in_words(&lost)
    );
    let fault = Fault::new(FaultKind::BadRequest, message).with_param(*first);
    Err(fault.with_code("lossy_translation").with_status(http::StatusCode::UNPROCESSABLE_ENTITY))
}
