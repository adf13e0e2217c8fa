//! Live values from the database, typed. A change takes effect within a second, without a restart.

mod accounts;

use std::time::Duration;

use realms_types::Secret;
use url::Url;

pub use accounts::{GithubSettings, MailSecurity, MailSettings, OidcSettings, PeopleSettings};

/// Everything that can be set while Realms runs.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The address people and callbacks reach this site at.
    pub site_base_url: Option<Url>,
    /// Attempts of one call, over all candidates.
    pub retry_max_attempts: u32,
    /// Attempts of one call with the same candidate.
    pub retry_max_tries: u32,
    /// No attempt starts later than this after the first.
    pub retry_max_elapsed: Duration,
    /// The first pause before a candidate is tried again.
    pub retry_base_delay: Duration,
    /// The longest pause.
    pub retry_max_delay: Duration,
    /// How long a stream may be silent before a keep-alive goes to the client.
    pub keep_alive_interval: Duration,
    /// Whether nobody wants to see the guide to the first call.
    pub setup_dismissed: bool,
    /// Whether users see through which channels their calls went. In self mode they always do.
    pub users_see_channels: bool,
    /// The site, and who may make an account.
    pub people: PeopleSettings,
    /// How mail leaves.
    pub mail: MailSettings,
    /// Log-in by OpenID Connect.
    pub oidc: OidcSettings,
    /// Log-in by GitHub.
    pub github: GithubSettings,
}

/// Why a setting is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SettingError {
    /// No setting has this name.
    #[error("there is no setting `{0}`")]
    Unknown(String),
    /// The value does not fit.
    #[error("setting `{key}`: {message}")]
    Value {
        /// The setting.
        key: &'static str,
        /// What is wrong, and what would fit.
        message: String,
    },
}

/// A setting as documentation and the console show it.
#[derive(Debug, Clone, Copy)]
pub struct SettingInfo {
    /// Its name.
    pub key: &'static str,
    /// What it does, with its unit.
    pub about: &'static str,
    /// Writes a text into the typed value.
    set: fn(&mut Settings, &str) -> Result<(), String>,
    /// The value in force, as text.
    get: fn(&Settings) -> String,
}

/// The settings that are sealed where they are kept and never shown.
const SECRETS: [&str; 3] = ["smtp_token", "oidc_client_secret", "github_client_secret"];

