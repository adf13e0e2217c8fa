//! How every channel is: what rests, what became of its calls, what it is answering.

use std::{collections::HashMap, sync::Arc};

use axum::{
    Json,
    extract::{Path, State},
};
use realms_scheduler::{Resting, Target};
use realms_store::{
    BindingRecord, ChannelRecord, CredentialRecord, EndpointRecord, ModelRecord, Pulse,
};
use realms_types::{ChannelId, ModelId, Timestamp};
use serde::Serialize;
use utoipa::ToSchema;

use super::{Console, caller::Caller, listing::Listing, problem::Problems, sums::UsageSums};
use crate::{
    ConsoleError,
    upstreams::{Condition, Vitals},
    words,
};

/// How a channel is, on the node that answers.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ChannelStatus {
    /// Its name.
    pub(super) channel: String,
    /// `serving`, `degraded`, `cooling_down`, `down` or `disabled`.
    #[schema(value_type = words::ChannelState)]
    pub(super) state: &'static str,
    /// Why: `no_endpoint`, `no_credential`, `no_model`, `channel_resting`, `credentials_resting`,
    /// `endpoints_resting`, `models_resting` or `failing`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<words::ChannelReason>)]
    pub(super) reason: Option<&'static str>,
    /// Why it rests.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<words::AttemptCause>)]
    pub(super) cause: Option<&'static str>,
    /// Until when it rests.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(super) until: Option<Timestamp>,
    /// How many calls it is answering.
    pub(super) in_flight: u32,
    /// Its credentials.
    pub(super) credentials: Vec<CredentialStatus>,
    /// Its endpoints.
    endpoints: Vec<EndpointStatus>,
    /// The models it serves.
    models: Vec<ModelStatus>,
    /// What became of the attempts on it.
    hour: HourStatus,
    /// What its calls used since midnight, UTC.
    today: UsageSums,
}

/// How a credential is.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CredentialStatus {
    /// Its id.
    id: String,
    /// Its name.
    pub(super) name: String,
    /// Its last characters.
    hint: String,
    /// Whether it takes calls.
    pub(super) enabled: bool,
    #[serde(flatten)]
    pub(super) rest: RestStatus,
}

/// How an endpoint is.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct EndpointStatus {
    /// Its id.
    id: String,
    /// Its base URL.
    base_url: String,
    #[serde(flatten)]
    rest: RestStatus,
}

/// How a model is on this channel.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ModelStatus {
    /// What clients name.
    model: String,
    #[serde(flatten)]
    rest: RestStatus,
}

/// A channel that serves a model.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ServedBy {
    /// Its name.
    pub(super) channel: String,
    /// What the vendor calls the model.
    upstream: String,
    /// How the model is there: as the channel, unless it rests or is switched off there.
    #[schema(value_type = words::ChannelState)]
    pub(super) state: &'static str,
}

/// Whether something rests.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct RestStatus {
    /// `ok` or `cooling_down`.
    #[schema(value_type = words::RestState)]
    state: &'static str,
    /// Why it rests.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<words::AttemptCause>)]
    pub(super) cause: Option<&'static str>,
    /// Until when.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    until: Option<Timestamp>,
}

/// What became of attempts.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct HourStatus {
    /// Attempts in the last hour.
    calls: u64,
    /// The share that was answered, the client's own faults left out; 1 when there were none.
    ok_share: f64,
    /// The median time to the first event, as near as its class tells.
    #[serde(skip_serializing_if = "Option::is_none")]
    p50_first_event_us: Option<i64>,
    /// The share in each of the last 24 hours, the oldest first; `null` when there was nothing.
    strip: Vec<Option<f64>>,
}

/// The rows of all channels, read once.
struct Parts {
    channels: Vec<ChannelRecord>,
    /// By channel, as credentials and bindings are: what belongs to one lies side by side.
    endpoints: Vec<EndpointRecord>,
    credentials: Vec<CredentialRecord>,
    bindings: Vec<BindingRecord>,
    models: Vec<ModelRecord>,
    /// Where among the models each one is.
    places: HashMap<ModelId, usize>,
    pulses: Arc<HashMap<ChannelId, Pulse>>,
}

