//! Many writers and readers at once.

use realms_store::UsageFilter;
use tokio::task::JoinSet;

use crate::{
    database::Database,
    fixture::{NOW, channel, ids, usage},
};

/// Each writer reads before it writes: on SQLite this is what fails at once without an immediate
/// transaction.
pub(crate) async fn writers_and_readers_never_fail(database: &Database) {
    let store = database.open().await.unwrap();
    let user = ids().next();
    let mut tasks = JoinSet::new();
    for writer in 0..12 {
        let store = store.clone();
        tasks.spawn(async move {
            for number in 0..8 {
                let mut tx = store.begin().await.unwrap();
                let name = format!("channel-{writer}-{number}");
                assert!(tx.read().find_channel_by_name(&name).await.unwrap().is_none());
                tx.insert_channel(&channel(&name)).await.unwrap();
                tx.set_setting("counter", &name, None, NOW).await.unwrap();
                tx.commit().await.unwrap();
                store.insert_usage(&[usage(user, ids().next())]).await.unwrap();
                store.versions().await.unwrap();
            }
        });
    }
    while let Some(done) = tasks.join_next().await {
        done.unwrap();
    }
    assert_eq!(store.read().list_channels().await.unwrap().len(), 96);
    assert_eq!(store.versions().await.unwrap().catalog, 97, "each transaction bumped once");
    let filter = UsageFilter { user: Some(user), ..Default::default() };
    assert_eq!(store.sum_usage(&filter).await.unwrap().calls, 96);
}

pub(crate) async fn dropped_transactions_change_nothing(database: &Database) {
    let store = database.open().await.unwrap();
    let versions = store.versions().await.unwrap();
    for _ in 0..20 {
        let mut tx = store.begin().await.unwrap();
        tx.insert_channel(&channel("never")).await.unwrap();
    }
    assert!(store.read().list_channels().await.unwrap().is_empty());
    assert_eq!(store.versions().await.unwrap(), versions);
}
