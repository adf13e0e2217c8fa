//! A user lets an app of somebody else in, sees which they did, and takes it back.

use std::convert::Infallible;

use axum::{
    Json,
    extract::{FromRequestParts, Path, RawQuery, State},
};
use http::{StatusCode, request::Parts};
use realms_identity::{Asked, Consent, Decision};
use realms_store::OauthAppRecord;
use realms_types::{ApiKeyId, AppScope, OauthAppId, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{Console, body::Strict, caller::Caller, listing::Listing, problem::Problems};
use crate::{ConsoleError, words};

/// What the site calls itself to apps.
#[derive(Debug)]
pub(super) struct Issuer(pub(super) String);

/// What an app sends a user with (RFC 6749, 4.1.1; RFC 7636, 4.3).
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "it describes the query, which is read as it is")]
struct AuthorizationParams {
    /// `code`.
    response_type: String,
    /// The id of the app.
    client_id: String,
    /// Where the user is sent back to.
    redirect_uri: String,
    /// What is asked for, with a space between: `profile`, `email`, `relay`. Default: all that the app may ask for.
    scope: Option<String>,
    /// Carried back as it is, at most 2048 bytes.
    state: Option<String>,
    /// SHA-256 of the verifier in base64url; an app without a secret must send it.
    code_challenge: Option<String>,
    /// `S256`.
    code_challenge_method: Option<String>,
    /// `none`: the user is not asked; `consent`: they are, whatever they said before.
    prompt: Option<String>,
}

/// What is to be done with a user whom an app sent here: exactly one of both.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct AuthorizationView {
    /// They are sent here, with the reason in it.
    #[serde(skip_serializing_if = "Option::is_none")]
    redirect_to: Option<String>,
    /// They are asked this.
    #[serde(skip_serializing_if = "Option::is_none")]
    consent: Option<ConsentView>,
}

/// What a user is asked.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ConsentView {
    /// Who asks.
    app: AskingApp,
    /// Where the user will be sent: a host, or the scheme of a program.
    redirect_host: String,
    /// What is asked for.
    #[schema(value_type = Vec<words::AppScope>)]
    scopes: Vec<AppScope>,
    /// Whether the user may say that they want to be asked no more: only where the address shows who is sent there.
    can_remember: bool,
    /// Whether the user said yes to as much before, and wanted to be asked no more.
    remembered: bool,
}

/// An app, as its users see it.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct AskingApp {
    #[schema(value_type = String, example = "oa_06a1b2c3d4e5f")]
    id: OauthAppId,
    /// What it is called.
    name: String,
    /// Who is behind it; may be empty.
    publisher: String,
    /// Where more is said about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    homepage: Option<String>,
}

/// What a user decides.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ConsentDecision {
    /// The query that the app sent the user with, as it came, without the `?`.
    query: String,
    /// Whether the app is let in.
    decision: Answer,
    /// Whether the user wants to be asked no more for the same, where they can.
    #[serde(default)]
    remember: bool,
}

/// Whether an app is let in.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Answer {
    Approve,
    Deny,
}

/// Where a user goes with what they decided.
#[derive(Serialize, ToSchema)]
pub(super) struct SentBack {
    /// The address of the app, with a code or a reason in it.
    redirect_to: String,
}

/// An app that a user let in.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct OauthGrantView {
    /// The app.
    app: AskingApp,
    /// Everything it was let.
    #[schema(value_type = Vec<words::AppScope>)]
    scopes: Vec<AppScope>,
    /// Whether the user is not asked again for the same.
    remembered: bool,
    /// The API key that it calls as.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    api_key_id: Option<ApiKeyId>,
    /// When the user let it in.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// When it last got a token.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    last_used_at: Option<Timestamp>,
}

/// The routes of users who let apps in.
pub(super) fn routes() -> OpenApiRouter<Console> {
    OpenApiRouter::new()
        .routes(routes!(get_authorization, decide_authorization))
        .routes(routes!(list_oauth_grants))
        .routes(routes!(delete_oauth_grant))
}

/// What an app asks me for, by the query that it sent me with.
#[utoipa::path(
    get, path = "/api/oauth/authorize", tag = "my apps", params(AuthorizationParams),
    responses((status = 200, body = AuthorizationView), Problems)
)]
async fn get_authorization(
    State(console): State<Console>,
    caller: Caller,
    Issuer(issuer): Issuer,
    RawQuery(query): RawQuery,
) -> Result<Json<AuthorizationView>, ConsoleError> {
    let provider = console.oauth_provider()?;
    let user = caller.user()?.user_id;
    let asked = provider.ask(user, query.as_deref().unwrap_or_default(), &issuer).await?;
    Ok(Json(AuthorizationView::from(asked)))
}

