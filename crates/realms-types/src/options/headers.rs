//! Headers of a request to be set and removed.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What of the request's headers is changed, after the client's own were filtered and before the
/// credential is put in.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct HeaderEdits {
    /// Names with the values they get. `{api_key}`, `{request_id}`, `{user}` and
    /// `{client_header:NAME}` stand for what they say; `{{` is a brace. A header whose client header is
    /// missing is left out.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    #[schema(example = json!({"x-tenant": "a-{user}"}))]
    pub set: BTreeMap<String, String>,
    /// Names to be removed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub remove: Vec<String>,
}

/// What belongs to the connection, to the body's form or to the credential.
const FORBIDDEN: &[&str] = &[
    "accept-encoding",
    "authorization",
    "connection",
    "content-encoding",
    "content-length",
    "content-type",
    "expect",
    "host",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authorization",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "x-api-key",
    "x-goog-api-key",
];

/// A client's own secrets.
const SECRET: &[&str] = &[
    "api-key",
    "authorization",
    "cookie",
    "cookie2",
    "proxy-authorization",
    "x-api-key",
    "x-goog-api-key",
];

// === impl HeaderEdits ===

impl HeaderEdits {
    /// Whether nothing is changed.
    pub fn is_empty(&self) -> bool {
        self.set.is_empty() && self.remove.is_empty()
    }

    /// Why a header of this name cannot be set or removed, if it cannot.
    pub fn refuses(name: &str) -> Option<&'static str> {
        let token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
        if name.is_empty() || name.len() > 100 || !name.bytes().all(token) {
            Some("is no name of a header: letters, digits and `-`")
        } else if FORBIDDEN.contains(&name.to_ascii_lowercase().as_str()) {
            Some(
                "belongs to the connection, the body or the credential, and is set by Realms alone",
            )
        } else {
            None
        }
    }

    /// Whether a header of a client is its secret, or names its connection.
    pub(super) fn is_client_secret(name: &str) -> bool {
        SECRET.contains(&name.to_ascii_lowercase().as_str())
    }
}

impl std::fmt::Debug for HeaderEdits {
    /// Without the values: one may be a secret.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("HeaderEdits")
            .field("set", &self.set.keys())
            .field("remove", &self.remove)
            .finish()
    }
}
