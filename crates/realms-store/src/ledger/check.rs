//! What is read to prove that the ledger is sound. Each list is of what is wrong, and bounded.

use realms_types::{EntryId, Money, RequestId, Timestamp};
use sea_orm::{ConnectionTrait, QueryResult, Value};

use super::AccountId;
use crate::{Reader, StoreError, link::Link, sql};

/// An entry of fewer than two postings, or whose sum is not nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnbalancedEntry {
    /// Which; it need not exist, when only postings are left of it.
    pub entry: EntryId,
    /// How many postings it has.
    pub postings: i64,
    /// Their sum.
    pub sum: Money,
}

/// An account whose balance is not what was posted, or whose held part is not the sum of its holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BalanceGap {
    /// Whose.
    pub account: AccountId,
    /// What the balance says.
    pub stored: Money,
    /// What the rows behind it say.
    pub counted: Money,
}

/// An allowance that is not the sum of its buckets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AllowanceGap {
    /// Which.
    pub name: String,
    /// What it says is used.
    pub stored: i64,
    /// The sum of its buckets.
    pub counted: i64,
}

/// A hold whose charge of the balance is not what was posted for its call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChargeGap {
    /// The call.
    pub request_id: RequestId,
    /// What the hold says the balance paid, less what was given back.
    pub stored: Money,
    /// What was posted.
    pub counted: Money,
}

/// A hold that does not fit the record of its call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HoldGap {
    /// The call.
    pub request_id: RequestId,
    /// What it was charged.
    pub settled: Money,
    /// What its record says it cost; `None` when there is no record.
    pub recorded: Option<Money>,
}

/// A record of a call that cost something and was never charged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LooseRecord {
    /// The call.
    pub request_id: RequestId,
    /// What it cost.
    pub cost: Money,
    /// The state of its hold; `None` when it has none.
    pub state: Option<String>,
}

/// How much there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LedgerTotals {
    /// Accounts.
    pub accounts: i64,
    /// Entries.
    pub entries: i64,
    /// Holds that wait for the end of their call.
    pub held: i64,
}

/// Rows in a list of what is wrong.
const MOST: u64 = 100;

// === impl Reader ===