/// Every setting, in the order they are shown.
const TABLE: &[SettingInfo] = &[
    SettingInfo {
        key: "site_base_url",
        about: "The address people reach this site at, used in links and callbacks.",
        set: |settings, text| {
            settings.site_base_url = if text.is_empty() { None } else { Some(web_address(text)?) };
            Ok(())
        },
        get: |settings| settings.site_base_url.as_ref().map(Url::to_string).unwrap_or_default(),
    },
    SettingInfo {
        key: "retry_max_attempts",
        about: "Attempts of one call over all candidates, 1 to 20.",
        set: |settings, text| whole(text, 1, 20).map(|n| settings.retry_max_attempts = n),
        get: |settings| settings.retry_max_attempts.to_string(),
    },
    SettingInfo {
        key: "retry_max_tries",
        about: "Attempts of one call with the same candidate, 1 to 20.",
        set: |settings, text| whole(text, 1, 20).map(|n| settings.retry_max_tries = n),
        get: |settings| settings.retry_max_tries.to_string(),
    },
    SettingInfo {
        key: "retry_max_elapsed_ms",
        about: "No attempt starts later than this many milliseconds after the first.",
        set: |settings, text| millis(text).map(|time| settings.retry_max_elapsed = time),
        get: |settings| settings.retry_max_elapsed.as_millis().to_string(),
    },
    SettingInfo {
        key: "retry_base_delay_ms",
        about: "The first pause before a candidate is tried again, in milliseconds.",
        set: |settings, text| millis(text).map(|time| settings.retry_base_delay = time),
        get: |settings| settings.retry_base_delay.as_millis().to_string(),
    },
    SettingInfo {
        key: "retry_max_delay_ms",
        about: "The longest pause before a candidate is tried again, in milliseconds.",
        set: |settings, text| millis(text).map(|time| settings.retry_max_delay = time),
        get: |settings| settings.retry_max_delay.as_millis().to_string(),
    },
    SettingInfo {
        key: "keep_alive_interval_ms",
        about: "Silence of a stream before a keep-alive goes to the client, in milliseconds.",
        set: |settings, text| millis(text).map(|time| settings.keep_alive_interval = time),
        get: |settings| settings.keep_alive_interval.as_millis().to_string(),
    },
    SettingInfo {
        key: "setup_dismissed",
        about: "Hides the guide to the first call, `true` or `false`.",
        set: |settings, text| truth(text).map(|truth| settings.setup_dismissed = truth),
        get: |settings| settings.setup_dismissed.to_string(),
    },
    SettingInfo {
        key: "users_see_channels",
        about: "Lets users see through which channels their calls went, `true` or `false`.",
        set: |settings, text| truth(text).map(|truth| settings.users_see_channels = truth),
        get: |settings| settings.users_see_channels.to_string(),
    },
    SettingInfo {
        key: "site_name",
        about: "What this site is called, in its pages and in its mail.",
        set: |settings, text| short(text).map(|text| settings.people.site_name = text),
        get: |settings| settings.people.site_name.clone(),
    },
    SettingInfo {
        key: "allow_open_registration",
        about: "Whether anyone may make an account: `true` or `false`.",
        set: |settings, text| boolean(text).map(|open| settings.people.open = open),
        get: |settings| settings.people.open.to_string(),
    },
    SettingInfo {
        key: "registration_contact",
        about: "Whom to ask for an account where nobody may make one.",
        set: |settings, text| short(text).map(|text| settings.people.contact = text),
        get: |settings| settings.people.contact.clone(),
    },
    SettingInfo {
        key: "email_verification_enable",
        about: "Whether making an account takes a code sent by mail: `true` or `false`.",
        set: |settings, text| boolean(text).map(|verify| settings.people.verify_email = verify),
        get: |settings| settings.people.verify_email.to_string(),
    },
    SettingInfo {
        key: "smtp_server",
        about: "The name of the mail server. Empty: no mail is sent.",
        set: |settings, text| short(text).map(|text| settings.mail.server = text),
        get: |settings| settings.mail.server.clone(),
    },
    SettingInfo {
        key: "smtp_port",
        about: "The port of the mail server: 587 for `starttls`, 465 for `tls`, 25 for `none`.",
        set: |settings, text| {
            whole(text, 1, 65_535)
                .map(|port| settings.mail.port = u16::try_from(port).unwrap_or(587))
        },
        get: |settings| settings.mail.port.to_string(),
    },
    SettingInfo {
        key: "smtp_security",
        about: "How the connection to the mail server is protected: `starttls`, `tls` or `none`.",
        set: |settings, text| {
            MailSecurity::read(text).map(|security| settings.mail.security = security)
        },
        get: |settings| settings.mail.security.as_str().to_owned(),
    },
    SettingInfo {
        key: "smtp_account",
        about: "The name to log in to the mail server with. Empty: no log-in.",
        set: |settings, text| short(text).map(|text| settings.mail.account = text),
        get: |settings| settings.mail.account.clone(),
    },
    SettingInfo {
        key: "smtp_token",
        about: "The password to log in to the mail server with.",
        set: |settings, text| secret(text).map(|text| settings.mail.token = text),
        get: |_| String::new(),
    },
    SettingInfo {
        key: "smtp_from",
        about: "Who mail says it is from, such as `Realms <realms@example.org>`. Empty: the account.",
        set: |settings, text| short(text).map(|text| settings.mail.from = text),
        get: |settings| settings.mail.from.clone(),
    },
    SettingInfo {
        key: "oidc_name",
        about: "What the site people log in with by OpenID Connect is called.",
        set: |settings, text| short(text).map(|text| settings.oidc.name = text),
        get: |settings| settings.oidc.name.clone(),
    },
    SettingInfo {
        key: "oidc_issuer",
        about: "The address of that site, as its tokens say it. Empty: no such log-in.",
        set: |settings, text| optional_address(text).map(|issuer| settings.oidc.issuer = issuer),
        get: |settings| settings.oidc.issuer.as_ref().map(Url::to_string).unwrap_or_default(),
    },
    SettingInfo {
        key: "oidc_client_id",
        about: "The name that site knows this one by.",
        set: |settings, text| short(text).map(|text| settings.oidc.client_id = text),
        get: |settings| settings.oidc.client_id.clone(),
    },
    SettingInfo {
        key: "oidc_client_secret",
        about: "The secret that site knows this one by. Empty: none.",
        set: |settings, text| secret(text).map(|text| settings.oidc.client_secret = text),
        get: |_| String::new(),
    },
    SettingInfo {
        key: "oidc_allow_registration",
        about: "Whether somebody new from that site gets an account: `true` or `false`.",
        set: |settings, text| boolean(text).map(|allow| settings.oidc.allow_registration = allow),
        get: |settings| settings.oidc.allow_registration.to_string(),
    },
    SettingInfo {
        key: "github_client_id",
        about: "The name GitHub knows this site by. Empty: no log-in by GitHub.",
        set: |settings, text| short(text).map(|text| settings.github.client_id = text),
        get: |settings| settings.github.client_id.clone(),
    },
    SettingInfo {
        key: "github_client_secret",
        about: "The secret GitHub knows this site by.",
        set: |settings, text| secret(text).map(|text| settings.github.client_secret = text),
        get: |_| String::new(),
    },
];

