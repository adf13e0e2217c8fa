//! What an OAuth app may do for a user.

use std::{collections::BTreeSet, fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

/// One thing that an OAuth app may do for a user who let it in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AppScope {
    /// Learn the user's id and log-in name.
    Profile,
    /// Learn the user's e-mail address.
    Email,
    /// Call models: the user is charged, within the limits of the API key that stands for the app.
    Relay,
}

/// What an OAuth app may do for a user, or asks to: in OAuth a list of words with a space between.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AppScopes(BTreeSet<AppScope>);

/// A word that is no scope of an OAuth app.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a scope: use `profile`, `email`, `relay`")]
pub struct UnknownAppScope(pub String);

// === impl AppScope ===

impl AppScope {
    /// Every scope.
    pub const ALL: [Self; 3] = [Self::Profile, Self::Email, Self::Relay];

    /// The word in OAuth, in JSON and in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Profile => "profile",
            Self::Email => "email",
            Self::Relay => "relay",
        }
    }
}

impl FromStr for AppScope {
    type Err = UnknownAppScope;

    fn from_str(word: &str) -> Result<Self, UnknownAppScope> {
        let found = Self::ALL.into_iter().find(|scope| scope.as_str() == word);
        found.ok_or_else(|| UnknownAppScope(word.to_owned()))
    }
}

impl Serialize for AppScope {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for AppScope {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

// === impl AppScopes ===

impl AppScopes {
    /// Whether this is among them.
    pub fn has(&self, scope: AppScope) -> bool {
        self.0.contains(&scope)
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether `other` holds all of them.
    pub fn are_within(&self, other: &Self) -> bool {
        self.0.is_subset(&other.0)
    }

    /// These, and those.
    #[must_use]
    pub fn and(&self, those: &Self) -> Self {
        Self(self.0.union(&those.0).copied().collect())
    }

    /// Each, in a fixed order.
    pub fn iter(&self) -> impl Iterator<Item = AppScope> + '_ {
        self.0.iter().copied()
    }
}

impl FromIterator<AppScope> for AppScopes {
    fn from_iter<I: IntoIterator<Item = AppScope>>(scopes: I) -> Self {
        Self(scopes.into_iter().collect())
    }
}

impl fmt::Display for AppScopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, scope) in self.0.iter().enumerate() {
            let blank = if at == 0 { "" } else { " " };
            write!(f, "{blank}{}", scope.as_str())?;
        }
        Ok(())
    }
}

impl FromStr for AppScopes {
    type Err = UnknownAppScope;

    fn from_str(words: &str) -> Result<Self, UnknownAppScope> {
        words.split(' ').filter(|word| !word.is_empty()).map(str::parse).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_are_words_in_any_order_once() {
        let scopes: AppScopes = "relay  profile relay".parse().unwrap();
        assert_eq!(scopes.to_string(), "profile relay");
        assert!(scopes.has(AppScope::Relay) && !scopes.has(AppScope::Email));
        assert!(scopes.are_within(&AppScope::ALL.into_iter().collect()));
        assert!(!scopes.are_within(&"relay".parse().unwrap()));
        assert_eq!("".parse::<AppScopes>().unwrap(), AppScopes::default());
        assert_eq!("relay admin".parse::<AppScopes>(), Err(UnknownAppScope("admin".to_owned())));
        assert!("Relay".parse::<AppScopes>().is_err(), "case decides");
    }
}
