//! The names of the wire formats and of the kinds of channel.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// A wire format spoken by clients, by upstreams, or both.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DialectId {
    /// OpenAI Responses, `POST /v1/responses`.
    Responses,
    /// OpenAI Chat Completions, `POST /v1/chat/completions`.
    Chat,
    /// Anthropic Messages, `POST /v1/messages`.
    Messages,
    /// Gemini, `POST /v1beta/models/{model}:generateContent`.
    Gemini,
}

/// What kind of vendor a channel leads to: it decides headers, paths and defaults.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChannelKind {
    /// OpenAI, or anything that speaks its API.
    Openai,
    /// Anthropic, or anything that speaks its API.
    Anthropic,
    /// Google's Gemini API.
    Gemini,
    /// The backend of the Codex CLI.
    Codex,
    /// OpenAI's models in a resource of Azure.
    Azure,
}

/// A name that is none of those known.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{name}` is none of {known}")]
pub struct UnknownName {
    /// What was given.
    pub name: String,
    /// What would have been understood, comma-separated.
    pub known: String,
}

impl DialectId {
    /// Every dialect.
    pub const ALL: [Self; 4] = [Self::Responses, Self::Chat, Self::Messages, Self::Gemini];

    /// The one that most servers have that copy a vendor's API.
    pub const COPIED: Self = Self::Chat;

    /// The word of each, in the order of [`DialectId::ALL`].
    pub const WORDS: [&'static str; Self::ALL.len()] = {
        let mut words = [""; Self::ALL.len()];
        let mut at = 0;
        while at < words.len() {
            words[at] = Self::ALL[at].as_str();
            at += 1;
        }
        words
    };

    /// The word in configuration, JSON and the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Responses => "responses",
            Self::Chat => "chat",
            Self::Messages => "messages",
            Self::Gemini => "gemini",
        }
    }
}

impl ChannelKind {
    /// Every kind.
    pub const ALL: [Self; 5] =
        [Self::Openai, Self::Anthropic, Self::Gemini, Self::Codex, Self::Azure];

    /// The word in configuration, JSON and the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Openai => "openai",
            Self::Anthropic => "anthropic",
            Self::Gemini => "gemini",
            Self::Codex => "codex",
            Self::Azure => "azure",
        }
    }

    /// Whether it has the API of another kind: Azure serves OpenAI's.
    pub const fn has_api_of(self, other: Self) -> bool {
        self as u8 == other as u8 || matches!((self, other), (Self::Azure, Self::Openai))
    }

    /// What a channel of this kind speaks when nothing is said.
    pub const fn default_dialects(self) -> &'static [DialectId] {
        match self {
            Self::Openai | Self::Azure => &[DialectId::Responses, DialectId::Chat],
            Self::Anthropic => &[DialectId::Messages],
            Self::Gemini => &[DialectId::Gemini],
            Self::Codex => &[DialectId::Responses],
        }
    }

    /// The first of what it speaks when nothing is said.
    pub const fn own_dialect(self) -> DialectId {
        match self.default_dialects() {
            [own, ..] => *own,
            [] => DialectId::COPIED,
        }
    }

    /// The kind of those who made a dialect: the first that speaks it when nothing is said.
    pub fn of_makers(dialect: DialectId) -> Self {
        let mut kinds = Self::ALL.into_iter();
        let maker = kinds.find(|kind| kind.default_dialects().contains(&dialect));
        maker.unwrap_or(Self::Openai)
    }
}

impl fmt::Display for DialectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Display for ChannelKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for DialectId {
    type Err = UnknownName;

    fn from_str(name: &str) -> Result<Self, UnknownName> {
        Self::ALL
            .into_iter()
            .find(|id| id.as_str() == name)
            .ok_or_else(|| UnknownName { name: name.to_owned(), known: Self::WORDS.join(", ") })
    }
}

impl FromStr for ChannelKind {
    type Err = UnknownName;

    fn from_str(name: &str) -> Result<Self, UnknownName> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name).ok_or_else(|| UnknownName {
            name: name.to_owned(),
            known: Self::ALL.map(Self::as_str).join(", "),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_dialect_has_makers_that_speak_it() {
        for dialect in DialectId::ALL {
            assert!(ChannelKind::of_makers(dialect).default_dialects().contains(&dialect));
        }
        for kind in ChannelKind::ALL {
            assert!(kind.default_dialects().contains(&kind.own_dialect()), "{kind}");
        }
        assert_eq!(ChannelKind::of_makers(DialectId::COPIED), ChannelKind::Openai);
    }

    #[test]
    fn each_is_known_by_its_word_and_a_stranger_is_told_all_of_them() {
        for dialect in DialectId::ALL {
            assert_eq!(dialect.as_str().parse::<DialectId>(), Ok(dialect));
        }
        for kind in ChannelKind::ALL {
            assert_eq!(kind.as_str().parse::<ChannelKind>(), Ok(kind));
        }
        let told = |error: UnknownName| error.to_string();
        assert_eq!(
            "x".parse::<DialectId>().map_err(told),
            Err("`x` is none of responses, chat, messages, gemini".to_owned())
        );
        assert_eq!(
            "x".parse::<ChannelKind>().map_err(told),
            Err("`x` is none of openai, anthropic, gemini, codex, azure".to_owned())
        );
    }
}