// === impl Settings ===

impl Default for Settings {
    fn default() -> Self {
        Self {
            site_base_url: None,
            retry_max_attempts: 9,
            retry_max_tries: 6,
            retry_max_elapsed: Duration::from_secs(10),
            retry_base_delay: Duration::from_millis(300),
            retry_max_delay: Duration::from_secs(3),
            keep_alive_interval: Duration::from_secs(15),
            setup_dismissed: false,
            users_see_channels: false,
            people: PeopleSettings::default(),
            mail: MailSettings::default(),
            oidc: OidcSettings::default(),
            github: GithubSettings::default(),
        }
    }
}

impl Settings {
    /// Every setting there is.
    pub const fn table() -> &'static [SettingInfo] {
        TABLE
    }

    /// The name of a setting that is sealed where it is kept and never shown.
    pub fn secret_key(key: &str) -> Option<&'static str> {
        SECRETS.into_iter().find(|secret| *secret == key)
    }

    /// Sets one value from its text.
    pub fn set(&mut self, key: &str, text: &str) -> Result<(), SettingError> {
        let info = TABLE
            .iter()
            .find(|info| info.key == key)
            .ok_or_else(|| SettingError::Unknown(key.to_owned()))?;
        (info.set)(self, text).map_err(|message| SettingError::Value { key: info.key, message })
    }

    /// The value in force as text; `None` when no setting has this name.
    pub fn get(&self, key: &str) -> Option<String> {
        TABLE.iter().find(|info| info.key == key).map(|info| (info.get)(self))
    }
}

fn boolean(text: &str) -> Result<bool, String> {
    text.parse().map_err(|_| format!("`{text}` is neither `true` nor `false`"))
}

/// One line of up to 255 bytes.
fn short(text: &str) -> Result<String, String> {
    if text.len() > 255 || text.chars().any(char::is_control) {
        return Err("it is longer than 255 bytes or more than one line".to_owned());
    }
    Ok(text.to_owned())
}

fn secret(text: &str) -> Result<Secret<String>, String> {
    short(text).map(Secret::from)
}

fn optional_address(text: &str) -> Result<Option<Url>, String> {
    if text.is_empty() { Ok(None) } else { web_address(text).map(Some) }
}

fn whole(text: &str, least: u32, most: u32) -> Result<u32, String> {
    match text.parse::<u32>() {
        Ok(number) if (least..=most).contains(&number) => Ok(number),
        _ => Err(format!("`{text}` is not a whole number from {least} to {most}")),
    }
}

fn truth(text: &str) -> Result<bool, String> {
    text.parse().map_err(|_| format!("`{text}` is neither `true` nor `false`"))
}

fn millis(text: &str) -> Result<Duration, String> {
    whole(text, 1, 3_600_000).map(|number| Duration::from_millis(number.into()))
}

fn web_address(text: &str) -> Result<Url, String> {
    let refused = || format!("`{text}` is not an address such as \"https://realms.example.org\"");
    let url = Url::parse(text).map_err(|_| refused())?;
    if matches!(url.scheme(), "http" | "https") && url.host().is_some() {
        Ok(url)
    } else {
        Err(refused())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_setting_reads_back_what_was_set() {
        for info in Settings::table() {
            let mut settings = Settings::default();
            let before = settings.get(info.key).unwrap();
            settings.set(info.key, &before).unwrap();
            assert_eq!(settings.get(info.key).unwrap(), before, "{}", info.key);
        }
    }

    #[test]
    fn secrets_are_settings_that_never_read_back() {
        for key in SECRETS {
            let mut settings = Settings::default();
            settings.set(key, "hunter2").unwrap();
            assert_eq!(settings.get(key).as_deref(), Some(""));
            assert!(!format!("{settings:?}").contains("hunter2"));
        }
    }

    #[test]
    fn what_does_not_fit_is_named() {
        let mut settings = Settings::default();
        assert_eq!(settings.set("nope", "1"), Err(SettingError::Unknown("nope".to_owned())));
        assert!(settings.set("retry_max_attempts", "0").is_err());
        assert!(settings.set("retry_max_attempts", "2.5").is_err());
        assert!(settings.set("site_base_url", "ftp://x").is_err());
        assert!(settings.set("site_base_url", "https://realms.example.org").is_ok());
    }
}
