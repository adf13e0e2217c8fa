//! The thing to compare with: a hyper server in front of hyper-util's pooling client. It reads no body,
//! knows no key, writes nothing down. What Realms costs above it is what Realms does.

use std::net::SocketAddr;

use anyhow::Result;
use http::{
    Request, Response, StatusCode, Uri, header,
    uri::{Authority, Scheme},
};
use http_body_util::{Either, Full};
use hyper::body::{Bytes, Incoming};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::{TokioExecutor, TokioTimer},
};

use crate::listen;

type Upstream = Client<HttpConnector, Incoming>;

/// Relays every request to `upstream` until the parent process ends.
pub(crate) async fn serve(upstream: SocketAddr) -> Result<()> {
    let authority: Authority = upstream.to_string().parse()?;
    let mut connector = HttpConnector::new();
    connector.set_nodelay(true);
    let client: Upstream =
        Client::builder(TokioExecutor::new()).pool_timer(TokioTimer::new()).build(connector);
    listen::serve(move |request| relay(client.clone(), authority.clone(), request)).await
}

async fn relay(
    client: Upstream,
    authority: Authority,
    mut request: Request<Incoming>,
) -> Response<Either<Incoming, Full<Bytes>>> {
    *request.uri_mut() = towards(authority, request.uri());
    request.headers_mut().remove(header::HOST);
    match client.request(request).await {
        Ok(response) => response.map(Either::Left),
        Err(error) => refusal(&error.to_string()),
    }
}

fn towards(authority: Authority, uri: &Uri) -> Uri {
    let mut parts = uri.clone().into_parts();
    parts.scheme = Some(Scheme::HTTP);
    parts.authority = Some(authority);
    Uri::from_parts(parts).unwrap_or_default()
}

fn refusal(why: &str) -> Response<Either<Incoming, Full<Bytes>>> {
    let mut response = Response::new(Either::Right(Full::from(why.to_owned())));
    *response.status_mut() = StatusCode::BAD_GATEWAY;
    response
}
