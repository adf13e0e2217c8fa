//! What a call costs, and the one writer that makes usage records durable.

mod charge;
mod recorder;
mod spool;

pub use charge::charge;
pub use recorder::{Recorder, RecorderStatus};
pub use spool::SpoolError;
