//! Buying and selling: what changes an order, and what gives something.

mod act;
mod buy;
mod channels;
mod codes;
mod invite;
mod pay;
mod receive;
mod redeem;
mod time;

use std::sync::Arc;

use realms_ledger::Ledger;
use realms_seal::Keyring;
use realms_store::{AuditRecord, Store};
use realms_types::{Ids, SharedClock, UserGroupId, UserId};

pub use act::Done;
pub use buy::{Basket, Buyer};
pub use channels::{ChannelChange, NewChannel};
pub use codes::{CodeBatch, NewCode, Worth};
pub use pay::Site;
pub use receive::{Message, Received};
pub use redeem::Redeemed;
pub use time::TimeChange;

use crate::outside::Outside;

/// Sells. It exists in business mode only; where there is none, nothing of it is ever written.
#[derive(Debug, Clone)]
pub struct Commerce {
    store: Store,
    ledger: Ledger,
    keyring: Keyring,
    clock: SharedClock,
    ids: Ids,
    outside: Arc<dyn Outside>,
}

/// A person who decides about an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operator {
    /// As the audit log names them.
    pub name: String,
    /// Why.
    pub reason: String,
    /// What the audit log says of it, in the same transaction.
    pub audit: Option<AuditRecord>,
}

/// How often something that others change at the same time is looked at again. Each time somebody got
/// on, so the number of those who try at once bounds it.
const TRIES: usize = 256;

// === impl Commerce ===

impl Commerce {
    /// Over a store and the ledger on it.
    pub fn new(
        store: Store,
        ledger: Ledger,
        keyring: Keyring,
        clock: SharedClock,
        ids: Ids,
        outside: Arc<dyn Outside>,
    ) -> Self {
        Self { store, ledger, keyring, clock, ids, outside }
    }
}

// === impl Buyer ===

impl Buyer {
    /// Somebody without a special right.
    pub const fn new(user: UserId, group: UserGroupId) -> Self {
        Self { user, group, may_test: false }
    }
}
