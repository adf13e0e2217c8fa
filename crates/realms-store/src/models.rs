//! Models: what clients name, with what it costs.

use realms_types::{ModelId, Price, Timestamp, UnitPrice};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set};
use serde::Deserialize;

use crate::{
    Reader, StoreError, Tx,
    entity::{model, model_price},
    json, sql,
    tx::set,
};

/// What clients name in `model`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModelRecord {
    /// Its id.
    pub id: ModelId,
    /// Unique name.
    pub name: String,
    /// Who made it, as model lists show it.
    pub owner: String,
    /// Whether it may be called.
    pub enabled: bool,
    /// What it costs, if that is known.
    pub price: Option<Price>,
    /// Where the price is from; `None` where there is none, and of prices older than this was noted.
    pub priced: Option<Priced>,
    /// Whether the price stays whatever lists of prices say.
    pub price_pinned: bool,
    /// How often the price was set or changed; 0 of prices older than this was counted.
    pub price_version: i64,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// A price that a model has or had.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PriceVersion {
    /// Its number: the first is 1.
    pub version: i64,
    /// What the model was called then.
    pub name: String,
    /// The price; `None` when it was taken away.
    pub price: Option<Price>,
    /// Who gave it.
    pub source: PriceSource,
    /// From when on.
    pub since: Timestamp,
}

/// Where a price is from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Priced {
    /// Who gave it.
    pub source: PriceSource,
    /// When.
    pub at: Timestamp,
}

/// Who gave a price.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PriceSource {
    /// A person, model by model or in a manifest.
    #[default]
    Manual,
    /// A list of prices that was brought along.
    Imported,
    /// The list that prices are kept up with, by its schedule.
    Synced,
}

/// What of a model changes; `None` leaves a value as it is.
#[derive(Debug, Clone, Default)]
pub struct ModelPatch {
    /// Unique name.
    pub name: Option<String>,
    /// Who made it.
    pub owner: Option<String>,
    /// Whether it may be called.
    pub enabled: Option<bool>,
    /// What it costs; `Some(None)` takes the price away.
    pub price: Option<Option<Price>>,
    /// Where the price is from.
    pub priced: Option<Option<Priced>>,
    /// Whether the price stays whatever lists of prices say.
    pub price_pinned: Option<bool>,
}

// === impl PriceSource ===

impl PriceSource {
    /// The word in the database and in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Manual => "manual",
            Self::Imported => "imported",
            Self::Synced => "synced",
        }
    }
}

// === impl ModelRecord ===

impl ModelRecord {
    /// Whether it has a price that stays: no schedule sets another, and no import unasked.
    pub const fn is_pinned(&self) -> bool {
        self.price.is_some() && self.price_pinned
    }
}

impl TryFrom<model::Model> for ModelRecord {
    type Error = StoreError;

    fn try_from(row: model::Model) -> Result<Self, StoreError> {
        let unit = |nano: i64| {
            UnitPrice::from_nano(nano)
                .ok_or_else(|| StoreError::corrupt("models", &row.name, &"a price is negative"))
        };
        let price = match (row.input_price, row.output_price) {
            (Some(input), Some(output)) => Some(Price {
                input: unit(input)?,
                output: unit(output)?,
                cache_read: row.cache_read_price.map(unit).transpose()?,
                cache_write_5m: row.cache_write_5m_price.map(unit).transpose()?,
                cache_write_1h: row.cache_write_1h_price.map(unit).transpose()?,
                terms: json::read("models", &row.name, row.price_terms.as_deref())?,
            }),
            (None, None) => None,
            _ => return Err(StoreError::corrupt("models", &row.name, &"half a price")),
        };
        let priced = match (&row.price_source, row.priced_at) {
            (Some(source), Some(at)) => Some(Priced {
                source: sql::word("models", &row.name, source)?,
                at: Timestamp::from_micros(at),
            }),
            _ => None,
        };
        Ok(Self {
            id: row.id.into(),
            name: row.name,
            owner: row.owner,
            enabled: row.enabled,
            price,
            priced,
            price_pinned: row.price_pinned,
            price_version: row.price_version,
            created_at: Timestamp::from_micros(row.created_at),
            updated_at: Timestamp::from_micros(row.updated_at),
        })
    }
}

impl From<&ModelRecord> for model::Model {
    fn from(record: &ModelRecord) -> Self {
        let price = price_columns(record.price.as_ref());
        Self {
            id: record.id.raw(),
            name: record.name.clone(),
            owner: record.owner.clone(),
            enabled: record.enabled,
            input_price: price[0],
            output_price: price[1],
            cache_read_price: price[2],
            cache_write_5m_price: price[3],
            cache_write_1h_price: price[4],
            price_source: record.priced.map(|priced| priced.source.as_str().to_owned()),
            priced_at: record.priced.map(|priced| priced.at.as_micros()),
            created_at: record.created_at.as_micros(),
            updated_at: record.updated_at.as_micros(),
            price_terms: terms_column(record.price.as_ref()),
            price_version: record.price_version,
            price_pinned: record.price_pinned,
        }
    }
}

fn terms_column(price: Option<&Price>) -> Option<String> {
    price.and_then(|price| json::text(&price.terms))
}

