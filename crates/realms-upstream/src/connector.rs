//! Opens connections: resolve, check against the policy, connect, check again, TLS.

use std::{
    future::Future,
    io,
    net::{IpAddr, SocketAddr},
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use http::Uri;
use hyper_util::rt::TokioIo;
use rustls::{
    ClientConfig, RootCertStore,
    crypto::aws_lc_rs,
    pki_types::{CertificateDer, ServerName},
};
use tokio::{
    net::{TcpStream, lookup_host},
    time::{Instant, timeout},
};
use tokio_rustls::TlsConnector;
use tower::Service;

use crate::{OutboundPolicy, Refused, Timeouts, UpstreamError, wire::Wire};

/// The one way out of the program. The address that was checked is the address that is connected:
/// there is no second resolution, and a literal address is checked like any other.
///
/// It knows no proxy: the environment's proxy variables are not read.
#[derive(Clone)]
pub(crate) struct Connector {
    shared: Arc<Shared>,
    observer: Option<Observer>,
}

/// A step of opening a connection that is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// The name is resolved, or was an address.
    Dns,
    /// An address accepted the connection.
    Connect,
    /// The handshake is done; with plain http there is none.
    Tls,
}

/// Hears of each phase as it is done.
pub(crate) type Observer = Arc<dyn Fn(Phase) + Send + Sync>;

/// An address of a host, and why it is not called, if it is not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resolved {
    /// The address.
    pub address: IpAddr,
    /// What the policy has against it.
    pub refused: Option<Refused>,
}

struct Shared {
    policy: OutboundPolicy,
    timeouts: Timeouts,
    tls: TlsConnector,
}

/// Where a URI leads.
struct Target {
    host: String,
    port: u16,
    tls: bool,
}

/// Why there is no connection. Nothing of the request but its host is in the words.
#[derive(Debug, Clone, thiserror::Error)]
pub enum ConnectError {
    /// The name cannot be resolved, or not in time.
    #[error("cannot resolve `{host}`: {source}")]
    Dns {
        /// The name.
        host: String,
        /// What the resolver said.
        source: Arc<io::Error>,
    },
    /// Every address of the host is against the policy.
    #[error("`{host}` is not called: {source}")]
    Refused {
        /// The host.
        host: String,
        /// Why the first of its addresses is refused.
        source: Refused,
    },
    /// No address accepted the connection in time.
    #[error("cannot connect to `{host}`: {source}")]
    Connect {
        /// The host.
        host: String,
        /// What the last address said.
        source: Arc<io::Error>,
    },
    /// The handshake failed: wrong name, unknown issuer, expired, not TLS, or not in time.
    #[error("no TLS with `{host}`: {source}")]
    Tls {
        /// The host.
        host: String,
        /// What the handshake said.
        source: Arc<io::Error>,
    },
}

// === impl Connector ===

impl Connector {
    pub(crate) fn new(
        policy: OutboundPolicy,
        timeouts: Timeouts,
        authorities: impl IntoIterator<Item = CertificateDer<'static>>,
    ) -> Result<Self, UpstreamError> {
        let tls = TlsConnector::from(Arc::new(tls_config(authorities)?));
        Ok(Self { shared: Arc::new(Shared { policy, timeouts, tls }), observer: None })
    }

    /// The same way out, with someone who hears of each phase.
    pub(crate) fn observed(&self, observer: Observer) -> Self {
        Self { shared: Arc::clone(&self.shared), observer: Some(observer) }
    }

    /// Every address of a host with what the policy says of it.
    pub(crate) async fn resolve(&self, uri: &Uri) -> Result<Vec<Resolved>, ConnectError> {
        let target = Target::of(uri);
        let addresses = self.shared.resolve(&target).await?;
        let judged = |address: SocketAddr| Resolved {
            address: address.ip(),
            refused: self.shared.policy.check_target(address, target.tls).err(),
        };
        Ok(addresses.into_iter().map(judged).collect())
    }

    async fn open(&self, target: &Target) -> Result<Wire, ConnectError> {
        let shared = &self.shared;
        let addresses = shared.resolve(target).await?;
        self.tell(Phase::Dns);
        let allowed = shared.allowed(target, addresses)?;
        let stream = shared.connect(target, allowed).await?;
        self.tell(Phase::Connect);
        if !target.tls {
            return Ok(Wire::Plain(stream));
        }
        let wire = shared.handshake(target, stream).await?;
        self.tell(Phase::Tls);
        Ok(wire)
    }

    fn tell(&self, phase: Phase) {
        if let Some(observer) = &self.observer {
            observer(phase);
        }
    }
}

impl Service<Uri> for Connector {
    type Response = TokioIo<Wire>;
    type Error = ConnectError;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, ConnectError>> + Send>>;

