//! What an operation is in another dialect.

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
pub(crate) fn others_of(word: &str, dialect: DialectId) -> &'static [DialectId] {
    let purpose = match word {
        "responses"
        | "chat.completions"
        | "messages"
        | "generateContent"
        | "streamGenerateContent" => Purpose::Answer,
        "responses.input_tokens" | "messages.count_tokens" | "countTokens" => Purpose::Count,
        "embeddings" | "embedContent" | "batchEmbedContents" => Purpose::Embed,
        _ => return &[],
    };
    purpose.others(dialect)
}

// === impl Purpose ===

impl Purpose {
    /// The dialects beside this one that have it too.
    pub(crate) const fn others(self, dialect: DialectId) -> &'static [DialectId] {
        use DialectId::{Chat, Gemini, Messages, Responses};

        match (self, dialect) {
            (Self::Answer, Responses) => &[Messages, Chat, Gemini],
            (Self::Answer, Chat) => &[Responses, Messages, Gemini],
            (Self::Answer, Messages) => &[Responses, Chat, Gemini],
            (Self::Answer, Gemini) => &[Responses, Chat, Messages],
            (Self::Count, Responses) => &[Messages, Gemini],
            (Self::Count, Messages) => &[Responses, Gemini],
            (Self::Count, Gemini) => &[Responses, Messages],
            (Self::Embed, Chat) => &[Gemini],
            (Self::Embed, Gemini) => &[Chat],
            (Self::Count, Chat) | (Self::Embed, Responses | Messages) => &[],
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
    pub(crate) fn others(&self) -> &'static [DialectId] {
        self.purpose().map_or(&[], |purpose| purpose.others(self.dialect()))
    }

    /// The same in another dialect, for a model of this name; `None` where there is no such thing.
    pub(crate) fn counterpart(
        &self,
        dialect: DialectId,
        model: &str,
        stream: bool,
    ) -> Option<Self> {
        let gemini = |action| Self::Gemini { version: "v1beta", model: model.to_owned(), action };
        let answer = if stream { GeminiAction::Stream } else { GeminiAction::Generate };
        Some(match (self.purpose()?, dialect) {
            (Purpose::Answer, DialectId::Responses) => Self::Respond,
            (Purpose::Answer, DialectId::Chat) => Self::Chat,
            (Purpose::Answer, DialectId::Messages) => Self::Message,
            (Purpose::Answer, DialectId::Gemini) => gemini(answer),
            (Purpose::Count, DialectId::Responses) => Self::CountResponseInput,
            (Purpose::Count, DialectId::Messages) => Self::CountMessageTokens,
            (Purpose::Count, DialectId::Gemini) => gemini(GeminiAction::CountTokens),
            (Purpose::Embed, DialectId::Chat) => Self::PassThrough(EMBEDDINGS),
            (Purpose::Embed, DialectId::Gemini) => gemini(GeminiAction::BatchEmbed),
            (Purpose::Count, DialectId::Chat)
            | (Purpose::Embed, DialectId::Responses | DialectId::Messages) => return None,
        })
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
            assert_eq!(others_of(operation.as_str(), dialect), operation.others());
            for other in operation.others() {
                let there = operation.counterpart(*other, "m", true).unwrap();
                assert_eq!((there.dialect(), there.purpose()), (*other, operation.purpose()));
            }
        }
        assert!(Operation::Compact.others().is_empty());
        assert!(Operation::PassThrough("/audio/speech").others().is_empty());
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
