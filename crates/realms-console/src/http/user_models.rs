//! The models somebody may use, with what they cost them and how they have been doing.

use std::collections::{BTreeSet, HashMap};

use axum::{Json, extract::State};
use realms_catalog::{Catalog, Model};
use realms_store::{HourPulse, Pulse};
use realms_types::{ChannelGroupId, DialectId, Ppm, Price, UnitPrice, UserGroupId};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    Console,
    body::Params,
    caller::Caller,
    list::{Column, Page, Uses, fields, names, page},
    problem::Problems,
    query::ListParams,
};
use crate::{ConsoleError, words};

/// What models are filtered and sorted by.
const COLUMNS: &[Column<UserModel>] = &[
    Column { name: "name", values: |model| vec![model.name.clone()], uses: Uses::Search },
    Column { name: "owner", values: |model| vec![model.owner.clone()], uses: Uses::Facet },
    Column {
        name: "dialect",
        values: |model| model.dialects.iter().map(ToString::to_string).collect(),
        uses: Uses::Facet,
    },
];

/// A model somebody may use. Prices are USD for a million LLM tokens.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct UserModel {
    /// What to name in a request.
    pub(super) name: String,
    /// Who made it.
    pub(super) owner: String,
    /// The dialects it answers in.
    #[schema(value_type = Vec<words::Dialect>)]
    pub(super) dialects: Vec<DialectId>,
    /// Fresh input, with the multiplier.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub(super) input_usd: Option<UnitPrice>,
    /// Output, with the multiplier.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub(super) output_usd: Option<UnitPrice>,
    /// Input read from a cache, with the multiplier.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub(super) cache_read_usd: Option<UnitPrice>,
    /// Input written to a cache for 5 minutes, with the multiplier.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub(super) cache_write_5m_usd: Option<UnitPrice>,
    /// Input written to a cache for an hour, with the multiplier.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub(super) cache_write_1h_usd: Option<UnitPrice>,
    /// Fresh input, without the multiplier.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    base_input_usd: Option<UnitPrice>,
    /// Output, without the multiplier.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    base_output_usd: Option<UnitPrice>,
    /// The multiplier of the way that is tried first.
    #[schema(value_type = String)]
    multiplier: Ppm,
    /// The channel groups that lead to it, in the order in which they are tried.
    channel_groups: Vec<String>,
    /// How it has been doing; left out before it was ever called.
    #[serde(skip_serializing_if = "Option::is_none")]
    health: Option<ModelHealth>,
}

/// How a model has been doing in the last 24 hours, over all who called it.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ModelHealth {
    /// Calls.
    calls: u64,
    /// The share that was answered, clients' own faults left out; 1 when there were none.
    ok_share: f64,
    /// The median time to the first event, as near as its class tells.
    #[serde(skip_serializing_if = "Option::is_none")]
    p50_first_event_us: Option<i64>,
    /// The share in each hour, the oldest first; `null` when there was nothing.
    hours: Vec<Option<f64>>,
}

/// Lists the models my group may use.
#[utoipa::path(
    get, path = "/api/models", tag = "models", params(ListParams),
    responses((status = 200, body = Page<UserModel>), Problems)
)]
pub(super) async fn list_my_models(
    State(console): State<Console>,
    caller: Caller,
    Params(params): Params<ListParams>,
) -> Result<Json<Page<UserModel>>, ConsoleError> {
    let query = params.read(&fields(&names(COLUMNS)))?;
    let models = console.models_of(caller.user()?.group_id).await?;
    page(models, &query, COLUMNS).map(Json)
}

// === impl Console ===

impl Console {
    /// The models a group of users may call, by name.
    async fn models_of(&self, group: UserGroupId) -> Result<Vec<UserModel>, ConsoleError> {
        let pulses = self.model_pulses().await?;
        Ok(self.models_with(group, &pulses))
    }

