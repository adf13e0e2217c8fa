//! What a filter asks of calls: fields known by name, names turned into ids.

use std::fmt;

use realms_store::{FlagField, NumberField, UsageFilter, UsageTerm, WordField};
use realms_types::{
    ApiKeyId, ChannelGroupId, ChannelId, CredentialId, DialectId, Money, Timestamp, UserId,
};

use super::{NOTHING, Reach};
use crate::{
    ConsoleError,
    http::{
        Console,
        query::{Fields, ListParams, Op, Query, Term, Word},
    },
};

/// More words than anyone looks for at once.
const MOST_WORDS: usize = 8;

/// What is asked of calls, as it was sent.
#[derive(Debug, Clone, Default)]
pub(in crate::http) struct Asked {
    /// Words.
    pub(in crate::http) q: Option<String>,
    /// Terms.
    pub(in crate::http) filter: Option<String>,
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
const DIALECTS: &[&str] = &DialectId::WORDS;
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
        asked: Asked,
    ) -> Result<UsageFilter, ConsoleError> {
        let Asked { q, filter, since, until } = asked;
        let query = read(reach, ListParams { q, filter, ..ListParams::default() })?;
        self.filter_of(reach, &query, since, until).await
    }

    /// The filter that a query means.
    pub(super) async fn filter_of(
        &self,
        reach: Reach,
        query: &Query,
        since: Option<Timestamp>,
        until: Option<Timestamp>,
    ) -> Result<UsageFilter, ConsoleError> {
        let words = query.q.as_deref().unwrap_or_default().split_whitespace();
        let words: Vec<String> = words.map(str::to_owned).collect();
        if words.len() > MOST_WORDS {
            return Err(malformed(format!("`q` has more than {MOST_WORDS} words")));
        }
        let mut terms = Vec::new();
        for term in &query.filter {
            terms.push(self.usage_term(reach, term).await?);
        }
        Ok(UsageFilter { user: reach.user, terms, words, since, until, ..UsageFilter::default() })
    }

    async fn usage_term(&self, reach: Reach, term: &Term) -> Result<UsageTerm, ConsoleError> {
        let Term { field: name, op, values } = term;
        let Some((_, field)) = fields(reach).find(|(own, _)| own == name) else {
            return Err(malformed(format!("`filter` knows no field `{name}`")));
        };
        let not = *op == Op::IsNot;
        match (*field, op) {
            (Field::Word(field, known), Op::Is | Op::IsNot) => {
                word_term(name, field, known, not, values)
            }
            (Field::Number(field, read), op) => number_term(name, field, read, *op, values),
            (Field::Flag(field), Op::Is | Op::IsNot) => match values.as_slice() {
                [Word { text, is_prefix: false }] if text == "true" || text == "false" => {
                    Ok(UsageTerm::Flag(field, (text == "true") != not))
                }
                _ => Err(malformed(format!("`{name}` is `true` or `false`"))),
            },
            (Field::Named(named), Op::Is | Op::IsNot) => {
                let mut ids = Vec::new();
                let or_none = named.may_be_none() && values.iter().any(is_nothing);
                for value in values.iter().filter(|value| !(or_none && is_nothing(value))) {
                    ids.extend(self.ids_of(reach, named, &value.text).await?);
                }
                Ok(named.term(not, or_none, ids))
            }
            (_, Op::Above | Op::Below) => {
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

    /// Whether a call may have none.
    const fn may_be_none(self) -> bool {
        matches!(self, Self::Channel | Self::ChannelGroup | Self::Credential)
    }

    fn term(self, not: bool, or_none: bool, ids: Vec<i64>) -> UsageTerm {
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
        UsageTerm::Number { field, not, or_none, any_of: ids }
    }
}

/// The fields that a reader may ask about.
fn fields(reach: Reach) -> impl Iterator<Item = &'static (&'static str, Field)> {
    let of_operators: &[_] = if reach.user.is_none() { FIELDS_OF_OPERATORS } else { &[] };
    FIELDS.iter().chain(of_operators)
}

/// Reads what a list of calls is asked for.
pub(super) fn read(reach: Reach, params: ListParams) -> Result<Query, ConsoleError> {
    let filter: Vec<&str> = fields(reach).map(|(name, _)| *name).collect();
    params
        .read(&Fields { filter: &filter, sort: &["started_at", "cost", "duration", "first_event"] })
}

fn word_term(
    name: &str,
    field: WordField,
    known: &[&str],
    not: bool,
    values: &[Word],
) -> Result<UsageTerm, ConsoleError> {
    let may_be_none = matches!(field, WordField::Origin | WordField::Cause | WordField::Session);
    let or_none = may_be_none && values.iter().any(is_nothing);
    let values: Vec<&Word> =
        values.iter().filter(|value| !(or_none && is_nothing(value))).collect();
    let strange = |value: &&&Word| !value.is_prefix && !known.contains(&value.text.as_str());
    if let Some(Word { text, .. }) = values.iter().find(strange).filter(|_| !known.is_empty()) {
        let known = known.join(", ");
        return Err(malformed(format!("`{name}` is never `{text}`; it is one of {known}")));
    }
    let texts = |prefix: bool| {
        let those = values.iter().filter(|value| value.is_prefix == prefix);
        those.map(|value| value.text.clone()).collect()
    };
    Ok(UsageTerm::Word { field, not, or_none, any_of: texts(false), starts: texts(true) })
}

/// Whether a value means calls that have none, as the keys of sums name them.
fn is_nothing(value: &Word) -> bool {
    !value.is_prefix && value.text == NOTHING
}

fn number_term(
    name: &str,
    field: NumberField,
    read: fn(&str) -> Option<i64>,
    op: Op,
    values: &[Word],
) -> Result<UsageTerm, ConsoleError> {
    let number = |Word { text, is_prefix }: &Word| {
        let number = read(text).filter(|_| !is_prefix);
        number.ok_or_else(|| malformed(format!("`{text}` is no value of `{name}`: write a number")))
    };
    let any_of = values.iter().map(number).collect::<Result<Vec<i64>, _>>()?;
    Ok(match (op, any_of.as_slice()) {
        (Op::Above, [than]) => UsageTerm::Above(field, *than),
        (Op::Below, [than]) => UsageTerm::Below(field, *than),
        (op, _) => UsageTerm::Number { field, not: op == Op::IsNot, or_none: false, any_of },
    })
}

fn malformed(what: impl fmt::Display) -> ConsoleError {
    ConsoleError::Malformed(format!("query: {what}"))
}
