//! The program itself, started as a person would start it: a file applied, a server, a signal.

use std::{net::SocketAddr, path::Path, process::Stdio};

use realms_store::{DbUrl, Store, StoreOptions, UsageFilter, UsageRecord};
use realms_testkit::DEADLINE;
use tempfile::TempDir;
use tokio::{
    io::{AsyncBufReadExt, AsyncRead, BufReader},
    process::{Child, Command},
    sync::watch,
    time::timeout,
};

/// A running server with a data folder of its own.
pub(crate) struct Realms {
    server: Child,
    address: SocketAddr,
    data: TempDir,
}

// === impl Realms ===

impl Realms {
    /// Applies the manifest to an empty data folder and starts the server on a free port.
    pub(crate) async fn start(manifest: &str) -> Self {
        let data = tempfile::tempdir().unwrap();
        let file = data.path().join("setting.toml");
        std::fs::write(&file, manifest).unwrap();
        let applied = program(data.path()).arg("apply").arg(&file).output().await.unwrap();
        assert!(applied.status.success(), "realms apply: {applied:#?}");

        let mut command = program(data.path());
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
        let mut server = command.spawn().unwrap();
        let found = watch::Sender::new(None);
        tokio::spawn(listen(server.stdout.take().unwrap(), found.clone()));
        tokio::spawn(listen(server.stderr.take().unwrap(), found.clone()));
        let mut address = found.subscribe();
        let address = timeout(DEADLINE, address.wait_for(Option::is_some)).await;
        let address = address.expect("realms tells its address").unwrap().unwrap();
        Self { server, address, data }
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Ends the server as a service manager would, and reads the usage records it left, oldest
    /// first.
    pub(crate) async fn stop(mut self) -> Vec<UsageRecord> {
        let process = self.server.id().expect("the server still runs").to_string();
        let signalled = Command::new("kill").args(["-TERM", &process]).status().await.unwrap();
        assert!(signalled.success());
        let ended = timeout(DEADLINE, self.server.wait()).await;
        let ended = ended.expect("realms ends when asked to").unwrap();
        assert!(ended.success(), "realms ended with {ended}");

        let database = DbUrl::Sqlite(self.data.path().join("realms.db"));
        let store = Store::open(StoreOptions::new(database)).await.unwrap();
        let mut records = store.list_usage(&UsageFilter::default()).await.unwrap().records;
        store.close().await.unwrap();
        records.reverse();
        records
    }
}

fn program(data: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_realms"));
    command
        .env_clear()
        .env("REALMS_DATA_DIR", data)
        .env("REALMS_ADDR", "127.0.0.1:0")
        .env("REALMS_OUTBOUND_ALLOW_PRIVATE", "127.0.0.0/8")
        .current_dir(data)
        .stdin(Stdio::null());
    command
}

/// Reads all that the server says, and finds the address it listens on.
async fn listen(said: impl AsyncRead + Unpin, found: watch::Sender<Option<SocketAddr>>) {
    let mut lines = BufReader::new(said).lines();
    while let Ok(Some(line)) = lines.next_line().await {
        if let Some(address) = address_in(&line) {
            found.send_replace(Some(address));
        }
    }
}

fn address_in(line: &str) -> Option<SocketAddr> {
    let start = line.find("127.0.0.1:")?;
    let end = line[start + 10..].find(|c: char| !c.is_ascii_digit());
    let end = end.map_or(line.len(), |length| start + 10 + length);
    let address: SocketAddr = line[start..end].parse().ok()?;
    (address.port() != 0).then_some(address)
}
