//! Who calls: the key in the request, and the caller it stands for.

use std::{borrow::Cow, sync::Arc};

use http::{HeaderMap, header};
use percent_encoding::percent_decode_str;
use realms_catalog::Feature;
use realms_dialect::{Fault, FaultKind};
use realms_identity::{Caller, Denied, IdentityError};

use crate::{Relay, storage_fault};

const APPS_OFF: &str = "apps are switched off on this site, and an access token is good for nothing meanwhile: ask \
     whoever runs it, or call with an API key";

/// Finds the caller behind the key of a request.
///
/// Keys come as `Authorization: Bearer`, `x-api-key`, `x-goog-api-key` or `?key=`, so that every
/// client works as it is. Two different keys are refused: which one counts would be a guess.
pub(crate) async fn admit(
    relay: &Relay,
    headers: &HeaderMap,
    query: Option<&str>,
) -> Result<Arc<Caller>, Fault> {
    let key = presented_key(headers, query)?.ok_or_else(|| {
        unauthorized(
            "no API key: send it as `Authorization: Bearer`, `x-api-key`, `x-goog-api-key` or `?key=`",
        )
    })?;
    match relay.callers.find(&key).await {
        Ok(caller) if caller.by_app && !lets_apps_in(relay) => Err(unauthorized(APPS_OFF)),
        Ok(caller) => Ok(caller),
        Err(IdentityError::Denied(denied)) => Err(refused(denied)),
        Err(error) => {
            tracing::error!(%error, "cannot look up an API key");
            Err(storage_fault("the API key cannot be checked right now: try again shortly"))
        }
    }
}

/// Whether apps of others may call. Asked for each call: a switch is no change of a key.
fn lets_apps_in(relay: &Relay) -> bool {
    let features = relay.catalog.load().settings().features;
    features.in_mode(relay.self_mode).has(Feature::OauthApps)
}

/// What a caller is told who is not let in.
fn refused(denied: Denied) -> Fault {
    unauthorized(match denied {
        Denied::UnknownKey => {
            "this API key is not known here: copy it anew, or make another in the console"
        }
        Denied::KeyRevoked => "this API key was revoked: make another in the console",
        Denied::KeyDisabled => {
            "this API key is switched off: switch it on under API keys in the console"
        }
        Denied::UserDisabled => {
            "the user of this API key is switched off: ask whoever runs this site"
        }
        Denied::TokenExpired => {
            "this access token has expired: the app gets another by its refresh token"
        }
        Denied::AppDisabled => {
            "the app of this access token is switched off: ask whoever runs this site"
        }
        Denied::NotForRelay => {
            let message = "this access token may not call models: the app must ask its user for \
                           the scope `relay`";
            return Fault::forbidden(message).with_code("insufficient_scope");
        }
    })
}

fn presented_key<'a>(
    headers: &'a HeaderMap,
    query: Option<&'a str>,
) -> Result<Option<Cow<'a, str>>, Fault> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let bearer = text(header::AUTHORIZATION.as_str()).and_then(bearer);
    let in_headers = [bearer, text("x-api-key"), text("x-goog-api-key")];
    let mut keys = in_headers
        .into_iter()
        .flatten()
        .map(|key| Cow::Borrowed(key.trim()))
        .chain(query.and_then(query_key))
        .filter(|key| !key.is_empty());
    let Some(first) = keys.next() else { return Ok(None) };
    if keys.all(|other| other == first) {
        return Ok(Some(first));
    }
    Err(Fault::new(
        FaultKind::BadRequest,
        "the request carries two different API keys: send one, or the same in each place",
    ))
}

fn bearer(value: &str) -> Option<&str> {
    let (scheme, key) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(key)
}

fn query_key(query: &str) -> Option<Cow<'_, str>> {
    let value = query.split('&').find_map(|pair| pair.strip_prefix("key="))?;
    percent_decode_str(value).decode_utf8().ok()
}

fn unauthorized(message: &'static str) -> Fault {
    Fault::new(FaultKind::Unauthorized, message)
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| {
                (header::HeaderName::from_static(name), HeaderValue::from_static(value))
            })
            .collect()
    }

    #[test]
    fn every_place_is_read() {
        for pair in [
            ("authorization", "Bearer sk_1"),
            ("authorization", "bearer sk_1"),
            ("x-api-key", "sk_1"),
            ("x-goog-api-key", "sk_1"),
        ] {
            let headers = headers(&[pair]);
            assert_eq!(presented_key(&headers, None).unwrap().as_deref(), Some("sk_1"), "{pair:?}");
        }
        let none = HeaderMap::new();
        let query = Some("alt=sse&key=sk%5F1");
        assert_eq!(presented_key(&none, query).unwrap().as_deref(), Some("sk_1"));
    }

    #[test]
    fn the_same_key_twice_is_fine_two_keys_are_not() {
        let same = headers(&[("authorization", "Bearer sk_1"), ("x-api-key", "sk_1")]);
        assert_eq!(presented_key(&same, None).unwrap().as_deref(), Some("sk_1"));
        let other = headers(&[("authorization", "Bearer sk_1"), ("x-api-key", "sk_2")]);
        assert_eq!(presented_key(&other, None).unwrap_err().kind, FaultKind::BadRequest);
        assert!(presented_key(&headers(&[("x-api-key", "sk_1")]), Some("key=sk_2")).is_err());
    }

    #[test]
    fn absence_is_absence() {
        for empty in
            [("authorization", "Bearer "), ("authorization", "Basic abc"), ("x-api-key", "")]
        {
            assert_eq!(presented_key(&headers(&[empty]), Some("key=")).unwrap(), None, "{empty:?}");
        }
    }
}
