//! Passwords: forgotten, or changed.

use axum::{Json, extract::State, response::IntoResponse};
use http::StatusCode;
use realms_types::Secret;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{
    Console,
    body::{Empty, Strict},
    caller::Caller,
    entry::SetCookie,
    origin::Guest,
    problem::Problems,
    registration::EmailAddress,
};
use crate::ConsoleError;

/// A new password in exchange for a code.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PasswordReset {
    /// The address the code was sent to.
    email: String,
    /// The code.
    #[schema(example = "123456")]
    code: String,
    /// The new password, 8 to 256 bytes.
    password: String,
}

/// A new password instead of the old one.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PasswordChange {
    /// The old password, unless there is none.
    #[serde(default)]
    old_password: Option<String>,
    /// The new password, 8 to 256 bytes.
    new_password: String,
}

/// Sends a code for a new password. The answer is the same for an address that is nobody's.
#[utoipa::path(
    post, path = "/api/password/forgot", tag = "session", security(()),
    request_body = EmailAddress,
    responses((status = 202, body = Empty, description = "If it can be, it is on its way"), Problems)
)]
pub(super) async fn forgot_password(
    State(console): State<Console>,
    guest: Guest,
    Strict(EmailAddress { email }): Strict<EmailAddress>,
) -> Result<impl IntoResponse, ConsoleError> {
    console.accounts().forgot_password(&email, &guest.origin).await?;
    Ok((StatusCode::ACCEPTED, Json(Empty {})))
}

/// Sets a new password in exchange for a code; every session of the user ends.
#[utoipa::path(
    post, path = "/api/password/reset", tag = "session", security(()),
    request_body = PasswordReset,
    responses((status = 204, description = "Log in with it"), Problems)
)]
pub(super) async fn reset_password(
    State(console): State<Console>,
    guest: Guest,
    Strict(PasswordReset { email, code, password }): Strict<PasswordReset>,
) -> Result<StatusCode, ConsoleError> {
    let accounts = console.accounts();
    accounts.reset_password(&email, &code, Secret::from(password), &guest.origin).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Changes my password. My other sessions end, and this one gets a new cookie.
#[utoipa::path(
    post, path = "/api/me/password", tag = "me",
    request_body = PasswordChange,
    responses((status = 204, description = "It is changed"), Problems)
)]
pub(super) async fn change_password(
    State(console): State<Console>,
    caller: Caller,
    guest: Guest,
    Strict(PasswordChange { old_password, new_password }): Strict<PasswordChange>,
) -> Result<impl IntoResponse, ConsoleError> {
    let me = caller.user()?;
    let passwords = (old_password.map(Secret::from), Secret::from(new_password));
    let whose = (me.user_id, me.is_fresh(console.now()));
    let opened = console.accounts().change_password(whose, passwords, &guest.origin).await?;
    Ok((SetCookie::session(&opened, true, guest.https)?, StatusCode::NO_CONTENT))
}
