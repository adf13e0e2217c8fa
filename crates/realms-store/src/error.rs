//! What can come out of the store, by outcome.

use std::path::PathBuf;

use realms_seal::SealError;
use sea_orm::{DbErr, RuntimeErr};
use sqlx::error::{DatabaseError, ErrorKind};

/// Why the store did not do what was asked. Messages never hold a password or a secret.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database did not answer, or not in time. Another try may succeed.
    #[error("the database is not available: {0}")]
    Unavailable(String),
    /// The disk of the database is full.
    #[error("the database cannot grow: {0}; free some space on its disk")]
    Full(String),
    /// The name or value is taken.
    #[error("{what} exists already")]
    Conflict {
        /// What is taken, such as ``channel `openai-a` ``.
        what: String,
    },
    /// Something else refers to it, or it refers to something that does not exist.
    #[error("{what} is in use, or refers to something that does not exist")]
    InUse {
        /// What was to be written or deleted.
        what: String,
    },
    /// There is no such thing.
    #[error("there is no {what}")]
    NotFound {
        /// What was looked for.
        what: String,
    },
    /// A newer Realms has changed the schema.
    #[error(
        "the database has schema {found}, this program knows up to {known}: start the newer \
         Realms, or restore a backup made before the upgrade"
    )]
    SchemaTooNew {
        /// The newest step in the database.
        found: i64,
        /// The newest step this program has.
        known: i64,
    },
    /// Another server process works on the same SQLite file.
    #[error(
        "`{}` is in use by {holder}: stop that process first, or give this one a database of its own",
        path.display()
    )]
    Locked {
        /// The database file.
        path: PathBuf,
        /// Who holds it, such as `process 4711`.
        holder: String,
    },
    /// The secrets in this database were sealed with another master key.
    #[error("{0}")]
    WrongMasterKey(String),
    /// A row holds what no version of this program writes.
    #[error("table `{table}`, row {row}: {message}")]
    Corrupt {
        /// The table.
        table: &'static str,
        /// Its id or name.
        row: String,
        /// What is wrong.
        message: String,
    },
    /// The request itself cannot be carried out.
    #[error("{0}")]
    Invalid(String),
    /// The database refused a statement for a reason that no other arm names.
    #[error("the database refused a statement: {0}")]
    Refused(String),
}

// === impl StoreError ===

impl StoreError {
    /// Names what a refused write was about: `insert(…).map_err(StoreError::about("channel `a`"))`.
    pub(crate) fn about(what: impl Into<String>) -> impl FnOnce(DbErr) -> Self {
        let what = what.into();
        move |error| match violated(&error) {
            ErrorKind::UniqueViolation => Self::Conflict { what },
            ErrorKind::ForeignKeyViolation => Self::InUse { what },
            _ => Self::from(error),
        }
    }

    pub(crate) fn not_found(what: impl Into<String>) -> Self {
        Self::NotFound { what: what.into() }
    }

    pub(crate) fn corrupt(
        table: &'static str,
        row: &impl ToString,
        message: &impl ToString,
    ) -> Self {
        Self::Corrupt { table, row: row.to_string(), message: message.to_string() }
    }

    /// Whether the same request may succeed a moment later.
    pub const fn is_temporary(&self) -> bool {
        matches!(self, Self::Unavailable(_) | Self::Full(_))
    }

    pub(crate) fn from_sqlx(error: &sqlx::Error) -> Self {
        match error {
            sqlx::Error::Database(refusal) => {
                let code = refusal.code().unwrap_or_default();
                let number = refusal
                    .try_downcast_ref::<sqlx::mysql::MySqlDatabaseError>()
                    .map(sqlx::mysql::MySqlDatabaseError::number);
                Self::from_code(&code, number, refusal.message())
            }
            sqlx::Error::Configuration(cause) => Self::Invalid(format!("database URL: {cause}")),
            sqlx::Error::RowNotFound
            | sqlx::Error::ColumnNotFound(_)
            | sqlx::Error::ColumnDecode { .. }
            | sqlx::Error::Decode(_)
            | sqlx::Error::Encode(_) => Self::Refused(error.to_string()),
            _ => Self::Unavailable(error.to_string()),
        }
    }

