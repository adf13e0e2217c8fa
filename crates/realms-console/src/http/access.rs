//! Who may use which route: one table, and the guard that holds to it.

use std::net::{IpAddr, Ipv4Addr};

use axum::{
    extract::{MatchedPath, Request, State},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use http::{HeaderMap, Method, header};
use realms_seal::same;
use realms_types::RequestMeta;

use super::Console;
use crate::ConsoleError;

/// Who a route is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Principal {
    /// Anyone who can reach the server.
    Anyone,
    /// Whoever has the admin API key.
    Admin,
}

/// Every route with the principal it needs.
pub(crate) const ROUTES: &[(Method, &str, Principal)] = &[
    (Method::GET, "/api/openapi.json", Principal::Anyone),
    (Method::POST, "/api/setup", Principal::Anyone),
    (Method::GET, "/api/admin/channels", Principal::Admin),
    (Method::GET, "/api/admin/channels/{name}", Principal::Admin),
    (Method::PUT, "/api/admin/channels/{name}", Principal::Admin),
    (Method::DELETE, "/api/admin/channels/{name}", Principal::Admin),
    (Method::GET, "/api/admin/models", Principal::Admin),
    (Method::GET, "/api/admin/models/{name}", Principal::Admin),
    (Method::PUT, "/api/admin/models/{name}", Principal::Admin),
    (Method::DELETE, "/api/admin/models/{name}", Principal::Admin),
    (Method::GET, "/api/admin/channel-groups", Principal::Admin),
    (Method::GET, "/api/admin/channel-groups/{name}", Principal::Admin),
    (Method::PUT, "/api/admin/channel-groups/{name}", Principal::Admin),
    (Method::DELETE, "/api/admin/channel-groups/{name}", Principal::Admin),
    (Method::GET, "/api/admin/user-groups", Principal::Admin),
    (Method::GET, "/api/admin/user-groups/{name}", Principal::Admin),
    (Method::PUT, "/api/admin/user-groups/{name}", Principal::Admin),
    (Method::DELETE, "/api/admin/user-groups/{name}", Principal::Admin),
    (Method::GET, "/api/admin/users", Principal::Admin),
    (Method::GET, "/api/admin/users/{name}", Principal::Admin),
    (Method::PUT, "/api/admin/users/{name}", Principal::Admin),
    (Method::DELETE, "/api/admin/users/{name}", Principal::Admin),
    (Method::GET, "/api/admin/api-keys", Principal::Admin),
    (Method::PUT, "/api/admin/api-keys", Principal::Admin),
    (Method::GET, "/api/admin/api-keys/{id}", Principal::Admin),
    (Method::DELETE, "/api/admin/api-keys/{id}", Principal::Admin),
    (Method::POST, "/api/admin/api-keys/{id}/revoke", Principal::Admin),
    (Method::GET, "/api/admin/api-keys/{id}/reveal", Principal::Admin),
    (Method::GET, "/api/admin/settings", Principal::Admin),
    (Method::GET, "/api/admin/settings/{key}", Principal::Admin),
    (Method::PUT, "/api/admin/settings/{key}", Principal::Admin),
    (Method::DELETE, "/api/admin/settings/{key}", Principal::Admin),
    (Method::POST, "/api/admin/apply", Principal::Admin),
    (Method::GET, "/api/admin/export", Principal::Admin),
    (Method::GET, "/api/admin/usage", Principal::Admin),
    (Method::GET, "/api/admin/usage/{request_id}", Principal::Admin),
    (Method::GET, "/api/admin/catalog", Principal::Admin),
    (Method::POST, "/api/admin/channels/probe", Principal::Admin),
    (Method::POST, "/api/admin/channels/{name}/test", Principal::Admin),
    (Method::POST, "/api/admin/channels/detect", Principal::Admin),
    (Method::POST, "/api/admin/channels/resolve", Principal::Admin),
    (Method::POST, "/api/admin/channels/upstream-models", Principal::Admin),
    (Method::GET, "/api/admin/channels/{name}/upstream-models", Principal::Admin),
    (Method::GET, "/api/admin/channel-status", Principal::Admin),
    (Method::POST, "/api/admin/channels/{name}/wake", Principal::Admin),
    (Method::POST, "/api/admin/models/import", Principal::Admin),
    (Method::GET, "/api/admin/setup", Principal::Admin),
    (Method::PUT, "/api/admin/setup", Principal::Admin),
];

/// Lets a request through to its route if the table says so. Paths under `/api/admin` that do not
/// exist need the key too, so nobody can tell from outside which do.
pub(super) async fn guard(
    State(console): State<Console>,
    request: Request,
    next: Next,
) -> Response {
    let path = request.extensions().get::<MatchedPath>().map(MatchedPath::as_str);
    let principal = principal(request.method(), path.unwrap_or_default(), request.uri().path());
    if principal == Principal::Admin
        && let Err(error) = console.check_admin(request.headers(), client(&request))
    {
        return error.into_response();
    }
    next.run(request).await
}

