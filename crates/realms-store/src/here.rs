//! The writer's own connection to a SQLite file: its statements run on the thread that asks.
//!
//! A connection of the pool lives on a thread of its own, and each statement goes there and back. Two
//! switches of threads cost more than most statements do, and a charged call takes part in two dozen of
//! them. The one task that writes calls has a thread that may wait, so it asks SQLite itself.

use std::{
    borrow::Cow,
    error::Error,
    fmt,
    path::Path,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use rusqlite::{
    CachedStatement, Connection, OpenFlags, ToSql,
    types::{ToSqlOutput, ValueRef},
};
use sea_orm::{DbErr, RuntimeErr, Statement, Value};
use sqlx::error::{DatabaseError, ErrorKind};

use crate::{
    StoreError,
    found::{Cell, Found},
};

/// A connection whose statements run where they are asked for.
pub(crate) struct Here(Mutex<Option<Connection>>);

/// A write transaction on it. Dropped without [`HereTransaction::commit`], it changes nothing.
#[derive(Debug)]
pub(crate) struct HereTransaction {
    here: Arc<Here>,
    is_open: bool,
}

/// A value on its way into a statement.
struct Bound<'a>(&'a Value);

/// What SQLite refused, in the words that the rest of the store reads.
#[derive(Debug)]
struct Refusal {
    code: i32,
    message: String,
}

// === impl Here ===

impl Here {
    /// Opens a file that is there and migrated. `pragmas` are what the pool's connections are told, too;
    /// so many statements are kept prepared.
    pub(crate) fn open(
        path: &Path,
        pragmas: &[(&str, &str)],
        prepared: usize,
    ) -> Result<Self, StoreError> {
        let open = || {
            let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
            let connection = Connection::open_with_flags(path, flags)?;
            for (name, value) in pragmas {
                connection.pragma_update(None, name, value)?;
            }
            connection.set_prepared_statement_cache_capacity(prepared);
            Ok(connection)
        };
        let connection = open().map_err(|error| StoreError::from(refused(error)))?;
        Ok(Self(Mutex::new(Some(connection))))
    }

    pub(crate) fn close(&self) {
        self.connection().take();
    }

    /// Begins a transaction; nobody else may write to the file before it ends.
    pub(crate) fn begin(self: &Arc<Self>) -> Result<HereTransaction, DbErr> {
        self.run("BEGIN IMMEDIATE")?;
        Ok(HereTransaction { here: Arc::clone(self), is_open: true })
    }

    fn run(&self, sql: &str) -> Result<(), DbErr> {
        let connection = self.connection();
        let mut statement = open(connection.as_ref())?.prepare_cached(sql).map_err(refused)?;
        statement.execute(()).map(drop).map_err(refused)
    }

    fn connection(&self) -> MutexGuard<'_, Option<Connection>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Here {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Here")
    }
}

// === impl HereTransaction ===

impl HereTransaction {
    pub(crate) fn commit(mut self) -> Result<(), DbErr> {
        self.here.run("COMMIT")?;
        self.is_open = false;
        Ok(())
    }

    /// How many rows a statement touches.
    pub(crate) fn execute(&self, statement: &Statement) -> Result<u64, DbErr> {
        let connection = self.here.connection();
        let mut prepared = prepare(connection.as_ref(), statement)?;
        let touched = prepared.raw_execute().map_err(refused)?;
        Ok(u64::try_from(touched).unwrap_or(u64::MAX))
    }

    /// What a statement finds.
    pub(crate) fn query(&self, statement: &Statement) -> Result<Vec<Found>, DbErr> {
        let connection = self.here.connection();
        let mut prepared = prepare(connection.as_ref(), statement)?;
        let columns = prepared.column_count();
        let mut rows = prepared.raw_query();
        let mut found = Vec::new();
        while let Some(row) = rows.next().map_err(refused)? {
            let cells = (0..columns).map(|place| row.get_ref(place).map(cell));
            found.push(Found::Here(cells.collect::<Result<_, _>>().map_err(refused)?));
        }
        Ok(found)
    }
}

