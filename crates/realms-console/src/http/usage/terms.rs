//! What a filter asks of calls: fields known by name, names turned into ids.

use realms_store::{FlagField, NumberField, UsageFilter, UsageTerm, WordField};
use realms_types::{ApiKeyId, ChannelGroupId, ChannelId, CredentialId, Money, Timestamp, UserId};

use super::{
    Reach,
    grammar::{self, Term, Test, Text},
};
use crate::{ConsoleError, http::Console};

/// More words than anyone looks for at once.
const MOST_WORDS: usize = 8;

/// What is asked of calls, as it was sent.
#[derive(Debug, Clone, Default)]
pub(in crate::http) struct Asked<'a> {
    /// Words.
    pub(in crate::http) q: Option<&'a str>,
    /// Terms.
    pub(in crate::http) filter: Option<&'a str>,
    /// Started at or after this moment.
    pub(in crate::http) since: Option<Timestamp>,
    /// Started before this moment.
    pub(in crate::http) until: Option<Timestamp>,
}

/// A field of the filter.
#[derive(Debug, Clone, Copy)]
enum Field {
    Word(WordField, &'static [&'static str]),
    Number(NumberField, fn(&str) -> Option<i64>),
    Flag(FlagField),
    Named(Named),
}

/// A field whose values have names and ids.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Named {
    ApiKey,
    User,
    Channel,
    Tried,
    ChannelGroup,
    Credential,
}

const OUTCOMES: &[&str] = &["ok", "refused", "rejected", "failed", "broken", "client_gone"];
const DIALECTS: &[&str] = &["responses", "chat", "messages", "gemini"];
const ORIGINS: &[&str] = &["client", "realms", "upstream", "storage"];

/// The fields that everyone may ask about. Where words are listed, no other word is known.
const FIELDS: &[(&str, Field)] = &[
    ("outcome", Field::Word(WordField::Outcome, OUTCOMES)),
    ("status", Field::Number(NumberField::Status, whole)),
    ("model", Field::Word(WordField::Model, &[])),
    ("api_key", Field::Named(Named::ApiKey)),
    ("dialect", Field::Word(WordField::Dialect, DIALECTS)),
    ("client", Field::Word(WordField::Client, &[])),
    ("origin", Field::Word(WordField::Origin, ORIGINS)),
    ("cause", Field::Word(WordField::Cause, &[])),
    ("stream", Field::Flag(FlagField::Stream)),
    ("session", Field::Word(WordField::Session, &[])),
    ("attempts", Field::Number(NumberField::Attempts, whole)),
    ("cost", Field::Number(NumberField::Cost, dollars)),
    ("duration_ms", Field::Number(NumberField::Duration, millis)),
    ("first_event_ms", Field::Number(NumberField::FirstEvent, millis)),
    ("mismatch", Field::Flag(FlagField::Mismatch)),
    ("request_id", Field::Word(WordField::RequestId, &[])),
];

/// The fields that are for those who see everyone's calls.
const FIELDS_OF_OPERATORS: &[(&str, Field)] = &[
    ("user", Field::Named(Named::User)),
    ("channel", Field::Named(Named::Channel)),
    ("tried", Field::Named(Named::Tried)),
    ("channel_group", Field::Named(Named::ChannelGroup)),
    ("credential", Field::Named(Named::Credential)),
];

fn whole(text: &str) -> Option<i64> {
    text.parse().ok()
}

fn millis(text: &str) -> Option<i64> {
    text.parse::<i64>().ok()?.checked_mul(1_000)
}

fn dollars(text: &str) -> Option<i64> {
    text.parse::<Money>().ok().map(Money::nano)
}

// === impl Console ===

impl Console {
    /// The filter of a request, which never reaches farther than whoever asks.
    pub(in crate::http) async fn usage_filter(
        &self,
        reach: Reach,
        asked: &Asked<'_>,
    ) -> Result<UsageFilter, ConsoleError> {
        let words: Vec<String> =
            asked.q.unwrap_or_default().split_whitespace().map(str::to_owned).collect();
        if words.len() > MOST_WORDS {
            return Err(malformed(format!("`q` has more than {MOST_WORDS} words")));
        }
        let mut terms = Vec::new();
        for term in grammar::parse(asked.filter.unwrap_or_default())? {
            terms.push(self.usage_term(reach, term).await?);
        }
        Ok(UsageFilter {
            user: reach.user,
            terms,
            words,
            since: asked.since,
            until: asked.until,
            ..UsageFilter::default()
        })
    }

