//! Money: accounts and balances, entries, holds, allowances, anchors, and what is read to check them.
//!
//! What a method of [`Tx`](crate::Tx) decides, its `WHERE` clause decides, and the row count is the
//! answer. The order in which the ledger calls them is in `realms-ledger`.

mod account;
mod allowance;
mod anchor;
mod check;
mod entry;
mod hold;

pub use account::{AccountId, AccountKind, BalanceRecord};
pub use allowance::{AllowanceBucket, AllowanceRecord};
pub use anchor::AnchorRecord;
pub use check::{
    AllowanceGap, BalanceGap, ChargeGap, HoldGap, LedgerTotals, LooseRecord, UnbalancedEntry,
};
pub use entry::{EntryKind, EntryMark, EntryRecord, Posting};
pub use hold::{CallNote, Draw, DrawSlot, HoldClose, HoldRecord, HoldState, Unit};
