//! What anyone may see of the models, where the site wants it: what they cost and how they have been doing.

use std::collections::HashMap;

use axum::{Json, extract::State};
use realms_identity::DEFAULT_GROUP;
use realms_store::{HourPulse, PULSE_HOURS, Pulse};
use realms_types::{DialectId, UnitPrice, UserGroupId};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    Console,
    body::Params,
    list::{Column, Page, Uses, fields, names, page},
    problem::Problems,
    query::ListParams,
    user_models::UserModel,
};
use crate::{ConsoleError, words};

/// What a model costs who signs up now, in USD for a million LLM tokens.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct PublicPrice {
    /// What to name in a request.
    name: String,
    /// Who made it.
    owner: String,
    /// The dialects it answers in.
    #[schema(value_type = Vec<words::Dialect>)]
    dialects: Vec<DialectId>,
    /// Fresh input.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    input_usd: Option<UnitPrice>,
    /// Output.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    output_usd: Option<UnitPrice>,
    /// Input read from a cache.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    cache_read_usd: Option<UnitPrice>,
    /// Input written to a cache for 5 minutes.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    cache_write_5m_usd: Option<UnitPrice>,
    /// Input written to a cache for an hour.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    cache_write_1h_usd: Option<UnitPrice>,
}

/// How a model has been doing in the last 24 hours. How much it was called is nobody's business.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct PublicStatus {
    /// What to name in a request.
    name: String,
    /// Who made it.
    owner: String,
    /// How it is doing now.
    #[schema(value_type = words::ModelState)]
    state: &'static str,
    /// The share of calls that was answered, clients' own faults left out; left out without calls.
    #[serde(skip_serializing_if = "Option::is_none")]
    ok_share: Option<f64>,
    /// The median time to the first event, as near as its class tells.
    #[serde(skip_serializing_if = "Option::is_none")]
    p50_first_event_us: Option<i64>,
    /// The share in each hour, the oldest first; `null` when there was nothing.
    hours: Vec<Option<f64>>,
}

const PRICE_COLUMNS: &[Column<PublicPrice>] = &[
    Column { name: "name", values: |model| vec![model.name.clone()], uses: Uses::Search },
    Column { name: "owner", values: |model| vec![model.owner.clone()], uses: Uses::Facet },
    Column {
        name: "dialect",
        values: |model| model.dialects.iter().map(ToString::to_string).collect(),
        uses: Uses::Facet,
    },
];

const STATUS_COLUMNS: &[Column<PublicStatus>] = &[
    Column { name: "name", values: |model| vec![model.name.clone()], uses: Uses::Search },
    Column { name: "owner", values: |model| vec![model.owner.clone()], uses: Uses::Facet },
    Column { name: "state", values: |model| vec![model.state.to_owned()], uses: Uses::Facet },
];

/// A model is judged by its latest calls, about so many: one that failed at night says little of now.
const JUDGED: u64 = 20;
/// From this share on it is up, and from the other on it is not down.
const UP: f64 = 0.95;
const NOT_DOWN: f64 = 0.5;

/// Shows what models cost who signs up now. No account is needed.
#[utoipa::path(
    get, path = "/api/public/prices", tag = "public", security(()), params(ListParams),
    responses((status = 200, body = Page<PublicPrice>), Problems)
)]
pub(super) async fn list_public_prices(
    State(console): State<Console>,
    Params(params): Params<ListParams>,
) -> Result<Json<Page<PublicPrice>>, ConsoleError> {
    let query = params.read(&fields(&names(PRICE_COLUMNS)))?;
    let models = console.new_people().map(|group| console.models_with(group, &HashMap::new()));
    let prices = models.into_iter().flatten().map(PublicPrice::from).collect();
    page(prices, &query, PRICE_COLUMNS).map(Json)
}

