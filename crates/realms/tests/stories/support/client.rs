//! An HTTP client that hides nothing: bytes in, bytes out.

use std::{net::SocketAddr, time::Duration};

use bytes::Bytes;
use http::{HeaderMap, Method, Request, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper::{body::Incoming, client::conn::http1};
use hyper_util::rt::TokioIo;
use realms_testkit::DEADLINE;
use serde_json::Value;
use tokio::{net::TcpStream, task::JoinHandle, time::timeout};

/// Calls one Realms, over a connection of its own each time.
#[derive(Debug, Clone)]
pub struct Client {
    address: SocketAddr,
    headers: HeaderMap,
}

/// A whole answer.
#[derive(Debug)]
pub struct Answered {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
    /// Whether the connection broke before the end of the body.
    pub broke_off: bool,
}

/// An answer that is still coming. Dropping it closes the connection.
pub struct Streaming {
    pub status: StatusCode,
    pub headers: HeaderMap,
    body: Incoming,
    connection: JoinHandle<()>,
}

impl Client {
    pub fn new(address: SocketAddr) -> Self {
        Self { address, headers: HeaderMap::new() }
    }

    pub fn bearer(self, key: &str) -> Self {
        self.header("authorization", &format!("Bearer {key}"))
    }

    pub fn without(mut self, name: &str) -> Self {
        self.headers.remove(name);
        self
    }

    pub fn header(mut self, name: &'static str, value: &str) -> Self {
        self.headers.insert(name, value.parse().unwrap());
        self
    }

    pub async fn get(&self, path: &str) -> Answered {
        self.call(Method::GET, path, Bytes::new()).await
    }

    pub async fn delete(&self, path: &str) -> Answered {
        self.call(Method::DELETE, path, Bytes::new()).await
    }

    pub async fn post(&self, path: &str, body: impl Into<Bytes>) -> Answered {
        self.call(Method::POST, path, body.into()).await
    }

    pub async fn call(&self, method: Method, path: &str, body: Bytes) -> Answered {
        timeout(DEADLINE, async { self.open(method, path, body).await.finish().await })
            .await
            .expect("no answer in time")
    }

    /// Sends a request and returns with the head of the answer.
    pub async fn open(&self, method: Method, path: &str, body: impl Into<Bytes>) -> Streaming {
        let stream = TcpStream::connect(self.address).await.unwrap();
        let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.unwrap();
        let connection = tokio::spawn(async move {
            let _ = connection.await;
        });
        let mut request = Request::new(Full::new(body.into()));
        *request.method_mut() = method;
        *request.uri_mut() = path.parse().unwrap();
        *request.headers_mut() = self.headers.clone();
        let headers = request.headers_mut();
        headers.insert("host", self.address.to_string().parse().unwrap());
        headers.entry("content-type").or_insert("application/json".parse().unwrap());
        let response = timeout(DEADLINE, sender.send_request(request))
            .await
            .expect("no head in time")
            .unwrap();
        let (parts, body) = response.into_parts();
        Streaming { status: parts.status, headers: parts.headers, body, connection }
    }
}

impl Streaming {
    /// The next bytes; `None` at the end or when the connection broke.
    pub async fn next(&mut self) -> Option<Bytes> {
        loop {
            let frame = timeout(DEADLINE, self.body.frame()).await.expect("silence")?.ok()?;
            if let Ok(data) = frame.into_data() {
                return Some(data);
            }
        }
    }

    /// Whether nothing comes for this long.
    pub async fn is_silent_for(&mut self, time: Duration) -> bool {
        timeout(time, self.body.frame()).await.is_err()
    }

    pub async fn finish(mut self) -> Answered {
        let (mut body, mut broke_off) = (Vec::new(), false);
        while let Some(frame) = self.body.frame().await {
            let Ok(frame) = frame else {
                broke_off = true;
                break;
            };
            if let Ok(data) = frame.into_data() {
                body.extend_from_slice(&data);
            }
        }
        let headers = std::mem::take(&mut self.headers);
        Answered { status: self.status, headers, body: body.into(), broke_off }
    }
}

impl Drop for Streaming {
    fn drop(&mut self) {
        self.connection.abort();
    }
}

impl Answered {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}
