//! What a manifest would change: computed from what is there, without touching anything.
//!
//! [`Plan::build`] is pure. It reports every mistake at once, or the list of changes in the order in
//! which they can be made.

mod check;
mod endpoints;
mod fields;
mod fill;
mod imply;
mod notes;
mod prune;
mod rights;
mod show;
mod state;

use serde::Serialize;
use utoipa::ToSchema;

pub(crate) use check::check_api_version;
use fields::Field;
pub use state::{Held, KeyFacts, State, UserFacts};

use crate::{
    ConsoleError,
    manifest::{
        ApiKey, Channel, ChannelGroup, ErrorRule, Manifest, Model, SettingText, User, UserGroup,
    },
};

/// What would change, in the order in which it can be done.
#[derive(Debug, Clone, Default, Serialize, ToSchema)]
pub struct Plan {
    /// Each object that is created, changed or deleted.
    pub changes: Vec<Change>,
    /// What a person should know besides.
    pub notes: Vec<String>,
}

/// One object that is created, changed or deleted.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Change {
    /// What becomes of it.
    pub verb: Verb,
    /// What it is.
    pub kind: Kind,
    /// Its name; of an API key `user/name`.
    pub name: String,
    /// What of it changes.
    pub fields: Vec<FieldChange>,
    /// The object as it is to be, every field said; as it was, when it is deleted.
    #[serde(skip)]
    #[schema(ignore)]
    pub(crate) object: Object,
}

/// What becomes of an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Verb {
    /// It is new.
    Create,
    /// It changes.
    Update,
    /// It goes away.
    Delete,
    /// It lets nobody in any more, for good. API keys only.
    Revoke,
}

/// What kind of object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A node of the tree of channels.
    ChannelGroup,
    /// What clients name.
    Model,
    /// A route to a vendor.
    Channel,
    /// A group of users.
    UserGroup,
    /// An account.
    User,
    /// A client's secret.
    ApiKey,
    /// What clients are told about errors of upstreams.
    ErrorRule,
    /// A live value.
    Setting,
}

/// What of an object changes. A secret is never here: `(set)`, `(changed)` or `(generated)` stands
/// for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct FieldChange {
    /// The field, such as `priority` or `credentials.k1.key`.
    pub path: String,
    /// What it was; left out: nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
    /// What it is to be; left out: nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
}

/// Any object.
#[derive(Debug, Clone)]
pub(crate) enum Object {
    ChannelGroup(ChannelGroup),
    Model(Model),
    Channel(Box<Channel>),
    UserGroup(UserGroup),
    User(User),
    ApiKey(ApiKey),
    ErrorRule(ErrorRule),
    Setting(Setting),
}

/// A live setting with its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Setting {
    pub(crate) key: String,
    pub(crate) value: SettingText,
}

/// One kind of object, as the plan treats all of them alike.
pub(crate) trait Planned: Clone + Into<Object> {
    /// What kind.
    const KIND: Kind;

    /// Its name, unique among its kind.
    fn name(&self) -> String;

    /// The object with every field said: what was left out is as it was, or as the default.
    fn fill(self, present: Option<&Self>) -> Self;

    /// Every field with its value.
    fn fields(&self) -> Vec<Field>;
}

/// What the plan is made of, besides the state.
#[derive(Debug, Clone, Default)]
pub struct Request {
    /// What is to be. Every secret is resolved; passwords and API keys that are in force already
    /// are left out.
    pub manifest: Manifest,
    /// What was found wrong while the secrets were resolved.
    pub mistakes: Vec<String>,
    /// Delete what the manifest does not name, of the kinds it names any of.
    pub prune: bool,
    /// Delete these, with or without a manifest.
    pub delete: Vec<(Kind, String)>,
    /// Revoke these API keys, `user/name`.
    pub revoke: Vec<String>,
}

// === impl Plan ===

impl Plan {
    /// Computes what would change, or every reason why the manifest is refused.
    pub fn build(request: &Request, state: &State) -> Result<Self, ConsoleError> {
        let mut manifest = request.manifest.clone();
        imply::complete(&mut manifest, state);
        let mut plan = Self::default();
        plan.compare(&manifest, state);
        plan.revoke(&request.revoke, state)?;
        prune::delete(&mut plan, request, state)?;
        let mut mistakes = request.mistakes.clone();
        mistakes.extend(check::mistakes(&manifest, &plan, state));
        if !mistakes.is_empty() {
            return Err(ConsoleError::Invalid(mistakes));
        }
        notes::add(&mut plan, &manifest, state);
        Ok(plan)
    }

