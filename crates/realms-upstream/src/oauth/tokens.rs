//! The two exchanges at the token endpoint: a code, or a refresh token, for tokens.

use std::time::Duration;

use bytes::Bytes;
use http::{Request, StatusCode, header};
use realms_types::{Secret, Timestamp};
use serde::Deserialize;
use serde_json::Value;

use super::{Claims, OauthSite};
use crate::{FetchError, FetchLimits, SendError, Upstream};

/// How long an exchange may take, and how much it may bring.
const LIMITS: FetchLimits = FetchLimits { deadline: Duration::from_secs(20), bytes: 256 * 1024 };
/// What an access token is good for when nobody says.
const USUAL_LIFE: Duration = Duration::from_hours(1);
/// No access token lives longer; what says so is a mistake.
const LONGEST_LIFE: Duration = Duration::from_hours(31 * 24);
/// What vendors call a refresh token or a code that they take no more.
const REFUSED: [&str; 5] = [
    "invalid_grant",
    "refresh_token_expired",
    "refresh_token_invalidated",
    "refresh_token_not_found",
    REUSED,
];
/// One that was used before.
const REUSED: &str = "refresh_token_reused";

/// What an exchange brings.
#[derive(Debug, Clone)]
pub struct TokenSet {
    /// Signs calls.
    pub access: Secret<String>,
    /// Renews it, once. `None`: the old one goes on.
    pub refresh: Option<Secret<String>>,
    /// Says who it is.
    pub id_token: Option<Secret<String>>,
    /// When the access token is good for nothing.
    pub expires_at: Timestamp,
}

/// Why an exchange brought nothing. The words hold no token.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// The vendor takes this code or refresh token no more.
    #[error("the vendor refused: {code}{}", described(.description))]
    Refused {
        /// Its word: `invalid_grant`.
        code: String,
        /// Whether it says that the token was used before.
        reused: bool,
        /// Its sentence.
        description: String,
    },
    /// The vendor has something against the request itself.
    #[error("the vendor answered {status}: {code}{}", described(.description))]
    Rejected {
        /// The status.
        status: u16,
        /// Its word, or `-`.
        code: String,
        /// Its sentence.
        description: String,
    },
    /// The vendor cannot do it now.
    #[error("the vendor answered {status}")]
    Unavailable {
        /// 429 or 5xx.
        status: u16,
    },
    /// Nothing was sent.
    #[error("the vendor cannot be reached: {0}")]
    Unreachable(String),
    /// It was sent, and no answer was read.
    #[error("no answer was read: {0}")]
    Lost(String),
    /// The address of the site is none.
    #[error("the address of the log-in site is not a URL")]
    Site,
}

/// What the token endpoint answers when all is well: RFC 6749 §5.1.
#[derive(Deserialize)]
struct Answer {
    access_token: String,
    refresh_token: Option<String>,
    id_token: Option<String>,
    expires_in: Option<u64>,
}

/// And when it is not: RFC 6749 §5.2, or an error of the vendor's API.
#[derive(Deserialize, Default)]
struct Refusal {
    #[serde(default)]
    error: Value,
    #[serde(default)]
    error_description: String,
    #[serde(default)]
    code: String,
    #[serde(default)]
    message: String,
}

// === impl Upstream ===

impl Upstream {
    /// Exchanges the code of a log-in. It works once: an answer that is lost needs another log-in.
    pub async fn exchange_code(
        &self,
        site: &OauthSite,
        code: &Secret<String>,
        verifier: &Secret<String>,
        now: Timestamp,
    ) -> Result<TokenSet, TokenError> {
        self.exchange(site, &site.code_form(code.reveal(), verifier), now).await
    }

    /// Exchanges a refresh token, one try. It works once.
    pub async fn refresh_token(
        &self,
        site: &OauthSite,
        refresh: &Secret<String>,
        now: Timestamp,
    ) -> Result<TokenSet, TokenError> {
        self.exchange(site, &site.refresh_form(refresh), now).await
    }

