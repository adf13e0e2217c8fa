//! Which records are meant: conditions over a closed set of columns, with every value bound.

use realms_types::{ChannelId, RecordId, Timestamp, UserId};
use sea_orm::Value;

use crate::sql;

/// Which records are meant, and which page of them. The default means all, newest first.
#[derive(Debug, Clone, Default)]
pub struct UsageFilter {
    /// Of this user only, whatever else is asked.
    pub user: Option<UserId>,
    /// Conditions; all of them hold.
    pub terms: Vec<UsageTerm>,
    /// Words; each is the id of the call, the client's id of it, or a part of the model's or the
    /// client's name.
    pub words: Vec<String>,
    /// Started at or after this moment.
    pub since: Option<Timestamp>,
    /// Started before this moment.
    pub until: Option<Timestamp>,
    /// In which order a page is read.
    pub sort: UsageSort,
    /// After this place of that order.
    pub after: Option<UsageMark>,
    /// At most so many in a page, up to 1000; 0 means 50.
    pub limit: u64,
}

/// One condition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UsageTerm {
    /// A word is one of these or starts like one of those, or neither. Case decides.
    Word {
        /// The column.
        field: WordField,
        /// Whether it is neither.
        not: bool,
        /// Whether having no word at all counts as one of these.
        or_none: bool,
        /// The words.
        any_of: Vec<String>,
        /// The starts.
        starts: Vec<String>,
    },
    /// A number or an id is one of these, or none of them.
    Number {
        /// The column.
        field: NumberField,
        /// Whether it is none of them.
        not: bool,
        /// Whether having no number at all counts as one of these.
        or_none: bool,
        /// The numbers.
        any_of: Vec<i64>,
    },
    /// A number is larger. An unknown one is not.
    Above(NumberField, i64),
    /// A number is smaller. An unknown one is not.
    Below(NumberField, i64),
    /// A fact holds or does not.
    Flag(FlagField, bool),
    /// Any attempt was made on one of these channels, or none was.
    Tried {
        /// Whether none was.
        not: bool,
        /// The channels.
        any_of: Vec<ChannelId>,
    },
}

/// A column of words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WordField {
    /// How it ended.
    Outcome,
    /// The model as the client named it.
    Model,
    /// The client's dialect.
    Dialect,
    /// The program that called.
    Client,
    /// Whose fault a failure was.
    Origin,
    /// Why it failed.
    Cause,
    /// The conversation.
    Session,
    /// The id of the call.
    RequestId,
}

/// A column of numbers or ids.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NumberField {
    /// Who called.
    User,
    /// With which key.
    ApiKey,
    /// The channel of the last attempt.
    Channel,
    /// The channel group that led there.
    ChannelGroup,
    /// The credential of the last attempt.
    Credential,
    /// The status sent to the client.
    Status,
    /// How many attempts were made.
    Attempts,
    /// What it cost, in nano-USD.
    Cost,
    /// How long it took, in microseconds.
    Duration,
    /// Until the first meaningful event, in microseconds.
    FirstEvent,
}

/// A column that is true or false.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FlagField {
    /// The client asked for a stream.
    Stream,
    /// The upstream answered with another model than it was asked for.
    Mismatch,
}

/// The order of a list. Every order but the first two ends after 10 000 records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum UsageSort {
    /// The latest call first.
    #[default]
    Newest,
    /// The earliest call first.
    Oldest,
    /// The most expensive first; without a price last.
    MostCost,
    /// The cheapest first, those without a price before them.
    LeastCost,
    /// The longest first.
    Longest,
    /// The shortest first.
    Shortest,
    /// The latest first event first; without one last.
    SlowestStart,
    /// The earliest first event first, those without one before them.
    FastestStart,
}

/// A place in a list: what follows comes after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UsageMark {
    /// A record in the order of time.
    Record {
        /// When its call began.
        started_at: Timestamp,
        /// Its id.
        id: RecordId,
    },
    /// So many records from the start of another order.
    Place(u32),
}

/// A `WHERE` in the making.
#[derive(Debug, Default)]
pub(super) struct Conditions {
    pub(super) text: String,
    pub(super) values: Vec<Value>,
}

// === impl WordField ===

impl WordField {
    const fn column(self) -> &'static str {
        match self {
            Self::Outcome => "outcome",
            Self::Model => "model",
            Self::Dialect => "dialect",
            Self::Client => "client",
            Self::Origin => "origin",
            Self::Cause => "cause",
            Self::Session => "session",
            Self::RequestId => "request_id",
        }
    }

    const fn in_hours(self) -> bool {
        !matches!(self, Self::Session | Self::RequestId)
    }
}

// === impl NumberField ===

