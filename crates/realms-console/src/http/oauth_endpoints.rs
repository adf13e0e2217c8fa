//! What apps of others call, in the forms of OAuth 2: tokens (RFC 6749), revocation (RFC 7009), who the user is, and
//! where all of it is (RFC 8414). Programs call them, from servers and from pages of other sites; no cookie counts.

use std::collections::HashMap;

use axum::{
    Json, Router,
    extract::{FromRequest, Request, State},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use percent_encoding::percent_decode_str;
use realms_catalog::Feature;
use realms_identity::{ClientAuth, OauthProvider, TokenError, TokenGrant};
use realms_types::{AppScope, Secret};
use serde::Serialize;
use serde_json::json;
use url::form_urlencoded;

use super::{Console, body::Raw, oauth_consent::Issuer};

/// No form of an app is larger, in bytes.
const MOST_FORM: usize = 16 << 10;

/// What an app is told that gets nothing (RFC 6749, 5.2; RFC 6750, 3.1).
#[derive(Debug)]
struct OauthFault {
    status: StatusCode,
    error: &'static str,
    description: String,
    /// How the app may show itself, where that is what was wrong.
    challenge: Option<&'static str>,
}

/// The fields of a form, each once, and the headers it came with.
#[derive(Debug)]
struct Form {
    fields: HashMap<String, String>,
    headers: HeaderMap,
}

#[derive(Serialize)]
struct TokenAnswer<'a> {
    access_token: &'a str,
    token_type: &'static str,
    expires_in: u32,
    refresh_token: &'a str,
    scope: String,
}

#[derive(Serialize)]
struct UserInfoAnswer {
    sub: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    preferred_username: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<String>,
}

/// Pages of any site may call these: nothing here goes by cookie.
const ANY_SITE: [(HeaderName, HeaderValue); 1] =
    [(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"))];

/// The routes that apps call.
pub(super) fn routes() -> Router<Console> {
    Router::new()
        .route("/oauth/token", post(give_tokens).options(allow_any_site))
        .route("/oauth/revoke", post(revoke_token).options(allow_any_site))
        .route("/oauth/userinfo", get(show_user).post(show_user).options(allow_any_site))
        .route("/.well-known/oauth-authorization-server", get(describe).options(allow_any_site))
}

async fn allow_any_site() -> impl IntoResponse {
    let headers = [
        (header::ACCESS_CONTROL_ALLOW_METHODS, "GET, POST"),
        (header::ACCESS_CONTROL_ALLOW_HEADERS, "authorization, content-type"),
        (header::ACCESS_CONTROL_MAX_AGE, "86400"),
    ];
    (StatusCode::NO_CONTENT, ANY_SITE, headers)
}

/// Tokens for a code or a refresh token.
async fn give_tokens(State(console): State<Console>, form: Form) -> Result<Response, OauthFault> {
    let provider = console.provider_for_apps()?;
    let client = form.client()?;
    let grant = match form.needed("grant_type")? {
        "authorization_code" => TokenGrant::Code {
            code: Secret::from(form.needed("code")?),
            redirect_uri: form.needed("redirect_uri")?.to_owned(),
            verifier: form.field("code_verifier").map(Secret::from),
        },
        "refresh_token" => TokenGrant::Refresh {
            token: Secret::from(form.needed("refresh_token")?),
            scope: form.field("scope").unwrap_or_default().to_owned(),
        },
        _ => {
            let description = "grant_type must be authorization_code or refresh_token";
            return Err(OauthFault::bad("unsupported_grant_type", description));
        }
    };
    let pair = provider.exchange(&client, &grant).await?;
    let answer = TokenAnswer {
        access_token: pair.access.reveal(),
        token_type: "Bearer",
        expires_in: pair.expires_in,
        refresh_token: pair.refresh.reveal(),
        scope: pair.scopes.to_string(),
    };
    Ok((ANY_SITE, [(header::CACHE_CONTROL, "no-store")], Json(answer)).into_response())
}

/// Ends a token, and all that came of the same code. One that is not known is no mistake.
async fn revoke_token(State(console): State<Console>, form: Form) -> Result<Response, OauthFault> {
    let provider = console.provider_for_apps()?;
    let client = form.client()?;
    provider.revoke(&client, form.needed("token")?).await?;
    (console.0.reload)().await;
    Ok((StatusCode::OK, ANY_SITE).into_response())
}

/// Who the user behind an access token is, as far as the app may know.
async fn show_user(
    State(console): State<Console>,
    headers: HeaderMap,
) -> Result<Response, OauthFault> {
    if !console.is_on(Feature::OauthApps) {
        return Err(OauthFault::apps_off());
    }
    let provider = console.provider_for_apps()?;
    let token = authorization(&headers, "bearer").ok_or(TokenError::Token)?;
    let info = provider.user_info(token).await?;
    let answer = UserInfoAnswer {
        sub: info.user.to_string(),
        preferred_username: info.username,
        email: info.email,
    };
    Ok((ANY_SITE, [(header::CACHE_CONTROL, "no-store")], Json(answer)).into_response())
}

/// Where everything is, and what can be done (RFC 8414).
async fn describe(
    State(console): State<Console>,
    Issuer(issuer): Issuer,
) -> Result<Response, OauthFault> {
    console.provider_for_apps()?;
    let at = |path: &str| format!("{issuer}{path}");
    let document = json!({
        "issuer": issuer,
        "authorization_endpoint": at("/oauth/authorize"),
        "token_endpoint": at("/oauth/token"),
        "revocation_endpoint": at("/oauth/revoke"),
        "userinfo_endpoint": at("/oauth/userinfo"),
        "scopes_supported": AppScope::ALL,
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code", "refresh_token"],
        "token_endpoint_auth_methods_supported":
            ["client_secret_basic", "client_secret_post", "none"],
        "code_challenge_methods_supported": ["S256"],
        "authorization_response_iss_parameter_supported": true,
    });
    Ok((ANY_SITE, Json(document)).into_response())
}

/// What `Authorization` brings in this scheme.
fn authorization<'a>(headers: &'a HeaderMap, scheme: &str) -> Option<&'a str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (named, rest) = value.split_once(' ')?;
    named.eq_ignore_ascii_case(scheme).then_some(rest.trim())
}

