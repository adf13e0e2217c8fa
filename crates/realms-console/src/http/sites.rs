//! Other sites that people log in with: where they are, what they answer.

use std::{collections::HashMap, fmt, sync::Arc, time::Duration};

use axum::body::Bytes;
use http::{HeaderValue, Request, header};
use parking_lot::Mutex;
use realms_identity::{
    Discovery, Expected, Flow, GitHubUser, KeySet, OAuthError, Proof, TokenAnswer, Visitor,
    verify_id_token,
};
use realms_types::{Secret, SharedClock, Timestamp};
use realms_upstream::{FetchLimits, Upstream};
use url::Url;

use crate::ConsoleError;

/// How long a site may take for each answer, and how large an answer is.
const LIMITS: FetchLimits = FetchLimits { deadline: Duration::from_secs(15), bytes: 256 << 10 };
/// How long a site's documents are believed.
const FRESH: Duration = Duration::from_mins(10);
/// A site's keys are fetched anew for a token that none of them fits, but no more often than this.
const NEW_KEYS: Duration = Duration::from_mins(1);
/// Where people of GitHub log in, where their codes are exchanged, and where it says who they are.
const GITHUB_AUTHORIZE: &str = "https://github.com/login/oauth/authorize";
const GITHUB_TOKEN: &str = "https://github.com/login/oauth/access_token";
const GITHUB_USER: &str = "https://api.github.com/user";
const MALFORMED: OAuthError = OAuthError::Malformed("address");
/// More sites than the settings name are never asked.
const MOST_SITES: usize = 16;

/// A site that people log in with, as the settings say at the moment.
#[derive(Debug, Clone)]
pub(super) struct Provider {
    /// Its name in paths: `oidc`, `github`.
    pub(super) id: &'static str,
    /// Its name for people.
    pub(super) name: String,
    /// Our name there.
    pub(super) client_id: String,
    /// Our secret there; empty: none.
    pub(super) client_secret: Secret<String>,
    /// What kind of site it is.
    pub(super) kind: ProviderKind,
    /// Whether somebody new gets an account.
    pub(super) may_register: bool,
}

/// What kind of site it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum ProviderKind {
    /// OpenID Connect, at this issuer.
    Oidc(Url),
    /// GitHub, which has no ID tokens.
    GitHub,
}

/// What a browser brought back.
#[derive(Debug, Clone, Copy)]
pub(super) struct Answer<'a> {
    /// The code.
    pub(super) code: &'a str,
    /// Which site says so.
    pub(super) iss: Option<&'a str>,
    /// The address the browser came back to.
    pub(super) redirect_uri: &'a Url,
}

/// Asks sites, and remembers their documents for a while.
#[derive(Clone)]
pub(super) struct Sites(Arc<Inner>);

struct Inner {
    upstream: Upstream,
    clock: SharedClock,
    known: Mutex<HashMap<Url, Known>>,
}

#[derive(Clone)]
struct Known {
    discovery: Arc<Discovery>,
    keys: Option<(Arc<KeySet>, Timestamp)>,
    at: Timestamp,
}

// === impl Sites ===

impl Sites {
    pub(super) fn new(upstream: Upstream, clock: SharedClock) -> Self {
        Self(Arc::new(Inner { upstream, clock, known: Mutex::default() }))
    }

    /// Where a browser goes to log in.
    pub(super) async fn authorization_url(
        &self,
        provider: &Provider,
        flow: &Flow,
        redirect_uri: &Url,
    ) -> Result<Url, ConsoleError> {
        let (endpoint, scope) = match &provider.kind {
            ProviderKind::Oidc(issuer) => {
                let discovery = self.discovery(issuer).await?;
                (discovery.authorization_endpoint.clone(), "openid profile email")
            }
            ProviderKind::GitHub => (GITHUB_AUTHORIZE.parse().map_err(|_| MALFORMED)?, "read:user"),
        };
        Ok(flow.authorization_url(&endpoint, &provider.client_id, redirect_uri, scope))
    }

    /// Who came back: exchanges the code and believes what is proven.
    pub(super) async fn visitor(
        &self,
        provider: &Provider,
        proof: &Proof,
        answer: Answer<'_>,
    ) -> Result<Visitor, ConsoleError> {
        match &provider.kind {
            ProviderKind::Oidc(issuer) => self.by_token(provider, issuer, proof, answer).await,
            ProviderKind::GitHub => self.by_asking(provider, proof, answer).await,
        }
    }

    async fn by_token(
        &self,
        provider: &Provider,
        issuer: &Url,
        proof: &Proof,
        answer: Answer<'_>,
    ) -> Result<Visitor, ConsoleError> {
        let discovery = self.discovery(issuer).await?;
        discovery.check_issuer(answer.iss)?;
        let tokens = self.exchange(&discovery.token_endpoint, provider, proof, answer).await?;
        let token = tokens.id_token.ok_or(OAuthError::Malformed("token answer"))?;
        let expected = Expected {
            issuer: &discovery.issuer,
            audience: &provider.client_id,
            nonce: &proof.nonce,
            now: self.0.clock.now(),
        };
        let keys = self.keys(issuer, &discovery, FRESH).await?;
        let claims = match verify_id_token(token.reveal(), &keys, &expected) {
            // The site may have a new key since.
            Err(OAuthError::NoKey) => {
                let keys = self.keys(issuer, &discovery, NEW_KEYS).await?;
                verify_id_token(token.reveal(), &keys, &expected)
            }
            other => other,
        }?;
        Ok(Visitor {
            provider: provider.id.to_owned(),
            issuer: discovery.issuer.clone(),
            subject: claims.subject,
            email: claims.email.filter(|_| claims.email_verified),
            name: claims.preferred_username,
        })
    }

