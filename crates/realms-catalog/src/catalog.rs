//! The snapshot itself: names looked up, references linked, nothing left to check.

use std::{collections::HashMap, sync::Arc, time::Duration};

use realms_types::{
    Asks, BindingId, ChannelGroupId, ChannelId, ChannelKind, ChannelOptions, CredentialId,
    DialectId, EndpointId, ErrorRule, Exclusion, Limits, ModelId, OpenHours, Ppm, Price, Proxy,
    Scope, Secret, Timestamp, UserGroupId,
};
use url::Url;

use crate::Settings;

/// All runtime configuration at one version. A call loads it once and sees no other.
#[derive(Debug, Default)]
pub struct Catalog {
    pub(crate) version: i64,
    pub(crate) channels: HashMap<ChannelId, Arc<Channel>>,
    pub(crate) groups: HashMap<ChannelGroupId, ChannelGroup>,
    pub(crate) models: HashMap<String, Arc<Model>>,
    pub(crate) user_groups: HashMap<UserGroupId, UserGroup>,
    pub(crate) error_rules: Arc<[ErrorRule]>,
    pub(crate) settings: Settings,
}

/// A configured route to a vendor.
#[derive(Debug)]
pub struct Channel {
    /// Its id.
    pub id: ChannelId,
    /// Its name.
    pub name: String,
    /// What kind of vendor it leads to.
    pub kind: ChannelKind,
    /// What it speaks; never empty.
    pub dialects: Vec<DialectId>,
    /// Higher is tried first.
    pub priority: i64,
    /// Share of the calls within one priority; 0 only when no other is left.
    pub weight: u32,
    /// Whether it takes calls.
    pub enabled: bool,
    /// Whether it comes before every other, whatever their priorities.
    pub promoted: bool,
    /// What all its credentials together may use.
    pub limits: Limits,
    /// What its calls go through, unless the credential has its own.
    pub proxy: Option<Arc<Proxy>>,
    /// Enabled endpoints, the first to be tried first.
    pub endpoints: Vec<Arc<Endpoint>>,
    /// Enabled credentials, by name.
    pub credentials: Vec<Arc<Credential>>,
    /// What it does to the calls that go through it; `None`: nothing.
    pub options: Option<Arc<ChannelOptions>>,
    /// When it takes calls; `None`: always.
    pub hours: Option<OpenHours>,
    /// What its vendor is paid of the prices of models; `None`: nobody said.
    pub cost_multiplier: Option<Ppm>,
}

/// A base URL of a channel.
#[derive(Debug)]
pub struct Endpoint {
    /// Its id.
    pub id: EndpointId,
    /// With or without the version segment; with the dated version of the API as its query, where the
    /// channel has one.
    pub base_url: Url,
}

/// One secret for a channel.
#[derive(Debug)]
pub struct Credential {
    /// Its id.
    pub id: CredentialId,
    /// Its name.
    pub name: String,
    /// What signs the call.
    pub secret: Secret<String>,
    /// The account that the secret is an access token of.
    pub account: Option<Account>,
    /// What may be used of it.
    pub limits: Limits,
    /// What its calls go through, in place of the channel's.
    pub proxy: Option<Arc<Proxy>>,
}

/// An account at a vendor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// What the vendor calls it.
    pub id: String,
    /// Moves with its tokens.
    pub generation: i64,
}

/// A node of the tree of channels.
#[derive(Debug)]
pub struct ChannelGroup {
    /// Its id.
    pub id: ChannelGroupId,
    /// Its name.
    pub name: String,
    /// Whether it takes calls.
    pub enabled: bool,
    /// The channel below it that comes first, as long as it is ready.
    pub pinned: Option<ChannelId>,
    /// Every channel below it, with the multiplier of the path to it. A channel appears once; they
    /// are sorted by their ids.
    pub(crate) routes: Vec<Route>,
    /// Channels to which every path leads over a group that is switched off, sorted.
    pub(crate) closed: Vec<ChannelId>,
}

