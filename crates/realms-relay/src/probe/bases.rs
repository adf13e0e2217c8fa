//! Base URLs that may be meant when a path is not there. Pure.

use realms_upstream::target;
use url::Url;

use super::{Subject, ask::operation};
use crate::plan::upstream_path;

/// How many are tried.
const MOST: usize = 2;
/// Ends of paths that people copy from a vendor's documentation together with the base.
const ENDS: [&str; 7] = [
    "/chat/completions",
    "/completions",
    "/responses",
    "/messages",
    "/embeddings",
    "/models",
    "/generate",
];
/// Where APIs are found on hosts whose root is a web page.
const USUAL: [&str; 3] = ["/v1", "/api/v1", "/openai/v1"];

/// Other base URLs, the likeliest first; none leads to where this one leads, and no two to one place.
pub(super) fn other_bases(subject: &Subject) -> Vec<Url> {
    let path = upstream_path(&operation(subject.dialect, true), &subject.upstream_model);
    let led = |base: &Url| target(subject.kind, base, &path, None).ok();
    let mut seen = vec![led(&subject.base)];
    let guessed =
        guesses(subject.base.path()).into_iter().map(|path| with_path(&subject.base, &path));
    let mut found = Vec::new();
    for base in subject.known_bases.iter().cloned().chain(guessed) {
        let to = led(&base);
        if to.is_some() && !seen.contains(&to) {
            seen.push(to);
            found.push(base);
        }
    }
    found.truncate(MOST);
    found
}

fn guesses(path: &str) -> Vec<String> {
    let path = path.trim_end_matches('/');
    let mut guesses = Vec::new();
    if let Some(before) = ENDS.iter().find_map(|end| path.strip_suffix(end)) {
        guesses.push(before.to_owned());
    }
    if let Some((before, _)) = path.split_once("/models/") {
        guesses.push(before.to_owned());
    }
    // `/v1/v1`, `/v1/api`: the path up to its first version.
    let segments: Vec<&str> = path.split('/').collect();
    if let Some(place) = segments.iter().position(|segment| is_version(segment)) {
        guesses.push(segments[..=place].join("/"));
        guesses.push(format!("/api{}", segments[..=place].join("/")));
    }
    guesses.extend(USUAL.iter().map(|usual| format!("{path}{usual}")));
    guesses.extend(USUAL.map(str::to_owned));
    guesses
}

fn is_version(segment: &str) -> bool {
    let digits = segment.strip_prefix('v').unwrap_or_default();
    digits.starts_with(|c: char| c.is_ascii_digit())
}

fn with_path(base: &Url, path: &str) -> Url {
    let mut other = base.clone();
    other.set_path(path);
    other
}

#[cfg(test)]
mod tests {
    use realms_types::{ChannelKind, DialectId, Secret};

    use super::*;

    fn others(kind: ChannelKind, dialect: DialectId, base: &str, known: &[&str]) -> Vec<String> {
        let subject = Subject {
            kind,
            base: base.parse().unwrap(),
            known_bases: known.iter().map(|base| base.parse().unwrap()).collect(),
            dialect,
            upstream_model: "m".into(),
            credential: Secret::from("k"),
            proxy: None,
            account: None,
            price: None,
            shape: None,
        };
        other_bases(&subject).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn the_likeliest_base_comes_first() {
        use ChannelKind::{Anthropic, Gemini, Openai};
        for (kind, dialect, base, first) in [
            (
                Openai,
                DialectId::Chat,
                "https://a.example/v1/chat/completions",
                "https://a.example/v1",
            ),
            (Openai, DialectId::Responses, "https://a.example/v1/v1", "https://a.example/v1"),
            (Openai, DialectId::Chat, "https://a.example", "https://a.example/api/v1"),
            (Openai, DialectId::Chat, "https://a.example/v1", "https://a.example/api/v1"),
            (Openai, DialectId::Chat, "https://a.example/app", "https://a.example/app/api/v1"),
            (
                Anthropic,
                DialectId::Messages,
                "https://a.example/v1/messages",
                "https://a.example/v1",
            ),
            (
                Gemini,
                DialectId::Gemini,
                "https://a.example/v1beta/models/m:generateContent",
                "https://a.example/v1beta",
            ),
        ] {
            let found = others(kind, dialect, base, &[]);
            assert_eq!(found.first().map(String::as_str), Some(first), "{base}: {found:?}");
            assert!(found.len() <= MOST);
        }
    }

    #[test]
    fn what_is_known_is_tried_before_what_is_guessed() {
        let known = ["https://openrouter.ai/api/v1", "https://openrouter.ai"];
        let found =
            others(ChannelKind::Openai, DialectId::Chat, "https://openrouter.ai/v1", &known);
        assert_eq!(found[0], "https://openrouter.ai/api/v1");
        assert!(
            !found.contains(&"https://openrouter.ai/".to_owned()),
            "it leads to the same place"
        );
    }
}
