//! What is done to users besides changing them: ending their sessions, giving them a password.

use axum::extract::{Path, State};
use http::StatusCode;
use realms_store::{AuditRecord, Reader, Role, UserRecord};
use realms_types::{Secret, Username};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{Console, body::Strict, caller::Caller, problem::Problems};
use crate::{
    Code, ConsoleError, Edit, Permission, Refusal,
    manifest::{Manifest, SecretText, User},
};

/// A new password for a user.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewPassword {
    /// The password, 8 to 256 bytes.
    #[schema(value_type = String, write_only)]
    #[serde(deserialize_with = "super::body::secret")]
    password: Secret<String>,
}

/// Ends every session of a user.
#[utoipa::path(
    post, path = "/api/admin/users/{name}/log-out", tag = "users",
    params(("name" = String, Path, description = "Its name or its id")),
    responses((status = 204, description = "No session is left"), Problems)
)]
pub(super) async fn log_user_out(
    State(console): State<Console>,
    caller: Caller,
    Path(name): Path<String>,
) -> Result<StatusCode, ConsoleError> {
    let editor = &console.0.editor;
    let mut tx = editor.store.begin().await?;
    let user = console.named_user(tx.read(), &name).await?;
    must_be_below(&user, &caller)?;
    tx.end_sessions(user.id, None).await?;
    let (id, now) = (editor.ids.next(), editor.clock.now());
    let entry = AuditRecord::new(id, now, caller.actor(), "user.log_out");
    tx.insert_audit(&entry.about("user", user.username)).await?;
    tx.commit().await?;
    console.0.sessions.forget_all();
    (console.0.reload)().await;
    Ok(StatusCode::NO_CONTENT)
}

/// Gives a user a new password and ends every session of theirs. A person must have proved lately who
/// they are.
#[utoipa::path(
    post, path = "/api/admin/users/{name}/password", tag = "users", request_body = NewPassword,
    params(("name" = String, Path, description = "Its name")),
    responses((status = 204, description = "It is in force"), Problems)
)]
pub(super) async fn set_user_password(
    State(console): State<Console>,
    caller: Caller,
    Path(name): Path<String>,
    Strict(NewPassword { password }): Strict<NewPassword>,
) -> Result<StatusCode, ConsoleError> {
    console.must_be_fresh(&caller).await?;
    let missing = || ConsoleError::NotFound(format!("user `{name}`"));
    let username: Username = name.parse().map_err(|_| missing())?;
    // An edit would make who is not there.
    console.0.editor.store.read().find_user_by_name(&name).await?.ok_or_else(missing)?;
    let user = User { password: Some(SecretText::from(password)), ..User::named(username) };
    let edit = Edit::manifest(Manifest { users: vec![user], ..Manifest::empty() });
    console.edit(&caller, edit).await?;
    console.0.sessions.forget_all();
    Ok(StatusCode::NO_CONTENT)
}

/// Takes the authenticator of a user away, with the recovery codes that stand in for it: for who lost
/// both. Every session of theirs ends, and the password alone is enough until they set one up again.
#[utoipa::path(
    post, path = "/api/admin/users/{name}/totp/reset", tag = "users",
    params(("name" = String, Path, description = "Its name or its id")),
    responses((status = 204, description = "There is none"), Problems)
)]
pub(super) async fn reset_user_totp(
    State(console): State<Console>,
    caller: Caller,
    Path(name): Path<String>,
) -> Result<StatusCode, ConsoleError> {
    console.must_be_fresh(&caller).await?;
    let editor = &console.0.editor;
    let mut tx = editor.store.begin().await?;
    let user = console.named_user(tx.read(), &name).await?;
    if tx.delete_totp(user.id).await? {
        tx.end_sessions(user.id, None).await?;
        let (id, now) = (editor.ids.next(), editor.clock.now());
        let entry = AuditRecord::new(id, now, caller.actor(), "user.totp_reset");
        tx.insert_audit(&entry.about("user", user.username)).await?;
        tx.commit().await?;
        console.0.sessions.forget_all();
        (console.0.reload)().await;
    }
    Ok(StatusCode::NO_CONTENT)
}

/// Refuses to touch the sessions of who has more rights than the caller.
pub(super) fn must_be_below(user: &UserRecord, caller: &Caller) -> Result<(), ConsoleError> {
    if user.role == Role::User || caller.may(Permission::RolesWrite) {
        return Ok(());
    }
    let detail = "sessions of root users and admins are not yours to end";
    Err(Refusal::new(Code::Forbidden, detail).into())
}

// === impl Console ===

impl Console {
    /// The user with this name or this id.
    pub(super) async fn named_user(
        &self,
        reader: Reader<'_>,
        name: &str,
    ) -> Result<UserRecord, ConsoleError> {
        let found = match (reader.find_user_by_name(name).await?, name.parse()) {
            (Some(user), _) => Some(user),
            (None, Ok(id)) => reader.find_user(id).await?,
            (None, Err(_)) => None,
        };
        found.ok_or_else(|| ConsoleError::NotFound(format!("user `{name}`")))
    }
}
