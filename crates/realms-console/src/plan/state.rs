//! What is there: every object as a manifest would say it, with what only the database knows.

use std::{
    collections::{BTreeMap, HashMap, hash_map::Entry},
    str::FromStr,
};

use realms_seal::{Keyring, Place, Purpose};
use realms_store::{
    ApiKeyRecord, ChannelRecord, CredentialRecord, EndpointRecord, KeyHash, Reader, SettingRecord,
    StoreError, UserFilter, UserRecord,
};
use realms_types::{
    ApiKeyId, ChannelGroupId, ChannelId, ErrorRuleId, GroupName, ModelId, NameError, Secret,
    Timestamp, UserGroupId, UserId,
};

use crate::{
    ConsoleError,
    manifest::{
        ApiKey, Binding, Channel, ChannelGroup, Cost, Credential, Endpoint, ErrorRule, Model,
        ProxyText, SecretText, SettingText, Slot, User, UserGroup,
    },
};

/// Every object there is, by name.
#[derive(Debug, Default)]
pub struct State {
    /// Channel groups.
    pub channel_groups: BTreeMap<String, Held<ChannelGroupId, ChannelGroup>>,
    /// Models.
    pub models: BTreeMap<String, Held<ModelId, Model>>,
    /// Channels. Their keys are in here, opened.
    pub channels: BTreeMap<String, Held<ChannelId, Channel>>,
    /// User groups.
    pub user_groups: BTreeMap<String, Held<UserGroupId, UserGroup>>,
    /// Users.
    pub users: BTreeMap<String, Held<UserId, User, UserFacts>>,
    /// API keys by user and name.
    pub api_keys: BTreeMap<(String, String), Held<ApiKeyId, ApiKey, KeyFacts>>,
    /// Rules about errors of upstreams.
    pub error_rules: BTreeMap<String, Held<ErrorRuleId, ErrorRule>>,
    /// Settings that differ from their defaults. Secrets are in here, opened.
    pub settings: BTreeMap<String, SettingText>,
}

/// An object with its id and with what a manifest does not say.
#[derive(Debug, Clone)]
pub struct Held<I, T, F = ()> {
    /// Its id.
    pub id: I,
    /// The object, every field said.
    pub object: T,
    /// What only the database knows.
    pub facts: F,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// What only the database knows of a user.
#[derive(Debug, Clone)]
pub struct UserFacts {
    /// An argon2 hash.
    pub password_hash: Option<Secret<String>>,
}

/// What only the database knows of an API key.
#[derive(Debug, Clone)]
pub struct KeyFacts {
    /// What it is found by.
    pub hash: KeyHash,
    /// Its last 4 characters.
    pub hint: String,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
    /// When it last called.
    pub last_used_at: Option<Timestamp>,
    /// When it first called, where its end depends on that.
    pub first_used_at: Option<Timestamp>,
}

/// The parts of all channels, by channel.
#[derive(Default)]
struct Parts {
    base_urls: HashMap<ChannelId, String>,
    endpoints: HashMap<ChannelId, Vec<Endpoint>>,
    groups: HashMap<ChannelId, Vec<GroupName>>,
    credentials: HashMap<ChannelId, Vec<Credential>>,
    bindings: HashMap<ChannelId, Vec<Binding>>,
}

// === impl State ===

impl State {
    /// Reads everything. Inside a transaction it sees that transaction's changes.
    pub async fn load(reader: Reader<'_>, keyring: &Keyring) -> Result<Self, ConsoleError> {
        let mut state = Self::default();
        let (groups, pins) = state.load_channel_groups(reader).await?;
        state.load_models(reader).await?;
        state.load_channels(reader, keyring, &groups).await?;
        state.name_pins(&pins);
        let user_groups = state.load_user_groups(reader, &groups).await?;
        let users = state.load_users(reader, &user_groups).await?;
        state.load_api_keys(reader, &users, &groups).await?;
        state.load_error_rules(reader).await?;
        let settings = reader.list_settings().await?;
        // A secret that does not open is as good as none: it must be given again.
        let opened = |row: &SettingRecord| row.open(keyring).unwrap_or_else(|_| Secret::from(""));
        state.settings = settings
            .into_iter()
            .map(|row| (row.key.clone(), SettingText(opened(&row).reveal().clone())))
            .collect();
        Ok(state)
    }

