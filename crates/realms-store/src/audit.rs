//! The audit log: who did what, when, from where. Entries are added and never change.

use realms_types::{AuditId, Timestamp};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select,
    sea_query::LikeExpr,
};
use serde::{Deserialize, Serialize};

use crate::{Reader, StoreError, Tx, entity::audit_entry, sql};

/// What kind of actor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ActorKind {
    /// A person with a session.
    User,
    /// A program with an admin key.
    AdminKey,
    /// Someone with a shell on the server.
    Cli,
    /// Realms itself.
    System,
}

/// Who does something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// What kind.
    pub kind: ActorKind,
    /// The user's name, or the name of the key.
    pub name: String,
    /// Where they connected from.
    pub address: Option<String>,
    /// What they use.
    pub user_agent: Option<String>,
    /// The id of the request, as its answer and the log show it.
    pub request_id: Option<String>,
}

/// One value that changed. A secret is never here; a word such as `(changed)` stands for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditChange {
    /// The field.
    pub path: String,
    /// What it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
    /// What it became.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
}

/// An entry of the audit log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditRecord {
    /// Its id.
    pub id: AuditId,
    /// When it happened.
    pub at: Timestamp,
    /// Who did it.
    pub actor: Actor,
    /// What was done: the kind of object and the verb, such as `channel.update`.
    pub action: String,
    /// What kind of object it was done to.
    pub object_kind: Option<String>,
    /// The name of the object.
    pub object: Option<String>,
    /// What changed.
    pub changes: Vec<AuditChange>,
}

/// Which entries are meant; an empty list does not matter.
#[derive(Debug, Clone, Default)]
pub struct AuditFilter {
    /// By any of these actors.
    pub actors: Vec<String>,
    /// Of any of these actions; one that ends in `.` means every action that begins so.
    pub actions: Vec<String>,
    /// To any of these kinds of object.
    pub object_kinds: Vec<String>,
    /// To any of these objects.
    pub objects: Vec<String>,
    /// By a user of any of these names, or about one or an API key of one.
    pub users: Vec<String>,
    /// At or after this moment.
    pub since: Option<Timestamp>,
    /// Before this moment.
    pub until: Option<Timestamp>,
    /// Older than this entry.
    pub before: Option<AuditId>,
    /// At most so many, up to 200; 0 means 50.
    pub limit: u64,
}

/// A page of entries, newest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditPage {
    /// The entries.
    pub records: Vec<AuditRecord>,
    /// What to put into `before` for the next page; `None` at the end.
    pub next: Option<AuditId>,
}

/// One value of a change, in bytes; the rest is cut off.
const LONGEST_VALUE: usize = 1_024;
/// The changes of one entry, in bytes of JSON; MySQL's `TEXT` holds 65,535. The rest is left out.
const MOST_CHANGES: usize = 48 << 10;

// === impl ActorKind ===

impl ActorKind {
    /// The word in JSON and in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::AdminKey => "admin_key",
            Self::Cli => "cli",
            Self::System => "system",
        }
    }
}

// === impl Actor ===

impl Actor {
    /// Someone with a shell on the server.
    pub fn cli() -> Self {
        Self::local(ActorKind::Cli, "realms")
    }

    /// Realms itself.
    pub fn system() -> Self {
        Self::local(ActorKind::System, "realms")
    }

    fn local(kind: ActorKind, name: &str) -> Self {
        let name = name.to_owned();
        Self { kind, name, address: None, user_agent: None, request_id: None }
    }
}

// === impl AuditRecord ===

impl AuditRecord {
    /// An entry about nothing in particular.
    pub fn new(id: AuditId, at: Timestamp, actor: Actor, action: impl Into<String>) -> Self {
        let action = action.into();
        Self { id, at, actor, action, object_kind: None, object: None, changes: Vec::new() }
    }

    /// The same entry about an object.
    #[must_use]
    pub fn about(self, kind: impl Into<String>, object: impl Into<String>) -> Self {
        Self { object_kind: Some(kind.into()), object: Some(object.into()), ..self }
    }
}

impl From<&AuditRecord> for audit_entry::Model {
    fn from(record: &AuditRecord) -> Self {
        let Actor { kind, name, address, user_agent, request_id } = &record.actor;
        let cut = |text: &Option<String>, most| text.as_deref().map(|t| sql::bounded(t, most));
        Self {
            id: record.id.raw(),
            at: record.at.as_micros(),
            actor_kind: kind.as_str().to_owned(),
            actor: sql::bounded(name, 128),
            address: cut(address, 64),
            user_agent: cut(user_agent, 255),
            request_id: cut(request_id, 128),
            action: sql::bounded(&record.action, 64),
            object_kind: cut(&record.object_kind, 32),
            object: cut(&record.object, 255),
            changes: written(&record.changes),
        }
    }
}

impl TryFrom<audit_entry::Model> for AuditRecord {
    type Error = StoreError;

    fn try_from(row: audit_entry::Model) -> Result<Self, StoreError> {
        Ok(Self {
            changes: serde_json::from_str(&row.changes)
                .map_err(|cause| StoreError::corrupt("audit_entries", &row.id, &cause))?,
            actor: Actor {
                kind: sql::word("audit_entries", &row.id, &row.actor_kind)?,
                name: row.actor,
                address: row.address,
                user_agent: row.user_agent,
                request_id: row.request_id,
            },
            id: row.id.into(),
            at: Timestamp::from_micros(row.at),
            action: row.action,
            object_kind: row.object_kind,
            object: row.object,
        })
    }
}

