//! Whether a call was charged.

use serde::{Deserialize, Serialize};

/// What became of a call's charge, where calls are paid for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Billing {
    /// It was charged what its record says.
    Charged,
    /// Nothing was owed: it was refused, nobody answered, or it is for nothing.
    Free,
    /// Its usage cannot be true, so nothing is charged until somebody has looked at it.
    Quarantined,
    /// Somebody looked at it, and charged what its record says by hand.
    Reviewed,
    /// Somebody looked at it, and charged nothing.
    Waived,
}

// === impl Billing ===

impl Billing {
    /// Every state.
    pub const ALL: [Self; 5] =
        [Self::Charged, Self::Free, Self::Quarantined, Self::Reviewed, Self::Waived];

    /// The word in the database and in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Charged => "charged",
            Self::Free => "free",
            Self::Quarantined => "quarantined",
            Self::Reviewed => "reviewed",
            Self::Waived => "waived",
        }
    }
}
