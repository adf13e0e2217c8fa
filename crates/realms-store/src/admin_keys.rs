//! Keys for the admin API: programs that operate the service, each with its scopes.

use std::{collections::BTreeSet, fmt, str::FromStr};

use realms_types::{AdminKeyId, Timestamp, UserId};
use sea_orm::{EntityTrait, FromQueryResult, QueryOrder};

use crate::{Reader, Store, StoreError, Tx, api_keys::hex, entity::admin_key, sql};

/// What an admin key may be for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// Read the configuration.
    ConfigRead,
    /// Change the configuration, without its secrets.
    ConfigWrite,
    /// Read users and their API keys.
    UsersRead,
    /// Change users and their API keys.
    UsersWrite,
    /// Read what was called and what it cost.
    UsageRead,
    /// Read the audit log.
    AuditRead,
    /// Write and reveal secrets.
    SecretsWrite,
    /// All of it, roles and other admin keys included.
    Everything,
}

/// The scopes of one admin key.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Scopes(BTreeSet<Scope>);

/// A word that is no scope.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a scope")]
pub struct UnknownScope(pub String);

/// A key for the admin API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdminKeyRecord {
    /// Its id.
    pub id: AdminKeyId,
    /// Unique name.
    pub name: String,
    /// Its last 4 characters.
    pub hint: String,
    /// What it may do.
    pub scopes: Scopes,
    /// Who made it, as the audit log names them.
    pub created_by: String,
    /// The user who made it: the key works only as long as they are root and let in.
    pub created_by_id: Option<UserId>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last used, up to a minute late.
    pub last_used_at: Option<Timestamp>,
    /// When it stops working.
    pub expires_at: Option<Timestamp>,
}

/// A key is no more than who made it.
const FIND: &str = "\
SELECT k.* FROM admin_keys k \
WHERE k.key_hash = ? AND (k.expires_at IS NULL OR k.expires_at > ?) \
AND (k.created_by_id IS NULL OR EXISTS \
(SELECT 1 FROM users u WHERE u.id = k.created_by_id AND u.enabled = ? AND u.role = 'root'))";

// === impl Scope ===

impl Scope {
    /// Every scope.
    pub const ALL: [Self; 8] = [
        Self::ConfigRead,
        Self::ConfigWrite,
        Self::UsersRead,
        Self::UsersWrite,
        Self::UsageRead,
        Self::AuditRead,
        Self::SecretsWrite,
        Self::Everything,
    ];

    /// The word in JSON and in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ConfigRead => "config:read",
            Self::ConfigWrite => "config:write",
            Self::UsersRead => "users:read",
            Self::UsersWrite => "users:write",
            Self::UsageRead => "usage:read",
            Self::AuditRead => "audit:read",
            Self::SecretsWrite => "secrets:write",
            Self::Everything => "everything",
        }
    }

    /// Whether who holds this scope may do what `other` is for: writing needs reading.
    const fn covers(self, other: Self) -> bool {
        matches!(
            (self, other),
            (Self::Everything, _)
                | (Self::ConfigWrite, Self::ConfigRead)
                | (Self::UsersWrite, Self::UsersRead)
        ) || self as u8 == other as u8
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Scope {
    type Err = UnknownScope;

    fn from_str(word: &str) -> Result<Self, UnknownScope> {
        let found = Self::ALL.into_iter().find(|scope| scope.as_str() == word);
        found.ok_or_else(|| UnknownScope(word.to_owned()))
    }
}

// === impl Scopes ===

impl Scopes {
    /// What the key of the environment has.
    pub fn everything() -> Self {
        Self(BTreeSet::from([Scope::Everything]))
    }

    /// Whether what this scope is for may be done.
    pub fn allow(&self, scope: Scope) -> bool {
        self.0.iter().any(|held| held.covers(scope))
    }

    /// Each scope, in a fixed order.
    pub fn iter(&self) -> impl Iterator<Item = Scope> + '_ {
        self.0.iter().copied()
    }

    /// Whether nothing may be done.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl FromIterator<Scope> for Scopes {
    fn from_iter<I: IntoIterator<Item = Scope>>(scopes: I) -> Self {
        Self(scopes.into_iter().collect())
    }
}

impl fmt::Display for Scopes {
    /// With commas, as in the database.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, scope) in self.iter().enumerate() {
            let comma = if index == 0 { "" } else { "," };
            write!(f, "{comma}{scope}")?;
        }
        Ok(())
    }
}

