//! What can be set about people and how they get in.

use realms_types::Secret;
use url::Url;

/// The site, and who may make an account.
#[derive(Debug, Clone)]
pub struct PeopleSettings {
    /// What the site is called.
    pub site_name: String,
    /// Whether anyone may make an account.
    pub open: bool,
    /// Whom to ask for an account; empty: nobody is named.
    pub contact: String,
    /// Whether making an account takes a code sent by mail.
    pub verify_email: bool,
}

/// How mail leaves.
#[derive(Debug, Clone)]
pub struct MailSettings {
    /// The name of the mail server; empty: no mail.
    pub server: String,
    /// Its port.
    pub port: u16,
    /// How the connection is protected.
    pub security: MailSecurity,
    /// Whom to log in as; empty: nobody.
    pub account: String,
    /// With which password.
    pub token: Secret<String>,
    /// Who mail says it is from; empty: the account.
    pub from: String,
}

/// How the connection to the mail server is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailSecurity {
    /// Plain at first, then TLS, or nothing is sent.
    Starttls,
    /// TLS from the first byte.
    Tls,
    /// Not at all.
    None,
}

/// Log-in by OpenID Connect.
#[derive(Debug, Clone)]
pub struct OidcSettings {
    /// What the other site is called.
    pub name: String,
    /// Its address; `None`: no such log-in.
    pub issuer: Option<Url>,
    /// Our name there.
    pub client_id: String,
    /// Our secret there; empty: none.
    pub client_secret: Secret<String>,
    /// Whether somebody new gets an account.
    pub allow_registration: bool,
}

/// Log-in by GitHub.
#[derive(Debug, Clone)]
pub struct GithubSettings {
    /// Our name there; empty: no such log-in.
    pub client_id: String,
    /// Our secret there.
    pub client_secret: Secret<String>,
}

// === impl PeopleSettings ===

impl Default for PeopleSettings {
    fn default() -> Self {
        let (site_name, contact) = ("Realms".to_owned(), String::new());
        Self { site_name, open: false, contact, verify_email: false }
    }
}

// === impl MailSettings ===

impl Default for MailSettings {
    fn default() -> Self {
        Self {
            server: String::new(),
            port: 587,
            security: MailSecurity::Starttls,
            account: String::new(),
            token: Secret::from(""),
            from: String::new(),
        }
    }
}

// === impl MailSecurity ===

impl MailSecurity {
    /// The word in the setting.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Starttls => "starttls",
            Self::Tls => "tls",
            Self::None => "none",
        }
    }

    pub(super) fn read(text: &str) -> Result<Self, String> {
        let known = [Self::Starttls, Self::Tls, Self::None];
        let found = known.into_iter().find(|one| one.as_str() == text);
        found.ok_or_else(|| format!("`{text}` is none of `starttls`, `tls` and `none`"))
    }
}

// === impl OidcSettings ===

impl Default for OidcSettings {
    fn default() -> Self {
        Self {
            name: "OpenID Connect".to_owned(),
            issuer: None,
            client_id: String::new(),
            client_secret: Secret::from(""),
            allow_registration: false,
        }
    }
}

// === impl GithubSettings ===

impl Default for GithubSettings {
    fn default() -> Self {
        Self { client_id: String::new(), client_secret: Secret::from("") }
    }
}
