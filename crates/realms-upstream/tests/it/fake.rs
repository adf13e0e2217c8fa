//! The other side of the wire, and what the tests send to it.

use std::{future::Future, io, net::SocketAddr, time::Duration};

use bytes::Bytes;
use http::{HeaderMap, Method};
use http_body_util::BodyExt as _;
use realms_types::{ChannelKind, DialectId, Secret};
use realms_upstream::{
    OutboundPolicy, Outgoing, Reply, SendError, Timeouts, Upstream, UpstreamPath,
};
use tokio::{
    io::{AsyncRead, AsyncReadExt as _},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

pub(crate) const CANARY: &str = "canary-8f3a";
pub(crate) const OK: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";

/// A listener on loopback, not yet answering.
pub(crate) struct Fake {
    pub(crate) listener: TcpListener,
    pub(crate) address: SocketAddr,
}

// === impl Fake ===

impl Fake {
    pub(crate) async fn bind() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        Self { listener, address }
    }

    pub(crate) fn url(&self, scheme: &str) -> String {
        format!("{scheme}://{}", self.address)
    }

    pub(crate) async fn accept(&self) -> TcpStream {
        self.listener.accept().await.unwrap().0
    }

    /// Whether nobody has connected. A connection that was opened waits to be accepted.
    pub(crate) fn stays_untouched(self) -> bool {
        let listener = self.listener.into_std().unwrap();
        matches!(listener.accept(), Err(error) if error.kind() == io::ErrorKind::WouldBlock)
    }

    /// Runs the other side of a story beside the test.
    pub(crate) fn play<F, T>(self, story: impl FnOnce(Self) -> F) -> JoinHandle<T>
    where
        F: Future<Output = T> + Send + 'static,
        T: Send + 'static,
    {
        tokio::spawn(story(self))
    }
}

/// Reads one request whole and returns its head and its body.
pub(crate) async fn read_request(stream: &mut (impl AsyncRead + Unpin)) -> (String, Vec<u8>) {
    let mut bytes = Vec::new();
    loop {
        let read = stream.read_buf(&mut bytes).await.unwrap();
        let head = bytes.windows(4).position(|window| window == b"\r\n\r\n");
        if let Some(end) = head {
            let head = String::from_utf8(bytes[..end].to_vec()).unwrap();
            let length = header(&head, "content-length").map_or(0, |text| text.parse().unwrap());
            if bytes.len() == end + 4 + length {
                return (head, bytes.split_off(end + 4));
            }
        }
        assert_ne!(read, 0, "the client closed in the middle of a request");
    }
}

pub(crate) fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    let mut lines = head.lines().skip(1).filter_map(|line| line.split_once(": "));
    lines.find(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| value)
}

/// Resolves when the other side has closed.
pub(crate) async fn closed(stream: &mut (impl AsyncRead + Unpin)) {
    let mut rest = Vec::new();
    // A reset is a close too.
    let _ = stream.read_to_end(&mut rest).await;
}

pub(crate) fn loopback() -> OutboundPolicy {
    OutboundPolicy::new(vec!["127.0.0.0/8".parse().unwrap(), "::1/128".parse().unwrap()])
}

pub(crate) fn short() -> Timeouts {
    Timeouts {
        dns: Duration::from_secs(5),
        connect: Duration::from_secs(5),
        tls: Duration::from_secs(5),
        proxy: Duration::from_secs(5),
        headers_stream: Duration::from_millis(200),
        headers_whole: Duration::from_secs(10),
        pool_idle: Duration::from_secs(30),
    }
}

pub(crate) fn upstream() -> Upstream {
    Upstream::new(loopback(), short()).unwrap()
}

pub(crate) fn outgoing(base: &str) -> Outgoing {
    Outgoing {
        method: Method::POST,
        kind: ChannelKind::Openai,
        dialect: Some(DialectId::Responses),
        base: base.parse().unwrap(),
        path: UpstreamPath::new("/responses"),
        query: Some(format!("key={CANARY}&x={CANARY}")),
        changes: Vec::new(),
        headers: HeaderMap::new(),
        body: vec![Bytes::from_static(b"{}")],
        credential: Secret::from(CANARY),
        proxy: None,
        account: None,
        stream: false,
    }
}

/// The error of an attempt that must fail, after making sure it shows no secret.
pub(crate) async fn failure(upstream: &Upstream, outgoing: Outgoing) -> SendError {
    assert!(!format!("{outgoing:?}").contains(CANARY));
    let error = upstream.send(outgoing).await.unwrap_err();
    let mut shown = format!("{error} {error:?}");
    let mut source = std::error::Error::source(&error);
    while let Some(deeper) = source {
        shown.push_str(&deeper.to_string());
        source = deeper.source();
    }
    assert!(!shown.contains(CANARY), "{shown}");
    error
}

pub(crate) async fn text(reply: Reply) -> String {
    String::from_utf8(reply.body.collect().await.unwrap().to_bytes().to_vec()).unwrap()
}
