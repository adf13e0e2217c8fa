//! Models as operators see them: with the channels that serve them, where their price is from, and
//! what they were used for.

use std::collections::HashMap;

use axum::{Json, extract::State};
use realms_store::{Dimension, ModelRecord, UsageFilter, UsageKey, UsageMeasure};
use realms_types::{Price, Timestamp, UnitPrice};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    Console,
    body::Params,
    channel_status::ServedBy,
    list::{Column, Page, Uses, fields, names, page},
    listing::View,
    problem::Problems,
    query::ListParams,
    sums::UsageSums,
    tokens::MONTH,
};
use crate::{ConsoleError, manifest::Model, words};

/// A model with what operators ask about it.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ModelRow {
    #[serde(flatten)]
    model: View<Model>,
    /// Where the price is from; left out where there is none, and where nobody noted it.
    #[serde(skip_serializing_if = "Option::is_none")]
    priced: Option<PricedView>,
    /// The channels that serve it, those that are switched off included.
    channels: Vec<ServedBy>,
    /// What was used within 30 days.
    last_30d: UsageSums,
    #[serde(skip)]
    record: ModelRecord,
}

/// Where a price is from.
#[derive(Debug, Serialize, ToSchema)]
struct PricedView {
    /// How it was given.
    #[schema(value_type = words::PriceOrigin)]
    source: &'static str,
    /// When it was given.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
}

/// What models are filtered and sorted by.
const COLUMNS: &[Column<ModelRow>] = &[
    Column { name: "name", values: |row| vec![row.record.name.clone()], uses: Uses::Search },
    Column { name: "id", values: |row| vec![row.record.id.to_string()], uses: Uses::Search },
    Column { name: "owner", values: |row| vec![row.record.owner.clone()], uses: Uses::Facet },
    Column {
        name: "enabled",
        values: |row| vec![row.record.enabled.to_string()],
        uses: Uses::Facet,
    },
    Column {
        name: "priced",
        values: |row| vec![row.record.price.is_some().to_string()],
        uses: Uses::Facet,
    },
    Column {
        name: "price_source",
        values: |row| row.priced.iter().map(|priced| priced.source.to_owned()).collect(),
        uses: Uses::Facet,
    },
    Column {
        name: "price_pinned",
        values: |row| vec![row.record.is_pinned().to_string()],
        uses: Uses::Facet,
    },
    Column {
        name: "channel",
        values: |row| row.channels.iter().map(|one| one.channel.clone()).collect(),
        uses: Uses::Facet,
    },
    Column {
        name: "served",
        values: |row| vec![(!row.channels.is_empty()).to_string()],
        uses: Uses::Facet,
    },
    Column {
        name: "channels",
        values: |row| vec![row.channels.len().to_string()],
        uses: Uses::Plain,
    },
    Column {
        name: "input_usd",
        values: |row| row.price(|price| Some(price.input)),
        uses: Uses::Plain,
    },
    Column {
        name: "output_usd",
        values: |row| row.price(|price| Some(price.output)),
        uses: Uses::Plain,
    },
    Column {
        name: "cache_read_usd",
        values: |row| row.price(|price| price.cache_read),
        uses: Uses::Plain,
    },
    Column {
        name: "cache_write_5m_usd",
        values: |row| row.price(|price| price.cache_write_5m),
        uses: Uses::Plain,
    },
    Column {
        name: "priced_at",
        values: |row| row.priced.iter().map(|priced| priced.at.to_string()).collect(),
        uses: Uses::Plain,
    },
    Column {
        name: "spend",
        values: |row| vec![row.last_30d.cost_usd.to_string()],
        uses: Uses::Plain,
    },
    Column { name: "calls", values: |row| vec![row.last_30d.calls.to_string()], uses: Uses::Plain },
    Column {
        name: "created_at",
        values: |row| vec![row.record.created_at.to_string()],
        uses: Uses::Plain,
    },
    Column {
        name: "updated_at",
        values: |row| vec![row.record.updated_at.to_string()],
        uses: Uses::Plain,
    },
];

/// Lists every model.
///
/// Each comes with the channels that serve it, where its price is from, and what it was used for.
#[utoipa::path(
    get, path = "/api/admin/models", tag = "models", params(ListParams),
    responses((status = 200, body = Page<ModelRow>), Problems)
)]
pub(super) async fn list_models(
    State(console): State<Console>,
    Params(params): Params<ListParams>,
) -> Result<Json<Page<ModelRow>>, ConsoleError> {
    let query = params.read(&fields(&names(COLUMNS)))?;
    let mut used = console.used_models().await?;
    let rows = console.served_models().await?.into_iter().map(|(record, channels)| ModelRow {
        model: View::of_model(&record),
        priced: record
            .priced
            .map(|priced| PricedView { source: priced.source.as_str(), at: priced.at }),
        channels,
        last_30d: used.remove(&record.name).unwrap_or_default(),
        record,
    });
    page(rows.collect(), &query, COLUMNS).map(Json)
}

// === impl Console ===

impl Console {
    /// What was used within 30 days of what clients named.
    async fn used_models(&self) -> Result<HashMap<String, UsageSums>, ConsoleError> {
        let now = self.0.editor.clock.now();
        let filter =
            UsageFilter { since: Some(now - MONTH), until: Some(now), ..UsageFilter::default() };
        let (store, measure) = (&self.0.editor.store, UsageMeasure::Calls);
        let groups = store.sum_usage_by(&filter, Dimension::Model, measure, usize::MAX).await?;
        let named = groups.into_iter().filter_map(|(key, group)| match key {
            UsageKey::Word(name) => Some((name, UsageSums::from(&group.sums))),
            _ => None,
        });
        Ok(named.collect())
    }
}

// === impl ModelRow ===

impl ModelRow {
    /// One of its prices, if it has one.
    fn price(&self, part: fn(&Price) -> Option<UnitPrice>) -> Vec<String> {
        self.record.price.as_ref().and_then(part).iter().map(ToString::to_string).collect()
    }
}
