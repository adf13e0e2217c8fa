//! Live values from the database, typed. A change takes effect within a second, without a restart.

use std::time::Duration;

use url::Url;

/// Everything that can be set while Realms runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// The address people and callbacks reach this site at.
    pub site_base_url: Option<Url>,
    /// The time zone of days and hours where the reader names none (IANA).
    pub time_zone: String,
    /// Whether users see through which channels their calls went, also outside self mode.
    pub users_see_channels: bool,
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
        key: "time_zone",
        about: "The time zone in which days of usage begin, such as Asia/Shanghai.",
        set: |settings, text| time_zone(text).map(|name| settings.time_zone = name),
        get: |settings| settings.time_zone.clone(),
    },
    SettingInfo {
        key: "users_see_channels",
        about: "Whether users see through which channels their calls went: true or false. In self mode they always do.",
        set: |settings, text| truth(text).map(|is| settings.users_see_channels = is),
        get: |settings| settings.users_see_channels.to_string(),
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
];

// === impl Settings ===

impl Default for Settings {
    fn default() -> Self {
        Self {
            site_base_url: None,
            time_zone: "UTC".to_owned(),
            users_see_channels: false,
            retry_max_attempts: 9,
            retry_max_tries: 6,
            retry_max_elapsed: Duration::from_secs(10),
            retry_base_delay: Duration::from_millis(300),
            retry_max_delay: Duration::from_secs(3),
            keep_alive_interval: Duration::from_secs(15),
        }
    }
}

impl Settings {
    /// Every setting there is.
    pub const fn table() -> &'static [SettingInfo] {
        TABLE
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

fn whole(text: &str, least: u32, most: u32) -> Result<u32, String> {
    match text.parse::<u32>() {
        Ok(number) if (least..=most).contains(&number) => Ok(number),
        _ => Err(format!("`{text}` is not a whole number from {least} to {most}")),
    }
}

fn millis(text: &str) -> Result<Duration, String> {
    whole(text, 1, 3_600_000).map(|number| Duration::from_millis(number.into()))
}

fn truth(text: &str) -> Result<bool, String> {
    text.parse().map_err(|_| format!("`{text}` is neither true nor false"))
}

fn time_zone(text: &str) -> Result<String, String> {
    match jiff::tz::TimeZone::get(text) {
        Ok(zone) => Ok(zone.iana_name().unwrap_or(text).to_owned()),
        Err(_) => Err(format!("`{text}` is not a time zone such as \"Asia/Shanghai\" or \"UTC\"")),
    }
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
    fn what_does_not_fit_is_named() {
        let mut settings = Settings::default();
        assert_eq!(settings.set("nope", "1"), Err(SettingError::Unknown("nope".to_owned())));
        assert!(settings.set("retry_max_attempts", "0").is_err());
        assert!(settings.set("retry_max_attempts", "2.5").is_err());
        assert!(settings.set("site_base_url", "ftp://x").is_err());
        assert!(settings.set("site_base_url", "https://realms.example.org").is_ok());
        assert!(settings.set("time_zone", "Mars/Olympus").is_err());
        assert!(settings.set("time_zone", "Asia/Shanghai").is_ok());
    }
}
