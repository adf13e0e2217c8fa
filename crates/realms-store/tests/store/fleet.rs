//! The registry of running processes.

use realms_store::NodeRecord;
use realms_types::{NodeId, Timestamp};

use crate::{
    database::Database,
    fixture::{NOW, ids},
};

fn node(name: &str) -> NodeRecord {
    NodeRecord {
        id: ids().next(),
        name: name.to_owned(),
        started_at: NOW,
        last_seen_at: NOW,
        version: "0.1.0".to_owned(),
        address: "127.0.0.1:8080".to_owned(),
    }
}

pub(crate) async fn knows_its_nodes(database: &Database) {
    let store = database.open().await.unwrap();
    let later = Timestamp::from_micros(NOW.as_micros() + 1_000_000);
    let (a, b) = (node("a"), node("b"));
    store.register_node(&a, Timestamp::EPOCH).await.unwrap();
    store.register_node(&b, Timestamp::EPOCH).await.unwrap();
    assert!(store.heartbeat(a.id, later).await.unwrap());
    assert!(store.heartbeat(a.id, later).await.unwrap(), "twice in one moment is no loss");
    assert!(!store.heartbeat(NodeId::new(1), later).await.unwrap());
    let alive = store.read().list_nodes(later).await.unwrap();
    assert_eq!(alive, [NodeRecord { last_seen_at: later, ..a.clone() }]);

    let c = node("c");
    store.register_node(&c, later).await.unwrap();
    assert!(!store.heartbeat(b.id, later).await.unwrap(), "unseen for too long");
    store.remove_node(a.id).await.unwrap();
    assert_eq!(store.read().list_nodes(Timestamp::EPOCH).await.unwrap(), [c]);
}
