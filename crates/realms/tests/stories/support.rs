//! The app under test, its clients and its upstreams.

mod app;
mod client;
mod money;
mod person;
mod process;
mod socket;
mod socket_upstream;

pub use app::{TestApp, attempts};
pub use client::{Answered, Client, Streaming};
pub use money::usd;
pub use person::Person;
pub use process::{Process, message};
pub use socket::Socket;
pub use socket_upstream::{Said, SocketUpstream};

/// The key that the tests' user calls with.
pub const KEY: &str = "sk_client-key-of-the-tests-000000000000000000";
/// The key the first upstream is called with.
pub const UPSTREAM_KEY: &str = "upstream-key-a";
