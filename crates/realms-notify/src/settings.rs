//! Where a target is, and what opens it.

use realms_identity::read_email;
use realms_seal::{Keyring, Purpose, SealError};
use realms_store::{NotificationTargetRecord, TargetKind};
use realms_types::{NotificationTargetId, Secret};
use serde::{Deserialize, Serialize};
use url::Url;
use utoipa::ToSchema;
use zeroize::Zeroizing;

/// Where notifications go, and what opens it. Addresses of robots are secrets too: who knows one may write there.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
#[schema(as = NotificationSettings)]
pub enum TargetSettings {
    /// E-mail. Only those who run the site have such targets: users have their own proved address.
    Email {
        /// 1 to 10 addresses.
        #[schema(example = json!(["ops@example.org"]))]
        to: Vec<String>,
    },
    /// JSON to an address, signed as <https://www.standardwebhooks.com> says.
    Webhook {
        /// The address.
        #[schema(example = "https://hooks.example.org/realms")]
        url: String,
        /// What it is signed with: 16 to 128 characters. After `whsec_` it is read as Base64.
        #[serde(with = "text")]
        #[schema(value_type = String)]
        secret: Secret<String>,
    },
    /// A robot in a chat of Feishu or Lark.
    Feishu {
        /// Its webhook.
        #[serde(with = "text")]
        #[schema(value_type = String, example = "https://open.feishu.cn/open-apis/bot/v2/hook/…")]
        url: Secret<String>,
        /// What it is signed with, where the robot asks for that.
        #[serde(default, with = "maybe", skip_serializing_if = "Option::is_none")]
        #[schema(value_type = Option<String>)]
        secret: Option<Secret<String>>,
    },
    /// A robot in a chat of WeCom.
    Wecom {
        /// Its webhook.
        #[serde(with = "text")]
        #[schema(value_type = String, example = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=…")]
        url: Secret<String>,
    },
    /// A robot in a chat of DingTalk.
    Dingtalk {
        /// Its webhook.
        #[serde(with = "text")]
        #[schema(value_type = String, example = "https://oapi.dingtalk.com/robot/send?access_token=…")]
        url: Secret<String>,
        /// What it is signed with, where the robot asks for that.
        #[serde(default, with = "maybe", skip_serializing_if = "Option::is_none")]
        #[schema(value_type = Option<String>)]
        secret: Option<Secret<String>>,
    },
    /// A chat of Telegram.
    Telegram {
        /// The token of the bot.
        #[serde(with = "text")]
        #[schema(value_type = String)]
        token: Secret<String>,
        /// The chat: a number, or `@channel`.
        #[schema(example = "-1001234567890")]
        chat_id: String,
        /// A Bot API server of one's own; left out: Telegram's.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        api_base: Option<String>,
    },
    /// A channel of Slack.
    Slack {
        /// Its incoming webhook.
        #[serde(with = "text")]
        #[schema(value_type = String, example = "https://hooks.slack.com/services/…")]
        url: Secret<String>,
    },
    /// A telephone with Bark.
    Bark {
        /// Its key.
        #[serde(with = "text")]
        #[schema(value_type = String)]
        device_key: Secret<String>,
        /// A server of one's own; left out: Bark's.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        server: Option<String>,
    },
}

/// What of settings is wrong.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct SettingsMistake {
    /// The field.
    pub field: &'static str,
    /// What would fit.
    pub message: String,
}

/// Addresses of one target.
const MOST_ADDRESSES: usize = 10;
/// The longest text of settings, in characters.
const LONGEST: usize = 1_000;

/// Telegram's own Bot API server.
pub(crate) const TELEGRAM: &str = "https://api.telegram.org";
/// Bark's own server.
pub(crate) const BARK: &str = "https://api.day.app";

// === impl TargetSettings ===

impl TargetSettings {
    /// What kind of target they are of.
    pub const fn kind(&self) -> TargetKind {
        match self {
            Self::Email { .. } => TargetKind::Email,
            Self::Webhook { .. } => TargetKind::Webhook,
            Self::Feishu { .. } => TargetKind::Feishu,
            Self::Wecom { .. } => TargetKind::Wecom,
            Self::Dingtalk { .. } => TargetKind::Dingtalk,
            Self::Telegram { .. } => TargetKind::Telegram,
            Self::Slack { .. } => TargetKind::Slack,
            Self::Bark { .. } => TargetKind::Bark,
        }
    }

