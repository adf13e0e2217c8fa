//! Which parts of the web app are switched on.

use realms_catalog::Feature;
use serde::Serialize;
use utoipa::ToSchema;

use super::Console;

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
    oauth_apps: bool,
    ranking: bool,
    public_prices: bool,
    public_status: bool,
    public_key: bool,
    /// Whether a setting says what an invitation is worth.
    invitations: bool,
}

// === impl Features ===

impl From<realms_catalog::Features> for Features {
    fn from(on: realms_catalog::Features) -> Self {
        Self {
            announcements: on.has(Feature::Announcements),
            tokens: on.has(Feature::Tokens),
            usage: on.has(Feature::Usage),
            models: on.has(Feature::Models),
            billing: on.has(Feature::Billing),
            tickets: on.has(Feature::Tickets),
            playground: on.has(Feature::Playground),
            admin_channels: on.has(Feature::AdminChannels),
            admin_channel_groups: on.has(Feature::AdminChannelGroups),
            admin_users: on.has(Feature::AdminUsers),
            admin_usage: on.has(Feature::AdminUsage),
            admin_announcements: on.has(Feature::AdminAnnouncements),
            oauth_apps: on.has(Feature::OauthApps),
            ranking: on.has(Feature::Ranking),
            public_prices: on.has(Feature::PublicPrices),
            public_status: on.has(Feature::PublicStatus),
            public_key: on.has(Feature::PublicKey),
            invitations: false,
        }
    }
}

// === impl Console ===

impl Console {
    /// What is switched on here.
    pub(super) fn features(&self) -> Features {
        let invitations = self.invitation_terms().is_some();
        Features { invitations, ..self.switches().into() }
    }

    /// Whether a feature is switched on here.
    pub(super) fn is_on(&self, feature: Feature) -> bool {
        self.switches().has(feature)
    }

    fn switches(&self) -> realms_catalog::Features {
        self.0.catalog.load().settings().features.in_mode(self.0.self_mode)
    }
}
