//! A database of its own for each test, and the frame that tells each story on every database. The suites of
//! other crates take it from here.

#[path = "server.rs"]
pub(crate) mod server;

use std::{env, path::PathBuf, process, sync::Arc};

use realms_store::{DbKind, DbUrl, Store, StoreError, StoreOptions};
use sqlx::{AssertSqlSafe, Connection, Executor, MySqlConnection, PgConnection, SqliteConnection};
use tempfile::TempDir;
use url::Url;

use self::server::Server;

/// Where a test's database is; it does not exist before the first open.
pub(crate) struct Database {
    pub(crate) kind: DbKind,
    /// With the password.
    url: Url,
    folder: TempDir,
    _server: Option<Arc<Server>>,
}

/// Makes a test of every story on every database.
macro_rules! on_every_database {
    ($($module:ident::$story:ident,)+) => {
        mod on_sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)] async fn $story() {
                $crate::database::Database::sqlite().tell(crate::$module::$story).await;
            })+
        }
        mod on_postgres {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)] async fn $story() {
                $crate::database::Database::postgres().tell(crate::$module::$story).await;
            })+
        }
        mod on_mysql {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)] async fn $story() {
                $crate::database::Database::mysql().tell(crate::$module::$story).await;
            })+
        }
    };
}
pub(crate) use on_every_database;

// === impl Database ===

impl Database {
    pub(crate) fn sqlite() -> Self {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("data/realms.db");
        let url = Url::parse(&format!("sqlite:{}", path.display())).unwrap();
        Self { kind: DbKind::Sqlite, url, folder, _server: None }
    }

    pub(crate) fn postgres() -> Self {
        let given = variable("REALMS_TEST_POSTGRES_URL");
        Self::on_server(DbKind::Postgres, given, || server::POSTGRES.get(Server::postgres))
    }

    pub(crate) fn mysql() -> Self {
        let given = variable("REALMS_TEST_MYSQL_URL");
        Self::on_server(DbKind::Mysql, given, || server::MARIADB.get(Server::mariadb))
    }

    fn on_server(kind: DbKind, given: Option<String>, start: impl FnOnce() -> Arc<Server>) -> Self {
        let server = given.is_none().then(start);
        let text = given.unwrap_or_else(|| server.as_ref().unwrap().url().to_owned());
        let mut url = Url::parse(&text).unwrap();
        let folder = TempDir::new().unwrap();
        let random = folder.path().file_name().unwrap().to_str().unwrap().replace('.', "");
        url.set_path(&format!("realms_{}_{random}", process::id()));
        Self { kind, url, folder, _server: server }
    }

    pub(crate) fn url(&self) -> DbUrl {
        self.address().parse().unwrap()
    }

    /// With the password.
    pub(crate) fn address(&self) -> &str {
        self.url.as_str()
    }

    /// The file of SQLite.
    pub(crate) fn path(&self) -> PathBuf {
        self.folder.path().join("data/realms.db")
    }

    pub(crate) fn options(&self) -> StoreOptions {
        StoreOptions { readers: 4, ..StoreOptions::new(self.url()) }
    }

    pub(crate) async fn open(&self) -> Result<Store, StoreError> {
        Store::open(self.options()).await
    }

    /// Runs a test and cleans up after it.
    pub(crate) async fn tell(self, story: impl AsyncFnOnce(&Self)) {
        story(&self).await;
        let name = self.url.path().trim_start_matches('/');
        match self.kind {
            DbKind::Sqlite => {}
            DbKind::Postgres => {
                let sql = format!("DROP DATABASE IF EXISTS \"{name}\" WITH (FORCE)");
                self.execute_in("postgres", &sql).await;
            }
            DbKind::Mysql => {
                self.execute_in("mysql", &format!("DROP DATABASE IF EXISTS `{name}`")).await;
            }
        }
    }

    /// Runs a statement behind the store's back.
    pub(crate) async fn execute(&self, sql: &str) {
        self.try_execute(sql).await.unwrap();
    }

    /// Runs a statement that may be refused.
    pub(crate) async fn try_execute(&self, sql: &str) -> Result<(), sqlx::Error> {
        self.try_execute_in(self.url.path().trim_start_matches('/'), sql).await
    }

    async fn execute_in(&self, database: &str, sql: &str) {
        self.try_execute_in(database, sql).await.unwrap();
    }

    async fn try_execute_in(&self, database: &str, sql: &str) -> Result<(), sqlx::Error> {
        let mut url = self.url.clone();
        if self.kind != DbKind::Sqlite {
            url.set_path(database);
        }
        let sql = AssertSqlSafe(sql);
        match self.kind {
            DbKind::Sqlite => {
                let mut connection = SqliteConnection::connect(url.as_str()).await?;
                connection.execute(sql).await?;
            }
            DbKind::Postgres => {
                let mut connection = PgConnection::connect(url.as_str()).await?;
                connection.execute(sql).await?;
            }
            DbKind::Mysql => {
                let mut connection = MySqlConnection::connect(url.as_str()).await?;
                connection.execute(sql).await?;
            }
        }
        Ok(())
    }
}

#[expect(clippy::disallowed_methods, reason = "`make test` tells the tests where its servers are")]
fn variable(name: &str) -> Option<String> {
    env::var(name).ok()
}
