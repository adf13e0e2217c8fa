//! Small documents of sites that are no upstreams: discovery, keys, tokens of a log-in.

use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, Request, StatusCode};
use http_body_util::{BodyExt as _, Limited};
use tokio::time::timeout;
use url::Url;

use crate::{ConnectError, SendError, Upstream, segments::Segments};

/// How long a fetch may take, and how much it may bring.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FetchLimits {
    /// From the name of the host to the last byte.
    pub deadline: Duration,
    /// Of the body.
    pub bytes: usize,
}

/// A whole answer.
#[derive(Debug, Clone)]
pub struct Fetched {
    /// The status; redirects come as they are.
    pub status: StatusCode,
    /// The site's headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
}

/// Why there is no answer. The words hold no query and no secret.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// The request could not be sent.
    #[error(transparent)]
    Send(#[from] SendError),
    /// The request's address is none.
    #[error("the address of the site is not a URL")]
    Address,
    /// The answer broke off or is larger than it may be.
    #[error("the answer broke off, or has more than {0} bytes")]
    Body(usize),
    /// The answer did not come in time.
    #[error("no answer within {0:?}")]
    Late(Duration),
}

// === impl Upstream ===

impl Upstream {
    /// Sends a request as it is, under the same policy as every call, and reads the whole answer.
    pub async fn fetch(
        &self,
        request: Request<Bytes>,
        limits: FetchLimits,
    ) -> Result<Fetched, FetchError> {
        let url: Url = request.uri().to_string().parse().map_err(|_| FetchError::Address)?;
        self.policy().check_url(&url).map_err(|source| {
            let host = url.host_str().unwrap_or_default().to_owned();
            SendError::from(ConnectError::Refused { host, source })
        })?;
        let (mut parts, body) = request.into_parts();
        // What was checked is what is called: the two may read an odd address in two ways.
        parts.uri = url.as_str().parse().map_err(|_| FetchError::Address)?;
        let fetching = async {
            let request = Request::from_parts(parts, Segments::from(vec![body]));
            let response = self.straight().request(request).await.map_err(SendError::from)?;
            let (parts, body) = response.into_parts();
            let body = Limited::new(body, limits.bytes).collect().await;
            let body = body.map_err(|_| FetchError::Body(limits.bytes))?.to_bytes();
            Ok(Fetched { status: parts.status, headers: parts.headers, body })
        };
        timeout(limits.deadline, fetching).await.unwrap_or(Err(FetchError::Late(limits.deadline)))
    }
}
