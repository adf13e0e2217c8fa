//! Writing batches of usage records, off the hot path.

use std::collections::BTreeMap;

use realms_types::{ApiKeyId, RecordId, Timestamp};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::UsageRecord;
use crate::{
    Store, StoreError, Tx,
    entity::{attempt, usage_record},
    objects::insert_objects,
    sql::{self, OnDuplicate},
};

/// Ids tried for a record whose own is taken.
const TRIES: usize = 16;

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
        let new = sql::insert_all(link, rows, OnDuplicate::Keep).await?;
        let kept = if new == records.len() as u64 {
            records.iter().map(|record| record.id).collect()
        } else {
            self.settle_ids(records).await?
        };
        let attempts: Vec<attempt::Model> = records
            .iter()
            .zip(kept)
            .flat_map(|(record, id)| record.attempts.iter().map(move |one| one.to_row(id)))
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

impl Tx {
    /// Some records were not new. Those written before keep the id they have; those whose id another
    /// node gave to another call, which may happen once in a long while, get the next free one.
    async fn settle_ids(&self, records: &[UsageRecord]) -> Result<Vec<RecordId>, StoreError> {
        let mut ids = Vec::with_capacity(records.len());
        for record in records {
            ids.push(self.settle_id(record).await?);
        }
        Ok(ids)
    }

    async fn settle_id(&self, record: &UsageRecord) -> Result<RecordId, StoreError> {
        let mut row = usage_record::Model::from(record);
        for _ in 0..TRIES {
            let request = usage_record::Column::RequestId.eq(row.request_id.as_str());
            let found = usage_record::Entity::find().filter(request).one(&self.link()).await?;
            if let Some(found) = found {
                return Ok(found.id.into());
            }
            row.id += 1;
            sql::insert_all(self.link(), vec![row.clone()], OnDuplicate::Keep).await?;
        }
        let what = format!("{TRIES} usage records after {}", record.id);
        Err(StoreError::Conflict { what })
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
