//! What reads bytes from outside, and the laws that hold for whatever they are.
//!
//! The fuzzer (`fuzz/`) and the tests that replay what it once found share these files.

mod answers;
mod cuts;
mod faults;
mod forms;
mod framers;
mod requests;
mod sockets;
#[path = "../answers/strict.rs"]
mod strict;
#[expect(dead_code, reason = "the tests of answers use the rest")]
#[path = "../answers/support.rs"]
mod support;

use realms_types::DialectId;
use serde_json::value::RawValue;

/// Laws of one dialect: they panic where they are broken.
type Laws = fn(DialectId, &[u8]);

/// Laws of what no dialect has to itself.
type PlainLaws = fn(&[u8]);

const OF_EACH_DIALECT: [(&str, Laws); 4] = [
    ("request", requests::hold),
    ("stream", answers::stream_holds),
    ("body", answers::body_holds),
    ("fault", faults::hold),
];

const OF_NONE: [(&str, PlainLaws); 3] =
    [("framing", framers::hold), ("form", forms::hold), ("socket", sockets::hold)];

/// Something that reads bytes from outside.
#[derive(Clone, Copy)]
pub enum Target {
    /// In the way of a dialect.
    Dialect(DialectId, &'static str, Laws),
    /// In no dialect.
    Plain(&'static str, PlainLaws),
}

/// All of them.
pub fn all() -> Vec<Target> {
    let of = |dialect| OF_EACH_DIALECT.map(|(what, laws)| Target::Dialect(dialect, what, laws));
    let plain = OF_NONE.map(|(name, laws)| Target::Plain(name, laws));
    DialectId::ALL.into_iter().flat_map(of).chain(plain).collect()
}

/// Whether all of it is one JSON value. A number that no float holds is one, too: it passes through.
fn is_json(bytes: &[u8]) -> bool {
    serde_json::from_slice::<&RawValue>(bytes).is_ok()
}

// === impl Target ===

impl Target {
    /// `chat-request`, `framing`.
    pub fn name(&self) -> String {
        match self {
            Self::Dialect(dialect, what, _) => format!("{dialect}-{what}"),
            Self::Plain(name, _) => (*name).to_owned(),
        }
    }

    /// Holds the laws against these bytes; panics where one is broken.
    pub fn hold(&self, bytes: &[u8]) {
        match self {
            Self::Dialect(dialect, _, laws) => laws(*dialect, bytes),
            Self::Plain(_, laws) => laws(bytes),
        }
    }
}
