//! Whom a call could ask, as its reader may see it.

use realms_store::DecisionRecord;
use realms_types::{
    Cause, ChannelId, Considered as ConsideredRecord, DialectId, EndpointId, Exclusion, Ppm,
    Timestamp,
};
use serde::Serialize;
use utoipa::ToSchema;

use super::call_view::{CallNames, Labels};
use crate::words;

/// Whom a call could ask, and why nobody else.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Decision)]
pub(super) struct DecisionView {
    /// When it was decided.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// The version of the catalogue it was decided by.
    catalog_version: i64,
    /// What chance was drawn from: the same seed gives the same order.
    seed: String,
    /// The channel groups the key may use, in order.
    key_groups: Vec<String>,
    /// Who was considered, those in the order first.
    considered: Vec<Considered>,
    /// Whether more was considered than is told.
    truncated: bool,
    /// The group of the user.
    user_group: String,
    /// The model that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    model: Option<String>,
    /// The client's dialect.
    #[schema(value_type = words::Dialect)]
    dialect: &'static str,
    /// The credential that served the session of the call before; left out when the reader may not see
    /// channels, and when it is gone.
    #[serde(skip_serializing_if = "Option::is_none")]
    bond: Option<String>,
    /// Why the session does not go on there: one of the words of `excluded`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<words::Exclusion>)]
    released: Option<&'static str>,
    /// Whether the call named a session.
    #[serde(skip_serializing_if = "Option::is_none")]
    session: Option<bool>,
    /// The only channel that holds the state the call goes on with: its name, or its letter for those
    /// who may not see channels.
    #[serde(skip_serializing_if = "Option::is_none")]
    home: Option<String>,
}

/// A channel in the order to try, or why it, or a part of it, is not.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Considered {
    /// The channel; left out when the reader may not see channels.
    #[serde(skip_serializing_if = "Option::is_none")]
    channel: Option<String>,
    /// A letter for the channel, the same as in the attempts of the call.
    label: String,
    /// The first of the key's groups that it lies below; empty when it lies below none.
    channel_group: String,
    /// What it calls the model.
    #[serde(skip_serializing_if = "Option::is_none")]
    upstream_model: Option<String>,
    /// The host of the endpoint to be tried first, or of the one that rests.
    #[serde(skip_serializing_if = "Option::is_none")]
    endpoint: Option<String>,
    /// The credential to be tried first, or the one that rests.
    #[serde(skip_serializing_if = "Option::is_none")]
    credential: Option<String>,
    /// Higher is tried first.
    priority: i64,
    /// Its share within its group and priority.
    weight: u32,
    /// Its place in the order to try, from 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    place: Option<u32>,
    /// It is the channel pinned in that group.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pinned: bool,
    /// It is one that comes before all that are not.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    promoted: bool,
    /// The session of the call was served here before.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    bonded: bool,
    /// The dialect it is asked in, where that is not the client's.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<words::Dialect>)]
    dialect: Option<&'static str>,
    /// Its attempts in flight when the call chose.
    in_flight: u32,
    /// How long the model took there to its first event of late, in milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    latency_ms: Option<u64>,
    /// How likely it was to be the first of its group and priority, 0 to 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    probability: Option<f64>,
    /// Why it is not in the order: `channel_disabled`, `group_disabled`, `binding_disabled`,
    /// `not_in_groups`, `dialect`, `kind`, `cooling_down`, `no_credential`, `no_endpoint`,
    /// `not_home`, `outranked`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<words::Exclusion>)]
    excluded: Option<&'static str>,
    /// Until when it rests.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    until: Option<Timestamp>,
    /// Why it rests.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<words::AttemptCause>)]
    cause: Option<&'static str>,
}

// === impl DecisionView ===

impl DecisionView {
    /// A decision with names for its ids, and letters that go on from those of the attempts. Who may
    /// not see channels does not hear of those that lie in none of the key's groups.
    pub(super) fn new(
        names: &CallNames,
        record: DecisionRecord,
        catalog_version: i64,
        model: Option<String>,
        dialect: DialectId,
        labels: &mut Labels,
    ) -> Self {
        let home = record.considered.iter().find(|one| record.home && one.is_placed());
        let home = home.map(|one| one.channel);
        let considered: Vec<Considered> = record
            .considered
            .into_iter()
            .filter(|one| names.shows_channels() || one.group.is_some() || one.is_placed())
            .map(|one| Considered::new(names, one, model.as_deref(), labels))
            .collect();
        let bond = record.bond.and_then(|id| names.credential_anywhere(id));
        let name = |id: ChannelId| names.channel(id).unwrap_or_else(|| labels.of(id));
        Self {
            at: record.at,
            catalog_version,
            seed: format!("{:016x}", record.seed),
            key_groups: record.key_groups.iter().map(|id| names.channel_group(*id)).collect(),
            home: home.map(name),
            considered,
            truncated: record.truncated,
            user_group: record.user_group.map(|id| names.user_group(id)).unwrap_or_default(),
            model,
            dialect: dialect.as_str(),
            bond,
            released: record.released.map(Exclusion::as_str),
            session: record.session.then_some(true),
        }
    }
}

// === impl Considered ===

impl Considered {
    fn new(
        names: &CallNames,
        record: ConsideredRecord,
        model: Option<&str>,
        labels: &mut Labels,
    ) -> Self {
        let channel = record.channel;
        let endpoint = |id: EndpointId| names.endpoint(channel, id);
        Self {
            label: labels.of(channel),
            channel: names.channel(channel),
            channel_group: record.group.map(|id| names.channel_group(id)).unwrap_or_default(),
            upstream_model: record.upstream_model.or_else(|| model.map(str::to_owned)),
            endpoint: record.endpoint.and_then(endpoint),
            credential: record.credential.and_then(|id| names.credential(channel, id)),
            priority: record.priority,
            weight: record.weight,
            place: record.place,
            pinned: record.pinned,
            promoted: record.promoted,
            bonded: record.bonded,
            dialect: record.dialect.map(DialectId::as_str),
            in_flight: record.in_flight,
            latency_ms: record.latency_us.map(|micros| micros / 1_000),
            probability: record.likelihood.map(share),
            excluded: record.excluded.map(Exclusion::as_str),
            until: record.until,
            cause: record.cause.map(Cause::as_str),
        }
    }
}

/// Parts of a million as a share, for drawing.
fn share(parts: Ppm) -> f64 {
    i32::try_from(parts.parts()).map_or(1.0, |parts| f64::from(parts) / 1e6)
}
