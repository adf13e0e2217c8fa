//! What a decision says of one channel that is bound to the model of a call.

use serde::{Deserialize, Serialize};

use crate::{
    Cause, ChannelGroupId, ChannelId, CredentialId, DialectId, EndpointId, Exclusion, Ppm, Scope,
    Timestamp,
};

/// A channel in the order to try, or why it, or a part of it, is not.
///
/// In JSON the names are short: every call stores some of these.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Considered {
    /// The channel.
    #[serde(rename = "ch")]
    pub channel: ChannelId,
    /// The first of the caller's groups that it lies below, if it does.
    #[serde(rename = "gr", default, skip_serializing_if = "Option::is_none")]
    pub group: Option<ChannelGroupId>,
    /// What it calls the model, where that is another name.
    #[serde(rename = "as", default, skip_serializing_if = "Option::is_none")]
    pub upstream_model: Option<String>,
    /// The endpoint to be tried first, or the one that rests.
    #[serde(rename = "ep", default, skip_serializing_if = "Option::is_none")]
    pub endpoint: Option<EndpointId>,
    /// The credential to be tried first, or the one that rests.
    #[serde(rename = "cr", default, skip_serializing_if = "Option::is_none")]
    pub credential: Option<CredentialId>,
    /// Higher is tried first.
    #[serde(rename = "pr", default, skip_serializing_if = "is_default")]
    pub priority: i64,
    /// Its share within its group and priority.
    #[serde(rename = "we", default, skip_serializing_if = "is_default")]
    pub weight: u32,
    /// Its place in the order to try, from 0.
    #[serde(rename = "at", default, skip_serializing_if = "Option::is_none")]
    pub place: Option<u32>,
    /// How likely it was to be the first of its group and priority.
    #[serde(rename = "lk", default, skip_serializing_if = "Option::is_none")]
    pub likelihood: Option<Ppm>,
    /// It is the channel pinned in that group, so it comes first there.
    #[serde(rename = "pi", default, skip_serializing_if = "is_default")]
    pub pinned: bool,
    /// It is one that comes before all that are not.
    #[serde(rename = "po", default, skip_serializing_if = "is_default")]
    pub promoted: bool,
    /// The dialect it is asked in, where that is not the client's.
    #[serde(rename = "dl", default, skip_serializing_if = "Option::is_none")]
    pub dialect: Option<DialectId>,
    /// The session of the call was served here before, so it comes first of its group and priority.
    #[serde(rename = "bo", default, skip_serializing_if = "is_default")]
    pub bonded: bool,
    /// Its attempts in flight when the call chose.
    #[serde(rename = "if", default, skip_serializing_if = "is_default")]
    pub in_flight: u32,
    /// How long the model took there to its first event of late, in microseconds.
    #[serde(rename = "lt", default, skip_serializing_if = "Option::is_none")]
    pub latency_us: Option<u64>,
    /// The credentials that were drawn to begin with, where any was busy: its attempts in flight.
    #[serde(rename = "cb", default, skip_serializing_if = "Vec::is_empty")]
    pub drawn: Vec<(CredentialId, u32)>,
    /// Why it is not in the order.
    #[serde(rename = "out", default, skip_serializing_if = "Option::is_none")]
    pub excluded: Option<Exclusion>,
    /// Until when it rests.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
    /// Why it rests.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<Cause>,
    /// How far the rest reaches.
    #[serde(rename = "sc", default, skip_serializing_if = "Option::is_none")]
    pub scope: Option<Scope>,
}

// === impl Considered ===

impl Considered {
    /// A channel of which nothing is said yet.
    pub const fn new(channel: ChannelId) -> Self {
        Self {
            channel,
            group: None,
            upstream_model: None,
            endpoint: None,
            credential: None,
            priority: 0,
            weight: 0,
            place: None,
            likelihood: None,
            pinned: false,
            promoted: false,
            dialect: None,
            bonded: false,
            in_flight: 0,
            latency_us: None,
            drawn: Vec::new(),
            excluded: None,
            until: None,
            cause: None,
            scope: None,
        }
    }

    /// Whether it is in the order to try.
    pub const fn is_placed(&self) -> bool {
        self.place.is_some()
    }
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}
