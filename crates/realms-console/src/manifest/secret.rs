//! A secret in a manifest: the text itself, or the name of the environment variable that holds it.

use std::fmt;

use realms_types::Secret;
use serde::{Deserialize, Deserializer, Serialize, Serializer, ser::Error as _};

/// A secret as a manifest writes it. The text itself is never written or shown again.
#[derive(Clone)]
pub enum SecretText {
    /// The secret itself.
    Literal(Secret<String>),
    /// `env:NAME`: the value of that environment variable.
    Variable(String),
}

/// Finds the value of an environment variable; injected, so that tests need no environment.
pub type Lookup<'a> = &'a (dyn Fn(&str) -> Option<String> + Send + Sync);

const VARIABLE: &str = "env:";

// === impl SecretText ===

impl SecretText {
    /// The secret itself; the error names the variable that is missing.
    pub fn resolve(&self, lookup: Lookup<'_>) -> Result<Secret<String>, String> {
        match self {
            Self::Literal(secret) if secret.reveal().is_empty() => Err("it is empty".to_owned()),
            Self::Literal(secret) => Ok(secret.clone()),
            Self::Variable(name) => match lookup(name) {
                Some(value) if !value.is_empty() => Ok(Secret::from(value)),
                _ => Err(format!("the environment variable `{name}` is not set")),
            },
        }
    }

    /// The secret itself where it is written out.
    pub(crate) const fn literal(&self) -> Option<&Secret<String>> {
        match self {
            Self::Literal(secret) => Some(secret),
            Self::Variable(_) => None,
        }
    }
}

impl From<&str> for SecretText {
    fn from(text: &str) -> Self {
        match text.strip_prefix(VARIABLE) {
            Some(name) => Self::Variable(name.to_owned()),
            None => Self::Literal(Secret::from(text)),
        }
    }
}

impl From<Secret<String>> for SecretText {
    fn from(secret: Secret<String>) -> Self {
        Self::Literal(secret)
    }
}

impl fmt::Debug for SecretText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Literal(secret) => secret.fmt(f),
            Self::Variable(name) => write!(f, "{VARIABLE}{name}"),
        }
    }
}

impl<'de> Deserialize<'de> for SecretText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(|text| Self::from(text.as_str()))
    }
}

impl Serialize for SecretText {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Literal(_) => Err(S::Error::custom("a secret is never written out")),
            Self::Variable(name) => serializer.collect_str(&format_args!("{VARIABLE}{name}")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_variable_is_looked_up_and_named_when_missing() {
        let lookup = |name: &str| (name == "KEY").then(|| "sk-1".to_owned());
        let secret = SecretText::from("env:KEY").resolve(&lookup).unwrap();
        assert_eq!(secret.reveal(), "sk-1");
        let error = SecretText::from("env:OTHER").resolve(&lookup).unwrap_err();
        assert_eq!(error, "the environment variable `OTHER` is not set");
        assert_eq!(SecretText::from("plain").resolve(&lookup).unwrap().reveal(), "plain");
        assert!(SecretText::from("").resolve(&lookup).is_err());
    }

    #[test]
    fn a_literal_is_neither_shown_nor_written() {
        let secret = SecretText::from("canary");
        assert!(!format!("{secret:?}").contains("canary"));
        let error = serde_json::to_string(&secret).unwrap_err();
        assert!(!error.to_string().contains("canary"));
        assert_eq!(serde_json::to_string(&SecretText::from("env:A")).unwrap(), "\"env:A\"");
    }
}
