//! Logging in and out.

use axum::{Json, extract::State, response::IntoResponse};
use http::{HeaderMap, StatusCode};
use realms_identity::{IdentityError, LoggedIn, SecondFactor};
use realms_types::Secret;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    Console,
    body::Strict,
    caller::Caller,
    cookie,
    entry::{Entered, Entry, SetCookie},
    me::Me,
    origin::Guest,
    problem::Problems,
};
use crate::ConsoleError;

/// Who somebody says they are.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct LogIn {
    /// The e-mail address or the log-in name.
    #[schema(example = "ana")]
    login: String,
    /// The password.
    password: String,
    /// Whether the session is to outlast the browser.
    #[serde(default)]
    remember: bool,
}

/// The second step of a log-in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SecondStep {
    /// What the first step answered. Left out after a log-in by another site: a cookie has it.
    #[serde(default)]
    challenge: Option<String>,
    /// What proves it.
    method: Method,
    /// The code.
    #[schema(example = "123456")]
    code: String,
}

/// What proves the second step.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = SecondFactorMethod)]
pub(super) enum Method {
    /// The code an authenticator shows.
    Totp,
    /// A code from paper.
    RecoveryCode,
}

/// What a log-in led to: the user, or the next step.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct LoginResult {
    /// Who is in.
    #[serde(skip_serializing_if = "Option::is_none")]
    me: Option<Me>,
    /// The step that is missing.
    #[serde(skip_serializing_if = "Option::is_none")]
    second_factor: Option<NextStep>,
}

/// The second step, to be shown within five minutes.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SecondFactorNeeded)]
pub(super) struct NextStep {
    /// Comes back with the code.
    challenge: String,
    /// What proves it.
    methods: Vec<Method>,
}

/// Logs in by password. An unknown name and a wrong password are the same answer.
#[utoipa::path(
    post, path = "/api/session", tag = "session", security(()),
    request_body = LogIn,
    responses((status = 200, body = LoginResult), Problems)
)]
pub(super) async fn log_in(
    State(console): State<Console>,
    guest: Guest,
    Strict(LogIn { login, password, remember }): Strict<LogIn>,
) -> Result<impl IntoResponse, ConsoleError> {
    let accounts = console.accounts();
    match accounts.log_in(&login, Secret::from(password), remember, &guest.origin).await? {
        LoggedIn::Done(user) => {
            let entry = Entry { proved: true, remember };
            console.enter(&user, entry, &guest).await.map(LoginResult::done)
        }
        LoggedIn::SecondFactor(challenge) => Ok(LoginResult::next(&challenge)),
    }
}

/// Shows the second factor.
#[utoipa::path(
    post, path = "/api/session/second-factor", tag = "session", security(()),
    request_body = SecondStep,
    responses((status = 200, body = LoginResult), Problems)
)]
pub(super) async fn show_second_factor(
    State(console): State<Console>,
    guest: Guest,
    headers: HeaderMap,
    Strict(SecondStep { challenge, method, code }): Strict<SecondStep>,
) -> Result<impl IntoResponse, ConsoleError> {
    let carried = || cookie::second_step(&headers, guest.https).map(str::to_owned);
    let challenge = challenge.or_else(carried).ok_or(IdentityError::ExpiredCode)?;
    let proven = console.accounts().prove(&challenge, method.into(), &code, &guest.origin).await?;
    let entry = Entry { proved: true, remember: proven.remember };
    let entered = console.enter(&proven.user, entry, &guest).await?;
    let spent = SetCookie::new(cookie::no_second_step_cookie(guest.https))?;
    Ok((spent, LoginResult::done(entered)))
}

/// Logs out.
#[utoipa::path(
    delete, path = "/api/session", tag = "session",
    responses((status = 204, description = "Nobody is logged in here any more"), Problems)
)]
pub(super) async fn log_out(
    State(console): State<Console>,
    caller: Caller,
    guest: Guest,
) -> Result<impl IntoResponse, ConsoleError> {
    let me = caller.user()?;
    console.accounts().end_session(me.user_id, me.session_id, &guest.origin).await?;
    Ok((SetCookie::no_session(guest.https)?, StatusCode::NO_CONTENT))
}

// === impl LoginResult ===

impl LoginResult {
    /// Somebody is in.
    pub(super) fn done(entered: Entered) -> (Option<SetCookie>, Json<Self>) {
        (Some(entered.cookie), Json(Self { me: Some(entered.me), second_factor: None }))
    }

    fn next(challenge: &Secret<String>) -> (Option<SetCookie>, Json<Self>) {
        let challenge = challenge.reveal().clone();
        let methods = vec![Method::Totp, Method::RecoveryCode];
        let second_factor = Some(NextStep { challenge, methods });
        (None, Json(Self { me: None, second_factor }))
    }
}

// === impl Method ===

impl From<Method> for SecondFactor {
    fn from(method: Method) -> Self {
        match method {
            Method::Totp => Self::Totp,
            Method::RecoveryCode => Self::RecoveryCode,
        }
    }
}
