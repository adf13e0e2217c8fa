//! What other sites answer.

use realms_types::Secret;
use serde::Deserialize;
use url::Url;

use super::OAuthError;

/// The issuer under which people of GitHub are kept.
const GITHUB: &str = "https://github.com";

/// Where a site's endpoints are: OpenID Connect Discovery 1.0.
#[derive(Debug, Clone, Deserialize)]
pub struct Discovery {
    /// What it calls itself in tokens.
    pub issuer: String,
    /// Where people log in.
    pub authorization_endpoint: Url,
    /// Where the code is exchanged.
    pub token_endpoint: Url,
    /// Where its keys are.
    pub jwks_uri: Url,
    /// Whether it names itself in the answer to the browser: RFC 9207.
    #[serde(default)]
    pub authorization_response_iss_parameter_supported: bool,
}

/// What exchanging a code brought.
#[derive(Deserialize)]
struct RawTokens {
    id_token: Option<String>,
    access_token: Option<String>,
}

/// What exchanging a code brought.
#[derive(Debug)]
pub struct TokenAnswer {
    /// Who somebody is, signed.
    pub id_token: Option<Secret<String>>,
    /// With what we may ask the site.
    pub access_token: Option<Secret<String>>,
}

/// Somebody at GitHub, which has no ID tokens: `GET /user` with their access token.
#[derive(Debug, Clone, Deserialize)]
pub struct GitHubUser {
    id: u64,
    login: String,
    email: Option<String>,
}

// === impl Discovery ===

impl Discovery {
    /// Where the document of an issuer is.
    pub fn url(issuer: &Url) -> Result<Url, OAuthError> {
        let text =
            format!("{}/.well-known/openid-configuration", issuer.as_str().trim_end_matches('/'));
        text.parse().map_err(|_| OAuthError::Malformed("issuer"))
    }

    /// Reads the document of this issuer. One that calls itself otherwise is another site.
    pub fn parse(json: &[u8], issuer: &Url) -> Result<Self, OAuthError> {
        let found: Self =
            serde_json::from_slice(json).map_err(|_| OAuthError::Malformed("configuration"))?;
        let bare = |text: &str| text.trim_end_matches('/').to_owned();
        if bare(&found.issuer) != bare(issuer.as_str()) {
            return Err(OAuthError::Claim("issuer"));
        }
        Ok(found)
    }

    /// Checks the `iss` of the answer to the browser, so that the answer of one site is never taken
    /// to another: RFC 9207.
    pub fn check_issuer(&self, iss: Option<&str>) -> Result<(), OAuthError> {
        match iss {
            Some(iss) if iss != self.issuer => Err(OAuthError::Claim("iss")),
            None if self.authorization_response_iss_parameter_supported => {
                Err(OAuthError::Claim("iss"))
            }
            _ => Ok(()),
        }
    }
}

// === impl TokenAnswer ===

impl TokenAnswer {
    /// Reads the answer of the token endpoint.
    pub fn parse(json: &[u8]) -> Result<Self, OAuthError> {
        let raw: RawTokens =
            serde_json::from_slice(json).map_err(|_| OAuthError::Malformed("token answer"))?;
        Ok(Self {
            id_token: raw.id_token.map(Secret::from),
            access_token: raw.access_token.map(Secret::from),
        })
    }

    /// The form that exchanges a code.
    pub fn form(
        code: &str,
        redirect_uri: &Url,
        verifier: &str,
        client: (&str, &Secret<String>),
    ) -> Secret<String> {
        let (client_id, client_secret) = client;
        let mut form = url::form_urlencoded::Serializer::new(String::new());
        form.append_pair("grant_type", "authorization_code")
            .append_pair("code", code)
            .append_pair("redirect_uri", redirect_uri.as_str())
            .append_pair("code_verifier", verifier)
            .append_pair("client_id", client_id);
        if !client_secret.reveal().is_empty() {
            form.append_pair("client_secret", client_secret.reveal());
        }
        Secret::from(form.finish())
    }
}

// === impl GitHubUser ===

impl GitHubUser {
    /// The issuer people of GitHub are kept under.
    pub const ISSUER: &'static str = GITHUB;

    /// Reads the answer of `GET /user`.
    pub fn parse(json: &[u8]) -> Result<Self, OAuthError> {
        serde_json::from_slice(json).map_err(|_| OAuthError::Malformed("user"))
    }

    /// Who they are there: the number, because names change hands.
    pub fn subject(&self) -> String {
        self.id.to_string()
    }

    /// Their name there.
    pub fn login(&self) -> &str {
        &self.login
    }

    /// Their public address, for people to recognise the account by.
    pub fn email(&self) -> Option<&str> {
        self.email.as_deref()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_must_be_the_issuers_own() {
        let json = br#"{"issuer":"https://id.example.org","authorization_endpoint":"https://id.example.org/a",
            "token_endpoint":"https://id.example.org/t","jwks_uri":"https://id.example.org/k",
            "authorization_response_iss_parameter_supported":true,"other":[1]}"#;
        let issuer: Url = "https://id.example.org/".parse().unwrap();
        let found = Discovery::parse(json, &issuer).unwrap();
        assert_eq!(found.issuer, "https://id.example.org");
        assert_eq!(found.check_issuer(Some("https://id.example.org")), Ok(()));
        assert!(found.check_issuer(None).is_err());
        assert!(found.check_issuer(Some("https://evil.example")).is_err());
        let other = "https://other.example.org".parse().unwrap();
        assert_eq!(Discovery::parse(json, &other).unwrap_err(), OAuthError::Claim("issuer"));
        let tenant: Url = "https://id.example.org/tenant/".parse().unwrap();
        assert_eq!(
            Discovery::url(&tenant).unwrap().as_str(),
            "https://id.example.org/tenant/.well-known/openid-configuration"
        );
    }

    #[test]
    fn the_form_carries_everything_once() {
        let back = "https://realms.example.org/back".parse().unwrap();
        let form = TokenAnswer::form("c&d", &back, "v", ("realms", &Secret::from("s=1")));
        assert!(form.reveal().contains("code=c%26d&"));
        assert!(form.reveal().ends_with("client_id=realms&client_secret=s%3D1"));
        let public = TokenAnswer::form("c", &back, "v", ("realms", &Secret::from("")));
        assert!(!public.reveal().contains("client_secret"));
    }

    #[test]
    fn people_of_github_are_known_by_number() {
        let user = GitHubUser::parse(br#"{"id":7,"login":"ana","email":null}"#).unwrap();
        assert_eq!((user.subject().as_str(), user.login(), user.email()), ("7", "ana", None));
        assert!(GitHubUser::parse(br#"{"login":"ana"}"#).is_err());
    }
}
