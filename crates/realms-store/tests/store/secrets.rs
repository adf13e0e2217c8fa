//! The data keys and the master key that guards them.

use realms_seal::{MasterKey, Place, Purpose};
use realms_store::StoreError;

use crate::{
    database::Database,
    fixture::{NOW, ids},
};

pub(crate) async fn open_with_their_master_key_only(database: &Database) {
    let store = database.open().await.unwrap();
    let master = MasterKey::random();
    let keyring = store.unlock_keyring(master.clone(), &ids(), NOW).await.unwrap();
    let place = Place { table: "credentials", column: "sealed_secret", row: 7 };
    let sealed = keyring.seal(Purpose::Upstream, place, b"sk-upstream").unwrap();
    let hash = keyring.keyed_hash("sk_client");

    let again = store.unlock_keyring(master, &ids(), NOW).await.unwrap();
    let opened = again.unseal_text(Purpose::Upstream, place, &sealed).unwrap();
    assert_eq!(opened.reveal(), "sk-upstream");
    assert_eq!(again.keyed_hash("sk_client"), hash);

    let wrong = store.unlock_keyring(MasterKey::random(), &ids(), NOW).await;
    assert!(matches!(wrong, Err(StoreError::WrongMasterKey(_))));
}

pub(crate) async fn are_made_once_by_two_nodes_that_start_together(database: &Database) {
    let (a, b) = (database.open().await.unwrap(), database.open().await.unwrap());
    let master = MasterKey::random();
    let ids = ids();
    let (a, b) = tokio::join!(
        a.unlock_keyring(master.clone(), &ids, NOW),
        b.unlock_keyring(master, &ids, NOW),
    );
    assert_eq!(a.unwrap().keyed_hash("sk_client"), b.unwrap().keyed_hash("sk_client"));
}
