//! Who an account is, as its ID token says.
//!
//! The signature is not checked. A token that the token endpoint gave us came over TLS from the vendor
//! itself, which is all that a signature could prove (OpenID Connect Core §3.1.3.7, point 6). A token
//! that somebody pasted proves nothing until a refresh or a call with it went well; until then nothing
//! is kept. What is read here is shown and sent back to the vendor; it opens nothing in Realms.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use realms_types::{Secret, Timestamp};
use serde::Deserialize;
use serde_json::Value;

/// No token is longer.
const LONGEST: usize = 64 * 1024;

/// Who an account is. What the vendor did not say is `None`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Claims {
    /// What the vendor calls the account.
    pub account_id: Option<String>,
    /// Its address.
    pub email: Option<String>,
    /// What was bought: `plus`, `pro`, `team`.
    pub plan: Option<String>,
    /// Who it is there.
    pub user_id: Option<String>,
    /// Until when it is paid.
    pub subscription_until: Option<Timestamp>,
    /// When the token is good for nothing.
    pub expires_at: Option<Timestamp>,
}

/// The payload of a token.
#[derive(Deserialize)]
struct Payload {
    email: Option<String>,
    exp: Option<i64>,
    chatgpt_account_id: Option<String>,
    account_id: Option<String>,
    #[serde(rename = "https://api.openai.com/auth", default)]
    auth: Auth,
    #[serde(rename = "https://api.openai.com/profile", default)]
    profile: Profile,
}

#[derive(Deserialize, Default)]
struct Auth {
    chatgpt_account_id: Option<String>,
    account_id: Option<String>,
    chatgpt_plan_type: Option<String>,
    chatgpt_user_id: Option<String>,
    user_id: Option<String>,
    #[serde(default)]
    chatgpt_subscription_active_until: Value,
}

#[derive(Deserialize, Default)]
struct Profile {
    email: Option<String>,
}

// === impl Claims ===

impl Claims {
    /// Reads a token's payload; empty when it is no token of that form.
    pub fn of(token: &Secret<String>) -> Self {
        payload(token.reveal()).map(Self::from).unwrap_or_default()
    }

    /// The same, with what is missing taken from another.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self {
            account_id: self.account_id.or(other.account_id),
            email: self.email.or(other.email),
            plan: self.plan.or(other.plan),
            user_id: self.user_id.or(other.user_id),
            subscription_until: self.subscription_until.or(other.subscription_until),
            expires_at: self.expires_at.or(other.expires_at),
        }
    }
}

impl From<Payload> for Claims {
    fn from(payload: Payload) -> Self {
        let Payload { email, exp, chatgpt_account_id, account_id, auth, profile } = payload;
        let ids = [auth.chatgpt_account_id, auth.account_id, chatgpt_account_id, account_id];
        let known = |text: &String| !text.is_empty();
        Self {
            account_id: ids.into_iter().flatten().find(known),
            email: email.or(profile.email).filter(known),
            plan: auth.chatgpt_plan_type.filter(known),
            user_id: auth.chatgpt_user_id.or(auth.user_id).filter(known),
            subscription_until: moment(&auth.chatgpt_subscription_active_until),
            expires_at: exp.map(Timestamp::from_secs),
        }
    }
}

fn payload(token: &str) -> Option<Payload> {
    if token.len() > LONGEST {
        return None;
    }
    let mut parts = token.split('.');
    let (Some(_), Some(payload), Some(_), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return None;
    };
    let json = URL_SAFE_NO_PAD.decode(payload.trim_end_matches('=')).ok()?;
    serde_json::from_slice(&json).ok()
}

/// RFC 3339, or seconds since 1970.
fn moment(value: &Value) -> Option<Timestamp> {
    match value {
        Value::String(text) => text.parse().ok(),
        other => other.as_i64().map(Timestamp::from_secs),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn token(payload: &Value) -> Secret<String> {
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        Secret::from(format!("{}.{}.c2ln", part(&json!({"alg": "RS256"})), part(payload)))
    }

    #[test]
    fn an_account_is_read_from_its_token() {
        let claims = Claims::of(&token(&json!({
            "email": "ana@example.org", "exp": 1_795_000_000, "aud": ["x"],
            "https://api.openai.com/auth": {
                "chatgpt_account_id": "acc-1", "chatgpt_plan_type": "plus",
                "chatgpt_user_id": "user-1", "organizations": [{"id": "org-1"}],
                "chatgpt_subscription_active_until": "2026-12-01T00:00:00+00:00",
            },
        })));
        assert_eq!(
            claims,
            Claims {
                account_id: Some("acc-1".into()),
                email: Some("ana@example.org".into()),
                plan: Some("plus".into()),
                user_id: Some("user-1".into()),
                subscription_until: Some("2026-12-01T00:00:00Z".parse().unwrap()),
                expires_at: Some(Timestamp::from_secs(1_795_000_000)),
            }
        );
    }

    #[test]
    fn the_account_is_found_where_older_tokens_have_it() {
        for payload in [
            json!({"chatgpt_account_id": "a"}),
            json!({"account_id": "a"}),
            json!({"https://api.openai.com/auth": {"account_id": "a"}}),
            json!({"account_id": "b", "https://api.openai.com/auth": {"chatgpt_account_id": "a"}}),
        ] {
            assert_eq!(Claims::of(&token(&payload)).account_id.as_deref(), Some("a"), "{payload}");
        }
        let access = Claims::of(&token(&json!({
            "https://api.openai.com/profile": {"email": "ana@example.org"},
            "https://api.openai.com/auth": {"chatgpt_account_id": "a"},
        })));
        let both = Claims { email: Some("b".into()), ..Claims::default() }.or(access);
        assert_eq!((both.email.as_deref(), both.account_id.as_deref()), (Some("b"), Some("a")));
    }

    #[test]
    fn what_is_no_token_says_nothing() {
        let long = format!("a.{}.c", "x".repeat(LONGEST));
        for text in ["", "opaque", "a.b.c", "a..c", "a.bm8.c", "a.e30.c.d", &long] {
            assert_eq!(Claims::of(&Secret::from(text)), Claims::default(), "{text:.20}");
        }
    }
}
