//! Which of a client's headers go to an upstream of another dialect.

use http::{HeaderMap, HeaderValue, header};

/// Belong to one vendor's API, or say things of the client in its terms.
const OF_ONE_DIALECT: &[&str] = &[
    "anthropic-",
    "chatgpt-",
    "openai-",
    "x-anthropic-",
    "x-claude-",
    "x-codex-",
    "x-gemini-",
    "x-goog-",
    "x-oai-",
    "x-openai-",
    "x-stainless-",
];
const NAMES: &[&str] = &[
    "conversation_id",
    "originator",
    "session_id",
    "session-id",
    "thread-id",
    "x-app",
    "x-client-request-id",
];

/// The client's headers without those of its dialect. All others pass, as in the first lane: `user-agent`
/// says who calls, and nothing else is said in its place.
pub(super) fn foreign(client: &HeaderMap, streams: bool) -> HeaderMap {
    let mut headers = HeaderMap::with_capacity(client.len());
    for (name, value) in client {
        let text = name.as_str();
        let belongs =
            NAMES.contains(&text) || OF_ONE_DIALECT.iter().any(|prefix| text.starts_with(prefix));
        if !belongs {
            headers.append(name, value.clone());
        }
    }
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    let accept = if streams { "text/event-stream" } else { "application/json" };
    headers.insert(header::ACCEPT, HeaderValue::from_static(accept));
    headers
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_of_one_vendor_stays_behind() {
        let client = HeaderMap::from_iter(
            [
                ("user-agent", "mine/1"),
                ("x-team", "a"),
                ("anthropic-beta", "b"),
                ("anthropic-version", "2023-06-01"),
                ("x-stainless-lang", "js"),
                ("session_id", "s"),
                ("accept", "*/*"),
            ]
            .map(|(name, value)| (name.parse().unwrap(), HeaderValue::from_static(value))),
        );
        let headers = foreign(&client, true);
        let mut names: Vec<_> = headers.keys().map(http::HeaderName::as_str).collect();
        names.sort_unstable();
        assert_eq!(names, ["accept", "content-type", "user-agent", "x-team"]);
        assert_eq!(headers["accept"], "text/event-stream");
        assert_eq!(foreign(&client, false)["accept"], "application/json");
    }
}
