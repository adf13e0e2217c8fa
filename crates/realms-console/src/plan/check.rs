//! What a manifest says and cannot be: every mistake at once, each with its object.

use std::collections::BTreeSet;

use realms_catalog::Settings;
use realms_store::Role;
use realms_types::{ChannelKind, GroupName};

use super::{Change, Kind, Object, Plan, State, Verb, endpoints};
use crate::{
    manifest::{
        Channel, ChannelGroup, Cost, HIDDEN, Manifest, Model, ProxyText, Slot, User, limits,
        may_be_secret,
    },
    nearest::hint,
};

/// Names of channels, models, credentials and keys are shown, logged and typed.
const LONGEST_NAME: usize = 128;
/// Of Azure's API: a date and a word.
const LONGEST_VERSION: usize = 64;

/// Collects mistakes.
struct Checker<'a> {
    manifest: &'a Manifest,
    state: &'a State,
    channel_groups: BTreeSet<&'a str>,
    user_groups: BTreeSet<&'a str>,
    channels: BTreeSet<&'a str>,
    users: BTreeSet<&'a str>,
    mistakes: Vec<String>,
}

/// Every mistake of the manifest, given the plan that was computed from it.
pub(super) fn mistakes(manifest: &Manifest, plan: &Plan, state: &State) -> Vec<String> {
    let mut checker = Checker::new(manifest, plan, state);
    checker.duplicates(manifest);
    for change in plan.changes.iter().filter(|change| change.verb != Verb::Delete) {
        checker.object(change);
    }
    checker.roots(plan);
    checker.mistakes
}

// === impl Checker ===

impl<'a> Checker<'a> {
    fn new(manifest: &'a Manifest, plan: &Plan, state: &'a State) -> Self {
        let channel_groups = manifest.channel_groups.iter().map(|one| one.name.as_str());
        let user_groups = manifest.user_groups.iter().map(|one| one.name.as_str());
        let users = manifest.users.iter().map(|one| one.username.as_str());
        let kept = |kind: Kind, name: &&str| !plan.deletes(kind, name);
        Self {
            manifest,
            state,
            channel_groups: channel_groups
                .chain(state.channel_groups.keys().map(String::as_str))
                .filter(|name| kept(Kind::ChannelGroup, name))
                .collect(),
            user_groups: user_groups
                .chain(state.user_groups.keys().map(String::as_str))
                .filter(|name| kept(Kind::UserGroup, name))
                .collect(),
            channels: (manifest.channels.iter().map(|one| one.name.as_str()))
                .chain(state.channels.keys().map(String::as_str))
                .filter(|name| kept(Kind::Channel, name))
                .collect(),
            users: users
                .chain(state.users.keys().map(String::as_str))
                .filter(|name| kept(Kind::User, name))
                .collect(),
            mistakes: Vec::new(),
        }
    }

    fn add(&mut self, kind: Kind, name: &str, message: impl std::fmt::Display) {
        self.mistakes.push(format!("{} `{name}`: {message}", kind.as_str()));
    }

    fn duplicates(&mut self, manifest: &Manifest) {
        self.twice(
            Kind::ChannelGroup,
            manifest.channel_groups.iter().map(|one| one.name.to_string()),
        );
        self.twice(Kind::Model, manifest.models.iter().map(|one| one.name.clone()));
        self.twice(Kind::Channel, manifest.channels.iter().map(|one| one.name.clone()));
        self.twice(Kind::UserGroup, manifest.user_groups.iter().map(|one| one.name.to_string()));
        self.twice(Kind::User, manifest.users.iter().map(|one| one.username.to_string()));
        let keys = manifest.api_keys.iter().map(|one| format!("{}/{}", one.user, one.name));
        self.twice(Kind::ApiKey, keys);
        self.twice(Kind::ErrorRule, manifest.error_rules.iter().map(|one| one.name.clone()));
    }

    fn twice(&mut self, kind: Kind, names: impl Iterator<Item = String>) {
        for name in repeated(names) {
            self.add(kind, &name, "it is described twice");
        }
    }

