//! Reaches one host: resolve, check against the policy, connect, check again, TLS.

use std::{future::Future, io, net::SocketAddr, sync::Arc, time::Duration};

use rustls::{
    ClientConfig, RootCertStore,
    crypto::aws_lc_rs,
    pki_types::{CertificateDer, ServerName},
};
use tokio::{
    net::TcpStream,
    time::{Instant, timeout},
};
use tokio_rustls::TlsConnector;

use crate::{
    ConnectError, OutboundPolicy, Refused, Timeouts, UpstreamError,
    destination::Destination,
    network::{Network, is_here},
    wire::Wire,
};

/// The one way out of the program. The address that was checked is the address that is connected:
/// there is no second resolution, and a literal address is checked like any other.
pub(crate) struct Dialer {
    pub(crate) policy: OutboundPolicy,
    pub(crate) timeouts: Timeouts,
    tls: TlsConnector,
    network: Network,
}

// === impl Dialer ===

impl Dialer {
    pub(crate) fn new(
        policy: OutboundPolicy,
        timeouts: Timeouts,
        authorities: impl IntoIterator<Item = CertificateDer<'static>>,
    ) -> Result<Self, UpstreamError> {
        let tls = TlsConnector::from(Arc::new(tls_config(authorities)?));
        Ok(Self { policy, timeouts, tls, network: Network::system() })
    }

    /// The same over another network.
    pub(crate) fn over(&self, network: Network) -> Self {
        let Self { policy, timeouts, tls, .. } = self;
        Self { policy: policy.clone(), timeouts: *timeouts, tls: tls.clone(), network }
    }

    pub(crate) async fn resolve(&self, to: &Destination) -> Result<Vec<SocketAddr>, ConnectError> {
        if let Some(literal) = to.literal() {
            return Ok(vec![literal]);
        }
        let lookup = self.network.resolve(&to.host, to.port);
        within(self.timeouts.dns, lookup)
            .await
            .map_err(|source| ConnectError::Dns { host: to.host.clone(), source })
    }

    /// The addresses the policy lets through; with none left, why the first was refused.
    pub(crate) async fn allowed(
        &self,
        to: &Destination,
        addresses: Vec<SocketAddr>,
    ) -> Result<Vec<SocketAddr>, ConnectError> {
        let own = self.own_stores(to.port).await?;
        let mut refused = None;
        let mut allowed = Vec::with_capacity(addresses.len());
        for address in addresses {
            match self.judge(address, to, &own) {
                Ok(()) => allowed.push(address),
                Err(reason) => refused = refused.or(Some(reason)),
            }
        }
        match refused {
            Some(source) if allowed.is_empty() => Err(to.refused(source)),
            _ => Ok(allowed),
        }
    }

    /// What there is against one address of a host.
    pub(crate) fn judge(
        &self,
        address: SocketAddr,
        to: &Destination,
        own_stores: &[SocketAddr],
    ) -> Result<(), Refused> {
        self.policy.check_target(address, to.is_covered())?;
        let mut here = None;
        let mut is_here_too = || *here.get_or_insert_with(|| is_here(address.ip()));
        if self.policy.listens_everywhere_on(address.port()) && is_here_too() {
            return Err(Refused::OwnListener(address));
        }
        for own in own_stores {
            let same = own.ip().to_canonical() == address.ip().to_canonical();
            if same || (is_here(own.ip()) && is_here_too()) {
                return Err(Refused::OwnStore(address));
            }
        }
        Ok(())
    }

    /// The addresses of our own database, where it listens on this port. Names that do not resolve
    /// refuse the call: what is not known to be another place may be that one.
    pub(crate) async fn own_stores(&self, port: u16) -> Result<Vec<SocketAddr>, ConnectError> {
        let mut addresses = Vec::new();
        for host in self.policy.own_stores_on(port) {
            let to = Destination { host: host.to_owned(), port, tls: true, confidential: false };
            addresses.extend(self.resolve(&to).await?);
        }
        Ok(addresses)
    }

    /// Tries one address after the other, each with an equal share of the time that is left.
    pub(crate) async fn connect(
        &self,
        to: &Destination,
        addresses: Vec<SocketAddr>,
    ) -> Result<TcpStream, ConnectError> {
        let deadline = Instant::now() + self.timeouts.connect;
        let mut last = io::Error::new(io::ErrorKind::NotFound, "the name has no address").into();
        for (left, address) in (1..=addresses.len()).rev().zip(addresses) {
            let budget = deadline.saturating_duration_since(Instant::now());
            let share = budget / u32::try_from(left).unwrap_or(u32::MAX);
            match within(share, self.network.dial(address)).await {
                Ok(stream) => return self.admit(to, stream),
                Err(source) => last = source,
            }
        }
        Err(ConnectError::Connect { host: to.host.clone(), source: last })
    }

    fn admit(&self, to: &Destination, stream: TcpStream) -> Result<TcpStream, ConnectError> {
        let failed = |source: io::Error| ConnectError::Connect {
            host: to.host.clone(),
            source: Arc::new(source),
        };
        let local = stream.local_addr().map_err(failed)?;
        let peer = stream.peer_addr().map_err(failed)?;
        self.policy
            .check_connected(local, peer, to.is_covered())
            .map_err(|source| to.refused(source))?;
        stream.set_nodelay(true).map_err(failed)?;
        Ok(stream)
    }

    pub(crate) async fn handshake(
        &self,
        to: &Destination,
        wire: Wire,
    ) -> Result<Wire, ConnectError> {
        let failed = |source| ConnectError::Tls { host: to.host.clone(), source };
        let name = ServerName::try_from(to.host.clone()).map_err(|error| {
            failed(Arc::new(io::Error::new(io::ErrorKind::InvalidInput, error)))
        })?;
        let stream =
            within(self.timeouts.tls, self.tls.connect(name, wire)).await.map_err(failed)?;
        Ok(Wire::Tls(Box::new(stream)))
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
