//! Logging in by another site, and linking its accounts.

use axum::{
    Json,
    extract::{Path, State},
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use realms_identity::{Arrival, Flow, IdentityError, LoggedIn, OAuthError};
use realms_store::{ExternalIdentityRecord, UserRecord};
use realms_types::{ExternalIdentityId, Timestamp, UserId};
use serde::{Deserialize, Serialize};
use url::{Url, form_urlencoded};
use utoipa::{IntoParams, ToSchema};

use super::{
    Console,
    body::Params,
    caller::Caller,
    cookie,
    entry::{Entry, SetCookie},
    listing::Listing,
    origin::Guest,
    problem::Problems,
    sites::Answer,
};
use crate::{Code, ConsoleError, Refusal};

/// Whether the session of who came by another site outlasts the browser.
const REMEMBERED: bool = true;

/// What begins a log-in.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Begin {
    /// Where to go afterwards: a path of this site.
    return_to: Option<String>,
    /// `1`: link the other site's account to mine.
    link: Option<u8>,
}

/// What the other site sends a browser back with.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Callback {
    /// What is exchanged for who it is.
    code: Option<String>,
    /// What the browser was sent away with.
    state: Option<String>,
    /// Why it is not to be.
    error: Option<String>,
    /// Which site says so.
    iss: Option<String>,
}

/// An account of mine at another site.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct IdentityView {
    #[schema(value_type = String, example = "ei_06a1b2c3d4e5f")]
    id: ExternalIdentityId,
    /// The site.
    provider: String,
    /// Who I am there.
    subject: String,
    /// The address that site told.
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
}

/// Why a log-in by another site came to nothing: the word in `/login?error=…`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Failure {
    Denied,
    UnknownIdentity,
    RegistrationClosed,
    UserDisabled,
    Expired,
    Taken,
    Unavailable,
}

/// Sends a browser to another site to log in there.
#[utoipa::path(
    get, path = "/api/session/oauth/{provider}", tag = "session", security(()),
    params(("provider" = String, Path, description = "`oidc` or `github`"), Begin),
    responses((status = 302, description = "To the other site"), Problems)
)]
pub(super) async fn begin_oauth(
    State(console): State<Console>,
    Path(provider): Path<String>,
    caller: Option<Caller>,
    headers: HeaderMap,
    guest: Guest,
    Params(begin): Params<Begin>,
) -> Result<Response, ConsoleError> {
    let provider = console.provider(&provider)?;
    let back = console.redirect_uri(provider.id)?;
    let link = match begin.link {
        Some(1) => Some(console.linking_user(caller.as_ref(), &headers)?),
        _ => None,
    };
    let flow = Flow::begin(provider.id, begin.return_to.as_deref(), link, console.now());
    match console.0.sites.authorization_url(&provider, &flow, &back).await {
        Ok(url) => {
            let sealed = flow.seal(&console.0.editor.keyring)?;
            let cookie = SetCookie::new(cookie::oauth_cookie(&sealed, guest.https))?;
            Ok((cookie, found(url.as_str())?).into_response())
        }
        Err(error) => failed(provider.id, &error),
    }
}

/// Where the other site sends the browser back to.
#[utoipa::path(
    get, path = "/api/session/oauth/{provider}/callback", tag = "session", security(()),
    params(("provider" = String, Path, description = "`oidc` or `github`"), Callback),
    responses((status = 302, description = "Into the site, or to the log-in page: for the second step, or with an error"))
)]
pub(super) async fn finish_oauth(
    State(console): State<Console>,
    Path(provider): Path<String>,
    caller: Option<Caller>,
    headers: HeaderMap,
    guest: Guest,
    Params(callback): Params<Callback>,
) -> Result<Response, ConsoleError> {
    // Whatever comes of it, the cookie was good for this once.
    let spent = SetCookie::new(cookie::no_oauth_cookie(guest.https))?;
    let sealed = cookie::oauth_flow(&headers, guest.https);
    let came = console.come_back(&provider, sealed, &callback, (caller.as_ref(), &guest)).await;
    Ok(match came {
        Ok((cookie, path)) => (spent, cookie, found(&path)?).into_response(),
        Err(error) => (spent, failed(&provider, &error)?).into_response(),
    })
}

/// Back to the log-in page, with the reason in a word.
fn failed(provider: &str, error: &ConsoleError) -> Result<Response, ConsoleError> {
    tracing::info!(provider, %error, "a log-in by another site came to nothing");
    let to = format!("/login?error={}", Failure::of(error).as_str());
    Ok(found(&to)?.into_response())
}

// === impl Failure ===

impl Failure {
    fn of(error: &ConsoleError) -> Self {
        match error {
            ConsoleError::Identity(IdentityError::UnknownIdentity) => Self::UnknownIdentity,
            ConsoleError::Identity(IdentityError::OAuth(error)) => match error {
                OAuthError::Expired => Self::Expired,
                OAuthError::Unavailable => Self::Unavailable,
                _ => Self::Denied,
            },
            ConsoleError::Refused(refusal) => match refusal.code {
                Code::UserDisabled => Self::UserDisabled,
                Code::RegistrationClosed => Self::RegistrationClosed,
                _ => Self::Denied,
            },
            ConsoleError::Conflict(_) => Self::Taken,
            _ => Self::Unavailable,
        }
    }

    const fn as_str(self) -> &'static str {
        match self {
            Self::Denied => "denied",
            Self::UnknownIdentity => "unknown_identity",
            Self::RegistrationClosed => "registration_closed",
            Self::UserDisabled => "user_disabled",
            Self::Expired => "expired",
            Self::Taken => "taken",
            Self::Unavailable => "unavailable",
        }
    }
}

// === impl IdentityView ===

