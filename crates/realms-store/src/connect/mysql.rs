//! MySQL and MariaDB: READ COMMITTED, strict, deadlines set in every session.

use std::time::Duration;

use sqlx::{
    AssertSqlSafe, ConnectOptions, Connection, Executor, MySqlConnection,
    mysql::{MySqlConnectOptions, MySqlDatabaseError, MySqlPool, MySqlPoolOptions},
};

use super::{Pools, READ_ACQUIRE, WRITE_ACQUIRE, patiently, writers};
use crate::{ServerUrl, StoreError, StoreOptions, migrate};

const ISOLATION: &str = "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED";
/// Strict whatever the server's default, so that a value that does not fit is refused, not cut.
const SESSION: &str = "\
SET SESSION innodb_lock_wait_timeout = 5, \
SESSION sql_mode = CONCAT(@@sql_mode, ',STRICT_ALL_TABLES')";
/// The same deadline by its name and unit in MariaDB and in MySQL.
const STATEMENT_TIME: [&str; 2] =
    ["SET SESSION max_statement_time = 9.5", "SET SESSION max_execution_time = 9500"];

const NO_SUCH_DATABASE: u16 = 1049;

pub(super) async fn connect(url: &ServerUrl, options: &StoreOptions) -> Result<Pools, StoreError> {
    let server = MySqlConnectOptions::from_url(url.reveal())
        .map_err(|error| StoreError::from_sqlx(&error))?
        .disable_statement_logging();
    let mut first = patiently(options, || open(&server, options.create_database)).await?;
    migrate::mysql(&mut first).await?;
    first.close().await.map_err(|error| StoreError::from_sqlx(&error))?;
    Ok(Pools {
        readers: pool(&server, options.readers.max(1), READ_ACQUIRE).await?.into(),
        writers: pool(&server, writers(options), WRITE_ACQUIRE).await?.into(),
        here: None,
        lock: None,
    })
}

async fn open(server: &MySqlConnectOptions, create: bool) -> Result<MySqlConnection, StoreError> {
    match server.connect().await {
        Err(error) if create && has_number(&error, NO_SUCH_DATABASE) => {
            create_database(server).await?;
            server.connect().await
        }
        done => done,
    }
    .map_err(|error| StoreError::from_sqlx(&error))
}

async fn create_database(server: &MySqlConnectOptions) -> Result<(), StoreError> {
    let name = server.get_database().unwrap_or_default().replace('`', "``");
    let sql =
        format!("CREATE DATABASE IF NOT EXISTS `{name}` CHARACTER SET utf8mb4 COLLATE utf8mb4_bin");
    let failed = |error| StoreError::from_sqlx(&error);
    let mut admin =
        server.clone().database("information_schema").connect().await.map_err(failed)?;
    admin.execute(AssertSqlSafe(sql)).await.map_err(failed)?;
    tracing::info!(database = name, "the database was missing and has been made");
    admin.close().await.map_err(failed)
}

async fn pool(
    server: &MySqlConnectOptions,
    connections: u32,
    acquire: Duration,
) -> Result<MySqlPool, StoreError> {
    MySqlPoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(acquire)
        .after_connect(|connection, _| Box::pin(prepare_session(connection)))
        .connect_with(server.clone())
        .await
        .map_err(|error| StoreError::from_sqlx(&error))
}

async fn prepare_session(connection: &mut MySqlConnection) -> Result<(), sqlx::Error> {
    connection.execute(ISOLATION).await?;
    connection.execute(SESSION).await?;
    let [mariadb, mysql] = STATEMENT_TIME;
    if connection.execute(mariadb).await.is_err() {
        connection.execute(mysql).await?;
    }
    Ok(())
}

fn has_number(error: &sqlx::Error, number: u16) -> bool {
    let refusal = error.as_database_error();
    let refusal = refusal.and_then(|refusal| refusal.try_downcast_ref::<MySqlDatabaseError>());
    refusal.is_some_and(|refusal| refusal.number() == number)
}
