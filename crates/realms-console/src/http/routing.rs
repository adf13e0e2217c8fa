//! What would happen to a call, without sending it.

use axum::{Json, extract::State};
use realms_dialect::Intent;
use realms_relay::Simulation;
use realms_store::DecisionRecord;
use realms_types::{ChannelGroupId, ChannelId, DialectId, UserGroupId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    Console, body::Strict, call_view::Labels, decision::DecisionView, problem::Problems,
    trace::RefusalView,
};
use crate::{ConsoleError, Refusal, words};

/// Channels that a what-if may leave out.
const MOST_WITHOUT: usize = 100;

/// A call that is only thought of. It is made by a user, with an API key, or by somebody of a user
/// group.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SimulateRequest {
    /// The user who would call: name or id.
    user: Option<String>,
    /// The API key they would call with: its id.
    api_key: Option<String>,
    /// The user group of whoever would call, instead of the user's own: name or id.
    user_group: Option<String>,
    /// The model they would name.
    #[schema(max_length = 255)]
    model: String,
    /// The dialect they would speak: `responses`, `chat`, `messages`, `gemini`.
    #[schema(value_type = words::Dialect)]
    dialect: DialectId,
    /// Whether they would ask for a stream; it makes no difference to who is asked.
    #[expect(dead_code, reason = "part of the form, for what may depend on it one day")]
    stream: Option<bool>,
    /// Whether they would name a session.
    session: Option<bool>,
    /// The price tier they would ask for, such as `priority`.
    service_tier: Option<String>,
    /// Channels to be taken for switched off: names or ids.
    #[serde(default)]
    #[schema(max_items = 100)]
    without_channels: Vec<String>,
    /// What chance is drawn from, as a decision tells it; any, when left out.
    seed: Option<String>,
}

/// What would become of it.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct SimulateResult {
    #[serde(flatten)]
    decision: DecisionView,
    /// What the client would be told, if nobody could be asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    refusal: Option<RefusalView>,
}

/// Shows whom a call would ask, and why nobody else, without sending anything.
#[utoipa::path(
    post, path = "/api/admin/routing/simulate", tag = "routing",
    request_body = SimulateRequest,
    responses((status = 200, body = SimulateResult), Problems)
)]
pub(super) async fn simulate_routing(
    State(console): State<Console>,
    Strict(request): Strict<SimulateRequest>,
) -> Result<Json<SimulateResult>, ConsoleError> {
    let simulation = console.simulation(request).await?;
    let names = console.call_names(&[], true).await?;
    let simulated = console.0.relay.simulate(&simulation);
    let Simulation { model, dialect, session, user_group, .. } = simulation;
    let nothing = || DecisionRecord {
        at: console.0.editor.clock.now(),
        seed: simulation.seed.unwrap_or_default(),
        user_group,
        key_groups: simulated.groups,
        session,
        home: false,
        kind: None,
        asks: realms_types::Asks::default(),
        bond: None,
        released: None,
        considered: Vec::new(),
        truncated: false,
    };
    let record = simulated.decision.unwrap_or_else(nothing);
    let (version, mut labels) = (simulated.catalog_version, Labels::default());
    let decision = DecisionView::new(&names, record, version, Some(model), dialect, &mut labels);
    let refusal = simulated
        .refusal
        .map(|fault| RefusalView { code: fault.word().to_owned(), detail: fault.message });
    Ok(Json(SimulateResult { decision, refusal }))
}

// === impl Console ===

impl Console {
    async fn simulation(&self, request: SimulateRequest) -> Result<Simulation, ConsoleError> {
        if request.without_channels.len() > MOST_WITHOUT {
            let detail = format!("at most {MOST_WITHOUT} channels can be left out");
            return Err(Refusal::field("/without_channels", "too_many", detail).into());
        }
        let without = request.without_channels.iter().map(|name| self.channel_id(name));
        let without = without.collect::<Result<Vec<_>, _>>()?;
        let (user_group, key_groups) = self.simulated_caller(&request).await?;
        Ok(Simulation {
            user_group,
            key_groups,
            model: request.model,
            dialect: request.dialect,
            asks: Intent { service_tier: request.service_tier, ..Intent::default() }.asks(),
            session: request.session.unwrap_or(false),
            without,
            seed: request.seed.as_deref().map(seed).transpose()?,
        })
    }

    /// The user group of whoever would call, and the groups their key narrows to.
    async fn simulated_caller(
        &self,
        request: &SimulateRequest,
    ) -> Result<(Option<UserGroupId>, Vec<ChannelGroupId>), ConsoleError> {
        let reader = self.0.editor.store.read();
        let mut owner = None;
        let mut key_groups = Vec::new();
        if let Some(id) = &request.api_key {
            let missing = || unknown("/api_key", "API key", id);
            let id = id.parse().map_err(|_| missing())?;
            let key = reader.find_api_key(id).await?.ok_or_else(missing)?;
            (owner, key_groups) = (Some(key.user_id), key.channel_groups);
        }
        if let Some(name) = &request.user {
            let missing = || unknown("/user", "user", name);
            let user = if let Some(user) = reader.find_user_by_name(name).await? {
                user
            } else {
                let id = name.parse().map_err(|_| missing())?;
                reader.find_user(id).await?.ok_or_else(missing)?
            };
            if owner.is_some_and(|owner| owner != user.id) {
                let detail = "this API key belongs to another user: leave one of them out";
                return Err(Refusal::field("/user", "contradiction", detail).into());
            }
            owner = Some(user.id);
        }
        if let Some(name) = &request.user_group {
            let missing = || unknown("/user_group", "user group", name);
            let group = if let Some(group) = reader.find_user_group_by_name(name).await? {
                group
            } else {
                let id = name.parse().map_err(|_| missing())?;
                reader.find_user_group(id).await?.ok_or_else(missing)?
            };
            return Ok((Some(group.id), key_groups));
        }
        let Some(owner) = owner else {
            let detail = "say who calls: `user`, `api_key` or `user_group`";
            return Err(Refusal::field("/user", "missing", detail).into());
        };
        let user = reader.find_user(owner).await?;
        Ok((user.map(|user| user.group_id), key_groups))
    }

    fn channel_id(&self, name: &str) -> Result<ChannelId, ConsoleError> {
        let catalog = self.0.catalog.load();
        let found = catalog.channels().find(|channel| channel.name == name);
        let by_id = || name.parse().ok().filter(|id| catalog.find_channel(*id).is_some());
        let found = found.map(|channel| channel.id).or_else(by_id);
        found.ok_or_else(|| unknown("/without_channels", "channel", name))
    }
}

fn unknown(pointer: &str, what: &str, name: &str) -> ConsoleError {
    let shown: String = name.chars().take(100).collect();
    Refusal::field(pointer, "unknown", format!("there is no {what} `{shown}`")).into()
}

/// A seed as decisions tell it: up to 16 hexadecimal digits.
fn seed(text: &str) -> Result<u64, ConsoleError> {
    u64::from_str_radix(text, 16).map_err(|_| {
        Refusal::field("/seed", "malformed", "a seed is up to 16 hexadecimal digits").into()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seeds_are_hexadecimal() {
        assert_eq!(seed("00000000000000ff").unwrap(), 255);
        assert_eq!(seed(&format!("{:016x}", u64::MAX)).unwrap(), u64::MAX);
        for bad in ["", "x", "-1", "1ffffffffffffffff"] {
            assert!(seed(bad).is_err(), "{bad}");
        }
    }
}
