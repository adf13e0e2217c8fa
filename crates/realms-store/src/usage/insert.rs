//! Writing batches of usage records, off the hot path.

use std::collections::BTreeMap;

use realms_types::{ApiKeyId, Timestamp};

use super::UsageRecord;
use crate::{
    Store, StoreError, Tx,
    entity::{attempt, usage_record},
    objects::insert_objects,
    sql::{self, OnDuplicate},
};

const TOUCH_KEY: &str = "\
UPDATE api_keys SET last_used_at = ? WHERE id = ? AND (last_used_at IS NULL OR last_used_at < ?)";

// === impl Store ===

impl Store {
    /// Writes records with their attempts and objects in one transaction, and notes when each API
    /// key last called. A batch that was written before, as may be after a commit whose answer was
    /// lost, changes nothing.
    pub async fn insert_usage(&self, records: &[UsageRecord]) -> Result<(), StoreError> {
        if records.is_empty() {
            return Ok(());
        }
        let tx = self.begin().await?;
        tx.insert_usage(records).await?;
        tx.commit().await
    }
}

// === impl Tx ===

impl Tx {
    async fn insert_usage(&self, records: &[UsageRecord]) -> Result<(), StoreError> {
        let link = self.link();
        let rows: Vec<usage_record::Model> = records.iter().map(Into::into).collect();
        sql::insert_all(link, rows, OnDuplicate::Keep).await?;
        let attempts: Vec<attempt::Model> = records
            .iter()
            .flat_map(|record| record.attempts.iter().map(|attempt| attempt.to_row(record.id)))
            .collect();
        sql::insert_all(link, attempts, OnDuplicate::Keep).await?;
        insert_objects(link, records.iter().filter_map(|record| record.object.as_ref())).await?;
        for (key, last) in last_calls(records) {
            let last = last.as_micros();
            self.execute(TOUCH_KEY, vec![last.into(), key.raw().into(), last.into()]).await?;
        }
        Ok(())
    }
}

/// The last call of each key, by id: two nodes that lock rows in one order cannot deadlock.
fn last_calls(records: &[UsageRecord]) -> BTreeMap<ApiKeyId, Timestamp> {
    let mut last = BTreeMap::new();
    for record in records {
        let time = last.entry(record.api_key_id).or_insert(record.started_at);
        *time = record.started_at.max(*time);
    }
    last
}
