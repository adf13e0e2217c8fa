//! Why a price that is offered is not written.

use std::fmt;

/// Why a price that is offered is not written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Reason {
    /// There is another price, and nobody said to replace it.
    Kept,
    /// There is another price, and it is pinned.
    Pinned,
    /// A part of what is offered is left out.
    Partial,
    /// It is new, in a list too long to be wanted whole.
    Library,
    /// It has no price for input, or for output.
    NoPrice(&'static str),
    /// A price that is none, as it is written.
    NotAPrice(String),
    /// What it is called is no name of a model.
    NotAName,
    /// Its entry has another form.
    Unreadable,
}

// === impl Reason ===

impl Reason {
    /// The word in JSON.
    pub(crate) const fn code(&self) -> &'static str {
        match self {
            Self::Kept => "kept",
            Self::Pinned => "pinned",
            Self::Partial => "partial",
            Self::Library => "library",
            Self::NoPrice(_) => "no_price",
            Self::NotAPrice(_) => "not_a_price",
            Self::NotAName => "not_a_name",
            Self::Unreadable => "unreadable",
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Kept => {
                f.write_str("the price that is there stays: name the model in `overwrite`")
            }
            Self::Pinned => {
                f.write_str("the price that is there is pinned: name the model in `overwrite`")
            }
            Self::Partial => f.write_str(
                "a part of its price is left out: name it in `overwrite` to have the rest",
            ),
            Self::Library => f.write_str(
                "of a list this long only what is there is priced: name it in `overwrite`",
            ),
            Self::NoPrice(what) => write!(f, "it has no price of {what}"),
            Self::NotAPrice(text) => write!(f, "`{text}` is not a price"),
            Self::NotAName => f.write_str("this is not the name of a model"),
            Self::Unreadable => f.write_str("its entry cannot be read"),
        }
    }
}