impl Drop for HereTransaction {
    fn drop(&mut self) {
        if self.is_open
            && let Err(error) = self.here.run("ROLLBACK")
        {
            // Some failures end the transaction by themselves.
            tracing::debug!(%error, "a transaction had ended");
        }
    }
}

fn open(connection: Option<&Connection>) -> Result<&Connection, DbErr> {
    let closed = || DbErr::Conn(RuntimeErr::Internal("it was closed".to_owned()));
    connection.ok_or_else(closed)
}

fn prepare<'c>(
    connection: Option<&'c Connection>,
    statement: &Statement,
) -> Result<CachedStatement<'c>, DbErr> {
    let mut prepared = open(connection)?.prepare_cached(&statement.sql).map_err(refused)?;
    let values = statement.values.iter().flat_map(|values| &values.0);
    for (place, value) in (1..).zip(values) {
        prepared.raw_bind_parameter(place, Bound(value)).map_err(refused)?;
    }
    Ok(prepared)
}

// === impl Bound ===

impl ToSql for Bound<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        let value = match self.0 {
            Value::Bool(value) => value.map(|value| ValueRef::Integer(value.into())),
            Value::Int(value) => value.map(|value| ValueRef::Integer(value.into())),
            Value::BigInt(value) => value.map(ValueRef::Integer),
            Value::Double(value) => value.map(ValueRef::Real),
            Value::String(value) => value.as_ref().map(|value| ValueRef::Text(value.as_bytes())),
            Value::Bytes(value) => value.as_ref().map(|value| ValueRef::Blob(value)),
            other => {
                let why = format!("no column of SQLite takes {other:?}");
                return Err(rusqlite::Error::ToSqlConversionFailure(why.into()));
            }
        };
        Ok(ToSqlOutput::Borrowed(value.unwrap_or(ValueRef::Null)))
    }
}

fn cell(value: ValueRef<'_>) -> Cell {
    match value {
        ValueRef::Null => Cell::Null,
        ValueRef::Integer(value) => Cell::Integer(value),
        ValueRef::Real(value) => Cell::Real(value),
        ValueRef::Text(value) => Cell::Text(String::from_utf8_lossy(value).into_owned()),
        ValueRef::Blob(value) => Cell::Bytes(value.to_vec()),
    }
}

// === impl Refusal ===

fn refused(error: rusqlite::Error) -> DbErr {
    let rusqlite::Error::SqliteFailure(failure, message) = error else {
        return DbErr::Custom(error.to_string());
    };
    let message = message.unwrap_or_else(|| failure.to_string());
    let refusal = Refusal { code: failure.extended_code, message };
    DbErr::Exec(RuntimeErr::SqlxError(Arc::new(sqlx::Error::Database(Box::new(refusal)))))
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "(code: {}) {}", self.code, self.message)
    }
}

impl Error for Refusal {}

impl DatabaseError for Refusal {
    fn message(&self) -> &str {
        &self.message
    }

    fn code(&self) -> Option<Cow<'_, str>> {
        Some(self.code.to_string().into())
    }

    fn as_error(&self) -> &(dyn Error + Send + Sync + 'static) {
        self
    }

    fn as_error_mut(&mut self) -> &mut (dyn Error + Send + Sync + 'static) {
        self
    }

    fn into_error(self: Box<Self>) -> Box<dyn Error + Send + Sync + 'static> {
        self
    }

    /// <https://www.sqlite.org/rescode.html#extrc>
    fn kind(&self) -> ErrorKind {
        match self.code {
            // A unique index, a primary key, a row id.
            2067 | 1555 | 2579 => ErrorKind::UniqueViolation,
            787 => ErrorKind::ForeignKeyViolation,
            _ => ErrorKind::Other,
        }
    }
}