    fn object(&mut self, change: &Change) {
        let Change { kind, name, object, .. } = change;
        match object {
            Object::ChannelGroup(group) => self.channel_group(group),
            Object::Model(model) => self.model(model),
            Object::Channel(channel) => self.channel(channel, change.verb),
            Object::UserGroup(group) => {
                self.groups(*kind, name, group.channel_groups.as_deref().unwrap_or_default());
            }
            Object::User(user) => self.user(user),
            Object::ApiKey(key) => {
                self.name(*kind, name, &key.name);
                if !self.users.contains(key.user.as_str()) {
                    let hint = hint(key.user.as_str(), self.users.iter().copied());
                    self.add(*kind, name, format_args!("there is no user `{}`{hint}", key.user));
                }
                if self.state.find_api_key(key).is_some_and(|held| held.facts.revoked_at.is_some())
                {
                    self.add(
                        *kind,
                        name,
                        "it was revoked for good: delete it, or use another name",
                    );
                }
                self.groups(*kind, name, key.channel_groups.as_deref().unwrap_or_default());
                for mistake in key.rules.iter().flat_map(limits::mistakes) {
                    self.add(*kind, name, mistake);
                }
            }
            Object::ErrorRule(rule) => {
                for mistake in rule.whole().check() {
                    self.add(*kind, name, mistake);
                }
            }
            Object::Setting(setting) => self.setting(&setting.key, &setting.value.0),
        }
    }

    fn channel_group(&mut self, group: &ChannelGroup) {
        let parent = group.parent.as_ref().and_then(|parent| parent.as_ref());
        if let Some(parent) = parent {
            self.groups(Kind::ChannelGroup, group.name.as_str(), std::slice::from_ref(parent));
        }
        if let Some(pinned) = group.pinned.as_ref().and_then(|pinned| pinned.as_ref())
            && !self.channels.contains(pinned.as_str())
        {
            let hint = hint(pinned, self.channels.iter().copied());
            let message = format!("there is no channel `{pinned}` to be pinned{hint}");
            self.add(Kind::ChannelGroup, group.name.as_str(), message);
        }
    }

    fn model(&mut self, model: &Model) {
        self.name(Kind::Model, &model.name, &model.name);
        let given =
            model.prices().map(|(_, price)| price.and_then(crate::manifest::Slot::value).is_some());
        let [input, output, cached @ ..] = given;
        if input != output || (!input && cached.contains(&true)) {
            let message = "a price needs both input_usd_per_1m and output_usd_per_1m";
            self.add(Kind::Model, &model.name, message);
        }
        if !input && !output && model.price_pinned == Some(true) {
            let message = "price_pinned needs a price: input_usd_per_1m and output_usd_per_1m";
            self.add(Kind::Model, &model.name, message);
        }
        let Some(terms) = model.price_terms.as_ref().filter(|terms| !terms.is_empty()) else {
            return;
        };
        if !input {
            let message = "price_terms need a price: input_usd_per_1m and output_usd_per_1m";
            self.add(Kind::Model, &model.name, message);
        }
        if let Err(mistake) = terms.check() {
            self.add(Kind::Model, &model.name, format_args!("price_terms: {mistake}"));
        }
    }

    fn channel(&mut self, channel: &Channel, verb: Verb) {
        let (kind, name) = (Kind::Channel, channel.name.as_str());
        self.name(kind, name, name);
        if channel.kind.is_none() {
            self.add(kind, name, "it needs a `kind`: openai, anthropic, gemini, codex or azure");
        }
        for mistake in endpoints::mistakes(channel) {
            self.add(kind, name, mistake);
        }
        if channel.kind == Some(ChannelKind::Azure) && channel.base_url.is_none() {
            self.add(kind, name, "it needs a `base_url`: https://RESOURCE.openai.azure.com");
        }
        let version = channel.api_version.as_ref().and_then(Slot::as_ref);
        let version = version.map_or(Ok(()), |version| check_api_version(channel.kind, version));
        if let Err(message) = version {
            self.add(kind, name, message);
        }
        if let Some(mistake) = proxy_mistake(channel.proxy.as_ref()) {
            self.add(kind, name, format_args!("proxy: {mistake}"));
        }
        self.groups(kind, name, channel.groups.as_deref().unwrap_or_default());
        self.credentials(channel, verb);
        self.options(channel);
        let models = channel.models.as_deref().unwrap_or_default();
        for model in repeated(models.iter().map(|one| one.name.clone())) {
            self.add(kind, name, format_args!("model `{model}` is listed twice"));
        }
        for model in models {
            self.name(kind, name, &model.name);
            self.name(kind, name, model.upstream());
            if let Some(mistake) = model.cost.as_ref().and_then(Cost::mistake) {
                self.add(kind, name, format_args!("model `{}`: cost: {mistake}", model.name));
            }
        }
    }

