//! Bootstrap configuration: what Realms must know before it starts.
//!
//! Flags win over the environment, the environment over `.env`, `.env` over `realms.toml`, that
//! over the defaults. Loading is pure: it takes [`Sources`] and gives a [`Config`] or every reason
//! against it.

mod database;
mod names;
mod show;
mod source;
mod table;
mod value;

use std::{fmt, path::PathBuf};

pub use show::{print, table as markdown_table};
pub use source::{Origins, Source, SourceFile, Sources};
pub use table::{Config, Entry, TABLE};
pub use value::{LogFormat, Networks, Size};

/// Every reason why a configuration is refused.
#[derive(Debug)]
pub struct ConfigError(Vec<Refusal>);

/// One reason why a configuration is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// No value has this name.
    Unknown {
        /// The name.
        name: String,
        /// Where it was given.
        source: Source,
        /// A name that exists and is near.
        nearest: Option<&'static str>,
    },
    /// The name existed once.
    Removed {
        /// The name.
        name: String,
        /// Where it was given.
        source: Source,
        /// What to do instead.
        instead: &'static str,
    },
    /// The value does not fit.
    Value {
        /// The key.
        key: &'static str,
        /// Where the value was given.
        source: Source,
        /// What is wrong, and what would fit.
        message: String,
    },
    /// A file is not in its format.
    Syntax {
        /// The file.
        path: PathBuf,
        /// What is wrong, with the line where it is known.
        message: String,
    },
    /// A file cannot be read.
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        error: String,
    },
}

// === impl Config ===

impl Config {
    /// Reads and checks everything; every error is reported, each with where it came from.
    pub fn load(sources: &Sources) -> Result<Self, ConfigError> {
        let mut refusals = Vec::new();
        let mut texts = sources.texts(&mut refusals);
        database::derive(&mut texts, &mut refusals);
        let config = Self::read(texts, &mut refusals);
        if let Some(config) = &config {
            config.check(&mut refusals);
        }
        match config {
            Some(config) if refusals.is_empty() => Ok(config),
            _ => Err(ConfigError(refusals)),
        }
    }

    /// What one value alone cannot tell.
    fn check(&self, refusals: &mut Vec<Refusal>) {
        let mut refuse = |key: &'static str, message: &str| {
            let source = self.source(key).clone();
            refusals.push(Refusal::Value { key, source, message: message.to_owned() });
        };
        if self.admin_api_key.as_ref().is_some_and(|key| key.reveal().len() < 8) {
            refuse("admin_api_key", "it is shorter than 8 characters, which can be guessed");
        }
        if self.max_connections_per_ip > self.max_connections {
            refuse("max_connections_per_ip", "it is more than `max_connections`");
        }
    }
}

// === impl ConfigError ===

impl ConfigError {
    /// Each reason, in the order it was found.
    pub fn refusals(&self) -> &[Refusal] {
        &self.0
    }
}

impl From<Refusal> for ConfigError {
    fn from(refusal: Refusal) -> Self {
        Self(vec![refusal])
    }
}

impl std::error::Error for ConfigError {}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the configuration is refused:")?;
        self.0.iter().try_for_each(|refusal| write!(f, "\n  {refusal}"))
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown { name, source, nearest: Some(nearest) } => {
                write!(f, "{source}: there is no `{name}`; did you mean `{nearest}`?")
            }
            Self::Unknown { name, source, nearest: None } => write!(
                f,
                "{source}: there is no `{name}`; `realms config table` lists what there is"
            ),
            Self::Removed { name, source, instead } => {
                write!(f, "{source}: `{name}` no longer exists; instead: {instead}")
            }
            Self::Value { key, source, message } => {
                write!(f, "{source}: `{}`: {message}", spelling(key, source))
            }
            Self::Syntax { path, message } => write!(f, "{}: {message}", path.display()),
            Self::Unreadable { path, error } => {
                write!(f, "cannot read {}: {error}", path.display())
            }
        }
    }
}