    /// Reads what a person's own API keys are judged by: the keys, their owner, and every group.
    pub(crate) async fn load_own(reader: Reader<'_>, owner: UserId) -> Result<Self, ConsoleError> {
        let mut state = Self::default();
        let (groups, _) = state.load_channel_groups(reader).await?;
        let user_groups = state.load_user_groups(reader, &groups).await?;
        let missing = || ConsoleError::NotFound(format!("user `{owner}`"));
        let user = reader.find_user(owner).await?.ok_or_else(missing)?;
        let name = user.username.clone();
        state.hold_user(user, &user_groups)?;
        for row in reader.list_api_keys(Some(owner)).await? {
            let held = api_key(&row, &name, &groups)?;
            state.api_keys.insert((name.clone(), row.name), held);
        }
        Ok(state)
    }

    /// The key with this name, `user/name`.
    pub fn api_key_by_name(&self, name: &str) -> Option<&Held<ApiKeyId, ApiKey, KeyFacts>> {
        let (user, name) = name.split_once('/')?;
        self.api_keys.get(&(user.to_owned(), name.to_owned()))
    }

    /// The key of the same user with the same name.
    pub fn find_api_key(&self, key: &ApiKey) -> Option<&Held<ApiKeyId, ApiKey, KeyFacts>> {
        self.api_keys.get(&(key.user.to_string(), key.name.clone()))
    }

    async fn load_channel_groups(
        &mut self,
        reader: Reader<'_>,
    ) -> Result<(HashMap<ChannelGroupId, GroupName>, Vec<(String, ChannelId)>), ConsoleError> {
        let mut pins = Vec::new();
        let rows = reader.list_channel_groups().await?;
        let names: HashMap<_, _> = rows
            .iter()
            .map(|row| Ok((row.id, name_of("channel_groups", &row.name)?)))
            .collect::<Result<_, StoreError>>()?;
        for row in rows {
            let object = ChannelGroup {
                name: name_of("channel_groups", &row.name)?,
                parent: Some(row.parent_id.and_then(|id| names.get(&id).cloned()).into()),
                multiplier: Some(row.multiplier),
                priority: Some(row.priority),
                enabled: Some(row.enabled),
                // Names of channels are known once they are read.
                pinned: Some(Slot::Empty),
            };
            pins.extend(row.pinned_channel_id.map(|channel| (row.name.clone(), channel)));
            let held = Held::new(row.id, object, (), row.created_at, row.updated_at);
            self.channel_groups.insert(row.name, held);
        }
        Ok((names, pins))
    }

    /// Says which channel is pinned in which group. A channel that is gone is pinned nowhere.
    fn name_pins(&mut self, pins: &[(String, ChannelId)]) {
        for (group, channel) in pins {
            let pinned = self.channels.iter().find(|(_, held)| held.id == *channel);
            if let (Some((name, _)), Some(held)) = (pinned, self.channel_groups.get_mut(group)) {
                held.object.pinned = Some(Slot::Full(name.clone()));
            }
        }
    }

    async fn load_models(&mut self, reader: Reader<'_>) -> Result<(), ConsoleError> {
        for row in reader.list_models().await? {
            let object = Model::from(&row);
            let held = Held::new(row.id, object, (), row.created_at, row.updated_at);
            self.models.insert(row.name, held);
        }
        Ok(())
    }

    async fn load_error_rules(&mut self, reader: Reader<'_>) -> Result<(), ConsoleError> {
        for row in reader.list_error_rules().await? {
            let object = ErrorRule {
                name: row.name.clone(),
                priority: Some(row.priority),
                enabled: Some(row.enabled),
                when: Some(row.when),
                act: Some(row.act),
            };
            let held = Held::new(row.id, object, (), row.created_at, row.updated_at);
            self.error_rules.insert(row.name, held);
        }
        Ok(())
    }

    async fn load_channels(
        &mut self,
        reader: Reader<'_>,
        keyring: &Keyring,
        groups: &HashMap<ChannelGroupId, GroupName>,
    ) -> Result<(), ConsoleError> {
        let mut parts = Parts::load(reader, keyring, groups, &self.models).await?;
        for row in reader.list_channels().await? {
            let (id, created_at, updated_at) = (row.id, row.created_at, row.updated_at);
            let object = parts.channel(row, keyring);
            let name = object.name.clone();
            self.channels.insert(name, Held::new(id, object, (), created_at, updated_at));
        }
        Ok(())
    }

