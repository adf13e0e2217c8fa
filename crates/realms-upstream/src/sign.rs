//! Puts the channel's credential into a request, in the header its vendor reads.

use http::{HeaderMap, HeaderName, HeaderValue, header::AUTHORIZATION};
use realms_dialect::{KeyPlace, facts};
use realms_types::{ChannelKind, DialectId, Secret};

/// Where Azure looks for the key, whatever is spoken.
const API_KEY: &str = "api-key";
const CHATGPT_ACCOUNT_ID: HeaderName = HeaderName::from_static("chatgpt-account-id");
/// How the access tokens of Anthropic's OAuth begin: they go where a bearer token goes.
const ANTHROPIC_OAUTH: &str = "sk-ant-oat";

/// Where a credential goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Slot {
    Bearer,
    /// In a header of the vendor's own.
    Own(&'static str),
    /// In both, where compatible servers differ in which of the two they read.
    BearerAndOwn(&'static str),
}

/// A credential with characters that no header can carry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Unusable;

/// Adds the credential, and the API version where the dialect has one and the client named none.
/// The headers must have passed [`crate::forward_headers`]: no other credential is in them.
pub(crate) fn sign(
    headers: &mut HeaderMap,
    kind: ChannelKind,
    dialect: Option<DialectId>,
    credential: &Secret<String>,
) -> Result<(), Unusable> {
    let key = credential.reveal();
    let spoken = dialect.unwrap_or_else(|| kind.own_dialect());
    match slot(kind, spoken, key) {
        Slot::Bearer => put(headers, AUTHORIZATION, &bearer(key))?,
        Slot::Own(name) => put(headers, HeaderName::from_static(name), credential)?,
        Slot::BearerAndOwn(name) => {
            put(headers, AUTHORIZATION, &bearer(key))?;
            put(headers, HeaderName::from_static(name), credential)?;
        }
    }
    if let Some((name, usual)) = facts(spoken).version {
        headers.entry(name).or_insert(HeaderValue::from_static(usual));
    }
    Ok(())
}

/// Says whose token it is, where the vendor wants to know: one person may be in several workspaces.
pub(crate) fn name_account(
    headers: &mut HeaderMap,
    kind: ChannelKind,
    account: Option<&str>,
) -> Result<(), Unusable> {
    if let (ChannelKind::Codex, Some(account)) = (kind, account) {
        let value = HeaderValue::from_str(account).map_err(|_| Unusable)?;
        headers.insert(CHATGPT_ACCOUNT_ID, value);
    }
    Ok(())
}

fn slot(kind: ChannelKind, spoken: DialectId, key: &str) -> Slot {
    let is_own = kind.default_dialects().contains(&spoken);
    match (kind, facts(spoken).key) {
        (ChannelKind::Azure, _) => Slot::Own(API_KEY),
        (ChannelKind::Anthropic, _) if key.starts_with(ANTHROPIC_OAUTH) => Slot::Bearer,
        // The OpenAI-compatible faces of the other vendors read what OpenAI reads.
        (ChannelKind::Anthropic | ChannelKind::Gemini, _) if !is_own => Slot::Bearer,
        (ChannelKind::Codex, _) | (_, KeyPlace::Bearer) => Slot::Bearer,
        (ChannelKind::Openai, KeyPlace::HeaderOrBearer(name)) => Slot::BearerAndOwn(name),
        (_, KeyPlace::Header(name) | KeyPlace::HeaderOrBearer(name)) => Slot::Own(name),
    }
}

fn bearer(key: &str) -> Secret<String> {
    Secret::new(format!("Bearer {key}"))
}

fn put(headers: &mut HeaderMap, name: HeaderName, text: &Secret<String>) -> Result<(), Unusable> {
    let mut value = HeaderValue::from_str(text.reveal()).map_err(|_| Unusable)?;
    value.set_sensitive(true);
    headers.insert(name, value);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signed(kind: ChannelKind, dialect: Option<DialectId>, key: &str) -> Vec<(String, String)> {
        let mut headers = HeaderMap::new();
        sign(&mut headers, kind, dialect, &Secret::from(key)).unwrap();
        let pair = |(name, value): (&HeaderName, &HeaderValue)| {
            (name.to_string(), value.to_str().unwrap().to_owned())
        };
        let mut pairs: Vec<_> = headers.iter().map(pair).collect();
        pairs.sort();
        pairs
    }

    #[test]
    fn each_vendor_finds_the_credential_where_it_looks() {
        use ChannelKind::{Anthropic, Azure, Codex, Gemini, Openai};

        const VERSION: (&str, &str) = ("anthropic-version", "2023-06-01");
        const BEARER: (&str, &str) = ("authorization", "Bearer k");
        let oauth = ("authorization", "Bearer sk-ant-oat01-x");
        let table: [(_, _, _, &[(&str, &str)]); 15] = [
            (Openai, None, "k", &[BEARER]),
            (Openai, Some(DialectId::Responses), "k", &[BEARER]),
            (Openai, Some(DialectId::Chat), "k", &[BEARER]),
            (Openai, Some(DialectId::Messages), "k", &[VERSION, BEARER, ("x-api-key", "k")]),
            (Openai, Some(DialectId::Gemini), "k", &[("x-goog-api-key", "k")]),
            (Codex, Some(DialectId::Responses), "k", &[BEARER]),
            (Azure, Some(DialectId::Chat), "k", &[("api-key", "k")]),
            (Azure, None, "k", &[("api-key", "k")]),
            (Anthropic, Some(DialectId::Messages), "k", &[VERSION, ("x-api-key", "k")]),
            (Anthropic, None, "k", &[VERSION, ("x-api-key", "k")]),
            (Anthropic, Some(DialectId::Messages), "sk-ant-oat01-x", &[VERSION, oauth]),
            (Anthropic, Some(DialectId::Chat), "k", &[BEARER]),
            (Gemini, Some(DialectId::Gemini), "k", &[("x-goog-api-key", "k")]),
            (Gemini, None, "k", &[("x-goog-api-key", "k")]),
            (Gemini, Some(DialectId::Chat), "k", &[BEARER]),
        ];
        for (kind, dialect, key, expected) in table {
            let expected: Vec<_> =
                expected.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
            assert_eq!(signed(kind, dialect, key), expected, "{kind} {dialect:?}");
        }
    }

    #[test]
    fn only_codex_is_told_the_account() {
        for (kind, account, expected) in [
            (ChannelKind::Codex, Some("acc-1"), Some("acc-1")),
            (ChannelKind::Codex, None, None),
            (ChannelKind::Openai, Some("acc-1"), None),
        ] {
            let mut headers = HeaderMap::new();
            name_account(&mut headers, kind, account).unwrap();
            let found = headers.get(CHATGPT_ACCOUNT_ID).map(|value| value.to_str().unwrap());
            assert_eq!(found, expected, "{kind}");
        }
        let refused = name_account(&mut HeaderMap::new(), ChannelKind::Codex, Some("a\nb"));
        assert_eq!(refused, Err(Unusable));
    }

    #[test]
    fn the_clients_api_version_stays() {
        let mut headers = HeaderMap::new();
        headers.insert("anthropic-version", HeaderValue::from_static("2026-10-21"));
        let dialect = Some(DialectId::Messages);
        sign(&mut headers, ChannelKind::Anthropic, dialect, &Secret::from("k")).unwrap();
        assert_eq!(headers["anthropic-version"], "2026-10-21");
    }

    #[test]
    fn a_credential_is_never_shown_and_never_splits_a_header() {
        let mut headers = HeaderMap::new();
        let canary = Secret::from("canary-0123");
        sign(&mut headers, ChannelKind::Openai, None, &canary).unwrap();
        assert!(!format!("{headers:?}").contains("canary"));
        for key in ["a\nb", "a\r\nx: y", "\0"] {
            let refused =
                sign(&mut HeaderMap::new(), ChannelKind::Openai, None, &Secret::from(key));
            assert_eq!(refused, Err(Unusable), "{key:?}");
        }
    }
}
