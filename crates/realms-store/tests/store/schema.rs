//! The schema: made from nothing, made once, never downgraded.

use std::time::Duration;

use realms_store::{DbKind, Store, StoreError, StoreOptions};

use crate::{
    database::Database,
    fixture::{NOW, channel, user_group},
};

pub(crate) async fn is_made_from_nothing_and_kept(database: &Database) {
    let store = database.open().await.unwrap();
    assert_eq!(store.kind(), database.kind);
    assert!(store.ping().await.unwrap() < Duration::from_secs(2));
    let mut tx = store.begin().await.unwrap();
    tx.insert_channel(&channel("kept")).await.unwrap();
    tx.commit().await.unwrap();
    store.close().await.unwrap();

    let store = database.open().await.unwrap();
    assert!(store.read().find_channel_by_name("kept").await.unwrap().is_some());
}

pub(crate) async fn is_made_once_by_two_nodes_that_start_together(database: &Database) {
    let opens = (database.open(), database.open(), database.open());
    let (a, b, c) = tokio::join!(opens.0, opens.1, opens.2);
    for (name, store) in [("a", a), ("b", b), ("c", c)] {
        let store = store.unwrap();
        let mut tx = store.begin().await.unwrap();
        tx.insert_user_group(&user_group(name, Vec::new())).await.unwrap();
        tx.commit().await.unwrap();
    }
    let store = database.open().await.unwrap();
    assert_eq!(store.read().list_user_groups().await.unwrap().len(), 3);
}

pub(crate) async fn that_is_newer_is_refused(database: &Database) {
    database.open().await.unwrap().close().await.unwrap();
    let (checksum, done) = match database.kind {
        DbKind::Postgres => (r"'\x00'", "TRUE"),
        _ => ("x'00'", "TRUE"),
    };
    let sql = format!(
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
         VALUES (99001, 'from the future', {done}, {checksum}, 0)"
    );
    database.execute(&sql).await;
    let error = database.open().await.unwrap_err();
    assert!(matches!(error, StoreError::SchemaTooNew { found: 99_001, .. }), "{error}");
    assert!(error.to_string().contains("start the newer Realms"), "{error}");
}

pub(crate) async fn that_was_altered_is_refused(database: &Database) {
    database.open().await.unwrap().close().await.unwrap();
    let checksum = if database.kind == DbKind::Postgres { r"'\x00'" } else { "x'00'" };
    let sql = format!("UPDATE _sqlx_migrations SET checksum = {checksum} WHERE version = 1001");
    database.execute(&sql).await;
    let error = database.open().await.unwrap_err();
    assert!(matches!(error, StoreError::Invalid(_)), "{error}");
}

pub(crate) async fn of_an_absent_database_is_not_made_unasked(database: &Database) {
    let options = StoreOptions { create_database: false, ..database.options() };
    assert!(Store::open(options).await.is_err());
}

/// MySQL commits each DDL statement, so a crash leaves a step marked as unfinished.
#[tokio::test]
async fn interrupted_steps_are_finished_on_mysql() {
    Database::mysql().tell(interrupted).await;
}

async fn interrupted(database: &Database) {
    database.open().await.unwrap().close().await.unwrap();
    // Carried out, but not marked.
    database.execute("UPDATE _sqlx_migrations SET success = FALSE WHERE version = 4003").await;
    database.open().await.unwrap().close().await.unwrap();
    // Not carried out.
    database.execute("DROP TABLE nodes").await;
    database.execute("UPDATE _sqlx_migrations SET success = FALSE WHERE version = 3004").await;
    let store = database.open().await.unwrap();
    assert!(store.read().list_nodes(NOW).await.unwrap().is_empty());
}

#[tokio::test]
async fn server_that_does_not_answer_is_waited_for_and_named() {
    let gone = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    for scheme in ["postgres", "mysql"] {
        let url = format!("{scheme}://realms:hunter2@{gone}/realms").parse().unwrap();
        let options = StoreOptions { wait: Duration::from_millis(300), ..StoreOptions::new(url) };
        let error = Store::open(options).await.unwrap_err();
        assert!(matches!(error, StoreError::Unavailable(_)), "{error}");
        assert!(!error.to_string().contains("hunter2"), "{error}");
    }
}
