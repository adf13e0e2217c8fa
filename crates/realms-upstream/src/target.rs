//! Joins a channel's base URL and the path of a call into the address that is called.

use std::fmt::Write as _;

use http::Uri;
use percent_encoding::{
    AsciiSet, CONTROLS, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode,
};
use realms_types::ChannelKind;
use url::{Position, Url};

/// What cannot stand in a path as it is. `%` can: what a client encoded stays encoded.
const PATH: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'\\')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');
/// What cannot stand in one segment: all but the unreserved characters.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
/// The query parameter in which Gemini clients send their key.
const KEY_PARAMETER: &str = "key";
/// The query parameter in which Azure is told the version of its API.
const VERSION_PARAMETER: &str = "api-version";

/// The path of a call behind the version segment: `/responses`, `/messages/count_tokens`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UpstreamPath {
    /// The version the client called, on paths whose clients choose it: `v1beta` or `v1`.
    version: Option<String>,
    /// Begins with `/`.
    rest: String,
    /// What the vendor calls the model, for those that want it in the path.
    model: Option<String>,
}

/// Why a path or query cannot be called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TargetError {
    /// A segment `.` or `..`, encoded or not: it would lead out of the API.
    #[error("the path has a `.` or `..` segment")]
    DotSegment,
    /// Not a URI even after encoding.
    #[error("the path or the query is not valid in a URI")]
    Invalid,
}

/// The address of a call.
///
/// The base URL may end in the version segment or leave it out. One that looks like a version
/// (`v1`, `v4`, `v1beta`) is kept; for `openai` it may stand anywhere, as in `/v1beta/openai`. With
/// none, `v1` is added, for `gemini` the version the client called (else `v1beta`). `codex` has none. A
/// Gemini path on a channel of another kind keeps the client's version, whatever the base URL says.
///
/// `azure` is called at `/openai/v1`, whether the base URL says so or not; where its query asks for a
/// dated `api-version`, at `/openai`, and calls that belong to a deployment at
/// `/openai/deployments/{model}` (learn.microsoft.com/azure/ai-foundry/openai/api-version-lifecycle).
///
/// The query of the base URL comes first, then the client's without its `key`.
pub fn target(
    kind: ChannelKind,
    base: &Url,
    path: &UpstreamPath,
    query: Option<&str>,
) -> Result<Uri, TargetError> {
    path.check()?;
    let origin = &base[Position::BeforeScheme..Position::BeforePath];
    let trimmed = base.path().trim_end_matches('/');
    let mut text = String::with_capacity(base.as_str().len() + path.rest.len() + 64);
    text.push_str(origin);
    if kind == ChannelKind::Azure {
        push_azure(&mut text, trimmed, base, path);
    } else {
        let (root, version) = root(kind, trimmed, path.version.as_deref());
        text.push_str(root);
        text.extend(version.into_iter().flat_map(|version| ["/", version]));
    }
    // Writing to a string cannot fail.
    let _ = write!(text, "{}", utf8_percent_encode(&path.rest, PATH));
    push_query(&mut text, base.query(), query);
    Uri::try_from(text).map_err(|_| TargetError::Invalid)
}

// === impl UpstreamPath ===

impl UpstreamPath {
    /// A path of an API whose clients do not choose the version.
    pub fn new(rest: impl Into<String>) -> Self {
        Self { version: None, rest: with_slash(rest.into()), model: None }
    }

    /// A path of an API whose clients do: `v1beta` or `v1`.
    pub fn versioned(version: impl Into<String>, rest: impl Into<String>) -> Self {
        Self { version: Some(version.into()), rest: with_slash(rest.into()), model: None }
    }

    /// `/models/{model}:{action}` with the model encoded as one segment.
    pub fn gemini(version: impl Into<String>, model: &str, action: &str) -> Self {
        Self::versioned(version, format!("/models/{}:{action}", encode_segment(model)))
    }