/// Lets an app in, or does not. The answer says where to go.
#[utoipa::path(
    post, path = "/api/oauth/authorize", tag = "my apps", request_body = ConsentDecision,
    responses((status = 200, body = SentBack), Problems)
)]
async fn decide_authorization(
    State(console): State<Console>,
    caller: Caller,
    Issuer(issuer): Issuer,
    Strict(decided): Strict<ConsentDecision>,
) -> Result<Json<SentBack>, ConsoleError> {
    let provider = console.oauth_provider()?;
    let user = caller.user()?.user_id;
    let decision = match decided.decision {
        Answer::Approve => Decision::Approve { remember: decided.remember },
        Answer::Deny => Decision::Deny,
    };
    let actor = caller.actor();
    let redirect_to = provider.decide(user, &decided.query, &issuer, decision, actor).await?;
    Ok(Json(SentBack { redirect_to }))
}

/// Lists the apps that I let in, the newest first. There are at most 200.
#[utoipa::path(
    get, path = "/api/oauth/grants", tag = "my apps",
    responses((status = 200, body = Listing<OauthGrantView>), Problems)
)]
async fn list_oauth_grants(
    State(console): State<Console>,
    caller: Caller,
) -> Result<Json<Listing<OauthGrantView>>, ConsoleError> {
    console.oauth_provider()?;
    let reader = console.0.editor.store.read();
    let grants = reader.list_oauth_grants(caller.user()?.user_id).await?;
    let apps = if grants.is_empty() { Vec::new() } else { reader.list_oauth_apps().await? };
    let items = grants.into_iter().filter_map(|grant| {
        let app = apps.iter().find(|app| app.id == grant.app)?;
        Some(OauthGrantView {
            app: AskingApp::from(app.clone()),
            scopes: grant.scopes.iter().collect(),
            remembered: grant.remembered,
            api_key_id: grant.api_key,
            created_at: grant.created_at,
            last_used_at: grant.last_used_at,
        })
    });
    Ok(Json(Listing { items: items.collect() }))
}

/// Takes back what I let an app do: within a second no token of it is good for me any more.
#[utoipa::path(
    delete, path = "/api/oauth/grants/{app}", tag = "my apps",
    params(("app" = String, Path, description = "The id of the app, `oa_…`")),
    responses((status = 204, description = "It is over"), Problems)
)]
async fn delete_oauth_grant(
    State(console): State<Console>,
    caller: Caller,
    Path(app): Path<String>,
) -> Result<StatusCode, ConsoleError> {
    let provider = console.oauth_provider()?;
    let user = caller.user()?.user_id;
    let found = console.oauth_app(&app).await?;
    let act = ("oauth_grant", found.name.as_str());
    let audit = console.act(&caller, "oauth_grant.delete", act, Vec::new());
    provider.end_grant(user, found.id, &audit).await?;
    (console.0.reload)().await;
    Ok(StatusCode::NO_CONTENT)
}

// === impl Issuer ===

impl FromRequestParts<Console> for Issuer {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, console: &Console) -> Result<Self, Infallible> {
        Ok(Self(console.issuer(parts)))
    }
}

// === impl AuthorizationView ===

impl From<Asked> for AuthorizationView {
    fn from(asked: Asked) -> Self {
        match asked {
            Asked::SentBack(to) => Self { redirect_to: Some(to), consent: None },
            Asked::Consent(consent) => {
                let Consent { app, redirect_host, scopes, can_remember, remembered } = *consent;
                let (app, scopes) = (AskingApp::from(app), scopes.iter().collect());
                let consent = ConsentView { app, redirect_host, scopes, can_remember, remembered };
                Self { redirect_to: None, consent: Some(consent) }
            }
        }
    }
}

// === impl AskingApp ===

impl From<OauthAppRecord> for AskingApp {
    fn from(app: OauthAppRecord) -> Self {
        Self { id: app.id, name: app.name, publisher: app.publisher, homepage: app.homepage }
    }
}

// === impl SentBack ===

impl std::fmt::Debug for SentBack {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // The address may hold a code.
        f.debug_struct("SentBack").finish_non_exhaustive()
    }
}
