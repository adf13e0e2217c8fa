//! Features that are switched off: their routes answer as if there were none.

use realms_catalog::Feature;

use super::Console;
use crate::{Code, ConsoleError, Refusal};

/// Which routes belong to a feature: those at a path and below it. Those of root for OAuth apps belong to none: what users
/// let apps do can be ended while no app is let in.
const GATES: &[(&str, Feature)] = &[
    ("/api/tokens", Feature::Tokens),
    ("/api/usage", Feature::Usage),
    ("/api/balance", Feature::Billing),
    ("/api/invitation", Feature::Billing),
    ("/api/top-up", Feature::Billing),
    ("/api/plans", Feature::Billing),
    ("/api/subscriptions", Feature::Billing),
    ("/api/orders", Feature::Billing),
    ("/api/admin/redemption-codes", Feature::Billing),
    ("/api/announcements", Feature::Announcements),
    ("/api/admin/announcements", Feature::AdminAnnouncements),
    ("/api/oauth", Feature::OauthApps),
    ("/api/ranking", Feature::Ranking),
    ("/api/me/ranking", Feature::Ranking),
    ("/api/public/prices", Feature::PublicPrices),
    ("/api/public/status", Feature::PublicStatus),
    ("/api/public/key", Feature::PublicKey),
    ("/api/tickets", Feature::Tickets),
    ("/api/ticket-files", Feature::Tickets),
    ("/api/admin/tickets", Feature::Tickets),
    ("/api/admin/ticket-files", Feature::Tickets),
    ("/api/admin/canned-replies", Feature::Tickets),
    ("/api/admin/plans", Feature::Billing),
    ("/api/admin/subscriptions", Feature::Billing),
    ("/api/admin/orders", Feature::Billing),
    ("/api/admin/quarantine", Feature::Billing),
    ("/api/admin/payment-channels", Feature::Billing),
    ("/api/admin/margin", Feature::Billing),
    ("/api/models", Feature::Models),
    ("/api/playground", Feature::Playground),
    ("/api/admin/channels", Feature::AdminChannels),
    ("/api/admin/channel-status", Feature::AdminChannels),
    ("/api/admin/accounts", Feature::AdminChannels),
    ("/api/admin/channel-groups", Feature::AdminChannelGroups),
    ("/api/admin/users", Feature::AdminUsers),
    ("/api/admin/people", Feature::AdminUsers),
    ("/api/admin/usage", Feature::AdminUsage),
];

// === impl Console ===

impl Console {
    /// Refuses a route whose feature is switched off.
    pub(super) fn must_be_on(&self, route: &str) -> Result<(), ConsoleError> {
        let Some(feature) = feature(route) else { return Ok(()) };
        if self.is_on(feature) {
            return Ok(());
        }
        let word = feature.as_str();
        let detail = format!("`{word}` is switched off here");
        Err(Refusal::new(Code::FeatureOff, detail).with("feature", word).into())
    }
}

/// The feature that a route belongs to.
fn feature(route: &str) -> Option<Feature> {
    let below = |path: &str| {
        route.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    GATES.iter().find(|(path, _)| below(path)).map(|(_, feature)| *feature)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gate_is_for_a_path_and_what_is_below() {
        for (route, expected) in [
            ("/api/tokens", Some(Feature::Tokens)),
            ("/api/tokens/{id}/reveal", Some(Feature::Tokens)),
            ("/api/admin/channels/{name}/test", Some(Feature::AdminChannels)),
            ("/api/admin/channel-groups", Some(Feature::AdminChannelGroups)),
            ("/api/admin/usage/by/{dimension}", Some(Feature::AdminUsage)),
            ("/api/usage", Some(Feature::Usage)),
            ("/api/balance/entries", Some(Feature::Billing)),
            ("/api/admin/redemption-codes/export", Some(Feature::Billing)),
            ("/api/admin/quarantine/{request_id}/waive", Some(Feature::Billing)),
            ("/api/admin/margin/export", Some(Feature::Billing)),
            ("/api/admin/settings", None),
            ("/api/oauth/authorize", Some(Feature::OauthApps)),
            ("/api/admin/oauth-apps/{id}/revoke-grants", None),
            ("/api/session/oauth/{provider}", None),
            ("/api/session", None),
        ] {
            assert_eq!(feature(route), expected, "{route}");
        }
    }
}
