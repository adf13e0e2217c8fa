//! The request that opened a connection, from which each call on it is made.

use std::collections::BTreeMap;

use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Uri, header, request::Parts};
use realms_types::{Ids, RequestMeta};
use serde_json::Value;

use crate::once;

/// What the handshake said.
#[derive(Debug)]
pub(super) struct Handshake {
    uri: Uri,
    headers: HeaderMap,
    meta: RequestMeta,
}

/// Belong to the connection, or to the body of a request.
const OF_THE_SOCKET: &[HeaderName] = &[
    header::CONNECTION,
    header::UPGRADE,
    header::SEC_WEBSOCKET_ACCEPT,
    header::SEC_WEBSOCKET_EXTENSIONS,
    header::SEC_WEBSOCKET_KEY,
    header::SEC_WEBSOCKET_PROTOCOL,
    header::SEC_WEBSOCKET_VERSION,
    header::CONTENT_ENCODING,
    header::CONTENT_LENGTH,
    header::TRANSFER_ENCODING,
    header::TE,
];

/// The beta that asks for the socket itself.
const SOCKET_BETA: &str = "responses_websockets";

/// Headers of one call stand in its `client_metadata` under this, since a frame has none.
const HINT: &str = "ws_request_header_";

/// Only headers of this client's own are taken from there: none that say who calls or from where.
const HINTED: &[&str] = &["x-openai-internal-", "x-codex-"];

// === impl Handshake ===

impl Handshake {
    pub(super) fn new(parts: Parts, meta: RequestMeta) -> Self {
        let mut headers = parts.headers;
        for name in OF_THE_SOCKET {
            headers.remove(name);
        }
        // One key cannot stand for several calls.
        headers.remove(once::HEADER);
        without_socket_beta(&mut headers);
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        headers.insert(header::ACCEPT, HeaderValue::from_static("text/event-stream"));
        Self { uri: parts.uri, headers, meta }
    }

    /// The head of one call: that of the same call over HTTP.
    pub(super) fn call(&self, metadata: Option<&str>) -> Parts {
        let (mut parts, ()) = Request::new(()).into_parts();
        parts.method = Method::POST;
        parts.uri = self.uri.clone();
        parts.headers = self.headers.clone();
        for (name, value) in metadata.map(hinted).unwrap_or_default() {
            parts.headers.entry(name).or_insert(value);
        }
        parts
    }

    /// The meta of one call: from the same client, with an id of its own.
    pub(super) fn meta(&self, ids: &Ids) -> RequestMeta {
        let id = ids.next_request();
        RequestMeta { id, shown: id.to_string().into(), ..self.meta.clone() }
    }
}

fn without_socket_beta(headers: &mut HeaderMap) {
    let name = HeaderName::from_static("openai-beta");
    let kept: Vec<String> = headers
        .get_all(&name)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|list| list.split(','))
        .map(|beta| beta.trim().to_owned())
        .filter(|beta| !beta.is_empty() && !beta.starts_with(SOCKET_BETA))
        .collect();
    headers.remove(&name);
    if let Ok(value) = HeaderValue::from_str(&kept.join(","))
        && !kept.is_empty()
    {
        headers.insert(name, value);
    }
}

/// The headers that a client put beside the body because its frame has none.
fn hinted(metadata: &str) -> Vec<(HeaderName, HeaderValue)> {
    let members: BTreeMap<String, Value> = serde_json::from_str(metadata).unwrap_or_default();
    let header = |(key, value): (&String, &Value)| {
        let name = key.strip_prefix(HINT)?.replace('_', "-").to_ascii_lowercase();
        if !HINTED.iter().any(|own| name.starts_with(own)) {
            return None;
        }
        Some((name.parse().ok()?, value.as_str()?.parse().ok()?))
    };
    members.iter().filter_map(header).collect()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use realms_types::{Chance, SystemClock};

    use super::*;

    fn handshake(pairs: &[(&'static str, &'static str)]) -> (Handshake, Ids) {
        let ids = Ids::new(Arc::new(SystemClock), Chance::seeded(1));
        let id = ids.next_request();
        let meta = RequestMeta {
            id,
            shown: id.to_string().into(),
            from_client: None,
            client: "203.0.113.7".parse().unwrap(),
            https: false,
        };
        let mut request = Request::new(());
        for (name, value) in pairs {
            request.headers_mut().append(*name, HeaderValue::from_static(value));
        }
        (Handshake::new(request.into_parts().0, meta), ids)
    }

    #[test]
    fn a_call_has_the_headers_of_the_handshake_without_those_of_the_socket() {
        let (handshake, ids) = handshake(&[
            ("connection", "Upgrade"),
            ("upgrade", "websocket"),
            ("sec-websocket-key", "x"),
            ("sec-websocket-version", "13"),
            ("sec-websocket-extensions", "permessage-deflate"),
            ("openai-beta", "responses_websockets=2026-02-06, other=1"),
            ("session-id", "s"),
            ("authorization", "Bearer k"),
        ]);
        let call = handshake.call(None);
        let mut names: Vec<&str> = call.headers.keys().map(HeaderName::as_str).collect();
        names.sort_unstable();
        let expected = ["accept", "authorization", "content-type", "openai-beta", "session-id"];
        assert_eq!((call.method, names), (Method::POST, expected.to_vec()));
        assert_eq!(call.headers["openai-beta"], "other=1");
        assert_ne!(handshake.meta(&ids).id, handshake.meta(&ids).id);
    }

    #[test]
    fn headers_beside_the_body_are_taken_where_they_are_the_clients_own() {
        let (handshake, _) = handshake(&[("x-codex-window-id", "handshake")]);
        let call = handshake.call(Some(
            r#"{"session_id":"s","ws_request_header_x_openai_internal_codex_responses_lite":"true",
            "ws_request_header_authorization":"Bearer other","ws_request_header_x_api_key":"k",
            "ws_request_header_x_forwarded_for":"1.1.1.1","ws_request_header_x_codex_window_id":"w",
            "ws_request_header_x_codex_a b":"w","ws_request_header_x_codex_n":7}"#,
        ));
        assert_eq!(call.headers["x-openai-internal-codex-responses-lite"], "true");
        assert_eq!(call.headers["x-codex-window-id"], "handshake");
        assert_eq!(call.headers.len(), 4, "{:?}", call.headers);
        assert_eq!(handshake.call(Some("{")).headers.len(), 3);
    }
}
