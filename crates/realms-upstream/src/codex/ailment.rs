//! What a refusal says about the account that signed the call. Pure.

use http::StatusCode;
use realms_dialect::UpstreamFault;

/// What ails an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ailment {
    /// Its quota is used up: it comes back by itself.
    Exhausted,
    /// Too many calls at once: it comes back soon.
    Throttled,
    /// Its access token is not taken: a refresh may help.
    TokenRefused,
    /// The vendor closed it: only people can help.
    Deactivated,
}

const EXHAUSTED: [&str; 3] =
    ["usage_limit_reached", "insufficient_quota", "billing_hard_limit_reached"];
const THROTTLED: [&str; 2] = ["rate_limit_exceeded", "rate_limit_error"];
/// Codes of an account that is closed …
const DEACTIVATED: [&str; 4] =
    ["account_deactivated", "account_suspended", "account_banned", "user_deactivated"];
/// … and the same in words, beside the word "account" or "user".
const DEACTIVATED_WORDS: [&str; 5] = ["suspended", "banned", "deactivated", "disabled", "deleted"];

// === impl Ailment ===

impl Ailment {
    /// What a refused call says about its account; `None`: nothing.
    pub fn of(status: StatusCode, fault: &UpstreamFault) -> Option<Self> {
        let status = if status.is_success() { fault.status } else { status.as_u16() };
        let named = |names: &[&str]| {
            let said = [fault.code.as_deref(), fault.kind.as_deref()];
            said.into_iter().flatten().any(|said| names.contains(&said.to_lowercase().as_str()))
        };
        match status {
            402 => Some(Self::Exhausted),
            400..=499 if named(&EXHAUSTED) => Some(Self::Exhausted),
            401 | 403 if named(&DEACTIVATED) || says_deactivated(&fault.message) => {
                Some(Self::Deactivated)
            }
            401 => Some(Self::TokenRefused),
            429 => Some(Self::Throttled),
            400..=499 if named(&THROTTLED) => Some(Self::Throttled),
            _ => None,
        }
    }
}

fn says_deactivated(message: &str) -> bool {
    let message = message.to_lowercase();
    let mut words = message.split(|c: char| !c.is_alphanumeric());
    words.any(|word| matches!(word, "account" | "user" | "workspace"))
        && DEACTIVATED_WORDS.iter().any(|word| message.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_ails_an_account_is_told_from_what_ails_a_call() {
        use Ailment::{Deactivated, Exhausted, Throttled, TokenRefused};

        for (status, kind, code, message, expected) in [
            (402, "", "", "", Some(Exhausted)),
            (429, "usage_limit_reached", "", "The usage limit has been reached", Some(Exhausted)),
            (429, "", "insufficient_quota", "", Some(Exhausted)),
            (403, "", "billing_hard_limit_reached", "", Some(Exhausted)),
            (429, "", "rate_limit_exceeded", "slow down", Some(Throttled)),
            (429, "", "", "", Some(Throttled)),
            (
                401,
                "",
                "token_expired",
                "Provided authentication token is expired.",
                Some(TokenRefused),
            ),
            (401, "", "", "", Some(TokenRefused)),
            (401, "", "token_invalidated", "Your token has been invalidated", Some(TokenRefused)),
            (403, "", "account_deactivated", "", Some(Deactivated)),
            (401, "", "", "Your OpenAI account has been deactivated", Some(Deactivated)),
            (403, "", "", "This user is suspended.", Some(Deactivated)),
            (403, "", "", "Feature disabled for this model", None),
            (403, "", "", "<html>blocked</html>", None),
            (400, "invalid_request_error", "", "bad", None),
            (500, "server_error", "", "account suspended", None),
            (200, "", "", "", None),
        ] {
            let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
            let fault = UpstreamFault {
                status,
                kind: some(kind),
                code: some(code),
                message: message.to_owned(),
                ..UpstreamFault::default()
            };
            let status = StatusCode::from_u16(status).unwrap();
            assert_eq!(Ailment::of(status, &fault), expected, "{status} {kind} {code} {message}");
        }
    }
}
