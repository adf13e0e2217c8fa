//! Fields left out: as they are, or as the default of a new object.

use realms_store::Role;
use realms_types::{ChannelKind, GroupName, KeyRules, Limits, Ppm, PriceTerms};

use super::imply::default_group;
use crate::manifest::{
    ApiKey, Binding, Channel, ChannelGroup, Cost, Credential, Endpoint, ErrorRule, Model, Slot,
    User, UserGroup, restore, with_kept_login,
};

/// What was given, else what is there, else the default.
macro_rules! either {
    ($given:ident, $present:ident, $field:ident, $default:expr) => {
        $given.$field.or_else(|| $present.and_then(|p| p.$field.clone())).or_else(|| $default)
    };
}

impl ChannelGroup {
    pub(super) fn filled(self, present: Option<&Self>) -> Self {
        Self {
            parent: either!(self, present, parent, Some(Slot::Empty)),
            multiplier: either!(self, present, multiplier, Some(Ppm::ONE)),
            priority: either!(self, present, priority, Some(0)),
            enabled: either!(self, present, enabled, Some(true)),
            pinned: either!(self, present, pinned, Some(Slot::Empty)),
            name: self.name,
        }
    }
}

impl Model {
    pub(super) fn filled(self, present: Option<&Self>) -> Self {
        let none = || Some(Slot::Empty);
        let filled = Self {
            owner: either!(self, present, owner, Some(String::new())),
            enabled: either!(self, present, enabled, Some(true)),
            input_usd_per_1m: either!(self, present, input_usd_per_1m, none()),
            output_usd_per_1m: either!(self, present, output_usd_per_1m, none()),
            cache_read_usd_per_1m: either!(self, present, cache_read_usd_per_1m, none()),
            cache_write_5m_usd_per_1m: either!(self, present, cache_write_5m_usd_per_1m, none()),
            cache_write_1h_usd_per_1m: either!(self, present, cache_write_1h_usd_per_1m, none()),
            price_terms: either!(self, present, price_terms, Some(PriceTerms::default())),
            price_pinned: self.price_pinned,
            name: self.name,
        };
        Self { price_pinned: filled.pin(present), ..filled }
    }

    /// A pin belongs to a price: as long as the price stays it does, and a price that is given is pinned unless
    /// something else is said.
    fn pin(&self, present: Option<&Self>) -> Option<bool> {
        let price = self.price();
        if price.is_none() {
            return self.price_pinned.filter(|pinned| *pinned);
        }
        let held = present.filter(|held| held.price() == price);
        self.price_pinned.or_else(|| held.and_then(|held| held.price_pinned)).or(Some(true))
    }
}

impl Channel {
    pub(super) fn filled(self, present: Option<&Self>) -> Self {
        let kind = either!(self, present, kind, None);
        let default_url = || kind.and_then(vendor_url).map(str::to_owned);
        let old_credentials = present.and_then(|p| p.credentials.as_deref()).unwrap_or_default();
        let old_models = present.and_then(|p| p.models.as_deref()).unwrap_or_default();
        let credentials = match self.credentials {
            Some(given) => given.into_iter().map(|one| one.filled(old_credentials)).collect(),
            None => old_credentials.to_vec(),
        };
        let models = match self.models {
            Some(given) => given.into_iter().map(|one| one.filled(old_models)).collect(),
            None => old_models.to_vec(),
        };
        let old_endpoints = present.and_then(|p| p.endpoints.as_deref()).unwrap_or_default();
        let endpoints = match self.endpoints {
            Some(given) => given.into_iter().map(|one| one.filled(old_endpoints)).collect(),
            None => old_endpoints.to_vec(),
        };
        let old_options = present.and_then(|present| present.options.as_ref());
        let options = match self.options {
            Some(given) => restore(given, old_options),
            None => old_options.cloned().unwrap_or_default(),
        };
        let mut groups = either!(self, present, groups, Some(vec![default_group()]));
        if let Some(groups) = &mut groups {
            groups.sort();
        }
        Self {
            kind,
            base_url: either!(self, present, base_url, default_url()),
            endpoints: Some(endpoints),
            dialects: either!(self, present, dialects, Some(Vec::new())),
            priority: either!(self, present, priority, Some(0)),
            weight: either!(self, present, weight, Some(1)),
            enabled: either!(self, present, enabled, Some(true)),
            promoted: either!(self, present, promoted, Some(false)),
            limits: either!(self, present, limits, Some(Limits::NONE)),
            api_version: either!(self, present, api_version, Some(Slot::Empty)),
            cost_multiplier: either!(self, present, cost_multiplier, Some(Slot::Empty)),
            proxy: with_kept_login(
                either!(self, present, proxy, Some(Slot::Empty)),
                present.and_then(|present| present.proxy.as_ref()),
            ),
            groups,
            credentials: Some(credentials),
            models: Some(models),
            options: Some(options),
            name: self.name,
        }
    }
}

