//! Who may name a dialect outside of the crate of the dialects, and why. The numbers only shrink.

/// A file that names dialects.
pub(super) struct Allowed {
    /// From the root of the repository.
    pub(super) file: &'static str,
    /// In how many lines before its tests, as formatted.
    pub(super) lines: usize,
}

/// The crates whose business dialects are: where each is, and what imitates upstreams of each for tests.
pub(super) const OWN: &[&str] = &["realms-dialect", "realms-testkit"];

/// Every file that has a reason.
pub(super) const ALLOWED: &[Allowed] = &[
    // What each kind of channel speaks when nothing is said: about vendors, and one line for each.
    allowed("crates/realms-types/src/dialect.rs", 4),
    // An operation is a path of one API: whose it is, which one asks for an answer, whose objects are stored.
    allowed("crates/realms-relay/src/operation.rs", 10),
    // The error of a method of Gemini that is none, so that there is no operation to ask.
    allowed("crates/realms-relay/src/routes.rs", 1),
    // Words that other programs have in their settings for the one or the other API of OpenAI.
    allowed("crates/realms-console/src/detect/clues.rs", 4),
    // A table of vendors, with what is spoken at each address.
    allowed("crates/realms-console/src/detect/preset.rs", 2),
];

const fn allowed(file: &'static str, lines: usize) -> Allowed {
    Allowed { file, lines }
}
