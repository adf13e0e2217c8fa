//! What is noted on a call's way, for its trace.

use realms_dialect::Fault;
use realms_scheduler::Candidate;
use realms_store::{
    DecisionRecord, EditRecord, FaultRecord, GroupStep, Lane, LossRecord, TraceRecord, TraceTimings,
};
use realms_types::{DialectId, Timestamp};
use tokio::time::Instant;

use crate::{Relay, attempt::micros, plan::Plan};

/// Longest sentence kept of what a client was told, in bytes.
const SENTENCE: usize = 1000;

/// The steps of one call before its first attempt, and what was decided.
#[derive(Debug)]
pub(crate) struct Trail {
    /// When the request was taken up: every step and attempt of the trace is placed from here.
    pub at: Timestamp,
    /// The same moment on a clock that cannot jump.
    pub begun: Instant,
    /// Who was considered, once that is known.
    pub decision: Option<DecisionRecord>,
    /// Which options of channels changed the call.
    pub edits: Vec<EditRecord>,
    /// The dialect it went on in, where that is not the client's.
    pub spoken: Option<DialectId>,
    /// The request whose answer is told once more.
    pub repeat_of: Option<String>,
    timings: TraceTimings,
}

// === impl Trail ===

impl Trail {
    /// At the beginning.
    pub(crate) fn begin(at: Timestamp) -> Self {
        Self {
            at,
            begun: Instant::now(),
            decision: None,
            edits: Vec::new(),
            spoken: None,
            repeat_of: None,
            timings: TraceTimings::default(),
        }
    }

    /// The key is known.
    pub(crate) fn admitted(&mut self) {
        self.timings.admitted_us = Some(micros(self.begun.elapsed()));
    }

    /// The body is read.
    pub(crate) fn read(&mut self) {
        self.timings.read_us = Some(micros(self.begun.elapsed()));
    }

    /// Its turn has come.
    pub(crate) fn queued(&mut self) {
        self.timings.queued_us = Some(micros(self.begun.elapsed()));
    }

    /// It is decided whom to ask.
    pub(crate) fn planned(&mut self) {
        self.timings.planned_us = Some(micros(self.begun.elapsed()));
    }

    /// The trace, at the end.
    pub(crate) fn finish(
        self,
        relay: &Relay,
        plan: Option<&Plan>,
        asked: Option<&Candidate>,
        fault: Option<FaultRecord>,
        losses: Vec<LossRecord>,
    ) -> TraceRecord {
        let catalog_version =
            plan.map_or_else(|| relay.catalog.load().version(), |plan| plan.catalog.version());
        TraceRecord {
            catalog_version,
            decision: self.decision,
            fault,
            group_path: plan
                .zip(asked)
                .map(|(plan, one)| group_path(plan, one))
                .unwrap_or_default(),
            lane: if self.spoken.is_some() { Lane::Translated } else { Lane::SameDialect },
            upstream_dialect: self.spoken,
            losses,
            repeat_of: self.repeat_of,
            edits: self.edits,
            timings: self.timings,
        }
    }
}

/// The groups on the way to a candidate, where there are several.
fn group_path(plan: &Plan, candidate: &Candidate) -> Vec<GroupStep> {
    match plan.catalog.route(candidate.group, candidate.channel.id) {
        Some(route) if route.path.len() > 1 => {
            let step = |step: &realms_catalog::PathStep| GroupStep {
                name: step.name.clone(),
                multiplier: step.multiplier,
            };
            route.path.iter().map(step).collect()
        }
        _ => Vec::new(),
    }
}

/// What of a fault is kept.
pub(crate) fn fault_record(fault: &Fault) -> FaultRecord {
    let end = fault.message.floor_char_boundary(SENTENCE);
    FaultRecord { code: fault.word().to_owned(), message: fault.message[..end].to_owned() }
}