impl NumberField {
    const fn column(self) -> &'static str {
        match self {
            Self::User => "user_id",
            Self::ApiKey => "api_key_id",
            Self::Channel => "channel_id",
            Self::ChannelGroup => "channel_group_id",
            Self::Credential => "credential_id",
            Self::Status => "status",
            Self::Attempts => "attempt_count",
            Self::Cost => "cost",
            Self::Duration => "duration_us",
            Self::FirstEvent => "first_event_us",
        }
    }

    const fn in_hours(self) -> bool {
        matches!(self, Self::User | Self::ApiKey | Self::Channel | Self::ChannelGroup)
    }
}

// === impl FlagField ===

impl FlagField {
    const fn column(self) -> &'static str {
        match self {
            Self::Stream => "stream",
            Self::Mismatch => "mismatch",
        }
    }
}

// === impl UsageSort ===

impl UsageSort {
    /// `ORDER BY` over `usage_records u`, the same on every database: a number that is not there
    /// counts as the smallest.
    pub(super) const fn order(self) -> &'static str {
        match self {
            Self::Newest => "u.started_at DESC, u.id DESC",
            Self::Oldest => "u.started_at, u.id",
            Self::MostCost => "COALESCE(u.cost, -1) DESC, u.id DESC",
            Self::LeastCost => "COALESCE(u.cost, -1), u.id",
            Self::Longest => "u.duration_us DESC, u.id DESC",
            Self::Shortest => "u.duration_us, u.id",
            Self::SlowestStart => "COALESCE(u.first_event_us, -1) DESC, u.id DESC",
            Self::FastestStart => "COALESCE(u.first_event_us, -1), u.id",
        }
    }

    /// Whether a page follows from its last record, however far down it is.
    pub const fn is_by_time(self) -> bool {
        matches!(self, Self::Newest | Self::Oldest)
    }
}

// === impl UsageTerm ===

impl UsageTerm {
    fn in_hours(&self) -> bool {
        match self {
            Self::Word { field, .. } => field.in_hours(),
            Self::Number { field, .. } => field.in_hours(),
            Self::Above(..) | Self::Below(..) | Self::Flag(..) | Self::Tried { .. } => false,
        }
    }

    fn add_to(&self, conditions: &mut Conditions, table: &str) {
        match self {
            Self::Word { field, not, or_none, any_of, starts } => {
                let column = format!("{table}.{}", field.column());
                let mut parts = Vec::new();
                if !any_of.is_empty() {
                    parts.push(format!("{column} IN ({})", marks(any_of.len())));
                }
                let mut values: Vec<Value> =
                    any_of.iter().map(|word| sql::bounded(word, 255).into()).collect();
                for start in starts {
                    let start = sql::bounded(start, 255);
                    // `LIKE` minds case on two of the databases only.
                    parts.push(format!("SUBSTR({column}, 1, {}) = ?", start.chars().count()));
                    values.push(start.into());
                }
                conditions.and(&any(&column, &parts, *or_none, *not), values);
            }
            Self::Number { field, not, or_none, any_of } => {
                let column = format!("{table}.{}", field.column());
                let mut parts = Vec::new();
                if !any_of.is_empty() {
                    parts.push(format!("{column} IN ({})", marks(any_of.len())));
                }
                let values = any_of.iter().map(|number| (*number).into());
                conditions.and(&any(&column, &parts, *or_none, *not), values);
            }
            Self::Above(field, than) => {
                conditions.and(&format!("{table}.{} > ?", field.column()), [(*than).into()]);
            }
            Self::Below(field, than) => {
                conditions.and(&format!("{table}.{} < ?", field.column()), [(*than).into()]);
            }
            Self::Flag(field, is) => {
                conditions.and(&format!("{table}.{} = ?", field.column()), [(*is).into()]);
            }
            Self::Tried { not, any_of } => {
                // `EXISTS` would say the same, but MariaDB then collects all attempts of the channel
                // first.
                let what = if *not { "IS NULL" } else { "IS NOT NULL" };
                let text = format!(
                    "(SELECT MIN(a.sequence) FROM attempts a WHERE a.record_id = {table}.id \
                     AND a.channel_id IN ({})) {what}",
                    marks(any_of.len())
                );
                conditions.and(&text, any_of.iter().map(|id| id.raw().into()));
            }
        }
    }
}

// === impl UsageFilter ===

impl UsageFilter {
    /// Records of one user.
    pub fn of(user: UserId) -> Self {
        Self { user: Some(user), ..Self::default() }
    }

    /// Whether the sums of hours know everything this filter asks about.
    pub(super) fn fits_hours(&self) -> bool {
        self.words.is_empty() && self.terms.iter().all(UsageTerm::in_hours)
    }

