//! As whom the servers run: PostgreSQL and MariaDB refuse to run as root.

use std::{ffi::OsStr, io, os::unix::fs::chown, path::Path, process::Command};

use anyhow::{Context as _, bail};

/// Every Unix has it, and it owns nothing.
const NOBODY: &str = "nobody";

/// The user that owns the servers.
#[derive(Debug, Clone, Copy)]
pub(super) enum Account {
    /// Whoever runs this program.
    Own,
    /// `nobody`, because this program runs as root.
    Nobody {
        /// Its user number.
        user: u32,
        /// Its group number.
        group: u32,
    },
}

impl Account {
    /// The current user, or `nobody` when that is root.
    pub(super) fn unprivileged() -> anyhow::Result<Self> {
        if id(&["-u"])? != 0 {
            return Ok(Self::Own);
        }
        if cfg!(not(target_os = "linux")) {
            bail!("the database servers refuse to run as root: run this as an ordinary user");
        }
        Ok(Self::Nobody { user: id(&["-u", NOBODY])?, group: id(&["-g", NOBODY])? })
    }

    /// Gives a folder to this user.
    pub(super) fn own(self, folder: &Path) -> io::Result<()> {
        match self {
            Self::Own => Ok(()),
            Self::Nobody { user, group } => chown(folder, Some(user), Some(group)),
        }
    }

    /// A command that runs as this user. On Linux it gets the signal `end` when the thread that
    /// started it dies, so that not even a SIGKILL of this program leaves a server behind.
    pub(super) fn command(self, program: impl AsRef<OsStr>, end: &str) -> Command {
        if cfg!(not(target_os = "linux")) {
            return Command::new(program);
        }
        let mut command = Command::new("setpriv");
        if let Self::Nobody { user, group } = self {
            command.arg(format!("--reuid={user}")).arg(format!("--regid={group}"));
            command.arg("--clear-groups");
        }
        command.args(["--pdeathsig", end, "--"]).arg(program);
        command
    }
}

fn id(arguments: &[&str]) -> anyhow::Result<u32> {
    let output = Command::new("id").args(arguments).output().context("id did not start")?;
    let text = String::from_utf8_lossy(&output.stdout);
    text.trim().parse().with_context(|| format!("id {} printed `{text}`", arguments.join(" ")))
}
