//! A server process under measurement, or the upstream behind it.

use std::{
    env,
    ffi::OsStr,
    io::{BufRead, BufReader},
    net::SocketAddr,
    process::{Child, ChildStdin, Command, Stdio},
    time::Duration,
};

use anyhow::{Context, Result, bail};
use tokio::time::{Instant, sleep};

use crate::count::{Cpu, resident};

/// Two connections for each of the 1,000 idle streams, and some room.
const OPEN_FILES: u32 = 4_096;
/// What a server at rest may use for its clockwork while it is watched.
const QUIET_CPU: Duration = Duration::from_millis(5);
/// A server that is not at rest after this long has background work of its own: it is counted.
const SETTLE_LIMIT: Duration = Duration::from_secs(12);
/// How long a server may take to end when asked to.
const STOP_LIMIT: Duration = Duration::from_secs(10);

/// A running server. It ends with this value.
#[derive(Debug)]
pub(crate) struct Server {
    child: Child,
    addr: SocketAddr,
    quiet: Duration,
    /// The server's sign of life of this process: it leaves when this closes.
    _stdin: Option<ChildStdin>,
}

// === impl Server ===

impl Server {
    /// Starts a part of this program that prints its address as its first line.
    pub(crate) fn part(arguments: &[&str]) -> Result<Self> {
        let mut child = roomy(env::current_exe()?)
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let line = first_line(&mut child)?;
        let addr = line.parse().with_context(|| format!("{arguments:?} printed `{line}`"))?;
        let stdin = child.stdin.take();
        Ok(Self { child, addr, quiet: Duration::from_millis(100), _stdin: stdin })
    }

    /// Takes a process that listens, or soon will, at a known address. It has finished its work when
    /// it was at rest for as long as `quiet`.
    pub(crate) fn at(addr: SocketAddr, child: Child, quiet: Duration) -> Self {
        Self { child, addr, quiet, _stdin: None }
    }

    /// Where it listens.
    pub(crate) const fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// Its process.
    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Its CPU time so far.
    pub(crate) fn cpu(&self) -> Result<Cpu> {
        Cpu::of(self.pid())
    }

    /// Its resident memory in bytes.
    pub(crate) fn resident(&self) -> Result<u64> {
        resident(self.pid())
    }

    /// An error when the process has ended by itself.
    pub(crate) fn check_alive(&mut self) -> Result<()> {
        match self.child.try_wait()? {
            None => Ok(()),
            Some(status) => bail!("the server has ended: {status}"),
        }
    }

    /// Waits until the server is at rest, so that what it does after the answers (writing records) is
    /// counted with the calls that caused it.
    pub(crate) async fn settle(&self) -> Result<()> {
        let limit = Instant::now() + SETTLE_LIMIT;
        loop {
            let before = self.cpu()?;
            sleep(self.quiet).await;
            if self.cpu()?.since(&before) <= QUIET_CPU || Instant::now() > limit {
                return Ok(());
            }
        }
    }

    /// Asks the server to end, and makes it end when it does not.
    pub(crate) async fn stop(mut self) -> Result<()> {
        signal("TERM", self.pid())?;
        let limit = Instant::now() + STOP_LIMIT;
        while Instant::now() < limit && self.child.try_wait()?.is_none() {
            sleep(Duration::from_millis(20)).await;
        }
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended already; there is nothing more to do about a failure here.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A command whose process may open enough files, whatever the shell's soft limit is.
pub(crate) fn roomy(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new("sh");
    let script = format!("ulimit -Sn {OPEN_FILES} || exit 1; exec \"$@\"");
    command.args(["-c", &script, "sh"]).arg(program);
    command
}

fn first_line(child: &mut Child) -> Result<String> {
    let stdout = child.stdout.take().context("the output was not captured")?;
    let mut line = String::new();
    BufReader::new(stdout).read_line(&mut line)?;
    Ok(line.trim_end().to_owned())
}

/// Sends a signal with the shell's own `kill`: the program of that name is not everywhere.
pub(crate) fn signal(name: &str, pid: u32) -> Result<()> {
    Command::new("sh").args(["-c", &format!("kill -{name} {pid}")]).status()?;
    Ok(())
}
