//! Movements of money: entries of two or more postings whose sum is nothing.

use realms_types::{EntryId, Money, RequestId, Timestamp};
use sea_orm::{
    ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, entity::prelude::*,
};
use serde::{Deserialize, Serialize};

use super::AccountId;
use crate::{
    Reader, StoreError, Tx,
    entity::{ledger_entry, ledger_posting},
    sql::{self, OnDuplicate},
};

/// What an entry is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EntryKind {
    /// A call was charged, or a charge made at its expiry was corrected.
    Settle,
    /// A call whose relay vanished was charged for what was metered last.
    Expire,
    /// A payment.
    Credit,
    /// Part or all of the charge of a call was given back.
    Refund,
    /// An operator gave or took.
    Adjust,
    /// Given away: a code, a bonus.
    Promote,
    /// Time of a plan was sold: paid outside, and earned.
    Sale,
    /// What an order gave was taken back.
    TakeBack,
    /// A call whose usage could not be true was looked at, and charged by hand.
    Review,
}

/// One line of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Posting {
    /// Whose.
    pub account: AccountId,
    /// What it gains; what it loses is negative. Never nothing.
    pub amount: Money,
}

/// A movement of money. It is written once and never changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryRecord {
    /// Its id.
    pub id: EntryId,
    /// What makes a repetition known, unique; at most 128 bytes.
    pub key: String,
    /// What it is for.
    pub kind: EntryKind,
    /// The call it is about.
    pub request_id: Option<RequestId>,
    /// What it is about outside, such as a payment; cut to 255 bytes.
    pub reference: Option<String>,
    /// Who did it, when a person did; cut to 128 bytes.
    pub actor: Option<String>,
    /// Why, in a person's words; cut to 500 bytes.
    pub reason: Option<String>,
    /// When it was made.
    pub created_at: Timestamp,
    /// The lines; their sum is nothing. The first is the user's.
    pub postings: Vec<Posting>,
}

/// What tells whether an entry that is to be made is there already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryMark {
    /// Its key.
    pub key: String,
    /// What it is for.
    pub kind: EntryKind,
    /// Its first line.
    pub first: Posting,
}

/// Microseconds of a day.
const DAY: i64 = 86_400_000_000;

// === impl EntryKind ===

impl EntryKind {
    /// The word in the database and in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Settle => "settle",
            Self::Expire => "expire",
            Self::Credit => "credit",
            Self::Refund => "refund",
            Self::Adjust => "adjust",
            Self::Promote => "promote",
            Self::Sale => "sale",
            Self::TakeBack => "take_back",
            Self::Review => "review",
        }
    }
}

// === impl EntryRecord ===

impl EntryRecord {
    /// The day of UTC a moment is in, counted from 1970.
    pub const fn day_of(moment: Timestamp) -> i64 {
        moment.as_micros().div_euclid(DAY)
    }

    fn to_row(&self) -> ledger_entry::Model {
        let bounded =
            |text: &Option<String>, most| text.as_ref().map(|one| sql::bounded(one, most));
        ledger_entry::Model {
            id: self.id.raw(),
            idem_key: self.key.clone(),
            kind: self.kind.as_str().to_owned(),
            request_id: self.request_id.map(|id| id.to_string()),
            reference: bounded(&self.reference, 255),
            actor: bounded(&self.actor, 128),
            reason: bounded(&self.reason, 500),
            day: Self::day_of(self.created_at),
            created_at: self.created_at.as_micros(),
        }
    }

    fn from_row(row: ledger_entry::Model, postings: Vec<Posting>) -> Result<Self, StoreError> {
        let corrupt = |message: &str| StoreError::corrupt("ledger_entries", &row.id, &message);
        let request_id = row.request_id.as_deref().map(str::parse).transpose();
        Ok(Self {
            id: row.id.into(),
            kind: sql::word("ledger_entries", &row.id, &row.kind)?,
            request_id: request_id.map_err(|_| corrupt("its request id is none"))?,
            key: row.idem_key,
            reference: row.reference,
            actor: row.actor,
            reason: row.reason,
            created_at: Timestamp::from_micros(row.created_at),
            postings,
        })
    }
}

// === impl Reader ===

