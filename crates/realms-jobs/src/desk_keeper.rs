//! Removes files of tickets whose time is over.

use realms_support::Desk;

/// Looks after the files of a desk. Cheap to clone.
#[derive(Debug, Clone)]
pub struct DeskKeeper(Desk);

// === impl DeskKeeper ===

impl DeskKeeper {
    /// Of this desk.
    pub const fn new(desk: Desk) -> Self {
        Self(desk)
    }

    /// A pass whose failure is only logged. Every node may do it: a file that is gone is gone.
    pub async fn try_sweep(&self) {
        match self.0.sweep().await {
            Ok(0) => {}
            Ok(files) => tracing::info!(files, "files of tickets are gone"),
            Err(error) => tracing::warn!(%error, "cannot remove files of tickets"),
        }
    }
}
