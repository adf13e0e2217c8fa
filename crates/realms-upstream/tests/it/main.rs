//! Calls over real sockets on loopback.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on stops")]

mod calls;
mod fake;
mod fetch;
mod oauth;
mod proxy;
mod proxy_failures;
mod ssrf;
mod tls;
