//! The request of a test, and how it is shown.

use std::fmt::Write as _;

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, header};
use realms_dialect::{HeaderChange, HeaderFacts, Scene, to_json};
use realms_types::{ChannelKind, DialectId};
use realms_upstream::{Outgoing, SendError, TargetError, Upstream, target};
use serde::Serialize;
use url::Url;

use super::{Mask, Subject};
use crate::{GeminiAction, Operation, plan::upstream_path};

/// What is asked. It can be answered in one token.
const PROMPT: &str = "Reply with: ok";
/// The least that every vendor takes as a limit.
const LIMIT: u32 = 16;
/// What must be given where a limit must be given.
const BARE_LIMIT: u32 = 256;
/// What stands in a command in place of the credential.
const PLACEHOLDER: &str = "$API_KEY";
/// Stands in a path in place of the model's name.
const ANY_MODEL: &str = "{model}";

/// How the question is put.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// With the limit in its old name.
    Old,
    /// With the limit in the name that OpenAI's reasoning models want.
    New,
    /// Without whatever a vendor may not know.
    Bare,
}

/// One request of a test.
pub(super) struct Ask {
    pub(super) outgoing: Outgoing,
    body: Bytes,
}

#[derive(Serialize)]
struct ResponsesBody<'a> {
    model: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    instructions: Option<&'a str>,
    input: [Turn<'a>; 1],
    #[serde(skip_serializing_if = "Option::is_none")]
    max_output_tokens: Option<u32>,
    store: bool,
    stream: bool,
}

#[derive(Serialize)]
struct ChatBody<'a> {
    model: &'a str,
    messages: [Turn<'a>; 1],
    #[serde(skip_serializing_if = "Option::is_none")]
    max_tokens: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_completion_tokens: Option<u32>,
    stream: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    stream_options: Option<StreamOptions>,
}

#[derive(Serialize)]
struct StreamOptions {
    include_usage: bool,
}

#[derive(Serialize)]
struct MessagesBody<'a> {
    model: &'a str,
    max_tokens: u32,
    messages: [Turn<'a>; 1],
    stream: bool,
}

#[derive(Serialize)]
struct Turn<'a> {
    role: &'a str,
    content: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct GeminiBody<'a> {
    contents: [Content<'a>; 1],
    #[serde(skip_serializing_if = "Option::is_none")]
    generation_config: Option<GenerationConfig>,
}

#[derive(Serialize)]
struct Content<'a> {
    role: &'a str,
    parts: [Part<'a>; 1],
}

#[derive(Serialize)]
struct Part<'a> {
    text: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct GenerationConfig {
    max_output_tokens: u32,
}

/// The address a call in this dialect goes to, with `{model}` where the name of the model stands in it.
pub fn create_url(
    kind: ChannelKind,
    base: &Url,
    dialect: DialectId,
) -> Result<String, TargetError> {
    let path = upstream_path(&operation(dialect), ANY_MODEL);
    let uri = target(kind, base, &path, None)?.to_string();
    Ok(uri.replace(&realms_upstream::encode_segment(ANY_MODEL), ANY_MODEL))
}

/// What a client of this dialect would ask for.
pub(super) fn operation(dialect: DialectId) -> Operation {
    match dialect {
        DialectId::Responses => Operation::Respond,
        DialectId::Chat => Operation::Chat,
        DialectId::Messages => Operation::Message,
        DialectId::Gemini => Operation::Gemini {
            version: "v1beta",
            model: String::new(),
            action: GeminiAction::Stream,
        },
    }
}

// === impl Form ===

impl Form {
    /// What to try first.
    pub(super) fn first(subject: &Subject) -> Self {
        let own_host = subject.base.host_str() == Some("api.openai.com");
        match subject.kind {
            ChannelKind::Codex => Self::Bare,
            _ if own_host || reasons(&subject.upstream_model) => Self::New,
            _ => Self::Old,
        }
    }
}

/// Whether a model is one of OpenAI's that refuse `max_tokens`, wherever it is served.
fn reasons(model: &str) -> bool {
    let name = model.rsplit('/').next().unwrap_or(model);
    let generation = |prefix: &str| {
        let digit = name.strip_prefix(prefix).and_then(|rest| rest.bytes().next());
        digit.filter(u8::is_ascii_digit)
    };
    generation("o").is_some() || generation("gpt-").is_some_and(|digit| digit >= b'5')
}

// === impl Ask ===

impl Ask {
    pub(super) fn new(subject: &Subject, base: &Url, form: Form) -> Self {
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        headers.insert(header::ACCEPT, HeaderValue::from_static("text/event-stream"));
        headers.insert(header::USER_AGENT, HeaderValue::from_static("realms-channel-test"));
        let (model, body, changes) = shaped(subject, form, &headers);
        let gemini = subject.dialect == DialectId::Gemini;
        let outgoing = Outgoing {
            method: Method::POST,
            kind: subject.kind,
            dialect: Some(subject.dialect),
            base: base.clone(),
            path: upstream_path(&operation(subject.dialect), &model),
            query: gemini.then(|| "alt=sse".to_owned()),
            changes,
            headers,
            body: vec![body.clone()],
            credential: subject.credential.clone(),
            proxy: subject.proxy.clone(),
            account: subject.account.clone(),
            stream: true,
        };
        Self { outgoing, body }
    }

