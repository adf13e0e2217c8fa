//! What a call costs, and the one writer that makes usage records durable.

mod charge;
mod recorder;
mod spool;

pub use charge::{cache_savings, charge};
pub use recorder::{Recorder, RecorderStatus};
pub use spool::SpoolError;
