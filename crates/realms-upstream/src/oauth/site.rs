//! Where people log in, where codes and refresh tokens are exchanged, and as which client.

use std::{borrow::Cow, fmt::Write as _};

use aws_lc_rs::digest::{SHA256, digest};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use realms_types::Secret;
use url::Url;

use super::TokenError;

/// A vendor's OAuth, as a client of it. The one place for its constants; tests put their own here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OauthSite {
    /// Where a browser logs in.
    pub authorize_url: Cow<'static, str>,
    /// Where codes and refresh tokens are exchanged.
    pub token_url: Cow<'static, str>,
    /// Where the browser is sent back to. Nothing of Realms listens there: the address it shows is
    /// pasted into the console.
    pub redirect_uri: Cow<'static, str>,
    /// Which client this is.
    pub client_id: Cow<'static, str>,
    /// What a log-in asks for.
    pub scope: Cow<'static, str>,
    /// What a refresh asks for.
    pub refresh_scope: Cow<'static, str>,
    /// What else the vendor wants in the address of the log-in.
    pub extra: &'static [(&'static str, &'static str)],
}

/// A browser that is sent away to log in.
#[derive(Debug)]
pub struct SentAway {
    /// Where to.
    pub url: Url,
    /// Comes back in the callback: this answer belongs to this log-in.
    pub state: Secret<String>,
    /// The secret of PKCE: only who has it can exchange the code.
    pub verifier: Secret<String>,
}

// === impl OauthSite ===

impl OauthSite {
    /// ChatGPT accounts, as the Codex CLI logs in to them: its client is the only one for which the
    /// vendor gives tokens that this backend takes.
    pub const fn codex() -> Self {
        Self {
            authorize_url: Cow::Borrowed("https://auth.openai.com/oauth/authorize"),
            token_url: Cow::Borrowed("https://auth.openai.com/oauth/token"),
            redirect_uri: Cow::Borrowed("http://localhost:1455/auth/callback"),
            client_id: Cow::Borrowed("app_EMoamEEZ73f0CkXaXp7hrann"),
            scope: Cow::Borrowed("openid profile email offline_access"),
            refresh_scope: Cow::Borrowed("openid profile email"),
            extra: &[("id_token_add_organizations", "true"), ("codex_cli_simplified_flow", "true")],
        }
    }

    /// The same client at another place: a fake one.
    #[must_use]
    pub fn at(self, base: &str) -> Self {
        Self {
            authorize_url: Cow::Owned(format!("{base}/oauth/authorize")),
            token_url: Cow::Owned(format!("{base}/oauth/token")),
            ..self
        }
    }

    /// Begins a log-in with these random bytes: 64 for the verifier, 32 for the state.
    pub fn send_away(&self, verifier: &[u8; 64], state: &[u8; 32]) -> Result<SentAway, TokenError> {
        let verifier = hex(verifier);
        let state = format!("oauth_{}", hex(state));
        let mut url: Url = self.authorize_url.parse().map_err(|_| TokenError::Site)?;
        url.query_pairs_mut()
            .append_pair("response_type", "code")
            .append_pair("client_id", &self.client_id)
            .append_pair("redirect_uri", &self.redirect_uri)
            .append_pair("scope", &self.scope)
            .append_pair("code_challenge", &challenge(&verifier))
            .append_pair("code_challenge_method", "S256")
            .append_pair("state", &state)
            .extend_pairs(self.extra);
        Ok(SentAway { url, state: state.into(), verifier: verifier.into() })
    }

    /// The form that exchanges a code.
    pub(super) fn code_form(&self, code: &str, verifier: &Secret<String>) -> Secret<String> {
        form(&[
            ("grant_type", "authorization_code"),
            ("client_id", &self.client_id),
            ("code", code),
            ("redirect_uri", &self.redirect_uri),
            ("code_verifier", verifier.reveal()),
        ])
    }

    /// The form that renews a token.
    pub(super) fn refresh_form(&self, refresh: &Secret<String>) -> Secret<String> {
        form(&[
            ("grant_type", "refresh_token"),
            ("client_id", &self.client_id),
            ("refresh_token", refresh.reveal()),
            ("scope", &self.refresh_scope),
        ])
    }
}

/// The S256 challenge of a verifier: RFC 7636 §4.2.
fn challenge(verifier: &str) -> String {
    URL_SAFE_NO_PAD.encode(digest(&SHA256, verifier.as_bytes()))
}

fn form(pairs: &[(&str, &str)]) -> Secret<String> {
    let mut form = url::form_urlencoded::Serializer::new(String::new());
    Secret::from(form.extend_pairs(pairs).finish())
}

fn hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_challenge_is_that_of_rfc_7636() {
        let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
        assert_eq!(challenge(verifier), "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    }

    #[test]
    fn the_address_holds_the_challenge_and_not_the_secret() {
        let away = OauthSite::codex().send_away(&[7; 64], &[9; 32]).unwrap();
        assert_eq!(away.verifier.reveal().len(), 128);
        assert!(away.state.reveal().starts_with("oauth_0909"));
        assert!(!away.url.as_str().contains(away.verifier.reveal()));
        let pairs: Vec<(String, String)> = away.url.query_pairs().into_owned().collect();
        let value = |name: &str| {
            let found = pairs.iter().find(|(key, _)| key == name);
            found.map(|(_, value)| value.as_str()).unwrap_or_default()
        };
        assert!(away.url.as_str().starts_with("https://auth.openai.com/oauth/authorize?"));
        for (name, expected) in [
            ("response_type", "code"),
            ("client_id", "app_EMoamEEZ73f0CkXaXp7hrann"),
            ("redirect_uri", "http://localhost:1455/auth/callback"),
            ("scope", "openid profile email offline_access"),
            ("code_challenge_method", "S256"),
            ("code_challenge", &challenge(away.verifier.reveal())),
            ("state", away.state.reveal()),
            ("codex_cli_simplified_flow", "true"),
            ("id_token_add_organizations", "true"),
        ] {
            assert_eq!(value(name), expected, "{name}");
        }
        assert_eq!(pairs.len(), 9, "nothing else: {pairs:?}");
    }

    #[test]
    fn forms_carry_everything_once() {
        let site = OauthSite::codex();
        let code = site.code_form("c&d", &Secret::from("v"));
        assert!(code.reveal().contains("&code=c%26d&"), "{}", code.reveal());
        let refresh = site.refresh_form(&Secret::from("rt=1"));
        assert_eq!(
            refresh.reveal(),
            "grant_type=refresh_token&client_id=app_EMoamEEZ73f0CkXaXp7hrann&refresh_token=rt%3D1\
             &scope=openid+profile+email"
        );
    }
}
