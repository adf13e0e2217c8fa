//! Configuration as code: the document that `realms apply` reads and `realms export` writes.
//!
//! Objects are known by name. An object left out of the document is untouched; a field left out
//! keeps its value, or takes its default when the object is created.

mod channel;
mod cost;
mod endpoint;
mod error_rule;
mod group;
pub(crate) mod limits;
mod model;
mod options;
mod proxy;
mod secret;
mod setting;
mod slot;
mod user;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use channel::{Binding, Channel, Credential};
pub use cost::Cost;
pub use endpoint::Endpoint;
pub use error_rule::ErrorRule;
pub use group::{ChannelGroup, UserGroup};
pub use model::Model;
pub use proxy::ProxyText;
pub(crate) use proxy::with_kept_login;
pub use secret::{Lookup, SecretText};
pub use setting::SettingText;
pub use slot::Slot;
pub use user::{ApiKey, User};

pub(crate) use options::{HIDDEN, hide, may_be_secret, restore};

use crate::{ConsoleError, nearest};

/// The whole document.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// The version of this format: 1.
    pub version: u32,
    /// Channel groups.
    #[serde(default, rename = "channel_group", skip_serializing_if = "Vec::is_empty")]
    pub channel_groups: Vec<ChannelGroup>,
    /// Models.
    #[serde(default, rename = "model", skip_serializing_if = "Vec::is_empty")]
    pub models: Vec<Model>,
    /// Channels.
    #[serde(default, rename = "channel", skip_serializing_if = "Vec::is_empty")]
    pub channels: Vec<Channel>,
    /// User groups.
    #[serde(default, rename = "user_group", skip_serializing_if = "Vec::is_empty")]
    pub user_groups: Vec<UserGroup>,
    /// Users.
    #[serde(default, rename = "user", skip_serializing_if = "Vec::is_empty")]
    pub users: Vec<User>,
    /// API keys.
    #[serde(default, rename = "api_key", skip_serializing_if = "Vec::is_empty")]
    pub api_keys: Vec<ApiKey>,
    /// Rules about errors of upstreams.
    #[serde(default, rename = "error_rule", skip_serializing_if = "Vec::is_empty")]
    pub error_rules: Vec<ErrorRule>,
    /// Live settings.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub settings: BTreeMap<String, SettingText>,
}

// === impl Manifest ===

impl Manifest {
    /// The version of the format that this program reads and writes.
    pub const VERSION: u32 = 1;

    /// A document that says nothing.
    pub fn empty() -> Self {
        Self { version: Self::VERSION, ..Self::default() }
    }

    /// Reads a document; the error has line and column, and the nearest name for a mistyped one.
    pub fn parse(text: &str) -> Result<Self, ConsoleError> {
        let manifest: Self = toml::from_str(text).map_err(|error| syntax(text, &error))?;
        if manifest.version == Self::VERSION {
            return Ok(manifest);
        }
        let message = format!("version {} of the format is not known, only 1", manifest.version);
        Err(ConsoleError::Syntax { line: 1, column: 1, message })
    }

    /// Whether any secret is `env:NAME`.
    pub(crate) fn names_a_variable(&self) -> bool {
        let credentials = self.channels.iter().filter_map(|one| one.credentials.as_ref()).flatten();
        let keys = credentials.map(|one| &one.key);
        let keys = keys.chain(self.users.iter().map(|one| &one.password));
        let mut keys = keys.chain(self.api_keys.iter().map(|one| &one.key));
        keys.any(|key| matches!(key, Some(SecretText::Variable(_))))
            || self
                .channels
                .iter()
                .flat_map(Channel::proxies)
                .any(|proxy| matches!(proxy, Some(Slot::Full(ProxyText::Variable(_)))))
    }

    /// Writes a document. Fails when it holds a secret that is not the name of a variable.
    pub fn render(&self) -> Result<String, ConsoleError> {
        toml::to_string(self).map_err(|error| ConsoleError::Internal(error.to_string()))
    }
}

