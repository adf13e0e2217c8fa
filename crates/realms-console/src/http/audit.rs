//! The audit log: who did what, when, from where.

use axum::{
    Json,
    extract::{Path, State},
};
use realms_store::{AuditChange, AuditFilter, AuditRecord};
use realms_types::{AuditId, Timestamp, Username};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    Console,
    body::Params,
    list::Page,
    problem::Problems,
    query::{Fields, ListParams, Op, Query},
};
use crate::{ConsoleError, words};

/// Which entries are listed.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct AuditParams {
    /// Terms of the fields `actor`, `action`, `object_kind`, `object` and `user`, joined by blanks.
    /// `user:ana` is what she did, and what was done to her or her API keys.
    filter: Option<String>,
    /// At or after this moment (RFC 3339).
    #[param(value_type = Option<String>, format = DateTime)]
    since: Option<Timestamp>,
    /// Before this moment (RFC 3339).
    #[param(value_type = Option<String>, format = DateTime)]
    until: Option<Timestamp>,
    /// `next` of the page before.
    cursor: Option<String>,
    /// At most so many, up to 200. Default 50.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u64>,
}

/// An entry of the audit log.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct AuditEntry {
    /// Its id.
    #[schema(value_type = String, example = "au_06a1b2c3d4e5f")]
    id: AuditId,
    /// When it happened.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// What kind of actor: `user`, `admin_key`, `cli`, `system`.
    #[schema(value_type = words::ActorType)]
    actor_kind: &'static str,
    /// The user's name, or the name of the key.
    actor: String,
    /// Where they connected from.
    #[serde(skip_serializing_if = "Option::is_none")]
    address: Option<String>,
    /// What they use.
    #[serde(skip_serializing_if = "Option::is_none")]
    user_agent: Option<String>,
    /// What was done: the kind of object and the verb.
    #[schema(example = "channel.update")]
    action: String,
    /// What kind of object it was done to.
    #[serde(skip_serializing_if = "Option::is_none")]
    object_kind: Option<String>,
    /// The name of the object.
    #[serde(skip_serializing_if = "Option::is_none")]
    object: Option<String>,
    /// What changed.
    changes: Vec<AuditField>,
    /// The id of the request.
    #[serde(skip_serializing_if = "Option::is_none")]
    request_id: Option<String>,
}

/// One value that changed. A word such as `(changed)` stands for a secret.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct AuditField {
    /// The field.
    path: String,
    /// What it was; left out: nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    before: Option<String>,
    /// What it became; left out: nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    after: Option<String>,
}

const FIELDS: Fields<'static> =
    Fields { filter: &["actor", "action", "object_kind", "object", "user"], sort: &[] };

/// Lists the audit log, newest first.
#[utoipa::path(
    get, path = "/api/admin/audit", tag = "audit", params(AuditParams),
    responses((status = 200, body = Page<AuditEntry>), Problems)
)]
pub(super) async fn list_audit(
    State(console): State<Console>,
    Params(params): Params<AuditParams>,
) -> Result<Json<Page<AuditEntry>>, ConsoleError> {
    let page = console.0.editor.store.read().list_audit(&params.read()?).await?;
    let items = page.records.into_iter().map(AuditEntry::from).collect();
    Ok(Json(Page::new(items, page.next.map(|id| id.to_string()))))
}

/// Shows one entry of the audit log.
#[utoipa::path(
    get, path = "/api/admin/audit/{id}", tag = "audit",
    params(("id" = String, Path, description = "Its id, `au_…`")),
    responses((status = 200, body = AuditEntry), Problems)
)]
pub(super) async fn get_audit(
    State(console): State<Console>,
    Path(id): Path<String>,
) -> Result<Json<AuditEntry>, ConsoleError> {
    let missing = || ConsoleError::NotFound(format!("audit entry `{id}`"));
    let parsed: AuditId = id.parse().map_err(|_| missing())?;
    let found = console.0.editor.store.read().find_audit(parsed).await?;
    found.map(|record| Json(record.into())).ok_or_else(missing)
}

// === impl AuditParams ===

impl AuditParams {
    fn read(self) -> Result<AuditFilter, ConsoleError> {
        let Self { filter, since, until, cursor, limit } = self;
        let params = ListParams { filter, cursor, limit, ..ListParams::default() };
        let query = params.read(&FIELDS)?;
        let not_next = |_| ConsoleError::Malformed("query: `cursor` is not `next`".to_owned());
        Ok(AuditFilter {
            actors: query.any_of("actor")?,
            actions: actions(&query)?,
            object_kinds: query.any_of("object_kind")?,
            objects: query.any_of("object")?,
            users: users(&query)?,
            since,
            until,
            before: query.cursor.as_deref().map(str::parse).transpose().map_err(not_next)?,
            limit: query.limit,
        })
    }
}

/// Users; what is no name of one would find nothing, or be a pattern.
fn users(query: &Query) -> Result<Vec<String>, ConsoleError> {
    let names = query.any_of("user")?;
    if names.iter().all(|name| name.parse::<Username>().is_ok()) {
        return Ok(names);
    }
    Err(ConsoleError::Malformed("query: `user` is not the name of a user".to_owned()))
}

/// Actions, where `user.*` means every action on users.
fn actions(query: &Query) -> Result<Vec<String>, ConsoleError> {
    let mut terms = query.filter.iter().filter(|term| term.field == "action");
    let Some(term) = terms.next() else { return Ok(Vec::new()) };
    let fits = term.values.iter().all(|word| word.is_prefix == word.text.ends_with('.'));
    if term.op != Op::Is || !fits || terms.next().is_some() {
        return Err(ConsoleError::Malformed(
            "query: `action` takes `action:channel.update` or `action:channel.*`, once".to_owned(),
        ));
    }
    Ok(term.values.iter().map(|word| word.text.clone()).collect())
}

// === impl AuditEntry ===

impl From<AuditRecord> for AuditEntry {
    fn from(record: AuditRecord) -> Self {
        let AuditRecord { id, at, actor, action, object_kind, object, changes } = record;
        Self {
            id,
            at,
            actor_kind: actor.kind.as_str(),
            actor: actor.name,
            address: actor.address,
            user_agent: actor.user_agent,
            action,
            object_kind,
            object,
            changes: changes.into_iter().map(AuditField::from).collect(),
            request_id: actor.request_id,
        }
    }
}

impl From<AuditChange> for AuditField {
    fn from(AuditChange { path, before, after }: AuditChange) -> Self {
        Self { path, before, after }
    }
}
