//! Usage records: one per call, with its attempts.

mod first;
mod insert;
mod list;
mod pulse;
mod record;
mod row;
mod trace;

pub use first::FirstCall;
pub use list::{UsageFilter, UsagePage, UsageTotals};
pub use pulse::{HourPulse, PULSE_HOURS, Pulse};
pub use record::{AttemptRecord, UsageRecord};
pub use trace::{
    DecisionRecord, FaultRecord, GroupStep, LONGEST_TRACE, Lane, TraceRecord, TraceTimings,
};
