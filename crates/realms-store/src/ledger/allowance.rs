//! What is used in a window of time: a sum that only conditional statements raise, and the buckets by
//! which it falls again.

use std::collections::HashMap;

use realms_types::Timestamp;
use sea_orm::{ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, QueryFilter, QueryOrder};

use super::AccountId;
use crate::{
    Reader, StoreError, Tx,
    entity::allowance,
    sql::{self, OnDuplicate},
};

/// An allowance. `used` is the sum of its buckets that start at or after `rolled_to`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AllowanceRecord {
    /// Whose, in what, within which window: at most 128 bytes.
    pub name: String,
    /// The account whose lock guards it.
    pub account: AccountId,
    /// What is used of it, in its unit.
    pub used: i64,
    /// Buckets that started before are no longer in `used`.
    pub rolled_to: Timestamp,
}

/// A change of what is used in one piece of time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AllowanceBucket {
    /// The allowance.
    pub name: String,
    /// The start of the piece of time.
    pub start: Timestamp,
    /// How much more is used of it; less, when negative.
    pub change: i64,
}

/// Allowances summed in one statement.
const MOST_SUMMED: usize = 100;

const DRAW: &str = "UPDATE allowances SET used = used + ? WHERE name = ? AND used + ? <= ?";

/// Late use of a bucket that has left the window is no longer in the sum.
const CHANGE: &str = "UPDATE allowances SET used = used + ? WHERE name = ? AND rolled_to <= ?";

const FORGET: &str = "DELETE FROM allowance_buckets WHERE name = ? AND start_at < ?";

// === impl Reader ===

impl Reader<'_> {
    /// What an account has used of its allowances, as of their last change: windows that nobody
    /// touched since may have moved on.
    pub async fn list_allowances(
        self,
        account: AccountId,
    ) -> Result<Vec<AllowanceRecord>, StoreError> {
        let select = allowance::Entity::find()
            .filter(allowance::Column::AccountId.eq(account.raw()))
            .order_by_asc(allowance::Column::Name);
        self.all(select).await
    }

    /// What is used of allowances, what is held included, since a moment that each has its own. Those of
    /// which nothing is used are left out.
    pub async fn sum_allowances(
        self,
        wanted: &[(String, Timestamp)],
    ) -> Result<HashMap<String, i64>, StoreError> {
        let link = self.link();
        let sum = sql::sum(link.get_database_backend(), "used");
        let mut sums = HashMap::with_capacity(wanted.len());
        for wanted in wanted.chunks(MOST_SUMMED) {
            let each = vec!["(name = ? AND start_at >= ?)"; wanted.len()].join(" OR ");
            let text =
                format!("SELECT name, {sum} FROM allowance_buckets WHERE {each} GROUP BY name");
            let values = wanted
                .iter()
                .flat_map(|(name, since)| [name.as_str().into(), since.as_micros().into()]);
            for row in link.query_all_raw(sql::statement(link, &text, values.collect())).await? {
                sums.insert(row.try_get_by_index(0)?, row.try_get_by_index(1)?);
            }
        }
        Ok(sums)
    }

    /// What is used of allowances in each piece of time since a moment that each has its own.
    pub async fn list_allowance_pieces(
        self,
        wanted: &[(String, Timestamp)],
    ) -> Result<HashMap<String, Vec<(Timestamp, i64)>>, StoreError> {
        let link = self.link();
        let mut pieces = HashMap::<String, Vec<(Timestamp, i64)>>::with_capacity(wanted.len());
        for wanted in wanted.chunks(MOST_SUMMED) {
            let each = vec!["(name = ? AND start_at >= ?)"; wanted.len()].join(" OR ");
            let text = format!(
                "SELECT name, start_at, used FROM allowance_buckets WHERE {each} ORDER BY start_at"
            );
            let values = wanted
                .iter()
                .flat_map(|(name, since)| [name.as_str().into(), since.as_micros().into()]);
            for row in link.query_all_raw(sql::statement(link, &text, values.collect())).await? {
                let start = Timestamp::from_micros(row.try_get_by_index(1)?);
                let used: i64 = row.try_get_by_index(2)?;
                pieces.entry(row.try_get_by_index(0)?).or_default().push((start, used));
            }
        }
        Ok(pieces)
    }
}

