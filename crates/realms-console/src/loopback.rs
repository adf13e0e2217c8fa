//! Where a browser comes back to from a log-in at a vendor, if it runs on the machine of Realms.
//!
//! The vendor knows one address for every installation, on the loopback. While log-ins are under way this
//! listens there, and sends the browser on to the console that it came from; the log-in ends there, under the
//! session that began it. Nothing is decided here, and the code stays in the fragment, which no log of a server
//! sees. Where nothing can listen, the address is pasted as before.

use std::{collections::HashMap, fmt, net::SocketAddr, sync::Arc, time::Duration};

use axum::{
    Router,
    extract::{RawQuery, State},
    response::{IntoResponse as _, Response},
    routing::get,
};
use http::{HeaderValue, StatusCode, header};
use parking_lot::Mutex;
use realms_types::{SharedClock, Timestamp};
use tokio::{net::TcpListener, time::interval};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use url::{Url, form_urlencoded};

/// Where the vendor sends browsers back to.
const CALLBACK: &str = "/auth/callback";
/// How long a log-in may take.
const LIFE: Duration = Duration::from_mins(30);
/// How often it is looked whether anybody is still away.
const LOOK: Duration = Duration::from_secs(15);
/// So many may be away at once; others paste.
const MOST: usize = 64;
/// No vendor sends back more.
const LONGEST: usize = 8 * 1024;

const UNKNOWN: &str = "No log-in that is under way ends here. Begin again in the console of Realms.\n\
                       这里没有正在进行的登录。请在 Realms 控制台重新开始。\n";

/// Brings browsers back to the console; by default nothing does. Cheap to clone.
#[derive(Clone, Default)]
pub struct Loopback(Option<Arc<Inner>>);

struct Inner {
    address: SocketAddr,
    clock: SharedClock,
    tasks: TaskTracker,
    stopping: CancellationToken,
    away: Mutex<Away>,
}

/// Who is away, by the state that comes back with them.
#[derive(Default)]
struct Away {
    homes: HashMap<String, Home>,
    /// Whether something listens for them.
    listens: bool,
}

struct Home {
    console: Url,
    until: Timestamp,
}

// === impl Loopback ===

impl fmt::Debug for Loopback {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let address = self.0.as_ref().map(|inner| inner.address);
        f.debug_tuple("Loopback").field(&address).finish()
    }
}

impl Loopback {
    /// Listens at this address while anybody is away; without one, never.
    pub fn new(
        address: Option<SocketAddr>,
        clock: SharedClock,
        tasks: TaskTracker,
        stopping: CancellationToken,
    ) -> Self {
        let away = Mutex::default();
        let inner = |address| Arc::new(Inner { address, clock, tasks, stopping, away });
        Self(address.map(inner))
    }

    /// Awaits a browser that was sent away to `log_in` from this console. `false`: it will not come back here.
    pub(crate) async fn awaits(&self, log_in: &Url, console: Url) -> bool {
        let Some(inner) = &self.0 else { return false };
        let Some(state) = state_in(log_in.query().unwrap_or_default()) else { return false };
        let must_listen = {
            let mut away = inner.away.lock();
            let now = inner.clock.now();
            away.homes.retain(|_, home| home.until > now);
            if away.homes.len() >= MOST {
                return false;
            }
            away.homes.insert(state, Home { console, until: now + LIFE });
            !std::mem::replace(&mut away.listens, true)
        };
        !must_listen || Inner::listen(inner).await
    }
}

// === impl Inner ===

impl Inner {
    async fn listen(this: &Arc<Self>) -> bool {
        match TcpListener::bind(this.address).await {
            Ok(listener) => {
                this.tasks.spawn(Self::serve(Arc::clone(this), listener));
                true
            }
            Err(error) => {
                tracing::info!(address = %this.address, %error, "log-ins cannot come back here");
                *this.away.lock() = Away::default();
                false
            }
        }
    }

