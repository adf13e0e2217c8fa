//! Connecting: databases made where they are missing, servers waited for, schema brought up to date.

mod mysql;
mod postgres;
mod sqlite;

use std::{future::Future, time::Duration};

use sea_orm::DatabaseConnection;
use tokio::time::Instant;

use crate::{DbUrl, StoreError, StoreOptions, here::Here, lock::ServerLock};

/// How long a read waits for a connection.
const READ_ACQUIRE: Duration = Duration::from_secs(2);
/// How long a write waits for a connection; on SQLite this is the queue for the one writer.
const WRITE_ACQUIRE: Duration = Duration::from_secs(5);
/// The longest a start waits for steps of the schema, its own or those of another node.
const MIGRATION_DEADLINE: Duration = Duration::from_mins(10);

/// How long one try to reach a server may take: a host behind a silent firewall never answers.
const CONNECT: Duration = Duration::from_secs(10);

/// Connections for reads and for writes, so neither kind can starve the other.
pub(crate) struct Pools {
    pub(crate) readers: DatabaseConnection,
    pub(crate) writers: DatabaseConnection,
    /// One for a thread that may wait, where the database is a file.
    pub(crate) here: Option<Here>,
    /// Keeps other servers off a SQLite file.
    pub(crate) lock: Option<ServerLock>,
}

/// Connects, migrates and opens the pools.
pub(crate) async fn connect(options: &StoreOptions) -> Result<Pools, StoreError> {
    let work = async {
        match &options.url {
            DbUrl::Sqlite(path) => sqlite::connect(path, options).await,
            DbUrl::Postgres(url) => postgres::connect(url, options).await,
            DbUrl::Mysql(url) => mysql::connect(url, options).await,
        }
    };
    // Boxed, because the three ways to connect make a future of many kilobytes.
    tokio::time::timeout(MIGRATION_DEADLINE, Box::pin(work)).await.unwrap_or_else(|_| {
        Err(StoreError::Unavailable("the schema was not brought up to date in time".to_owned()))
    })
}

/// Tries again while a server does not answer yet, and says so once.
async fn patiently<T, F>(
    options: &StoreOptions,
    mut attempt: impl FnMut() -> F,
) -> Result<T, StoreError>
where
    F: Future<Output = Result<T, StoreError>>,
{
    let start = Instant::now();
    let mut pause = Duration::from_millis(100);
    let mut told = false;
    loop {
        let tried = tokio::time::timeout(CONNECT.min(options.wait), attempt());
        let silent = || Err(StoreError::Unavailable(format!("no answer from {}", options.url)));
        let error = match tried.await.unwrap_or_else(|_| silent()) {
            Err(error) if error.is_temporary() && start.elapsed() + pause < options.wait => error,
            done => return done,
        };
        if !told {
            let seconds = options.wait.as_secs();
            tracing::warn!(database = %options.url, %error, "waiting up to {seconds} s for the database");
            told = true;
        }
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(Duration::from_secs(2));
    }
}

/// Half as many connections write as read, at least one.
fn writers(options: &StoreOptions) -> u32 {
    (options.readers / 2).max(1)
}
