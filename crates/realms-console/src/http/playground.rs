//! The playground: calls as one of my own API keys, without the key ever reaching the browser.

use std::{
    fmt::Write as _,
    net::{IpAddr, Ipv4Addr},
};

use axum::{
    extract::{Path, Request, State},
    response::Response,
};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Uri, header};
use realms_seal::Purpose;
use realms_store::ApiKeyRecord;
use realms_types::{ApiKeyId, RequestMeta, Secret, UserId};
use tower::ServiceExt as _;

use super::{Console, caller::Caller, problem::Problems};
use crate::{Code, ConsoleError, Refusal};

/// What of a browser's request goes on: what it wants and in which form, and nothing of who it is.
const PASSED: [&str; 6] = [
    "accept",
    "anthropic-beta",
    "anthropic-version",
    "content-encoding",
    "content-type",
    "openai-beta",
];
/// How calls of the playground are told from others.
const AGENT: HeaderValue = HeaderValue::from_static("realms-playground");
/// Whatever a model writes, it is no page of this site.
const INERT: HeaderValue = HeaderValue::from_static("default-src 'none'; sandbox");

/// Where the key of a call goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Slot {
    Bearer,
    XApiKey,
    XGoogApiKey,
}

/// Sends the body to `/{path}` as one of my own API keys, and the answer back as it comes.
///
/// The call is like any other of that key: it is limited, recorded and charged. `path` is a path of
/// the data plane, such as `v1/responses` or `v1beta/models/m:streamGenerateContent`.
#[utoipa::path(
    post, path = "/api/playground/{api_key_id}/{*path}", tag = "playground",
    params(
        ("api_key_id" = String, Path, description = "The id of the key, `ak_…`"),
        ("path" = String, Path, description = "A path of the data plane"),
    ),
    request_body(content = Object, content_type = "application/json"),
    responses((status = 200, description = "The answer of the data plane"), Problems)
)]
pub(super) async fn play(
    State(console): State<Console>,
    caller: Caller,
    Path((key, path)): Path<(String, String)>,
    request: Request,
) -> Result<Response, ConsoleError> {
    let key = console.own_key(caller.user()?.user_id, &key).await?;
    console.forward(&key, &path, request).await
}

// === impl Console ===

impl Console {
    /// The secret of an API key that is this user's own, may call and can be revealed.
    async fn own_key(&self, user: UserId, id: &str) -> Result<Secret<String>, ConsoleError> {
        // Somebody else's key is as good as none.
        let missing = || ConsoleError::NotFound(format!("api_key `{id}`"));
        let key: ApiKeyId = id.parse().map_err(|_| missing())?;
        let found = self.0.editor.store.read().find_api_key(key).await?;
        let record = found.filter(|record| record.user_id == user).ok_or_else(missing)?;
        if !record.enabled || record.revoked_at.is_some() {
            let detail =
                format!("API key `{}` may not call: it is off or was revoked", record.name);
            return Err(ConsoleError::Conflict(detail));
        }
        let Some(copy) = &record.sealed_copy else {
            let detail = "only the hash of this key was imported: make a new one to play with";
            return Err(Refusal::new(Code::NotRevealable, detail).into());
        };
        let place = ApiKeyRecord::copy_place(key);
        Ok(self.0.editor.keyring.unseal_text(Purpose::KeyCopy, place, copy)?)
    }

    /// Sends a request through the data plane within this process.
    async fn forward(
        &self,
        key: &Secret<String>,
        path: &str,
        request: Request,
    ) -> Result<Response, ConsoleError> {
        let (parts, body) = request.into_parts();
        let uri = target(path, parts.uri.query())?;
        let mut forwarded = Request::new(body);
        *forwarded.method_mut() = Method::POST;
        *forwarded.headers_mut() = headers(&parts.headers, uri.path(), key)?;
        *forwarded.uri_mut() = uri;
        let meta = parts.extensions.get::<RequestMeta>().cloned();
        forwarded.extensions_mut().insert(meta.unwrap_or_else(|| self.meta()));
        let router = realms_relay::router(self.0.relay.clone());
        // A router never fails: what goes wrong is an answer.
        let answered = router.oneshot(forwarded).await;
        let mut response = answered.unwrap_or_else(|never| match never {});
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, INERT);
        Ok(response)
    }

    /// What the server would have said of the request; only tests come without.
    fn meta(&self) -> RequestMeta {
        let id = self.0.editor.ids.next_request();
        RequestMeta {
            id,
            shown: id.to_string().into(),
            from_client: None,
            client: IpAddr::V4(Ipv4Addr::UNSPECIFIED),
            https: false,
        }
    }
}

