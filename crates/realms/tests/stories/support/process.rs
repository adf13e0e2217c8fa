//! A server in a process of its own, which can be killed.

use std::{net::SocketAddr, path::Path, process::Stdio, time::Duration};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    process::{Child, Command},
    time::{Instant, sleep, timeout},
};

use super::KEY;

/// How long a start may take; on a quiet machine it is a tenth of a second.
const START: Duration = Duration::from_secs(30);

/// A running server, in business mode unless it is said.
pub struct Process {
    child: Child,
    pub address: SocketAddr,
    /// From the start of the process until it took calls.
    pub started_in: Duration,
}

impl Process {
    /// With the master key of `folder`, which is its data folder, and this database.
    pub async fn start(folder: &Path, database: &str) -> Self {
        Self::start_beside(folder, folder, database).await
    }

    /// The same, in self mode.
    pub async fn start_in_self_mode(folder: &Path, database: &str) -> Self {
        Self::start_as("true", folder, folder, database).await
    }

    /// With the master key of `folder` and another data folder.
    pub async fn start_beside(folder: &Path, data: &Path, database: &str) -> Self {
        Self::start_as("false", folder, data, database).await
    }

    async fn start_as(self_mode: &str, folder: &Path, data: &Path, database: &str) -> Self {
        let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let address = free.local_addr().unwrap();
        drop(free);
        let begun = Instant::now();
        let child = Command::new(env!("CARGO_BIN_EXE_realms"))
            .env_clear()
            .env("REALMS_ADDR", address.to_string())
            .env("REALMS_DATA_DIR", data)
            .env("REALMS_MASTER_KEY_FILE", folder.join("master.key"))
            .env("REALMS_DB_URL", database)
            .env("REALMS_SELF_MODE_ENABLE", self_mode)
            .env("REALMS_OUTBOUND_ALLOW_PRIVATE", "127.0.0.0/8")
            .env("REALMS_ACCOUNT_CALLBACK_ADDR", "off")
            .current_dir(data)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        while !is_ready(address).await {
            assert!(begun.elapsed() < START, "the server does not come back");
            sleep(Duration::from_millis(5)).await;
        }
        Self { child, address, started_in: begun.elapsed() }
    }

    /// As SIGTERM does: what runs ends, and what was used is written.
    pub async fn stop(mut self) {
        let id = self.child.id().unwrap().to_string();
        assert!(Command::new("kill").arg(id).status().await.unwrap().success());
        self.child.wait().await.unwrap();
    }

    /// `kill -9`.
    pub async fn kill(mut self) {
        self.child.kill().await.unwrap();
    }
}

async fn is_ready(address: SocketAddr) -> bool {
    let asked = async {
        let mut connection = TcpStream::connect(address).await?;
        let request =
            format!("GET /readyz HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n");
        connection.write_all(request.as_bytes()).await?;
        let mut answer = String::new();
        connection.read_to_string(&mut answer).await?;
        std::io::Result::Ok(answer.starts_with("HTTP/1.1 200"))
    };
    matches!(timeout(START, asked).await, Ok(Ok(true)))
}

/// One call of the tests' user, as it goes over the wire, with these header lines besides: the whole
/// answer, or what came until the connection broke.
pub async fn message(address: SocketAddr, headers: &str, body: &str) -> std::io::Result<String> {
    let request = format!(
        "POST /v1/messages HTTP/1.1\r\nhost: {address}\r\nauthorization: Bearer {KEY}\r\n\
         content-type: application/json\r\nconnection: close\r\n{headers}content-length: {}\r\n\r\n\
         {body}",
        body.len()
    );
    let mut connection = TcpStream::connect(address).await?;
    connection.write_all(request.as_bytes()).await?;
    let mut answer = Vec::new();
    connection.read_to_end(&mut answer).await?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}