/// Input, output, cache read, cache write 5 m, cache write 1 h.
fn price_columns(price: Option<&Price>) -> [Option<i64>; 5] {
    let Some(price) = price else { return [None; 5] };
    [
        Some(price.input.nano()),
        Some(price.output.nano()),
        price.cache_read.map(UnitPrice::nano),
        price.cache_write_5m.map(UnitPrice::nano),
        price.cache_write_1h.map(UnitPrice::nano),
    ]
}

// === impl PriceVersion ===

impl TryFrom<model_price::Model> for PriceVersion {
    type Error = StoreError;

    fn try_from(row: model_price::Model) -> Result<Self, StoreError> {
        const TABLE: &str = "model_prices";
        Ok(Self {
            version: row.version,
            price: json::read(TABLE, &row.name, row.price.as_deref())?,
            source: sql::word(TABLE, &row.name, &row.source)?,
            since: Timestamp::from_micros(row.created_at),
            name: row.name,
        })
    }
}

// === impl Reader ===

impl Reader<'_> {
    /// All models by name.
    pub async fn list_models(self) -> Result<Vec<ModelRecord>, StoreError> {
        self.all(model::Entity::find().order_by_asc(model::Column::Name)).await
    }

    /// A model by id.
    pub async fn find_model(self, id: ModelId) -> Result<Option<ModelRecord>, StoreError> {
        self.one(model::Entity::find_by_id(id.raw())).await
    }

    /// The latest prices of a model, the newest first.
    pub async fn list_price_versions(
        self,
        id: ModelId,
        limit: u64,
    ) -> Result<Vec<PriceVersion>, StoreError> {
        let select = model_price::Entity::find()
            .filter(model_price::Column::ModelId.eq(id.raw()))
            .order_by_desc(model_price::Column::Version)
            .limit(limit);
        self.all(select).await
    }

    /// A model by name.
    pub async fn find_model_by_name(self, name: &str) -> Result<Option<ModelRecord>, StoreError> {
        self.one(model::Entity::find().filter(model::Column::Name.eq(name))).await
    }
}

// === impl Tx ===

impl Tx {
    /// Adds a model.
    pub async fn insert_model(&mut self, record: &ModelRecord) -> Result<(), StoreError> {
        self.bump_catalog().await?;
        let row = model::Model { price_version: 0, ..model::Model::from(record) };
        self.insert(row, format!("model `{}`", record.name)).await?;
        match record.priced {
            Some(priced) => self.add_price_version(record.id, priced.source, priced.at).await,
            None => Ok(()),
        }
    }

    /// Counts a price up and keeps it.
    async fn add_price_version(
        &mut self,
        id: ModelId,
        source: PriceSource,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        const COUNT: &str = "UPDATE models SET price_version = price_version + 1 WHERE id = ?";
        self.execute(COUNT, vec![id.raw().into()]).await?;
        let Some(held) = self.read().find_model(id).await? else { return Ok(()) };
        let row = model_price::Model {
            model_id: id.raw(),
            version: held.price_version,
            name: held.name,
            price: json::text(&held.price),
            source: source.as_str().to_owned(),
            created_at: now.as_micros(),
        };
        self.insert(row, format!("a price of model {id}")).await
    }

    /// Changes what the patch names.
    pub async fn update_model(
        &mut self,
        id: ModelId,
        patch: ModelPatch,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.bump_catalog().await?;
        let what = patch
            .name
            .as_ref()
            .map_or_else(|| format!("model {id}"), |name| format!("model `{name}`"));
        let terms = patch.price.as_ref().map(|price| terms_column(price.as_ref()));
        // Where it is from changes with every change of the price, and with nothing else.
        let source =
            patch.priced.map(|priced| priced.map_or_else(Default::default, |one| one.source));
        let price = patch.price.map(|price| price_columns(price.as_ref()));
        let values = model::ActiveModel {
            name: set(patch.name),
            owner: set(patch.owner),
            enabled: set(patch.enabled),
            input_price: set(price.map(|columns| columns[0])),
            output_price: set(price.map(|columns| columns[1])),
            cache_read_price: set(price.map(|columns| columns[2])),
            cache_write_5m_price: set(price.map(|columns| columns[3])),
            cache_write_1h_price: set(price.map(|columns| columns[4])),
            price_source: set(patch
                .priced
                .map(|priced| priced.map(|one| one.source.as_str().to_owned()))),
            priced_at: set(patch.priced.map(|priced| priced.map(|one| one.at.as_micros()))),
            price_terms: set(terms),
            price_pinned: set(patch.price_pinned),
            updated_at: Set(now.as_micros()),
            ..Default::default()
        };
        let update = model::Entity::update_many().set(values);
        self.update(update.filter(model::Column::Id.eq(id.raw())), what).await?;
        match source {
            Some(source) => self.add_price_version(id, source, now).await,
            None => Ok(()),
        }
    }

    /// Deletes a model with its bindings. Usage records keep its name and id.
    pub async fn delete_model(&mut self, id: ModelId) -> Result<(), StoreError> {
        self.bump_catalog().await?;
        let delete = model::Entity::delete_many().filter(model::Column::Id.eq(id.raw()));
        self.delete(delete, format!("model {id}")).await
    }
}
