//! One attempt at an upstream: address, headers, credential, and the wait for the response headers.

use std::{error::Error as _, fmt, sync::Arc, time::Duration};

use bytes::Bytes;
use http::{HeaderMap, Method, Request, StatusCode, Uri};
use hyper_util::client::legacy::Error as ClientError;
use realms_dialect::HeaderChange;
use realms_types::{ChannelKind, DialectId, Proxy, Secret};
use rustls::pki_types::{CertificateDer, pem::PemObject as _};
use tokio::time::timeout;
use tokio_tungstenite::tungstenite;
use url::Url;

use crate::{
    ConnectError, Network, OutboundPolicy, Phase, ReplyBody, Resolved, TargetError, Timeouts,
    UpstreamPath,
    connector::Connector,
    dialer::Dialer,
    forward_headers,
    pools::{Pool, Pools},
    segments::Segments,
    sign::{name_account, sign},
    socket::{Asked, Sockets, create_event},
    target,
};

/// Calls upstreams. One pool of connections for each way out; a clone shares them.
///
/// HTTP/1.1, because HTTP/2 puts all streams of a host on one connection and queues what is too many.
/// Redirects are not followed, the environment's proxies are not used, and no call is repeated, except
/// that a kept connection found closed before a byte was written is replaced by a new one.
#[derive(Clone)]
pub struct Upstream {
    pools: Pools,
    sockets: Sockets,
    connector: Connector,
}

/// A call to be made.
#[derive(Clone)]
pub struct Outgoing {
    /// The method.
    pub method: Method,
    /// The kind of the channel: decides the version segment and where the credential goes.
    pub kind: ChannelKind,
    /// The dialect spoken to the upstream; `None` for what is passed through unread.
    pub dialect: Option<DialectId>,
    /// The endpoint, with or without the version segment.
    pub base: Url,
    /// The path behind the version segment.
    pub path: UpstreamPath,
    /// The client's query, unfiltered. Never logged: it may hold a key.
    pub query: Option<String>,
    /// The client's headers, unfiltered.
    pub headers: HeaderMap,
    /// What is done to them after they were filtered, before the credential is put in.
    pub changes: Vec<HeaderChange>,
    /// The body, in as many pieces as it was spliced from.
    pub body: Vec<Bytes>,
    /// The channel's credential.
    pub credential: Secret<String>,
    /// The proxy the call goes through. When it does not lead there, the call fails: nothing is ever
    /// sent around it.
    pub proxy: Option<Arc<Proxy>>,
    /// The account that the credential is a token of, as the vendor calls it.
    pub account: Option<String>,
    /// Whether the client asked for a stream: its headers come sooner.
    pub stream: bool,
}

/// Response headers, and the body still to be read. Dropping the body closes the connection.
#[derive(Debug)]
pub struct Reply {
    /// The status; redirects come as they are.
    pub status: StatusCode,
    /// The upstream's headers, unfiltered: see [`crate::return_headers`].
    pub headers: HeaderMap,
    /// The body. Its deadlines are the reader's.
    pub body: ReplyBody,
}

/// Why the client could not be made.
#[derive(Debug, thiserror::Error)]
pub enum UpstreamError {
    /// The TLS library refused its configuration.
    #[error("cannot set up TLS: {0}")]
    Tls(rustls::Error),
    /// A certificate that is none of an authority.
    #[error("a certificate authority to trust cannot be read: {0}")]
    Authority(rustls::Error),
    /// A file that holds none.
    #[error("it holds no certificate: `-----BEGIN CERTIFICATE-----` in PEM is expected")]
    NoCertificate,
}

