//! Where the CPU goes: `perf` on the server during a round that is not measured.

use std::{
    fs,
    io::{self, Write},
    path::Path,
    process::{Child, Command, Stdio},
    time::Duration,
};

use anyhow::{Context, Result};
use tokio::time::sleep;

use crate::server::signal;

/// `perf` needs a moment to attach to all threads.
const ATTACH: Duration = Duration::from_millis(500);

/// A running `perf record`.
#[derive(Debug)]
pub(crate) struct Profile {
    perf: Child,
    hint: String,
}

// === impl Profile ===

impl Profile {
    /// Samples a process with its call chains into `folder/CASE.data`.
    pub(crate) async fn start(folder: &Path, case: &str, pid: u32) -> Result<Self> {
        fs::create_dir_all(folder)?;
        let data = folder.join(format!("{case}.data"));
        let perf = Command::new("perf")
            .args(["record", "--freq", "1999", "-g", "--pid", &pid.to_string(), "--output"])
            .arg(&data)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .context("perf: on Debian and Ubuntu it is in the package linux-perf or linux-tools")?;
        sleep(ATTACH).await;
        let hint = format!("perf report --no-children --input {}", data.display());
        Ok(Self { perf, hint })
    }

    /// Ends the sampling and says how to look at it.
    pub(crate) fn finish(mut self) -> Result<()> {
        signal("INT", self.perf.id())?;
        self.perf.wait()?;
        writeln!(io::stderr(), "profile: {}", self.hint)?;
        Ok(())
    }
}