    /// The same with how they have been doing, as far as that is known.
    pub(super) fn models_with(
        &self,
        group: UserGroupId,
        pulses: &HashMap<String, Pulse>,
    ) -> Vec<UserModel> {
        let catalog = self.0.catalog.snapshot();
        let groups = catalog.allowed_groups(Some(group), &[]);
        let of_user = catalog.find_user_group(group).map_or(Ppm::ONE, |one| one.multiplier);
        let served = catalog.models().filter(|model| catalog.serves(model, &groups));
        let models = served.filter_map(|model| {
            let health = pulses.get(&model.name).map(ModelHealth::from);
            UserModel::of(&catalog, model, &groups, of_user, health)
        });
        let mut models: Vec<UserModel> = models.collect();
        models.sort_by(|a, b| a.name.cmp(&b.name));
        models
    }
}

// === impl UserModel ===

impl UserModel {
    fn of(
        catalog: &Catalog,
        model: &Model,
        groups: &[ChannelGroupId],
        of_user: Ppm,
        health: Option<ModelHealth>,
    ) -> Option<Self> {
        let (mut dialects, mut names) = (BTreeSet::new(), Vec::new());
        let mut multiplier = None;
        for group in groups {
            let mut ways: Vec<_> = model
                .bindings
                .iter()
                .filter_map(|one| Some((one, catalog.route(*group, one.channel.id)?)))
                .filter(|(one, _)| {
                    !one.channel.endpoints.is_empty() && !one.channel.credentials.is_empty()
                })
                .collect();
            ways.sort_by_key(|(one, _)| std::cmp::Reverse(one.channel.priority));
            let Some((_, first)) = ways.first() else { continue };
            multiplier = multiplier.or(first.multiplier.times(of_user));
            names.extend(catalog.find_group(*group).map(|group| group.name.clone()));
            dialects.extend(ways.iter().flat_map(|(one, _)| one.channel.dialects.iter().copied()));
        }
        let (multiplier, price) = (multiplier?, model.price.as_ref());
        let mine = price.map(|price| multiplied(price, multiplier));
        Some(Self {
            name: model.name.clone(),
            owner: model.owner.clone(),
            dialects: dialects.into_iter().collect(),
            input_usd: mine.as_ref().map(|price| price.input),
            output_usd: mine.as_ref().map(|price| price.output),
            cache_read_usd: mine.as_ref().and_then(|price| price.cache_read),
            cache_write_5m_usd: mine.as_ref().and_then(|price| price.cache_write_5m),
            cache_write_1h_usd: mine.as_ref().and_then(|price| price.cache_write_1h),
            base_input_usd: price.map(|price| price.input),
            base_output_usd: price.map(|price| price.output),
            multiplier,
            channel_groups: names,
            health,
        })
    }
}

/// A price as it is shown: each unit times the multiplier, to the nearest nano-USD. What a call costs
/// is not made from this: it is rounded once, at its end.
fn multiplied(price: &Price, multiplier: Ppm) -> Price {
    let times = |unit: UnitPrice| {
        let nano = i128::from(unit.nano()) * i128::from(multiplier.parts());
        let rounded = (nano + 500_000) / 1_000_000;
        i64::try_from(rounded).ok().and_then(UnitPrice::from_nano).unwrap_or(unit)
    };
    Price {
        input: times(price.input),
        output: times(price.output),
        cache_read: price.cache_read.map(times),
        cache_write_5m: price.cache_write_5m.map(times),
        cache_write_1h: price.cache_write_1h.map(times),
        terms: None,
    }
}

// === impl ModelHealth ===

impl From<&Pulse> for ModelHealth {
    fn from(pulse: &Pulse) -> Self {
        let day = pulse.day();
        Self {
            calls: day.calls,
            ok_share: day.good_share().unwrap_or(1.0),
            p50_first_event_us: day.median_first_event_us(),
            hours: pulse.hours.iter().map(HourPulse::good_share).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_price_is_shown_with_its_multiplier() {
        let unit = |text: &str| text.parse().unwrap();
        let price = Price {
            input: unit("1.25"),
            output: unit("10"),
            cache_read: Some(unit("0.000000001")),
            ..Price::default()
        };
        let half = multiplied(&price, "0.5".parse().unwrap());
        assert_eq!((half.input.to_string(), half.output.to_string()), ("0.625".into(), "5".into()));
        assert_eq!(half.cache_read.unwrap().nano(), 1, "a half is rounded up");
        assert_eq!(multiplied(&price, Ppm::ONE), price);
        assert_eq!(multiplied(&price, "0".parse().unwrap()).input.nano(), 0);
    }
}
