//! What only a file has: processes that must not share it, and permissions.

use std::{env, os::unix::fs::PermissionsExt, path::Path, process::Stdio};

use realms_store::{DbUrl, KeyHash, Store, StoreError, StoreOptions};
use sqlx::{Connection, Executor, SqliteConnection};
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    process::{Child, Command},
};

use crate::{
    database::Database,
    fixture::{channel, ids, usage},
};

/// Makes this test, run as a child process, hold the database of that path until it is killed.
const HOLD: &str = "REALMS_TEST_HOLD_DATABASE";

fn server(path: &Path) -> StoreOptions {
    StoreOptions { exclusive: true, ..StoreOptions::new(DbUrl::Sqlite(path.to_owned())) }
}

#[tokio::test]
async fn second_server_is_refused_until_the_first_is_killed() {
    #[expect(clippy::disallowed_methods, reason = "tells the child from the test")]
    if let Ok(path) = env::var(HOLD) {
        hold(Path::new(&path)).await;
    }
    let database = Database::sqlite();
    let path = database.path();
    let mut first = start_holder(&path).await;

    let refused = Store::open(server(&path)).await.unwrap_err();
    assert!(matches!(refused, StoreError::Locked { .. }), "{refused}");
    let holder = format!("process {}", first.id().unwrap());
    assert!(refused.to_string().contains(&holder), "{refused}");

    let command = database.open().await.unwrap();
    let mut tx = command.begin().await.unwrap();
    tx.insert_channel(&channel("by a command beside the server")).await.unwrap();
    tx.commit().await.unwrap();

    // SIGKILL: nothing in the process gets a chance to clean up.
    first.kill().await.unwrap();
    let store = Store::open(server(&path)).await.unwrap();
    assert_eq!(store.read().list_channels().await.unwrap().len(), 1);
    assert!(matches!(Store::open(server(&path)).await, Err(StoreError::Locked { .. })));
    drop(store);
    Store::open(server(&path)).await.unwrap();
}

async fn hold(path: &Path) {
    let _store = Store::open(server(path)).await.unwrap();
    tokio::io::stdout().write_all(b"\nheld\n").await.unwrap();
    tokio::io::stdout().flush().await.unwrap();
    // Ends with the parent, if that ends first.
    tokio::io::stdin().read_u8().await.unwrap_err();
}

async fn start_holder(path: &Path) -> Child {
    let mut child = Command::new(env::current_exe().unwrap())
        .args(["--exact", "--nocapture"])
        .arg("sqlite::second_server_is_refused_until_the_first_is_killed")
        .env(HOLD, path)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    while let Some(line) = lines.next_line().await.unwrap() {
        if line == "held" {
            return child;
        }
    }
    panic!("the holder ended before it held the database");
}

#[tokio::test]
async fn writer_of_another_process_is_waited_for_and_hinders_no_reader() {
    let database = Database::sqlite();
    let store = database.open().await.unwrap();
    let mut other = SqliteConnection::connect(&database.url().to_string()).await.unwrap();
    other.execute("BEGIN IMMEDIATE").await.unwrap();
    let waiting = tokio::spawn({
        let store = store.clone();
        async move { store.insert_usage(&[usage(ids().next(), ids().next())]).await }
    });
    store.versions().await.unwrap();
    assert!(store.find_caller(&KeyHash::Hmac([1; 32])).await.unwrap().is_none());
    assert!(!waiting.is_finished());
    other.execute("COMMIT").await.unwrap();
    waiting.await.unwrap().unwrap();
}

#[tokio::test]
async fn file_is_for_its_owner_only() {
    let database = Database::sqlite();
    let _store = database.open().await.unwrap();
    for suffix in ["", "-wal", "-shm"] {
        let path = format!("{}{suffix}", database.path().display());
        let mode = std::fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{path}");
    }
}

#[tokio::test]
async fn file_that_is_no_database_is_refused() {
    let database = Database::sqlite();
    std::fs::create_dir_all(database.path().parent().unwrap()).unwrap();
    std::fs::write(database.path(), b"this is not a database, only text long enough").unwrap();
    let error = database.open().await.unwrap_err();
    assert!(matches!(error, StoreError::Refused(_)), "{error}");
}
