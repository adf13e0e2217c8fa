//! Usage records: one per call, with its attempts.

mod insert;
mod list;
mod record;
mod row;

pub use list::{UsageFilter, UsagePage, UsageTotals};
pub use record::{AttemptRecord, UsageRecord};
