//! Usage records, one per call with its attempts, and the sums over them.

mod aggregate;
mod dimension;
mod filter;
mod first;
mod hours;
mod insert;
mod latency;
mod list;
mod priced;
mod pulse;
mod record;
mod review;
mod row;
mod segments;
mod sums;
mod trace;

pub use aggregate::{UsageGroup, UsageSeries};
pub use dimension::{Dimension, UsageKey, UsageMeasure};
pub use filter::{FlagField, NumberField, UsageFilter, UsageMark, UsageSort, UsageTerm, WordField};
pub use first::FirstCall;
pub use latency::Latencies;
pub use list::UsagePage;
pub use priced::PricedRecord;
pub use pulse::{HourPulse, PULSE_HOURS, Pulse};
pub use record::{AttemptRecord, UsageRecord};
pub use review::{ReviewFilter, ReviewNote, ReviewRecord, ReviewStep};
pub use sums::UsageSums;
pub use trace::{
    DecisionRecord, EditRecord, FaultRecord, GroupStep, LONGEST_TRACE, Lane, LossRecord,
    TraceRecord, TraceTimings,
};
