//! The data plane: admit, plan, attempt, stream, meter.
