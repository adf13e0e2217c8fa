//! A setting as documentation and the console show it.

use super::Settings;

/// A setting as documentation and the console show it.
#[derive(Debug, Clone, Copy)]
pub struct SettingInfo {
    /// Its name.
    pub key: &'static str,
    /// What it does, with its unit.
    pub about: &'static str,
    /// Where it is shown.
    pub section: Section,
    /// What its value is.
    pub kind: SettingKind,
    /// The pages of the console that are gone when it is `false`.
    pub hides: &'static [&'static str],
    /// Writes a text into the typed value.
    pub(super) set: fn(&mut Settings, &str) -> Result<(), String>,
    /// The value in force, as text; nothing for a secret.
    pub(super) get: fn(&Settings) -> String,
}

/// Where a setting is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Section {
    /// The site itself.
    Site,
    /// What is switched on.
    Features,
    /// Who may make an account.
    SignUp,
    /// How mail leaves.
    Mail,
    /// How calls find a channel.
    Routing,
    /// How usage is shown.
    Usage,
    /// How people log in.
    LogIn,
    /// What is paid for.
    Billing,
}

/// What the value of a setting is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SettingKind {
    /// A line of text.
    Text,
    /// A web address, or nothing.
    Url,
    /// A whole number.
    Integer {
        /// The least.
        min: u32,
        /// The most.
        max: u32,
    },
    /// `true` or `false`.
    Boolean,
    /// A time in milliseconds.
    DurationMs {
        /// The least.
        min: u32,
        /// The most.
        max: u32,
    },
    /// A secret: it is sealed in the database and never shown.
    Secret,
    /// One of these words.
    Choice(&'static [&'static str]),
    /// A time zone (IANA).
    TimeZone,
    /// JSON of a form of its own; empty for nothing.
    Json,
}

// === impl SettingInfo ===

impl SettingInfo {
    /// Whether its value must never be shown.
    pub const fn is_secret(&self) -> bool {
        matches!(self.kind, SettingKind::Secret)
    }
}

// === impl Section ===

impl Section {
    /// The word in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Site => "site",
            Self::Features => "features",
            Self::SignUp => "sign_up",
            Self::Mail => "mail",
            Self::Routing => "routing",
            Self::Usage => "usage",
            Self::LogIn => "log_in",
            Self::Billing => "billing",
        }
    }
}

// === impl SettingKind ===

impl SettingKind {
    /// The word in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Url => "url",
            Self::Integer { .. } => "integer",
            Self::Boolean => "boolean",
            Self::DurationMs { .. } => "duration_ms",
            Self::Secret => "secret",
            Self::Choice(_) => "choice",
            Self::TimeZone => "time_zone",
            Self::Json => "json",
        }
    }
}
