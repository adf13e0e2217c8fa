//! Do charges and records of calls tell the same? Reads and changes nothing.

use std::{fmt, time::Duration};

use realms_store::{HoldGap, HoldRecord, LooseRecord, Store, StoreError};
use realms_types::Timestamp;

/// How long after the end of its lease a hold should have expired.
const LATE: Duration = Duration::from_mins(2);
/// Holds that are named.
const MOST: u64 = 100;

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reconciliation {
    /// What does not fit; at most a hundred of each kind.
    pub differences: Vec<Difference>,
}

/// Where charge and record differ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Difference {
    /// A call was charged, and its record is missing or tells another cost.
    Charge(HoldGap),
    /// A call cost something, and was not charged.
    Record(LooseRecord),
    /// A hold outlived its lease: nothing expires holds.
    Overdue(Box<HoldRecord>),
}

/// Compares the calls of a time, from a moment up to another.
pub async fn reconcile(
    store: &Store,
    since: Timestamp,
    until: Timestamp,
) -> Result<Reconciliation, StoreError> {
    let read = store.read();
    let mut differences = Vec::new();
    differences
        .extend(read.list_hold_gaps(since, until).await?.into_iter().map(Difference::Charge));
    differences
        .extend(read.list_loose_records(since, until).await?.into_iter().map(Difference::Record));
    let overdue = read.list_due_holds(until - LATE, MOST).await?;
    differences.extend(overdue.into_iter().map(|hold| Difference::Overdue(Box::new(hold))));
    Ok(Reconciliation { differences })
}

// === impl Reconciliation ===

impl Reconciliation {
    /// Whether everything fits.
    pub const fn is_clean(&self) -> bool {
        self.differences.is_empty()
    }
}

// === impl Difference ===

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Charge(HoldGap { request_id, settled, recorded: Some(cost) }) => {
                write!(f, "call {request_id}: charged {settled} USD, its record says {cost} USD")
            }
            Self::Charge(HoldGap { request_id, settled, recorded: None }) => {
                write!(f, "call {request_id}: charged {settled} USD, it has no record of a cost")
            }
            Self::Record(LooseRecord { request_id, cost, state: Some(state) }) => {
                write!(f, "call {request_id}: cost {cost} USD, its hold is {state}")
            }
            Self::Record(LooseRecord { request_id, cost, state: None }) => {
                write!(f, "call {request_id}: cost {cost} USD, it has no hold")
            }
            Self::Overdue(hold) => write!(
                f,
                "call {}: {} USD are held since {}, the lease ended at {}",
                hold.request_id, hold.amount, hold.created_at, hold.lease_until
            ),
        }
    }
}
