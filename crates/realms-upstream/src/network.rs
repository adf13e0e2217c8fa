//! How names become addresses and addresses become connections.

use std::{
    fmt,
    future::Future,
    io,
    net::{IpAddr, SocketAddr, UdpSocket},
    pin::Pin,
    sync::Arc,
};

use tokio::net::{TcpStream, lookup_host};

/// The addresses of a name, on their way.
pub type Resolving = Pin<Box<dyn Future<Output = io::Result<Vec<SocketAddr>>> + Send>>;

/// A connection, on its way.
pub type Dialing = Pin<Box<dyn Future<Output = io::Result<TcpStream>> + Send>>;

type Resolve = dyn Fn(&str, u16) -> Resolving + Send + Sync;
type Dial = dyn Fn(SocketAddr) -> Dialing + Send + Sync;

/// The resolver and the sockets below the connector. A test puts its own in their place, to see which
/// addresses would be connected without a network that has them.
#[derive(Clone)]
pub struct Network {
    resolve: Arc<Resolve>,
    dial: Arc<Dial>,
}

// === impl Network ===

impl Network {
    /// Those of the system.
    pub fn system() -> Self {
        Self::new(
            |host, port| {
                let host = host.to_owned();
                Box::pin(
                    async move { lookup_host((host.as_str(), port)).await.map(Iterator::collect) },
                )
            },
            |address| Box::pin(TcpStream::connect(address)),
        )
    }

    /// Others.
    pub fn new(
        resolve: impl Fn(&str, u16) -> Resolving + Send + Sync + 'static,
        dial: impl Fn(SocketAddr) -> Dialing + Send + Sync + 'static,
    ) -> Self {
        Self { resolve: Arc::new(resolve), dial: Arc::new(dial) }
    }

    pub(crate) fn resolve(&self, host: &str, port: u16) -> Resolving {
        (self.resolve)(host, port)
    }

    pub(crate) fn dial(&self, address: SocketAddr) -> Dialing {
        (self.dial)(address)
    }
}

impl fmt::Debug for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Network").finish_non_exhaustive()
    }
}

/// Whether an address is one of this machine's. Only such an address can be bound.
pub(crate) fn is_here(address: IpAddr) -> bool {
    let address = address.to_canonical();
    address.is_loopback() || address.is_unspecified() || UdpSocket::bind((address, 0)).is_ok()
}
