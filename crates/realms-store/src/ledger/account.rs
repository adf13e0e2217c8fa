//! Whose money it is, how much of it is free, and how much is held.

use std::fmt;

use realms_types::{Money, Timestamp, UserId};
use sea_orm::{ConnectionTrait, DbBackend, Value};
use serde::{Deserialize, Serialize};

use crate::{
    Reader, StoreError, Tx,
    link::Link,
    sql::{self, OnDuplicate, Row},
};

/// Who owns an account of the ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccountKind {
    /// A user's balance.
    User,
    /// What calls brought in.
    Revenue,
    /// Payments on their way between the outside and users.
    Clearing,
    /// What operators gave or took by hand.
    Adjustments,
    /// What was given away: codes, bonuses.
    Promotions,
    /// What vendors are owed.
    Upstream,
}

/// An account of the ledger. A user's has the number of the user; those of the house are negative.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AccountId(i64);

/// A balance. What is posted to an account is `available + held`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BalanceRecord {
    /// Whose.
    pub account: AccountId,
    /// What may be spent; negative after a call cost more than was held for it.
    pub available: Money,
    /// What is set aside for running calls; never negative.
    pub held: Money,
}

/// Balances end here, in nano-USD, well before the integer does: sums of a whole batch still fit.
const MOST: i64 = 4_000_000_000_000_000_000;

struct AccountRow([i64; 4]);
struct BalanceRow([i64; 4]);

const TAKE: &str = "\
UPDATE balances SET available = available - ?, held = held + ?, updated_at = ? \
WHERE account_id = ? AND available >= ?";

const MOVE: &str = "\
UPDATE balances SET available = available + ?, held = held + ?, updated_at = ? \
WHERE account_id = ? AND available BETWEEN ? AND ?";

const SPEND: &str = "\
UPDATE balances SET available = available - ?, updated_at = ? \
WHERE account_id = ? AND available >= ?";

// === impl AccountKind ===

impl AccountKind {
    /// The word in the database and in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Revenue => "revenue",
            Self::Clearing => "clearing",
            Self::Adjustments => "adjustments",
            Self::Promotions => "promotions",
            Self::Upstream => "upstream",
        }
    }
}

// === impl AccountId ===

impl AccountId {
    /// What calls brought in.
    pub const REVENUE: Self = Self(-1);
    /// Payments between the outside and users.
    pub const CLEARING: Self = Self(-2);
    /// What operators gave or took by hand.
    pub const ADJUSTMENTS: Self = Self(-3);
    /// What was given away.
    pub const PROMOTIONS: Self = Self(-4);
    /// What vendors are owed.
    pub const UPSTREAM: Self = Self(-5);

    /// The balance of a user.
    pub const fn user(user: UserId) -> Self {
        Self(user.raw())
    }

    /// The number in the database.
    pub const fn raw(self) -> i64 {
        self.0
    }

    /// Whether it belongs to the house.
    pub const fn is_of_the_house(self) -> bool {
        self.0 < 0
    }
}

impl From<i64> for AccountId {
    fn from(raw: i64) -> Self {
        Self(raw)
    }
}

impl fmt::Display for AccountId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::REVENUE => f.write_str("revenue"),
            Self::CLEARING => f.write_str("clearing"),
            Self::ADJUSTMENTS => f.write_str("adjustments"),
            Self::PROMOTIONS => f.write_str("promotions"),
            Self::UPSTREAM => f.write_str("upstream"),
            Self(raw) => write!(f, "{}", UserId::new(raw)),
        }
    }
}

// === impl rows ===

impl Row for AccountRow {
    const TABLE: &'static str = "ledger_accounts";
    const COLUMNS: &'static [&'static str] = &["id", "kind", "owner_id", "created_at"];

    fn into_values(self, values: &mut Vec<Value>) {
        let [id, _, owner, created] = self.0;
        values.extend([id.into(), AccountKind::User.as_str().into(), owner.into(), created.into()]);
    }
}

