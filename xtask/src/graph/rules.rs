//! The table of floors: what ARCHITECTURE.md draws, as data.

/// What one of our crates may use.
pub(super) struct Rule {
    /// The crate.
    pub(super) name: &'static str,
    /// It may use crates of lower floors only.
    pub(super) floor: u8,
    /// Packages it must not reach, not even through others.
    pub(super) never: &'static [&'static str],
}

/// The one crate that speaks to databases.
pub(super) const STORE: &str = "realms-store";

/// What that crate alone may name. Others reach these libraries only through it.
pub(super) const STORE_ONLY: &[&str] = &["sea-orm", "sqlx"];

/// Crates that exist for tests and chores stand above the program: nothing shipped may use them.
const DEV: u8 = 8;
const CHORES: u8 = 9;

/// Every crate of the workspace.
pub(super) const RULES: &[Rule] = &[
    rule("realms-types", 1, &["tokio", "axum", "hyper", "sqlx", "sea-orm"]),
    rule("realms-catalog", 2, &["realms-store", "tokio", "axum", "hyper", "sqlx"]),
    rule("realms-seal", 2, &["axum", "hyper", "sqlx", "sea-orm"]),
    rule("realms-dialect", 2, &["realms-store", "tokio", "axum", "hyper", "reqwest", "sqlx"]),
    rule("realms-store", 3, &["axum", "hyper", "reqwest"]),
    rule(
        "realms-scheduler",
        3,
        &["realms-store", "realms-dialect", "tokio", "axum", "hyper", "reqwest", "sqlx"],
    ),
    rule("realms-upstream", 3, &["realms-store", "axum", "reqwest", "sqlx"]),
    rule("realms-ledger", 4, &["realms-dialect", "axum", "hyper", "reqwest"]),
    rule("realms-identity", 4, &["realms-dialect", "realms-upstream"]),
    rule("realms-relay", 5, &["realms-console", "realms-jobs"]),
    rule("realms-commerce", 5, &["realms-relay"]),
    rule("realms-notify", 5, &["realms-relay", "axum"]),
    rule("realms-support", 5, &["realms-relay", "axum", "hyper"]),
    rule("realms-console", 6, &[]),
    rule("realms-jobs", 6, &["realms-console"]),
    rule("realms", 7, &["reqwest", "openssl-sys"]),
    rule("realms-testkit", DEV, &[]),
    rule("realms-bench", CHORES, &[]),
    rule("xtask", CHORES, &["tokio", "realms-types"]),
];

const fn rule(name: &'static str, floor: u8, never: &'static [&'static str]) -> Rule {
    Rule { name, floor, never }
}
