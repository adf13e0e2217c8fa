//! Opens connections for a pool: straight, or through the one proxy the pool belongs to.

use std::{
    future::Future,
    net::{IpAddr, SocketAddr},
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use http::Uri;
use hyper_util::rt::TokioIo;
use realms_types::Proxy;
use tower::Service;

use crate::{
    ConnectError, Network, Refused, destination::Destination, dialer::Dialer, tunnel, wire::Wire,
};

/// Opens connections. The environment's proxy variables are not read; one with a proxy never connects
/// without it.
#[derive(Clone)]
pub(crate) struct Connector {
    dialer: Arc<Dialer>,
    proxy: Option<Arc<Proxy>>,
    observer: Option<Observer>,
}

/// A step of opening a connection that is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// The name is resolved, or was an address; through a proxy: that of the proxy.
    Dns,
    /// An address accepted the connection; through a proxy: the proxy leads there.
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

// === impl Connector ===

impl Connector {
    pub(crate) fn new(dialer: Dialer) -> Self {
        Self { dialer: Arc::new(dialer), proxy: None, observer: None }
    }

    /// The same way out, with someone who hears of each phase.
    pub(crate) fn observed(&self, observer: Observer) -> Self {
        Self { observer: Some(observer), ..self.clone() }
    }

    /// The same way out through a proxy.
    pub(crate) fn through(&self, proxy: Arc<Proxy>) -> Self {
        Self { proxy: Some(proxy), ..self.clone() }
    }

    /// The same way out over another network.
    pub(crate) fn over(&self, network: Network) -> Self {
        Self { dialer: Arc::new(self.dialer.over(network)), ..self.clone() }
    }

    pub(crate) fn dialer(&self) -> &Dialer {
        &self.dialer
    }

    /// Every address of a host with what the policy says of it.
    pub(crate) async fn resolve(&self, uri: &Uri) -> Result<Vec<Resolved>, ConnectError> {
        let to = Destination::of(uri);
        let own = self.dialer.own_stores(to.port).await?;
        let addresses = self.dialer.resolve(&to).await?;
        let judged = |address: SocketAddr| Resolved {
            address: address.ip(),
            refused: self.dialer.judge(address, &to, &own).err(),
        };
        Ok(addresses.into_iter().map(judged).collect())
    }

    /// Opens one connection.
    pub(crate) async fn open(&self, to: &Destination) -> Result<Wire, ConnectError> {
        let told = || self.tell(Phase::Dns);
        let wire = match &self.proxy {
            None => self.open_straight(to).await?,
            Some(proxy) => tunnel::open(&self.dialer, proxy, to, &told).await?,
        };
        self.tell(Phase::Connect);
        if !to.tls {
            return Ok(wire);
        }
        let wire = self.dialer.handshake(to, wire).await?;
        self.tell(Phase::Tls);
        Ok(wire)
    }

    async fn open_straight(&self, to: &Destination) -> Result<Wire, ConnectError> {
        let addresses = self.dialer.resolve(to).await?;
        self.tell(Phase::Dns);
        let allowed = self.dialer.allowed(to, addresses).await?;
        self.dialer.connect(to, allowed).await.map(Wire::Plain)
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
        Box::pin(async move { connector.open(&Destination::of(&uri)).await.map(TokioIo::new) })
    }
}
