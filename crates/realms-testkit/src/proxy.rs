//! A proxy that tunnels: it does `CONNECT`, and tells what it was asked for.

use std::{net::SocketAddr, sync::Arc};

use parking_lot::Mutex;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _, copy_bidirectional},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

/// A proxy on a port of its own. Dropping it ends it; its port then refuses connections.
#[derive(Debug)]
pub struct FakeProxy {
    address: SocketAddr,
    state: Arc<Mutex<State>>,
    server: JoinHandle<()>,
}

/// What a proxy was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tunnel {
    /// The host and port.
    pub goal: String,
    /// The value of `Proxy-Authorization`.
    pub login: Option<String>,
}

#[derive(Debug, Default)]
struct State {
    tunnels: Vec<Tunnel>,
    refusal: Option<u16>,
}

// === impl FakeProxy ===

impl FakeProxy {
    /// Starts one that lets everybody through.
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("a bound listener has an address");
        let state = Arc::<Mutex<State>>::default();
        let shared = Arc::clone(&state);
        let server = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, Arc::clone(&shared)));
            }
        });
        Self { address, state, server }
    }

    /// Where it is, as an operator writes it, with `user:password@` or nothing before its host.
    pub fn url(&self, login: &str) -> String {
        format!("http://{login}{}", self.address)
    }

    /// Answers everything with this status from now on.
    pub fn refuses(&self, status: u16) {
        self.state.lock().refusal = Some(status);
    }

    /// Does what it is for from now on.
    pub fn lets_through(&self) {
        self.state.lock().refusal = None;
    }

    /// Every tunnel that was asked for.
    pub fn tunnels(&self) -> Vec<Tunnel> {
        self.state.lock().tunnels.clone()
    }

    /// Ends it. Its port refuses connections once this is done.
    pub async fn stop(mut self) {
        self.server.abort();
        let _ = (&mut self.server).await;
    }
}

impl Drop for FakeProxy {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn serve(mut stream: TcpStream, state: Arc<Mutex<State>>) {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        match stream.read_u8().await {
            Ok(byte) => head.push(byte),
            Err(_) => return,
        }
    }
    let head = String::from_utf8_lossy(&head).into_owned();
    let goal = head.split(' ').nth(1).unwrap_or_default().to_owned();
    let login = head.lines().find_map(|line| line.strip_prefix("Proxy-Authorization: "));
    let refusal = {
        let mut state = state.lock();
        state.tunnels.push(Tunnel { goal: goal.clone(), login: login.map(str::to_owned) });
        state.refusal
    };
    if let Some(status) = refusal {
        let _ = stream.write_all(format!("HTTP/1.1 {status} No\r\n\r\n").as_bytes()).await;
        return;
    }
    let Ok(mut host) = TcpStream::connect(&goal).await else { return };
    if stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await.is_ok() {
        // Either side may end it; that is what the story is about, or does not matter to it.
        let _ = copy_bidirectional(&mut stream, &mut host).await;
    }
}
