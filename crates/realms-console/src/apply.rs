//! Carries a plan out: everything in one transaction, or nothing.

mod batches;
mod channels;
mod endpoints;
mod error_rules;
mod groups;
mod resolve;
mod trial;
mod users;

use std::{fmt, sync::Arc};

use realms_catalog::{Catalog, Settings};
use realms_identity::Passwords;
use realms_seal::{Keyring, Purpose};
use realms_store::{Actor, AuditChange, AuditRecord, PriceSource, SettingRecord, Store, Tx};
use realms_types::{
    ApiKeyId, ChannelGroupId, ChannelId, Ids, ModelId, Secret, SharedClock, Timestamp, UserGroupId,
    UserId,
};

pub(crate) use self::batches::Ticket;
use self::resolve::{Hashes, Secrets};
use crate::{
    ConsoleError, Permissions,
    manifest::{Lookup, Manifest},
    plan::{Change, Kind, Object, Plan, Request, Setting, State, Verb},
};

/// Reads and edits the configuration in the store.
#[derive(Debug, Clone)]
pub struct Editor {
    /// Where the configuration is.
    pub store: Store,
    /// Seals and opens its secrets.
    pub keyring: Keyring,
    /// The time.
    pub clock: SharedClock,
    /// New ids.
    pub ids: Ids,
    /// Hashes and checks passwords.
    pub passwords: Passwords,
}

/// Who edits, and what they may do.
#[derive(Debug, Clone)]
pub struct Author {
    /// Who it is to the audit log.
    pub actor: Actor,
    /// What they may do.
    pub permissions: Permissions,
    /// The user they are, if they are one.
    pub username: Option<String>,
}

/// What is to be done.
#[derive(Debug, Clone, Default)]
pub struct Edit {
    /// What is to be.
    pub manifest: Manifest,
    /// Delete what the manifest does not name, of the kinds it names any of.
    pub prune: bool,
    /// Delete these.
    pub delete: Vec<(Kind, String)>,
    /// Only tell what would be done.
    pub dry_run: bool,
    /// Who gives the prices that change.
    pub price_source: PriceSource,
    /// What must hold of what is there; asked inside the transaction.
    pub condition: Option<Condition>,
}

/// What must hold of what is there for an edit to be done.
#[derive(Clone)]
pub struct Condition(pub(crate) Arc<Holds>);

/// Asks a condition of what is there.
type Holds = dyn Fn(&State) -> Result<(), ConsoleError> + Send + Sync;

/// What was done.
#[derive(Debug)]
pub struct Applied {
    /// Every change.
    pub plan: Plan,
    /// The API keys that were made, to be shown this once.
    pub generated: Vec<GeneratedKey>,
    /// Whether it was only a rehearsal.
    pub dry_run: bool,
}

/// An API key that was made.
#[derive(Debug, Clone)]
pub struct GeneratedKey {
    /// Its id.
    pub id: ApiKeyId,
    /// Whose it is.
    pub user: String,
    /// Its name among the user's keys.
    pub name: String,
    /// The key itself.
    pub key: Secret<String>,
}

/// Writes the changes of one plan.
struct Writer<'a> {
    editor: &'a Editor,
    author: &'a Author,
    tx: Tx,
    now: Timestamp,
    state: State,
    price_source: PriceSource,
    /// The new password hashes, by user.
    hashes: Hashes,
    /// Objects made so far, by name.
    made: Made,
    generated: Vec<GeneratedKey>,
}

/// The ids of objects made in this transaction, by name.
#[derive(Default)]
struct Made {
    channel_groups: Vec<(String, ChannelGroupId)>,
    models: Vec<(String, ModelId)>,
    user_groups: Vec<(String, UserGroupId)>,
    users: Vec<(String, UserId)>,
}

const WRONG_CODE: &str = "the set-up code is wrong or was used: the log of the newest start has it, and a restart \
     prints a new one";

// === impl Author ===

impl Author {
    /// Someone with a shell on the server.
    pub fn cli() -> Self {
        Self { actor: Actor::cli(), permissions: Permissions::all(), username: None }
    }

    /// Realms itself, by the schedule of something.
    pub(crate) fn schedule(of: &str) -> Self {
        let actor = Actor { name: format!("{of} schedule"), ..Actor::system() };
        Self { actor, permissions: Permissions::all(), username: None }
    }
}

// === impl Edit ===

impl Edit {
    /// Applies a manifest, deleting nothing.
    pub fn manifest(manifest: Manifest) -> Self {
        Self { manifest, ..Self::default() }
    }

    /// Deletes one object.
    pub fn delete(kind: Kind, name: impl Into<String>) -> Self {
        Self { manifest: Manifest::empty(), delete: vec![(kind, name.into())], ..Self::default() }
    }
}

// === impl Condition ===

impl fmt::Debug for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Condition").finish_non_exhaustive()
    }
}

// === impl Editor ===

impl Editor {
    /// Everything there is.
    pub async fn state(&self) -> Result<State, ConsoleError> {
        State::load(self.store.read(), &self.keyring).await
    }

