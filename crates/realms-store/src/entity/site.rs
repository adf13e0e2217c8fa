//! The site itself: settings, keys that seal, nodes, what was done.

entities! {
    /// Live settings.
    setting = "settings" {
        #[sea_orm(primary_key, auto_increment = false)]
        name: String,
        value: String,
        updated_at: i64,
        updated_by: Option<String>,
    }

    /// Who did what.
    audit_entry = "audit_entries" {
        #[sea_orm(primary_key, auto_increment = false)]
        id: i64,
        at: i64,
        actor_kind: String,
        actor: String,
        address: Option<String>,
        user_agent: Option<String>,
        request_id: Option<String>,
        action: String,
        object_kind: Option<String>,
        object: Option<String>,
        changes: String,
    }

    /// Counters that tell other nodes that something changed.
    version = "versions" {
        #[sea_orm(primary_key, auto_increment = false)]
        name: String,
        value: i64,
    }

    /// Data keys, wrapped by the master key.
    data_key = "data_keys" {
        #[sea_orm(primary_key, auto_increment = false)]
        id: i64,
        purpose: String,
        wrapped: String,
        created_at: i64,
    }

    /// Running processes.
    node = "nodes" {
        #[sea_orm(primary_key, auto_increment = false)]
        id: i64,
        name: String,
        started_at: i64,
        last_seen_at: i64,
        version: String,
        address: String,
    }

    /// Changes of many objects at once.
    batch = "batches" {
        #[sea_orm(primary_key, auto_increment = false)]
        id: i64,
        owner: String,
        purpose: String,
        content: String,
        created_at: i64,
        expires_at: i64,
        done_at: Option<i64>,
        done_key: Option<String>,
        outcome: Option<String>,
    }
}
