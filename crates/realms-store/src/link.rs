//! Where statements run: a pool, a transaction, the writer's own connection; with a deadline on all that wait.

use std::{future::Future, time::Duration};

use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr, ExecResult,
    QueryResult, RuntimeErr, Statement, prelude::async_trait,
};
use tokio::sync::Mutex;

use crate::here::HereTransaction;

/// How long a statement may take, the wait for a connection included.
pub(crate) const STATEMENT_DEADLINE: Duration = Duration::from_secs(10);

/// Where a statement runs.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Link<'a> {
    /// On any connection of a pool, by itself.
    Pool(&'a DatabaseConnection),
    /// The same, when its turn comes to write.
    InTurn(&'a DatabaseConnection, &'a Mutex<()>),
    /// Inside a transaction.
    Transaction(&'a DatabaseTransaction),
    /// Inside a transaction, on this thread.
    Here(&'a HereTransaction),
}

/// Gives up on a database that does not answer.
pub(crate) async fn in_time<T>(
    work: impl Future<Output = Result<T, DbErr>> + Send,
) -> Result<T, DbErr> {
    let late = || {
        let seconds = STATEMENT_DEADLINE.as_secs();
        DbErr::Conn(RuntimeErr::Internal(format!("no answer within {seconds} s")))
    };
    tokio::time::timeout(STATEMENT_DEADLINE, work).await.unwrap_or_else(|_| Err(late()))
}

/// Waits for the turn to write, and keeps it meanwhile.
async fn in_turn<T>(
    turn: &Mutex<()>,
    work: impl Future<Output = Result<T, DbErr>> + Send,
) -> Result<T, DbErr> {
    let _turn = turn.lock().await;
    work.await
}

/// The library makes rows only of its own drivers.
fn by_hand() -> DbErr {
    DbErr::Custom("what the writer asks goes by `sql::execute` and `sql::query`".to_owned())
}

// === impl Link ===

#[async_trait::async_trait]
impl ConnectionTrait for Link<'_> {
    fn get_database_backend(&self) -> DbBackend {
        match self {
            Self::Pool(pool) | Self::InTurn(pool, _) => pool.get_database_backend(),
            Self::Transaction(transaction) => transaction.get_database_backend(),
            Self::Here(_) => DbBackend::Sqlite,
        }
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        match self {
            Self::Pool(pool) => in_time(pool.execute_raw(statement)).await,
            Self::InTurn(pool, turn) => in_time(in_turn(turn, pool.execute_raw(statement))).await,
            Self::Transaction(transaction) => in_time(transaction.execute_raw(statement)).await,
            Self::Here(_) => Err(by_hand()),
        }
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        match self {
            Self::Pool(pool) => in_time(pool.execute_unprepared(sql)).await,
            Self::InTurn(pool, turn) => in_time(in_turn(turn, pool.execute_unprepared(sql))).await,
            Self::Transaction(transaction) => in_time(transaction.execute_unprepared(sql)).await,
            Self::Here(_) => Err(by_hand()),
        }
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        match self {
            Self::Pool(pool) => in_time(pool.query_one_raw(statement)).await,
            Self::InTurn(pool, turn) => in_time(in_turn(turn, pool.query_one_raw(statement))).await,
            Self::Transaction(transaction) => in_time(transaction.query_one_raw(statement)).await,
            Self::Here(_) => Err(by_hand()),
        }
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        match self {
            Self::Pool(pool) => in_time(pool.query_all_raw(statement)).await,
            Self::InTurn(pool, turn) => in_time(in_turn(turn, pool.query_all_raw(statement))).await,
            Self::Transaction(transaction) => in_time(transaction.query_all_raw(statement)).await,
            Self::Here(_) => Err(by_hand()),
        }
    }
}
