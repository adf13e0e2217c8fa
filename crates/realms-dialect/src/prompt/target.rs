//! Where a prompt is sent to: its dialect, its model, and who will read it.

use realms_types::{ChannelKind, DialectId};

use super::Untranslatable;

/// Who makes the models behind a credential. Sealed thoughts go back only to their maker.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Family {
    /// OpenAI, also on Azure.
    Openai,
    /// Anthropic.
    Anthropic,
    /// Google.
    Google,
    /// Anybody else who speaks one of the dialects: parameters that OpenAI refuses are common there,
    /// and newer ones of OpenAI's are not known.
    Other,
}

/// What an encoder must know of where the prompt goes.
#[derive(Debug, Clone, Copy)]
pub struct Target<'a> {
    /// The dialect to write.
    pub dialect: DialectId,
    /// The model as the upstream names it.
    pub model: &'a str,
    /// Who reads it.
    pub family: Family,
    /// The most tokens of an answer that the model gives, where the operator has said so.
    pub max_output: Option<u64>,
    /// Whether the account behind it is the one that served the conversation so far: only the account that
    /// sealed a thought of OpenAI's can open it.
    pub at_home: bool,
}

// === impl Family ===

impl Family {
    /// Who most likely reads a dialect on a channel of this kind.
    pub const fn of(kind: ChannelKind, dialect: DialectId) -> Self {
        match (kind, dialect) {
            (ChannelKind::Codex | ChannelKind::Azure, _)
            | (ChannelKind::Openai, DialectId::Responses) => Self::Openai,
            (ChannelKind::Anthropic, _) | (ChannelKind::Openai, DialectId::Messages) => {
                Self::Anthropic
            }
            (ChannelKind::Gemini, _) | (ChannelKind::Openai, DialectId::Gemini) => Self::Google,
            (ChannelKind::Openai, DialectId::Chat) => Self::Other,
        }
    }

    /// Whose seals the native dialect carries.
    pub(super) const fn native(dialect: DialectId) -> Self {
        match dialect {
            DialectId::Responses => Self::Openai,
            DialectId::Chat => Self::Other,
            DialectId::Messages => Self::Anthropic,
            DialectId::Gemini => Self::Google,
        }
    }
}

// === impl Target ===

impl Target<'_> {
    /// The refusal of what the target's dialect cannot say.
    pub(super) fn cannot(&self, feature: &'static str, path: &str) -> Untranslatable {
        Untranslatable { feature, path: path.to_owned(), dialect: self.dialect }
    }

    /// The version in the name of a Claude model: `claude-opus-4-7` is (4, 7), `claude-3-5-haiku` (3, 5).
    pub(super) fn claude(&self) -> Option<(u32, u32)> {
        let name = self.model.rsplit(['/', ':']).find(|part| part.contains("claude"))?;
        let (_, version) = name.split_once("claude")?;
        // A date is no part of a version.
        let mut numbers = version
            .split(['-', '.', '@', '_'])
            .filter(|part| part.len() < 3)
            .filter_map(|part| part.parse().ok());
        let major = numbers.next()?;
        Some((major, numbers.next().unwrap_or(0)))
    }

    /// Whether the name is that of an OpenAI model that reasons; those know `developer` and
    /// `max_completion_tokens`, and refuse `max_tokens`.
    pub(super) fn is_openai_reasoner(&self) -> bool {
        let name = self.model.rsplit('/').next().unwrap_or_default();
        let numbered = |prefix: &str| {
            let rest = name.strip_prefix(prefix)?;
            let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
            digits.parse::<u32>().ok()
        };
        numbered("o").is_some() || numbered("gpt-").is_some_and(|version| version >= 5)
    }

    /// The number behind `gemini-`: 2 for `gemini-2.5-pro`.
    pub(super) fn gemini(&self) -> Option<u32> {
        let (_, rest) = self.model.split_once("gemini-")?;
        let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
        digits.parse().ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(model: &str) -> Target<'_> {
        Target {
            dialect: DialectId::Chat,
            model,
            family: Family::Other,
            max_output: None,
            at_home: true,
        }
    }

    #[test]
    fn versions_are_read_from_names() {
        for (model, version) in [
            ("claude-opus-4-7", Some((4, 7))),
            ("claude-sonnet-4-20250514", Some((4, 0))),
            ("claude-haiku-4-5-20251001", Some((4, 5))),
            ("claude-3-5-haiku-20241022", Some((3, 5))),
            ("claude-3-opus-latest", Some((3, 0))),
            ("anthropic.claude-opus-5-v1:0", Some((5, 0))),
            ("anthropic/claude-sonnet-4.6", Some((4, 6))),
            ("claude-opus-4@20250514", Some((4, 0))),
            ("glm-5", None),
            ("claude", None),
        ] {
            assert_eq!(target(model).claude(), version, "{model}");
        }
        for (model, reasons) in [
            ("o3-mini", true),
            ("gpt-5.5", true),
            ("openai/gpt-6-sol", true),
            ("gpt-4o", false),
            ("gpt-4.1", false),
            ("omni", false),
            ("deepseek-v4", false),
        ] {
            assert_eq!(target(model).is_openai_reasoner(), reasons, "{model}");
        }
        assert_eq!(target("models/gemini-2.5-pro").gemini(), Some(2));
        assert_eq!(target("gemini-3-flash-preview").gemini(), Some(3));
        assert_eq!(target("gemini-flash-latest").gemini(), None);
    }
}
