//! What the settings say about the site and about getting in.

use realms_identity::{IdentityError, RegistrationRules, SignedIn};
use realms_types::Timestamp;
use url::Url;

use super::{
    Console,
    caller::Caller,
    sites::{Provider, ProviderKind},
};
use crate::ConsoleError;

/// Where people of GitHub log in.
const GITHUB: &str = "https://github.com/";
/// Where programs ask it.
const GITHUB_API: &str = "https://api.github.com/";

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
        self.0.catalog.load().settings().people.site_name.clone()
    }

    /// The address people reach the site at, if it was told.
    pub(super) fn site_address(&self) -> Option<Url> {
        self.0.catalog.load().settings().site_base_url.clone()
    }

    /// Whom to ask for an account.
    pub(super) fn registration_contact(&self) -> Option<String> {
        let contact = self.0.catalog.load().settings().people.contact.clone();
        Some(contact).filter(|contact| !contact.is_empty())
    }

    /// Who may make an account.
    pub(super) fn registration_rules(&self) -> RegistrationRules {
        let catalog = self.0.catalog.load();
        let people = &catalog.settings().people;
        RegistrationRules { open: people.open, verify_email: people.verify_email }
    }

    /// The sites people can log in with.
    pub(super) fn providers(&self) -> Vec<Provider> {
        let catalog = self.0.catalog.load();
        let settings = catalog.settings();
        let oidc = settings.oidc.issuer.clone().map(|issuer| Provider {
            id: "oidc",
            name: settings.oidc.name.clone(),
            client_id: settings.oidc.client_id.clone(),
            client_secret: settings.oidc.client_secret.clone(),
            kind: ProviderKind::Oidc(issuer),
            may_register: settings.oidc.allow_registration,
        });
        let github = GITHUB.parse().ok().zip(GITHUB_API.parse().ok()).map(|(web, api)| Provider {
            id: "github",
            name: "GitHub".to_owned(),
            client_id: settings.github.client_id.clone(),
            client_secret: settings.github.client_secret.clone(),
            kind: ProviderKind::GitHub { web, api },
            may_register: settings.people.open,
        });
        let known = |provider: &Provider| !provider.client_id.is_empty();
        oidc.into_iter().chain(github).filter(known).collect()
    }

    /// One of them.
    pub(super) fn provider(&self, id: &str) -> Result<Provider, ConsoleError> {
        let found = self.providers().into_iter().find(|provider| provider.id == id);
        found.ok_or_else(|| ConsoleError::NotFound(format!("site `{id}` to log in with")))
    }
}
