//! What names a conversation: hints that keep its calls on one credential, where the cache is warm.

use http::HeaderMap;
use serde::Deserialize;

/// Headers that carry a session id, best first. The first three are Codex's and Claude Code's, the
/// rest those of opencode and of clients that spoke to earlier gateways.
const HEADERS: [&str; 8] = [
    "session-id",
    "session_id",
    "x-claude-code-session-id",
    "x-session-id",
    "x-session-affinity",
    "thread-id",
    "conversation-id",
    "conversation_id",
];

/// Longer than any client's session id: more is noise or an attack on the affinity table.
const LONGEST: usize = 256;

/// `metadata.user_id` as Claude Code writes it since 2.1: JSON inside a string.
#[derive(Deserialize)]
struct UserId {
    session_id: Option<String>,
}

/// The session a call names in its headers.
pub fn session_from_headers(headers: &HeaderMap) -> Option<String> {
    let named = |name| headers.get(name)?.to_str().ok().map(str::to_owned).and_then(usable);
    HEADERS.into_iter().find_map(named)
}

/// The session inside an Anthropic `metadata.user_id`: a JSON text with a `session_id`, or the older
/// `user_<hash>_account_<uuid>_session_<uuid>`. A `user_id` with neither names a user, not a session.
pub(crate) fn session_in_metadata(user_id: &str) -> Option<String> {
    if user_id.starts_with('{') {
        return serde_json::from_str::<UserId>(user_id).ok()?.session_id;
    }
    let (_, session) = user_id.rsplit_once("_session_")?;
    Some(session.to_owned())
}

/// A session id that can be used as a key: not blank, not overlong, no control characters.
pub(crate) fn usable(session: String) -> Option<String> {
    let good = !session.trim().is_empty()
        && session.len() <= LONGEST
        && !session.chars().any(char::is_control);
    good.then_some(session)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn claude_code_names_its_session_in_both_ways() {
        let json = r#"{"device_id":"d","account_uuid":"","session_id":"0b1c"}"#;
        assert_eq!(session_in_metadata(json).as_deref(), Some("0b1c"));
        let old = "user_ab12_account__session_5f3e-11";
        assert_eq!(session_in_metadata(old).as_deref(), Some("5f3e-11"));
        assert_eq!(session_in_metadata("customer-7"), None);
        assert_eq!(session_in_metadata("{broken"), None);
    }

    #[test]
    fn headers_are_read_in_order_and_only_when_usable() {
        let mut headers = HeaderMap::new();
        assert_eq!(session_from_headers(&headers), None);
        headers.insert("x-session-affinity", "ses_1".parse().unwrap());
        assert_eq!(session_from_headers(&headers).as_deref(), Some("ses_1"));
        headers.insert("session-id", "x".repeat(300).parse().unwrap());
        assert_eq!(session_from_headers(&headers).as_deref(), Some("ses_1"));
        headers.insert("session-id", "thread-9".parse().unwrap());
        assert_eq!(session_from_headers(&headers).as_deref(), Some("thread-9"));
    }
}