    /// Sorts a refusal by MySQL's error number, by PostgreSQL's `SQLSTATE` of five characters, or
    /// by SQLite's result code, which is shorter.
    fn from_code(code: &str, number: Option<u16>, message: &str) -> Self {
        let outcome = match number {
            Some(number) => mysql_outcome(number),
            None if code.len() == 5 => postgres_outcome(code),
            None => sqlite_outcome(code.parse().unwrap_or(0)),
        };
        outcome(message.to_owned())
    }
}

/// Which constraint a statement violates.
fn violated(error: &DbErr) -> ErrorKind {
    match error {
        DbErr::Exec(RuntimeErr::SqlxError(cause)) | DbErr::Query(RuntimeErr::SqlxError(cause)) => {
            cause.as_database_error().map_or(ErrorKind::Other, DatabaseError::kind)
        }
        _ => ErrorKind::Other,
    }
}

/// An arm of [`StoreError`] that holds the database's own words.
type Outcome = fn(String) -> StoreError;

/// <https://mariadb.com/docs/server/reference/error-codes>
const fn mysql_outcome(number: u16) -> Outcome {
    match number {
        // Disk full, table full.
        1021 | 1114 => StoreError::Full,
        // Too many connections (two), shutdown, lock wait, deadlock, statement time (two).
        1040 | 1203 | 1053 | 1205 | 1213 | 1969 | 3024 => StoreError::Unavailable,
        _ => StoreError::Refused,
    }
}

/// <https://www.postgresql.org/docs/current/errcodes-appendix.html>
fn postgres_outcome(state: &str) -> Outcome {
    // Connection, resources, operator's intervention, rollback for the sake of another.
    const PASSING: [&str; 4] = ["08", "53", "57", "40"];
    match state {
        "53100" => StoreError::Full,
        // Lock not available.
        "55P03" => StoreError::Unavailable,
        _ if PASSING.iter().any(|class| state.starts_with(class)) => StoreError::Unavailable,
        _ => StoreError::Refused,
    }
}

/// <https://www.sqlite.org/rescode.html>; the low byte is the primary code.
const fn sqlite_outcome(code: u32) -> Outcome {
    match code & 0xff {
        13 => StoreError::Full,
        // Busy, locked, input or output failed, cannot open.
        5 | 6 | 10 | 14 => StoreError::Unavailable,
        _ => StoreError::Refused,
    }
}

impl From<DbErr> for StoreError {
    fn from(error: DbErr) -> Self {
        match &error {
            DbErr::Conn(RuntimeErr::SqlxError(cause))
            | DbErr::Exec(RuntimeErr::SqlxError(cause))
            | DbErr::Query(RuntimeErr::SqlxError(cause)) => Self::from_sqlx(cause),
            DbErr::Conn(RuntimeErr::Internal(cause)) => Self::Unavailable(cause.clone()),
            DbErr::ConnectionAcquire(_) => Self::Unavailable(error.to_string()),
            _ => Self::Refused(error.to_string()),
        }
    }
}

impl From<SealError> for StoreError {
    fn from(error: SealError) -> Self {
        match error {
            SealError::WrongMasterKey { .. } => Self::WrongMasterKey(error.to_string()),
            SealError::DamagedKey(id) => Self::corrupt("data_keys", &id, &error),
            _ => Self::Invalid(error.to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_sorted_by_what_the_caller_can_do() {
        let outcome = |code: &str, number| StoreError::from_code(code, number, "words");
        // SQLite, PostgreSQL, MySQL: the disk is full.
        for error in [outcome("13", None), outcome("53100", None), outcome("HY000", Some(1021))] {
            assert!(matches!(error, StoreError::Full(_)), "{error:?}");
        }
        // Busy, not written; deadlock, shutdown, statement time, too many connections, broken off.
        for code in ["5", "517", "778", "40P01", "57P01", "57014", "53300", "08006"] {
            assert!(matches!(outcome(code, None), StoreError::Unavailable(_)), "{code}");
        }
        for number in [1040, 1205, 1213, 1969] {
            let error = outcome("40001", Some(number));
            assert!(matches!(error, StoreError::Unavailable(_)), "{number}");
        }
        // No such table, no such database, wrong password.
        let others = [outcome("1", None), outcome("3D000", None), outcome("28000", Some(1045))];
        for error in others {
            assert!(!error.is_temporary(), "{error:?}");
        }
    }
}