impl From<ExternalIdentityRecord> for IdentityView {
    fn from(record: ExternalIdentityRecord) -> Self {
        let ExternalIdentityRecord { id, provider, subject, email, created_at, .. } = record;
        Self { id, provider, subject, email, created_at }
    }
}

/// Lists my accounts at other sites.
#[utoipa::path(
    get, path = "/api/me/identities", tag = "me",
    responses((status = 200, body = Listing<IdentityView>), Problems)
)]
pub(super) async fn list_identities(
    State(console): State<Console>,
    caller: Caller,
) -> Result<Json<Listing<IdentityView>>, ConsoleError> {
    let identities = console.accounts().list_identities(caller.user()?.user_id).await?;
    Ok(Json(Listing { items: identities.into_iter().map(IdentityView::from).collect() }))
}

/// Unlinks an account of mine at another site. The session must have been re-authenticated.
#[utoipa::path(
    delete, path = "/api/me/identities/{id}", tag = "me",
    params(("id" = String, Path, description = "Its id")),
    responses((status = 204, description = "It is gone"), Problems)
)]
pub(super) async fn delete_identity(
    State(console): State<Console>,
    caller: Caller,
    guest: Guest,
    Path(id): Path<String>,
) -> Result<StatusCode, ConsoleError> {
    let id = id.parse().map_err(|_| ConsoleError::NotFound(format!("linked account `{id}`")))?;
    let me = console.fresh(&caller)?;
    console.accounts().unlink(me.user_id, id, &guest.origin).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn found(to: &str) -> Result<impl IntoResponse + use<>, ConsoleError> {
    let to = HeaderValue::from_str(to)
        .map_err(|_| ConsoleError::Internal("an address no header can carry".to_owned()))?;
    Ok((StatusCode::FOUND, [(header::LOCATION, to)]))
}

// === impl Console ===

impl Console {
    /// Judges what a browser brought back, and lets its user in or links the account. Returns the
    /// cookie of the session and where to go.
    async fn come_back(
        &self,
        provider: &str,
        sealed: Option<&str>,
        callback: &Callback,
        (caller, guest): (Option<&Caller>, &Guest),
    ) -> Result<(Option<SetCookie>, String), ConsoleError> {
        let provider = self.provider(provider)?;
        let (Some(sealed), Some(state)) = (sealed, callback.state.as_deref()) else {
            return Err(OAuthError::Expired.into());
        };
        let keyring = &self.0.editor.keyring;
        let proof = Flow::finish(keyring, sealed, provider.id, state, self.now())?;
        let (None, Some(code)) = (&callback.error, &callback.code) else {
            return Err(OAuthError::Denied.into());
        };
        let back = self.redirect_uri(provider.id)?;
        let answer = Answer { code, iss: callback.iss.as_deref(), redirect_uri: &back };
        let visitor = self.0.sites.visitor(&provider, &proof, answer).await?;
        if let Some(user) = proof.link {
            // The browser must still be that of the user who began this.
            let still = caller.and_then(|caller| caller.user().ok());
            if still.is_none_or(|session| session.user_id != user) {
                return Err(OAuthError::Expired.into());
            }
            self.accounts().link(user, &visitor, &guest.origin).await?;
            return Ok((None, proof.return_to));
        }
        let may_register = provider.may_register;
        match self.accounts().arrive(&visitor, may_register, &guest.origin).await? {
            Arrival::Known(user) | Arrival::New(user) => {
                self.let_in(user, proof.return_to, guest).await
            }
            Arrival::Unknown => Err(IdentityError::UnknownIdentity.into()),
        }
    }

    /// Lets in whom another site vouched for. Its word is one factor: who has a second one here is
    /// asked for it on the log-in page.
    async fn let_in(
        &self,
        user: UserRecord,
        return_to: String,
        guest: &Guest,
    ) -> Result<(Option<SetCookie>, String), ConsoleError> {
        match self.accounts().first_step(user, REMEMBERED).await? {
            LoggedIn::Done(user) => {
                // Who has no password here can prove who they are nowhere else.
                let entry = Entry { proved: user.password_hash.is_none(), remember: REMEMBERED };
                let entered = self.enter(&user, entry, guest).await?;
                Ok((Some(entered.cookie), return_to))
            }
            LoggedIn::SecondFactor(challenge) => {
                let cookie = cookie::second_step_cookie(&challenge, guest.https);
                let mut query = form_urlencoded::Serializer::new(String::new());
                query.append_pair("second_factor", "1").append_pair("return_to", &return_to);
                Ok((Some(SetCookie::new(cookie)?), format!("/login?{}", query.finish())))
            }
        }
    }

    /// Who may link an account: the request must come from our own pages, from a session that showed
    /// lately who it is.
    fn linking_user(
        &self,
        caller: Option<&Caller>,
        headers: &HeaderMap,
    ) -> Result<UserId, ConsoleError> {
        if headers.get("sec-fetch-site").is_none_or(|site| site != "same-origin") {
            return Err(ConsoleError::Forbidden("linking begins on the site's own account page"));
        }
        let caller = caller.ok_or(ConsoleError::Unauthenticated("sign in first, then link"))?;
        self.fresh(caller).map(|me| me.user_id)
    }

    /// Where a provider sends browsers back to. It comes from the settings, never from the request.
    fn redirect_uri(&self, provider: &str) -> Result<Url, ConsoleError> {
        let site = self.site_address();
        let path = format!("/api/session/oauth/{provider}/callback");
        let uri = site.and_then(|site| site.join(&path).ok());
        uri.ok_or_else(|| {
            let detail = "log-in by other sites needs the address of this one: set `site_base_url`";
            Refusal::new(Code::FeatureOff, detail).into()
        })
    }
}
