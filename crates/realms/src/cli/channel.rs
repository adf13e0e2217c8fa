//! `channel`: routes to vendors. They are made with a manifest.

use anyhow::Result;
use clap::Subcommand;
use realms_console::{
    Edit, Kind,
    manifest::{Channel, Manifest},
};

use super::{
    desk::{Desk, joined, must_exist, yes_no},
    output::Output,
};

#[derive(Debug, Subcommand)]
pub(super) enum ChannelCommand {
    /// List every channel
    List,
    /// Let a channel take calls again
    Enable {
        /// Its name
        name: String,
    },
    /// Keep calls away from a channel
    Disable {
        /// Its name
        name: String,
    },
    /// Delete a channel with its credentials; usage records stay
    Delete {
        /// Its name
        name: String,
    },
}

// === impl ChannelCommand ===

impl ChannelCommand {
    pub(super) async fn run(self, desk: &Desk<'_>, output: &mut Output) -> Result<()> {
        match self {
            Self::List => list(desk, output).await,
            Self::Enable { name } => switch(name, true, desk, output).await,
            Self::Disable { name } => switch(name, false, desk, output).await,
            Self::Delete { name } => {
                must_exist("channel", &name, desk.state().await?.channels.keys())?;
                desk.edit(Edit::delete(Kind::Channel, name), output).await?;
                Ok(())
            }
        }
    }
}

async fn switch(name: String, enabled: bool, desk: &Desk<'_>, output: &mut Output) -> Result<()> {
    must_exist("channel", &name, desk.state().await?.channels.keys())?;
    let channel = Channel { enabled: Some(enabled), ..Channel::named(name) };
    let manifest = Manifest { channels: vec![channel], ..Manifest::empty() };
    desk.edit(Edit::manifest(manifest), output).await?;
    Ok(())
}

async fn list(desk: &Desk<'_>, output: &mut Output) -> Result<()> {
    let state = desk.state().await?;
    let rows: Vec<_> = state
        .channels
        .values()
        .map(|held| {
            let channel = &held.object;
            [
                channel.name.clone(),
                channel.kind.map(|kind| kind.to_string()).unwrap_or_default(),
                channel.base_url.clone().unwrap_or_default(),
                channel.priority.unwrap_or(0).to_string(),
                joined(channel.groups.as_ref()),
                channel.credentials.as_ref().map_or(0, Vec::len).to_string(),
                channel.models.as_ref().map_or(0, Vec::len).to_string(),
                yes_no(channel.enabled),
            ]
        })
        .collect();
    let heading =
        ["channel", "kind", "base url", "priority", "groups", "keys", "models", "enabled"];
    output.table(heading, &rows);
    Ok(())
}
