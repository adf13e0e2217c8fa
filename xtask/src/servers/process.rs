//! A server process: waited for until it is ready, ended when dropped.

use std::{
    collections::VecDeque,
    io::{BufRead as _, BufReader, Read},
    process::{Child, Command, Stdio},
    sync::mpsc::{self, Receiver, RecvTimeoutError, Sender},
    thread,
};

use anyhow::{Context as _, bail};

use super::Home;
use crate::stop::GLANCE;

/// How many glances a server may take to come up: 60 seconds, for slow disks.
const START_GLANCES: u32 = 600;
/// How many glances it may take to go down before it is killed: 5 seconds.
const STOP_GLANCES: u32 = 50;
/// How much of its log an error shows.
const TAIL_LINES: usize = 12;

/// How to know that a server is up, and how to ask it to go.
#[derive(Debug, Clone, Copy)]
pub(super) struct Manners {
    /// What it is called.
    pub(super) name: &'static str,
    /// A piece of the log line that says it accepts connections.
    pub(super) ready: &'static str,
    /// The signal that ends it fastest without leaving anything behind.
    pub(super) end: &'static str,
}

/// A running server process.
pub(super) struct Process {
    child: Child,
    end: &'static str,
    log: Receiver<String>,
}

// === impl Process ===

impl Process {
    /// Starts a server and waits for its ready line.
    pub(super) fn start(
        home: &Home,
        mut command: Command,
        manners: Manners,
    ) -> anyhow::Result<Self> {
        let mut child = quiet(home, &mut command)
            .spawn()
            .with_context(|| format!("{} did not start", manners.name))?;
        let log = log_of(&mut child);
        let process = Self { child, end: manners.end, log };
        process.wait_until_ready(home, manners)?;
        Ok(process)
    }

    fn wait_until_ready(&self, home: &Home, manners: Manners) -> anyhow::Result<()> {
        let name = manners.name;
        let mut tail = VecDeque::new();
        let mut glances = 0;
        loop {
            match self.log.recv_timeout(GLANCE) {
                Ok(line) if line.contains(manners.ready) => return Ok(()),
                Ok(line) => {
                    tail.push_back(line);
                    tail.drain(..tail.len().saturating_sub(TAIL_LINES));
                }
                Err(RecvTimeoutError::Disconnected) => {
                    bail!("{name} ended at its start:\n{}", Vec::from(tail).join("\n"))
                }
                Err(RecvTimeoutError::Timeout) => glances += 1,
            }
            if home.stop.asked() {
                bail!("interrupted");
            }
            if glances > START_GLANCES {
                bail!("{name} is not ready after a minute:\n{}", Vec::from(tail).join("\n"));
            }
        }
    }

    /// Whether the process is gone before the glances run out. Its log closes when it ends.
    fn ends_soon(&mut self) -> bool {
        let mut glances = 0;
        while glances < STOP_GLANCES {
            if !matches!(self.child.try_wait(), Ok(None)) {
                return true;
            }
            match self.log.recv_timeout(GLANCE) {
                Ok(_) => {}
                Err(RecvTimeoutError::Timeout) => glances += 1,
                Err(RecvTimeoutError::Disconnected) => return self.child.wait().is_ok(),
            }
        }
        false
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let id = self.child.id().to_string();
        drop(Command::new("kill").args(["-s", self.end, &id]).stderr(Stdio::null()).status());
        if !self.ends_soon() {
            drop(self.child.kill());
            drop(self.child.wait());
        }
    }
}

/// Runs a command that prepares a server's folder.
pub(super) fn prepare(home: &Home, mut command: Command) -> anyhow::Result<()> {
    let program = command.get_program().display().to_string();
    let output =
        quiet(home, &mut command).output().with_context(|| format!("{program} did not start"))?;
    if !output.status.success() {
        let text = [output.stdout, output.stderr].concat();
        bail!("preparing a database failed:\n{}", String::from_utf8_lossy(&text).trim());
    }
    Ok(())
}

/// No terminal, English messages, and a folder that the account may enter.
fn quiet<'a>(home: &Home, command: &'a mut Command) -> &'a mut Command {
    command
        .current_dir(&home.folder)
        .env("LC_ALL", "C")
        .env("HOME", &home.folder)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
}

fn log_of(child: &mut Child) -> Receiver<String> {
    let (sender, receiver) = mpsc::channel();
    if let Some(stdout) = child.stdout.take() {
        read_lines(stdout, sender.clone());
    }
    if let Some(stderr) = child.stderr.take() {
        read_lines(stderr, sender);
    }
    receiver
}

/// Reads on for as long as the server writes, or it would block on a full pipe.
fn read_lines(source: impl Read + Send + 'static, sender: Sender<String>) {
    thread::spawn(move || {
        for line in BufReader::new(source).split(b'\n').map_while(Result::ok) {
            drop(sender.send(String::from_utf8_lossy(&line).into_owned()));
        }
    });
}
