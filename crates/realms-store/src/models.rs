//! Models: what clients name, with what it costs.

use realms_types::{ModelId, Price, Timestamp, UnitPrice};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, Set};

use crate::{Reader, StoreError, Tx, entity::model, tx::set};

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
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
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
}

// === impl ModelRecord ===

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
            }),
            (None, None) => None,
            _ => return Err(StoreError::corrupt("models", &row.name, &"half a price")),
        };
        Ok(Self {
            id: row.id.into(),
            name: row.name,
            owner: row.owner,
            enabled: row.enabled,
            price,
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
            created_at: record.created_at.as_micros(),
            updated_at: record.updated_at.as_micros(),
        }
    }
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
        self.insert(model::Model::from(record), format!("model `{}`", record.name)).await
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
            updated_at: Set(now.as_micros()),
            ..Default::default()
        };
        let update = model::Entity::update_many().set(values);
        self.update(update.filter(model::Column::Id.eq(id.raw())), what).await
    }

    /// Deletes a model with its bindings. Usage records keep its name and id.
    pub async fn delete_model(&mut self, id: ModelId) -> Result<(), StoreError> {
        self.bump_catalog().await?;
        let delete = model::Entity::delete_many().filter(model::Column::Id.eq(id.raw()));
        self.delete(delete, format!("model {id}")).await
    }
}