impl Reader<'_> {
    /// How much there is.
    pub async fn count_ledger(self) -> Result<LedgerTotals, StoreError> {
        let text = "SELECT (SELECT COUNT(*) FROM balances), (SELECT COUNT(*) FROM ledger_entries), \
                    (SELECT COUNT(*) FROM holds WHERE state = 'held')";
        let rows = rows(self.link(), text, Vec::new()).await?;
        let row = rows.first().ok_or_else(|| StoreError::not_found("ledger"))?;
        Ok(LedgerTotals {
            accounts: row.try_get_by_index(0)?,
            entries: row.try_get_by_index(1)?,
            held: row.try_get_by_index(2)?,
        })
    }

    /// Entries that do not balance, and postings without their entry.
    pub async fn list_unbalanced_entries(self) -> Result<Vec<UnbalancedEntry>, StoreError> {
        let sum = self.sum("p.amount");
        let entries = format!(
            "SELECT e.id, COUNT(p.place), {sum} FROM ledger_entries e \
             LEFT JOIN ledger_postings p ON p.entry_id = e.id \
             GROUP BY e.id HAVING COUNT(p.place) < 2 OR {sum} <> 0 LIMIT {MOST}"
        );
        let orphans = format!(
            "SELECT p.entry_id, COUNT(p.place), {sum} FROM ledger_postings p \
             LEFT JOIN ledger_entries e ON e.id = p.entry_id \
             WHERE e.id IS NULL GROUP BY p.entry_id LIMIT {MOST}"
        );
        let mut found = Vec::new();
        for text in [entries, orphans] {
            for row in rows(self.link(), &text, Vec::new()).await? {
                found.push(UnbalancedEntry {
                    entry: row.try_get_by_index::<i64>(0)?.into(),
                    postings: row.try_get_by_index(1)?,
                    sum: money(&row, 2)?,
                });
            }
        }
        Ok(found)
    }

    /// Accounts whose balance is not the sum of their postings.
    pub async fn list_balance_gaps(self) -> Result<Vec<BalanceGap>, StoreError> {
        let sum = self.sum("amount");
        let balances = format!(
            "SELECT b.account_id, b.available + b.held, COALESCE(p.total, 0) FROM balances b \
             LEFT JOIN (SELECT account_id, {sum} AS total FROM ledger_postings GROUP BY account_id) p \
             ON p.account_id = b.account_id \
             WHERE b.available + b.held <> COALESCE(p.total, 0) LIMIT {MOST}"
        );
        let strangers = format!(
            "SELECT p.account_id, 0, {sum} FROM ledger_postings p \
             WHERE p.account_id NOT IN (SELECT account_id FROM balances) \
             GROUP BY p.account_id LIMIT {MOST}"
        );
        let mut found = gaps(self.link(), &balances).await?;
        found.extend(gaps(self.link(), &strangers).await?);
        Ok(found)
    }

    /// Accounts whose held part is not the sum of what their holds take of the balance.
    pub async fn list_held_gaps(self) -> Result<Vec<BalanceGap>, StoreError> {
        let sum = self.sum("from_balance");
        let text = format!(
            "SELECT b.account_id, b.held, COALESCE(h.total, 0) FROM balances b \
             LEFT JOIN (SELECT account_id, {sum} AS total FROM holds WHERE state = 'held' \
             GROUP BY account_id) h ON h.account_id = b.account_id \
             WHERE b.held <> COALESCE(h.total, 0) LIMIT {MOST}"
        );
        gaps(self.link(), &text).await
    }

    /// Allowances that are not the sum of the buckets in their window.
    pub async fn list_allowance_gaps(self) -> Result<Vec<AllowanceGap>, StoreError> {
        let sum = self.sum("b.used");
        let text = format!(
            "SELECT a.name, a.used, {sum} FROM allowances a LEFT JOIN allowance_buckets b \
             ON b.name = a.name AND b.start_at >= a.rolled_to \
             GROUP BY a.name, a.used HAVING a.used <> {sum} LIMIT {MOST}"
        );
        let rows = rows(self.link(), &text, Vec::new()).await?;
        rows.iter()
            .map(|row| {
                Ok(AllowanceGap {
                    name: row.try_get_by_index(0)?,
                    stored: row.try_get_by_index(1)?,
                    counted: row.try_get_by_index(2)?,
                })
            })
            .collect()
    }

    /// Holds whose charge is not what was posted to their account for their call.
    pub async fn list_charge_gaps(self) -> Result<Vec<ChargeGap>, StoreError> {
        let sum = self.sum("p.amount");
        let text = format!(
            "SELECT h.request_id, h.settled_balance - h.refunded, 0 - {sum} FROM holds h \
             LEFT JOIN ledger_entries e ON e.request_id = h.request_id \
             LEFT JOIN ledger_postings p ON p.entry_id = e.id AND p.account_id = h.account_id \
             GROUP BY h.request_id, h.settled_balance, h.refunded \
             HAVING h.settled_balance - h.refunded <> 0 - {sum} LIMIT {MOST}"
        );
        let rows = rows(self.link(), &text, Vec::new()).await?;
        rows.iter()
            .map(|row| {
                Ok(ChargeGap {
                    request_id: request(row, 0)?,
                    stored: money(row, 1)?,
                    counted: money(row, 2)?,
                })
            })
            .collect()
    }

    /// Holds that were charged without the record of their call, or with one that tells another cost.
    pub async fn list_hold_gaps(
        self,
        since: Timestamp,
        until: Timestamp,
    ) -> Result<Vec<HoldGap>, StoreError> {
        let text = format!(
            "SELECT h.request_id, h.settled, u.cost FROM holds h \
             LEFT JOIN usage_records u ON u.request_id = h.request_id \
             WHERE h.state IN ('settled', 'expired') AND h.closed_at >= ? AND h.closed_at < ? \
             AND ((u.id IS NULL AND (h.state = 'settled' OR h.settled > 0)) \
             OR h.settled <> COALESCE(u.cost, 0)) LIMIT {MOST}"
        );
        let values = vec![since.as_micros().into(), until.as_micros().into()];
        let rows = rows(self.link(), &text, values).await?;
        rows.iter()
            .map(|row| {
                let cost: Option<i64> = row.try_get_by_index(2)?;
                Ok(HoldGap {
                    request_id: request(row, 0)?,
                    settled: money(row, 1)?,
                    recorded: cost.map(Money::from_nano),
                })
            })
            .collect()
    }

    /// Records of calls that say they were charged, by themselves or by hand, and whose hold is not settled.
    /// Those of self mode say nothing of the kind.
    pub async fn list_loose_records(
        self,
        since: Timestamp,
        until: Timestamp,
    ) -> Result<Vec<LooseRecord>, StoreError> {
        let text = format!(
            "SELECT u.request_id, u.cost, h.state FROM usage_records u \
             LEFT JOIN holds h ON h.request_id = u.request_id \
             WHERE u.started_at >= ? AND u.started_at < ? AND u.cost > 0 \
             AND u.billing IN ('charged', 'reviewed') \
             AND (h.state IS NULL OR h.state NOT IN ('settled', 'expired')) LIMIT {MOST}"
        );
        let values = vec![since.as_micros().into(), until.as_micros().into()];
        let rows = rows(self.link(), &text, values).await?;
        rows.iter()
            .map(|row| {
                Ok(LooseRecord {
                    request_id: request(row, 0)?,
                    cost: money(row, 1)?,
                    state: row.try_get_by_index(2)?,
                })
            })
            .collect()
    }

    fn sum(self, column: &str) -> String {
        sql::sum(self.link().get_database_backend(), column)
    }
}

async fn rows(
    link: Link<'_>,
    text: &str,
    values: Vec<Value>,
) -> Result<Vec<QueryResult>, StoreError> {
    Ok(link.query_all_raw(sql::statement(link, text, values)).await?)
}

async fn gaps(link: Link<'_>, text: &str) -> Result<Vec<BalanceGap>, StoreError> {
    let rows = rows(link, text, Vec::new()).await?;
    rows.iter()
        .map(|row| {
            Ok(BalanceGap {
                account: row.try_get_by_index::<i64>(0)?.into(),
                stored: money(row, 1)?,
                counted: money(row, 2)?,
            })
        })
        .collect()
}

fn money(row: &QueryResult, place: usize) -> Result<Money, StoreError> {
    Ok(Money::from_nano(row.try_get_by_index(place)?))
}

fn request(row: &QueryResult, place: usize) -> Result<RequestId, StoreError> {
    let text: String = row.try_get_by_index(place)?;
    text.parse().map_err(|cause| StoreError::corrupt("holds", &text, &cause))
}
