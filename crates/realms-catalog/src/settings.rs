//! Live values from the database, typed. A change takes effect within a second, without a restart.

mod features;
mod info;
mod log_in;
mod mail;
mod price_sync;
mod read;
mod table;

use std::time::Duration;

use realms_types::{InvitationTerms, TopUpTerms};
use url::Url;

pub use features::{Feature, Features};
pub use info::{Section, SettingInfo, SettingKind};
pub use log_in::{GithubSettings, OidcSettings};
pub use mail::{MailSecurity, MailSettings};
pub use price_sync::{PriceListFormat, PriceSyncMode, PriceSyncSettings};

/// Everything that can be set while Realms runs.
#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own, set by its name")]
pub struct Settings {
    /// What the site is called.
    pub site_name: String,
    /// The address people and callbacks reach this site at.
    pub site_base_url: Option<Url>,
    /// Whether nobody wants to see the guide to the first call.
    pub setup_dismissed: bool,
    /// The time zone of days and hours where the reader names none (IANA).
    pub time_zone: String,
    /// Whether users see through which channels their calls went, also outside self mode.
    pub users_see_channels: bool,
    /// Whether models without a price may be called where calls are paid for.
    pub allow_unpriced_models: bool,
    /// How prices are kept up with a list elsewhere.
    pub price_sync: PriceSyncSettings,
    /// Whether the balance pays for what no plan bears.
    pub pay_as_you_go: bool,
    /// How balances are topped up; not at all where no currency is taken.
    pub top_up: TopUpTerms,
    /// What is given when somebody comes by an invitation; `None`: there are none.
    pub invitations: Option<InvitationTerms>,
    /// Whether users can have their own API keys shown again.
    pub tokens_revealable: bool,
    /// What is switched on.
    pub features: Features,
    /// Whether anyone may sign up.
    pub allow_open_registration: bool,
    /// Whom to ask for an account.
    pub registration_contact: Option<String>,
    /// Whether who signs up must prove that the address is theirs.
    pub email_verification_enable: bool,
    /// How mail leaves.
    pub mail: MailSettings,
    /// Logging in with an OpenID Connect provider.
    pub oidc: OidcSettings,
    /// Logging in with GitHub.
    pub github: GithubSettings,
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
    /// How long a stream may take to begin before another candidate is asked beside the late one; zero:
    /// nobody is.
    pub hedge_after: Duration,
    /// Calls that may be asked twice so, in percent of those that could be.
    pub hedge_percent: u32,
    /// How long a session stays with who served it last; zero: not at all.
    pub affinity_ttl: Duration,
    /// How long the answer of a call with an `Idempotency-Key` is kept for repeats; zero: such keys mean
    /// nothing.
    pub idempotency_ttl: Duration,
    /// Whether responses of upstreams that keep none are kept here, so that clients can go on from them.
    pub responses_state: bool,
    /// How long such a response is kept.
    pub responses_state_ttl: Duration,
    /// The most bytes of one, with the conversation before it.
    pub responses_state_bytes: u32,
    /// So many are kept of one API key.
    pub responses_state_per_key: u32,
    /// How long a stream may be silent before a keep-alive goes to the client.
    pub keep_alive_interval: Duration,
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

// === impl Settings ===

impl Default for Settings {
    fn default() -> Self {
        Self {
            site_name: "Realms".to_owned(),
            site_base_url: None,
            time_zone: "UTC".to_owned(),
            setup_dismissed: false,
            users_see_channels: false,
            allow_unpriced_models: false,
            price_sync: PriceSyncSettings::default(),
            pay_as_you_go: true,
            top_up: TopUpTerms::default(),
            invitations: None,
            tokens_revealable: true,
            features: Features::default(),
            allow_open_registration: false,
            registration_contact: None,
            email_verification_enable: false,
            mail: MailSettings::default(),
            oidc: OidcSettings::default(),
            github: GithubSettings::default(),
            retry_max_attempts: 9,
            retry_max_tries: 6,
            retry_max_elapsed: Duration::from_secs(10),
            retry_base_delay: Duration::from_millis(300),
            retry_max_delay: Duration::from_secs(3),
            hedge_after: Duration::ZERO,
            hedge_percent: 5,
            affinity_ttl: Duration::from_hours(1),
            idempotency_ttl: Duration::from_hours(24),
            responses_state: false,
            responses_state_ttl: Duration::from_hours(7 * 24),
            responses_state_bytes: 2 << 20,
            responses_state_per_key: 1_000,
            keep_alive_interval: Duration::from_secs(15),
        }
    }
}

impl Settings {
    /// Every setting there is, in the order they are shown.
    pub const fn table() -> &'static [SettingInfo] {
        table::TABLE
    }

