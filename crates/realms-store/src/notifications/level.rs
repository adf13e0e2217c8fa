//! What may have come to a point, read from the tables of others.

use realms_types::{Money, OccurrenceKind, SubscriptionId, Timestamp, UserId};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QueryResult, QuerySelect,
    Value,
};

use crate::{Store, StoreError, SubscriptionRecord, entity::subscription, sql};

/// A balance that was filled once and has little left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LowBalance {
    /// Whose.
    pub user: UserId,
    /// What is left.
    pub available: Money,
}

/// What became of the calls of some minutes. The faults of clients are left out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Failing {
    /// How many there were.
    pub calls: u64,
    /// How many failed, or broke off.
    pub failed: u64,
}

/// What an hour cost beside the hours before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SpendOf {
    /// Whose calls; `None`: everybody's.
    pub user: Option<UserId>,
    /// What they cost in the hour.
    pub spent: Money,
    /// What they cost in the week before, in all.
    pub before: Money,
    /// In how many hours of it there were any.
    pub hours: u64,
}

/// Subscriptions read at once.
const A_PAGE: u64 = 500;

/// A user who never had anything has not run low. What pays for a plan comes and goes in one entry.
/// What is held for running calls is not gone: most of it comes back. Each is held against their own threshold, in
/// cents: were all held against the greatest, one user with much of it would have every balance read.
const LOW: &str = "\
SELECT b.account_id, b.available + b.held FROM balances b \
LEFT JOIN notification_rules r ON r.owner_id = b.account_id AND r.event = ? \
WHERE b.account_id > ? AND COALESCE(r.enabled, TRUE) \
AND b.available + b.held < COALESCE(r.threshold * 10000000, ?) AND EXISTS (SELECT 1 FROM ledger_postings p \
JOIN ledger_entries e ON e.id = p.entry_id WHERE p.account_id = b.account_id AND p.amount > 0 \
AND e.kind NOT IN ('sale', 'take_back')) ORDER BY b.account_id LIMIT ?";

// === impl Store ===

impl Store {
    /// Balances below what their user set as a threshold, or below `unset` where they have set none; by user, after one
    /// of them. Who does not want to be told is left out.
    pub async fn list_low_balances(
        &self,
        unset: Money,
        after: Option<UserId>,
        most: u64,
    ) -> Result<Vec<LowBalance>, StoreError> {
        let after = after.map_or(0, UserId::raw);
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        let event = OccurrenceKind::BalanceLow.as_str();
        let values = vec![event.into(), after.into(), unset.nano().into(), most.into()];
        let link = self.readers();
        let rows = link.query_all_raw(sql::statement(link, LOW, values)).await?;
        let read = |row: &QueryResult| {
            Ok(LowBalance {
                user: UserId::new(row.try_get_by_index(0)?),
                available: Money::from_nano(row.try_get_by_index(1)?),
            })
        };
        rows.iter().map(read).collect()
    }

    /// Subscriptions that end between two moments, by id.
    pub async fn list_subscriptions_ending(
        &self,
        (from, until): (Timestamp, Timestamp),
    ) -> Result<Vec<SubscriptionRecord>, StoreError> {
        use subscription::Column;
        let (mut all, mut after): (Vec<SubscriptionRecord>, i64) = (Vec::new(), 0);
        loop {
            let page = subscription::Entity::find()
                .filter(Column::EndedAt.is_null())
                .filter(Column::EndsAt.gt(from.as_micros()))
                .filter(Column::EndsAt.lte(until.as_micros()))
                .filter(Column::Id.gt(after))
                .order_by_asc(Column::Id)
                .limit(A_PAGE);
            let page: Vec<SubscriptionRecord> = self.read().all(page).await?;
            after = page.last().map_or(after, |last| SubscriptionId::raw(last.id));
            let is_last = page.len() < usize::try_from(A_PAGE).unwrap_or(usize::MAX);
            all.extend(page);
            if is_last {
                return Ok(all);
            }
        }
    }

    /// What became of the calls that began since a moment.
    pub async fn count_failing(&self, since: Timestamp) -> Result<Failing, StoreError> {
        let link = self.readers();
        let backend = link.get_database_backend();
        let count = |condition: &str| {
            sql::sum(backend, &format!("CASE WHEN {condition} THEN 1 ELSE 0 END"))
        };
        let text = format!(
            "SELECT {}, {} FROM usage_records WHERE started_at >= ?",
            count("outcome IN ('ok', 'failed', 'broken')"),
            count("outcome IN ('failed', 'broken')"),
        );
        let row = link.query_one_raw(sql::statement(link, &text, vec![since.as_micros().into()]));
        let Some(row) = row.await? else { return Ok(Failing::default()) };
        let number = |at: usize| row.try_get_by_index::<i64>(at).map(i64::unsigned_abs);
        Ok(Failing { calls: number(0)?, failed: number(1)? })
    }

    /// Who spent at least an amount in an hour, beside the week before; everybody together comes last, as nobody's.
    /// The sums of the hour must be up to date.
    pub async fn list_spend(
        &self,
        hour: Timestamp,
        at_least: Money,
    ) -> Result<Vec<SpendOf>, StoreError> {
        const WEEK_US: i64 = 7 * 24 * 3_600_000_000;
        let link = self.readers();
        let backend = link.get_database_backend();
        let week = hour.as_micros() - WEEK_US;
        let sum = |condition: &str| {
            sql::sum(backend, &format!("CASE WHEN {condition} THEN cost ELSE 0 END"))
        };
        let text = |group: &str, by: &str| {
            format!(
                "SELECT {group}, {}, {}, COUNT(DISTINCT CASE WHEN hour < ? THEN hour END) \
                 FROM usage_hours WHERE hour >= ? AND hour <= ? {by}",
                sum("hour = ?"),
                sum("hour < ?"),
            )
        };
        let now = hour.as_micros();
        let values =
            || -> Vec<Value> { vec![now.into(), now.into(), now.into(), week.into(), now.into()] };
        let spent = sum("hour = ?");
        let by_user = text("user_id", &format!("GROUP BY user_id HAVING {spent} >= ?"));
        let mut of_users = values();
        of_users.extend([now.into(), at_least.nano().into()]);
        let rows = link.query_all_raw(sql::statement(link, &by_user, of_users)).await?;
        let read = |row: &QueryResult, user: Option<UserId>| -> Result<SpendOf, StoreError> {
            Ok(SpendOf {
                user,
                spent: Money::from_nano(row.try_get_by_index(1)?),
                before: Money::from_nano(row.try_get_by_index(2)?),
                hours: row.try_get_by_index::<i64>(3)?.unsigned_abs(),
            })
        };
        let mut all = Vec::with_capacity(rows.len() + 1);
        for row in &rows {
            all.push(read(row, Some(UserId::new(row.try_get_by_index(0)?)))?);
        }
        // One row, whether or not there were any calls.
        let whole = text("MIN(user_id)", "");
        for row in &link.query_all_raw(sql::statement(link, &whole, values())).await? {
            all.push(read(row, None)?);
        }
        all.retain(|one| one.spent >= at_least);
        Ok(all)
    }
}
