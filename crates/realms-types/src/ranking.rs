//! How people appear to each other in the ranking.

use serde::{Deserialize, Serialize};

/// How somebody is shown to others in the ranking.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RankingName {
    /// With a place, without a name: until they choose.
    #[default]
    Anonymous,
    /// With their log-in name.
    Name,
    /// Not at all.
    Hidden,
}

// === impl RankingName ===

impl RankingName {
    /// The word in JSON and in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Anonymous => "anonymous",
            Self::Name => "name",
            Self::Hidden => "hidden",
        }
    }
}
