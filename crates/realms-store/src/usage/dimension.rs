//! By what sums are told apart, and the names of the parts.

use sea_orm::{DbErr, QueryResult, Value};

/// By what sums are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dimension {
    /// The model as the client named it.
    Model,
    /// The client's secret.
    ApiKey,
    /// The program that called.
    Client,
    /// The client's dialect.
    Dialect,
    /// How calls ended.
    Outcome,
    /// Why calls failed.
    Cause,
    /// Who called.
    User,
    /// The channel of the last attempt.
    Channel,
    /// The channel group that led there.
    ChannelGroup,
    /// The credential of the last attempt.
    Credential,
    /// The conversation that the client named.
    Session,
}

/// The part a sum is of.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum UsageKey {
    /// Calls that have none, such as a channel when none was asked.
    Nothing,
    /// The number of an id.
    Id(i64),
    /// A word.
    Word(String),
}

/// What comes first, most of it first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum UsageMeasure {
    /// How many calls.
    #[default]
    Calls,
    /// What they cost.
    Cost,
    /// All LLM tokens.
    Tokens,
    /// How many did not end well.
    Errors,
    /// What those that somebody pays for were charged.
    Revenue,
    /// What they cost us at their vendors, where that is known.
    UpstreamCost,
    /// What they cost us beyond what was charged for them; below nothing where they earned.
    Loss,
    /// How many used something at a cost that nobody knows.
    Uncosted,
}

// === impl Dimension ===

impl Dimension {
    pub(super) const fn column(self) -> &'static str {
        match self {
            Self::Model => "model",
            Self::ApiKey => "api_key_id",
            Self::Client => "client",
            Self::Dialect => "dialect",
            Self::Outcome => "outcome",
            Self::Cause => "cause",
            Self::User => "user_id",
            Self::Channel => "channel_id",
            Self::ChannelGroup => "channel_group_id",
            Self::Credential => "credential_id",
            Self::Session => "session",
        }
    }

    /// Whether parts are ids.
    const fn is_of_ids(self) -> bool {
        matches!(
            self,
            Self::ApiKey | Self::User | Self::Channel | Self::ChannelGroup | Self::Credential
        )
    }

    pub(super) const fn in_hours(self) -> bool {
        !matches!(self, Self::Credential | Self::Session)
    }

    pub(super) fn read(self, row: &QueryResult, index: usize) -> Result<UsageKey, DbErr> {
        if self.is_of_ids() {
            let id: Option<i64> = row.try_get_by_index(index)?;
            return Ok(id.map_or(UsageKey::Nothing, UsageKey::Id));
        }
        let word: Option<String> = row.try_get_by_index(index)?;
        Ok(word.map_or(UsageKey::Nothing, UsageKey::Word))
    }

    /// The part as a value to compare with; `None` for what is not there.
    pub(super) fn value(self, key: &UsageKey) -> Option<Value> {
        match (key, self.is_of_ids()) {
            (UsageKey::Id(id), true) => Some((*id).into()),
            (UsageKey::Word(word), false) => Some(word.clone().into()),
            _ => None,
        }
    }
}
