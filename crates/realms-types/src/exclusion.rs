//! Why a channel that is bound to a model was not asked.

use serde::{Deserialize, Serialize};

/// The first of these, in this order, that holds. One word each, stable: it is stored and shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Exclusion {
    /// The channel is switched off.
    ChannelDisabled,
    /// The binding to the model is switched off.
    BindingDisabled,
    /// It lies only below groups that are switched off.
    GroupDisabled,
    /// It lies below none of the groups the key may use.
    NotInGroups,
    /// It speaks no dialect that the call could be said in.
    Dialect,
    /// It leads to a kind of vendor that does not have the path.
    Kind,
    /// It has no enabled credential.
    NoCredential,
    /// It has no enabled endpoint.
    NoEndpoint,
    /// The state the call goes on with lies elsewhere.
    NotHome,
    /// The call asks for a price tier, which the channel refuses.
    ServiceTier,
    /// The call asks for the fast lane, which the channel does not offer.
    FastMode,
    /// The channel takes no calls at this time of day.
    OutOfHours,
    /// It rests.
    CoolingDown,
    /// Others come before it. Told of where a session was served before, when it moves up.
    Outranked,
}

// === impl Exclusion ===

impl Exclusion {
    /// The word in traces and JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ChannelDisabled => "channel_disabled",
            Self::BindingDisabled => "binding_disabled",
            Self::GroupDisabled => "group_disabled",
            Self::NotInGroups => "not_in_groups",
            Self::Dialect => "dialect",
            Self::Kind => "kind",
            Self::NoCredential => "no_credential",
            Self::NoEndpoint => "no_endpoint",
            Self::NotHome => "not_home",
            Self::ServiceTier => "service_tier",
            Self::FastMode => "fast_mode",
            Self::OutOfHours => "out_of_hours",
            Self::CoolingDown => "cooling_down",
            Self::Outranked => "outranked",
        }
    }
}