    /// What is asked beside the range of time, over a table with this short name.
    pub(super) fn conditions(&self, table: &str) -> Conditions {
        let mut conditions = Conditions::default();
        if let Some(user) = self.user {
            conditions.and(&format!("{table}.user_id = ?"), [user.raw().into()]);
        }
        for term in &self.terms {
            term.add_to(&mut conditions, table);
        }
        for word in &self.words {
            let word = sql::bounded(word, 255);
            let part = sql::part(&word.to_lowercase());
            let text = format!(
                "({table}.request_id = ? OR {table}.client_request_id = ? \
                 OR LOWER({table}.model) LIKE ? ESCAPE '!' OR {table}.client LIKE ? ESCAPE '!' \
                 OR LOWER({table}.user_agent) LIKE ? ESCAPE '!')"
            );
            let id = word.to_lowercase();
            let values =
                [id.into(), word.into(), part.clone().into(), part.clone().into(), part.into()];
            conditions.and(&text, values);
        }
        conditions
    }

    /// The same with the range of time, for `usage_records u`.
    pub(super) fn over_records(&self) -> Conditions {
        let mut conditions = self.conditions("u");
        if let Some(since) = self.since {
            conditions.and("u.started_at >= ?", [since.as_micros().into()]);
        }
        if let Some(until) = self.until {
            conditions.and("u.started_at < ?", [until.as_micros().into()]);
        }
        conditions
    }
}

// === impl Conditions ===

impl Conditions {
    pub(super) fn and(&mut self, text: &str, values: impl IntoIterator<Item = Value>) {
        if !self.text.is_empty() {
            self.text.push_str(" AND ");
        }
        self.text.push_str(text);
        self.values.extend(values);
    }

    /// One of these values, or none of them, where what is not there is none of them.
    pub(super) fn one_of(
        &mut self,
        column: &str,
        not: bool,
        values: impl ExactSizeIterator<Item = Value>,
    ) {
        let marks = marks(values.len());
        let text = if not {
            format!("({column} IS NULL OR {column} NOT IN ({marks}))")
        } else {
            format!("{column} IN ({marks})")
        };
        self.and(&text, values);
    }

    /// The text after `WHERE`.
    pub(super) fn text(&self) -> &str {
        if self.text.is_empty() { "1 = 1" } else { &self.text }
    }
}

/// Whether one of these holds for a column, or none does. No comparison holds for what is not there.
fn any(column: &str, parts: &[String], or_none: bool, not: bool) -> String {
    let any = if parts.is_empty() { "1 = 0".to_owned() } else { parts.join(" OR ") };
    match (not, or_none) {
        (false, false) => format!("({any})"),
        (false, true) => format!("({column} IS NULL OR {any})"),
        (true, false) => format!("({column} IS NULL OR NOT ({any}))"),
        (true, true) => format!("({column} IS NOT NULL AND NOT ({any}))"),
    }
}

/// So many placeholders; a list of none matches nothing.
fn marks(count: usize) -> String {
    if count == 0 { "NULL".to_owned() } else { vec!["?"; count].join(", ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions_bind_every_value_and_read_one_table() {
        let filter = UsageFilter {
            user: Some(UserId::new(7)),
            terms: vec![
                UsageTerm::Word {
                    field: WordField::Cause,
                    not: true,
                    or_none: false,
                    any_of: vec!["connect'".to_owned(), "broken".to_owned()],
                    starts: vec!["time".to_owned()],
                },
                UsageTerm::Above(NumberField::Cost, 5),
            ],
            words: vec!["100%_!".to_owned()],
            ..UsageFilter::default()
        };
        let conditions = filter.conditions("u");
        assert!(
            conditions.text.starts_with(
                "u.user_id = ? AND (u.cause IS NULL OR NOT (u.cause IN (?, ?) OR \
                 SUBSTR(u.cause, 1, 4) = ?)) AND u.cost > ? AND ("
            ),
            "{}",
            conditions.text
        );
        assert_eq!(conditions.text.matches('?').count(), conditions.values.len());
        assert!(!conditions.text.contains("connect"));
        assert!(!filter.fits_hours());
        assert!(UsageFilter::of(UserId::new(7)).fits_hours());
    }

    #[test]
    fn nothing_asked_is_everything_and_a_list_of_none_is_nothing() {
        assert_eq!(UsageFilter::default().conditions("u").text(), "1 = 1");
        let none = UsageTerm::Number {
            field: NumberField::User,
            not: false,
            or_none: false,
            any_of: Vec::new(),
        };
        let filter = UsageFilter { terms: vec![none], ..UsageFilter::default() };
        assert_eq!(filter.conditions("h").text(), "(1 = 0)");
    }
}
