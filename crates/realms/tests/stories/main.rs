//! Stories: the whole app on a real database, with upstreams that do what the story needs.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a story that cannot go on fails"
)]

mod accounts;
mod budgets;
mod business;
mod channel_tests;
mod chaos;
mod endpoints;
mod failover;
mod failures;
mod hedging;
mod kill_loop;
mod limits;
mod metering;
mod options;
mod proxies;
mod refusals;
mod relaying;
mod sessions;
mod stored;
mod streams;
mod support;
mod system;
mod trace;
mod translation;
mod upstream_sockets;
mod websocket;