    async fn exchange(
        &self,
        site: &OauthSite,
        form: &Secret<String>,
        now: Timestamp,
    ) -> Result<TokenSet, TokenError> {
        let request = Request::post(site.token_url.as_ref())
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::ACCEPT, "application/json")
            // Who really asks.
            .header(header::USER_AGENT, "realms")
            .body(Bytes::from(form.reveal().clone()))
            .map_err(|_| TokenError::Site)?;
        let fetched = self.fetch(request, LIMITS).await?;
        read(fetched.status, &fetched.body, now)
    }
}

/// Reads what the token endpoint answered.
fn read(status: StatusCode, body: &[u8], now: Timestamp) -> Result<TokenSet, TokenError> {
    if status.is_success() {
        let answer: Answer = serde_json::from_slice(body)
            .map_err(|_| TokenError::Lost("what came is not a token answer".to_owned()))?;
        return Ok(TokenSet::of(answer, now));
    }
    let refusal: Refusal = serde_json::from_slice(body).unwrap_or_default();
    let (code, description) = (refusal.code(), refusal.description());
    if status.is_client_error() && REFUSED.contains(&code.as_str()) {
        let reused = code == REUSED || description.to_lowercase().contains("already been used");
        return Err(TokenError::Refused { code, reused, description });
    }
    if status == StatusCode::TOO_MANY_REQUESTS
        || status == StatusCode::REQUEST_TIMEOUT
        || status.is_server_error()
    {
        return Err(TokenError::Unavailable { status: status.as_u16() });
    }
    Err(TokenError::Rejected { status: status.as_u16(), code, description })
}

// === impl TokenSet ===

impl TokenSet {
    /// Who the tokens are for.
    pub fn claims(&self) -> Claims {
        let access = Claims::of(&self.access);
        match &self.id_token {
            Some(id_token) => Claims::of(id_token).or(access),
            None => access,
        }
    }

    fn of(answer: Answer, now: Timestamp) -> Self {
        let access = Secret::from(answer.access_token);
        let said = answer.expires_in.map(|seconds| now + Duration::from_secs(seconds));
        let expires_at = said.or_else(|| Claims::of(&access).expires_at);
        Self {
            expires_at: expires_at.unwrap_or(now + USUAL_LIFE).min(now + LONGEST_LIFE),
            refresh: answer.refresh_token.filter(|text| !text.is_empty()).map(Secret::from),
            id_token: answer.id_token.filter(|text| !text.is_empty()).map(Secret::from),
            access,
        }
    }
}

// === impl TokenError ===

impl TokenError {
    /// Whether the same request may succeed a moment later.
    pub const fn is_transient(&self) -> bool {
        match self {
            Self::Unavailable { .. } | Self::Unreachable(_) | Self::Lost(_) => true,
            Self::Refused { .. } | Self::Rejected { .. } | Self::Site => false,
        }
    }

    /// Whether the vendor may have carried the exchange out, so that what was sent is used up. A
    /// gateway answers 502 and 504 for somebody who may have.
    pub const fn answer_lost(&self) -> bool {
        match self {
            Self::Lost(_) | Self::Unavailable { status: 502 | 504 } => true,
            Self::Unavailable { .. }
            | Self::Unreachable(_)
            | Self::Refused { .. }
            | Self::Rejected { .. }
            | Self::Site => false,
        }
    }
}

impl From<FetchError> for TokenError {
    fn from(error: FetchError) -> Self {
        let words = error.to_string();
        match error {
            FetchError::Send(
                SendError::Connect(_) | SendError::Target(_) | SendError::Credential,
            ) => Self::Unreachable(words),
            FetchError::Address => Self::Site,
            FetchError::Send(
                SendError::HeaderTimeout(_) | SendError::Broken(_) | SendError::Socket(_),
            )
            | FetchError::Body(_)
            | FetchError::Late(_) => Self::Lost(words),
        }
    }
}

fn described(description: &str) -> String {
    if description.is_empty() { String::new() } else { format!(" ({description})") }
}

// === impl Refusal ===