    /// Checks them, and puts addresses into their one form.
    pub fn checked(mut self) -> Result<Self, SettingsMistake> {
        match &mut self {
            Self::Email { to } => {
                if to.is_empty() || to.len() > MOST_ADDRESSES {
                    return Err(mistake("to", format!("1 to {MOST_ADDRESSES} addresses")));
                }
                for address in to.iter_mut() {
                    let read = read_email(address);
                    *address = read.map_err(|error| mistake("to", error.to_string()))?;
                }
            }
            Self::Webhook { url, secret } => {
                check_url("url", url)?;
                if !(16..=128).contains(&secret.reveal().chars().count()) {
                    return Err(mistake("secret", "16 to 128 characters".to_owned()));
                }
            }
            Self::Feishu { url, secret } | Self::Dingtalk { url, secret } => {
                check_url("url", url.reveal())?;
                if let Some(secret) = secret {
                    check_token("secret", secret.reveal())?;
                }
            }
            Self::Wecom { url } | Self::Slack { url } => check_url("url", url.reveal())?,
            Self::Telegram { token, chat_id, api_base } => {
                check_token("token", token.reveal())?;
                check_token("chat_id", chat_id)?;
                api_base.as_deref().map_or(Ok(()), |base| check_url("api_base", base))?;
            }
            Self::Bark { device_key, server } => {
                check_token("device_key", device_key.reveal())?;
                server.as_deref().map_or(Ok(()), |server| check_url("server", server))?;
            }
        }
        Ok(self)
    }

    /// The addresses in them that calls go to, by field.
    pub(crate) fn addresses(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let found = match self {
            Self::Email { .. } => None,
            Self::Webhook { url, .. } => Some(("url", url.as_str())),
            Self::Feishu { url, .. }
            | Self::Wecom { url }
            | Self::Dingtalk { url, .. }
            | Self::Slack { url } => Some(("url", url.reveal().as_str())),
            Self::Telegram { api_base, .. } => api_base.as_deref().map(|base| ("api_base", base)),
            Self::Bark { server, .. } => server.as_deref().map(|server| ("server", server)),
        };
        found.into_iter()
    }

    /// Where it is, without what is secret of it.
    pub fn hint(&self) -> String {
        match self {
            Self::Email { to } => match to.as_slice() {
                [] => String::new(),
                [one] => one.clone(),
                [first, others @ ..] => format!("{first} +{}", others.len()),
            },
            Self::Webhook { url, .. } => host(url),
            Self::Feishu { url, .. }
            | Self::Wecom { url }
            | Self::Dingtalk { url, .. }
            | Self::Slack { url } => host(url.reveal()),
            Self::Telegram { chat_id, .. } => chat_id.clone(),
            Self::Bark { server, .. } => host(server.as_deref().unwrap_or(BARK)),
        }
    }

    /// The form in which a target keeps them.
    pub fn seal(&self, id: NotificationTargetId, keyring: &Keyring) -> Result<String, SealError> {
        let text = Zeroizing::new(serde_json::to_string(self).unwrap_or_default());
        keyring.seal(Purpose::Setting, NotificationTargetRecord::place(id), text.as_bytes())
    }

    /// Those of a target; `None`: they cannot be read.
    pub fn open(record: &NotificationTargetRecord, keyring: &Keyring) -> Option<Self> {
        let place = NotificationTargetRecord::place(record.id);
        let text = keyring.unseal_text(Purpose::Setting, place, &record.sealed_settings).ok()?;
        serde_json::from_str(text.reveal()).ok()
    }
}

fn check_url(field: &'static str, text: &str) -> Result<(), SettingsMistake> {
    let url: Option<Url> = text.parse().ok().filter(|_| text.chars().count() <= LONGEST);
    let fits = url.is_some_and(|url| {
        matches!(url.scheme(), "https" | "http") && url.has_host() && url.username().is_empty()
    });
    if fits {
        Ok(())
    } else {
        Err(mistake(field, "an address that begins with https://".to_owned()))
    }
}

/// A token stands in an address or in a header: letters that mean something there are not in it.
fn check_token(field: &'static str, text: &str) -> Result<(), SettingsMistake> {
    let fits = |letter: char| {
        letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_' | ':' | '@' | '.' | '=' | '+')
    };
    if !text.is_empty() && text.len() <= 256 && text.chars().all(fits) {
        return Ok(());
    }
    Err(mistake(field, "letters, digits, and - _ : @ . = +".to_owned()))
}