/// Shows how every channel is.
#[utoipa::path(
    get, path = "/api/admin/channel-status", tag = "channels",
    responses((status = 200, body = Listing<ChannelStatus>), Problems)
)]
pub(super) async fn list_channel_status(
    State(console): State<Console>,
) -> Result<Json<Listing<ChannelStatus>>, ConsoleError> {
    Ok(Json(Listing { items: console.all_channel_statuses().await? }))
}

/// Ends every rest of a channel and of its parts, on the node that answers: the next call tries it.
#[utoipa::path(
    post, path = "/api/admin/channels/{name}/wake", tag = "channels",
    params(("name" = String, Path, description = "Its name or its id")),
    responses((status = 200, body = ChannelStatus), Problems)
)]
pub(super) async fn wake_channel(
    State(console): State<Console>,
    caller: Caller,
    Path(name): Path<String>,
) -> Result<Json<ChannelStatus>, ConsoleError> {
    let parts = console.parts().await?;
    let is_it = |one: &&ChannelRecord| one.name == name || one.id.to_string() == name;
    let missing = || ConsoleError::NotFound(format!("channel `{name}`"));
    let channel = parts.channels.iter().find(is_it).ok_or_else(missing)?;
    console.wake(&parts, channel);
    console.note(&caller.actor(), "channel.wake", Some(&channel.name), Vec::new()).await?;
    Ok(Json(console.channel_status(&parts, channel)))
}

// === impl Console ===

impl Console {
    /// How every channel is.
    pub(super) async fn all_channel_statuses(&self) -> Result<Vec<ChannelStatus>, ConsoleError> {
        let parts = self.parts().await?;
        let status = |channel| self.channel_status(&parts, channel);
        Ok(parts.channels.iter().map(status).collect())
    }

    async fn parts(&self) -> Result<Parts, ConsoleError> {
        let reader = self.0.editor.store.read();
        let mut endpoints = reader.list_endpoints(None).await?;
        endpoints.sort_by_key(|one| one.channel_id);
        let mut credentials = reader.list_credentials(None).await?;
        credentials.sort_by_key(|one| one.channel_id);
        let mut bindings = reader.list_bindings(None).await?;
        bindings.sort_by_key(|one| one.channel_id);
        let models = reader.list_models().await?;
        Ok(Parts {
            channels: reader.list_channels().await?,
            endpoints,
            credentials,
            bindings,
            places: models.iter().enumerate().map(|(place, one)| (one.id, place)).collect(),
            models,
            pulses: self.channel_pulses().await?,
        })
    }

