//! Is the ledger sound? Reads all of it and changes nothing.

use std::fmt;

use realms_store::{
    AllowanceGap, BalanceGap, ChargeGap, LedgerTotals, Store, StoreError, UnbalancedEntry,
};

use crate::anchor::{Chain, hash_day};

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verification {
    /// How much there is.
    pub totals: LedgerTotals,
    /// Days whose hash was made anew.
    pub anchors: usize,
    /// What is wrong; at most a hundred of each kind.
    pub defects: Vec<Defect>,
}

/// Something that must not be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Defect {
    /// An entry does not balance.
    Entry(UnbalancedEntry),
    /// A balance is not the sum of what was posted.
    Balance(BalanceGap),
    /// What is held of an account is not the sum of its holds.
    Held(BalanceGap),
    /// A call was charged otherwise than its hold says.
    Charge(ChargeGap),
    /// An allowance is not the sum of its buckets.
    Allowance(AllowanceGap),
    /// The entries of a day are not those its anchor was made of.
    Anchor {
        /// The day, counted from 1970.
        day: i64,
    },
    /// Days between two anchors have entries and no anchor.
    Unanchored {
        /// The first such day, counted from 1970.
        day: i64,
    },
}

/// Reads the whole ledger. It may run beside a server: every question sees one moment.
pub async fn verify(store: &Store) -> Result<Verification, StoreError> {
    let read = store.read();
    let mut defects = Vec::new();
    defects.extend(read.list_unbalanced_entries().await?.into_iter().map(Defect::Entry));
    defects.extend(read.list_balance_gaps().await?.into_iter().map(Defect::Balance));
    defects.extend(read.list_held_gaps().await?.into_iter().map(Defect::Held));
    defects.extend(read.list_charge_gaps().await?.into_iter().map(Defect::Charge));
    defects.extend(read.list_allowance_gaps().await?.into_iter().map(Defect::Allowance));
    let anchors = check_anchors(store, &mut defects).await?;
    Ok(Verification { totals: read.count_ledger().await?, anchors, defects })
}

async fn check_anchors(store: &Store, defects: &mut Vec<Defect>) -> Result<usize, StoreError> {
    let anchors = store.read().list_anchors().await?;
    let days = store.read().list_entry_days(i64::MIN).await?;
    if let Some(last) = anchors.last() {
        let known = |day: &i64| anchors.binary_search_by_key(day, |one| one.day).is_ok();
        let missing = days.iter().find(|day| **day < last.day && !known(day));
        defects.extend(missing.map(|day| Defect::Unanchored { day: *day }));
    }
    let mut chain = Chain::default();
    for anchor in &anchors {
        let made = hash_day(store, anchor.day, &chain).await?;
        if (made.entries, &made.hash) != (anchor.entries, &anchor.hash) {
            defects.push(Defect::Anchor { day: anchor.day });
        }
        // The next day is checked against what was written, so that one day is named, not all after it.
        chain = Chain::after(anchor);
    }
    Ok(anchors.len())
}

// === impl Verification ===

impl Verification {
    /// Whether nothing is wrong.
    pub const fn is_sound(&self) -> bool {
        self.defects.is_empty()
    }
}

// === impl Defect ===

impl fmt::Display for Defect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Entry(one) => write!(
                f,
                "entry {}: {} postings whose sum is {} USD",
                one.entry, one.postings, one.sum
            ),
            Self::Balance(one) => write!(
                f,
                "account {}: available and held are {} USD, {} USD were posted",
                one.account, one.stored, one.counted
            ),
            Self::Held(one) => write!(
                f,
                "account {}: {} USD are held, its holds are {} USD",
                one.account, one.stored, one.counted
            ),
            Self::Charge(one) => write!(
                f,
                "call {}: its hold says the balance paid {} USD, {} USD were posted",
                one.request_id, one.stored, one.counted
            ),
            Self::Allowance(one) => write!(
                f,
                "allowance `{}`: {} are used, its buckets have {}",
                one.name, one.stored, one.counted
            ),
            Self::Anchor { day } => {
                write!(f, "day {}: its entries are not those its anchor was made of", date(*day))
            }
            Self::Unanchored { day } => {
                write!(f, "day {}: it has entries and no anchor, later days have", date(*day))
            }
        }
    }
}

/// The date of a day, such as `2026-11-29`.
pub(crate) fn date(day: i64) -> String {
    let start = realms_types::Timestamp::from_secs(day.saturating_mul(86_400)).to_string();
    start.split('T').next().unwrap_or_default().to_owned()
}
