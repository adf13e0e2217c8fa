//! Making an account.

use axum::{Json, extract::State, response::IntoResponse};
use http::StatusCode;
use realms_identity::Registration;
use realms_types::{InvitationAfter, Secret, Username};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{
    Console,
    body::{Empty, Strict},
    entry::Entry,
    me::Me,
    origin::Guest,
    problem::Problems,
};
use crate::ConsoleError;

/// A new account.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RegisterRequest)]
pub(super) struct Register {
    /// The log-in name.
    #[schema(value_type = String, example = "ana")]
    username: Username,
    /// The address; needed where addresses are verified.
    #[serde(default)]
    email: Option<String>,
    /// The password, 8 to 256 bytes.
    password: String,
    /// The code that was sent to the address, where addresses are verified.
    #[serde(default)]
    code: Option<String>,
    /// The code of whoever invited them, where there are invitations.
    #[serde(default)]
    invite: Option<String>,
}

/// An address.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct EmailAddress {
    /// The address.
    #[schema(example = "ana@example.org")]
    pub(super) email: String,
}

/// Makes an account and logs in.
#[utoipa::path(
    post, path = "/api/register", tag = "session", security(()),
    request_body = Register,
    responses((status = 201, body = Me), Problems)
)]
pub(super) async fn register(
    State(console): State<Console>,
    guest: Guest,
    Strict(request): Strict<Register>,
) -> Result<impl IntoResponse, ConsoleError> {
    let Register { username, email, password, code, invite } = request;
    let (password, invite) = (Secret::from(password), console.invite(invite)?);
    let at_once = invite.as_ref().is_some_and(|it| it.terms.after == InvitationAfter::SignUp);
    let registration = Registration { username, email, password, code, invite };
    let rules = console.registration_rules();
    let user = console.accounts().register(rules, registration, &guest.origin).await?;
    if at_once {
        console.reward_at_once(user.id).await;
    }
    let entry = Entry { proved: true, remember: false };
    let entered = console.enter(&user, entry, &guest).await?;
    Ok((StatusCode::CREATED, entered.cookie, Json(entered.me)))
}

/// Sends a code to an address. The answer is the same for an address that has an account; its owner
/// is told by mail.
#[utoipa::path(
    post, path = "/api/register/code", tag = "session", security(()),
    request_body = EmailAddress,
    responses((status = 202, body = Empty, description = "If it can be, it is on its way"), Problems)
)]
pub(super) async fn send_register_code(
    State(console): State<Console>,
    guest: Guest,
    Strict(EmailAddress { email }): Strict<EmailAddress>,
) -> Result<impl IntoResponse, ConsoleError> {
    let rules = console.registration_rules();
    console.accounts().send_register_code(rules, &email, &guest.origin).await?;
    Ok((StatusCode::ACCEPTED, Json(Empty {})))
}