    /// How these channels are; those that are gone are left out.
    pub(super) async fn channel_statuses(
        &self,
        ids: &[ChannelId],
    ) -> Result<Vec<(ChannelId, ChannelStatus)>, ConsoleError> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let parts = self.parts().await?;
        let wanted = parts.channels.iter().filter(|channel| ids.contains(&channel.id));
        Ok(wanted.map(|channel| (channel.id, self.channel_status(&parts, channel))).collect())
    }

    /// Every model by name, with the channels that serve it in the order of their names.
    pub(super) async fn served_models(
        &self,
    ) -> Result<Vec<(ModelRecord, Vec<ServedBy>)>, ConsoleError> {
        let mut parts = self.parts().await?;
        let mut served: HashMap<ModelId, Vec<ServedBy>> = HashMap::new();
        for channel in &parts.channels {
            let (endpoints, credentials, bindings) = parts.of(channel.id);
            let vitals = self.vitals(&parts, channel, &endpoints, &credentials, &bindings);
            let condition = vitals.state().condition;
            for one in rows_of(&parts.bindings, channel.id, |one| one.channel_id) {
                let rests = vitals.resting(Target::Binding(one.id)).is_some();
                let state = match condition {
                    _ if !one.enabled => Condition::Disabled,
                    Condition::Serving | Condition::Degraded if rests => Condition::CoolingDown,
                    of_channel => of_channel,
                };
                served.entry(one.model_id).or_default().push(ServedBy {
                    channel: channel.name.clone(),
                    upstream: one.upstream_model.clone(),
                    state: state.as_str(),
                });
            }
        }
        let models = std::mem::take(&mut parts.models);
        let with_channels = |model: ModelRecord| {
            let mut channels = served.remove(&model.id).unwrap_or_default();
            channels.sort_by(|a, b| a.channel.cmp(&b.channel));
            (model, channels)
        };
        Ok(models.into_iter().map(with_channels).collect())
    }

    fn wake(&self, parts: &Parts, channel: &ChannelRecord) {
        let (endpoints, credentials, bindings) = parts.of(channel.id);
        let vitals = self.vitals(parts, channel, &endpoints, &credentials, &bindings);
        self.0.relay.health.wake(&vitals.targets());
        self.0.relay.events.publish_health(channel.id);
    }

    fn channel_status(&self, parts: &Parts, channel: &ChannelRecord) -> ChannelStatus {
        let (endpoints, credentials, bindings) = parts.of(channel.id);
        let vitals = self.vitals(parts, channel, &endpoints, &credentials, &bindings);
        let state = vitals.state();
        let rest = |target| RestStatus::from(vitals.resting(target));
        let credentials = vitals.credentials.iter().map(|one| CredentialStatus {
            id: one.id.to_string(),
            name: one.name.clone(),
            hint: one.hint.clone(),
            enabled: one.enabled,
            rest: rest(Target::Credential(one.id)),
        });
        let endpoints = vitals.endpoints.iter().map(|one| EndpointStatus {
            id: one.id.to_string(),
            base_url: one.base_url.clone(),
            rest: rest(Target::Endpoint(one.id)),
        });
        let models = vitals.bindings.iter().filter_map(|one| {
            let model = parts.models.get(*parts.places.get(&one.model_id)?)?;
            let rest = rest(Target::Binding(one.id));
            Some(ModelStatus { model: model.name.clone(), rest })
        });
        ChannelStatus {
            channel: channel.name.clone(),
            state: state.condition.as_str(),
            reason: state.reason,
            cause: state.resting.map(|resting| resting.cause.as_str()),
            until: state.resting.map(|resting| resting.until),
            in_flight: self.0.relay.in_flight(channel.id),
            credentials: credentials.collect(),
            endpoints: endpoints.collect(),
            models: models.collect(),
            hour: HourStatus::of(vitals.pulse),
            today: vitals.pulse.map(|pulse| UsageSums::from(&pulse.today)).unwrap_or_default(),
        }
    }

    fn vitals<'a>(
        &'a self,
        parts: &'a Parts,
        channel: &'a ChannelRecord,
        endpoints: &'a [&'a EndpointRecord],
        credentials: &'a [&'a CredentialRecord],
        bindings: &'a [&'a BindingRecord],
    ) -> Vitals<'a> {
        Vitals {
            channel,
            endpoints,
            credentials,
            bindings,
            health: &self.0.relay.health,
            pulse: parts.pulses.get(&channel.id),
            now: self.0.editor.clock.now(),
        }
    }
}

// === impl Parts ===

impl Parts {
    fn of(
        &self,
        id: ChannelId,
    ) -> (Vec<&EndpointRecord>, Vec<&CredentialRecord>, Vec<&BindingRecord>) {
        (
            rows_of(&self.endpoints, id, |one| one.channel_id).iter().collect(),
            rows_of(&self.credentials, id, |one| one.channel_id).iter().collect(),
            rows_of(&self.bindings, id, |one| one.channel_id)
                .iter()
                .filter(|one| one.enabled)
                .collect(),
        )
    }
}

/// The rows of one channel out of rows sorted by channel.
fn rows_of<Row>(rows: &[Row], id: ChannelId, channel: fn(&Row) -> ChannelId) -> &[Row] {
    let rest = &rows[rows.partition_point(|row| channel(row) < id)..];
    &rest[..rest.partition_point(|row| channel(row) == id)]
}

// === impl HourStatus ===

impl HourStatus {
    fn of(pulse: Option<&Pulse>) -> Self {
        let none = Pulse::default();
        let pulse = pulse.unwrap_or(&none);
        let hour = pulse.last_hour();
        Self {
            calls: hour.calls,
            ok_share: hour.good_share().unwrap_or(1.0),
            p50_first_event_us: hour.median_first_event_us(),
            strip: pulse.hours.iter().map(realms_store::HourPulse::good_share).collect(),
        }
    }
}

// === impl RestStatus ===

impl From<Option<Resting>> for RestStatus {
    fn from(resting: Option<Resting>) -> Self {
        Self {
            state: if resting.is_some() { "cooling_down" } else { "ok" },
            cause: resting.map(|resting| resting.cause.as_str()),
            until: resting.map(|resting| resting.until),
        }
    }
}