impl Endpoint {
    /// The priority is not kept: an address without one says that it is the usual.
    fn filled(self, present: &[Self]) -> Self {
        let present = present.iter().find(|one| one.base_url == self.base_url);
        Self {
            priority: Some(self.place()),
            enabled: either!(self, present, enabled, Some(true)),
            base_url: self.base_url,
        }
    }
}

impl Credential {
    fn filled(self, present: &[Self]) -> Self {
        let present = present.iter().find(|one| one.name == self.name);
        Self {
            key: either!(self, present, key, None),
            proxy: with_kept_login(
                either!(self, present, proxy, Some(Slot::Empty)),
                present.and_then(|present| present.proxy.as_ref()),
            ),
            enabled: either!(self, present, enabled, Some(true)),
            limits: either!(self, present, limits, Some(Limits::NONE)),
            name: self.name,
        }
    }
}

impl Binding {
    /// The upstream name is not kept: a name without one says that the vendor uses the same.
    fn filled(self, present: &[Self]) -> Self {
        let present = present.iter().find(|one| one.name == self.name);
        Self {
            upstream: Some(self.upstream().to_owned()),
            enabled: either!(self, present, enabled, Some(true)),
            cost: either!(self, present, cost, Some(Cost::default())),
            name: self.name,
        }
    }
}

impl UserGroup {
    pub(super) fn filled(self, present: Option<&Self>) -> Self {
        Self {
            channel_groups: either!(self, present, channel_groups, Some(vec![default_group()])),
            multiplier: either!(self, present, multiplier, Some(Ppm::ONE)),
            name: self.name,
        }
    }
}

impl User {
    pub(super) fn filled(self, present: Option<&Self>) -> Self {
        let email = match self.email {
            Some(Slot::Full(address)) => Some(Slot::Full(address.to_lowercase())),
            other => other,
        };
        Self {
            email: email.or_else(|| present.and_then(|p| p.email.clone())).or(Some(Slot::Empty)),
            role: either!(self, present, role, Some(Role::User)),
            group: either!(self, present, group, Some(default_group())),
            enabled: either!(self, present, enabled, Some(true)),
            limits: either!(self, present, limits, Some(Limits::NONE)),
            budgets: either!(self, present, budgets, Some(Vec::new())),
            ..self
        }
    }
}

impl ErrorRule {
    pub(super) fn filled(self, present: Option<&Self>) -> Self {
        Self {
            priority: either!(self, present, priority, Some(0)),
            enabled: either!(self, present, enabled, Some(true)),
            when: either!(self, present, when, None),
            act: either!(self, present, act, None),
            name: self.name,
        }
    }
}

impl ApiKey {
    pub(super) fn filled(self, present: Option<&Self>) -> Self {
        Self {
            channel_groups: either!(self, present, channel_groups, Some(Vec::<GroupName>::new())),
            enabled: either!(self, present, enabled, Some(true)),
            limits: either!(self, present, limits, Some(Limits::NONE)),
            rules: either!(self, present, rules, Some(KeyRules::default())),
            multiplier: either!(self, present, multiplier, Some(Ppm::ONE)),
            ..self
        }
    }
}

/// Where the vendor of a kind is found when nothing is said.
const fn vendor_url(kind: ChannelKind) -> Option<&'static str> {
    Some(match kind {
        ChannelKind::Openai => "https://api.openai.com/v1",
        ChannelKind::Anthropic => "https://api.anthropic.com",
        ChannelKind::Gemini => "https://generativelanguage.googleapis.com",
        ChannelKind::Codex => "https://chatgpt.com/backend-api/codex",
        // Each resource has its own.
        ChannelKind::Azure => return None,
    })
}
