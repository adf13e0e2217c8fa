//! The way to gateways.

use std::{fmt, future::Future, pin::Pin, time::Duration};

use bytes::Bytes;
use realms_upstream::{FetchLimits, Upstream};

use crate::{CommerceError, Request};

/// What an answer is waited for.
pub type Answer<'a> = Pin<Box<dyn Future<Output = Result<Vec<u8>, CommerceError>> + Send + 'a>>;

/// Whatever carries requests to gateways; tests have their own.
pub trait Outside: Send + Sync + fmt::Debug {
    /// Sends a request and reads the body of an answer that went well.
    fn send(&self, request: Request) -> Answer<'_>;
}

/// Over the one connector of the program, under its policy.
#[derive(Debug, Clone)]
pub struct Outbound(pub Upstream);

/// As long as other questions to sites take, and as large.
const LIMITS: FetchLimits = FetchLimits { deadline: Duration::from_secs(15), bytes: 64 << 10 };

impl Outside for Outbound {
    fn send(&self, request: Request) -> Answer<'_> {
        Box::pin(async move {
            let mut built =
                http::Request::builder().method(request.method).uri(request.url.reveal().as_str());
            for (name, value) in &request.headers {
                built = built.header(*name, value.reveal().as_str());
            }
            let built = built.body(Bytes::from(request.body));
            let built = built.map_err(|_| CommerceError::Unconfirmed("its address is no URL"))?;
            let fetched = self.0.fetch(built, LIMITS).await;
            // What went wrong may name the address, which holds the merchant's key.
            let fetched = fetched.map_err(|_| CommerceError::Unconfirmed("it did not answer"))?;
            if !fetched.status.is_success() {
                return Err(CommerceError::Unconfirmed("it answered with an error"));
            }
            Ok(fetched.body.to_vec())
        })
    }
}