    /// The same path for a model, which some vendors want to be named in it.
    #[must_use]
    pub fn for_model(self, model: &str) -> Self {
        Self { model: Some(model.to_owned()), ..self }
    }

    fn check(&self) -> Result<(), TargetError> {
        let decoded = percent_decode_str(&self.rest).decode_utf8_lossy();
        let mut segments = decoded.split(['/', '\\']);
        if segments.any(|segment| matches!(segment, "." | "..")) {
            return Err(TargetError::DotSegment);
        }
        Ok(())
    }
}

/// Encodes a name so that it is one segment of a path.
pub fn encode_segment(name: &str) -> String {
    utf8_percent_encode(name, SEGMENT).to_string()
}

fn with_slash(rest: String) -> String {
    if rest.starts_with('/') { rest } else { format!("/{rest}") }
}

/// The base path without what must go, and the version to put behind it.
fn root<'a>(
    kind: ChannelKind,
    path: &'a str,
    client: Option<&'a str>,
) -> (&'a str, Option<&'a str>) {
    match (kind, client) {
        (ChannelKind::Codex | ChannelKind::Azure, _) => (path, None),
        (ChannelKind::Openai | ChannelKind::Anthropic, Some(client)) => {
            (before_version(path), Some(client))
        }
        (kind, _) if has_version(kind, path) => (path, None),
        (ChannelKind::Gemini, client) => (path, Some(client.unwrap_or("v1beta"))),
        (ChannelKind::Openai | ChannelKind::Anthropic, None) => (path, Some("v1")),
    }
}

/// The calls that Azure's dated versions know by deployment, not by the model in the body.
const OF_DEPLOYMENTS: [&str; 8] = [
    "/chat/completions",
    "/completions",
    "/embeddings",
    "/audio/speech",
    "/audio/transcriptions",
    "/audio/translations",
    "/images/edits",
    "/images/generations",
];

/// Versions of Azure's API that are called like the one without a date.
const UNDATED: [&str; 3] = ["v1", "preview", "latest"];

fn push_azure(text: &mut String, root: &str, base: &Url, path: &UpstreamPath) {
    let root = root.split_once("/openai/deployments/").map_or(root, |(before, _)| before);
    let root = root.strip_suffix("/v1").unwrap_or(root);
    let root = root.strip_suffix("/openai").unwrap_or(root);
    text.extend([root, "/openai"]);
    let version = base.query_pairs().find(|(name, _)| name == VERSION_PARAMETER);
    if version.is_none_or(|(_, version)| UNDATED.contains(&version.as_ref())) {
        text.push_str("/v1");
    } else if let Some(model) = &path.model
        && OF_DEPLOYMENTS.contains(&path.rest.as_str())
    {
        text.extend(["/deployments/", encode_segment(model).as_str()]);
    }
}

fn has_version(kind: ChannelKind, path: &str) -> bool {
    let mut segments = path.rsplit('/');
    match kind {
        ChannelKind::Openai => segments.any(is_version),
        _ => segments.next().is_some_and(is_version),
    }
}

/// Cuts `/v1` and `/v1beta/openai` off the end.
fn before_version(path: &str) -> &str {
    let bare = path.strip_suffix("/openai").unwrap_or(path);
    match bare.rsplit_once('/') {
        Some((before, version)) if is_version(version) => before,
        _ => path,
    }
}

fn is_version(segment: &str) -> bool {
    let mut bytes = segment.bytes();
    bytes.next() == Some(b'v')
        && bytes.next().is_some_and(|byte| byte.is_ascii_digit())
        && bytes.all(|byte| byte.is_ascii_alphanumeric() || byte == b'.')
}

fn push_query(text: &mut String, base: Option<&str>, client: Option<&str>) {
    let versioned = base.is_some_and(|base| base.split('&').any(is_version_pair));
    let client = client.unwrap_or_default().split('&').filter(|pair| !is_key(pair));
    let client = client.filter(|pair| !(versioned && is_version_pair(pair)));
    let pairs = base.into_iter().chain(client).filter(|pair| !pair.is_empty());
    for (mark, pair) in std::iter::once('?').chain(std::iter::repeat('&')).zip(pairs) {
        text.push(mark);
        text.push_str(pair);
    }
}

