//! Usage records: one per call, with its attempts.

mod insert;
mod list;
mod record;
mod row;
mod trace;

pub use list::{UsageFilter, UsagePage, UsageTotals};
pub use record::{AttemptRecord, UsageRecord};
pub use trace::{
    DecisionRecord, FaultRecord, GroupStep, LONGEST_TRACE, Lane, TraceRecord, TraceTimings,
};
