//! What a call costs, and the one writer that makes usage records durable.

mod charge;
mod lines;
mod recorder;
mod spool;

pub use charge::{cache_savings, charge};
pub use lines::{Bucket, CostLine, PriceSnapshot};
pub use recorder::{Recorder, RecorderStatus};
pub use spool::SpoolError;
