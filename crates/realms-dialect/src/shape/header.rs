//! What is done to the headers of a request, between the filter and the credential.

use std::fmt;

use http::{HeaderMap, HeaderName, HeaderValue};
use realms_types::{
    CacheTtl, ChannelOptions, DialectId, HeaderTemplate, OptionMistake, Piece, Secret,
};

const BETA: HeaderName = HeaderName::from_static("anthropic-beta");
/// What the Messages API wants named before it keeps something for an hour.
const LONG_CACHE: &str = "extended-cache-ttl-2025-04-11";

/// One change of one header.
#[derive(Clone, PartialEq, Eq)]
pub enum HeaderChange {
    /// It is taken out.
    Remove(HeaderName),
    /// It has this value and no other.
    Set(HeaderName, HeaderValue),
    /// It has this value beside those it has.
    Add(HeaderName, HeaderValue),
}

/// What placeholders stand for.
#[derive(Clone, Copy)]
pub struct HeaderFacts<'a> {
    /// The dialect of the call.
    pub dialect: DialectId,
    /// The channel's credential.
    pub api_key: &'a Secret<String>,
    /// The id of the request.
    pub request_id: &'a str,
    /// The log-in name of the caller.
    pub user: &'a str,
    /// What the client sent.
    pub client: &'a HeaderMap,
}

/// Changes, ready to be filled in.
#[derive(Debug)]
pub(super) struct Headers {
    remove: Vec<HeaderName>,
    set: Vec<(HeaderName, HeaderTemplate)>,
    organization: Option<HeaderValue>,
    project: Option<HeaderValue>,
    long_cache: bool,
}

// === impl HeaderChange ===

impl HeaderChange {
    /// Whether it gives this header a value.
    pub fn sets(&self, header: &HeaderName) -> bool {
        match self {
            Self::Remove(_) => false,
            Self::Set(name, _) | Self::Add(name, _) => name == header,
        }
    }

    /// Makes the change.
    pub fn make(self, headers: &mut HeaderMap) {
        match self {
            Self::Remove(name) => {
                headers.remove(name);
            }
            Self::Set(name, value) => {
                headers.insert(name, value);
            }
            Self::Add(name, value) => {
                headers.append(name, value);
            }
        }
    }
}

impl fmt::Debug for HeaderChange {
    /// Without the value: it may be a secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (word, name) = match self {
            Self::Remove(name) => ("Remove", name),
            Self::Set(name, _) => ("Set", name),
            Self::Add(name, _) => ("Add", name),
        };
        f.debug_tuple(word).field(name).finish()
    }
}

impl fmt::Debug for HeaderFacts<'_> {
    /// Without what the client sent.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HeaderFacts").field("dialect", &self.dialect).finish_non_exhaustive()
    }
}

// === impl Headers ===

impl Headers {
    pub(super) fn compile(options: &ChannelOptions) -> Result<Self, OptionMistake> {
        let name = |field: &str, text: &str| {
            let mistake =
                |_| OptionMistake::new(format!("{field}.{text}"), "is no name of a header");
            text.parse::<HeaderName>().map_err(mistake)
        };
        let set = options.headers.set.iter().map(|(key, value)| {
            let template = HeaderTemplate::parse(value)
                .map_err(|why| OptionMistake::new(format!("headers.set.{key}"), why))?;
            Ok((name("headers.set", key)?, template))
        });
        let remove = options.headers.remove.iter().map(|text| name("headers.remove", text));
        let plain = |field: &str, value: &Option<String>| {
            let read = |text: &String| {
                HeaderValue::from_str(text)
                    .map_err(|_| OptionMistake::new(field, "cannot stand in a header"))
            };
            value.as_ref().map(read).transpose()
        };
        Ok(Self {
            remove: remove.collect::<Result<_, _>>()?,
            set: set.collect::<Result<_, _>>()?,
            organization: plain("organization", &options.organization)?,
            project: plain("project", &options.project)?,
            long_cache: options.cache_ttl == CacheTtl::OneHour,
        })
    }

    pub(super) fn render(
        &self,
        facts: HeaderFacts<'_>,
        edits: &mut Vec<&'static str>,
    ) -> Vec<HeaderChange> {
        let mut changes = Vec::new();
        let account = [
            ("organization", "openai-organization", &self.organization),
            ("project", "openai-project", &self.project),
        ];
        for (option, name, value) in account {
            if let Some(value) = value {
                changes.push(HeaderChange::Set(HeaderName::from_static(name), value.clone()));
                edits.push(option);
            }
        }
        if self.long_cache
            && facts.dialect == DialectId::Messages
            && !names_long_cache(facts.client)
        {
            changes.push(HeaderChange::Add(BETA, HeaderValue::from_static(LONG_CACHE)));
            edits.push("cache_ttl");
        }
        let before = changes.len();
        changes.extend(self.remove.iter().cloned().map(HeaderChange::Remove));
        for (name, template) in &self.set {
            if let Some(value) = filled(template, facts) {
                changes.push(HeaderChange::Set(name.clone(), value));
            }
        }
        if changes.len() > before {
            edits.push("headers");
        }
        changes
    }
}

fn names_long_cache(client: &HeaderMap) -> bool {
    let values = client.get_all(BETA).iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).any(|beta| beta.trim() == LONG_CACHE)
}

/// The value; `None` when a header it wants is missing, or the whole cannot stand in a header.
fn filled(template: &HeaderTemplate, facts: HeaderFacts<'_>) -> Option<HeaderValue> {
    let mut text = Vec::new();
    for piece in template.pieces() {
        match piece {
            Piece::Text(plain) => text.extend_from_slice(plain.as_bytes()),
            Piece::ApiKey => text.extend_from_slice(facts.api_key.reveal().as_bytes()),
            Piece::RequestId => text.extend_from_slice(facts.request_id.as_bytes()),
            Piece::User => text.extend_from_slice(facts.user.as_bytes()),
            Piece::ClientHeader(name) => {
                text.extend_from_slice(facts.client.get(name.as_str())?.as_bytes());
            }
        }
    }
    let mut value = HeaderValue::from_bytes(&text).ok()?;
    value.set_sensitive(template.is_secret());
    Some(value)
}
