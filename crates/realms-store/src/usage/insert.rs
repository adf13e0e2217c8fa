//! Writing batches of usage records, off the hot path.

use std::collections::{BTreeMap, HashMap};

use realms_types::{ApiKeyId, Billing, RecordId, RequestId, Timestamp};
use sea_orm::{ConnectionTrait, DbBackend};

use super::UsageRecord;
use crate::{
    Store, StoreError, Tx,
    entity::{attempt, trace, usage_record, usage_review},
    objects::insert_objects,
    sql::{self, OnDuplicate},
};

/// Ids tried for a record whose own is taken.
const TRIES: usize = 16;

const TOUCH_KEY: &str = "\
UPDATE api_keys SET last_used_at = ? WHERE id = ? AND (last_used_at IS NULL OR last_used_at < ?)";

// === impl Store ===

impl Store {
    /// Writes records with their attempts, traces and objects in one transaction, and notes when each API
    /// key last called. A batch that was written before, as may be after a commit whose answer was
    /// lost, changes nothing.
    pub async fn insert_usage(&self, records: &[UsageRecord]) -> Result<(), StoreError> {
        if records.is_empty() {
            return Ok(());
        }
        let records: Vec<&UsageRecord> = records.iter().collect();
        let tx = self.begin().await?;
        tx.insert_usage(&records).await?;
        tx.commit().await
    }
}

// === impl Tx ===

impl Tx {
    /// Writes records as [`Store::insert_usage`] does, within this transaction.
    pub async fn insert_usage(&self, records: &[&UsageRecord]) -> Result<(), StoreError> {
        if records.is_empty() {
            return Ok(());
        }
        let link = self.link();
        let rows: Vec<usage_record::Model> =
            records.iter().map(|record| usage_record::Model::from(*record)).collect();
        let new = sql::insert_all(link, rows, OnDuplicate::Keep).await?;
        // MySQL counts a row that it kept as if it were new.
        let countable = link.get_database_backend() != DbBackend::MySql;
        let kept: Vec<RecordId> = if countable && new == records.len() as u64 {
            records.iter().map(|record| record.id).collect()
        } else {
            self.settle_ids(records).await?
        };
        let attempts: Vec<attempt::Model> = records
            .iter()
            .zip(&kept)
            .flat_map(|(record, id)| record.attempts.iter().map(move |one| one.to_row(*id)))
            .collect();
        sql::insert_all(link, attempts, OnDuplicate::Keep).await?;
        let traces: Vec<trace::Model> = records
            .iter()
            .zip(&kept)
            .filter_map(|(record, id)| {
                let trace = record.trace.as_ref()?.to_text()?;
                Some(trace::Model { record_id: id.raw(), trace })
            })
            .collect();
        sql::insert_all(link, traces, OnDuplicate::Keep).await?;
        sql::insert_all(link, to_review(records, &kept), OnDuplicate::Keep).await?;
        insert_objects(link, records.iter().filter_map(|record| record.object.as_ref())).await?;
        for (key, last) in last_calls(records) {
            let last = last.as_micros();
            self.execute(TOUCH_KEY, vec![last.into(), key.raw().into(), last.into()]).await?;
        }
        // Last, because other nodes that write wait for it.
        self.mark_hours(records.iter().map(|record| record.started_at)).await
    }
}

impl Tx {
    /// Takes back the record that was made for a call whose relay seemed to be gone, because the call
    /// brings its own. `begun` is when that record says it began.
    pub async fn delete_lost_usage(
        &self,
        request: RequestId,
        begun: Timestamp,
    ) -> Result<(), StoreError> {
        const DELETE: &str = "\
DELETE FROM usage_records WHERE request_id = ? AND attempt_count = 0 AND outcome = 'broken'";
        if self.execute(DELETE, vec![request.to_string().into()]).await? > 0 {
            self.mark_hours([begun].into_iter()).await?;
        }
        Ok(())
    }

    /// The ids under which records lie now. Those written before keep the id they have; those whose id
    /// another node gave to another call, which may happen once in a long while, get the next free one.
    async fn settle_ids(&self, records: &[&UsageRecord]) -> Result<Vec<RecordId>, StoreError> {
        let written = self.ids_of(records).await?;
        let mut ids = Vec::with_capacity(records.len());
        for record in records {
            ids.push(match written.get(&record.request_id.to_string()) {
                Some(id) => *id,
                None => self.insert_renumbered(record).await?,
            });
        }
        Ok(ids)
    }

    async fn ids_of(
        &self,
        records: &[&UsageRecord],
    ) -> Result<HashMap<String, RecordId>, StoreError> {
        let requests = records.iter().map(|record| record.request_id.to_string().into());
        let Some(values) = sql::padded(requests) else { return Ok(HashMap::new()) };
        let marks = sql::marks(values.len());
        let text =
            format!("SELECT request_id, id FROM usage_records WHERE request_id IN ({marks})");
        let mut rows = sql::query(self.link(), &text, values).await?;
        rows.iter_mut()
            .map(|row| Ok((row.take::<String>(0)?, row.take::<i64>(1)?.into())))
            .collect()
    }

    async fn insert_renumbered(&self, record: &UsageRecord) -> Result<RecordId, StoreError> {
        let mut row = usage_record::Model::from(record);
        for _ in 0..TRIES {
            row.id += 1;
            sql::insert_all(self.link(), vec![row.clone()], OnDuplicate::Keep).await?;
            let written = self.ids_of(&[record]).await?;
            if let Some(id) = written.get(&row.request_id) {
                return Ok(*id);
            }
        }
        let what = format!("{TRIES} usage records after {}", record.id);
        Err(StoreError::Conflict { what })
    }
}

/// Those whose usage cannot be true: they wait for somebody to look at them.
fn to_review(records: &[&UsageRecord], ids: &[RecordId]) -> Vec<usage_review::Model> {
    let row = |(record, id): (&&UsageRecord, &RecordId)| {
        let waits = record.billing == Some(Billing::Quarantined);
        waits.then(|| usage_review::Model {
            record_id: id.raw(),
            decided_at: None,
            decided_by: None,
            reason: None,
        })
    };
    records.iter().zip(ids).filter_map(row).collect()
}

/// The last call of each key, by id: two nodes that lock rows in one order cannot deadlock.
fn last_calls(records: &[&UsageRecord]) -> BTreeMap<ApiKeyId, Timestamp> {
    let mut last = BTreeMap::new();
    for record in records {
        let time = last.entry(record.api_key_id).or_insert(record.started_at);
        *time = record.started_at.max(*time);
    }
    last
}