    async fn by_asking(
        &self,
        provider: &Provider,
        proof: &Proof,
        answer: Answer<'_>,
    ) -> Result<Visitor, ConsoleError> {
        let endpoint = GITHUB_TOKEN.parse().map_err(|_| MALFORMED)?;
        let tokens = self.exchange(&endpoint, provider, proof, answer).await?;
        let token = tokens.access_token.ok_or(OAuthError::Malformed("token answer"))?;
        let mut bearer = HeaderValue::from_str(&format!("Bearer {}", token.reveal()))
            .map_err(|_| OAuthError::Malformed("token answer"))?;
        bearer.set_sensitive(true);
        let request = Request::get(GITHUB_USER)
            .header(header::AUTHORIZATION, bearer)
            .header(header::USER_AGENT, "realms")
            .header(header::ACCEPT, "application/vnd.github+json")
            .body(Bytes::new());
        let user = GitHubUser::parse(&self.fetch(request).await?)?;
        Ok(Visitor {
            provider: provider.id.to_owned(),
            issuer: GitHubUser::ISSUER.to_owned(),
            subject: user.subject(),
            email: user.email().map(str::to_owned),
            name: Some(user.login().to_owned()),
        })
    }

    async fn exchange(
        &self,
        endpoint: &Url,
        provider: &Provider,
        proof: &Proof,
        answer: Answer<'_>,
    ) -> Result<TokenAnswer, ConsoleError> {
        let client = (provider.client_id.as_str(), &provider.client_secret);
        let form = TokenAnswer::form(answer.code, answer.redirect_uri, &proof.verifier, client);
        let request = Request::post(endpoint.as_str())
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::ACCEPT, "application/json")
            .body(Bytes::from(form.reveal().clone()));
        Ok(TokenAnswer::parse(&self.fetch(request).await?)?)
    }

    async fn discovery(&self, issuer: &Url) -> Result<Arc<Discovery>, ConsoleError> {
        let now = self.0.clock.now();
        let known = self.0.known.lock().get(issuer).cloned();
        if let Some(known) = known.filter(|known| now.since(known.at) < FRESH) {
            return Ok(known.discovery);
        }
        let url = Discovery::url(issuer)?;
        let json = self.fetch(Request::get(url.as_str()).body(Bytes::new())).await?;
        let discovery = Arc::new(Discovery::parse(&json, issuer)?);
        let mut known = self.0.known.lock();
        if known.len() >= MOST_SITES {
            known.clear();
        }
        let entry = Known { discovery: Arc::clone(&discovery), keys: None, at: now };
        known.insert(issuer.clone(), entry);
        Ok(discovery)
    }

    /// The keys of a site, not older than this.
    async fn keys(
        &self,
        issuer: &Url,
        discovery: &Discovery,
        oldest: Duration,
    ) -> Result<Arc<KeySet>, ConsoleError> {
        let now = self.0.clock.now();
        let known = self.0.known.lock().get(issuer).and_then(|known| known.keys.clone());
        if let Some((keys, _)) = known.filter(|(_, at)| now.since(*at) < oldest) {
            return Ok(keys);
        }
        let json = self.fetch(Request::get(discovery.jwks_uri.as_str()).body(Bytes::new())).await?;
        let keys = Arc::new(KeySet::parse(&json)?);
        if let Some(known) = self.0.known.lock().get_mut(issuer) {
            known.keys = Some((Arc::clone(&keys), now));
        }
        Ok(keys)
    }

    async fn fetch(
        &self,
        request: Result<Request<Bytes>, http::Error>,
    ) -> Result<Bytes, ConsoleError> {
        let request = request.map_err(|_| OAuthError::Malformed("address"))?;
        let host = request.uri().host().unwrap_or_default().to_owned();
        match self.0.upstream.fetch(request, LIMITS).await {
            Ok(fetched) if fetched.status.is_success() => Ok(fetched.body),
            Ok(fetched) => {
                tracing::warn!(
                    host,
                    status = fetched.status.as_u16(),
                    "a site people log in with refused"
                );
                Err(OAuthError::Unavailable.into())
            }
            Err(error) => {
                tracing::warn!(host, %error, "a site people log in with does not answer");
                Err(OAuthError::Unavailable.into())
            }
        }
    }
}

impl fmt::Debug for Sites {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sites").field("known", &self.0.known.lock().len()).finish_non_exhaustive()
    }
}

impl From<OAuthError> for ConsoleError {
    fn from(error: OAuthError) -> Self {
        Self::Identity(error.into())
    }
}