    /// Whether nothing would change.
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }

    /// How many changes have this verb.
    pub fn count(&self, verb: Verb) -> usize {
        self.changes.iter().filter(|change| change.verb == verb).count()
    }

    /// Whether this object goes away.
    fn deletes(&self, kind: Kind, name: &str) -> bool {
        let ends = |change: &Change| change.verb == Verb::Delete && change.kind == kind;
        self.changes.iter().any(|change| ends(change) && change.name == name)
    }

    fn compare(&mut self, manifest: &Manifest, state: &State) {
        for group in &manifest.channel_groups {
            let held = state.channel_groups.get(group.name.as_str());
            self.put(group, held.map(|held| &held.object));
        }
        for model in &manifest.models {
            self.put(model, state.models.get(&model.name).map(|held| &held.object));
        }
        for channel in &manifest.channels {
            self.put(channel, state.channels.get(&channel.name).map(|held| &held.object));
        }
        for group in &manifest.user_groups {
            let held = state.user_groups.get(group.name.as_str());
            self.put(group, held.map(|held| &held.object));
        }
        for user in &manifest.users {
            self.put(user, state.users.get(user.username.as_str()).map(|held| &held.object));
        }
        for key in &manifest.api_keys {
            let present = state.find_api_key(key).map(|held| &held.object);
            self.put(key, present);
            if let (None, None, Some(change)) = (present, &key.key, self.changes.last_mut()) {
                change.fields.push(FieldChange::generated("key"));
            }
        }
        for rule in &manifest.error_rules {
            self.put(rule, state.error_rules.get(&rule.name).map(|held| &held.object));
        }
        for (key, value) in &manifest.settings {
            let setting = Setting { key: key.clone(), value: value.clone() };
            let value = state.settings.get(key).cloned();
            let present = value.map(|value| Setting { key: key.clone(), value });
            self.put(&setting, present.as_ref());
        }
    }

    /// Adds the end of API keys that are not revoked yet.
    fn revoke(&mut self, names: &[String], state: &State) -> Result<(), ConsoleError> {
        for name in names {
            let missing = || ConsoleError::NotFound(format!("api_key `{name}`"));
            let held = state.api_key_by_name(name).ok_or_else(missing)?;
            if held.facts.revoked_at.is_none() {
                let object = held.object.clone().into();
                let (verb, kind, fields) = (Verb::Revoke, Kind::ApiKey, Vec::new());
                self.changes.push(Change { verb, kind, name: name.clone(), fields, object });
            }
        }
        Ok(())
    }

    /// Adds what becomes of one object, if anything does.
    fn put<T: Planned>(&mut self, given: &T, present: Option<&T>) {
        let wanted = given.clone().fill(present);
        let before = present.map(T::fields).unwrap_or_default();
        let mut fields = fields::difference(&before, &wanted.fields());
        let verb = if present.is_some() { Verb::Update } else { Verb::Create };
        if verb == Verb::Update {
            fields.iter_mut().for_each(FieldChange::tell_change);
        }
        if verb == Verb::Create || !fields.is_empty() {
            let name = wanted.name();
            self.changes.push(Change { verb, kind: T::KIND, name, fields, object: wanted.into() });
        }
    }

    /// Adds the end of one object.
    fn take<T: Planned>(&mut self, present: &T) {
        self.changes.push(Change {
            verb: Verb::Delete,
            kind: T::KIND,
            name: present.name(),
            fields: Vec::new(),
            object: present.clone().into(),
        });
    }
}

// === impl Verb ===

impl Verb {
    /// The word in JSON and in the audit log.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Update => "update",
            Self::Delete => "delete",
            Self::Revoke => "revoke",
        }
    }
}

// === impl Kind ===

impl Kind {
    /// The word in manifests and in messages.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ChannelGroup => "channel_group",
            Self::Model => "model",
            Self::Channel => "channel",
            Self::UserGroup => "user_group",
            Self::User => "user",
            Self::ApiKey => "api_key",
            Self::ErrorRule => "error_rule",
            Self::Setting => "setting",
        }
    }
}