impl FromStr for Scopes {
    type Err = UnknownScope;

    fn from_str(text: &str) -> Result<Self, UnknownScope> {
        text.split(',').filter(|word| !word.is_empty()).map(str::parse).collect()
    }
}

// === impl AdminKeyRecord ===

impl TryFrom<admin_key::Model> for AdminKeyRecord {
    type Error = StoreError;

    fn try_from(row: admin_key::Model) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id.into(),
            scopes: row
                .scopes
                .parse()
                .map_err(|cause| StoreError::corrupt("admin_keys", &row.id, &cause))?,
            name: row.name,
            hint: row.hint,
            created_by: row.created_by,
            created_by_id: row.created_by_id.map(UserId::new),
            created_at: Timestamp::from_micros(row.created_at),
            last_used_at: row.last_used_at.map(Timestamp::from_micros),
            expires_at: row.expires_at.map(Timestamp::from_micros),
        })
    }
}

// === impl Reader ===

impl Reader<'_> {
    /// Every admin key, by age.
    pub async fn list_admin_keys(self) -> Result<Vec<AdminKeyRecord>, StoreError> {
        self.all(admin_key::Entity::find().order_by_asc(admin_key::Column::Id)).await
    }

    /// An admin key by id, whether it still works or not.
    pub async fn find_admin_key(
        self,
        id: AdminKeyId,
    ) -> Result<Option<AdminKeyRecord>, StoreError> {
        self.one(admin_key::Entity::find_by_id(id.raw())).await
    }

    /// An admin key that works now, by its keyed hash.
    pub async fn find_admin_key_by_hash(
        self,
        hash: &[u8; 32],
        now: Timestamp,
    ) -> Result<Option<AdminKeyRecord>, StoreError> {
        let values = vec![hex(hash).into(), now.as_micros().into(), true.into()];
        let statement = sql::statement(self.link(), FIND, values);
        let row = admin_key::Model::find_by_statement(statement).one(&self.link()).await?;
        row.map(AdminKeyRecord::try_from).transpose()
    }
}

// === impl Store ===

impl Store {
    /// Notes that an admin key was used.
    pub async fn touch_admin_key(&self, id: AdminKeyId, now: Timestamp) -> Result<(), StoreError> {
        let sql = "UPDATE admin_keys SET last_used_at = ? WHERE id = ?";
        sql::execute(self.writers(), sql, vec![now.as_micros().into(), id.raw().into()]).await?;
        Ok(())
    }
}

// === impl Tx ===

impl Tx {
    /// Adds an admin key, found by its keyed hash.
    pub async fn insert_admin_key(
        &mut self,
        record: &AdminKeyRecord,
        key_hash: &[u8; 32],
    ) -> Result<(), StoreError> {
        let row = admin_key::Model {
            id: record.id.raw(),
            name: record.name.clone(),
            key_hash: hex(key_hash),
            hint: record.hint.clone(),
            scopes: record.scopes.to_string(),
            created_by: sql::bounded(&record.created_by, 128),
            created_by_id: record.created_by_id.map(UserId::raw),
            created_at: record.created_at.as_micros(),
            last_used_at: None,
            expires_at: record.expires_at.map(Timestamp::as_micros),
        };
        self.insert(row, format!("admin key `{}`", record.name)).await
    }

    /// Deletes an admin key: from now on it lets nobody in.
    pub async fn delete_admin_key(&mut self, id: AdminKeyId) -> Result<(), StoreError> {
        let sql = "DELETE FROM admin_keys WHERE id = ?";
        match self.execute(sql, vec![id.raw().into()]).await? {
            0 => Err(StoreError::not_found(format!("admin key {id}"))),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_are_words_and_writing_covers_reading() {
        let scopes: Scopes = "config:write,audit:read".parse().unwrap();
        assert_eq!(scopes.to_string(), "config:write,audit:read");
        assert!(scopes.allow(Scope::ConfigRead) && scopes.allow(Scope::AuditRead));
        assert!(!scopes.allow(Scope::UsersRead) && !scopes.allow(Scope::Everything));
        assert!(Scope::ALL.into_iter().all(|scope| Scopes::everything().allow(scope)));
        assert!(Scope::ALL.into_iter().all(|scope| !Scopes::default().allow(scope)));
        assert_eq!("config".parse::<Scopes>(), Err(UnknownScope("config".to_owned())));
    }
}
