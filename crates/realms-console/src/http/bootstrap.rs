//! What the web app must know before anybody is logged in.

use axum::{Json, extract::State};
use serde::Serialize;
use utoipa::ToSchema;

use super::{Console, features::Features, origin::Guest, problem::Problems};
use crate::{ConsoleError, words};

/// What the web app must know before anybody is logged in.
#[derive(Debug, Serialize, ToSchema)]
#[expect(clippy::struct_excessive_bools, reason = "each is a question of its own")]
pub(super) struct Bootstrap {
    /// What the site is called.
    site_name: String,
    /// The address people reach it at, if it was told.
    #[serde(skip_serializing_if = "Option::is_none")]
    site_base_url: Option<String>,
    /// The version of Realms.
    version: &'static str,
    /// Whether it serves a person or a team, without billing.
    self_mode: bool,
    /// Whether there is no root user yet.
    setup_needed: bool,
    /// Whether anyone may make an account.
    registration: RegistrationState,
    /// Whom to ask for an account.
    #[serde(skip_serializing_if = "Option::is_none")]
    registration_contact: Option<String>,
    /// Whether making an account takes a verified address.
    email_verification: bool,
    /// Whether users invite others, so that who makes an account may say by whose code.
    invitations: bool,
    /// Whether codes can be sent by mail.
    mail: bool,
    /// Other sites to log in with.
    login_providers: Vec<LoginProvider>,
    /// Whether passkeys can be had.
    passkeys: bool,
    /// What is switched on.
    features: Features,
    /// Whether the page came by https or from this machine.
    secure: bool,
}

/// Whether anyone may make an account.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum RegistrationState {
    /// Nobody by themselves.
    Closed,
    /// Anyone.
    Open,
}

/// Another site to log in with.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct LoginProvider {
    /// Its name in paths.
    id: &'static str,
    /// Its name for people.
    name: String,
    /// What kind of site it is.
    #[schema(value_type = words::LoginProviderKind)]
    kind: &'static str,
}

/// Shows what the web app must know before anybody is logged in.
#[utoipa::path(
    get, path = "/api/bootstrap", tag = "session", security(()),
    responses((status = 200, body = Bootstrap), Problems)
)]
pub(super) async fn get_bootstrap(
    State(console): State<Console>,
    guest: Guest,
) -> Result<Json<Bootstrap>, ConsoleError> {
    let rules = console.registration_rules();
    let providers = console.providers().into_iter().map(|provider| LoginProvider {
        id: provider.id,
        kind: provider.id,
        name: provider.name,
    });
    Ok(Json(Bootstrap {
        site_name: console.site_name(),
        site_base_url: console.site_address().map(|address| address.to_string()),
        version: console.0.version,
        self_mode: console.0.self_mode,
        setup_needed: !console.0.editor.store.has_root().await?,
        registration: if rules.open { RegistrationState::Open } else { RegistrationState::Closed },
        registration_contact: console.registration_contact(),
        email_verification: rules.verify_email,
        invitations: console.invitation_terms().is_some(),
        mail: console.accounts().mailer().is_set_up(),
        login_providers: providers.collect(),
        passkeys: console.has_passkeys(),
        features: console.features(),
        secure: guest.https,
    }))
}
