//! What a browser carries from the beginning of a log-in to its end, sealed.

use std::time::Duration;

use aws_lc_rs::digest::{SHA256, digest};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use realms_seal::{Keyring, Place, Purpose, random_token, same};
use realms_types::{Timestamp, UserId};
use serde::{Deserialize, Serialize};
use url::Url;

use super::OAuthError;
use crate::IdentityError;

/// How long a log-in may take.
const LIFE: Duration = Duration::from_mins(10);
/// A sealed flow of any browser; what is in it says which.
const PLACE: Place = Place { table: "cookies", column: "oauth", row: 0 };
/// Longer paths are not returned to.
const LONGEST_PATH: usize = 512;

/// A log-in that has begun. Only its browser has it, in a cookie.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Flow {
    /// The name of the provider.
    provider: String,
    /// Comes back in the query: this answer belongs to this browser.
    state: String,
    /// Comes back in the token: this token belongs to this log-in.
    nonce: String,
    /// The secret of PKCE: only we can exchange the code.
    verifier: String,
    /// Where to go afterwards: a path of this site.
    return_to: String,
    /// The user who gets the identity linked; `None`: somebody logs in.
    link: Option<UserId>,
    expires_at: Timestamp,
}

/// What exchanging the code and reading the token takes.
#[derive(Debug, Clone)]
pub struct Proof {
    /// For the exchange.
    pub verifier: String,
    /// For the token.
    pub nonce: String,
    /// Where to go afterwards.
    pub return_to: String,
    /// The user who gets the identity linked, if that is what it is for.
    pub link: Option<UserId>,
}

// === impl Flow ===

impl Flow {
    /// Begins a log-in. What is no path of this site is not returned to.
    pub fn begin(
        provider: &str,
        return_to: Option<&str>,
        link: Option<UserId>,
        now: Timestamp,
    ) -> Self {
        let random = || random_token("").reveal().clone();
        Self {
            provider: provider.to_owned(),
            state: random(),
            nonce: random(),
            verifier: random(),
            return_to: return_to.filter(|path| is_own_path(path)).unwrap_or("/").to_owned(),
            link,
            expires_at: now + LIFE,
        }
    }

    /// Where the browser goes to log in.
    pub fn authorization_url(
        &self,
        endpoint: &Url,
        client_id: &str,
        redirect_uri: &Url,
        scope: &str,
    ) -> Url {
        let challenge = URL_SAFE_NO_PAD.encode(digest(&SHA256, self.verifier.as_bytes()));
        let mut url = endpoint.clone();
        url.query_pairs_mut()
            .append_pair("response_type", "code")
            .append_pair("client_id", client_id)
            .append_pair("redirect_uri", redirect_uri.as_str())
            .append_pair("scope", scope)
            .append_pair("state", &self.state)
            .append_pair("nonce", &self.nonce)
            .append_pair("code_challenge", &challenge)
            .append_pair("code_challenge_method", "S256");
        url
    }

    /// The text of the cookie.
    pub fn seal(&self, keyring: &Keyring) -> Result<String, IdentityError> {
        let text = serde_json::to_vec(self).map_err(|_| OAuthError::Malformed("cookie"))?;
        Ok(keyring.seal(Purpose::Cookie, PLACE, &text)?)
    }

    /// Ends a log-in: the cookie must open, be of this provider, not be too old, and the state in
    /// the query must be its own.
    pub fn finish(
        keyring: &Keyring,
        cookie: &str,
        provider: &str,
        state: &str,
        now: Timestamp,
    ) -> Result<Proof, OAuthError> {
        let opened =
            keyring.unseal(Purpose::Cookie, PLACE, cookie).map_err(|_| OAuthError::Expired)?;
        let flow: Self =
            serde_json::from_slice(opened.reveal()).map_err(|_| OAuthError::Expired)?;
        let own = same(flow.state.as_bytes(), state.as_bytes()) && flow.provider == provider;
        if !own || now >= flow.expires_at {
            return Err(OAuthError::Expired);
        }
        let Self { verifier, nonce, return_to, link, .. } = flow;
        Ok(Proof { verifier, nonce, return_to, link })
    }
}

/// Whether this is a path of this site that no browser reads as an address of another.
fn is_own_path(path: &str) -> bool {
    let plain = path.len() <= LONGEST_PATH
        && path.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    let rooted = path.starts_with('/') && !path.starts_with("//");
    // Paths of the API are for programs: a redirect must not make one of them be called.
    let api = path == "/api" || path.starts_with("/api/");
    plain && rooted && !api
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use realms_seal::MasterKey;
    use realms_types::{Chance, DataKeyId, Ids, SystemClock};

    use super::*;

    const NOW: Timestamp = Timestamp::from_secs(1_795_000_000);

    fn keyring() -> Keyring {
        let ids = Ids::new(Arc::new(SystemClock), Chance::seeded(1));
        let mut keyring = Keyring::open(MasterKey::random(), Vec::new()).unwrap();
        for purpose in keyring.missing() {
            keyring.create(purpose, ids.next::<DataKeyId>(), NOW).unwrap();
        }
        keyring
    }

    #[test]
    fn a_flow_ends_in_its_own_browser_in_time() {
        let keyring = keyring();
        let flow = Flow::begin("oidc", Some("/usage?q=1"), None, NOW);
        let cookie = flow.seal(&keyring).unwrap();
        let finish = |cookie: &str, provider: &str, state: &str, at| {
            Flow::finish(&keyring, cookie, provider, state, at)
        };
        let proof = finish(&cookie, "oidc", &flow.state, NOW).unwrap();
        assert_eq!((proof.verifier, proof.nonce), (flow.verifier.clone(), flow.nonce.clone()));
        assert_eq!(proof.return_to, "/usage?q=1");
        let other = Flow::begin("oidc", None, None, NOW);
        for (cookie, provider, state, at) in [
            (cookie.as_str(), "oidc", other.state.as_str(), NOW),
            (&cookie, "oidc", "", NOW),
            (&cookie, "github", &flow.state, NOW),
            (&cookie, "oidc", &flow.state, NOW + LIFE),
            ("", "oidc", &flow.state, NOW),
            ("v1.nonsense", "oidc", &flow.state, NOW),
        ] {
            assert_eq!(finish(cookie, provider, state, at).unwrap_err(), OAuthError::Expired);
        }
    }

    #[test]
    fn the_address_holds_the_challenge_and_not_the_secret() {
        let flow = Flow::begin("oidc", None, None, NOW);
        let endpoint = "https://id.example.org/authorize?tenant=1".parse().unwrap();
        let back = "https://realms.example.org/back".parse().unwrap();
        let url = flow.authorization_url(&endpoint, "realms", &back, "openid");
        assert!(
            url.as_str().starts_with("https://id.example.org/authorize?tenant=1&response_type")
        );
        assert!(!url.as_str().contains(&flow.verifier));
        assert!(url.query().unwrap().contains("code_challenge_method=S256"));
    }

    #[test]
    fn only_paths_of_this_site_are_returned_to() {
        for path in ["/", "/usage", "/usage/abc?x=/y#z"] {
            assert!(is_own_path(path), "{path}");
        }
        for path in [
            "",
            "usage",
            "//evil.example",
            "/\\evil.example",
            "https://evil.example",
            "/a\nb",
            "/ä",
            "/api/session",
            "/api",
            "javascript:alert(1)",
            "\\\\evil.example",
            "/\t/evil.example",
        ] {
            assert!(!is_own_path(path), "{path:?}");
            assert_eq!(Flow::begin("oidc", Some(path), None, NOW).return_to, "/");
        }
    }
}