/// Shows how the models that who signs up may call have been doing. No account is needed.
#[utoipa::path(
    get, path = "/api/public/status", tag = "public", security(()), params(ListParams),
    responses((status = 200, body = Page<PublicStatus>), Problems)
)]
pub(super) async fn list_public_status(
    State(console): State<Console>,
    Params(params): Params<ListParams>,
) -> Result<Json<Page<PublicStatus>>, ConsoleError> {
    let query = params.read(&fields(&names(STATUS_COLUMNS)))?;
    let pulses = console.model_pulses().await?;
    let catalog = console.0.catalog.snapshot();
    let groups = catalog.allowed_groups(console.new_people(), &[]);
    let served = catalog.models().filter(|model| catalog.serves(model, &groups));
    let mut models: Vec<PublicStatus> = served
        .map(|model| PublicStatus::of(&model.name, &model.owner, pulses.get(&model.name)))
        .collect();
    models.sort_by(|a, b| a.name.cmp(&b.name));
    page(models, &query, STATUS_COLUMNS).map(Json)
}

// === impl Console ===

impl Console {
    /// The group of those who sign up; none before the first did.
    fn new_people(&self) -> Option<UserGroupId> {
        self.0.catalog.load().find_user_group_by_name(DEFAULT_GROUP).map(|group| group.id)
    }
}

// === impl PublicPrice ===

impl From<UserModel> for PublicPrice {
    fn from(model: UserModel) -> Self {
        Self {
            name: model.name,
            owner: model.owner,
            dialects: model.dialects,
            input_usd: model.input_usd,
            output_usd: model.output_usd,
            cache_read_usd: model.cache_read_usd,
            cache_write_5m_usd: model.cache_write_5m_usd,
            cache_write_1h_usd: model.cache_write_1h_usd,
        }
    }
}

// === impl PublicStatus ===

impl PublicStatus {
    fn of(name: &str, owner: &str, pulse: Option<&Pulse>) -> Self {
        let day = pulse.map(Pulse::day);
        let hours = pulse.map(|pulse| pulse.hours.as_slice()).unwrap_or_default();
        Self {
            name: name.to_owned(),
            owner: owner.to_owned(),
            state: state(hours),
            ok_share: day.as_ref().and_then(shown_share),
            p50_first_event_us: day.as_ref().and_then(HourPulse::median_first_event_us),
            hours: (0..PULSE_HOURS).map(|at| shown_share(hours.get(at)?)).collect(),
        }
    }
}

/// A share to the thousandth: all of it would tell of how many calls it is one.
fn shown_share(hour: &HourPulse) -> Option<f64> {
    hour.good_share().map(|share| (share * 1_000.0).round() / 1_000.0)
}

/// How a model is doing by its hours, the oldest first.
fn state(hours: &[HourPulse]) -> &'static str {
    let mut latest = HourPulse::default();
    for hour in hours.iter().rev() {
        latest.good += hour.good;
        latest.bad += hour.bad;
        if latest.good + latest.bad >= JUDGED {
            break;
        }
    }
    match latest.good_share() {
        None => "unknown",
        Some(share) if share >= UP => "up",
        Some(share) if share >= NOT_DOWN => "degraded",
        Some(_) => "down",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_does_not_tell_of_how_many_calls_it_is_one() {
        let mut hour = HourPulse::default();
        assert_eq!(shown_share(&hour), None);
        (hour.good, hour.bad) = (9_973, 1);
        assert_eq!(shown_share(&hour), Some(1.0));
        (hour.good, hour.bad) = (2, 1);
        assert_eq!(shown_share(&hour), Some(0.667));
    }

    #[test]
    fn a_model_is_judged_by_its_latest_calls() {
        let hour = |good, bad| {
            let mut hour = HourPulse::default();
            (hour.good, hour.bad) = (good, bad);
            hour
        };
        let of = |hours: &[(u64, u64)]| {
            let hours: Vec<HourPulse> = hours.iter().map(|(good, bad)| hour(*good, *bad)).collect();
            state(&hours)
        };
        assert_eq!(of(&[]), "unknown");
        assert_eq!(of(&[(0, 0), (0, 0)]), "unknown");
        assert_eq!(of(&[(0, 500), (20, 0)]), "up", "what was at night is over");
        assert_eq!(of(&[(500, 0), (0, 20)]), "down");
        assert_eq!(of(&[(19, 0), (0, 1)]), "up", "one of twenty says little");
        assert_eq!(of(&[(18, 0), (0, 2)]), "degraded");
        assert_eq!(of(&[(0, 1)]), "down");
    }
}
