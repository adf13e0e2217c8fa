//! Real clients against Realms against the fake upstream: they get their answers, and what they
//! say arrives as they said it.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test ends where something is not as it must be"
)]

mod bill;
mod cells;
mod cli;
mod oauth;
mod realms;
mod sandbox;
mod sdk;
mod stand;

/// The models that SDKs ask for: one that answers, one that wants a tool called first.
const MODEL: &str = "plain-model";
const TOOL_MODEL: &str = "tool-model";