    async fn load_user_groups(
        &mut self,
        reader: Reader<'_>,
        groups: &HashMap<ChannelGroupId, GroupName>,
    ) -> Result<HashMap<UserGroupId, GroupName>, ConsoleError> {
        let mut names = HashMap::new();
        for row in reader.list_user_groups().await? {
            let name: GroupName = name_of("user_groups", &row.name)?;
            names.insert(row.id, name.clone());
            let object = UserGroup {
                name,
                channel_groups: Some(named(&row.channel_groups, groups)),
                multiplier: Some(row.multiplier),
            };
            let held = Held::new(row.id, object, (), row.created_at, row.updated_at);
            self.user_groups.insert(row.name, held);
        }
        Ok(names)
    }

    async fn load_users(
        &mut self,
        reader: Reader<'_>,
        groups: &HashMap<UserGroupId, GroupName>,
    ) -> Result<HashMap<UserId, String>, ConsoleError> {
        let mut names = HashMap::new();
        for row in all_users(reader).await? {
            names.insert(row.id, row.username.clone());
            self.hold_user(row, groups)?;
        }
        Ok(names)
    }

    fn hold_user(
        &mut self,
        row: UserRecord,
        groups: &HashMap<UserGroupId, GroupName>,
    ) -> Result<(), StoreError> {
        let facts = UserFacts { password_hash: row.password_hash };
        let object = User {
            username: name_of("users", &row.username)?,
            email: Some(row.email.into()),
            password: None,
            role: Some(row.role),
            group: groups.get(&row.group_id).cloned(),
            enabled: Some(row.enabled),
            limits: Some(row.limits),
            budgets: Some(row.budgets),
            balance_usd: None,
        };
        let held = Held::new(row.id, object, facts, row.created_at, row.updated_at);
        self.users.insert(row.username, held);
        Ok(())
    }

    async fn load_api_keys(
        &mut self,
        reader: Reader<'_>,
        users: &HashMap<UserId, String>,
        groups: &HashMap<ChannelGroupId, GroupName>,
    ) -> Result<(), ConsoleError> {
        for row in reader.list_api_keys(None).await? {
            let Some(user) = users.get(&row.user_id) else { continue };
            let held = api_key(&row, user, groups)?;
            self.api_keys.insert((user.clone(), row.name), held);
        }
        Ok(())
    }
}

/// Reads an API key as a manifest would say it.
fn api_key(
    row: &ApiKeyRecord,
    user: &str,
    groups: &HashMap<ChannelGroupId, GroupName>,
) -> Result<Held<ApiKeyId, ApiKey, KeyFacts>, StoreError> {
    let object = ApiKey {
        user: name_of("users", user)?,
        name: row.name.clone(),
        key: None,
        channel_groups: Some(named(&row.channel_groups, groups)),
        enabled: Some(row.enabled),
        limits: Some(row.limits),
        rules: Some(row.rules.clone()),
        multiplier: Some(row.multiplier),
    };
    let facts = KeyFacts {
        hash: row.hash,
        hint: row.hint.clone(),
        revoked_at: row.revoked_at,
        last_used_at: row.last_used_at,
        first_used_at: row.first_used_at,
    };
    Ok(Held::new(row.id, object, facts, row.created_at, row.updated_at))
}

/// Every user, page by page.
async fn all_users(reader: Reader<'_>) -> Result<Vec<UserRecord>, StoreError> {
    let mut users: Vec<UserRecord> = Vec::new();
    loop {
        let after = users.last().map(|user| user.id);
        let page = reader.list_users(&UserFilter { after, limit: 0 }).await?;
        if page.is_empty() {
            return Ok(users);
        }
        users.extend(page);
    }
}

// === impl Held ===

impl<I, T, F> Held<I, T, F> {
    const fn new(id: I, object: T, facts: F, created_at: Timestamp, updated_at: Timestamp) -> Self {
        Self { id, object, facts, created_at, updated_at }
    }
}

// === impl Parts ===

impl Parts {
    async fn load(
        reader: Reader<'_>,
        keyring: &Keyring,
        groups: &HashMap<ChannelGroupId, GroupName>,
        models: &BTreeMap<String, Held<ModelId, Model>>,
    ) -> Result<Self, ConsoleError> {
        let mut parts = Self::default();
        // Highest priority first: the first is the `base_url` of a manifest.
        for row in reader.list_endpoints(None).await? {
            parts.add_endpoint(row);
        }
        for (group, channel) in reader.list_channel_memberships().await? {
            parts.groups.entry(channel).or_default().extend(groups.get(&group).cloned());
        }
        for row in reader.list_credentials(None).await? {
            parts.credentials.entry(row.channel_id).or_default().push(credential(row, keyring));
        }
        let names: HashMap<ModelId, &String> =
            models.iter().map(|(name, held)| (held.id, name)).collect();
        for row in reader.list_bindings(None).await? {
            let Some(name) = names.get(&row.model_id) else { continue };
            parts.bindings.entry(row.channel_id).or_default().push(Binding {
                name: (*name).clone(),
                upstream: Some(row.upstream_model),
                enabled: Some(row.enabled),
                cost: Some(Cost::from(row.cost.as_ref())),
            });
        }
        Ok(parts)
    }