/// As many changes as fit, each value within its bounds.
fn written(changes: &[AuditChange]) -> String {
    let cut = |text: &Option<String>| text.as_deref().map(|t| sql::bounded(t, LONGEST_VALUE));
    let mut text = String::from("[");
    for change in changes {
        let change = AuditChange {
            path: sql::bounded(&change.path, LONGEST_VALUE),
            before: cut(&change.before),
            after: cut(&change.after),
        };
        let Ok(one) = serde_json::to_string(&change) else { continue };
        if text.len() + one.len() + 2 > MOST_CHANGES {
            break;
        }
        if text.len() > 1 {
            text.push(',');
        }
        text.push_str(&one);
    }
    text.push(']');
    text
}

/// By a user, or about them or one of their API keys, which are written `user/key`.
fn of_user(name: &str) -> Condition {
    use audit_entry::Column;
    let by = Condition::all()
        .add(Column::ActorKind.eq(ActorKind::User.as_str()))
        .add(Column::Actor.eq(name));
    let about = |kind: &str| Condition::all().add(Column::ObjectKind.eq(kind));
    // Names have letters, digits, `_`, `-` and `.`: of these only `_` is a wildcard of `LIKE`.
    let keys = LikeExpr::new(format!("{}/%", name.replace('_', "!_"))).escape('!');
    Condition::any()
        .add(by)
        .add(about("user").add(Column::Object.eq(name)))
        .add(about("api_key").add(Column::Object.like(keys)))
}

// === impl AuditFilter ===

impl AuditFilter {
    fn select(&self) -> Select<audit_entry::Entity> {
        use audit_entry::Column;
        let mut select = audit_entry::Entity::find();
        for (column, values) in [
            (Column::Actor, &self.actors),
            (Column::ObjectKind, &self.object_kinds),
            (Column::Object, &self.objects),
        ] {
            if !values.is_empty() {
                select = select.filter(column.is_in(values.iter().map(String::as_str)));
            }
        }
        if !self.actions.is_empty() {
            let any = self.actions.iter().fold(Condition::any(), |any, action| {
                // The wildcards of `LIKE` in a word of an action find a little more, which is no harm.
                any.add(if action.ends_with('.') {
                    Column::Action.starts_with(action.as_str())
                } else {
                    Column::Action.eq(action.as_str())
                })
            });
            select = select.filter(any);
        }
        if !self.users.is_empty() {
            let any = self.users.iter().fold(Condition::any(), |any, user| any.add(of_user(user)));
            select = select.filter(any);
        }
        if let Some(since) = self.since {
            select = select.filter(Column::At.gte(since.as_micros()));
        }
        if let Some(until) = self.until {
            select = select.filter(Column::At.lt(until.as_micros()));
        }
        if let Some(before) = self.before {
            select = select.filter(Column::Id.lt(before.raw()));
        }
        select.order_by_desc(Column::Id)
    }
}

// === impl Reader ===

impl Reader<'_> {
    /// A page of the audit log, newest first.
    pub async fn list_audit(self, filter: &AuditFilter) -> Result<AuditPage, StoreError> {
        let limit = if filter.limit == 0 { 50 } else { filter.limit.min(200) };
        let mut records: Vec<AuditRecord> = self.all(filter.select().limit(limit + 1)).await?;
        let full = records.len() as u64 > limit;
        if full {
            records.pop();
        }
        let next = records.last().filter(|_| full).map(|record| record.id);
        Ok(AuditPage { records, next })
    }

    /// One entry of the audit log.
    pub async fn find_audit(self, id: AuditId) -> Result<Option<AuditRecord>, StoreError> {
        self.one(audit_entry::Entity::find_by_id(id.raw())).await
    }
}

// === impl Tx ===

impl Tx {
    /// Adds entries to the audit log, as [`Self::insert_audit`] does one.
    pub async fn insert_audits(&self, records: &[AuditRecord]) -> Result<(), StoreError> {
        let rows: Vec<audit_entry::Model> = records.iter().map(Into::into).collect();
        self.insert_all(rows, "an audit entry".to_owned()).await
    }

    /// Adds an entry to the audit log: it is there exactly when the rest of the transaction is.
    pub async fn insert_audit(&mut self, record: &AuditRecord) -> Result<(), StoreError> {
        self.insert(audit_entry::Model::from(record), "the audit entry".to_owned()).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_are_bounded_and_stay_readable() {
        let change = |path: &str, value: String| AuditChange {
            path: path.to_owned(),
            before: None,
            after: Some(value),
        };
        let changes: Vec<_> =
            (0..200).map(|n| change(&format!("models.{n}"), "x".repeat(2_000))).collect();
        let text = written(&changes);
        assert!(text.len() <= MOST_CHANGES);
        let read: Vec<AuditChange> = serde_json::from_str(&text).unwrap();
        assert!(
            read.len() > 10 && read.iter().all(|one| one.after.as_ref().unwrap().len() <= 1_024)
        );
        assert_eq!(written(&[]), "[]");
    }
}
