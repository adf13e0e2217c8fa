//! What a candidate is sent, and what its answer may look like.

use std::sync::Arc;

use realms_dialect::{Fault, Shape};
use realms_scheduler::Candidate;
use realms_store::LossRecord;
use realms_upstream::Outgoing;
use tokio::time::Instant;

use super::Attempts;
use crate::{
    GeminiAction, Operation,
    lane::{self, Meaning},
    opening::Expected,
    plan::upstream_path,
    prepared::{Prepared, Sender, prepare, prepare_translated},
    quirk::Quirk,
};

// === impl Attempts ===

impl<'a> Attempts<'a> {
    /// Makes the call ready for a candidate, or says why it cannot be said to it.
    pub(super) fn make_ready(
        &mut self,
        candidate: &'a Candidate,
        shape: Option<&Arc<Shape>>,
    ) -> Result<Prepared<'a>, Fault> {
        let Self { relay, call, plan, user, .. } = *self;
        if !lane::is_needed(call, candidate) {
            return Ok(prepare(call, plan, user, candidate, shape));
        }
        let stream = plan.intent.stream;
        let meaning = self.meaning.get_or_insert_with(|| Meaning::read(call, stream));
        let meaning = meaning.as_ref().map_err(Clone::clone)?;
        prepare_translated(Sender { relay, call, plan, user }, meaning, candidate, shape)
    }

    /// What the answer may look like, but for the deadlines, which begin with its head.
    pub(super) fn expected(&self, candidate: &Candidate, quirk: Option<Quirk>) -> Expected {
        let asked = self.plan.intent.stream;
        let streams = quirk.is_some_and(Quirk::streams);
        let limits = self.relay.limits.stream;
        let now = Instant::now();
        Expected {
            dialect: candidate.dialect,
            stream: asked || streams,
            fold: streams && !asked,
            client: self.call.operation.dialect(),
            object: matches!(self.call.operation, Operation::Stored(_)),
            frame_bytes: self.relay.limits.frame_bytes,
            first_event: now + limits.first_event,
            end: now + limits.total,
            idle: limits.idle,
        }
    }

    /// What is sent, with what of the call the vendor will not hear.
    pub(super) fn outgoing(
        &mut self,
        place: usize,
        candidate: &Candidate,
        quirk: Option<Quirk>,
        is_foreign: bool,
        prepared: Prepared<'a>,
    ) -> (Outgoing, Vec<LossRecord>) {
        let Prepared {
            operation, sent, mut losses, model, mut body, headers: changes, edits, ..
        } = prepared;
        if *model != candidate.upstream_model {
            self.log.made[place].upstream_model = Some(model.clone().into_owned());
        }
        for option in edits {
            self.log.note_edit(place, option);
        }
        let mut headers = sent;
        if let Some(quirk) = quirk {
            let asked = quirk.body(&body);
            body = asked.body;
            let why = "the vendor does not take it";
            losses.extend(asked.dropped.into_iter().map(|name| LossRecord::dropped(name, why)));
            quirk.headers(&mut headers);
        }
        if self.call.previous.is_some() {
            let why = "the response is kept here: its conversation was put before the input";
            losses.push(LossRecord::emulated("previous_response_id", why));
        }
        let outgoing = Outgoing {
            method: self.call.method.clone(),
            kind: candidate.channel.kind,
            dialect: Some(candidate.dialect),
            base: candidate.endpoint.base_url.clone(),
            path: upstream_path(&operation, &model),
            query: if is_foreign { query(&operation) } else { self.call.query.clone() },
            headers,
            changes,
            body,
            credential: candidate.credential.secret.clone(),
            proxy: candidate.proxy(),
            account: account_of(candidate),
            stream: self.plan.intent.stream || quirk.is_some_and(Quirk::streams),
        };
        (outgoing, losses)
    }
}

/// What a translated call has for a query: that of the client belongs to its own dialect.
fn query(operation: &Operation) -> Option<String> {
    let streams = matches!(operation, Operation::Gemini { action: GeminiAction::Stream, .. });
    streams.then(|| "alt=sse".to_owned())
}

/// The account that a candidate's credential is, as the vendor calls it.
pub(crate) fn account_of(candidate: &Candidate) -> Option<String> {
    candidate.credential.account.as_ref().map(|account| account.id.clone())
}
