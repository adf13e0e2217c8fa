//! The store itself: opening, pools, transactions.

use std::{sync::Arc, time::Duration};

use sea_orm::{
    AccessMode, DatabaseConnection, DatabaseTransaction, IsolationLevel, SqliteTransactionMode,
    TransactionOptions, TransactionTrait,
};
use tokio::{
    sync::{Mutex, OwnedMutexGuard},
    time::{Instant, timeout},
};

use crate::{
    DbKind, DbUrl, Reader, StoreError, Tx, connect,
    here::Here,
    link::{Link, in_time},
    lock::ServerLock,
    sql,
    tx::Course,
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
    here: Option<OwnWriter>,
    /// Held as long as any clone of the store.
    _lock: Option<ServerLock>,
}

/// What only SQLite has: it takes one writer at a time.
#[derive(Debug)]
struct OwnWriter {
    /// Who writes waits for it in line, whichever connection it is done on.
    turn: Arc<Mutex<()>>,
    here: Arc<Here>,
}

/// How long a write waits for its turn.
const TURN: Duration = Duration::from_secs(5);

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
            here: pools.here.map(|here| OwnWriter { turn: Arc::default(), here: Arc::new(here) }),
            _lock: pools.lock,
        })))
    }

    /// Starts a write transaction. On SQLite it waits in a queue for the one writer, so it never
    /// meets a busy database; elsewhere it runs at READ COMMITTED.
    pub async fn begin(&self) -> Result<Tx, StoreError> {
        let turn = self.turn().await?;
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..Default::default()
        };
        let transaction = in_time(self.0.writers.begin_with_options(options)).await?;
        Ok(Tx::new(Course::Pooled(transaction), turn))
    }

    /// The same for a thread that may wait: where the database is a file, its statements run on it instead
    /// of going to another and back. What it reads goes by `sql::query`; a statement by an entity fails.
    pub async fn begin_here(&self) -> Result<Tx, StoreError> {
        let Some(own) = &self.0.here else { return self.begin().await };
        let turn = self.turn().await?;
        Ok(Tx::new(Course::Here(own.here.begin()?), turn))
    }

    /// Whether [`Store::begin_here`] makes its thread wait.
    pub fn writes_here(&self) -> bool {
        self.0.here.is_some()
    }

    async fn turn(&self) -> Result<Option<OwnedMutexGuard<()>>, StoreError> {
        let Some(own) = &self.0.here else { return Ok(None) };
        let turn = timeout(TURN, Arc::clone(&own.turn).lock_owned()).await;
        let late = |_| StoreError::Unavailable("another write takes too long".to_owned());
        turn.map(Some).map_err(late)
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
        if let Some(own) = &self.0.here {
            own.here.close();
        }
        self.0.readers.close_by_ref().await?;
        Ok(self.0.writers.close_by_ref().await?)
    }

    pub(crate) fn readers(&self) -> Link<'_> {
        Link::Pool(&self.0.readers)
    }

    pub(crate) fn writers(&self) -> Link<'_> {
        match &self.0.here {
            Some(own) => Link::InTurn(&self.0.writers, &own.turn),
            None => Link::Pool(&self.0.writers),
        }
    }
}
