//! What the attempts of one call leave behind: a record of each, and which options had a part in it.

use realms_scheduler::Candidate;
use realms_store::{AttemptRecord, EditRecord};
use realms_types::{Cause, Timestamp};

use super::micros;
use crate::flight::Flight;

/// The outcome of a candidate that was passed over.
const SKIPPED: &str = "skipped";
/// So many of them are told.
const MOST_SKIPPED: usize = 16;

/// The attempts of one call, in their order.
#[derive(Debug, Default)]
pub(crate) struct Log {
    /// What was tried so far, with those that were passed over.
    pub made: Vec<AttemptRecord>,
    /// Which options changed what was sent, or what the client is told.
    pub edits: Vec<EditRecord>,
}

// === impl Log ===

impl Log {
    /// Begins the record of an attempt; its place.
    pub(super) fn open(&mut self, candidate: &Candidate, now: Timestamp) -> usize {
        let record = self.opened(candidate, now);
        self.made.push(record);
        self.made.len() - 1
    }

    /// Notes that a candidate was passed over, and why.
    pub(super) fn skip(
        &mut self,
        candidate: &Candidate,
        cause: Cause,
        detail: String,
        now: Timestamp,
    ) {
        if self.made.iter().filter(|made| made.outcome == SKIPPED).count() >= MOST_SKIPPED {
            return;
        }
        let record = self.opened(candidate, now);
        self.made.push(AttemptRecord {
            outcome: SKIPPED.to_owned(),
            cause: Some(cause),
            detail: Some(detail),
            ..record
        });
    }

    /// Closes the record of an attempt with what is known of its answer.
    pub(super) fn close(
        &mut self,
        flight: &Flight,
        outcome: &'static str,
        cause: Option<Cause>,
        bytes: u64,
    ) {
        let record = &mut self.made[flight.place];
        outcome.clone_into(&mut record.outcome);
        record.cause = cause;
        record.duration_us = micros(flight.begun.elapsed());
        record.bytes = i64::try_from(bytes).unwrap_or(i64::MAX);
        if let Some(head) = flight.head.get() {
            record.headers_us = Some(head.took_us);
            record.status = Some(head.status);
            record.upstream_request_id.clone_from(&head.request_id);
        }
    }

    /// Whether a candidate was asked before.
    pub(super) fn has_asked(&self, candidate: &Candidate) -> bool {
        self.made.iter().any(|made| {
            made.outcome != SKIPPED
                && made.endpoint_id == candidate.endpoint.id
                && made.credential_id == candidate.credential.id
        })
    }

    /// Notes that an option changed something of the attempt at this place.
    pub(super) fn note_edit(&mut self, place: usize, option: &'static str) {
        let attempt = self.made[place].sequence;
        if self.edits.last().is_none_or(|last| last.attempt != attempt) {
            self.edits.push(EditRecord { attempt, options: Vec::new() });
        }
        if let Some(last) = self.edits.last_mut()
            && !last.options.iter().any(|known| known == option)
        {
            last.options.push(option.to_owned());
        }
    }

    fn opened(&self, candidate: &Candidate, now: Timestamp) -> AttemptRecord {
        AttemptRecord {
            sequence: u16::try_from(self.made.len()).unwrap_or(u16::MAX),
            channel_id: candidate.channel.id,
            endpoint_id: candidate.endpoint.id,
            credential_id: candidate.credential.id,
            binding_id: Some(candidate.binding).filter(|id| id.raw() != 0),
            upstream_model: Some(candidate.upstream_model.clone()),
            started_at: now,
            headers_us: None,
            duration_us: 0,
            status: None,
            outcome: "cancelled".to_owned(),
            cause: None,
            scope: None,
            detail: None,
            bytes: 0,
            upstream_request_id: None,
        }
    }
}
