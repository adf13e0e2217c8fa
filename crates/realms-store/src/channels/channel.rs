//! Channels: configured routes to a vendor.

use realms_seal::Place;
use realms_types::{
    ChannelGroupId, ChannelId, ChannelKind, ChannelOptions, DialectId, Limits, Ppm, Timestamp,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, Set};

use crate::{
    Reader, StoreError, Tx,
    entity::{channel, channel_group_channel},
    json,
    tx::set,
};

/// A route to a vendor.
#[derive(Debug, Clone, PartialEq)]
pub struct ChannelRecord {
    /// Its id.
    pub id: ChannelId,
    /// Unique name.
    pub name: String,
    /// What kind of vendor.
    pub kind: ChannelKind,
    /// What it speaks; empty: what its kind speaks.
    pub dialects: Vec<DialectId>,
    /// Higher is tried first.
    pub priority: i64,
    /// Share of the calls within one priority.
    pub weight: i64,
    /// Whether it takes calls.
    pub enabled: bool,
    /// Whether it comes before every other, whatever their priorities.
    pub promoted: bool,
    /// What all its credentials together may use.
    pub limits: Limits,
    /// What it does to the calls that go through it.
    pub options: ChannelOptions,
    /// The proxy of its calls, sealed for [`ChannelRecord::proxy_place`] and the purpose `Upstream`.
    pub sealed_proxy: Option<String>,
    /// The dated version of the API that is asked for.
    pub api_version: Option<String>,
    /// What its vendor is paid of the prices of models; `None`: nobody said.
    pub cost_multiplier: Option<Ppm>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// What of a channel changes; `None` leaves a value as it is.
#[derive(Debug, Clone, Default)]
pub struct ChannelPatch {
    /// Unique name.
    pub name: Option<String>,
    /// What kind of vendor.
    pub kind: Option<ChannelKind>,
    /// What it speaks; empty: what its kind speaks.
    pub dialects: Option<Vec<DialectId>>,
    /// Higher is tried first.
    pub priority: Option<i64>,
    /// Share of the calls within one priority.
    pub weight: Option<i64>,
    /// Whether it takes calls.
    pub enabled: Option<bool>,
    /// Whether it comes before every other.
    pub promoted: Option<bool>,
    /// What all its credentials together may use.
    pub limits: Option<Limits>,
    /// What it does to the calls that go through it.
    pub options: Option<ChannelOptions>,
    /// The sealed proxy of its calls, or none from now on.
    pub sealed_proxy: Option<Option<String>>,
    /// The dated version of the API, or none from now on.
    pub api_version: Option<Option<String>>,
    /// What its vendor is paid of the prices of models, or nobody knows from now on.
    pub cost_multiplier: Option<Option<Ppm>>,
}

// === impl ChannelRecord ===

impl ChannelRecord {
    /// What the proxy of this channel is bound to when it is sealed.
    pub const fn proxy_place(id: ChannelId) -> Place {
        Place { table: "channels", column: "proxy", row: id.raw() }
    }
}

impl TryFrom<channel::Model> for ChannelRecord {
    type Error = StoreError;

    fn try_from(row: channel::Model) -> Result<Self, StoreError> {
        let corrupt = |cause| StoreError::corrupt("channels", &row.name, &cause);
        let negative = || StoreError::corrupt("channels", &row.name, &"a multiplier is negative");
        let multiplier = |parts| Ppm::from_parts(parts).ok_or_else(negative);
        Ok(Self {
            id: row.id.into(),
            kind: row.kind.parse().map_err(corrupt)?,
            dialects: row
                .dialects
                .split(',')
                .filter(|word| !word.is_empty())
                .map(str::parse)
                .collect::<Result<_, _>>()
                .map_err(corrupt)?,
            priority: row.priority,
            weight: row.weight,
            enabled: row.enabled,
            promoted: row.promoted,
            limits: json::read("channels", &row.name, row.limits.as_deref())?,
            options: ChannelOptions::parse(row.options.as_deref().unwrap_or_default()).map_err(
                |mistake| StoreError::Corrupt {
                    table: "channels",
                    row: row.name.clone(),
                    message: format!("options: {mistake}"),
                },
            )?,
            sealed_proxy: row.proxy,
            api_version: row.api_version,
            cost_multiplier: row.cost_multiplier_ppm.map(multiplier).transpose()?,
            created_at: Timestamp::from_micros(row.created_at),
            updated_at: Timestamp::from_micros(row.updated_at),
            name: row.name,
        })
    }
}

impl From<&ChannelRecord> for channel::Model {
    fn from(record: &ChannelRecord) -> Self {
        Self {
            id: record.id.raw(),
            name: record.name.clone(),
            kind: record.kind.as_str().to_owned(),
            dialects: comma_separated(&record.dialects),
            priority: record.priority,
            weight: record.weight,
            enabled: record.enabled,
            proxy: record.sealed_proxy.clone(),
            api_version: record.api_version.clone(),
            created_at: record.created_at.as_micros(),
            updated_at: record.updated_at.as_micros(),
            limits: json::text(&record.limits),
            promoted: record.promoted,
            options: Some(record.options.to_text()),
            cost_multiplier_ppm: record.cost_multiplier.map(Ppm::parts),
        }
    }
}

fn comma_separated(dialects: &[DialectId]) -> String {
    dialects.iter().map(|dialect| dialect.as_str()).collect::<Vec<_>>().join(",")
}

// === impl Reader ===

impl Reader<'_> {
    /// All channels, highest priority first, then by name.
    pub async fn list_channels(self) -> Result<Vec<ChannelRecord>, StoreError> {
        let order = channel::Entity::find().order_by_desc(channel::Column::Priority);
        self.all(order.order_by_asc(channel::Column::Name)).await
    }

