//! Trying the mail settings out.

use axum::{Json, extract::State};
use realms_identity::{IdentityError, Letter, read_email};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Console, body::Strict, origin::Guest, problem::Problems};
use crate::ConsoleError;

/// Where a letter goes.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = TestMail)]
pub(super) struct TestMail {
    /// The address.
    #[schema(example = "ana@example.org")]
    to: String,
}

/// What became of it.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct TestMailResult {
    /// Whether the mail server took it.
    ok: bool,
    /// What it said, or what is wrong.
    detail: String,
}

/// Sends a letter with the settings in force, and tells what the mail server said.
#[utoipa::path(
    post, path = "/api/admin/settings/test-mail", tag = "settings",
    request_body = TestMail,
    responses((status = 200, body = TestMailResult), Problems)
)]
pub(super) async fn send_test_mail(
    State(console): State<Console>,
    guest: Guest,
    Strict(TestMail { to }): Strict<TestMail>,
) -> Result<Json<TestMailResult>, ConsoleError> {
    let to = read_email(&to).map_err(IdentityError::from)?;
    Ok(Json(
        match console.accounts().mailer().send_now(&[to], guest.origin.language, Letter::Test).await
        {
            Ok(()) => TestMailResult { ok: true, detail: "the letter is on its way".to_owned() },
            Err(error) => TestMailResult { ok: false, detail: error.to_string() },
        },
    ))
}
