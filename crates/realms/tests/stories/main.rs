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
#[expect(dead_code, reason = "the store suite uses all of it")]
#[path = "../../../realms-store/tests/store/database.rs"]
mod database;
mod endpoints;
mod failover;
mod failures;
mod hedging;
mod kill_loop;
mod limits;
mod metering;
mod nodes;
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

database::on_every_database! {
    nodes::admit_no_more_calls_than_there_is_money_for,
    nodes::make_a_call_with_a_key_once,
    kill_loop::loses_no_call_and_charges_none_twice,
}