    fn poll_ready(&mut self, _cx: &mut Context<'_>) -> Poll<Result<(), ConnectError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        let connector = self.clone();
        Box::pin(async move { connector.open(&Target::of(&uri)).await.map(TokioIo::new) })
    }
}

// === impl Shared ===

impl Shared {
    async fn resolve(&self, target: &Target) -> Result<Vec<SocketAddr>, ConnectError> {
        if let Ok(literal) = target.host.parse::<IpAddr>() {
            return Ok(vec![SocketAddr::new(literal, target.port)]);
        }
        let lookup = lookup_host((target.host.as_str(), target.port));
        match within(self.timeouts.dns, lookup).await {
            Ok(addresses) => Ok(addresses.collect()),
            Err(source) => Err(ConnectError::Dns { host: target.host.clone(), source }),
        }
    }

    /// The addresses the policy lets through; with none left, why the first was refused.
    fn allowed(
        &self,
        target: &Target,
        addresses: Vec<SocketAddr>,
    ) -> Result<Vec<SocketAddr>, ConnectError> {
        let mut refused = None;
        let mut allowed = Vec::with_capacity(addresses.len());
        for address in addresses {
            match self.policy.check_target(address, target.tls) {
                Ok(()) => allowed.push(address),
                Err(reason) => refused = refused.or(Some(reason)),
            }
        }
        match refused {
            Some(source) if allowed.is_empty() => Err(target.refused(source)),
            _ => Ok(allowed),
        }
    }

    /// Tries one address after the other, each with an equal share of the time that is left.
    async fn connect(
        &self,
        target: &Target,
        addresses: Vec<SocketAddr>,
    ) -> Result<TcpStream, ConnectError> {
        let deadline = Instant::now() + self.timeouts.connect;
        let mut last = io::Error::new(io::ErrorKind::NotFound, "the name has no address").into();
        for (left, address) in (1..=addresses.len()).rev().zip(addresses) {
            let budget = deadline.saturating_duration_since(Instant::now());
            let share = budget / u32::try_from(left).unwrap_or(u32::MAX);
            match within(share, TcpStream::connect(address)).await {
                Ok(stream) => return self.admit(target, stream),
                Err(source) => last = source,
            }
        }
        Err(ConnectError::Connect { host: target.host.clone(), source: last })
    }

    fn admit(&self, target: &Target, stream: TcpStream) -> Result<TcpStream, ConnectError> {
        let failed = |source: io::Error| ConnectError::Connect {
            host: target.host.clone(),
            source: Arc::new(source),
        };
        let local = stream.local_addr().map_err(failed)?;
        let peer = stream.peer_addr().map_err(failed)?;
        self.policy
            .check_connected(local, peer, target.tls)
            .map_err(|source| target.refused(source))?;
        stream.set_nodelay(true).map_err(failed)?;
        Ok(stream)
    }

    async fn handshake(&self, target: &Target, stream: TcpStream) -> Result<Wire, ConnectError> {
        let failed = |source| ConnectError::Tls { host: target.host.clone(), source };
        let name = ServerName::try_from(target.host.clone()).map_err(|error| {
            failed(Arc::new(io::Error::new(io::ErrorKind::InvalidInput, error)))
        })?;
        let stream =
            within(self.timeouts.tls, self.tls.connect(name, stream)).await.map_err(failed)?;
        Ok(Wire::Tls(Box::new(stream)))
    }
}

// === impl Target ===

impl Target {
    fn of(uri: &Uri) -> Self {
        let tls = uri.scheme_str() != Some("http");
        let host = uri.host().unwrap_or_default();
        // An IPv6 address stands in brackets in a URI and nowhere else.
        let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
        let port = uri.port_u16().unwrap_or(if tls { 443 } else { 80 });
        Self { host: bare.to_owned(), port, tls }
    }

    fn refused(&self, source: Refused) -> ConnectError {
        ConnectError::Refused { host: self.host.clone(), source }
    }
}

async fn within<T>(
    deadline: Duration,
    step: impl Future<Output = io::Result<T>>,
) -> Result<T, Arc<io::Error>> {
    match timeout(deadline, step).await {
        Ok(Ok(done)) => Ok(done),
        Ok(Err(error)) => Err(Arc::new(error)),
        Err(_) => {
            let words = format!("no answer within {deadline:?}");
            Err(Arc::new(io::Error::new(io::ErrorKind::TimedOut, words)))
        }
    }
}

/// Trusts the public certificate authorities, compiled in because an empty container image has none
/// of its own, and these.
fn tls_config(
    authorities: impl IntoIterator<Item = CertificateDer<'static>>,
) -> Result<ClientConfig, UpstreamError> {
    let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    for authority in authorities {
        roots.add(authority).map_err(UpstreamError::Authority)?;
    }
    let provider = Arc::new(aws_lc_rs::default_provider());
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(UpstreamError::Tls)?
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(config)
}
