//! A channel as a manifest describes it, with its credentials and the models it serves.

use realms_types::{ChannelKind, ChannelOptions, DialectId, GroupName, Limits, Ppm};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use utoipa::ToSchema;

use super::{
    Cost, Endpoint, ProxyText, SecretText, Slot,
    endpoint::EndpointForm,
    limits::{self, LimitsForm},
};
use crate::words;

/// A configured route to a vendor. A field left out keeps its value, or takes its default when the
/// channel is created; a list that is given is the whole list.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "name": "openai-a", "kind": "openai", "base_url": "https://api.openai.com/v1",
    "groups": ["default"], "credentials": [{"name": "k1", "key": "sk-..."}],
    "models": ["gpt-5.2", {"name": "fast", "upstream": "gpt-5.2-mini"}]
}))]
pub struct Channel {
    /// Unique name.
    pub name: String,
    /// `openai`, `anthropic`, `gemini`, `codex` or `azure`. Required when the channel is created.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<words::ChannelKind>, example = "openai")]
    pub kind: Option<ChannelKind>,
    /// Where the vendor's API is, with or without the version segment. Default: the vendor's own
    /// address; a resource of Azure has none. When it changes to another host, the keys must be given again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "https://api.openai.com/v1")]
    pub base_url: Option<String>,
    /// Further addresses of the same API, at most 16: addresses, or addresses with how they are used.
    /// Its keys are sent to each. `base_url` is tried first, then these by their priority, and of two
    /// with the same the older. `[]`: none. One at a host where the channel had none needs the keys
    /// given again.
    #[serde(default, skip_serializing_if = "no_further")]
    #[schema(value_type = Option<Vec<EndpointForm>>, max_items = 16)]
    pub endpoints: Option<Vec<Endpoint>>,
    /// What it speaks: `responses`, `chat`, `messages`, `gemini`. Default, and `[]`: by kind.
    #[serde(default, skip_serializing_if = "silent")]
    #[schema(value_type = Option<Vec<words::Dialect>>)]
    pub dialects: Option<Vec<DialectId>>,
    /// Higher is tried first. Default 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub priority: Option<i64>,
    /// Share of the calls among channels of one priority. Default 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weight: Option<u32>,
    /// Whether it takes calls. Default true.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub enabled: Option<bool>,
    /// Whether it comes before every other, whatever their priorities. Default false.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub promoted: Option<bool>,
    /// What all its credentials together may use. `{}`: as much as the vendor lets.
    #[serde(default, skip_serializing_if = "limits::is_silent")]
    #[schema(value_type = Option<LimitsForm>)]
    pub limits: Option<Limits>,
    /// Of `azure`: the dated version of the API to ask for, such as `2024-10-21`, at
    /// `/openai/deployments/…`. Default, and `""`: the API without a date, at `/openai/v1`.
    #[serde(default, skip_serializing_if = "Slot::is_silent")]
    #[schema(value_type = Option<String>, example = "2024-10-21")]
    pub api_version: Option<Slot<String>>,
    /// What its vendor is paid of the price of each model: `"0.6"` where it costs 60 % of the list price, `"0"` where
    /// it costs nothing, `"1"` where it costs the list price. A model with a `cost` of its own has that in its place.
    /// It tells what a call earns, and never what it is charged. Default, and `""`: nobody knows.
    #[serde(default, skip_serializing_if = "Slot::is_silent")]
    #[schema(value_type = Option<String>, example = "0.6")]
    pub cost_multiplier: Option<Slot<Ppm>>,
    /// What every call goes through: `http://`, `https://`, `socks5://` (names are resolved here) or
    /// `socks5h://` (the proxy resolves them), with `user:password@` before its host where it wants a
    /// login; or `env:NAME` in a manifest. A login is never shown again: `***` stands for it, and
    /// keeps it as long as the rest is the same. When the proxy does not lead on, the call is not made.
    /// Default, and `""`: none.
    #[serde(default, skip_serializing_if = "Slot::is_silent")]
    #[schema(value_type = Option<String>, example = "socks5h://***@proxy.example:1080")]
    pub proxy: Option<Slot<ProxyText>>,
    /// The channel groups it is in. Default `["default"]`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<String>>)]
    pub groups: Option<Vec<GroupName>>,
    /// The secrets it can use.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credentials: Option<Vec<Credential>>,
    /// The models it serves: names, or names with what the vendor calls them and is paid for them. A model that does not
    /// exist yet is created without a price.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<BindingForm>>)]
    pub models: Option<Vec<Binding>>,
    /// What it does to the calls that go through it; what is given is all of it. A header whose value
    /// is shown as `(set)` keeps it.
    #[serde(default, skip_serializing_if = "unsaid")]
    pub options: Option<ChannelOptions>,
}

