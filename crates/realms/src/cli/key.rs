//! `key`: clients' secrets.

use anyhow::{Result, anyhow};
use clap::Subcommand;
use realms_console::{
    Author, Edit, Held, KeyFacts, State,
    manifest::{ApiKey, Manifest, SecretText},
};
use realms_types::{ApiKeyId, GroupName, Timestamp, Username};

use super::{
    desk::{Desk, joined, must_exist, yes_no},
    output::Output,
};

#[derive(Debug, Subcommand)]
pub(super) enum KeyCommand {
    /// List every API key, without the secrets
    List {
        /// Only those of this user
        #[arg(long)]
        user: Option<Username>,
    },
    /// Make an API key and show it once
    Create {
        /// Whose it is to be
        user: Username,
        /// Its name among the user's keys
        name: String,
        /// A channel group it is bound to; can be repeated. Left out: all of the user's group
        #[arg(long = "channel-group", value_name = "GROUP")]
        channel_groups: Vec<GroupName>,
        /// Take the key from this environment variable instead of making one
        #[arg(long, value_name = "NAME")]
        key_env: Option<String>,
    },
    /// Revoke an API key for good
    Revoke {
        /// `USER/NAME` or its id
        key: String,
    },
    /// Show the secret of an API key
    Reveal {
        /// `USER/NAME` or its id
        key: String,
    },
}

// === impl KeyCommand ===

impl KeyCommand {
    pub(super) async fn run(self, desk: &Desk<'_>, output: &mut Output) -> Result<()> {
        match self {
            Self::List { user } => list(user.as_ref(), desk, output).await,
            Self::Create { user, name, channel_groups, key_env } => {
                let key = ApiKey {
                    key: key_env.map(SecretText::Variable),
                    channel_groups: Some(channel_groups),
                    ..ApiKey::named(user, name)
                };
                create(key, desk, output).await
            }
            Self::Revoke { key } => {
                let state = desk.state().await?;
                let held = find(&state, &key)?;
                let revoked = desk.editor.revoke(held.id, &Author::cli()).await?;
                output.line(if revoked { "revoked" } else { "it was revoked before" });
                Ok(())
            }
            Self::Reveal { key } => {
                let state = desk.state().await?;
                let revealed = desk.editor.reveal(find(&state, &key)?.id, &Author::cli()).await?;
                output.line(revealed.key.reveal());
                Ok(())
            }
        }
    }
}

async fn create(key: ApiKey, desk: &Desk<'_>, output: &mut Output) -> Result<()> {
    let state = desk.state().await?;
    must_exist("user", key.user.as_str(), state.users.keys())?;
    if state.find_api_key(&key).is_some() {
        anyhow::bail!("API key `{}/{}` exists already", key.user, key.name);
    }
    let manifest = Manifest { api_keys: vec![key], ..Manifest::empty() };
    desk.edit(Edit::manifest(manifest), output).await?;
    Ok(())
}

fn find<'a>(state: &'a State, key: &str) -> Result<&'a Held<ApiKeyId, ApiKey, KeyFacts>> {
    let is_meant = |held: &&Held<ApiKeyId, ApiKey, KeyFacts>| {
        held.id.to_string() == key || name(&held.object) == key
    };
    let names: Vec<String> = state.api_keys.values().map(|held| name(&held.object)).collect();
    state.api_keys.values().find(is_meant).ok_or_else(|| {
        must_exist("API key", key, names.iter()).err().unwrap_or_else(|| anyhow!("no such API key"))
    })
}

fn name(key: &ApiKey) -> String {
    format!("{}/{}", key.user, key.name)
}

async fn list(user: Option<&Username>, desk: &Desk<'_>, output: &mut Output) -> Result<()> {
    let state = desk.state().await?;
    let is_meant = |held: &&Held<ApiKeyId, ApiKey, KeyFacts>| {
        user.is_none_or(|user| held.object.user == *user)
    };
    let time = |time: Option<Timestamp>| time.map(|time| time.to_string()).unwrap_or_default();
    let rows: Vec<_> = state
        .api_keys
        .values()
        .filter(is_meant)
        .map(|held| {
            [
                name(&held.object),
                format!("…{}", held.facts.hint),
                joined(held.object.channel_groups.as_ref()),
                yes_no(held.object.enabled),
                time(held.facts.revoked_at),
                time(held.facts.last_used_at),
                held.id.to_string(),
            ]
        })
        .collect();
    output.table(["key", "ends", "groups", "enabled", "revoked", "last used", "id"], &rows);
    Ok(())
}
