//! How mail leaves.

use realms_types::Secret;

/// How mail leaves. Without a host and a sender none does.
#[derive(Debug, Clone)]
pub struct MailSettings {
    /// The mail server.
    pub host: Option<String>,
    /// Its port.
    pub port: u16,
    /// How the connection is protected.
    pub security: MailSecurity,
    /// Whom we log in as there.
    pub username: Option<String>,
    /// With this password.
    pub password: Option<Secret<String>>,
    /// Who the mail is from: an address, or a name and an address in angle brackets.
    pub from: Option<String>,
}

/// How the connection to a mail server is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailSecurity {
    /// Plain at first, then TLS, or nothing is sent.
    Starttls,
    /// TLS from the first byte.
    Tls,
    /// Not at all: for a server on this machine.
    Plain,
}

// === impl MailSettings ===

impl Default for MailSettings {
    fn default() -> Self {
        Self {
            host: None,
            port: 587,
            security: MailSecurity::Starttls,
            username: None,
            password: None,
            from: None,
        }
    }
}

// === impl MailSecurity ===

impl MailSecurity {
    /// The words in the setting.
    pub(super) const WORDS: &'static [&'static str] = &["starttls", "tls", "plain"];

    /// The word in the setting.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Starttls => "starttls",
            Self::Tls => "tls",
            Self::Plain => "plain",
        }
    }

    pub(super) fn read(text: &str) -> Result<Self, String> {
        [Self::Starttls, Self::Tls, Self::Plain]
            .into_iter()
            .find(|one| one.as_str() == text)
            .ok_or_else(|| format!("`{text}` is none of `{}`", Self::WORDS.join("`, `")))
    }
}