/// Where and why a text is not a manifest. Never quotes a value: it may be a secret.
fn syntax(text: &str, error: &toml::de::Error) -> ConsoleError {
    let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    ConsoleError::Syntax {
        line: before.matches('\n').count() + 1,
        column: before[line_start..].chars().count() + 1,
        message: nearest::improve(error.message()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The documented shape, whole.
    const WHOLE: &str = include_str!("manifest/whole.toml");

    fn refused(text: &str) -> String {
        Manifest::parse(text).unwrap_err().to_string()
    }

    #[test]
    fn the_documented_shape_is_read() {
        let manifest = Manifest::parse(WHOLE).unwrap();
        let channel = &manifest.channels[0];
        assert_eq!(channel.models.as_ref().unwrap()[1].upstream(), "gpt-5.2-mini");
        assert_eq!(channel.endpoints.as_ref().unwrap()[1].priority, Some(-5));
        assert_eq!(manifest.users[0].role, Some(realms_store::Role::User));
        assert_eq!(manifest.settings.len(), 1);
        assert_eq!(
            Manifest::parse(&manifest.render().unwrap()).unwrap().render().unwrap(),
            manifest.render().unwrap()
        );
    }

    #[test]
    fn a_mistake_is_placed_and_the_nearest_name_given() {
        insta::assert_snapshot!(refused("version = 1\n[[channel]]\nname = \"a\"\nbase_ulr = \"x\"\n"), @"line 4, column 1: unknown field `base_ulr`, expected one of `name`, `kind`, `base_url`, `endpoints`, `dialects`, `priority`, `weight`, `enabled`, `promoted`, `limits`, `api_version`, `cost_multiplier`, `proxy`, `groups`, `credentials`, `models`, `options`; did you mean `base_url`?");
        insta::assert_snapshot!(refused("version = 1\n[[channel]]\nname = \"a\"\nkind = \"opnai\"\n"), @"line 4, column 8: unknown variant `opnai`, expected one of `openai`, `anthropic`, `gemini`, `codex`, `azure`; did you mean `openai`?");
        insta::assert_snapshot!(refused("version = 1\n[[chanel]]\nname = \"a\"\n"), @"line 2, column 3: unknown field `chanel`, expected one of `version`, `channel_group`, `model`, `channel`, `user_group`, `user`, `api_key`, `error_rule`, `settings`; did you mean `channel`?");
        insta::assert_snapshot!(refused("version = 1\n[[channel]]\nname = \"a\"\nmodels = [{ nam = \"x\" }]\n"), @"line 4, column 13: unknown field `nam`, expected one of `name`, `upstream`, `enabled`, `cost`; did you mean `name`?");
        insta::assert_snapshot!(refused("version = 2\n"), @"line 1, column 1: version 2 of the format is not known, only 1");
        insta::assert_snapshot!(refused("[[channel]]\nname = \"a\"\n"), @"line 1, column 1: missing field `version`");
        insta::assert_snapshot!(refused("version = 1\n[[model]]\nname = \"m\"\ninput_usd_per_1m = 1.25\n"), @"line 4, column 20: invalid type: floating point, expected a string");
        insta::assert_snapshot!(refused("version = 1\n[[channel_group]]\nname = \"a b\"\n"), @"line 3, column 8: `a b` is not a group name: 1 to 64 of letters, digits, `_` and `-`");
    }

    #[test]
    fn no_message_quotes_a_secret() {
        for text in [
            "version = 1\n[[user]]\nusername = \"a\"\npassword = \"canary\n",
            "version = 1\n[[user]]\nusername = \"a\"\npasswort = \"canary\"\n",
            "version = 1\n[[channel]]\nname = \"a\"\ncredentials = [{ kay = \"canary\" }]\n",
            "version = 1\n[[channel]]\nname = \"a\"\ncredentials = [\"canary\"]\n",
        ] {
            let message = refused(text);
            assert!(!message.contains("canary"), "{message}");
        }
    }

    #[test]
    fn settings_may_be_written_without_quotes() {
        let manifest =
            Manifest::parse("version = 1\n[settings]\nretry_max_attempts = 3\n").unwrap();
        assert_eq!(manifest.settings["retry_max_attempts"], SettingText("3".to_owned()));
    }
}
