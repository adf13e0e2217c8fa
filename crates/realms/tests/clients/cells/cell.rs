//! One cell of the table: a client's dialect, an upstream's, and what is tried between them.

use std::fmt;

use realms_types::DialectId;

/// What is tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Trial {
    /// A whole answer to a question with a system prompt.
    Plain,
    /// The same as a stream.
    Stream,
    /// Two tools called at once, their results given back, a third called, the end.
    Tools,
    /// A picture in the question.
    Image,
    /// An answer of a JSON schema.
    Schema,
    /// Thoughts shown, kept and given back.
    Thinking,
    /// An answer that runs into its bound.
    Length,
    /// An answer that a stop sequence ends.
    Stop,
    /// An upstream that wants fewer calls.
    Limited,
    /// An upstream that fails in the middle of a stream.
    Broken,
    /// Every bucket of usage, whole and streamed.
    Usage,
}

/// Who asks whom for what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Cell {
    pub(super) client: DialectId,
    pub(super) upstream: DialectId,
    pub(super) trial: Trial,
}

// === impl Trial ===

impl Trial {
    pub(super) const ALL: [Self; 11] = [
        Self::Plain,
        Self::Stream,
        Self::Tools,
        Self::Image,
        Self::Schema,
        Self::Thinking,
        Self::Length,
        Self::Stop,
        Self::Limited,
        Self::Broken,
        Self::Usage,
    ];

    /// As drivers call it.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Stream => "stream",
            Self::Tools => "tools",
            Self::Image => "image",
            Self::Schema => "schema",
            Self::Thinking => "thinking",
            Self::Length => "length",
            Self::Stop => "stop",
            Self::Limited => "limited",
            Self::Broken => "broken",
            Self::Usage => "usage",
        }
    }

    /// As the page calls it.
    pub(super) const fn title(self) -> &'static str {
        match self {
            Self::Plain => "plain answer",
            Self::Stream => "stream",
            Self::Tools => "parallel tools, several turns",
            Self::Image => "image",
            Self::Schema => "JSON schema",
            Self::Thinking => "thinking, given back",
            Self::Length => "stopped by the bound",
            Self::Stop => "stopped by a sequence",
            Self::Limited => "error: 429",
            Self::Broken => "error in mid-stream",
            Self::Usage => "usage",
        }
    }

    /// Whether the upstream answers it, and so charges for it.
    pub(super) const fn is_answered(self) -> bool {
        !matches!(self, Self::Limited | Self::Broken)
    }
}

// === impl Cell ===

impl Cell {
    /// Every cell, client by client.
    pub(super) fn all() -> impl Iterator<Item = Self> {
        DialectId::ALL.into_iter().flat_map(|client| {
            let upstreams = others(client).into_iter();
            upstreams.flat_map(move |upstream| {
                Trial::ALL.into_iter().map(move |trial| Self { client, upstream, trial })
            })
        })
    }

    /// The cell that a call is of, by its tag: `chat.messages.tools.2` is the second call of one.
    pub(super) fn of_tag(tag: &str) -> Option<Self> {
        let mut words = tag.split('.');
        let client = words.next()?.parse().ok()?;
        let upstream = words.next()?.parse().ok()?;
        let word = words.next()?;
        let trial = Trial::ALL.into_iter().find(|trial| trial.word() == word)?;
        Some(Self { client, upstream, trial })
    }
}

impl fmt::Display for Cell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} on {}: {}", self.client, self.upstream, self.trial.word())
    }
}

/// The dialects that a client's is translated to.
pub(super) fn others(client: DialectId) -> Vec<DialectId> {
    DialectId::ALL.into_iter().filter(|one| *one != client).collect()
}