/// One secret of a channel.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Credential {
    /// Unique in its channel. Default `default`.
    #[serde(default = "default_name")]
    #[schema(required = false, example = "k1")]
    pub name: String,
    /// The key itself, or `env:NAME` in a manifest. Never shown again. Left out: it keeps its value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, write_only)]
    pub key: Option<SecretText>,
    /// What its calls go through, in place of the channel's proxy; written the same. Default, and
    /// `""`: the channel's.
    #[serde(default, skip_serializing_if = "Slot::is_silent")]
    #[schema(value_type = Option<String>, example = "http://***@proxy.example:3128")]
    pub proxy: Option<Slot<ProxyText>>,
    /// Whether it takes calls. Default true.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub enabled: Option<bool>,
    /// What may be used of it. `{}`: as much as the vendor lets.
    #[serde(default, skip_serializing_if = "limits::is_silent")]
    #[schema(value_type = Option<LimitsForm>)]
    pub limits: Option<Limits>,
}

/// A model that a channel serves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Binding {
    /// What clients name.
    pub name: String,
    /// What the vendor calls it; left out: the same.
    pub upstream: Option<String>,
    /// Whether it takes calls. Default true.
    pub enabled: Option<bool>,
    /// What the vendor is paid for it, in place of a part of its price. Default: no price of its own.
    pub cost: Option<Cost>,
}

/// The two ways to write a [`Binding`].
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
pub(crate) enum BindingForm {
    /// The vendor calls it by the same name.
    Name(String),
    /// With what the vendor calls it.
    Full(Box<FullBinding>),
}

/// A model that a channel serves, in full.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct FullBinding {
    /// What clients name.
    name: String,
    /// What the vendor calls it. Default: the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    upstream: Option<String>,
    /// Whether it takes calls. Default true.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    enabled: Option<bool>,
    /// What the vendor is paid for it, in place of `cost_multiplier` of the channel. `{}`: no price of its own.
    #[serde(default, skip_serializing_if = "Cost::is_silent")]
    #[schema(value_type = Option<Cost>)]
    cost: Option<Cost>,
}

fn default_name() -> String {
    "default".to_owned()
}

#[expect(clippy::ref_option, reason = "the signature serde asks for")]
fn silent(dialects: &Option<Vec<DialectId>>) -> bool {
    dialects.as_ref().is_none_or(Vec::is_empty)
}

#[expect(clippy::ref_option, reason = "the signature serde asks for")]
fn no_further(endpoints: &Option<Vec<Endpoint>>) -> bool {
    endpoints.as_ref().is_none_or(Vec::is_empty)
}

#[expect(clippy::ref_option, reason = "the signature serde asks for")]
fn unsaid(options: &Option<ChannelOptions>) -> bool {
    options.as_ref().is_none_or(ChannelOptions::is_empty)
}

// === impl Channel ===

impl Channel {
    /// A channel of which nothing is said but its name.
    pub const fn named(name: String) -> Self {
        Self {
            name,
            kind: None,
            base_url: None,
            endpoints: None,
            dialects: None,
            priority: None,
            weight: None,
            enabled: None,
            promoted: None,
            limits: None,
            api_version: None,
            cost_multiplier: None,
            proxy: None,
            groups: None,
            credentials: None,
            models: None,
            options: None,
        }
    }

    /// Its own proxy and those of its credentials.
    pub(crate) fn proxies(&self) -> impl Iterator<Item = &Option<Slot<ProxyText>>> {
        let of_credentials = self.credentials.iter().flatten().map(|one| &one.proxy);
        std::iter::once(&self.proxy).chain(of_credentials)
    }
}

// === impl Binding ===

impl Binding {
    /// What the vendor calls it.
    pub fn upstream(&self) -> &str {
        self.upstream.as_deref().unwrap_or(&self.name)
    }
}

impl From<FullBinding> for Binding {
    fn from(FullBinding { name, upstream, enabled, cost }: FullBinding) -> Self {
        Self { name, upstream, enabled, cost }
    }
}

impl Serialize for Binding {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let is_plain = self.upstream() == self.name && self.enabled != Some(false);
        let form = if is_plain && Cost::is_silent(&self.cost) {
            BindingForm::Name(self.name.clone())
        } else {
            BindingForm::Full(Box::new(FullBinding {
                name: self.name.clone(),
                upstream: self.upstream.clone(),
                enabled: self.enabled.filter(|enabled| !enabled),
                cost: self.cost.clone(),
            }))
        };
        form.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Binding {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;

        impl<'de> de::Visitor<'de> for Visitor {
            type Value = Binding;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a model's name, or { name = \"…\", upstream = \"…\" }")
            }

            fn visit_str<E: de::Error>(self, name: &str) -> Result<Binding, E> {
                Ok(Binding { name: name.to_owned(), upstream: None, enabled: None, cost: None })
            }

            fn visit_map<A: de::MapAccess<'de>>(self, map: A) -> Result<Binding, A::Error> {
                let map = de::value::MapAccessDeserializer::new(map);
                FullBinding::deserialize(map).map(Binding::from)
            }
        }

        deserializer.deserialize_any(Visitor)
    }
}
