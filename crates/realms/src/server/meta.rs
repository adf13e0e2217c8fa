//! What every request gets before it is routed: an id, its sender's address, its time.

use std::{
    convert::Infallible,
    future::Future,
    net::IpAddr,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};

use axum::{
    Router,
    body::Body,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderValue, Request, header};
use http_body::{Frame, SizeHint};
use hyper::body::Incoming;
use ipnet::IpNet;
use realms_types::{Ids, RequestMeta};
use tower::Service;

use super::guard::{Activity, Busy};

/// The longest id a client may bring along.
const LONGEST_ID: usize = 128;

/// The longest path with its query.
const LONGEST_URI: usize = 8 << 10;

/// Browsers that came by https once come by nothing else for a year. Of other hosts below this name
/// nothing is known here.
const HTTPS_ONLY: HeaderValue = HeaderValue::from_static("max-age=31536000");

/// Makes the meta of requests.
#[derive(Debug, Clone)]
pub(crate) struct MetaLayer(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    ids: Ids,
    trusted_proxies: Vec<IpNet>,
}

/// The service of one connection.
#[derive(Debug, Clone)]
pub(crate) struct Connection {
    layer: MetaLayer,
    router: Router,
    peer: IpAddr,
    activity: Arc<Activity>,
}

/// A response body that keeps its connection busy to its end.
struct BusyBody {
    body: Body,
    _busy: Busy,
}

// === impl MetaLayer ===

impl MetaLayer {
    pub(crate) fn new(ids: Ids, trusted_proxies: Vec<IpNet>) -> Self {
        Self(Arc::new(Inner { ids, trusted_proxies }))
    }

    pub(super) fn service(
        &self,
        router: Router,
        peer: IpAddr,
        activity: Arc<Activity>,
    ) -> Connection {
        Connection { layer: self.clone(), router, peer: peer.to_canonical(), activity }
    }

    fn meta(&self, headers: &HeaderMap, peer: IpAddr) -> RequestMeta {
        let id = self.0.ids.next_request();
        let from_client = client_id(headers);
        RequestMeta {
            id,
            shown: from_client.clone().unwrap_or_else(|| id.to_string().into()),
            from_client,
            client: self.client(headers, peer),
            https: self.https(headers, peer),
        }
    }

    /// Whether an address is a trusted proxy's.
    pub(super) fn trusts(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.0.trusted_proxies.iter().any(|network| network.contains(&address))
    }

    /// Whether a trusted proxy took this request by https.
    fn https(&self, headers: &HeaderMap, peer: IpAddr) -> bool {
        let proto = headers.get("x-forwarded-proto").and_then(|value| value.to_str().ok());
        let first = proto.and_then(|list| list.split(',').next()).unwrap_or_default();
        self.trusts(peer) && first.trim().eq_ignore_ascii_case("https")
    }

    /// The right-most address that no trusted proxy vouches for itself.
    fn client(&self, headers: &HeaderMap, peer: IpAddr) -> IpAddr {
        let trusted =
            |address: &IpAddr| self.0.trusted_proxies.iter().any(|net| net.contains(address));
        if !trusted(&peer) {
            return peer;
        }
        let hops = headers
            .get_all("x-forwarded-for")
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|list| list.split(','))
            .map(|hop| hop.trim().parse::<IpAddr>().map(|address| address.to_canonical()));
        let mut client = peer;
        for hop in hops.collect::<Vec<_>>().into_iter().rev() {
            let Ok(address) = hop else { break };
            client = address;
            if !trusted(&address) {
                break;
            }
        }
        client
    }
}

fn client_id(headers: &HeaderMap) -> Option<Arc<str>> {
    let id = headers.get("x-request-id")?.to_str().ok()?;
    let sound = !id.is_empty()
        && id.len() <= LONGEST_ID
        && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.:/+=".contains(&byte));
    sound.then(|| id.into())
}

// === impl Connection ===

