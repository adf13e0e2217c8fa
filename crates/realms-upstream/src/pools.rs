//! The pools of connections: one for straight calls, and one of its own for each proxy in use.

use std::{collections::HashMap, sync::Arc};

use hyper_util::{
    client::legacy::Client,
    rt::{TokioExecutor, TokioTimer},
};
use parking_lot::Mutex;
use realms_types::Proxy;
use tokio::time::Instant;

use crate::{Timeouts, connector::Connector, segments::Segments};

/// Connections kept for one host while nobody uses them.
const MOST_IDLE: usize = 512;
/// The largest block of response headers, and the most that is read ahead of a slow client.
const MOST_BUFFERED: usize = 64 * 1024;
/// Pools kept for proxies. Beyond that the one that was used longest ago goes.
const MOST_PROXIES: usize = 256;

/// One pool.
pub(crate) type Pool = Client<Connector, Segments>;

/// All pools. A connection belongs to the one it was opened for: what was opened through a proxy, or
/// with another login at it, is never given to a call that does not go that way.
#[derive(Clone)]
pub(crate) struct Pools {
    straight: Pool,
    proxied: Arc<Mutex<HashMap<Arc<Proxy>, Kept>>>,
    connector: Connector,
    timeouts: Timeouts,
}

struct Kept {
    pool: Pool,
    used: Instant,
}

// === impl Pools ===

impl Pools {
    pub(crate) fn new(connector: Connector, timeouts: Timeouts) -> Self {
        let straight = pool(connector.clone(), timeouts);
        Self { straight, proxied: Arc::default(), connector, timeouts }
    }

    /// The pool of calls that go this way.
    pub(crate) fn find(&self, proxy: Option<&Arc<Proxy>>) -> Pool {
        proxy.map_or_else(|| self.straight.clone(), |proxy| self.through(proxy, Instant::now()))
    }

    pub(crate) const fn straight(&self) -> &Pool {
        &self.straight
    }

    fn through(&self, proxy: &Arc<Proxy>, now: Instant) -> Pool {
        let mut proxied = self.proxied.lock();
        if let Some(kept) = proxied.get_mut(proxy) {
            kept.used = now;
            return kept.pool.clone();
        }
        // Their connections are closed by then, or are with calls that no longer need the pool.
        let idle = self.timeouts.pool_idle;
        proxied.retain(|_, kept| now.saturating_duration_since(kept.used) < idle);
        if proxied.len() >= MOST_PROXIES {
            let oldest = proxied.iter().min_by_key(|(_, kept)| kept.used);
            if let Some(oldest) = oldest.map(|(proxy, _)| Arc::clone(proxy)) {
                proxied.remove(&oldest);
            }
        }
        let pool = pool(self.connector.through(Arc::clone(proxy)), self.timeouts);
        proxied.insert(Arc::clone(proxy), Kept { pool: pool.clone(), used: now });
        pool
    }
}

fn pool(connector: Connector, timeouts: Timeouts) -> Pool {
    Client::builder(TokioExecutor::new())
        .pool_idle_timeout(timeouts.pool_idle)
        .pool_max_idle_per_host(MOST_IDLE)
        .pool_timer(TokioTimer::new())
        .timer(TokioTimer::new())
        .http1_max_buf_size(MOST_BUFFERED)
        .retry_canceled_requests(true)
        .set_host(true)
        .build(connector)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::{OutboundPolicy, dialer::Dialer};

    fn proxy(number: usize) -> Arc<Proxy> {
        Arc::new(format!("http://u:{number}@proxy.example").parse().unwrap())
    }

    #[tokio::test]
    async fn pools_are_bounded_and_unused_ones_go() {
        let timeouts = Timeouts::default();
        let dialer = Dialer::new(OutboundPolicy::default(), timeouts, []).unwrap();
        let pools = Pools::new(Connector::new(dialer), timeouts);
        let begun = Instant::now();
        let after = |number: usize| begun + Duration::from_millis(number as u64);
        for number in 0..MOST_PROXIES + 10 {
            pools.through(&proxy(number), after(number));
        }
        assert_eq!(pools.proxied.lock().len(), MOST_PROXIES);
        assert!(!pools.proxied.lock().contains_key(&proxy(0)), "the oldest goes");
        let last = after(MOST_PROXIES + 10);
        pools.through(&proxy(MOST_PROXIES), last);
        pools.through(&proxy(1), last + timeouts.pool_idle / 2);
        assert_eq!(pools.proxied.lock().len(), MOST_PROXIES, "all are in use");
        pools.through(&proxy(2), last + timeouts.pool_idle);
        let kept = pools.proxied.lock();
        assert_eq!((kept.len(), kept.contains_key(&proxy(1))), (2, true));
    }
}
