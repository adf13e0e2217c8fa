//! Which parts of the web app are switched on.

use serde::Serialize;
use utoipa::ToSchema;

/// Which parts of the web app are switched on.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
pub(super) struct Features {
    announcements: bool,
    tokens: bool,
    usage: bool,
    models: bool,
    billing: bool,
    tickets: bool,
    playground: bool,
    admin_channels: bool,
    admin_channel_groups: bool,
    admin_users: bool,
    admin_usage: bool,
    admin_announcements: bool,
}

// === impl Features ===

impl Features {
    /// What is switched on. Announcements, billing and tickets are not built.
    pub(super) const fn built() -> Self {
        Self {
            announcements: false,
            tokens: true,
            usage: true,
            models: true,
            billing: false,
            tickets: false,
            playground: true,
            admin_channels: true,
            admin_channel_groups: true,
            admin_users: true,
            admin_usage: true,
            admin_announcements: false,
        }
    }
}