impl Service<Request<Incoming>> for Connection {
    type Response = Response;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Incoming>) -> Self::Future {
        let busy = self.activity.enter();
        if request.uri().path_and_query().is_some_and(|path| path.as_str().len() > LONGEST_URI) {
            return Box::pin(async { Ok(too_long()) });
        }
        let mut request = request.map(Body::new);
        let meta = self.layer.meta(request.headers(), self.peer);
        let (shown, https) = (Arc::clone(&meta.shown), meta.https);
        request.extensions_mut().insert(meta);
        let answer = Service::<Request<Body>>::call(&mut self.router, request);
        let activity = Arc::clone(&self.activity);
        Box::pin(async move {
            let mut response = answer.await?;
            if response.status() == http::StatusCode::SWITCHING_PROTOCOLS {
                activity.enter_for_good();
            }
            if let Ok(id) = HeaderValue::from_str(&shown) {
                response.headers_mut().insert("x-request-id", id);
            }
            insist_on_https(response.headers_mut(), https);
            Ok(response.map(|body| Body::new(BusyBody { body, _busy: busy })))
        })
    }
}

fn insist_on_https(headers: &mut HeaderMap, https: bool) {
    if https {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HTTPS_ONLY);
    }
}

fn too_long() -> Response {
    let message = format!("the path and query are longer than {LONGEST_URI} bytes");
    let body =
        serde_json::json!({ "error": { "message": message, "type": "invalid_request_error" } });
    (http::StatusCode::URI_TOO_LONG, axum::Json(body)).into_response()
}

// === impl BusyBody ===

impl http_body::Body for BusyBody {
    type Data = bytes::Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<bytes::Bytes>, axum::Error>>> {
        Poll::Ready(ready!(Pin::new(&mut self.body).poll_frame(context)))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use realms_types::{Chance, SystemClock};

    use super::*;

    fn layer(trusted: &[&str]) -> MetaLayer {
        let ids = Ids::new(Arc::new(SystemClock), Chance::seeded(1));
        MetaLayer::new(ids, trusted.iter().map(|net| net.parse().unwrap()).collect())
    }

    fn headers(name: &'static str, value: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(
            http::HeaderName::from_static(name),
            HeaderValue::from_static(value),
        )])
    }

    #[test]
    fn a_sound_id_is_kept_and_any_other_is_replaced() {
        let peer = "10.0.0.1".parse().unwrap();
        let meta = layer(&[]).meta(&headers("x-request-id", "req-1"), peer);
        assert_eq!(&*meta.shown, "req-1");
        for bad in ["", "with space", "<script>"] {
            let meta = layer(&[]).meta(&headers("x-request-id", bad), peer);
            assert_eq!(*meta.shown, *meta.id.to_string(), "{bad:?}");
        }
    }

    #[test]
    fn only_a_trusted_proxy_is_believed() {
        let proxy: IpAddr = "10.0.0.1".parse().unwrap();
        let forwarded = headers("x-forwarded-for", "6.6.6.6, 203.0.113.7, 10.0.0.2");
        assert_eq!(layer(&[]).client(&forwarded, proxy), proxy);
        let client = layer(&["10.0.0.0/8"]).client(&forwarded, proxy);
        assert_eq!(client, "203.0.113.7".parse::<IpAddr>().unwrap());
        let garbled = headers("x-forwarded-for", "6.6.6.6, nonsense");
        assert_eq!(layer(&["10.0.0.0/8"]).client(&garbled, proxy), proxy);
    }

    #[test]
    fn only_a_trusted_proxy_tells_the_scheme() {
        let proxy: IpAddr = "10.0.0.1".parse().unwrap();
        let proto = |value| headers("x-forwarded-proto", value);
        assert!(!layer(&[]).meta(&proto("https"), proxy).https);
        let trusting = layer(&["10.0.0.0/8"]);
        for (value, https) in [("https", true), ("HTTPS, http", true), ("http", false), ("", false)]
        {
            assert_eq!(trusting.meta(&proto(value), proxy).https, https, "{value:?}");
        }
        assert!(!trusting.meta(&HeaderMap::new(), proxy).https);
    }

    #[test]
    fn browsers_are_held_to_https_where_they_came_by_it() {
        for https in [true, false] {
            let mut headers = HeaderMap::new();
            insist_on_https(&mut headers, https);
            assert_eq!(headers.contains_key(header::STRICT_TRANSPORT_SECURITY), https);
        }
    }
}