/// Who a route is for. What is not in the table is for nobody but an admin.
fn principal(method: &Method, matched: &str, path: &str) -> Principal {
    let method = if method == Method::HEAD { &Method::GET } else { method };
    let entry = ROUTES.iter().find(|(known, route, _)| known == method && *route == matched);
    let unknown = if matched.starts_with("/api/{") || matched == "/api" {
        let is_admin = path == "/api/admin" || path.starts_with("/api/admin/");
        if is_admin { Principal::Admin } else { Principal::Anyone }
    } else {
        Principal::Admin
    };
    entry.map_or(unknown, |(_, _, principal)| *principal)
}

/// Where a request came from; requests of tests come from nowhere.
pub(super) fn client(request: &Request) -> IpAddr {
    let meta = request.extensions().get::<RequestMeta>();
    meta.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |meta| meta.client)
}

// === impl Console ===

impl Console {
    fn check_admin(&self, headers: &HeaderMap, client: IpAddr) -> Result<(), ConsoleError> {
        let Some(key) = &self.0.admin_api_key else {
            return Err(ConsoleError::Forbidden(
                "no admin API key is configured: set REALMS_ADMIN_API_KEY to at least 16 random \
                 characters and restart, or use the `realms` command on the server",
            ));
        };
        let guess = self.0.guesses.begin(client)?;
        let given = presented(headers)?;
        if same(key.reveal().as_bytes(), given) {
            guess.was_right();
            Ok(())
        } else {
            Err(ConsoleError::Unauthenticated("this is not the admin API key"))
        }
    }
}

/// The key of a request, from `Authorization: Bearer` or `x-api-key`.
fn presented(headers: &HeaderMap) -> Result<&[u8], ConsoleError> {
    let bearer = headers.get(header::AUTHORIZATION).map(|value| {
        let value = value.as_bytes();
        match value.split_at_checked(7) {
            Some((scheme, key)) if scheme.eq_ignore_ascii_case(b"bearer ") => key.trim_ascii(),
            _ => b"",
        }
    });
    let plain = headers.get("x-api-key").map(|value| value.as_bytes().trim_ascii());
    match (bearer, plain) {
        (Some(one), Some(other)) if one != other => {
            Err(ConsoleError::Unauthenticated("two different keys were given: send one"))
        }
        (Some(key), _) | (None, Some(key)) if !key.is_empty() => Ok(key),
        _ => Err(ConsoleError::Unauthenticated(
            "an admin API key is needed: send it as `Authorization: Bearer KEY`",
        )),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::http::openapi;

    /// The router is made of documented routes only, so document and table must be the same set.
    #[test]
    fn every_route_is_in_the_table_and_the_document() {
        let mut documented = BTreeSet::new();
        let document = serde_json::to_value(openapi()).unwrap();
        for (path, item) in document["paths"].as_object().unwrap() {
            let methods = ["get", "put", "post", "delete", "patch", "head", "options", "trace"];
            for method in methods.iter().filter(|method| item.get(**method).is_some()) {
                documented.insert((method.to_uppercase(), path.clone()));
            }
        }
        let table = ROUTES.iter().map(|(method, path, _)| (method.to_string(), (*path).to_owned()));
        assert_eq!(table.clone().count(), ROUTES.len());
        assert_eq!(table.collect::<BTreeSet<_>>(), documented);
    }

    #[test]
    fn what_is_not_in_the_table_is_refused() {
        let of = |method, matched, path| principal(&method, matched, path);
        assert_eq!(of(Method::GET, "/api/new", "/api/new"), Principal::Admin);
        assert_eq!(of(Method::POST, "/api/openapi.json", "/api/openapi.json"), Principal::Admin);
        assert_eq!(of(Method::HEAD, "/api/openapi.json", "/api/openapi.json"), Principal::Anyone);
        assert_eq!(of(Method::GET, "/api/{*path}", "/api/admin/nope"), Principal::Admin);
        assert_eq!(of(Method::GET, "/api/{*path}", "/api/nope"), Principal::Anyone);
    }

    #[test]
    fn absence_is_no_key() {
        let headers = |pairs: &[(&'static str, &'static str)]| {
            pairs
                .iter()
                .map(|(name, value)| {
                    (http::HeaderName::from_static(name), http::HeaderValue::from_static(value))
                })
                .collect::<HeaderMap>()
        };
        for refused in [
            &[][..],
            &[("authorization", "")],
            &[("authorization", "Bearer ")],
            &[("authorization", "Basic abc")],
            &[("x-api-key", " ")],
            &[("authorization", "Bearer a"), ("x-api-key", "b")],
        ] {
            assert!(presented(&headers(refused)).is_err(), "{refused:?}");
        }
        assert_eq!(presented(&headers(&[("authorization", "bearer k")])).unwrap(), b"k");
        assert_eq!(presented(&headers(&[("x-api-key", "k")])).unwrap(), b"k");
    }
}
