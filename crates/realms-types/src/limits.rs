//! What somebody may use at most: an API key, a user, a credential, a channel.

use std::{fmt, num::NonZeroU32};

use serde::{Deserialize, Serialize};

use crate::{ApiKeyId, ChannelId, CredentialId, UserId};

/// How much may be used; `None` is as much as there is. Zero is no limit that could be meant: what may
/// not be used at all is switched off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// Calls begun within any minute.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub requests_per_minute: Option<NonZeroU32>,
    /// LLM tokens, read and written, of the calls begun within any minute.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tokens_per_minute: Option<NonZeroU32>,
    /// Calls at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub concurrency: Option<NonZeroU32>,
    /// Streams among the calls at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub streams: Option<NonZeroU32>,
}

/// Whose limit it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LimitOwner {
    /// An API key.
    ApiKey(ApiKeyId),
    /// All keys of a user together.
    User(UserId),
    /// A credential, whoever calls with it.
    Credential(CredentialId),
    /// All credentials of a channel together.
    Channel(ChannelId),
}

/// What is limited.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LimitKind {
    /// [`Limits::requests_per_minute`].
    Requests,
    /// [`Limits::tokens_per_minute`].
    Tokens,
    /// [`Limits::concurrency`].
    Concurrency,
    /// [`Limits::streams`].
    Streams,
}

// === impl Limits ===

impl Limits {
    /// No limit at all.
    pub const NONE: Self = Self {
        requests_per_minute: None,
        tokens_per_minute: None,
        concurrency: None,
        streams: None,
    };

    /// The part of one of several nodes: an even share, and never less than one.
    #[must_use]
    pub fn shared(self, nodes: u32) -> Self {
        let share = |limit: NonZeroU32| {
            NonZeroU32::new(limit.get() / nodes.max(1)).unwrap_or(NonZeroU32::MIN)
        };
        if nodes < 2 {
            return self;
        }
        Self {
            requests_per_minute: self.requests_per_minute.map(share),
            tokens_per_minute: self.tokens_per_minute.map(share),
            concurrency: self.concurrency.map(share),
            streams: self.streams.map(share),
        }
    }

    /// How much there may be of one kind.
    pub fn of(&self, kind: LimitKind) -> Option<u32> {
        let limit = match kind {
            LimitKind::Requests => self.requests_per_minute,
            LimitKind::Tokens => self.tokens_per_minute,
            LimitKind::Concurrency => self.concurrency,
            LimitKind::Streams => self.streams,
        };
        limit.map(u32::from)
    }

    /// Whether nothing is limited.
    pub const fn is_none(&self) -> bool {
        !self.is_of_minutes() && !self.is_at_once()
    }

    /// Whether what is used within a minute is limited.
    pub const fn is_of_minutes(&self) -> bool {
        self.requests_per_minute.is_some() || self.tokens_per_minute.is_some()
    }

    /// Whether what runs at once is limited.
    pub const fn is_at_once(&self) -> bool {
        self.concurrency.is_some() || self.streams.is_some()
    }
}

// === impl LimitOwner ===

impl LimitOwner {
    /// What kind of owner: the word in faults and traces.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ApiKey(_) => "api_key",
            Self::User(_) => "user",
            Self::Credential(_) => "credential",
            Self::Channel(_) => "channel",
        }
    }
}

// === impl LimitKind ===

impl LimitKind {
    /// The name of its field.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Requests => "requests_per_minute",
            Self::Tokens => "tokens_per_minute",
            Self::Concurrency => "concurrency",
            Self::Streams => "streams",
        }
    }
}

impl fmt::Display for LimitKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nodes_share_a_limit_evenly_and_each_has_one() {
        let limits = Limits {
            requests_per_minute: NonZeroU32::new(100),
            concurrency: NonZeroU32::new(2),
            ..Limits::NONE
        };
        let share = limits.shared(3);
        assert_eq!(share.of(LimitKind::Requests), Some(33));
        assert_eq!(share.of(LimitKind::Concurrency), Some(1));
        assert_eq!(share.of(LimitKind::Tokens), None);
        assert_eq!((limits.shared(1), limits.shared(0)), (limits, limits));
    }
}
