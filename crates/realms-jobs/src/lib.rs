//! The driver of background work and its reconcilers.