/// A key as its source writes it.
fn spelling(key: &str, source: &Source) -> String {
    match source {
        Source::Environment | Source::DotEnv(_) => format!("REALMS_{}", key.to_uppercase()),
        _ => key.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    fn file(path: &str, text: &str) -> SourceFile {
        SourceFile { path: path.into(), text: text.to_owned() }
    }

    fn environment(given: &[(&str, &str)]) -> Sources {
        Sources { environment: pairs(given), ..Sources::default() }
    }

    #[test]
    fn nothing_said_is_a_sound_configuration() {
        let config = Config::load(&Sources::default()).unwrap();
        assert_eq!(config.addr.to_string(), "127.0.0.1:8080");
        assert_eq!(config.db_url.to_string(), "sqlite:./data/realms.db");
        assert_eq!(config.master_key_file, PathBuf::from("./data/master.key"));
        assert!(config.self_mode_enable);
        assert!(config.admin_api_key.is_none());
        assert_eq!(config.max_body_bytes.bytes(), 32 << 20);
        assert_eq!(config.upstream_first_event_timeout, Duration::from_mins(3));
    }

    #[test]
    fn flags_win_over_environment_over_dotenv_over_file_over_defaults() {
        let mut sources = Sources {
            flags: vec![("addr", "127.0.0.1:4".to_owned())],
            environment: pairs(&[("REALMS_ADDR", "127.0.0.1:3"), ("REALMS_LOG", "debug")]),
            dotenv: Some(file(".env", "REALMS_ADDR=127.0.0.1:2\nREALMS_LOG=warn\nOTHER=1\n")),
            file: Some(file("realms.toml", "addr = \"127.0.0.1:1\"\nmax_headers = 7\n")),
        };
        let config = Config::load(&sources).unwrap();
        assert_eq!(config.addr.port(), 4);
        assert_eq!(config.source("addr"), &Source::Flag);
        assert_eq!((config.log.as_str(), config.source("log")), ("debug", &Source::Environment));
        assert_eq!(config.max_headers, 7);
        assert_eq!(config.source("max_headers").to_string(), "realms.toml:2");
        assert_eq!(config.source("max_body_bytes"), &Source::Default);

        sources.flags.clear();
        assert_eq!(Config::load(&sources).unwrap().addr.port(), 3);
        sources.environment.clear();
        assert_eq!(Config::load(&sources).unwrap().addr.port(), 2);
        sources.dotenv = None;
        assert_eq!(Config::load(&sources).unwrap().addr.port(), 1);
    }

    #[test]
    fn every_error_is_told_at_once_with_its_place() {
        let sources = Sources {
            environment: pairs(&[
                ("REALMS_ADRR", "x"),
                ("REALMS_MODE", "business"),
                ("REALMS_DRAIN_TIMEOUT", "90"),
                ("REALMS_TEST_ANYTHING", "ignored"),
                ("PATH", "/bin"),
            ]),
            file: Some(file("realms.toml", "addr = 1\nmax_hedders = 3\nlog = { a = 1 }\n")),
            ..Sources::default()
        };
        let text = Config::load(&sources).unwrap_err().to_string();
        insta::assert_snapshot!(text, @r#"
        the configuration is refused:
          realms.toml:2: there is no `max_hedders`; did you mean `max_headers`?
          realms.toml:3: `log`: expected a string, a whole number, a boolean or a list of strings
          environment: there is no `REALMS_ADRR`; did you mean `REALMS_ADDR`?
          environment: `REALMS_MODE` no longer exists; instead: set REALMS_SELF_MODE_ENABLE to `true` or `false`
          realms.toml:1: `addr`: `1` is not an address with a port such as "127.0.0.1:8080"
          environment: `REALMS_DRAIN_TIMEOUT`: `90` is not a time such as "90s", "500ms" or "10m", above 0 and at most 24h
        "#);
    }

    #[test]
    fn a_broken_file_is_named_with_its_line() {
        let sources = Sources {
            file: Some(file("realms.toml", "log = \"info\"\naddr =\n")),
            ..Sources::default()
        };
        let text = Config::load(&sources).unwrap_err().to_string();
        assert!(text.contains("realms.toml: line 2: "), "{text}");
        let sources =
            Sources { dotenv: Some(file(".env", "REALMS_LOG='canary\n")), ..Sources::default() };
        let text = Config::load(&sources).unwrap_err().to_string();
        assert!(text.contains(".env: ") && !text.contains("canary"), "{text}");
    }

    #[test]
    fn the_older_database_names_still_work() {
        let url = |given: &[(&str, &str)]| {
            Config::load(&environment(given)).map(|config| config.db_url.to_string())
        };
        let dsn = ("REALMS_DB_DSN", "u:p@tcp(h:3306)/r");
        assert_eq!(url(&[dsn]).unwrap(), "mysql://u:***@h:3306/r");
        assert_eq!(url(&[dsn, ("REALMS_DB_DRIVER", "mysql")]).unwrap(), "mysql://u:***@h:3306/r");
        assert_eq!(url(&[("REALMS_DATA_DIR", "/srv/r")]).unwrap(), "sqlite:/srv/r/realms.db");
        assert_eq!(
            url(&[("REALMS_SQLITE_PATH", "/x/y.db?_busy_timeout=30000")]).unwrap(),
            "sqlite:/x/y.db"
        );
        assert_eq!(url(&[dsn, ("REALMS_DB_URL", "sqlite:/a")]).unwrap(), "sqlite:/a");
        assert!(url(&[("REALMS_DB_DRIVER", "mysql")]).is_err());
        assert!(url(&[("REALMS_DB_DRIVER", "oracle")]).is_err());
    }

    #[test]
    fn an_empty_variable_says_nothing() {
        let config =
            Config::load(&environment(&[("REALMS_ADDR", ""), ("REALMS_LOG", "")])).unwrap();
        assert_eq!(config.source("addr"), &Source::Default);
    }

    #[test]
    fn values_are_checked_against_each_other() {
        let sources = environment(&[
            ("REALMS_ADMIN_API_KEY", "short"),
            ("REALMS_MAX_CONNECTIONS", "10"),
            ("REALMS_MAX_CONNECTIONS_PER_IP", "11"),
        ]);
        let error = Config::load(&sources).unwrap_err();
        assert_eq!(error.refusals().len(), 2);
        assert!(!error.to_string().contains("short`"));
    }
}