/// The address within the data plane. A key in the query is nobody's but the playground's.
fn target(path: &str, query: Option<&str>) -> Result<Uri, ConsoleError> {
    let missing = || ConsoleError::NotFound(format!("path `{path}` in the data plane"));
    let known = path.starts_with("v1/") || path.starts_with("v1beta/");
    let sound = path.split('/').all(|segment| !matches!(segment, "" | "." | ".."));
    if !known || !sound {
        return Err(missing());
    }
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~/:@!$&'()*+,;=".contains(&byte);
    let mut text = String::from("/");
    for byte in path.bytes() {
        if plain(byte) {
            text.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(text, "%{byte:02X}");
        }
    }
    if query.is_some_and(|query| query.split('&').any(|pair| pair == "alt=sse")) {
        text.push_str("?alt=sse");
    }
    text.parse().map_err(|_| missing())
}

fn headers(
    client: &HeaderMap,
    path: &str,
    key: &Secret<String>,
) -> Result<HeaderMap, ConsoleError> {
    let mut headers = HeaderMap::new();
    for name in PASSED.map(HeaderName::from_static) {
        if let Some(value) = client.get(&name) {
            headers.insert(name, value.clone());
        }
    }
    headers.insert(header::USER_AGENT, AGENT);
    let (name, text) = match slot(path) {
        Slot::Bearer => (header::AUTHORIZATION, Secret::new(format!("Bearer {}", key.reveal()))),
        Slot::XApiKey => (HeaderName::from_static("x-api-key"), key.clone()),
        Slot::XGoogApiKey => (HeaderName::from_static("x-goog-api-key"), key.clone()),
    };
    let unusable = |_| ConsoleError::Internal("an API key fits into no header".to_owned());
    let mut value = HeaderValue::from_str(text.reveal()).map_err(unusable)?;
    value.set_sensitive(true);
    headers.insert(name, value);
    Ok(headers)
}

/// Where the clients of a path put their key.
fn slot(path: &str) -> Slot {
    if path.starts_with("/v1/messages") {
        Slot::XApiKey
    } else if path.starts_with("/v1beta/") || path.starts_with("/v1/models/") {
        Slot::XGoogApiKey
    } else {
        Slot::Bearer
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_paths_of_the_data_plane_are_reached() {
        for path in ["v1/responses", "v1beta/models/vendor%2Fm:generateContent", "v1/a/b"] {
            assert!(target(path, None).is_ok(), "{path}");
        }
        for path in
            ["", "api/me", "v1", "v1/", "v1//responses", "v1/../api/me", "healthz", "v1/./x"]
        {
            assert!(target(path, None).is_err(), "{path}");
        }
        assert_eq!(target("v1/x", Some("key=k&alt=sse")).unwrap(), "/v1/x?alt=sse");
        assert_eq!(target("v1/models/a b?c:x", None).unwrap(), "/v1/models/a%20b%3Fc:x");
    }

    #[test]
    fn nothing_of_the_browser_goes_on() {
        let client: HeaderMap = [
            ("cookie", "session=1"),
            ("authorization", "Bearer other"),
            ("x-api-key", "other"),
            ("realms-user", "us_1"),
            ("origin", "https://a.example"),
            ("user-agent", "Firefox"),
            ("x-forwarded-for", "1.2.3.4"),
            ("content-type", "application/json"),
            ("anthropic-version", "2023-06-01"),
        ]
        .iter()
        .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)))
        .collect();
        for (path, name, value) in [
            ("/v1/responses", "authorization", "Bearer sk_canary"),
            ("/v1/messages", "x-api-key", "sk_canary"),
            ("/v1beta/models/m:generateContent", "x-goog-api-key", "sk_canary"),
        ] {
            let headers = headers(&client, path, &Secret::from("sk_canary")).unwrap();
            assert_eq!(headers[name], value);
            assert_eq!(headers["user-agent"], "realms-playground");
            let names: Vec<&str> = headers.keys().map(HeaderName::as_str).collect();
            assert_eq!(names.len(), 4, "{names:?}");
            assert!(!format!("{headers:?}").contains("canary"));
        }
    }
}