fn is_key(pair: &str) -> bool {
    is_named(pair, KEY_PARAMETER)
}

fn is_version_pair(pair: &str) -> bool {
    is_named(pair, VERSION_PARAMETER)
}

fn is_named(pair: &str, name: &str) -> bool {
    let found = pair.split('=').next().unwrap_or_default();
    percent_decode_str(found).decode_utf8_lossy() == name
}

#[cfg(test)]
mod tests {
    use super::*;
    use ChannelKind::{Anthropic, Gemini, Openai};

    fn joined(kind: ChannelKind, base: &str, path: &UpstreamPath, query: Option<&str>) -> String {
        target(kind, &base.parse().unwrap(), path, query).unwrap().to_string()
    }

    /// Rows of kind, base URL, the client's version and path, and what is called.
    fn check(table: &str) {
        for row in table.lines().filter(|row| !row.trim().is_empty()) {
            let columns: Vec<&str> = row.split_whitespace().collect();
            let [kind, base, version, path, expected] = columns[..] else { panic!("{row}") };
            let path = match version {
                "-" => UpstreamPath::new(path),
                version => UpstreamPath::versioned(version, path),
            };
            assert_eq!(joined(kind.parse().unwrap(), base, &path, None), expected, "{row}");
        }
    }

    #[test]
    fn base_urls_work_with_and_without_the_version() {
        check(
            "
            openai    https://o.example                    -  /responses https://o.example/v1/responses
            openai    https://o.example/                   -  /responses https://o.example/v1/responses
            openai    https://o.example/v1                 -  /responses https://o.example/v1/responses
            openai    https://o.example/v1//               -  /responses https://o.example/v1/responses
            openai    http://127.0.0.1:8000/x/             -  /chat      http://127.0.0.1:8000/x/v1/chat
            openai    https://o.example/api/paas/v4        -  /chat      https://o.example/api/paas/v4/chat
            openai    https://g.example/v1beta/openai/     -  /chat      https://g.example/v1beta/openai/chat
            openai    https://o.example/vendor             -  /chat      https://o.example/vendor/v1/chat
            openai    https://o.example/v1?api-version=2   -  /chat      https://o.example/v1/chat?api-version=2
            anthropic https://a.example                    -  /messages  https://a.example/v1/messages
            anthropic https://a.example/v1                 -  /messages  https://a.example/v1/messages
            anthropic https://a.example/v1/acc/anthropic   -  /messages  https://a.example/v1/acc/anthropic/v1/messages
            codex     https://c.example/backend-api/codex  -  /responses https://c.example/backend-api/codex/responses
            codex     https://c.example/backend-api/codex/ -  /responses https://c.example/backend-api/codex/responses
            gemini    https://g.example                    -  /models    https://g.example/v1beta/models
            ",
        );
    }

    #[test]
    fn gemini_paths_keep_the_clients_version_where_the_base_has_none() {
        check(
            "
            gemini    https://g.example               v1beta /models/m:x https://g.example/v1beta/models/m:x
            gemini    https://g.example/              v1     /models/m:x https://g.example/v1/models/m:x
            gemini    https://g.example/v1beta        v1     /models/m:x https://g.example/v1beta/models/m:x
            openai    https://o.example/v1            v1beta /models/m:x https://o.example/v1beta/models/m:x
            openai    https://o.example               v1beta /models/m:x https://o.example/v1beta/models/m:x
            openai    https://o.example/v1beta/openai v1     /models/m:x https://o.example/v1/models/m:x
            anthropic https://o.example/x             v1beta /models/m:x https://o.example/x/v1beta/models/m:x
            ",
        );
    }

