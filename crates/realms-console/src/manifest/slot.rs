//! A value that can be taken away again.

use std::{fmt::Display, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

/// A value, or its absence said aloud: `""` in TOML and JSON. (Leaving a field out says nothing: it
/// keeps what it is.)
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Slot<T> {
    /// There is none.
    Empty,
    /// There is one.
    Full(T),
}

// === impl Slot ===

impl<T> Slot<T> {
    /// The value, if there is one.
    pub fn value(self) -> Option<T> {
        match self {
            Self::Empty => None,
            Self::Full(value) => Some(value),
        }
    }

    /// The value, if there is one, borrowed.
    pub const fn as_ref(&self) -> Option<&T> {
        match self {
            Self::Empty => None,
            Self::Full(value) => Some(value),
        }
    }

    /// Whether a field has nothing to write: it is left out, or empty.
    #[expect(clippy::ref_option, reason = "the signature serde asks for")]
    pub(crate) const fn is_silent(slot: &Option<Self>) -> bool {
        matches!(slot, None | Some(Self::Empty))
    }
}

impl<T> From<Option<T>> for Slot<T> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Empty, Self::Full)
    }
}

impl<T: Display> Serialize for Slot<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Empty => serializer.serialize_str(""),
            Self::Full(value) => serializer.collect_str(value),
        }
    }
}

impl<'de, T: FromStr<Err: Display>> Deserialize<'de> for Slot<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match String::deserialize(deserializer)?.as_str() {
            "" => Ok(Self::Empty),
            text => text.parse().map(Self::Full).map_err(D::Error::custom),
        }
    }
}