// === impl Console ===

impl Console {
    /// What lets apps in, where they are let in at all.
    fn provider_for_apps(&self) -> Result<OauthProvider, OauthFault> {
        let off = || OauthFault {
            status: StatusCode::NOT_FOUND,
            error: "not_found",
            description: "this site lets no apps in".to_owned(),
            challenge: None,
        };
        if !self.is_on(Feature::OauthApps) {
            return Err(off());
        }
        self.oauth_provider().map_err(|_| off())
    }
}

// === impl Form ===

impl Form {
    fn field(&self, name: &str) -> Option<&str> {
        self.fields.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    fn needed(&self, name: &'static str) -> Result<&str, OauthFault> {
        let missing = || OauthFault::bad("invalid_request", format!("{name} is missing"));
        self.field(name).ok_or_else(missing)
    }

    /// How the app shows itself: by HTTP Basic with both parts form-encoded, or in the form; not both ways.
    fn client(&self) -> Result<ClientAuth, OauthFault> {
        let in_form = (self.field("client_id"), self.field("client_secret"));
        let Some(basic) = authorization(&self.headers, "basic") else {
            let client_id = self.needed("client_id")?.to_owned();
            return Ok(ClientAuth { client_id, secret: in_form.1.map(Secret::from) });
        };
        let (client_id, secret) = read_basic(basic).ok_or_else(|| {
            OauthFault::bad("invalid_request", "the Authorization header cannot be read")
        })?;
        if in_form.1.is_some() || in_form.0.is_some_and(|id| id != client_id) {
            let twice = "the app shows itself in the header and in the form: use one";
            return Err(OauthFault::bad("invalid_request", twice));
        }
        let secret = (!secret.is_empty()).then(|| Secret::new(secret));
        Ok(ClientAuth { client_id, secret })
    }
}

fn read_basic(basic: &str) -> Option<(String, String)> {
    let pair = String::from_utf8(STANDARD.decode(basic).ok()?).ok()?;
    let (id, secret) = pair.split_once(':')?;
    let decoded = |part: &str| {
        let part = part.replace('+', " ");
        percent_decode_str(&part).decode_utf8().ok().map(std::borrow::Cow::into_owned)
    };
    Some((decoded(id)?, decoded(secret)?))
}

impl<S: Sync> FromRequest<S> for Form {
    type Rejection = OauthFault;

