//! My address.

use axum::{Json, extract::State, response::IntoResponse};
use http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{
    Console,
    body::{Empty, Strict},
    caller::Caller,
    me::Me,
    origin::Guest,
    problem::Problems,
    registration::EmailAddress,
};
use crate::ConsoleError;

/// An address with the code that was sent to it.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct EmailCode {
    /// The address.
    #[schema(example = "ana@example.org")]
    email: String,
    /// The code.
    #[schema(example = "123456")]
    code: String,
}

/// Sends a code to my new address. The answer is the same for an address that is somebody's. The
/// session must have been re-authenticated.
#[utoipa::path(
    post, path = "/api/me/email", tag = "me",
    request_body = EmailAddress,
    responses((status = 202, body = Empty, description = "If it can be, it is on its way"), Problems)
)]
pub(super) async fn send_email_code(
    State(console): State<Console>,
    caller: Caller,
    guest: Guest,
    Strict(EmailAddress { email }): Strict<EmailAddress>,
) -> Result<impl IntoResponse, ConsoleError> {
    let me = console.fresh(&caller)?;
    console.accounts().send_email_code(me.user_id, &email, &guest.origin).await?;
    Ok((StatusCode::ACCEPTED, Json(Empty {})))
}

/// Gives me the address the code was sent to, and tells the old one.
#[utoipa::path(
    post, path = "/api/me/email/confirm", tag = "me",
    request_body = EmailCode,
    responses((status = 200, body = Me), Problems)
)]
pub(super) async fn change_email(
    State(console): State<Console>,
    caller: Caller,
    guest: Guest,
    Strict(EmailCode { email, code }): Strict<EmailCode>,
) -> Result<Json<Me>, ConsoleError> {
    let me = caller.user()?;
    console.accounts().change_email(me.user_id, &email, &code, &guest.origin).await?;
    console.me(me).await.map(Json)
}
