//! The list itself: asked for, and read.

use std::time::Duration;

use bytes::Bytes;
use http::{Request, StatusCode, header};
use realms_catalog::PriceListFormat;
use realms_store::SyncFailure;
use realms_upstream::{ConnectError, FetchError, FetchLimits, SendError, Upstream};
use url::Url;

use crate::prices::{self, Format, Offer};

/// How long the list may take, and how large it is.
const LIMITS: FetchLimits = FetchLimits { deadline: Duration::from_mins(1), bytes: prices::MOST };

/// Why a look came to nothing.
#[derive(Debug)]
pub(crate) struct Failed {
    pub(crate) failure: SyncFailure,
    pub(crate) detail: String,
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
    let request = request.body(Bytes::new()).map_err(|_| Failed {
        failure: SyncFailure::Unreachable,
        detail: "the address of the list cannot be called".to_owned(),
    })?;
    let fetched = upstream.fetch(request, LIMITS).await?;
    if fetched.status == StatusCode::NOT_MODIFIED && etag.is_some() {
        return Ok(None);
    }
    if !fetched.status.is_success() {
        return Err(Failed::of_status(fetched.status));
    }
    let tag = fetched.headers.get(header::ETAG).and_then(|tag| tag.to_str().ok());
    Ok(Some(List { etag: tag.map(str::to_owned), body: fetched.body }))
}

/// Reads the list, which prices at least one model, and tells its form.
pub(super) fn read(body: &[u8], format: Format) -> Result<(Vec<Offer>, Format), Failed> {
    let refused = |detail: String| Failed { failure: SyncFailure::NotAList, detail };
    let text = str::from_utf8(body).map_err(|_| refused("the list is not UTF-8".to_owned()))?;
    let (offers, format) =
        prices::read(text, format).map_err(|error| refused(error.to_string()))?;
    if offers.iter().all(|offer| offer.price.is_err()) {
        return Err(refused("the list has no price of any model".to_owned()));
    }
    Ok((offers, format))
}

impl From<PriceListFormat> for Format {
    fn from(format: PriceListFormat) -> Self {
        match format {
            PriceListFormat::Auto => Self::Auto,
            PriceListFormat::Realms => Self::Realms,
            PriceListFormat::Litellm => Self::Litellm,
        }
    }
}

// === impl Failed ===

impl From<FetchError> for Failed {
    fn from(error: FetchError) -> Self {
        let failure = match &error {
            FetchError::Body(_) => SyncFailure::TooLarge,
            FetchError::Send(SendError::Connect(ConnectError::Refused { .. })) => {
                SyncFailure::Forbidden
            }
            _ => SyncFailure::Unreachable,
        };
        Self { failure, detail: error.to_string() }
    }
}

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
        let (offers, format) = read(litellm.as_bytes(), Format::Auto).unwrap();
        assert_eq!((offers.len(), format), (1, Format::Litellm));
        for (body, format) in [
            (&b"<html>"[..], Format::Auto),
            (&b""[..], Format::Litellm),
            (&b"\xff"[..], Format::Auto),
            (&b"{}"[..], Format::Auto),
            (&br#"{"error": "gone"}"#[..], Format::Litellm),
            (
                &br#"{"m": {"input_cost_per_token": -1, "output_cost_per_token": 1}}"#[..],
                Format::Auto,
            ),
            (litellm.as_bytes(), Format::Realms),
        ] {
            let failed = read(body, format).unwrap_err();
            assert_eq!(failed.failure, SyncFailure::NotAList, "{}", failed.detail);
        }
        let late = Failed::from(FetchError::Late(LIMITS.deadline));
        assert_eq!(late.failure, SyncFailure::Unreachable);
        assert_eq!(Failed::from(FetchError::Body(1)).failure, SyncFailure::TooLarge);
        assert_eq!(Failed::of_status(StatusCode::FOUND).failure, SyncFailure::Redirect);
        assert_eq!(Failed::of_status(StatusCode::NOT_FOUND).failure, SyncFailure::Status);
    }
}
