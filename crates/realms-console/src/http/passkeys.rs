//! Passkeys: to log in with, and to manage.

use axum::{
    Json,
    extract::{Path, State},
    response::IntoResponse,
};
use http::StatusCode;
use realms_identity::{CreationOptions, PasskeyCredential, RelyingParty, RequestOptions};
use realms_store::PasskeyRecord;
use realms_types::{PasskeyId, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    Console, body::Strict, caller::Caller, entry::Entry, listing::Listing, origin::Guest,
    problem::Problems, session::LoginResult,
};
use crate::{Code, ConsoleError, Refusal};

/// What a browser is asked for to log in.
#[derive(Serialize, ToSchema)]
pub(super) struct PasskeyRequest {
    /// Comes back with the answer; good for five minutes and one answer.
    challenge: String,
    /// `PublicKeyCredentialRequestOptionsJSON`.
    #[schema(value_type = BTreeMap<String, serde_json::Value>)]
    options: RequestOptions,
}

/// What a browser is asked for to make a passkey.
#[derive(Serialize, ToSchema)]
pub(super) struct PasskeyCreation {
    /// Comes back with the answer; good for five minutes and one answer.
    challenge: String,
    /// `PublicKeyCredentialCreationOptionsJSON`.
    #[schema(value_type = BTreeMap<String, serde_json::Value>)]
    options: CreationOptions,
}

/// The answer of a browser to a log-in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PasskeyLogIn {
    /// What the browser was given.
    challenge: String,
    /// `PublicKeyCredential.toJSON()`.
    #[schema(value_type = BTreeMap<String, serde_json::Value>)]
    credential: PasskeyCredential,
}

/// The answer of a browser that made a passkey.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewPasskey {
    /// What the browser was given.
    challenge: String,
    /// What its owner calls it, up to 64 characters.
    #[schema(example = "phone")]
    name: String,
    /// `PublicKeyCredential.toJSON()`.
    #[schema(value_type = BTreeMap<String, serde_json::Value>)]
    credential: PasskeyCredential,
}

/// A passkey.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct PasskeyView {
    #[schema(value_type = String, example = "pk_06a1b2c3d4e5f")]
    id: PasskeyId,
    name: String,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    #[schema(value_type = Option<String>, format = DateTime)]
    #[serde(skip_serializing_if = "Option::is_none")]
    last_used_at: Option<Timestamp>,
}

/// Begins a log-in by passkey.
#[utoipa::path(
    post, path = "/api/session/passkey/begin", tag = "session", security(()),
    responses((status = 200, body = PasskeyRequest), Problems)
)]
pub(super) async fn begin_passkey_log_in(
    State(console): State<Console>,
    guest: Guest,
) -> Result<Json<PasskeyRequest>, ConsoleError> {
    let site = console.relying_party()?;
    let (challenge, options) =
        console.accounts().begin_passkey_log_in(&site, &guest.origin).await?;
    Ok(Json(PasskeyRequest { challenge, options }))
}

/// Logs in by passkey. It shows both factors at once.
#[utoipa::path(
    post, path = "/api/session/passkey", tag = "session", security(()),
    request_body = PasskeyLogIn,
    responses((status = 200, body = LoginResult), Problems)
)]
pub(super) async fn log_in_by_passkey(
    State(console): State<Console>,
    guest: Guest,
    Strict(PasskeyLogIn { challenge, credential }): Strict<PasskeyLogIn>,
) -> Result<impl IntoResponse, ConsoleError> {
    let site = console.relying_party()?;
    let user = console.accounts().log_in_by_passkey(&site, &challenge, &credential).await?;
    let entry = Entry { proved: true, remember: true };
    console.enter(&user, entry, &guest).await.map(LoginResult::done)
}

/// Lists my passkeys.
#[utoipa::path(
    get, path = "/api/me/passkeys", tag = "me",
    responses((status = 200, body = Listing<PasskeyView>), Problems)
)]
pub(super) async fn list_passkeys(
    State(console): State<Console>,
    caller: Caller,
) -> Result<Json<Listing<PasskeyView>>, ConsoleError> {
    let passkeys = console.accounts().list_passkeys(caller.user()?.user_id).await?;
    Ok(Json(Listing { items: passkeys.into_iter().map(PasskeyView::from).collect() }))
}

/// Begins to make a passkey. The session must have been re-authenticated.
#[utoipa::path(
    post, path = "/api/me/passkeys/begin", tag = "me",
    responses((status = 200, body = PasskeyCreation), Problems)
)]
pub(super) async fn begin_passkey(
    State(console): State<Console>,
    caller: Caller,
) -> Result<Json<PasskeyCreation>, ConsoleError> {
    let (me, site) = (console.fresh(&caller)?, console.relying_party()?);
    let name = console.site_name();
    let (challenge, options) = console.accounts().begin_passkey(me.user_id, &site, &name).await?;
    Ok(Json(PasskeyCreation { challenge, options }))
}

/// Keeps a passkey my browser made.
#[utoipa::path(
    post, path = "/api/me/passkeys", tag = "me",
    request_body = NewPasskey,
    responses((status = 201, body = PasskeyView), Problems)
)]
pub(super) async fn add_passkey(
    State(console): State<Console>,
    caller: Caller,
    guest: Guest,
    Strict(NewPasskey { challenge, name, credential }): Strict<NewPasskey>,
) -> Result<impl IntoResponse, ConsoleError> {
    let (me, site) = (caller.user()?.user_id, console.relying_party()?);
    let what = (challenge.as_str(), name.as_str());
    let made = console.accounts().add_passkey(me, &site, what, &credential, &guest.origin).await?;
    Ok((StatusCode::CREATED, Json(PasskeyView::from(made))))
}

/// Deletes one of my passkeys. The session must have been re-authenticated.
#[utoipa::path(
    delete, path = "/api/me/passkeys/{id}", tag = "me",
    params(("id" = String, Path, description = "Its id")),
    responses((status = 204, description = "It is gone"), Problems)
)]
pub(super) async fn delete_passkey(
    State(console): State<Console>,
    caller: Caller,
    guest: Guest,
    Path(id): Path<String>,
) -> Result<StatusCode, ConsoleError> {
    let id = id.parse().map_err(|_| ConsoleError::NotFound(format!("passkey `{id}`")))?;
    let me = console.fresh(&caller)?;
    console.accounts().delete_passkey(me.user_id, id, &guest.origin).await?;
    Ok(StatusCode::NO_CONTENT)
}

// === impl PasskeyView ===

impl From<PasskeyRecord> for PasskeyView {
    fn from(record: PasskeyRecord) -> Self {
        let PasskeyRecord { id, name, created_at, last_used_at, .. } = record;
        Self { id, name, created_at, last_used_at }
    }
}

// === impl Console ===

impl Console {
    /// This site as passkeys know it.
    fn relying_party(&self) -> Result<RelyingParty, ConsoleError> {
        let site = self.site_address().and_then(|address| RelyingParty::at(&address));
        site.ok_or_else(|| {
            let detail = "passkeys need the site's address (setting `site_base_url`), by name and \
                          over https";
            Refusal::new(Code::FeatureOff, detail).into()
        })
    }

    /// Whether passkeys can be had here.
    pub(super) fn has_passkeys(&self) -> bool {
        self.relying_party().is_ok()
    }
}
