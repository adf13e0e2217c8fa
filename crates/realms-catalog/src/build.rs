//! From rows to a snapshot. Pure: every defect is found and named, none is repaired in silence.

mod read;
mod tree;

use std::{
    collections::{HashMap, HashSet},
    fmt,
    sync::Arc,
};

use realms_types::{ChannelId, ChannelKind, ErrorRule, Exclusion, ModelId, Ppm};

pub use self::read::with_api_version;
use self::read::{base_url, cost, dialects, error_rule, options, price, proxy};
use crate::{
    Binding, Catalog, Channel, ChannelRow, Credential, Endpoint, IdleBinding, Model, Rows,
    Settings, UserGroup,
};

/// So many bindings of a model that are switched off are told about.
const MOST_IDLE: usize = 64;

/// The bindings of one model.
#[derive(Default)]
struct Bound {
    serving: Vec<Binding>,
    idle: Vec<IdleBinding>,
}

/// A row that cannot be part of a snapshot.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Defect {
    /// The table of the row.
    pub table: &'static str,
    /// The number of the row, 0 where rows have none.
    pub row: i64,
    /// What the row is called.
    pub name: String,
    /// What is wrong with it.
    pub message: String,
}

/// Collects defects while the parts are built.
struct Builder<'a> {
    rows: &'a Rows,
    defects: Vec<Defect>,
}

// === impl Catalog ===

impl Catalog {
    /// Links rows into a snapshot, or names every row that is in the way.
    pub fn build(rows: &Rows) -> Result<Self, Vec<Defect>> {
        let mut builder = Builder { rows, defects: Vec::new() };
        let channels = builder.channels();
        let catalog = Self {
            version: rows.version,
            groups: builder.groups(&channels),
            models: builder.models(&channels),
            user_groups: builder.user_groups(),
            error_rules: builder.error_rules(),
            settings: builder.settings(),
            channels,
        };
        if builder.defects.is_empty() { Ok(catalog) } else { Err(builder.defects) }
    }

    /// The snapshot of the sound rows alone, for a start where no earlier snapshot exists.
    pub fn build_sound(rows: &Rows) -> (Self, Vec<Defect>) {
        let mut sound = rows.clone();
        let mut found = Vec::new();
        // Each round takes at least one row away, so this ends.
        loop {
            match Self::build(&sound) {
                Ok(catalog) => return (catalog, found),
                Err(defects) => {
                    sound.take_away(&defects);
                    found.extend(defects);
                }
            }
        }
    }
}

// === impl Rows ===

impl Rows {
    fn take_away(&mut self, defects: &[Defect]) {
        let bad: HashSet<(&str, i64)> = defects.iter().map(|d| (d.table, d.row)).collect();
        let bad_settings: HashSet<&str> = defects
            .iter()
            .filter(|defect| defect.table == "settings")
            .map(|defect| defect.name.as_str())
            .collect();
        let sound = |table: &'static str, row: i64| !bad.contains(&(table, row));
        self.channels.retain(|row| sound("channels", row.id.raw()));
        self.endpoints.retain(|row| sound("endpoints", row.id.raw()));
        self.credentials.retain(|row| sound("credentials", row.id.raw()));
        self.channel_groups.retain(|row| sound("channel_groups", row.id.raw()));
        self.models.retain(|row| sound("models", row.id.raw()));
        self.bindings.retain(|row| sound("bindings", row.id.raw()));
        self.user_groups.retain(|row| sound("user_groups", row.id.raw()));
        self.error_rules.retain(|row| sound("error_rules", row.id.raw()));
        self.settings.retain(|row| !bad_settings.contains(row.key.as_str()));
        // What hung on a row that is gone goes with it, or it would be the next defect.
        let channels: HashSet<_> = self.channels.iter().map(|row| row.id).collect();
        let groups: HashSet<_> = self.channel_groups.iter().map(|row| row.id).collect();
        let models: HashSet<_> = self.models.iter().map(|row| row.id).collect();
        self.endpoints.retain(|row| channels.contains(&row.channel_id));
        self.credentials.retain(|row| channels.contains(&row.channel_id));
        self.bindings
            .retain(|row| channels.contains(&row.channel_id) && models.contains(&row.model_id));
        self.group_channels
            .retain(|row| channels.contains(&row.channel_id) && groups.contains(&row.group_id));
        for row in &mut self.user_groups {
            row.channel_groups.retain(|id| groups.contains(id));
        }
        for row in &mut self.channel_groups {
            row.parent_id = row.parent_id.filter(|id| groups.contains(id));
        }
    }
}

