//! What data keys are for.

use std::{fmt, str::FromStr};

use realms_types::UnknownName;

/// What a data key is for. Keys of one purpose open nothing of another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Purpose {
    /// Seals the credentials of channels.
    Upstream,
    /// Seals the copies of API keys that can be revealed.
    KeyCopy,
    /// Hashes API keys for their lookup. It never seals.
    KeyPepper,
    /// Seals the secrets of authenticator apps.
    Totp,
    /// Seals the settings that are secrets.
    Setting,
    /// Seals what a browser keeps for a few minutes.
    Cookie,
    /// Seals the secrets of payment gateways and the codes that are worth money.
    Payment,
    /// Seals the answers that are kept for repeats.
    Answer,
    /// Seals the responses that are kept for whoever goes on from them.
    Response,
}

// === impl Purpose ===

impl Purpose {
    /// Every purpose.
    pub const ALL: [Self; 9] = [
        Self::Upstream,
        Self::KeyCopy,
        Self::KeyPepper,
        Self::Totp,
        Self::Setting,
        Self::Cookie,
        Self::Payment,
        Self::Answer,
        Self::Response,
    ];

    /// The word in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Upstream => "upstream",
            Self::KeyCopy => "key_copy",
            Self::KeyPepper => "key_pepper",
            Self::Totp => "totp",
            Self::Setting => "setting",
            Self::Cookie => "cookie",
            Self::Payment => "payment",
            Self::Answer => "answer",
            Self::Response => "response",
        }
    }

    /// Whether values are sealed for it.
    pub(crate) const fn seals(self) -> bool {
        !matches!(self, Self::KeyPepper)
    }
}

impl fmt::Display for Purpose {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Purpose {
    type Err = UnknownName;

    fn from_str(name: &str) -> Result<Self, UnknownName> {
        Self::ALL.into_iter().find(|purpose| purpose.as_str() == name).ok_or_else(|| UnknownName {
            name: name.to_owned(),
            known: Self::ALL.map(Self::as_str).join(", "),
        })
    }
}