impl Refusal {
    /// `error` is a word, or an object with a `code`.
    fn code(&self) -> String {
        let inner = |name: &str| self.error.get(name).and_then(Value::as_str);
        let known = |code: &&str| REFUSED.contains(code);
        let said = [self.error.as_str(), inner("code"), inner("type"), Some(self.code.as_str())];
        let said: Vec<&str> = said.into_iter().flatten().filter(|text| !text.is_empty()).collect();
        let code = said.iter().find(|code| known(code)).or(said.first());
        code.map_or("-".to_owned(), |code| code.chars().take(80).collect())
    }

    fn description(&self) -> String {
        let inner = self.error.get("message").and_then(Value::as_str).unwrap_or_default();
        let said = [self.error_description.as_str(), inner, self.message.as_str()];
        let said = said.into_iter().find(|text| !text.is_empty()).unwrap_or_default();
        said.chars().take(300).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_secs(1_795_000_000);

    fn error(status: u16, body: &str) -> TokenError {
        read(StatusCode::from_u16(status).unwrap(), body.as_bytes(), NOW).unwrap_err()
    }

    #[test]
    fn tokens_come_with_their_end() {
        let read = |body: &str| read(StatusCode::OK, body.as_bytes(), NOW).unwrap();
        let all =
            read(r#"{"access_token":"a","refresh_token":"r","id_token":"i","expires_in":60}"#);
        assert_eq!((all.access.reveal().as_str(), all.expires_at.since(NOW).as_secs()), ("a", 60));
        assert_eq!(all.refresh.unwrap().reveal(), "r");
        let bare = read(r#"{"access_token":"a","refresh_token":""}"#);
        assert!(bare.refresh.is_none(), "the old one goes on");
        assert_eq!(bare.expires_at, NOW + USUAL_LIFE);
        // {"exp":1795000090}
        let exp = read(r#"{"access_token":"e30.eyJleHAiOjE3OTUwMDAwOTB9.c"}"#);
        assert_eq!(exp.expires_at.since(NOW).as_secs(), 90);
        let long = read(r#"{"access_token":"a","expires_in":99999999999}"#);
        assert_eq!(long.expires_at, NOW + LONGEST_LIFE);
    }

    #[test]
    fn a_refusal_is_told_from_trouble() {
        let refused = |reused| move |error: &TokenError| matches!(error, TokenError::Refused { reused: said, .. } if *said == reused);
        for body in [
            r#"{"error":"invalid_grant","error_description":"expired"}"#,
            r#"{"error":{"message":"x","type":"invalid_request_error","code":"refresh_token_expired"}}"#,
            r#"{"error":{"type":"invalid_grant"}}"#,
            r#"{"code":"refresh_token_invalidated","message":"logged out"}"#,
        ] {
            for status in [400, 401, 403] {
                let error = error(status, body);
                assert!(refused(false)(&error), "{error:?}");
                assert!(!error.is_transient() && !error.answer_lost());
            }
        }
        for body in [
            r#"{"error":{"message":"x","code":"refresh_token_reused"}}"#,
            r#"{"error":"refresh_token_reused"}"#,
            r#"{"error":"invalid_grant","error_description":"Token has already been used"}"#,
        ] {
            assert!(refused(true)(&error(401, body)), "{body}");
        }
        for (status, body) in [(429, "{}"), (500, r#"{"error":"invalid_grant"}"#), (503, "busy")] {
            let error = error(status, body);
            assert_eq!(error, TokenError::Unavailable { status });
            assert!(error.is_transient() && !error.answer_lost());
        }
        assert!(error(502, "").answer_lost());
        let rejected = error(400, r#"{"error":"invalid_client"}"#);
        assert_eq!(rejected.to_string(), "the vendor answered 400: invalid_client");
        assert!(!rejected.is_transient());
        let garbled = read(StatusCode::OK, b"<html>", NOW).unwrap_err();
        assert!(garbled.is_transient() && garbled.answer_lost(), "{garbled:?}");
    }
}