fn host(url: &str) -> String {
    let host = url.parse::<Url>().ok();
    host.and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default()
}

const fn mistake(field: &'static str, message: String) -> SettingsMistake {
    SettingsMistake { field, message }
}

mod text {
    use realms_types::Secret;
    use serde::{Deserialize as _, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(
        text: &Secret<String>,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        to.serialize_str(text.reveal())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        of: D,
    ) -> Result<Secret<String>, D::Error> {
        String::deserialize(of).map(Secret::from)
    }
}

mod maybe {
    use realms_types::Secret;
    use serde::{Deserialize as _, Deserializer, Serialize as _, Serializer};

    #[expect(clippy::ref_option, reason = "serde calls it so")]
    pub(super) fn serialize<S: Serializer>(
        text: &Option<Secret<String>>,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        text.as_ref().map(|text| text.reveal().as_str()).serialize(to)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        of: D,
    ) -> Result<Option<Secret<String>>, D::Error> {
        Ok(Option::<String>::deserialize(of)?.map(Secret::from))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Result<TargetSettings, String> {
        let read: TargetSettings = serde_json::from_str(json).map_err(|error| error.to_string())?;
        read.checked().map_err(|mistake| mistake.field.to_owned())
    }

    #[test]
    fn what_fits_is_kept_and_its_secrets_are_not_shown() {
        let canary = "c4n4ry-c4n4ry-c4n4ry";
        for (json, hint) in [
            (
                r#"{"kind":"email","to":["Ops@Example.org","b@example.org"]}"#.to_owned(),
                "ops@example.org +1",
            ),
            (
                format!(r#"{{"kind":"webhook","url":"https://a.example/x","secret":"{canary}"}}"#),
                "a.example",
            ),
            (
                format!(
                    r#"{{"kind":"feishu","url":"https://open.feishu.cn/{canary}","secret":"{canary}"}}"#
                ),
                "open.feishu.cn",
            ),
            (
                format!(r#"{{"kind":"wecom","url":"https://qyapi.weixin.qq.com/?key={canary}"}}"#),
                "qyapi.weixin.qq.com",
            ),
            (
                format!(
                    r#"{{"kind":"dingtalk","url":"https://oapi.dingtalk.com/?access_token={canary}"}}"#
                ),
                "oapi.dingtalk.com",
            ),
            (format!(r#"{{"kind":"telegram","token":"12:{canary}","chat_id":"-100"}}"#), "-100"),
            (
                format!(r#"{{"kind":"slack","url":"https://hooks.slack.com/services/{canary}"}}"#),
                "hooks.slack.com",
            ),
            (format!(r#"{{"kind":"bark","device_key":"{canary}"}}"#), "api.day.app"),
        ] {
            let settings = read(&json).unwrap();
            assert_eq!(settings.hint(), hint, "{json}");
            assert!(!format!("{settings:?}").contains(canary), "{settings:?}");
            let kept = serde_json::to_string(&settings).unwrap();
            assert_eq!(read(&kept).unwrap().kind(), settings.kind());
            assert_eq!(kept.contains(canary), json.contains(canary));
        }
    }

    #[test]
    fn what_does_not_fit_is_named() {
        for (json, field) in [
            (r#"{"kind":"email","to":[]}"#, "to"),
            (r#"{"kind":"email","to":["a@example.org, b@example.org"]}"#, "to"),
            (r#"{"kind":"webhook","url":"ftp://a","secret":"0123456789abcdef"}"#, "url"),
            (
                r#"{"kind":"webhook","url":"https://u:p@a.example","secret":"0123456789abcdef"}"#,
                "url",
            ),
            (r#"{"kind":"webhook","url":"https://a.example","secret":"short"}"#, "secret"),
            (r#"{"kind":"telegram","token":"a/../b","chat_id":"1"}"#, "token"),
            (r#"{"kind":"telegram","token":"1:a","chat_id":"1","api_base":"x"}"#, "api_base"),
            (r#"{"kind":"bark","device_key":""}"#, "device_key"),
        ] {
            assert_eq!(read(json).err().as_deref(), Some(field), "{json}");
        }
        assert!(read(r#"{"kind":"slack","url":"https://a.example","more":1}"#).is_err());
    }
}
