//! Keeps accounts at vendors fresh, and what is known of their quotas.

use realms_relay::Accounts;

/// Renews what is due and asks for what was not asked lately. Every node does; the rows decide which.
#[derive(Debug, Clone)]
pub struct AccountKeeper(Accounts);

// === impl AccountKeeper ===

impl AccountKeeper {
    /// Of these accounts.
    pub const fn new(accounts: Accounts) -> Self {
        Self(accounts)
    }

    /// One pass over the accounts that are due; it has nothing to do with any request.
    pub async fn refresh(&self) {
        if let Err(error) = self.0.refresh_due().await {
            tracing::warn!(%error, "cannot look for accounts that are due");
        }
    }

    /// One pass over the quotas.
    pub async fn poll(&self) {
        self.0.poll_quotas().await;
    }
}
