//! The accept loop: connections with deadlines and bounds, drained at the end.
//!
//! Our own because a connection must not be able to hold a place by saying nothing, saying little, or
//! reading nothing.

mod guard;
mod meta;

use std::{
    collections::HashMap,
    net::{IpAddr, Ipv6Addr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use axum::Router;
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::{conn::auto, graceful::GracefulShutdown},
    service::TowerToHyperService,
};
use parking_lot::Mutex;
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore},
    time::{sleep, timeout},
};
use tokio_util::sync::CancellationToken;

use self::guard::{Activity, Guard};
pub(crate) use self::meta::MetaLayer;

/// Deadlines and bounds of connections.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ServerLimits {
    /// Connections at once.
    pub connections: usize,
    /// Connections at once from one address (one /64 of IPv6).
    pub connections_per_ip: usize,
    /// Bytes of the header block.
    pub header_bytes: usize,
    /// Headers.
    pub headers: usize,
    /// From the accept to the first byte.
    pub first_byte: Duration,
    /// From the first byte of a request to the end of its headers.
    pub header: Duration,
    /// Between two requests.
    pub keep_alive: Duration,
    /// How long a client may leave what was sent unread.
    pub write_stall: Duration,
}

/// Listens and serves until it is told to stop.
#[derive(Debug)]
pub(crate) struct Server {
    listener: TcpListener,
    limits: ServerLimits,
    router: Router,
    meta: MetaLayer,
    places: Arc<Semaphore>,
    per_ip: PerIp,
}

/// Places taken by each address.
#[derive(Debug, Clone, Default)]
struct PerIp(Arc<Mutex<HashMap<IpAddr, usize>>>);

/// A place that is given back when the connection ends.
#[derive(Debug)]
struct Place {
    _permit: OwnedSemaphorePermit,
    counted: Option<(PerIp, IpAddr)>,
}

// === impl Server ===

impl Server {
    pub(crate) fn new(
        listener: TcpListener,
        router: Router,
        meta: MetaLayer,
        limits: ServerLimits,
    ) -> Self {
        let places = Arc::new(Semaphore::new(limits.connections));
        Self { listener, limits, router, meta, places, per_ip: PerIp::default() }
    }

    /// Serves until `stop`, then takes no more connections and waits until those it has are done, or
    /// until `abandon`.
    pub(crate) async fn run(self, stop: CancellationToken, abandon: CancellationToken) {
        let graceful = GracefulShutdown::new();
        let builder = self.builder();
        loop {
            let accepted = tokio::select! {
                () = stop.cancelled() => break,
                accepted = self.listener.accept() => accepted,
            };
            match accepted {
                Ok((stream, peer)) => {
                    if let Some(place) = self.place(peer.ip()) {
                        self.spawn(&builder, &graceful, stream, peer, place);
                    }
                }
                Err(error) => {
                    // Out of file descriptors, most likely: give the others time to end.
                    tracing::warn!(%error, "cannot accept a connection");
                    sleep(Duration::from_millis(100)).await;
                }
            }
        }
        drop(self.listener);
        tokio::select! {
            () = graceful.shutdown() => {}
            () = abandon.cancelled() => tracing::warn!("connections are left behind"),
        }
    }

    fn builder(&self) -> auto::Builder<TokioExecutor> {
        let mut builder = auto::Builder::new(TokioExecutor::new());
        builder
            .http1()
            .timer(TokioTimer::new())
            // Between two requests; within one the guard's own deadline is shorter.
            .header_read_timeout(self.limits.keep_alive)
            .max_buf_size(self.limits.header_bytes.max(8192))
            .max_headers(self.limits.headers)
            .half_close(false);
        builder
            .http2()
            .timer(TokioTimer::new())
            .max_concurrent_streams(128)
            .max_header_list_size(u32::try_from(self.limits.header_bytes).unwrap_or(u32::MAX))
            .keep_alive_interval(Duration::from_secs(20))
            .keep_alive_timeout(Duration::from_secs(10));
        builder
    }

    fn spawn(
        &self,
        builder: &auto::Builder<TokioExecutor>,
        graceful: &GracefulShutdown,
        stream: TcpStream,
        peer: SocketAddr,
        place: Place,
    ) {
        let activity = Arc::new(Activity::default());
        let service = self.meta.service(self.router.clone(), peer.ip(), Arc::clone(&activity));
        let (limits, builder, watcher) = (self.limits, builder.clone(), graceful.watcher());
        tokio::spawn(async move {
            let _ = stream.set_nodelay(true);
            // Peeked, not awaited as readable: readiness may be reported without a byte behind it.
            if timeout(limits.first_byte, stream.peek(&mut [0])).await.is_err() {
                return;
            }
            // The place goes with the bytes: a connection that is upgraded outlives this task.
            let guarded = Guard::new(stream, activity, limits.header, limits.write_stall, place);
            let connection = builder
                .serve_connection_with_upgrades(
                    TokioIo::new(guarded),
                    TowerToHyperService::new(service),
                )
                .into_owned();
            if let Err(error) = watcher.watch(connection).await {
                tracing::debug!(%error, client.address = %peer.ip(), "connection ended");
            }
        });
    }

    /// A place for a connection; `None` when there is none, and the connection is closed.
    fn place(&self, address: IpAddr) -> Option<Place> {
        let permit = Arc::clone(&self.places).try_acquire_owned().ok()?;
        if self.meta.trusts(address) {
            // Behind a proxy stand many clients.
            return Some(Place { _permit: permit, counted: None });
        }
        let address = neighbourhood(address);
        let mut taken = self.per_ip.0.lock();
        let count = taken.entry(address).or_insert(0);
        if *count >= self.limits.connections_per_ip {
            return None;
        }
        *count += 1;
        Some(Place { _permit: permit, counted: Some((self.per_ip.clone(), address)) })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let Some((per_ip, address)) = &self.counted else { return };
        let mut taken = per_ip.0.lock();
        if let Some(count) = taken.get_mut(address) {
            *count -= 1;
            if *count == 0 {
                taken.remove(address);
            }
        }
    }
}

/// Whoever has one IPv6 address has the whole /64.
fn neighbourhood(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() & !u128::from(u64::MAX))),
        v4 @ IpAddr::V4(_) => v4,
    }
}