    async fn from_request(request: Request, state: &S) -> Result<Self, OauthFault> {
        let headers = request.headers().clone();
        let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
        let kind = kind.and_then(|kind| kind.split(';').next()).unwrap_or_default().trim();
        if !kind.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
            let form = "send a form: Content-Type: application/x-www-form-urlencoded";
            return Err(OauthFault::bad("invalid_request", form));
        }
        let Raw::<MOST_FORM>(bytes) = Raw::from_request(request, state)
            .await
            .map_err(|error| OauthFault::bad("invalid_request", error.to_string()))?;
        let mut fields = HashMap::new();
        for (name, value) in form_urlencoded::parse(&bytes) {
            if fields.insert(name.clone().into_owned(), value.into_owned()).is_some() {
                let twice = format!("{} stands twice in the form", name.escape_debug());
                return Err(OauthFault::bad("invalid_request", twice));
            }
        }
        Ok(Self { fields, headers })
    }
}

// === impl OauthFault ===

impl OauthFault {
    fn bad(error: &'static str, description: impl Into<String>) -> Self {
        let description = description.into();
        Self { status: StatusCode::BAD_REQUEST, error, description, challenge: None }
    }

    /// What whoever brings an access token is told while apps are switched off.
    fn apps_off() -> Self {
        Self {
            status: StatusCode::UNAUTHORIZED,
            error: "invalid_token",
            description: "apps are switched off on this site: no access token is good meanwhile"
                .to_owned(),
            challenge: Some("Bearer error=\"invalid_token\""),
        }
    }
}

impl From<TokenError> for OauthFault {
    fn from(error: TokenError) -> Self {
        let description = error.to_string();
        let (status, word, challenge) = match error {
            TokenError::Client => {
                (StatusCode::UNAUTHORIZED, "invalid_client", Some("Basic realm=\"realms\""))
            }
            TokenError::Grant(_) => (StatusCode::BAD_REQUEST, "invalid_grant", None),
            TokenError::Scope => (StatusCode::BAD_REQUEST, "invalid_scope", None),
            TokenError::Token => {
                (StatusCode::UNAUTHORIZED, "invalid_token", Some("Bearer error=\"invalid_token\""))
            }
            TokenError::InsufficientScope => {
                let challenge = "Bearer error=\"insufficient_scope\"";
                (StatusCode::FORBIDDEN, "insufficient_scope", Some(challenge))
            }
            TokenError::Store(error) => {
                tracing::error!(%error, "cannot look up what an app brings");
                let status = StatusCode::SERVICE_UNAVAILABLE;
                let description = "the database is away: try again shortly".to_owned();
                let error = "temporarily_unavailable";
                return Self { status, error, description, challenge: None };
            }
        };
        Self { status, error: word, description, challenge }
    }
}

impl IntoResponse for OauthFault {
    fn into_response(self) -> Response {
        let body = json!({ "error": self.error, "error_description": self.description });
        let no_store = [(header::CACHE_CONTROL, "no-store")];
        let mut response = (self.status, ANY_SITE, no_store, Json(body)).into_response();
        if let Some(challenge) = self.challenge {
            let value = HeaderValue::from_static(challenge);
            response.headers_mut().insert(header::WWW_AUTHENTICATE, value);
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn basic_is_form_encoded_inside() {
        let of = |text: &str| read_basic(&STANDARD.encode(text));
        let pair = |id: &str, secret: &str| Some((id.to_owned(), secret.to_owned()));
        assert_eq!(of("oa_1:ocs_a-b_c"), pair("oa_1", "ocs_a-b_c"));
        assert_eq!(of("oa_1:a%3Ab+c"), pair("oa_1", "a:b c"));
        assert_eq!(of("oa_1:"), pair("oa_1", ""));
        assert_eq!(of("oa_1"), None);
        assert_eq!(read_basic("no base64!"), None);
    }
}
