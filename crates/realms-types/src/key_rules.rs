//! What an API key is good for, beyond whose it is.

use std::net::IpAddr;

use ipnet::IpNet;
use serde::{Deserialize, Serialize};

use crate::{Budget, DialectId, Timestamp};

/// What narrows an API key. Empty lists narrow nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyRules {
    /// Models it may call: names, or beginnings of names that end in `*`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub models: Vec<String>,
    /// Dialects it may speak.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dialects: Vec<DialectId>,
    /// Programs it may be used by, by the words that usage is counted under. A program says itself which
    /// it is: this keeps a key to its purpose, it does not keep anyone out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub clients: Vec<String>,
    /// Networks it may be used from.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub addresses: Vec<IpNet>,
    /// When it ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Timestamp>,
    /// How many seconds after its first call it ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_for_s: Option<u32>,
    /// What becomes of a call that its upstream's dialect cannot hold whole.
    #[serde(default, skip_serializing_if = "LossPolicy::is_usual")]
    pub losses: LossPolicy,
    /// What it may spend; all of them hold.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub budgets: Vec<Budget>,
}

/// What becomes of a call of which something is lost on the way to another dialect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LossPolicy {
    /// It is not sent.
    Strict,
    /// It is sent, and a header of the answer names what was lost.
    #[default]
    Warn,
    /// It is sent, and only its trace says so.
    Silent,
}

// === impl LossPolicy ===

impl LossPolicy {
    /// The word in configuration and JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Strict => "strict",
            Self::Warn => "warn",
            Self::Silent => "silent",
        }
    }

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
    fn is_usual(&self) -> bool {
        *self == Self::default()
    }
}

// === impl KeyRules ===

impl KeyRules {
    /// Whether nothing is narrowed.
    pub fn is_none(&self) -> bool {
        *self == Self::default()
    }

    /// Whether a model may be called.
    pub fn allows_model(&self, name: &str) -> bool {
        let matches = |pattern: &String| match pattern.strip_suffix('*') {
            Some(begin) => name.starts_with(begin),
            None => name == pattern,
        };
        self.models.is_empty() || self.models.iter().any(matches)
    }

    /// Whether a dialect may be spoken.
    pub fn allows_dialect(&self, dialect: DialectId) -> bool {
        self.dialects.is_empty() || self.dialects.contains(&dialect)
    }

    /// Whether a program may use it, by its word.
    pub fn allows_client(&self, word: &str) -> bool {
        self.clients.is_empty() || self.clients.iter().any(|client| client == word)
    }

    /// Whether it may be used from an address. An IPv4 address inside an IPv6 one is that IPv4 address.
    pub fn allows_address(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.addresses.is_empty() || self.addresses.iter().any(|network| network.contains(&address))
    }

    /// When it ends, knowing when it was first used; `None`: never, or not before it is used.
    pub fn ends_at(&self, first_used: Option<Timestamp>) -> Option<Timestamp> {
        let from_first = first_used
            .zip(self.valid_for_s)
            .map(|(first, seconds)| first + std::time::Duration::from_secs(seconds.into()));
        match (self.expires_at, from_first) {
            (Some(fixed), Some(from_first)) => Some(fixed.min(from_first)),
            (fixed, from_first) => fixed.or(from_first),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_said_is_nothing_narrowed() {
        let rules = KeyRules::default();
        assert!(rules.is_none() && rules.allows_model("m") && rules.allows_client("other"));
        assert!(rules.allows_dialect(DialectId::Chat));
        assert!(rules.allows_address("203.0.113.7".parse().unwrap()));
        assert_eq!(rules.ends_at(Some(Timestamp::EPOCH)), None);
        assert_eq!(serde_json::to_string(&rules).unwrap(), "{}");
    }

    #[test]
    fn a_star_stands_for_the_rest_of_a_name() {
        let models = vec!["gpt-5*".to_owned(), "claude-opus-4-8".to_owned()];
        let rules = KeyRules { models, ..KeyRules::default() };
        for (name, allowed) in [
            ("gpt-5", true),
            ("gpt-5.2-mini", true),
            ("gpt-4", false),
            ("claude-opus-4-8", true),
            ("claude-opus-4-8-fast", false),
        ] {
            assert_eq!(rules.allows_model(name), allowed, "{name}");
        }
    }

    #[test]
    fn a_mapped_address_is_its_own() {
        let addresses = vec!["10.0.0.0/8".parse().unwrap(), "2001:db8::/32".parse().unwrap()];
        let rules = KeyRules { addresses, ..KeyRules::default() };
        for (address, allowed) in [
            ("10.1.2.3", true),
            ("::ffff:10.1.2.3", true),
            ("11.0.0.1", false),
            ("2001:db8::5", true),
            ("2001:db9::5", false),
        ] {
            assert_eq!(rules.allows_address(address.parse().unwrap()), allowed, "{address}");
        }
    }

    #[test]
    fn the_sooner_end_counts() {
        let at = Timestamp::from_secs;
        let rules =
            KeyRules { expires_at: Some(at(1_000)), valid_for_s: Some(60), ..KeyRules::default() };
        assert_eq!(rules.ends_at(None), Some(at(1_000)));
        assert_eq!(rules.ends_at(Some(at(100))), Some(at(160)));
        assert_eq!(rules.ends_at(Some(at(990))), Some(at(1_000)));
    }
}
