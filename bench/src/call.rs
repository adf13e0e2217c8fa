//! One client: a keep-alive connection that posts the same request again and again.

use std::net::SocketAddr;

use anyhow::{Context, Result, bail};
use bytes::Bytes;
use http::{Request, Response, StatusCode, header, request::Builder};
use http_body_util::{BodyExt, Collected, Full, Limited};
use hyper::{
    body::Incoming,
    client::conn::http1::{self, SendRequest},
};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use crate::{
    payload,
    script::{Dialect, Script},
};

/// How much of a refusal is worth showing.
const SHOWN_BYTES: usize = 4_096;

/// What to send, and where.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Target {
    /// The server under measurement.
    #[arg(long)]
    pub(crate) addr: SocketAddr,
    /// The wire format.
    #[arg(long, value_enum)]
    pub(crate) dialect: Dialect,
    /// What the upstream shall do.
    #[arg(long)]
    pub(crate) script: Script,
    /// About how large the request is.
    #[arg(long)]
    pub(crate) bytes: usize,
    /// The client's API key.
    #[arg(long)]
    pub(crate) key: String,
}

/// A connection, opened again when the server has closed it between two calls.
#[derive(Debug)]
pub(crate) struct Client {
    target: Target,
    body: Bytes,
    sender: Option<SendRequest<Full<Bytes>>>,
}

/// What came back from one call.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Received {
    /// All bytes of the body.
    pub(crate) bytes: usize,
    /// Empty lines: one ends each SSE event.
    pub(crate) events: usize,
    line_is_empty: bool,
}

// === impl Target ===

impl Target {
    /// The same on a command line of this program.
    pub(crate) fn arguments(&self) -> Vec<String> {
        let Self { addr, dialect, script, bytes, key } = self;
        vec![
            format!("--addr={addr}"),
            format!("--dialect={}", dialect.as_str()),
            format!("--script={script}"),
            format!("--bytes={bytes}"),
            format!("--key={key}"),
        ]
    }
}

// === impl Client ===

impl Client {
    /// A client that is not connected yet.
    pub(crate) fn new(target: Target) -> Self {
        let body = payload::request(target.dialect, target.script, target.bytes);
        Self { target, body, sender: None }
    }

    /// Sends the request and waits for the head of a good answer.
    pub(crate) async fn send(&mut self) -> Result<Response<Incoming>> {
        let request = self.request()?;
        let response = self.sender().await?.send_request(request).await?;
        let status = response.status();
        if status == StatusCode::OK {
            return Ok(response);
        }
        let body = Limited::new(response.into_body(), SHOWN_BYTES).collect().await;
        let said = body.map(Collected::to_bytes).unwrap_or_default();
        bail!("the answer was {status}: {}", String::from_utf8_lossy(&said));
    }

    /// Sends the request and reads the answer to its end.
    pub(crate) async fn call(&mut self) -> Result<Received> {
        let mut body = self.send().await?.into_body();
        let mut received = Received::default();
        while let Some(frame) = body.frame().await {
            if let Some(data) = frame?.data_ref() {
                received.add(data);
            }
        }
        received.check(self.target.script)?;
        Ok(received)
    }

    async fn sender(&mut self) -> Result<&mut SendRequest<Full<Bytes>>> {
        let open = match &mut self.sender {
            Some(sender) => sender.ready().await.is_ok(),
            None => false,
        };
        if !open {
            let socket = TcpStream::connect(self.target.addr).await.context("connect")?;
            socket.set_nodelay(true)?;
            let (sender, connection) = http1::handshake(TokioIo::new(socket)).await?;
            tokio::spawn(connection);
            self.sender = Some(sender);
        }
        self.sender.as_mut().context("no connection")
    }

    /// The headers the vendors' own SDKs send.
    fn request(&self) -> Result<Request<Full<Bytes>>> {
        let Target { addr, dialect, key, script, .. } = &self.target;
        let accept = if script.streams() { "text/event-stream" } else { "application/json" };
        let request = Request::post(dialect.path())
            .header(header::HOST, addr.to_string())
            .header(header::ACCEPT, accept)
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::USER_AGENT, "realms-bench/1.0")
            .header("x-stainless-lang", "js")
            .header("x-stainless-package-version", "6.10.0")
            .header("x-stainless-os", "Linux")
            .header("x-stainless-arch", "x64")
            .header("x-stainless-runtime", "node")
            .header("x-stainless-runtime-version", "v22.21.0")
            .header("x-stainless-retry-count", "0");
        Ok(authorised(request, *dialect, key).body(Full::new(self.body.clone()))?)
    }
}

fn authorised(request: Builder, dialect: Dialect, key: &str) -> Builder {
    match dialect {
        Dialect::Messages => {
            request.header("x-api-key", key).header("anthropic-version", "2023-06-01")
        }
        Dialect::Responses | Dialect::Chat => {
            request.header(header::AUTHORIZATION, format!("Bearer {key}"))
        }
    }
}

// === impl Received ===

impl Received {
    /// Takes in a piece of the body, however it was cut.
    pub(crate) fn add(&mut self, data: &[u8]) {
        self.bytes += data.len();
        for byte in data {
            let ends_line = *byte == b'\n';
            self.events += usize::from(ends_line && self.line_is_empty);
            self.line_is_empty = ends_line;
        }
    }

    /// A server that loses answers must not look cheap.
    fn check(&self, script: Script) -> Result<()> {
        match script {
            Script::Stream { events, .. } if self.events < events => {
                bail!("the stream ended after {} of {events} events", self.events)
            }
            Script::Whole | Script::Hold if self.bytes == 0 => bail!("the answer was empty"),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_are_counted_however_the_body_is_cut() {
        let body = b"event: a\ndata: 1\n\ndata: 2\n\n";
        for cut in 0..body.len() {
            let mut received = Received::default();
            received.add(&body[..cut]);
            received.add(&body[cut..]);
            assert_eq!((received.events, received.bytes), (2, body.len()));
        }
    }

    #[test]
    fn a_lost_answer_is_an_error() {
        let script = Script::Stream { events: 2, pace: std::time::Duration::ZERO };
        let mut received = Received::default();
        received.add(b"data: 1\n\n");
        assert!(received.check(script).is_err());
        assert!(Received::default().check(Script::Whole).is_err());
        received.add(b"data: 2\n\n");
        assert!(received.check(script).is_ok());
    }
}
