//! Where a real client runs: a home of its own, a way out that leads nowhere, and a deadline.

use std::{
    env, fmt, fs,
    path::{Path, PathBuf},
    process::{Command as Blocking, Stdio},
    time::Duration,
};

use realms_testkit::FakeUpstream;
use tempfile::TempDir;
use tokio::{process::Command, time::timeout};

/// How long one run may take. Most need a few seconds; two busy cores can make it much more.
const DEADLINE: Duration = Duration::from_mins(2);
/// Where the system keeps the programs a client's tools call.
const SYSTEM_PATH: &str = "/usr/local/bin:/usr/bin:/bin";

/// A folder with a home and a work folder, and a proxy that refuses whatever is not loopback.
pub(crate) struct Sandbox {
    folder: TempDir,
    outside: FakeUpstream,
    clients: PathBuf,
}

/// What a client left behind.
pub(crate) struct Run {
    stdout: String,
    stderr: String,
    succeeded: bool,
}

// === impl Sandbox ===

impl Sandbox {
    pub(crate) async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        for name in ["home", "work", "tmp"] {
            fs::create_dir(folder.path().join(name)).unwrap();
        }
        let outside = FakeUpstream::start().await;
        outside.replies(403);
        Self { folder, outside, clients: clients_folder() }
    }

    /// The folder the client works in.
    pub(crate) fn work(&self) -> PathBuf {
        self.folder.path().join("work")
    }

    /// Writes a file the client reads from its home.
    pub(crate) fn write_home(&self, name: &str, text: &str) {
        let path = self.folder.path().join("home").join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Runs a program of the clients' folder to its end, with this environment and no other.
    pub(crate) async fn run(
        &self,
        program: &str,
        arguments: &[&str],
        environment: &[(&str, &str)],
    ) -> Run {
        let mut command = Command::new(self.clients.join("bin").join(program));
        command
            .args(arguments)
            .env_clear()
            .envs(self.environment())
            .envs(environment.iter().copied())
            .current_dir(self.work())
            .stdin(Stdio::null())
            .process_group(0)
            .kill_on_drop(true);
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let child = command.spawn().unwrap();
        let group = child.id().unwrap();
        let Ok(output) = timeout(DEADLINE, child.wait_with_output()).await else {
            end_group(group);
            panic!("{program} did not end within {DEADLINE:?}");
        };
        let output = output.unwrap();
        Run {
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
            succeeded: output.status.success(),
        }
    }

    /// The hosts beyond loopback that a client wanted to reach, and could not.
    pub(crate) fn hosts_tried(&self) -> Vec<String> {
        self.outside.requests().into_iter().map(|request| request.path).collect()
    }

    fn environment(&self) -> Vec<(&'static str, String)> {
        let path = |name: &str| self.folder.path().join(name).display().to_string();
        let clients = self.clients.display().to_string();
        let proxy = self.outside.url();
        vec![
            ("PATH", format!("{clients}/bin:{SYSTEM_PATH}")),
            ("HOME", path("home")),
            ("TMPDIR", path("tmp")),
            ("LANG", "C.UTF-8".to_owned()),
            ("SHELL", "/bin/sh".to_owned()),
            ("HTTP_PROXY", proxy.clone()),
            ("HTTPS_PROXY", proxy.clone()),
            ("ALL_PROXY", proxy.clone()),
            ("http_proxy", proxy.clone()),
            ("https_proxy", proxy),
            ("NO_PROXY", "127.0.0.1,localhost".to_owned()),
            ("no_proxy", "127.0.0.1,localhost".to_owned()),
            ("REALMS_CLIENTS_DIR", clients),
        ]
    }
}

/// A client's tools are processes too: the whole group goes.
fn end_group(group: u32) {
    let _ = Blocking::new("kill").args(["-KILL", "--", &format!("-{group}")]).status();
}

/// The folder with the clients; installs them when nobody says where they are.
fn clients_folder() -> PathBuf {
    if let Some(folder) = env::var_os("REALMS_CLIENTS_DIR") {
        return folder.into();
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap();
    let folder = root.join(".tools/clients");
    let install = root.join("scripts/clients-install");
    let status = Blocking::new(&install).arg(&folder).status().unwrap();
    assert!(status.success(), "{} failed: its output says why", install.display());
    folder
}

// === impl Run ===

impl Run {
    /// Fails the test with all the client said, unless it ended well.
    pub(crate) fn expect_success(self) -> Self {
        assert!(self.succeeded, "the client failed: {self}");
        self
    }

    /// Fails the test with all the client said, if it ended well.
    pub(crate) fn expect_failure(self) -> Self {
        assert!(!self.succeeded, "the client succeeded: {self}");
        self
    }

    /// The JSON lines of its output.
    pub(crate) fn json_lines(&self) -> Vec<serde_json::Value> {
        self.stdout.lines().filter_map(|line| serde_json::from_str(line).ok()).collect()
    }

    /// Its output as one JSON document.
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout)
            .unwrap_or_else(|error| panic!("no JSON ({error}): {self}"))
    }
}

impl fmt::Display for Run {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "it wrote\n{}\nand complained\n{}", self.stdout, self.stderr)
    }
}