    /// The request as it goes out, and as a shell command.
    pub(super) fn show(
        &self,
        upstream: &Upstream,
        mask: &Mask,
    ) -> Result<(String, String), SendError> {
        let (method, uri, headers) = upstream.preview(self.outgoing.clone())?;
        let body = String::from_utf8_lossy(&self.body);
        let (mut request, mut curl) =
            (format!("{method} {uri}\n"), format!("curl -N {}", quoted(&uri.to_string())));
        if let Some(proxy) = &self.outgoing.proxy {
            // Writing to a string cannot fail.
            let _ = write!(curl, " \\\n  --proxy {}", quoted(&proxy.to_string()));
        }
        for (name, value) in &headers {
            let value = String::from_utf8_lossy(value.as_bytes());
            // What the operator put there may be a secret.
            let own = self.outgoing.changes.iter().any(|change| change.sets(name));
            let value = if own { "(set)".into() } else { value };
            // Writing to a string cannot fail.
            let _ = writeln!(request, "{name}: {value}");
            let line = mask.put(&format!("{name}: {value}"), PLACEHOLDER);
            let line =
                if line.contains(PLACEHOLDER) { format!("\"{line}\"") } else { quoted(&line) };
            let _ = write!(curl, " \\\n  -H {line}");
        }
        let _ = write!(request, "\n{body}");
        let _ = write!(curl, " \\\n  -d {}", quoted(&body));
        Ok((mask.show(&request), mask.put(&curl, PLACEHOLDER)))
    }
}

/// A word of a shell, whatever is in it.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// The question as the channel's options would have it: the model's name, the body, the headers.
fn shaped(
    subject: &Subject,
    form: Form,
    headers: &HeaderMap,
) -> (String, Bytes, Vec<HeaderChange>) {
    let bound = subject.upstream_model.as_str();
    let Some((channel, shape)) = &subject.shape else {
        return (bound.to_owned(), body(subject, bound, form), Vec::new());
    };
    let mut edits = Vec::new();
    let facts = HeaderFacts {
        dialect: subject.dialect,
        api_key: &subject.credential,
        request_id: "channel-test",
        user: "channel-test",
        client: headers,
    };
    let changes = shape.headers(facts, &mut edits);
    if shape.passes_through() {
        return (bound.to_owned(), body(subject, bound, form), changes);
    }
    let named = shape.model(bound, &mut edits);
    let asked = operation(subject.dialect);
    let scene = Scene {
        dialect: subject.dialect,
        prompted: true,
        path: &asked.client_path(),
        original_model: bound,
        channel: *channel,
        kind: subject.kind,
        test: true,
    };
    let made = shape.body(&body(subject, &named.name, form), &named, scene);
    (named.name, made.body, changes)
}

fn body(subject: &Subject, model: &str, form: Form) -> Bytes {
    let asked = || [Turn { role: "user", content: PROMPT }];
    let limit = (form != Form::Bare).then_some(LIMIT);
    match subject.dialect {
        DialectId::Responses => to_json(&ResponsesBody {
            model,
            // The backend of the Codex CLI refuses a request without.
            instructions: (subject.kind == ChannelKind::Codex).then_some("You are brief."),
            input: asked(),
            max_output_tokens: limit,
            store: false,
            stream: true,
        }),
        DialectId::Chat => to_json(&ChatBody {
            model,
            messages: asked(),
            max_tokens: limit.filter(|_| form == Form::Old),
            max_completion_tokens: limit.filter(|_| form == Form::New),
            stream: true,
            stream_options: limit.map(|_| StreamOptions { include_usage: true }),
        }),
        DialectId::Messages => to_json(&MessagesBody {
            model,
            max_tokens: limit.unwrap_or(BARE_LIMIT),
            messages: asked(),
            stream: true,
        }),
        DialectId::Gemini => to_json(&GeminiBody {
            contents: [Content { role: "user", parts: [Part { text: PROMPT }] }],
            generation_config: limit
                .map(|max_output_tokens| GenerationConfig { max_output_tokens }),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_is_the_one_a_call_goes_to() {
        for (kind, base, dialect, expected) in [
            (
                ChannelKind::Openai,
                "https://a.example",
                DialectId::Responses,
                "https://a.example/v1/responses",
            ),
            (
                ChannelKind::Openai,
                "https://a.example/v1/",
                DialectId::Chat,
                "https://a.example/v1/chat/completions",
            ),
            (
                ChannelKind::Anthropic,
                "https://a.example",
                DialectId::Messages,
                "https://a.example/v1/messages",
            ),
            (
                ChannelKind::Gemini,
                "https://a.example",
                DialectId::Gemini,
                "https://a.example/v1beta/models/{model}:streamGenerateContent",
            ),
        ] {
            let url = create_url(kind, &base.parse().unwrap(), dialect).unwrap();
            assert_eq!(url, expected);
        }
    }

    #[test]
    fn the_limit_has_the_name_that_the_model_knows() {
        for (model, expected) in [
            ("gpt-5.2", true),
            ("openai/gpt-6-sol", true),
            ("o4-mini", true),
            ("gpt-4o", false),
            ("gpt-4.1-mini", false),
            ("deepseek-chat", false),
            ("olmo", false),
            ("gpt-oss-120b", false),
        ] {
            assert_eq!(reasons(model), expected, "{model}");
        }
    }

    #[test]
    fn a_quote_ends_no_word() {
        assert_eq!(quoted("it's"), r"'it'\''s'");
    }
}
