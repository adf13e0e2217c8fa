//! The immutable snapshot of all runtime configuration and its live handle.
