//! PostgreSQL: READ COMMITTED, deadlines set in every session.

use std::time::Duration;

use sqlx::{
    AssertSqlSafe, ConnectOptions, Connection, Executor, PgConnection,
    postgres::{PgConnectOptions, PgPool, PgPoolOptions},
};

use super::{Pools, READ_ACQUIRE, WRITE_ACQUIRE, patiently, writers};
use crate::{ServerUrl, StoreError, StoreOptions, migrate};

/// A little under the deadline of the program, so the server's own message is seen.
const SESSION: &str = "\
SET statement_timeout = '9500ms'; SET lock_timeout = '5s'; \
SET idle_in_transaction_session_timeout = '60s'; \
SET default_transaction_isolation = 'read committed'";

/// `SQLSTATE` of a database that is not there, and of one that another node has just made.
const NO_SUCH_DATABASE: &str = "3D000";
const MADE_ALREADY: [&str; 2] = ["42P04", "23505"];

pub(super) async fn connect(url: &ServerUrl, options: &StoreOptions) -> Result<Pools, StoreError> {
    let server = PgConnectOptions::from_url(url.reveal())
        .map_err(|error| StoreError::from_sqlx(&error))?
        .application_name("realms")
        .disable_statement_logging();
    let mut first = patiently(options, || open(&server, options.create_database)).await?;
    migrate::postgres(&mut first).await?;
    first.close().await.map_err(|error| StoreError::from_sqlx(&error))?;
    Ok(Pools {
        readers: pool(&server, options.readers.max(1), READ_ACQUIRE).await?.into(),
        writers: pool(&server, writers(options), WRITE_ACQUIRE).await?.into(),
        here: None,
        lock: None,
    })
}

async fn open(server: &PgConnectOptions, create: bool) -> Result<PgConnection, StoreError> {
    match server.connect().await {
        Err(error) if create && has_code(&error, &[NO_SUCH_DATABASE]) => {
            create_database(server).await?;
            server.connect().await
        }
        done => done,
    }
    .map_err(|error| StoreError::from_sqlx(&error))
}

/// Bytes compare as bytes: the collation `C` sorts the same on every machine.
async fn create_database(server: &PgConnectOptions) -> Result<(), StoreError> {
    let name = server.get_database().unwrap_or_default().replace('"', "\"\"");
    let sql = format!(
        "CREATE DATABASE \"{name}\" ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0"
    );
    let failed = |error| StoreError::from_sqlx(&error);
    let mut admin = server.clone().database("postgres").connect().await.map_err(failed)?;
    match admin.execute(AssertSqlSafe(sql)).await {
        Err(error) if !has_code(&error, &MADE_ALREADY) => return Err(failed(error)),
        _ => {}
    }
    tracing::info!(database = name, "the database was missing and has been made");
    admin.close().await.map_err(failed)
}

async fn pool(
    server: &PgConnectOptions,
    connections: u32,
    acquire: Duration,
) -> Result<PgPool, StoreError> {
    PgPoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(acquire)
        .after_connect(|connection, _| {
            Box::pin(async move { connection.execute(SESSION).await.map(drop) })
        })
        .connect_with(server.clone())
        .await
        .map_err(|error| StoreError::from_sqlx(&error))
}

fn has_code(error: &sqlx::Error, codes: &[&str]) -> bool {
    let code = error.as_database_error().and_then(sqlx::error::DatabaseError::code);
    code.is_some_and(|code| codes.contains(&code.as_ref()))
}
