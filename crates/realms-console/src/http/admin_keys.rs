//! Keys for the admin API: made, listed, deleted.

use axum::{
    Json,
    extract::{Path, State},
};
use http::StatusCode;
use realms_identity::hint_of;
use realms_seal::random_token;
use realms_store::{AdminKeyRecord, AuditChange, AuditRecord, Scope, Scopes};
use realms_types::{AdminKeyId, Timestamp, UserId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    Console,
    access::admin_key_hash,
    body::Strict,
    caller::{Caller, Principal},
    listing::Listing,
    problem::Problems,
};
use crate::{ConsoleError, Refusal, refusal::check_name, words};

/// What keys made here start with.
const PREFIX: &str = "adm_";

/// A key for the admin API, without its secret.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct AdminKeyView {
    /// Its id.
    #[schema(value_type = String, example = "ad_06a1b2c3d4e5f")]
    id: AdminKeyId,
    /// Its name.
    name: String,
    /// Its last 4 characters.
    hint: String,
    /// What it may do.
    #[schema(value_type = Vec<words::Scope>, example = json!(["config:read", "usage:read"]))]
    scopes: Vec<&'static str>,
    /// Who made it. It works only as long as they are root.
    created_by: String,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// When it was last used, up to a minute late.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    last_used_at: Option<Timestamp>,
    /// When it stops working.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    expires_at: Option<Timestamp>,
    /// Whether it works now.
    enabled: bool,
}

/// A key to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewAdminKey {
    /// Its name, unique.
    name: String,
    /// What it may do: `config:read`, `config:write`, `users:read`, `users:write`, `usage:read`,
    /// `audit:read`, `secrets:write`, `everything`.
    #[schema(value_type = Vec<words::Scope>)]
    scopes: Vec<String>,
    /// When it stops working. Default: never.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    expires_at: Option<Timestamp>,
}

/// A key that was made.
#[derive(Serialize, ToSchema)]
pub(super) struct MadeAdminKey {
    /// The key without its secret.
    admin_key: AdminKeyView,
    /// The key itself. It is shown this once.
    #[schema(example = "adm_...")]
    key: String,
}

/// Lists the keys for the admin API.
#[utoipa::path(
    get, path = "/api/admin/admin-keys", tag = "admin keys",
    responses((status = 200, body = Listing<AdminKeyView>), Problems)
)]
pub(super) async fn list_admin_keys(
    State(console): State<Console>,
) -> Result<Json<Listing<AdminKeyView>>, ConsoleError> {
    let editor = &console.0.editor;
    let (records, now) = (editor.store.read().list_admin_keys().await?, editor.clock.now());
    let items = records.into_iter().map(|record| AdminKeyView::new(record, now)).collect();
    Ok(Json(Listing { items }))
}

/// Makes a key for the admin API. It is shown in the answer, once. A person must have proved lately who
/// they are: the key outlasts their session.
#[utoipa::path(
    post, path = "/api/admin/admin-keys", tag = "admin keys",
    request_body = NewAdminKey,
    responses((status = 201, body = MadeAdminKey), Problems)
)]
pub(super) async fn create_admin_key(
    State(console): State<Console>,
    caller: Caller,
    Strict(new): Strict<NewAdminKey>,
) -> Result<(StatusCode, Json<MadeAdminKey>), ConsoleError> {
    console.must_be_fresh(&caller).await?;
    let (editor, key) = (&console.0.editor, random_token(PREFIX));
    let (now, hash) = (editor.clock.now(), admin_key_hash(&editor.keyring, key.reveal()));
    let scopes = new.check(now)?;
    let record = AdminKeyRecord {
        id: editor.ids.next(),
        name: new.name,
        hint: hint_of(key.reveal()),
        scopes,
        created_by: caller.actor().name,
        created_by_id: console.behind(&caller).await?,
        created_at: now,
        last_used_at: None,
        expires_at: new.expires_at,
    };
    let mut tx = editor.store.begin().await?;
    tx.insert_admin_key(&record, &hash).await?;
    let scopes = AuditChange {
        path: "scopes".to_owned(),
        before: None,
        after: Some(record.scopes.to_string()),
    };
    let entry = AuditRecord::new(editor.ids.next(), now, caller.actor(), "admin_key.create");
    let entry = entry.about("admin_key", record.name.as_str());
    tx.insert_audit(&AuditRecord { changes: vec![scopes], ..entry }).await?;
    tx.commit().await?;
    let admin_key = AdminKeyView::new(record, now);
    Ok((StatusCode::CREATED, Json(MadeAdminKey { admin_key, key: key.reveal().clone() })))
}