    /// The setting of this name.
    pub fn find(key: &str) -> Option<&'static SettingInfo> {
        Self::table().iter().find(|info| info.key == key)
    }

    /// Sets one value from its text.
    pub fn set(&mut self, key: &str, text: &str) -> Result<(), SettingError> {
        let info = Self::find(key).ok_or_else(|| SettingError::Unknown(key.to_owned()))?;
        (info.set)(self, text).map_err(|message| SettingError::Value { key: info.key, message })
    }

    /// The value in force as text, nothing for a secret; `None` when no setting has this name.
    pub fn get(&self, key: &str) -> Option<String> {
        Self::find(key).map(|info| (info.get)(self))
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
    fn every_setting_stands_there_once() {
        let keys: std::collections::BTreeSet<_> =
            Settings::table().iter().map(|info| info.key).collect();
        assert_eq!(keys.len(), Settings::table().len());
    }

    #[test]
    fn every_kind_of_setting_takes_what_it_says_and_nothing_else() {
        for info in Settings::table() {
            let mut settings = Settings::default();
            let (good, bad): (Vec<String>, Vec<String>) = match info.kind {
                SettingKind::Boolean => {
                    (vec!["true".into(), "false".into()], vec!["yes".into(), String::new()])
                }
                SettingKind::Integer { min, max } | SettingKind::DurationMs { min, max } => (
                    vec![min.to_string(), max.to_string()],
                    vec![
                        (i128::from(min) - 1).to_string(),
                        (i128::from(max) + 1).to_string(),
                        "x".into(),
                    ],
                ),
                SettingKind::Choice(choices) => {
                    (choices.iter().map(|one| (*one).to_owned()).collect(), vec!["other".into()])
                }
                SettingKind::Url => {
                    (vec!["https://a.example/".into(), String::new()], vec!["ftp://a".into()])
                }
                SettingKind::TimeZone => (vec!["Asia/Shanghai".into()], vec!["Mars".into()]),
                SettingKind::Text => {
                    (vec!["a@example.org".into()], vec!["a\nb".into(), "x".repeat(300)])
                }
                SettingKind::Json if info.key == "invitations" => (
                    vec![
                        r#"{"inviter_usd":"5","invitee_usd":"2.5","after":"sign_up"}"#.into(),
                        String::new(),
                    ],
                    vec![
                        "[]x".into(),
                        r#"{"inviter_usd":"1000.1"}"#.into(),
                        r#"{"invitee_usd":"-1"}"#.into(),
                        r#"{"inviter":"1"}"#.into(),
                        " ".repeat(9_000) + "{}",
                    ],
                ),
                SettingKind::Json => (
                    vec![
                        r#"{"currencies":{"CNY":{"credit":"0.14","minimum":1000,"presets":[5000],"bonuses":[]}}}"#.into(),
                        String::new(),
                    ],
                    vec![
                        "{".into(),
                        r#"{"currencies":{"CNY":{"credit":"0","minimum":1000}}}"#.into(),
                        r#"{"currencies":{"XXY":{"credit":"1","minimum":1}}}"#.into(),
                        "x".repeat(9_000),
                    ],
                ),
                SettingKind::Secret => {
                    (vec!["hunter2".into(), String::new()], vec!["x".repeat(5_000)])
                }
            };
            for text in good {
                settings.set(info.key, &text).unwrap();
                let shown = if info.is_secret() { "" } else { text.as_str() };
                assert_eq!(settings.get(info.key).unwrap(), shown, "{}", info.key);
            }
            for text in bad {
                assert!(settings.set(info.key, &text).is_err(), "{} took {text:?}", info.key);
            }
            assert!(!format!("{settings:?}").contains("hunter2"));
        }
    }

    #[test]
    fn what_does_not_fit_is_named() {
        let mut settings = Settings::default();
        assert_eq!(settings.set("nope", "1"), Err(SettingError::Unknown("nope".to_owned())));
        assert!(settings.set("retry_max_attempts", "2.5").is_err());
        assert!(settings.set("mail_from", "nobody").is_err());
        assert!(settings.set("mail_from", "Realms <realms@example.org>").is_ok());
    }

    #[test]
    fn every_feature_has_its_setting() {
        for feature in Feature::ALL {
            let mut settings = Settings::default();
            for (text, on) in [("true", true), ("false", false)] {
                settings.set(&format!("feature_{}", feature.as_str()), text).unwrap();
                assert_eq!(settings.features.has(feature), on, "{feature:?}");
            }
        }
    }
}
