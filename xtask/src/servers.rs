//! Private PostgreSQL, MariaDB and Redis: free ports, a temporary folder, gone when dropped.

mod account;
mod mariadb;
mod postgres;
mod process;
mod program;
mod redis;

use std::{
    fs, io,
    net::TcpListener,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    thread,
};

use anyhow::Context as _;
use tempfile::TempDir;

use self::{account::Account, process::Process};
use crate::{output, stop::Stop};

/// A port is free when it is picked and may be taken when it is used, so a start is tried again.
const TRIES: usize = 3;

/// The three servers, running. Dropping them ends the processes, then removes the folder.
pub(crate) struct Servers {
    running: Vec<Server>,
    _folder: TempDir,
}

/// One running server.
struct Server {
    /// The variable its address goes into.
    variable: &'static str,
    /// An address with the rights to make and drop databases.
    url: String,
    _process: Process,
}

/// Where and as whom a server may live.
#[derive(Clone)]
struct Home {
    folder: PathBuf,
    account: Account,
    stop: Stop,
}

/// One kind of server.
struct Kind {
    /// The folder it lives in.
    name: &'static str,
    /// Fills its folder.
    prepare: fn(&Home) -> anyhow::Result<()>,
    /// Starts it and waits until it accepts connections.
    start: fn(&Home) -> anyhow::Result<Server>,
}

const KINDS: [Kind; 3] = [postgres::KIND, mariadb::KIND, redis::KIND];

// === impl Servers ===

impl Servers {
    /// Starts all three and waits until each accepts connections.
    pub(crate) fn start(stop: &Stop) -> anyhow::Result<Self> {
        output::line("starting private PostgreSQL, MariaDB and Redis");
        let folder = tempfile::Builder::new()
            .prefix("realms-test-")
            .permissions(fs::Permissions::from_mode(0o755))
            .tempdir()
            .context("cannot make a temporary folder")?;
        let account = Account::unprivileged()?;
        let homes = KINDS.iter().map(|kind| Home::make(folder.path(), kind.name, account, stop));
        let homes: Vec<Home> = homes.collect::<Result<_, _>>()?;
        prepare_all(&homes)?;
        // From this thread: the servers die with the thread that started them.
        let running = KINDS.iter().zip(&homes).map(|(kind, home)| (kind.start)(home));
        Ok(Self { running: running.collect::<Result<_, _>>()?, _folder: folder })
    }

    /// The variables that tell the tests where the servers are.
    pub(crate) fn environment(&self) -> Vec<(&'static str, String)> {
        self.running.iter().map(|server| (server.variable, server.url.clone())).collect()
    }
}

/// Making an empty database takes seconds, so all are made at once.
fn prepare_all(homes: &[Home]) -> anyhow::Result<()> {
    thread::scope(|scope| {
        let pairs = KINDS.iter().zip(homes);
        let threads: Vec<_> =
            pairs.map(|(kind, home)| scope.spawn(move || (kind.prepare)(home))).collect();
        threads.into_iter().try_for_each(|thread| {
            thread.join().unwrap_or_else(|_| Err(anyhow::anyhow!("a preparation panicked")))
        })
    })
}

// === impl Home ===

impl Home {
    fn make(parent: &Path, name: &str, account: Account, stop: &Stop) -> anyhow::Result<Self> {
        let folder = parent.join(name);
        fs::create_dir(&folder)
            .and_then(|()| account.own(&folder))
            .with_context(|| format!("cannot make {}", folder.display()))?;
        Ok(Self { folder, account, stop: stop.clone() })
    }

    /// Launches a server on a free port, and again on another when it did not come up.
    fn launch(
        &self,
        launch: impl Fn(u16) -> anyhow::Result<Process>,
    ) -> anyhow::Result<(u16, Process)> {
        let mut tries = 1;
        loop {
            let port = free_port().context("no free port")?;
            match launch(port) {
                Ok(process) => return Ok((port, process)),
                Err(error) if tries == TRIES || self.stop.asked() => return Err(error),
                Err(_) => tries += 1,
            }
        }
    }
}

fn free_port() -> io::Result<u16> {
    Ok(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port())
}

#[cfg(test)]
mod tests;
