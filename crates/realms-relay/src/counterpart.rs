//! What an operation is in another dialect.

use realms_dialect::facts;
use realms_types::DialectId;

use crate::{GeminiAction, Operation};

/// What a call is for, where more than one dialect has a way to ask for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// An answer is generated.
    Answer,
    /// The tokens of a prompt are counted.
    Count,
    /// Texts become vectors.
    Embed,
}

/// The path of OpenAI's embeddings, below `/v1`.
const EMBEDDINGS: &str = "/embeddings";

/// The dialects a recorded call could be translated to, by the word of its operation.
pub(crate) fn others_of(word: &str, dialect: DialectId) -> Vec<DialectId> {
    let purpose = match word {
        "responses"
        | "chat.completions"
        | "messages"
        | "generateContent"
        | "streamGenerateContent" => Purpose::Answer,
        "responses.input_tokens" | "messages.count_tokens" | "countTokens" => Purpose::Count,
        "embeddings" | "embedContent" | "batchEmbedContents" => Purpose::Embed,
        _ => return Vec::new(),
    };
    purpose.others(dialect)
}

// === impl Purpose ===

impl Purpose {
    /// The dialects beside this one that have it too.
    pub(crate) fn others(self, dialect: DialectId) -> Vec<DialectId> {
        let has_it = |other: &DialectId| *other != dialect && self.is_in(*other);
        let all = DialectId::ALL.into_iter().filter(|_| self.is_in(dialect));
        all.filter(has_it).collect()
    }

    /// Whether clients of a dialect have a way to ask for it.
    fn is_in(self, dialect: DialectId) -> bool {
        match self {
            Self::Answer => true,
            Self::Count => facts(dialect).counts_at.is_some(),
            Self::Embed => facts(dialect).embeds_at.is_some(),
        }
    }
}

// === impl Operation ===

impl Operation {
    /// What it is for, where other dialects have that too.
    pub(crate) fn purpose(&self) -> Option<Purpose> {
        match self {
            Self::Respond | Self::Chat | Self::Message => Some(Purpose::Answer),
            Self::CountResponseInput | Self::CountMessageTokens => Some(Purpose::Count),
            Self::Gemini { action, .. } => Some(match action {
                GeminiAction::Generate | GeminiAction::Stream => Purpose::Answer,
                GeminiAction::CountTokens => Purpose::Count,
                GeminiAction::Embed | GeminiAction::BatchEmbed => Purpose::Embed,
            }),
            Self::PassThrough(EMBEDDINGS) => Some(Purpose::Embed),
            Self::PassThrough(_) | Self::Compact | Self::Stored(_) => None,
        }
    }

    /// The dialects it can be translated to.
    pub(crate) fn others(&self) -> Vec<DialectId> {
        self.purpose().map_or_else(Vec::new, |purpose| purpose.others(self.dialect()))
    }

    /// The same in another dialect, for a model of this name; `None` where there is no such thing.
    pub(crate) fn counterpart(
        &self,
        dialect: DialectId,
        model: &str,
        stream: bool,
    ) -> Option<Self> {
        let ways = match self.purpose()? {
            Purpose::Answer => vec![Self::answering(dialect, model, stream)],
            Purpose::Count => vec![
                Self::CountResponseInput,
                Self::CountMessageTokens,
                Self::gemini(model, GeminiAction::CountTokens),
            ],
            Purpose::Embed => {
                vec![Self::PassThrough(EMBEDDINGS), Self::gemini(model, GeminiAction::BatchEmbed)]
            }
        };
        ways.into_iter().find(|way| way.dialect() == dialect)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all() -> Vec<Operation> {
        let gemini = |action| Operation::Gemini { version: "v1", model: "m".to_owned(), action };
        let mut all = vec![
            Operation::Respond,
            Operation::Chat,
            Operation::Message,
            Operation::CountResponseInput,
            Operation::CountMessageTokens,
            Operation::Compact,
            Operation::PassThrough("/embeddings"),
            Operation::PassThrough("/audio/speech"),
        ];
        all.extend(
            [
                GeminiAction::Generate,
                GeminiAction::Stream,
                GeminiAction::CountTokens,
                GeminiAction::Embed,
                GeminiAction::BatchEmbed,
            ]
            .map(gemini),
        );
        all
    }

    #[test]
    fn whatever_can_be_translated_has_a_counterpart_of_the_same_purpose() {
        for operation in all() {
            let dialect = operation.dialect();
            let others = operation.others();
            assert_eq!(others_of(operation.as_str(), dialect), others);
            for other in DialectId::ALL.into_iter().filter(|other| *other != dialect) {
                let there = operation.counterpart(other, "m", true);
                assert_eq!(there.is_some(), others.contains(&other), "{operation:?} in {other}");
                let Some(there) = there else { continue };
                assert_eq!((there.dialect(), there.purpose()), (other, operation.purpose()));
            }
        }
        assert!(Operation::Compact.others().is_empty());
        assert!(Operation::PassThrough("/audio/speech").others().is_empty());
    }

    #[test]
    fn a_counterpart_is_called_where_clients_of_its_dialect_call_it() {
        for dialect in DialectId::ALL {
            let facts = facts(dialect);
            for (operation, expected) in [
                (Operation::Chat, Some(facts.answers_at)),
                (Operation::CountMessageTokens, facts.counts_at),
                (Operation::PassThrough("/embeddings"), facts.embeds_at),
            ] {
                let there = operation.counterpart(dialect, "{model}", false);
                let path = there.as_ref().map(Operation::client_path);
                assert_eq!(path.as_deref(), expected, "{operation:?} in {dialect}");
            }
        }
    }

    #[test]
    fn whether_it_streams_is_said_in_geminis_path() {
        let action = |stream| match Operation::Chat.counterpart(DialectId::Gemini, "m", stream) {
            Some(Operation::Gemini { action, .. }) => action,
            _ => panic!("no counterpart"),
        };
        assert_eq!((action(true), action(false)), (GeminiAction::Stream, GeminiAction::Generate));
    }
}