    async fn usage_term(&self, reach: Reach, term: Term) -> Result<UsageTerm, ConsoleError> {
        let Term { field: name, test } = term;
        let of_operators = if reach.user.is_none() { FIELDS_OF_OPERATORS } else { &[] };
        let known = || FIELDS.iter().chain(of_operators);
        let Some((_, field)) = known().find(|(own, _)| *own == name) else {
            let known: Vec<&str> = known().map(|(own, _)| *own).collect();
            let known = known.join(", ");
            return Err(malformed(format!("the filter has no field `{name}`; there are {known}")));
        };
        match (*field, test) {
            (Field::Word(field, known), Test::AnyOf { not, values }) => {
                let strange = values.iter().find(|value| {
                    !known.is_empty() && !value.begins && !known.contains(&value.text.as_str())
                });
                if let Some(Text { text, .. }) = strange {
                    let known = known.join(", ");
                    return Err(malformed(format!(
                        "`{name}` is never `{text}`; it is one of {known}"
                    )));
                }
                let (starts, any_of) =
                    values.into_iter().partition::<Vec<_>, _>(|value| value.begins);
                let texts =
                    |values: Vec<Text>| values.into_iter().map(|value| value.text).collect();
                Ok(UsageTerm::Word { field, not, any_of: texts(any_of), starts: texts(starts) })
            }
            (Field::Number(field, read), Test::AnyOf { not, values }) => {
                let number = |value: &Text| number(&name, read, &value.text);
                let any_of = values.iter().map(number).collect::<Result<_, _>>()?;
                Ok(UsageTerm::Number { field, not, any_of })
            }
            (Field::Number(field, read), Test::Above(text)) => {
                Ok(UsageTerm::Above(field, number(&name, read, &text)?))
            }
            (Field::Number(field, read), Test::Below(text)) => {
                Ok(UsageTerm::Below(field, number(&name, read, &text)?))
            }
            (Field::Flag(field), Test::AnyOf { not, values }) => match values.as_slice() {
                [Text { text, begins: false }] if text == "true" || text == "false" => {
                    Ok(UsageTerm::Flag(field, (text == "true") != not))
                }
                _ => Err(malformed(format!("`{name}` is `true` or `false`"))),
            },
            (Field::Named(named), Test::AnyOf { not, values }) => {
                let mut ids = Vec::new();
                for value in &values {
                    ids.extend(self.ids_of(reach, named, &value.text).await?);
                }
                Ok(named.term(not, ids))
            }
            (_, Test::Above(_) | Test::Below(_)) => {
                Err(malformed(format!("`{name}` is no number: write `{name}:value`")))
            }
        }
    }

    /// The ids that a text means: itself, or all that have it for their name.
    async fn ids_of(
        &self,
        reach: Reach,
        named: Named,
        text: &str,
    ) -> Result<Vec<i64>, ConsoleError> {
        let reader = self.0.editor.store.read();
        let catalog = self.0.catalog.snapshot();
        if let Some(id) = named.id(text) {
            return Ok(vec![id]);
        }
        let found: Vec<i64> = match named {
            Named::ApiKey => {
                let keys = reader.api_keys_named(text, reach.user).await?;
                keys.into_iter().map(|key| key.id.raw()).collect()
            }
            Named::User => {
                let user = reader.find_user_by_name(text).await?;
                user.into_iter().map(|user| user.id.raw()).collect()
            }
            Named::Channel | Named::Tried => {
                catalog.channels().filter(|one| one.name == text).map(|one| one.id.raw()).collect()
            }
            Named::ChannelGroup => {
                let group = reader.find_channel_group_by_name(text).await?;
                group.into_iter().map(|group| group.id.raw()).collect()
            }
            Named::Credential => {
                let all = catalog.channels().flat_map(|channel| &channel.credentials);
                all.filter(|one| one.name == text).map(|one| one.id.raw()).collect()
            }
        };
        if found.is_empty() {
            return Err(malformed(format!("there is no {} `{text}`", named.noun())));
        }
        Ok(found)
    }
}

// === impl Named ===

impl Named {
    fn id(self, text: &str) -> Option<i64> {
        match self {
            Self::ApiKey => text.parse().ok().map(ApiKeyId::raw),
            Self::User => text.parse().ok().map(UserId::raw),
            Self::Channel | Self::Tried => text.parse().ok().map(ChannelId::raw),
            Self::ChannelGroup => text.parse().ok().map(ChannelGroupId::raw),
            Self::Credential => text.parse().ok().map(CredentialId::raw),
        }
    }

    const fn noun(self) -> &'static str {
        match self {
            Self::ApiKey => "API key",
            Self::User => "user",
            Self::Channel | Self::Tried => "channel",
            Self::ChannelGroup => "channel group",
            Self::Credential => "credential",
        }
    }

    fn term(self, not: bool, ids: Vec<i64>) -> UsageTerm {
        let field = match self {
            Self::ApiKey => NumberField::ApiKey,
            Self::User => NumberField::User,
            Self::Channel => NumberField::Channel,
            Self::ChannelGroup => NumberField::ChannelGroup,
            Self::Credential => NumberField::Credential,
            Self::Tried => {
                let any_of = ids.into_iter().map(ChannelId::new).collect();
                return UsageTerm::Tried { not, any_of };
            }
        };
        UsageTerm::Number { field, not, any_of: ids }
    }
}

fn number(name: &str, read: fn(&str) -> Option<i64>, text: &str) -> Result<i64, ConsoleError> {
    read(text).ok_or_else(|| malformed(format!("`{text}` is no value of `{name}`: write a number")))
}

fn malformed(what: String) -> ConsoleError {
    ConsoleError::Malformed(format!("query: {what}"))
}
