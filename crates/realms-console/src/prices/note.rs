//! What of a price in a list is left out, since a price here cannot say it.

use std::fmt;

/// What of a price is left out. The rest is sound, and somebody looks at it before it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Note {
    /// What priority costs: not one multiple of the usual prices, as a lane is here.
    PriorityUneven,
    /// What priority costs: long prompts cost the same with it as without, which no lane says.
    PriorityLong,
}

// === impl Note ===

impl Note {
    /// The word in JSON.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::PriorityUneven => "priority_uneven",
            Self::PriorityLong => "priority_long",
        }
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::PriorityUneven => {
                "the lane `priority` is left out: its prices are not one multiple of the usual ones"
            }
            Self::PriorityLong => {
                "the lane `priority` is left out: with it, long prompts cost no more than without"
            }
        })
    }
}
