//! An upstream that speaks Responses over a WebSocket, by script.

use std::{
    collections::VecDeque,
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use futures_util::{SinkExt, StreamExt};
use http::HeaderMap;
use realms_testkit::DEADLINE;
use serde_json::Value;
use tokio::{
    net::{TcpListener, TcpStream},
    task::JoinHandle,
    time::Instant,
};
use tokio_tungstenite::{
    accept_hdr_async,
    tungstenite::{
        Message,
        handshake::server::{Request, Response},
    },
};

/// What it does when it is asked.
#[derive(Debug, Clone)]
pub enum Said {
    /// These events.
    Events(Vec<String>),
    /// These events, and then it closes.
    Cut(Vec<String>),
    /// These events, and no more until the other side goes.
    Stalls(Vec<String>),
}

/// It ends with its last owner.
pub struct SocketUpstream {
    address: SocketAddr,
    shared: Arc<Mutex<Shared>>,
    server: JoinHandle<()>,
}

#[derive(Default)]
struct Shared {
    script: VecDeque<Said>,
    /// The headers of each connection.
    connections: Vec<HeaderMap>,
    /// The number of the connection, and what was asked.
    turns: Vec<(usize, Value)>,
    /// Connections that are over.
    ended: usize,
}

impl SocketUpstream {
    pub async fn start(script: impl IntoIterator<Item = Said>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let shared = Shared { script: script.into_iter().collect(), ..Shared::default() };
        let shared = Arc::new(Mutex::new(shared));
        let server = tokio::spawn(serve(listener, Arc::clone(&shared)));
        Self { address, shared, server }
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub fn connections(&self) -> Vec<HeaderMap> {
        self.shared.lock().unwrap().connections.clone()
    }

    /// Waits until so many connections are over.
    pub async fn wait_ended(&self, count: usize) {
        let end = Instant::now() + DEADLINE;
        while self.shared.lock().unwrap().ended < count {
            assert!(Instant::now() < end, "the connection was never closed");
            tokio::task::yield_now().await;
        }
    }

    pub fn turns(&self) -> Vec<(usize, Value)> {
        self.shared.lock().unwrap().turns.clone()
    }
}

impl Drop for SocketUpstream {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn serve(listener: TcpListener, shared: Arc<Mutex<Shared>>) {
    while let Ok((stream, _)) = listener.accept().await {
        let shared = Arc::clone(&shared);
        tokio::spawn(async move {
            talk(stream, &shared).await;
            shared.lock().unwrap().ended += 1;
        });
    }
}

async fn talk(stream: TcpStream, shared: &Mutex<Shared>) {
    let mut number = 0;
    #[expect(clippy::result_large_err, reason = "the library asks for it")]
    let note = |request: &Request, response: Response| {
        let mut shared = shared.lock().unwrap();
        number = shared.connections.len();
        shared.connections.push(request.headers().clone());
        Ok(response)
    };
    let Ok(mut socket) = accept_hdr_async(stream, note).await else { return };
    while let Some(Ok(message)) = socket.next().await {
        let Message::Text(text) = message else { continue };
        let said = {
            let mut shared = shared.lock().unwrap();
            let asked = serde_json::from_str(&text).unwrap();
            shared.turns.push((number, asked));
            shared.script.pop_front().expect("it is asked more often than the script says")
        };
        let (events, cut) = match said {
            Said::Events(events) | Said::Stalls(events) => (events, false),
            Said::Cut(events) => (events, true),
        };
        for event in events {
            if socket.send(Message::text(event)).await.is_err() {
                return;
            }
        }
        if cut {
            let _ = socket.close(None).await;
            return;
        }
    }
}