    async fn serve(this: Arc<Self>, listener: TcpListener) {
        let router = Router::new().route(CALLBACK, get(come_back)).with_state(Arc::clone(&this));
        tokio::select! {
            _ = axum::serve(listener, router).into_future() => {}
            () = this.nobody_is_away() => {}
            () = this.stopping.cancelled() => {}
        }
    }

    async fn nobody_is_away(&self) {
        let mut looks = interval(LOOK);
        loop {
            looks.tick().await;
            let mut away = self.away.lock();
            let now = self.clock.now();
            away.homes.retain(|_, home| home.until > now);
            if away.homes.is_empty() {
                away.listens = false;
                return;
            }
        }
    }

    /// Where the browser goes that came back with this.
    fn way_home(&self, query: &str) -> Option<HeaderValue> {
        if query.len() > LONGEST {
            return None;
        }
        let state = state_in(query)?;
        let away = self.away.lock();
        let home = away.homes.get(&state).filter(|home| home.until > self.clock.now())?;
        let mut console = home.console.join("/admin/accounts").ok()?;
        console.set_fragment(Some(query));
        HeaderValue::from_str(console.as_str()).ok()
    }
}

async fn come_back(State(inner): State<Arc<Inner>>, RawQuery(query): RawQuery) -> Response {
    let Some(place) = inner.way_home(&query.unwrap_or_default()) else {
        return (StatusCode::NOT_FOUND, UNKNOWN).into_response();
    };
    let headers = [
        (header::LOCATION, place),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    ];
    (StatusCode::SEE_OTHER, headers).into_response()
}

fn state_in(query: &str) -> Option<String> {
    let mut pairs = form_urlencoded::parse(query.as_bytes());
    let found = pairs.find(|(name, _)| name == "state");
    found.map(|(_, value)| value.into_owned()).filter(|value| !value.is_empty())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use realms_types::SystemClock;
    use tokio::{
        io::{AsyncReadExt as _, AsyncWriteExt as _},
        net::TcpStream,
    };

    use super::*;

    const AWAY: &str = "https://vendor.example/authorize?client_id=c&state=oauth_1";

    async fn free() -> SocketAddr {
        TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap()
    }

    fn at(address: Option<SocketAddr>) -> Loopback {
        let clock: SharedClock = Arc::new(SystemClock);
        Loopback::new(address, clock, TaskTracker::new(), CancellationToken::new())
    }

    async fn sent_away(loopback: &Loopback) -> bool {
        let console = "http://127.0.0.1:8080".parse().unwrap();
        loopback.awaits(&AWAY.parse().unwrap(), console).await
    }

    /// The head of the answer to a browser that comes back.
    async fn back(address: SocketAddr, path: &str) -> String {
        let mut stream = TcpStream::connect(address).await.unwrap();
        let request =
            format!("GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        answer
    }

    #[tokio::test]
    async fn a_browser_is_sent_home_with_what_it_came_back_with() {
        let address = free().await;
        let loopback = at(Some(address));
        assert!(sent_away(&loopback).await);
        let answer = back(address, "/auth/callback?code=c%2F1&state=oauth_1").await;
        assert!(answer.starts_with("HTTP/1.1 303"), "{answer}");
        let home = "location: http://127.0.0.1:8080/admin/accounts#code=c%2F1&state=oauth_1\r\n";
        assert!(answer.contains(home), "{answer}");
        assert!(answer.contains("referrer-policy: no-referrer"), "{answer}");
        for path in
            ["/auth/callback?code=c&state=oauth_2", "/auth/callback", "/", "/admin/accounts"]
        {
            let answer = back(address, path).await;
            assert!(answer.starts_with("HTTP/1.1 404"), "{path}: {answer}");
        }
    }

    #[tokio::test]
    async fn where_nothing_can_listen_the_address_is_pasted() {
        assert!(!sent_away(&at(None)).await);
        let taken = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let loopback = at(Some(taken.local_addr().unwrap()));
        assert!(!sent_away(&loopback).await, "another program is there");
        drop(taken);
        assert!(sent_away(&loopback).await, "it is tried again");
    }
}