    #[test]
    fn azure_is_called_by_deployment_where_a_dated_version_is_asked_for() {
        const R: &str = "https://r.openai.azure.com";
        let call = |base: &str, rest: &str| {
            let path = UpstreamPath::new(rest).for_model("my gpt");
            joined(ChannelKind::Azure, base, &path, Some("api-version=mine&x=1"))
        };
        for base in ["", "/", "/openai", "/openai/v1", "/openai/v1/", "/openai/deployments/other"] {
            for rest in ["/responses", "/chat/completions", "/models"] {
                let expected = format!("{R}/openai/v1{rest}?api-version=mine&x=1");
                assert_eq!(call(&format!("{R}{base}"), rest), expected);
            }
            for (rest, path) in [
                ("/chat/completions", "/deployments/my%20gpt/chat/completions"),
                ("/embeddings", "/deployments/my%20gpt/embeddings"),
                ("/responses", "/responses"),
                ("/responses/resp_1", "/responses/resp_1"),
                ("/models", "/models"),
            ] {
                let dated = format!("{R}{base}?api-version=2024-10-21");
                let expected = format!("{R}/openai{path}?api-version=2024-10-21&x=1");
                assert_eq!(call(&dated, rest), expected);
            }
            let preview = call(&format!("{R}{base}?api-version=preview"), "/chat/completions");
            assert_eq!(preview, format!("{R}/openai/v1/chat/completions?api-version=preview&x=1"));
        }
        let gateway = call("https://gate.example/azure", "/responses");
        assert_eq!(gateway, "https://gate.example/azure/openai/v1/responses?api-version=mine&x=1");
    }

    #[test]
    fn names_are_one_segment_and_paths_stay_encoded() {
        let path = UpstreamPath::gemini("v1", "vendor/модель:8b?x", "generateContent");
        assert_eq!(
            joined(Gemini, "https://g.example", &path, None),
            "https://g.example/v1/models/vendor%2F%D0%BC%D0%BE%D0%B4%D0%B5%D0%BB%D1%8C%3A8b%3Fx:generateContent"
        );
        let path = UpstreamPath::new("responses/a%2Fb c#d");
        assert_eq!(
            joined(Openai, "https://o.example", &path, None),
            "https://o.example/v1/responses/a%2Fb%20c%23d"
        );
    }

    #[test]
    fn no_path_leads_out_of_the_api() {
        let base: Url = "https://o.example/v1".parse().unwrap();
        for rest in
            ["/responses/../admin", "/a/./b", "/a/%2e%2E/b", "/a%2f..%2fb", "/a\\..\\b", "/.."]
        {
            let refused = target(Openai, &base, &UpstreamPath::new(rest), None);
            assert_eq!(refused, Err(TargetError::DotSegment), "{rest}");
        }
        assert!(target(Openai, &base, &UpstreamPath::new("/files/a..b"), None).is_ok());
    }

    #[test]
    fn the_query_passes_without_the_clients_key() {
        let path = UpstreamPath::new("/messages");
        let base = "https://a.example/v1?tenant=1";
        for (query, expected) in [
            (None, "?tenant=1"),
            (Some(""), "?tenant=1"),
            (Some("beta=true"), "?tenant=1&beta=true"),
            (Some("key=secret"), "?tenant=1"),
            (Some("alt=sse&key=secret&x=1"), "?tenant=1&alt=sse&x=1"),
            (Some("%6Bey=secret&alt=sse"), "?tenant=1&alt=sse"),
            (Some("keys=1"), "?tenant=1&keys=1"),
        ] {
            let uri = joined(Anthropic, base, &path, query);
            assert_eq!(uri, format!("https://a.example/v1/messages{expected}"));
        }
    }

    #[test]
    fn a_broken_query_is_an_error() {
        let base: Url = "https://a.example".parse().unwrap();
        let broken = target(Openai, &base, &UpstreamPath::new("/m"), Some("a=\u{1}"));
        assert_eq!(broken, Err(TargetError::Invalid));
    }
}
