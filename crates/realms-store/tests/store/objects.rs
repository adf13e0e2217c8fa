//! Objects at an upstream belong to who made them.

use realms_store::{ObjectKind, StoreError, StoredObject};
use realms_types::{Timestamp, UserId};

use crate::{
    database::Database,
    fixture::{NOW, ids, usage},
};

fn object(id: &str, user: UserId, age: i64) -> StoredObject {
    let ids = ids();
    StoredObject {
        kind: ObjectKind::Response,
        object_id: id.to_owned(),
        user_id: user,
        api_key_id: ids.next(),
        channel_id: ids.next(),
        endpoint_id: ids.next(),
        credential_id: ids.next(),
        upstream_model: "gpt-5.2-2026".to_owned(),
        model: "gpt-5.2".to_owned(),
        created_at: Timestamp::from_micros(NOW.as_micros() - age),
    }
}

pub(crate) async fn belong_to_their_owner(database: &Database) {
    const KIND: ObjectKind = ObjectKind::Response;
    let store = database.open().await.unwrap();
    let (ana, bob): (UserId, UserId) = (ids().next(), ids().next());
    let first = object("resp_1", ana, 0);
    store.insert_object(&first).await.unwrap();
    store.insert_object(&object("resp_1", ana, 5)).await.unwrap();
    let mut record = usage(ana, ids().next());
    record.object = Some(object("resp_0", ana, 9));
    store.insert_usage(&[record]).await.unwrap();
    for id in ["resp_b", "resp_a"] {
        store.insert_object(&object(id, ana, 0)).await.unwrap();
    }
    let endless = "x".repeat(300);
    store.insert_object(&object(&endless, ana, 0)).await.unwrap();

    let found = store.find_object(KIND, "resp_1", ana).await.unwrap();
    assert_eq!(found, Some(first), "the first to be remembered stays");
    assert_eq!(store.find_object(KIND, "resp_1", bob).await.unwrap(), None);
    assert_eq!(store.find_object(KIND, "RESP_1", ana).await.unwrap(), None);
    assert_eq!(store.find_object(ObjectKind::ChatCompletion, "resp_1", ana).await.unwrap(), None);
    assert_eq!(store.find_object(KIND, &endless, ana).await.unwrap(), None);

    let page = store.list_objects(KIND, ana, None, 2).await.unwrap();
    let listed: Vec<_> = page.iter().map(|object| object.object_id.as_str()).collect();
    assert_eq!(listed, ["resp_0", "resp_1"], "oldest first");
    let rest = store.list_objects(KIND, ana, Some("resp_1"), 9).await.unwrap();
    let listed: Vec<_> = rest.iter().map(|object| object.object_id.as_str()).collect();
    assert_eq!(listed, ["resp_a", "resp_b"]);
    let behind_nothing = store.list_objects(KIND, bob, Some("resp_1"), 9).await;
    assert!(matches!(behind_nothing, Err(StoreError::NotFound { .. })), "{behind_nothing:?}");

    assert!(!store.delete_object(KIND, "resp_1", bob).await.unwrap());
    assert!(store.delete_object(KIND, "resp_1", ana).await.unwrap());
    assert!(!store.delete_object(KIND, "resp_1", ana).await.unwrap());
}