/// The way from a group to a channel below it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Route {
    /// The channel.
    pub channel_id: ChannelId,
    /// Product of the multipliers of all groups on the way.
    pub multiplier: Ppm,
    /// The groups on the way, the outermost first.
    pub path: Arc<[PathStep]>,
    /// The priorities of the groups on the way below the outermost one.
    pub priorities: Arc<[i64]>,
}

/// A group on the way to a channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PathStep {
    /// Its name.
    pub name: String,
    /// Its own multiplier.
    pub multiplier: Ppm,
}

/// What clients name in `model`.
#[derive(Debug)]
pub struct Model {
    /// Its id.
    pub id: ModelId,
    /// What clients name.
    pub name: String,
    /// Who made it.
    pub owner: String,
    /// Whether it may be called.
    pub enabled: bool,
    /// What it costs; `None` when nobody said.
    pub price: Option<Price>,
    /// Which version of its price that is.
    pub price_version: i64,
    /// When it was added.
    pub created_at: Timestamp,
    /// Who serves it: enabled bindings on enabled channels.
    pub bindings: Vec<Binding>,
    /// Who would serve it if it were not switched off, for those who ask why it does not.
    pub idle: Vec<IdleBinding>,
}

/// Which channel serves a model, and under which upstream name.
#[derive(Debug, Clone)]
pub struct Binding {
    /// Its id.
    pub id: BindingId,
    /// The channel that serves.
    pub channel: Arc<Channel>,
    /// What the upstream calls the model.
    pub upstream_model: String,
    /// What the vendor is paid for the model, in place of a part of its price.
    pub cost: Option<Arc<Price>>,
}

/// A binding that takes no calls.
#[derive(Debug, Clone)]
pub struct IdleBinding {
    /// The channel that would serve.
    pub channel: Arc<Channel>,
    /// What the upstream calls the model.
    pub upstream_model: String,
    /// What is switched off.
    pub reason: Exclusion,
}

/// A group of users and the channel groups they may use.
#[derive(Debug)]
pub struct UserGroup {
    /// Its id.
    pub id: UserGroupId,
    /// Its name.
    pub name: String,
    /// Allowed channel groups, in order.
    pub channel_groups: Vec<ChannelGroupId>,
    /// What prices are multiplied by for its users.
    pub multiplier: Ppm,
}

// === impl Catalog ===

impl Catalog {
    /// The version of the rows this was built from.
    pub fn version(&self) -> i64 {
        self.version
    }

    /// The live settings.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// A model by the name clients use, enabled or not.
    pub fn find_model(&self, name: &str) -> Option<&Arc<Model>> {
        self.models.get(name)
    }

    /// All models, in no order.
    pub fn models(&self) -> impl Iterator<Item = &Arc<Model>> {
        self.models.values()
    }

    /// A channel, enabled or not.
    pub fn find_channel(&self, id: ChannelId) -> Option<&Arc<Channel>> {
        self.channels.get(&id)
    }

    /// All channels, in no order.
    pub fn channels(&self) -> impl Iterator<Item = &Arc<Channel>> {
        self.channels.values()
    }

    /// An enabled channel group.
    pub fn find_group(&self, id: ChannelGroupId) -> Option<&ChannelGroup> {
        self.groups.get(&id).filter(|group| group.enabled)
    }

    /// What a channel group is called, enabled or not.
    pub fn group_name(&self, id: ChannelGroupId) -> Option<&str> {
        self.groups.get(&id).map(|group| group.name.as_str())
    }

    /// A user group.
    pub fn find_user_group(&self, id: UserGroupId) -> Option<&UserGroup> {
        self.user_groups.get(&id)
    }

    /// Rules about errors of upstreams, in the order in which they are looked at; those that are
    /// switched off are not among them.
    pub fn error_rules(&self) -> &Arc<[ErrorRule]> {
        &self.error_rules
    }

    /// A user group by its name.
    pub fn find_user_group_by_name(&self, name: &str) -> Option<&UserGroup> {
        self.user_groups.values().find(|group| group.name == name)
    }

