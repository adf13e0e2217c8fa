//! Realms as its users run it: a data folder of its own, SQLite, one user with one API key, channels for
//! both vendors' dialects, everything switched on.

use std::{
    env,
    fmt::Write as _,
    fs,
    fs::File,
    net::{Ipv4Addr, SocketAddr, TcpListener},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::Duration,
};

use anyhow::{Context, Result, bail, ensure};
use tempfile::TempDir;
use tokio::time::{Instant, sleep};

use crate::{
    call::{Client, Target},
    script::{Dialect, Script},
    server::{Server, roomy},
};

/// The client's API key: `sk_` and 32 bytes in base64url.
pub(crate) const KEY: &str = "sk_cmVhbG1zLWJlbmNoLXJlYWxtcy1iZW5jaC1yZWFsbXM";
/// More USD than any run spends.
const MONEY: u32 = 1_000_000;
/// How long a start may take, first migration included.
const START_LIMIT: Duration = Duration::from_secs(30);
/// At rest for so long, Realms has written the usage records of all calls: longer than a batch waits.
const QUIET: Duration = Duration::from_millis(1_500);

/// A prepared data folder and the program that runs on it.
#[derive(Debug)]
pub(crate) struct Home {
    folder: TempDir,
    program: PathBuf,
    /// Whether calls are held for and charged.
    business: bool,
}

// === impl Home ===

impl Home {
    /// Makes a data folder in which the scripts are models that lead to the upstream.
    pub(crate) fn prepare(
        program: Option<&Path>,
        upstream: SocketAddr,
        scripts: &[Script],
        business: bool,
    ) -> Result<Self> {
        let program = match program {
            Some(path) => fs::canonicalize(path).with_context(|| format!("{}", path.display()))?,
            None => build()?,
        };
        let home = Self { folder: TempDir::new()?, program, business };
        let manifest = home.folder.path().join("bench.toml");
        fs::write(&manifest, manifest_text(upstream, scripts)?)?;
        home.command(&["apply", &manifest.display().to_string()])?;
        if business {
            let all = format!("--amount-usd={MONEY}");
            home.command(&["ledger", "adjust", "--user=bench", &all, "--reason=benchmark"])?;
        }
        Ok(home)
    }

    /// Runs a command of the program on the data folder.
    fn command(&self, arguments: &[&str]) -> Result<()> {
        let done = self.configured(Command::new(&self.program)).args(arguments).output()?;
        let said = String::from_utf8_lossy(&done.stderr).into_owned();
        ensure!(done.status.success(), "`realms {}` failed: {said}", arguments.join(" "));
        Ok(())
    }

    /// What `realms --version` says.
    pub(crate) fn version(&self) -> Result<String> {
        let output = Command::new(&self.program).arg("--version").output()?;
        Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
    }

    /// Starts a fresh process and waits for its first good answer.
    pub(crate) async fn serve(&self, dialect: Dialect) -> Result<Server> {
        let addr = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?;
        let log = self.folder.path().join("realms.log");
        let child = self
            .configured(roomy(&self.program))
            .env("REALMS_ADDR", addr.to_string())
            .stdin(Stdio::null())
            .stdout(File::create(&log)?)
            .stderr(File::options().append(true).open(&log)?)
            .spawn()?;
        let mut server = Server::at(addr, child, QUIET);
        self.first_answer(&mut server, dialect)
            .await
            .with_context(|| format!("Realms does not answer; its log ends:\n{}", tail(&log)))?;
        Ok(server)
    }

    /// The environment of every command: nothing but what is set here, so no `.env` and no `REALMS_*`
    /// of the person who measures takes part.
    fn configured(&self, mut command: Command) -> Command {
        let path = env::var_os("PATH").unwrap_or_default();
        command
            .env_clear()
            .env("PATH", path)
            .env("REALMS_DATA_DIR", self.folder.path().join("data"))
            .env("REALMS_SELF_MODE_ENABLE", (!self.business).to_string())
            .env("REALMS_OUTBOUND_ALLOW_PRIVATE", "127.0.0.0/8")
            // One machine plays a thousand clients here.
            .env("REALMS_MAX_CONNECTIONS_PER_IP", "4096")
            .current_dir(self.folder.path());
        command
    }

    async fn first_answer(&self, server: &mut Server, dialect: Dialect) -> Result<()> {
        let target = Target {
            addr: server.addr(),
            dialect,
            script: Script::Whole,
            bytes: 1_000,
            key: KEY.to_owned(),
        };
        let limit = Instant::now() + START_LIMIT;
        loop {
            match Client::new(target.clone()).call().await {
                Ok(_) => return Ok(()),
                Err(error) if Instant::now() > limit => return Err(error),
                Err(_) => server.check_alive()?,
            }
            sleep(Duration::from_millis(50)).await;
        }
    }
}

/// The release binary beside this one, brought up to date first: an old one would measure the past.
fn build() -> Result<PathBuf> {
    let status = Command::new("cargo").args(["build", "--release", "--package", "realms"]).status();
    if !status.context("cargo, to build Realms; or name a binary with --realms")?.success() {
        bail!("Realms does not build; name a binary with --realms");
    }
    let program = env::current_exe()?.with_file_name("realms");
    ensure!(
        program.exists(),
        "{} is missing: run the benchmark by `cargo run --release -p realms-bench`",
        program.display(),
    );
    Ok(program)
}

fn manifest_text(upstream: SocketAddr, scripts: &[Script]) -> Result<String> {
    let mut models = String::new();
    let mut bindings = Vec::new();
    for script in scripts {
        write!(
            models,
            "[[model]]\nname = \"{script}\"\nowner = \"bench\"\ninput_usd_per_1m = \"1.25\"\n\
             output_usd_per_1m = \"10\"\ncache_read_usd_per_1m = \"0.125\"\n"
        )?;
        // Another name upstream, so that the body is edited as it is for most models.
        bindings.push(format!("{{ name = \"{script}\", upstream = \"vendor-{script}\" }}"));
    }
    let bindings = bindings.join(", ");
    let mut text = "version = 1\n".to_owned();
    for (name, kind) in
        [("openai-a", "openai"), ("openai-b", "openai"), ("anthropic-a", "anthropic")]
    {
        write!(
            text,
            "[[channel]]\nname = \"{name}\"\nkind = \"{kind}\"\nbase_url = \"http://{upstream}/v1\"\n\
             priority = 10\nweight = 1\ngroups = [\"default\"]\n\
             credentials = [{{ name = \"k1\", key = \"upstream-key-{name}\" }}]\nmodels = [{bindings}]\n"
        )?;
    }
    write!(
        text,
        "{models}[[channel_group]]\nname = \"default\"\nmultiplier = \"1.0\"\n\
         [[user_group]]\nname = \"default\"\nchannel_groups = [\"default\"]\n\
         [[user]]\nusername = \"bench\"\nemail = \"bench@example.org\"\n\
         password = \"correct horse battery staple\"\nrole = \"user\"\ngroup = \"default\"\n\
         [[api_key]]\nuser = \"bench\"\nname = \"bench\"\nkey = \"{KEY}\"\n\
         channel_groups = [\"default\"]\n"
    )?;
    Ok(text)
}

/// The end of a log, for the message about a server that did not start.
fn tail(log: &Path) -> String {
    let text = fs::read_to_string(log).unwrap_or_default();
    let skip = text.lines().count().saturating_sub(20);
    text.lines().skip(skip).collect::<Vec<_>>().join("\n")
}