impl TryFrom<allowance::Model> for AllowanceRecord {
    type Error = StoreError;

    fn try_from(row: allowance::Model) -> Result<Self, StoreError> {
        Ok(Self {
            name: row.name,
            account: row.account_id.into(),
            used: row.used,
            rolled_to: Timestamp::from_micros(row.rolled_to),
        })
    }
}

// === impl Tx ===

impl Tx {
    /// The allowances of these names, those that are there. The account that guards them is locked.
    pub async fn find_allowances(
        &self,
        names: &[&str],
    ) -> Result<Vec<AllowanceRecord>, StoreError> {
        let names = names.iter().map(|name| (*name).into());
        let rows = sql::find_all::<allowance::Model>(self.link(), "name", names).await?;
        rows.into_iter().map(AllowanceRecord::try_from).collect()
    }

    /// Makes allowances of which nothing is used.
    pub async fn insert_allowances(&self, records: &[AllowanceRecord]) -> Result<(), StoreError> {
        let rows = records.iter().map(|record| allowance::Model {
            name: record.name.clone(),
            account_id: record.account.raw(),
            used: record.used,
            rolled_to: record.rolled_to.as_micros(),
        });
        sql::insert_all(self.link(), rows.collect(), OnDuplicate::Keep).await?;
        Ok(())
    }

    /// Moves the window of an allowance on: what was used before the horizon counts no more.
    pub async fn roll_allowance(&self, name: &str, horizon: Timestamp) -> Result<(), StoreError> {
        let sum = sql::sum(self.link().get_database_backend(), "b.used");
        let text = format!(
            "UPDATE allowances SET used = used - (SELECT {sum} FROM allowance_buckets b \
             WHERE b.name = ? AND b.start_at >= allowances.rolled_to AND b.start_at < ?) \
             WHERE name = ? AND rolled_to < ?"
        );
        let until = horizon.as_micros();
        let values = vec![name.into(), until.into(), name.into(), until.into()];
        // Two statements, because MySQL reads `rolled_to` as it was just assigned.
        if self.execute(&text, values).await? == 1 {
            let text = "UPDATE allowances SET rolled_to = ? WHERE name = ? AND rolled_to < ?";
            self.execute(text, vec![until.into(), name.into(), until.into()]).await?;
            self.execute(FORGET, vec![name.into(), until.into()]).await?;
        }
        Ok(())
    }

    /// Uses an allowance, if so much is left of it.
    pub async fn draw_allowance(
        &self,
        name: &str,
        amount: i64,
        limit: i64,
    ) -> Result<bool, StoreError> {
        let values = vec![amount.into(), name.into(), amount.into(), limit.into()];
        Ok(self.execute(DRAW, values).await? == 1)
    }

    /// Changes what is used of an allowance, whatever its limit, while the bucket is in its window.
    pub async fn change_allowance(&self, bucket: &AllowanceBucket) -> Result<bool, StoreError> {
        let start = bucket.start.as_micros();
        let values = vec![bucket.change.into(), bucket.name.as_str().into(), start.into()];
        Ok(self.execute(CHANGE, values).await? == 1)
    }

    /// Changes what is used in a piece of time.
    pub async fn change_bucket(&self, bucket: &AllowanceBucket) -> Result<(), StoreError> {
        let again = match self.link().get_database_backend() {
            DbBackend::MySql => "ON DUPLICATE KEY UPDATE used = used + ?",
            _ => "ON CONFLICT (name, start_at) DO UPDATE SET used = allowance_buckets.used + ?",
        };
        let text = format!(
            "INSERT INTO allowance_buckets (name, start_at, used) VALUES (?, ?, ?) {again}"
        );
        let values = vec![
            bucket.name.as_str().into(),
            bucket.start.as_micros().into(),
            bucket.change.into(),
            bucket.change.into(),
        ];
        self.execute(&text, values).await?;
        Ok(())
    }
}
