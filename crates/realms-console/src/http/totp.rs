//! The authenticator of an account, and the codes that stand in for it.

use axum::{Json, extract::State};
use http::StatusCode;
use realms_types::Secret;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Console, body::Strict, caller::Caller, origin::Guest, problem::Problems};
use crate::ConsoleError;

/// A secret to be put into an authenticator.
#[derive(Serialize, ToSchema)]
pub(super) struct TotpSetup {
    /// In base 32, to be typed.
    #[schema(example = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")]
    secret: String,
    /// As a URI, to be shown as a picture.
    uri: String,
}

/// A code of the authenticator.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct TotpCode {
    /// Six digits.
    #[schema(example = "123456")]
    code: String,
}

/// Codes that stand in for a lost authenticator, shown this once.
#[derive(Serialize, ToSchema)]
pub(super) struct RecoveryCodes {
    /// Ten codes, each for one use.
    #[schema(example = json!(["k3m9-x7p2-0a4q"]))]
    recovery_codes: Vec<String>,
}

/// Makes a secret for an authenticator. It counts once a code of it was shown. The session must have
/// been re-authenticated: who finds one open must not lock its owner out.
#[utoipa::path(
    post, path = "/api/me/totp/begin", tag = "me",
    responses((status = 200, body = TotpSetup), Problems)
)]
pub(super) async fn begin_totp(
    State(console): State<Console>,
    caller: Caller,
) -> Result<Json<TotpSetup>, ConsoleError> {
    let me = console.fresh(&caller)?;
    let made = console.accounts().begin_totp(me.user_id, &console.site_name()).await?;
    let (secret, uri) = (made.secret.reveal().clone(), made.uri.reveal().clone());
    Ok(Json(TotpSetup { secret, uri }))
}

/// Confirms the authenticator with a code of it.
#[utoipa::path(
    post, path = "/api/me/totp", tag = "me",
    request_body = TotpCode,
    responses((status = 200, body = RecoveryCodes), Problems)
)]
pub(super) async fn confirm_totp(
    State(console): State<Console>,
    caller: Caller,
    guest: Guest,
    Strict(TotpCode { code }): Strict<TotpCode>,
) -> Result<Json<RecoveryCodes>, ConsoleError> {
    let me = caller.user()?;
    let codes =
        console.accounts().confirm_totp((me.user_id, me.session_id), &code, &guest.origin).await?;
    Ok(Json(RecoveryCodes::show(&codes)))
}

/// Takes the authenticator away. The session must have been re-authenticated.
#[utoipa::path(
    delete, path = "/api/me/totp", tag = "me",
    responses((status = 204, description = "No second step is asked for"), Problems)
)]
pub(super) async fn delete_totp(
    State(console): State<Console>,
    caller: Caller,
    guest: Guest,
) -> Result<StatusCode, ConsoleError> {
    let me = console.fresh(&caller)?;
    console.accounts().delete_totp((me.user_id, me.session_id), &guest.origin).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Replaces the recovery codes. The session must have been re-authenticated.
#[utoipa::path(
    post, path = "/api/me/recovery-codes", tag = "me",
    responses((status = 200, body = RecoveryCodes), Problems)
)]
pub(super) async fn renew_recovery_codes(
    State(console): State<Console>,
    caller: Caller,
    guest: Guest,
) -> Result<Json<RecoveryCodes>, ConsoleError> {
    let me = console.fresh(&caller)?;
    let codes = console.accounts().renew_recovery_codes(me.user_id, &guest.origin).await?;
    let codes = codes.ok_or_else(|| ConsoleError::NotFound("authenticator".to_owned()))?;
    Ok(Json(RecoveryCodes::show(&codes)))
}

// === impl RecoveryCodes ===

impl RecoveryCodes {
    fn show(codes: &[Secret<String>]) -> Self {
        Self { recovery_codes: codes.iter().map(|code| code.reveal().clone()).collect() }
    }
}
