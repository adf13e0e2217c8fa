//! Money: what a call costs, what is held for it, what it is charged; and the one writer that makes
//! all of it durable, with the record of each call.
//!
//! `reserve → Hold → settle | release`. A [`Hold`] has a lease that its call renews; what is not
//! renewed expires and is charged what was metered last, and a settlement that comes later still
//! counts. Amounts are nano-USD. The rules are in `docs/adr/0027-holds-are-leases.md`.
//! A call without a hold is [`Noted`] on disk instead, so that none leaves no record:
//! `docs/adr/0035-a-call-without-a-hold-is-a-line-in-a-file.md`.

mod anchor;
mod apportion;
mod batch;
mod charge;
mod estimate;
mod hold;
mod items;
mod journal;
mod ledger;
mod lines;
mod lost;
mod noted;
mod order;
mod recompute;
mod reconcile;
mod recorder;
mod review;
mod room;
mod spool;
mod verify;
mod window;
mod window_used;
mod writer;

pub use anchor::anchor_days;
pub use charge::{cache_savings, charge};
pub use estimate::{Ask, Bounds, Estimate};
pub use hold::Hold;
pub use items::Bucket;
pub use journal::{Journal, JournalError};
pub use ledger::{LEASE, Ledger, adjust_alone};
pub use lines::{CostLine, Factors, PriceSnapshot};
pub use noted::{Noted, NotedCall};
pub use order::{
    Cap, CapOwner, Goods, LedgerError, Movement, Payer, Posted, Refusal, Reservation, Settled,
    Settlement, Subscription, Trade,
};
pub use realms_store::{AccountId, BalanceRecord, CallNote, Unit};
pub use recompute::{Miscount, Recomputed, recompute};
pub use reconcile::{Difference, Reconciliation, reconcile};
pub use recorder::{Recorder, RecorderStatus};
pub use review::{Review, would_cost};
pub use room::{Bearer, Used, room_at};
pub use spool::SpoolError;
pub use verify::{Defect, OrderGap, Verification, verify};
pub use window::Window;
pub use window_used::WindowUsed;
