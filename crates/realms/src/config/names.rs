//! Which `REALMS_*` names exist, which no longer do, and which name a mistyped one was meant to be.

use super::table::TABLE;

/// What a `REALMS_*` name is.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// It sets this key.
    Known(&'static str),
    /// It belongs to another program that shares the environment, such as the test runner.
    Ignored,
    /// It existed once; this takes its place.
    Removed(&'static str),
    /// It never existed; the nearest name that does, if one is near.
    Unknown(Option<&'static str>),
}

/// Names read before the table applies, or meant for the tests.
const IGNORED: &[&str] = &["REALMS_CONFIG", "REALMS_CLIENTS_DIR", "REALMS_TEST_*"];

/// Names of earlier versions of Realms, and what replaced them. `*` at the end stands for any rest.
const REMOVED: &[(&str, &str)] = &[
    ("REALMS_MODE", "set REALMS_SELF_MODE_ENABLE to `true` or `false`"),
    ("REALMS_ENV", "set REALMS_LOG and REALMS_LOG_FORMAT"),
    ("REALMS_SUB2API_*", "describe the upstream as a channel and apply it with `realms apply`"),
    (
        "REALMS_COMPACT_GATEWAY_*",
        "describe the upstream as a channel and apply it with `realms apply`",
    ),
    (
        "REALMS_CODEX_SESSION_TTL_SECONDS",
        "nothing: how long a session keeps its credential is decided by its use",
    ),
    (
        "REALMS_APP_SETTINGS_DEFAULTS_*",
        "write it under [settings] and apply it with `realms apply`",
    ),
    ("REALMS_DB_MIGRATION_LOCK_*", "nothing: nodes that start together wait for each other"),
    ("REALMS_TRUST_PROXY_HEADERS", "name the proxies' networks in REALMS_TRUSTED_PROXIES"),
    ("REALMS_TRUSTED_PROXY_CIDRS", "use REALMS_TRUSTED_PROXIES"),
    ("REALMS_DEBUG_PROXY_LOG_*", "set REALMS_LOG to a finer filter"),
    ("REALMS_CHANNEL_TEST_CLI_*", "nothing: channels are tested by Realms itself"),
];

/// What this name is.
pub(super) fn standing(name: &str) -> Standing {
    if let Some(entry) = TABLE.iter().find(|entry| entry.variable == name) {
        return Standing::Known(entry.key);
    }
    if IGNORED.iter().any(|pattern| matches(pattern, name)) {
        return Standing::Ignored;
    }
    match REMOVED.iter().find(|(pattern, _)| matches(pattern, name)) {
        Some((_, instead)) => Standing::Removed(instead),
        None => Standing::Unknown(nearest(name, TABLE.iter().map(|entry| entry.variable))),
    }
}

/// The key of `realms.toml` nearest to a mistyped one.
pub(super) fn nearest_key(name: &str) -> Option<&'static str> {
    nearest(name, TABLE.iter().map(|entry| entry.key))
}

fn matches(pattern: &str, name: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(start) => name.starts_with(start),
        None => pattern == name,
    }
}

fn nearest(name: &str, known: impl Iterator<Item = &'static str>) -> Option<&'static str> {
    known
        .map(|known| (strsim::normalized_damerau_levenshtein(name, known), known))
        .filter(|(likeness, _)| *likeness >= 0.6)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, known)| known)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_name_has_its_standing() {
        assert_eq!(standing("REALMS_ADDR"), Standing::Known("addr"));
        assert_eq!(standing("REALMS_TEST_POSTGRES_URL"), Standing::Ignored);
        assert_eq!(standing("REALMS_CLIENTS_DIR"), Standing::Ignored);
        assert!(matches!(standing("REALMS_MODE"), Standing::Removed(_)));
        assert!(matches!(standing("REALMS_SUB2API_URL"), Standing::Removed(_)));
        assert_eq!(standing("REALMS_ADRR"), Standing::Unknown(Some("REALMS_ADDR")));
        assert_eq!(standing("REALMS_COLOUR_OF_THE_SKY"), Standing::Unknown(None));
    }

    #[test]
    fn a_variable_is_its_key_in_capitals() {
        for entry in TABLE {
            assert_eq!(entry.variable, format!("REALMS_{}", entry.key.to_uppercase()));
        }
    }

    #[test]
    fn no_name_is_both_known_and_removed() {
        for entry in TABLE {
            assert!(!REMOVED.iter().any(|(pattern, _)| matches(pattern, entry.variable)));
        }
    }
}