    fn add_endpoint(&mut self, row: EndpointRecord) {
        match self.base_urls.entry(row.channel_id) {
            Entry::Vacant(first) => {
                first.insert(row.base_url);
            }
            Entry::Occupied(_) => {
                let further = self.endpoints.entry(row.channel_id).or_default();
                further.push(Endpoint {
                    base_url: row.base_url,
                    // Whatever is stored, it comes after the first.
                    priority: Some(row.priority.min(Endpoint::NEXT)),
                    enabled: Some(row.enabled),
                });
            }
        }
    }

    fn channel(&mut self, row: ChannelRecord, keyring: &Keyring) -> Channel {
        let place = ChannelRecord::proxy_place(row.id);
        let mut groups = self.groups.remove(&row.id).unwrap_or_default();
        let mut credentials = self.credentials.remove(&row.id).unwrap_or_default();
        let mut models = self.bindings.remove(&row.id).unwrap_or_default();
        groups.sort();
        credentials.sort_by(|a, b| a.name.cmp(&b.name));
        models.sort_by(|a, b| a.name.cmp(&b.name));
        Channel {
            name: row.name,
            kind: Some(row.kind),
            base_url: self.base_urls.remove(&row.id),
            endpoints: Some(self.endpoints.remove(&row.id).unwrap_or_default()),
            dialects: Some(row.dialects),
            priority: Some(row.priority),
            weight: Some(u32::try_from(row.weight).unwrap_or(0)),
            enabled: Some(row.enabled),
            promoted: Some(row.promoted),
            limits: Some(row.limits),
            api_version: Some(row.api_version.into()),
            cost_multiplier: Some(row.cost_multiplier.into()),
            proxy: Some(proxy(keyring, place, row.sealed_proxy.as_deref())),
            groups: Some(groups),
            credentials: Some(credentials),
            models: Some(models),
            options: Some(row.options),
        }
    }
}

/// A secret that does not open is as good as none: it must be given again.
fn credential(row: CredentialRecord, keyring: &Keyring) -> Credential {
    let place = CredentialRecord::secret_place(row.id);
    let opened = keyring.unseal_text(Purpose::Upstream, place, &row.sealed_secret);
    let place = CredentialRecord::proxy_place(row.id);
    Credential {
        name: row.name,
        key: opened.ok().map(SecretText::from),
        proxy: Some(proxy(keyring, place, row.sealed_proxy.as_deref())),
        enabled: Some(row.enabled),
        limits: Some(row.limits),
    }
}

/// A proxy that does not open is not none: its calls must not go without it.
fn proxy(keyring: &Keyring, place: Place, sealed: Option<&str>) -> Slot<ProxyText> {
    let opened = sealed.map(|sealed| keyring.unseal_text(Purpose::Upstream, place, sealed));
    opened.map(ProxyText::of_stored).into()
}

fn named(ids: &[ChannelGroupId], names: &HashMap<ChannelGroupId, GroupName>) -> Vec<GroupName> {
    ids.iter().filter_map(|id| names.get(id).cloned()).collect()
}

/// A name that this program wrote once must still be one.
fn name_of<T>(table: &'static str, name: &str) -> Result<T, StoreError>
where
    T: FromStr<Err = NameError>,
{
    name.parse().map_err(|error: NameError| StoreError::Corrupt {
        table,
        row: name.to_owned(),
        message: error.to_string(),
    })
}