/// Deletes a key for the admin API: from now on it lets nobody in.
#[utoipa::path(
    delete, path = "/api/admin/admin-keys/{id}", tag = "admin keys",
    params(("id" = String, Path, description = "Its id, `ad_…`")),
    responses((status = 204, description = "It is gone"), Problems)
)]
pub(super) async fn delete_admin_key(
    State(console): State<Console>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<StatusCode, ConsoleError> {
    let editor = &console.0.editor;
    let missing = || ConsoleError::NotFound(format!("admin key `{id}`"));
    let parsed: AdminKeyId = id.parse().map_err(|_| missing())?;
    let mut tx = editor.store.begin().await?;
    let record = tx.read().find_admin_key(parsed).await?.ok_or_else(missing)?;
    tx.delete_admin_key(parsed).await?;
    let (entry, now) = (editor.ids.next(), editor.clock.now());
    let entry = AuditRecord::new(entry, now, caller.actor(), "admin_key.delete");
    tx.insert_audit(&entry.about("admin_key", record.name)).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

// === impl NewAdminKey ===

impl NewAdminKey {
    fn check(&self, now: Timestamp) -> Result<Scopes, Refusal> {
        check_name("/name", &self.name)?;
        if self.expires_at.is_some_and(|at| at <= now) {
            return Err(Refusal::field("/expires_at", "invalid", "it is over already"));
        }
        let scopes = self.scopes.iter().map(|word| word.parse::<Scope>());
        match scopes.collect::<Result<Scopes, _>>() {
            Ok(scopes) if !scopes.is_empty() => Ok(scopes),
            Ok(_) => Err(Refusal::field("/scopes", "invalid", "a key needs at least one scope")),
            Err(unknown) => Err(Refusal::field("/scopes", "invalid", unknown.to_string())),
        }
    }
}

// === impl Console ===

impl Console {
    /// The user whose rights a key made by this caller stands on: a key made with another key
    /// stands on the same.
    async fn behind(&self, caller: &Caller) -> Result<Option<UserId>, ConsoleError> {
        match &caller.principal {
            Principal::User(signed_in) => Ok(Some(signed_in.user_id)),
            Principal::AdminKey { id: None, .. } => Ok(None),
            Principal::AdminKey { id: Some(id), .. } => {
                let reader = self.0.editor.store.read();
                let found = reader.find_admin_key(*id).await?;
                let gone = ConsoleError::Unauthenticated("this is not an admin API key");
                Ok(found.ok_or(gone)?.created_by_id)
            }
        }
    }
}

// === impl AdminKeyView ===

impl AdminKeyView {
    fn new(record: AdminKeyRecord, now: Timestamp) -> Self {
        Self {
            id: record.id,
            name: record.name,
            hint: record.hint,
            scopes: record.scopes.iter().map(Scope::as_str).collect(),
            created_by: record.created_by,
            created_at: record.created_at,
            last_used_at: record.last_used_at,
            enabled: record.expires_at.is_none_or(|at| now < at),
            expires_at: record.expires_at,
        }
    }
}

// === impl MadeAdminKey ===

impl std::fmt::Debug for MadeAdminKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MadeAdminKey").field("admin_key", &self.admin_key).finish_non_exhaustive()
    }
}
