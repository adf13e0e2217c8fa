//! One refresh token, many who want to use it, and processes that die: no account is lost, other than
//! by an answer that died with its process, and that is said.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops")]

mod fleet;
mod kills;
mod log_ins;
mod tokens;
