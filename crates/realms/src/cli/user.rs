//! `user`: accounts of people.

use anyhow::Result;
use clap::Subcommand;
use realms_console::{
    Edit, Kind,
    manifest::{Manifest, SecretText, Slot, User},
};
use realms_store::Role;
use realms_types::{GroupName, Username};

use super::{
    desk::{Desk, must_exist, yes_no},
    output::Output,
    password::PasswordArgs,
};

#[derive(Debug, Subcommand)]
pub(super) enum UserCommand {
    /// List every user
    List,
    /// Make a user; asks for the password on a terminal
    Create {
        /// Its name: letters, digits, `_`, `-` and `.`
        username: Username,
        /// Its address
        #[arg(long)]
        email: Option<String>,
        /// Its user group [default: default]
        #[arg(long)]
        group: Option<GroupName>,
        /// Let it run the service
        #[arg(long)]
        root: bool,
        /// Make it without a password: it cannot log in but can have API keys
        #[arg(long, conflicts_with_all = ["password_env", "password_stdin"])]
        no_password: bool,
        #[command(flatten)]
        password: PasswordArgs,
    },
    /// Give a user a new password
    SetPassword {
        /// Its name
        username: Username,
        #[command(flatten)]
        password: PasswordArgs,
    },
    /// Let a user and its API keys in again
    Enable {
        /// Its name
        username: Username,
    },
    /// Keep a user and its API keys out
    Disable {
        /// Its name
        username: Username,
    },
    /// Delete a user with its API keys; usage records stay
    Delete {
        /// Its name
        username: Username,
    },
}

// === impl UserCommand ===

impl UserCommand {
    pub(super) async fn run(self, desk: &Desk<'_>, output: &mut Output) -> Result<()> {
        match self {
            Self::List => list(desk, output).await,
            Self::Create { username, email, group, root, no_password, password } => {
                let state = desk.state().await?;
                if state.users.contains_key(username.as_str()) {
                    anyhow::bail!("user `{username}` exists already");
                }
                let password = if no_password { None } else { Some(password.read(desk.sources)?) };
                let user = User {
                    email: email.map(Slot::Full),
                    group,
                    role: root.then_some(Role::Root),
                    password: password.map(SecretText::from),
                    ..User::named(username)
                };
                edit(user, desk, output).await
            }
            Self::SetPassword { username, password } => {
                must_exist("user", username.as_str(), desk.state().await?.users.keys())?;
                let password = Some(SecretText::from(password.read(desk.sources)?));
                edit(User { password, ..User::named(username) }, desk, output).await
            }
            Self::Enable { username } => switch(username, true, desk, output).await,
            Self::Disable { username } => switch(username, false, desk, output).await,
            Self::Delete { username } => {
                must_exist("user", username.as_str(), desk.state().await?.users.keys())?;
                desk.edit(Edit::delete(Kind::User, username.to_string()), output).await?;
                Ok(())
            }
        }
    }
}

async fn switch(
    username: Username,
    enabled: bool,
    desk: &Desk<'_>,
    output: &mut Output,
) -> Result<()> {
    must_exist("user", username.as_str(), desk.state().await?.users.keys())?;
    edit(User { enabled: Some(enabled), ..User::named(username) }, desk, output).await
}

async fn edit(user: User, desk: &Desk<'_>, output: &mut Output) -> Result<()> {
    let manifest = Manifest { users: vec![user], ..Manifest::empty() };
    desk.edit(Edit::manifest(manifest), output).await?;
    Ok(())
}

async fn list(desk: &Desk<'_>, output: &mut Output) -> Result<()> {
    let state = desk.state().await?;
    let rows: Vec<_> = state
        .users
        .values()
        .map(|held| {
            let user = &held.object;
            [
                user.username.to_string(),
                user.role.map_or("", Role::as_str).to_owned(),
                user.group.as_ref().map(ToString::to_string).unwrap_or_default(),
                user.email.as_ref().and_then(Slot::as_ref).cloned().unwrap_or_default(),
                yes_no(user.enabled),
                held.id.to_string(),
            ]
        })
        .collect();
    output.table(["user", "role", "group", "email", "enabled", "id"], &rows);
    Ok(())
}
