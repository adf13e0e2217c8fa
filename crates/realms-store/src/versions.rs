//! The counters by which one node learns that another changed something.

use sea_orm::EntityTrait;

use crate::{Store, StoreError, entity::version};

/// Both counters, as of one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Versions {
    /// Moves when channels, models, groups or settings change.
    pub catalog: i64,
    /// Moves when users or API keys change.
    pub identity: i64,
}

/// A row of `versions`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Version {
    Catalog,
    Identity,
}

// === impl Version ===

impl Version {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Catalog => "catalog",
            Self::Identity => "identity",
        }
    }
}

// === impl Versions ===

impl From<Vec<version::Model>> for Versions {
    fn from(rows: Vec<version::Model>) -> Self {
        let value = |version: Version| {
            rows.iter().find(|row| row.name == version.as_str()).map_or(0, |row| row.value)
        };
        Self { catalog: value(Version::Catalog), identity: value(Version::Identity) }
    }
}

impl Store {
    /// Both counters in one cheap query, made to be polled.
    pub async fn versions(&self) -> Result<Versions, StoreError> {
        Ok(version::Entity::find().all(&self.readers()).await?.into())
    }
}
