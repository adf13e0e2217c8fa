//! From rows to a snapshot. Pure: every defect is found and named, none is repaired in silence.

use std::{
    collections::{HashMap, HashSet},
    fmt,
    sync::Arc,
};

use realms_types::{
    ChannelGroupId, ChannelId, ChannelKind, ChannelOptions, DialectId, ErrorRule, Exclusion,
    ModelId, OpenHours, OptionMistake, Ppm, Price, Proxy, ProxyError, Secret, UnitPrice,
};
use url::Url;

use crate::{
    Binding, Catalog, Channel, ChannelGroup, ChannelGroupRow, ChannelRow, Credential, Endpoint,
    ErrorRuleRow, IdleBinding, Model, ModelRow, PathStep, Route, Rows, Settings, UserGroup,
};

/// A tree deeper than this is a mistake.
const DEEPEST: usize = 16;
/// So many bindings of a model that are switched off are told about.
const MOST_IDLE: usize = 64;

/// The bindings of one model.
#[derive(Default)]
struct Bound {
    serving: Vec<Binding>,
    idle: Vec<IdleBinding>,
}

/// Where a walk down the tree of groups is.
struct Place<'a> {
    multiplier: Ppm,
    path: &'a [PathStep],
    priorities: &'a [i64],
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

    fn groups(
        &mut self,
        channels: &HashMap<ChannelId, Arc<Channel>>,
    ) -> HashMap<ChannelGroupId, ChannelGroup> {
        let rows = self.rows;
        let mut groups = HashMap::new();
        for row in &rows.channel_groups {
            let mut routes = Vec::new();
            let top = Place { multiplier: Ppm::ONE, path: &[], priorities: &[] };
            match self.walk(row, &top, channels, &mut routes) {
                Ok(()) => {
                    routes.sort_unstable_by_key(|route| route.channel_id);
                    let closed = self.closed(row.id, &routes);
                    let (id, name, enabled) = (row.id, row.name.clone(), row.enabled);
                    let pinned = row.pinned_channel_id;
                    let group = ChannelGroup { id, name, enabled, pinned, routes, closed };
                    groups.insert(id, group);
                }
                Err(message) => self.defect("channel_groups", row.id.raw(), &row.name, message),
            }
        }
        groups
    }

    /// Depth first: the channels of a group, then those of the groups in it.
    fn walk(
        &self,
        group: &ChannelGroupRow,
        above: &Place<'_>,
        channels: &HashMap<ChannelId, Arc<Channel>>,
        routes: &mut Vec<Route>,
    ) -> Result<(), String> {
        if above.path.len() > DEEPEST {
            return Err(format!("its groups lie in a circle, or deeper than {DEEPEST}"));
        }
        let multiplier = product(above.multiplier, group.multiplier_ppm)?;
        let own = product(Ppm::ONE, group.multiplier_ppm)?;
        let step = PathStep { name: group.name.clone(), multiplier: own };
        let path: Arc<[PathStep]> = above.path.iter().cloned().chain([step]).collect();
        // Of the outermost group it says nothing: a key names that one in an order of its own.
        let own = (!above.path.is_empty()).then_some(group.priority);
        let priorities: Arc<[i64]> = above.priorities.iter().copied().chain(own).collect();
        for member in self.rows.group_channels.iter().filter(|row| row.group_id == group.id) {
            if !channels.contains_key(&member.channel_id)
                && !self.rows.channels.iter().any(|row| row.id == member.channel_id)
            {
                return Err("one of its channels does not exist".to_owned());
            }
            if !routes.iter().any(|route| route.channel_id == member.channel_id) {
                let (channel_id, path) = (member.channel_id, Arc::clone(&path));
                let priorities = Arc::clone(&priorities);
                routes.push(Route { channel_id, multiplier, path, priorities });
            }
        }
        let mut below: Vec<_> = self
            .rows
            .channel_groups
            .iter()
            .filter(|row| row.parent_id == Some(group.id) && row.enabled)
            .collect();
        below.sort_by_key(|row| (std::cmp::Reverse(row.priority), row.id));
        let here = Place { multiplier, path: &path, priorities: &priorities };
        below.into_iter().try_for_each(|row| self.walk(row, &here, channels, routes))
    }

    /// The channels below a group that no route leads to, because groups on the way are switched off.
    fn closed(&self, group: ChannelGroupId, routes: &[Route]) -> Vec<ChannelId> {
        if self.rows.channel_groups.iter().all(|row| row.enabled) {
            return Vec::new();
        }
        let mut below = vec![group];
        let mut next = 0;
        while let Some(parent) = below.get(next).copied() {
            next += 1;
            let children = self
                .rows
                .channel_groups
                .iter()
                .filter(|row| row.parent_id == Some(parent) && !below.contains(&row.id));
            let children: Vec<_> = children.map(|row| row.id).collect();
            below.extend(children);
        }
        let members = self.rows.group_channels.iter().filter(|row| below.contains(&row.group_id));
        let mut closed: Vec<ChannelId> = members.map(|row| row.channel_id).collect();
        closed.sort_unstable();
        closed.dedup();
        closed.retain(|id| routes.binary_search_by_key(id, |route| route.channel_id).is_err());
        closed
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

    fn bindings(&self, channels: &HashMap<ChannelId, Arc<Channel>>) -> HashMap<ModelId, Bound> {
        let mut bindings: HashMap<ModelId, Bound> = HashMap::new();
        for row in &self.rows.bindings {
            let Some(channel) = channels.get(&row.channel_id).map(Arc::clone) else { continue };
            let bound = bindings.entry(row.model_id).or_default();
            let upstream_model = row.upstream_model.clone();
            let off = [
                (!channel.enabled).then_some(Exclusion::ChannelDisabled),
                (!row.enabled).then_some(Exclusion::BindingDisabled),
            ];
            match off.into_iter().flatten().next() {
                None => bound.serving.push(Binding { id: row.id, channel, upstream_model }),
                Some(reason) if bound.idle.len() < MOST_IDLE => {
                    bound.idle.push(IdleBinding { channel, upstream_model, reason });
                }
                Some(_) => {}
            }
        }
        bindings
    }

    fn user_groups(&self) -> HashMap<realms_types::UserGroupId, UserGroup> {
        let groups = self.rows.user_groups.iter().map(|row| {
            let (name, channel_groups) = (row.name.clone(), row.channel_groups.clone());
            (row.id, UserGroup { id: row.id, name, channel_groups })
        });
        groups.collect()
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

fn dialects(list: &str, kind: ChannelKind) -> Result<Vec<DialectId>, String> {
    let named: Vec<&str> = list.split(',').map(str::trim).filter(|name| !name.is_empty()).collect();
    if named.is_empty() {
        return Ok(kind.default_dialects().to_vec());
    }
    named.into_iter().map(|name| name.parse().map_err(|e| format!("dialects: {e}"))).collect()
}

/// The options with their hours; nothing where nothing is said, so that such a channel costs nothing.
type Options = (Option<Arc<ChannelOptions>>, Option<OpenHours>);

fn options(text: &str) -> Result<Options, String> {
    let told = |mistake: &OptionMistake| format!("options: {mistake}");
    let options = ChannelOptions::parse(text).map_err(|mistake| told(&mistake))?;
    if let Some(mistake) = options.check().first() {
        return Err(told(mistake));
    }
    let hours = options.hours.as_ref().and_then(|hours| hours.compile().ok());
    Ok(((!options.is_empty()).then(|| Arc::new(options)), hours))
}

fn error_rule(row: &ErrorRuleRow) -> Result<ErrorRule, String> {
    #[derive(serde::Deserialize)]
    struct Content {
        #[serde(rename = "match")]
        when: realms_types::ErrorMatch,
        #[serde(rename = "then")]
        act: realms_types::ErrorAct,
    }
    let Content { when, act } =
        serde_json::from_str(&row.content).map_err(|error| error.to_string())?;
    let rule = ErrorRule { name: row.name.clone(), enabled: true, when, act };
    rule.check().first().map_or(Ok(rule.clone()), |mistake| Err(mistake.to_string()))
}

/// A proxy that cannot be read is a defect of its row, never a call without it.
fn proxy(row: Option<&Result<Secret<String>, String>>) -> Result<Option<Arc<Proxy>>, String> {
    let of = |what: &dyn fmt::Display| format!("proxy: {what}");
    let Some(text) = row else { return Ok(None) };
    let text = text.as_ref().map_err(|message| of(message))?;
    let proxy = text.reveal().parse().map_err(|error: ProxyError| of(&error))?;
    Ok(Some(Arc::new(proxy)))
}

/// A base URL that asks for a dated version of the API, as its query.
pub fn with_api_version(mut base: Url, api_version: Option<&str>) -> Url {
    if let Some(version) = api_version {
        base.query_pairs_mut().append_pair("api-version", version);
    }
    base
}

fn base_url(text: &str) -> Result<Url, String> {
    let url = Url::parse(text).map_err(|error| format!("base_url: {error}"))?;
    let refused = match url.scheme() {
        "http" | "https" if !url.has_host() => "it names no host",
        "http" | "https" if !url.username().is_empty() || url.password().is_some() => {
            "a user or a password does not belong in it; use a credential"
        }
        "http" | "https" if url.query().is_some() || url.fragment().is_some() => {
            "a query or a fragment does not belong in it"
        }
        "http" | "https" => return Ok(url),
        _ => "it does not start with http:// or https://",
    };
    Err(format!("base_url: {refused}"))
}

fn product(above: Ppm, parts: i64) -> Result<Ppm, String> {
    let parts = i128::from(above.parts()) * i128::from(parts) / i128::from(Ppm::ONE.parts());
    i64::try_from(parts)
        .ok()
        .and_then(Ppm::from_parts)
        .ok_or_else(|| "its multiplier is negative or too large".to_owned())
}

fn price(row: &ModelRow) -> Result<Option<Price>, String> {
    let unit = |name: &str, nano: i64| {
        UnitPrice::from_nano(nano).ok_or_else(|| format!("its {name} price is negative"))
    };
    let optional = |name: &str, nano: Option<i64>| nano.map(|nano| unit(name, nano)).transpose();
    let (input, output) = match (row.input_price, row.output_price) {
        (None, None) => return Ok(None),
        (input, output) => (input.unwrap_or(0), output.unwrap_or(0)),
    };
    Ok(Some(Price {
        input: unit("input", input)?,
        output: unit("output", output)?,
        cache_read: optional("cache read", row.cache_read_price)?,
        cache_write_5m: optional("5 minute cache write", row.cache_write_5m_price)?,
        cache_write_1h: optional("1 hour cache write", row.cache_write_1h_price)?,
    }))
}

#[cfg(test)]
mod tests {
    use realms_types::{BindingId, CredentialId, EndpointId, Scope, Timestamp, UserGroupId};

    use super::*;
    use crate::{
        BindingRow, CredentialRow, EndpointRow, GroupChannelRow, SettingRow, UserGroupRow,
    };

    fn sound() -> Rows {
        Rows {
            version: 3,
            channels: vec![ChannelRow {
                id: ChannelId::new(1),
                name: "a".into(),
                kind: "openai".into(),
                dialects: String::new(),
                priority: 10,
                weight: 1,
                enabled: true,
                promoted: false,
                limits: Ok(realms_types::Limits::NONE),
                options: String::new(),
                proxy: None,
                api_version: None,
            }],
            endpoints: vec![EndpointRow {
                id: EndpointId::new(1),
                channel_id: ChannelId::new(1),
                base_url: "https://api.openai.com/v1".into(),
                priority: 0,
                enabled: true,
            }],
            credentials: vec![CredentialRow {
                id: CredentialId::new(1),
                channel_id: ChannelId::new(1),
                name: "k".into(),
                secret: Ok(Secret::from("upstream-key")),
                account: None,
                enabled: true,
                limits: Ok(realms_types::Limits::NONE),
                proxy: None,
            }],
            error_rules: Vec::new(),
            channel_groups: vec![group(1, None, 2_000_000), group(2, Some(1), 500_000)],
            group_channels: vec![GroupChannelRow {
                group_id: ChannelGroupId::new(2),
                channel_id: ChannelId::new(1),
            }],
            models: vec![ModelRow {
                id: ModelId::new(1),
                name: "gpt-5.2".into(),
                owner: "openai".into(),
                enabled: true,
                input_price: Some(1_250_000_000),
                output_price: Some(10_000_000_000),
                cache_read_price: None,
                cache_write_5m_price: None,
                cache_write_1h_price: None,
                created_at: Timestamp::EPOCH,
            }],
            bindings: vec![BindingRow {
                id: BindingId::new(1),
                channel_id: ChannelId::new(1),
                model_id: ModelId::new(1),
                upstream_model: "gpt-5.2".into(),
                enabled: true,
            }],
            user_groups: vec![UserGroupRow {
                id: UserGroupId::new(1),
                name: "default".into(),
                channel_groups: vec![ChannelGroupId::new(1)],
            }],
            settings: Vec::new(),
        }
    }

    fn group(id: i64, parent: Option<i64>, multiplier_ppm: i64) -> ChannelGroupRow {
        ChannelGroupRow {
            id: ChannelGroupId::new(id),
            name: format!("g{id}"),
            parent_id: parent.map(ChannelGroupId::new),
            multiplier_ppm,
            priority: 0,
            enabled: true,
            pinned_channel_id: None,
        }
    }

    #[test]
    fn sound_rows_link_up() {
        let catalog = Catalog::build(&sound()).unwrap();
        let groups = catalog.allowed_groups(Some(UserGroupId::new(1)), &[]);
        let model = catalog.find_model("gpt-5.2").unwrap();
        assert!(catalog.serves(model, &groups));
        // A nested group passes the product of the multipliers on.
        let route = catalog.route(ChannelGroupId::new(1), ChannelId::new(1)).unwrap();
        assert_eq!(route.multiplier, Ppm::ONE);
        let path: Vec<_> =
            route.path.iter().map(|step| format!("{} {}", step.name, step.multiplier)).collect();
        assert_eq!(path, ["g1 2", "g2 0.5"]);
    }

    #[test]
    fn what_is_switched_off_can_still_be_named() {
        let mut rows = sound();
        rows.channels.push(ChannelRow {
            id: ChannelId::new(2),
            name: "off".into(),
            enabled: false,
            ..rows.channels[0].clone()
        });
        for (id, channel, enabled) in [(2, 2, true), (3, 1, false)] {
            rows.bindings.push(BindingRow {
                id: BindingId::new(id),
                channel_id: ChannelId::new(channel),
                enabled,
                ..rows.bindings[0].clone()
            });
        }
        rows.channel_groups[1].enabled = false;
        let catalog = Catalog::build(&rows).unwrap();
        let model = catalog.find_model("gpt-5.2").unwrap();
        let reasons: Vec<_> = model.idle.iter().map(|idle| idle.reason).collect();
        assert_eq!(reasons, [Exclusion::ChannelDisabled, Exclusion::BindingDisabled]);
        assert_eq!(model.bindings.len(), 1);

        let (outer, inner, channel) =
            (ChannelGroupId::new(1), ChannelGroupId::new(2), ChannelId::new(1));
        assert!(catalog.route(outer, channel).is_none() && catalog.route(inner, channel).is_none());
        assert!(catalog.is_closed(outer, channel) && catalog.is_closed(inner, channel));
        assert!(!catalog.is_closed(outer, ChannelId::new(2)));
        assert!(catalog.find_group(inner).is_none());
        assert_eq!(catalog.group_name(inner), Some("g2"));
    }

    #[test]
    fn options_are_read_once_and_a_mistake_is_a_defect_of_its_row() {
        let mut rows = sound();
        rows.channels[0].options =
            r#"{"hours":{"zone":"UTC","windows":[{"from":"08:00","to":"09:00"}]}}"#.into();
        let catalog = Catalog::build(&rows).unwrap();
        let channel = catalog.find_channel(ChannelId::new(1)).unwrap();
        assert!(channel.options.is_some());
        let closed = channel.fits(realms_types::Asks::default(), Timestamp::EPOCH);
        assert_eq!(closed, Err(Exclusion::OutOfHours));
        rows.channels[0].options = "{}".into();
        let plain = Catalog::build(&rows).unwrap();
        assert!(plain.find_channel(ChannelId::new(1)).unwrap().options.is_none());

        rows.channels[0].options = r#"{"body":{"deny":["model"]}}"#.into();
        let rule = |id, priority, content: &str| ErrorRuleRow {
            id: realms_types::ErrorRuleId::new(id),
            name: format!("r{id}"),
            priority,
            enabled: id != 4,
            content: content.into(),
        };
        let good = r#"{"match":{"status":[400]},"then":{"hide":true}}"#;
        rows.error_rules =
            vec![rule(1, 0, good), rule(2, 5, good), rule(3, 9, "{}"), rule(4, 9, good)];
        let defects = Catalog::build(&rows).unwrap_err();
        let told: Vec<_> = defects.iter().map(|one| (one.table, one.name.as_str())).collect();
        assert_eq!(told, [("channels", "a"), ("error_rules", "r3")]);
        assert!(defects[0].message.starts_with("options: body.deny.0"), "{defects:?}");
        let (catalog, _) = Catalog::build_sound(&rows);
        let names: Vec<_> = catalog.error_rules().iter().map(|rule| rule.name.as_str()).collect();
        assert_eq!(names, ["r2", "r1"]);
    }

    #[test]
    fn a_key_narrows_but_never_widens() {
        let catalog = Catalog::build(&sound()).unwrap();
        let group = Some(UserGroupId::new(1));
        assert_eq!(catalog.allowed_groups(group, &[ChannelGroupId::new(2)]), []);
        assert_eq!(catalog.allowed_groups(None, &[ChannelGroupId::new(1)]), []);
    }

    #[test]
    fn each_defect_is_named_and_the_sound_rest_serves() {
        let mut rows = sound();
        rows.channels.push(ChannelRow {
            id: ChannelId::new(9),
            name: "broken".into(),
            kind: "opanai".into(),
            ..rows.channels[0].clone()
        });
        rows.settings.push(SettingRow { key: "nope".into(), value: "1".into(), unreadable: None });
        rows.credentials[0].secret = Err("sealed by another key".into());
        let defects = Catalog::build(&rows).unwrap_err();
        assert_eq!(defects.len(), 3, "{defects:?}");

        let (catalog, defects) = Catalog::build_sound(&rows);
        assert_eq!(defects.len(), 3);
        assert!(catalog.find_model("gpt-5.2").is_some());
        assert!(catalog.find_channel(ChannelId::new(9)).is_none());
    }

    #[test]
    fn the_credentials_proxy_wins_and_each_knows_whose_it_is() {
        let mut rows = sound();
        let sealed = |text: &str| Some(Ok(Secret::from(text)));
        for (of_channel, of_credential, expected) in [
            (None, None, None),
            (Some("http://a.example"), None, Some(("http://a.example:80", Scope::Channel))),
            (None, Some("http://b.example"), Some(("http://b.example:80", Scope::Credential))),
            (
                Some("http://a.example"),
                Some("socks5://u:p@b.example"),
                Some(("socks5://***@b.example:1080", Scope::Credential)),
            ),
        ] {
            rows.channels[0].proxy = of_channel.and_then(sealed);
            rows.credentials[0].proxy = of_credential.and_then(sealed);
            let catalog = Catalog::build(&rows).unwrap();
            let channel = catalog.find_channel(ChannelId::new(1)).unwrap();
            let found = channel.proxy_for(&channel.credentials[0]);
            let shown = found.map(|(proxy, owner)| (proxy.to_string(), owner));
            let expected = expected.map(|(text, owner)| (text.to_owned(), owner));
            assert_eq!(shown, expected);
        }
    }

    #[test]
    fn a_proxy_that_cannot_be_read_takes_its_row_out_of_service() {
        for bad in [Ok(Secret::from("canary:1080")), Err("sealed by another key".to_owned())] {
            let mut rows = sound();
            rows.channels[0].proxy = Some(bad.clone());
            let (catalog, defects) = Catalog::build_sound(&rows);
            assert!(catalog.find_channel(ChannelId::new(1)).is_none());
            assert!(defects[0].message.starts_with("proxy: "), "{defects:?}");
            assert!(!format!("{defects:?}").contains("canary"));

            let mut rows = sound();
            rows.credentials[0].proxy = Some(bad);
            let (catalog, defects) = Catalog::build_sound(&rows);
            let channel = catalog.find_channel(ChannelId::new(1)).unwrap();
            assert!(channel.credentials.is_empty(), "{defects:?}");
        }
    }

    #[test]
    fn a_dated_version_is_asked_for_at_every_endpoint() {
        let mut rows = sound();
        rows.channels[0].api_version = Some("2024-10-21 x&y".into());
        let catalog = Catalog::build(&rows).unwrap();
        let channel = catalog.find_channel(ChannelId::new(1)).unwrap();
        let query = channel.endpoints[0].base_url.query();
        assert_eq!(query, Some("api-version=2024-10-21+x%26y"));
    }

    #[test]
    fn a_circle_of_groups_is_a_defect() {
        let mut rows = sound();
        rows.channel_groups[0].parent_id = Some(ChannelGroupId::new(2));
        let defects = Catalog::build(&rows).unwrap_err();
        assert!(defects[0].message.contains("circle"), "{defects:?}");
        assert!(!Catalog::build_sound(&rows).1.is_empty());
    }

    #[test]
    fn base_urls_are_checked() {
        for bad in ["", "api.openai.com", "ftp://x", "https://u:p@x/v1", "https://x/?key=1"] {
            assert!(base_url(bad).is_err(), "{bad} passed");
        }
        assert!(base_url("http://127.0.0.1:8000").is_ok());
    }
}
