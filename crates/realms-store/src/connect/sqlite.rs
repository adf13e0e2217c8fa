//! SQLite: WAL, one writer, several readers.

use std::{fs, io, path::Path, time::Duration};

use sqlx::{
    ConnectOptions, Connection,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

use super::{Pools, READ_ACQUIRE, WRITE_ACQUIRE};
use crate::{
    StoreError, StoreOptions,
    here::Here,
    lock::{MigrationLock, ServerLock},
    migrate,
};

/// Statements kept prepared in a connection: each table that calls are written to has one for each number of
/// rows of [`crate::sql::sizes`].
const PREPARED: usize = 256;

/// What each connection is told.
const PRAGMAS: &[(&str, &str)] = &[
    ("synchronous", "FULL"),
    // Milliseconds that a statement waits for another process, such as a CLI command beside the server.
    ("busy_timeout", "5000"),
    ("foreign_keys", "ON"),
    ("cache_size", "-8192"),
    // An insert of many rows keeps what it would have to undo, in a file if it is told nothing.
    ("temp_store", "MEMORY"),
    ("journal_size_limit", "67108864"),
];

pub(super) async fn connect(path: &Path, options: &StoreOptions) -> Result<Pools, StoreError> {
    let failed = |error| StoreError::from_sqlx(&error);
    prepare_file(path, options.create_database)?;
    let lock = options.exclusive.then(|| ServerLock::acquire(path)).transpose()?;
    let mut file = SqliteConnectOptions::new()
        .filename(path)
        .journal_mode(SqliteJournalMode::Wal)
        .statement_cache_capacity(PREPARED)
        .disable_statement_logging();
    for (name, value) in PRAGMAS {
        file = file.pragma(*name, *value);
    }
    migrate_file(path, &file, options.wait).await?;
    let writers = SqlitePoolOptions::new()
        .max_connections(1)
        .acquire_timeout(WRITE_ACQUIRE)
        .idle_timeout(None)
        .max_lifetime(None)
        .test_before_acquire(false)
        .connect_with(file.clone())
        .await
        .map_err(failed)?;
    let readers = SqlitePoolOptions::new()
        .max_connections(options.readers.max(1))
        .acquire_timeout(READ_ACQUIRE)
        .idle_timeout(None)
        .max_lifetime(None)
        .test_before_acquire(false)
        .connect_with(file.pragma("query_only", "ON"))
        .await
        .map_err(failed)?;
    let here = Some(Here::open(path, PRAGMAS, PREPARED)?);
    Ok(Pools { readers: readers.into(), writers: writers.into(), here, lock })
}

/// Makes folder and file, the file for its owner only: it holds password hashes.
fn prepare_file(path: &Path, create: bool) -> Result<(), StoreError> {
    let failed = |cause: &io::Error| {
        StoreError::Invalid(format!("cannot make the database `{}`: {cause}", path.display()))
    };
    if path.exists() {
        return Ok(());
    }
    if !create {
        return Err(StoreError::NotFound { what: format!("database `{}`", path.display()) });
    }
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(|cause| failed(&cause))?;
    }
    let mut open = fs::OpenOptions::new();
    open.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut open, 0o600);
    open.open(path).map(drop).map_err(|cause| failed(&cause))
}

/// A migration needs no fsync for each step: in WAL a lost step is a step not made.
async fn migrate_file(
    path: &Path,
    file: &SqliteConnectOptions,
    wait: Duration,
) -> Result<(), StoreError> {
    let _lock = MigrationLock::acquire(path, wait).await?;
    let failed = |error| StoreError::from_sqlx(&error);
    let relaxed = file.clone().synchronous(SqliteSynchronous::Normal);
    let mut connection = relaxed.connect().await.map_err(failed)?;
    migrate::sqlite(&mut connection).await?;
    connection.close().await.map_err(failed)
}
