//! What is true of a whole dialect, told once: whoever must know it asks here and names no dialect.
//!
//! Each dialect has its file in `facts/`; a new one is one file more, and its line in [`facts`].

mod chat;
mod gemini;
mod messages;
mod responses;

use http::HeaderMap;
use realms_types::DialectId;

/// Stands in a path in place of the model's name.
const MODEL: &str = "{model}";

/// What is true of one dialect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Facts {
    /// The path under which clients `POST` an ordinary call, `{model}` where the name of the model stands.
    pub answers_at: &'static str,
    /// The path under which they have the tokens of a prompt counted; `None`: there is no such call.
    pub counts_at: Option<&'static str>,
    /// The path under which they have texts made vectors; `None`: there is no such call.
    pub embeds_at: Option<&'static str>,
    /// How the paths of its calls go on behind a base URL, so that they can be cut off an address; of two
    /// with one end the longer comes first. Empty where the model stands in the path.
    pub tails: &'static [&'static str],
    /// Headers that its clients alone send.
    pub own_headers: &'static [&'static str],
    /// How paths begin that its clients alone ask for.
    pub own_paths: &'static [&'static str],
    /// Where its vendor looks for the key.
    pub key: KeyPlace,
    /// The header with the version of the API, and what stands there where the client named none.
    pub version: Option<(&'static str, &'static str)>,
    /// The header in which its clients look for the id of a call, where that is not `x-request-id`.
    pub id_header: Option<&'static str>,
    /// The query with which a stream comes as events, where it would be one JSON array without.
    pub events_query: Option<&'static str>,
    /// Whether a stream tells its usage only to those who ask for it.
    pub usage_on_demand: bool,
}

/// Where a dialect's vendor looks for the key, and where those do who copy it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyPlace {
    /// All in `authorization`, as a bearer token.
    Bearer,
    /// All in this header.
    Header(&'static str),
    /// The vendor in this header; of those who copy it some there, some in `authorization`.
    HeaderOrBearer(&'static str),
}

/// What is true of a dialect.
pub const fn facts(dialect: DialectId) -> &'static Facts {
    match dialect {
        DialectId::Responses => &responses::FACTS,
        DialectId::Chat => &chat::FACTS,
        DialectId::Messages => &messages::FACTS,
        DialectId::Gemini => &gemini::FACTS,
    }
}

/// Whose client sends such a request, on whatever path: those that have headers of their own are known by
/// them before others are by their path. What nobody claims is taken for the dialect that most servers copy.
pub fn recognise(path: &str, headers: &HeaderMap) -> DialectId {
    let find = |by_headers: bool| {
        DialectId::ALL
            .into_iter()
            .filter(|dialect| facts(*dialect).own_headers.is_empty() != by_headers)
            .find(|dialect| facts(*dialect).claims(path, headers))
    };
    find(true).or_else(|| find(false)).unwrap_or(DialectId::COPIED)
}

// === impl Facts ===

impl Facts {
    /// Whether the model is named in the path of a call, not in its body.
    pub fn has_model_in_path(&self) -> bool {
        self.answers_at.contains(MODEL)
    }

    /// Whether a stream may come as one JSON array.
    pub const fn streams_arrays(&self) -> bool {
        self.events_query.is_some()
    }

    fn claims(&self, path: &str, headers: &HeaderMap) -> bool {
        self.own_headers.iter().any(|name| headers.contains_key(*name))
            || self.own_paths.iter().any(|start| path.starts_with(start))
    }
}

#[cfg(test)]
mod tests {
    use http::{HeaderName, HeaderValue};

    use super::*;

    #[test]
    fn a_client_is_known_by_its_headers_and_then_by_its_path() {
        use DialectId::{Chat, Gemini, Messages, Responses};

        for (path, names, expected) in [
            ("/v1/x", &["authorization"][..], Chat),
            ("/v1/x", &[], Chat),
            ("/v1/responses/x", &[], Responses),
            ("/v1/messages/x", &[], Messages),
            ("/v1beta/x", &[], Gemini),
            ("/v1/x", &["x-goog-api-key"], Gemini),
            ("/v1/x", &["x-goog-api-client"], Gemini),
            ("/v1/responses", &["x-goog-api-key"], Gemini),
            ("/v1/responses", &["anthropic-version"], Messages),
            ("/v1beta/x", &["anthropic-version"], Messages),
            ("/v1/x", &["x-goog-api-key", "anthropic-version"], Messages),
        ] {
            let one = HeaderValue::from_static("1");
            let named = names.iter().map(|name| (HeaderName::from_static(name), one.clone()));
            let headers: HeaderMap = named.collect();
            assert_eq!(recognise(path, &headers), expected, "{path} {names:?}");
        }
    }

    #[test]
    fn the_path_of_a_call_can_be_cut_off_or_names_the_model() {
        for dialect in DialectId::ALL {
            let facts = facts(dialect);
            let is_cut = facts.tails.iter().any(|tail| facts.answers_at.ends_with(tail));
            assert_ne!(is_cut, facts.has_model_in_path(), "{dialect}");
            for (place, tail) in facts.tails.iter().enumerate() {
                let hidden = facts.tails[..place].iter().any(|longer| tail.ends_with(longer));
                assert!(!hidden, "{dialect}: {tail} is never found");
            }
        }
    }

    #[test]
    fn headers_are_names_that_headers_can_have() {
        for dialect in DialectId::ALL {
            let Facts { own_headers, key, version, id_header, .. } = *facts(dialect);
            let key = match key {
                KeyPlace::Bearer => None,
                KeyPlace::Header(name) | KeyPlace::HeaderOrBearer(name) => Some(name),
            };
            let named = own_headers.iter().copied().chain(key).chain(id_header);
            for name in named.chain(version.map(|(name, _)| name)) {
                assert_eq!(HeaderName::from_static(name).as_str(), name, "{dialect}");
            }
        }
    }
}
