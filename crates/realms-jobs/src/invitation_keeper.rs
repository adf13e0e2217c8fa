//! Gives what is due for invitations.

use realms_commerce::Commerce;

/// Looks after the invitations of this store. Cheap to clone.
#[derive(Debug, Clone)]
pub struct InvitationKeeper(Commerce);

// === impl InvitationKeeper ===

impl InvitationKeeper {
    /// Of what gives here.
    pub const fn new(commerce: Commerce) -> Self {
        Self(commerce)
    }

    /// A pass whose failure is only logged. Every node may do it: each is given for once.
    pub async fn try_reward(&self) {
        match self.0.reward_invitations().await {
            Ok(0) => {}
            Ok(invitations) => tracing::info!(invitations, "invitations were rewarded"),
            Err(error) => tracing::warn!(%error, "cannot reward invitations"),
        }
    }
}