impl Row for BalanceRow {
    const TABLE: &'static str = "balances";
    const COLUMNS: &'static [&'static str] = &["account_id", "available", "held", "updated_at"];

    fn into_values(self, values: &mut Vec<Value>) {
        values.extend(self.0.map(Value::from));
    }
}

// === impl Reader ===

impl Reader<'_> {
    /// The balance of an account; `None` before its first movement.
    pub async fn find_balance(
        self,
        account: AccountId,
    ) -> Result<Option<BalanceRecord>, StoreError> {
        Ok(balances(self.link(), &[account], false).await?.pop())
    }
}

// === impl Tx ===

impl Tx {
    /// Makes the accounts of users that are not there yet, and locks all of them in the order of their
    /// numbers until the end of the transaction, so that two nodes take turns and cannot deadlock.
    /// Tells what they hold.
    pub async fn lock_accounts(
        &self,
        accounts: &[AccountId],
        now: Timestamp,
    ) -> Result<Vec<BalanceRecord>, StoreError> {
        let found = balances(self.link(), accounts, true).await?;
        let known = |account: &AccountId| found.iter().any(|one| one.account == *account);
        let missing: Vec<AccountId> = accounts.iter().copied().filter(|one| !known(one)).collect();
        if missing.is_empty() {
            return Ok(found);
        }
        let now = now.as_micros();
        let rows = missing.iter().map(|one| AccountRow([one.raw(), 0, one.raw(), now])).collect();
        sql::insert_all(self.link(), rows, OnDuplicate::Keep).await?;
        let rows = missing.iter().map(|one| BalanceRow([one.raw(), 0, 0, now])).collect();
        sql::insert_all(self.link(), rows, OnDuplicate::Keep).await?;
        balances(self.link(), accounts, true).await
    }

    /// Sets an amount aside. `false`: so much is not available.
    pub async fn take_available(
        &self,
        account: AccountId,
        amount: Money,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let nano = amount.nano();
        let values = vec![
            nano.into(),
            nano.into(),
            now.as_micros().into(),
            account.raw().into(),
            nano.into(),
        ];
        Ok(self.execute(TAKE, values).await? == 1)
    }

    /// Takes an amount out of what is available. `false`: so much is not available.
    pub async fn spend_available(
        &self,
        account: AccountId,
        amount: Money,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let nano = amount.nano();
        let values = vec![nano.into(), now.as_micros().into(), account.raw().into(), nano.into()];
        Ok(self.execute(SPEND, values).await? == 1)
    }

    /// Moves what is available and what is held, whatever there is. `false`: there is no such account,
    /// or the balance would pass what an amount can hold.
    pub async fn move_balance(
        &self,
        account: AccountId,
        available: Money,
        held: Money,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let values = vec![
            available.nano().into(),
            held.nano().into(),
            now.as_micros().into(),
            account.raw().into(),
            (-MOST).into(),
            MOST.into(),
        ];
        Ok(self.execute(MOVE, values).await? == 1)
    }
}

async fn balances(
    link: Link<'_>,
    accounts: &[AccountId],
    lock: bool,
) -> Result<Vec<BalanceRecord>, StoreError> {
    let Some(values) = sql::padded(accounts.iter().map(|one| one.raw().into())) else {
        return Ok(Vec::new());
    };
    let marks = sql::marks(values.len());
    // SQLite has one writer, and no word for this.
    let lock = lock && link.get_database_backend() != DbBackend::Sqlite;
    let lock = if lock { " FOR UPDATE" } else { "" };
    let text = format!(
        "SELECT account_id, available, held FROM balances WHERE account_id IN ({marks}) \
         ORDER BY account_id{lock}"
    );
    let mut rows = sql::query(link, &text, values).await?;
    rows.iter_mut()
        .map(|row| {
            Ok(BalanceRecord {
                account: AccountId(row.take(0)?),
                available: Money::from_nano(row.take(1)?),
                held: Money::from_nano(row.take(2)?),
            })
        })
        .collect()
}
