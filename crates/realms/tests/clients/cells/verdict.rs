//! What becomes of a cell: what the SDK got, what the upstream got, and what was recorded, held together.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use realms_store::{TraceRecord, UsageRecord};
use realms_testkit::Received;
use realms_types::Certainty;
use serde::Deserialize;

use super::{
    arrival::{Missing, missing},
    cell::{Cell, Trial},
};
use crate::bill::Item;

/// What a driver tells of a cell.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct Told {
    calls: Vec<ToldCall>,
    /// The client's dialect has no field for it.
    absent: bool,
    /// What the SDK got otherwise than it must.
    problem: Option<String>,
}

/// What it tells of a call.
#[derive(Debug, Clone, Deserialize)]
struct ToldCall {
    tag: String,
    status: u16,
    /// The header that names what is lost.
    losses: Option<String>,
    streamed: bool,
    usage: Option<ToldUsage>,
}

/// Usage as the SDK got it: all input, what of it came from the cache, all output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
struct ToldUsage {
    input: u64,
    cached: u64,
    output: u64,
}

/// What is known of the calls besides, by their tags.
#[derive(Debug, Default)]
pub(super) struct Known {
    pub(super) records: HashMap<String, (UsageRecord, TraceRecord)>,
    pub(super) requests: HashMap<String, Received>,
    pub(super) bill: HashMap<String, Item>,
}

/// What was lost by name: the paths, by what became of them.
pub(super) type Lost = BTreeMap<String, BTreeSet<String>>;

/// How a cell came out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Verdict {
    /// All of it worked, but for what was lost by name.
    Passed(Lost),
    /// There is nothing to try.
    Absent,
    /// What went wrong, or got lost in silence.
    Failed(Vec<String>),
}

/// Judges a cell.
pub(super) fn judge(cell: Cell, told: &Told, known: &Known) -> Verdict {
    if told.absent {
        return Verdict::Absent;
    }
    let (mut faults, mut lost) = (Vec::new(), Lost::new());
    faults.extend(told.problem.clone());
    if told.calls.is_empty() {
        faults.push("the driver called nobody".to_owned());
    }
    for (number, call) in (1..).zip(&told.calls) {
        let Some((record, trace)) = known.records.get(&call.tag) else {
            faults.push(format!("call {number} has no record"));
            continue;
        };
        let mut wrong = wrong_with(cell, call, record, known.bill.get(&call.tag));
        wrong.extend(silent(cell, number, call, (trace, known.requests.get(&call.tag))));
        faults.extend(wrong.into_iter().map(|what| format!("call {number}: {what}")));
        for loss in &trace.losses {
            lost.entry(loss.kind.clone()).or_default().insert(placeless(&loss.path));
        }
    }
    if faults.is_empty() { Verdict::Passed(lost) } else { Verdict::Failed(faults) }
}

/// What is not as it must be in what the client was told and in the record.
fn wrong_with(
    cell: Cell,
    told: &ToldCall,
    record: &UsageRecord,
    item: Option<&Item>,
) -> Vec<String> {
    let mut wrong = Vec::new();
    let (status, outcome) = match cell.trial {
        Trial::Limited => (429, None),
        Trial::Broken => (200, Some("broken")),
        _ => (200, Some("ok")),
    };
    if (told.status, record.status) != (status, status) {
        wrong.push(format!("status {} told, {} recorded", told.status, record.status));
    }
    if outcome.is_some_and(|outcome| record.outcome != outcome) {
        wrong.push(format!("its outcome is `{}`", record.outcome));
    }
    if record.dialect != cell.client {
        wrong.push(format!("it is recorded as {}", record.dialect));
    }
    if cell.trial.is_answered() {
        wrong.extend(miscounted(told, record, item));
    }
    wrong
}

/// What of usage and cost is not what the upstream's bill says.
fn miscounted(told: &ToldCall, record: &UsageRecord, item: Option<&Item>) -> Vec<String> {
    let Some(item) = item else { return vec!["it is not on the bill".to_owned()] };
    let mut wrong = Vec::new();
    if (record.usage, record.certainty) != (item.usage, Certainty::Measured) {
        wrong.push(format!("billed {:?}, recorded {:?}", item.usage, record.usage));
    }
    if record.cost != item.cost() {
        wrong.push(format!("billed {:?}, charged {:?}", item.cost(), record.cost));
    }
    let billed = ToldUsage {
        input: item.usage.total_input(),
        cached: item.usage.cache_read,
        output: item.usage.output,
    };
    // Without it the driver has said what the problem is.
    if let Some(usage) = told.usage.filter(|usage| *usage != billed) {
        wrong.push(format!("billed {billed:?}, told {usage:?}"));
    }
    wrong
}

/// What is gone and nobody says so.
fn silent(
    cell: Cell,
    number: usize,
    told: &ToldCall,
    (trace, request): (&TraceRecord, Option<&Received>),
) -> Vec<String> {
    let Some(request) = request else { return vec!["it never reached the upstream".to_owned()] };
    let mut silent = Vec::new();
    if trace.upstream_dialect != Some(cell.upstream) {
        silent.push(format!("it went on as {:?}", trace.upstream_dialect));
    }
    for gone in missing(cell, number, request) {
        if !is_named(&gone, trace) {
            silent.push(format!("{} has not arrived, and nothing says so", gone.what));
        }
    }
    // What a stream's own content loses is known at its end, when the headers are long gone.
    let is_told = told.losses.is_some() || told.streamed || told.status != 200;
    if !trace.losses.is_empty() && !is_told {
        silent.push("the trace names losses, the header does not".to_owned());
    }
    silent
}

fn is_named(gone: &Missing, trace: &TraceRecord) -> bool {
    trace.losses.iter().any(|loss| gone.paths.iter().any(|part| loss.path.contains(*part)))
}

/// A path without the places in its lists.
fn placeless(path: &str) -> String {
    let mut out = String::new();
    let mut is_inside = false;
    for character in path.chars() {
        match character {
            '[' => {
                is_inside = true;
                out.push_str("[]");
            }
            ']' => is_inside = false,
            _ if is_inside => {}
            other => out.push(other),
        }
    }
    out
}
