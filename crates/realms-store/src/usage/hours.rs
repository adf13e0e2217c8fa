//! Sums of whole hours: which are stale, and making one anew.

use std::collections::BTreeSet;

use realms_types::Timestamp;
use sea_orm::{ConnectionTrait, DbBackend, DbErr};

use super::{
    aggregate::roll_up_columns,
    segments::{HOUR, hour_of},
};
use crate::{Store, StoreError, Tx, sql};

/// What the records of a row have in common.
const COMMON: &str = "user_id, api_key_id, model, channel_id, channel_group_id, client, dialect, \
                      outcome, origin, cause, certainty";

// === impl Store ===

impl Store {
    /// Hours whose sums are not up to date and that were over before this moment, as their first
    /// moments, the earliest first.
    pub async fn stale_usage_hours(
        &self,
        over_before: Timestamp,
        most: u32,
    ) -> Result<Vec<Timestamp>, StoreError> {
        let text = "SELECT hour FROM usage_stale_hours WHERE hour <= ? ORDER BY hour LIMIT ?";
        let values = vec![(over_before.as_micros() - HOUR).into(), i64::from(most).into()];
        let link = self.readers();
        let rows = link.query_all_raw(sql::statement(link, text, values)).await?;
        let hours: Result<Vec<i64>, DbErr> =
            rows.iter().map(|row| row.try_get_by_index(0)).collect();
        Ok(hours?.into_iter().map(Timestamp::from_micros).collect())
    }

    /// Makes the sums of the hour that holds this moment anew, all of them, if they are stale; says
    /// whether they were. Nodes that do it at once take turns.
    pub async fn roll_up_usage(&self, moment: Timestamp) -> Result<bool, StoreError> {
        let hour = hour_of(moment.as_micros());
        let tx = self.begin().await?;
        // Whoever inserts records into this hour holds this row until its commit, so afterwards either
        // its records are seen below, or its mark comes after ours is gone.
        let deleted = "DELETE FROM usage_stale_hours WHERE hour = ?";
        if tx.execute(deleted, vec![hour.into()]).await? == 0 {
            return Ok(false);
        }
        tx.execute("DELETE FROM usage_hours WHERE hour = ?", vec![hour.into()]).await?;
        tx.roll_up(hour).await?;
        tx.commit().await?;
        Ok(true)
    }
}

// === impl Tx ===

impl Tx {
    async fn roll_up(&self, hour: i64) -> Result<(), StoreError> {
        let (columns, raw) = roll_up_columns();
        let backend = self.link().get_database_backend();
        let sums: Vec<String> = raw.iter().map(|raw| sql::sum(backend, raw)).collect();
        let common = COMMON.split(", ").map(|column| format!("u.{column}")).collect::<Vec<_>>();
        let common = common.join(", ");
        let text = format!(
            "INSERT INTO usage_hours (hour, first_record, last_record, {COMMON}, {}) \
             SELECT MIN(u.started_at - u.started_at % {HOUR}), MIN(u.id), MAX(u.id), {common}, {} \
             FROM usage_records u WHERE u.started_at >= ? AND u.started_at < ? GROUP BY {common}",
            columns.join(", "),
            sums.join(", "),
        );
        self.execute(&text, vec![hour.into(), (hour + HOUR).into()]).await?;
        Ok(())
    }

    /// Notes that records came into these hours. It also keeps whoever sums them up waiting until they
    /// are committed. Hours are marked in their order, so that two nodes cannot deadlock.
    pub(super) async fn mark_hours(
        &self,
        moments: impl Iterator<Item = Timestamp>,
    ) -> Result<(), StoreError> {
        const INSERT: &str = "INSERT INTO usage_stale_hours (hour, marks) VALUES (?, 1)";
        let again = match self.link().get_database_backend() {
            DbBackend::MySql => "ON DUPLICATE KEY UPDATE marks = marks + 1",
            _ => "ON CONFLICT (hour) DO UPDATE SET marks = usage_stale_hours.marks + 1",
        };
        let text = format!("{INSERT} {again}");
        let hours: BTreeSet<i64> = moments.map(|moment| hour_of(moment.as_micros())).collect();
        for hour in hours {
            self.execute(&text, vec![hour.into()]).await?;
        }
        Ok(())
    }
}
