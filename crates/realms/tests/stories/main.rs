//! Stories: the whole app on a real database, with upstreams that do what the story needs.

mod failover;
mod metering;
mod refusals;
mod relaying;
mod stored;
mod streams;
mod support;
mod system;
