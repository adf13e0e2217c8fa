//! The registry of running processes.

use realms_types::{NodeId, Timestamp};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use crate::{Reader, Store, StoreError, entity::node, sql};

/// A running process. Its id is new with each start, so it also tells two lives apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NodeRecord {
    /// Its id.
    pub id: NodeId,
    /// What people call it, such as the host's name.
    pub name: String,
    /// When it started.
    pub started_at: Timestamp,
    /// Its last sign of life.
    pub last_seen_at: Timestamp,
    /// The version of Realms it runs.
    pub version: String,
    /// The address it listens on.
    pub address: String,
}

// === impl NodeRecord ===

impl TryFrom<node::Model> for NodeRecord {
    type Error = StoreError;

    fn try_from(row: node::Model) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id.into(),
            name: row.name,
            started_at: Timestamp::from_micros(row.started_at),
            last_seen_at: Timestamp::from_micros(row.last_seen_at),
            version: row.version,
            address: row.address,
        })
    }
}

impl From<&NodeRecord> for node::Model {
    fn from(record: &NodeRecord) -> Self {
        Self {
            id: record.id.raw(),
            name: sql::bounded(&record.name, 255),
            started_at: record.started_at.as_micros(),
            last_seen_at: record.last_seen_at.as_micros(),
            version: sql::bounded(&record.version, 64),
            address: sql::bounded(&record.address, 255),
        }
    }
}

// === impl Reader ===

impl Reader<'_> {
    /// The nodes seen at or after a moment, oldest first.
    pub async fn list_nodes(self, seen_since: Timestamp) -> Result<Vec<NodeRecord>, StoreError> {
        let seen = node::Column::LastSeenAt.gte(seen_since.as_micros());
        self.all(node::Entity::find().filter(seen).order_by_asc(node::Column::Id)).await
    }
}

// === impl Store ===

impl Store {
    /// Puts a starting process on the list, and takes off those unseen since `forget_before`.
    pub async fn register_node(
        &self,
        record: &NodeRecord,
        forget_before: Timestamp,
    ) -> Result<(), StoreError> {
        let tx = self.begin().await?;
        let sql = "DELETE FROM nodes WHERE last_seen_at < ?";
        tx.execute(sql, vec![forget_before.as_micros().into()]).await?;
        tx.insert(node::Model::from(record), format!("node {}", record.id)).await?;
        tx.commit().await
    }

    /// A sign of life. `false`: the node is not on the list and must register again.
    pub async fn heartbeat(&self, id: NodeId, now: Timestamp) -> Result<bool, StoreError> {
        let sql = "UPDATE nodes SET last_seen_at = ? WHERE id = ?";
        let values = vec![now.as_micros().into(), id.raw().into()];
        Ok(sql::execute(self.writers(), sql, values).await? == 1)
    }

    /// Takes a process that ends off the list.
    pub async fn remove_node(&self, id: NodeId) -> Result<(), StoreError> {
        let sql = "DELETE FROM nodes WHERE id = ?";
        sql::execute(self.writers(), sql, vec![id.raw().into()]).await?;
        Ok(())
    }
}