    /// A channel by id.
    pub async fn find_channel(self, id: ChannelId) -> Result<Option<ChannelRecord>, StoreError> {
        self.one(channel::Entity::find_by_id(id.raw())).await
    }

    /// A channel by name.
    pub async fn find_channel_by_name(
        self,
        name: &str,
    ) -> Result<Option<ChannelRecord>, StoreError> {
        self.one(channel::Entity::find().filter(channel::Column::Name.eq(name))).await
    }

    /// The groups each channel is in, as pairs.
    pub async fn list_channel_memberships(
        self,
    ) -> Result<Vec<(ChannelGroupId, ChannelId)>, StoreError> {
        let rows = channel_group_channel::Entity::find().all(&self.link()).await?;
        Ok(rows.into_iter().map(|row| (row.group_id.into(), row.channel_id.into())).collect())
    }
}

// === impl Tx ===

impl Tx {
    /// Adds a channel without endpoints, credentials or groups.
    pub async fn insert_channel(&mut self, record: &ChannelRecord) -> Result<(), StoreError> {
        self.bump_catalog().await?;
        self.insert(channel::Model::from(record), format!("channel `{}`", record.name)).await
    }

    /// Changes what the patch names.
    pub async fn update_channel(
        &mut self,
        id: ChannelId,
        patch: ChannelPatch,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.bump_catalog().await?;
        let what = patch
            .name
            .as_ref()
            .map_or_else(|| format!("channel {id}"), |name| format!("channel `{name}`"));
        let values = channel::ActiveModel {
            name: set(patch.name),
            kind: set(patch.kind.map(|kind| kind.as_str().to_owned())),
            dialects: set(patch.dialects.as_deref().map(comma_separated)),
            priority: set(patch.priority),
            weight: set(patch.weight),
            enabled: set(patch.enabled),
            promoted: set(patch.promoted),
            limits: set(patch.limits.map(|limits| json::text(&limits))),
            options: set(patch.options.map(|options| Some(options.to_text()))),
            proxy: set(patch.sealed_proxy),
            api_version: set(patch.api_version),
            cost_multiplier_ppm: set(patch.cost_multiplier.map(|parts| parts.map(Ppm::parts))),
            updated_at: Set(now.as_micros()),
            ..Default::default()
        };
        let update = channel::Entity::update_many().set(values);
        self.update(update.filter(channel::Column::Id.eq(id.raw())), what).await
    }

    /// Deletes a channel with its endpoints, credentials, bindings and memberships. Usage records
    /// keep its id.
    pub async fn delete_channel(&mut self, id: ChannelId) -> Result<(), StoreError> {
        self.bump_catalog().await?;
        let delete = channel::Entity::delete_many().filter(channel::Column::Id.eq(id.raw()));
        self.delete(delete, format!("channel {id}")).await
    }

    /// Puts a channel into exactly these groups.
    pub async fn set_channel_memberships(
        &mut self,
        id: ChannelId,
        groups: &[ChannelGroupId],
    ) -> Result<(), StoreError> {
        self.bump_catalog().await?;
        let sql = "DELETE FROM channel_group_channels WHERE channel_id = ?";
        self.execute(sql, vec![id.raw().into()]).await?;
        let rows = groups.iter().map(|group| channel_group_channel::Model {
            group_id: group.raw(),
            channel_id: id.raw(),
        });
        self.insert_all(rows.collect(), format!("the groups of channel {id}")).await
    }
}