// === impl Builder ===

impl Builder<'_> {
    fn defect(&mut self, table: &'static str, row: i64, name: &str, message: impl fmt::Display) {
        let (name, message) = (name.to_owned(), message.to_string());
        self.defects.push(Defect { table, row, name, message });
    }

    fn channels(&mut self) -> HashMap<ChannelId, Arc<Channel>> {
        let mut channels = HashMap::new();
        for row in &self.rows.channels {
            match self.channel(row) {
                Ok(channel) => {
                    channels.insert(row.id, Arc::new(channel));
                }
                Err(message) => self.defect("channels", row.id.raw(), &row.name, message),
            }
        }
        self.orphans(&channels);
        channels
    }

    fn channel(&mut self, row: &ChannelRow) -> Result<Channel, String> {
        let kind: ChannelKind = row.kind.parse().map_err(|e| format!("kind: {e}"))?;
        let (options, hours) = options(&row.options)?;
        let weight = u32::try_from(row.weight)
            .map_err(|_| format!("weight {} is not between 0 and {}", row.weight, u32::MAX))?;
        Ok(Channel {
            id: row.id,
            name: row.name.clone(),
            kind,
            dialects: dialects(&row.dialects, kind)?,
            priority: row.priority,
            weight,
            enabled: row.enabled,
            proxy: proxy(row.proxy.as_ref())?,
            promoted: row.promoted,
            limits: row.limits.clone()?,
            endpoints: self.endpoints(row.id, row.api_version.as_deref()),
            credentials: self.credentials(row.id),
            options,
            hours,
            cost_multiplier: row
                .cost_multiplier_ppm
                .map(|parts| Ppm::from_parts(parts).ok_or("its cost multiplier is negative"))
                .transpose()?,
        })
    }

    fn endpoints(&mut self, channel: ChannelId, api_version: Option<&str>) -> Vec<Arc<Endpoint>> {
        let rows = self.rows;
        let mut ordered: Vec<_> =
            rows.endpoints.iter().filter(|row| row.channel_id == channel && row.enabled).collect();
        ordered.sort_by_key(|row| (std::cmp::Reverse(row.priority), row.id));
        let mut endpoints = Vec::with_capacity(ordered.len());
        for row in ordered {
            match base_url(&row.base_url) {
                Ok(base_url) => {
                    let base_url = with_api_version(base_url, api_version);
                    endpoints.push(Arc::new(Endpoint { id: row.id, base_url }));
                }
                Err(message) => self.defect("endpoints", row.id.raw(), &row.base_url, message),
            }
        }
        endpoints
    }

    fn credentials(&mut self, channel: ChannelId) -> Vec<Arc<Credential>> {
        let rows = self.rows;
        let mut credentials = Vec::new();
        for row in rows.credentials.iter().filter(|row| row.channel_id == channel && row.enabled) {
            let read = row
                .secret
                .clone()
                .and_then(|secret| Ok((secret, row.limits.clone()?, proxy(row.proxy.as_ref())?)));
            match read {
                Ok((secret, limits, proxy)) => credentials.push(Arc::new(Credential {
                    id: row.id,
                    name: row.name.clone(),
                    secret,
                    account: row.account.clone(),
                    limits,
                    proxy,
                })),
                Err(message) => self.defect("credentials", row.id.raw(), &row.name, message),
            }
        }
        credentials.sort_by(|a, b| a.name.cmp(&b.name));
        credentials
    }

    /// Rows that name a channel or a model which is not there.
    fn orphans(&mut self, channels: &HashMap<ChannelId, Arc<Channel>>) {
        let rows = self.rows;
        let known: HashSet<ChannelId> = rows.channels.iter().map(|row| row.id).collect();
        let models: HashSet<ModelId> = rows.models.iter().map(|row| row.id).collect();
        let missing = |id: ChannelId| !known.contains(&id) && !channels.contains_key(&id);
        for row in rows.endpoints.iter().filter(|row| missing(row.channel_id)) {
            self.defect("endpoints", row.id.raw(), &row.base_url, "its channel does not exist");
        }
        for row in rows.credentials.iter().filter(|row| missing(row.channel_id)) {
            self.defect("credentials", row.id.raw(), &row.name, "its channel does not exist");
        }
        for row in rows.bindings.iter().filter(|row| missing(row.channel_id)) {
            self.defect(
                "bindings",
                row.id.raw(),
                &row.upstream_model,
                "its channel does not exist",
            );
        }
        for row in rows.bindings.iter().filter(|row| !models.contains(&row.model_id)) {
            self.defect("bindings", row.id.raw(), &row.upstream_model, "its model does not exist");
        }
    }

    fn models(
        &mut self,
        channels: &HashMap<ChannelId, Arc<Channel>>,
    ) -> HashMap<String, Arc<Model>> {
        let mut bindings = self.bindings(channels);
        let mut models = HashMap::new();
        for row in &self.rows.models {
            match price(row) {
                Ok(price) => {
                    let Bound { serving, idle } = bindings.remove(&row.id).unwrap_or_default();
                    let model = Model {
                        id: row.id,
                        name: row.name.clone(),
                        owner: row.owner.clone(),
                        enabled: row.enabled,
                        price,
                        price_version: row.price_version,
                        created_at: row.created_at,
                        bindings: serving,
                        idle,
                    };
                    models.insert(row.name.clone(), Arc::new(model));
                }
                Err(message) => self.defect("models", row.id.raw(), &row.name, message),
            }
        }
        models
    }

    fn bindings(&mut self, channels: &HashMap<ChannelId, Arc<Channel>>) -> HashMap<ModelId, Bound> {
        let rows = self.rows;
        let mut bindings: HashMap<ModelId, Bound> = HashMap::new();
        for row in &rows.bindings {
            let Some(channel) = channels.get(&row.channel_id).map(Arc::clone) else { continue };
            let cost = match cost(row) {
                Ok(cost) => cost,
                Err(message) => {
                    self.defect("bindings", row.id.raw(), &row.upstream_model, message);
                    continue;
                }
            };
            let bound = bindings.entry(row.model_id).or_default();
            let upstream_model = row.upstream_model.clone();
            let off = [
                (!channel.enabled).then_some(Exclusion::ChannelDisabled),
                (!row.enabled).then_some(Exclusion::BindingDisabled),
            ];
            match off.into_iter().flatten().next() {
                None => bound.serving.push(Binding { id: row.id, channel, upstream_model, cost }),
                Some(reason) if bound.idle.len() < MOST_IDLE => {
                    bound.idle.push(IdleBinding { channel, upstream_model, reason });
                }
                Some(_) => {}
            }
        }
        bindings
    }

    fn user_groups(&mut self) -> HashMap<realms_types::UserGroupId, UserGroup> {
        let mut groups = HashMap::new();
        for row in &self.rows.user_groups {
            let (name, channel_groups) = (row.name.clone(), row.channel_groups.clone());
            if let Some(multiplier) = Ppm::from_parts(row.multiplier_ppm) {
                let group = UserGroup { id: row.id, name, channel_groups, multiplier };
                groups.insert(row.id, group);
            } else {
                let message = "its multiplier is negative".to_owned();
                self.defect("user_groups", row.id.raw(), &row.name, message);
            }
        }
        groups
    }

    fn error_rules(&mut self) -> Arc<[ErrorRule]> {
        let rows = self.rows;
        let mut ordered: Vec<_> = rows.error_rules.iter().filter(|row| row.enabled).collect();
        ordered.sort_by_key(|row| (std::cmp::Reverse(row.priority), row.name.as_str()));
        let mut rules = Vec::with_capacity(ordered.len());
        for row in ordered {
            match error_rule(row) {
                Ok(rule) => rules.push(rule),
                Err(message) => self.defect("error_rules", row.id.raw(), &row.name, message),
            }
        }
        rules.into()
    }

    fn settings(&mut self) -> Settings {
        let mut settings = Settings::default();
        for row in &self.rows.settings {
            if let Some(reason) = &row.unreadable {
                self.defect("settings", 0, &row.key, reason);
            } else if let Err(error) = settings.set(&row.key, &row.value) {
                self.defect("settings", 0, &row.key, error);
            }
        }
        settings
    }
}

#[cfg(test)]
mod tests;