    fn credentials(&mut self, channel: &Channel, verb: Verb) {
        let (kind, name) = (Kind::Channel, channel.name.as_str());
        let credentials = channel.credentials.as_deref().unwrap_or_default();
        for one in repeated(credentials.iter().map(|one| one.name.clone())) {
            self.add(kind, name, format_args!("credential `{one}` is listed twice"));
        }
        for one in credentials {
            self.name(kind, name, &one.name);
            if one.key.is_none() {
                self.add(kind, name, format_args!("credential `{}` needs a `key`", one.name));
            }
            if let Some(mistake) = proxy_mistake(one.proxy.as_ref()) {
                let message = format!("credential `{}`: proxy: {mistake}", one.name);
                self.add(kind, name, message);
            }
        }
        if verb != Verb::Update {
            return;
        }
        let Some(what) = self.new_host(channel) else { return };
        if self.keeps_key(channel) {
            let message = format!(
                "{what} leads to another host: give the `key` of each credential again, so that \
                 none is sent where it was not meant to go"
            );
            self.add(kind, name, message);
        }
        if self.keeps_secret_header(channel) {
            let message = format!(
                "{what} leads to another host: give each secret value of a header in `options` \
                 again, so that none is sent where it was not meant to go"
            );
            self.add(kind, name, message);
        }
    }

    fn options(&mut self, channel: &Channel) {
        let (kind, name) = (Kind::Channel, channel.name.as_str());
        let Some(options) = &channel.options else { return };
        for mistake in options.check() {
            self.add(kind, name, format_args!("options.{mistake}"));
        }
        for header in options.headers.set.iter().filter(|(_, value)| *value == HIDDEN) {
            let field = format!("options.headers.set.{}", header.0);
            self.add(kind, name, format_args!("{field}: there is no value to keep: give it"));
        }
    }

    /// Whether the value of a header that may be a secret stays as it is.
    fn keeps_secret_header(&self, channel: &Channel) -> bool {
        let given = self.manifest.channels.iter().find(|one| one.name == channel.name);
        let given = given.and_then(|one| one.options.as_ref());
        let is_given = |name: &String| {
            given.and_then(|options| options.headers.set.get(name)).is_some_and(|it| it != HIDDEN)
        };
        let kept = channel.options.iter().flat_map(|options| &options.headers.set);
        kept.into_iter().any(|(name, value)| may_be_secret(name, value) && !is_given(name))
    }

    /// What of its addresses leads to another host than before.
    fn new_host(&self, channel: &Channel) -> Option<String> {
        let held = self.state.channels.get(&channel.name)?;
        endpoints::new_host(&held.object, channel)
    }

    /// Whether a key stays that nobody gave again.
    fn keeps_key(&self, channel: &Channel) -> bool {
        let given = self.manifest.channels.iter().find(|one| one.name == channel.name);
        let given = given.and_then(|one| one.credentials.as_deref()).unwrap_or_default();
        let is_given = |name: &str| given.iter().any(|one| one.name == name && one.key.is_some());
        channel.credentials.iter().flatten().any(|one| !is_given(&one.name))
    }