    /// Does what is to be done, or refuses all of it. A rehearsal goes all the way and then takes
    /// everything back.
    pub async fn apply(
        &self,
        edit: Edit,
        lookup: Lookup<'_>,
        author: &Author,
    ) -> Result<Applied, ConsoleError> {
        // Passwords are hashed before the transaction: hashing takes long, and writers take turns.
        let (edit, secrets) = self.resolve(edit, lookup).await?;
        self.apply_in(self.store.begin().await?, edit, secrets, author).await
    }

    /// Makes a new user in exchange for a set-up code that was made at or after `not_before`.
    pub(crate) async fn apply_with_code(
        &self,
        edit: Edit,
        code_hash: &[u8; 32],
        not_before: Timestamp,
        author: &Author,
    ) -> Result<Applied, ConsoleError> {
        let mut tx = self.store.begin().await?;
        // Looked at first and given back: a wrong code must not cost the time of a password.
        if !tx.take_setup_code(code_hash, not_before, self.clock.now()).await? {
            return Err(ConsoleError::Unauthenticated(WRONG_CODE));
        }
        drop(tx);
        let (edit, secrets) = self.resolve(edit, &|_| None).await?;
        let mut tx = self.store.begin().await?;
        if !tx.take_setup_code(code_hash, not_before, self.clock.now()).await? {
            return Err(ConsoleError::Unauthenticated(WRONG_CODE));
        }
        for user in &edit.manifest.users {
            if tx.read().find_user_by_name(user.username.as_str()).await?.is_some() {
                return Err(ConsoleError::Conflict(format!(
                    "user `{}` exists already",
                    user.username
                )));
            }
        }
        self.apply_in(tx, edit, secrets, author).await
    }

    async fn apply_in(
        &self,
        mut tx: Tx,
        edit: Edit,
        secrets: Secrets,
        author: &Author,
    ) -> Result<Applied, ConsoleError> {
        let Edit { manifest, prune, delete, dry_run, price_source, condition } = edit;
        let Secrets { hashes, mistakes } = secrets;
        let request = Request { manifest, mistakes, prune, delete, revoke: Vec::new() };
        // Locks out other writers of configuration; without changes it is taken back below.
        tx.bump_catalog().await?;
        let state = State::load(tx.read(), &self.keyring).await?;
        if let Some(Condition(holds)) = condition {
            holds(&state)?;
        }
        let plan = Plan::build(&request, &state)?;
        if plan.is_empty() {
            return Ok(Applied { plan, generated: Vec::new(), dry_run });
        }
        plan.check_rights(&state, author)?;
        let writer = Writer::new(self, author, tx, state, hashes);
        let mut writer = Writer { price_source, ..writer };
        for change in &plan.changes {
            writer.write(change).await?;
            writer.audit(change).await?;
        }
        for change in plan.changes.iter().filter(|change| change.verb != Verb::Delete) {
            if let Object::ChannelGroup(group) = &change.object
                && change.fields.iter().any(|field| field.path == "pinned")
            {
                writer.pin_channel(group).await?;
            }
        }
        let generated = writer.finish(dry_run).await?;
        Ok(Applied { plan, generated, dry_run })
    }
}

// === impl Editor ===

impl Editor {
    /// The value of a setting as it lies in the database: sealed where it is a secret.
    fn written(&self, setting: &Setting) -> Result<String, ConsoleError> {
        let value = &setting.value.0;
        match Settings::find(&setting.key).filter(|info| info.is_secret()) {
            None => Ok(value.clone()),
            Some(info) => {
                let place = SettingRecord::secret_place(info);
                Ok(self.keyring.seal(Purpose::Setting, place, value.as_bytes())?)
            }
        }
    }
}

// === impl Writer ===

impl<'a> Writer<'a> {
    fn new(editor: &'a Editor, author: &'a Author, tx: Tx, state: State, hashes: Hashes) -> Self {
        let (now, made) = (editor.clock.now(), Made::default());
        let (price_source, generated) = (PriceSource::default(), Vec::new());
        Self { editor, author, tx, now, state, price_source, hashes, made, generated }
    }

    async fn write(&mut self, change: &Change) -> Result<(), ConsoleError> {
        match change.verb {
            Verb::Delete => return self.delete(change).await,
            Verb::Revoke => return self.revoke(change).await,
            Verb::Create | Verb::Update => {}
        }
        match &change.object {
            Object::ChannelGroup(group) => self.put_channel_group(group).await,
            Object::Model(model) => self.put_model(model).await,
            Object::Channel(channel) => self.put_channel(channel).await,
            Object::UserGroup(group) => self.put_user_group(group).await,
            Object::User(user) => self.put_user(user).await,
            Object::ApiKey(key) => self.put_api_key(key).await,
            Object::ErrorRule(rule) => self.put_error_rule(rule).await,
            Object::Setting(setting) => {
                let value = self.editor.written(setting)?;
                let (by, now) = (Some(self.author.actor.name.as_str()), self.now);
                Ok(self.tx.set_setting(&setting.key, &value, by, now).await?)
            }
        }
    }