    /// The channel groups a caller may use, in order: those of the key that the user's group allows,
    /// or all that the user's group allows when the key names none.
    pub fn allowed_groups(
        &self,
        user_group: Option<UserGroupId>,
        of_key: &[ChannelGroupId],
    ) -> Vec<ChannelGroupId> {
        let allowed = user_group
            .and_then(|id| self.user_groups.get(&id))
            .map(|group| group.channel_groups.as_slice())
            .unwrap_or_default();
        if of_key.is_empty() {
            return allowed.to_vec();
        }
        of_key.iter().copied().filter(|id| allowed.contains(id)).collect()
    }

    /// Whether any of these groups leads to a channel that serves the model.
    pub fn serves(&self, model: &Model, groups: &[ChannelGroupId]) -> bool {
        model.enabled
            && model.bindings.iter().any(|binding| {
                groups.iter().any(|group| self.route(*group, binding.channel.id).is_some())
            })
    }

    /// The way from a group to a channel, if it lies below it.
    pub fn route(&self, group: ChannelGroupId, channel: ChannelId) -> Option<&Route> {
        self.find_group(group)?.find_route(channel)
    }

    /// Whether a channel lies below a group, but only below groups that are switched off.
    pub fn is_closed(&self, group: ChannelGroupId, channel: ChannelId) -> bool {
        self.groups.get(&group).is_some_and(|group| {
            group.closed.binary_search(&channel).is_ok()
                || (!group.enabled && group.find_route(channel).is_some())
        })
    }
}

// === impl ChannelGroup ===

impl ChannelGroup {
    fn find_route(&self, channel: ChannelId) -> Option<&Route> {
        let place = self.routes.binary_search_by_key(&channel, |route| route.channel_id).ok()?;
        self.routes.get(place)
    }
}

// === impl Model ===

impl Model {
    /// What the vendor behind one of its bindings is paid: a price, and what all of it is multiplied by.
    /// `None` where nobody said, or where there is no price to take a part of.
    pub fn cost_at(&self, binding: BindingId) -> Option<(&Price, Ppm)> {
        let binding = self.bindings.iter().find(|one| one.id == binding)?;
        match binding.cost.as_deref() {
            Some(own) => Some((own, Ppm::ONE)),
            None => Some((self.price.as_ref()?, binding.channel.cost_multiplier?)),
        }
    }
}

// === impl Endpoint ===

impl Endpoint {
    /// Whether it is OpenAI's own, and not one of those that copy its API.
    pub fn is_openai(&self) -> bool {
        let host = self.base_url.host_str().unwrap_or_default();
        host == "api.openai.com" || host.ends_with(".api.openai.com")
    }
}

// === impl Channel ===

impl Channel {
    /// Whether it speaks a dialect.
    pub fn speaks(&self, dialect: DialectId) -> bool {
        self.dialects.contains(&dialect)
    }

    /// Whether its options let a call that asks for this come here at this moment.
    pub fn fits(&self, asks: Asks, now: Timestamp) -> Result<(), Exclusion> {
        match &self.options {
            Some(options) => options.fits(asks, self.hours.as_ref(), now),
            None => Ok(()),
        }
    }

    /// The time between two probes of what rests of it; `None`: calls find out.
    pub fn probe_every(&self) -> Option<Duration> {
        self.options.as_ref()?.probe_every()
    }

    /// What calls with one of its credentials go through, and whose it is: that is what rests when
    /// the proxy does not lead on.
    pub fn proxy_for<'a>(&'a self, credential: &'a Credential) -> Option<(&'a Arc<Proxy>, Scope)> {
        let own = credential.proxy.as_ref().map(|proxy| (proxy, Scope::Credential));
        own.or_else(|| self.proxy.as_ref().map(|proxy| (proxy, Scope::Channel)))
    }

    /// One of its enabled endpoints.
    pub fn find_endpoint(&self, id: EndpointId) -> Option<&Arc<Endpoint>> {
        self.endpoints.iter().find(|endpoint| endpoint.id == id)
    }

    /// One of its enabled credentials.
    pub fn find_credential(&self, id: CredentialId) -> Option<&Arc<Credential>> {
        self.credentials.iter().find(|credential| credential.id == id)
    }
}