impl Reader<'_> {
    /// The entries of a day after an id, in the order of their ids.
    pub async fn list_entries_of_day(
        self,
        day: i64,
        after: EntryId,
        limit: u64,
    ) -> Result<Vec<EntryRecord>, StoreError> {
        let entries = ledger_entry::Entity::find()
            .filter(ledger_entry::Column::Day.eq(day))
            .filter(ledger_entry::Column::Id.gt(after.raw()))
            .order_by_asc(ledger_entry::Column::Id)
            .limit(limit);
        self.with_postings(entries.all(&self.link()).await?).await
    }

    /// The entries of an order or of something else outside, in the order of their ids, at most 200.
    pub async fn list_entries_about(self, reference: &str) -> Result<Vec<EntryRecord>, StoreError> {
        let entries = ledger_entry::Entity::find()
            .filter(ledger_entry::Column::Reference.eq(reference))
            .order_by_asc(ledger_entry::Column::Id)
            .limit(200);
        self.with_postings(entries.all(&self.link()).await?).await
    }

    /// The latest entries of an account, or those before one of them, the newest first.
    pub async fn list_entries_of(
        self,
        account: AccountId,
        before: Option<EntryId>,
        limit: u64,
    ) -> Result<Vec<EntryRecord>, StoreError> {
        let before = before.map_or(i64::MAX, EntryId::raw);
        let of_account = ledger_posting::Entity::find()
            .filter(ledger_posting::Column::AccountId.eq(account.raw()))
            .filter(ledger_posting::Column::EntryId.lt(before))
            .order_by_desc(ledger_posting::Column::EntryId)
            .limit(limit);
        let ids: Vec<i64> =
            of_account.all(&self.link()).await?.into_iter().map(|one| one.entry_id).collect();
        let entries = ledger_entry::Entity::find()
            .filter(ledger_entry::Column::Id.is_in(ids))
            .order_by_desc(ledger_entry::Column::Id);
        self.with_postings(entries.all(&self.link()).await?).await
    }

    async fn with_postings(
        self,
        entries: Vec<ledger_entry::Model>,
    ) -> Result<Vec<EntryRecord>, StoreError> {
        let (Some(least), Some(most)) =
            (entries.iter().map(|one| one.id).min(), entries.iter().map(|one| one.id).max())
        else {
            return Ok(Vec::new());
        };
        let ids: Vec<i64> = entries.iter().map(|one| one.id).collect();
        let lines = ledger_posting::Entity::find()
            .filter(ledger_posting::Column::EntryId.between(least, most))
            .filter(ledger_posting::Column::EntryId.is_in(ids))
            .order_by_asc(ledger_posting::Column::EntryId)
            .order_by_asc(ledger_posting::Column::Place);
        let mut of_entry = std::collections::HashMap::<i64, Vec<Posting>>::new();
        for line in lines.all(&self.link()).await? {
            let amount = Money::from_nano(line.amount);
            let posting = Posting { account: line.account_id.into(), amount };
            of_entry.entry(line.entry_id).or_default().push(posting);
        }
        entries
            .into_iter()
            .map(|row| {
                let postings = of_entry.remove(&row.id).unwrap_or_default();
                EntryRecord::from_row(row, postings)
            })
            .collect()
    }

    /// Which of these keys have an entry already.
    pub async fn find_entry_marks(self, keys: &[&str]) -> Result<Vec<EntryMark>, StoreError> {
        let Some(values) = sql::padded(keys.iter().map(|key| (*key).into())) else {
            return Ok(Vec::new());
        };
        let marks = sql::marks(values.len());
        let text = format!(
            "SELECT e.idem_key, e.kind, p.account_id, p.amount FROM ledger_entries e \
             JOIN ledger_postings p ON p.entry_id = e.id AND p.place = 0 \
             WHERE e.idem_key IN ({marks})"
        );
        let link = self.link();
        let rows = link.query_all_raw(sql::statement(link, &text, values)).await?;
        rows.iter()
            .map(|row| {
                let (key, kind): (String, String) =
                    (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
                let account: i64 = row.try_get_by_index(2)?;
                let amount = Money::from_nano(row.try_get_by_index(3)?);
                Ok(EntryMark {
                    kind: sql::word("ledger_entries", &key, &kind)?,
                    key,
                    first: Posting { account: account.into(), amount },
                })
            })
            .collect()
    }
}

// === impl Tx ===

impl Tx {
    /// Writes entries and their postings. One whose key or id is taken fails them all.
    pub async fn insert_entries(&self, entries: &[EntryRecord]) -> Result<(), StoreError> {
        let rows = entries.iter().map(EntryRecord::to_row).collect();
        self.insert_all::<ledger_entry::Model>(rows, "an entry of the ledger".to_owned()).await?;
        let lines = entries.iter().flat_map(|entry| {
            (0..).zip(&entry.postings).map(|(place, posting)| ledger_posting::Model {
                entry_id: entry.id.raw(),
                place,
                account_id: posting.account.raw(),
                amount: posting.amount.nano(),
            })
        });
        let done = sql::insert_all(self.link(), lines.collect(), OnDuplicate::Fail).await;
        done.map(drop).map_err(StoreError::about("a posting of the ledger"))
    }
}