    /// Notes who made a change, in the same transaction.
    async fn audit(&mut self, change: &Change) -> Result<(), ConsoleError> {
        let (id, actor) = (self.editor.ids.next(), self.author.actor.clone());
        let kind = change.kind.as_str();
        let action = format!("{kind}.{}", change.verb.as_str());
        let changes = change.fields.iter().map(|field| AuditChange {
            path: field.path.clone(),
            before: field.before.clone(),
            after: field.after.clone(),
        });
        let record = AuditRecord {
            changes: changes.collect(),
            ..AuditRecord::new(id, self.now, actor, action).about(kind, change.name.as_str())
        };
        Ok(self.tx.insert_audit(&record).await?)
    }

    async fn delete(&mut self, change: &Change) -> Result<(), ConsoleError> {
        let name = change.name.as_str();
        match &change.object {
            Object::ChannelGroup(_) => {
                let id = self.channel_group_id(name)?;
                self.tx.delete_channel_group(id).await?;
            }
            Object::Model(_) => {
                let id = self.model_id(name)?;
                self.tx.delete_model(id).await?;
            }
            Object::Channel(_) => {
                let id = self.channel_id(name).ok_or_else(|| missing(Kind::Channel, name))?;
                self.tx.delete_channel(id).await?;
            }
            Object::UserGroup(_) => {
                let id = self.user_group_id(name)?;
                self.tx.delete_user_group(id).await?;
            }
            Object::User(_) => {
                let id = self.user_id(name)?;
                self.tx.delete_user(id).await?;
            }
            Object::ApiKey(key) => {
                if let Some(held) = self.state.find_api_key(key) {
                    self.tx.delete_api_key(held.id).await?;
                }
            }
            Object::ErrorRule(_) => {
                if let Some(held) = self.state.error_rules.get(name) {
                    self.tx.delete_error_rule(held.id).await?;
                }
            }
            Object::Setting(_) => {
                self.tx.delete_setting(name).await?;
            }
        }
        Ok(())
    }

    async fn revoke(&mut self, change: &Change) -> Result<(), ConsoleError> {
        let held = self.state.api_key_by_name(&change.name);
        let id = held.ok_or_else(|| missing(change.kind, &change.name))?.id;
        self.tx.revoke_api_key(id, self.now).await?;
        Ok(())
    }

    /// Refuses what would leave a catalogue that cannot be used.
    async fn check_catalog(&self) -> Result<(), ConsoleError> {
        let rows = trial::rows(self.tx.read(), &self.editor.keyring).await?;
        Catalog::build(&rows).map(drop).map_err(ConsoleError::Defective)
    }

    /// Builds the catalogue that would follow, and commits if it is sound.
    async fn finish(self, dry_run: bool) -> Result<Vec<GeneratedKey>, ConsoleError> {
        self.check_catalog().await?;
        if dry_run {
            return Ok(Vec::new());
        }
        self.tx.commit().await?;
        Ok(self.generated)
    }

    fn channel_group_id(&self, name: &str) -> Result<ChannelGroupId, ConsoleError> {
        let held = self.state.channel_groups.get(name).map(|held| held.id);
        held.or_else(|| find(&self.made.channel_groups, name))
            .ok_or_else(|| missing(Kind::ChannelGroup, name))
    }

    fn model_id(&self, name: &str) -> Result<ModelId, ConsoleError> {
        let held = self.state.models.get(name).map(|held| held.id);
        held.or_else(|| find(&self.made.models, name)).ok_or_else(|| missing(Kind::Model, name))
    }

    fn channel_id(&self, name: &str) -> Option<ChannelId> {
        self.state.channels.get(name).map(|held| held.id)
    }

    fn user_group_id(&self, name: &str) -> Result<UserGroupId, ConsoleError> {
        let held = self.state.user_groups.get(name).map(|held| held.id);
        held.or_else(|| find(&self.made.user_groups, name))
            .ok_or_else(|| missing(Kind::UserGroup, name))
    }

    fn user_id(&self, name: &str) -> Result<UserId, ConsoleError> {
        let held = self.state.users.get(name).map(|held| held.id);
        held.or_else(|| find(&self.made.users, name)).ok_or_else(|| missing(Kind::User, name))
    }
}

fn find<I: Copy>(made: &[(String, I)], name: &str) -> Option<I> {
    made.iter().find(|(made, _)| made == name).map(|(_, id)| *id)
}

fn missing(kind: Kind, name: &str) -> ConsoleError {
    ConsoleError::NotFound(format!("{} `{name}`", kind.as_str()))
}

// === impl Applied ===

impl fmt::Display for Applied {
    /// The plan; generated keys are not part of it, so that it can be logged.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.plan.fmt(f)?;
        if self.dry_run && !self.plan.is_empty() {
            writeln!(f, "nothing was changed: this was a dry run")?;
        }
        Ok(())
    }
}
