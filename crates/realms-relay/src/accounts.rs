//! Credentials that are accounts at a vendor: logged in to, kept fresh, asked for their quota.
//!
//! A refresh token works once, so one node in the fleet renews an account at a time, and nobody else
//! ever has the token in hand. What happens at each step when a process is killed:
//!
//! | killed | what is in the database | who goes on |
//! |---|---|---|
//! | holding the lease | the lease | another node when the lease is over; nothing was sent |
//! | after the journal entry, before the answer | generation `g` was sent | another node after the grace, with the old token: if it never arrived, all is well; if it did, the vendor refuses, and the account needs a log-in because the answer was lost |
//! | with the answer, before the commit | the same | the same: the new token died with the process |
//! | after the commit | generation `g + 1` | nothing is left to do |
//!
//! A process that lives but cannot commit keeps the new tokens in memory, tries again and again, and
//! asks for no further ones; the grace keeps others away meanwhile.

mod arrival;
mod error;
mod held;
mod log_in;
mod quota;
mod refresh;
mod refusal;
mod times;

use std::{fmt, ops::Deref, sync::Arc};

use dashmap::DashMap;
use realms_catalog::Live;
use realms_seal::Keyring;
use realms_store::Store;
use realms_types::{Chance, CredentialId, Ids, NodeId, SharedClock, Timestamp};
use realms_upstream::{OauthSite, Upstream};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

pub use arrival::{Arrived, Pasted};
pub use error::AccountError;
pub use refresh::{RefreshOutcome, RefreshStep};
pub use times::RefreshTimes;

/// All accounts of this fleet, as one node deals with them. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Accounts(Arc<Inner>);

/// What that takes.
pub struct AccountParts {
    /// Where they are kept.
    pub store: Store,
    /// What seals their tokens.
    pub keyring: Keyring,
    /// Which credentials are in force, and where their channels lead.
    pub catalog: Arc<Live>,
    /// The way out.
    pub upstream: Upstream,
    /// Where people log in.
    pub site: OauthSite,
    /// The time.
    pub clock: SharedClock,
    /// Ids of records.
    pub ids: Ids,
    /// Jitter.
    pub chance: Chance,
    /// This process.
    pub node_id: NodeId,
    /// What must not be cut off; the process waits for it.
    pub tasks: TaskTracker,
    /// Fires when the process begins to stop.
    pub stopping: CancellationToken,
    /// How long things take.
    pub times: RefreshTimes,
    /// Hears each step of each refresh as it is done.
    pub tell: Arc<dyn Fn(CredentialId, RefreshStep) + Send + Sync>,
}

/// The parts, and what only this node knows.
struct Inner {
    parts: AccountParts,
    /// Accounts whose new tokens are not durable yet: each has a task that tries to write them.
    held: DashMap<CredentialId, ()>,
    /// Which generation was refused last, and when: many calls are refused at once.
    refused: DashMap<CredentialId, (i64, Timestamp)>,
    /// When an account's quota was heard last.
    heard: DashMap<CredentialId, Timestamp>,
}

// === impl Accounts ===

impl Accounts {
    /// Accounts made of these parts.
    pub fn new(parts: AccountParts) -> Self {
        Self(Arc::new(Inner {
            parts,
            held: DashMap::new(),
            refused: DashMap::new(),
            heard: DashMap::new(),
        }))
    }

    /// Forgets what this node knows of accounts that are gone.
    pub fn retain(&self, exists: impl Fn(CredentialId) -> bool) {
        self.0.refused.retain(|id, _| exists(*id));
        self.0.heard.retain(|id, _| exists(*id));
    }
}

impl Deref for Accounts {
    type Target = AccountParts;

    fn deref(&self) -> &AccountParts {
        &self.0.parts
    }
}

impl fmt::Debug for Inner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Accounts")
            .field("site", &self.parts.site)
            .field("held", &self.held.len())
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for AccountParts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AccountParts").field("site", &self.site).finish_non_exhaustive()
    }
}
