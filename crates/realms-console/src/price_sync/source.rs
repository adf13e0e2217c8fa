//! The list itself: asked for, and read.

use std::time::Duration;

use bytes::Bytes;
use http::{Request, StatusCode, header};
use realms_catalog::PriceListFormat;
use realms_store::SyncFailure;
use realms_upstream::{FetchError, FetchLimits, Upstream};
use url::Url;

use crate::prices::{self, Format, Offer};

/// How long the list may take, and how large it is.
const LIMITS: FetchLimits = FetchLimits { deadline: Duration::from_mins(1), bytes: prices::MOST };

/// Why a look came to nothing.
#[derive(Debug)]
pub(super) struct Failed {
    pub(super) failure: SyncFailure,
    pub(super) detail: String,
}

/// A list as it came.
#[derive(Debug)]
pub(super) struct List {
    pub(super) body: Bytes,
    pub(super) etag: Option<String>,
}

/// An address without what may be secret of it: host and path.
pub(crate) fn shown(url: &Url) -> String {
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    format!("{}{port}{}", url.host_str().unwrap_or_default(), url.path())
}

/// Asks for the list; `None`: it is still the one with this tag.
pub(super) async fn fetch(
    upstream: &Upstream,
    url: &Url,
    etag: Option<&str>,
) -> Result<Option<List>, Failed> {
    let mut request = Request::get(url.as_str())
        .header(header::ACCEPT, "application/json")
        .header(header::USER_AGENT, "realms");
    if let Some(etag) = etag {
        request = request.header(header::IF_NONE_MATCH, etag);
    }
    let unreachable = |detail: String| Failed { failure: SyncFailure::Unreachable, detail };
    let request = request
        .body(Bytes::new())
        .map_err(|_| unreachable("the address of the list cannot be called".to_owned()))?;
    let fetched = upstream.fetch(request, LIMITS).await.map_err(|error| match error {
        FetchError::Body(_) => Failed { failure: SyncFailure::TooLarge, detail: error.to_string() },
        other => unreachable(other.to_string()),
    })?;
    if fetched.status == StatusCode::NOT_MODIFIED && etag.is_some() {
        return Ok(None);
    }
    if !fetched.status.is_success() {
        return Err(Failed::of_status(fetched.status));
    }
    let tag = fetched.headers.get(header::ETAG).and_then(|tag| tag.to_str().ok());
    Ok(Some(List { etag: tag.map(str::to_owned), body: fetched.body }))
}

/// Reads the list, which prices at least one model.
pub(super) fn read(body: &[u8], format: PriceListFormat) -> Result<Vec<Offer>, Failed> {
    let refused = |detail: String| Failed { failure: SyncFailure::NotAList, detail };
    let text = str::from_utf8(body).map_err(|_| refused("the list is not UTF-8".to_owned()))?;
    let format = match format {
        PriceListFormat::Auto => Format::Auto,
        PriceListFormat::Realms => Format::Realms,
        PriceListFormat::Litellm => Format::Litellm,
    };
    let (offers, _) = prices::read(text, format).map_err(|error| refused(error.to_string()))?;
    if offers.iter().all(|offer| offer.price.is_err()) {
        return Err(refused("the list has no price of any model".to_owned()));
    }
    Ok(offers)
}

// === impl Failed ===

impl Failed {
    /// Nothing came of it in time.
    pub(super) fn late(deadline: Duration) -> Self {
        let detail = format!("the look was not over within {deadline:?}");
        Self { failure: SyncFailure::Unreachable, detail }
    }

    /// What was read cannot be set, or not be compared.
    pub(super) fn refused(why: &impl ToString) -> Self {
        Self { failure: SyncFailure::Refused, detail: why.to_string() }
    }

    fn of_status(status: StatusCode) -> Self {
        let (failure, hint) = if status.is_redirection() {
            (SyncFailure::Redirect, ": set the address that it leads to")
        } else {
            (SyncFailure::Status, "")
        };
        Self { failure, detail: format!("the list answers with status {}{hint}", status.as_u16()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_shown_without_its_query() {
        for (url, expected) in [
            ("https://prices.example/list.json?key=s3cret", "prices.example/list.json"),
            ("http://127.0.0.1:8080/a#b", "127.0.0.1:8080/a"),
            ("https://me:s3cret@prices.example", "prices.example/"),
        ] {
            assert_eq!(shown(&url.parse().unwrap()), expected);
        }
    }

    #[test]
    fn a_list_prices_something() {
        let litellm = r#"{"m": {"input_cost_per_token": 1e-06, "output_cost_per_token": 2e-06}}"#;
        assert_eq!(read(litellm.as_bytes(), PriceListFormat::Auto).unwrap().len(), 1);
        for (body, format) in [
            (&b"<html>"[..], PriceListFormat::Auto),
            (&b""[..], PriceListFormat::Litellm),
            (&b"\xff"[..], PriceListFormat::Auto),
            (&b"{}"[..], PriceListFormat::Auto),
            (&br#"{"error": "gone"}"#[..], PriceListFormat::Litellm),
            (
                &br#"{"m": {"input_cost_per_token": -1, "output_cost_per_token": 1}}"#[..],
                PriceListFormat::Auto,
            ),
            (litellm.as_bytes(), PriceListFormat::Realms),
        ] {
            let failed = read(body, format).unwrap_err();
            assert_eq!(failed.failure, SyncFailure::NotAList, "{}", failed.detail);
        }
        assert_eq!(Failed::of_status(StatusCode::FOUND).failure, SyncFailure::Redirect);
        assert_eq!(Failed::of_status(StatusCode::NOT_FOUND).failure, SyncFailure::Status);
    }
}