/// Why an attempt has no response headers. The words hold no query and no secret.
#[derive(Debug, thiserror::Error)]
pub enum SendError {
    /// The path or query of the call cannot be joined to the base URL.
    #[error("cannot call this path: {0}")]
    Target(#[from] TargetError),
    /// The credential holds a character that no header can carry.
    #[error("the credential has characters no header can carry: enter it again")]
    Credential,
    /// No connection.
    #[error(transparent)]
    Connect(#[from] ConnectError),
    /// No response headers in time.
    #[error("no response headers within {0:?}")]
    HeaderTimeout(Duration),
    /// The connection broke, or what came over it was not HTTP.
    #[error("the upstream broke off before its response headers: {0}")]
    Broken(#[source] ClientError),
    /// The WebSocket broke before its first event.
    #[error("the upstream broke off before its first event: {0}")]
    Socket(#[source] tungstenite::Error),
}

/// Reads the certificates of a PEM file. One without any is a mistake.
pub fn read_authorities(pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, UpstreamError> {
    let read: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
    match read {
        Ok(found) if !found.is_empty() => Ok(found),
        Ok(_) | Err(_) => Err(UpstreamError::NoCertificate),
    }
}

// === impl Upstream ===

impl Upstream {
    /// A client with an empty pool, that trusts the public certificate authorities.
    pub fn new(policy: OutboundPolicy, timeouts: Timeouts) -> Result<Self, UpstreamError> {
        Self::trusting(policy, timeouts, [])
    }

    /// The same, trusting these authorities too: those of the operator's own network.
    pub fn trusting(
        policy: OutboundPolicy,
        timeouts: Timeouts,
        authorities: impl IntoIterator<Item = CertificateDer<'static>>,
    ) -> Result<Self, UpstreamError> {
        Ok(Self::of(Connector::new(Dialer::new(policy, timeouts, authorities)?)))
    }

    /// The same way out with an empty pool of its own, so that each phase of a new connection is gone
    /// through, and told as it is done.
    #[must_use]
    pub fn observed(&self, tell: impl Fn(Phase) + Send + Sync + 'static) -> Self {
        Self::of(self.connector.observed(Arc::new(tell)))
    }

    /// The same policy over another network, with empty pools.
    #[must_use]
    pub fn over(&self, network: Network) -> Self {
        Self::of(self.connector.over(network))
    }

    fn of(connector: Connector) -> Self {
        let pools = Pools::new(connector.clone(), connector.dialer().timeouts);
        Self { pools, sockets: Sockets::new(connector.clone()), connector }
    }

    /// Who may be called.
    pub fn policy(&self) -> &OutboundPolicy {
        &self.connector.dialer().policy
    }

    /// Every address of the host of a URL, with what the policy has against it. Nothing is connected.
    pub async fn resolve(&self, base: &Url) -> Result<Vec<Resolved>, SendError> {
        let uri: Uri = base.as_str().parse().map_err(|_| TargetError::Invalid)?;
        Ok(self.connector.resolve(&uri).await?)
    }

    /// The request as it would be sent: with the credential in its header. Not for logs.
    pub fn preview(&self, outgoing: Outgoing) -> Result<(Method, Uri, HeaderMap), SendError> {
        let (parts, _) = self.prepare(outgoing)?.into_parts();
        Ok((parts.method, parts.uri, parts.headers))
    }

    /// One attempt: signs, sends, and waits for the response headers, whatever their status.
    pub async fn send(&self, outgoing: Outgoing) -> Result<Reply, SendError> {
        let deadline = self.header_deadline(outgoing.stream);
        let pool = self.pools.find(outgoing.proxy.as_ref());
        let request = self.prepare(outgoing)?;
        self.call(&pool, request, deadline).await
    }

    /// The same over a WebSocket, for what asks for a stream of Responses events: the head is there with the first
    /// event. An endpoint that speaks none is asked over HTTP.
    pub async fn send_by_socket(&self, outgoing: Outgoing) -> Result<Reply, SendError> {
        let deadline = self.header_deadline(outgoing.stream);
        let pool = self.pools.find(outgoing.proxy.as_ref());
        let (proxy, create) = (outgoing.proxy.clone(), create_event(&outgoing.body));
        let request = self.prepare(outgoing)?;
        let create = create.filter(|_| !self.sockets.is_deaf(request.uri()));
        if let Some(create) = create {
            let asked = self.sockets.ask((request.uri(), request.headers()), proxy, create);
            match timeout(deadline, asked).await {
                Ok(Ok(Asked::Reply(reply))) => return Ok(reply),
                Ok(Ok(Asked::Deaf)) => {}
                Ok(Err(error)) => return Err(error),
                Err(_) => return Err(SendError::HeaderTimeout(deadline)),
            }
        }
        self.call(&pool, request, deadline).await
    }

    async fn call(
        &self,
        pool: &Pool,
        request: Request<Segments>,
        deadline: Duration,
    ) -> Result<Reply, SendError> {
        let response = match timeout(deadline, pool.request(request)).await {
            Ok(Ok(response)) => response,
            Ok(Err(error)) => return Err(SendError::from(error)),
            Err(_) => return Err(SendError::HeaderTimeout(deadline)),
        };
        let (parts, body) = response.into_parts();
        Ok(Reply { status: parts.status, headers: parts.headers, body: body.into() })
    }

    pub(crate) const fn straight(&self) -> &Pool {
        self.pools.straight()
    }

    fn prepare(&self, outgoing: Outgoing) -> Result<Request<Segments>, SendError> {
        let Outgoing {
            method,
            kind,
            dialect,
            base,
            path,
            query,
            headers,
            changes,
            body,
            credential,
            account,
            ..
        } = outgoing;
        self.policy().check_url(&base).map_err(|source| ConnectError::Refused {
            host: base.host_str().unwrap_or_default().to_owned(),
            source,
        })?;
        let uri = target(kind, &base, &path, query.as_deref())?;
        let mut headers = forward_headers(&headers);
        for change in changes {
            change.make(&mut headers);
        }
        sign(&mut headers, kind, dialect, &credential).map_err(|_| SendError::Credential)?;
        name_account(&mut headers, kind, account.as_deref()).map_err(|_| SendError::Credential)?;
        let mut request = Request::new(Segments::from(body));
        *request.method_mut() = method;
        *request.uri_mut() = uri;
        *request.headers_mut() = headers;
        Ok(request)
    }

    fn header_deadline(&self, stream: bool) -> Duration {
        let timeouts = &self.connector.dialer().timeouts;
        if stream { timeouts.headers_stream } else { timeouts.headers_whole }
    }
}

impl fmt::Debug for Upstream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Upstream")
            .field("policy", self.policy())
            .field("timeouts", &self.connector.dialer().timeouts)
            .finish_non_exhaustive()
    }
}

// === impl Outgoing ===

impl fmt::Debug for Outgoing {
    /// Without headers and query: the client's key may be in them.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Outgoing")
            .field("method", &self.method)
            .field("kind", &self.kind)
            .field("dialect", &self.dialect)
            .field("base", &self.base.as_str())
            .field("path", &self.path)
            .field("proxy", &self.proxy)
            .finish_non_exhaustive()
    }
}

// === impl SendError ===

impl From<ClientError> for SendError {
    /// The pool wraps the connector's error in its own.
    fn from(error: ClientError) -> Self {
        match error.source().and_then(|source| source.downcast_ref::<ConnectError>()) {
            Some(connect) => Self::Connect(connect.clone()),
            None => Self::Broken(error),
        }
    }
}
