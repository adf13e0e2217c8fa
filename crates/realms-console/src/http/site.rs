//! What the settings say about the site and about getting in.

use http::{header, request::Parts};
use realms_identity::{IdentityError, RegistrationRules, SignedIn};
use realms_types::{RequestMeta, Secret, Timestamp};
use url::Url;

use super::{
    Console,
    caller::Caller,
    sites::{Provider, ProviderKind},
};
use crate::ConsoleError;

// === impl Console ===

impl Console {
    /// The accounts of people.
    pub(super) fn accounts(&self) -> &realms_identity::Accounts {
        &self.0.accounts
    }

    /// The time.
    pub(super) fn now(&self) -> Timestamp {
        self.0.editor.clock.now()
    }

    /// The person who asks, when they proved a short time ago who they are.
    pub(super) fn fresh<'a>(&self, caller: &'a Caller) -> Result<&'a SignedIn, ConsoleError> {
        let me = caller.user()?;
        if me.is_fresh(self.now()) { Ok(me) } else { Err(IdentityError::NotFresh.into()) }
    }

    /// What the site is called.
    pub(super) fn site_name(&self) -> String {
        self.0.catalog.load().settings().site_name.clone()
    }

    /// The address people reach the site at, if it was told.
    pub(super) fn site_address(&self) -> Option<Url> {
        self.0.catalog.load().settings().site_base_url.clone()
    }

    /// What the site calls itself to apps: its address without a slash at the end. Where it was not told one, that which
    /// a request came to.
    pub(super) fn issuer(&self, parts: &Parts) -> String {
        if let Some(site) = self.site_address() {
            return site.as_str().trim_end_matches('/').to_owned();
        }
        let host = parts.headers.get(header::HOST).and_then(|host| host.to_str().ok());
        let host = host.or_else(|| parts.uri.authority().map(http::uri::Authority::as_str));
        let is_https = parts.extensions.get::<RequestMeta>().is_some_and(|meta| meta.https);
        let scheme = if is_https { "https" } else { "http" };
        format!("{scheme}://{}", host.unwrap_or("localhost"))
    }

    /// Whom to ask for an account.
    pub(super) fn registration_contact(&self) -> Option<String> {
        self.0.catalog.load().settings().registration_contact.clone()
    }

    /// Who may make an account.
    pub(super) fn registration_rules(&self) -> RegistrationRules {
        let catalog = self.0.catalog.load();
        let settings = catalog.settings();
        RegistrationRules {
            open: settings.allow_open_registration,
            verify_email: settings.email_verification_enable,
        }
    }

    /// The sites people can log in with.
    pub(super) fn providers(&self) -> Vec<Provider> {
        let catalog = self.0.catalog.load();
        let settings = catalog.settings();
        let secret =
            |secret: &Option<Secret<String>>| secret.clone().unwrap_or_else(|| Secret::from(""));
        let oidc = &settings.oidc;
        let oidc =
            oidc.issuer.clone().zip(oidc.client_id.clone()).map(|(issuer, client_id)| Provider {
                id: "oidc",
                name: oidc.name.clone().unwrap_or_else(|| "OpenID Connect".to_owned()),
                client_id,
                client_secret: secret(&oidc.client_secret),
                kind: ProviderKind::Oidc(issuer),
                may_register: oidc.allow_registration,
            });
        let github = settings.github.client_id.clone().map(|client_id| Provider {
            id: "github",
            name: "GitHub".to_owned(),
            client_id,
            client_secret: secret(&settings.github.client_secret),
            kind: ProviderKind::GitHub,
            may_register: settings.allow_open_registration,
        });
        oidc.into_iter().chain(github).collect()
    }

    /// One of them.
    pub(super) fn provider(&self, id: &str) -> Result<Provider, ConsoleError> {
        let found = self.providers().into_iter().find(|provider| provider.id == id);
        found.ok_or_else(|| ConsoleError::NotFound(format!("site `{id}` to log in with")))
    }
}
