//! The store itself: opening, pools, transactions.

use std::{sync::Arc, time::Duration};

use sea_orm::{
    AccessMode, DatabaseConnection, DatabaseTransaction, IsolationLevel, SqliteTransactionMode,
    TransactionOptions, TransactionTrait,
};
use tokio::time::Instant;

use crate::{
    DbKind, DbUrl, Reader, StoreError, Tx, connect,
    link::{Link, in_time},
    lock::ServerLock,
    sql,
};

/// How to open a store.
#[derive(Debug, Clone)]
pub struct StoreOptions {
    /// Where the database is.
    pub url: DbUrl,
    /// Make the database when it does not exist.
    pub create_database: bool,
    /// How long to wait for a database server that does not answer yet.
    pub wait: Duration,
    /// Whether this is a server process: of those, one at a time may have a SQLite file.
    pub exclusive: bool,
    /// Connections for reads. Writes have their own: one on SQLite, half as many as these elsewhere.
    pub readers: u32,
}

/// The database, migrated and ready. Clones share the connections.
#[derive(Debug, Clone)]
pub struct Store(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    kind: DbKind,
    readers: DatabaseConnection,
    writers: DatabaseConnection,
    /// Held as long as any clone of the store.
    _lock: Option<ServerLock>,
}

// === impl StoreOptions ===

impl StoreOptions {
    /// Creates the database when absent, waits 30 s for a server, not exclusive, 8 readers.
    pub const fn new(url: DbUrl) -> Self {
        Self {
            url,
            create_database: true,
            wait: Duration::from_secs(30),
            exclusive: false,
            readers: 8,
        }
    }
}

// === impl Store ===

impl Store {
    /// Connects, waiting for a server if need be, and brings the schema up to date. Two processes
    /// that start together migrate once; a schema newer than this program is refused.
    pub async fn open(options: StoreOptions) -> Result<Self, StoreError> {
        let kind = options.url.kind();
        let pools = connect::connect(&options).await?;
        Ok(Self(Arc::new(Inner {
            kind,
            readers: pools.readers,
            writers: pools.writers,
            _lock: pools.lock,
        })))
    }

    /// Starts a write transaction. On SQLite it waits in a queue for the one writer, so it never
    /// meets a busy database; elsewhere it runs at READ COMMITTED.
    pub async fn begin(&self) -> Result<Tx, StoreError> {
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..Default::default()
        };
        Ok(Tx::new(in_time(self.0.writers.begin_with_options(options)).await?))
    }

    /// A transaction in which every read sees the same moment.
    pub(crate) async fn snapshot(&self) -> Result<DatabaseTransaction, StoreError> {
        let options = match self.0.kind {
            // A deferred transaction of SQLite is a snapshot from its first read.
            DbKind::Sqlite => TransactionOptions::default(),
            DbKind::Postgres | DbKind::Mysql => TransactionOptions {
                isolation_level: Some(IsolationLevel::RepeatableRead),
                access_mode: Some(AccessMode::ReadOnly),
                sqlite_transaction_mode: None,
            },
        };
        Ok(in_time(self.0.readers.begin_with_options(options)).await?)
    }

    /// Reads of single records and lists.
    pub fn read(&self) -> Reader<'_> {
        Reader::new(self.readers())
    }

    /// Which database this stands on.
    pub fn kind(&self) -> DbKind {
        self.0.kind
    }

    /// Asks the database for an answer and tells how long it took.
    pub async fn ping(&self) -> Result<Duration, StoreError> {
        let start = Instant::now();
        sql::execute(self.readers(), "SELECT 1", Vec::new()).await?;
        Ok(start.elapsed())
    }

    /// Closes the connections once their statements are done.
    pub async fn close(&self) -> Result<(), StoreError> {
        self.0.readers.close_by_ref().await?;
        Ok(self.0.writers.close_by_ref().await?)
    }

    pub(crate) fn readers(&self) -> Link<'_> {
        Link::Pool(&self.0.readers)
    }

    pub(crate) fn writers(&self) -> Link<'_> {
        Link::Pool(&self.0.writers)
    }
}