    fn user(&mut self, user: &User) {
        let name = user.username.as_str();
        if let Some(group) = &user.group
            && !self.user_groups.contains(group.as_str())
        {
            let hint = hint(group.as_str(), self.user_groups.iter().copied());
            self.add(Kind::User, name, format_args!("there is no user_group `{group}`{hint}"));
        }
        let email = user.email.as_ref().and_then(|email| email.as_ref());
        if email.is_some_and(|email| !is_address(email)) {
            self.add(Kind::User, name, "its email is not an address such as ana@example.org");
        }
        for mistake in limits::budget_mistakes(user.budgets.as_deref().unwrap_or_default()) {
            self.add(Kind::User, name, mistake);
        }
    }

    fn setting(&mut self, key: &str, value: &str) {
        if let Err(error) = Settings::default().set(key, value) {
            let known = Settings::table().iter().map(|info| info.key);
            let hint = if known.clone().any(|known| known == key) {
                String::new()
            } else {
                hint(key, known)
            };
            self.mistakes.push(format!("settings: {error}{hint}"));
        }
    }

    fn groups(&mut self, kind: Kind, name: &str, groups: &[GroupName]) {
        for group in repeated(groups.iter().map(GroupName::to_string)) {
            self.add(kind, name, format_args!("channel_group `{group}` is listed twice"));
        }
        for group in groups
            .iter()
            .filter(|group| !self.channel_groups.contains(group.as_str()))
            .collect::<Vec<_>>()
        {
            let hint = hint(group.as_str(), self.channel_groups.iter().copied());
            self.add(kind, name, format_args!("there is no channel_group `{group}`{hint}"));
        }
    }

    fn name(&mut self, kind: Kind, object: &str, name: &str) {
        let sound = !name.is_empty()
            && name.chars().count() <= LONGEST_NAME
            && name.trim() == name
            && !name.chars().any(char::is_control);
        if !sound {
            let shown: String =
                name.chars().filter(|c| !c.is_control()).take(LONGEST_NAME).collect();
            let message = format!(
                "`{shown}` is not a name: 1 to {LONGEST_NAME} characters, no blank at either end, no control character"
            );
            self.add(kind, object, message);
        }
    }

    /// Somebody must be able to run the service, once somebody is.
    fn roots(&mut self, plan: &Plan) {
        let is_root = |user: &User| user.role == Some(Role::Root) && user.enabled == Some(true);
        let had_one = self.state.users.values().any(|held| is_root(&held.object));
        let touched = |name: &str| {
            plan.changes.iter().find(|change| change.kind == Kind::User && change.name == name)
        };
        let kept = self.state.users.iter().any(|(name, held)| match touched(name) {
            None => is_root(&held.object),
            Some(change) => {
                change.verb == Verb::Update
                    && matches!(&change.object, Object::User(user) if is_root(user))
            }
        });
        let made = plan.changes.iter().any(|change| {
            change.verb == Verb::Create
                && matches!(&change.object, Object::User(user) if is_root(user))
        });
        if had_one && !kept && !made {
            self.mistakes.push("no enabled root user would be left".to_owned());
        }
    }
}

fn repeated(names: impl Iterator<Item = String>) -> Vec<String> {
    let mut seen = BTreeSet::new();
    names.filter(|name| !seen.insert(name.clone())).collect()
}

fn is_address(text: &str) -> bool {
    let plain = |part: &str| {
        !part.is_empty() && !part.chars().any(|c| c.is_whitespace() || c.is_control() || c == '@')
    };
    let split = text.split_once('@');
    text.len() <= 254 && split.is_some_and(|(local, domain)| plain(local) && plain(domain))
}

fn proxy_mistake(proxy: Option<&Slot<ProxyText>>) -> Option<&'static str> {
    proxy?.as_ref()?.mistake()
}

/// A version of the API that can be asked for; only Azure has them.
pub(crate) fn check_api_version(kind: Option<ChannelKind>, text: &str) -> Result<(), String> {
    if kind != Some(ChannelKind::Azure) {
        return Err("api_version: only channels of kind `azure` have one".to_owned());
    }
    let sound = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.');
    if (1..=LONGEST_VERSION).contains(&text.len()) && text.chars().all(sound) {
        Ok(())
    } else {
        Err("api_version: it is not a version such as 2024-10-21 or preview".to_owned())
    }
}
