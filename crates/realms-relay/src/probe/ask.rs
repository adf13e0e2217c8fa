//! The request of a test, and how it is shown.

use std::fmt::Write as _;

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, header};
use realms_dialect::{HeaderChange, HeaderFacts, Scene, Trial, TrialTool, facts};
use realms_types::{ChannelKind, DialectId};
use realms_upstream::{Outgoing, SendError, TargetError, Upstream, target};
use url::Url;

use super::{
    Mask, Subject,
    tools::{TOOL, TOOL_ABOUT, TOOL_PROMPT, tool_schema},
};
use crate::{Operation, plan::upstream_path};

/// What stands in a command in place of the credential.
const PLACEHOLDER: &str = "$API_KEY";
/// Stands in a path in place of the model's name.
const ANY_MODEL: &str = "{model}";

/// What is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Question {
    /// Something that can be answered in one token.
    Ok,
    /// Something whose answer has so many pieces that one sees when each comes.
    Count,
    /// Something that a tool must be called for.
    Tool,
}

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
    pub(super) body: Bytes,
}

/// A question as it is put.
#[derive(Debug, Clone, Copy)]
struct Asked<'a> {
    subject: &'a Subject,
    form: Form,
    question: Question,
    stream: bool,
}

/// The address a call in this dialect goes to, with `{model}` where the name of the model stands in it.
pub fn create_url(
    kind: ChannelKind,
    base: &Url,
    dialect: DialectId,
) -> Result<String, TargetError> {
    let path = upstream_path(&operation(dialect, true), ANY_MODEL);
    let uri = target(kind, base, &path, None)?.to_string();
    Ok(uri.replace(&realms_upstream::encode_segment(ANY_MODEL), ANY_MODEL))
}

/// What a client of this dialect would ask for.
pub(super) fn operation(dialect: DialectId, stream: bool) -> Operation {
    Operation::answering(dialect, "", stream)
}

// === impl Question ===

impl Question {
    const fn prompt(self) -> &'static str {
        match self {
            Self::Ok => "Reply with: ok",
            Self::Count => "Count from 1 to 40 in digits, with a blank between the numbers.",
            Self::Tool => TOOL_PROMPT,
        }
    }

    /// The most tokens that are asked for: for the shortest question the least that every vendor takes.
    pub(super) const fn limit(self) -> u32 {
        match self {
            Self::Ok => 16,
            Self::Count => 256,
            Self::Tool => 512,
        }
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
    pub(super) fn new(
        subject: &Subject,
        base: &Url,
        form: Form,
        (question, stream): (Question, bool),
    ) -> Self {
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        let accept = if stream { "text/event-stream" } else { "application/json" };
        headers.insert(header::ACCEPT, HeaderValue::from_static(accept));
        headers.insert(header::USER_AGENT, HeaderValue::from_static("realms-channel-test"));
        let asked = Asked { subject, form, question, stream };
        let (model, body, changes) = shaped(asked, &headers);
        let events_query = facts(subject.dialect).events_query.filter(|_| stream);
        let outgoing = Outgoing {
            method: Method::POST,
            kind: subject.kind,
            dialect: Some(subject.dialect),
            base: base.clone(),
            path: upstream_path(&operation(subject.dialect, stream), &model),
            query: events_query.map(str::to_owned),
            changes,
            headers,
            body: vec![body.clone()],
            credential: subject.credential.clone(),
            proxy: subject.proxy.clone(),
            account: subject.account.clone(),
            stream,
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
fn shaped(asked: Asked<'_>, headers: &HeaderMap) -> (String, Bytes, Vec<HeaderChange>) {
    let subject = asked.subject;
    let bound = subject.upstream_model.as_str();
    let Some((channel, shape)) = &subject.shape else {
        return (bound.to_owned(), asked.body(bound), Vec::new());
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
        return (bound.to_owned(), asked.body(bound), changes);
    }
    let named = shape.model(bound, &mut edits);
    let scene = Scene {
        dialect: subject.dialect,
        prompted: true,
        path: &operation(subject.dialect, asked.stream).client_path(),
        original_model: bound,
        channel: *channel,
        kind: subject.kind,
        test: true,
    };
    let made = shape.body(&asked.body(&named.name), &named, scene);
    (named.name, made.body, changes)
}

// === impl Asked ===

impl Asked<'_> {
    fn body(self, model: &str) -> Bytes {
        let Self { subject, form, question, stream } = self;
        let schema = tool_schema();
        let tool = TrialTool { name: TOOL, about: TOOL_ABOUT, schema: &schema };
        let trial = Trial {
            model,
            prompt: question.prompt(),
            // The backend of the Codex CLI refuses a request without.
            instructions: (subject.kind == ChannelKind::Codex).then_some("You are brief."),
            limit: (form != Form::Bare).then_some(question.limit()),
            new_limit: form == Form::New,
            stream,
            tool: (question == Question::Tool).then_some(tool),
        };
        trial.body(subject.dialect)
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
