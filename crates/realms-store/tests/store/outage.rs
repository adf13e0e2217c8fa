//! A database server that dies under a running store.

use std::time::Duration;

use realms_store::{KeyHash, Store, StoreError, StoreOptions};

use crate::{
    database::server::Server,
    fixture::{ids, usage},
};

/// A write waits up to 5 s for a connection; the rest is for a busy machine.
const LATEST: Duration = Duration::from_secs(15);

#[tokio::test]
async fn of_postgres_is_told_in_time() {
    is_told_in_time(Server::postgres()).await;
}

#[tokio::test]
async fn of_mariadb_is_told_in_time() {
    is_told_in_time(Server::mariadb()).await;
}

async fn is_told_in_time(mut server: Server) {
    let url = format!("{}/realms", server.url()).parse().unwrap();
    let store = Store::open(StoreOptions::new(url)).await.unwrap();
    store.ping().await.unwrap();
    server.kill();
    let records = [usage(ids().next(), ids().next())];
    let answers = async {
        tokio::join!(
            async { store.ping().await.map(drop) },
            async { store.begin().await.map(drop) },
            async { store.find_caller(&KeyHash::Hmac([1; 32])).await.map(drop) },
            store.insert_usage(&records),
        )
    };
    let (ping, begin, find, insert) = tokio::time::timeout(LATEST, answers).await.unwrap();
    for outcome in [ping, begin, find, insert] {
        assert!(matches!(outcome, Err(StoreError::Unavailable(_))), "{outcome:?}");
    }
}
