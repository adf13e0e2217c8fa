//! Logging in with an account at another site.

use realms_types::Secret;
use url::Url;

/// An OpenID Connect provider. Without an issuer and a client id there is none.
#[derive(Debug, Clone, Default)]
pub struct OidcSettings {
    /// What the button says.
    pub name: Option<String>,
    /// The address of the provider.
    pub issuer: Option<Url>,
    /// Who we are there.
    pub client_id: Option<String>,
    /// What proves it.
    pub client_secret: Option<Secret<String>>,
    /// Whether who has an account there gets one here.
    pub allow_registration: bool,
}

/// GitHub. Without a client id it is not offered.
#[derive(Debug, Clone, Default)]
pub struct GithubSettings {
    /// Who we are there.
    pub client_id: Option<String>,
    /// What proves it.
    pub client_secret: Option<Secret<String>>,
}
