//! Stories of buying, on a real SQLite file with the real ledger: what is told often, late, in the wrong
//! order, by strangers or into a crash is given once or never.
#![expect(clippy::unwrap_used, reason = "a story that cannot go on fails its test")]

mod codes;
mod crashes;
mod lies;
mod notices;
mod operators;
mod plans;
mod world;
